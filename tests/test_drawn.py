"""What is drawn of each subject on a day: the same on pictures and on the site's first page."""

from __future__ import annotations

from datetime import date
from math import dist

import pytest

from frtracker import timeline
from frtracker.answers.marks import circles, law_searched, mark_of, marks_of, spots_of
from frtracker.answers.status import Filters, status
from frtracker.record import load
from frtracker.vocabulary import ACTORS

BAN = {"measure": "ban", "scope": "general", "certain": True, "since": None, "until": None}
NONE = {**BAN, "measure": "none", "scope": None}
COMING = {"state": "scheduled", "measure": "ban", "applies_to": ["private"]}


def entry(policies=(), **positions):
    return {"positions": {**dict.fromkeys(ACTORS), **positions}, "policies": policies}


@pytest.mark.parametrize(
    ("positions", "actors", "whom"),
    [
        ({"schools": BAN}, ["police", "schools"], "schools"),
        ({"government": BAN, "private": BAN}, list(ACTORS), "other agencies, private users"),
        ({"police": BAN, "schools": BAN}, list(ACTORS), ""),
        ({"schools": NONE}, list(ACTORS), ""),
        ({"schools": BAN}, ["schools"], ""),
    ],
)
def test_where_actors_are_mixed_it_says_whom_a_rule_is_for_if_not_the_police(
    positions, actors, whom
):
    assert mark_of(entry(**positions), actors).whom == whom


@pytest.mark.parametrize(("actors", "scheduled"), [(["police"], False), (["private"], True)])
def test_what_is_scheduled_is_so_for_the_asked_actor(actors, scheduled):
    assert mark_of(entry([COMING], schools=BAN), actors).scheduled is scheduled


@pytest.fixture(scope="module")
def tables():
    return load.read(None)


@pytest.fixture(scope="module")
def document(tables):
    built = timeline.build(tables.policies)
    return status(tables, built, date(2026, 11, 22), filters=Filters(everything=True))


@pytest.mark.parametrize(
    ("actor", "key", "others", "drawn"),
    [
        pytest.param("police", "us-fl", True, True, id="Florida: schools only"),
        pytest.param("schools", "us-fl", False, True, id="Florida, asked about schools"),
        pytest.param("police", "us-co-denver", False, False, id="Denver: a bill that failed"),
        pytest.param("police", "us-ma-boston", False, True, id="Boston: police"),
    ],
)
def test_rules_for_others_have_a_mark_of_their_own_and_failed_bills_none(
    document, actor, key, others, drawn
):
    mark = marks_of(document, [actor])[key]
    assert (mark.is_for_others, mark.is_drawn) == (others, drawn)


def test_circles_that_would_touch_are_one(tables, document):
    """Boston, Cambridge and Somerville lie within a few kilometers."""
    found = circles(tables, marks_of(document, ["police"]), "us", 2.0)
    spots = [circle.spot for circle in found]
    assert all(dist(a, b) >= 2.0 for n, a in enumerate(spots) for b in spots[n + 1 :])
    together = next(circle.keys for circle in found if "us-ma-cambridge" in circle.keys)
    assert {"us-ma-boston", "us-ma-somerville"} < {*together}


@pytest.mark.parametrize(
    ("key", "is_point"),
    [
        ("us-ma-boston", True),
        ("us-ma", False),
        ("us-wa-king-county", False),
        ("fr", False),
        ("vendor-amazon", False),
    ],
)
def test_what_has_no_outline_is_a_circle(tables, key, is_point):
    assert bool(spots_of(tables.subjects)[key]) == is_point


def test_a_national_agency_is_no_circle_even_with_coordinates(tables):
    rows = tables.subjects
    agencies = rows[(rows["subject_type"] == "agency") & (rows["region"] == "")]
    national = agencies[agencies["within"] == ""].assign(latitude=38.9, longitude=-77.0)
    assert len(national) > 3
    assert not any(spots_of(national).values())


def test_of_a_state_the_law_of_the_state_was_searched_and_not_of_its_cities(tables):
    rows = tables.searches.iloc[:2].assign(
        country="US", region=["US-NV", "US-UT"], level=["state", "local"]
    )
    assert law_searched(rows) == {"US-NV"}
