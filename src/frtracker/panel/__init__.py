"""A table of subject × period: who was under a rule, for which part of each month, quarter or year.

Pure: tables in, table out, no clock. Every number comes from ``timeline.positions`` (reading
``own``) or from the layers of :mod:`frtracker.layers` combined (reading ``all``): days are counted
by the overlap of intervals, never one by one. The columns are documented in ``docs/panel.md``.
"""

from frtracker.panel.exposure import on_clock
from frtracker.panel.frame import PROHIBITING, panel, periods_between, sensitivity

__all__ = ["PROHIBITING", "on_clock", "panel", "periods_between", "sensitivity"]
