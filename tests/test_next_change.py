"""What changes next, what is lifted, and what a market is: the status document, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from frtracker.answers.here import history_in_place
from frtracker.answers.status import Filters, status
from frtracker.dates import parse
from frtracker.places.place import of_region
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables, read
from frtracker.timeline import Market, build
from tables import policies


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read()


def asked(tables: Tables, day: str, known_at: str = "", **filters: Any) -> dict[str, Any]:
    timeline = build(
        tables.policies,
        known_at=date.fromisoformat(known_at) if known_at else None,
        market=Market(*filters["markets"]) if "markets" in filters else None,
    )
    found = status(tables, timeline, date.fromisoformat(day), filters=Filters(**filters))
    return {entry["subject_key"]: entry for entry in found["subjects"]}


def test_the_next_change_is_that_of_the_actors_asked_about(tables: Tables) -> None:
    """Colorado, June 2022: a pause for schools and a restriction for others on one day."""
    change = asked(tables, "2022-06-15")["us-co"]["next_change"]
    assert change["on"] == "2022-08-10"
    told = [(each["measure"], each["applies_to"]) for each in change["changes"]]
    assert told[0] == ("moratorium", ["schools"])
    assert ("restriction", ["police", "government"]) in told
    (change,) = asked(tables, "2022-06-15", for_actors=("police",))["us-co"]["next_change"][
        "changes"
    ]
    assert (change["measure"], change["applies_to"]) == ("restriction", ["police"])


def test_each_position_has_its_own_next_change(tables: Tables) -> None:
    """Maine, the day before its law was decided: it begins for all on one day."""
    entry = asked(tables, "2021-07-15")["us-me"]
    on = {actor: p and p["next_change"]["on"] for actor, p in entry["positions"].items() if p}
    assert on["police"] == on["government"] == "2021-10-01"


def test_an_agency_of_a_market_counts_as_it_is(tables: Tables) -> None:
    plain = asked(tables, "2021-06-01")
    (key,) = [key for key in plain if "metropolitan-washington" in key]
    here = asked(tables, "2021-06-01", markets=("US",))
    assert here[key]["positions"] == plain[key]["positions"]
    assert key in asked(tables, "2021-06-01", markets=("US-VA",))


DATES = ("introduced_on", "decided_on", "last_confirmed_on")


def test_nothing_of_later_is_shown_as_known_on_a_day(tables: Tables) -> None:
    for known_at in ("2020-12-05", "2020-12-31"):
        for entry in asked(tables, "2021-06-15", known_at, everything=True).values():
            for row in entry["policies"]:
                for name in DATES:
                    assert not row[name] or parse(row[name]).low <= date.fromisoformat(known_at), (
                        row
                    )


def test_the_history_of_a_subject_is_that_of_the_day_of_knowledge(tables: Tables) -> None:
    place = of_region(subjects_by_key(tables.subjects), "US-MA")
    known = date(2020, 12, 5)
    timeline = build(tables.policies, known_at=known)
    for act in history_in_place(tables, timeline, known, place)["policies"]:
        assert all(not act[name] or parse(act[name]).low <= known for name in DATES), act
        assert act["status"] == "proposed" or act["decided_on"]


def test_a_vendor_is_not_listed_in_a_market_for_what_holds_in_another(tables: Tables) -> None:
    vendor = {"subject": "Amazon", "subject_type": "vendor", "country": "US", "region": ""}
    vendor |= {"subject_key": "vendor-amazon"}
    paused = {"measure": "moratorium", "effective_on": "2019-01-01", "expires_on": "2020-01-01"}
    rows = [
        vendor | paused | {"policy_id": "a", "territory": "DE", "decided_on": "2019-01-01"},
        vendor | {"policy_id": "b", "territory": "FR", "decided_on": "2019-01-01"},
    ]
    few = replace(tables, policies=policies(rows))
    assert "vendor-amazon" in asked(few, "2019-06-01", markets=("DE",))
    assert "vendor-amazon" in asked(few, "2021-06-01", markets=("FR",))
    assert "vendor-amazon" not in asked(few, "2021-06-01", markets=("DE",))


def test_the_rule_shown_last_says_when_a_position_was_last_confirmed(tables: Tables) -> None:
    """A range that ends earlier is earlier, however it is written."""
    open_end = {"subject_key": "us-ma", "decided_on": "2019", "ends_when": "a law is made"}
    open_end |= {"subject": "Massachusetts", "subject_type": "state", "measure": "moratorium"}
    rows = [
        {**open_end, "last_confirmed_on": "[2020-01-01..2020-06-30]"},
        {**open_end, "last_confirmed_on": "2024-03-05"},
    ]
    record = replace(tables, policies=policies(rows))
    document = status(record, build(record.policies), date(2025, 1, 1))
    (entry,) = document["subjects"]
    assert entry["positions"]["police"]["last_confirmed_on"] == "2024-03-05"
