"""The state of a rule from day to day: the whole story of one row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from frtracker.dates import parse
from frtracker.timeline import build, states_on
from tables import day, policies

Rows = list[dict[str, str]]


def story(rows: Rows, known_at: str | None = None) -> list[str]:
    """Each day on which the first row's state changes, and to what: ``?`` where it is not certain,
    then for whom it has ended."""
    timeline = build(policies(rows), known_at=day(known_at) if known_at else None)
    spans = [parse(row[name]) for row in rows for name in row if name.endswith("_on") and row[name]]
    ends = {end for span in spans for end in (span.low, span.high)} - {date.min}
    told, before = [], "not_yet"
    for today in sorted({end + timedelta(n) for end in ends for n in (-1, 0, 1)}):
        row = states_on(timeline, today).iloc[0]
        now = row["state"] + "?" * (not row["certain"])
        if row["superseded_for"]:
            now += f" but for {row['superseded_for']}"
        if now != before:
            told.append(f"{today} {now}")
        before = now
    return told


BILL = {"status": "failed", "introduced_on": "2020-03-05", "decided_on": "2020-06-10"}
MONTHS = {"status": "failed", "introduced_on": "2020-03", "decided_on": "2020-06"}
LOST = {"status": "unknown", "introduced_on": "2020-03-05", "last_confirmed_on": "2020-08-01"}
LAW = {"introduced_on": "2020-03-05", "decided_on": "2020-06-10", "effective_on": "2020-09-01"}
NARROWED = {
    "policy_id": "old",
    "decided_on": "2020-06-10",
    "applies_to": "government;police;schools",
}
REPEAL = {"policy_id": "repeal", "measure": "none", "supersedes": "old"}

PROPOSALS = [
    ([BILL], ["2020-03-05 proposed", "2020-06-10 failed"]),
    ([{**BILL, "status": "vetoed"}], ["2020-03-05 proposed", "2020-06-10 vetoed"]),
    ([{**BILL, "status": "pulled"}], ["2020-03-05 proposed", "2020-06-10 pulled"]),
    ([{**BILL, "status": "lapsed"}], ["2020-03-05 proposed", "2020-06-10 lapsed"]),
    # inside a partial date it may be one or the other
    ([MONTHS], [
        "2020-03-01 proposed?",
        "2020-03-31 proposed",
        "2020-06-01 proposed?",
        "2020-06-30 failed",
    ]),
    ([{**MONTHS, "introduced_on": "2020"}], ["2020-01-01 proposed?", "2020-06-30 failed"]),
    ([{**MONTHS, "introduced_on": ""}], ["2020-06-01 proposed?", "2020-06-30 failed"]),
    ([{**BILL, "decided_on": "[..2021-01-03]"}], ["2020-03-05 proposed?", "2021-01-03 failed"]),
    ([{**BILL, "introduced_on": "", "decided_on": "[..2021-01-03]"}],
     ["2021-01-02 not_yet?", "2021-01-03 failed"]),
    ([{**BILL, "introduced_on": "[..2020-03-05]"}],
     ["2020-03-04 not_yet?", "2020-03-05 proposed", "2020-06-10 failed"]),
    # an end that no source dates may have come at any time
    *(([{**BILL, "status": status, "decided_on": ""}], ["2020-03-05 proposed?"])
      for status in ("failed", "vetoed", "pulled", "lapsed")),
    ([{"status": "failed", "reviewed_on": "2026-11-22"}], ["2026-11-22 proposed?"]),
    ([{**MONTHS, "status": "proposed", "decided_on": ""}],
     ["2020-03-01 proposed?", "2020-03-31 proposed"]),
    # pending as long as a source shows it
    ([LOST], ["2020-03-05 proposed", "2020-08-02 unknown"]),
    ([{**LOST, "last_confirmed_on": ""}], ["2020-03-05 proposed", "2020-03-06 unknown"]),
    ([{**LOST, "introduced_on": "2020-03", "last_confirmed_on": "2020-03-10"}],
     ["2020-03-01 proposed?", "2020-03-31 proposed", "2020-04-01 unknown"]),
    ([{**LOST, "decided_on": "2020-07-01"}], ["2020-03-05 proposed", "2020-07-01 unknown"]),
]  # fmt: skip

AS_KNOWN = [
    ([BILL], "2020-03-04", []),
    ([BILL], "2020-03-05", ["2020-03-05 proposed"]),
    ([BILL], "2020-06-09", ["2020-03-05 proposed"]),
    ([BILL], "2020-06-10", ["2020-03-05 proposed", "2020-06-10 failed"]),
    ([MONTHS], "2020-03-15", ["2020-03-01 proposed?", "2020-03-31 proposed"]),
    # inside a partial decision a reader may have heard of it or not
    ([MONTHS], "2020-06-15", [
        "2020-03-01 proposed?",
        "2020-03-31 proposed",
        "2020-06-01 proposed?",
        "2020-06-30 failed?",
    ]),
    ([MONTHS], "2020-06-30", [
        "2020-03-01 proposed?",
        "2020-03-31 proposed",
        "2020-06-01 proposed?",
        "2020-06-30 failed",
    ]),
    ([{**BILL, "decided_on": ""}], "2020-04", ["2020-03-05 proposed?"]),
    ([{**BILL, "introduced_on": "[..2020-03-05]"}], "2020-03-04",
     ["2020-03-04 not_yet?"]),
    ([LOST], "2020-07-31", ["2020-03-05 proposed"]),
    ([LOST], "2020-08-01", ["2020-03-05 proposed", "2020-08-02 unknown"]),
    ([LAW], "2020-06-09", ["2020-03-05 proposed"]),
    ([LAW], "2020-06-10",
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 in_force"]),
    ([{**LAW, "decided_on": "2020-06"}], "2020-06-15",
     ["2020-03-05 proposed?", "2020-06-30 scheduled?", "2020-09-01 uncertain?"]),
]  # fmt: skip

RULES = [
    ([LAW], ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 in_force"]),
    ([{**LAW, "introduced_on": "2020-03", "decided_on": "2020-06", "effective_on": "2020-09"}], [
        "2020-03-01 proposed?",
        "2020-03-31 proposed",
        "2020-06-01 proposed?",
        "2020-06-30 scheduled",
        "2020-09-01 uncertain?",
        "2020-09-30 in_force",
    ]),
    ([{**LAW, "introduced_on": "", "decided_on": ""}], ["2020-09-01 in_force"]),
    ([{**LAW, "introduced_on": "", "effective_on": ""}], ["2020-06-10 in_force"]),
    ([{**LAW, "confidence": "low", "measure": "moratorium", "expires_on": "2021-09-01"}], [
        "2020-03-05 proposed?",
        "2020-06-10 scheduled?",
        "2020-09-01 uncertain?",
        "2021-09-01 expired?",
    ]),
    # retroactive: in force before it was decided
    ([{**LAW, "introduced_on": "", "effective_on": "2020-05-01"}], ["2020-05-01 in_force"]),
    ([{**LAW, "expires_on": "2021-06", "measure": "moratorium"}], [
        "2020-03-05 proposed",
        "2020-06-10 scheduled",
        "2020-09-01 in_force",
        "2021-06-01 uncertain?",
        "2021-06-30 expired",
    ]),
    # ended for some of those it names
    ([NARROWED, {**REPEAL, "decided_on": "2021-03", "applies_to": "police"}],
     ["2020-06-10 in_force", "2021-03-31 in_force but for police"]),
    ([NARROWED, {**REPEAL, "decided_on": "2021-03-01", "applies_to": "police;schools"},
      {"decided_on": "2022-01-01", "applies_to": "government", "supersedes": "old"}],
     ["2020-06-10 in_force", "2021-03-01 in_force but for police;schools",
      "2022-01-01 superseded"]),
    ([{**NARROWED, "expires_on": "2021-01-01", "measure": "moratorium"},
      {**REPEAL, "decided_on": "2020-12-01", "applies_to": "police"}],
     ["2020-06-10 in_force", "2020-12-01 in_force but for police", "2021-01-01 expired"]),
    # the earlier end is the cause; on one day, the law
    ([{**NARROWED, "expires_on": "2021-01-01", "measure": "moratorium"},
      {**REPEAL, "decided_on": "2021-01-01", "applies_to": NARROWED["applies_to"]}],
     ["2020-06-10 in_force", "2021-01-01 superseded"]),
    ([{**NARROWED, "expires_on": "2021-01-01", "measure": "moratorium"},
      {**REPEAL, "decided_on": "2021-02-01", "applies_to": NARROWED["applies_to"]}],
     ["2020-06-10 in_force", "2021-01-01 expired"]),
    # replaced on the day on which it would have begun
    ([{**LAW, "policy_id": "old"},
      {"decided_on": "2020-07-01", "effective_on": "2020-09-01", "supersedes": "old"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 superseded"]),
    # replaced for good before it could begin; scheduled for those for whom it still may
    ([{**LAW, "policy_id": "old"},
      {"decided_on": "2020-07-01", "effective_on": "2020-08-01", "supersedes": "old"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-08-01 superseded"]),
    ([{**LAW, "policy_id": "old", "applies_to": "police;government"},
      {**REPEAL, "decided_on": "2020-07-01", "applies_to": "police"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 in_force but for police"]),
    # a repeal that is itself repealed before it begins lifts nothing
    ([{**LAW, "policy_id": "old"}, {**REPEAL, "decided_on": "2020-08-01"},
      {"measure": "none", "decided_on": "2020-07-15", "supersedes": "repeal"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 in_force"]),
    # by its own terms or by a later rule: over, and the record cannot tell how
    ([{**LAW, "policy_id": "old", "measure": "moratorium", "expires_on": "2021-06-15"},
      {"measure": "restriction", "decided_on": "2021-06", "supersedes": "old"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 in_force",
      "2021-06-01 uncertain?", "2021-06-15 superseded?"]),
    # lifted before it began, on that day, or perhaps
    ([{**LAW, "policy_id": "old"}, {**REPEAL, "decided_on": "2020-07-01"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-07-01 superseded"]),
    ([{**LAW, "policy_id": "old"},
      {**REPEAL, "decided_on": "2020-07-01", "effective_on": "2020-09-01"}],
     ["2020-03-05 proposed", "2020-06-10 scheduled", "2020-09-01 superseded"]),
    ([{**LAW, "policy_id": "old"},
      {**REPEAL, "decided_on": "2020-07-01", "effective_on": "[2020-08-25..2020-09-05]"}], [
        "2020-03-05 proposed",
        "2020-06-10 scheduled",
        "2020-09-01 uncertain?",
        "2020-09-05 superseded",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [*PROPOSALS, *RULES])
def test_what_a_row_comes_to(rows: Rows, expected: list[str]) -> None:
    assert story(rows) == expected


@pytest.mark.parametrize(("rows", "known_at", "expected"), AS_KNOWN)
def test_what_a_row_comes_to_as_known_on_a_day(
    rows: Rows, known_at: str, expected: list[str]
) -> None:
    assert story(rows, known_at) == expected


PLEDGE = {"status": "announced", "decided_on": "2020-06-10"}
HELD = {**PLEDGE, "last_confirmed_on": "2021-03-01"}
UNTIL_A_LAW = {**LAW, "measure": "moratorium", "ends_when": "until a law is made"}
CONTINUED = [
    (HELD, None, "2021-03-02"),
    ({**HELD, "last_confirmed_on": "2021-03"}, None, "2021-04-01"),
    (HELD, "2021-01-15", "2021-01-16"),  # a confirmation that is still to come shows nothing
    (HELD, "2021-06", "2021-03-02"),
    # its decision and its start show a rule in force too
    (PLEDGE, None, "2020-06-11"),
    ({**PLEDGE, "effective_on": "2020-09"}, None, "2020-10-01"),
    ({**PLEDGE, "effective_on": "2020-05-01"}, None, "2020-06-11"),
    ({**PLEDGE, "decided_on": "", "effective_on": "2020-09-01"}, None, "2020-09-02"),
    ({**HELD, "effective_on": "2021-09-01"}, None, "2021-09-02"),
    # a condition may have come about; a law without one stands
    (UNTIL_A_LAW, None, "2020-09-02"),
    ({**UNTIL_A_LAW, "ends_when": "", "expires_on": "2022-01-01"}, None, None),
    (LAW, None, None),
]


@pytest.mark.parametrize(("row", "known_at", "expected"), CONTINUED)
def test_from_when_a_rule_is_presumed_to_go_on(
    row: dict[str, str], known_at: str | None, expected: str | None
) -> None:
    timeline = build(policies([row]), known_at=day(known_at) if known_at else None)
    near = [parse(expected).low + timedelta(n) for n in (-1, 0, 1)] if expected else []
    days = sorted({date(2020, 6, 1) + timedelta(30 * n) for n in range(17)} | set(near))
    presumed = [
        today for today in days if states_on(timeline, today).iloc[0]["continuation_presumed"]
    ]
    assert presumed == [today for today in days if expected and today >= parse(expected).low]


def test_what_may_be_in_force_may_be_presumed() -> None:
    row = {**HELD, "last_confirmed_on": "2020-01-01", "decided_on": "", "effective_on": "2020-06"}
    later = {"policy_id": "b", "measure": "none", "decided_on": "2021-03", "supersedes": "act-0"}
    timeline = build(policies([row, later]))
    told = [states_on(timeline, day(text)).iloc[0] for text in ("2020-06-29", "2021-03-30")]
    assert [(row["state"], bool(row["continuation_presumed"])) for row in told] == [
        ("uncertain", False),
        ("uncertain", True),
    ]


def test_states_have_the_types_that_are_promised() -> None:
    for rows in ([], [LAW]):
        found = states_on(build(policies(rows)), date(2021, 1, 1))
        assert found.dtypes.astype(str).to_dict() == {
            "policy_id": "str",
            "subject_key": "str",
            "state": "str",
            "certain": "bool",
            "superseded_for": "str",
            "start_presumed": "bool",
            "continuation_presumed": "bool",
            "valid_from": "datetime64[s]",
            "valid_to": "datetime64[s]",
        }


def test_what_has_ended_is_not_presumed_to_go_on() -> None:
    row = {**HELD, "measure": "moratorium", "expires_on": "2022-01-01"}
    timeline = build(policies([row]))
    presumed = [
        bool(states_on(timeline, date(2022, 1, 1) + timedelta(n)).iloc[0]["continuation_presumed"])
        for n in (-1, 0)
    ]
    assert presumed == [True, False]


@pytest.mark.parametrize(
    ("row", "expected"),
    [(LAW, []), ({**LAW, "effective_on": ""}, ["2020-06-10", "2020-09-01"]),
     ({**LAW, "decided_on": ""}, [])],
)  # fmt: skip
def test_on_which_days_a_start_is_presumed(row: dict[str, str], expected: list[str]) -> None:
    """From the decision, where no start is recorded; told while the rule holds."""
    timeline = build(policies([row]))
    days = ["2020-06-09", "2020-06-10", "2020-09-01"]
    assert [d for d in days if states_on(timeline, day(d)).iloc[0]["start_presumed"]] == expected


def test_what_a_doubtful_act_may_have_kept_from_beginning_ended_by_its_own_terms() -> None:
    rows = [
        {"policy_id": "pause", "measure": "moratorium", "decided_on": "2021-03-09",
         "expires_on": "[2021-03-14..2021-03-15]"},
        {"policy_id": "court", "measure": "none", "decided_on": "2021-03-07",
         "confidence": "low", "supersedes": "pause"},
    ]  # fmt: skip
    states = build(policies(rows)).states
    assert states[states["policy_id"] == "pause"]["state"].tolist()[-1] == "expired"
