"""One day of a timeline: slices of its tables, and what comes next."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.build import Timeline
from frtracker.timeline.days import Index


def rows_on(table: pd.DataFrame, day: date) -> Index:
    """Return the places of the rows of a table of the timeline that hold on ``day``."""
    at = np.datetime64(day, "s")
    begun, gone = table["valid_from"].to_numpy() <= at, table["valid_to"].to_numpy() <= at
    return np.flatnonzero(begun & ~gone)


def positions_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.positions`` that hold on ``day``: at most one per subject and
    actor."""
    table = timeline.positions
    return table.take(rows_on(table, day))


def periods_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.periods`` that hold on ``day``."""
    table = timeline.periods
    return table.take(rows_on(table, day))


def states_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.states`` that hold on ``day``: one for each row of
    ``timeline.policies``, in its order, numbered from 0."""
    table = timeline.states
    chosen = table.take(rows_on(table, day))
    return chosen.reset_index(drop=True)


def changes(timeline: Timeline) -> pd.DataFrame:
    """Return the rows of ``timeline.positions`` with which a position becomes another.

    A hand-over inside a run is no change, and neither is the day on which a mere proposal is first
    listed.
    """
    table = timeline.positions
    fresh_pair, changed = (np.zeros(len(table), dtype=bool) for _ in range(2))
    fresh_pair[:1] = True
    for name in ("subject_key", "actor"):
        cells = table[name].to_numpy()
        fresh_pair[1:] |= cells[1:] != cells[:-1]
    for name in ("measure", "scope", "certain", "at_least_measure", "at_least_scope"):
        cells = table[name].to_numpy()
        changed[1:] |= cells[1:] != cells[:-1]
    held = table["measure"].to_numpy() != "none"
    return table.take(np.flatnonzero(np.where(fresh_pair, held, changed)))


def next_changes(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the first of the :func:`changes` after ``day`` of each subject and actor that has
    one: the new position, whose ``valid_from`` is the day of the change."""
    table = changes(timeline)
    coming = table.take(np.flatnonzero(table["valid_from"].to_numpy() > np.datetime64(day, "s")))
    return coming.drop_duplicates(["subject_key", "actor"])
