"""The map of one day as a picture for an article or a report: PNG or SVG.

Categories, colours, letters and marks are those of the page. A place is coloured by the strictest
of its own positions for the chosen actor; circles are cities, schools and agencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from frtracker import outlines
from frtracker.answers.status import Filters, status
from frtracker.dates import in_words
from frtracker.look import CATEGORIES
from frtracker.pictures import canvas
from frtracker.pictures.look import BLANKS, FAINT, INK, Look
from frtracker.pictures.marks import CLOCK, Mark, circles, mark_of, sign
from frtracker.timeline.rules import rank_of
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES
from frtracker.wording import TITLE

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes

    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

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
_BORDER: Final[dict[str, Any]] = {"linewidth": 1.1, "linestyle": (0, (3, 1.5))}

Marks = Mapping[str, Mark]


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
    ``ANYONE``): ``area`` is ``us``, ``world`` or ``both``, ``format_name`` ``png`` or ``svg``."""
    actors = tuple(ACTORS) if actor == ANYONE else (actor,)
    filters = Filters(everything=True, for_actors=actors)
    document = status(tables, timeline, day, filters=filters)
    marks = {entry["subject_key"]: mark_of(entry, actors) for entry in document["subjects"]}
    shown = [name for name in ("us", "world") if area in (name, "both")]
    height = _HEAD + _FOOT + sum(_HEIGHTS[name] for name in shown)
    with canvas.settings():
        figure = Figure(figsize=(_WIDTH, height), facecolor="white")
        top = height - _HEAD
        for name in shown:
            top -= _HEIGHTS[name]
            axes = figure.add_axes(
                (0.01, top / height, 0.98, (_HEIGHTS[name] - 0.08) / height), frameon=False
            )
            (_draw_us if name == "us" else _draw_world)(figure, axes, tables, marks)
        who = ANYONE if actor == ANYONE else ACTORS[actor].label
        _write_frame(figure, height, document["dataset"], f"{in_words(day)} · rules for {who}")
        return canvas.saved(figure, format_name, f"{TITLE}, {in_words(day)}, rules for {who}")


def _searched(tables: Tables, levels: Sequence[str]) -> set[str]:
    rows = tables.searches[tables.searches["level"].isin(levels)]
    return set(rows["region"].where(rows["region"] != "", rows["country"]))


def _draw_shapes(
    axes: Axes, shapes: GeoDataFrame, code: str, marks: Marks, searched: set[str], smallest: float
) -> None:
    """Fill the shapes, then repeat in letters and marks what the fill says with colour, where they
    fit: on shapes of more than ``smallest`` metres either way."""
    for row in shapes.itertuples():
        key = getattr(row, code)
        mark = marks.get(key.lower())
        blank = {**BLANKS["searched" if key in searched else "unsearched"], "linewidth": 0.4}
        part = shapes.loc[[row.Index]]
        part.plot(ax=axes, aspect=None, **(mark.look.patch if mark else blank))
        west, south, east, north = row.geometry.bounds
        if mark and min(east - west, north - south) > smallest:
            point = part.geometry.iloc[0].representative_point()
            sign(axes, (point.x, point.y), mark)


def _draw_us(figure: Figure, axes: Axes, tables: Tables, marks: Marks) -> None:
    states, searched = outlines.load("states"), _searched(tables, ["state"])
    counties = outlines.load("counties")
    key_of = dict(zip(tables.subjects["geoid"], tables.subjects["subject_key"], strict=True))
    counties = counties.assign(key=counties["geoid"].map(key_of))
    counties = counties[counties["key"].isin(list(marks))]
    parts = [(axes, _LOWER48, ~states["code"].isin(_ISLANDS))]
    for code, projection, bounds in _INSETS:
        inset = axes.inset_axes(bounds)
        inset.set_frame_on(False)
        parts.append((inset, projection, states["code"] == code))
    for place, projection, chosen in parts:
        shapes = states[chosen].to_crs(projection)
        if projection == "EPSG:3338":
            shapes = shapes.clip((-2.3e6, 3e5, 1.6e6, 2.5e6))
        _draw_shapes(place, shapes, "code", marks, searched, 1.2e5)
        inside = counties[counties["region"].isin(shapes["code"])].to_crs(projection)
        if len(inside):
            _draw_shapes(place, inside, "key", marks, set(), 1.2e5)
        _fit(place, shapes.total_bounds)
        circles(figure, place, tables, marks, projection, set(shapes["code"]))


def _draw_world(figure: Figure, axes: Axes, tables: Tables, marks: Marks) -> None:
    import shapely

    countries = outlines.load("countries")
    countries = countries[countries["code"] != "US"]
    fine = shapely.segmentize(countries.geometry.to_numpy(), 2.0)
    globe = countries.assign(geometry=fine).to_crs(_EARTH)
    states = outlines.load("states").to_crs(_EARTH)
    _draw_shapes(axes, globe, "code", marks, _searched(tables, ["country", "federal"]), 9e5)
    _draw_shapes(axes, states, "code", marks, _searched(tables, ["state"]), 9e5)
    _draw_unions(axes, globe, tables, marks)
    _fit(axes, globe.total_bounds)
    circles(figure, axes, tables, marks, _EARTH, None)


def _draw_unions(axes: Axes, globe: GeoDataFrame, tables: Tables, marks: Marks) -> None:
    """The border of a union's territory, in the colour of its position."""
    rules = tables.policies[tables.policies["subject_type"] == "supranational"]
    for key, rows in rules.groupby("subject_key"):
        mark = marks.get(str(key))
        if mark is None or not mark.look.rank:
            continue
        members = {code for cell in rows["territory"] for code in cell.split(";")}
        border = globe[globe["code"].isin(members)].geometry.union_all().boundary
        for line in getattr(border, "geoms", [border]):
            if line.length > 4e5:
                axes.plot(*line.xy, color=mark.look.colour, zorder=3, **_BORDER)


def _fit(axes: Axes, bounds: Sequence[float]) -> None:
    west, south, east, north = bounds
    axes.set(xlim=(west, east), ylim=(south, north), xlabel="", ylabel="", xticks=[], yticks=[])
    axes.set_aspect("equal")


def _write_frame(figure: Figure, height: float, edition: Mapping[str, Any], subject: str) -> None:
    """Title, legend and credits."""
    left = 0.15 / _WIDTH
    figure.text(left, 1 - 0.27 / height, TITLE, fontsize=14, weight="bold", family="DejaVu Serif")
    subtitle = f"{subject}, each place by the strictest of its own acts"
    figure.text(left, 1 - 0.49 / height, subtitle, fontsize=8.5, color=FAINT)
    codes = [code for code, term in MEASURES.items() if term.letter]
    looks = [Look(rank_of(code, general=general)) for code in codes for general in (True, False)]
    handles: list[Any] = [Patch(label=f"{one.letter}  {one.label}", **one.patch) for one in looks]
    handles += [
        Patch(label=CATEGORIES[key], **{**blank, "linewidth": 0.5}) for key, blank in BLANKS.items()
    ]
    strictest = Look(looks[0].rank, certain=False)
    handles += [
        Line2D([], [], label=CATEGORIES["scheduled"], ls="", marker=f"${CLOCK}$", color=INK, ms=7),
        Patch(label=f"?  {CATEGORIES['uncertain']}", **strictest.patch),
        Line2D([], [], label="a union, in its colour", color=strictest.colour, **_BORDER),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(left, 0.34 / height), ncols=3,
        handlelength=2.0, columnspacing=1.8, labelspacing=0.42, **canvas.LEGEND,
    )  # fmt: skip
    note = (
        f"Source: frtracker, {edition['policies']} rules of acts, reviewed through "
        f"{edition['reviewed_through']}, edition {edition['edition'][:12]}. "
        "Nothing recorded does not mean that nothing exists."
    )
    figure.text(left, 0.19 / height, note, fontsize=6.5, color=FAINT)
    credit = (
        "Boundaries: Natural Earth; US Census Bureau. An outline is no statement on sovereignty."
    )
    figure.text(left, 0.07 / height, credit, fontsize=6.5, color=FAINT)
