"""The meaning of a day: rules → periods → positions, and what they say on one day.

Pure: tables in, tables out, no clock. The law it follows is "the meaning of a
day" in ``CODEBOOK.md``: half-open days; only adopted
and announced rows bind; what holds in every possible world is certain.
"""

from frtracker.timeline.build import Timeline, build
from frtracker.timeline.day import changes, next_changes, periods_on, positions_on, states_on
from frtracker.timeline.rules import Market

__all__ = [
    "Market",
    "Timeline",
    "build",
    "changes",
    "next_changes",
    "periods_on",
    "positions_on",
    "states_on",
]
