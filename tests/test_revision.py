"""What ``diff`` says of two editions of policies.csv."""

from __future__ import annotations

import csv
import io
import json
import operator
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import tables
from frtracker.cli import main
from frtracker.record.columns import TABLES
from frtracker.record.load import compare

COLUMNS = TABLES["policies"].names

BAN = {"policy_id": "a-2020", "decided_on": "2020-06"}
PAUSE = {"policy_id": "b-2021", "measure": "moratorium", "subject": "Salem"}
BILL = {"policy_id": "c-2022", "status": "proposed"}


class Cell(NamedTuple):
    column: str
    old: str
    new: str


Rows = Sequence[Mapping[str, str]]


def compared(old: Rows, new: Rows) -> dict[str, Any]:
    return compare(tables.policies(old), tables.policies(new))


def edition(folder: Path, name: str, rows: Rows, *, bom: bool = False, eol: str = "\n") -> Path:
    buffer = io.StringIO()
    frame = tables.policies(rows)[list(COLUMNS)]
    writer = csv.writer(buffer, lineterminator=eol)
    writer.writerows([COLUMNS, *frame.itertuples(index=False)])
    path = folder / name
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + buffer.getvalue().encode())
    return path


def diff(old: Path, new: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["diff", str(old), str(new), *options])


CASES: list[tuple[str, Rows, Rows, list[str], list[str], dict[str, list[Cell]]]] = [
    ("nothing", [BAN, BILL], [BAN, BILL], [], [], {}),
    ("the order of rows means nothing", [BAN, BILL], [BILL, BAN], [], [], {}),
    ("a row added", [BAN], [BAN, BILL], ["c-2022"], [], {}),
    ("a row removed", [BAN, PAUSE], [PAUSE], [], ["a-2020"], {}),
    ("everything new", [], [BAN, BILL], ["a-2020", "c-2022"], [], {}),
    (
        "one cell",
        [BAN],
        [BAN | {"decided_on": "2020-06-30"}],
        [],
        [],
        {"a-2020": [Cell("decided_on", "2020-06", "2020-06-30")]},
    ),
    (
        "the same days in other words are another text",
        [BAN],
        [BAN | {"decided_on": "[2020-06-01..2020-06-30]"}],
        [],
        [],
        {"a-2020": [Cell("decided_on", "2020-06", "[2020-06-01..2020-06-30]")]},
    ),
    (
        "cells filled and emptied, in the order of the columns",
        [BAN | {"notes": "x"}],
        [BAN | {"effective_on": "2021", "measure": "oversight"}],
        [],
        [],
        {
            "a-2020": [
                Cell("measure", "ban", "oversight"),
                Cell("effective_on", "", "2021"),
                Cell("notes", "x", ""),
            ]
        },
    ),
    (
        "another id is another row",
        [BAN, BILL],
        [BAN | {"policy_id": "a-2020-police"}, BILL],
        ["a-2020-police"],
        ["a-2020"],
        {},
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "added", "removed", "changed"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_difference(
    old: Rows, new: Rows, added: list[str], removed: list[str], changed: dict[str, list[Cell]]
) -> None:
    found = compared(old, new)
    assert [row["policy_id"] for row in found["added"]] == added
    assert [row["policy_id"] for row in found["removed"]] == removed
    cells = {row["policy_id"]: [Cell(**cell) for cell in row["cells"]] for row in found["changed"]}
    assert cells == changed


rows = st.dictionaries(
    st.sampled_from(["a-2020", "b-2021", "c-2022", "d-2023"]),
    st.fixed_dictionaries(
        {"notes": st.sampled_from(["", "x", "y"]), "status": st.sampled_from(["adopted", "failed"])}
    ),
)
Drawn = dict[str, dict[str, str]]
few = settings(max_examples=30, deadline=None)


def as_rows(drawn: Drawn) -> Rows:
    return [{"policy_id": key, **cells} for key, cells in drawn.items()]


@few
@given(rows, rows)
def test_the_difference_leads_from_the_old_to_the_new(old: Drawn, new: Drawn) -> None:
    found = compared(as_rows(old), as_rows(new))
    made = {key: dict(cells) for key, cells in old.items()}
    for row in found["removed"]:
        del made[row["policy_id"]]
    for row in found["added"]:
        made[row["policy_id"]] = {name: row[name] for name in ("notes", "status")}
    for row in found["changed"]:
        for cell in row["cells"]:
            assert made[row["policy_id"]][cell["column"]] == cell["old"]
            made[row["policy_id"]][cell["column"]] = cell["new"]
    assert made == new


@few
@given(rows, rows)
def test_the_other_way_round_everything_is_reversed(old: Drawn, new: Drawn) -> None:
    there, back = compared(as_rows(old), as_rows(new)), compared(as_rows(new), as_rows(old))
    assert (there["added"], there["removed"]) == (back["removed"], back["added"])
    assert there["counts"]["cells"] == back["counts"]["cells"]
    turned = [
        {**row, "cells": [{**x, "old": x["new"], "new": x["old"]} for x in row["cells"]]}
        for row in back["changed"]
    ]
    by_id = operator.itemgetter("policy_id")
    assert sorted(there["changed"], key=by_id) == sorted(turned, key=by_id)


@pytest.fixture
def editions(tmp_path: Path) -> tuple[Path, Path]:
    """One row added, one removed, one changed in two cells."""
    changed = BAN | {"decided_on": "2020-06-30", "notes": "A | B, <i>`x`"}
    return (
        edition(tmp_path, "old.csv", [BAN, PAUSE]),
        edition(tmp_path, "new.csv", [changed, BILL]),
    )


SUMMARY = "1 added, 1 removed, 1 changed (2 cells)"


def test_as_text(editions: tuple[Path, Path]) -> None:
    result = diff(*editions)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""{SUMMARY}

Added
- c-2022: Springfield, MA: ban, proposed. City bodies may not use face recognition.

Removed
- b-2021: Salem, MA: moratorium, adopted. City bodies may not use face recognition.

Changed
- a-2020: Springfield, MA
  - decided_on
    - old: 2020-06
    - new: 2020-06-30
  - notes
    - new: A | B, <i>`x`
"""
    )


def test_as_markdown(editions: tuple[Path, Path]) -> None:
    result = diff(*editions, "--format", "markdown")
    assert (
        result.stdout
        == f"""{SUMMARY}

## Added

- c-2022: Springfield, MA: ban, proposed. City bodies may not use face recognition.

## Removed

- b-2021: Salem, MA: moratorium, adopted. City bodies may not use face recognition.

## Changed

- **a-2020: Springfield, MA**
  - decided\\_on
    - old: 2020-06
    - new: 2020-06-30
  - notes
    - new: A \\| B, &lt;i>\\`x\\`
"""
    )


def test_a_retired_id_is_said_to_be_replaced(editions: tuple[Path, Path]) -> None:
    retired = editions[1].with_name("retired_ids.csv")
    retired.write_text(
        "policy_id,replaced_by,retired_on\nb-2021,c-2022,2026-11-28\nz,c-2022,2026-11-28\n"
    )
    assert "- b-2021: Salem, MA: moratorium, adopted; now c-2022. " in diff(*editions).stdout
    lines = csv.DictReader(io.StringIO(diff(*editions, "-f", "csv").stdout))
    (line,) = (line for line in lines if line["column"] == "replaced_by")
    assert [*line.values()] == ["removed", "b-2021", "replaced_by", "", "c-2022"]
    assert json.loads(diff(*editions, "-f", "json").stdout)["replaced_by"] == {"b-2021": "c-2022"}


def test_as_csv_each_line_is_one_cell(editions: tuple[Path, Path]) -> None:
    result = diff(*editions, "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    changed = [line for line in lines if line["change"] == "changed"]
    assert [(c["policy_id"], c["column"], c["old"], c["new"]) for c in changed] == [
        ("a-2020", "decided_on", "2020-06", "2020-06-30"),
        ("a-2020", "notes", "", "A | B, <i>`x`"),
    ]
    added = {line["column"]: line["new"] for line in lines if line["change"] == "added"}
    removed = {line["column"]: line["old"] for line in lines if line["change"] == "removed"}
    assert (added["status"], removed["subject"]) == ("proposed", "Salem")
    assert "" not in [*added.values(), *removed.values()]
    assert result.stderr == f"{SUMMARY}\n"


def test_as_json_the_rows_are_whole(editions: tuple[Path, Path]) -> None:
    result = diff(*editions, "--format", "json")
    document = json.loads(result.stdout)
    assert document["counts"] == {"added": 1, "removed": 1, "changed": 1, "cells": 2}
    assert [tuple(row) for row in (*document["added"], *document["removed"])] == [COLUMNS] * 2
    assert document["changed"] == [
        {
            "policy_id": "a-2020",
            "subject": "Springfield",
            "subject_type": "city",
            "country": "US",
            "region": "US-MA",
            "cells": [
                {"column": "decided_on", "old": "2020-06", "new": "2020-06-30"},
                {"column": "notes", "old": "", "new": "A | B, <i>`x`"},
            ],
        }
    ]
    assert result.stderr == f"{SUMMARY}\n"


@pytest.mark.parametrize("format_name", ["table", "markdown"])
def test_two_equal_editions(editions: tuple[Path, Path], format_name: str) -> None:
    result = diff(editions[0], editions[0], "-f", format_name)
    assert (result.exit_code, result.stdout) == (0, "0 added, 0 removed, 0 changed (0 cells)\n")


def test_one_cell_is_one_cell(tmp_path: Path) -> None:
    old = edition(tmp_path, "old.csv", [BAN])
    new = edition(tmp_path, "new.csv", [BAN | {"notes": "x"}])
    assert diff(old, new).stdout.startswith("0 added, 0 removed, 1 changed (1 cell)\n")


def test_how_a_file_is_written_is_no_difference(tmp_path: Path) -> None:
    rows = [BAN | {"notes": "two\nlines"}, BILL]
    old = edition(tmp_path, "old.csv", rows)
    new = edition(tmp_path, "new.csv", rows, bom=True, eol="\r\n")
    assert diff(old, new).stdout == "0 added, 0 removed, 0 changed (0 cells)\n"


def test_cells_are_compared_unjudged_and_printed_inert(tmp_path: Path) -> None:
    old = edition(tmp_path, "old.csv", [BAN])
    new = edition(tmp_path, "new.csv", [BAN | {"measure": "baan", "notes": "\x1b[31mred\nx"}])
    result = diff(old, new)
    assert result.exit_code == 0
    assert "- new: baan\n" in result.stdout
    assert "- new: \\x1b[31mred\\nx\n" in result.stdout


def test_companions_beside_an_edition_are_not_read(editions: tuple[Path, Path]) -> None:
    (editions[0].parent / "sources.csv").write_bytes(b"\xff\xfe\x00")
    assert diff(*editions).exit_code == 0


def test_the_file_is_written_whole(editions: tuple[Path, Path], tmp_path: Path) -> None:
    result = diff(*editions, "-o", str(tmp_path / "changes.txt"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "changes.txt").read_text(encoding="utf-8") == diff(*editions).stdout


TWICE = [BAN, BILL, BAN]
UNNAMED = [BAN, BILL | {"policy_id": ""}]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (TWICE, "bad.csv:4 policy_id: duplicate policy_id 'a-2020' (first used on line 2)"),
        (UNNAMED, "bad.csv:3 policy_id: empty"),
    ],
)
@pytest.mark.parametrize("bad_is_new", [True, False])
def test_rows_need_an_id_of_their_own(
    tmp_path: Path, rows: Rows, told: str, bad_is_new: bool
) -> None:
    good, bad = edition(tmp_path, "good.csv", [BAN]), edition(tmp_path, "bad.csv", rows)
    result = diff(*((good, bad) if bad_is_new else (bad, good)))
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"\xff\xfep\x00", "UTF-16 text"),
        (",".join(COLUMNS[1:]).encode() + b"\n", "policy_id: missing column"),
    ],
    ids=["missing", "empty", "UTF-16", "lacks a column"],
)
def test_what_is_no_edition_is_refused_in_one_line(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    good, bad = edition(tmp_path, "good.csv", [BAN]), tmp_path / "bad.csv"
    if content is not None:
        bad.write_bytes(content)
    for pair in ((good, bad), (bad, good)):
        result = diff(*pair)
        assert (result.exit_code, result.stdout) == (1, "")
        assert told in result.stderr
        assert "bad.csv" in result.stderr
        assert result.stderr.count("\n") == 1


def test_two_files_must_be_named(editions: tuple[Path, Path]) -> None:
    assert CliRunner().invoke(main, ["diff", str(editions[0])]).exit_code == 2
