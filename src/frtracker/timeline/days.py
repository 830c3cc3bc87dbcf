"""Days as the engine counts them, and the days on which a row starts, is listed, is known.

Days are ordinals (``datetime.date.toordinal``) in int64 arrays; a day that is known only as a
range has ``low < high``, both included. ``OPEN`` stands for a day that never comes.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class RowDays:
    """Days of every row of the policies, arrays of one length.

    ``start_low``, ``start_high``: between which days it begins (0, 0 where neither its start nor
    its decision is recorded), ``start_presumed`` from the decision. ``learned_low``,
    ``learned_high``: between which days a reader of the world learned that it was decided; ``OPEN``
    for a pending proposal. ``listed_from``: the first day on which it is listed at all; ``OPEN``
    for a row not known yet.
    """

    start_low: Days
    start_high: Days
    start_presumed: Flags
    learned_low: Days
    learned_high: Days
    listed_from: Days


def row_days(policies: pd.DataFrame, known_at: int) -> RowDays:
    """Read the days of the typed ``policies`` table, as known on ``known_at`` (a
    :func:`horizon`)."""
    decided = recorded_days(policies, "decided_on")
    low, high, presumed = _start(decided, recorded_days(policies, "effective_on"))
    learned_low, learned_high = _learned(decided, low, high)
    binds = policies["status"].isin(BINDING_STATUSES).to_numpy()
    listed = _listed(policies, np.where(binds, low, 0), learned_low, known_at)
    return RowDays(low, high, presumed, learned_low, learned_high, listed)


def _start(decided: tuple[Days, Days], effective: tuple[Days, Days]) -> tuple[Days, Days, Flags]:
    """A decision comes before the start in every world, so a partial start is cut at the first
    possible day of the decision; a start that certainly lies before it is retroactive and
    stands."""
    (decided_low, decided_high), (low, high) = decided, effective
    presumed = high == 0
    low = np.where((decided_low > low) & (decided_low <= high), decided_low, low)
    return (
        np.where(presumed, decided_low, low),
        np.where(presumed, decided_high, high),
        presumed & (decided_high > 0),
    )


def _learned(decided: tuple[Days, Days], start_low: Days, start_high: Days) -> tuple[Days, Days]:
    """By its decision, or by its start where no decision is recorded."""
    low, high = decided
    undecided = high == 0
    # decided before its start in every world, so known at the latest when it begins
    bounded = (start_high >= low) & (start_high > 0)
    high = np.where(bounded, np.minimum(high, start_high), high)
    low = np.where(undecided, start_low, low)
    high = np.where(undecided, start_high, high)
    never = high == 0
    return np.where(never, OPEN, low), np.where(never, OPEN, high)


def _listed(policies: pd.DataFrame, start: Days, learned: Days, known_at: int) -> Days:
    """``start``: of rules that bind, 0 for others. A row with no day but that of its review is
    listed from then.

    Of ``/B`` (on B at the latest) no first day is known: a row introduced or decided then is
    listed from B, or from the first day on which its rule may hold.
    """
    introduced = _first_known(policies, "introduced_on")
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


def _first_known(policies: pd.DataFrame, column: str) -> Days:
    low, high = recorded_days(policies, column)
    return np.where(low == date.min.toordinal(), high, low)
