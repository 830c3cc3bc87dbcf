"""US places of 500 people or more, and the country, state and county at a point.

``outlines/us_places.csv.gz`` is made by ``scripts/prepare_gazetteer.py``; ``outlines/
PROVENANCE.md`` says what it covers. It has the population of US places, and of no others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from frtracker.places.subjects import NameNotUnderstood, region_words, solid, spelling

if TYPE_CHECKING:
    from frtracker.outlines import Level

_ONE_CITY: Final = {
    **{"02020": "Anchorage", "02110": "Juneau", "02220": "Sitka", "06075": "San Francisco"},
    **{"08014": "Broomfield", "08031": "Denver", "15003": "Honolulu", "22071": "New Orleans"},
    **{"25019": "Nantucket", "42101": "Philadelphia"},
    **dict.fromkeys(["36005", "36047", "36061", "36081", "36085"], "New York City"),
}
_WITH_INDEPENDENT: Final = ("24", "29", "32", "51")
_FIRST_INDEPENDENT: Final = 510  # county numbers from here on are cities in no county (Census)

# Names of merged city-counties and of cities that the gazetteer has by another name.
_OTHER_NAMES: Final = {
    "anaconda-deer-lodge-county": ("anaconda", "US-MT"),
    "athens-clarke-county": ("athens", "US-GA"),
    "augusta-richmond-county": ("augusta", "US-GA"),
    "butte-silver-bow": ("butte", "US-MT"),
    "indianapolis-marion-county": ("indianapolis", "US-IN"),
    "jacksonville-duval-county": ("jacksonville", "US-FL"),
    "lexington-fayette-county": ("lexington", "US-KY"),
    "louisville-jefferson-county": ("louisville", "US-KY"),
    "macon-bibb-county": ("macon", "US-GA"),
    "metropolitan-nashville": ("nashville", "US-TN"),
    "nashville-davidson": ("nashville", "US-TN"),
    "nashville-davidson-county": ("nashville", "US-TN"),
    "new-york": ("new-york-city", "US-NY"),
    "san-buenaventura": ("ventura", "US-CA"),
}

OUTLINE_KM: Final = 12.0  # how far a country's outline may be off (PROVENANCE.md: "some 10 km")
COUNTY_KM: Final = 2.0  # the same for US states and counties
_KM_PER_DEGREE: Final = 111.2

# Territories and enclaves that the outlines lack: code, name, latitude, longitude, km to its edge.
_NOT_OUTLINED: Final = (
    ("GI", "Gibraltar", 36.137, -5.345, 4.0),
    ("ES", "Ceuta (Spain)", 35.889, -5.316, 6.0),
    ("ES", "Melilla (Spain)", 35.292, -2.938, 4.0),
    ("ES", "Llívia (Spain)", 42.464, 1.981, 4.0),
    ("BE", "Baarle-Hertog (Belgium)", 51.443, 4.931, 4.0),
    ("DE", "Büsingen (Germany)", 47.697, 8.690, 3.0),
    ("IT", "Campione (Italy)", 45.969, 8.971, 2.5),
)


@dataclass(frozen=True, slots=True)
class UsPlace:
    """One populated place; ``county`` with its kind: ``San Mateo County``, ``Orleans Parish``."""

    name: str
    region: str
    county_geoid: str
    county: str
    latitude: float
    longitude: float
    population: int

    @property
    def label(self) -> str:
        return f"{self.name}, {self.region.removeprefix('US-')}"


@cache
def us_places() -> tuple[UsPlace, ...]:
    """Every place of the gazetteer, by region, name and county."""
    with (files("frtracker") / "outlines" / "us_places.csv.gz").open("rb") as file:
        table = pd.read_csv(file, compression="gzip", dtype={"county_geoid": "str"})
    return tuple(UsPlace(*row) for row in table.itertuples(index=False, name=None))


@cache
def _in_region(region: str) -> tuple[UsPlace, ...]:
    return tuple(place for place in us_places() if place.region == region)


def state_geoids() -> Mapping[str, str]:
    """ISO 3166-2 code of a US state or territory → its FIPS code."""
    return {place.region: place.county_geoid[:2] for place in us_places()}


def one_city(county_geoid: str, county: str) -> str:
    """The city whose territory is the whole county ('' where there is none): San Francisco, the
    five boroughs of New York, Virginia's independent cities. Smaller places in a merged
    city-county that kept their own government are why Nashville or Louisville is not listed."""
    if county_geoid[:2] in _WITH_INDEPENDENT and int(county_geoid[2:]) >= _FIRST_INDEPENDENT:
        return county.removesuffix(" city")
    return _ONE_CITY.get(county_geoid, "")


def within_county(county_geoid: str, county: str) -> tuple[str, ...]:
    """The county as a step above a city; none where the county is the city, or the District."""
    if not county or county_geoid.startswith("11") or one_city(county_geoid, county):
        return ()
    return (county,)


def county_of(name: str, region: str) -> tuple[str, ...]:
    """The step above the city of this name; none if places of that name lie in several counties."""
    counties = {(place.county_geoid, place.county) for place in named(name, region, "city")}
    return within_county(*counties.pop()) if len(counties) == 1 else ()


def named(name: str, region: str, level: str) -> list[UsPlace]:
    """Every place, or county, of this name, in one region or ('') in all; no state may be in
    ``name``. Of names that differ in spaces and hyphens alone, in a state that has it as it is
    asked only that one. A county is where its first place is, and has the population of them
    all."""
    asked, there = spelling(name), _in_region(region) if region else us_places()
    if level == "county":
        counties: dict[str, list[UsPlace]] = {}
        for place in there:
            if solid(place.county) == solid(name):
                counties.setdefault(place.county_geoid, []).append(place)
        return [
            replace(own[0], name=own[0].county, population=sum(it.population for it in own))
            for own in counties.values()
        ]
    alike = [place for place in there if solid(place.name) == solid(name)]
    exact = {place.region for place in alike if spelling(place.name) == asked}
    found = [it for it in alike if spelling(it.name) == asked or it.region not in exact]
    other, state = _OTHER_NAMES.get(asked, ("", ""))
    return found + (named(other, state, level) if other and region in ("", state) else [])


def called(text: str, level: str) -> list[UsPlace]:
    """Every place, or county, that "NAME", "NAME, STATE" or "NAME, COUNTY, STATE" may mean. The
    state by any of its names, with or without the comma (``daly city ca``)."""
    for name, counties, region in _readings(text):
        found = [
            place
            for place in named(name, region, level)
            if all(solid(place.county).startswith(solid(county)) for county in counties)
        ]
        if found:
            return found
    return []


def _readings(text: str) -> Iterator[tuple[str, list[str], str]]:
    """Ways to split a text into name, counties and region ('' where it names no state)."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    words = region_words()
    if len(parts) > 1 and (region := words.get(spelling(parts[-1]))):
        yield parts[0], parts[1:-1], region
    elif len(parts) == 1:
        yield parts[0], [], ""
        pieces = spelling(parts[0]).split("-")
        for cut in range(len(pieces) - 1, 0, -1):
            if region := words.get("-".join(pieces[cut:])):
                yield " ".join(pieces[:cut]), [], region


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) pairs in degrees."""
    north_a, east_a, north_b, east_b = map(math.radians, (*a, *b))
    half = math.sin((north_b - north_a) / 2) ** 2
    half += math.cos(north_a) * math.cos(north_b) * math.sin((east_b - east_a) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def nearest(latitude: float, longitude: float) -> tuple[UsPlace, float]:
    """The place of the gazetteer nearest to a point, and how far it is in km."""
    point = latitude, longitude
    away = [(kilometres(point, (it.latitude, it.longitude)), it) for it in us_places()]
    distance, place = min(away, key=itemgetter(0))
    return place, distance


@dataclass(frozen=True, slots=True)
class Ground:
    """What a point is in by the outlines: a country (alpha-2 code), and in the United States its
    region and county ('' elsewhere). ``others``: countries, territories or counties so near that
    it may be there. ``inside``: it is within an outline, not only near one."""

    country: str
    region: str
    county_geoid: str
    county: str
    others: tuple[str, ...]
    inside: bool


def ground(latitude: float, longitude: float) -> Ground:
    """Find country, state and county of a point by polygon, or by the only outline near enough.
    Raises :class:`NameNotUnderstood` where there is none, or several that do not contain it;
    the message asks whether the numbers were swapped, if a country is there then."""
    county, inside, others = _at("counties", latitude, longitude, COUNTY_KM)
    if not inside:
        # a county's coast may lie inland of the point, but a neighbour country's ground is not ours
        country, there, abroad = _at("countries", latitude, longitude, OUTLINE_KM)
        abroad += [
            name
            for _, name, north, east, km in _NOT_OUTLINED
            if kilometres((latitude, longitude), (north, east)) <= km
        ]
        if country and country.code != "US":
            return Ground(country.code, "", "", "", tuple(abroad), there)
        if not county or abroad:
            near = f" ({', '.join(abroad)} within {OUTLINE_KM:g} km)" if abroad else ""
            what, hint = "US county" if country else "country", ""
            if not country and not abroad and abs(longitude) <= 90:
                _, is_swapped, _ = _at("countries", longitude, latitude, 0)
                hint = f" Did you mean {longitude:g},{latitude:g}? Latitude comes first."
                hint *= is_swapped
            raise NameNotUnderstood(f"No {what} at {latitude:g},{longitude:g}{near}.{hint}")
    names = [place.county for place in us_places() if place.county_geoid == county.geoid]
    name = names[0] if names else county.name
    return Ground("US", county.region, county.geoid, name, tuple(others), inside)


def _at(level: Level, latitude: float, longitude: float, km: float) -> tuple[Any, bool, list[str]]:
    """The shape (a row of the outlines) that contains a point, or else the only one within ``km``
    (None for none or several), whether it contains it, and the names of others within ``km``."""
    import shapely

    from frtracker import outlines  # needed for a point alone

    shrink = max(math.cos(math.radians(latitude)), 0.01)
    north, east = km / _KM_PER_DEGREE, km / _KM_PER_DEGREE / shrink
    around = shapely.box(longitude - east, latitude - north, longitude + east, latitude + north)
    shapes = outlines.load(level)
    near = shapely.STRtree(shapes["geometry"]).query(around, predicate="intersects")
    close = shapes.iloc[sorted(near)]
    holding = close[shapely.intersects_xy(close["geometry"].to_numpy(), longitude, latitude)]
    chosen = close if holding.empty and len(close) == 1 else holding[:1]
    names = close["name"].drop(chosen.index)
    return next(chosen.itertuples(), None), not holding.empty, list(names)
