"""The panel, subject × period: for what share of each month, quarter or year a rule applied.

Pure: tables in, table out, no clock. Every number comes from ``timeline.positions`` (reading
``own``) or from the layers of :mod:`frtracker.layers` combined (reading ``all``). Days are counted
as overlaps of intervals, never one by one. Columns are documented in ``docs/panel.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker import wording
from frtracker.panels.exposure import spells_of, units
from frtracker.timeline.days import EPOCH, OPEN, Days, Flags, to_days
from frtracker.timeline.rules import RANKED, rank_of
from frtracker.vocabulary import (
    ACTORS,
    MEASURES,
    PANEL_CLOCKS,
    PERIOD_MONTHS,
    PROHIBITING_MEASURES,
)

if TYPE_CHECKING:
    from frtracker.record.load import Tables

PROHIBITING: Final = tuple(code for code in MEASURES if code in PROHIBITING_MEASURES)

_COMPUTED: Final = {
    **dict.fromkeys(["measure", "scope"], "str"),
    "certain": "boolean",
    **dict.fromkeys(["exposure", "exposure_any"], "float64"),
    **dict.fromkeys(["days_in_force", "uncertain_days"], "Int64"),
    **dict.fromkeys(["days_any", "uncertain_days_any"], "Int64"),
    "first_treated": "datetime64[s]",
    "event_time": "Int64",
    **dict.fromkeys(["ever_treated", "reversed"], "boolean"),
}
"""Columns that are missing for a subject and period without a recorded act or search."""

COLUMNS: Final = {
    **dict.fromkeys(
        ["subject_key", "subject", "level", "region", "country", "geoid", "geoidfq"], "str"
    ),
    "population": "Int64",
    "period": "str",
    **dict.fromkeys(["first_day", "last_day"], "datetime64[s]"),
    "days": "int64",
    **_COMPUTED,
    "recorded": "bool",
    "searched": "datetime64[s]",
}
"""Columns of a panel in order, with dtypes; documented in ``docs/panel.md``."""


_LABELS: Final = {
    "month": "{0.year:04d}-{0.month:02d}",
    "quarter": "{0.year:04d}-Q{0.quarter}",
    "year": "{0.year:04d}",
}


class Subjects(TypedDict, total=False):
    """Which subjects to follow, all by default: ``markets`` (ISO 3166 codes of countries and
    regions), subject keys, types of subjects."""

    markets: Collection[str]
    keys: Collection[str]
    subject_types: Collection[str]


def periods_between(first: date, last: date, freq: str) -> pd.PeriodIndex:
    """Every whole month, quarter or year with a day from ``first`` through ``last``.

    Raises ``ValueError`` for an unknown frequency and for dates in the wrong order.
    """
    if freq not in PERIOD_MONTHS:
        raise ValueError(f"freq {wording.not_one_of(freq, PERIOD_MONTHS)}")
    if last < first:
        raise ValueError(f"the panel ends on {last}, before it begins on {first}")
    return pd.period_range(first, last, freq=freq[0].upper())


def panel(
    tables: Tables,
    first: date,
    last: date,
    *,
    freq: str = "month",
    actor: str = "police",
    levels: Sequence[str] = ("city",),
    reading: str = "own",
    clock: str = "effective",
    measures: Sequence[str] = PROHIBITING,
    all_subjects: bool = False,
    **filters: Unpack[Subjects],
) -> pd.DataFrame:
    """One row per subject and whole period with a day from ``first`` through ``last``, by level,
    key and period; columns as in :data:`COLUMNS`.

    ``freq``: ``month``, ``quarter`` or ``year``. ``measures``: the general rules that count as
    treatment. ``reading``, ``clock``: see :func:`spells_of`. ``all_subjects`` adds subjects of the
    level without a recorded act for the actor: zero up to the latest documented search, and missing
    after it. ``filters``: which subjects, see :class:`Subjects`.

    Raises ``ValueError`` for an unknown word and for dates in the wrong order.
    """
    periods = periods_between(first, last, freq)
    chosen = _chosen_ranks(measures, actor)
    followed = units(tables, levels=levels, actor=actor, everything=all_subjects, **filters)
    spells = spells_of(followed, tables, actor=actor, reading=reading, clock=clock)
    begins = periods.asfreq("D", "START").astype("int64").to_numpy() + EPOCH
    ends = periods.asfreq("D", "END").astype("int64").to_numpy() + EPOCH
    columns = {
        "first_day": to_days(begins),
        "last_day": to_days(ends),
        "days": ends + 1 - begins,
        **_counts(spells, chosen, begins, ends, len(followed)),
        **_states(spells, chosen, ends, len(followed)),
    }
    shape = len(followed), len(periods)
    frame = (
        followed.loc[followed.index.repeat(len(periods))]
        .reset_index(drop=True)
        .assign(
            period=[_LABELS[freq].format(period) for period in periods] * len(followed),
            number=np.tile(periods.astype("int64"), len(followed)),
            **{name: np.broadcast_to(values, shape).ravel() for name, values in columns.items()},
        )
    )
    months = frame["first_treated"].to_numpy("datetime64[M]").astype(np.int64)
    frame["event_time"] = frame["number"] - months // PERIOD_MONTHS[freq]
    frame["exposure"] = frame["days_in_force"] / frame["days"]
    frame["exposure_any"] = frame["days_any"] / frame["days"]
    # Zero is not missing: without a recorded act, periods that begin after the latest documented
    # search are missing; without a search, all periods are.
    unknown = ~frame["recorded"] & ~(frame["first_day"] <= frame["searched"])
    gaps = {"event_time": ~frame["ever_treated"], "reversed": frame["perhaps_reversed"]}
    frame = frame[list(COLUMNS)].astype(_COMPUTED)
    for name, kind in _COMPUTED.items():
        missing = unknown | gaps.get(name, False)
        frame[name] = frame[name].mask(missing, "" if kind == "str" else pd.NA)
    return frame.astype(COLUMNS)


def sensitivity(
    tables: Tables,
    days: Sequence[date],
    *,
    actor: str = "police",
    levels: Sequence[str] = ("city",),
    reading: str = "own",
    measures: Sequence[str] = PROHIBITING,
    **filters: Unpack[Subjects],
) -> pd.DataFrame:
    """The number of subjects under a general rule of ``measures`` on each day, by each clock.

    Columns: ``day`` (datetime64[s]); ``effective``, ``decided`` (int64: certainly under a rule);
    ``…_or_uncertain`` (int64: possibly under one). Raises ``ValueError`` as :func:`panel` does.
    """
    chosen = _chosen_ranks(measures, actor)
    followed = units(tables, levels=levels, actor=actor, everything=False, **filters)
    frame = pd.DataFrame({"day": np.array(days, dtype="datetime64[s]")})
    ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
    for clock in PANEL_CLOCKS:
        spells = spells_of(followed, tables, actor=actor, reading=reading, clock=clock)
        high, low = _ranks_on(ordinals, spells, len(followed))
        certainly, possibly = _treated(high, low, chosen)
        frame[clock], frame[f"{clock}_or_uncertain"] = certainly.sum(axis=0), possibly.sum(axis=0)
    return frame


def _chosen_ranks(measures: Sequence[str], actor: str) -> Flags:
    """Flag the ranks that count as treatment: the general rules of these measures."""
    if actor not in ACTORS:
        raise ValueError(f"actor {wording.not_one_of(actor, ACTORS)}")
    for measure in measures:
        if measure not in MEASURES or measure == "none":
            allowed = [code for code in MEASURES if code != "none"]
            raise ValueError(f"measure {wording.not_one_of(measure, allowed)}")
    chosen = np.zeros(len(RANKED), dtype=bool)
    chosen[[rank_of(measure, general=True) for measure in measures]] = True
    return chosen


def _treated(high: Days, low: Days, chosen: Flags) -> tuple[Flags, Flags]:
    """Whether a position between two ranks is certainly, and whether it is possibly, a chosen one:
    whether all, and whether some, of the ranks from ``low`` to ``high`` are chosen."""
    before = np.concatenate([[0], np.cumsum(chosen)])
    among = before[high + 1] - before[low]
    return among == high - low + 1, among > 0


def _ranks_on(days: Days, spells: pd.DataFrame, units: int) -> Days:
    """The highest and the lowest rank of each unit on each day, of shape (2, units, days)."""
    unit, start, end = spells[["unit", "start", "end"]].to_numpy().T[..., None]
    row, column = np.nonzero((start <= days) & (days < end))
    ranks = np.zeros((2, units, len(days)), dtype=np.int64)
    ranks[:, unit[row, 0], column] = spells[["high", "low"]].to_numpy()[row].T
    return ranks


def _counts(
    spells: pd.DataFrame, chosen: Flags, begins: Days, ends: Days, units: int
) -> dict[str, Days]:
    """Days in each period by overlap of intervals; arrays of shape (units, periods)."""
    high, low = spells["high"].to_numpy(), spells["low"].to_numpy()
    first, last = (
        np.clip(spells[side].to_numpy()[:, None], begins, ends + 1) for side in ("start", "end")
    )
    certainly, possibly = _treated(high, low, chosen)
    counted = {
        "days_in_force": certainly,
        "uncertain_days": possibly & ~certainly,
        "days_any": low > 0,
        "uncertain_days_any": (high > 0) & (low == 0),
    }
    days = {name: np.zeros((units, len(ends)), dtype=np.int64) for name in counted}
    for name, rows in counted.items():
        np.add.at(days[name], spells["unit"][rows], (last - first)[rows])
    return days


def _states(
    spells: pd.DataFrame, chosen: Flags, ends: Days, units: int
) -> dict[str, npt.NDArray[Any]]:
    """The position on the last day of each period, the first day of treatment, and whether the
    treatment has ended; arrays of shape (units, periods) or (units, 1)."""
    high, low = _ranks_on(ends, spells, units)
    certainly, possibly = _treated(high, low, chosen)
    treated, _ = _treated(spells["high"].to_numpy(), spells["low"].to_numpy(), chosen)
    first = spells[treated].groupby("unit")["start"].min().reindex(range(units), fill_value=OPEN)
    start = first.to_numpy()[:, None]
    measure, scope = (np.array(words, dtype=object) for words in zip(*RANKED, strict=True))
    return {
        "measure": measure[high],
        "scope": scope[high],
        "certain": high == low,
        "first_treated": to_days(start),
        "ever_treated": start < OPEN,
        "reversed": (start <= ends) & ~possibly,
        "perhaps_reversed": (start <= ends) & possibly & ~certainly,
    }
