"""How matplotlib draws a position: colour, pattern, outline, letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from frtracker.look import DARK_INK, ink, mixed
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES

INK: Final = "#2b2b2b"
FAINT: Final = "#6b6b6b"
LINE: Final = "#d9d6cf"
BAND: Final = "#f5f3ee"
SOME_USES: Final = "some uses only"

BLANKS: Final[dict[str, dict[str, Any]]] = {
    "none": {"facecolor": MEASURES["none"].colour, "hatch": "....", "edgecolor": "#a9a294"},
    "searched": {"facecolor": "#faf8f4", "hatch": "///", "edgecolor": "#cdc8bb"},
    "unsearched": {"facecolor": "#faf8f4", "edgecolor": "#cdc8bb"},
}
"""Places without a rule in force: the arguments of a matplotlib patch."""


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a position. ``rank``: its place in ``RANKED``; 0 is no rule in force or, of an
    uncertain one, any."""

    rank: int
    certain: bool = True

    @property
    def measure(self) -> str:
        return RANKED[self.rank][0]

    @property
    def narrow(self) -> bool:
        return RANKED[self.rank][1] == "narrow"

    @property
    def colour(self) -> str:
        return MEASURES[self.measure].colour if self.rank else FAINT

    @property
    def label(self) -> str:
        if not self.rank and not self.certain:
            return "uncertain"
        return MEASURES[self.measure].label + (f" ({SOME_USES})" if self.narrow else "")

    @property
    def letter(self) -> str:
        return MEASURES[self.measure].letter if self.certain else "?"

    @property
    def ink(self) -> str:
        """The colour of the letter on it."""
        plain = self.certain and not self.narrow and self.rank
        return ink(self.colour) if plain else DARK_INK

    @property
    def patch(self) -> dict[str, Any]:
        """Arguments of a matplotlib patch."""
        if not self.rank and self.certain:
            return {**BLANKS["none"], "linewidth": 0.5}
        return patch(self.colour, narrow=self.narrow, certain=self.certain)


UNCERTAIN: Final = Look(0, certain=False)
"""Any uncertain position, whatever it may be."""


def patch(colour: str, *, narrow: bool = False, certain: bool = True) -> dict[str, Any]:
    """Arguments of a matplotlib patch: hatched where only some uses are covered, pale with a
    broken outline where uncertain."""
    return {
        "facecolor": "white" if narrow else mixed(colour, 1 if certain else 0.35),
        "hatch": "//////" if narrow else None,
        "hatchcolor": mixed(colour, 1 if certain else 0.5),
        "edgecolor": colour if certain else INK,
        "linewidth": 0.6,
        "linestyle": "solid" if certain else (0, (2.2, 1.6)),
    }
