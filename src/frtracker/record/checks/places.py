"""Checks on subjects.csv, on the subjects that policies.csv names, and on their coordinates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import compress
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.check import Mask, Record, Rows, Violation
from frtracker.record.columns import IDENTITY
from frtracker.record.findings import Check, brief
from frtracker.record.tables import unfit
from frtracker.vocabulary import LOCATED_TYPES

_OfSubjects = partial(Check, table="subjects")

_INSIDE = ("city", "county", "agency", "school")
_KEYED = ("subject_key", "subject_type", "subject")


def _named(rows: Rows, row: int) -> str:
    """A subject with what tells it from others of its name: Portland (city, US-OR)."""
    country, region, kind, name = (rows.text(row, column) for column in IDENTITY)
    return f"{brief(name)} ({', '.join(part for part in (kind, region or country) if part)})"


def _violations(rows: Rows, where: Mask, column: str, message: str) -> Iterator[Violation]:
    for it in rows.broken(where, column, message):
        yield it._replace(message=f"{_named(rows, it.row)} {message}")


@Check(
    "R070",
    "Every subject of policies.csv is in subjects.csv.",
    needs="subjects",
    borrowed="warning",
)
def subject_is_known(record: Record, rows: Rows) -> Iterator[Violation]:
    subjects = record.tables["subjects"].frame
    identities = pd.MultiIndex.from_frame(rows.frame[list(IDENTITY)])
    known = identities.isin(pd.MultiIndex.from_frame(subjects[list(IDENTITY)]))
    holders = dict(zip(subjects["subject_key"], subjects["subject_type"], strict=True))
    for row in np.flatnonzero(~identities.duplicated() & ~known).tolist():
        key, kind, subject = (rows.text(row, column) for column in _KEYED)
        wrong = unfit(key, kind, subject)
        if not wrong and holders.get(key, kind) != kind:
            wrong = f"has the key {key!r}, as another subject has: use a name that tells them apart"
        holders[key] = ""  # another spelling of it in this file is no subject of its own
        said = wrong or "is not in subjects.csv: add it, or spell it as there"
        message = f"{_named(rows, row)} {said}"
        yield Violation(row, "subject", subject, message, "error" if wrong else None)


@_OfSubjects("R071", "Each subject stands once in subjects.csv.")
def subject_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(list(IDENTITY)).to_numpy()
    return _violations(rows, again, "subject", "stands twice: join the rows")


@_OfSubjects("R072", "Each subject has a key of its own, made of its name, that can name a file.")
def key_is_its_own(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(list(IDENTITY)).to_numpy()
    first: dict[str, int] = {}
    for row, (key, kind, subject) in enumerate(rows.frame[[*_KEYED]].itertuples(index=False)):
        if first.setdefault(key, row) != row and not again[row]:
            message = (
                f"{_named(rows, row)} has the same key {brief(key)!r} as"
                f" {_named(rows, first[key])}: give it the longer name that tells them apart"
            )
            yield Violation(row, "subject", subject, message)
        if wrong := unfit(key, kind, subject):
            yield Violation(row, "subject", subject, wrong)


@_OfSubjects(
    "R073", "`within` names other subjects of the same country and region, below the state."
)
def within_is_known(record: Record, rows: Rows) -> Iterator[Violation]:
    inside = rows.has("subject_type", *_INSIDE).tolist()
    places = [*rows.frame[["country", "region", "subject"]].itertuples(index=False, name=None)]
    known = Counter(compress(places, inside))
    for row, words in enumerate(rows.lists("within")):
        country, region, subject = places[row]
        for word in words if inside[row] else ():
            # a city may lie in a county of its name, never in itself
            if known[country, region, word] <= (word == subject):
                message = (
                    f"{_named(rows, row)} lies in {brief(word)!r}, which is no other city, county,"
                    f" agency or school of {region or country or 'no country'}: add it as a"
                    " subject, or correct the name"
                )
                yield Violation(row, "within", word, message)


@_OfSubjects("R074", "Only places below the state lie `within` others.")
def within_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = ~rows.has("subject_type", *_INSIDE) & ~rows.empty("within")
    message = "leave it empty: a {subject_type} lies in no city or county"
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
    message = "has one coordinate only: give both or none"
    for column in ("latitude", "longitude"):
        yield from _violations(rows, half & rows.empty(column), column, message)


COAST_METRES: Final = 15_000
"""How far outside a coarse coast a harbour or an island town may lie."""


def metres_outside(subjects: pd.DataFrame) -> npt.NDArray[np.float64]:
    """How far each subject lies outside its state (US) or country, on a sphere, to about 1 %; 0
    inside; NaN where it has no point, or no outline to hold it against (small states)."""
    import shapely

    from frtracker.outlines import load

    metres = np.full(len(subjects), np.nan)
    nowhere = subjects["subject_type"].isin(["vendor", "company", "supranational"])
    placed = subjects["latitude"].notna() & subjects["longitude"].notna() & ~nowhere
    levels = [load("states")]
    if not subjects.loc[placed, "region"].isin(levels[0]["code"]).all():
        levels.append(load("countries"))
    outlines = pd.concat([pd.Series(level.geometry.array, level["code"]) for level in levels])
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
    from pyproj import Proj

    # Distances from the middle of an azimuthal equidistant map are those on the globe.
    globe = Proj(proj="aeqd", lon_0=point[0], lat_0=point[1], R=6_371_008.8)
    outline = shapely.segmentize(shapely.boundary(shape), 1.0)
    mapped = shapely.transform(outline, lambda points: np.column_stack(globe(*points.T)))
    return float(shapely.distance(mapped, shapely.Point(0.0, 0.0)))


@_OfSubjects(
    "R077",
    "A point lies in its state or country (up to 15 km off a coarse coast is a warning).",
    outlines=True,
)
def point_inside(record: Record, rows: Rows) -> Iterator[Violation]:
    metres = metres_outside(rows.frame)
    for row in np.flatnonzero(metres > 0).tolist():
        latitude, longitude = rows.frame[["latitude", "longitude"]].iloc[row]
        subject, region, country = (rows.text(row, it) for it in ("subject", "region", "country"))
        coast = metres[row] <= COAST_METRES
        advice = "correct the coordinates (west and south are negative)"
        message = (
            f"{brief(subject)} at {latitude:g}, {longitude:g} lies {metres[row] / 1000:,.1f} km"
            f" outside {region if country == 'US' and region else country}: "
            f"{'right only if our coastline is too coarse here' if coast else advice}"
        )
        yield Violation(row, "latitude", f"{latitude:g}", message, "warning" if coast else None)
