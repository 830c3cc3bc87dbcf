"""US places by name and state, and any point by its coordinates."""

from frtracker.places.gazetteer.names import (
    REGION_NAMES,
    PlaceNotUnderstood,
    UsPlace,
    county_named,
    county_of,
    find,
    kilometres,
    named,
    nearest,
    one_city,
    region_named,
    spelling,
    us_places,
)
from frtracker.places.gazetteer.outlines import COUNTY_KM, OUTLINE_KM, Point, locate, parse_point

__all__ = [
    "COUNTY_KM",
    "OUTLINE_KM",
    "REGION_NAMES",
    "PlaceNotUnderstood",
    "Point",
    "UsPlace",
    "county_named",
    "county_of",
    "find",
    "kilometres",
    "locate",
    "named",
    "nearest",
    "one_city",
    "parse_point",
    "region_named",
    "spelling",
    "us_places",
]
