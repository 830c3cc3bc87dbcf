"""Rules on coordinates: a point lies in the state or country that its row names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.findings import brief
from frtracker.record.schema.frames import one_of, text_at, where
from frtracker.record.schema.rule import Draft, Hit, row_rule

COAST_METRES: Final = 15_000
"""How far outside a coarse coast a harbour or an island town may lie."""

_EARTH_METRES = 6_371_008.8
_NOWHERE = ("vendor", "company", "supranational")


def metres_outside(subjects: pd.DataFrame) -> npt.NDArray[np.float64]:
    """How far each subject lies outside its state (US) or country; 0 inside.

    NaN where it has no point, or no outline to hold it against (small states are not in the
    boundary files). Distances on a sphere, to about 1 %, however far.
    """
    found = np.full(len(subjects), np.nan)
    placed = (
        subjects["latitude"].notna()
        & subjects["longitude"].notna()
        & ~one_of(subjects, "subject_type", *_NOWHERE)
    )
    if not placed.any():
        return found
    outlines = _outlines(subjects.loc[placed, "region"])
    code = subjects["region"].where(subjects["region"].isin(outlines.index), subjects["country"])
    rows = np.flatnonzero(placed & code.isin(outlines.index))
    shapes = outlines.reindex(code.iloc[rows]).to_numpy()
    lon = subjects["longitude"].to_numpy()[rows]
    lat = subjects["latitude"].to_numpy()[rows]
    found[rows] = _distances(shapes, lon, lat)
    return found


def _outlines(regions: pd.Series) -> pd.Series:
    """ISO code -> outline: US states, and countries where some region is none of these."""
    from frtracker.outlines import load

    states = load("states")
    levels = [states] if regions.isin(states["code"]).all() else [states, load("countries")]
    return pd.concat([pd.Series(level.geometry.array, level["code"]) for level in levels])


def _distances(
    shapes: npt.NDArray[np.object_], lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    import shapely

    away = np.zeros(len(shapes))
    points = np.asarray(shapely.points(lon, lat))
    for row in where(~shapely.intersects(shapes, points)):
        away[row] = _metres_between(lon[row], lat[row], shapes[row])
    return away


def _metres_between(lon: float, lat: float, shape: Any) -> float:
    """From a point to the outline of ``shape``, over the globe."""
    import shapely
    from pyproj import Proj

    # Distances from the middle of an azimuthal equidistant map are those on the globe.
    globe = Proj(proj="aeqd", lon_0=lon, lat_0=lat, R=_EARTH_METRES)
    outline = shapely.segmentize(shapely.boundary(shape), 1.0)
    mapped = shapely.transform(outline, lambda points: np.column_stack(globe(*points.T)))
    return float(shapely.distance(mapped, shapely.Point(0.0, 0.0)))


@row_rule(
    "R077",
    "error",
    "A point lies in its state or country (up to 15 km off a coarse coast is a warning).",
    table="subjects",
)
def point_inside(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    metres = metres_outside(rows)
    latitudes, longitudes = rows["latitude"].to_numpy(), rows["longitude"].to_numpy()
    for row in where(metres > 0):
        latitude, longitude = latitudes[row], longitudes[row]
        region, country = text_at(rows, row, "region"), text_at(rows, row, "country")
        place = region if country == "US" and region else country
        coast = metres[row] <= COAST_METRES
        cure = (
            "right only if our coastline is too coarse here"
            if coast
            else "correct the coordinates (west and south are negative)"
        )
        message = (
            f"{brief(text_at(rows, row, 'subject'))} at {latitude:g}, {longitude:g} lies"
            f" {metres[row] / 1000:,.1f} km outside {place}: {cure}"
        )
        yield Hit(row, "latitude", f"{latitude:g}", message, "warning" if coast else None)


RULES: Final = (point_inside,)
