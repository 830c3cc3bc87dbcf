"""The map of one day as a picture for an article or a report: PNG or SVG.

Categories, colours, letters and marks are those of the page. A place is coloured by the strictest
of its own positions for the asked actor; circles are cities, schools and agencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from frtracker import outlines as boundaries
from frtracker.answers.status import Filters, status
from frtracker.dates import in_words
from frtracker.pictures import style
from frtracker.pictures.map_marks import (
    BASE_LABELS,
    BASES,
    LETTERS,
    Held,
    circles,
    held_by,
    sign,
)
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes

    from frtracker.record.load import Tables
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


def picture(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    actor: str = ANYONE,
    area: str = "both",
    format_name: str = "png",
) -> bytes:
    """The picture of ``day`` and the rules for ``actor`` (a code of ``vocabulary.ACTORS``, or
    ``ANYONE``): ``area`` is one of ``AREAS``, ``format_name`` ``png`` or ``svg``."""
    actors = tuple(ACTORS) if actor == ANYONE else (actor,)
    filters = Filters(everything=True, for_actors=actors)
    document = status(tables, timeline, day, filters=filters)
    held = {entry["key"]: held_by(entry, actors) for entry in document["subjects"]}
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
        who = ANYONE if actor == ANYONE else ACTORS[actor].label
        _words(figure, height, document, f"{in_words(day)} · rules for {who}")
        return style.saved(figure, format_name, f"{TITLE}, {in_words(day)}, rules for {who}")


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
    held: dict[str, Held],
    searched: set[str],
    smallest: float,
) -> None:
    """Fill the shapes, then say with letters and marks what the fill says with colour, where they
    fit: on shapes of more than ``smallest`` metres either way."""
    base = {True: BASES["searched"], False: BASES["unsearched"]}
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
                sign(axes, (point.x, point.y), own, 7.5)


def _draw_us(figure: Figure, axes: Axes, tables: Tables, held: dict[str, Held]) -> None:
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
        circles(figure, place, tables, held, projection, set(own["code"]))


def _draw_world(figure: Figure, axes: Axes, tables: Tables, held: dict[str, Held]) -> None:
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
    circles(figure, axes, tables, held, _EARTH, None)


def _unions(axes: Axes, globe: GeoDataFrame, tables: Tables, held: dict[str, Held]) -> None:
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


def _words(figure: Figure, height: float, document: dict[str, Any], asked: str) -> None:
    edition = document["dataset"]
    left = 0.15 / _WIDTH
    figure.text(left, 1 - 0.27 / height, TITLE, fontsize=14, weight="bold", family="DejaVu Serif")
    said = f"{asked}, each place by the strictest of its own acts"
    figure.text(left, 1 - 0.49 / height, said, fontsize=8.5, color=style.FAINT)
    handles: list[Any] = []
    for code, term in MEASURES.items():
        if code != "none":
            for narrow in (False, True):
                label = f"{LETTERS[code]}  {term.label}" + (", some uses only" if narrow else "")
                handles.append(Patch(label=label, **Held(code, narrow, True, False).patch))
    handles += [
        Patch(label=BASE_LABELS[name], linewidth=0.5, **look) for name, look in BASES.items()
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
    union: dict[str, Any] = {
        "color": MEASURES["ban"].colour,
        "linewidth": 1.1,
        "linestyle": (0, (3, 1.5)),
    }
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
