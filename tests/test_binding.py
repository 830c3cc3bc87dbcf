"""Which rules reach a place, and what they come to together: the law of DESIGN's three readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frtracker.dates import format_days
from frtracker.layers import Joint, Readings, layers, spells
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import Subject
from frtracker.record.tables import subject_key
from frtracker.timeline import build, positions_on
from frtracker.timeline.rules import RANKED
from tables import policies

DAY = date(2022, 6, 1)

KINDS = {
    "Springfield": ("city", "US", "US-MA", ("Hampden County",)),
    "Hampden County": ("county", "US", "US-MA", ()),
    "Massachusetts": ("state", "US", "US-MA", ()),
    "United States": ("country", "US", "", ()),
    "European Union": ("supranational", "", "", ()),
    "Springfield Police": ("agency", "US", "US-MA", ("Springfield", "Hampden County")),
    "Springfield College": ("school", "US", "US-MA", ("Springfield", "Hampden County")),
    "Hampden Sheriff": ("agency", "US", "US-MA", ("Hampden County",)),
    "State Railway": ("agency", "US", "US-MA", ()),
    "Federal Bureau": ("agency", "US", "", ()),
    "Dublin": ("city", "IE", "", ()),
    "Lausanne": ("city", "CH", "CH-VD", ()),
    "Berlin": ("city", "DE", "DE-BE", ()),
    "Watcher": ("vendor", "US", "", ()),
}


def key_of(name: str) -> str:
    kind, country, region, _ = KINDS[name]
    return subject_key(country, region, kind, name)


SUBJECTS: Mapping[str, Subject] = {
    key_of(name): Subject(key_of(name), name, kind, country, region, within, ())
    for name, (kind, country, region, within) in KINDS.items()
}


def place(name: str) -> Place:
    """The place of a subject above, or of Chicopee, in the county but without acts."""
    if name == "Chicopee":
        return replace(of_subject(SUBJECTS, SUBJECTS[key_of("Springfield")]), name=name, key="")
    return of_subject(SUBJECTS, SUBJECTS[key_of(name)])


def rule(subject: str, measure: str = "ban", **cells: str) -> dict[str, str]:
    kind, country, region, _ = KINDS[subject]
    usual = {"effective_on": "2021-01-01", "decided_on": "2020-06-01", "reach": "own"}
    return {
        **usual,
        "subject": subject,
        "subject_type": kind,
        "country": country,
        "region": region,
        "subject_key": key_of(subject),
        "measure": measure,
        **cells,
    }


def answer(name: str, actor: str, *rows: dict[str, str], day: date = DAY) -> str:
    """``ban by Massachusetts``; ``none``; ``null``; ``uncertain ban (restriction) by …``"""
    asked = place(name)
    of = layers(SUBJECTS, asked)
    held = Joint(Readings(policies(rows)), asked, of).on(actor, day)
    if held is None:
        return "null"
    said = held["measure"] + " (narrow)" * (held["scope"] == "narrow")
    if held["lifted"]:
        said = f"{said}, lifted"
    if not held["certain"]:
        said = f"uncertain {said}, at least {held['at_least_measure'] or 'none'}"
    makers = " and ".join(of[number].name for number in held["makers"])
    return f"{said} by {makers}" if makers else said


REACH = [
    # a county's rule for its own departments stops there; one for all passes down
    ("Springfield", "police", [rule("Hampden County", reach="own")], "null"),
    ("Springfield", "police", [rule("Hampden County", reach="below")], "ban by Hampden County"),
    ("Springfield", "police", [rule("Hampden County", reach="all")], "ban by Hampden County"),
    ("Hampden County", "police", [rule("Hampden County", reach="own")], "ban by Hampden County"),
    ("Springfield", "police", [rule("Massachusetts", reach="own")], "null"),
    ("Springfield", "police", [rule("Massachusetts", reach="below")], "ban by Massachusetts"),
    ("Chicopee", "police", [rule("Massachusetts", reach="all")], "ban by Massachusetts"),
    ("Springfield", "police", [rule("United States", reach="own")], "null"),
    ("Springfield", "police", [rule("United States", reach="all")], "ban by United States"),
    # rules on private hold for all who are there, whatever the cell says
    ("Chicopee", "private", [rule("Hampden County", applies_to="private", reach="")],
     "ban by Hampden County"),
    # but a county's where no municipality governs
    ("Chicopee", "private", [rule("Hampden County", applies_to="private", reach="own")], "null"),
    ("Chicopee", "private", [rule("Hampden County", applies_to="private", reach="all")],
     "ban by Hampden County"),
    ("Hampden County", "private", [rule("Hampden County", applies_to="private", reach="own")],
     "ban by Hampden County"),
    # a rule of one actor says nothing of another
    ("Chicopee", "schools", [rule("Massachusetts", reach="all")], "null"),
    # nor does one that stops beside it
    ("Chicopee", "schools",
     [rule("Massachusetts", policy_id="a", reach="all"),
      rule("Massachusetts", policy_id="b", reach="own", applies_to="schools")], "null"),
    # what a place decides does not rise
    ("Massachusetts", "police", [rule("Springfield", reach="all")], "null"),
    # vendors' promises bind vendors
    ("Springfield", "police", [rule("Watcher", "moratorium", reach="", ends_when="further notice",
                                    territory="US")], "null"),
    # a row that stops at its own bodies still ends what it supersedes
    ("Chicopee", "police",
     [rule("Massachusetts", policy_id="a", reach="all"),
      rule("Massachusetts", policy_id="b", reach="own", effective_on="2022-01-01", supersedes="a")],
     "none"),
    ("Springfield", "police",
     [rule("Springfield", policy_id="a"),
      rule("Springfield", "none", policy_id="b", effective_on="2022-01-01", supersedes="a")],
     "none, lifted"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "actor", "rows", "expected"), REACH)
def test_only_rules_that_reach_pass_down(
    name: str, actor: str, rows: list[dict[str, str]], expected: str
) -> None:
    assert answer(name, actor, *rows) == expected


BODIES = [
    # a city's own police force counts for its police, and for no other actor
    ("Springfield", "police", rule("Springfield Police", reach=""), "ban by Springfield Police"),
    ("Springfield", "government",
     rule("Springfield Police", reach="", applies_to="government"), "null"),
    ("Springfield", "schools",
     rule("Springfield College", reach="", applies_to="schools"), "null"),
    ("Chicopee", "police", rule("Springfield Police", reach=""), "null"),
    ("Hampden County", "police", rule("Springfield Police", reach=""), "null"),
    ("Hampden County", "police", rule("Hampden Sheriff", reach=""), "null"),
    ("Massachusetts", "police", rule("State Railway", reach=""), "null"),
    # for federal agencies nothing passes down
    ("Springfield", "police", rule("Federal Bureau", reach=""), "null"),
    ("United States", "police", rule("Federal Bureau", reach=""), "null"),
    # an agency asked about: its city's own rules bind it, those for the places inside do not
    ("Springfield Police", "police", rule("Springfield Police", reach=""),
     "ban by Springfield Police"),
    ("Springfield Police", "police", rule("Springfield", reach="own"), "ban by Springfield"),
    ("Springfield Police", "police", rule("Springfield", reach="all"), "ban by Springfield"),
    ("Springfield Police", "police", rule("Massachusetts", reach="below"), "ban by Massachusetts"),
    ("Springfield Police", "police", rule("Hampden County", reach="own"), "null"),
    ("Springfield College", "schools",
     rule("Springfield", reach="own", applies_to="schools"), "null"),
    ("Hampden Sheriff", "police", rule("Hampden County", reach="own"), "null"),
    ("Hampden Sheriff", "police", rule("Hampden County", reach="all"), "ban by Hampden County"),
    ("State Railway", "police", rule("Massachusetts", reach="below"), "null"),
    ("Federal Bureau", "police", rule("United States", reach="own"), "ban by United States"),
    # an agency is no school and no business, a school no police
    ("Springfield Police", "schools",
     rule("Massachusetts", reach="all", applies_to="schools"), "null"),
    ("Springfield Police", "private", rule("Massachusetts", applies_to="private"), "null"),
    ("Springfield College", "police", rule("Massachusetts", reach="all"), "null"),
    ("Springfield College", "schools",
     rule("Massachusetts", reach="all", applies_to="police;schools"), "ban by Massachusetts"),
    ("Springfield Police", "police",
     rule("Massachusetts", reach="all", applies_to="police;schools"), "ban by Massachusetts"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "actor", "row", "expected"), BODIES)
def test_agencies(name: str, actor: str, row: dict[str, str], expected: str) -> None:
    assert answer(name, actor, row) == expected


EVERYONE = "police;government;schools;private"
BODY = "police;government"
LAYERS = {
    "Springfield": [
        "agency Springfield Police: agency, police",
        "school Springfield College: agency, ",
        f"city Springfield: place, {EVERYONE}",
        f"county Hampden County: above, {EVERYONE}",
        f"state Massachusetts: above, {EVERYONE}",
        f"country United States: above, {EVERYONE}",
        f"supranational European Union: above, {EVERYONE}",
    ],
    "Hampden County": [
        "agency Hampden Sheriff: agency, ",
        f"county Hampden County: place, {EVERYONE}",
        f"state Massachusetts: above, {EVERYONE}",
        f"country United States: above, {EVERYONE}",
        f"supranational European Union: above, {EVERYONE}",
    ],
    "Massachusetts": [
        "agency State Railway: agency, ",
        f"state Massachusetts: place, {EVERYONE}",
        f"country United States: above, {EVERYONE}",
        f"supranational European Union: above, {EVERYONE}",
    ],
    "United States": [
        "agency Federal Bureau: agency, ",
        f"country United States: place, {EVERYONE}",
        f"supranational European Union: above, {EVERYONE}",
    ],
    "European Union": [f"supranational European Union: place, {EVERYONE}"],
    "Springfield Police": [
        f"agency Springfield Police: place, {EVERYONE}",
        f"city Springfield: owner, {BODY}",
        f"county Hampden County: above, {BODY}",
        f"state Massachusetts: above, {BODY}",
        f"country United States: above, {BODY}",
        f"supranational European Union: above, {BODY}",
    ],
    "Springfield College": [
        f"school Springfield College: place, {EVERYONE}",
        "city Springfield: owner, schools",
        "county Hampden County: above, schools",
        "state Massachusetts: above, schools",
        "country United States: above, schools",
        "supranational European Union: above, schools",
    ],
    "Federal Bureau": [
        f"agency Federal Bureau: place, {EVERYONE}",
        f"country United States: owner, {BODY}",
        f"supranational European Union: above, {BODY}",
    ],
}


@pytest.mark.parametrize("name", LAYERS)
def test_whose_rules_may_apply_nearest_first(name: str) -> None:
    found = layers(SUBJECTS, place(name))
    told = [f"{it.level} {it.name}: {it.role}, {';'.join(it.joins)}" for it in found]
    assert told == LAYERS[name]
    assert all(it.key == key_of(it.name) for it in found)


def test_readings_are_of_each_place_that_is_asked_about() -> None:
    """One policies table, several questions."""
    rows = rule(CITY, reach="own"), rule(STATE, "restriction", reach="below")
    readings = Readings(policies(rows))
    for name, expected in (
        ("Chicopee", "restriction"), ("Springfield Police", "ban"), ("Springfield", "ban"),
        ("Massachusetts", "restriction"), ("Hampden County", "restriction"), ("State Railway", ""),
        ("Chicopee", "restriction"),
    ):  # fmt: skip
        held = Joint(readings, place(name), layers(SUBJECTS, place(name))).on("police", DAY)
        assert (held["measure"] if held else "") == expected, name


LIVE = rule("European Union", "restriction", reach="all", uses="live", territory="DE;FR")
SCRAPING = rule(
    "European Union", policy_id="scraping", reach="all", uses="other", territory="DE;FR;IE"
)
UNIONS = [
    ("Berlin", "ban (narrow) by European Union"),
    ("Dublin", "ban (narrow) by European Union"),
    ("Lausanne", "null"),
]


@pytest.mark.parametrize(("name", "expected"), UNIONS)
def test_a_unions_rule_holds_in_its_territory(name: str, expected: str) -> None:
    assert answer(name, "police", LIVE, SCRAPING) == expected


def test_what_does_not_reach_is_not_listed_on_any_day() -> None:
    """Decided in June 2020, in force from 2021: nothing of it is Springfield's in between."""
    rows = rule(STATE, reach="own"), rule("Watcher", reach="")
    for day in (date(2020, 7, 1), DAY):
        assert answer(CITY, "police", *rows, day=day) == "null"


def test_each_rule_of_a_union_has_its_own_territory() -> None:
    readings, asked = Readings(policies([LIVE, SCRAPING])), place("Dublin")
    union = layers(SUBJECTS, asked)[-1]
    assert readings.acts(union, asked) == ("scraping",)
    assert answer("Dublin", "police", LIVE) == "null"
    assert answer("Berlin", "police", LIVE) == "restriction (narrow) by European Union"


CITY, STATE = "Springfield", "Massachusetts"
MAYBE = {"effective_on": "[2022-05..2022-07]"}
TOGETHER = [
    # scope before measure, then the stricter measure, whichever government it is of
    ([rule(CITY, "restriction"), rule(STATE, reach="all")], "ban by Massachusetts"),
    ([rule(CITY), rule(STATE, "restriction", reach="all")], "ban by Springfield"),
    ([rule(CITY, uses="drone"), rule(STATE, "oversight", reach="all")],
     "oversight by Massachusetts"),
    ([rule(CITY), rule(STATE, reach="all")], "ban by Springfield and Massachusetts"),
    # a doubt below what is certain is none
    ([rule(CITY), rule(STATE, "restriction", reach="all", **MAYBE)], "ban by Springfield"),
    ([rule(CITY), rule(STATE, reach="all", **MAYBE)], "ban by Springfield"),
    # a doubt above it is one, with the certain floor
    ([rule(CITY, "restriction"), rule(STATE, reach="all", **MAYBE)],
     "uncertain ban, at least restriction by Massachusetts"),
    ([rule(STATE, reach="all", **MAYBE)], "uncertain ban, at least none by Massachusetts"),
    ([rule(CITY, "oversight"), rule(STATE, "restriction", reach="all"),
      rule("United States", reach="all", confidence="low")],
     "uncertain ban, at least restriction by United States"),
    # acts recorded, none in force
    ([rule(STATE, reach="all", status="failed", effective_on="")], "none"),
    ([rule(STATE, reach="all", effective_on="2023-01-01")], "none"),
    ([], "null"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), TOGETHER)
def test_the_highest_ranked_rule_of_all_layers_binds(
    rows: list[dict[str, str]], expected: str
) -> None:
    assert answer(CITY, "police", *rows) == expected


def runs(*rows: dict[str, str], day: date = DAY) -> tuple[str, str, str]:
    """(since, until, next change) of what binds Springfield's police."""
    asked = place(CITY)
    joint = Joint(Readings(policies(rows)), asked, layers(SUBJECTS, asked))
    held, coming = joint.on("police", day), joint.next_change("police", day)
    assert held is not None
    since, until = (
        format_days(held[f"{name}_low"], held[f"{name}_high"]) if held[f"{name}_high"] else ""
        for name in ("since", "until")
    )
    return since, until, f"{coming['valid_from']} {coming['measure']}" if coming else ""


RUNS = [
    ([rule(CITY)], ("2021-01-01", "", "")),
    # a hand-over between layers that agree is no change
    ([rule(CITY, "moratorium", expires_on="2022-01-01"),
      rule(STATE, "moratorium", reach="all", effective_on="2021-10-01", expires_on="2023-01-01")],
     ("2021-01-01", "2023-01-01", "2023-01-01 none")),
    # what a stricter rule hides goes on beneath it
    ([rule(CITY, "moratorium", expires_on="2023-01-01"), rule(STATE, "restriction", reach="all")],
     ("2021-01-01", "2023-01-01", "2023-01-01 restriction")),
    # an unknown start makes the first day a range
    ([rule(CITY, effective_on="2021-03")], ("2021-03", "", "")),
    # uncertain: no first day
    ([rule(CITY, **MAYBE)], ("", "", "2022-07-31 ban")),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), RUNS)
def test_runs_and_the_next_change(
    rows: list[dict[str, str]], expected: tuple[str, str, str]
) -> None:
    assert runs(*rows) == expected


@pytest.mark.parametrize(("measure", "scope"), RANKED[1:])
def test_every_position_has_its_run_and_may_be_a_floor(measure: str, scope: str) -> None:
    uses = {"narrow": "live", "general": "any"}[scope]
    made = rule(STATE, measure, reach="all", uses=uses)
    asked = place(CITY)
    for rows, floor in (([made], ("", "")), ([made, rule(CITY, confidence="low")], None)):
        joint = Joint(Readings(policies(rows)), asked, layers(SUBJECTS, asked))
        held = joint.on("police", DAY)
        assert held is not None
        if floor or (measure, scope) == ("ban", "general"):
            assert (held["measure"], held["scope"], held["certain"]) == (measure, scope, True)
            assert held["since_low"] == held["since_high"] == date(2021, 1, 1)
        else:
            assert (held["measure"], held["scope"], held["certain"]) == ("ban", "general", False)
            assert (held["at_least_measure"], held["at_least_scope"]) == (measure, scope)
            assert held["since_low"] is None


PRESUMED = {"decided_on": "2021-01-01", "effective_on": ""}
BY_APRIL = {"decided_on": "[2021-01-01..2021-03-31]", "effective_on": ""}
IN_FEBRUARY = {"decided_on": "2021-02-01", "effective_on": ""}
PRESUMED_STARTS = [
    ([rule(CITY, **PRESUMED)], True),
    ([rule(CITY)], False),
    # of the run it is its first day that counts, whichever layer has it
    ([rule(CITY, **PRESUMED), rule(STATE, reach="all", effective_on="2021-06-01")], True),
    ([rule(CITY, **PRESUMED), rule(STATE, reach="all", effective_on="2020-09-01")], False),
    ([rule(CITY, **PRESUMED), rule(STATE, reach="all")], False),
    # where that may be the day of either, both
    ([rule(CITY, **BY_APRIL), rule(STATE, reach="all", **IN_FEBRUARY)], True),
    ([rule(CITY, **BY_APRIL), rule(STATE, reach="all", effective_on="2021-02-01")], False),
    # what is uncertain has no run
    ([rule(CITY, **PRESUMED, confidence="low")], False),
]


@pytest.mark.parametrize(("rows", "expected"), PRESUMED_STARTS)
def test_whether_the_start_is_presumed(rows: list[dict[str, str]], expected: bool) -> None:
    asked = place(CITY)
    held = Joint(Readings(policies(rows)), asked, layers(SUBJECTS, asked)).on("police", DAY)
    assert held is not None
    assert held["start_presumed"] is expected


def paused(*days: str) -> list[dict[str, str]]:
    """Moratoriums of the city and of its state, each from a day to a day."""
    of = (rule(CITY, "moratorium"), rule(STATE, "moratorium", reach="all"))
    spans = zip(of, days[::2], days[1::2], strict=True)
    return [row | {"effective_on": start, "expires_on": end} for row, start, end in spans]


ON_THE_DAY = paused("2021-01-01", "2022-01-01", "2022-01-01", "2023-01-01")
GAP = paused("2021-01-01", "2021-06-01", "2021-09-01", "2023-01-01")
DOUBT = paused("2021-01-01", "[2021-06-01..2021-09-30]", "2021-08-01", "2023-01-01")
MEETINGS = [
    (ON_THE_DAY, "2021-06-01", ("2021-01-01", "2023-01-01", "2023-01-01 none")),
    (ON_THE_DAY, "2022-01-01", ("2021-01-01", "2023-01-01", "2023-01-01 none")),
    # the day on which it changes has the next change after it
    (ON_THE_DAY, "2023-01-01", ("", "", "")),
    (GAP, "2021-05-01", ("2021-01-01", "2021-06-01", "2021-06-01 none")),
    (GAP, "2021-06-01", ("", "", "2021-09-01 moratorium")),
    (GAP, "2022-06-01", ("2021-09-01", "2023-01-01", "2023-01-01 none")),
    # what may not meet is not joined
    (DOUBT, "2021-05-01", ("2021-01-01", "[2021-06-01..2021-09-30]", "2021-06-01 moratorium")),
    (DOUBT, "2022-06-01", ("2021-08-01", "2023-01-01", "2023-01-01 none")),
]


@pytest.mark.parametrize(("rows", "day", "expected"), MEETINGS)
def test_a_run_goes_on_where_layers_surely_meet(
    rows: list[dict[str, str]], day: str, expected: tuple[str, str, str]
) -> None:
    assert runs(*rows, day=date.fromisoformat(day)) == expected


def test_known_at_rewinds_every_layer() -> None:
    rows = policies([rule(STATE, reach="all", decided_on="2021-12-01", effective_on="2022-01-01")])
    for asked in map(place, ("Chicopee", STATE)):
        of = layers(SUBJECTS, asked)
        then = Joint(Readings(rows, known_at=date(2021, 11, 30)), asked, of)
        assert then.on("police", DAY) is None
        now = Joint(Readings(rows), asked, of).on("police", DAY)
        assert now is not None
        assert now["measure"] == "ban"


days = st.dates(date(2021, 1, 1), date(2021, 2, 20))
spans = st.tuples(days, st.integers(0, 20)).map(
    lambda pair: format_days(pair[0], pair[0] + timedelta(days=pair[1]))
)
random_rules = st.fixed_dictionaries(
    {
        "subject": st.sampled_from([CITY, "Hampden County", STATE, "United States"]),
        "measure": st.sampled_from(["ban", "restriction", "oversight"]),
        "uses": st.sampled_from(["any", "live"]),
        "effective_on": spans,
        "confidence": st.sampled_from(["high", "high", "low"]),
    }
)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(random_rules, min_size=1, max_size=5), days)
def test_layers_together_are_what_one_subject_with_all_the_rules_would_be(
    chosen: list[dict[str, str]], day: date
) -> None:
    """The engine of one subject goes through possible worlds; the layers must come to the same."""
    rows = [rule(cells.pop("subject"), reach="all", decided_on="2020", **cells)
            for cells in (dict(each) for each in chosen)]  # fmt: skip
    asked = place(CITY)
    together = Joint(Readings(policies(rows)), asked, layers(SUBJECTS, asked))
    one = policies([{**row, "subject_key": key_of(CITY)} for row in rows])
    expected = positions_on(build(one), day).iloc[0]
    held = together.on("police", day)
    assert held is not None
    for name in ("measure", "scope", "certain", "at_least_measure", "at_least_scope"):
        assert held[name] == expected[name], name
    ids, expected_ids = (set(row["policy_ids"].split(";")) for row in (held, expected))
    assert ids <= expected_ids or not held["certain"]


few, ranks = st.integers(1, 9), st.integers(0, 3)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from("ab"), few, few, ranks, ranks), max_size=6))
def test_one_sweep_gives_the_highest_of_each_day_and_joins_what_is_the_same(
    drawn: list[tuple[str, int, int, int, int]],
) -> None:
    rows = [(g, min(a, b), max(a, b) + 1, max(r, s), min(r, s)) for g, a, b, r, s in drawn]
    parts = pd.DataFrame(rows, columns=["group", "start", "end", "high", "low"])
    found = list(spells(parts, ["group"]).itertuples(index=False, name=None))
    for group, day in product("ab", range(1, 11)):
        here = [row for row in rows if row[0] == group and row[1] <= day < row[2]]
        told = [row[3:] for row in found if row[0] == group and row[1] <= day < row[2]]
        highest = (max(row[3] for row in here), max(row[4] for row in here)) if here else None
        assert told == ([highest] if highest else [])
    for before, after in pairwise(found):
        assert before[0] != after[0] or before[2] < after[1] or before[3:] != after[3:]
