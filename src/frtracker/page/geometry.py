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


def coordinates(longitude: float, latitude: float) -> list[float]:
    """The place of a point in the data, as [x, y], y upwards: today its longitude and latitude."""
    return [longitude, latitude]


VIEWS: Final = {
    "us": [coordinates(-125, 24.4), coordinates(-66.8, 49.6)],
    "world": [coordinates(-155, -50), coordinates(175, 74)],
    "europe": [coordinates(-11, 35.5), coordinates(33, 66)],
}
"""Corners of what each button shows: south-west and north-east."""


def topologies() -> dict[outlines.Level, Json]:
    """The outlines of each level as TopoJSON; the place of a letter on them as ``centre``."""
    levels = {level: outlines.topology(level) for level in outlines.LEVELS}
    for level, topology in levels.items():
        for geometry in topology["objects"][level]["geometries"]:
            properties = geometry["properties"]
            if "lat" in properties:
                latitude, longitude = properties.pop("lat"), properties.pop("lon")
                properties["centre"] = coordinates(longitude, latitude)
    return levels


def names_of(level: outlines.Level, topology: Json) -> dict[str, str]:
    """The names of the places in a TopoJSON of one level, by key."""
    properties = (each["properties"] for each in topology["objects"][level]["geometries"])
    return {each[outlines.KEYS[level]]: each["name"] for each in properties}


def shape_of(subject: Subject, geoid: str, names: Names) -> list[str] | None:
    """The level and key of the subject's outline, if we have one."""
    level: outlines.Level
    match subject.subject_type:
        case "country":
            level, key = "countries", subject.country
        case "state":
            level, key = "states", subject.region
        case "county":
            level, key = "counties", geoid
        case _:
            return None
    return [level, key] if key in names[level] else None


def point_of(subject: Subject, row: Mapping[Any, Any]) -> list[float] | None:
    """Where a subject without outline is drawn; ``row`` is its row of ``subjects``.

    None for a national agency: a circle on the capital would look like a local rule.
    """
    if subject.subject_type == "agency" and not subject.region and not subject.within:
        return None
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    if math.isnan(latitude) or math.isnan(longitude):
        return None
    return [round(value, 3) for value in coordinates(longitude, latitude)]


def packed(topology: Json) -> Json:
    """The topology with every arc (its first point, then steps) as one text of ASCII characters,
    in Google's encoded polyline notation.

    A number is doubled (a negative one turned over), cut into groups of five bits, low ones
    first, all but the last marked by a sixth bit, and each group plus 63 is one character.
    https://developers.google.com/maps/documentation/utilities/polylinealgorithm
    """
    texts = (
        "".join([_encoded_number(value) for point in arc for value in point])
        for arc in topology["arcs"]
    )
    return {**topology, "arcs": list(texts)}


@cache
def _encoded_number(value: int) -> str:
    """Cached, because most steps are short: few numbers, over and over."""
    rest = ~(value << 1) if value < 0 else value << 1
    groups = []
    while rest >= 0x20:
        groups.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    return "".join([*groups, chr(rest + 63)])
