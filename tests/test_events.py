"""What happened when: decisions, beginnings, ends, and what they did to the position."""

from __future__ import annotations

from datetime import date

import pytest

from frtracker.dates import format_days
from frtracker.timeline import build
from reference import complete
from tables import day, policies
from test_timeline import AMAZON, LIFTED_BEFORE_START, LIFTED_FOR_POLICE, REPEALED, SCHEDULED, Rows

EXPIRING: Rows = [
    {
        "measure": "moratorium",
        "decided_on": "2021-08-09",
        "effective_on": "2021-09-08",
        "expires_on": "2023-01-01",
    }
]
LAPSED: Rows = [{"status": "lapsed", "introduced_on": "2020-03", "decided_on": "[..2021-01-03]"}]

TOLD = [
    (AMAZON, [
        "2020-06-10 first began (tightened)",
        "2021-05-18 second began (extended)",
    ]),
    (SCHEDULED, [
        "2020-11-30 act-0 introduced",
        "2020-12-31 act-0 decided",
        "2021-07-01 act-0 began (tightened)",
    ]),
    (LIFTED_FOR_POLICE, [
        "2020-12-18 ban began (tightened)",
        "2022-07-21 loosened began (loosened)",
        "2022-07-21 ban [police] ended by loosened",
    ]),
    (REPEALED, [
        "2020-08-18 ban began (tightened)",
        "[2023-01-01..2025-07-15] gone began (lifted)",
        "[2023-01-01..2025-07-15] ban ended by gone",
    ]),
    (LIFTED_BEFORE_START, [
        "2018-01-01 old began (tightened)",
        "2019-01-01 new decided",
        "2019-06-01 undone began",
    ]),
    (EXPIRING, [
        "2021-08-09 act-0 decided",
        "2021-09-08 act-0 began (tightened)",
        "2023-01-01 act-0 ended (loosened)",
    ]),
    (LAPSED, ["2020-03 act-0 introduced", "[..2021-01-03] act-0 lapsed"]),
]  # fmt: skip


BILL = {"status": "failed", "introduced_on": "2020-03-05", "decided_on": "2020-06-10"}
LAW = {"introduced_on": "2020-03-05", "decided_on": "2020-06-10", "effective_on": "2020-09-01"}
OTHERS = {"policy_id": "zoo", "subject_key": "us-ma-a"}

OUTCOMES = [
    *(([{**BILL, "status": status}], ["2020-03-05 act-0 introduced", f"2020-06-10 act-0 {status}"])
      for status in ("failed", "vetoed", "pulled", "lapsed")),
    # decided in one day with its beginning, or a day that differs at one end only
    ([{**LAW, "effective_on": "2020-06-10"}],
     ["2020-03-05 act-0 introduced", "2020-06-10 act-0 began (tightened)"]),
    ([{**LAW, "decided_on": "[2020-06-10..2020-06-12]",
       "effective_on": "[2020-06-10..2020-06-14]"}], [
        "2020-03-05 act-0 introduced",
        "[2020-06-10..2020-06-12] act-0 decided",
        "[2020-06-10..2020-06-14] act-0 began (tightened)",
    ]),
    ([{**LAW, "decided_on": "[2020-06-10..2020-06-14]",
       "effective_on": "[2020-06-12..2020-06-14]"}], [
        "2020-03-05 act-0 introduced",
        "[2020-06-10..2020-06-14] act-0 decided",
        "[2020-06-12..2020-06-14] act-0 began (tightened)",
    ]),
    ([{**LAW, "decided_on": ""}],
     ["2020-03-05 act-0 introduced", "2020-09-01 act-0 began (tightened)"]),
    # introduced before it was decided, and before it was reviewed
    ([{**BILL, "introduced_on": "2020", "decided_on": "2020-03"}],
     ["[2020-01-01..2020-03-31] act-0 introduced", "2020-03 act-0 failed"]),
    ([{**BILL, "introduced_on": "[2020-06-10..2020-06-12]"}],
     ["2020-06-10 act-0 introduced", "2020-06-10 act-0 failed"]),
    ([{"status": "proposed", "introduced_on": "2026", "reviewed_on": "2026-11-22"}],
     ["[2026-01-01..2026-11-22] act-0 introduced"]),
    ([{"status": "failed"}], []),
    # on one day: by subject, then introduced, decided, began, ended, then by name
    ([
        {"policy_id": "b", "introduced_on": "2020-06-10", "decided_on": "2020-06-10",
         "effective_on": "2020-09-01", "supersedes": "a"},
        {"policy_id": "a", "decided_on": "2020-06-10", "measure": "moratorium",
         "expires_on": "2021-01-01"},
        {**OTHERS, "decided_on": "2020-06-10", "measure": "moratorium",
         "expires_on": "2020-09-01"},
        {**OTHERS, "policy_id": "ant", "decided_on": "2020-06-10"},
    ], [
        "2020-06-10 ant began (tightened)",
        "2020-06-10 zoo began (tightened)",
        "2020-06-10 b introduced",
        "2020-06-10 b decided",
        "2020-06-10 a began (tightened)",
        "2020-09-01 zoo ended",
        "2020-09-01 b began (tightened)",
        "2020-09-01 a ended by b",
    ]),
]  # fmt: skip

ENDS = [
    # the earliest of its own terms and its successors is the cause; on one day, the law
    ([{**EXPIRING[0], "policy_id": "old"},
      {"policy_id": "new", "decided_on": "2022-06-01", "supersedes": "old"}],
     ["2021-08-09 old decided", "2021-09-08 old began (tightened)",
      "2022-06-01 new began (tightened)", "2022-06-01 old ended by new"]),
    ([{**EXPIRING[0], "policy_id": "old"},
      {"policy_id": "new", "decided_on": "2023-01-01", "supersedes": "old"}],
     ["2021-08-09 old decided", "2021-09-08 old began (tightened)",
      "2023-01-01 new began (tightened)", "2023-01-01 old ended by new"]),
    ([{**EXPIRING[0], "policy_id": "old"},
      {"policy_id": "new", "decided_on": "2023-02-01", "supersedes": "old"}],
     ["2021-08-09 old decided", "2021-09-08 old began (tightened)",
      "2023-01-01 old ended (loosened)", "2023-02-01 new began (tightened)"]),
    ([{"policy_id": "old", "decided_on": "2020-01-01"},
      {"policy_id": "late", "decided_on": "2022-01-01", "supersedes": "old"},
      {"policy_id": "soon", "decided_on": "2021-01-01", "supersedes": "old"}],
     ["2020-01-01 old began (tightened)", "2021-01-01 soon began (extended)",
      "2022-01-01 late began (extended)"]),
    ([{"policy_id": "old", "decided_on": "2020-01-01"},
      {"policy_id": "soon", "decided_on": "2021-01-01", "supersedes": "old"},
      {"policy_id": "late", "decided_on": "2022-01-01", "supersedes": "old"},
      {"policy_id": "same", "decided_on": "2021-01-01", "supersedes": "old"}],
     ["2020-01-01 old began (tightened)", "2021-01-01 same began (extended)",
      "2021-01-01 soon began (extended)", "2022-01-01 late began (extended)"]),
    # two that begin on one day end it both; each of two that end it for different actors, its own
    ([{"policy_id": "old", "decided_on": "2020-01-01"},
      {"policy_id": "x", "measure": "restriction", "decided_on": "2021-01-01",
       "supersedes": "old"},
      {"policy_id": "y", "measure": "oversight", "decided_on": "2021-01-01",
       "supersedes": "old"}],
     ["2020-01-01 old began (tightened)", "2021-01-01 x began (loosened)",
      "2021-01-01 y began (loosened)", "2021-01-01 old ended by x;y"]),
    ([{"policy_id": "old", "decided_on": "2020-01-01", "applies_to": "police;government"},
      {"policy_id": "z", "measure": "restriction", "decided_on": "2021-01-01",
       "applies_to": "police", "supersedes": "old"},
      {"policy_id": "b", "measure": "restriction", "decided_on": "2021-01-01",
       "applies_to": "government", "supersedes": "old"}],
     ["2020-01-01 old began (tightened)", "2021-01-01 b began (loosened)",
      "2021-01-01 z began (loosened)", "2021-01-01 old [government] ended by b",
      "2021-01-01 old [police] ended by z"]),
    # it may begin on the last day before its end, though no date names that day
    ([{"decided_on": "", "effective_on": "[..2021-02-25]",
       "expires_on": "[2021-02-22..2021-02-25]"}],
     ["[..2021-02-24] act-0 began?", "[2021-02-22..2021-02-25] act-0 ended?"]),
    # a repeal that never begins ends nothing
    ([{"policy_id": "old", "decided_on": "2020-01-01"},
      {"policy_id": "repeal", "measure": "none", "decided_on": "2020-05-01",
       "effective_on": "2020-09-01", "supersedes": "old"},
      {"policy_id": "undone", "measure": "none", "decided_on": "2020-08-01",
       "supersedes": "repeal"}],
     ["2020-01-01 old began (tightened)", "2020-05-01 repeal decided", "2020-08-01 undone began"]),
    ([{"policy_id": "old", "decided_on": "2020-01-01"},
      {"policy_id": "repeal", "measure": "none", "decided_on": "2020-05-01",
       "effective_on": "2020-09-01", "supersedes": "old"},
      {"policy_id": "undone", "measure": "none", "decided_on": "2020-09-01",
       "supersedes": "repeal"}],
     ["2020-01-01 old began (tightened)", "2020-05-01 repeal decided", "2020-09-01 undone began"]),
]  # fmt: skip

ABROAD = {"subject_type": "vendor", "region": "", "reach": "", "territory": "ES"}
EFFECTS = [
    # nothing is said where the position is in doubt before or after
    ([{"decided_on": "2020-06-10", "confidence": "low"}], ["2020-06-10 act-0 began?"]),
    ([{"decided_on": "2020-01-01", "measure": "oversight"},
      {"decided_on": "2020-06-10", "confidence": "low"},
      {"decided_on": "2021-01-01"}],
     ["2020-01-01 act-0 began (tightened)", "2020-06-10 act-1 began?", "2021-01-01 act-2 began"]),
    # a rule beside a stricter one moves nothing; one that follows its like extends it
    ([{"decided_on": "2020-01-01"}, {"decided_on": "2020-06-10", "measure": "oversight"}],
     ["2020-01-01 act-0 began (tightened)", "2020-06-10 act-1 began"]),
    ([{"decided_on": "2020-01-01"}, {"decided_on": "2020-06-10", "supersedes": "act-0"}],
     ["2020-01-01 act-0 began (tightened)", "2020-06-10 act-1 began (extended)"]),
    # for police it tightens, for schools it loosens
    ([{"decided_on": "2020-01-01", "applies_to": "schools"},
      {"decided_on": "2020-01-01", "applies_to": "police", "measure": "oversight"},
      {"decided_on": "2020-06-10", "applies_to": "police;schools", "measure": "restriction",
       "supersedes": "act-0;act-1"}],
     ["2020-01-01 act-0 began (tightened)", "2020-01-01 act-1 began (tightened)",
      "2020-06-10 act-2 began (tightened;loosened)", "2020-06-10 act-0 ended by act-2",
      "2020-06-10 act-1 ended by act-2"]),
    # one that ends while a milder one goes on loosens, one under a stricter lifts nothing
    ([{"decided_on": "2020-01-01", "measure": "oversight"}, {**EXPIRING[0]}],
     ["2020-01-01 act-0 began (tightened)", "2021-08-09 act-1 decided",
      "2021-09-08 act-1 began (tightened)", "2023-01-01 act-1 ended (loosened)"]),
    ([{"decided_on": "2020-01-01"}, {**EXPIRING[0]}],
     ["2020-01-01 act-0 began (tightened)", "2021-08-09 act-1 decided", "2021-09-08 act-1 began",
      "2023-01-01 act-1 ended"]),
    # what holds elsewhere moves nothing at home
    ([{"policy_id": "old", "decided_on": "2020-01-01", "measure": "restriction", **ABROAD},
      {"policy_id": "new", "decided_on": "2021-01-01", "supersedes": "old", **ABROAD}],
     ["2020-01-01 old began", "2021-01-01 new began", "2021-01-01 old ended by new"]),
    # of what began before records began nothing is said
    ([{"decided_on": "[..2020-06-10]"}], ["[..2020-06-10] act-0 began"]),
]  # fmt: skip


SCHEDULED_BAN = {"policy_id": "old", "decided_on": "2021-01-01", "effective_on": "2021-07-01"}
RESTRICTED = {"policy_id": "new", "measure": "restriction", "decided_on": "2021-03-01"}
FAULTS = [
    # replaced before it begins, or on the day: it never began, so it never ended
    ([SCHEDULED_BAN, {**RESTRICTED, "effective_on": "2021-05-01", "supersedes": "old"}],
     ["2021-01-01 old decided", "2021-03-01 new decided", "2021-05-01 new began (tightened)"]),
    ([SCHEDULED_BAN, {**RESTRICTED, "effective_on": "2021-07-01", "supersedes": "old"}],
     ["2021-01-01 old decided", "2021-03-01 new decided", "2021-07-01 new began (tightened)"]),
    # lifted for some before it begins: it begins for the others
    ([{**SCHEDULED_BAN, "applies_to": "police;government"},
      {"policy_id": "exempt", "measure": "none", "decided_on": "2021-03-01",
       "supersedes": "old"}],
     ["2021-01-01 old decided", "2021-03-01 exempt began",
      "2021-07-01 old [government] began (tightened)"]),
    # an end that rests on an act of low confidence is told as what it is
    ([{"policy_id": "pause", "measure": "moratorium", "decided_on": "2020-10-01"},
      {"policy_id": "court", "measure": "none", "decided_on": "[2022-07-01..2022-09-07]",
       "confidence": "low", "supersedes": "pause"}],
     ["2020-10-01 pause began (tightened)", "[2022-07-01..2022-09-07] court began?",
      "[2022-07-01..2022-09-07] pause ended? by court"]),
    # a sunset is not lost to a rule that may not exist
    ([{"policy_id": "a", "measure": "moratorium", "decided_on": "2020-01-01",
       "expires_on": "2025-01-01"},
      {"policy_id": "b", "measure": "oversight", "decided_on": "2023-01-01",
       "confidence": "low", "supersedes": "a"}],
     ["2020-01-01 a began (tightened)", "2023-01-01 b began?",
      "[2023-01-01..2025-01-01] a ended? by b or its own terms"]),
    # a repeal of a repeal
    ([{"policy_id": "a", "decided_on": "2020-12-01", "effective_on": "2021-03-01"},
      {"policy_id": "b", "measure": "none", "decided_on": "2021-02-01", "supersedes": "a"},
      {"policy_id": "c", "measure": "none", "decided_on": "2021-01-15", "supersedes": "b"}],
     ["2020-12-01 a decided", "2021-01-15 c began", "2021-03-01 a began (tightened)"]),
    # by its own terms, or by its successor
    ([{"policy_id": "old", "measure": "moratorium", "decided_on": "2020-01-01",
       "expires_on": "2021-06-15"},
      {"policy_id": "new", "measure": "restriction", "decided_on": "2021-06",
       "supersedes": "old"}],
     ["2020-01-01 old began (tightened)",
      "[2021-06-01..2021-06-15] old ended by new or its own terms",
      "2021-06 new began (loosened)"]),
    # one that begins on the day of the other is not that one put off
    ([{"policy_id": "old", "decided_on": "2024-06-13", "effective_on": "2026-08-02"},
      {"policy_id": "off", "measure": "none", "decided_on": "2026-06-29",
       "effective_on": "2026-07-10", "supersedes": "old"},
      {"policy_id": "new", "decided_on": "2026-06-29", "effective_on": "2026-08-02"}],
     ["2024-06-13 old decided", "2026-06-29 new decided", "2026-06-29 off decided",
      "2026-07-10 off began", "2026-08-02 new began (tightened)"]),
    # put off before it began: one event, no repeal
    ([{"policy_id": "old", "measure": "restriction", "decided_on": "2024-06-13",
       "effective_on": "2026-08-02"},
      {"policy_id": "off", "measure": "none", "decided_on": "2026-06-29",
       "effective_on": "2026-07-10", "supersedes": "old"},
      {"policy_id": "new", "measure": "restriction", "decided_on": "2026-06-29",
       "effective_on": "2027-12-02"}],
     ["2024-06-13 old decided", "2026-06-29 new decided by old (postponed)",
      "2027-12-02 new began (tightened)"]),
]  # fmt: skip
LEAST = {"measure": "oversight", "uses": "live"}


@pytest.mark.parametrize("cells", [LEAST, {"applies_to": "police;government"}], ids=str)
def test_the_lowest_rule_and_one_for_many_can_be_put_off_too(cells: dict[str, str]) -> None:
    rows, lines = FAULTS[-1]
    kept = {"measure": "none"}  # of the repeal
    some = [row | cells | (kept if row["measure"] == "none" else {}) for row in rows]
    assert told(some) == lines


def test_what_was_put_off_is_known_only_afterwards() -> None:
    rows = FAULTS[-1][0]
    known = build(policies(rows), known_at=day("2025-06-30"))
    (period,) = known.periods.to_dict("records")
    assert (period["policy_id"], str(period["valid_from"].date())) == ("old", "2026-08-02")
    (period, _) = build(policies(rows)).periods.to_dict("records")
    assert period["policy_id"] == "off"
    assert not build(policies(rows)).positions["lifted"].any()


def told(rows: Rows, known_at: str | None = None) -> list[str]:
    lines = []
    found = build(policies(rows), known_at=day(known_at) if known_at else None).events
    assert list(found.index) == list(range(len(found)))
    for event in found.to_dict("records"):
        low, high = event["on_low"], event["on_high"]
        assert low != low or low.year > 1  # of "on B at the latest" no first day is told
        days = format_days(date.min if low != low else low.date(), high.date())
        causes = [event["causes"]] if event["causes"] else []
        causes += ["its own terms"] if causes and event["own_terms"] else []
        cause = f" by {' or '.join(causes)}" if causes else ""
        effect = f" ({event['effects']})" if event["effects"] else ""
        named = set(event["applies_to"].split(";"))
        row = next(row for row in complete(rows) if row["policy_id"] == event["policy_id"])
        who = "" if named == set(row["applies_to"].split(";")) else f" [{event['applies_to']}]"
        doubt = "" if event["certain"] else "?"
        lines.append(f"{days} {event['policy_id']}{who} {event['kind']}{doubt}{cause}{effect}")
    return lines


@pytest.mark.parametrize(("rows", "expected"), [*TOLD, *OUTCOMES, *ENDS, *EFFECTS, *FAULTS])
def test_events_in_order(rows: Rows, expected: list[str]) -> None:
    assert told(rows) == expected


HEARD = [
    ([LAW], "2020-03-04", []),
    ([LAW], "2020-03-05", ["2020-03-05 act-0 introduced"]),
    ([LAW], "2020-06-09", ["2020-03-05 act-0 introduced"]),
    ([LAW], "2020-06-10", [
        "2020-03-05 act-0 introduced",
        "2020-06-10 act-0 decided",
        "2020-09-01 act-0 began (tightened)",
    ]),
    ([BILL], "2020-06-09", ["2020-03-05 act-0 introduced"]),
    ([BILL], "2020-06-10", ["2020-03-05 act-0 introduced", "2020-06-10 act-0 failed"]),
    ([{**BILL, "introduced_on": ""}], "2020-06-09", []),
    # on a day on which it may have been heard of or not
    ([{**BILL, "decided_on": "2020-06"}], "2020-06-15",
     ["2020-03-05 act-0 introduced", "2020-06 act-0 failed?"]),
    ([{**LAW, "decided_on": "2020-06"}], "2020-06-15", [
        "2020-03-05 act-0 introduced",
        "2020-06 act-0 decided?",
        "2020-09-01 act-0 began?",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "known_at", "expected"), HEARD)
def test_events_as_known_on_a_day(rows: Rows, known_at: str, expected: list[str]) -> None:
    assert told(rows, known_at) == expected


def test_whom_an_end_concerns() -> None:
    """One event for each cause, with the actors for whom it is the cause."""
    rows = [
        {**EXPIRING[0], "policy_id": "old", "applies_to": "government;police;schools"},
        {"policy_id": "new", "decided_on": "2022-01-01", "applies_to": "police;schools",
         "supersedes": "old"},
    ]  # fmt: skip
    found = build(policies(rows)).events
    columns = ["policy_id", "subject_key", "kind", "applies_to", "causes"]
    assert found[columns].to_numpy().tolist() == [
        ["old", "us-ma-springfield", "decided", "police;government;schools", ""],
        ["old", "us-ma-springfield", "began", "police;government;schools", ""],
        ["new", "us-ma-springfield", "began", "police;schools", ""],
        ["old", "us-ma-springfield", "ended", "police;schools", "new"],
        ["old", "us-ma-springfield", "ended", "government", ""],
    ]


def test_which_beginnings_are_presumed() -> None:
    """From the decision, where no start is recorded; nothing else is presumed."""
    rows = [
        {"introduced_on": "2019-01-01", "decided_on": "2020-01-01"},
        {"decided_on": "2020-02-01", "effective_on": "2020-03-01"},
        {**EXPIRING[0], "effective_on": ""},
    ]
    found = build(policies(rows)).events
    assert found["start_presumed"].dtype == bool
    assert found[["policy_id", "kind", "start_presumed"]].to_numpy().tolist() == [
        ["act-0", "introduced", False],
        ["act-0", "began", True],
        ["act-1", "decided", False],
        ["act-1", "began", False],
        ["act-2", "began", True],
        ["act-2", "ended", False],
    ]


def test_ids_differ_whatever_the_names_of_the_rules() -> None:
    """For the police a ends by c or by d; by then the end for schools has the id that says so."""
    whom = {"a": "police;government;schools", "c": "police;government", "d": "police"}
    rows = [
        {"policy_id": name, "applies_to": who, "supersedes": "" if name == "a" else "a",
         "measure": "ban" if name == "a" else "restriction", "decided_on": decided,
         "confidence": "low" if name == "d" else "high"}
        for (name, who), decided in zip(
            [*whom.items(), ("c-d-police", "schools")],
            ["2021-01-01", "[2021-02-01..2021-02-10]", "2021-02-05", "2021-02-01"],
            strict=True,
        )
    ]  # fmt: skip
    found = build(policies(rows)).events
    ended = found[found["kind"] == "ended"]
    assert dict(zip(ended["event_id"], ended["causes"], strict=True)) == {
        "a-ended-c-d-police": "c-d-police",
        "a-ended-c": "c",
        "a-ended-c-d-police-ended": "c;d",
    }
