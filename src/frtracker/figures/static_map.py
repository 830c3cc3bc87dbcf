"""The map of one day as a picture for an article or a report: PNG or SVG.

Categories, colours, letters and marks are those of the page. A place is coloured by its own acts,
for any actor, by its strictest position; circles are cities, schools and agencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from frtracker import boundaries
from frtracker.dates import in_words
from frtracker.figures import style
from frtracker.report import Filters, status
from frtracker.vocabulary import MEASURES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes

    from frtracker.table import Tables
    from frtracker.timeline import Timeline

AREAS: Final = ("us", "world", "both")
TITLE: Final = "Where face recognition is banned, paused or limited"

_WIDTH: Final = 8.6  # inches, as all measures of the layout
_HEAD, _FOOT = 0.62, 1.42
_HEIGHTS: Final = {"us": 4.9, "world": 4.0}
_LOWER48: Final = "EPSG:5070"
_EARTH: Final = "+proj=eqearth"  # cut where the outlines are
_INSETS: Final = (
    ("US-AK", "EPSG:3338", (0.0, 0.0, 0.2, 0.24)),
    ("US-HI", "ESRI:102007", (0.21, 0.0, 0.11, 0.12)),
)
_ISLANDS: Final = ("US-AK", "US-HI", "US-AS", "US-GU", "US-MP", "US-PR", "US-VI")
_LETTERS: Final = {code: code[0].upper() for code in MEASURES if code != "none"}
_DARK: Final = frozenset({"ban", "restriction"})
_BASES: Final = {
    "none": ({"facecolor": MEASURES["none"].colour, "hatch": "....", "edgecolor": "#a9a294"}),
    "searched": ({"facecolor": "#faf8f4", "hatch": "///", "edgecolor": "#cdc8bb"}),
    "unsearched": ({"facecolor": "#faf8f4", "edgecolor": "#cdc8bb"}),
}
_BASE_LABELS: Final = {
    "none": "acts recorded, none in force",
    "searched": "searched, nothing found",
    "unsearched": "not searched",
}
_DOT: Final = 7.4  # points: how wide a circle is

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a subject has on the day."""

    measure: str
    narrow: bool
    certain: bool
    scheduled: bool

    @property
    def patch(self) -> dict[str, Any]:
        if self.measure == "none":
            return {**_BASES["none"], "linewidth": 0.5}
        order = next(look for look in _looks() if (look.measure, look.narrow) == self.key)
        return style.patch(style.Look(not self.certain, order.order))

    @property
    def key(self) -> tuple[str, bool]:
        return self.measure, self.narrow

    @property
    def letter(self) -> str:
        return _LETTERS.get(self.measure, "") if self.certain else "?"

    @property
    def ink(self) -> str:
        is_dark = self.measure in _DARK and not self.narrow and self.certain
        return "white" if is_dark else "#16130c"


def _looks() -> Iterable[style.Look]:
    return (style.Look(False, order) for order in range(1, 11))


def picture(
    tables: Tables, timeline: Timeline, day: date, *, area: str = "both", format_name: str = "png"
) -> bytes:
    """The picture of ``day``: ``area`` is one of ``AREAS``, ``format_name`` ``png`` or ``svg``."""
    document = status(tables, timeline, day, filters=Filters(everything=True))
    held = {entry["key"]: _held(entry) for entry in document["subjects"]}
    shown = [name for name in ("us", "world") if area in (name, "both")]
    height = _HEAD + _FOOT + sum(_HEIGHTS[name] for name in shown)
    with style.settings():
        figure = Figure(figsize=(_WIDTH, height), facecolor="white")
        top = height - _HEAD
        for name in shown:
            top -= _HEIGHTS[name]
            axes = figure.add_axes(
                (0.01, top / height, 0.98, (_HEIGHTS[name] - 0.08) / height), frameon=False
            )
            (_draw_us if name == "us" else _draw_world)(figure, axes, tables, held)
        _words(figure, height, document, day)
        return style.saved(figure, format_name, f"{TITLE}, {in_words(day)}")


def _held(entry: dict[str, Any]) -> _Held:
    scheduled = any(
        row["state"] == "scheduled" and row["measure"] != "none" for row in entry["policies"]
    )
    return _Held(entry["measure"], entry["scope"] == "narrow", entry["certain"], scheduled)


def _searched(tables: Tables, levels: Sequence[str]) -> set[str]:
    rows = tables.searches[tables.searches["level"].isin(levels)]
    return {
        str(region or country)
        for country, region in zip(rows["country"], rows["region"], strict=True)
    }


def _outlines(
    axes: Axes,
    shapes: GeoDataFrame,
    code: str,
    held: dict[str, _Held],
    searched: set[str],
    smallest: float,
) -> None:
    """Fill the shapes, then say with letters and marks what the fill says with colour, where they
    fit: on shapes of more than ``smallest`` metres either way."""
    base = {True: _BASES["searched"], False: _BASES["unsearched"]}
    for row in shapes.itertuples():
        key = getattr(row, code)
        own = held.get(key.lower())
        look = own.patch if own else {**base[key in searched], "linewidth": 0.4}
        part = shapes.loc[[row.Index]]
        part.plot(ax=axes, aspect=None, **look)
        if own:
            point = part.geometry.iloc[0].representative_point()
            west, south, east, north = row.geometry.bounds
            if min(east - west, north - south) > smallest:
                _sign(axes, (point.x, point.y), own, 7.5)


def _sign(axes: Axes, at: tuple[float, float], held: _Held, size: float) -> None:
    words: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": size}
    if held.letter:
        halo = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
        box = halo if held.narrow or not held.certain else None
        axes.text(*at, held.letter, color=held.ink, weight="bold", bbox=box, clip_on=True, **words)
    if held.scheduled:
        axes.annotate(
            "◷", at, (7.5, 4.5), textcoords="offset points", fontsize=8, ha="center", va="center"
        )


def _draw_us(figure: Figure, axes: Axes, tables: Tables, held: dict[str, _Held]) -> None:
    states, searched = boundaries.load("states"), _searched(tables, ["state"])
    counties = boundaries.load("counties")
    geoids = dict(zip(tables.subjects["geoid"], tables.subjects["subject_key"], strict=True))
    counties = counties[counties["geoid"].isin([g for g, key in geoids.items() if key in held])]
    counties = counties.assign(key=[geoids[geoid] for geoid in counties["geoid"]])
    parts = [(axes, _LOWER48, ~states["code"].isin(_ISLANDS))]
    for code, projection, (left, bottom, width, height) in _INSETS:
        inset = axes.inset_axes((left, bottom, width, height))
        inset.set_frame_on(False)
        parts.append((inset, projection, states["code"] == code))
    for place, projection, chosen in parts:
        own = states[chosen].to_crs(projection)
        if projection == "EPSG:3338":
            own = own.clip((-2.3e6, 3e5, 1.6e6, 2.5e6))
        _outlines(place, own, "code", held, searched, 1.2e5)
        inside = counties[counties["region"].isin(own["code"])].to_crs(projection)
        if len(inside):
            _outlines(place, inside, "key", held, set(), 1.2e5)
        _frame(place, own.total_bounds)
        _circles(figure, place, tables, held, projection, set(own["code"]))


def _draw_world(figure: Figure, axes: Axes, tables: Tables, held: dict[str, _Held]) -> None:
    import shapely

    countries = boundaries.load("countries")
    countries = countries[countries["code"] != "US"]
    states = boundaries.load("states").to_crs(_EARTH)
    globe = countries.assign(
        geometry=shapely.segmentize(countries.geometry.to_numpy(), 2.0)
    ).to_crs(_EARTH)
    _outlines(axes, globe, "code", held, _searched(tables, ["country", "federal"]), 9e5)
    _outlines(axes, states, "code", held, _searched(tables, ["state"]), 9e5)
    _unions(axes, globe, tables, held)
    west, south, east, north = globe.total_bounds
    _frame(axes, (west, south, east, north))
    _circles(figure, axes, tables, held, _EARTH, None)


def _unions(axes: Axes, globe: GeoDataFrame, tables: Tables, held: dict[str, _Held]) -> None:
    """The border of a union's territory, in the colour of what it has."""
    rules = tables.policies[tables.policies["subject_type"] == "supranational"]
    for key, own in rules.groupby("subject_key"):
        each = held.get(str(key))
        if each is None or each.measure == "none":
            continue
        members = {code for cell in own["territory"] for code in cell.split(";")}
        border = globe[globe["code"].isin(members)].geometry.union_all().boundary
        colour = MEASURES[each.measure].colour
        for line in getattr(border, "geoms", [border]):
            if line.length > 4e5:
                axes.plot(*line.xy, color=colour, linewidth=1.1, linestyle=(0, (3, 1.5)), zorder=3)


def _frame(axes: Axes, bounds: Sequence[float]) -> None:
    west, south, east, north = bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set(xlabel="", ylabel="")


def _circles(
    figure: Figure,
    axes: Axes,
    tables: Tables,
    held: dict[str, _Held],
    projection: str,
    regions: set[str] | None,
) -> None:
    """Circles off each other, each tied to its place by a line. ``regions``: None is everywhere
    but in the United States."""
    import geopandas as gpd

    rows = tables.subjects
    rows = rows[rows["latitude"].notna() & rows["subject_key"].isin(held)]
    rows = rows[~rows["subject_type"].isin(["country", "state", "county"])]
    inside = rows["region"].isin(regions) if regions is not None else rows["country"] != "US"
    rows = rows[
        inside
        & ((rows["region"] != "") | (rows["within"] != "") | (rows["subject_type"] != "agency"))
    ]
    if rows.empty:
        return
    spots = gpd.GeoSeries.from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(projection)
    own = np.column_stack([spots.x, spots.y])
    figure.draw_without_rendering()
    scale = 72 / figure.dpi
    pixels = axes.transData.transform(own)
    moved = axes.transData.inverted().transform(spread(pixels * scale, _DOT + 0.8) / scale)
    for key, place, there in zip(rows["subject_key"], own, moved, strict=True):
        each = held[key]
        axes.plot(*zip(place, there, strict=True), color=style.INK, linewidth=0.5, zorder=4)
        look = each.patch
        axes.plot(
            *there, marker="o", markersize=_DOT, markerfacecolor=look["facecolor"],
            markeredgecolor=look["edgecolor"] if each.narrow or not each.certain else "white",
            markeredgewidth=1.3 if each.narrow else 0.7, zorder=5,
        )  # fmt: skip
        if each.letter:
            axes.text(
                *there, each.letter, fontsize=5, weight="bold", ha="center", va="center_baseline",
                color=each.ink, zorder=6, clip_on=True,
            )  # fmt: skip


def spread(points: Points, gap: float) -> Points:
    """New places, no two nearer than ``gap``: near pairs are pushed apart, step by step, and all
    are drawn a little back; nothing is left to chance."""
    places = points.astype(float).copy()
    angles = np.arange(len(points)) * 2.399963  # the golden angle parts those in one spot
    for step in range(160):
        between = places[None, :, :] - places[:, None, :]
        distance = np.hypot(between[..., 0], between[..., 1])
        same = (distance < 0.01) & ~np.eye(len(points), dtype=bool)
        between[same] = np.column_stack([np.cos(angles), np.sin(angles)])[np.nonzero(same)[1]]
        distance = np.where(same, 1.0, distance)
        near = np.triu(np.where(same, True, distance < gap), 1)
        if not near.any():
            break
        push = np.where(
            near, (gap - np.minimum(distance, gap) + 0.1) / 2 / np.maximum(distance, 0.01), 0
        )
        move = between * push[..., None] * 0.6
        places += move.sum(axis=0) - move.sum(axis=1)
        if step < 110:
            places += (points - places) * 0.02
    return places


def _words(figure: Figure, height: float, document: dict[str, Any], day: date) -> None:
    edition = document["dataset"]
    left = 0.15 / _WIDTH
    figure.text(left, 1 - 0.27 / height, TITLE, fontsize=14, weight="bold", family="DejaVu Serif")
    said = f"{in_words(day)} · rules for anyone, each place by its own strictest act"
    figure.text(left, 1 - 0.49 / height, said, fontsize=8.5, color=style.FAINT)
    handles: list[Any] = []
    for code, term in MEASURES.items():
        if code != "none":
            for narrow in (False, True):
                label = f"{_LETTERS[code]}  {term.label}" + (", some uses only" if narrow else "")
                handles.append(Patch(label=label, **_Held(code, narrow, True, False).patch))
    handles += [
        Patch(label=_BASE_LABELS[name], linewidth=0.5, **look) for name, look in _BASES.items()
    ]
    handles.append(
        Line2D(
            [],
            [],
            label="a decided rule has yet to begin",
            ls="",
            marker="$◷$",
            color=style.INK,
            ms=7,
        )
    )
    sample = style.patch(style.Look(True, 1))
    handles.append(Patch(label="?  the record cannot tell for sure", **sample))
    union = {"color": MEASURES["ban"].colour, "linewidth": 1.1, "linestyle": (0, (3, 1.5))}
    handles.append(Line2D([], [], label="a union, in its colour", **union))
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(left, 0.34 / height), ncols=3,
        frameon=False, borderpad=0, borderaxespad=0, handlelength=2.0, columnspacing=1.8,
        labelspacing=0.42, fontsize=7.5,
    )  # fmt: skip
    note = (
        f"Source: frtracker, {edition['policies']} rules of acts, reviewed through "
        f"{edition['reviewed_through']}, edition {edition['sha256'][:12]}. "
        "Nothing recorded does not mean that nothing exists."
    )
    figure.text(left, 0.19 / height, note, fontsize=6.5, color=style.FAINT)
    credit = (
        "Boundaries: Natural Earth; US Census Bureau. An outline is no statement on sovereignty."
    )
    figure.text(left, 0.07 / height, credit, fontsize=6.5, color=style.FAINT)
