"""The map of the day on the first page: the United States as inline SVG, where every outline and
mark leads to its page. It needs no script."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from markupsafe import Markup

from frtracker import look, sheets, wording
from frtracker.answers.documents import Document
from frtracker.record.load import Tables
from frtracker.sheets import SHEETS, Numbers
from frtracker.timeline.rules import rank_of
from frtracker.vocabulary import MEASURES

_SHEET: Final[sheets.Name] = "us"
_GAP: Final = 6.5
"""Units of the sheet between marks: about 24 pixels where the picture is widest."""
_RADIUS: Final = 2.3, 3.2
"""Units: of the mark of one place, and of several."""


class _Look(NamedTuple):
    style: str
    text: str
    hatch: str = ""


def svg(tables: Tables, document: Document, actor: str, pages: Collection[str]) -> Markup:
    """``document``: the status of the day that lists everything; ``pages``: keys of the subjects
    that have a page. A mark of several places leads to the map."""
    sheet = SHEETS[_SHEET]
    west, south, east, north = sheet.box
    entries = {entry["subject_key"]: entry for entry in document["subjects"]}
    parts = [_hatch(code) for code in MEASURES if code != "none"]
    parts += _outlines(tables, entries, actor, pages)
    for frame in (*sheet.frames[1:], sheet.enlarged):
        if frame:
            left, bottom, right, top = frame.box
            box = left - west, north - top, right - left, top - bottom
            parts.append(_RECTANGLE.format(*box))
    parts += _marks(tables, entries, actor)
    label = f"Rules for {wording.actors([actor])} by state and city"
    return _PICTURE.format(east - west, north - south, label, Markup("\n").join(parts))


_PICTURE: Final = Markup('<svg viewBox="0 0 {:g} {:g}" role="group" aria-label="{}">\n{}\n</svg>')
_RECTANGLE: Final = Markup('<rect class="frame" x="{:g}" y="{:g}" width="{:g}" height="{:g}"/>')
_CIRCLE: Final = Markup('<circle class="{}"{} cx="{:.1f}" cy="{:.1f}" r="{}"/>')
_NUMBER: Final = Markup('<text class="letter {}" x="{:.1f}" y="{:.1f}">{}</text>')


def _hatch(code: str) -> Markup:
    return Markup(
        '<pattern id="hatch-{0}" width="1.5" height="1.5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="is-{0}" width=".7" height="1.5"/></pattern>'
    ).format(code)


def _outlines(
    tables: Tables, entries: Mapping[str, Document], actor: str, pages: Collection[str]
) -> Iterator[Markup]:
    searched = {*tables.searches.loc[tables.searches["level"] == "state", "region"]}
    for layer in ("states", "enlarged"):
        rings = sheets.outlines(_SHEET, layer)
        for shape in sheets.topology(_SHEET)["objects"][layer]["geometries"]:
            code, name = shape["properties"]["code"], shape["properties"]["name"]
            key, bare = code.lower(), "searched" if code in searched else "unsearched"
            blank = _Look(f"is-{bare}", look.CATEGORIES[bare].label)
            style, text, hatch = _look(entries.get(key), actor) or blank
            path = Markup('<path class="{}"{} d="{}"/>').format(style, hatch, _path(rings[code]))
            yield _linked(path, f"subjects/{key}.html" * (key in pages), f"{name}: {text}")


def _look(entry: Document | None, actor: str) -> _Look | None:
    """How a subject looks to a reader who asks about the actor; None before any act of it."""
    if entry is None:
        return None
    own = entry["positions"][actor]
    if own and (own["measure"] != "none" or not own["certain"]):
        style = look.classes(own["measure"], own["scope"], certain=own["certain"])
        hatch = Markup(' fill="url(#hatch-{})"').format(own["measure"])
        return _Look(style, wording.positions({actor: own}), hatch * (own["scope"] == "narrow"))
    others = {a: it for a, it in entry["positions"].items() if it and it["measure"] != "none"}
    name = "others" if others else "none"
    return _Look(f"is-{name}", wording.positions(others) or look.CATEGORIES[name].label)


def _marks(tables: Tables, entries: Mapping[str, Document], actor: str) -> Iterator[Markup]:
    """Circles for what has no outline and a rule for the actor; those that would touch are one."""
    west, _, east, north = SHEETS[_SHEET].box
    rows = tables.subjects
    rows = rows[(rows["country"] == "US") & rows["subject_key"].isin(list(entries))]
    rows = rows[~rows["subject_type"].isin(["country", "state"]) & (rows["region"] != "")]
    spots = sheets.spots(rows["longitude"], rows["latitude"], rows["country"], rows["region"])
    found = []
    for key, own in zip(rows["subject_key"], spots, strict=True):
        position = entries[key]["positions"][actor]
        if position and (position["measure"] != "none" or not position["certain"]):
            rank = rank_of(position["measure"], general=position["scope"] != "narrow")
            found += [(-rank, key, spot) for spot in own if west <= spot[0] <= east]
    found.sort()
    for group in sheets.clusters([spot for _, _, spot in found], _GAP):
        members = [entries[found[number][1]] for number in group]
        style, text, hatch = _look(members[0], actor) or _Look("", "")
        x, y = found[group[0]][2]
        x, y = x - west, north - y
        many = len(members) > 1
        mark = _CIRCLE.format(style, hatch, x, y, _RADIUS[many])
        names = wording.listed([wording.label(each) for each in members])
        if many:
            mark += _NUMBER.format(style, x, y + 1.2, len(members))
            yield _linked(mark, "map.html", f"{len(members)} places: {names}")
        else:
            yield _linked(mark, f"subjects/{members[0]['subject_key']}.html", f"{names}: {text}")


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
