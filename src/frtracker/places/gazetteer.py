"""US places of 500 people or more, and the country, state and county at a point.

``outlines/us_places.csv.gz`` is made by ``scripts/prepare_gazetteer.py``; ``outlines/
PROVENANCE.md`` tells what it covers. It has the population of US places, and of no others.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from frtracker.places.subjects import NameNotUnderstood, region_words, spelling

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_ONE_CITY: Final = MappingProxyType(
    {"02020": "Anchorage", "02110": "Juneau", "02220": "Sitka", "06075": "San Francisco"}
    | {"08014": "Broomfield", "08031": "Denver", "15003": "Honolulu"}
    | {"22071": "New Orleans", "25019": "Nantucket", "42101": "Philadelphia"}
    | dict.fromkeys(["36005", "36047", "36061", "36081", "36085"], "New York City")
)
_WITH_INDEPENDENT: Final = frozenset({"24", "29", "32", "51"})
_FIRST_INDEPENDENT: Final = 510  # county numbers from here on are cities in no county (Census)

# Names of merged city-counties and of cities that the gazetteer has by another name.
_OTHER_NAMES: Final = MappingProxyType(
    {
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
)

OUTLINE_KM: Final = 12.0
"""How far a country's outline may be off (PROVENANCE.md: "some 10 km")."""
COUNTY_KM: Final = 2.0
"""The same for US states and counties."""
KM_PER_DEGREE: Final = 111.2

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
    return tuple(map(_place, _rows()))


@cache
def _text() -> str:
    """The lines of the gazetteer, in order of region, without the names of the columns."""
    packed = (files("frtracker") / "outlines" / "us_places.csv.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8").partition("\n")[2]


@cache
def _rows(region: str = "") -> tuple[list[str], ...]:
    """The cells of every place, or of those of one region without reading all others."""
    text, mark = _text(), f",{region},"
    if region:
        begins = text.rfind("\n", 0, max(text.find(mark), 0)) + 1
        text = text[begins : text.find("\n", text.rfind(mark))]
    return tuple(row for row in csv.reader(text.splitlines()) if region in ("", row[1]))


def _place(row: list[str]) -> UsPlace:
    name, region, county_geoid, county, latitude, longitude, population = row
    at = float(latitude), float(longitude)
    return UsPlace(name, region, county_geoid, county, *at, int(population))


@cache
def _by_spelling() -> Mapping[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for row in _rows():
        found.setdefault(spelling(row[0]), []).append(row)
    return MappingProxyType(found)


@cache
def state_geoids() -> Mapping[str, str]:
    """ISO 3166-2 code of a US state or territory → its FIPS code."""
    return MappingProxyType({row[1]: row[2][:2] for row in _rows()})


def one_city(county_geoid: str, county: str) -> str:
    """The city whose territory is the whole county ('' where there is none): San Francisco, the
    five boroughs of New York, Virginia's independent cities. Smaller places in a merged
    city-county that kept their own government are why Nashville or Louisville is not listed.

    >>> one_city("24510", "Baltimore city"), one_city("24005", "Baltimore County")
    ('Baltimore', '')
    """
    if county_geoid[:2] in _WITH_INDEPENDENT and int(county_geoid[2:]) >= _FIRST_INDEPENDENT:
        return county.removesuffix(" city")
    return _ONE_CITY.get(county_geoid, "")


def named(name: str, region: str = "") -> list[UsPlace]:
    """Every place of this name, in one region or in all; no state may stand in ``name``."""
    asked = spelling(name)
    if region:
        found = [_place(row) for row in _rows(region) if spelling(row[0]) == asked]
    else:
        found = [_place(row) for row in _by_spelling().get(asked, ())]
    other, state = _OTHER_NAMES.get(asked, ("", ""))
    return found + (named(other, state) if other and region in ("", state) else [])


def cities(text: str) -> list[UsPlace]:
    """Every place that "NAME", "NAME, STATE" or "NAME, COUNTY, STATE" may mean. The state by any
    of its names, with or without the comma (``daly city ca``)."""
    found = []
    for name, counties, region in _readings(text):
        found = [
            place
            for place in named(name, region)
            if all(spelling(place.county).startswith(spelling(county)) for county in counties)
        ]
        if found:
            break
    return found


def counties(text: str) -> list[UsPlace]:
    """For every county that "COUNTY" or "COUNTY, STATE" may mean its largest place, with the
    population of the whole county."""
    found: dict[str, list[UsPlace]] = {}
    for name, others, region in _readings(text):
        asked = spelling(name)
        for row in _rows(region) if not others else ():
            if spelling(row[3]) == asked:
                found.setdefault(row[2], []).append(_place(row))
        if found:
            break
    return [
        UsPlace(
            places[0].county,
            places[0].region,
            geoid,
            places[0].county,
            places[0].latitude,
            places[0].longitude,
            sum(place.population for place in places),
        )
        for geoid, places in found.items()
    ]


def _readings(text: str) -> Iterator[tuple[str, list[str], str]]:
    """Ways to split a text into name, counties and region ('' where it names no state)."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 1 and spelling(parts[-1]) in {"us", "usa", "united-states"}:
        parts.pop()
    words = region_words()
    if len(parts) > 1 and (region := words.get(spelling(parts[-1]))):
        yield parts[0], parts[1:-1], region
    elif len(parts) == 1:
        yield parts[0], [], ""
        pieces = spelling(parts[0]).split("-")
        for cut in range(len(pieces) - 1, 0, -1):
            if region := words.get("-".join(pieces[cut:])):
                yield " ".join(pieces[:cut]), [], region


def county_of(name: str, region: str) -> UsPlace | None:
    """The gazetteer's place of this name in the state, if all of that name lie in one county."""
    found = named(name, region)
    return found[0] if len({place.county_geoid for place in found}) == 1 else None


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) pairs in degrees."""
    north_a, east_a, north_b, east_b = map(math.radians, (*a, *b))
    half = math.sin((north_b - north_a) / 2) ** 2
    half += math.cos(north_a) * math.cos(north_b) * math.sin((east_b - east_a) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def nearest(latitude: float, longitude: float) -> tuple[UsPlace, float]:
    """The place of the gazetteer nearest to a point, and how far it is in km."""
    shrink = math.cos(math.radians(latitude))

    def gap(place: UsPlace) -> float:
        east = (place.longitude - longitude + 180) % 360 - 180
        return (place.latitude - latitude) ** 2 + (east * shrink) ** 2

    place = min(us_places(), key=gap)
    return place, kilometres((latitude, longitude), (place.latitude, place.longitude))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a point lies in by the outlines: a country (alpha-2 code), and in the United States its
    region and county ('' elsewhere). ``others``: countries, territories or counties so near that
    it may lie there. ``inside``: it lies within an outline, not only near one."""

    country: str
    region: str
    county_geoid: str
    county: str
    others: tuple[str, ...]
    inside: bool


def ground(latitude: float, longitude: float) -> Ground:
    """Find country, state and county of a point by polygon, or by the only outline near enough.

    Raises :class:`NameNotUnderstood` where there is none, or several that do not hold the point.
    """
    from frtracker import outlines  # asked of a point alone

    counties = outlines.load("counties")
    geoid, inside, others = _at(counties, "geoid", latitude, longitude, COUNTY_KM)
    code = "US"
    if not inside:
        # a county's coast may lie inland of the point, but a neighbour country's ground is not ours
        shapes = outlines.load("countries")
        code, there, abroad = _at(shapes, "code", latitude, longitude, OUTLINE_KM)
        abroad += [
            name
            for _, name, north, east, km in _NOT_OUTLINED
            if kilometres((latitude, longitude), (north, east)) <= km
        ]
        if code not in ("", "US"):
            return Ground(code, "", "", "", tuple(abroad), there)
        if not geoid or abroad:
            near = f"; within {OUTLINE_KM:g} km of it: {', '.join(abroad)}" if abroad else ""
            what = "US county's" if code else "country's"
            raise NameNotUnderstood(f"{latitude:g},{longitude:g} is in no {what} outline{near}")
    row = counties.set_index("geoid").loc[geoid]
    full = {cells[2]: cells[3] for cells in _rows(str(row["region"]))}
    county = full.get(geoid, str(row["name"]))
    return Ground("US", str(row["region"]), geoid, county, tuple(others), inside)


def _at(
    shapes: GeoDataFrame, key: str, latitude: float, longitude: float, km: float
) -> tuple[str, bool, list[str]]:
    """The shape that holds a point, or else the only one within ``km`` ('' for none or several),
    whether it holds it, and the names of the others within ``km``."""
    from shapely.geometry import Point, box

    shrink = max(math.cos(math.radians(latitude)), 0.01)
    north, east = km / KM_PER_DEGREE, km / KM_PER_DEGREE / shrink
    around = box(longitude - east, latitude - north, longitude + east, latitude + north)
    close = shapes.iloc[sorted(shapes.sindex.query(around, predicate="intersects"))]
    names = {str(code): str(name) for code, name in zip(close[key], close["name"], strict=True)}
    holding: Iterable[str] = close[close.intersects(Point(longitude, latitude))][key]
    code = next(map(str, holding), "")
    inside = bool(code)
    if not code and len(names) == 1:
        code = next(iter(names))
    return code, inside, [name for other, name in names.items() if other != code]
