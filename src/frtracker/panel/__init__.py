"""A table of subject × period: who was bound, for which part of each month, quarter or year.

Pure: tables in, table out, no clock. Every number comes from the stretches of
``timeline.positions`` (reading ``own``) or from the layers of
:mod:`frtracker.layers` folded together (reading ``all``): days are counted by
the overlap of intervals, never one by one. The columns are told in
``docs/panel.md``.
"""

from frtracker.panel.frame import PROHIBITING, panel
from frtracker.panel.holding import CLOCKS, READINGS, on_clock
from frtracker.panel.sensitivity import sensitivity
from frtracker.panel.spans import FREQUENCIES, Span, spans
from frtracker.panel.units import LEVELS

__all__ = [
    "CLOCKS",
    "FREQUENCIES",
    "LEVELS",
    "PROHIBITING",
    "READINGS",
    "Span",
    "on_clock",
    "panel",
    "sensitivity",
    "spans",
]
