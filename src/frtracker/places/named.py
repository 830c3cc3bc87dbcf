"""A place as people name it → the one :class:`Site` that is meant.

``PLACE`` is a subject of the record, else a US place of the gazetteer, else ``LAT,LON``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from frtracker.places import gazetteer
from frtracker.places.gazetteer import PlaceNotUnderstood
from frtracker.places.located import (
    Site,
    country_name,
    country_names,
    of_point,
    of_subject,
    of_us_place,
)
from frtracker.places.subjects import NameNotUnderstood, Subject, find, subjects_by_key
from frtracker.record.keys import slug


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
        asked = slug(text)
        if any(asked in {slug(n) for n in (s.name, *s.aliases)} for s in people.values()):
            raise  # subjects have the name: more than one
        return _outside_record(people, text, error)
    if subject.subject_type == "city" and slug(text) == slug(subject.name):
        others = [p for p in gazetteer.named(subject.name) if p.region != subject.region]
        if others:
            raise PlaceNotUnderstood(_several(text, subject, others))
    site = of_subject(people, subject)
    return replace(site, notes=(*site.notes, *_namesakes(subject, text)))


def _several(text: str, subject: Subject, others: Sequence[gazetteer.UsPlace]) -> str:
    """A bare name is not taken for the place that happens to be recorded."""
    shown = "; ".join(sorted(place.label for place in others)[:6])
    more = f" and {len(others) - 6} more" if len(others) > 6 else ""
    return (
        f"{text!r} is the name of more than one place: {subject.label} (recorded); {shown}{more}:"
        " name the state"
    )


def _outside_record(people: Mapping[str, Subject], text: str, why: NameNotUnderstood) -> Site:
    if governments := _governments(text):
        if len(governments) > 1:
            listed = "; ".join(f"{site.label} ({site.level})" for site in governments)
            raise PlaceNotUnderstood(f"{text!r} is the name of more than one place: {listed}")
        return governments[0]
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
    return of_us_place(people, place)


def _governments(text: str) -> list[Site]:
    """Countries, US states and US counties of which the record has no act."""
    asked = slug(text)
    countries = [c for c, name in country_names().items() if asked in (slug(name), slug(c))]
    region = gazetteer.region_named(text)
    found = [Site(country_name(c), country_name(c), "country", "", c, "", c) for c in countries]
    if region:
        name = gazetteer.REGION_NAMES[region]
        found.append(Site(name, name, "state", "", "US", region, country_name("US")))
    if (place := gazetteer.county_named(text)) is not None:
        label = f"{place.county}, {place.region.removeprefix('US-')}"
        us = country_name("US")
        found.append(Site(label, place.county, "county", "", "US", place.region, us))
    return [replace(site, found_in="gazetteer") for site in found]


def _namesakes(subject: Subject, text: str) -> tuple[str, ...]:
    """A bare name was understood as the record's subject: say who else has it."""
    if subject.subject_type not in ("city", "state") or slug(text) != slug(subject.name):
        return ()
    notes = []
    others = [p for p in gazetteer.named(subject.name) if p.region != subject.region]
    if others:
        count = f"{len(others)} other US place{'s have' if len(others) > 1 else ' has'}"
        notes.append(f"{count} the name {subject.name}; name the state to ask about one of them")
    for code, name in country_names().items():
        if slug(name) == slug(text):
            notes.append(f"a country has the name {name} too; {code} asks about it")
    return tuple(notes)
