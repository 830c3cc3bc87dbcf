"""Whoever asks about a place by name gets its own rules and those of others that apply there."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from frtracker.answers.explain import explain
from frtracker.answers.status import Filters, status
from frtracker.cli import main
from frtracker.layers import Joint, Readings, layers
from frtracker.places.names import resolve
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import Subject
from frtracker.record import load as table
from frtracker.timeline import build, positions_on
from frtracker.vocabulary import ACTORS
from tables import policies

Document = dict[str, Any]


@cache
def run(*words: str) -> str:
    result = CliRunner(env={"SOURCE_DATE_EPOCH": "1795305600"}).invoke(main, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def relations(entries: list[Document]) -> list[tuple[str, str]]:
    return [(entry["subject"], entry["relation"]) for entry in entries]


LOUISIANA = ("Louisiana", "state")
APPLIES = [
    ("Detroit", "2026-11-22", [("Detroit Police Department", "agency")]),
    ("Detroit", "2019", [("Detroit Police Department", "agency")]),
    ("Detroit", "2018", []),
    ("San Diego", "2021", [("San Diego Police Department", "agency"), ("California", "state")]),
    ("Los Angeles", "2022", [
        ("Los Angeles Police Department", "agency"),
        ("University of California, Los Angeles", "agency"), ("California", "state")]),
    ("Toronto", "2024", [("Toronto Police Service", "agency")]),
    ("New Orleans", "2026", [("New Orleans Police Department", "agency"), LOUISIANA]),
    ("Daly City, CA", "2022", [("California", "state")]),
    ("Seattle", "2022", [("Washington", "state")]),  # King County's ban is for its own bodies
    ("NYPD", "2024", [("New York City", "city")]),  # New York's ban is for schools
    ("Germany", "2026", [("European Union", "union")]),
    ("Switzerland", "2026", []),
    ("53.35,-6.26", "2026", [("European Union", "union")]),
    ("Amazon", "2021", []),
]  # fmt: skip


@pytest.mark.parametrize(("place", "as_of", "expected"), APPLIES)
def test_the_rules_of_others_that_apply_in_a_place(
    place: str, as_of: str, expected: list[tuple[str, str]]
) -> None:
    words = ("--as-of", as_of, "-f", "json")
    found = json.loads(run("status", "--subject", place, *words))
    own = [entry for entry in found["subjects"] if entry["relation"] == "own"]
    assert len(own) == 1, "a place asked about by name is there, whatever is recorded"
    assert relations(own[0]["applies_here"]) == expected
    assert relations(found["subjects"][1:]) == expected
    shown = json.loads(run("show", place, *words))
    assert relations(shown["applies_here"]) == expected


def test_only_own_rules_are_counted() -> None:
    found = json.loads(run("status", "--subject", "Detroit", "--as-of", "2024", "-f", "json"))
    assert found["counts"]["agencies"]["general"]["restriction"] == 0
    assert found["counts"]["places"]["none"] == 0, "no act is no repeal"


def test_only_rules_that_reach_are_told() -> None:
    found = json.loads(run("status", "--subject", "Ireland", "--as-of", "2026", "-f", "json"))
    (union,) = (e for e in found["subjects"] if e["subject"] == "European Union")
    assert [rule["policy_id"] for rule in union["policies"]] == ["eu-ai-act-2024-scraping"]
    assert union["positions"]["police"]["also"] == []


TEXTS = [
    (("status", "--subject", "Raleigh"), "Raleigh, NC  no act on record"),
    (("status", "--subject", "Detroit"), "- Detroit Police Department (agency): police: restric"),
    (("status", "--subject", "Baltimore, MD"), "Baltimore, MD  no rule in force"),
    (
        ("show", "Detroit"),
        "- Detroit Police Department (agency): police: restriction",
    ),
    (("show", "New Orleans"), "- New Orleans Police Department (agency): police: moratorium"),
    (("show", "Daly City, CA", "--as-of", "2022"), "- California (state): police: moratorium"),
    (("show", "37.8,-122.2"), "37.8,-122.2 (point, Alameda County, California)"),
    (("show", "37.8,-122.2"), "no act of 37.8,-122.2 is on record"),
    (("status", "--subject", "37.8,-122.2"), "37.8,-122.2  no act on record"),
    (("explain", "45.52,-122.68"), "city unknown, so no rule of a city such as Portland) on 22"),
    (("changes", "--since", "2019", "--subject", "Detroit"), "Detroit Police Department, MI"),
    (("upcoming", "--as-of", "2021-06", "--subject", "Lowell, MA"), "Massachusetts: restriction"),
]


@pytest.mark.parametrize(("words", "line"), TEXTS)
def test_every_text_tells_them(words: tuple[str, ...], line: str) -> None:
    assert line in run(*words)


ROWS = [
    (("status", "--subject", "New Orleans"),
     {("us-la-new-orleans", "own"), ("us-la-new-orleans-police-department", "agency"),
      ("us-la", "state")}),
    (("show", "Raleigh"), {("us-nc-raleigh-police-department", "agency")}),
    (("changes", "--since", "2019", "--subject", "Portland, ME"),
     {("us-me-portland", "own"), ("us-me", "state")}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), ROWS)
def test_rows_of_others_follow_with_their_relation(
    words: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*words, "-f", "csv"))))
    assert {(row["subject_key"], row["relation"]) for row in rows} == expected
    order = [row["relation"] != "own" for row in rows]
    assert words[0] == "changes" or order == sorted(order)


MARKETS = [
    (("--country", "DE"), [("European Union", "union")]),
    (("--country", "Germany"), [("European Union", "union")]),
    (("--country", "DEU"), [("European Union", "union")]),
    (("--country", "IE"), [("European Union", "union")]),
    (("--country", "CH"), []),
    (("--country", "US"), []),
    (("--country", "DE", "--type", "city"), []),
    (("--region", "Louisiana"), []),
]


@pytest.mark.parametrize(("words", "expected"), MARKETS)
def test_a_country_lists_the_unions_whose_rules_apply_there(
    words: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    found = json.loads(run("status", *words, "--as-of", "2026-11", "-f", "json"))
    assert [r for r in relations(found["subjects"]) if r[1] != "own"] == expected


def test_what_is_recorded_of_a_named_place_is_not_lost_for_whom_it_is_asked() -> None:
    """Boston has acts, none of them for private users: null means that none is recorded."""
    found = json.loads(run("status", "--subject", "Boston, MA", "--for", "private", "-f", "json"))
    positions = found["subjects"][0]["positions"]
    assert positions["police"]["measure"] == "ban"
    assert positions["private"] is None


SAME = [
    (("--country", "US"), ("--country", "usa"), ("--country", "United States")),
    (("--country", "GB"), ("--country", "UK"), ("--country", "Great Britain")),
    (("--region", "US-LA"), ("--region", "LA"), ("--region", "Louisiana"), ("--region", "La.")),
    (("--region", "CA-ON"), ("--country", "Canada", "--region", "ON")),
    (("--country", "US", "--subject", "MA"), ("--subject", "Massachusetts", "--country", "US")),
]


@pytest.mark.parametrize("calls", SAME)
def test_every_way_of_naming_is_the_same_question(calls: tuple[tuple[str, ...], ...]) -> None:
    assert len({run("status", "--as-of", "2022", *words) for words in calls}) == 1


# --- the law: with one layer, explain says what status says


RUNS = [
    ("Jackson, MS", "police"),
    ("Colorado", "schools"),
    ("Oakland, CA", "police"),
    ("Massachusetts", "police"),
]


@pytest.mark.parametrize(("name", "actor"), RUNS)
def test_explain_and_status_agree_on_the_record(name: str, actor: str) -> None:
    tables = table.read()
    place, day = resolve(tables, name), date(2026, 11, 22)
    filters = Filters(keys=frozenset({place.key}), everything=True)
    (entry,) = status(tables, build(tables.policies), day, filters=filters)["subjects"]
    own, bound = entry["positions"][actor], explain(tables, place, day)["positions"][actor]
    for column in ("measure", "scope", "certain", "at_least", "since", "until"):
        assert bound[column] == own[column]


def test_since_is_of_the_law_that_applies_not_of_the_stricter_one_above_it() -> None:
    tables = table.read()
    bound = explain(tables, resolve(tables, "Baltimore, MD"), date(2026, 11, 22))["positions"]
    assert bound["private"]["since"] == "2020-10-01", "Maryland's, not the end of Baltimore's"
    seattle = explain(tables, resolve(tables, "Seattle, WA"), date(2020, 6, 1))["positions"]
    assert seattle["police"]["until"] is None, "Seattle's ordinance goes on beneath the state's"


CITY = Subject("us-ma-springfield", "Springfield", "city", "US", "US-MA", ("Hampden County",), ())
PLACE: Place = of_subject({CITY.key: CITY}, CITY)
days = st.dates(date(2021, 1, 1), date(2021, 3, 1)).map(date.isoformat)
spans = st.tuples(days, days).map(lambda pair: f"[{min(pair)}..{max(pair)}]")
rules = st.lists(
    st.fixed_dictionaries(
        {
            "measure": st.sampled_from(["ban", "restriction", "none"]),
            "uses": st.sampled_from(["any", "any", "live"]),
            "decided_on": st.just("2020-06-01"),
            "effective_on": spans,
            "confidence": st.sampled_from(["high", "high", "high", "low"]),
        },
        optional={"supersedes": st.sampled_from(["p0", "p1"]), "expires_on": days},
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rules, st.dates(date(2020, 12, 1), date(2021, 4, 1)))
def test_with_one_layer_explain_is_status(rows: list[dict[str, str]], day: date) -> None:
    named = [row | {"policy_id": f"p{number}"} for number, row in enumerate(rows)]
    typed = policies(
        {k: v for k, v in row.items() if k != "supersedes" or v < row["policy_id"]} for row in named
    )
    subjects = {CITY.key: CITY}
    joint = Joint(Readings(typed), PLACE, layers(subjects, PLACE))
    own = positions_on(build(typed), day)
    assert {actor for actor in ACTORS if joint.on(actor, day)} == set(own["actor"])
    for row in own.to_dict("records"):
        position = joint.on(row["actor"], day)
        assert position is not None
        floor = (row["at_least_measure"], row["at_least_scope"])
        for name in ("measure", "scope", "certain", "lifted"):
            assert position[name] == row[name], name
        assert (position["at_least_measure"], position["at_least_scope"]) == floor
        for name in ("since", "until"):
            run_days = position[f"{name}_low"], position[f"{name}_high"]
            low, high = row[f"{name}_low"], row[f"{name}_high"]
            known = not (pd.isna(low) or pd.isna(high))
            assert run_days == ((low.date(), high.date()) if known else (None, None)), name
