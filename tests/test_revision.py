"""Which rows ``diff`` says are others in another edition of the tables."""

from __future__ import annotations

import csv
import io
import json
import operator
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import records
import sound
import tables
from frtracker.cli import main
from frtracker.record.columns import TABLES
from frtracker.record.editions import difference
from frtracker.wording import NO_ACT

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
    frames = (tables.policies(rows)[list(COLUMNS)] for rows in (old, new))
    return difference("policies", *(sound.text_table("policies", frame) for frame in frames))


def ids(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["row_id"] for row in rows]


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
    assert (ids(found["added"]), ids(found["removed"])) == (added, removed)
    cells = {row["row_id"]: [Cell(**cell) for cell in row["cells"]] for row in found["changed"]}
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
        del made[row["row_id"]]
    for row in found["added"]:
        made[row["row_id"]] = {name: row["row"][name] for name in ("notes", "status")}
    for row in found["changed"]:
        for cell in row["cells"]:
            assert made[row["row_id"]][cell["column"]] == cell["old"]
            made[row["row_id"]][cell["column"]] = cell["new"]
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
    by_id = operator.itemgetter("row_id")
    cells = [
        [(by_id(row), row["cells"]) for row in sorted(rows, key=by_id)]
        for rows in (there["changed"], turned)
    ]
    assert cells[0] == cells[1]


@pytest.fixture
def editions(tmp_path: Path) -> tuple[Path, Path]:
    """One row added, one removed, one changed in two cells."""
    changed = BAN | {"decided_on": "2020-06-30", "notes": "A | B, <i>`x`"}
    return (
        edition(tmp_path, "old.csv", [BAN, PAUSE]),
        edition(tmp_path, "new.csv", [changed, BILL]),
    )


ROWS = "1 added, 1 removed, 1 changed (2 cells)"
EVENTS = "answers changed: 2 of 2; 1 event corrected"


def masked(text: str) -> str:
    """The text without the hashes of the editions."""
    return re.sub("[(][0-9a-f]{12}, ", "(HASH, ", text)


def test_as_text(editions: tuple[Path, Path]) -> None:
    result = diff(*editions)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        masked(result.stdout)
        == f"""From edition 2026.11.22 (HASH, 2 rows) to edition 2026.11.22 (HASH, 2 rows)

{EVENTS}

Answers
- Salem, MA, police: all days from 22 Nov 2026 on, changed from no rule in force to no act on record
- Springfield, MA, police: 29 days, from 1 Jun 2020, changed from uncertain: ban or no rule to no \
act on record

Corrected
- Corrected: Springfield, MA: ban for police began on 30 Jun 2020. An earlier edition said: \
Springfield, MA: ban for police began in Jun 2020 (the start date was assumed).

policies: {ROWS}

Added in policies
- c-2022: Springfield, MA: ban, proposed. City bodies may not use face recognition.

Removed in policies
- b-2021: Salem, MA: moratorium, adopted. City bodies may not use face recognition.

Changed in policies
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
        result.stdout.partition("policies: ")[2]
        == f"""{ROWS}

## Added in policies

- c-2022: Springfield, MA: ban, proposed. City bodies may not use face recognition.

## Removed in policies

- b-2021: Salem, MA: moratorium, adopted. City bodies may not use face recognition.

## Changed in policies

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
    assert (
        "- b-2021: Salem, MA: moratorium, adopted. City bodies may not use face recognition. Now"
        in (diff(*editions).stdout)
    )
    lines = csv.DictReader(io.StringIO(diff(*editions, "-f", "csv").stdout))
    (line,) = (line for line in lines if line["column"] == "replaced_by")
    assert [*line.values()] == [
        "policies",
        "removed",
        "b-2021",
        "",
        "",
        "",
        "replaced_by",
        "",
        "c-2022",
    ]
    assert json.loads(diff(*editions, "-f", "json").stdout)["replaced_by"] == {"b-2021": "c-2022"}


def test_as_csv_each_line_is_one_cell(editions: tuple[Path, Path]) -> None:
    result = diff(*editions, "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    answers = [line for line in lines if line["table"] == "answers"]
    assert [[*line.values()][1:] for line in answers] == [
        ["changed", "us-ma-salem", "police", "2026-11-22", "", "", "no rule in force", NO_ACT],
        [
            *("changed", "us-ma-springfield", "police", "2020-06-01", "2020-06-30", ""),
            *("uncertain: ban or no rule", NO_ACT),
        ],
    ]
    rows = [line for line in lines if line["table"] == "policies"]
    changed = [line for line in rows if line["change"] == "changed"]
    assert [(c["row_id"], c["column"], c["old"], c["new"]) for c in changed] == [
        ("a-2020", "decided_on", "2020-06", "2020-06-30"),
        ("a-2020", "notes", "", "A | B, <i>`x`"),
    ]
    added = {line["column"]: line["new"] for line in rows if line["change"] == "added"}
    removed = {line["column"]: line["old"] for line in rows if line["change"] == "removed"}
    assert (added["status"], removed["subject"]) == ("proposed", "Salem")
    assert "" not in [*added.values(), *removed.values()]
    assert result.stderr == f"{EVENTS}; {ROWS}\n"


def test_as_json_the_rows_are_whole(editions: tuple[Path, Path]) -> None:
    result = diff(*editions, "--format", "json")
    document = json.loads(result.stdout)
    (table,) = document["tables"]
    assert table["counts"] == {"added": 1, "removed": 1, "changed": 1, "cells": 2}
    both = (*table["added"], *table["removed"])
    assert [tuple(it["row"]) for it in both] == [COLUMNS] * 2
    (changed,) = table["changed"]
    assert changed["row_id"] == changed["row"]["policy_id"] == "a-2020"
    assert changed["cells"] == [
        {"column": "decided_on", "old": "2020-06", "new": "2020-06-30"},
        {"column": "notes", "old": "", "new": "A | B, <i>`x`"},
    ]
    assert result.stderr == f"{EVENTS}; {ROWS}\n"


NOTHING = "0 added, 0 removed, 0 changed (0 cells)"


@pytest.mark.parametrize("format_name", ["table", "markdown"])
def test_two_equal_editions(editions: tuple[Path, Path], format_name: str) -> None:
    result = diff(editions[0], editions[0], "-f", format_name)
    assert result.exit_code == 0
    _, *said = result.stdout.rstrip().split("\n\n")
    assert said == ["answers changed: none", f"policies: {NOTHING}"]


def test_one_cell_is_one_cell(tmp_path: Path) -> None:
    old = edition(tmp_path, "old.csv", [BAN])
    new = edition(tmp_path, "new.csv", [BAN | {"notes": "x"}])
    assert "policies: 0 added, 0 removed, 1 changed (1 cell)\n" in diff(old, new).stdout


def test_how_a_file_is_written_is_no_difference(tmp_path: Path) -> None:
    rows = [BAN | {"notes": "two\nlines"}, BILL]
    old = edition(tmp_path, "old.csv", rows)
    new = edition(tmp_path, "new.csv", rows, bom=True, eol="\r\n")
    assert diff(old, new).stdout.endswith(f"policies: {NOTHING}\n")


def test_cells_are_compared_unjudged_and_printed_inert(tmp_path: Path) -> None:
    old = edition(tmp_path, "old.csv", [BAN])
    new = edition(tmp_path, "new.csv", [BAN | {"measure": "baan", "notes": "\x1b[31mred\nx"}])
    result = diff(old, new)
    assert result.exit_code == 0
    assert "Answers are not compared" in result.stdout
    assert "- new: baan\n" in result.stdout
    assert "- new: \\x1b[31mred\\nx\n" in result.stdout


def test_the_tables_beside_are_compared_too(tmp_path: Path) -> None:
    source = {"policy_id": "a-2020", "url": "https://example.org/1", "kind": "official"}
    for name, proof in (("old", source), ("new", source | {"title": "The act"})):
        folder = tmp_path / name
        folder.mkdir()
        edition(folder, "policies.csv", [BAN])
        records.write(folder, "sources", [proof])
    records.write(tmp_path / "new", "coverage", [])
    result = diff(tmp_path / "old", tmp_path / "new")
    assert (
        f"policies: {NOTHING}\n\nsources: 0 added, 0 removed, 1 changed (1 cell)" in result.stdout
    )
    assert "- a-2020 https://example.org/1\n  - title\n    - new: The act\n" in result.stdout
    assert "Not compared, for one of them has no such table: coverage\n" in result.stdout


def test_a_table_beside_that_cannot_be_read_is_refused(editions: tuple[Path, Path]) -> None:
    (editions[0].parent / "sources.csv").write_bytes(b"\xff\xfe\x00")
    result = diff(*editions)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "sources.csv: UTF-16 text" in result.stderr


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
