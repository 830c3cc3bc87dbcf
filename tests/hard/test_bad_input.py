"""Whatever is put in: a plain message, the right exit code, in time."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import inputs
import pytest
from hypothesis import HealthCheck, given, settings
from test_whole import call

from frtracker import dates
from frtracker.record import load as table
from frtracker.record.read import read_file

quick = settings(
    max_examples=6, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
BASE = str(inputs.BASE / "policies.csv")


@quick
@given(data=inputs.odd_bytes())
def test_any_bytes_are_judged_in_words(data: bytes, tmp_path: Path) -> None:
    path = str(inputs.folder_with(tmp_path, data))
    result = inputs.run("validate", path)
    assert inputs.trouble(result) == ""
    assert result.exit_code in (0, 1)
    if result.exit_code:
        status = inputs.run("status", "--policies", path)
        assert (inputs.trouble(status), status.exit_code, status.stdout) == ("", 1, "")


@quick
@given(table=inputs.odd_tables())
def test_any_cells_are_judged_in_words(table: str, tmp_path: Path) -> None:
    path = str(inputs.folder_with(tmp_path, table))
    checked, status = inputs.run("validate", path), inputs.run("status", "--policies", path)
    assert inputs.trouble(checked) == inputs.trouble(status) == ""
    assert checked.exit_code == status.exit_code


@quick
@given(words=inputs.odd_calls())
def test_any_call_is_answered_or_refused(words: tuple[str, ...]) -> None:
    where = (BASE,) if words[0] in ("validate", "fmt") else ("--policies", BASE)
    result = inputs.run(words[0], *where, *words[1:])
    assert inputs.trouble(result, text="ics" not in words) == ""


DAMAGED = [
    # what is done to the packed bytes of a wheel -> what is said of it
    (lambda data: data[:300] + b"\xff" * 20 + data[320:], "cannot be read as a wheel"),
    (lambda data: data[:-20], "File is not a zip file"),
    (lambda data: data.replace(b"policies", b"politics"), "not a wheel of frtracker"),
    (lambda data: b"", "File is not a zip file"),
]


@pytest.mark.parametrize(("damaged", "said"), DAMAGED)
def test_a_damaged_wheel_is_one_line(
    damaged: Callable[[bytes], bytes], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "frtracker-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(inputs.BASE.glob("*.csv")):
            wheel.write(file, f"frtracker/data/{file.name}")
    path.write_bytes(damaged(path.read_bytes()))
    result = inputs.run("status", "--edition", str(path))
    assert (inputs.trouble(result), result.exit_code) == ("", 1)
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


@given(text=inputs.odd_dates())
@settings(max_examples=500, deadline=None, derandomize=True)
def test_a_date_is_read_and_written_or_refused_in_words(text: str) -> None:
    try:
        days = dates.parse(text)
    except ValueError as error:
        said = str(error)
    else:
        assert dates.parse(str(days)) == days
        return
    assert said.isprintable()


ENDS_OF_TIME = [
    (("reviewed_on", "effective_on"), "9999-12-31"),
    pytest.param(("effective_on",), "0001-01-01", marks=pytest.mark.slow),
]
READERS = [
    ("status", "--as-of", "9999-12-31", "--all"),
    ("status", "--as-of", "0001"),
    ("changes", "--since", "0001", "--until", "9999", "-f", "ics"),
    ("changes", "--since", "0001", "--until", "9999", "-f", "atom"),
    ("changes", "--until", "0001-01"),
    ("upcoming", "--as-of", "2019", "--within", "7000y", "-f", "ics"),
    ("stale", "--as-of", "9999-12-31"),
    ("stale", "--days", "9" * 25),
    ("show", "Oakland"),
    ("explain", "us-ca-oakland"),
]


@pytest.mark.parametrize(("columns", "day"), ENDS_OF_TIME)
def test_the_first_and_the_last_day_there_are(
    columns: tuple[str, ...], day: str, tmp_path: Path
) -> None:
    table = [dict(row) for row in inputs.rows()]
    table[3] |= dict.fromkeys(columns, day)
    path = str(inputs.folder_with(tmp_path, inputs.text_of(table)))
    result = inputs.run("validate", path)
    assert result.exit_code == 0, result.output
    for words in READERS:
        result = inputs.run(*words, "--policies", path)
        assert (inputs.trouble(result, text=False), result.exit_code) == ("", 0), words


HEADER = inputs.text_of(inputs.rows()[:0], inputs.COLUMNS)
FILES = {
    "1,001 columns": (",".join(f"c{n}" for n in range(1001)), "more than 1,000 columns"),
    "100,000 columns": (",".join(f"c{n}" for n in range(100_000)), "more than 1,000 columns"),
    "a column twice": (HEADER.replace("notes", "notes,notes", 1), "duplicate column"),
    "every column twice": (HEADER.strip() + "," + HEADER, "duplicate column"),
    "a header of 2 MB": ("x" * 2_000_000, "larger than 1 MB"),
    "a cell of 10 MB": (inputs.text_of(inputs.rows()).replace("Those", "x" * 10**7, 1), "1 MB"),
    "only quotes": ('"' * 9_999, ""),
    "semicolons": (inputs.text_of(inputs.rows()).replace(",", ";"), "separated by semicolons"),
    "a page": ("<!doctype html><title>404</title>", "this is a web page"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_table(name: str, tmp_path: Path) -> None:
    text, said = FILES[name]
    path = inputs.folder_with(tmp_path, text)
    for words in (("validate", str(path)), ("status", "--policies", str(path)), ("fmt", str(path))):
        result = inputs.run(*words)
        assert (inputs.trouble(result), result.exit_code) == ("", 1), words
        assert said in result.output
        assert len(result.output) < 100_000
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("validate", BASE, "other.csv"), 2, "both taken for policies.csv"),
        (("fmt", BASE, "other.csv"), 2, "both taken for policies.csv"),
        (("status", "--policies", ""), 1, "is a folder"),
        (("status", "--policies", "x" * 5000), 1, "cannot be read"),
        (("status", "-o", "x" * 5000), 1, "Cannot write"),
        (("status", "-o", ""), 2, "The name is empty."),
        (("map", "-o", " "), 2, "The name is empty."),
        (("export", ""), 2, "The name is empty."),
        (("site", ""), 2, "The name is empty."),
        (("status", "-o", str(inputs.BASE)), 2, "is a directory"),
        (("status", "-o", "/dev/full"), 1, "Cannot write /dev/full: No space left"),
        (("status", "-o", BASE + "/x"), 1, "Cannot write"),
        (("export", BASE), 2, "is a file"),
        (("export", BASE + "/x"), 1, "Cannot write"),
        (("status", "--subject", ""), 1, "No place or subject"),
        (("status", "--as-of", "0000"), 2, "there is no year 0"),
        (("status", "--as-of", ""), 2, "is not a date. Use a day, month or year"),
        (("status", "--as-of", "2021-06-31"), 2, "Jun 2021 has 30 days"),
        (("upcoming", "--within", "9" * 11 + "y"), 2, "not a length of time"),
        (("upcoming", "--within", "9999y"), 2, "beyond the year 9999"),
        (("changes", "--since", "2022", "--until", "2021"), 2, "is after"),
        (("panel", "--from", "0001", "--to", "9999"), 2, "119,988 periods"),
        (("panel", "--since", "1900", "--freq", "year", "--until", "1899"), 2, "is after"),
        (("stale", "--days", "-1"), 2, "--days"),
        (("export", "x", "--only", "csv,exe"), 2, "'exe' is not one of"),
        (("site", "x", "--url", "javascript:alert(1)"), 2, "not an http or https address"),
        (("show", "x" * 100_000), 1, "No place or subject"),
        (("status", "--max-size", "0"), 2, "not a size"),
        (("status", "--max-size", "1.5GB"), 2, "not a size"),
        (("status", "\x1b[31m"), 1, r"\x1b[31m"),
        (("\x1b]0;title\x07",), 2, r"\x1b]0;title\x07"),
        (("status", "--\u202ex"), 2, r"--\u202ex"),
    ],
    ids=lambda value: ascii(value).replace(str(inputs.BASE.parent), "…")[:40],
)
def test_a_wrong_call(words: tuple[str, ...], code: int, said: str) -> None:
    result = inputs.run(*words)
    assert (inputs.trouble(result), result.exit_code) == ("", code)
    assert said in result.output


# --- --max-size

SIZED = [
    ("validate", BASE),
    ("fmt", "--check", BASE),
    ("status", "--policies", BASE),
    ("map", "--policies", BASE, "-o", "-"),
    ("diff", BASE, BASE),
]


@pytest.mark.parametrize("words", SIZED, ids=lambda words: words[0])
def test_a_file_over_the_limit_is_refused_before_it_is_read(words: tuple[str, ...]) -> None:
    result = inputs.run(*words, "--max-size", "1kB")
    assert result.exit_code == 1
    assert "larger than 1,000 bytes: split the file [R003]" in result.output
    assert str(BASE) in result.output
    assert inputs.trouble(result) == ""
    if words[0] != "map":
        assert inputs.run(*words, "--max-size", "10 kB").exit_code == 0


def test_a_file_of_a_terabyte_is_refused_at_once(tmp_path: Path) -> None:
    path = inputs.folder_with(tmp_path, "")
    with path.open("wb") as file:
        file.truncate(10**12)
    result = inputs.run("validate", str(path))
    assert result.exit_code == 1
    assert "larger than 1,000,000,000 bytes" in result.output


def test_too_little_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(table, "read", full)
    result = inputs.run("status", "--policies", BASE)
    assert (inputs.trouble(result), result.exit_code) == ("", 1)
    assert "memory" in result.stderr


CELLS = [
    ("x" * 1_000_000, ""),
    ("x" * 1_000_001, "R009"),
    ("é" * 500_000, ""),
    ("é" * 500_001, "R009"),
    ("😀" * 250_000, ""),
    ("😀" * 250_001, "R009"),
    ("," * 900_000, ""),
    ('""' * 400_000, ""),
]


@pytest.mark.parametrize(("cell", "code"), CELLS, ids=[f"{c[0][0]} {len(c[0])}" for c in CELLS])
def test_a_cell_holds_a_megabyte(cell: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "policies.csv"
    empty = "," * (len(inputs.COLUMNS) - 1)
    path.write_text(f'{HEADER}"{cell}"{empty}\n', "utf-8", newline="")
    found = read_file("policies", path, "policies.csv")
    assert [finding.code for finding in found.findings] == ([code] if code else [])


# --- what is no file, and files that change while they are read


@pytest.mark.skipif(sys.platform != "linux", reason="names of pipes")
@pytest.mark.parametrize(
    "words", [("status", "--policies"), pytest.param(("validate",), marks=pytest.mark.slow)]
)
def test_what_can_be_read_once_is_read_as_a_file_is(words: tuple[str, ...], tmp_path: Path) -> None:
    data = (inputs.BASE / "policies.csv").read_bytes()
    alone = tmp_path / "alone.csv"
    alone.write_bytes(data)
    as_file = call(*words, str(alone))
    with subprocess.Popen(["cat", str(alone)], stdout=subprocess.PIPE) as cat:
        piped = call(*words, "/dev/stdin", stdin=cat.stdout)
    assert (piped.returncode, piped.stdout.replace(b"/dev/stdin", bytes(alone))) == (
        as_file.returncode,
        as_file.stdout,
    )
    assert (b"Oakland" if words[0] == "status" else b"0 errors, 4 warnings") in piped.stdout


def odd_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Things that people name by mistake, and what is said of them."""
    table_text = (inputs.BASE / "policies.csv").read_bytes()
    made = {
        "a folder": (folder, "is a folder"),
        "nothing there": (folder / "none.csv", "no such file"),
        "gzip": (folder / "policies.csv.gz", "policies.csv.gz"),
        "a workbook": (folder / "policies.xlsx", "policies.xlsx"),
        "a name in a file": (folder / "policies.csv.gz" / "x.csv", "cannot be read"),
        "a loop of links": (folder / "loop", "cannot be read"),
        "no bytes": (Path(os.devnull), "is empty"),
        "zeros without end": (Path("/dev/zero"), "contains a NUL byte"),
    }
    (folder / "policies.csv.gz").write_bytes(gzip.compress(table_text, mtime=0))
    with zipfile.ZipFile(folder / "policies.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", table_text)
    (folder / "loop").symlink_to("loop")
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="devices and links")
def test_what_is_no_table_is_refused_in_words(tmp_path: Path) -> None:
    for kind, (path, said) in odd_files(tmp_path).items():
        for words in (("status", "--policies", str(path)), ("validate", str(path)),
                      ("fmt", str(path)), ("diff", BASE, str(path))):  # fmt: skip
            result = inputs.run(*words)
            assert (inputs.trouble(result), result.exit_code) == ("", 1), (kind, words)
            assert said in result.output, (kind, words)


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_links_that_lead_to_themselves_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    for words in (("status", "-o", str(loop)), ("status", "-o", str(loop / "x")),
                  ("export", str(loop)), ("export", str(loop / "x"))):  # fmt: skip
        result = inputs.run(*words, "--policies", BASE)
        assert (inputs.trouble(result), result.exit_code) == ("", 1), words
        assert "Cannot write" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]
    assert loop.is_symlink()


# --- names that are no text


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes")
@pytest.mark.parametrize("format_name", ["table", "json", "github"])
def test_a_name_that_is_no_text(format_name: str, tmp_path: Path) -> None:
    path = inputs.folder_with(tmp_path, (inputs.BASE / "policies.csv").read_bytes())
    odd = path.rename(tmp_path / "bad\udcff\x1b[31m.csv")
    result = inputs.run("validate", str(odd), "-f", format_name)
    assert (inputs.trouble(result), result.exit_code) == ("", 0)
    result = inputs.run("status", "--policies", str(odd), "-o", str(tmp_path / "no\udcff/x"))
    assert (inputs.trouble(result), result.exit_code) == ("", 1)
