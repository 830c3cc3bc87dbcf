"""The meaning of a day: rules → periods → positions, and their slice on one day.

Pure: tables in, tables out, no clock. It implements "The meaning of a day" of ``CODEBOOK.md``:
half-open days; only adopted and announced rows can be in force; a rule in force in every
possible world is certain. A day is a slice of the tables.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.build import Timeline, build
from frtracker.timeline.days import Index, turns
from frtracker.timeline.rules import Market

__all__ = ["Market", "Timeline", "build"]


def rows_on(table: pd.DataFrame, day: date) -> Index:
    """Return the indexes of the rows of a table of the timeline that cover ``day``."""
    at = np.datetime64(day, "s")
    begun, gone = (table[name].to_numpy() <= at for name in ("valid_from", "valid_to"))
    return np.flatnonzero(begun & ~gone)


def positions_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.positions`` that cover ``day``: at most one per subject and
    actor."""
    return timeline.positions.take(rows_on(timeline.positions, day))


def periods_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.periods`` that cover ``day``."""
    return timeline.periods.take(rows_on(timeline.periods, day))


def states_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the rows of ``timeline.states`` that cover ``day``: one for each row of
    ``timeline.policies``, in its order, numbered from 0."""
    return timeline.states.take(rows_on(timeline.states, day)).reset_index(drop=True)


def changes(timeline: Timeline) -> pd.DataFrame:
    """Return the rows of ``timeline.positions`` with which a position becomes another.

    Neither a handover inside a run nor the day on which a proposal is first listed is a change.
    """
    table = timeline.positions
    pair = turns(*(table[name].to_numpy() for name in ("subject_key", "actor")))
    face = ("measure", "scope", "certain", "at_least_measure", "at_least_scope")
    changed = turns(*(table[name].to_numpy() for name in face))
    held = (table["measure"] != "none").to_numpy()
    return table.take(np.flatnonzero(np.where(pair, held, changed)))


def next_changes(timeline: Timeline, day: date) -> pd.DataFrame:
    """Return the first of the :func:`changes` after ``day`` of each subject and actor that has
    one: the new position, whose ``valid_from`` is the day of the change."""
    table = changes(timeline)
    coming = table.take(np.flatnonzero(table["valid_from"].to_numpy() > np.datetime64(day, "s")))
    return coming.drop_duplicates(["subject_key", "actor"])
