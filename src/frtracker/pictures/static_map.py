"""The map of one day as a picture for an article or a report: PNG or SVG.

Categories, colours, letters and marks are those of the page. A place is coloured by the strictest
of its own positions for the chosen actor; circles are cities, schools and agencies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from frtracker import outlines, wording
from frtracker.answers.status import Filters, status
from frtracker.dates import in_words
from frtracker.look import CATEGORIES
from frtracker.pictures import canvas
from frtracker.pictures.canvas import BLANKS, FAINT, INK, Look
from frtracker.timeline.rules import rank_of
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES

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
_CLOCK: Final = "◷"
_DOT: Final = 7.4  # points: how wide a circle is
_PLAIN: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none"}


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
    document = status(tables, timeline, day, filters=Filters(everything=True, for_actors=actors))
    marks = {entry["subject_key"]: mark_of(entry, actors) for entry in document["subjects"]}
    shown = [name for name in ("us", "world") if area in (name, "both")]
    height = _HEAD + _FOOT + sum(_HEIGHTS[name] for name in shown)
    with canvas.settings():
        figure = Figure(figsize=(_WIDTH, height), facecolor="white")
        drawing = _Map(figure, tables, marks)
        top = height - _HEAD
        for name in shown:
            top -= _HEIGHTS[name]
            place = 0.01, top / height, 0.98, (_HEIGHTS[name] - 0.08) / height
            axes = figure.add_axes(place, frameon=False)
            {"us": drawing.draw_us, "world": drawing.draw_world}[name](axes)
        who = ANYONE if actor == ANYONE else ACTORS[actor].label
        _write_frame(figure, height, document["dataset"], f"{in_words(day)} · rules for {who}")
        title = f"{wording.TITLE}, {in_words(day)}, rules for {who}"
        return canvas.saved(figure, format_name, title)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn of a subject on the day. ``scheduled``: an adopted rule is not yet in effect.
    ``whom``: the actors, where the rule could be taken for one on the police."""

    look: Look
    scheduled: bool = False
    whom: str = ""


def mark_of(entry: Mapping[str, Any], actors: Collection[str]) -> Mark:
    """The mark of an entry of the status document for these actors together."""
    scheduled = any(
        row["state"] == "scheduled"
        and row["measure"] != "none"
        and {*actors} & {*row["applies_to"]}
        for row in entry["policies"]
    )
    mixed = len(actors) > 1 and entry["measure"] != "none" and "police" not in entry["applies_to"]
    look = Look(rank_of(entry["measure"], general=entry["scope"] != "narrow"), entry["certain"])
    return Mark(look, scheduled, wording.actors(entry["applies_to"]) if mixed else "")


@dataclass(frozen=True, slots=True)
class _Map:
    figure: Figure
    tables: Tables
    marks: Mapping[str, Mark]

    def draw_us(self, axes: Axes) -> None:
        states, counties = outlines.load("states"), outlines.load("counties")
        key_of = self.tables.subjects.set_index("geoid")["subject_key"].to_dict()
        counties = counties.assign(code=counties["geoid"].map(key_of))
        counties = counties[counties["code"].isin(list(self.marks))]
        parts = [(axes, _LOWER48, ~states["code"].isin(_ISLANDS))]
        for code, projection, bounds in _INSETS:
            inset = axes.inset_axes(bounds)
            inset.set_frame_on(False)
            parts.append((inset, projection, states["code"] == code))
        for place, projection, chosen in parts:
            shapes = states[chosen].to_crs(projection)
            if projection == "EPSG:3338":
                shapes = shapes.clip((-2.3e6, 3e5, 1.6e6, 2.5e6))
            inside = counties[counties["region"].isin(shapes["code"])].to_crs(projection)
            self._fill(place, shapes, ["state"], 1.2e5)
            self._fill(place, inside, [], 1.2e5)
            _fit(place, shapes)
            self._draw_circles(place, projection, set(shapes["code"]))

    def draw_world(self, axes: Axes) -> None:
        import shapely

        countries = outlines.load("countries")
        countries = countries[countries["code"] != "US"]
        fine = shapely.segmentize(countries.geometry.to_numpy(), 2.0)
        globe = countries.assign(geometry=fine).to_crs(_EARTH)
        self._fill(axes, globe, ["country", "federal"], 9e5)
        self._fill(axes, outlines.load("states").to_crs(_EARTH), ["state"], 9e5)
        self._draw_unions(axes, globe)
        _fit(axes, globe)
        self._draw_circles(axes, _EARTH, None)

    def _fill(self, axes: Axes, shapes: GeoDataFrame, levels: list[str], smallest: float) -> None:
        """Fill the shapes, then repeat in letters and marks what the fill says with colour, where
        they fit: on shapes of more than ``smallest`` metres either way. ``levels``: of the searches
        that cover them."""
        searches = self.tables.searches[self.tables.searches["level"].isin(levels)]
        searched = {*searches["region"].where(searches["region"] != "", searches["country"])}
        for row in shapes.itertuples():
            mark = self.marks.get(row.code.lower())
            blank = BLANKS["searched" if row.code in searched else "unsearched"]
            part = shapes.loc[[row.Index]]
            patch = mark.look.patch if mark else {**blank, "linewidth": 0.4}
            part.plot(ax=axes, aspect=None, **patch)
            west, south, east, north = row.geometry.bounds
            if mark and min(east - west, north - south) > smallest:
                point = part.geometry.iloc[0].representative_point()
                _sign(axes, (point.x, point.y), mark)

    def _draw_unions(self, axes: Axes, globe: GeoDataFrame) -> None:
        """The border of a union's territory, in the colour of its position."""
        rules = self.tables.policies[self.tables.policies["subject_type"] == "supranational"]
        for key, rows in rules.groupby("subject_key"):
            mark = self.marks.get(str(key))
            if mark is None or not mark.look.rank:
                continue
            members = {code for cell in rows["territory"] for code in cell.split(";")}
            border = globe[globe["code"].isin(members)].geometry.union_all().boundary
            for line in getattr(border, "geoms", [border]):
                if line.length > 4e5:
                    axes.plot(*line.xy, color=mark.look.colour, zorder=3, **_BORDER)

    def _draw_circles(self, axes: Axes, projection: str, regions: set[str] | None) -> None:
        """Draw the subjects that are points as circles off each other, each tied to its place by a
        line. ``regions``: None is everywhere but in the United States."""
        import geopandas as gpd

        rows = self.tables.subjects
        rows = rows[rows["latitude"].notna() & rows["subject_key"].isin(self.marks)]
        rows = rows[~rows["subject_type"].isin(["country", "state", "county"])]
        inside = rows["region"].isin(regions) if regions is not None else rows["country"] != "US"
        national = (rows["region"] == "") & (rows["within"] == "")
        rows = rows[inside & ~(national & (rows["subject_type"] == "agency"))]
        if rows.empty:
            return
        spots = gpd.GeoSeries.from_xy(rows["longitude"], rows["latitude"], crs=4326)
        places = spots.to_crs(projection).get_coordinates().to_numpy()
        self.figure.draw_without_rendering()
        scale = 72 / self.figure.dpi
        points = axes.transData.transform(places) * scale
        moved = axes.transData.inverted().transform(spread(points, _DOT + 0.8) / scale)
        for key, place, there in zip(rows["subject_key"], places, moved, strict=True):
            look = self.marks[key].look
            edge = "white" if look.certain and not look.narrow else look.patch["edgecolor"]
            axes.plot(*zip(place, there, strict=True), color=INK, linewidth=0.5, zorder=4)
            axes.plot(
                *there, marker="o", markersize=_DOT, markerfacecolor=look.patch["facecolor"],
                markeredgecolor=edge, markeredgewidth=1.3 if look.narrow else 0.7, zorder=5,
            )  # fmt: skip
            _write_letter(axes, there, look, fontsize=5, zorder=6)


def _write_letter(axes: Axes, at: Sequence[float], look: Look, **style: Any) -> None:
    if look.letter:
        axes.text(
            float(at[0]), float(at[1]), look.letter, color=look.ink, weight="bold", ha="center",
            va="center_baseline", clip_on=True, **style,
        )  # fmt: skip


def _sign(axes: Axes, at: tuple[float, float], mark: Mark) -> None:
    """Put the letter of a shape, and what else is marked, at a point of the axes."""
    plain = mark.look.certain and not mark.look.narrow
    box = None if plain else {"boxstyle": "round,pad=0.12", **_PLAIN}
    _write_letter(axes, at, mark.look, fontsize=7.5, bbox=box)
    offset: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
    if mark.whom:
        box = {"boxstyle": "round,pad=0.2", **_PLAIN}
        axes.annotate(mark.whom, at, (0, -6.5), va="top", fontsize=5, bbox=box, **offset)
    if mark.scheduled:
        axes.annotate(_CLOCK, at, (7.5, 4.5), va="center", fontsize=8, **offset)


def _fit(axes: Axes, shapes: GeoDataFrame) -> None:
    west, south, east, north = shapes.total_bounds
    axes.set(xlim=(west, east), ylim=(south, north), xlabel="", ylabel="", xticks=[], yticks=[])
    axes.set_aspect("equal")


def spread(points: npt.NDArray[np.float64], gap: float) -> npt.NDArray[np.float64]:
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
        near = np.triu(same | (distance < gap), 1)
        if not near.any():
            break
        apart = (gap - np.minimum(distance, gap) + 0.1) / 2 / np.maximum(distance, 0.01)
        move = between * np.where(near, apart, 0)[..., None] * 0.6
        places += move.sum(axis=0) - move.sum(axis=1)
        if step < 110:
            places += (points - places) * 0.02
    return places


def _write_frame(figure: Figure, height: float, edition: Mapping[str, Any], subject: str) -> None:
    """Title, legend and credits."""
    left = 0.15 / _WIDTH
    title: dict[str, Any] = {"fontsize": 14, "weight": "bold", "family": "DejaVu Serif"}
    figure.text(left, 1 - 0.27 / height, wording.TITLE, **title)
    subtitle = f"{subject}, each place by the strictest of its own acts"
    figure.text(left, 1 - 0.49 / height, subtitle, fontsize=8.5, color=FAINT)
    codes = [code for code, term in MEASURES.items() if term.letter]
    looks = [Look(rank_of(code, general=general)) for code in codes for general in (True, False)]
    strictest = Look(looks[0].rank, certain=False)
    handles: list[Any] = [
        *(Patch(label=f"{one.letter}  {one.label}", **one.patch) for one in looks),
        *(Patch(label=CATEGORIES[key], linewidth=0.5, **blank) for key, blank in BLANKS.items()),
        Line2D([], [], label=CATEGORIES["scheduled"], ls="", marker=f"${_CLOCK}$", color=INK, ms=7),
        Patch(label=f"?  {CATEGORIES['uncertain']}", **strictest.patch),
        Line2D([], [], label="a union, in its colour", color=strictest.colour, **_BORDER),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(left, 0.34 / height), ncols=3,
        handlelength=2.0, columnspacing=1.8, labelspacing=0.42,
    )  # fmt: skip
    note = (
        f"Source: frtracker, {edition['policies']} rules of acts, reviewed through "
        f"{edition['reviewed_through']}, edition {edition['edition'][:12]}. "
        "Nothing recorded does not mean that nothing exists."
    )
    credit = (
        "Boundaries: Natural Earth; US Census Bureau. Boundaries imply no position on sovereignty."
    )
    figure.text(left, 0.19 / height, note, fontsize=6.5, color=FAINT)
    figure.text(left, 0.07 / height, credit, fontsize=6.5, color=FAINT)
