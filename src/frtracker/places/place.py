"""A :class:`Place`, and what it is in up to its country: of a subject, a country, a region, a US
place of the gazetteer, a point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from frtracker.codes import country_name, region_name
from frtracker.places import gazetteer
from frtracker.places.gazetteer import UsPlace
from frtracker.places.subjects import Subject, solid, spelling, subjects_by_key
from frtracker.record.load import Tables
from frtracker.record.tables import subject_key
from frtracker.wording import joined

COUNTY_WORDS: Final = ("County", "Parish", "Borough", "Census Area", "Municipio", "Municipality")
_PERHAPS_A_PART: Final = (
    "if this is a neighborhood of a larger city, that city's rules apply too: the gazetteer"
    " lists both"
)
_NEAR_KM: Final = 25.0
_BODIES: Final = ("agency", "school")
_NOWHERE: Final = ("supranational", "vendor", "company")
_POINT: Final = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*[,;]\s*([+-]?\d+(?:\.\d*)?)\s*")

Subjects = Mapping[str, Subject]


@dataclass(frozen=True, slots=True)
class Place:
    """One place, body, vendor or company that a question can be about.

    ``level``: a code of ``SUBJECT_TYPES``, or ``point``. ``key``: of its subject, '' if the record
    has none. ``parents``: nearest first, up to its country, without ``key`` where the record has
    no subject for it; none for a union, a vendor, a company.
    ``found_in``: ``record``, ``gazetteer`` or ``outlines``. ``notes``: what a reader must know of
    how it was understood. ``population``: 0 where no table has it. ``policy_id``: of the act by
    whose id the place was given, if it was.
    """

    label: str
    name: str
    level: str
    key: str
    country: str
    region: str
    parents: tuple[Subject, ...] = ()
    found_in: str = "record"
    notes: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    policy_id: str = ""

    @property
    def within(self) -> tuple[str, ...]:
        """The names of what it is in below the state, nearest first."""
        return tuple(it.name for it in self.parents if it.subject_type not in ("state", "country"))

    @property
    def is_vendor(self) -> bool:
        """A vendor or a company: no place in which rules apply."""
        return self.level in ("vendor", "company")


def of_subject(subjects: Subjects, subject: Subject) -> Place:
    """The place of a subject, with its parents; of one without ``key`` that of the recorded subject
    of its identity, if there is one. A US city without recorded county takes it from the
    gazetteer."""
    kind, country, region = subject.subject_type, subject.country, subject.region
    if not subject.key:
        same = subjects.get(subject_key(country, region, kind, subject.name))
        subject = same if same and same.subject_type == kind else subject
    within = subject.within
    if country == "US" and kind == "city" and not within:
        within = gazetteer.county_of(subject.name, region)
    steps = [
        ("county" if kind not in _BODIES or name.endswith(COUNTY_WORDS) else "city", name)
        for name in within
    ]
    if kind not in ("country", "state"):
        steps.append(("state", region_name(region)))
    if kind != "country":
        steps.append(("country", country_name(country)))
    parents = []
    for level, name in steps if kind not in _NOWHERE else ():
        if key := subject_key(country, region, level, name):
            parents.append(subjects.get(key) or Subject("", name, level, country, region))
    found_in = "record" if subject.key else "gazetteer"
    return Place(
        subject.label, subject.name, kind, subject.key, country, region, tuple(parents), found_in
    )


def of_country(subjects: Subjects, code: str) -> Place:
    """A country by its alpha-2 code."""
    return of_subject(subjects, Subject("", country_name(code), "country", code, ""))


def of_region(subjects: Subjects, code: str, name: str = "") -> Place:
    """A part of a country by its ISO 3166-2 code."""
    name = name or region_name(code)
    return of_subject(subjects, Subject("", name, "state", code.partition("-")[0], code))


def of_us_place(subjects: Subjects, us: UsPlace, level: str) -> Place:
    """A place or county of the gazetteer: the subject of that name, or the city that a whole
    county is (Brooklyn), if it is one."""
    city = gazetteer.one_city(us.county_geoid, us.county)
    name = city if city and level == "county" else us.name
    asked = spelling(name)
    alike = [
        subject
        for subject in subjects.values()
        if subject.region == us.region
        and subject.subject_type in (level, "city" if city else "")
        and solid(name) in subject.names | {solid(subject.label)}
    ]
    exact = [it for it in alike if asked in it.written | {spelling(it.label)}]
    # a name that another place of the state has as it is written is not this one's
    recorded = exact or [it for it in alike if us in gazetteer.named(it.name, us.region, level)]
    if (us.name, us.region) == ("Washington", "US-DC"):
        place = of_region(subjects, us.region)
    elif recorded or (level == "county" and not city):
        unrecorded = Subject("", name, level, "US", us.region)
        place = of_subject(subjects, recorded[0] if recorded else unrecorded)
    else:
        label, notes = "", () if city else (_PERHAPS_A_PART,)
        if city and spelling(city) != asked:
            name, label = city, f"{us.label} (in {city})"
            notes = (f"{us.county} is part of {city}, whose rules are shown",)
        within = gazetteer.within_county(us.county_geoid, us.county)
        place = of_subject(subjects, Subject("", name, "city", "US", us.region, within))
        place = replace(place, label=label or place.label, found_in="gazetteer", notes=notes)
        place = replace(place, latitude=us.latitude, longitude=us.longitude)
    return replace(place, population=us.population)


def parse_point(text: str) -> tuple[float, float] | None:
    """``LAT,LON`` in degrees; None where the text is not a pair of numbers. Raises ``ValueError``
    for degrees out of range."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        swapped = abs(latitude) <= 180 and abs(longitude) <= 90
        raise ValueError(
            f"{text!r} is not LAT,LON: latitude is -90 to 90, longitude -180 to 180 degrees."
            + f" Did you mean {longitude:g},{latitude:g}?" * swapped
        )
    return latitude, longitude


def of_point(tables: Tables, latitude: float, longitude: float) -> Place:
    """The place at a point in degrees: no city but where a city is a whole county, and abroad
    the country alone. The label says what cannot be known. Raises as :func:`gazetteer.ground`."""
    subjects, point = subjects_by_key(tables.subjects), (latitude, longitude)
    at, written = gazetteer.ground(latitude, longitude), f"{latitude:g},{longitude:g}"
    is_us = at.country == "US"
    city = gazetteer.one_city(at.county_geoid, at.county)
    upper = at.region.removeprefix("US-") or country_name(at.country)
    where, others, notes = joined([city or at.county, upper]), ", ".join(at.others), []
    km = gazetteer.COUNTY_KM if is_us else gazetteer.OUTLINE_KM
    if not at.inside:
        notes.append(f"outside every outline, but within {km:g} km of {where}: treated as there")
    elif others:
        notes.append(f"within {km:g} km of {others}: the outlines may be off by that much")
    if others and not is_us:
        where += f", or {' or '.join(at.others)}: the outlines are too coarse to tell"

    cities = tables.subjects[tables.subjects["subject_type"] == "city"].dropna(subset="latitude")
    rows = cities[["subject", "latitude", "longitude"]].itertuples(index=False, name=None)
    away = sorted((gazetteer.kilometres(point, (north, east)), name) for name, north, east in rows)
    near = [name for distance, name in away if distance <= _NEAR_KM]
    examples = near[:1]
    if is_us:
        nearest, distance = gazetteer.nearest(latitude, longitude)
        notes.append(f"nearest place of the gazetteer: {nearest.label}, {distance:.1f} km")
        examples += [nearest.name] if distance <= _NEAR_KM else []
    subject = Subject("", city, "city", "US", at.region)
    if not city:
        where += "; city unknown" if is_us else "; region and city unknown"
        where += f", so no rule of a city such as {examples[0]}" if examples else ""
        notes.append("city limits are not in the program's data: give a city by its name")
        within = gazetteer.within_county(at.county_geoid, at.county)
        subject = Subject("", written, "point", at.country, at.region, within)
    if near:
        notes.append(f"cities of the record within {_NEAR_KM:g} km: {', '.join(sorted(near))}")
    place = replace(of_subject(subjects, subject), latitude=latitude, longitude=longitude)
    return replace(place, label=f"{written} ({where})", found_in="outlines", notes=tuple(notes))
