"""US places of 500 people or more, by name and state.

``outlines/us_places.csv.gz`` is made by ``scripts/prepare_gazetteer.py``; ``boundaries/
PROVENANCE.md`` tells what it covers. A name means one place or is refused with the candidates.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from frtracker.places.subjects import US_REGION_NAMES
from frtracker.record.keys import slug

_TERRITORY_NAMES: Final = MappingProxyType(
    {
        "US-AS": "American Samoa",
        "US-GU": "Guam",
        "US-MP": "Northern Mariana Islands",
        "US-VI": "U.S. Virgin Islands",
    }
)
REGION_NAMES: Final[Mapping[str, str]] = MappingProxyType({**US_REGION_NAMES, **_TERRITORY_NAMES})

_ONE_CITY: Final = MappingProxyType(
    {"02020": "Anchorage", "02110": "Juneau", "02220": "Sitka", "06075": "San Francisco"}
    | {"08014": "Broomfield", "08031": "Denver", "15003": "Honolulu"}
    | {"22071": "New Orleans", "25019": "Nantucket", "42101": "Philadelphia"}
    | dict.fromkeys(["36005", "36047", "36061", "36081", "36085"], "New York City")
)
_WITH_INDEPENDENT: Final = frozenset({"24", "29", "32", "51"})
_FIRST_INDEPENDENT: Final = 510  # county numbers from here on are cities in no county (Census)

_NO_APOSTROPHES: Final = MappingProxyType(dict.fromkeys(map(ord, "'‘’ʻ`")))
_SHORT_WORDS: Final = MappingProxyType(
    {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
)
_LONG_WORDS: Final = re.compile(rf"\b(?:{'|'.join(_SHORT_WORDS)})\b")


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

    @property
    def described(self) -> str:
        """For lists of candidates: ``Brooklyn, WI (Dane County)``."""
        return f"{self.label} ({self.county})"


class PlaceNotUnderstood(LookupError):
    """No place, or more than one, is meant. The message lists the ``candidates``."""

    def __init__(self, message: str, candidates: Iterable[UsPlace] = ()) -> None:
        self.candidates = tuple(candidates)
        super().__init__(message)


@cache
def us_places() -> tuple[UsPlace, ...]:
    """Every place of the gazetteer, by region, name and county."""
    return tuple(map(_place, _rows(_text())))


@cache
def _region_rows(region: str) -> tuple[list[str], ...]:
    """The places of one region, without reading all others."""
    text, mark = _text(), f",{region},"
    begins = text.rfind("\n", 0, max(text.find(mark), 0)) + 1
    ends = text.find("\n", text.rfind(mark))
    return tuple(row for row in _rows(text[begins:ends]) if row[1] == region)


@cache
def _text() -> str:
    """The lines of the gazetteer, in order of region, without the names of the columns."""
    packed = (files("frtracker.outlines") / "us_places.csv.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8").partition("\n")[2]


def _rows(text: str) -> Iterator[list[str]]:
    return csv.reader(text.splitlines())


def _place(row: list[str]) -> UsPlace:
    name, region, county_geoid, county, latitude, longitude, population = row
    at = float(latitude), float(longitude)
    return UsPlace(name, region, county_geoid, county, *at, int(population))


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


def spelling(name: str) -> str:
    """A name as it is compared: no accents, apostrophes or leading The, Saint and St. alike."""
    plain = slug(name.translate(_NO_APOSTROPHES)).removeprefix("the-")
    return _LONG_WORDS.sub(lambda found: _SHORT_WORDS[found[0]], plain)


@cache
def _by_spelling() -> Mapping[str, tuple[UsPlace, ...]]:
    found: dict[str, list[UsPlace]] = {}
    for place in us_places():
        found.setdefault(spelling(place.name), []).append(place)
    return MappingProxyType({name: tuple(places) for name, places in found.items()})


@cache
def _region_words() -> Mapping[str, str]:
    words = {slug(name): code for code, name in REGION_NAMES.items()}
    words |= {code.removeprefix("US-").lower(): code for code in REGION_NAMES}
    return MappingProxyType(words | {code.lower(): code for code in REGION_NAMES})


def named(name: str) -> tuple[UsPlace, ...]:
    """Every place of exactly this name, in whatever state; no state may stand in ``name``."""
    return _by_spelling().get(spelling(name), ())


def find(name: str) -> UsPlace:
    """The one US place that "NAME, STATE" means; "NAME, COUNTY, STATE" where one state has two.

    The state is its name or its letters, with or without the comma (``daly city ca``). Raises
    :class:`PlaceNotUnderstood`: no state, no such place, or more than one.
    """
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if parts and slug(parts[-1]) in {"us", "usa", "united-states"}:
        parts.pop()
    for place_parts, region in _readings(parts):
        found = _matching(place_parts, region)
        if len(found) == 1:
            return found[0]
        if found:
            listed = "; ".join(place.described for place in found)
            raise PlaceNotUnderstood(
                f"{name!r} is the name of more than one place: {listed}."
                f" Name the county: {found[0].name!r}, {found[0].county}, …",
                found,
            )
    raise _unknown(name, parts)


def county_named(name: str) -> UsPlace | None:
    """A place that lies in the county called "COUNTY, STATE" (``Hinds County, MS``), or None."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    region = _region_words().get(slug(parts[-1])) if len(parts) == 2 else None
    asked = spelling(parts[0]) if region else ""
    return next(
        (p for p in us_places() if p.region == region and spelling(p.county) == asked), None
    )


def region_named(name: str) -> str:
    """The code of the US state or territory of this name or code, ''."""
    return _region_words().get(slug(name), "")


def _readings(parts: list[str]) -> Iterable[tuple[list[str], str]]:
    """Ways to split the words into place (and county) and state."""
    words = _region_words()
    if len(parts) > 1 and slug(parts[-1]) in words:
        yield parts[:-1], words[slug(parts[-1])]
    if len(parts) == 1:
        pieces = slug(parts[0]).split("-")
        for cut in range(len(pieces) - 1, 0, -1):
            if (region := words.get("-".join(pieces[cut:]))) is not None:
                yield [" ".join(pieces[:cut])], region


def _matching(parts: list[str], region: str) -> tuple[UsPlace, ...]:
    name, *counties = parts
    found = tuple(place for place in named(name) if place.region == region)
    for county in counties:
        asked = spelling(county)
        found = tuple(p for p in found if spelling(p.county).startswith(asked))
    return found


def _unknown(name: str, parts: list[str]) -> PlaceNotUnderstood:
    same = sorted(named(parts[0]) if parts else (), key=lambda p: (-p.population, p.described))
    if not same:
        return PlaceNotUnderstood(
            f"{name!r} is no subject of the record and no US place of 500 people or more;"
            ' write "NAME, STATE" or LAT,LON'
        )
    listed = "; ".join(place.described for place in same[:10])
    more = f"; and {len(same) - 10} more" if len(same) > 10 else ""
    what = "there is none of that name there" if len(parts) > 1 else "name the state"
    return PlaceNotUnderstood(f"{name!r}: {what}; places so called: {listed}{more}", same)


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


def county_of(name: str, region: str) -> UsPlace | None:
    """The gazetteer's place of this name in the state, if all of that name lie in one county."""
    asked = spelling(name)
    found = [_place(row) for row in _region_rows(region) if spelling(row[0]) == asked]
    return found[0] if len({place.county_geoid for place in found}) == 1 else None


@cache
def county_names() -> Mapping[str, str]:
    """The names of US counties by their Census GEOID."""
    return MappingProxyType({place.county_geoid: place.county for place in us_places()})
