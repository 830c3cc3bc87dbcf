"""A subject of the record, a US place of the gazetteer or a point → a :class:`Site`: where it lies,
from itself up to its country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Final

import pandas as pd

from frtracker import outlines as boundaries
from frtracker.places import gazetteer
from frtracker.places.gazetteer import PlaceNotUnderstood
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.keys import slug
from frtracker.vocabulary import SUBJECT_TYPES

_COUNTY_WORDS: Final = ("County", "Parish", "Borough", "Census Area", "Municipio", "Municipality")
_PERHAPS_A_PART: Final = (
    "the gazetteer also lists parts of cities: if this is one, the rules of that city"
    " hold there too"
)
_NEAR_KM: Final = 25.0
_PLACED: Final = ("subject", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Site:
    """One place that can be asked about.

    ``level``: a code of ``SUBJECT_TYPES``, or ``point``. ``key``: of its subject, '' if the record
    has none. ``below_state``: what it lies in below the state, as (level, name), nearest first.
    ``found_in``: ``record``, ``gazetteer`` or ``outlines``. ``notes``: what a reader must know of
    how it was found.
    """

    label: str
    name: str
    level: str
    key: str
    country: str
    region: str
    country_name: str
    below_state: tuple[tuple[str, str], ...] = ()
    found_in: str = "record"
    notes: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


def of_subject(people: Mapping[str, Subject], subject: Subject) -> Site:
    """The site of a subject; a US city without recorded county takes it from the gazetteer."""
    if subject.subject_type in ("vendor", "company"):
        kind = SUBJECT_TYPES[subject.subject_type].label
        raise PlaceNotUnderstood(
            f"{subject.name} is a {kind}, not a place: `frtracker show` tells its history"
        )
    within = tuple((_level(people, subject, name), name) for name in subject.within)
    if subject.country == "US" and subject.subject_type == "city" and not within:
        place = gazetteer.county_of(subject.name, subject.region)
        within = _county(place.county_geoid, place.county) if place else ()
    return Site(
        subject.label,
        subject.name,
        subject.subject_type,
        subject.key,
        subject.country,
        subject.region,
        country_name(subject.country),
        within,
    )


def _level(people: Mapping[str, Subject], subject: Subject, name: str) -> str:
    key = f"{(subject.region or subject.country).lower()}-{slug(name)}"
    if key in people:
        return people[key].subject_type
    return "county" if name.endswith(_COUNTY_WORDS) else "city"


def country_name(code: str) -> str:
    """The name of a country by its code, as the shipped outlines have it; else the code."""
    return country_names().get(code, code)


@cache
def country_names() -> Mapping[str, str]:
    """Every country of the shipped outlines, by its code."""
    shapes = boundaries.topology("countries")["objects"]["countries"]["geometries"]
    return MappingProxyType({s["properties"]["code"]: s["properties"]["name"] for s in shapes})


def _county(county_geoid: str, county: str) -> tuple[tuple[str, str], ...]:
    """The county as a step above a city; none where the county is the city, or the District."""
    if not county or county_geoid.startswith("11") or gazetteer.one_city(county_geoid, county):
        return ()
    return (("county", county),)


def of_us_place(people: Mapping[str, Subject], place: gazetteer.UsPlace) -> Site:
    """The site of a place of the gazetteer. In a county that is one city (Brooklyn) it is told as
    that city, whose rules are the place's own."""
    city = gazetteer.one_city(place.county_geoid, place.county)
    if city and gazetteer.spelling(city) != gazetteer.spelling(place.name):
        return replace(
            _of_city(people, city, place.region),
            label=f"{place.label} (in {city})",
            found_in="gazetteer",
            notes=(f"{place.county} is the territory of {city}: its rules are told",),
            latitude=place.latitude,
            longitude=place.longitude,
        )
    return Site(
        place.label,
        place.name,
        "city",
        "",
        "US",
        place.region,
        country_name("US"),
        _county(place.county_geoid, place.county),
        "gazetteer",
        () if city else (_PERHAPS_A_PART,),
        place.latitude,
        place.longitude,
    )


def _of_city(people: Mapping[str, Subject], city: str, region: str) -> Site:
    """A city without a county above it."""
    key = f"{region.lower()}-{slug(city)}"
    state = region.removeprefix("US-")
    return Site(
        f"{city}, {state}",
        city,
        "city",
        key if key in people else "",
        "US",
        region,
        country_name("US"),
    )


def of_point(subjects: pd.DataFrame, latitude: float, longitude: float) -> Site:
    """The site at a point in degrees: no city but where a city is a whole county."""
    at = gazetteer.locate(latitude, longitude)
    city = gazetteer.one_city(at.county_geoid, at.county) if at.country == "US" else ""
    below = _county(at.county_geoid, at.county)
    notes = list(at.doubts)
    if not city:
        notes.append("city limits are not known to the program: ask for a city by its name")
    if at.near is not None:
        place, away = at.near
        notes.append(f"nearest place of the gazetteer: {place.label}, {away:.1f} km")
    elif at.country != "US":
        notes.append("outside the United States only the country is told by coordinates")
    notes += _recorded_near(subjects, latitude, longitude)
    where = [city or at.county, at.region.removeprefix("US-") or at.country_name]
    site = Site("", "", "point", "", at.country, at.region, at.country_name, below)
    return replace(
        _of_city(subjects_by_key(subjects), city, at.region) if city else site,
        label=f"{latitude:g},{longitude:g} ({', '.join(name for name in where if name)})",
        found_in="outlines",
        notes=tuple(notes),
        latitude=latitude,
        longitude=longitude,
    )


def _recorded_near(subjects: pd.DataFrame, latitude: float, longitude: float) -> list[str]:
    cities = subjects[(subjects["subject_type"] == "city") & subjects["latitude"].notna()]
    names = [
        str(name)
        for name, north, east in zip(*(cities[c] for c in _PLACED), strict=True)
        if gazetteer.kilometres((latitude, longitude), (float(north), float(east))) <= _NEAR_KM
    ]
    if not names:
        return []
    return [f"cities of the record within {_NEAR_KM:g} km: {', '.join(names)}"]
