"""How positions look on the page, the site and in pictures: one table, read from the colours and
letters of the vocabulary, so that a new measure has its look when it has a colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frtracker.vocabulary import MEASURES, Term

CATEGORIES: Final[Mapping[str, Term]] = {
    term.code: term
    for term in (
        Term(
            "narrow",
            "Rules are in force, each for some uses only, such as body cameras or one product.",
            label="limited to some uses",
        ),
        Term(
            "uncertain",
            "A rule may be in force: a date is known only roughly, or an act is not established.",
        ),
        Term(
            "scheduled",
            "A rule is adopted and begins on a later day.",
            label="adopted, not yet in effect",
        ),
        Term(
            "others",
            "Nothing is in force for the chosen users, but a rule for others is.",
            label="rules for others only",
        ),
        Term(
            "none",
            "Acts are on record (bills that failed, rules that ended), and none is in force.",
            label="no rule in force",
        ),
        Term(
            "searched",
            "States and countries whose law was searched: no act of their own was found. That does"
            " not show that there is none.",
            label="no act, law searched",
        ),
        Term(
            "unsearched",
            "States and countries without an act on record, whose law was not searched.",
            label="no act, law not searched",
        ),
    )
}
"""What legends show besides the measures."""

TERMINAL: Final = {
    "ban": "bold red",
    "moratorium": "bold yellow",
    "withdrawal": "bold magenta",
    "restriction": "bold blue",
    "oversight": "bold green",
    "uncertain": "bold cyan",
}
"""Words in a terminal, from the strictest: its own eight colours."""

STRICTEST: Final = next(iter(MEASURES.values())).colour

DARK_INK: Final = "#16130c"
_DARK: Final = 0.18  # relative luminance (WCAG 2.2) up to which white is read better than black


def style(*, patterns: bool = False) -> str:
    """CSS for every measure: its colours, light and dark, the ink of its letter; with ``patterns``
    the hatching that the map defines as ``#hatch-…`` too."""

    def palette(name: str) -> str:
        terms = MEASURES.items()
        colors = "".join(f"--{code}:{getattr(term, name)};" for code, term in terms)
        letters = "".join(
            f".letter.is-{code}{{--on:{ink(getattr(term, name))}}}" for code, term in terms
        )
        return f":root{{{colors}}}{letters}"

    hatch = ";--pattern:url(#hatch-{})" if patterns else ""
    looks = "".join(f".is-{it}{{--color:var(--{it}){hatch.format(it)}}}" for it in MEASURES)
    dark = f"@media (prefers-color-scheme:dark){{{palette('dark_colour')}}}"
    return f"{palette('colour')}{dark}{looks}"


def classes(measure: str, scope: str | None, *, certain: bool) -> str:
    """Style classes of a position: ``is-ban is-narrow is-uncertain``."""
    narrow = " is-narrow" if scope == "narrow" else ""
    return f"is-{measure}{narrow}{'' if certain else ' is-uncertain'}"


def ink(colour: str) -> str:
    """White or black, whichever is read better on the colour (relative luminance, WCAG 2.2)."""
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return "#fff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < _DARK else DARK_INK


def mixed(colour: str, share: float) -> str:
    """Mix ``share`` of the colour with white."""
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in _parts(colour))


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
