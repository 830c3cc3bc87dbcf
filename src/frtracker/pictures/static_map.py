"""The map of one day as a picture for an article or a report: PNG or SVG.

Sheets, categories, colors, letters and marks are those of the page. A place is colored by the
strictest of its own positions for the chosen actor; circles are cities, schools and agencies, one
with a number several that would touch. What has neither outline nor point is listed below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from frtracker import sheets, wording
from frtracker.answers.marks import (
    Circle,
    Mark,
    circles,
    law_searched,
    marks_of,
    outlines_of,
    unplaced,
)
from frtracker.answers.status import Filters, status
from frtracker.codes import region_name
from frtracker.dates import in_words
from frtracker.look import CATEGORIES
from frtracker.pictures import canvas
from frtracker.pictures.canvas import BLANKS, FAINT, INK, LINE, Look
from frtracker.sheets import SHEETS, Numbers
from frtracker.timeline.rules import rank_of
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

_WIDTH: Final = 8.6  # inches, as all measures of the layout
_HEAD, _FOOT, _LINE = 0.62, 1.42, 0.115
_LEFT: Final = 0.15 / _WIDTH
_LETTERS: Final = 180  # of a line below the maps
_CLOCK: Final = "◷"
_DOT: Final = 7.4  # points: how wide a circle is
_ROOM: Final = 11.0  # points: a letter is put on an outline that is as wide and high
_PLAIN: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none"}


def _height(name: sheets.Name) -> float:
    """Of the drawing of a sheet, in inches."""
    west, south, east, north = SHEETS[name].box
    return 0.98 * _WIDTH * (north - south) / (east - west) + 0.08


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
    ``ANYONE``): ``area`` is ``us``, ``world``, ``europe``, or ``both`` the first two,
    ``format_name`` ``png`` or ``svg``."""
    actors = tuple(ACTORS) if actor == ANYONE else (actor,)
    document = status(tables, timeline, day, filters=Filters(everything=True))
    marks = marks_of(document, actors)
    both: tuple[sheets.Name, ...] = ("us", "world")
    shown = [name for name in SHEETS if area == name or (area == "both" and name in both)]
    said = wrap(wording.supposed(tables.supposed), _LETTERS)
    lines = [*said, *listed(tables, marks, shown)]
    foot = _FOOT + _LINE * len(lines)
    height = _HEAD + foot + sum(map(_height, shown))
    with canvas.settings():
        figure = Figure(figsize=(_WIDTH, height), facecolor="white")
        top = height - _HEAD
        for name in shown:
            top -= _height(name)
            place = 0.01, top / height, 0.98, (_height(name) - 0.08) / height
            axes = figure.add_axes(place, frameon=False)
            Drawing(tables, marks, name).draw(axes, SHEETS[name].box, 0.98 * _WIDTH)
        who = ANYONE if actor == ANYONE else ACTORS[actor].label
        below: dict[str, Any] = {"va": "top", "fontsize": 6.5, "linespacing": 1.25}
        figure.text(_LEFT, (foot - 0.02) / height, "\n".join(lines), **below)
        titled = wording.what_if(wording.TITLE, tables.supposed)
        subject = f"{in_words(day)} · rules for {who}"
        _write_frame(figure, height, document["dataset"], titled, subject)
        title = f"{titled}, {in_words(day)}, rules for {who}"
        return canvas.saved(figure, format_name, title)


def card(drawing: Drawing, region: str, answer: str, source: str) -> bytes:
    """A picture for links to the page of a US state (``US-MA``): its name, what is answered of it,
    and its part of the ``drawing`` of the sheet ``us``. 1200 by 630 pixels, PNG."""
    name = region_name(region)
    rings = sheets.outlines("us", "enlarged").get(region) or sheets.outlines("us", "states")[region]
    corners = np.concatenate(rings)
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    half = max(float(np.ptp(corners, axis=0).max()) * 0.6, 4.0)
    (west, south), (east, north) = (middle - half).tolist(), (middle + half).tolist()
    with canvas.settings():
        figure = Figure(figsize=(6.0, 3.15), facecolor="white")
        axes = figure.add_axes((0.5, 0.03, 0.49, 0.94), frameon=False)
        drawing.draw(axes, (west, south, east, north), 2.94)
        lines = wrap(name, 18)
        bold: dict[str, Any] = {"weight": "bold", "family": "DejaVu Serif", "fontsize": 15}
        figure.text(0.03, 0.93, "\n".join(lines), va="top", **bold)
        below = 0.9 - 0.105 * len(lines)
        figure.text(0.03, below, "\n".join(wrap(answer, 38)), fontsize=8.5, va="top")
        figure.text(0.03, 0.04, source, fontsize=6.5, color=FAINT)
        return canvas.saved(figure, "png", f"{name}: {answer}")


def listed(tables: Tables, marks: Mapping[str, Mark], names: Sequence[sheets.Name]) -> list[str]:
    """The lines about the subjects that no sheet can show, the strictest first."""
    found = sorted(unplaced(tables, marks, names), key=lambda it: (-marks[it.key].rank, it.label))
    texts = [f"{it.label}: {_what(marks[it.key])}" for it in found]
    return wrap(f"{wording.ELSEWHERE} – {'; '.join(texts)}", _LETTERS) if texts else []


def _what(mark: Mark) -> str:
    if mark.is_for_others:
        return CATEGORIES["others"].label
    is_bare = not mark.rank and mark.certain
    return CATEGORIES["scheduled"].label if is_bare else _look(mark).label


def _look(mark: Mark) -> Look:
    return Look(mark.rank, mark.certain)


def _patch(mark: Mark) -> dict[str, Any]:
    """Arguments of a matplotlib patch."""
    return BLANKS["others"] if mark.is_for_others else _look(mark).patch


@dataclass(frozen=True, slots=True)
class _Shape:
    """An outline of a sheet: ``size``: how wide and high it is; ``sign``: the mark whose letter is
    repeated on it, where there is room."""

    path: Path
    at: Numbers
    box: sheets.Box
    look: Mapping[str, Any]
    sign: Mark | None


class Drawing:
    """A sheet with the marks of a day, ready to be drawn, in whole or in part."""

    def __init__(self, tables: Tables, marks: Mapping[str, Mark], name: sheets.Name) -> None:
        self.tables, self.marks, self.name = tables, marks, name
        self.shapes = list(self._shapes())

    def draw(self, axes: Axes, box: sheets.Box, width: float) -> None:
        """``box``: the part of the sheet to be drawn; ``width``: that it is drawn in, in inches."""
        west, south, east, north = box
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        axes.set_aspect("equal")
        scale = width * 72 / (east - west)  # points for each unit
        drawn = circles(self.tables, self.marks, self.name, (_DOT + 2) / scale)
        taken = [np.array(circle.spot) for circle in drawn]
        shapes = [it for it in self.shapes if _overlap(it.box, box)]
        for shape in shapes:
            axes.add_patch(PathPatch(shape.path, **shape.look))
        for shape in shapes:
            size = min(shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]) * scale
            is_free = all(np.hypot(*(shape.at - spot)) * scale > _ROOM for spot in taken)
            if shape.sign and size > _ROOM and is_free:
                _sign(axes, shape.at, shape.sign)
        self._draw_unions(axes)
        sheet = SHEETS[self.name]
        title: dict[str, Any] = {"fontsize": 5, "color": FAINT, "va": "top", "clip_on": True}
        for frame in filter(None, (*sheet.frames[1:], sheet.enlarged)):
            left, bottom, right, top = frame.box
            edge: dict[str, Any] = {"fill": False, "color": LINE, "linewidth": 0.5}
            axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, **edge))
            axes.text(left + 1, top - 1, frame.title, **title)
        for circle in drawn:
            if _overlap((*circle.spot, *circle.spot), box):
                _draw_circle(axes, circle)

    def _shapes(self) -> Iterator[_Shape]:
        searched = law_searched(self.tables.searches)
        for it in outlines_of(self.tables, self.marks, self.name):
            mark = self.marks.get(it.key)
            blank = BLANKS["searched" if it.code in searched else "unsearched"]
            look = _patch(mark) if mark else {**blank, "linewidth": 0.4}
            corners = np.concatenate(it.rings)
            box = *corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()
            sign = mark if it.layer != "counties" else None
            yield _Shape(_path(it.rings), np.array(it.at), box, look, sign)

    def _draw_unions(self, axes: Axes) -> None:
        """The border of a union's territory, in the color of its position."""
        rules = self.tables.policies[self.tables.policies["subject_type"] == "supranational"]
        for key, rows in rules.groupby("subject_key") if self.name != "us" else ():
            mark = self.marks.get(str(key))
            if mark is None or not mark.rank:
                continue
            members = {code for cell in rows["territory"] for code in cell.split(";")}
            for line in sheets.border(sheets.topology(self.name), "countries", members):
                axes.plot(*line.T, color=_look(mark).colour, linewidth=0.9, zorder=3)


def _overlap(one: sheets.Box, other: sheets.Box) -> bool:
    is_beside = one[2] < other[0] or other[2] < one[0]
    return not (is_beside or one[3] < other[1] or other[3] < one[1])


def _draw_circle(axes: Axes, circle: Circle) -> None:
    look, count = _look(circle.mark), len(circle.keys)
    edge = "white" if look.certain and not look.narrow else look.patch["edgecolor"]
    face: dict[str, Any] = {"markerfacecolor": look.patch["facecolor"], "markeredgecolor": edge}
    if circle.mark.is_for_others:
        face = {"markerfacecolor": "white", "markeredgecolor": INK}
    if count > 1:
        ring: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": INK}
        axes.plot(*circle.spot, "o", markersize=_DOT + 3, markeredgewidth=0.5, zorder=5, **ring)
    size = _DOT + (count > 1) - 2.5 * (count == 1 and circle.mark.is_for_others)
    width = 1.3 if look.narrow else 0.7
    axes.plot(*circle.spot, "o", markersize=size, markeredgewidth=width, zorder=5, **face)
    text = str(count) if count > 1 else look.letter
    if text and (count > 1 or not circle.mark.is_for_others):
        _write_letter(axes, np.array(circle.spot), look, text, fontsize=5, zorder=6)


def _path(rings: Sequence[Numbers]) -> Path:
    """Closed rings as one path with holes."""
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _write_letter(axes: Axes, at: Numbers, look: Look, text: str, **style: Any) -> None:
    place: dict[str, Any] = {"ha": "center", "va": "center_baseline", "clip_on": True}
    axes.text(at[0], at[1], text, color=look.ink, weight="bold", **place, **style)


def _sign(axes: Axes, at: Numbers, mark: Mark) -> None:
    """Put the letter of a shape, and what else is marked, at a point of the axes."""
    look = _look(mark)
    plain = look.certain and not look.narrow
    box = None if plain else {"boxstyle": "round,pad=0.12", **_PLAIN}
    if mark.is_for_others:
        axes.plot(*at, "o", markersize=_DOT - 2.5, markerfacecolor="white", markeredgecolor=INK)
    elif look.letter:
        _write_letter(axes, at, look, look.letter, fontsize=7.5, bbox=box)
    offset: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
    if mark.whom:
        box = {"boxstyle": "round,pad=0.2", **_PLAIN}
        axes.annotate(
            mark.whom, (at[0], at[1]), (0, -6.5), va="top", fontsize=5, bbox=box, **offset
        )
    if mark.scheduled:
        axes.annotate(_CLOCK, (at[0], at[1]), (7.5, 4.5), va="center", fontsize=8, **offset)


def _write_frame(
    figure: Figure, height: float, edition: Mapping[str, Any], titled: str, subject: str
) -> None:
    """Title, legend and credits."""
    title: dict[str, Any] = {"fontsize": 14, "weight": "bold", "family": "DejaVu Serif"}
    figure.text(_LEFT, 1 - 0.27 / height, titled, **title)
    subtitle = f"{subject}, each place by the strictest of its own acts"
    figure.text(_LEFT, 1 - 0.49 / height, subtitle, fontsize=8.5, color=FAINT)
    looks = [Look(rank_of(code, general=True)) for code, it in MEASURES.items() if it.letter]
    narrow = Look(rank_of(looks[0].measure, general=False))
    doubtful = Look(looks[0].rank, certain=False)
    label = {name: term.label for name, term in CATEGORIES.items()}
    clock: dict[str, Any] = {"ls": "", "marker": f"${_CLOCK}$", "color": INK, "ms": 7}
    handles: list[Any] = [
        *(Patch(label=f"{one.letter}  {one.label}", **one.patch) for one in looks),
        Patch(label=label["narrow"], **narrow.patch),
        Patch(label=f"?  {label['uncertain']}", **doubtful.patch),
        Line2D([], [], label=label["scheduled"], **clock),
        *(Patch(label=label[key], **{"linewidth": 0.5, **it}) for key, it in BLANKS.items()),
        Line2D([], [], label="EU-wide rule", color=looks[0].colour, linewidth=0.9),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(_LEFT, 0.34 / height), ncols=3,
        handlelength=2.0, columnspacing=1.8, labelspacing=0.42,
    )  # fmt: skip
    note = (
        f"Source: frtracker, {wording.counted('rules', edition['policies'])} of acts, "
        f"{wording.reviewed_through(edition['reviewed_through'])}, "
        f"edition {edition['edition'][:12]}. "
        "Nothing recorded does not mean that nothing exists."
    )
    credit = (
        "Boundaries: Natural Earth; US Census Bureau. Boundaries imply no position on sovereignty."
    )
    figure.text(_LEFT, 0.19 / height, note, fontsize=6.5, color=FAINT)
    figure.text(_LEFT, 0.07 / height, credit, fontsize=6.5, color=FAINT)
