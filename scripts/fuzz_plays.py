"""What ``fuzz.py`` plays: each play is a hypothesis test of the program on one kind of input."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "hard"))

import inputs

from frtracker import dates
from frtracker.files import is_safe
from frtracker.places.names import resolve
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record import load as table

SLOWEST = 20.0
"""Seconds of the processor that one call on a table of a few rows may take."""

READERS = (
    ("status", "--all", "-f", "table"),
    ("status", "--as-of", "2021-06", "-f", "json"),
    ("status", "--all", "--known-at", "2020", "-f", "csv", "--safe-csv"),
    ("status", "--all", "-f", "markdown"),
    ("changes", "--since", "0001", "--until", "9999", "-f", "table"),
    ("changes", "--since", "0001", "--until", "9999", "-f", "json"),
    ("upcoming", "--as-of", "2019", "--within", "7000y", "-f", "table"),
    ("upcoming", "--as-of", "0001", "-f", "csv"),
    ("stale", "-f", "table"),
    ("stale", "--as-of", "9999", "-f", "json"),
    ("show", "us-ca-oakland", "-f", "markdown"),
    ("show", "Example", "-f", "csv"),
    ("explain", "us-ca-oakland"),
    ("check", "us-ca-oakland", "--date", "0001", "-f", "json"),
    ("check", "Example", "--measure", "no_ban", "--date", "2021"),
    ("compare", "us-ca-oakland", "Example", "-f", "table"),
    ("status", "--as-of", "2021", "--people", "-f", "json"),
)
FILES = (
    ("changes", "--since", "0001", "--until", "9999", "-f", "ics"),
    ("changes", "--since", "0001", "--until", "9999", "-f", "atom"),
    ("upcoming", "--as-of", "2019", "--within", "7000y", "-f", "ics"),
)
"""Formats whose line ends are carriage returns too: only their exit is judged."""
OF_ROWS = ("sources", "retired_ids", "provisions")
"""Companions that name rows."""
NAMING = ("subjects", *OF_ROWS)
FIGURES = (
    ("timeline", "--since", "0001", "--until", "9999", "-f", "svg"),
    ("timeline", "--since", "2019", "-f", "html"),
    ("timeline", "--kind", "counts", "--since", "2019-06", "--until", "2019-06", "-f", "svg"),
    ("timeline", "--kind", "counts", "-f", "png"),
    ("panel", "--since", "1950", "--freq", "quarter", "--all-subjects", "--level", "state"),
    ("panel", "--since", "2018", "--until", "2024", "-f", "table", "--clock", "decided"),
    ("panel", "--since", "2018", "--until", "2024", "--sensitivity", "--level", "country"),
    ("panel", "--reading", "all", "--since", "2020", "--until", "2022", "-f", "csv", "--safe-csv"),
    ("map", "--as-of", "2021", "-o", "-"),
    ("map", "--known-at", "0001", "-o", "-"),
)


def called(words: tuple[str, ...], *, text: bool = True) -> int:
    """Call the program; what must not happen raises AssertionError."""
    begun = time.process_time()
    result = inputs.run(*words)
    took = time.process_time() - begun
    wrong = inputs.trouble(result, text=text)
    if wrong and result.exc_info and not isinstance(result.exception, SystemExit):
        raise AssertionError(f"{words}: {wrong}") from result.exception
    assert not wrong, f"{words}: {wrong}\n{result.output[:2000]}"
    assert took < SLOWEST, f"{words}: took {took:.1f} s"
    return result.exit_code


def on_bytes(folder: Path) -> Callable[[], None]:
    @given(inputs.odd_bytes(), st.sampled_from(("table", "json", "github")))
    def play(data: bytes, format_name: str) -> None:
        path = str(inputs.folder_with(folder, data))
        code = called(("validate", path, "-f", format_name))
        assert code in (0, 1)
        assert called(("fmt", "--check", path)) in (0, 1)
        if code == 1:
            assert called(("status", "--policies", path)) == 1
        called(("diff", str(inputs.BASE / "policies.csv"), path))

    return play


def on_archives(folder: Path) -> Callable[[], None]:
    """Damaged wheels: what is read of one is a record, and is not judged by today's rules."""
    wheel, sound = folder / "frtracker-0-py3-none-any.whl", str(inputs.BASE / "policies.csv")

    @given(inputs.odd_archives(), st.booleans())
    def play(data: bytes, is_compared: bool) -> None:
        wheel.write_bytes(data)
        if is_compared:
            called(("diff", sound, str(wheel)))
        else:
            called(("status", "--edition", str(wheel)))

    return play


def _read(path: str, words: tuple[str, ...]) -> int:
    return called((*words, "--policies", path), text=words not in (*FILES, *FIGURES))


def on_tables(folder: Path) -> Callable[[], None]:
    @given(inputs.odd_tables(), st.sampled_from(READERS + FILES))
    def play(table: str, words: tuple[str, ...]) -> None:
        _read(str(inputs.folder_with(folder, table)), words)

    return play


def on_rows(folder: Path) -> Callable[[], None]:
    """A case tries twenty changes, and what a rule lets through reaches the commands."""

    @given(inputs.odd_rows(), st.sampled_from((*READERS, *FILES, *FIGURES)))
    def play(rows: list[inputs.Row], words: tuple[str, ...]) -> None:
        if path := _accepted(folder, rows, *OF_ROWS):
            assert _read(path, words) == 0 or words[0] in ("show", "explain", "check", "compare")

    return play


def _accepted(folder: Path, rows: list[inputs.Row], *without: str) -> str:
    """The path of the rows when what is refused has been taken out until the rest is taken, beside
    the sound companions but for those that name what may not be there; '' if none is left."""
    while rows:
        path = inputs.folder_with(folder, inputs.text_of(rows, inputs.COLUMNS, quoted=True))
        for companion in without:
            (folder / f"{companion}.csv").unlink()
        report = table.check([path])
        if not report.errors:
            return str(path)
        wrong = {error.line for error in report.errors if error.file == str(path)}
        lines = _lines(rows)
        assert wrong & set(lines), [str(error) for error in report.errors]
        rows = [row for row, line in zip(rows, lines, strict=True) if line not in wrong]
    return ""


def _lines(rows: list[inputs.Row]) -> list[int]:
    """The line of the file on which each row begins."""
    texts = (inputs.text_of([row], inputs.COLUMNS, quoted=True) for row in rows)
    lengths = [len(re.findall(r"\r\n|\r|\n", text)) - 1 for text in texts]
    return [2 + sum(lengths[:number]) for number in range(len(rows))]


def on_dates(folder: Path) -> Callable[[], None]:
    @given(inputs.dated_rows(), st.sampled_from(READERS + FILES))
    def play(rows: list[inputs.Row], words: tuple[str, ...]) -> None:
        _read(str(inputs.folder_with(folder, inputs.text_of(rows))), words)

    return play


def on_figures(folder: Path) -> Callable[[], None]:
    @given(st.one_of(inputs.dated_rows(), inputs.named_rows()), st.sampled_from(FIGURES))
    def play(rows: list[inputs.Row], words: tuple[str, ...]) -> None:
        if path := _accepted(folder, rows, *NAMING):
            _read(path, words)

    return play


def on_folders(folder: Path) -> Callable[[], None]:
    number = count()

    days = st.one_of(st.sampled_from(("2021", "2022-06", "9999")), inputs.odd_dates())

    @given(inputs.named_rows(), st.sampled_from(("export", "site")), days)
    def play(rows: list[inputs.Row], command: str, day: str) -> None:
        path, target = _accepted(folder, rows, *NAMING), folder / f"{command}{next(number)}"
        if not path:
            return
        words = (command, str(target), "--as-of", day.replace("\0", ""), "--policies", path)
        code = called(words)
        assert (code == 0) is target.exists(), f"{words}: exit {code}"
        made = [file for file in target.rglob("*") if file.is_file()]
        strange = [file.name for file in made if not is_safe(file.name)]
        assert not strange, strange
        shutil.rmtree(target, ignore_errors=True)

    return play


def on_names(folder: Path) -> Callable[[], None]:
    known = table.read()

    @given(inputs.odd_names())
    def play(name: str) -> None:
        said = ""
        try:
            resolve(known, name)
        except NameNotUnderstood as error:
            said = str(error)
        except ValueError as error:
            said = str(error)
            assert "is not LAT,LON" in said, said
        assert not any(map(inputs.acts, said)), said

    return play


def on_words(folder: Path) -> Callable[[], None]:
    @given(inputs.odd_dates())
    def play(text: str) -> None:
        try:
            days = dates.parse(text)
        except ValueError as error:
            said = str(error)
        else:
            said = "" if dates.parse(str(days)) == days else f"{text!r} is read back otherwise"
            assert not said, said
            return
        assert said.isprintable(), said

    return play


def on_calls(folder: Path) -> Callable[[], None]:
    path = str(inputs.folder_with(folder, inputs.text_of(inputs.rows())))

    @given(inputs.odd_calls())
    def play(words: tuple[str, ...]) -> None:
        where = (path,) if words[0] in ("validate", "fmt") else ("--policies", path)
        called((words[0], *where, *words[1:]), text=not inputs.BINARY & set(words))

    return play


PLAYS = {
    "bytes": on_bytes,
    "archives": on_archives,
    "tables": on_tables,
    "rows": on_rows,
    "dates": on_dates,
    "figures": on_figures,
    "folders": on_folders,
    "names": on_names,
    "words": on_words,
    "calls": on_calls,
}
