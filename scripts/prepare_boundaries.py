"""Prepare the boundaries that frtracker ships, once, from two npm packages.

    npm pack us-atlas@3.0.1 world-atlas@2.0.2     # unpack both into FOLDER/<name>/
    python scripts/prepare_boundaries.py FOLDER

Needs, beside geopandas, ``antimeridian``, ``pycountry`` and ``topojson``. The same
input gives the same bytes. What is done and why stands in
``src/frtracker/outlines/PROVENANCE.md``.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import antimeridian
import geopandas as gpd
import pycountry
import shapely
import topojson

TARGET = Path(__file__).parents[1] / "src" / "frtracker" / "outlines"

SIMPLIFY_DEGREES = 0.20
"""Detail that is lost: about two pixels when Europe fills a screen."""
STEP = 0.01
"""Coordinates are whole steps of this many degrees, about a kilometre."""
ISLET_SQUARE_DEGREES = 0.05
"""Smaller islands than this are left out, unless a country has nothing larger."""

JOINED = {"N. Cyprus": "CY", "Somaliland": "SO", "Kosovo": "XK"}
"""Shapes without an ISO number. ISO 3166 knows no country of the first two names."""
US_TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Countries and subdivisions at once in ISO 3166; the data use the subdivision."""
LEFT_OUT = frozenset({"Antarctica", "Indian Ocean Ter.", "Siachen Glacier"})
COLLAPSED = frozenset({"51610"})
"""Falls Church, Virginia: at this resolution a line without a surface."""
MOVED = (
    ("RU", "UA", shapely.box(32.0, 44.2, 36.58, 46.3)),
    ("MA", "EH", shapely.box(-17.2, 20.7, -8.66, 27.667)),
)
"""From, to, where: Natural Earth draws de facto control. ISO 3166-2 counts Crimea as UA-43;
ISO 3166-1 has Western Sahara as EH, whose northern border runs at 27 degrees 40 minutes."""
NAMES = {
    "AX": "Åland",
    "BA": "Bosnia and Herzegovina",
    "CD": "DR Congo",
    "FO": "Faroe Islands",
    "GS": "South Georgia",
    "MK": "North Macedonia",
    "SZ": "Eswatini",
    "TR": "Türkiye",
    "US": "United States",
    "VG": "British Virgin Islands",
    "XK": "Kosovo",
}

CENSUS_NUMBERS = (
    "01-AL 02-AK 04-AZ 05-AR 06-CA 08-CO 09-CT 10-DE 11-DC 12-FL 13-GA 15-HI 16-ID 17-IL 18-IN "
    "19-IA 20-KS 21-KY 22-LA 23-ME 24-MD 25-MA 26-MI 27-MN 28-MS 29-MO 30-MT 31-NE 32-NV 33-NH "
    "34-NJ 35-NM 36-NY 37-NC 38-ND 39-OH 40-OK 41-OR 42-PA 44-RI 45-SC 46-SD 47-TN 48-TX 49-UT "
    "50-VT 51-VA 53-WA 54-WV 55-WI 56-WY 60-AS 66-GU 69-MP 72-PR 78-VI"
)
STATES = dict(pair.split("-") for pair in CENSUS_NUMBERS.split())
"""Census number of a state -> the second half of its ISO 3166-2 code."""


def polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Only the polygons of a shape: mending one may leave stray lines beside them."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    return shapely.multipolygons([part for part in parts if part.geom_type == "Polygon"])


def country_code(number: str | None, name: str) -> str:
    if name in JOINED:
        return JOINED[name]
    country = pycountry.countries.get(numeric=number)
    if country is None:
        raise SystemExit(f"countries: {name}: no ISO 3166 country has the number {number!r}")
    code: str = country.alpha_2
    return "US" if code in US_TERRITORIES else code


def country_name(code: str, name: str) -> str:
    """Natural Earth's name, in full where it is an abbreviation."""
    if code in NAMES:
        return NAMES[code]
    return str(pycountry.countries.get(alpha_2=code).name) if "." in name else name


def mended(shape: shapely.Geometry, name: str) -> shapely.MultiPolygon:
    if name in {"Russia", "Fiji"}:  # Drawn over the 180th meridian: cut there.
        shape = shapely.geometry.shape(antimeridian.fix_shape(shape, fix_winding=True))
    return polygons(shapely.make_valid(shape))


def without_islets(shape: shapely.MultiPolygon) -> shapely.MultiPolygon:
    largest, *others = sorted(shape.geoms, key=shapely.area, reverse=True)
    return shapely.multipolygons([largest, *(p for p in others if p.area >= ISLET_SQUARE_DEGREES)])


def label_point(shape: shapely.MultiPolygon) -> tuple[float, float]:
    """Longitude and latitude well inside the largest part, for a mark or a label."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    centre = shapely.maximum_inscribed_circle(largest, tolerance=0.01).coords[0]
    return round(centre[0], 2), round(centre[1], 2)


def countries(atlas: Path, simplify: float = SIMPLIFY_DEGREES) -> gpd.GeoDataFrame:
    frame = gpd.read_file(atlas, layer="countries")
    frame = frame[~frame.name.isin(LEFT_OUT)]
    frame["geometry"] = [mended(*pair) for pair in zip(frame.geometry, frame.name, strict=True)]
    frame["code"] = [country_code(*pair) for pair in zip(frame.id, frame.name, strict=True)]
    frame["area"] = frame.geometry.area
    largest = frame.sort_values("area").drop_duplicates("code", keep="last")
    names = largest.set_index("code").name
    frame = frame.dissolve("code")[["geometry"]]
    for giver, taker, area in MOVED:
        moved = frame.geometry[giver].intersection(area)
        frame.loc[giver, "geometry"] = frame.geometry[giver].difference(area)
        frame.loc[taker, "geometry"] = frame.geometry[taker].union(moved)
    frame["name"] = [country_name(code, names[code]) for code in frame.index]
    whole = [without_islets(polygons(shape)) for shape in frame.geometry]
    frame["geometry"] = shapely.coverage_simplify(whole, simplify)
    return frame.reset_index()


def steps(arc: list[list[float]]) -> list[list[int]]:
    """An arc as its first grid point and then the step to each next one."""
    grid = [(round((x + 180) / STEP), round((y + 90) / STEP)) for x, y in arc]
    moves = [(x - u, y - v) for (u, v), (x, y) in pairwise(grid)]
    moves = [move for move in moves if move != (0, 0)] or [(0, 0)]
    return [list(point) for point in (grid[0], *moves)]


def topology(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """The countries as TopoJSON: each border once, as steps on a grid."""
    source = topojson.Topology(
        frame[["code", "name", "geometry"]], prequantize=False, object_name="countries"
    ).to_dict()
    geometries = source["objects"]["countries"]["geometries"]
    for geometry, shape in zip(geometries, frame.geometry, strict=True):
        geometry.pop("id", None)
        geometry["properties"]["lon"], geometry["properties"]["lat"] = label_point(polygons(shape))
    return {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [-180, -90]},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [steps(arc) for arc in source["arcs"]],
    }


def one_level(atlas: Path, level: str) -> dict[str, Any]:
    """One layer of a TopoJSON file, untouched; other layers of it add no arc of their own."""
    source = json.loads(atlas.read_text(encoding="utf-8"))
    result = {key: source[key] for key in ("type", "transform")}
    geometries = sorted(source["objects"][level]["geometries"], key=lambda each: each["id"])
    result["objects"] = {level: {"type": "GeometryCollection", "geometries": geometries}}
    result["arcs"] = source["arcs"]
    return result


def us_states(atlas: Path) -> dict[str, Any]:
    result = one_level(atlas, "states")
    shapes = gpd.read_file(atlas, layer="states").set_index("id").geometry
    for geometry in result["objects"]["states"]["geometries"]:
        geoid = geometry.pop("id")
        lon, lat = label_point(polygons(shapely.make_valid(shapes[geoid])))
        name = geometry["properties"]["name"]
        code = f"US-{STATES[geoid]}"
        geometry["properties"] = {
            "code": code, "geoid": geoid, "name": name, "lon": lon, "lat": lat,
        }  # fmt: skip
    return result


def us_counties(atlas: Path) -> dict[str, Any]:
    result = one_level(atlas, "counties")
    geometries = result["objects"]["counties"]["geometries"]
    geometries[:] = [each for each in geometries if each["id"] not in COLLAPSED]
    for geometry in geometries:
        geoid = geometry.pop("id")
        name = geometry["properties"]["name"]
        region = f"US-{STATES[geoid[:2]]}"
        geometry["properties"] = {"geoid": geoid, "name": name, "region": region}
    return result


def write(name: str, result: dict[str, Any]) -> None:
    target = TARGET / f"{name}.json"
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8", newline="\n")
    count = len(result["objects"][name]["geometries"])
    print(f"{target.name}: {count} shapes, {target.stat().st_size / 1000:.0f} KB")


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: prepare_boundaries.py FOLDER (holds us-atlas/ and world-atlas/)")
    folder = Path(sys.argv[1])
    write("countries", topology(countries(folder / "world-atlas" / "countries-50m.json")))
    write("states", us_states(folder / "us-atlas" / "states-10m.json"))
    write("counties", us_counties(folder / "us-atlas" / "counties-10m.json"))


if __name__ == "__main__":
    main()
