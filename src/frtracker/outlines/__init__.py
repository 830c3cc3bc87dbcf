"""Outlines of countries, US states and US counties, shipped with the package.

The files are TopoJSON, made once by ``scripts/prepare_boundaries.py``: each border is
stored once, so neighbours share it. PROVENANCE.md says where they come from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd
    from shapely import MultiPolygon, Polygon

Numbers = npt.NDArray[np.float64]
Level = Literal["countries", "states", "counties"]
_COLUMNS: Final[Mapping[Level, tuple[str, ...]]] = {
    "countries": ("code", "name"),
    "states": ("code", "geoid", "name"),
    "counties": ("geoid", "name", "region"),
}
LEVELS: Final = tuple(_COLUMNS)
KEYS: Final = {level: columns[0] for level, columns in _COLUMNS.items()}
"""For each level, the property that names a shape, unique in it."""


@cache
def load(level: Level) -> pd.DataFrame:
    """The shapes of one level, decoded once and not to be changed, sorted by their key: columns of
    text, none empty, and ``geometry``, of valid shapely (multi)polygons in degrees, longitude first
    (WGS 84). ``code``: ISO 3166-1 alpha-2 and XK, or ``US-CA``, DC and the five territories too;
    ``geoid``: 2 digits of a state, 5 of a county; its ``name`` is without the word "County";
    ``region``: ``US-CA``. Raises ``ValueError`` for another level."""
    import pandas as pd
    import shapely

    if level not in KEYS:
        raise ValueError(f"boundaries: {level!r} is not one of {', '.join(KEYS)}")
    source = topology(level)
    lines, layer = arcs(source), source["objects"][level]["geometries"]
    shapes = np.array([_shape(it, lines) for it in layer])
    for broken in np.flatnonzero(~shapely.is_valid(shapes)):
        # mending may leave stray lines, which cover nothing
        parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shapes[broken])))
        shapes[broken] = shapely.multipolygons([it for it in parts if it.geom_type == "Polygon"])
    frame = pd.DataFrame([it["properties"] for it in layer], columns=_COLUMNS[level], dtype="str")
    frame["geometry"] = shapes
    return frame.sort_values(KEYS[level], ignore_index=True)


def _shape(geometry: Mapping[str, Any], lines: Sequence[Numbers]) -> MultiPolygon | Polygon:
    """A geometry of TopoJSON, of the points of all arcs. Rings that the grid made a point or a line
    are left out: they cover nothing."""
    from shapely import MultiPolygon, Polygon

    def polygon(numbers: Iterable[Iterable[int]]) -> Polygon:
        outer, *holes = (ring(each) for each in numbers)
        return Polygon(outer, [it for it in holes if len(it) > 3]) if len(outer) > 3 else Polygon()

    def ring(numbers: Iterable[int]) -> Numbers:
        # TopoJSON writes arc n, walked backwards, as ~n; each begins where the last one ended
        walked = (lines[n] if n >= 0 else lines[~n][::-1] for n in numbers)
        return np.concatenate([arc[at > 0 :] for at, arc in enumerate(walked)])

    if geometry["type"] == "Polygon":
        return polygon(geometry["arcs"])
    return MultiPolygon([part for part in map(polygon, geometry["arcs"]) if part])


def arcs(source: Mapping[str, Any]) -> list[Numbers]:
    """The points (n, 2) of each arc of a topology."""
    grid = source["transform"]
    steps = (np.cumsum(np.array(arc), axis=0) for arc in source["arcs"])
    return [points * grid["scale"] + grid["translate"] for points in steps]


@cache
def topology(level: Level) -> Mapping[str, Any]:
    """The shapes of one level as TopoJSON, read once and not to be changed. Each geometry has its
    key and name under ``properties``, countries and states also ``lon`` and ``lat`` of a point well
    inside."""
    shapes: dict[str, Any] = json.loads((files(__name__) / f"{level}.json").read_bytes())
    return shapes


@cache
def names(level: Level) -> Mapping[str, str]:
    """The names of all shapes of one level, by their key."""
    shapes = topology(level)["objects"][level]["geometries"]
    return {it["properties"][KEYS[level]]: it["properties"]["name"] for it in shapes}


def kept(source: Mapping[str, Any], level: Level, keep: Collection[str]) -> dict[str, Any]:
    """Only the shapes in ``keep`` of what :func:`topology` gave, and their arcs."""
    layer = source["objects"][level]
    shapes = [it for it in layer["geometries"] if it["properties"][KEYS[level]] in keep]
    used: set[int] = set()
    _each([shape["arcs"] for shape in shapes], lambda arc: used.add(max(arc, ~arc)))
    numbers = {old: new for new, old in enumerate(sorted(used))}
    numbers |= {~old: ~new for old, new in numbers.items()}
    shapes = [{**shape, "arcs": _each(shape["arcs"], numbers.__getitem__)} for shape in shapes]
    objects = {**source["objects"], level: {**layer, "geometries": shapes}}
    return {**source, "objects": objects, "arcs": [source["arcs"][arc] for arc in sorted(used)]}


def _each(nested: Any, change: Callable[[int], Any]) -> Any:
    """The nested lists with every number changed."""
    if isinstance(nested, list):
        return [_each(item, change) for item in nested]
    return change(nested)
