"""Outlines of countries, US states and US counties, shipped with the package.

The files are TopoJSON, made once by ``scripts/prepare_boundaries.py``: each border is
stored once, so neighbours share it. PROVENANCE.md says where they come from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Level = Literal["countries", "states", "counties"]
_COLUMNS: Final[Mapping[Level, tuple[str, ...]]] = {
    "countries": ("code", "name"),
    "states": ("code", "geoid", "name"),
    "counties": ("geoid", "name", "region"),
}
LEVELS: Final = tuple(_COLUMNS)
KEYS: Final = {level: columns[0] for level, columns in _COLUMNS.items()}
"""For each level, the property that names a shape, unique in it."""


def load(level: Level) -> GeoDataFrame:
    """The shapes of one level: valid (multi)polygons, EPSG:4326, sorted by their key; beside the
    geometry text, none empty. ``code``: ISO 3166-1 alpha-2 and XK, or ``US-CA``, DC and the five
    territories too; ``geoid``: 2 digits of a state, 5 of a county; its ``name`` is without the word
    "County"; ``region``: ``US-CA``."""
    import geopandas as gpd

    if level not in KEYS:
        raise ValueError(f"boundaries: {level!r} is not one of {', '.join(KEYS)}")
    with as_file(files(__name__) / f"{level}.json") as path:
        frame = gpd.read_file(path, layer=level)
    frame = frame.set_crs(4326)[[*_COLUMNS[level], "geometry"]]
    broken = ~frame.geometry.is_valid
    frame.loc[broken, "geometry"] = [_mended(each) for each in frame.geometry[broken]]
    return frame.sort_values(KEYS[level], ignore_index=True)


def _mended(shape: Any) -> Any:
    """Valid polygons only: mending may leave stray lines, which cover nothing."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts([shapely.make_valid(shape)]))
    return shapely.multipolygons([part for part in parts if part.geom_type == "Polygon"])


def topology(level: Level) -> dict[str, Any]:
    """The shapes of one level as TopoJSON. Each geometry has its key and name under ``properties``,
    countries and states also ``lon`` and ``lat`` of a point well inside. Needs no geopandas."""
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
    # TopoJSON writes arc n, walked backwards, as ~n
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
