"""A name or a point → one :class:`Place`: what is meant, and what it lies in up to its country.

Every command understands the same words the same way: a subject of the record by any of its names,
its key or one of its ``policy_id``s; a country by name or ISO 3166-1 code; a US state by name,
postal code, ``US-VT`` or newspaper abbreviation; a US county; a US place of 500 people or more by
name and state; ``LAT,LON``. A name is never guessed between places of like size.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from frtracker.places import gazetteer
from frtracker.places.gazetteer import UsPlace
from frtracker.places.subjects import (
    US_REGION_NAMES,
    NameNotUnderstood,
    Subject,
    country_name,
    country_words,
    region_words,
    spelling,
    spellings,
    subjects_by_key,
)
from frtracker.record.keys import slug, subject_key
from frtracker.record.load import Tables
from frtracker.vocabulary import SUBJECT_TYPES

_COUNTY_WORDS: Final = ("County", "Parish", "Borough", "Census Area", "Municipio", "Municipality")
_PERHAPS_A_PART: Final = (
    "the gazetteer also lists parts of cities: if this is one, the rules of that city"
    " hold there too"
)
_NEAR_KM: Final = 25.0
_ASSUMED_POPULATION: Final = 50_000
"""Of a recorded city abroad, whose population no table has."""
_LONGEST_CODE: Final = 3
"""Letters of a code: one that is both a US state and a country is always asked about."""
_LIKE_SIZE: Final = 5
"""A recorded place is taken for a bare name if it has this many times the people of any other."""
_BODIES: Final = ("agency", "school")
_NOWHERE: Final = ("supranational", "vendor", "company")
_LARGE: Final = ("country", "state")

_KINDS: Final = (
    (r"(?:city and county|city|town|township|village|borough|municipality) of (.+)", r"\1", "city"),
    (r"county of ([^,]+)(.*)", r"\1 County\2", "county"),
    (r"parish of ([^,]+)(.*)", r"\1 Parish\2", "county"),
    (r"(?:state|commonwealth) of (.+)", r"\1", "state"),
    (r"([^,]+) city(,.*)?", r"\1\2", "city"),
)
"""Ways of naming a kind of place with it: pattern, the bare name, its level."""

_POINT: Final = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*[,;]\s*([+-]?\d+(?:\.\d*)?)\s*")

Subjects = Mapping[str, Subject]


@dataclass(frozen=True, slots=True)
class Parent:
    """A government above a place; ``key`` is '' where the record has no subject for it."""

    level: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place, body, vendor or company that can be asked about.

    ``level``: a code of ``SUBJECT_TYPES``, or ``point``. ``key``: of its subject, '' if the record
    has none. ``parents``: nearest first, up to its country; none for a union, a vendor, a company.
    ``found_in``: ``record``, ``gazetteer`` or ``outlines``. ``notes``: what a reader must know of
    how it was understood. ``population``: 0 where no table has it.
    """

    label: str
    name: str
    level: str
    key: str
    country: str
    region: str
    parents: tuple[Parent, ...] = ()
    found_in: str = "record"
    notes: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0

    @property
    def is_vendor(self) -> bool:
        """A vendor or a company: no place in which rules apply."""
        return self.level in ("vendor", "company")


def of_subject(subjects: Subjects, subject: Subject) -> Place:
    """The place of a subject, or of one that the record lacks (``key`` ''), with its parents. A US
    city without recorded county takes it from the gazetteer."""
    kind, country, region, within = (
        subject.subject_type, subject.country, subject.region, subject.within
    )  # fmt: skip
    if country == "US" and kind == "city" and not within:
        within = gazetteer.county_of(subject.name, region)
    steps = [
        ("county" if kind not in _BODIES or name.endswith(_COUNTY_WORDS) else "city", name)
        for name in within
    ]
    if kind not in _LARGE:
        steps.append(("state", US_REGION_NAMES.get(region, region)))
    if kind != "country":
        steps.append(("country", country_name(country)))
    parents = []
    for level, name in steps if kind not in _NOWHERE else ():
        key = subject_key(country, region, level, name)
        if (up := subjects.get(key)) is not None:
            parents.append(Parent(up.subject_type, up.name, key))
        elif key:
            parents.append(Parent(level, name, ""))
    found_in = "record" if subject.key else "gazetteer"
    return Place(
        subject.label, subject.name, kind, subject.key, country, region, tuple(parents), found_in
    )


def _identified(
    subjects: Subjects,
    level: str,
    name: str,
    country: str,
    region: str = "",
    within: tuple[str, ...] = (),
) -> Place:
    """The place of the subject of this identity, or of one that the record lacks."""
    subject = subjects.get(subject_key(country, region, level, name))
    if subject is None or subject.subject_type != level:
        subject = Subject("", name, level, country, region, within)
    return of_subject(subjects, subject)


def of_country(subjects: Subjects, code: str) -> Place:
    """A country by its alpha-2 code."""
    return _identified(subjects, "country", country_name(code), code)


def of_region(subjects: Subjects, code: str, name: str = "") -> Place:
    """A part of a country by its ISO 3166-2 code."""
    name = name or US_REGION_NAMES.get(code, code)
    return _identified(subjects, "state", name, code.partition("-")[0], code)


def _of_us_place(subjects: Subjects, us: UsPlace, level: str) -> Place:
    """A place or county of the gazetteer: the subject of that name, or the city that a whole
    county is (Brooklyn), if it is one."""
    city = gazetteer.one_city(us.county_geoid, us.county)
    name = city if city and level == "county" else us.name
    kinds, asked = (level, "city" if city else ""), spelling(name)
    recorded = [
        subject
        for subject in subjects.values()
        if subject.region == us.region
        and subject.subject_type in kinds
        and asked in subject.names | {spelling(subject.label)}
    ]
    if (us.name, us.region) == ("Washington", "US-DC"):
        place = of_region(subjects, us.region)
    elif recorded:
        place = of_subject(subjects, recorded[0])
    elif level == "county" and not city:
        place = _identified(subjects, level, name, "US", us.region)
    else:
        label, notes = "", () if city else (_PERHAPS_A_PART,)
        if city and spelling(city) != asked:
            name, label = city, f"{us.label} (in {city})"
            notes = (f"{us.county} is the territory of {city}: its rules are told",)
        within = gazetteer.within_county(us.county_geoid, us.county)
        place = _identified(subjects, "city", name, "US", us.region, within)
        place = replace(
            place,
            label=label or place.label,
            found_in="gazetteer",
            notes=notes,
            latitude=us.latitude,
            longitude=us.longitude,
        )
    return replace(place, population=us.population)


def parse_point(text: str) -> tuple[float, float] | None:
    """``LAT,LON`` in degrees, or None where the text is no pair of numbers.

    Raises ``ValueError`` for degrees out of range.
    """
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError(
            f"{text!r} is no LAT,LON: latitude is -90 to 90, longitude -180 to 180 degrees"
        )
    return latitude, longitude


def of_point(tables: Tables, latitude: float, longitude: float) -> Place:
    """The place at a point in degrees: no city but where a city is a whole county, and abroad
    the country alone. The label says what cannot be known.

    Raises :class:`NameNotUnderstood` where no outline, or more than one, may hold the point.
    """
    subjects = subjects_by_key(tables.subjects)
    at = gazetteer.ground(latitude, longitude)
    is_us = at.country == "US"
    city = gazetteer.one_city(at.county_geoid, at.county) if is_us else ""
    here = [city or at.county, at.region.removeprefix("US-") or country_name(at.country)]
    where, others, notes = ", ".join(filter(None, here)), ", ".join(at.others), []
    km = gazetteer.COUNTY_KM if is_us else gazetteer.OUTLINE_KM
    if not at.inside:
        notes.append(f"outside every outline, but within {km:g} km of {where}: taken as there")
    elif others:
        notes.append(f"within {km:g} km of {others}: the outlines may be off by that much")
    if others and not is_us:
        where += f", or {' or '.join(at.others)}: the outlines are too coarse to tell"

    cities = tables.subjects[tables.subjects["subject_type"] == "city"].dropna(subset="latitude")
    rows = cities[["subject", "latitude", "longitude"]].itertuples(index=False, name=None)
    away = sorted(
        (gazetteer.kilometres((latitude, longitude), (north, east)), name)
        for name, north, east in rows
    )
    near = [name for distance, name in away if distance <= _NEAR_KM]
    examples = near[:1]
    if is_us:
        nearest, distance = gazetteer.nearest(latitude, longitude)
        notes.append(f"nearest place of the gazetteer: {nearest.label}, {distance:.1f} km")
        examples += [nearest.name] if distance <= _NEAR_KM else []
    if city:
        place = _identified(subjects, "city", city, "US", at.region)
    else:
        where += "; city unknown" if is_us else "; region and city unknown"
        where += f", so no rule of a city such as {examples[0]}" if examples else ""
        notes.append("city limits are not known to the program: ask for a city by its name")
        within = gazetteer.within_county(at.county_geoid, at.county)
        place = of_subject(subjects, Subject("", "", "point", at.country, at.region, within))
    if near:
        notes.append(f"cities of the record within {_NEAR_KM:g} km: {', '.join(sorted(near))}")
    return replace(
        place,
        label=f"{latitude:g},{longitude:g} ({where})",
        found_in="outlines",
        notes=tuple(notes),
        latitude=latitude,
        longitude=longitude,
    )


def resolve(tables: Tables, text: str, *, country: str = "", region: str = "") -> Place:
    """The one place, body, vendor or company that ``text`` means.

    ``country`` (alpha-2) and ``region`` (ISO 3166-2) say where it is sought: given the United
    States, ``MA`` is Massachusetts. Raises :class:`NameNotUnderstood` with the candidates, and
    ``ValueError`` for degrees out of range.
    """
    if (point := parse_point(text)) is not None:
        return of_point(tables, *point)
    subjects, exact = subjects_by_key(tables.subjects), slug(text)
    acts = tables.policies.loc[tables.policies["policy_id"] == exact, "subject_key"].tolist()
    if acts or (exact in subjects and len(exact) > _LONGEST_CODE):
        return of_subject(subjects, subjects[acts[0] if acts else exact])

    places, asked = _candidates(subjects, text)
    if country or region:
        here = [p for p in places if country in ("", p.country) and region in ("", p.region)]
        places = [p for p in here if not p.is_vendor] or places
    if not places:
        raise _unknown(subjects, text)
    if len(places) > 1:
        return _largest(subjects, text, places, asked)
    (place,) = places
    states = [word for word, code in region_words().items() if code == place.region]
    endings = tuple(f"-{word}{country}" for word in states for country in ("", "-us", "-usa"))
    if place.key or place.level not in ("city", "county") or spelling(text).endswith(endings):
        return place
    # towns abroad may have the name, which no table lists
    raise _refusal(f"{text!r}: name the state", places, spelling(text))


def _candidates(subjects: Subjects, text: str) -> tuple[list[Place], frozenset[str]]:
    """Every place that the text may mean, recorded or not, each once; and the spellings of the
    name in it, with and without its kind (``City of``)."""
    readings = [(text, "")]
    for pattern, bare, level in _KINDS:
        if match := re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            readings.append((match.expand(bare), level))
    found: dict[object, Place] = {}
    asked: frozenset[str] = frozenset()
    for words, level in readings:
        if found and level and not re.match("[^,]+ of ", text.strip(), re.IGNORECASE):
            break  # Kansas City is no Kansas
        for place in _meant(subjects, words):
            if level in ("", place.level) or (level, place.level) == ("county", "city"):
                identity = place.key or (place.level, place.label, place.parents)
                same = found.setdefault(identity, place)
                if same.population < place.population:
                    found[identity] = replace(same, population=place.population)
        asked |= spellings(words)
    return list(found.values()), asked


def _meant(subjects: Subjects, words: str) -> Iterator[Place]:
    plain, asked = spelling(words), spellings(words)
    called = [subject for subject in subjects.values() if subject.is_called(asked)]
    for subject in called:
        yield of_subject(subjects, subject)
    if code := country_words().get(plain):
        yield of_country(subjects, code)
    if code := region_words().get(plain):
        yield of_region(subjects, code)
    if called and all(s.subject_type in (*_NOWHERE, *_BODIES) for s in called):
        return  # no town is asked for: the gazetteer need not be read
    for us in gazetteer.cities(words):
        yield _of_us_place(subjects, us, "city")
    if any(spelling(word) in plain for word in _COUNTY_WORDS):
        for us in gazetteer.counties(words):
            yield _of_us_place(subjects, us, "county")


def _largest(
    subjects: Subjects, text: str, places: Collection[Place], asked: frozenset[str]
) -> Place:
    """Of several places the one that a bare name is taken for, with a note that names the others:
    the only country or state, or the only recorded place, if it is much the largest."""
    order, plain = {level: number for number, level in enumerate(_LARGE)}, spelling(text)
    places = sorted(places, key=lambda p: (order.get(p.level, 2), -p.population, p.label))
    several = _refusal(f"{text!r} can mean more than one place", places, plain)
    large = [p for p in places if p.level in ("supranational", *_LARGE)]
    named = [p for p in large or places if p.key and not asked.isdisjoint(subjects[p.key].names)]
    likely = named if len(named) == 1 else large
    if len(likely) != 1 or len(plain) <= _LONGEST_CODE:
        raise several
    (place,) = likely
    others = [p for p in places if p is not place]
    if place.level in ("city", "county"):
        people = place.population if place.country == "US" else _ASSUMED_POPULATION
        if not people and place.level == "city":  # named by an alias that no table has
            same = gazetteer.named(place.name, place.region)
            people = max((us.population for us in same), default=0)
        if any(p.key or p.population * _LIKE_SIZE > people for p in others):
            raise several
    words = [_words(p, plain, places) + f" ({p.level})" * (p.level in _LARGE) for p in others]
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""
    listed = f"{'; '.join(words[:3])}{more}"
    note = f"{text!r} is taken for {place.label}; others of that name: {listed}"
    return replace(place, notes=(*place.notes, note))


def _words(place: Place, asked: str, among: Collection[Place]) -> str:
    """The words that mean this place alone."""
    words = place.label.removesuffix(f" (in {place.name})")
    if place.level == "city" and not place.key and sum(p.label == place.label for p in among) > 1:
        return ", ".join([place.name, *(p.name for p in place.parents[:1]), place.region[3:]])
    if spelling(words) != asked:
        return words
    return (place.region or place.country) if place.level in _LARGE else place.key


def _refusal(reason: str, places: Collection[Place], asked: str = "") -> NameNotUnderstood:
    """The refusal with the places as candidates, each by its words and what it is."""
    candidates = []
    for place in places:
        counties = [parent.name for parent in place.parents if parent.level == "county"]
        described = [
            SUBJECT_TYPES[place.level].label,
            *([place.key] if place.key else counties[:1]),
        ]
        candidates.append((_words(place, asked, places), ", ".join(described)))
    return NameNotUnderstood(reason, candidates)


def _unknown(subjects: Subjects, text: str) -> NameNotUnderstood:
    bare = text.partition(",")[0]
    if bare != text and (elsewhere := _candidates(subjects, bare)[0]):
        elsewhere.sort(key=lambda p: -p.population)
        return _refusal(
            f"no place of the record or the gazetteer is {text!r}; elsewhere", elsewhere
        )
    asked = slug(text)
    names = {
        name: subject
        for subject in subjects.values()
        for name in (*subject.names, slug(subject.label))
    }
    near = get_close_matches(asked, sorted(names), n=5, cutoff=0.75)
    near += [name for name in sorted(names) if asked and name.startswith(f"{asked}-")]
    likely = {names[name].key: of_subject(subjects, names[name]) for name in near[:8]}
    if likely:
        reason = f"no place or subject is named {text!r}; did you mean"
        return _refusal(reason, likely.values())
    return NameNotUnderstood(
        f"no place or subject is named {text!r}: write a US place of 500 people or more as"
        ' "NAME, STATE", any other point as LAT,LON'
    )
