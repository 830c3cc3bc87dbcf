"""One day of a timeline: slices of its tables, and what comes next."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.build import Timeline
from frtracker.timeline.days import Index


def _holds(first: pd.Series, past: pd.Series, day: date) -> Index:
    at = np.datetime64(day, "s")
    begun, gone = first.to_numpy() <= at, past.to_numpy() <= at
    return np.flatnonzero(begun & ~gone)


def positions_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.positions`` that hold on ``day``: at most one per subject and
    actor."""
    table = timeline.positions
    return table.take(_holds(table["start"], table["end"], day))


def periods_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.periods`` that hold on ``day``."""
    table = timeline.periods
    return table.take(_holds(table["start"], table["end"], day))


def states_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.states`` that hold on ``day``: one for each row of
    ``timeline.policies``, in its order, numbered from 0."""
    table = timeline.states
    chosen = table.take(_holds(table["valid_from"], table["valid_to"], day))
    return chosen.reset_index(drop=True)


def next_changes(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the first change after ``day`` of each subject and actor that has one.

    The columns of ``positions``, those of the new position, whose ``start`` is the day of the
    change. A hand-over inside a run is no change, and neither is the day on which a mere proposal
    is first listed.
    """
    table = timeline.positions
    starts = table["start"].to_numpy()
    later: Index = np.flatnonzero(starts > np.datetime64(day, "s"))
    before = np.maximum(later - 1, 0)
    fresh_pair, changed = later == 0, np.zeros(len(later), dtype=bool)
    for name in ("subject_key", "actor"):
        cells = table[name].to_numpy()
        fresh_pair |= cells[later] != cells[before]
    for name in ("measure", "scope", "certain", "at_least_measure", "at_least_scope"):
        cells = table[name].to_numpy()
        changed |= cells[later] != cells[before]
    held = table["measure"].to_numpy()[later] != "none"
    coming = table.take(later[np.where(fresh_pair, held, changed)])
    return coming.drop_duplicates(["subject_key", "actor"])
