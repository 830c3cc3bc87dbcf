"""A name, a code, an id or a point → the one :class:`Place` that is meant, or a refusal.

Every command understands the same words the same way: a subject of the record by any of its names,
its key or one of its ``policy_id``s, also those no longer used; a country by name or ISO 3166-1
code; a US state by name, postal code, ``US-VT`` or newspaper abbreviation; a US county; a US place
of 500 people or more by name and state; ``LAT,LON``. A name is never guessed between places of
like size.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from frtracker import wording
from frtracker.places import gazetteer
from frtracker.places.place import (
    COUNTY_WORDS,
    Place,
    Subjects,
    of_country,
    of_point,
    of_region,
    of_subject,
    of_us_place,
    parse_point,
)
from frtracker.places.subjects import (
    NameNotUnderstood,
    country_words,
    region_words,
    solid,
    spelling,
    spellings,
    subjects_by_key,
)
from frtracker.record.load import Tables
from frtracker.record.tables import slug

_IN_US: Final = re.compile(
    r"(.+?)[\s,]+(?:usa?|u\.s\.(?:a\.)?|united states(?: of america)?)", re.IGNORECASE
)
_ASSUMED_POPULATION: Final = 50_000
"""Of a recorded city abroad, whose population no table has."""
_LONGEST_CODE: Final = 3
"""Letters of a code: of one that is both a US state and a country, both are always offered."""
_LIKE_SIZE: Final = 5
"""A recorded place is taken for a bare name if it has this many times the people of any other."""
_LARGE: Final = ("country", "state")
_NO_TOWNS: Final = ("supranational", "vendor", "company", "agency", "school")

KINDS: Final = (
    (r"(?:city and county|city|town|township|village|borough|municipality) of (.+)", r"\1", "city"),
    (r"county of ([^,]+)(.*)", r"\1 County\2", "county"),
    (r"parish of ([^,]+)(.*)", r"\1 Parish\2", "county"),
    (r"(?:state|commonwealth) of (.+)", r"\1", "state"),
    (r"([^,]+) (?:city and county|city)(,.*)?", r"\1\2", "city"),
    (r"([^,]+) (?:town|township|village|borough)(,.+)", r"\1\2", "city"),
)
"""Ways of naming a kind of place with it: pattern, the bare name, its level. The page's search has
them too: a pattern means the same in JavaScript."""


def resolve(tables: Tables, text: str, *, markets: Collection[str] = ()) -> Place:
    """The one place, body, vendor or company that ``text`` means. ``markets``: the countries
    (alpha-2) and parts of countries (ISO 3166-2) in which it is sought: given ``US``, ``MA`` is
    Massachusetts. Raises :class:`NameNotUnderstood` with the candidates, and ``ValueError`` for
    degrees out of range."""
    if (point := parse_point(text)) is not None:
        return of_point(tables, *point)
    subjects, exact = subjects_by_key(tables.subjects), slug(text)
    retired: list[Any] = tables.retired_ids[tables.retired_ids["policy_id"] == exact].to_dict(
        "records"
    )
    named = retired[0]["replaced_by"] if retired else exact
    acts = tables.policies.loc[tables.policies["policy_id"] == named, "subject_key"].tolist()
    if acts or (exact in subjects and len(exact) > _LONGEST_CODE):
        place = of_subject(subjects, subjects[acts[0] if acts else exact])
        notes = (*place.notes, *map(wording.retired, retired))
        return replace(place, policy_id=named if acts else "", notes=notes)

    places, asked = _candidates(subjects, text)
    if markets:
        here = [p for p in places if p.country in markets or p.region in markets]
        places = [p for p in here if not p.is_vendor] or places
    if not places:
        words = region_words()
        named = {words.get(spelling(part)) for part in text.split(",")}
        if len(named) == 1 and (code := named.pop()):  # California, CA
            return of_region(subjects, code)
        raise _unknown(subjects, text)
    if len(places) > 1:
        return _largest(subjects, text, places, asked)
    (place,) = places
    states = [word for word, code in region_words().items() if code == place.region]
    is_said = _IN_US.fullmatch(text.strip()) or spelling(text).endswith(
        tuple(f"-{word}" for word in states)
    )
    if place.key or place.level not in ("city", "county") or is_said:
        return place
    # towns abroad may have the name, which no table lists
    raise _refusal(f"{text!r} needs its state (abroad: LAT,LON)", places, spelling(text))


def _candidates(subjects: Subjects, text: str) -> tuple[list[Place], frozenset[str]]:
    """Every place that the text may mean, recorded or not, each once; and the spellings of the
    name in it, with and without its kind (``City of``)."""
    readings = [(text.strip(), "", "")]
    if match := _IN_US.fullmatch(text.strip()):
        readings.append((match[1], "", "US"))
    for whole, _, country in [*readings]:
        for pattern, bare, level in KINDS:
            if match := re.fullmatch(pattern, whole, re.IGNORECASE):
                readings.append((match.expand(bare), level, country))
    found: dict[object, Place] = {}
    asked: frozenset[str] = frozenset()
    for words, level, country in readings:
        if found and level and not re.match("[^,]+ of ", text.strip(), re.IGNORECASE):
            break  # Kansas City is not Kansas
        for place in _meant(subjects, words):
            if country not in ("", place.country):
                continue
            if level in ("", place.level) or (level, place.level) == ("county", "city"):
                identity = place.key or (place.level, place.label, place.parents)
                same = found.setdefault(identity, place)
                if same.population < place.population:
                    found[identity] = replace(same, population=place.population)
        asked |= spellings(words)
    return list(found.values()), asked


def _meant(subjects: Subjects, words: str) -> Iterator[Place]:
    asked = spellings(words)
    plain = spelling(words)
    called = [subject for subject in subjects.values() if subject.is_called(asked)]
    for subject in called:
        yield of_subject(subjects, subject)
    for known, of in ((country_words(), of_country), (region_words(), of_region)):
        if code := known.get(plain) or known.get(solid(words)):
            yield of(subjects, code)
    if called and all(s.subject_type in _NO_TOWNS for s in called):
        return  # not a town: the gazetteer need not be read
    names = [it.written for it in called if it.subject_type == "city"]
    exact = {name for name in frozenset().union(*names) if f"{plain}-".startswith(f"{name}-")}
    is_county = any(spelling(word) in plain for word in COUNTY_WORDS)
    for level in ("city", "county") if is_county else ("city",):
        for us in gazetteer.called(words, level):
            # Easthampton is on record: who writes it so does not mean East Hampton
            if not exact or spelling(us.name) in exact:
                yield of_us_place(subjects, us, level)


def _largest(
    subjects: Subjects, text: str, places: Collection[Place], asked: frozenset[str]
) -> Place:
    """Of several places the one that a bare name is taken for, with a note that names the others:
    the only country, or else the only state, or the only recorded place, if it is much the
    largest."""
    plain = spelling(text)
    places = sorted(places, key=lambda p: (-p.population, p.label))
    places.sort(key=lambda p: [*_LARGE, p.level].index(p.level))
    is_bare = "," not in text and not any(p.key or p.country != "US" for p in places)
    abroad = " (abroad: LAT,LON)" if is_bare else ""
    several = _refusal(f"{text!r} can mean several places{abroad}", places, plain)
    large = [p for p in places if p.level in _LARGE]
    named = [p for p in large or places if p.key and not asked.isdisjoint(subjects[p.key].names)]
    likely = named if len(named) == 1 else large
    of_both = {p.level for p in large}.issuperset(_LARGE)  # Georgia
    if len(likely) != 1 or of_both or len(plain) <= _LONGEST_CODE:
        raise several
    (place,) = likely
    others = [p for p in places if p is not place]
    if place.level in ("city", "county"):
        people = place.population if place.country == "US" else _ASSUMED_POPULATION
        if not people and place.level == "city":  # named by an alias that no table has
            same = gazetteer.named(place.name, place.region, "city")
            people = max((us.population for us in same), default=0)
        if any(p.key or p.population * _LIKE_SIZE > people for p in others):
            raise several
    words = [_words(p, plain, places) + f" ({p.level})" * (p.level in _LARGE) for p in others]
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""
    others_named = f"{'; '.join(words[:3])}{more}"
    read_as = place.label + f" ({wording.kind(place.level, place.region)})" * bool(large)
    note = f"{text!r} is read as {read_as}; other places of that name: {others_named}"
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
        counties = [up.name for up in place.parents if up.subject_type == "county"]
        which = [place.key] if place.key else counties[:1]
        described = ", ".join([wording.kind(place.level, place.region), *which])
        candidates.append((_words(place, asked, places), described))
    return NameNotUnderstood(reason, candidates)


def _unknown(subjects: Subjects, text: str) -> NameNotUnderstood:
    bare = text.partition(",")[0]
    if bare != text and (elsewhere := _candidates(subjects, bare)[0]):
        elsewhere.sort(key=lambda p: -p.population)
        return _refusal(f"No place is named {text!r}. Did you mean", elsewhere)
    if re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", text.strip()):
        return NameNotUnderstood(
            f"{text!r} looks like a ZIP code, and these are not supported: use the city and state,"
            ' as "Daly City, CA".'
        )
    asked = slug(text)
    names = {name: it for it in subjects.values() for name in (*it.names, slug(it.label))}
    near = get_close_matches(asked, sorted(names), n=5, cutoff=0.75)
    near += [name for name in sorted(names) if asked and name.startswith(f"{asked}-")]
    likely = {names[name].key: of_subject(subjects, names[name]) for name in near[:8]}
    if likely:
        return _refusal(f"No place or subject is named {text!r}. Did you mean", likely.values())
    return NameNotUnderstood(
        f"No place or subject is named {text!r}. Write a US place (500 people or more) as"
        ' "NAME, STATE", any other point as LAT,LON.'
    )
