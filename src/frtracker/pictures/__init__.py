"""Figures of the record: what held when, subject by subject, and in how many places.

Pure: a timeline in, a file's content out; no clock, no window, no state of
matplotlib's own (no pyplot). The same input gives the same bytes under one
version of matplotlib. The library is imported when a figure is drawn.
"""

from frtracker.pictures.files import KINDS, render
from frtracker.pictures.selection import Choice
from frtracker.pictures.style import TooLarge

__all__ = ["KINDS", "Choice", "TooLarge", "render"]
