"""A place as people name it → a :class:`Site`: where it lies, from itself up to its country.

``PLACE`` is a subject of the record, else a US place of the gazetteer, else ``LAT,LON``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from frtracker import gazetteer
from frtracker.gazetteer import PlaceNotUnderstood
from frtracker.places import NameNotUnderstood, Subject, find, subjects_by_key
from frtracker.schema.keys import slug
from frtracker.vocabulary import SUBJECT_TYPES

_COUNTY_WORDS: Final = ("County", "Parish", "Borough", "Census Area", "Municipio", "Municipality")
_NEAR_KM: Final = 25.0


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
    below_state: tuple[tuple[str, str], ...] = ()
    found_in: str = "record"
    notes: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


def resolve(subjects: pd.DataFrame, text: str) -> Site:
    """The one site that ``text`` means, given the typed ``subjects`` table.

    Raises ``NameNotUnderstood`` (more than one subject), :class:`PlaceNotUnderstood` (no place, a
    vendor or company, more than one place), ``ValueError`` (degrees that are none).
    """
    people = subjects_by_key(subjects)
    if (point := gazetteer.parse_point(text)) is not None:
        return of_point(subjects, *point)
    try:
        subject = find(people, text)
    except NameNotUnderstood as error:
        if len(error.candidates) > 1 and _is_ambiguous(people, text):
            raise
        return _outside_record(people, text, error)
    site = of_subject(people, subject)
    return replace(site, notes=(*site.notes, *_namesakes(subject, text)))


def _is_ambiguous(people: Mapping[str, Subject], text: str) -> bool:
    """Whether subjects *have* the name, as against having one like it."""
    try:
        gazetteer.find(text)
    except PlaceNotUnderstood:
        return True
    asked = slug(text)
    return any(asked in {slug(n) for n in (s.name, *s.aliases)} for s in people.values())


def _outside_record(people: Mapping[str, Subject], text: str, why: NameNotUnderstood) -> Site:
    try:
        place = gazetteer.find(text)
    except PlaceNotUnderstood as error:
        if why.candidates and not error.candidates:
            raise why from None
        raise
    for subject in people.values():
        if subject.subject_type == "city" and subject.region == place.region:
            names = (subject.name, *subject.aliases)
            if any(gazetteer.spelling(name) == gazetteer.spelling(place.name) for name in names):
                return of_subject(people, subject)
    return of_us_place(place)


def _namesakes(subject: Subject, text: str) -> tuple[str, ...]:
    """A name without its state was understood as the record's subject: say who else has it."""
    if subject.subject_type != "city" or slug(text) != slug(subject.name):
        return ()
    others = [p for p in gazetteer.named(subject.name) if p.region != subject.region]
    if not others:
        return ()
    count = f"{len(others)} other US place{'s have' if len(others) > 1 else ' has'}"
    return (f"{count} the name {subject.name}; name the state to ask about one of them",)


def of_subject(people: Mapping[str, Subject], subject: Subject) -> Site:
    """The site of a subject; a US city without recorded county takes it from the gazetteer."""
    if subject.subject_type in ("vendor", "company"):
        kind = SUBJECT_TYPES[subject.subject_type].label
        raise PlaceNotUnderstood(
            f"{subject.name} is a {kind}, not a place: `frtracker show` tells its history"
        )
    within = tuple((_level(people, subject, name), name) for name in subject.within)
    if subject.country == "US" and subject.subject_type == "city" and not within:
        if (place := gazetteer.county_of(subject.name, subject.region)) is not None:
            within = _below_state(place.name, place.region, place.county_geoid, place.county)
    return Site(
        subject.label,
        subject.name,
        subject.subject_type,
        subject.key,
        subject.country,
        subject.region,
        within,
    )


def _level(people: Mapping[str, Subject], subject: Subject, name: str) -> str:
    key = f"{(subject.region or subject.country).lower()}-{slug(name)}"
    if key in people:
        return people[key].subject_type
    return "county" if name.endswith(_COUNTY_WORDS) else "city"


def _below_state(
    name: str, region: str, county_geoid: str, county: str
) -> tuple[tuple[str, str], ...]:
    if region == "US-DC":
        return ()
    city = gazetteer.one_city(county_geoid, county)
    if not city:
        return (("county", county),) if county else ()
    return () if slug(city) == slug(name) else (("city", city),)


def of_us_place(place: gazetteer.UsPlace) -> Site:
    """The site of a place that the record has no subject for."""
    return Site(
        place.label,
        place.name,
        "city",
        "",
        "US",
        place.region,
        _below_state(place.name, place.region, place.county_geoid, place.county),
        "gazetteer",
        (
            "the gazetteer also lists parts of cities: if this is one, the rules of that city"
            " hold there too",
        ),
        place.latitude,
        place.longitude,
    )


def of_point(subjects: pd.DataFrame, latitude: float, longitude: float) -> Site:
    """The site at a point in degrees: no city but where a city is a whole county."""
    at = gazetteer.locate(latitude, longitude)
    below = _below_state("", at.region, at.county_geoid, at.county) if at.country == "US" else ()
    notes = list(at.doubts)
    if not any(level == "city" for level, _ in below):
        notes.append("city limits are not known to the program: ask for a city by its name")
    if at.near is not None:
        place, away = at.near
        notes.append(f"nearest place of the gazetteer: {place.label}, {away:.1f} km")
    elif at.country != "US":
        notes.append("outside the United States only the country is told by coordinates")
    notes += _recorded_near(subjects, latitude, longitude)
    where = ", ".join([*(name for _, name in below), at.region or at.country_name])
    return Site(
        f"{latitude:g},{longitude:g} ({where})",
        "",
        "point",
        "",
        at.country,
        at.region,
        below,
        "outlines",
        tuple(notes),
        latitude,
        longitude,
    )


def _recorded_near(subjects: pd.DataFrame, latitude: float, longitude: float) -> list[str]:
    cities = subjects[(subjects["subject_type"] == "city") & subjects["latitude"].notna()]
    names = [
        str(row.subject)
        for row in cities.itertuples()
        if gazetteer.kilometres((latitude, longitude), (row.latitude, row.longitude)) <= _NEAR_KM
    ]
    if not names:
        return []
    return [f"cities of the record within {_NEAR_KM:g} km: {', '.join(names)}"]
