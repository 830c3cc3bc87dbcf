"""What is drawn of each subject on a day: the same on pictures and on the site's first page."""

from __future__ import annotations

from datetime import date
from math import dist

import pytest

import records
from frtracker import timeline
from frtracker.answers.marks import (
    circles,
    law_searched,
    mark_of,
    marks_of,
    outlines_of,
    spots_of,
    unplaced,
)
from frtracker.answers.status import Filters, status
from frtracker.page.data import data
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load
from frtracker.record.columns import TABLES
from frtracker.record.tables import assemble, typed
from frtracker.sheets import SHEETS
from frtracker.site import map_of_today
from frtracker.vocabulary import ACTORS, MARKETED

DAY = date(2026, 11, 22)
ALL = Filters(everything=True)

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


# subject | type | country | region | geoid | has a point | how it is shown
SHOWN = """
France | country | FR | | | | outline
Germany | country | DE | | | yes | outline
Tuvalu | country | TV | | | yes | point
Gibraltar | country | GI | | | | listed
United States | country | US | | | | listed
Nevada | state | US | US-NV | | | outline
Utah | state | US | US-UT | | yes | outline
Vaud | state | CH | CH-VD | | yes | point
Ontario | state | CA | CA-ON | | | listed
Clark County | county | US | US-NV | 32003 | | outline
Hinds County | county | US | US-MS | 28049 | yes | outline
Capitol Planning Region | county | US | US-CT | 09110 | yes | point
Western Planning Region | county | US | US-CT | 09190 | | listed
Reno | city | US | US-NV | 3260600 | yes | point
Elko | city | US | US-NV | | | listed
Elko Police | agency | US | US-NV | | yes | point
Reno Police | agency | US | US-NV | | | listed
Justice | agency | US | | | yes | listed
Elko Schools | school | US | US-NV | | yes | point
Reno Schools | school | US | US-NV | | | listed
AU | supranational | | | | | listed
Acme | vendor | US | | | | not
Emca | company | US | | | | not
"""


@pytest.fixture(scope="module")
def of_each_kind(tmp_path_factory):
    """A ban of a subject of each type, with an outline, a point, both or neither; the key of the
    union AU is the code of Australia."""
    folder, shown, subjects = tmp_path_factory.mktemp("kinds"), {}, []
    for line in SHOWN.strip().splitlines():
        *cells, place, how = [cell.strip() for cell in line.split("|")]
        names = ("subject", "subject_type", "country", "region", "geoid")
        spot = {"latitude": "41.7", "longitude": "-72.7"} if place else {}
        subjects.append(dict(zip(names, cells, strict=True)) | spot)
        shown[cells[0]] = how
    act = next(row for row in records.rows("base", "policies") if row["measure"] == "ban")
    acts = [
        act
        | {name: row[name] for name in ("subject", "subject_type", "country", "region")}
        | {"policy_id": f"act-{number}", "territory": "", "reach": "", "relates_to": ""}
        for number, row in enumerate(subjects)
    ]
    files = {"subjects": subjects, "policies": acts}
    texts = [records.write(folder, name, files.get(name, ())) for name in TABLES]
    frames = {it.name: typed(it.name, it.frame) for it in load.find(texts).texts.values()}
    return assemble(frames, load.find(texts), ()), shown


def test_page_and_pictures_draw_and_list_the_same(of_each_kind):
    """An outline, else a circle at its point, else by name; none is passed over, none is painted
    on the outline of another."""
    tables, shown = of_each_kind
    built, name_of = timeline.build(tables.policies), subjects_by_key(tables.subjects)
    document = status(tables, built, DAY, filters=ALL)
    marks = marks_of(document, list(ACTORS))

    page = {it["name"]: it for it in data(tables, built, DAY)["subjects"]}
    on_page = {
        name: "point" if it.get("at") else "outline" if it.get("shape", "US") != "US" else "listed"
        for name, it in page.items()
        if it["type"] not in MARKETED
    }
    wanted = {name: how for name, how in shown.items() if how != "not"}
    assert on_page == wanted

    in_picture = {(it.name, "listed") for it in unplaced(tables, marks, list(SHEETS))}
    for sheet in SHEETS:
        areas = [it.key for it in outlines_of(tables, marks, sheet) if it.key in marks]
        spots = [key for it in circles(tables, marks, sheet, 0) for key in it.keys]
        in_picture |= {(name_of[key].name, "outline") for key in areas}
        in_picture |= {(name_of[key].name, "point") for key in spots}
    assert in_picture == {*wanted.items()}

    drawn = str(map_of_today.svg(tables, document, "police", name_of.keys()))
    of_us = [it for it in name_of.values() if it.country == "US" and it.key != "us"]
    drawn_there = {it.name for it in of_us if it.label in drawn}
    assert drawn_there == {it.name for it in of_us if wanted.get(it.name, "listed") != "listed"}


@pytest.mark.parametrize(
    ("area", "listed"),
    [("us", "Department of Justice, US"), ("world", "Kenya"), ("europe", "Hellenic Police")],
)
def test_a_picture_names_what_it_cannot_draw(tables, document, area, listed):
    static_map = pytest.importorskip("frtracker.pictures.static_map")
    lines = " ".join(static_map.listed(tables, marks_of(document, ["police"]), [area]))
    assert lines.startswith("Without a place on the map – ")
    assert listed in lines
    assert ("European Union" in lines) == (area != "us")
    assert ("Kenya" in lines) == (area == "world")


def test_of_a_state_the_law_of_the_state_was_searched_and_not_of_its_cities(tables):
    rows = tables.searches.iloc[:2].assign(
        country="US", region=["US-NV", "US-UT"], level=["state", "local"]
    )
    assert law_searched(rows) == {"US-NV"}
