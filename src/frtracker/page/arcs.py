"""Borders as short texts: each step of an arc in Google's encoded polyline notation.

A number is doubled (a negative one turned over), cut into groups of five bits, low ones first,
all but the last marked by a sixth bit, and each group plus 63 is one ASCII character.
https://developers.google.com/maps/documentation/utilities/polylinealgorithm
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any


def packed(topology: dict[str, Any]) -> dict[str, Any]:
    """The topology with every arc (its first point, then steps) as one text."""
    return {**topology, "arcs": [encoded(arc) for arc in topology["arcs"]]}


def encoded(arc: Sequence[Sequence[int]]) -> str:
    """One arc as a text of ASCII characters."""
    return "".join([_number(value) for point in arc for value in point])


@cache
def _number(value: int) -> str:
    """Few numbers, over and over: most steps are short."""
    rest = ~(value << 1) if value < 0 else value << 1
    groups = []
    while rest >= 0x20:
        groups.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    return "".join([*groups, chr(rest + 63)])
