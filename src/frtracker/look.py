"""How positions look on the page, the site and in pictures: one table, read from the colours and
letters of the vocabulary, so that a new measure has its look when it has a colour."""

from __future__ import annotations

from typing import Final

from frtracker.vocabulary import MEASURES

CATEGORIES: Final = {
    "none": "acts on record, no rule in force",
    "searched": "searched, nothing found",
    "unsearched": "not searched",
    "scheduled": "adopted, not yet in effect",
    "uncertain": "uncertain",
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

DARK_INK: Final = "#16130c"
_DARK: Final = 0.18  # relative luminance (WCAG 2.2) up to which white is read better than black


def style(*, patterns: bool = False) -> str:
    """CSS for every measure: its colours, light and dark, the ink of its letter; with ``patterns``
    the hatching that the map defines as ``#hatch-…`` too."""
    light = "".join(f"--{code}:{term.colour};" for code, term in MEASURES.items())
    dark = "".join(f"--{code}:{term.dark_colour};" for code, term in MEASURES.items())
    hatch = ";--pattern:url(#hatch-{})" if patterns else ""
    looks = "".join(
        f".is-{code}{{--colour:var(--{code}){hatch.format(code)}}}"
        f".letter.is-{code}{{--on:{ink(term.colour)}}}"
        for code, term in MEASURES.items()
    )
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{looks}"


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
