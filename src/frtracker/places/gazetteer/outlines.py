"""Where a point lies, by the shipped outlines of countries, US states and counties."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from frtracker.places.gazetteer.names import PlaceNotUnderstood, UsPlace, county_names, nearest

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

OUTLINE_KM: Final = 12.0
"""How far a country's outline may be off (PROVENANCE.md: "some 10 km")."""
COUNTY_KM: Final = 2.0
"""The same for US states and counties."""
KM_PER_DEGREE: Final = 111.2

_POINT = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*[,;]\s*([+-]?\d+(?:\.\d*)?)\s*")


@dataclass(frozen=True, slots=True)
class Point:
    """Where a point lies. ``region`` and county only in the United States; '' elsewhere.

    ``doubts``: what the coarse outlines leave open, as sentences. ``near``: the nearest place of
    the gazetteer and its distance in km, None outside the United States.
    """

    latitude: float
    longitude: float
    country: str
    country_name: str
    region: str
    county_geoid: str
    county: str
    doubts: tuple[str, ...]
    near: tuple[UsPlace, float] | None


def parse_point(text: str) -> tuple[float, float] | None:
    """``LAT,LON`` in degrees, or None where the text is no pair of numbers.

    Raises ``ValueError`` for degrees that are none.
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


def locate(latitude: float, longitude: float) -> Point:
    """Country by polygon, and in the United States state and county.

    Where no outline holds the point, the only one near enough is taken and said so in ``doubts``;
    more than one, or none: :class:`PlaceNotUnderstood`.
    """
    from frtracker import outlines as boundaries

    counties = boundaries.load("counties")
    county = _shape_at(counties, "geoid", latitude, longitude, COUNTY_KM)
    if county.inside:
        return _in_county(latitude, longitude, counties, county)
    # a county's coast may lie inland of the point, but a neighbour country's ground is not ours
    country = _shape_at(boundaries.load("countries"), "code", latitude, longitude, OUTLINE_KM)
    if county.key and country.key in ("", "US") and not country.others:
        return _in_county(latitude, longitude, counties, county)
    if country.key in ("", "US"):
        others = f"; within {OUTLINE_KM:g} km of it: {country.others}" if country.others else ""
        what = "country's" if not country.key else "US county's"
        raise PlaceNotUnderstood(f"{latitude:g},{longitude:g} is in no {what} outline{others}")
    return Point(latitude, longitude, country.key, country.name, "", "", "", country.doubts, None)


def _in_county(latitude: float, longitude: float, counties: GeoDataFrame, at: _Shape) -> Point:
    region = str(counties.set_index("geoid").at[at.key, "region"])
    return Point(
        latitude,
        longitude,
        "US",
        "United States",
        region,
        at.key,
        county_names().get(at.key, at.name),
        at.doubts,
        nearest(latitude, longitude),
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """The shape at a point ('' for none), the names of others near, and what is left open."""

    key: str
    name: str
    inside: bool
    others: str = ""
    doubts: tuple[str, ...] = ()


def _shape_at(
    shapes: GeoDataFrame, key: str, latitude: float, longitude: float, km: float
) -> _Shape:
    from shapely.geometry import Point as Dot
    from shapely.geometry import box

    shrink = max(math.cos(math.radians(latitude)), 0.01)
    north, east = km / KM_PER_DEGREE, km / KM_PER_DEGREE / shrink
    around = box(longitude - east, latitude - north, longitude + east, latitude + north)
    close = shapes.iloc[sorted(shapes.sindex.query(around, predicate="intersects"))]
    names = {str(code): str(name) for code, name in zip(close[key], close["name"], strict=True)}
    holding = close[close.intersects(Dot(longitude, latitude))]
    if len(holding):
        code = str(holding[key].iloc[0])
        others = ", ".join(name for other, name in names.items() if other != code)
        doubt = f"within {km:g} km of {others}: the outlines may be off by that much"
        return _Shape(code, names[code], True, others, (doubt,) if others else ())
    listed = ", ".join(names.values())
    if len(names) == 1:
        doubt = f"outside every outline, but within {km:g} km of {listed}: taken as there"
        return _Shape(next(iter(names)), listed, False, "", (doubt,))
    return _Shape("", "", False, listed)
