"""Figures of the record: rules in force, subject by subject, and in how many places; the map of a
day.

Pure: a timeline in, a file's content out; no clock, no window, no state of matplotlib's own (no
pyplot). The same input gives the same bytes under one version of matplotlib.
"""

from frtracker.pictures.canvas import Choice, TooLarge
from frtracker.pictures.figures import render

__all__ = ["Choice", "TooLarge", "render"]
