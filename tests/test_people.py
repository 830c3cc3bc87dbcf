"""How many people live where a rule applies: once each, by the strictest of their governments."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import records
from frtracker import wording
from frtracker.layers import Readings
from frtracker.people import Count, People
from frtracker.places.subjects import Subject
from frtracker.timeline.rules import RANK
from tables import policies
from test_cli import run
from test_search import USUAL

DAY = date(2021, 6, 30)
STATE, COUNTY = (
    Subject("us-ma", "Massachusetts", "state", "US", "US-MA", population=1000),
    Subject("us-ma-hampden-county", "Hampden County", "county", "US", "US-MA", population=600),
)
CITY = Subject(
    "us-ma-springfield", "Springfield", "city", "US", "US-MA", (COUNTY.name,), population=150
)
OTHER = Subject("us-ma-chicopee", "Chicopee", "city", "US", "US-MA", (COUNTY.name,), population=50)
FAR = Subject("us-ma-boston", "Boston", "city", "US", "US-MA", population=70)
BARE = Subject("us-ma-brookline", "Brookline", "city", "US", "US-MA")
UNION = Subject("european-union", "European Union", "supranational", "", "", population=400)
COUNTRY = Subject("us", "United States", "country", "US", "", population=5000)
BODY = Subject(
    "us-ma-springfield-police", "Springfield Police", "agency", "US", "US-MA", (CITY.name,)
)
PLACES = {it.key: it for it in (STATE, COUNTY, CITY, OTHER, FAR, BARE, UNION, COUNTRY, BODY)}


def rule(of: Subject, **cells: str) -> dict[str, str]:
    reach = {} if of.subject_type == "agency" else {"reach": "own"}
    return {
        **{"subject": of.name, "subject_type": of.subject_type, "subject_key": of.key},
        **{"country": of.country, "region": of.region, "reach": ""},
        **{"decided_on": "2020-01-01", "effective_on": "2020-02-01"},
        **reach,
        **cells,
    }


def counted(rows: Iterable[Mapping[str, str]], day: date = DAY, actor: str = "police") -> Count:
    return People(Readings(policies(rows)), PLACES).on(actor, day)


WHOLE = [
    # the rules, the people under a ban or moratorium, the places that are not counted
    ([], (0, 0), ()),
    ([rule(CITY)], (150, 150), ()),
    ([rule(CITY), rule(FAR)], (220, 220), ()),  # apart, they add up
    ([rule(COUNTY)], (600, 600), ()),
    ([rule(COUNTY), rule(CITY)], (600, 600), ()),  # the county adds only the rest of it
    ([rule(COUNTY), rule(CITY), rule(OTHER), rule(FAR)], (670, 670), ()),
    ([rule(STATE), rule(COUNTY), rule(CITY)], (1000, 1000), ()),
    ([rule(STATE, reach="below")], (1000, 1000), ()),
    ([rule(CITY, measure="restriction")], (0, 0), ()),
    ([rule(CITY, uses="drone")], (0, 0), ()),  # a narrow ban is none
    ([rule(CITY, measure="moratorium", ends_when="until a law")], (150, 150), ()),
    ([rule(CITY, applies_to="government")], (0, 0), ()),
    ([rule(CITY, status="failed", effective_on="")], (0, 0), ()),
    ([rule(CITY, effective_on="[2020-02-01..2021-12-31]")], (0, 150), ()),  # not known exactly
    ([rule(COUNTY, effective_on="[2020-02-01..2021-12-31]"), rule(CITY)], (150, 600), ()),
    ([rule(BODY, status="announced")], (150, 150), ()),  # the city's own police
    ([rule(BARE)], (0, 0), ("Brookline, MA",)),
    ([rule(BARE), rule(CITY)], (150, 150), ("Brookline, MA",)),
    ([rule(STATE), rule(BARE)], (1000, 1000), ()),  # counted with the state
    ([rule(COUNTRY)], (0, 0), ()),  # federal bodies alone: the record has states of it
    ([rule(COUNTRY, reach="all")], (5000, 5000), ()),
    (
        [rule(UNION, territory="FR", reach="all")],
        (0, 0),
        ("European Union (its members that are not on record)",),
    ),
]


@pytest.mark.parametrize(("rows", "people", "bare"), WHOLE)
def test_each_person_counts_once(
    rows: list[dict[str, str]], people: tuple[int, int], bare: tuple[str, ...]
) -> None:
    count = counted(rows)
    assert (*count.prohibited,) == people
    assert count.not_counted == bare


def test_the_levels_add_up_from_the_strictest() -> None:
    rows = [rule(COUNTY, measure="restriction"), rule(CITY), rule(FAR, uses="drone")]
    levels = {rank: (*people,) for rank, people in counted(rows).levels.items()}
    assert levels == {
        RANK["ban", "general"]: (150, 150),
        RANK["restriction", "general"]: (600, 600),
        RANK["ban", "narrow"]: (670, 670),
    }


def test_only_the_rules_of_the_chosen_count() -> None:
    living = People(Readings(policies([rule(COUNTY), rule(FAR)])), PLACES, {FAR.key})
    assert (*living.on("police", DAY).prohibited,) == (70, 70)


def test_the_steps_are_the_days_on_which_it_changes() -> None:
    rows = [rule(CITY), rule(FAR, effective_on="[2020-06-01..2020-06-30]", expires_on="2021-01-01")]
    steps = People(Readings(policies(rows)), PLACES).steps("police")
    assert {str(date.fromordinal(day)): (*it.prohibited,) for day, it in steps if day > 1} == {
        "2020-01-01": (0, 0),
        "2020-02-01": (150, 150),
        "2020-06-01": (150, 220),
        "2020-06-30": (220, 220),
        "2021-01-01": (150, 150),
    }


DAYS = st.dates(date(2020, 1, 1), date(2021, 12, 31))
RULES = st.tuples(
    st.sampled_from([STATE, COUNTY, CITY, OTHER, FAR]),
    st.sampled_from(["ban", "moratorium", "restriction"]),
    st.sampled_from(["own", "below", "all"]),
    st.lists(DAYS, min_size=2, max_size=2).map(sorted),
)


@given(st.lists(RULES, min_size=1, max_size=5), DAYS, st.floats(0, 1), st.floats(0, 1))
def test_a_date_known_better_never_widens_the_range(
    drawn: list[Any], day: date, cut: float, rest: float
) -> None:
    """Each start is known as a range; then one of them as a part of it."""

    def rows(*, known_better: bool) -> list[dict[str, str]]:
        made = []
        for number, (of, measure, reach, (low, high)) in enumerate(drawn):
            if known_better and number == 0:
                low += timedelta(days=round((high - low).days * cut))
                high -= timedelta(days=round((high - low).days * rest))
            ends = {"ends_when": "until a law"} if measure == "moratorium" else {}
            days = {"decided_on": "2019-12-01", "effective_on": f"[{low}..{high}]", **ends}
            days |= {"effective_on": str(low)} if low == high else {}
            made.append(rule(of, measure=measure, reach=reach, policy_id=f"act-{number}", **days))
        return made

    before, after = counted(rows(known_better=False), day), counted(rows(known_better=True), day)
    assert before.prohibited.low <= after.prohibited.low
    assert after.prohibited.low <= after.prohibited.high <= before.prohibited.high
    for rank, people in after.levels.items():
        assert people.high <= max(
            (it.high for other, it in before.levels.items() if other >= rank), default=0
        )


# --- the shipped record

with (Path(__file__).with_name("people_by_hand.csv")).open(encoding="utf-8") as file:
    BY_HAND = list(csv.DictReader(file))


@pytest.mark.parametrize("day", sorted({row["day"] for row in BY_HAND}))
def test_the_people_are_those_added_by_hand(day: str) -> None:
    own = [row for row in BY_HAND if row["day"] == day]
    words = ("status", "--country", "US", "--for", "police", "--people", "-f", "json", "-q")
    document = json.loads(run(*words, "--as-of", day).stdout)
    (police,) = document["people"]
    assert police["prohibited_low"] == sum(int(row["surely"]) for row in own)
    assert police["prohibited_high"] == sum(int(row["possibly"]) for row in own)
    assert police["not_counted"] == []


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("record")
    usual = USUAL | {"summary": "The police may not use it."}
    acts = (("Boston", "2020-06-30"), ("Springfield", "[2020-02-25..2027-03-06]"))
    rows = (
        usual | {"policy_id": f"us-ma-{it.lower()}-2020", "subject": it, "effective_on": start}
        for it, start in acts
    )
    places = {"country": "US", "region": "US-MA", "subject_type": "city"}
    places |= {"latitude": "42.3", "longitude": "-71.1"}
    source = {"population_on": "2020-04-01", "population_url": "https://example.org/count"}
    numbers = {"Boston": "1675647", "Springfield": "155929"}
    cities = [places | source | {"subject": it, "population": numbers[it]} for it, _ in acts]
    records.write(folder, "subjects", cities)
    return str(records.write(folder, "policies", rows))


def test_what_people_read(record: str) -> None:
    text = run("status", "--people", "--for", "police", "--policies", record, "-q").stdout
    said = text.partition("People\n")[2].splitlines()
    assert said[0] == (
        "- 22 Nov 2026: Between 1.6 and 1.9 million people are known to have a city, county, state"
        " or national government that bans or pauses face recognition by its own police."
    )
    assert [line.split("  ")[-1].strip() for line in said[2:5]] == [
        *("people", "----------------------"),
        "1,675,647 to 1,831,576",
    ]
    assert said[6].startswith("People whose own city, county, state or country has such a rule")


NUMBERS = [
    # certainly, possibly, whether places are missing; a lower end never says more than is so
    (0, 0, False, ""),
    (652_503, 652_503, False, "652,503"),
    (652_503, 652_503, True, "At least 652,503"),
    (43_179_563, 43_179_563, False, "43.2 million"),
    (43_179_563, 43_179_563, True, "At least 43.1 million"),
    (9_369_650, 18_001_043, False, "Between 9.3 and 18.1 million"),
    (9_369_650, 18_001_043, True, "At least 9.3 million"),
    (40_384_203, 40_447_394, False, "Between 40.3 and 40.5 million"),
    (643_077, 9_274_470, False, "Between 643,077 and 9.3 million"),
    (0, 63_191, False, "Up to 63,191"),
    (0, 63_191, True, ""),  # nothing is certain, and there may be any number
]


@pytest.mark.parametrize(("low", "high", "least", "text"), NUMBERS)
def test_a_number_of_people_in_words(low: int, high: int, least: bool, text: str) -> None:
    assert wording.people_number(low, high, least=least) == text


def test_a_county_s_rule_for_businesses_ends_at_its_cities() -> None:
    ban = rule(COUNTY, applies_to="private")
    assert counted([ban], actor="private").prohibited == (400, 400)  # without the two cities
    everywhere = rule(STATE, applies_to="private", reach="all")
    assert counted([everywhere], actor="private").prohibited == (1000, 1000)


LEAST = [
    ([rule(BARE)], True),
    ([rule(BARE, measure="restriction")], False),
    ([rule(CITY), rule(UNION, territory="FR", reach="all", uses="scraping")], False),
]


@pytest.mark.parametrize(("rows", "is_least"), LEAST)
def test_a_place_without_a_number_makes_a_sum_the_least(
    rows: list[dict[str, str]], is_least: bool
) -> None:
    assert counted(rows).prohibited_is_least is is_least


SELECTED = [
    ((), "- 22 Nov 2026: Between"),
    (("--country", "US"), "- 22 Nov 2026, United States: Between"),
    (("--type", "city"), "- 22 Nov 2026, by these rules alone: Between"),
    (("Boston",), "- 22 Nov 2026, by these rules alone: 1.7 million people are known to have"),
]


@pytest.mark.parametrize(("words", "begins"), SELECTED)
def test_the_sentence_says_whose_rules_were_counted(
    words: tuple[str, ...], begins: str, record: str
) -> None:
    asked = ("status", *words, "--people", "--for", "police", "--policies", record, "-q")
    assert begins in run(*asked).stdout


WRONG = [
    (("status", "--people", "--measure", "ban"), "--people counts by all measures"),
    (("timeline", "--kind", "people", "--measure", "ban"), "--kind people counts bans"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_people_are_counted_by_all_measures(words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_the_figure_has_the_people_of_each_day(record: str) -> None:
    words = ("timeline", "--kind", "people", "--for", "police", "--policies", record, "-q")
    rows = list(csv.DictReader(run(*words, "-f", "csv").stdout.splitlines()))
    assert [(it["day"], it["people_low"], it["people_high"]) for it in rows] == [
        ("2019-01-01", "0", "0"),
        ("2020-02-25", "0", "155929"),
        ("2020-06-30", "1675647", "1831576"),
    ]
    page = run(*words, "-f", "html").stdout
    assert "<td>police</td><td>30 Jun 2020</td><td>1,675,647 to 1,831,576</td>" in page
    assert "People under a ban or moratorium on face recognition for police" in page
