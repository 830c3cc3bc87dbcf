"""Every file that the program writes: the same bytes, whatever the machine and however the rows
are written."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import inputs
import pyarrow.parquet as parquet
import pytest
from test_same import DRIVER, SOURCE, WRITTEN, accented

pytestmark = pytest.mark.slow

DAY, SINCE = ("--as-of", "2022"), ("--since", "2019", "--until", "2024")
CALLS = {
    "export": ("export", *DAY),
    "safe": ("export", *DAY, "--only", "csv", "--safe-csv"),
    "site": ("site", *DAY, "--url", "https://example.org/x"),
    "map.html": ("map", *DAY),
    "map.svg": ("map", *DAY, "--area", "world"),
    "map.png": ("map", *DAY, "--area", "us"),
    "spells.svg": ("timeline", *SINCE, "-f", "svg"),
    "spells.png": ("timeline", *SINCE, "-f", "png"),
    "counts.html": ("timeline", "--kind", "counts", *SINCE, "-f", "html"),
    "panel.csv": ("panel", "--until", "2022"),
    "panel.parquet": ("panel", "--until", "2022", "--freq", "year", "-f", "parquet"),
    "panel.txt": ("panel", "--until", "2022", "--sensitivity", "-f", "table"),
    "status.csv": ("status", *DAY, "--all", "-f", "csv"),
    "status.md": ("status", *DAY, "--all", "-f", "markdown"),
    "people.json": ("status", *DAY, "--people", "-f", "json"),
    "people.csv": ("timeline", "--kind", "people", *SINCE, "-f", "csv"),
    "supposed.json": (
        "status",
        *DAY,
        "--suppose",
        "us-ca-oakland-port-2020:ends=2021",
        "-f",
        "json",
    ),
    "compare.html": ("compare", "Oakland", "Port of Oakland", *DAY, "-f", "html"),
    "show.txt": ("show", "Oakland", *DAY),
    "show.csv": ("show", "Oakland", *DAY, "-f", "csv"),
    "explain.txt": ("explain", "us-ca-oakland", *DAY),
    "explain.md": ("explain", "us-ca-oakland", *DAY, "-f", "markdown"),
    "changes.csv": ("changes", *SINCE, "-f", "csv"),
    "changes.json": ("changes", *SINCE, "-f", "json"),
    "changes.ics": ("changes", *SINCE, "-f", "ics"),
    "upcoming.atom": ("upcoming", "--as-of", "2020", "-f", "atom"),
    "upcoming.json": ("upcoming", "--as-of", "2020", "-f", "json"),
    "stale.csv": ("stale", "--as-of", "2027", "-f", "csv"),
    "stale.json": ("stale", "--as-of", "2027", "-f", "json"),
}
OF_THE_BYTES = ("map.svg", "map.png", "site/card")
"""Pictures whose names begin so: they draw the edition, which is of the bytes of the record."""


def written(path: Path, out: Path, cwd: Path | None = None, **machine: str) -> dict[str, bytes]:
    """Every file that the calls write, by name."""
    out.mkdir()
    calls = []
    for name, (command, *words) in CALLS.items():
        target = str(out / name)
        where = [target] if command in ("export", "site") else ["-o", target]
        calls.append([command, *where, *words, "--policies", str(path)])
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    kept |= {"PYTHONPATH": str(SOURCE), "SOURCE_DATE_EPOCH": inputs.NOW, **machine}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER.format(calls=calls)],
        capture_output=True, env=kept, cwd=cwd, timeout=500, check=False,
    )  # fmt: skip
    assert done.stdout.count(b"exit 0") == len(CALLS), done.stderr.decode()[-2000:]
    files = {file for file in out.rglob("*") if file.is_file()}
    return {str(file.relative_to(out)): file.read_bytes() for file in sorted(files)}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    home = tmp_path_factory.mktemp("record")
    path = inputs.folder_with(home / "here", accented())
    files = written(path, home / "out", PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    assert len(files) > 80
    return files


MACHINES = {
    "plain C, far east, another year": {
        "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Kiritimati", "COLUMNS": "20", "SOURCE_DATE_EPOCH": "1893456000",
    },
    "Turkish, far west, small terminal": {
        "LC_ALL": "tr_TR.UTF-8", "PYTHONIOENCODING": "latin-1", "PYTHONHASHSEED": "99",
        "TZ": "America/Adak", "NO_COLOR": "1", "MPLBACKEND": "svg", "PYTHONOPTIMIZE": "1",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", MACHINES)
def test_the_machine_changes_no_byte(name: str, expected: dict[str, bytes], tmp_path: Path) -> None:
    path = inputs.folder_with(tmp_path / "there", accented())
    (tmp_path / "elsewhere").mkdir()
    found = written(path, tmp_path / "out", tmp_path / "elsewhere", **MACHINES[name])
    assert differing(found, expected) == []


def test_how_rows_are_written_changes_no_file(expected: dict[str, bytes], tmp_path: Path) -> None:
    path = inputs.folder_with(tmp_path / "here", accented())
    plain = path.read_bytes()
    for name in ("policies", "subjects", "sources", "searches"):
        table = tmp_path / "here" / f"{name}.csv"
        text = table.read_text("utf-8")
        for way in WRITTEN if name != "sources" else list(WRITTEN)[1:]:  # their order has meaning
            text = WRITTEN[way](text).decode("utf-8")
        table.write_bytes(text.encode())
    assert path.read_bytes() != plain
    found = written(path, tmp_path / "out")
    datasets = (json.loads(files["stale.json"])["dataset"] for files in (found, expected))
    editions = [each for data in datasets for each in (data["edition"], *data["files"].values())]
    ours, theirs = (
        {
            name: without(data, name, editions)
            for name, data in files.items()
            if "/record/" not in name  # the files as they were read
        }
        for files in (found, expected)
    )
    assert [it for it in differing(ours, theirs) if not it.startswith(OF_THE_BYTES)] == []


def differing(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return sorted(name for name in found | expected if found.get(name) != expected.get(name))


def without(data: bytes, name: str, editions: list[str]) -> bytes:
    """The content without what is of the bytes of the record: its edition, and hashes of that."""
    if name.endswith(".sqlite"):
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            data = "\n".join(database.iterdump()).encode()
    if name.endswith(".parquet"):
        table = parquet.read_table(io.BytesIO(data))
        schema = [(it.name, str(it.type), it.nullable, it.metadata) for it in table.schema]
        data = repr((schema, table.schema.metadata, table.to_pydict())).encode()
    if name.endswith(".xlsx"):
        with ZipFile(io.BytesIO(data)) as book:
            data = b"\n".join(book.read(each) for each in book.namelist())
    for edition in editions:
        data = data.replace(edition.encode(), b"edition").replace(edition[:12].encode(), b"edition")
    if name.endswith("index.json") and not name.endswith("schemas/index.json"):
        files = json.loads(data)["files"]
        data = json.dumps([{k: each[k] for k in ("name", "rows")} for each in files]).encode()
    return re.sub(rb"script-src [^;]*;", b"", data)
