"""Who the page's subjects are, and where they are drawn: an outline, a circle or nowhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from frtracker import outlines as boundaries
from frtracker.places.subjects import US_REGION_NAMES, Subject

Json = dict[str, Any]
Names = Mapping[boundaries.Level, Mapping[str, str]]
"""By level and key, the names of the places that have an outline."""


def names_of(level: boundaries.Level, outline: Json) -> dict[str, str]:
    """The names of the places in a TopoJSON of one level, by key."""
    properties = (each["properties"] for each in outline["objects"][level]["geometries"])
    return {each[boundaries.KEYS[level]]: each["name"] for each in properties}


def told(subject: Subject, row: Mapping[Any, Any], names: Names) -> Json:
    """One subject as the page's script reads it; ``row`` is its row of ``subjects``."""
    shape = _shape(subject, row, names)
    return {
        "key": subject.key,
        "name": subject.name,
        "type": subject.subject_type,
        "where": _where(subject, names["countries"]),
        "country": subject.country,
        "region": subject.region,
        "aliases": ";".join(subject.search_names),
        "shape": shape,
        "at": None if shape or _is_national_agency(subject) else _point(row),
    }


def _shape(subject: Subject, row: Mapping[Any, Any], names: Names) -> list[str] | None:
    """The level and key of the subject's outline, if we have one."""
    level: boundaries.Level
    match subject.subject_type:
        case "country":
            level, key = "countries", subject.country
        case "state":
            level, key = "states", subject.region
        case "county":
            level, key = "counties", row["geoid"]
        case _:
            return None
    return [level, key] if key in names[level] else None


def _is_national_agency(subject: Subject) -> bool:
    """Told of in its country's list: a circle on the capital would look like a local rule."""
    return subject.subject_type == "agency" and not subject.region and not subject.within


def _point(row: Mapping[Any, Any]) -> list[float] | None:
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    if math.isnan(latitude) or math.isnan(longitude):
        return None
    return [round(latitude, 3), round(longitude, 3)]


def _where(subject: Subject, countries: Mapping[str, str]) -> str:
    """What a reader needs beside the name: ``Milwaukee County, Wisconsin``; ``Germany``."""
    if subject.subject_type in ("country", "supranational"):
        return ""
    chain = list(subject.within)
    if subject.subject_type != "state" and subject.region:
        chain.append(US_REGION_NAMES.get(subject.region, ""))
    if subject.country != "US" or not any(chain):
        chain.append(countries.get(subject.country, subject.country))
    return ", ".join(name for name in chain if name)
