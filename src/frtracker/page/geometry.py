"""Where everything is drawn: outlines, points and views, in the map's own coordinates.

Another projection of the map changes this module alone, and ``FR.position`` of
``assets/base.js``, which hands every stored coordinate to Leaflet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from frtracker import outlines
from frtracker.places.subjects import Subject

Json = dict[str, Any]
Names = Mapping[outlines.Level, Mapping[str, str]]
"""By level and key, the names of the places that have an outline."""

CRS: Final = "EPSG3857"
CENTRE: Final = (39.5, -98.4)
"""As Leaflet has it: y, x."""


VIEWS: Final = {
    "us": [[-125, 24.4], [-66.8, 49.6]],
    "world": [[-155, -50], [175, 74]],
    "europe": [[-11, 35.5], [33, 66]],
}
"""Corners of what each button shows, south-west and north-east: a point of the data is [x, y], y
upwards, today its longitude and latitude."""


def topologies() -> dict[outlines.Level, Json]:
    """The outlines of each level as TopoJSON; the place of a letter on them as ``centre``."""
    levels = {level: outlines.topology(level) for level in outlines.LEVELS}
    for level, topology in levels.items():
        for geometry in topology["objects"][level]["geometries"]:
            place = geometry["properties"]
            if "lat" in place:
                latitude = place.pop("lat")
                place["centre"] = [place.pop("lon"), latitude]
    return levels


def names_of(level: outlines.Level, topology: Json) -> dict[str, str]:
    """The names of the places in a TopoJSON of one level, by key."""
    properties = (each["properties"] for each in topology["objects"][level]["geometries"])
    return {each[outlines.KEYS[level]]: each["name"] for each in properties}


def shape_of(subject: Subject, names: Names) -> list[str] | None:
    """The level and key of the subject's outline, if we have one."""
    keys: dict[str, tuple[outlines.Level, str]] = {
        "country": ("countries", subject.country),
        "state": ("states", subject.region),
        "county": ("counties", subject.geoid),
    }
    level, key = keys.get(subject.subject_type, ("counties", ""))
    return [level, key] if key in names[level] else None


def point_of(subject: Subject, row: Mapping[Any, Any]) -> list[float] | None:
    """Where a subject without outline is drawn; ``row`` is its row of ``subjects``.

    None for a national agency: a circle on the capital would look like a local rule.
    """
    is_national = subject.subject_type == "agency" and not subject.region and not subject.within
    point = row["longitude"], row["latitude"]
    return None if is_national or math.isnan(sum(point)) else [round(it, 3) for it in point]


def packed(topology: Json) -> Json:
    """The topology with every arc (its first point, then steps) as one text of ASCII characters:
    https://developers.google.com/maps/documentation/utilities/polylinealgorithm"""
    numbers = ((value for point in arc for value in point) for arc in topology["arcs"])
    return {**topology, "arcs": ["".join(map(_encoded_number, arc)) for arc in numbers]}


@cache  # most steps are short: few numbers, over and over
def _encoded_number(value: int) -> str:
    rest = ~(value << 1) if value < 0 else value << 1
    groups = []
    while rest >= 0x20:
        groups.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    return "".join([*groups, chr(rest + 63)])
