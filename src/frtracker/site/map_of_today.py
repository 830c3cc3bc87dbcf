"""The map of the day on the first page: the United States as inline SVG, where every outline and
mark leads to its page. It needs no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import cos, sin, tau
from typing import Final

from markupsafe import Markup

from frtracker import look, sheets, wording
from frtracker.answers.documents import Document
from frtracker.answers.marks import (
    Circle,
    Mark,
    circles,
    for_others,
    law_searched,
    marks_of,
    outlines_of,
)
from frtracker.record.load import Tables
from frtracker.sheets import SHEETS, Numbers
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES

_SHEET: Final[sheets.Name] = "us"
_GAP: Final = 6.5
"""Units of the sheet between marks: about 24 pixels where the picture is widest."""
_RADIUS: Final = 2.3, 3.7
"""Units: of the mark of one place, and of several."""
_RING: Final = 3.0
"""Units: the radius of the ring in a mark of several; the style sheet has its width."""


def svg(tables: Tables, document: Document, actor: str, pages: Collection[str]) -> Markup:
    """``document``: the status of the day that lists everything; ``pages``: keys of the subjects
    that have a page. A mark of several places leads to the map."""
    sheet = SHEETS[_SHEET]
    west, south, east, north = sheet.box
    entries = {entry["subject_key"]: entry for entry in document["subjects"]}
    parts = [_hatch(code) for code in MEASURES if code != "none"]
    marks = marks_of(document, [actor])
    parts += _outlines(tables, entries, marks, actor, pages)
    for frame in (*sheet.frames[1:], sheet.enlarged):
        if frame:
            left, bottom, right, top = frame.box
            box = left - west, north - top, right - left, top - bottom
            parts.append(_RECTANGLE.format(*box))
    for circle in circles(tables, marks, _SHEET, _GAP):
        parts.append(_circle(circle, [entries[key] for key in circle.keys], marks, actor))
    label = f"Rules for {wording.actors([actor])} by state and city"
    return _PICTURE.format(east - west, north - south, label, Markup("\n").join(parts))


_PICTURE: Final = Markup('<svg viewBox="0 0 {:g} {:g}" role="group" aria-label="{}">\n{}\n</svg>')
_RECTANGLE: Final = Markup('<rect class="frame" x="{:g}" y="{:g}" width="{:g}" height="{:g}"/>')
_CIRCLE: Final = Markup('<circle class="{}"{} cx="{:.1f}" cy="{:.1f}" r="{}"/>')
_SEVERAL: Final = Markup('<circle class="several" cx="{:.1f}" cy="{:.1f}" r="{}"/>')
_ARC: Final = Markup('<path class="arc {}"{} d="{}"/>')
_NUMBER: Final = Markup('<text class="several" x="{:.1f}" y="{:.1f}">{}</text>')


def _hatch(code: str) -> Markup:
    return Markup(
        '<pattern id="hatch-{0}" width="1.5" height="1.5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="is-{0}" width=".7" height="1.5"/></pattern>'
    ).format(code)


def _outlines(
    tables: Tables,
    entries: Mapping[str, Document],
    marks: Mapping[str, Mark],
    actor: str,
    pages: Collection[str],
) -> Iterator[Markup]:
    searched = law_searched(tables.searches)
    for it in outlines_of(tables, marks, _SHEET):
        bare = "searched" if it.code in searched else "unsearched"
        style, hatch, name, text = f"is-{bare}", "", it.name, look.CATEGORIES[bare].label
        if it.key in marks:
            style, hatch = _style(marks[it.key])
            name, text = wording.label(entries[it.key]), _text(entries[it.key], actor)
        path = Markup('<path class="{}"{} d="{}"/>').format(style, hatch, _path(it.rings))
        yield _linked(path, f"subjects/{it.key}.html" * (it.key in pages), f"{name}: {text}")


def _style(mark: Mark) -> tuple[str, str]:
    """The class of a mark, and the filling of a rule for some uses."""
    measure, scope = RANKED[mark.rank]
    if mark.is_for_others:
        return "is-others", ""
    hatch = Markup(' fill="url(#hatch-{})"').format(measure) if scope == "narrow" else ""
    return look.classes(measure, scope, certain=mark.certain), hatch


def _text(entry: Document, actor: str) -> str:
    """What is in force for the actor, else for others, else that nothing is."""
    own = entry["positions"][actor]
    if own and (own["measure"] != "none" or not own["certain"]):
        return wording.positions({actor: own})
    others = for_others(entry["positions"], [actor])
    return wording.positions(others) or look.CATEGORIES["none"].label


def _circle(
    circle: Circle, members: Sequence[Document], marks: Mapping[str, Mark], actor: str
) -> Markup:
    west, _, _, north = SHEETS[_SHEET].box
    x, y = circle.spot[0] - west, north - circle.spot[1]
    names = wording.listed([wording.label(each) for each in members])
    if len(members) > 1:
        own = [marks[key] for key in circle.keys]
        drawn = _SEVERAL.format(x, y, _RADIUS[1]) + _ring(own, x, y)
        drawn += _NUMBER.format(x, y + 1.2, len(members))
        text = f"{len(members)} places: {_numbers(own)} ({names})"
        return _linked(drawn, "map.html", text)
    style, hatch = _style(circle.mark)
    drawn = _CIRCLE.format(style, hatch, x, y, _RADIUS[0])
    target = f"subjects/{members[0]['subject_key']}.html"
    return _linked(drawn, target, f"{names}: {_text(members[0], actor)}")


def _ring(marks: Sequence[Mark], x: float, y: float) -> Markup:
    """An arc for each look, as long as its share of the places, clockwise from the top."""
    styles = Counter(_style(mark) for mark in marks)
    turn, arcs = 0.0, []
    for (style, hatch), number in styles.items():
        part = number / len(marks)
        # a whole ring has no two ends: it is drawn as two halves
        stops = [turn + part / 2, turn + part]
        points = [(x + _RING * sin(tau * at), y - _RING * cos(tau * at)) for at in (turn, *stops)]
        (first_x, first_y), *rest = points
        path = f"M{first_x:.2f} {first_y:.2f}" + "".join(
            f"A{_RING:g} {_RING:g} 0 0 1 {to_x:.2f} {to_y:.2f}" for to_x, to_y in rest
        )
        arcs.append(_ARC.format(style, hatch.replace(" fill=", " stroke="), path))
        turn += part
    return Markup("").join(arcs)


def _numbers(marks: Sequence[Mark]) -> str:
    """``6 bans, 3 oversight rules, 1 limited to some uses``: what the places have."""
    return wording.joined(
        wording.counted(kind, number) for kind, number in Counter(map(_kind, marks)).items()
    )


def _kind(mark: Mark) -> str:
    measure, scope = RANKED[mark.rank]
    if mark.is_for_others or not mark.certain:
        return "others" if mark.is_for_others else "uncertain"
    return "narrow" if scope == "narrow" else measure


def _linked(drawing: Markup, target: str, text: str) -> Markup:
    drawn = Markup("<g>{}<title>{}</title></g>").format(drawing, text)
    return Markup('<a href="{}">{}</a>').format(target, drawn) if target else drawn


def _path(rings: tuple[Numbers, ...]) -> str:
    """Rings as the path of an SVG, y down, in tenths of a unit."""
    west, _, _, north = SHEETS[_SHEET].box
    parts = []
    for ring in rings:
        points = [f"{x - west:.1f} {north - y:.1f}" for x, y in ring[:-1]]
        kept = dict.fromkeys(points)
        if len(kept) > 2:
            parts.append(f"M{'L'.join(kept)}Z")
    return "".join(parts)
