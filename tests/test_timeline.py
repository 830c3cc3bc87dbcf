"""The meaning of a day, case by case. One table per sentence of the law."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from frtracker.dates import format_days, parse
from frtracker.timeline import (
    Market,
    Timeline,
    build,
    next_changes,
    positions_on,
    states_on,
)
from frtracker.timeline.days import OPEN, to_days, to_ordinals
from tables import day, policies

Rows = list[dict[str, str]]


def said(timeline: Timeline, as_of: str, actor: str = "police") -> str:
    """The position of the only subject: ``ban since 2020-01-01 until 2021-01-01``."""
    found = positions_on(timeline, day(as_of))
    found = found[found["actor"] == actor]
    if found.empty:
        return "null"
    row = found.iloc[0]
    parts = [] if row["certain"] else ["uncertain"]
    parts.append(row["measure"])
    if row["scope"] == "narrow":
        parts.append("(narrow)")
    if row["lifted"]:
        parts.append("(lifted)")
    if row["at_least_measure"]:
        parts.append(f"at least {row['at_least_measure']}")
    for word in ("since", "until"):
        low, high = row[f"{word}_low"], row[f"{word}_high"]
        if low == low and high == high:
            parts.append(f"{word} {format_days(low.date(), high.date())}")
    return " ".join(parts)


AMAZON: Rows = [
    {
        "policy_id": "first",
        "measure": "moratorium",
        "status": "announced",
        "decided_on": "2020-06-10",
        "effective_on": "2020-06-10",
        "expires_on": "2021-06",
    },
    {
        "policy_id": "second",
        "measure": "moratorium",
        "status": "announced",
        "decided_on": "2021-05-18",
        "ends_when": "until further notice",
        "supersedes": "first",
    },
]
SCHEDULED: Rows = [
    {
        "measure": "restriction",
        "introduced_on": "2020-11-30",
        "decided_on": "2020-12-31",
        "effective_on": "2021-07-01",
    }
]
LIFTED_FOR_POLICE: Rows = [
    {"policy_id": "ban", "decided_on": "2020-12-18", "applies_to": "police;government"},
    {
        "policy_id": "loosened",
        "measure": "restriction",
        "decided_on": "2022-07-21",
        "supersedes": "ban",
    },
]
HAND_OVER: Rows = [
    {"policy_id": "council", "decided_on": "2020-08-03"},
    {"policy_id": "ballot", "decided_on": "2020-11-03", "effective_on": "2020-12",
     "supersedes": "council"},
]  # fmt: skip
MONTH_ONLY: Rows = [{"decided_on": "2019-09"}]
REPEALED: Rows = [
    {"policy_id": "ban", "decided_on": "2020-08-18"},
    {"policy_id": "gone", "measure": "none", "decided_on": "[2023-01-01..2025-07-15]",
     "supersedes": "ban"},
]  # fmt: skip
LOW: Rows = [
    {"policy_id": "ban", "decided_on": "2021-07-01"},
    {"policy_id": "restricted", "measure": "restriction", "decided_on": "2022-07-01",
     "supersedes": "ban"},
    {"policy_id": "again", "decided_on": "2026-07-01", "confidence": "low",
     "supersedes": "restricted"},
]  # fmt: skip
LIFTED_BEFORE_START: Rows = [
    {"policy_id": "old", "measure": "oversight", "decided_on": "2018-01-01"},
    {"policy_id": "new", "decided_on": "2019-01-01", "effective_on": "2020-01-01",
     "supersedes": "old"},
    {"policy_id": "undone", "measure": "none", "decided_on": "2019-06-01", "supersedes": "new"},
]  # fmt: skip
NARROW_AND_GENERAL: Rows = [
    {"policy_id": "scraping", "decided_on": "2025-01-01", "uses": "other"},
    {"policy_id": "general", "measure": "oversight", "decided_on": "2025-02-01"},
]
RETROACTIVE: Rows = [{"decided_on": "2024-07-12", "effective_on": "2024-07-01"}]
CUT: Rows = [{"decided_on": "2019-09-17", "effective_on": "2019-09"}]
CUT_TO_A_DAY: Rows = [{"decided_on": "2019-09-30", "effective_on": "2019-09"}]

EXPIRED_AFTER_A_REPEAL: Rows = [
    {"policy_id": "old", "measure": "restriction", "decided_on": "2010-01-01"},
    {"policy_id": "gone", "measure": "none", "decided_on": "2012-01-01", "supersedes": "old"},
    {"policy_id": "pause", "measure": "moratorium", "decided_on": "2015-01-01",
     "expires_on": "2020-01-01"},
]  # fmt: skip

CASES = [
    # an extension joins the run: the first rule's month of expiry leaves no gap
    (AMAZON, "2020-06-09", "null"),
    (AMAZON, "2020-06-10", "moratorium since 2020-06-10"),
    (AMAZON, "2021-06", "moratorium since 2020-06-10"),
    # a rule that is only scheduled does not hold
    (SCHEDULED, "2020-11", "none"),
    (SCHEDULED, "2021-06", "none"),
    (SCHEDULED, "2021-07-01", "restriction since 2021-07-01"),
    # a successor ends the old rule for the actors it names, and for no other
    (LIFTED_FOR_POLICE, "2022-07-20", "ban since 2020-12-18 until 2022-07-21"),
    (LIFTED_FOR_POLICE, "2022-07-21", "restriction since 2022-07-21"),
    # on a doubtful hand-over day one of two equal rules holds: certain
    (HAND_OVER, "2020-12-15", "ban since 2020-08-03"),
    (HAND_OVER, "2021", "ban since 2020-08-03"),
    # a month is a month: uncertain within, certain on its last day
    (MONTH_ONLY, "2019-08", "null"),
    (MONTH_ONLY, "2019-09-15", "uncertain ban"),
    (MONTH_ONLY, "2019-09", "ban since 2019-09"),
    # a sure repeal on an unsure day
    (REPEALED, "2022-12-31", "ban since 2020-08-18 until [2023-01-01..2025-07-15]"),
    (REPEALED, "2024", "uncertain ban"),
    (REPEALED, "2025-07-15", "none (lifted)"),
    # lifted says why nothing holds: the last rule was repealed, or ran out
    (EXPIRED_AFTER_A_REPEAL, "2013", "none (lifted)"),
    (EXPIRED_AFTER_A_REPEAL, "2021", "none"),
    # low confidence makes uncertain what would differ without it, and only that
    (LOW, "2022-06-30", "ban since 2021-07-01 until 2022-07-01"),
    (LOW, "2026-06-30", "restriction since 2022-07-01"),
    (LOW, "2026-07-01", "uncertain ban at least restriction"),
    # a rule lifted before it began never begins and ends nothing
    (LIFTED_BEFORE_START, "2019-12-31", "oversight since 2018-01-01"),
    (LIFTED_BEFORE_START, "2020-06", "oversight since 2018-01-01"),
    # scope before measure: a narrow ban does not hide a general rule
    (NARROW_AND_GENERAL, "2025-01", "ban (narrow) since 2025-01-01 until 2025-02-01"),
    (NARROW_AND_GENERAL, "2025-03", "oversight since 2025-02-01"),
    # a start certainly before the decision is retroactive and stands
    (RETROACTIVE, "2024-07-01", "ban since 2024-07-01"),
    # a partial start is cut at the decision
    (CUT, "2019-09-16", "null"),
    (CUT, "2019-09-17", "uncertain ban"),
    (CUT, "2019-09-30", "ban since [2019-09-17..2019-09-30]"),
    (CUT_TO_A_DAY, "2019-09-29", "null"),
    (CUT_TO_A_DAY, "2019-09-30", "ban since 2019-09-30"),
]


@pytest.mark.parametrize(("rows", "as_of", "expected"), CASES)
def test_position_on_a_day(rows: Rows, as_of: str, expected: str) -> None:
    assert said(build(policies(rows)), as_of) == expected


def test_other_actors_keep_the_old_rule() -> None:
    timeline = build(policies(LIFTED_FOR_POLICE))
    assert said(timeline, "2024", "government") == "ban since 2020-12-18"
    state = states_on(timeline, day("2024")).iloc[0]
    assert (state["state"], state["superseded_for"]) == ("in_force", "police")


KNOWN_AT = [
    # decided later: it does not exist yet …
    (AMAZON, "2021-07-15", "2021-05-01", "none"),
    (AMAZON, "2021-06-15", "2021-05-01", "uncertain moratorium"),
    (AMAZON, "2021-07-15", "2021-05-18", "moratorium since 2020-06-10"),
    # … or is a proposal if it was introduced by then
    (SCHEDULED, "2021-08", "2020-12-05", "none"),
    (SCHEDULED, "2021-08", "2020-11-01", "null"),
    # inside a partial decision: it may be known or not
    (MONTH_ONLY, "2020", "2019-09-15", "uncertain ban"),
    (MONTH_ONLY, "2020", "2019-09-30", "ban since 2019-09"),
]


@pytest.mark.parametrize(("rows", "as_of", "known_at", "expected"), KNOWN_AT)
def test_position_as_known_on_a_day(rows: Rows, as_of: str, known_at: str, expected: str) -> None:
    assert said(build(policies(rows), known_at=day(known_at)), as_of) == expected


def test_a_row_decided_later_is_a_proposal_without_the_days_of_its_rule() -> None:
    row = {"introduced_on": "2020-03-05", "decided_on": "2020-06-10", "effective_on": "2020-09-01"}
    columns = ["status", "introduced_on", "decided_on", "effective_on"]
    for known_at, expected in (
        ("2020-03-05", ["proposed", "2020-03-05", "", ""]),
        ("2020-06-10", ["adopted", *row.values()]),
    ):
        known = build(policies([row]), known_at=day(known_at)).policies
        assert known[columns].to_numpy().tolist() == [expected]


VENDOR = {"subject_type": "vendor", "region": "", "reach": "", "status": "announced"}
ELSEWHERE: Rows = [
    {**VENDOR, "measure": "withdrawal", "decided_on": "2020-07-06", "territory": "CA"},
    {**VENDOR, "measure": "restriction", "decided_on": "2022-05-09", "territory": "US-IL"},
]


@pytest.mark.parametrize(
    ("market", "expected"),
    [
        (None, "none"),  # not its home country as a whole
        ("CA", "withdrawal since 2020-07-06"),
        ("CA-BC", "withdrawal since 2020-07-06"),
        ("US-IL", "restriction since 2022-05-09"),
        ("US", "none"),
        ("FR", "none"),
    ],
)
def test_a_vendors_rule_counts_where_it_holds(market: str | None, expected: str) -> None:
    timeline = build(policies(ELSEWHERE), market=Market(market) if market else None)
    assert said(timeline, "2023") == expected


COMPANY = {"subject_type": "company", "country": "DE", "region": "", "reach": ""}
AGENCY = {"subject_type": "agency", "country": "US", "region": "US-WA", "reach": ""}


@pytest.mark.parametrize(
    ("cells", "market", "counts"),
    [
        # without a territory a company's rule holds in its own country
        (COMPANY, "DE", True),
        (COMPANY, "US", False),
        ({**COMPANY, "territory": "US"}, "US", True),
        ({**COMPANY, "territory": "US"}, "DE", False),
        (VENDOR, "DE", True),  # a vendor's everywhere
        (AGENCY, "DE", True),  # what an agency may use does not depend on who asks
        ({**AGENCY, "territory": "US-OR"}, "US-WA", True),
    ],
)
def test_whose_rules_count_in_a_market(cells: dict[str, str], market: str, counts: bool) -> None:
    rows = [{**cells, "measure": "restriction", "decided_on": "2022-05-09"}]
    found = said(build(policies(rows), market=Market(market)), "2023")
    assert found == ("restriction since 2022-05-09" if counts else "none")


def test_a_rule_that_does_not_count_ends_what_it_supersedes() -> None:
    rows: Rows = [
        {"decided_on": "2020-01-01"},
        {"measure": "restriction", "decided_on": "2021-01-01", "supersedes": "act-0"},
    ]
    timeline = build(policies(rows), counts=np.array([True, False]))
    assert said(timeline, "2020") == "ban since 2020-01-01 until 2021-01-01"
    assert said(timeline, "2021") == "none"


@pytest.mark.parametrize(
    ("market", "territory", "expected"),
    [
        ("US", "", True),  # no territory is everywhere
        ("US", "US", True),
        ("US", "CA;US", True),
        ("US-IL", "CA;US", True),  # a country covers its parts, not the reverse
        ("US-IL", "US-IL", True),
        ("US-IL", "US-NY", False),
        ("US", "US-IL", False),
        ("US", "CA", False),
    ],
)
def test_what_covers_a_market(market: str, territory: str, expected: bool) -> None:
    assert Market(market).is_covered_by(territory) is expected


NEXT = [
    (SCHEDULED, "2021-06", "2021-07-01", "restriction"),
    (LIFTED_FOR_POLICE, "2022", None, None),
    (HAND_OVER, "2020-10", None, None),  # a hand-over inside a run is no change
    (REPEALED, "2022", "2023-01-01", "ban"),  # from certain to uncertain
    (LOW, "2021-12", "2022-07-01", "restriction"),
]


@pytest.mark.parametrize(("rows", "as_of", "on", "measure"), NEXT)
def test_next_change(rows: Rows, as_of: str, on: str | None, measure: str | None) -> None:
    found = next_changes(build(policies(rows)), day(as_of))
    if on is None:
        assert found.empty
    else:
        row = found.iloc[0]
        assert (row["valid_from"].date(), row["measure"]) == (parse(on).low, measure)


def test_prohibition_runs_on_when_its_name_changes() -> None:
    rows: Rows = [
        {"policy_id": "pause", "measure": "moratorium", "decided_on": "2020-12-22",
         "ends_when": "until the commissioner decides"},
        {"policy_id": "ban", "decided_on": "2023-09-27", "supersedes": "pause"},
    ]  # fmt: skip
    row = positions_on(build(policies(rows)), day("2024")).iloc[0]
    assert (row["since_low"].date(), row["prohibited_since_low"].date()) == (
        parse("2023-09-27").low,
        parse("2020-12-22").low,
    )


def test_doubts_that_are_over_leave_no_doubt() -> None:
    rows = [{"decided_on": f"{year}-03"} for year in range(2001, 2014)]
    assert said(build(policies(rows)), "2020") == "ban since 2001-03"


def test_a_subject_may_have_a_hundred_rules_and_a_doubt() -> None:
    rows = [{"measure": "restriction", "decided_on": f"{year}-06-01"} for year in range(1901, 2001)]
    rows.append({"measure": "ban", "decided_on": "2010-03"})
    timeline = build(policies(rows))
    assert said(timeline, "2009") == "restriction since 1901-06-01 until 2010-03"
    assert said(timeline, "2010-03-15") == "uncertain ban at least restriction"
    assert said(timeline, "2010") == "ban since 2010-03"


DOUBTS: Rows = [
    {"measure": "oversight", "uses": "live", "decided_on": f"{year}-03", "expires_on": "2015-01-01"}
    for year in range(2001, 2014)
]
PAUSE = {
    "policy_id": "pause", "measure": "moratorium", "decided_on": "2018-05-01",
    "expires_on": "2020-06",
}  # fmt: skip
BESIDE_DOUBTS = [
    # thirteen doubts that are over say nothing of what came after
    ([PAUSE], "2018-04-30", "none"),
    ([PAUSE], "2018-05-01", "moratorium since 2018-05-01 until 2020-06"),
    ([PAUSE], "2020-06-29", "uncertain moratorium"),
    ([PAUSE], "2020-06-30", "none"),
    ([PAUSE, {"measure": "restriction", "decided_on": "2017-01-01"}], "2019",
     "moratorium since 2018-05-01 until 2020-06"),
    ([PAUSE, {"measure": "restriction", "decided_on": "2019-02", "supersedes": "pause"}],
     "2019-02-27", "uncertain moratorium at least restriction"),
    ([PAUSE, {"measure": "restriction", "decided_on": "2019-02", "supersedes": "pause"}],
     "2019-02-28", "restriction since 2019-02"),
    ([PAUSE, {"measure": "restriction", "decided_on": "2019-02", "supersedes": "pause",
              "confidence": "low"}],
     "2019-03-01", "uncertain moratorium at least restriction"),
    ([PAUSE, {"measure": "none", "decided_on": "2019-02", "supersedes": "pause"}],
     "2019-03-01", "none (lifted)"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "as_of", "expected"), BESIDE_DOUBTS)
def test_what_is_sure_beside_many_doubts(rows: Rows, as_of: str, expected: str) -> None:
    assert said(build(policies([*DOUBTS, *rows])), as_of) == expected


def test_a_rule_that_holds_elsewhere_makes_no_position_however_much_is_in_doubt() -> None:
    rows = [{**VENDOR, **row, "territory": "CA"} for row in (*DOUBTS, PAUSE)]
    rows.append({**VENDOR, "measure": "restriction", "decided_on": "2017-01-01"})
    assert said(build(policies(rows)), "2019") == "restriction since 2017-01-01"


def test_what_is_sure_beside_too_many_worlds_to_hold() -> None:
    """A hundred rules and ten doubts: each day is looked at alone, and the run is followed from
    day to day."""
    rows: Rows = [
        {"measure": "restriction", "decided_on": f"{year}-06-01"} for year in range(1901, 2001)
    ]
    rows += [{"measure": "oversight", "decided_on": f"{year}-03"} for year in range(2001, 2011)]
    rows.append({"measure": "moratorium", "decided_on": "1950-02-01", "expires_on": "2012"})
    timeline = build(policies(rows))
    assert said(timeline, "1949") == "restriction since 1901-06-01 until 1950-02-01"
    assert said(timeline, "2005-03-15") == "moratorium since 1950-02-01 until 2012"
    assert said(timeline, "2012-06-01") == "uncertain moratorium at least restriction"
    assert said(timeline, "2013") == "restriction since 2012"
    row = positions_on(timeline, day("2005")).iloc[0]
    assert (str(row["prohibited_since_low"].date()), str(row["prohibited_since_high"].date())) == (
        "1950-02-01", "1950-02-01",
    )  # fmt: skip


def test_pairs_of_the_same_rules_have_the_same_answer() -> None:
    """An act for several actors is studied once; listed from another day it is another pair."""
    rows = [
        {"applies_to": "police;government", "decided_on": "2020-03", "subject_key": key}
        for key in ("us-ma-a", "us-ma-b")
    ]
    rows.append(
        {"applies_to": "schools;police", "status": "failed", "decided_on": "2019-01-01",
         "subject_key": "us-ma-b"}
    )  # fmt: skip
    found = build(policies(rows)).positions
    told = {
        (key, actor): group.drop(columns=["subject_key", "actor", "policy_ids"]).values.tolist()
        for (key, actor), group in found.groupby(["subject_key", "actor"])
    }
    assert told["us-ma-a", "police"] == told["us-ma-a", "government"]
    assert told["us-ma-b", "government"] == told["us-ma-a", "government"]
    assert len(told["us-ma-b", "police"]) == len(told["us-ma-a", "police"]) + 1


def test_of_an_empty_table_nothing_is_said() -> None:
    timeline = build(policies([]))
    assert timeline.positions.empty
    assert timeline.periods.empty
    assert states_on(timeline, day("2024")).empty


def test_every_day_of_a_pair_has_one_position() -> None:
    for rows in (AMAZON, LIFTED_FOR_POLICE, HAND_OVER, REPEALED, LOW, LIFTED_BEFORE_START):
        for _, group in build(policies(rows)).positions.groupby(["subject_key", "actor"]):
            assert list(group["valid_to"][:-1]) == list(group["valid_from"][1:])
            assert group["valid_to"].iloc[-1] is not group["valid_to"].iloc[0] or len(group) == 1


def test_a_territory_that_two_rules_share_is_told_once():
    rows = [
        {"policy_id": name, "subject_type": "vendor", "territory": "CA;US", "decided_on": "2020"}
        for name in ("a", "b")
    ]
    found = positions_on(build(policies(rows)), day("2021"))
    assert (found["policy_ids"].item(), found["territory"].item()) == ("a;b", "CA;US")


@pytest.mark.parametrize(
    ("territories", "expected"),
    [
        (["US"], "US"),
        (["CA;US", "US;GB"], "CA;US;GB"),
        (["", "US"], ""),  # one of them holds everywhere
        (["US", "", "CA;US"], ""),
        ([""], ""),
    ],
)
def test_where_a_position_holds(territories: list[str], expected: str) -> None:
    rows = [
        {**VENDOR, "measure": "withdrawal", "territory": territory, "decided_on": "2020-01-01"}
        for territory in territories
    ]
    rows.append({**VENDOR, "measure": "oversight", "territory": "FR", "decided_on": "2020-01-01"})
    table = policies(rows)
    assert positions_on(build(table), day("2021"))["territory"].item() == expected


def test_each_subject_s_doubts_are_told_apart() -> None:
    """One open question for the first, two for the second, nine for the third."""
    sure = {"decided_on": "2020-01-01"}
    starts = {**sure, "effective_on": "2021"}
    table = policies(
        [
            {**sure, "expires_on": "2021"},
            {**sure, "measure": "oversight", "uses": "live"},
            {**sure, "subject_key": "us-ma-b", "policy_id": "old"},
            {**starts, "subject_key": "us-ma-b", "measure": "moratorium", "supersedes": "old"},
            {**starts, "subject_key": "us-ma-b", "measure": "restriction"},
            {**sure, "subject_key": "us-ma-c", "measure": "oversight"},
            *({**starts, "subject_key": "us-ma-c"} for _ in range(9)),
        ]
    )
    told = ["subject_key", "measure", "scope", "at_least_measure", "at_least_scope"]
    expected = [
        ["us-ma-springfield", "ban", "general", "oversight", "narrow"],
        ["us-ma-b", "ban", "general", "moratorium", "general"],
        ["us-ma-c", "ban", "general", "oversight", "general"],
    ]
    assert positions_on(build(table), day("2021-06"))[told].to_numpy().tolist() == expected


DATED = {"decided_on": "2020-01-01", "effective_on": "2020-01-01"}
UNDATED = {"decided_on": "2020-01-01"}
PRESUMED = [
    # from the decision where no start is recorded, as long as the run goes on
    ([UNDATED], "2021", {"police"}),
    ([DATED], "2021", set()),
    ([UNDATED], "2019", set()),
    ([{**UNDATED, "decided_on": "2020-01", "expires_on": "2022"}], "2021", {"police"}),
    ([UNDATED, {"decided_on": "2021-01-01", "effective_on": "2021-02-01"}], "2022", {"police"}),
    ([{**UNDATED, "measure": "none"}], "2021", set()),
    ([{**UNDATED, "confidence": "low"}], "2021", set()),
    # of the rule that makes the position, for the actor that it names
    ([UNDATED, {**DATED, "applies_to": "schools"}], "2021", {"police"}),
    ([DATED, {**UNDATED, "applies_to": "schools"}], "2021", {"schools"}),
    ([{**DATED, "applies_to": "government"}, UNDATED, {**DATED, "applies_to": "schools"}],
     "2021", {"police"}),
    ([{**DATED, "measure": "ban"}, {**UNDATED, "measure": "oversight"}], "2021", set()),
    ([{**DATED, "measure": "oversight"}, {**UNDATED, "measure": "ban"}], "2021", {"police"}),
    ([{**DATED, "measure": "ban"}, {**UNDATED, "uses": "live"}], "2021", set()),
    ([{**VENDOR, **DATED}, {**VENDOR, **UNDATED, "territory": "CA"}], "2021", set()),
    ([{**VENDOR, **UNDATED}, {**VENDOR, **DATED, "territory": "CA"}], "2021", {"police"}),
    # another subject's dates say nothing
    ([DATED, {**UNDATED, "subject_key": "us-ma-a"}], "2021", {"us-ma-a police"}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "as_of", "expected"), PRESUMED)
def test_whose_start_is_presumed(rows: Rows, as_of: str, expected: set[str]) -> None:
    found = positions_on(build(policies(rows)), day(as_of))
    assert found["start_presumed"].dtype == bool
    told = found[found["start_presumed"]]
    names = set((told["subject_key"] + " " + told["actor"]).str.removeprefix("us-ma-springfield "))
    assert names == expected


def test_what_a_timeline_holds() -> None:
    """Two pairs whose rules are alike but for their dates; every column of both tables."""
    rows = [
        {**VENDOR, "subject_key": "vendor-acme", "measure": "withdrawal", "uses": "live",
         "territory": "US", "applies_to": "police;schools", "decided_on": "2020-01-01",
         "expires_on": "2021-01-01"},
        {"subject_key": "us-ma-a", "measure": "restriction", "decided_on": "2020-06-01"},
    ]  # fmt: skip
    market = Market("US")
    timeline = build(policies(rows), market=market)
    assert (timeline.market, timeline.known_at) == (market, None)

    def content(table: pd.DataFrame) -> list[list[str]]:
        cells = table.astype(object).fillna("").astype(str)
        return cells.map(lambda cell: cell.removesuffix(" 00:00:00")).to_numpy().tolist()

    acme = ["vendor-acme", "withdrawal", "narrow", "US"]
    assert content(timeline.periods[
        ["policy_id", "actor", "subject_key", "measure", "scope", "territory", "certain",
         "valid_from", "valid_to"]
    ]) == [
        ["act-0", "police", *acme, "True", "2020-01-01", "2021-01-01"],
        ["act-0", "schools", *acme, "True", "2020-01-01", "2021-01-01"],
        ["act-1", "police", "us-ma-a", "restriction", "general", "", "True", "2020-06-01", ""],
    ]  # fmt: skip
    ended = ["vendor-acme", "none", "", "", "2021-01-01", "", "", ""]
    assert content(timeline.positions[
        ["actor", "subject_key", "measure", "scope", "territory", "valid_from", "valid_to",
         "since_high", "until_low"]
    ]) == [
        ["police", *acme, "2020-01-01", "2021-01-01", "2020-01-01", "2021-01-01"],
        ["police", *ended],
        ["schools", *acme, "2020-01-01", "2021-01-01", "2020-01-01", "2021-01-01"],
        ["schools", *ended],
        ["police", "us-ma-a", "restriction", "general", "", "2020-06-01", "", "2020-06-01", ""],
    ]  # fmt: skip


def test_days_of_a_table_go_back_to_ordinals() -> None:
    """``OPEN`` is no day, and a day before 1970 is one."""
    days = date(1, 1, 2), date(1969, 12, 31), date(9999, 12, 31)
    counted = np.array([*(day.toordinal() for day in days), OPEN])
    assert to_ordinals(pd.Series(to_days(counted))).tolist() == counted.tolist()
