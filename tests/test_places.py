"""A name or a point means one place, or is refused with the candidates; never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple, replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from frtracker import outlines
from frtracker.codes import US_REGION_NAMES, countries
from frtracker.places import gazetteer
from frtracker.places.names import resolve
from frtracker.places.new_subjects import subject_rows
from frtracker.places.place import Place, of_us_place, parse_point
from frtracker.places.subjects import (
    NameNotUnderstood,
    Subject,
    country_code,
    country_words,
    market_codes,
    region_code,
    region_words,
    solid,
    spelling,
    subjects_by_key,
)
from frtracker.record import load as table
from frtracker.record.columns import IDENTITY
from frtracker.record.tables import subject_key


@cache
def tables() -> table.Tables:
    return table.read()


def place(name: str) -> Place:
    return resolve(tables(), name)


NAMES = """
VT | us-vt
vt | us-vt
US-VT | us-vt
Vt. | us-vt
State of Vermont | us-vt
Miss. | US-MS Mississippi
W.Va. | us-wv
W. Va. | us-wv
D.C. | us-dc
DC | us-dc
Washington, D.C. | us-dc
Washington, DC | us-dc
Washington DC | us-dc
Puerto Rico | US-PR Puerto Rico
PR | US-PR Puerto Rico
UK | gb
U.K. | gb
Great Britain | gb
GBR | gb
US | us
USA | us
U.S. | us
the United States | us
DEU | Germany
Germany | Germany
Ivory Coast | Côte d'Ivoire
GE | Georgia
XK | Kosovo
EU | european-union
Portland, ME | us-me-portland
portland-or | us-or-portland
Portland, Oregon | us-or-portland
Portland, Ore. | us-or-portland
Portland Ore. | us-or-portland
Portland, Oregon, USA | us-or-portland
Cambridge, Mass. | us-ma-cambridge
City of Cambridge, MA | us-ma-cambridge
City of Detroit, Mich. | us-mi-detroit
Toronto, Canada | ca-on-toronto
Toronto, ON | ca-on-toronto
Toronto, ON, Canada | ca-on-toronto
St. Louis, MO | us-mo-st-louis
Saint Louis, Mo. | us-mo-st-louis
St. Louis city, MO | us-mo-st-louis
Baltimore city, MD | us-md-baltimore
Baltimore County, MD | Baltimore County, MD
New York, NY | us-ny-new-york-city
New York, N.Y. | us-ny-new-york-city
City of New York | us-ny-new-york-city
Kings County, NY | us-ny-new-york-city
Denver County, CO | us-co-denver
City and County of Denver, CO | us-co-denver
San Francisco County | us-ca-san-francisco
County of San Francisco | us-ca-san-francisco
Orleans Parish | us-la-new-orleans
Richmond city, VA | Richmond, VA
Richmond, Va. | Richmond, VA
Nashville-Davidson, TN | Nashville, TN
Metropolitan Nashville, TN | Nashville, TN
Louisville/Jefferson County, KY | Louisville, KY
County of Los Angeles | us-ca-los-angeles-county
Los Angeles County, Calif. | us-ca-los-angeles-county
Hinds County, MS | us-ms-hinds-county
Daly City, CA | Daly City, CA
daly city ca | Daly City, CA
Daly City, California, USA | Daly City, CA
Ft. Worth, Texas | Fort Worth, TX
St Paul, MN | Saint Paul, MN
Kapaa, HI | Kapa‘a, HI
Espanola, New Mexico | Española, NM
Ponce, Puerto Rico | Ponce, PR
Midway, Gadsden County, FL | Midway, FL
Bronx, NY | The Bronx, NY (in New York City)
Boise City, OK | Boise City, OK
Denmark, WI | Denmark, WI
LAPD | us-ca-los-angeles-police-department
L.A.P.D. | us-ca-los-angeles-police-department
NYPD | us-ny-new-york-city-police-department
SFPD | us-ca-san-francisco-police-department
NYC | us-ny-new-york-city
Facebook | vendor-meta
ID.me | vendor-id-me
id me | vendor-id-me
us-ma-boston | us-ma-boston
LaSalle, IL | La Salle, IL
De Kalb, IL | DeKalb, IL
De Kalb County, GA | DeKalb County, GA
Mc Allen, TX | McAllen, TX
O Fallon, MO | O'Fallon, MO
Coeur dAlene, ID | Coeur d'Alene, ID
Winston Salem, NC | Winston-Salem, NC
Kailua Kona, HI | Kailua-Kona, HI
Hohokus, NJ | Ho-Ho-Kus, NJ
Hawai'i | us-hi
Nassau County, NY | Nassau County, NY
Cote d Ivoire | Côte d'Ivoire
 BOSTON , ma  | us-ma-boston
Sanfrancisco | us-ca-san-francisco
Brookline town, MA | us-ma-brookline
San Francisco City and County | us-ca-san-francisco
Hyattsville MD USA | Hyattsville, MD
Oakland, US-CA | us-ca-oakland
Oakland, Alameda County | us-ca-oakland
Detroit Police Department, Wayne County, MI | us-mi-detroit-police-department
Detroit Police Department, US-MI | us-mi-detroit-police-department
Detroit Police Department, Michigan | us-mi-detroit-police-department
Toronto, CA-ON | ca-on-toronto
Toronto, Ontario, Canada | ca-on-toronto
Toronto CAN | ca-on-toronto
Alexandria city, VA | Alexandria, VA
Kings County, NY | us-ny-new-york-city
Easthampton, MA | us-ma-easthampton
Easthampton | us-ma-easthampton
Oklahoma City, US | Oklahoma City, OK
Georgia, USA | us-ga
Georgia, GA | us-ga
California, CA | us-ca
vendor-facebook | vendor-meta
us-ny-nyc | us-ny-new-york-city
us-ma-2020 | us-ma
vendor-amazon-2021 | vendor-amazon
"""
LINES = [line.split(" | ") for line in NAMES.strip().splitlines()]


@pytest.mark.parametrize(("name", "meant"), LINES, ids=[name for name, _ in LINES])
def test_a_name_means_one_place(name: str, meant: str) -> None:
    found = place(name)
    unrecorded = found.label if found.level != "state" else f"{found.region} {found.name}"
    assert meant in (found.key, unrecorded)
    assert not any("is read as" in note for note in found.notes)


TAKEN = [
    ("Cambridge", "us-ma-cambridge",
     "Cambridge, MA; other places of that name: Cambridge, MD; Cambridge, OH; Cambridge, MN"
     " and 6 more"),
    ("Vermont", "us-vt", "Vermont (state); other places of that name: Vermont, WI; Vermont, IL"),
    ("Holland", "",
     "Netherlands (country); other places of that name: Holland, MI; Holland, OH; Holland, MA"
     " and 5 more"),
    ("City of St. Louis", "us-mo-st-louis",
     "St. Louis, MO; other places of that name: Saint Louis, MI"),
    ("Baltimore City", "us-md-baltimore",
     "Baltimore, MD; other places of that name: Baltimore, OH"),
    ("City and County of Denver", "us-co-denver",
     "Denver, CO; other places of that name: Denver, PA; Denver, NC; Denver, IA"),
    ("City of Detroit", "us-mi-detroit",
     "Detroit, MI; other places of that name: Detroit, ME; Detroit, TX"),
    ("Detroit", "us-mi-detroit",
     "Detroit, MI; other places of that name: Detroit, ME; Detroit, TX"),
    ("Toronto", "ca-on-toronto", "Toronto, Ontario; other places of that name: Toronto, OH"),
    ("Boise City", "us-id-boise", "Boise, ID; other places of that name: Boise City, OK"),
    ("New York", "us-ny", "New York (state); other places of that name: New York City, NY"),
    ("Washington", "us-wa",
     "Washington (state); other places of that name: District of Columbia (state);"
     " Washington, UT; Washington, IL and 17 more"),
    ("Denmark", "",
     "Denmark (country); other places of that name: Denmark, SC; Denmark, WI; Denmark, ME"),
    ("Lebanon", "",
     "Lebanon (country); other places of that name: Lebanon, TN; Lebanon, PA; Lebanon, OH"
     " and 9 more"),
    ("Mexico", "",
     "Mexico (country); other places of that name: Mexico, MO; Mexico, ME; Mexico, NY and 1 more"),
    ("Boston, US", "us-ma-boston",
     "Boston, MA; other places of that name: Boston, NY; Boston, GA; Boston, PA and 1 more"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key", "read_as"), TAKEN)
def test_a_bare_name_is_taken_for_the_large_place_and_the_others_are_named(
    name: str, key: str, read_as: str
) -> None:
    found = place(name)
    assert found.key == key
    assert found.notes[-1] == f"{name!r} is read as {read_as}"


ASKED = [
    ("MA", ["Morocco", "Massachusetts"]),
    ("Georgia", ["GE", "US-GA"]),
    ("De Kalb", ["DeKalb, IL", "De Kalb, TX"]),
    ("CA", ["Canada", "California"]),
    ("IN", ["India", "Indiana"]),
    ("DE", ["Germany", "Delaware"]),
    ("ma", ["Morocco", "Massachusetts"]),
    ("Ind.", ["India", "Indiana"]),
    ("Portland", ["Portland, OR", "Portland, ME", "Portland, TX"]),
    ("City of Portland", ["Portland, OR", "Portland, ME", "Portland, TX"]),
    ("Springfield", ["Springfield, MO", "Springfield, MA"]),
    ("Jackson", ["Jackson, MS", "Jackson, TN"]),
    ("Kansas City", ["Kansas City, MO", "Kansas City, KS"]),
    ("Orange County", ["Orange County, CA", "Orange County, FL"]),
    ("Burlingame", ["Burlingame, CA", "Burlingame, KS"]),
    ("Midway, FL", ["Midway, Santa Rosa County, FL", "Midway, Gadsden County, FL"]),
]


def test_an_id_that_is_no_longer_used_leads_on() -> None:
    row = {"policy_id": "us-x", "replaced_by": "us-ma-2020", "retired_on": "2026-11-28"}
    with_retired = replace(tables(), retired_ids=pd.DataFrame([row], dtype="str"))
    found = resolve(with_retired, "us-x")
    assert (found.key, found.policy_id) == ("us-ma", "us-ma-2020")
    assert found.notes == ("us-x is us-ma-2020 since 28 Nov 2026",)


PART = (
    "if this is a neighborhood of a larger city, that city's rules apply too: the gazetteer lists"
    " both"
)
WHOLE = {
    "San Francisco County": ("San Francisco, CA", "city", (), "record", ()),
    "Baltimore County, MD": ("Baltimore County, MD", "county", (), "gazetteer", ()),
    "Daly City, CA": ("Daly City, CA", "city", ("San Mateo County",), "gazetteer", (PART,)),
    "Brooklyn, NY": (
        *("Brooklyn, NY (in New York City)", "city", (), "gazetteer"),
        ("Kings County is part of New York City, whose rules are shown",),
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_a_us_place_is(name: str) -> None:
    it = place(name)
    assert (it.label, it.level, it.within, it.found_in, it.notes) == WHOLE[name]


@pytest.mark.parametrize(
    ("recorded", "name", "meant"),
    [
        ("LaGrange, KY", "La Grange, KY", "us-ky-lagrange"),
        ("Westpark, CA", "Westpark, CA", "us-ca-westpark"),
        # the gazetteer has both of these
        ("Westpark, CA", "West Park, CA", ""),
        ("West Park, CA", "Westpark, CA", ""),
    ],
)
def test_a_recorded_city_may_have_its_name_in_one_word_if_no_other_has(
    recorded: str, name: str, meant: str
) -> None:
    region = f"US-{recorded[-2:]}"
    key = subject_key("US", region, "city", recorded[:-4])
    (us,) = gazetteer.named(name[:-4], region, "city")
    subjects = {key: Subject(key, recorded[:-4], "city", "US", region)}
    assert of_us_place(subjects, us, "city").key == meant


@pytest.mark.parametrize(("name", "first"), ASKED)
def test_places_of_like_size_are_asked_about_largest_first(name: str, first: list[str]) -> None:
    with pytest.raises(NameNotUnderstood, match="can mean several places") as refusal:
        place(name)
    assert [words for words, _ in refusal.value.candidates][: len(first)] == first


@pytest.mark.parametrize("name", [name for name, _ in ASKED])
def test_every_candidate_means_one_place(name: str) -> None:
    with pytest.raises(NameNotUnderstood) as refusal:
        place(name)
    found = [place(words) for words, _ in refusal.value.candidates]
    assert len({(p.label, p.parents) for p in found}) == len(found)


ZIP = (
    "looks like a ZIP code, and these are not supported: use the city and state, as"
    ' "Daly City, CA".'
)
HOW = 'Write a US place (500 people or more) as "NAME, STATE", any other point as LAT,LON.'
REFUSED = [
    ("94103", f"'94103' {ZIP}"),
    ("94103-1234", f"'94103-1234' {ZIP}"),
    ("Xyzzy", f"No place or subject is named 'Xyzzy'. {HOW}"),
    ("Ulverton", f"No place or subject is named 'Ulverton'. {HOW}"),  # not near enough: Vermont
    ("Xyzzy, CA", f"No place or subject is named 'Xyzzy, CA'. {HOW}"),
    ("", f"No place or subject is named ''. {HOW}"),
    (",,", f"No place or subject is named ',,'. {HOW}"),
    ("San Fransisco",
     "No place or subject is named 'San Fransisco'. Did you mean: San Francisco, CA (city,"
     " us-ca-san-francisco)"),
    ("Detroit Polise",
     "No place or subject is named 'Detroit Polise'. Did you mean: Detroit Police Department, MI"
     " (agency, us-mi-detroit-police-department); Detroit, MI (city, us-mi-detroit)"),
    # towns abroad are in no table
    ("Atlantis",
     "'Atlantis' needs its state (abroad: LAT,LON): Atlantis, FL (city, Palm Beach County)"),
    ("Georgia",
     "'Georgia' can mean several places: GE (country); US-GA (state, us-ga)"),
    ("Kansas City",
     "'Kansas City' can mean several places (abroad: LAT,LON): Kansas City, MO (city, Jackson"
     " County); Kansas City, KS (city, Wyandotte County)"),
    ("St. Louis County",
     "'St. Louis County' can mean several places (abroad: LAT,LON): St. Louis County, MO"
     " (county); St. Louis County, MN (county)"),
    ("Kansas City, MA",
     "No place is named 'Kansas City, MA'. Did you mean: Kansas City, MO (city, Jackson County);"
     " Kansas City, KS (city, Wyandotte County)"),
    ("Kansas City, Clay County, MA",
     "No place is named 'Kansas City, Clay County, MA'. Did you mean: Kansas City, MO (city,"
     " Jackson County); Kansas City, KS (city, Wyandotte County)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said"), REFUSED)
def test_what_means_no_place_or_several_is_refused(name: str, said: str) -> None:
    with pytest.raises(NameNotUnderstood) as refusal:
        place(name)
    assert str(refusal.value) == said


GIVEN = [
    ("MA", ["US"], "us-ma"),
    ("MA", ["MA"], "ma"),
    ("IN", ["US-IN"], "us-in"),
    ("Portland", ["US-ME"], "us-me-portland"),
    ("Portland", ["US-CA", "US-ME"], "us-me-portland"),
    ("Springfield", ["US-MA"], "us-ma-springfield"),
    ("Amazon", ["GB"], "vendor-amazon"),
    ("Amazon", ["GB", "US"], "vendor-amazon"),
]


@pytest.mark.parametrize(("name", "markets", "key"), GIVEN)
def test_a_country_or_region_says_where_a_name_is_sought(
    name: str, markets: list[str], key: str
) -> None:
    assert resolve(tables(), name, markets=markets).key == key


NEW = {
    "Puerto Rico": ["state, US, US-PR, Puerto Rico; geoid=72"],
    "Lebanon": ["country, LB, , Lebanon"],
    "Cook County, IL": ["county, US, US-IL, Cook County; geoid=17031"],
    "Chicago, IL": [
        "city, US, US-IL, Chicago; within=Cook County; latitude=41.8500; longitude=-87.6500",
        "county, US, US-IL, Cook County; geoid=17031",
    ],
    "Portland, ME": [],
}


@pytest.mark.parametrize("name", NEW)
def test_a_new_subject_has_its_row_and_that_of_its_county(name: str) -> None:
    identity, rows = subject_rows(tables(), name)
    columns = ("subject_type", "country", "region", "subject")
    facts = [[f"{it}={row[it]}" for it in row if row[it] and it not in columns] for row in rows]
    told = [
        "; ".join([", ".join(row[it] for it in columns), *of])
        for row, of in zip(rows, facts, strict=True)
    ]
    assert told == NEW[name]
    assert [*identity] == [*IDENTITY]
    assert all(row | identity == row for row in rows[:1])


def test_a_point_is_no_new_subject() -> None:
    with pytest.raises(ValueError, match=r"^a subject has a name: write it as 'Eastwick, VT'$"):
        subject_rows(tables(), "44.46,-72.68")


DISTANCES = [
    ((0, 0), (0, 0), 0.0),
    ((0, 0), (0, 90), 10007.5),  # a quarter of the way around
    ((0, 0), (0, 180), 20015.1),
    ((-82, 0), (82, -180), 20015.1),  # rounding makes the sine more than 1
    ((52.5, 13.4), (48.85, 2.35), 877.0),  # Berlin, Paris
    ((37.77, -122.42), (-33.87, 151.21), 11948.0),  # San Francisco, Sydney
]


@pytest.mark.parametrize(("one", "other", "km"), DISTANCES)
def test_distances_are_along_the_great_circle(
    one: tuple[float, float], other: tuple[float, float], km: float
) -> None:
    for a, b in ((one, other), (other, one)):
        assert gazetteer.kilometres(a, b) == pytest.approx(km, rel=0.002)


PARENTS = [
    ("Daly City, CA", "San Mateo County, California, United States"),
    ("Boston, MA", "Suffolk County, Massachusetts, United States"),
    ("San Francisco", "California, United States"),
    ("NYPD", "New York City, New York, United States"),
    ("Hinds County, MS", "Mississippi, United States"),
    ("VT", "United States"),
    ("Lausanne", "Vaud, Switzerland"),
    ("Zurich", "Canton of Zurich, Switzerland"),
    ("US", ""),
    ("EU", ""),
    ("Amazon", ""),
]


@pytest.mark.parametrize(("name", "parents"), PARENTS)
def test_what_a_place_lies_in(name: str, parents: str) -> None:
    assert ", ".join(parent.name for parent in place(name).parents) == parents


def test_every_key_policy_and_label_of_the_record_is_understood() -> None:
    """Codes of two letters aside, which may be a US state's as well."""
    subjects = tables().subjects
    for key in subjects["subject_key"]:
        if len(key) > 2:
            assert place(key).key == key
    for row in tables().policies[["policy_id", "subject_key"]].itertuples(index=False):
        assert place(row.policy_id).key == row.subject_key


@pytest.mark.parametrize("region", sorted(US_REGION_NAMES))
def test_a_state_is_understood_by_its_codes(region: str) -> None:
    assert place(region).region == region
    assert resolve(tables(), region[3:], markets=["US"]).region == region


def test_a_territory_is_a_country_by_its_code() -> None:
    assert [country_code(it) for it in ("PR", "gu")] == ["PR", "GU"]


def test_codes_and_names_of_countries_mean_one_country() -> None:
    words = country_words()
    for code, (name, alpha_3, *_) in countries().items():
        assert {words[code.lower()], words[alpha_3.lower()], words[spelling(name)]} == {code}
    shapes = outlines.topology("countries")["objects"]["countries"]["geometries"]
    drawn = {shape["properties"]["code"]: shape["properties"]["name"] for shape in shapes}
    assert {code: countries()[code][0] for code in drawn} == drawn
    both = {word for word in words if word in region_words()}
    assert all(len(word) <= 3 or word == "georgia" for word in both), both


POINTS = [
    (37.706, -122.462, "US", "US-CA", "06081", "San Mateo County", ("San Francisco",), True),
    (47.606, -122.332, "US", "US-WA", "53033", "King County", (), True),
    (39.29, -76.61, "US", "US-MD", "24510", "Baltimore city", (), True),
    (18.4, -66.07, "US", "US-PR", "72127", "San Juan Municipio", (), True),
    (42.33, -83.055, "US", "US-MI", "26163", "Wayne County", (), True),
    # on the coast, off its outline
    (29.28, -94.77, "US", "US-TX", "48167", "Galveston County", (), False),
    (53.35, -6.26, "IE", "", "", "", (), True),
    (46.52, 6.63, "CH", "", "", "", ("France",), True),
    (-33.9, 151.2, "AU", "", "", "", (), True),
]


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_point_lies_in_its_country_state_and_county(point: tuple[Any, ...]) -> None:
    latitude, longitude, *expected = point
    assert [*astuple(gazetteer.ground(latitude, longitude))] == expected


NOT_DEGREES = "is not LAT,LON: latitude is -90 to 90, longitude -180 to 180 degrees."
NOWHERE = [
    ("-6.26,53.35", "No country at -6.26,53.35. Did you mean 53.35,-6.26? Latitude comes first."),
    ("0,0", "No country at 0,0."),
    ("29,-79", "No country at 29,-79."),
    ("0,-160", "No country at 0,-160."),
    ("42.314,-83.05", "No US county at 42.314,-83.05 (Canada within 12 km)."),
    ("-122,37", f"'-122,37' {NOT_DEGREES} Did you mean 37,-122?"),
    ("0,181", f"'0,181' {NOT_DEGREES}"),
    ("181,0", f"'181,0' {NOT_DEGREES}"),
    ("-90.1,91", f"'-90.1,91' {NOT_DEGREES}"),
]


@pytest.mark.parametrize(("point", "said"), NOWHERE)
def test_a_point_without_a_country_is_refused(point: str, said: str) -> None:
    with pytest.raises((ValueError, NameNotUnderstood), match=f"^{re.escape(said)}$"):
        place(point)


COARSE = "the outlines are too coarse to tell; region and city unknown"
LIMITS = "city limits are not in the program's data: give a city by its name"
NEAR = "cities of the record within 25 km:"
LABELS = [
    # the program knows no city limits: Portland's bans may be missing from the answer
    ("45.52,-122.68", "Multnomah County, OR; city unknown, so no rule of a city such as Portland",
     ["nearest place of the gazetteer: Portland, OR, 0.5 km", LIMITS, f"{NEAR} Portland"]),
    ("37.8,-122.2", "Alameda County, CA; city unknown, so no rule of a city such as Oakland",
     ["within 2 km of Contra Costa: the outlines may be off by that much",
      "nearest place of the gazetteer: Piedmont, CA, 3.9 km", LIMITS,
      f"{NEAR} Alameda, Berkeley, Oakland, San Francisco"]),
    ("40.65,-73.95", "New York City, NY",
     ["nearest place of the gazetteer: Brooklyn, NY, 0.0 km", f"{NEAR} New York City"]),
    ("39.29,-76.61", "Baltimore, MD",
     ["nearest place of the gazetteer: Baltimore, MD, 0.2 km", f"{NEAR} Baltimore"]),
    # no city of the record within 25 km, but a town
    ("44.08,-103.23",
     "Pennington County, SD; city unknown, so no rule of a city such as Rapid City",
     ["nearest place of the gazetteer: Rapid City, SD, 0.1 km", LIMITS]),
    # no town within 25 km
    ("41.3,-116.9", "Elko County, NV; city unknown",
     ["nearest place of the gazetteer: Battle Mountain, NV, 73.2 km", LIMITS]),
    ("47.37,8.54", "Switzerland; region and city unknown, so no rule of a city such as Zurich",
     [LIMITS, f"{NEAR} Zurich"]),
    ("-33.9,151.2", "Australia; region and city unknown", [LIMITS]),
    ("36.1408,-5.3536", f"Spain, or Gibraltar: {COARSE}",
     ["outside every outline, but within 12 km of Spain: treated as there", LIMITS]),
    ("35.89,-5.32", f"Morocco, or Ceuta (Spain): {COARSE}",
     ["within 12 km of Ceuta (Spain): the outlines may be off by that much", LIMITS]),
    ("41.9029,12.4534", f"Italy, or Vatican: {COARSE}",
     ["within 12 km of Vatican: the outlines may be off by that much", LIMITS]),
    ("42.5063,1.5218", f"Spain, or Andorra or France: {COARSE}",
     ["within 12 km of Andorra, France: the outlines may be off by that much", LIMITS]),
    ("46.2,6.15", f"Switzerland, or France: {COARSE}",
     ["within 12 km of France: the outlines may be off by that much", LIMITS]),
]  # fmt: skip


@pytest.mark.parametrize(("point", "where", "notes"), LABELS)
def test_what_a_point_cannot_tell_is_said(point: str, where: str, notes: list[str]) -> None:
    found = place(point)
    assert found.label == f"{point} ({where})"
    assert [*found.notes] == notes
    assert f"{found.latitude:g},{found.longitude:g}" == point
    assert found.found_in == "outlines"


IDENTITIES = {
    "45.52,-122.68": ("45.52,-122.68", "point", "", "US", "US-OR", ("Multnomah County",)),
    "40.65,-73.95": ("New York City", "city", "us-ny-new-york-city", "US", "US-NY", ()),
    "39.29,-76.61": ("Baltimore", "city", "us-md-baltimore", "US", "US-MD", ()),
    "47.37,8.54": ("47.37,8.54", "point", "", "CH", "", ()),
}


@pytest.mark.parametrize("point", IDENTITIES)
def test_a_point_is_a_city_only_where_that_is_the_whole_county(point: str) -> None:
    it = place(point)
    found = it.name, it.level, it.key, it.country, it.region, it.within
    assert found == IDENTITIES[point]


AROUND = {
    "us": ("US", ()),
    "us-ma": ("US-MA", ("United States",)),
    "us-wi-milwaukee-county": ("55079", ("Wisconsin", "United States")),
    "us-ca-oakland": ("", ("Alameda County", "California", "United States")),
    "us-mi-detroit-police-department": (
        "", ("Detroit", "Wayne County", "Michigan", "United States")),
    "vendor-amazon": ("", ("United States",)),
    "ca-on-toronto": ("", ("Ontario", "Canada")),
}  # fmt: skip


@pytest.mark.parametrize("key", AROUND)
def test_what_a_subject_is_in_and_which_outline_it_has(key: str) -> None:
    subject = subjects_by_key(tables().subjects)[key]
    assert (subject.outline, subject.around) == AROUND[key]


COUNTRY = "is not a country: use its name or its ISO 3166-1 code, such as US"
REGION = "is not a region: use its name or its ISO 3166-2 code, such as US-IL or CA-ON"
UNION = ". The European Union is a subject: --subject EU."
NO_CODES = [
    (country_code, ["Germny"], f"'Germny' {COUNTRY}. Did you mean 'Germany'?"),
    (country_code, ["Cubb"], f"'Cubb' {COUNTRY}. Did you mean 'Cuba'?"),
    (country_code, ["Irx"], f"'Irx' {COUNTRY}."),  # of three letters all are like some name
    (country_code, ["EU"], f"'EU' {COUNTRY}{UNION}"),
    (country_code, ["European Union"], f"'European Union' {COUNTRY}{UNION}"),
    (region_code, ["Ilinois"], f"'Ilinois' {REGION}. Did you mean 'Illinois'?"),
    (region_code, ["Ontaria"], f"'Ontaria' {REGION}. Did you mean 'Ontario'?"),
    (region_code, ["Qqq"], f"'Qqq' {REGION}."),
    (market_codes, [["US"], ["CA-ON"]], "CA-ON is not in US."),
    (market_codes, [["US", "CA"], ["DE-BE"]], "DE-BE is not in US or CA."),
    (market_codes, [["US", "CA", "DE"], ["CA-ON"]],
     "No region of US or DE is given: ask about it separately."),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "words", "said"), NO_CODES)
def test_what_is_no_code_is_told(ask: Callable[..., object], words: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        ask(*words)


NEWSPAPERS = {"Calif.": "US-CA", "N. Mex.": "US-NM", "W Va": "US-WV", "Wash.": "US-WA"}


@pytest.mark.parametrize("text", NEWSPAPERS)
def test_a_state_is_understood_by_its_newspaper_abbreviation(text: str) -> None:
    assert region_code(text) == NEWSPAPERS[text]
    assert region_words()[solid(text)] == NEWSPAPERS[text]


TEXTS = [
    ("47.6,-122.3", (47.6, -122.3)),
    (" -33.9 , +151 ", (-33.9, 151.0)),
    ("90,-180", (90.0, -180.0)),
    ("Portland, OR", None),
    ("47.6", None),
    ("1,2,3", None),
]


@pytest.mark.parametrize(("text", "point"), TEXTS)
def test_latitude_and_longitude_are_read(text: str, point: tuple[float, float] | None) -> None:
    assert parse_point(text) == point


CITIES = [
    ("06075", "San Francisco County", "San Francisco"),
    ("36047", "Kings County", "New York City"),
    ("24510", "Baltimore city", "Baltimore"),
    ("24005", "Baltimore County", ""),
    ("51510", "Alexandria city", "Alexandria"),
    ("32510", "Carson City", "Carson City"),
    ("48510", "not independent: a Texas number", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("geoid", "county", "city"), CITIES)
def test_counties_that_are_one_city(geoid: str, county: str, city: str) -> None:
    assert gazetteer.one_city(geoid, county) == city


def test_the_county_tells_places_of_one_state_apart() -> None:
    counties = {each.county for each in gazetteer.named("Midway", "US-FL", "city")}
    assert len(counties) > 1
    for county in counties:
        (found,) = gazetteer.called(f"Midway, {county}, FL", "city")
        assert found.county == county
    assert gazetteer.county_of("Midway", "US-FL") == ()
    assert gazetteer.county_of("Daly City", "US-CA") == ("San Mateo County",)


def test_the_file_is_whole() -> None:
    places = gazetteer.us_places()
    identities = [(p.region, p.name, p.county_geoid) for p in places]
    assert len(places) > 21_000
    assert identities == sorted(set(identities)), "in order, and none twice"
    assert min(p.population for p in places) >= 500
    assert {p.region for p in places} == set(US_REGION_NAMES)
    shapes = outlines.topology("counties")["objects"]["counties"]["geometries"]
    regions = {g["properties"]["geoid"]: g["properties"]["region"] for g in shapes}
    regions["51610"] = "US-VA"
    assert [p.label for p in places if regions.get(p.county_geoid) != p.region] == []
