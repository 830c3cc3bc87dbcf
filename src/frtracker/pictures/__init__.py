"""Figures of the record: rules in force, subject by subject, and in how many places; the map of a
day.

Pure: a timeline in, a file's content out; no clock, no window, no state of matplotlib's own (no
pyplot). The same input gives the same bytes under one version of matplotlib.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Final

from frtracker.pictures import canvas, counts, spells
from frtracker.pictures.canvas import TooLarge
from frtracker.pictures.selection import Choice
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline

__all__ = ["Choice", "TooLarge", "render"]

_KINDS: Final = ("spells", "counts")


def render(
    timeline: Timeline,
    subjects: Mapping[str, Subject],
    choice: Choice,
    kind: str,
    format_name: str,
    *,
    credit: str = "",
) -> str | bytes:
    """The figure as ``svg`` or ``html`` (text), or ``png`` (bytes).

    ``kind``: ``spells`` or ``counts``. ``credit``: the small line below it. Raises
    ``ModuleNotFoundError`` without matplotlib, :class:`TooLarge` for a
    ``png`` of too many subjects.
    """
    if kind not in _KINDS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(_KINDS)}")
    with canvas.settings():
        if kind == "spells":
            drawn = spells.lanes(timeline, subjects, choice)
            figure, title = spells.draw(drawn, choice, credit), spells.title(choice)
            table = list(spells.rows(drawn))
        else:
            made = counts.steps(timeline, subjects, choice)
            figure, title = counts.draw(made, choice, credit), counts.title(choice)
            table = list(counts.rows(made))
        if format_name == "png":
            return canvas.saved(figure, "png", title)
        svg = canvas.saved(figure, "svg", title).decode("utf-8")
    return svg if format_name == "svg" else _page(svg, title, table, credit)


def _page(svg: str, title: str, table: Sequence[Sequence[str]], credit: str) -> str:
    """``table``: the headings, then the rows."""
    title, (head, *rows) = escape(title), table
    described = f'<svg role="img" aria-label="{title}; the table below says the same"'
    template = (files("frtracker") / "assets" / "figure.html").read_text(encoding="utf-8")
    return template.format(
        title=title,
        svg=svg[svg.index("<svg") :].rstrip().replace("<svg", described, 1),
        head="".join(f'<th scope="col">{escape(name)}</th>' for name in head),
        rows="\n".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        ),
        credit=escape(credit),
    )
