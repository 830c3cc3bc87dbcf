"""Rules over time as a picture: inline SVG, a bar for each actor, the colors of the measures.

Positions across are percentages, so that the picture is as wide as its page and its letters keep
their size; the style sheet of the site has its colors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from frtracker import wording
from frtracker.dates import in_words
from frtracker.site.lists import Spell
from frtracker.vocabulary import ACTORS

_FIRST_YEAR: Final = 2019
_YEARS_AHEAD: Final = 2
_LABELS: Final = 6
"""Years named on the axis, about."""
_ROW, _BAR, _AXIS, _THIN = 44, 16, 20, 4

_SVG: Final = Markup(
    '<svg class="over-time" role="img" aria-labelledby="over-time-text" width="100%"'
    ' height="{height}">\n<title id="over-time-text">{text}</title>\n{inside}\n</svg>'
)
_PATTERN: Final = Markup(
    '<pattern id="some-{code}" width="5" height="5" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect class="is-{code}" width="2.5" height="5"/></pattern>'
)
_RECT: Final = Markup(
    '<rect class="{look}" x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{height}"{fill}>'
    "<title>{text}</title></rect>"
)
_LINE: Final = Markup('<line class="{look}" x1="{x:.2f}%" x2="{x:.2f}%" y1="{y}" y2="{end}"/>')
_LABEL: Final = Markup('<text class="{look}" x="{x:.2f}%" y="{y}"{anchor}>{text}</text>')


def picture(past: Iterable[tuple[Sequence[Spell], Sequence[str]]], day: date) -> Markup:
    """The picture of all positions of one subject, with a line for ``day``; '' of none. ``past``:
    see :func:`frtracker.site.lists.past_positions`."""
    by_actor = {actor: spells for spells, actors in past for actor in actors}
    rows = [(actor, by_actor[actor]) for actor in ACTORS if actor in by_actor]
    if not rows:
        return Markup()
    known = [spell.first for _, spells in rows for spell in spells if spell.first]
    first = min([_FIRST_YEAR, *(start.year for start in known)])
    last = min(
        max(day.year + _YEARS_AHEAD, *(start.year + 1 for start in known), first), date.max.year
    )
    start, end = date(first, 1, 1), date(last, 12, 31)

    def across(at: date) -> float:
        return 100 * (min(max(at, start), end) - start).days / (end - start).days

    height = _ROW * len(rows) + _AXIS
    now = across(day)
    drawn = [_patterns(rows)]
    if now < 100:
        future = {"y": 0, "height": height - _AXIS, "fill": ""}
        text = f"As decided by {in_words(day)}"
        drawn.append(_RECT.format(look="future", x=now, width=100 - now, text=text, **future))
    step = -(-(last - first + 1) // _LABELS)
    for year in range(first, last + 1, step):
        x = across(date(year, 1, 1))
        drawn.append(_LINE.format(look="grid", x=x, y=0, end=height - _AXIS))
        drawn.append(_LABEL.format(look="year", x=x, y=height - 4, anchor="", text=year))
    for number, (actor, spells) in enumerate(rows):
        top = _ROW * number
        name = wording.actors([actor], whole=True)
        drawn.append(_LABEL.format(look="name", x=0, y=top + 16, anchor="", text=name))
        for spell in spells:
            x, stop = across(spell.first or start), across(spell.last or end)
            thick = _THIN if "is-none" in spell.look else _BAR
            code = spell.look.split()[0].removeprefix("is-")
            drawn.append(
                _RECT.format(
                    look=f"bar {spell.look}",
                    x=x,
                    y=top + 24 + (_BAR - thick) / 2,
                    width=max(stop - x, 0.2),
                    height=thick,
                    fill=Markup(' fill="url(#some-{})"').format(code) * _is_narrow(spell),
                    text=wording.spell(spell.text, spell.first, spell.last),
                )
            )
    if start <= day <= end:
        drawn.append(_LINE.format(look="today", x=now, y=0, end=height - _AXIS))
    texts = (
        f"{wording.actors([actor], whole=True)}: "
        + "; ".join(wording.spell(spell.text, spell.first, spell.last) for spell in spells)
        for actor, spells in rows
    )
    text = f"Rules over time. {'. '.join(texts)}."
    return _SVG.format(height=height, text=text, inside=Markup("\n").join(drawn))


def _is_narrow(spell: Spell) -> bool:
    return "is-narrow" in spell.look


def _patterns(rows: Iterable[tuple[str, Sequence[Spell]]]) -> Markup:
    looks = {spell.look.split()[0] for _, spells in rows for spell in spells if _is_narrow(spell)}
    codes = sorted(look.removeprefix("is-") for look in looks)
    return Markup("<defs>{}</defs>").format(
        Markup("").join(_PATTERN.format(code=code) for code in codes)
    )
