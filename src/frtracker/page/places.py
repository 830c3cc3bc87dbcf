"""What the page's search finds beside the subjects of the record: countries, US states, US places.

All of it is on every page, so it is packed, and ``places.js`` unpacks it.

- ``countries``: by alpha-2 code: name, alpha-3 code, other names; lists of names have ``;`` between
- ``regions``: US states and territories, in columns: ``code``; ``words`` (name, codes, newspaper
  abbreviations); ``names`` of the towns, largest first, and after them of the counties; how many
  are ``towns``; of towns and counties, how many have (a place of) 100,000 and 25,000 people
  (``large``, ``middling``); where they lie (``points``: of each its column and row among ``cells``
  over ``box``, which is a corner and a size on the map's US sheet; a county is where its largest
  place is); the number of the ``chain`` of ``above`` that passes down to them, and by chain those
  that have one of the ``others``.
  Where towns of a state share a name, each has its county: ``Brentwood, Contra Costa County``
- ``parts``: names of places inside a city that is a whole county, by the city's key: Queens
- ``kinds``: ways of naming a kind of place with it, as pattern, bare name, level: ``city of (.+)``
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from frtracker import sheets
from frtracker.codes import US_REGION_NAMES, countries
from frtracker.places.gazetteer import UsPlace, one_city, us_places
from frtracker.places.names import KINDS
from frtracker.places.place import Place, of_us_place
from frtracker.places.subjects import Subject, region_words, solid, spelling
from frtracker.record.tables import subject_key

Json = dict[str, Any]
Named = tuple[UsPlace, str]
"""A town, or a county by its largest place, with its name: that of its subject, if the record has
one without an act."""

MIN_PEOPLE: Final = 5_000
_LARGE: Final = 100_000
_MIDDLING: Final = 25_000
_CELLS: Final = "".join(chr(code) for code in range(35, 127) if chr(code) not in "&<>\\")
"""Rows and columns of the grid of a state's towns: a cell is 1 to 14 km wide."""


def places(
    subjects: Mapping[str, Subject],
    shown: Collection[str],
    chain_of: Callable[[Place], int],
) -> Json:
    """What the search finds. ``shown``: the keys of the ``subjects`` that the page has anyhow;
    ``chain_of``: the number of the rules that pass down to a place."""
    towns: dict[str, list[Named]] = {code: [] for code in US_REGION_NAMES}
    counties: dict[str, list[Named]] = {code: [] for code in US_REGION_NAMES}
    parts: dict[str, list[str]] = defaultdict(list)
    nearby = {
        code: {key: it for key, it in subjects.items() if it.region in ("", code)} for code in towns
    }
    recorded = {(it.region, name) for it in subjects.values() for name in it.names}
    for us in sorted(us_places(), key=lambda us: -us.population):
        if us.population < MIN_PEOPLE:
            break
        asked = solid(us.name)
        is_whole = one_city(us.county_geoid, us.county) or us.region == "US-DC"
        if not is_whole and (us.region, asked) not in recorded:  # most: no need to look closer
            towns[us.region].append((us, us.name))
            continue
        place = of_us_place(nearby[us.region], us, "city")
        if asked not in (subjects[place.key].names if place.key else {solid(place.name)}):
            key = place.key or subject_key("US", us.region, place.level, place.name)
            parts[key].append(us.name)
        elif place.key not in shown:
            towns[us.region].append((us, place.name))

    listed: set[str] = set()
    for us in sorted(us_places(), key=lambda us: (-us.population, us.name)):
        if us.county_geoid in listed or us.county in ("", US_REGION_NAMES[us.region]):
            continue
        listed.add(us.county_geoid)
        city = one_city(us.county_geoid, us.county)
        key = subject_key("US", us.region, "city" if city else "county", city or us.county)
        if city and spelling(city) != spelling(us.county).removesuffix("-city"):
            parts[key].append(us.county)
        elif not city and key not in shown:
            counties[us.region].append((us, us.county))

    @cache
    def chain(region: str, county: str) -> int:
        """Of the towns of a county that the record has (its key), or of all other counties."""
        us = next(us for us, _ in towns[region] if _county(subjects, us) == county)
        return chain_of(of_us_place(nearby[region], us, "city"))

    regions = [
        _region(
            code,
            there,
            counties[code],
            [chain(code, _county(subjects, us)) for us, _ in there],
        )
        for code, there in towns.items()
    ]
    return {
        "people": f"{MIN_PEOPLE:,}",
        "kinds": [[pattern, bare.replace("\\", "$"), level] for pattern, bare, level in KINDS],
        "cells": _CELLS,
        "countries": {code: ";".join(names) for code, names in countries().items()},
        "parts": {key: ";".join(names) for key, names in parts.items()},
        "regions": {name: [region[name] for region in regions] for name in regions[0]},
    }


def _county(subjects: Mapping[str, Subject], us: UsPlace) -> str:
    """The key of the county, '' if the record has none."""
    key = subject_key("US", us.region, "county", us.county)
    return key if key in subjects else ""


def _region(
    code: str, towns: Sequence[Named], counties: Sequence[Named], chains: Sequence[int]
) -> Json:
    """One state: a row of ``regions``. ``chains``: of each town; a county has the commonest."""
    keys = [subject_key("US", code, "city", name) for _, name in towns]
    times = Counter(keys)
    names = [
        f"{name}, {us.county}" if times[key] > 1 else name
        for (us, name), key in zip(towns, keys, strict=True)
    ]
    ((chain, _),) = Counter(chains).most_common(1) or [(0, 0)]
    others: dict[int, list[int]] = defaultdict(list)
    for town, number in enumerate(chains):
        if number != chain:
            others[number].append(town)
    own = dict.fromkeys((US_REGION_NAMES[code], code[3:], *_region_words()[code]))
    box, points = _gridded(_points([us for us, _ in (*towns, *counties)]))
    return {
        "code": code,
        "words": ";".join(own),
        "names": ";".join([*names, *(name for _, name in counties)]),
        "towns": len(towns),
        "large": [_count(there, _LARGE) for there in (towns, counties)],
        "middling": [_count(there, _MIDDLING) for there in (towns, counties)],
        "box": box,
        "points": points,
        "chain": chain,
        "others": others,
    }


def _count(places: Sequence[Named], people: int) -> int:
    return sum(us.population >= people for us, _ in places)


@cache
def _region_words() -> Mapping[str, list[str]]:
    """Newspaper abbreviations by code, as they are spelled for comparison."""
    words: dict[str, list[str]] = defaultdict(list)
    for word, code in region_words().items():
        if word not in (spelling(US_REGION_NAMES[code]), code[3:].lower(), code.lower()):
            words[code].append(word)
    return words


def _points(places: Sequence[UsPlace]) -> npt.NDArray[np.float64]:
    """Where places lie on the US sheet, in its units; NaN off the sheet. (n, 2)"""
    east, north = [us.longitude for us in places], [us.latitude for us in places]
    return sheets.points("us", east, north, [us.region for us in places])


def _gridded(points: npt.NDArray[np.float64]) -> tuple[list[int], str]:
    """The box around points (x, y, width, height), and for each its column and row on the grid
    over it; nothing of points that are off the sheet."""
    if not len(points) or np.isnan(points).any():
        return [], ""
    corner = np.floor(points.min(axis=0))
    size = np.floor(points.max(axis=0)) + 1 - corner
    cells = np.floor((points - corner) / size * len(_CELLS)).astype(int)
    box = [int(number) for number in (*corner, *size)]
    return box, "".join(_CELLS[cell] for cell in cells.ravel())
