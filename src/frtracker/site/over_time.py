"""Rules over time as a picture: inline SVG, a bar for each actor, the colors of the measures.

Positions across are percentages, so that the picture is as wide as its page and its letters keep
their size; the style sheet of the site has its colors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
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
_TOP, _ROW, _BAR_AT, _BAR, _AXIS, _THIN = 18, 44, 24, 16, 20, 4
"""Pixels: the line with the word "today", a row, where in it its bar begins, the bar, the years, a
bar of no rule."""
_EDGE: Final = 4
"""Percent from a side within which a word is set beside its line, not on it."""

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


def picture(
    past: Iterable[tuple[Sequence[Spell], Sequence[str]]],
    day: date,
    presumed: Mapping[str, str | None] = MappingProxyType({}),
) -> Markup:
    """The picture of all positions of one subject, with a line for ``day``; '' of none. ``past``:
    see :func:`frtracker.site.lists.past_positions`; ``presumed``: the actors whose rule is assumed
    to continue on ``day``, with the day (ISO) on which it was last confirmed, if any: from then on
    its bar is lighter."""
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

    bottom = _TOP + _ROW * len(rows)
    height = bottom + _AXIS
    now = across(day)
    drawn = [_patterns(rows)]
    if now < 100:
        future = {"y": _TOP, "height": bottom - _TOP, "fill": ""}
        text = f"As decided by {in_words(day)}"
        drawn.append(_RECT.format(look="future", x=now, width=100 - now, text=text, **future))
    step = -(-(last - first + 1) // _LABELS)
    for year in range(first, last + 1, step):
        x = across(date(year, 1, 1))
        for number in range(len(rows)):  # between the names of the rows, which no line crosses
            at = _TOP + _ROW * number + _BAR_AT
            drawn.append(_LINE.format(look="grid", x=x, y=at - 3, end=at + _BAR + 3))
        drawn.append(_LABEL.format(look="year", x=x, y=height - 4, anchor="", text=year))
    for number, (actor, spells) in enumerate(rows):
        top = _TOP + _ROW * number
        name = wording.actors([actor], whole=True)
        drawn.append(_LABEL.format(look="name", x=0, y=top + 16, anchor="", text=name))
        for spell in spells:
            thick = _THIN if "is-none" in spell.look else _BAR
            code = spell.look.split()[0].removeprefix("is-")
            bar = {
                "y": top + _BAR_AT + (_BAR - thick) / 2,
                "height": thick,
                "fill": Markup(' fill="url(#some-{})"').format(code) * _is_narrow(spell),
            }
            text = wording.spell(spell.text, spell.first, spell.last)
            for begin, stop, assumed in _parts(spell, actor, day, presumed):
                x = across(begin or start)
                words = f"{text}; {wording.last_confirmed(presumed[actor])}" if assumed else text
                style = f"bar {spell.look}{' is-presumed' * assumed}"
                width = max(across(stop or end) - x, 0.2)
                drawn.append(_RECT.format(look=style, x=x, width=width, text=words, **bar))
    if start <= day <= end:
        drawn.append(_LINE.format(look="today", x=now, y=_TOP, end=bottom))
        side = "start" if now < _EDGE else "end" if now > 100 - _EDGE else "middle"
        anchor = Markup(' text-anchor="{}"').format(side)
        word = wording.TEMPLATES["today"]
        drawn.append(_LABEL.format(look="word", x=now, y=_TOP - 5, anchor=anchor, text=word))
    texts = (
        f"{wording.actors([actor], whole=True)}: "
        + "; ".join(wording.spell(spell.text, spell.first, spell.last) for spell in spells)
        for actor, spells in rows
    )
    text = f"Rules over time. {'. '.join(texts)}."
    return _SVG.format(height=height, text=text, inside=Markup("\n").join(drawn))


def _parts(
    spell: Spell, actor: str, day: date, presumed: Mapping[str, str | None]
) -> Iterator[tuple[date | None, date | None, bool]]:
    """First and last day of the parts of a spell, and whether it is only assumed to go on then."""
    first, last = spell.first or date.min, spell.last or date.max
    if actor not in presumed or not first <= day <= last:
        yield spell.first, spell.last, False
        return
    confirmed = max(first, date.fromisoformat(presumed[actor] or first.isoformat()))
    if confirmed > first:
        yield spell.first, confirmed, False
    yield confirmed, spell.last, True


def _is_narrow(spell: Spell) -> bool:
    return "is-narrow" in spell.look


def _patterns(rows: Iterable[tuple[str, Sequence[Spell]]]) -> Markup:
    looks = {spell.look.split()[0] for _, spells in rows for spell in spells if _is_narrow(spell)}
    codes = sorted(look.removeprefix("is-") for look in looks)
    return Markup("<defs>{}</defs>").format(
        Markup("").join(_PATTERN.format(code=code) for code in codes)
    )
