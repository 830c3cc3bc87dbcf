"""What is said of how far the record goes: where it counts, and where it has no act."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import records
from frtracker import wording
from frtracker.answers.coverage import coverage
from frtracker.cli import main
from frtracker.record.columns import TABLES

COLUMNS = TABLES["coverage"].names
ALL = "police;government;schools;private"
BANS = f"local,US,,bans,{ALL},yes,One;Two,2026-11-22"
LIMITS = f"local,US,,limits,{ALL},selection,,2026-11-22"
ONLY_POLICE = "local,US,,bans,police,yes,One,2026-11-22"


def said(
    rows: list[str], country: str = "US", region: str = "", *, of: str = "city",
    actors: str = ALL, measures: str = "ban",
) -> str:  # fmt: skip
    cells = [dict(zip(COLUMNS, row.split(","), strict=False)) for row in rows]
    tables: Any = SimpleNamespace(coverage=pd.DataFrame(cells, columns=COLUMNS, dtype="str"))
    kinds, wanted = (filter(None, text.split(";")) for text in (of, measures))
    return wording.coverage(coverage(tables, kinds, actors.split(";"), [(country, region)], wanted))


A_PART = "local,US,US-MA,bans,police,selection,,2026-11-22"
WHOLE = "complete against 2 lists, Nov 2026"
MIXED = "complete for bans and moratoriums against 2 lists, Nov 2026, else a selection"


@pytest.mark.parametrize(
    ("rows", "asked", "text"),
    [
        ([], {}, "a selection"),
        ([BANS], {}, WHOLE),
        ([BANS], {"measures": "moratorium;withdrawal;none"}, WHOLE),
        ([BANS], {"measures": "oversight"}, "a selection"),
        ([BANS], {"measures": ""}, MIXED),
        ([BANS, LIMITS], {"measures": "ban;restriction"}, MIXED),
        ([BANS, LIMITS.replace("selection,", "yes,One;Two")], {"measures": ""}, WHOLE),
        (
            [BANS, LIMITS.replace("selection,", "yes,One")], {"measures": ""},
            "complete for bans and moratoriums against 2 lists, Nov 2026"
            " and for restrictions and oversight against 1 list, Nov 2026",
        ),
        # whose acts, and for whom
        ([BANS], {"of": "county"}, WHOLE),
        ([BANS], {"of": "city;state"}, "a selection"),
        ([BANS], {"of": "supranational"}, ""),
        ([BANS], {"of": ""}, ""),
        ([ONLY_POLICE], {"actors": "police"}, "complete against 1 list, Nov 2026"),
        ([ONLY_POLICE], {"actors": "police;schools"}, "a selection"),
        # where: the nearest row counts, and every row about a part
        ([BANS], {"country": ""}, "a selection"),
        ([BANS], {"country": "CA"}, "a selection"),
        ([BANS], {"region": "US-MA"}, WHOLE),
        ([BANS.replace(",US,", ",,")], {"region": "US-MA"}, WHOLE),
        ([BANS, A_PART], {"region": "US-MA"}, "a selection"),
        ([BANS, A_PART], {"region": "US-CA"}, WHOLE),
        ([BANS, A_PART], {}, "a selection"),
        ([BANS.replace("US,,", "US,US-MA,")], {}, "a selection"),
        ([BANS.replace("US,,", "US,US-MA,")], {"region": "US-MA"}, WHOLE),
        # of several rows the earliest day
        (
            [ONLY_POLICE, "local,US,,bans,schools,yes,Two,2025-02-03"],
            {"actors": "police;schools"}, "complete against 2 lists, Feb 2025",
        ),
    ],
)  # fmt: skip
def test_how_far_the_record_goes(rows: list[str], asked: dict[str, str], text: str) -> None:
    assert said(rows, **asked) == text


def test_no_act_says_so() -> None:
    assert wording.no_act([]) == "no act on record"
    bare = {"measure_class": "bans", "complete": False, "lists": [], "as_of": None}
    assert wording.no_act([bare]) == "no act on record (the record is a selection)"


COUNT = "complete against 2 lists, Jan 2025"
CITY = ("--as-of", "2021-06", "--policies", str(records.folder("map") / "policies.csv"))
US_POLICE_BANS = ("--country", "US", "--type", "city", "--measure", "ban", "--for", "police")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("status", *US_POLICE_BANS), f"2 bans ({COUNT}) ·"),
        (("status",), "(a selection) · vendors and companies:"),
        (("show", "Daly City, CA"), "No act of its own on record (the record is a selection)."),
        (
            ("explain", "Daly City, CA", "--for", "police"),
            "- Daly City (city, asked about): no act of its own on record (the record is complete"
            " for bans and moratoriums against 2 lists, Jan 2025, else a selection)",
        ),
        (
            ("explain", "Daly City, CA", "--for", "schools"),
            "not the same as “allowed”: the record is a selection, and",
        ),
    ],
)  # fmt: skip
def test_it_is_said_where_a_count_or_no_act_is(words: tuple[str, ...], text: str) -> None:
    result = CliRunner().invoke(main, [*words, *CITY])
    assert result.exit_code == 0, result.output
    assert text in result.stdout
