"""A name or a point means one place, or is refused with the candidates; never a guess."""

from __future__ import annotations

from functools import cache

import pytest

from frtracker import outlines
from frtracker.codes import US_REGION_NAMES, countries
from frtracker.places import gazetteer
from frtracker.places.names import resolve
from frtracker.places.place import Place, parse_point
from frtracker.places.subjects import (
    NameNotUnderstood,
    country_words,
    region_words,
    spelling,
)
from frtracker.record import load as table


@cache
def tables() -> table.Tables:
    return table.read()


@cache
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
Oklahoma City, US | Oklahoma City, OK
Georgia, USA | us-ga
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
    ("Cambridge", "us-ma-cambridge", "Cambridge, MD; Cambridge, OH; Cambridge, MN and 6 more"),
    ("Vermont", "us-vt", "Vermont, "),
    ("Holland", "", "Holland, MI; "),
    ("City of St. Louis", "us-mo-st-louis", "Saint Louis, MI"),
    ("Baltimore City", "us-md-baltimore", "Baltimore, OH"),
    ("City and County of Denver", "us-co-denver", "Denver, PA"),
    ("City of Detroit", "us-mi-detroit", "Detroit, ME"),
    ("Detroit", "us-mi-detroit", "Detroit, ME; Detroit, TX"),
    ("Toronto", "ca-on-toronto", "Toronto, OH"),
    ("Boise City", "us-id-boise", "Boise City, OK"),
    ("Wyoming", "us-wy", "Wyoming, MI; "),
    ("New York", "us-ny", "New York City, NY"),
    ("Washington", "us-wa", "District of Columbia (state); Washington, UT"),
    ("Denmark", "", "Denmark, SC; "),
    ("Norway", "no", "Norway, "),
    ("Lebanon", "", "Lebanon, TN; Lebanon, PA; Lebanon, OH and 9 more"),
    ("Mexico", "", "'Mexico' is read as Mexico (country); other places of that name: Mexico, MO"),
    ("Boston, US", "us-ma-boston", "Boston, NY; "),
]


@pytest.mark.parametrize(("name", "key", "others"), TAKEN)
def test_a_bare_name_is_taken_for_the_large_place_and_the_others_are_named(
    name: str, key: str, others: str
) -> None:
    found = place(name)
    assert found.key == key
    assert others in found.notes[-1]


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


UNKNOWN = [
    ("94103", "looks like a ZIP code", ""),
    ("94103-1234", "looks like a ZIP code", ""),
    ("Xyzzy", "No place or subject is named 'Xyzzy'. Write a US place", ""),
    ("Xyzzy, CA", "No place or subject is named", ""),
    ("", "No place or subject is named", ""),
    (",,", "No place or subject is named", ""),
    ("San Fransisco", "Did you mean", "San Francisco, CA"),
    ("Vancouver", "needs its state", "Vancouver, WA"),  # the gazetteer has no Canadian towns
    ("Atlantis", "needs its state", "Atlantis, FL"),
    ("Springfield, CA", "Did you mean", "Springfield, IL"),
]


@pytest.mark.parametrize(("name", "said", "candidate"), UNKNOWN)
def test_an_unknown_name_is_refused(name: str, said: str, candidate: str) -> None:
    with pytest.raises(NameNotUnderstood, match=said) as refusal:
        place(name)
    words = [words for words, _ in refusal.value.candidates]
    assert candidate in words if candidate else not words


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
    (37.706, -122.462, "US", "US-CA", "San Mateo County"),
    (47.606, -122.332, "US", "US-WA", "King County"),
    (39.29, -76.61, "US", "US-MD", "Baltimore city"),
    (18.4, -66.07, "US", "US-PR", "San Juan Municipio"),
    (42.33, -83.055, "US", "US-MI", "Wayne County"),
    (29.28, -94.77, "US", "US-TX", "Galveston County"),  # on the coast, off its outline
    (53.35, -6.26, "IE", "", ""),
    (46.52, 6.63, "CH", "", ""),
    (-33.9, 151.2, "AU", "", ""),
]


@pytest.mark.parametrize(("latitude", "longitude", "country", "region", "county"), POINTS)
def test_a_point_lies_in_its_country_state_and_county(
    latitude: float, longitude: float, country: str, region: str, county: str
) -> None:
    at = gazetteer.ground(latitude, longitude)
    assert (at.country, at.region, at.county) == (country, region, county)


NOWHERE = [
    ("-6.26,53.35", "Did you mean 53.35,-6.26[?] Latitude comes first.$"),
    ("0,0", "No country at 0,0.$"),
    ("42.314,-83.05", "Canada"),
]


@pytest.mark.parametrize(("point", "said"), NOWHERE)
def test_a_point_without_a_country_is_refused(point: str, said: str) -> None:
    with pytest.raises(NameNotUnderstood, match=said):
        place(point)


LABELS = [
    # the program knows no city limits: Portland's bans may be missing from the answer
    ("45.52,-122.68", "Multnomah County, OR; city unknown, so no rule of a city such as Portland"),
    ("40.65,-73.95", "New York City, NY"),
    ("39.29,-76.61", "Baltimore, MD"),
    ("47.37,8.54", "Switzerland; region and city unknown, so no rule of a city such as Zurich"),
    ("-33.9,151.2", "Australia; region and city unknown"),
    ("36.1408,-5.3536", "Spain, or Gibraltar: the outlines are too coarse to tell; region"),
    ("35.89,-5.32", "Morocco, or Ceuta (Spain): the outlines"),
    ("41.9029,12.4534", "Italy, or Vatican: the outlines"),
    ("42.5063,1.5218", "Spain, or Andorra or France: the outlines"),
    ("46.2,6.15", "Switzerland, or France: the outlines"),
]


@pytest.mark.parametrize(("point", "where"), LABELS)
def test_what_a_point_cannot_tell_is_in_its_label(point: str, where: str) -> None:
    assert place(point).label.startswith(f"{point} ({where}")


TEXTS = [
    ("47.6,-122.3", (47.6, -122.3)),
    (" -33.9 , +151 ", (-33.9, 151.0)),
    ("Portland, OR", None),
    ("47.6", None),
    ("1,2,3", None),
]


@pytest.mark.parametrize(("text", "point"), TEXTS)
def test_latitude_and_longitude_are_read(text: str, point: tuple[float, float] | None) -> None:
    assert parse_point(text) == point


@pytest.mark.parametrize("text", ["91,0", "-90.1,0", "0,181"])
def test_degrees_out_of_range_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="latitude is -90 to 90"):
        parse_point(text)


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
    counties = {each.county for each in gazetteer.named("Midway", "US-FL")}
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
