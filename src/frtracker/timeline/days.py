"""Days as the engine counts them, and the days on which a row starts, is listed, is known.

Days are ordinals (``datetime.date.toordinal``) in int64 arrays; a day that is known only as a
range has ``low < high``, both included. ``OPEN`` is a day that never comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from frtracker.vocabulary import BINDING_STATUSES

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

OPEN: Final = 4_000_000  # beyond date.max.toordinal() = 3_652_059
WIDE: Final = OPEN + 1  # ``number * WIDE + day`` sorts by number, then by day
EPOCH: Final = date(1970, 1, 1).toordinal()


def horizon(known_at: date | None) -> int:
    """Return the last publicly known day with ``known_at``; ``OPEN`` without it."""
    return OPEN if known_at is None else known_at.toordinal()


def to_days(ordinals: Days) -> np.ndarray:
    """Return ordinals as datetime64[s]; 0 and ``OPEN`` become NaT."""
    missing = (ordinals <= 0) | (ordinals >= OPEN)
    days = np.where(missing, 0, ordinals - EPOCH).astype("datetime64[D]").astype("datetime64[s]")
    days[missing] = np.datetime64("NaT")
    return days


def to_ordinals(days: pd.Series) -> Days:
    """Return datetime64 days as ordinals; NaT becomes ``OPEN``."""
    numbers = days.to_numpy("datetime64[D]").astype(np.int64) + EPOCH
    return np.where(days.isna().to_numpy(), OPEN, numbers)


def turns(*labels: npt.NDArray[Any]) -> Flags:
    """Return where one of ``labels`` (arrays of one shape) is not as just before it on the last
    axis; so is the first. From one such place to the next, neighbours say the same."""
    found = np.ones(labels[0].shape, dtype=bool)
    found[..., 1:] = False
    for label in labels:
        found[..., 1:] |= label[..., 1:] != label[..., :-1]
    return found


def until_next(days: Days, *of: npt.NDArray[Any]) -> Days:
    """Return for each of ``days`` the next of the same ``of`` (arrays, sorted), else ``OPEN``."""
    following = np.full(len(days), OPEN)
    following[:-1] = np.where(turns(*of)[1:], OPEN, days[1:])
    return following


def words(distinct: Sequence[str], codes: Index) -> ExtensionArray:
    """Return the text (str) of each code."""
    return pd.array(list(distinct), dtype="str").take(codes)


def listed(distinct: Sequence[str], masks: Index) -> ExtensionArray:
    """Return the words (``;``) whose bits are set in each mask (str)."""
    texts = [
        ";".join(word for bit, word in enumerate(distinct) if mask >> bit & 1)
        for mask in range(1 << len(distinct))
    ]
    return words(texts, masks)


def joined(cells: pd.Series, row: Index, group: Index, count: int) -> ExtensionArray:
    """Return for each of ``count`` groups the distinct words of its cells (lists joined by ``;``),
    in the order met (str); '' where there are none. Entry ``k`` is the cell ``row[k]``, of
    ``group[k]``."""
    texts = [""] * count
    for cell, place in zip(cells.array.take(row), group.tolist(), strict=True):
        before = texts[place]
        texts[place] = ";".join(dict.fromkeys(f"{before};{cell}".split(";"))) if before else cell
    return pd.array(texts, dtype="str")


def recorded_days(policies: pd.DataFrame, column: str) -> tuple[Days, Days]:
    """Return the first and last possible days of a date column; 0 where it is empty."""
    low, high = (policies[f"{column}_{end}"].to_numpy(np.int64) for end in ("low", "high"))
    return low, high


@dataclass(frozen=True)
class RowDays:
    """Days of every row of the policies, arrays of one length: between which it begins (0, 0 where
    neither its start nor its decision is recorded); whether that is presumed from the decision;
    between which a reader of the world learned that it was decided (``OPEN`` for a pending
    proposal); from which it is listed at all (``OPEN``: not known yet); and the last for which it
    was shown in force (0: never)."""

    start_low: Days
    start_high: Days
    start_presumed: Flags
    known_from_low: Days
    known_from_high: Days
    listed_from: Days
    confirmed: Days


def row_days(policies: pd.DataFrame, known_at: int) -> RowDays:
    """Read the days of the typed ``policies``, as known on ``known_at`` (a :func:`horizon`)."""
    decided_low, decided_high = recorded_days(policies, "decided_on")
    low, high = recorded_days(policies, "effective_on")
    # A decision comes before the start in every world, so a partial start is cut at the first
    # possible day of the decision; one certainly before it is retroactive and kept.
    low = np.where(decided_low <= high, np.maximum(decided_low, low), low)
    presumed = (high == 0) & (decided_high > 0)
    low, high = np.where(high == 0, (decided_low, decided_high), (low, high))

    # Known by its decision, or by its start where no decision is recorded; and decided before its
    # start in every world, so known at the latest when it begins.
    bounded = (high >= decided_low) & (high > 0)
    known_high = np.where(bounded, np.minimum(decided_high, high), decided_high)
    known = np.where(decided_high == 0, (low, high), (decided_low, known_high))
    known_low, known_high = np.where(known[1] == 0, OPEN, known)

    # A row is listed from its first day. Of ``[..B]`` (on B at the latest) none is known: a row
    # introduced or decided then is listed from B, or from the first day on which its rule may
    # be in force. One with no day but that of its review is listed, and known, from then.
    introduced, decided = (
        np.where(first == date.min.toordinal(), last, first)
        for first, last in (recorded_days(policies, f"{n}_on") for n in ("introduced", "decided"))
    )
    binds = policies["status"].isin(BINDING_STATUSES).to_numpy()
    days = np.stack([introduced, decided, np.where(binds, low, 0)])
    first = np.where(days > 0, days, OPEN).min(axis=0)
    undated = first == OPEN
    reviewed, _ = recorded_days(policies, "reviewed_on")
    first, heard = (np.where(undated, reviewed, day) for day in (first, known_low))
    only_introduced = np.where(introduced > 0, introduced, OPEN)
    listed = np.where(heard <= known_at, first, only_introduced)
    listed[np.minimum(heard, only_introduced) > known_at] = OPEN
    confirmed = np.minimum(recorded_days(policies, "last_confirmed_on")[1], known_at)
    return RowDays(low, high, presumed, known_low, known_high, listed, confirmed)
