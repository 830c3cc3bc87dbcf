"""The record as version 1 wrote it, with dates ``A/B`` and ``/B``: ``diff`` and ``fmt`` read it and
find the same record, all else refuses it and names the cure."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from frtracker.cli import main
from frtracker.dates import ends, parse
from frtracker.files import shipped_folder
from frtracker.record import load
from frtracker.record.columns import TABLES
from frtracker.record.editions import edition_files
from frtracker.record.tables import bounds

TODAY = shipped_folder()
DAYS = {
    table.name: [column.name for column in table.columns if column.kind.name == "date"]
    for table in TABLES.values()
}

OF_0_1_0 = {
    "2023/2025-07-15": ("2023-01-01", "2025-07-15"),
    "2019-12-12/2020-12": ("2019-12-12", "2020-12-31"),
    "2024-12/2025-01-21": ("2024-12-01", "2025-01-21"),
    "2020/2020-11-03": ("2020-01-01", "2020-11-03"),
    "2021-05-18/2022": ("2021-05-18", "2022-12-31"),
    "2016-02/2016-03-04": ("2016-02-01", "2016-03-04"),
    "2025-02-17/2026-03": ("2025-02-17", "2026-03-31"),
    "2019-09-17/2019-10-16": ("2019-09-17", "2019-10-16"),
    "2021/2022": ("2021-01-01", "2022-12-31"),
    "/2023-06-01": ("0001-01-01", "2023-06-01"),
}
"""Dates of the record of 0.1.0, their ends of every precision, and the days that they meant."""


def old_date(text: str) -> str:
    first, last = ends(text)
    return text if first == last else f"{first}/{last}"


def write_old(folder: Path, name: str) -> Path:
    """A table of the shipped record as version 1 wrote it."""
    with (TODAY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    buffer = io.StringIO()
    names = [column.name for column in TABLES[name].columns if not column.later]
    writer = csv.DictWriter(buffer, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {day: old_date(row[day]) for day in DAYS[name]} for row in rows)
    path = folder / f"{name}.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    return path


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("version-1")
    for name in TABLES:
        write_old(folder, name)
    return folder / "policies.csv"


def test_the_dates_of_0_1_0_mean_what_they_meant() -> None:
    kind = TABLES["policies"].columns[TABLES["policies"].names.index("decided_on")].kind
    low, high = bounds(pd.Series([kind.canonical(day) for day in OF_0_1_0], dtype="str"))
    meant = [tuple(parse(day).low.toordinal() for day in days) for days in OF_0_1_0.values()]
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == meant


def test_diff_finds_no_change_and_no_answer_changed(record: Path) -> None:
    old = edition_files(str(record)).texts["policies"].frame
    assert "/2" not in "".join(old[DAYS["policies"]].to_numpy().ravel().tolist())
    result = CliRunner().invoke(main, ["diff", str(record.parent), str(TODAY), "-f", "json"])
    found = json.loads(result.stdout)
    assert [table["table"] for table in found["tables"]] == [*TABLES]
    later = {it.name for table in TABLES.values() for it in table.columns if it.later}
    changed = [row for table in found["tables"] for row in table["changed"]]
    assert {cell["column"] for row in changed for cell in row["cells"]} == later
    assert not any(table["added"] or table["removed"] for table in found["tables"])
    assert found["answers"]["changed"] == found["law"] == found["corrections"] == []


def test_an_edition_of_version_1_answers(record: Path) -> None:
    old, today = (
        CliRunner().invoke(main, ["status", "--as-of", "2021-06", "-f", "csv", *edition]).stdout
        for edition in (["--edition", str(record.parent)], [])
    )
    assert old == today


def test_fmt_writes_todays_files(record: Path) -> None:
    changed = {change.path.stem: change.text for change in load.changes([*record.parent.iterdir()])}
    assert set(changed) == {"policies", "sources", "subjects"}, "dates, and columns of today"
    header = (TODAY / "sources.csv").read_text("utf-8").splitlines()[0]
    assert changed["sources"].splitlines()[0] == header
    assert changed["policies"] == (TODAY / "policies.csv").read_text("utf-8")


def test_all_else_refuses_it_and_names_the_cure(record: Path) -> None:
    report = load.check([record])
    assert {finding.code for finding in report.errors} == {"R120"}
    assert all("`frtracker fmt` writes '[" in finding.message for finding in report.errors[:-1])
    result = CliRunner().invoke(main, ["status", "--policies", str(record)])
    assert result.exit_code == 1
    assert "is in the notation of version 1: `frtracker fmt` writes" in result.stderr
