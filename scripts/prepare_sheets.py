"""Prepare the outlines that are drawn, once, from two npm packages.

    npm pack us-atlas@3.0.1 world-atlas@2.0.2     # unpack both into FOLDER/<name>/
    python scripts/prepare_sheets.py FOLDER

Needs what ``prepare_boundaries.py`` needs. The same input gives the same bytes. What is done and
why is in ``src/frtracker/outlines/PROVENANCE.md``.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
import topojson

from frtracker.sheets import SHEETS, Frame, Sheet
from prepare_boundaries import STATES, countries, mended, polygons

TARGET: Final = Path(__file__).parents[1] / "src" / "frtracker" / "sheets"
STEP: Final = 0.05
"""Coordinates are whole steps of this many units: 1 km on the sheets of the United States and
Europe, 5 km on that of the world."""
DETAIL: Final = {"us": 0.08, "world": 0.13, "europe": 0.14, "enlarged": 0.2, "inset": 0.15}
"""Units: triangles of this size (their root) are left out of a line."""
ISLET: Final = {"us": 0.5, "world": 0.25, "europe": 0.6, "enlarged": 0.4, "inset": 0.2}
"""Square units: smaller islands are left out, unless a shape has nothing larger."""
SEGMENT_DEGREES: Final = 0.5
"""Straight lines of the globe, such as the 49th parallel, are bent: so they get points between."""


def states(atlas: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_file(atlas, layer="states")
    frame["code"] = [f"US-{STATES[number]}" for number in frame.id]
    shapes = [mended(shape, name) for shape, name in zip(frame.geometry, frame.name, strict=True)]
    return frame.assign(geometry=shapes)[["code", "name", "geometry"]]


def projected(shapes: gpd.GeoDataFrame, frame: Frame) -> gpd.GeoDataFrame:
    """The shapes in a frame of a sheet."""

    def place(degrees: np.ndarray) -> np.ndarray:
        return frame.place(degrees[:, 0], degrees[:, 1])

    bent = shapely.segmentize(shapes.geometry.to_numpy(), SEGMENT_DEGREES)
    return shapes.assign(geometry=shapely.transform(bent, place))


def drawn(shapes: gpd.GeoDataFrame, kind: str, clip: tuple[float, ...] = ()) -> gpd.GeoDataFrame:
    """The shapes as simple as they are drawn, neighbors still meeting."""
    valid = shapely.make_valid(shapes.geometry.to_numpy())
    if clip:
        valid = shapely.intersection(valid, shapely.box(*clip))
    whole = [_without_islets(polygons(shape), ISLET[kind]) for shape in valid]
    simple = shapely.coverage_simplify(whole, DETAIL[kind])
    shapes = shapes.assign(geometry=simple)
    return shapes[~shapes.geometry.is_empty]


def _without_islets(shape: shapely.MultiPolygon, smallest: float) -> shapely.MultiPolygon:
    parts = sorted(shape.geoms, key=shapely.area, reverse=True)
    return shapely.multipolygons([*parts[:1], *(p for p in parts[1:] if p.area >= smallest)])


def steps(arc: list[list[float]]) -> list[list[int]]:
    """An arc as its first grid point and then the step to each next one."""
    grid = [(round(x / STEP), round(y / STEP)) for x, y in arc]
    moves = [(x - u, y - v) for (u, v), (x, y) in pairwise(grid)]
    moves = [move for move in moves if move != (0, 0)] or [(0, 0)]
    return [list(point) for point in (grid[0], *moves)]


def topology(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """TopoJSON of one sheet. Each geometry has its ``code``, ``name`` and, ``at``, a point well
    inside its largest part, for a mark or a label."""
    source = topojson.Topology(
        list(layers.values()), prequantize=False, object_name=list(layers)
    ).to_dict()
    objects = {}
    for name, frame in layers.items():
        geometries = source["objects"][name]["geometries"]
        for geometry, row in zip(geometries, frame.itertuples(), strict=True):
            largest = max(shapely.get_parts(polygons(row.geometry)), key=shapely.area)
            x, y = shapely.maximum_inscribed_circle(largest, tolerance=0.05).coords[0]
            geometry.pop("id", None)
            geometry["properties"] = {
                "code": row.code, "name": row.name, "at": [round(x, 2), round(y, 2)],
            }  # fmt: skip
        objects[name] = {"type": "GeometryCollection", "geometries": geometries}
    return {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [0, 0]},
        "objects": objects,
        "arcs": [steps(arc) for arc in source["arcs"]],
    }


def united_states(sheet: Sheet, shapes: gpd.GeoDataFrame) -> dict[str, Any]:
    main, *insets = sheet.frames
    elsewhere = {code for frame in insets for code in frame.regions}
    parts = [drawn(projected(shapes[~shapes.code.isin(elsewhere)], main), "us")]
    for frame in insets:
        inside = shapes[shapes.code.isin(frame.regions)]
        parts.append(drawn(projected(inside, frame), "inset", frame.box))
    whole = gpd.GeoDataFrame(gpd.pd.concat(parts, ignore_index=True)).sort_values("code")
    assert sheet.enlarged
    near = shapes[shapes.code.isin(sheet.enlarged.regions)]
    enlarged = drawn(projected(near, sheet.enlarged), "enlarged")
    return topology({"states": whole, "enlarged": enlarged.sort_values("code")})


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: prepare_sheets.py FOLDER (holds us-atlas/ and world-atlas/)")
    folder = Path(sys.argv[1])
    parts = states(folder / "us-atlas" / "states-10m.json")
    lands = countries(folder / "world-atlas" / "countries-50m.json", simplify=0.02)
    lands = lands[["code", "name", "geometry"]]
    world, europe = SHEETS["world"], SHEETS["europe"]
    apart = lands[lands.code != "US"]
    near = lands[shapely.intersects(lands.geometry, shapely.box(-32, 30, 60, 80))]
    made = {
        "us": united_states(SHEETS["us"], parts),
        "world": topology(
            {
                "countries": drawn(projected(apart, world.frames[0]), "world"),
                "states": drawn(projected(parts, world.frames[0]), "world"),
            }
        ),
        "europe": topology(
            {"countries": drawn(projected(near, europe.frames[0]), "europe", europe.box)}
        ),
    }
    for name, each in made.items():
        target = TARGET / f"{name}.json"
        text = json.dumps(each, ensure_ascii=False, separators=(",", ":"))
        target.write_text(text + "\n", encoding="utf-8", newline="\n")
        counts = {layer: len(it["geometries"]) for layer, it in each["objects"].items()}
        print(f"{target.name}: {counts}, {target.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
