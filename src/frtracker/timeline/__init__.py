"""The meaning of a day: rules → periods → positions, and what they say on one day.

Pure: tables in, tables out, no clock. The law it follows is "the meaning of a
day" in ``CODEBOOK.md``: half-open days; only adopted
and announced rows bind; what holds in every possible world is certain.
"""

from frtracker.timeline.day import next_changes, positions_on, states_on
from frtracker.timeline.events import events
from frtracker.timeline.markets import Market
from frtracker.timeline.positions import Timeline, build
from frtracker.timeline.standing import Standing, standing, standing_on

__all__ = [
    "Market",
    "Standing",
    "Timeline",
    "build",
    "events",
    "next_changes",
    "positions_on",
    "standing",
    "standing_on",
    "states_on",
]
