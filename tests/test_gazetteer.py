"""US places by name and state, and points by outline: a name means one place or is refused."""

from __future__ import annotations

import pytest

from frtracker import outlines as boundaries
from frtracker.places import gazetteer
from frtracker.places.gazetteer import PlaceNotUnderstood

NAMED = [
    ("Daly City, CA", "Daly City, CA", "06081", "San Mateo County"),
    ("daly city ca", "Daly City, CA", "06081", "San Mateo County"),
    ("Daly City, California, USA", "Daly City, CA", "06081", "San Mateo County"),
    ("Saint Louis, MO", "St. Louis, MO", "29510", "St. Louis city"),
    ("Ft. Worth, Texas", "Fort Worth, TX", "48439", "Tarrant County"),
    ("Kapaa, HI", "Kapa‘a, HI", "15007", "Kauai County"),
    ("Espanola, New Mexico", "Española, NM", "35039", "Rio Arriba County"),
    ("Portland, TX", "Portland, TX", "48409", "San Patricio County"),
    ("Alexandria, VA", "Alexandria, VA", "51510", "Alexandria city"),
    ("Falls Church, VA", "Falls Church, VA", "51610", "Falls Church city"),
    ("Mandeville, LA", "Mandeville, LA", "22103", "St. Tammany Parish"),
    ("Ponce, Puerto Rico", "Ponce, PR", "72113", "Ponce Municipio"),
]


@pytest.mark.parametrize(("name", "label", "geoid", "county"), NAMED)
def test_a_name_with_its_state_is_one_place(name: str, label: str, geoid: str, county: str) -> None:
    place = gazetteer.find(name)
    assert (place.label, place.county_geoid, place.county) == (label, geoid, county)


REFUSED = [
    ("Springfield", "name the state", "Springfield, MO (Greene County)"),
    ("Springfield, CA", "none of that name there", "Springfield, IL (Sangamon County)"),
    ("Midway, FL", "Name the county", "Midway, FL (Gadsden County)"),
    ("Xyzzy, CA", "no US place of 500 people or more", ""),
    ("", "no US place of 500 people or more", ""),
    (",,", "no US place of 500 people or more", ""),
]


@pytest.mark.parametrize(("name", "said", "candidate"), REFUSED)
def test_any_other_name_is_refused_with_candidates(name: str, said: str, candidate: str) -> None:
    with pytest.raises(PlaceNotUnderstood, match=said) as refusal:
        gazetteer.find(name)
    assert candidate in str(refusal.value)
    assert bool(refusal.value.candidates) == bool(candidate)


def test_the_county_tells_places_of_one_state_apart() -> None:
    counties = {place.county for place in gazetteer.named("Midway") if place.region == "US-FL"}
    assert len(counties) > 1
    for county in counties:
        assert gazetteer.find(f"Midway, {county}, FL").county == county
    assert gazetteer.county_of("Midway", "US-FL") is None
    assert gazetteer.county_of("Daly City", "US-CA") == gazetteer.find("Daly City, CA")


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
    at = gazetteer.locate(latitude, longitude)
    assert (at.country, at.region, at.county) == (country, region, county)
    assert (at.near is not None) == (country == "US")


NOWHERE = [(0.0, 0.0, "in no country's outline"), (42.314, -83.05, "Canada")]


@pytest.mark.parametrize(("latitude", "longitude", "said"), NOWHERE)
def test_a_point_without_a_country_is_refused(latitude: float, longitude: float, said: str) -> None:
    with pytest.raises(PlaceNotUnderstood, match=said):
        gazetteer.locate(latitude, longitude)


def test_a_point_near_a_border_says_so() -> None:
    assert "France" in gazetteer.locate(46.2, 6.15).doubts[0]  # Geneva
    assert gazetteer.locate(47.05, 8.3).doubts == ()  # Lucerne


TEXTS = [
    ("47.6,-122.3", (47.6, -122.3)),
    (" -33.9 , +151 ", (-33.9, 151.0)),
    ("Portland, OR", None),
    ("47.6", None),
    ("1,2,3", None),
]


@pytest.mark.parametrize(("text", "point"), TEXTS)
def test_latitude_and_longitude_are_read(text: str, point: tuple[float, float] | None) -> None:
    assert gazetteer.parse_point(text) == point


@pytest.mark.parametrize("text", ["91,0", "-90.1,0", "0,181"])
def test_degrees_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="latitude is -90 to 90"):
        gazetteer.parse_point(text)


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


def test_the_file_is_whole() -> None:
    places = gazetteer.us_places()
    identities = [(p.region, p.name, p.county_geoid) for p in places]
    assert len(places) > 21_000
    assert identities == sorted(set(identities)), "in order, and none twice"
    assert min(p.population for p in places) >= 500
    assert {p.region for p in places} == set(gazetteer.REGION_NAMES)
    counties = {g["properties"]["geoid"]: g["properties"]["region"] for g in _counties()}
    counties["51610"] = "US-VA"
    assert [p.label for p in places if counties.get(p.county_geoid) != p.region] == []


def _counties() -> list[dict[str, dict[str, str]]]:
    shapes: list[dict[str, dict[str, str]]] = boundaries.topology("counties")["objects"][
        "counties"
    ]["geometries"]
    return shapes
