"""Checks on subjects.csv, on the subjects that policies.csv names, and on their coordinates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker import wording
from frtracker.record.check import Mask, Record, Rows, Violation
from frtracker.record.columns import IDENTITY
from frtracker.record.findings import Check, brief
from frtracker.record.tables import slug, unfit
from frtracker.vocabulary import LOCATED_TYPES, PLACE_TYPES

if TYPE_CHECKING:
    from frtracker.outlines import Level

_OfSubjects = partial(Check, table="subjects")

_INSIDE = ("city", "county", "agency", "school")
_KEYED = ("subject_key", "subject_type", "subject")


def _named(rows: Rows, row: int) -> str:
    """A subject, distinguished from others with its name: Portland (city, US-OR)."""
    country, region, kind, name = (rows.text(row, column) for column in IDENTITY)
    return f"{brief(name)} ({', '.join(part for part in (kind, region or country) if part)})"


def _violations(rows: Rows, where: Mask, column: str, message: str) -> Iterator[Violation]:
    for it in rows.broken(where, column, message):
        yield it._replace(message=f"{_named(rows, it.row)} {it.message}")


_DIGITS: Final = {"city": "7 or 10", "county": "5", "state": "2"}  # 10: a county subdivision


@_OfSubjects("R064", "A geoid has 7 or 10 digits for a city, 5 for a county, 2 for a state.")
def geoid_fits_its_type(record: Record, rows: Rows) -> Iterator[Violation]:
    digits = [_DIGITS.get(kind, "") for kind in rows.frame["subject_type"]]
    given = [str(len(geoid)) for geoid in rows.frame["geoid"]]
    fits = [it in right.split() for it, right in zip(given, digits, strict=True)]
    right = [f"has {it} digits" if it else "is left empty" for it in digits]
    message = "has the geoid {geoid}: the geoid of a {subject_type} {right}"
    judged = Rows(rows.frame.assign(right=right))
    return _violations(judged, ~np.array(fits, bool) & ~rows.empty("geoid"), "geoid", message)


@_OfSubjects("R068", "A population has its day and its source, and is that of a place.")
def population_is_proven(record: Record, rows: Rows) -> Iterator[Violation]:
    given = ~rows.empty("population")
    for column, lacks in (
        ("population_on", "no population_on: add the day of the count"),
        ("population_url", "no population_url: add the page that shows it"),
    ):
        yield from _violations(rows, given & rows.empty(column), column, f"has {lacks}")
        wrong = ~given & ~rows.empty(column)
        yield from _violations(rows, wrong, column, f"has {column}, and no population: add it")
    nowhere = ~rows.has("subject_type", *PLACE_TYPES)
    message = "has a population: leave it empty, for it is no place where people live"
    yield from _violations(rows, given & nowhere, "subject_type", message)


@_OfSubjects("R065", "A geoid begins with the two digits of its state.", outlines=True)
def geoid_in_its_state(record: Record, rows: Rows) -> Iterator[Violation]:
    region, country = rows.frame["region"], rows.frame["country"]
    codes = region.where(region != "", "US-" + country)  # Puerto Rico is both
    digits = codes.map({it["code"]: it["geoid"] for it in _outlined("states")})
    digits = digits.where((country == "US") | digits.notna(), "")
    wrong = (digits.notna() & (rows.frame["geoid"].str[:2] != digits)).to_numpy()
    right = ("geoids there begin with " + digits).where(digits != "", "only US places have one")
    judged = Rows(rows.frame.assign(right=right))
    message = "has the geoid {geoid}: {right}"
    return _violations(judged, wrong & ~rows.empty("geoid"), "geoid", message)


@_OfSubjects("R066", "No two subjects have the same geoid.")
def geoid_is_its_own(record: Record, rows: Rows) -> Iterator[Violation]:
    twice = (rows.frame["geoid"].duplicated() & ~rows.frame.duplicated([*IDENTITY])).to_numpy()
    geoids, lines = rows.frame["geoid"].tolist(), record.files.texts["subjects"].lines
    for row in np.flatnonzero(twice & ~rows.empty("geoid")).tolist():
        geoid = geoids[row]
        first = f"the geoid {geoid} of line {lines[geoids.index(geoid)]}"
        message = f"{_named(rows, row)} has {first}: correct one of them"
        yield Violation(row, "geoid", geoid, message)


@_OfSubjects(
    "R067",
    "A US county has the name of its geoid, a state that of its region.",
    outlines=True,
    title="unknown county",
)
def place_has_its_name(record: Record, rows: Rows) -> Iterator[Violation]:
    named = {it["geoid"]: it["name"] for it in _outlined("counties")}
    named |= {it["code"]: it["name"] for it in _outlined("states")}
    for kind, column in (("county", "geoid"), ("state", "region")):
        for row in np.flatnonzero(rows.has("subject_type", kind) & ~rows.empty(column)).tolist():
            code, aliases = rows.text(row, column), rows.text(row, "aliases")
            names = [_plain(it) for it in (rows.text(row, "subject"), *aliases.split(";"))]
            message = f"{_named(rows, row)} has the {column} {code}, "
            if right := named.get(code):
                if not any(it.startswith(_plain(right)) for it in names):
                    message += f"that of {right}: correct it, or add that name to aliases"
                    yield Violation(row, column, code, message)
            elif kind == "county":
                message += "which is not among our counties (of 2017): is it right?"
                yield Violation(row, column, code, message, "warning")


def _plain(name: str) -> str:
    """The beginning by which X, X County, County or State of X, Saint X and St. X are one."""
    name = re.sub("^(the-)?(state|commonwealth|county|city-and-county)-of-", "", slug(name))
    return name.replace("saint-", "st-") + "-"


def _outlined(level: Level) -> list[dict[str, str]]:
    from frtracker.outlines import topology

    return [it["properties"] for it in topology(level)["objects"][level]["geometries"]]


@Check(
    "R070",
    "Every subject of policies.csv is in subjects.csv.",
    needs="subjects",
    borrowed="warning",
    title="subjects without a row in subjects.csv",
)
def subject_is_known(record: Record, rows: Rows) -> Iterator[Violation]:
    subjects = record.tables["subjects"].frame
    identities = pd.MultiIndex.from_frame(rows.frame[list(IDENTITY)])
    known = identities.isin(pd.MultiIndex.from_frame(subjects[list(IDENTITY)]))
    holders = dict(zip(subjects["subject_key"], subjects["subject_type"], strict=True))
    for row in np.flatnonzero(~identities.duplicated() & ~known).tolist():
        key, kind, subject = (rows.text(row, column) for column in _KEYED)
        wrong = unfit(key, kind)
        if not wrong and holders.get(key, kind) != kind:
            wrong = f"has the key {key!r} of another subject: use a name that distinguishes them"
        holders[key] = ""  # another spelling of it in this file is the same subject
        near = wording.did_you_mean(subject, {*subjects["subject"]} - {subject}, ": add it")
        missing = f"is not in subjects.csv{near}"
        message = f"{_named(rows, row)} {wrong or missing}"
        yield Violation(row, "subject", subject, message, "error" if wrong else None)


@_OfSubjects("R071", "Each subject is listed once in subjects.csv.")
def subject_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(list(IDENTITY)).to_numpy()
    return _violations(rows, again, "subject", "is listed twice: merge the rows")


@_OfSubjects("R072", "Each subject has its own key, made from its name, that can name a file.")
def key_is_its_own(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(list(IDENTITY)).to_numpy()
    first: dict[str, int] = {}
    for row, (key, kind, subject) in enumerate(rows.frame[[*_KEYED]].itertuples(index=False)):
        if first.setdefault(key, row) != row and not again[row]:
            message = (
                f"{_named(rows, row)} has the same key {brief(key)!r} as"
                f" {_named(rows, first[key])}: use a longer name that distinguishes them"
            )
            yield Violation(row, "subject", subject, message)
        if wrong := unfit(key, kind):
            yield Violation(row, "subject", subject, wrong)


@_OfSubjects(
    "R073", "`within` lists other subjects of the same country and region, below the state."
)
def within_is_known(record: Record, rows: Rows) -> Iterator[Violation]:
    inside = rows.has("subject_type", *_INSIDE).tolist()
    places = [*rows.frame[["country", "region", "subject"]].itertuples(index=False, name=None)]
    known = Counter(compress(places, inside))
    for row, words in enumerate(rows.lists("within")):
        country, region, subject = places[row]
        for word in words if inside[row] else ():
            # a city may be in a county of the same name, never in itself
            if known[country, region, word] <= (word == subject):
                there = [it for *at, it in known if at == [country, region]]
                near = wording.did_you_mean(word, there, ": add it, or correct the name")
                message = (
                    f"{_named(rows, row)} is within {brief(word)!r}, but subjects.csv has no city,"
                    f" county, agency or school of this name there{near}"
                )
                yield Violation(row, "within", word, message)


@_OfSubjects("R074", "Only places below the state are `within` others.")
def within_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = ~rows.has("subject_type", *_INSIDE) & ~rows.empty("within")
    message = "leave it empty: a {subject_type} is not within a city or county"
    return rows.broken(wrong, "within", message)


@_OfSubjects("R075", "A city, an agency or a school has coordinates.")
def place_has_a_point(record: Record, rows: Rows) -> Iterator[Violation]:
    federal = rows.has("subject_type", "agency") & rows.empty("region") & rows.empty("within")
    located = rows.has("subject_type", *LOCATED_TYPES) & ~federal
    message = "needs latitude and longitude: it is drawn as a point"
    for column in ("latitude", "longitude"):
        yield from _violations(rows, located & rows.empty(column), column, message)


@_OfSubjects("R076", "Coordinates come as a pair.")
def point_is_whole(record: Record, rows: Rows) -> Iterator[Violation]:
    half = rows.empty("latitude") != rows.empty("longitude")
    half &= ~rows.has("subject_type", *LOCATED_TYPES)
    message = "has only one coordinate: give both or none"
    for column in ("latitude", "longitude"):
        yield from _violations(rows, half & rows.empty(column), column, message)


COAST_METRES: Final = 15_000
"""How far off a coarse outline a harbor, an island town or an enclave may be."""

FAR_METRES: Final = 4_000_000
"""How far from the outline of a country its omitted islands may be: Tarawa, 3,300 km."""


def metres_outside(subjects: pd.DataFrame) -> npt.NDArray[np.float64]:
    """How far each subject is outside its state (US) or country, on a sphere, to about 1 %; 0
    inside; NaN where it has no point, or there is no outline to compare with (small states)."""
    import shapely

    from frtracker.outlines import load

    metres = np.full(len(subjects), np.nan)
    nowhere = subjects["subject_type"].isin(["vendor", "company", "supranational"])
    placed = subjects["latitude"].notna() & subjects["longitude"].notna() & ~nowhere
    levels = [load("states")]
    if not subjects.loc[placed, "region"].isin(levels[0]["code"]).all():
        levels.append(load("countries"))
    outlines = pd.concat([level.set_index("code")["geometry"] for level in levels])
    code = subjects["region"].where(subjects["region"].isin(outlines.index), subjects["country"])
    rows = np.flatnonzero(placed & code.isin(outlines.index))
    shapes = outlines.reindex(code.iloc[rows]).to_numpy()
    points = subjects[["longitude", "latitude"]].to_numpy()[rows]
    inside = shapely.intersects(shapes, shapely.points(points))
    metres[rows[inside]] = 0.0
    metres[rows[~inside]] = [*map(_metres_between, points[~inside], shapes[~inside])]
    return metres


def _metres_between(point: npt.NDArray[np.float64], shape: Any) -> float:
    """From a point to the outline of ``shape``, over the globe."""
    import shapely

    outline = shapely.segmentize(shapely.boundary(shape), 1.0)
    mapped = shapely.transform(outline, lambda points: _from(point, points))
    return float(shapely.distance(mapped, shapely.Point(0.0, 0.0)))


def _from(
    point: npt.NDArray[np.float64], points: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Points (n, 2) in degrees on an azimuthal equidistant map with ``point`` as its middle: how
    far they are from that is as on the globe, in meters."""
    lon, lat = np.radians(points - [point[0], 0]).T
    middle = np.radians(point[1])
    east, ahead = np.cos(lat) * np.sin(lon), np.cos(lat) * np.cos(lon)
    north = np.cos(middle) * np.sin(lat) - np.sin(middle) * ahead
    up = np.sin(middle) * np.sin(lat) + np.cos(middle) * ahead
    metres, azimuth = 6_371_008.8 * np.arctan2(np.hypot(east, north), up), np.arctan2(east, north)
    return np.column_stack([metres * np.sin(azimuth), metres * np.cos(azimuth)])


@_OfSubjects(
    "R077",
    "A point is in its state or country; a warning if it is off a coarse coast.",
    outlines=True,
    title="points off the coast",
)
def point_inside(record: Record, rows: Rows) -> Iterator[Violation]:
    import shapely

    from frtracker.outlines import load

    metres = metres_outside(rows.frame)
    countries = load("countries")["geometry"] if (metres > COAST_METRES).any() else ()
    for row in np.flatnonzero(metres > 0).tolist():
        latitude, longitude = rows.frame[["latitude", "longitude"]].iloc[row]
        subject, region, country = (rows.text(row, it) for it in ("subject", "region", "country"))
        coast = metres[row] <= COAST_METRES
        if not coast and not (country == "US" and region):  # the outlines of states are fine ones
            point = np.array([longitude, latitude])
            around = (shape for shape in countries if shape.intersects(shapely.Point(point)))
            abroad = any(_metres_between(point, shape) > COAST_METRES for shape in around)
            coast = not abroad and metres[row] <= FAR_METRES
        advice = "correct the coordinates (west and south are negative)"
        message = (
            f"{brief(subject)} at {latitude:g}, {longitude:g} is {metres[row] / 1000:,.1f} km"
            f" outside {region if country == 'US' and region else country}: "
            f"{'right only if our coastline is too coarse here' if coast else advice}"
        )
        yield Violation(row, "latitude", f"{latitude:g}", message, "warning" if coast else None)
