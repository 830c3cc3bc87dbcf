"""Checks on subjects.csv, on the subjects that policies.csv names, and on their coordinates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.check import Record, Rows, Violation
from frtracker.record.findings import Check, brief
from frtracker.record.keys import IDENTITY, unfit
from frtracker.vocabulary import LOCATED_TYPES

_INSIDE = ("city", "county", "agency", "school")


def _named(rows: Rows, row: int) -> str:
    """A subject with what tells it from others of its name: Portland (city, US-OR)."""
    country, region, kind, name = (rows.text(row, column) for column in IDENTITY)
    return f"{brief(name)} ({', '.join(part for part in (kind, region or country) if part)})"


@Check(
    "R070",
    "error",
    "Every subject of policies.csv is in subjects.csv.",
    needs=frozenset({"subjects"}),
    borrowed="warning",
)
def subject_is_known(record: Record, rows: Rows) -> Iterator[Violation]:
    subjects = record.subjects.frame
    identities = pd.MultiIndex.from_frame(rows.frame[list(IDENTITY)])
    known = identities.isin(pd.MultiIndex.from_frame(subjects[list(IDENTITY)]))
    holders = dict(zip(subjects["subject_key"], subjects["subject_type"], strict=True))
    for row in np.flatnonzero(~identities.duplicated() & ~known).tolist():
        subject, kind, key = (
            rows.text(row, column) for column in ("subject", "subject_type", "subject_key")
        )
        wrong = unfit(key, kind, subject)
        if not wrong and holders.get(key, kind) != kind:
            wrong = f"has the key {key!r}, as another subject has: use a name that tells them apart"
        holders[key] = ""  # another spelling of it in this file is no subject of its own
        said = wrong or "is not in subjects.csv: add it, or spell it as there"
        message = f"{_named(rows, row)} {said}"
        yield Violation(row, "subject", subject, message, "error" if wrong else None)


@Check("R071", "error", "Each subject stands once in subjects.csv.", table="subjects")
def subject_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        rows.frame.duplicated(list(IDENTITY)).to_numpy(),
        "subject",
        lambda row: f"{_named(rows, row)} stands twice: join the rows",
    )


@Check(
    "R072",
    "error",
    "Each subject has a key of its own, made of its name, that can name a file.",
    table="subjects",
)
def key_is_its_own(record: Record, rows: Rows) -> Iterator[Violation]:
    keys = rows.frame["subject_key"]
    first = {key: row for row, key in reversed([*enumerate(keys.tolist())])}

    def same(row: int) -> str:
        key = rows.text(row, "subject_key")
        return (
            f"{_named(rows, row)} has the same key {brief(key)!r} as"
            f" {_named(rows, first[key])}: give it the longer name that tells them apart"
        )

    again = keys.duplicated() & ~rows.frame.duplicated(list(IDENTITY))
    yield from rows.violations(again.to_numpy(), "subject", same)
    identity = rows.frame[["subject_key", "subject_type", "subject"]]
    for row, (key, kind, subject) in enumerate(identity.itertuples(index=False)):
        if wrong := unfit(key, kind, subject):
            yield Violation(row, "subject", subject, wrong)


@Check(
    "R073",
    "error",
    "`within` names other subjects of the same country and region, below the state.",
    table="subjects",
)
def within_is_known(record: Record, rows: Rows) -> Iterator[Violation]:
    inside = rows.has("subject_type", *_INSIDE)
    known = pd.MultiIndex.from_frame(rows.frame.loc[inside, ["country", "region", "subject"]])
    links = rows.words("within")
    links = links[inside[links["row"].to_numpy()]]
    holders = rows.frame.iloc[links["row"].to_numpy()]
    named = pd.MultiIndex.from_arrays([holders["country"], holders["region"], links["word"]])
    # a city may lie in a county of its name, never in itself
    itself = holders["subject"].to_numpy() == links["word"].to_numpy()
    itself &= ~np.asarray(named.isin(known[known.duplicated()]))
    wrong = links[itself | ~named.isin(known)]
    for row, word in zip(wrong["row"].tolist(), wrong["word"].tolist(), strict=True):
        region = rows.text(row, "region") or rows.text(row, "country") or "no country"
        message = (
            f"{_named(rows, row)} lies in {brief(word)!r}, which is no other city, county,"
            f" agency or school of {region}: add it as a subject, or correct the name"
        )
        yield Violation(row, "within", word, message)


@Check("R074", "error", "Only places below the state lie `within` others.", table="subjects")
def within_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        ~rows.has("subject_type", *_INSIDE) & ~rows.empty("within"),
        "within",
        "leave it empty: a {subject_type} lies in no city or county",
    )


@Check("R075", "error", "A city, an agency or a school has coordinates.", table="subjects")
def place_has_a_point(record: Record, rows: Rows) -> Iterator[Violation]:
    federal = rows.has("subject_type", "agency") & rows.empty("region") & rows.empty("within")
    located = rows.has("subject_type", *LOCATED_TYPES) & ~federal
    for column in ("latitude", "longitude"):
        yield from rows.violations(
            located & rows.empty(column),
            column,
            lambda row: f"{_named(rows, row)} needs latitude and longitude: it is drawn as a point",
        )


@Check("R076", "error", "Coordinates come as a pair.", table="subjects")
def point_is_whole(record: Record, rows: Rows) -> Iterator[Violation]:
    half = rows.empty("latitude") != rows.empty("longitude")
    half &= ~rows.has("subject_type", *LOCATED_TYPES)
    for column in ("latitude", "longitude"):
        yield from rows.violations(
            half & rows.empty(column),
            column,
            lambda row: f"{_named(rows, row)} has one coordinate only: give both or none",
        )


COAST_METRES: Final = 15_000
"""How far outside a coarse coast a harbour or an island town may lie."""

_EARTH_METRES = 6_371_008.8


def metres_outside(subjects: pd.DataFrame) -> npt.NDArray[np.float64]:
    """How far each subject lies outside its state (US) or country; 0 inside.

    NaN where it has no point, or no outline to hold it against (small states are not in the
    boundary files). Distances on a sphere, to about 1 %, however far.
    """
    import shapely

    metres = np.full(len(subjects), np.nan)
    nowhere = subjects["subject_type"].isin(["vendor", "company", "supranational"])
    placed = subjects["latitude"].notna() & subjects["longitude"].notna() & ~nowhere
    outlines = _outlines(subjects.loc[placed, "region"])
    code = subjects["region"].where(subjects["region"].isin(outlines.index), subjects["country"])
    rows = np.flatnonzero(placed & code.isin(outlines.index))
    shapes = outlines.reindex(code.iloc[rows]).to_numpy()
    points = subjects[["longitude", "latitude"]].to_numpy()[rows]
    inside = shapely.intersects(shapes, shapely.points(points))
    metres[rows] = [
        0.0 if within else _metres_between(point, shape)
        for within, point, shape in zip(inside, points, shapes, strict=True)
    ]
    return metres


def _outlines(regions: pd.Series) -> pd.Series:
    """ISO code -> outline: US states, and countries where some region is none of these."""
    from frtracker.outlines import load

    states = load("states")
    levels = [states] if regions.isin(states["code"]).all() else [states, load("countries")]
    return pd.concat([pd.Series(level.geometry.array, level["code"]) for level in levels])


def _metres_between(point: npt.NDArray[np.float64], shape: Any) -> float:
    """From a point to the outline of ``shape``, over the globe."""
    import shapely
    from pyproj import Proj

    # Distances from the middle of an azimuthal equidistant map are those on the globe.
    globe = Proj(proj="aeqd", lon_0=point[0], lat_0=point[1], R=_EARTH_METRES)
    outline = shapely.segmentize(shapely.boundary(shape), 1.0)
    mapped = shapely.transform(outline, lambda points: np.column_stack(globe(*points.T)))
    return float(shapely.distance(mapped, shapely.Point(0.0, 0.0)))


@Check(
    "R077",
    "error",
    "A point lies in its state or country (up to 15 km off a coarse coast is a warning).",
    table="subjects",
    outlines=True,
)
def point_inside(record: Record, rows: Rows) -> Iterator[Violation]:
    metres = metres_outside(rows.frame)
    for row in np.flatnonzero(metres > 0).tolist():
        latitude, longitude = rows.frame[["latitude", "longitude"]].iloc[row]
        region, country = rows.text(row, "region"), rows.text(row, "country")
        coast = metres[row] <= COAST_METRES
        message = (
            f"{brief(rows.text(row, 'subject'))} at {latitude:g}, {longitude:g} lies"
            f" {metres[row] / 1000:,.1f} km outside"
            f" {region if country == 'US' and region else country}: "
        ) + (
            "right only if our coastline is too coarse here"
            if coast
            else "correct the coordinates (west and south are negative)"
        )
        yield Violation(row, "latitude", f"{latitude:g}", message, "warning" if coast else None)
