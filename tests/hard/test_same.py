"""The same record gives the same bytes, whatever the machine around it."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import inputs
import pytest

from frtracker.record import load

SOURCE = Path(__file__).parents[2] / "src"
WORDS = (
    ("status", "--as-of", "2021", "--all", "-f", "table"),
    ("status", "--as-of", "2022", "--all", "-f", "json"),
    ("status", "-f", "csv"),
    ("show", "Oakland", "--as-of", "2022", "-f", "markdown"),
    ("show", "us-ca-oakland", "-f", "json"),
    ("changes", "--since", "2019", "-f", "table"),
    ("changes", "--since", "2019", "-f", "atom"),
    ("upcoming", "--as-of", "2020", "-f", "ics"),
    ("explain", "us-ca-oakland", "-f", "json"),
    ("stale", "-f", "markdown"),
    ("check", "Oakland", "--date", "2010", "-f", "json"),
    ("check", "Oakland", "--date", "2019", "--measure", "moratorium", "-f", "markdown"),
    ("map", "--as-of", "2021", "-o", "-"),
)
DRIVER = """
import sys
from frtracker.cli import main
calls = {calls!r}
for words in calls:
    try:
        main(list(words), prog_name="frtracker")
    except SystemExit as end:
        sys.stdout.buffer.write(b"exit %d\\n" % (end.code or 0))
        sys.stdout.flush()
"""


def told(path: Path, cwd: Path | None = None, **environment: str) -> str:
    """All that the commands print of a record; an edition's hash, which is of the file's bytes,
    is left out."""
    calls = [[*words, "--policies", str(path)] for words in WORDS]
    calls.append(["validate", str(path)])
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    kept |= {"PYTHONPATH": str(SOURCE), "SOURCE_DATE_EPOCH": inputs.NOW, **environment}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER.format(calls=calls)],
        capture_output=True, env=kept, cwd=cwd, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert b"Traceback" not in done.stderr
    edition = load.read(path).edition
    text = done.stdout.decode("utf-8")
    for digest in (edition.edition, *edition.files.values()):
        text = text.replace(digest, "edition").replace(digest[:12], "edition")
    text = text.replace(str(path), "policies.csv").replace(str(path.parent), "folder")
    # what is said of the form of the file is about its bytes, and so are the numbers of lines
    text = re.sub(
        r"^.*\[R0(?:06|07|90|91)\](?: and \d+ more like it)?\n", "", text, flags=re.MULTILINE
    )
    text = re.sub(r"(\.csv):[0-9]+", r"\1", text)
    return re.sub(
        r"^(no finding|0 errors, [0-9]+ warnings?(?: \(--verbose lists all\))?)\n",
        "sound\n",
        text,
        flags=re.MULTILINE,
    )


def accented() -> str:
    table = [dict(row) for row in inputs.rows()]
    table[3]["summary"] = "Zürich, İstanbul, ıI, 東京: no face recognition — “never”."
    return inputs.text_of(table)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = inputs.folder_with(tmp_path_factory.mktemp("record"), accented())
    text = told(path, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    assert text.count("exit 0") == len(WORDS) + 1, text[-3000:]
    assert "Zürich" in text
    return text


ENVIRONMENTS = {
    "plain C": {
        "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Kiritimati", "COLUMNS": "20",
    },
    "Turkish": {
        "LC_ALL": "tr_TR.UTF-8", "PYTHONIOENCODING": "latin-1", "PYTHONHASHSEED": "99",
        "TZ": "America/Adak", "NO_COLOR": "1",
    },
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain C", "Turkish"])
def test_the_machine_changes_nothing(name: str, expected: str, tmp_path: Path) -> None:
    path = inputs.folder_with(tmp_path / "here", accented())
    (tmp_path / "elsewhere").mkdir()
    assert told(path, tmp_path / "elsewhere", **ENVIRONMENTS[name]) == expected


def _mixed(text: str) -> str:
    head, *rows = text.splitlines(keepends=True)
    random.Random(5).shuffle(rows)
    return head + "".join(rows)


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "rows in another order, and quoted": lambda text: _mixed(text).replace("ban", '"ban"').encode(),
    "carriage returns and a mark": lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_how_the_rows_are_written_changes_nothing(name: str, expected: str, tmp_path: Path) -> None:
    path = inputs.folder_with(tmp_path, WRITTEN[name](accented()))
    for companion in ("subjects", "searches"):
        beside = tmp_path / f"{companion}.csv"
        beside.write_bytes(WRITTEN[name](beside.read_text("utf-8")))
    assert told(path) == expected


@pytest.mark.parametrize(
    ("epoch", "day"),
    [("0", "1 Jan 1970"), ("1609459199", "31 Dec 2020"), ("1609459200", "1 Jan 2021")],
)
def test_the_day_comes_from_source_date_epoch(epoch: str, day: str) -> None:
    path = str(inputs.BASE / "policies.csv")
    result = inputs.run("status", "--policies", path, SOURCE_DATE_EPOCH=epoch, TZ="Asia/Tokyo")
    assert result.stdout.startswith(day)


@pytest.mark.parametrize("epoch", ["x", "1e9", "9" * 30, "-9" * 9, "１２x"])
def test_an_epoch_that_is_no_day_is_a_wrong_call(epoch: str) -> None:
    result = inputs.run("status", SOURCE_DATE_EPOCH=epoch)
    assert result.exit_code == 2
    assert "SOURCE_DATE_EPOCH" in result.stderr
    assert inputs.trouble(result) == ""
