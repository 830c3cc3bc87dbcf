"""Days as the engine counts them, and the days on which a row starts, is listed, is known.

Days are ordinals (``datetime.date.toordinal``) in int64 arrays; a day that is known only as a
range has ``low < high``, both included. ``OPEN`` stands for a day that never comes.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.vocabulary import BINDING_STATUSES

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

OPEN: Final = 4_000_000  # beyond date.max.toordinal() = 3_652_059


def horizon(known_at: date | None) -> int:
    """The last day of which a reader on ``known_at`` has heard; ``OPEN`` without it."""
    return OPEN if known_at is None else known_at.toordinal()


def recorded_days(policies: pd.DataFrame, column: str) -> tuple[Days, Days]:
    return (
        policies[f"{column}_low"].to_numpy(np.int64),
        policies[f"{column}_high"].to_numpy(np.int64),
    )


def start_days(policies: pd.DataFrame) -> tuple[Days, Days, Flags]:
    """First and last possible day on which each row begins (0, 0 where neither date is recorded),
    and whether the start is presumed from the decision.

    A decision comes before the start in every world, so a partial start is cut at the first
    possible day of the decision; a start that certainly lies before it is retroactive and stands.
    """
    decided_low, decided_high = recorded_days(policies, "decided_on")
    low, high = recorded_days(policies, "effective_on")
    presumed = high == 0
    low = np.where((decided_low > low) & (decided_low <= high), decided_low, low)
    return (
        np.where(presumed, decided_low, low),
        np.where(presumed, decided_high, high),
        presumed & (decided_high > 0),
    )


def _first_known(policies: pd.DataFrame, column: str) -> Days:
    low, high = recorded_days(policies, column)
    return np.where(low == date.min.toordinal(), high, low)


def listed_days(policies: pd.DataFrame, known_at: int) -> Days:
    """The first day on which each row is listed at all; ``OPEN`` for a row not known at
    ``known_at`` (a :func:`horizon`). A row with no day but that of its review is listed from then.

    Of ``/B`` (on B at the latest) no first day is known: a row introduced or decided then is
    listed from B, or from the first day on which its rule may hold.
    """
    introduced = _first_known(policies, "introduced_on")
    start, _, _ = start_days(policies)
    start = np.where(policies["status"].isin(BINDING_STATUSES), start, 0)
    learned, _ = knowledge_days(policies)
    first = np.full(len(policies), OPEN, dtype=np.int64)
    for days in (introduced, _first_known(policies, "decided_on"), start):
        first = np.where(days > 0, np.minimum(first, days), first)
    reviewed, _ = recorded_days(policies, "reviewed_on")
    undated = first == OPEN
    first = np.where(undated, reviewed, first)
    learned = np.where(undated, reviewed, learned)
    only_introduced = np.where(introduced > 0, introduced, OPEN)
    first = np.where(learned <= known_at, first, only_introduced)
    return np.where(np.minimum(learned, only_introduced) <= known_at, first, OPEN)


def knowledge_days(policies: pd.DataFrame) -> tuple[Days, Days]:
    """Between which days a reader of the world learned that the row was decided: its decision,
    or its start where no decision is recorded; ``OPEN`` where neither is (a pending proposal)."""
    low, high = recorded_days(policies, "decided_on")
    start_low, start_high, _ = start_days(policies)
    undecided = high == 0
    # decided before its start in every world, so known at the latest when it begins
    bounded = (start_high >= low) & (start_high > 0)
    high = np.where(bounded, np.minimum(high, start_high), high)
    low = np.where(undecided, start_low, low)
    high = np.where(undecided, start_high, high)
    never = high == 0
    return np.where(never, OPEN, low), np.where(never, OPEN, high)
