"""A name or a point → one :class:`Place`: what is meant, and what it lies in up to its country.

Every command understands the same words the same way: a subject of the record by any of its names,
its key or one of its ``policy_id``s; a country by name or ISO 3166-1 code; a US state by name,
postal code, ``US-VT`` or newspaper abbreviation; a US county; a US place of 500 people or more by
name and state; ``LAT,LON``. A name is never guessed between places of like size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from frtracker.places import gazetteer
from frtracker.places.gazetteer import UsPlace
from frtracker.places.subjects import (
    REGION_NAMES,
    NameNotUnderstood,
    Subject,
    country_name,
    country_words,
    region_words,
    spelling,
    spellings,
    subjects_by_key,
)
from frtracker.record.keys import slug
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
_NO_PLACES: Final = ("vendor", "company", "agency", "school")
_LIKE_SIZE: Final = 5
"""A recorded place is taken for a bare name if it has this many times the people of any other."""

_KINDS: Final = (
    (r"(?:city and county|city|town|township|village|borough|municipality) of (.+)", r"\1", "city"),
    (r"county of ([^,]+)(.*)", r"\1 County\2", "county"),
    (r"parish of ([^,]+)(.*)", r"\1 Parish\2", "county"),
    (r"(?:state|commonwealth) of (.+)", r"\1", "state"),
    (r"([^,]+) city(,.*)?", r"\1\2", "city"),
)
"""Ways of naming a kind of place with it: pattern, the bare name, its level."""
_BEFORE_NAME: Final = r"[^,]+ of "


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

    @property
    def described(self) -> str:
        """What it is, for lists of candidates: ``city, us-me-portland``."""
        kind = SUBJECT_TYPES[self.level].label
        counties = [parent.name for parent in self.parents if parent.level == "county"]
        return f"{kind}, {self.key}" if self.key else ", ".join([kind, *counties[:1]])


Subjects = Mapping[str, Subject]


def _parents(
    subjects: Subjects, level: str, country: str, region: str, below: Iterable[tuple[str, str]] = ()
) -> tuple[Parent, ...]:
    """The steps ``below`` the state, as (level, name), then the state and the country."""
    prefix = (region or country).lower()
    keys = [(step, name, f"{prefix}-{slug(name)}") for step, name in below]
    parents = [Parent(step, name, key if key in subjects else "") for step, name, key in keys]
    for step, code, name in (
        ("state", region, REGION_NAMES.get(region, region)),
        ("country", country, country_name(country)),
    ):
        if code and step != level and level != "country":
            subject = subjects.get(code.lower())
            parents.append(
                Parent(step, subject.name if subject else name, subject.key if subject else "")
            )
    return tuple(parents)


def of_subject(subjects: Subjects, subject: Subject) -> Place:
    """The place of a subject; a US city without recorded county takes it from the gazetteer."""
    kind, country, region = subject.subject_type, subject.country, subject.region
    below = []
    for name in subject.within:
        key = f"{(region or country).lower()}-{slug(name)}"
        if key in subjects:
            below.append((subjects[key].subject_type, name))
        else:
            below.append(("county" if name.endswith(_COUNTY_WORDS) else "city", name))
    if country == "US" and kind == "city" and not below:
        place = gazetteer.county_of(subject.name, region)
        below = _county(place.county_geoid, place.county) if place else []
    parents: tuple[Parent, ...] = ()
    if kind not in ("supranational", "vendor", "company"):
        parents = _parents(subjects, kind, country, region, below)
    return Place(subject.label, subject.name, kind, subject.key, country, region, parents)


def of_country(subjects: Subjects, code: str) -> Place:
    """A country by its alpha-2 code."""
    if code.lower() in subjects:
        return of_subject(subjects, subjects[code.lower()])
    name = country_name(code)
    return Place(name, name, "country", "", code, "", (), "gazetteer")


def of_region(subjects: Subjects, code: str, name: str = "") -> Place:
    """A part of a country by its ISO 3166-2 code."""
    if code.lower() in subjects:
        return of_subject(subjects, subjects[code.lower()])
    country, name = code.partition("-")[0], name or REGION_NAMES.get(code, code)
    parents = _parents(subjects, "state", country, code)
    return Place(name, name, "state", "", country, code, parents, "gazetteer")


def _county(county_geoid: str, county: str) -> list[tuple[str, str]]:
    """The county as a step above a city; none where the county is the city, or the District."""
    if not county or county_geoid.startswith("11") or gazetteer.one_city(county_geoid, county):
        return []
    return [("county", county)]


def _of_us_place(subjects: Subjects, us: UsPlace, level: str = "city") -> Place:
    """A place or county of the gazetteer: the subject of that name, or the city that a whole
    county is (Brooklyn), if it is one."""
    if (us.name, us.region) == ("Washington", "US-DC"):
        return replace(of_region(subjects, us.region), population=us.population)
    city = gazetteer.one_city(us.county_geoid, us.county)
    name = city if city and level == "county" else us.name
    asked = spelling(name)
    for subject in subjects.values():
        is_it = subject.region == us.region and asked in subject.names | {spelling(subject.label)}
        if is_it and subject.subject_type in (level, "city" if city else ""):
            return replace(of_subject(subjects, subject), population=us.population)
    if city and spelling(city) != asked:
        return replace(
            _whole_county(subjects, city, us.region),
            label=f"{us.label} (in {city})",
            found_in="gazetteer",
            notes=(f"{us.county} is the territory of {city}: its rules are told",),
            latitude=us.latitude,
            longitude=us.longitude,
            population=us.population,
        )
    below = _county(us.county_geoid, us.county) if level == "city" else []
    return Place(
        f"{name}, {us.region.removeprefix('US-')}",
        name,
        "city" if city else level,
        "",
        "US",
        us.region,
        _parents(subjects, level, "US", us.region, below),
        "gazetteer",
        () if city or level == "county" else (_PERHAPS_A_PART,),
        us.latitude if level == "city" else None,
        us.longitude if level == "city" else None,
        us.population,
    )


def _whole_county(subjects: Subjects, city: str, region: str) -> Place:
    """A city that is its own county."""
    key = f"{region.lower()}-{slug(city)}"
    if key in subjects:
        return of_subject(subjects, subjects[key])
    parents = _parents(subjects, "city", "US", region)
    return Place(f"{city}, {region.removeprefix('US-')}", city, "city", "", "US", region, parents)


_POINT: Final = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*[,;]\s*([+-]?\d+(?:\.\d*)?)\s*")


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
    where, notes = ", ".join(filter(None, here)), []
    km = gazetteer.COUNTY_KM if is_us else gazetteer.OUTLINE_KM
    if at.others and at.inside:
        others = ", ".join(at.others)
        notes.append(f"within {km:g} km of {others}: the outlines may be off by that much")
    elif not at.inside:
        notes.append(f"outside every outline, but within {km:g} km of {where}: taken as there")
    if at.others and not is_us:
        where += f", or {' or '.join(at.others)}: the outlines are too coarse to tell"
    cities = tables.subjects[tables.subjects["subject_type"] == "city"].dropna(subset="latitude")
    distances = [
        (gazetteer.kilometres((latitude, longitude), (float(north), float(east))), str(name))
        for name, north, east in cities[["subject", "latitude", "longitude"]].itertuples(
            index=False
        )
    ]
    near = [name for away, name in sorted(distances) if away <= _NEAR_KM]
    if is_us:
        nearest, away = gazetteer.nearest(latitude, longitude)
        notes.append(f"nearest place of the gazetteer: {nearest.label}, {away:.1f} km")
        unknown = "" if city else "city unknown"
        if not city and (near or away <= _NEAR_KM):
            unknown += f", so no rule of a city such as {near[0] if near else nearest.name}"
    else:
        unknown = "region and city unknown"
        if near:
            unknown += f", so no rule of a city such as {near[0]}"
    if unknown:
        where += f"; {unknown}"
        notes.append("city limits are not known to the program: ask for a city by its name")
    if near:
        notes.append(f"cities of the record within {_NEAR_KM:g} km: {', '.join(sorted(near))}")
    if city:
        place = _whole_county(subjects, city, at.region)
    else:
        below = _county(at.county_geoid, at.county)
        parents = _parents(subjects, "point", at.country, at.region, below)
        place = Place("", "", "point", "", at.country, at.region, parents)
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
    subjects = subjects_by_key(tables.subjects)
    exact = slug(text)
    ids = tables.policies
    acts = ids.loc[ids["policy_id"] == exact, "subject_key"].tolist()
    if acts or (exact in subjects and len(exact) > 3):
        return of_subject(subjects, subjects[acts[0] if acts else exact])
    places, asked = _candidates(subjects, text)
    if country or region:
        here = [p for p in places if country in ("", p.country) and region in ("", p.region)]
        places = [p for p in here if not p.is_vendor] or places
    return _choice(subjects, text, places, asked)


def _candidates(subjects: Subjects, text: str) -> tuple[list[Place], frozenset[str]]:
    """Every place that the text may mean, recorded or not, each once; and the spellings of the
    name in it, with and without its kind (``City of``)."""
    asked = spellings(text)
    readings = [(text, "")]
    for pattern, bare, level in _KINDS:
        if match := re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            readings.append((match.expand(bare), level))
    found: dict[object, Place] = {}
    for words, level in readings:
        if found and level and not re.match(_BEFORE_NAME, text.strip(), re.IGNORECASE):
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
    asked, plain = spellings(words), spelling(words)
    called = [subject for subject in subjects.values() if subject.is_called(asked)]
    for subject in called:
        yield of_subject(subjects, subject)
    if code := country_words().get(plain):
        yield of_country(subjects, code)
    if code := region_words().get(plain):
        yield of_region(subjects, code)
    if called and all(s.subject_type in _NO_PLACES for s in called):
        return  # no town is asked for: the gazetteer need not be read
    for us in gazetteer.cities(words):
        yield _of_us_place(subjects, us)
    if any(spelling(word) in plain for word in _COUNTY_WORDS):
        for us in gazetteer.counties(words):
            yield _of_us_place(subjects, us, "county")


def _choice(subjects: Subjects, text: str, places: list[Place], asked: frozenset[str]) -> Place:
    if not places:
        raise _unknown(subjects, text)
    plain = spelling(text)
    if len(places) == 1:
        (place,) = places
        if place.key or place.level not in ("city", "county") or _names_state(plain, place.region):
            return place
        # towns abroad may have the name, which no table lists
        raise NameNotUnderstood(f"{text!r}: name the state", [_candidate(place, plain, places)])
    order = {level: number for number, level in enumerate(("country", "state"))}
    places = sorted(places, key=lambda p: (order.get(p.level, 2), -p.population, p.label))
    several = NameNotUnderstood(
        f"{text!r} can mean more than one place", [_candidate(p, plain, places) for p in places]
    )
    if len(plain) <= _LONGEST_CODE:
        raise several
    large = [p for p in places if p.level in ("supranational", *order)]
    named = [p for p in large or places if p.key and not asked.isdisjoint(subjects[p.key].names)]
    if len(named) != 1 and len(large) != 1:
        raise several
    place = named[0] if len(named) == 1 else large[0]
    others = [p for p in places if p is not place]
    if place.level in ("city", "county"):
        people = place.population if place.country == "US" else _ASSUMED_POPULATION
        if not people and place.level == "city":  # named by an alias that no table has
            same = gazetteer.named(place.name, place.region)
            people = max((us.population for us in same), default=0)
        if any(p.key or p.population * _LIKE_SIZE > people for p in others):
            raise several
    listed = [
        f"{words} ({p.level})" if p.level in order else words
        for p, (words, _) in ((p, _candidate(p, plain, places)) for p in others)
    ]
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    note = (
        f"{text!r} is taken for {place.label}; others of that name: {'; '.join(listed[:3])}{more}"
    )
    return replace(place, notes=(*place.notes, note))


def _names_state(plain: str, region: str) -> bool:
    words = [word for word, code in region_words().items() if code == region]
    return any(plain.endswith((f"-{word}", f"-{word}-us", f"-{word}-usa")) for word in words)


def _candidate(place: Place, asked: str, among: Iterable[Place]) -> tuple[str, str]:
    """The words that mean this place alone, and what it is."""
    words = place.label.removesuffix(f" (in {place.name})")
    twice = sum(p.label == place.label for p in among) > 1
    if twice and place.level == "city" and not place.key:
        words = ", ".join([place.name, *(p.name for p in place.parents[:1]), place.region[3:]])
    elif spelling(words) == asked and place.level in ("country", "state"):
        words = place.region or place.country
    elif spelling(words) == asked:
        words = place.key
    return words, place.described


def _unknown(subjects: Subjects, text: str) -> NameNotUnderstood:
    bare = text.partition(",")[0]
    elsewhere = _candidates(subjects, bare)[0] if bare != text else []
    if elsewhere:
        elsewhere.sort(key=lambda p: -p.population)
        return NameNotUnderstood(
            f"no place of the record or the gazetteer is {text!r}; elsewhere",
            [_candidate(p, "", elsewhere) for p in elsewhere],
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
        return NameNotUnderstood(
            f"no place or subject is named {text!r}; did you mean",
            [_candidate(p, "", likely.values()) for p in likely.values()],
        )
    return NameNotUnderstood(
        f"no place or subject is named {text!r}: write a US place of 500 people or more as"
        ' "NAME, STATE", any other point as LAT,LON'
    )
