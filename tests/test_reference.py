"""The slow reference says of the design's worked cases what the design says of them."""

from __future__ import annotations

from datetime import date

import pytest

from reference import Answer, answer, in_force

KEY = "us-ma-springfield"
BAN_2020 = {"policy_id": "ban", "decided_on": "2020-01-01"}


def on(day: str, *rows, actor: str = "police", **asked) -> Answer:
    known = asked.pop("known_at", None)
    return answer(
        rows,
        KEY,
        actor,
        date.fromisoformat(day),
        date.fromisoformat(known) if known else None,
        **asked,
    )


def short(found: Answer) -> str:
    """``uncertain ban (narrow), at least restriction``, as one would say it."""
    words = {None: "null"}.get(found.measure, found.measure)
    if found.scope == "narrow":
        words += " (narrow)"
    if not found.certain:
        words = f"uncertain {words}"
    if found.at_least:
        words += f", at least {found.at_least[0]}"
    return words


AMAZON = (
    {
        "policy_id": "one-year",
        "measure": "moratorium",
        "status": "announced",
        "decided_on": "2020-06-10",
        "expires_on": "2021-06",
    },
    {
        "policy_id": "further-notice",
        "measure": "moratorium",
        "status": "announced",
        "decided_on": "2021-05-18",
        "ends_when": "until further notice",
        "supersedes": "one-year",
    },
)
MASSACHUSETTS = (
    {"status": "failed", "introduced_on": "2020-12-01", "decided_on": "2020-12-10"},
    {"measure": "restriction", "decided_on": "2020-12-31", "effective_on": "2021-07-01"},
)
VIRGINIA = (
    {"policy_id": "v21", "effective_on": "2021-07-01"},
    {
        "policy_id": "v22",
        "measure": "restriction",
        "effective_on": "2022-07-01",
        "supersedes": "v21",
    },
    {"policy_id": "v26", "effective_on": "2026-07-01", "supersedes": "v22", "confidence": "low"},
)
CALIFORNIA = (
    {
        "measure": "moratorium",
        "uses": "body_camera",
        "effective_on": "2020-01-01",
        "expires_on": "2023-01-01",
    },
)
BALTIMORE = (
    {
        "measure": "moratorium",
        "applies_to": "government;private",
        "decided_on": "2021-08-09",
        "effective_on": "2021-09-08",
        "expires_on": "2023-01-01",
    },
)
NEW_ORLEANS = (
    {"policy_id": "n20", "applies_to": "police;government", "decided_on": "2020-12-18"},
    {
        "policy_id": "n22",
        "measure": "restriction",
        "decided_on": "2022-07-21",
        "supersedes": "n20",
    },
)
PORTLAND_ME = (
    {"policy_id": "council", "decided_on": "2020-08-03"},
    {
        "policy_id": "ballot",
        "decided_on": "2020-11-03",
        "effective_on": "2020-12",
        "supersedes": "council",
    },
)
JACKSON = (
    {"policy_id": "j20", "decided_on": "2020-08-18"},
    {
        "policy_id": "j23",
        "measure": "none",
        "decided_on": "[2023-01-01..2025-07-15]",
        "supersedes": "j20",
    },
)
WEST_LAFAYETTE = ({"status": "vetoed", "introduced_on": "2021-10-04", "decided_on": "2021-11-05"},)

CASES = [
    (AMAZON, "2020-06-09", "police", "null"),
    (AMAZON, "2020-06-10", "police", "moratorium"),
    (AMAZON, "2021-06-30", "police", "moratorium"),
    (MASSACHUSETTS, "2020-11-30", "police", "null"),
    (MASSACHUSETTS, "2021-06-30", "police", "none"),
    (MASSACHUSETTS, "2021-07-01", "police", "restriction"),
    (VIRGINIA, "2022-06-30", "police", "ban"),
    (VIRGINIA, "2022-07-01", "police", "restriction"),
    (VIRGINIA, "2026-07-01", "police", "uncertain ban, at least restriction"),
    (CALIFORNIA, "2022-12-31", "police", "moratorium (narrow)"),
    (CALIFORNIA, "2023-01-01", "police", "none"),
    (BALTIMORE, "2021-09-07", "private", "none"),
    (BALTIMORE, "2021-09-08", "private", "moratorium"),
    (BALTIMORE, "2021-09-08", "police", "null"),
    (BALTIMORE, "2023-01-01", "government", "none"),
    (NEW_ORLEANS, "2022-07-21", "police", "restriction"),
    (NEW_ORLEANS, "2022-07-21", "government", "ban"),
    (PORTLAND_ME, "2020-12-15", "police", "ban"),
    (JACKSON, "2022-12-31", "police", "ban"),
    (JACKSON, "2024-06-30", "police", "uncertain ban"),
    (JACKSON, "2025-07-15", "police", "none"),
    (WEST_LAFAYETTE, "2022-01-01", "police", "none"),
]


@pytest.mark.parametrize(("rows", "day", "actor", "expected"), CASES)
def test_worked_case(rows, day: str, actor: str, expected: str):
    assert short(on(day, *rows, actor=actor)) == expected


def test_run_goes_on_through_a_certain_handover():
    found = on("2021-06-30", *AMAZON)
    assert found.since == (date(2020, 6, 10), date(2020, 6, 10))
    assert found.until is None
    assert found.policy_ids == {"further-notice"}
    portland = on("2020-12-15", *PORTLAND_ME)
    assert portland.since == (date(2020, 8, 3), date(2020, 8, 3))
    assert portland.policy_ids == {"council", "ballot"}
    assert set(_states("2020-12-15", PORTLAND_ME).values()) == {"some"}


def _states(day: str, rows) -> dict[str, str]:
    at = date.fromisoformat(day)
    return {key: by_day[at] for key, by_day in in_force(rows, KEY, "police", [at]).items()}


def test_known_before_the_extension_the_moratorium_has_an_uncertain_end():
    found = on("2021-06-15", *AMAZON, known_at="2021-05-01")
    assert short(found) == "uncertain moratorium"
    assert short(on("2021-07-01", *AMAZON, known_at="2021-05-01")) == "none"
    assert short(on("2021-07-01", *MASSACHUSETTS, known_at="2020-12-05")) == "none"
    assert short(on("2021-07-01", *MASSACHUSETTS[1:], known_at="2020-12-05")) == "null"


def test_run_whose_ends_are_in_doubt():
    rows = (
        BAN_2020 | {"decided_on": "[2020-01-01..2020-01-03]"},
        {
            "measure": "oversight",
            "decided_on": "2020-02-01",
            "effective_on": "[2020-01-30..2020-02-02]",
            "supersedes": "ban",
        },
    )
    found = on("2020-01-15", *rows)
    assert found.since == (date(2020, 1, 1), date(2020, 1, 3))
    assert found.until == (date(2020, 2, 1), date(2020, 2, 2))
    assert found.prohibited_since == found.since


def test_start_at_the_latest():
    found = on("2021-06-15", {"effective_on": "[..2021-06-15]"})
    assert found.certain
    assert found.since == (date.min, date(2021, 6, 15))
    assert short(on("2021-06-14", {"effective_on": "[..2021-06-15]"})) == "uncertain ban"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # the repeal comes before the start: the rule never begins and ends nothing
        (({"decided_on": "2020-03-01", "supersedes": "ban", "policy_id": "b",
           "measure": "oversight"},
          {"decided_on": "2020-02-01", "supersedes": "b", "measure": "none"}), "ban"),
        # the repeal is itself repealed in time
        (({"decided_on": "2020-03-01", "supersedes": "ban", "policy_id": "b", "measure": "none"},
          {"decided_on": "2020-02-01", "supersedes": "b", "measure": "none"}), "ban"),
        # the repeal is repealed too late: an ended rule does not revive
        (({"decided_on": "2020-03-01", "supersedes": "ban", "policy_id": "b", "measure": "none"},
          {"decided_on": "2020-03-02", "supersedes": "b", "measure": "none"}), "none"),
        # a successor that is over ends its predecessor all the same
        (({"decided_on": "2020-03-01", "supersedes": "ban", "expires_on": "2020-03-05"},), "none"),
    ],
)  # fmt: skip
def test_ends(rows, expected: str):
    assert short(on("2020-06-01", BAN_2020, *rows)) == expected


def test_lifted_when_a_repeal_is_why():
    assert on("2025-07-15", *JACKSON).lifted
    assert not on("2023-01-01", *CALIFORNIA).lifted


def test_vendor_and_its_markets():
    vendor = {"subject_type": "vendor", "decided_on": "2020-07-01", "measure": "withdrawal"}
    canada, home, part = ({**vendor, "territory": t} for t in ("CA", "US", "US-IL"))
    assert short(on("2021-01-01", canada)) == "none"
    assert short(on("2021-01-01", canada, market="CA")) == "withdrawal"
    assert short(on("2021-01-01", home)) == "withdrawal"
    assert short(on("2021-01-01", part)) == "none"
    assert short(on("2021-01-01", home, market="US-IL")) == "withdrawal"
    assert short(on("2021-01-01", part, market="US-IL")) == "withdrawal"
    assert short(on("2021-01-01", part, market="US")) == "none"
