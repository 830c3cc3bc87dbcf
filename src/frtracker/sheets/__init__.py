"""Sheets: outlines as they are drawn, projected when they were prepared, side by side on one plane.

- ``us``: states and territories in Albers' equal-area projection, Alaska, Hawaii and the other
  islands as insets in their own scales, the small states of the north-east once more, enlarged
- ``world``: countries, and states of the United States, in the Equal Earth projection
- ``europe``: countries in Lambert's azimuthal equal-area projection

The plane has y up; one unit is 20 km on ``us`` and ``europe``, 100 km on ``world``, so that each is
about as wide. :func:`points` gives the place of any point on a sheet, with the formulas by which
``scripts/prepare_sheets.py`` made the outlines. Projections are of a sphere, after Snyder, *Map
Projections: A Working Manual* (1987), and Šavrič, Patterson and Jenny, *The Equal Earth map
projection* (2019).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from frtracker.outlines import Numbers as Numbers
from frtracker.outlines import arcs

Projection = Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
Name = Literal["us", "world", "europe"]

RADIUS: Final = 6371.007
"""Of the sphere with the surface of the earth, in km."""


def _albers(lon_0: float, lat_0: float, lat_1: float, lat_2: float) -> Projection:
    """Snyder, page 100."""
    phi_0, phi_1, phi_2 = np.radians([lat_0, lat_1, lat_2])
    n = (np.sin(phi_1) + np.sin(phi_2)) / 2
    c = np.cos(phi_1) ** 2 + 2 * n * np.sin(phi_1)
    rho_0 = np.sqrt(c - 2 * n * np.sin(phi_0)) / n

    def project(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
        rho = np.sqrt(c - 2 * n * np.sin(np.radians(lat))) / n
        theta = n * np.radians(_around(lon - lon_0))
        return RADIUS * rho * np.sin(theta), RADIUS * (rho_0 - rho * np.cos(theta))

    return project


def _azimuthal(lon_0: float, lat_0: float) -> Projection:
    """Snyder, page 185."""
    phi_0 = np.radians(lat_0)

    def project(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
        phi, turn = np.radians(lat), np.radians(_around(lon - lon_0))
        height = np.sin(phi_0) * np.sin(phi) + np.cos(phi_0) * np.cos(phi) * np.cos(turn)
        k = RADIUS * np.sqrt(2 / (1 + height))
        y = np.cos(phi_0) * np.sin(phi) - np.sin(phi_0) * np.cos(phi) * np.cos(turn)
        return k * np.cos(phi) * np.sin(turn), k * y

    return project


def _equal_earth(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    a = 1.340264, -0.081106, 0.000893, 0.003796
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(lat)))
    two, six = theta**2, theta**6
    slope = 9 * a[3] * six * two + 7 * a[2] * six + 3 * a[1] * two + a[0]
    x = 2 * np.sqrt(3) * np.radians(lon) * np.cos(theta) / (3 * slope)
    y = theta * (a[3] * six * two + a[2] * six + a[1] * two + a[0])
    return RADIUS * x, RADIUS * y


def _around(degrees: Numbers) -> Numbers:
    """The same angle between -180 and 180 degrees."""
    turned: Numbers = (degrees + 180) % 360 - 180
    return turned


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a sheet. ``scale``: units for each km; ``shift``: where on the plane the origin of
    its projection is; ``box``: its corners on the plane, drawn if it has a ``title``; ``regions``:
    whose places are in it, of the first frame all others."""

    project: Projection
    scale: float
    shift: tuple[float, float]
    box: Box
    title: str = ""
    regions: frozenset[str] = frozenset()

    def place(self, lon: Numbers, lat: Numbers) -> Numbers:
        x, y = self.project(lon, lat)
        return np.column_stack([x * self.scale + self.shift[0], y * self.scale + self.shift[1]])


@dataclass(frozen=True, slots=True)
class Sheet:
    """``frames``: the main one first. ``enlarged``: a frame that shows places a second time."""

    title: str
    box: Box
    frames: tuple[Frame, ...]
    enlarged: Frame | None = field(default=None)


_US: Final = _albers(-96, 37.5, 29.5, 45.5)
_KM: Final = 1 / 20


def _inset(
    project: Projection, scale: float, shift: tuple[float, float], box: Box, title: str, codes: str
) -> Frame:
    regions = frozenset(f"US-{code}" for code in codes.split())
    return Frame(project, _KM * scale, shift, box, title, regions)


SHEETS: Final[Mapping[Name, Sheet]] = {
    "us": Sheet(
        "United States",
        (-120.0, -86.0, 138.0, 80.0),
        (
            Frame(_US, _KM, (0.0, 0.0), (-120.0, -70.0, 115.0, 80.0)),
            _inset(
                _albers(-154, 50, 55, 65), 0.35, (-85.5, -84.0), (-119.0, -85.0, -52.0, -43.0),
                "Alaska", "AK",
            ),
            _inset(
                _albers(-157.5, 20.5, 19, 22), 1.0, (-36.0, -75.5), (-51.0, -85.0, -19.0, -63.0),
                "Hawaii", "HI",
            ),
            _inset(
                _albers(-66, 18.2, 17.8, 18.5), 2.0, (46.0, -79.0), (30.0, -85.0, 62.0, -71.0),
                "Puerto Rico, USVI", "PR VI",
            ),
            _inset(
                _albers(145.2, 14.3, 13.2, 15.2), 1.0, (6.0, -80.0), (-4.0, -85.0, 13.0, -71.0),
                "Guam, N.M.I.", "GU MP",
            ),
            _inset(
                _albers(-170.2, -14.25, -14.4, -14.1), 2.0, (21.5, -78.0),
                (14.0, -85.0, 29.0, -71.0), "Am. Samoa", "AS",
            ),
        ),
        _inset(
            _albers(-71.7, 42.0, 41.2, 42.8), 2.6, (116.0, -5.0), (94.5, -24.0, 137.0, 14.0),
            "Enlarged: MA, RI, CT", "MA RI CT",
        ),
    ),
    "world": Sheet(
        "World",
        (828.0, -72.0, 1172.0, 84.0),
        (Frame(_equal_earth, 1 / 100, (1000.0, 0.0), (828.0, -72.0, 1172.0, 84.0)),),
    ),
    "europe": Sheet(
        "Europe",
        (1865.0, -100.0, 2125.0, 108.0),
        (Frame(_azimuthal(11, 52), _KM, (2000.0, 0.0), (1865.0, -100.0, 2125.0, 108.0)),),
    ),
}  # fmt: skip


def points(
    name: Name, lon: npt.ArrayLike, lat: npt.ArrayLike, regions: Iterable[str] = ()
) -> Numbers:
    """Where points lie on a sheet: shape (n, 2), in units of the plane. ``regions``: of each the
    ISO 3166-2 code, which says in which inset it is; without them all are in the main frame."""
    east, north = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    main, *insets = SHEETS[name].frames
    placed = main.place(east, north)
    codes = np.array(list(regions))
    for frame in insets if len(codes) else ():
        here = np.isin(codes, list(frame.regions))
        placed[here] = frame.place(east[here], north[here])
    return placed


@cache
def topology(name: Name) -> Mapping[str, Any]:
    """The outlines of a sheet as TopoJSON, read once and not to be changed: objects ``states``,
    ``countries`` and ``enlarged``, each geometry with its ``code``, ``name`` and ``at``, a
    point well inside it, on the plane."""
    shapes: dict[str, Any] = json.loads((files(__name__) / f"{name}.json").read_bytes())
    return shapes


def with_counties(source: Mapping[str, Any], counties: Mapping[str, Any]) -> dict[str, Any]:
    """The topology of the sheet ``us`` with a layer ``counties`` more: those in a TopoJSON of
    degrees, as :func:`frtracker.outlines.kept` gives it."""
    step, lines = source["transform"]["scale"][0], arcs(counties)
    placed: dict[int, Numbers] = {}
    layer = []
    for shape in counties["objects"]["counties"]["geometries"]:
        own = shape["properties"]
        for number in {n if n >= 0 else ~n for n in _flat(shape["arcs"])}:
            lon, lat = lines[number].T
            placed[number] = points("us", lon, lat, [own["region"]] * len(lon))
        corners = np.concatenate([placed[n if n >= 0 else ~n] for n in _flat(shape["arcs"])])
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        named = {"code": own["geoid"], "name": own["name"], "at": middle.round(2).tolist()}
        moved = _renumbered(shape["arcs"], len(source["arcs"]))
        layer.append({**shape, "properties": named, "arcs": moved})
    steps = [np.round(placed[number] / step).astype(int) for number in sorted(placed)]
    added = [np.vstack([arc[:1], np.diff(arc, axis=0)]).tolist() for arc in steps]
    objects = {**source["objects"], "counties": {"geometries": layer}}
    return {**source, "objects": objects, "arcs": [*source["arcs"], *added]}


def _flat(nested: Any) -> Iterable[int]:
    for each in nested:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield each


def _renumbered(nested: Any, by: int) -> Any:
    """TopoJSON writes arc n, walked backwards, as ~n."""
    if isinstance(nested, list):
        return [_renumbered(each, by) for each in nested]
    return nested + by if nested >= 0 else nested - by


@cache
def outlines(name: Name, layer: str) -> Mapping[str, tuple[Numbers, ...]]:
    """By code the rings of each outline of a layer of a sheet, none if it has no such layer."""
    return rings_of(topology(name), layer)


def rings_of(source: Mapping[str, Any], layer: str) -> dict[str, tuple[Numbers, ...]]:
    """By code the closed rings of each outline of a layer of a topology, as arrays of points on the
    plane; a point is inside if it is in an odd number of them."""
    lines = arcs(source)

    def rings(nested: Any) -> Iterable[Numbers]:
        if isinstance(nested[0], list):
            for each in nested:
                yield from rings(each)
        else:
            yield np.concatenate([lines[n] if n >= 0 else lines[~n][::-1] for n in nested])

    shapes = source["objects"].get(layer, {"geometries": []})["geometries"]
    return {shape["properties"]["code"]: tuple(rings(shape["arcs"])) for shape in shapes}


def border(source: Mapping[str, Any], layer: str, codes: Collection[str]) -> list[Numbers]:
    """The outer border of some outlines together, as lines: what only one of them has."""
    shapes = source["objects"][layer]["geometries"]
    inside = [it["arcs"] for it in shapes if it["properties"]["code"] in codes]
    times = Counter(n if n >= 0 else ~n for n in _flat(inside))
    lines = arcs(source)
    return [lines[number] for number, count in times.items() if count == 1]


def spots(
    lon: npt.ArrayLike, lat: npt.ArrayLike, countries: Iterable[str], regions: Iterable[str]
) -> list[list[Point]]:
    """Where the marks of places are drawn: of each place the points on all sheets that show it, in
    the enlarged part too, none without coordinates. ``countries``, ``regions``: ISO 3166 codes. A
    place that the simple outline of its state or country leaves outside by a little is moved just
    into it."""
    east, north = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    country, region = np.array(list(countries)), np.array(list(regions))
    found: list[list[Point]] = [[] for _ in east]
    is_known = ~np.isnan(east)
    for name, sheet in SHEETS.items():
        placed = points(name, east, north, region)
        here = country == "US" if name == "us" else _within(placed, sheet.box)
        here &= is_known
        _add(found, placed, here & (country == "US"), region, outlines(name, "states"))
        _add(found, placed, here & (country != "US"), country, outlines(name, "countries"))
        if sheet.enlarged:
            near = is_known & np.isin(region, list(sheet.enlarged.regions))
            again = sheet.enlarged.place(east, north)
            _add(found, again, near, region, outlines(name, "enlarged"))
    return found


def clusters(placed: Sequence[Point], gap: float) -> list[list[int]]:
    """Numbers of the points that are drawn as one mark, at the place of the first: each point goes
    to the nearest mark before it, if that is nearer than ``gap``."""
    found: list[list[int]] = []
    for number, point in enumerate(placed):
        near = [math.dist(placed[own[0]], point) for own in found]
        if near and min(near) < gap:
            found[near.index(min(near))].append(number)
        else:
            found.append([number])
    return found


_NEAR: Final = 2.5
"""Units that the detail left out of an outline may take from a place on the coast."""
_TURN: Final = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_AROUND: Final = np.concatenate(
    [r * np.column_stack([np.cos(_TURN), np.sin(_TURN)]) for r in (0.15, 0.3, 0.6)]
)
"""Steps from a point of the border among which one leads inside."""


def _add(
    found: list[list[Point]],
    placed: Numbers,
    here: npt.NDArray[np.bool_],
    codes: npt.NDArray[np.str_],
    shapes: Mapping[str, tuple[Numbers, ...]],
) -> None:
    """Add the points that are ``here`` and have an outline, moved into it."""
    for code in np.unique(codes[here]):
        numbers = np.flatnonzero(here & (codes == code))
        if code in shapes:
            inside = _moved(placed[numbers], shapes[code])
        elif shapes and str(code)[:2] != "US":
            inside = placed[numbers]
        else:
            continue
        for number, (x, y) in zip(numbers, inside.round(2).tolist(), strict=True):
            found[number].append((x, y))


def _within(placed: Numbers, box: Box) -> npt.NDArray[np.bool_]:
    x, y = placed.T
    inside: npt.NDArray[np.bool_] = (box[0] <= x) & (x <= box[2]) & (box[1] <= y) & (y <= box[3])
    return inside


def is_inside(placed: Numbers, rings: Iterable[Numbers]) -> npt.NDArray[np.bool_]:
    """Which points (n, 2) are inside the rings, by the even-odd rule."""
    inside = np.zeros(len(placed), dtype=bool)
    x, y = placed[:, 0, None], placed[:, 1, None]
    for ring in rings:
        (x_1, y_1), (x_2, y_2) = ring[:-1].T, ring[1:].T
        crosses = (y_1 > y) != (y_2 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (x_2 - x_1) * (y - y_1) / (y_2 - y_1) + x_1
        inside ^= np.count_nonzero(crosses & (x < at), axis=1) % 2 == 1
    return inside


def _moved(placed: Numbers, rings: tuple[Numbers, ...]) -> Numbers:
    """The points, those just outside moved to where the border is nearest, and just over it."""
    moved = placed.copy()
    for number in np.flatnonzero(~is_inside(placed, rings)):
        nearest = min((_nearest(placed[number], ring) for ring in rings), key=_first)
        distance, spot = nearest
        if distance <= _NEAR:
            tries = spot + _AROUND
            moved[number] = np.vstack([tries[is_inside(tries, rings)], placed[number]])[0]
    return moved


def _first(pair: tuple[float, Numbers]) -> float:
    return pair[0]


def _nearest(point: Numbers, ring: Numbers) -> tuple[float, Numbers]:
    """How far the border of a ring is from a point, and its nearest point."""
    begin, way = ring[:-1], np.diff(ring, axis=0)
    along = ((point - begin) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12)
    near = begin + np.clip(along, 0, 1)[:, None] * way
    distances = np.hypot(*(near - point).T)
    number = int(distances.argmin())
    return float(distances[number]), near[number]
