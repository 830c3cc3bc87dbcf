"""The panel itself, one row per unit and period; and how much a count depends on the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from frtracker.layers import Readings
from frtracker.panel.periods import Period, number_of, periods_between
from frtracker.panel.treatment import Exposure, exposure_of, on_clock
from frtracker.panel.units import units
from frtracker.timeline.bindings import RANKED, rank_of
from frtracker.timeline.days import OPEN, Days, Flags
from frtracker.vocabulary import ACTORS, MEASURES, PANEL_CLOCKS, PROHIBITING_MEASURES

if TYPE_CHECKING:
    from frtracker.record.load import Tables

PROHIBITING: Final = tuple(code for code in MEASURES if code in PROHIBITING_MEASURES)

COLUMNS: Final = {
    "key": "str",
    "subject": "str",
    "level": "str",
    "region": "str",
    "country": "str",
    "period": "str",
    "first_day": "datetime64[s]",
    "last_day": "datetime64[s]",
    "days": "int64",
    "measure": "str",
    "scope": "str",
    "certain": "boolean",
    "exposure": "float64",
    "exposure_any": "float64",
    "days_in_force": "Int64",
    "uncertain_days": "Int64",
    "days_any": "Int64",
    "uncertain_days_any": "Int64",
    "first_treated": "datetime64[s]",
    "event_time": "Int64",
    "ever_treated": "boolean",
    "reversed": "boolean",
    "recorded": "bool",
    "searched": "datetime64[s]",
}
"""Columns of a panel and their types; their meaning is in ``docs/panel.md``."""

_COMPUTED: Final = tuple(COLUMNS)[9:22]
"""Columns that are missing where neither an act nor a search is recorded."""


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
    country: str = "",
) -> pd.DataFrame:
    """One row per subject and whole period that has a day in ``first`` … ``last``.

    ``freq``: ``month``, ``quarter`` or ``year``. ``measures``: the general rules that count as
    treatment. ``reading``: ``own`` (all rules of the subject) or ``all`` (all rules that apply
    there). ``clock``: ``effective`` or ``decided``. ``all_subjects``: also subjects of the level
    without a recorded act for the actor; theirs are zeros only up to the latest documented search,
    and missing otherwise. ``country``: ISO 3166-1.

    Columns, in this order: ``key``, ``subject``, ``level``, ``region``, ``country``, ``period``
    (str); ``first_day``, ``last_day`` (datetime64[s]); ``days`` (int64); ``measure``, ``scope``
    (str), ``certain`` (boolean) on the last day; ``exposure``, ``exposure_any`` (float64,
    fractions of the days); ``days_in_force``, ``uncertain_days``, ``days_any``,
    ``uncertain_days_any`` (Int64, days); ``first_treated`` (datetime64[s]); ``event_time`` (Int64,
    periods); ``ever_treated``, ``reversed`` (boolean); ``recorded`` (bool); ``searched``
    (datetime64[s]). Ordered by level, key and period.

    Raises ``ValueError`` for an unknown word and for days in the wrong order.
    """
    periods = periods_between(first, last, freq)
    chosen = _chosen_ranks(measures)
    followed, exposure = _followed(tables, actor, levels, reading, clock, all_subjects, country)
    names = ["subject_key", "subject", "level", "region", "country", "recorded", "searched"]
    frame = followed[names].rename(columns={"subject_key": "key"})
    frame = frame.loc[frame.index.repeat(len(periods))].reset_index(drop=True)
    frame = frame.assign(
        period=[period.label for period in periods] * len(followed),
        first_day=_stamps([period.first for period in periods] * len(followed)),
        last_day=_stamps([period.last for period in periods] * len(followed)),
        days=np.tile(np.array([period.days for period in periods], dtype="int64"), len(followed)),
    )
    computed = [_positions(exposure, periods, chosen, freq), _day_counts(exposure, periods, chosen)]
    frame = pd.concat([frame, *computed], axis=1)
    frame["exposure"] = frame["days_in_force"] / frame["days"]
    frame["exposure_any"] = frame["days_any"] / frame["days"]
    # Zero is not missing: where no act is recorded, periods that begin after the latest documented
    # search are missing, and all of them where there was none.
    unknown = ~frame["recorded"] & ~(frame["first_day"] <= frame["searched"])
    frame = frame[list(COLUMNS)].astype({name: COLUMNS[name] for name in _COMPUTED})
    for name in _COMPUTED:
        frame[name] = frame[name].mask(unknown, "" if COLUMNS[name] == "str" else pd.NA)
    return frame.astype(COLUMNS)


def sensitivity(
    tables: Tables,
    days: Sequence[date],
    *,
    actor: str = "police",
    levels: Sequence[str] = ("city",),
    reading: str = "own",
    measures: Sequence[str] = PROHIBITING,
    country: str = "",
) -> pd.DataFrame:
    """How many subjects are under a general rule of ``measures`` on each day, by each clock.

    One row per day. Columns ``day`` (datetime64[s]); ``effective``, ``decided`` (int64: those
    certainly under it); ``effective_or_uncertain``, ``decided_or_uncertain`` (int64: those that may
    be). Raises ``ValueError`` as :func:`panel` does.
    """
    chosen = _chosen_ranks(measures)
    frame = pd.DataFrame({"day": _stamps(days)})
    for clock in PANEL_CLOCKS:
        _, exposure = _followed(tables, actor, levels, reading, clock, False, country)
        certainly, possibly = _treated(*exposure.ranks_on(days), chosen)
        frame[clock], frame[f"{clock}_or_uncertain"] = certainly.sum(axis=0), possibly.sum(axis=0)
    return frame


def _followed(
    tables: Tables,
    actor: str,
    levels: Sequence[str],
    reading: str,
    clock: str,
    all_subjects: bool,
    country: str,
) -> tuple[pd.DataFrame, Exposure]:
    """The units of a panel and their exposure."""
    if actor not in ACTORS:
        raise ValueError(f"actor is {actor!r}, not one of {', '.join(ACTORS)}")
    readings = Readings(on_clock(tables.policies, clock))
    followed = units(tables, levels=levels, actor=actor, everything=all_subjects, country=country)
    exposure = exposure_of(followed, tables.subjects, readings, actor=actor, reading=reading)
    return followed, exposure


def _chosen_ranks(measures: Sequence[str]) -> Flags:
    """Flag the ranks that count as treatment: the general rules of these measures."""
    for measure in measures:
        if measure not in MEASURES or measure == "none":
            allowed = ", ".join(code for code in MEASURES if code != "none")
            raise ValueError(f"measure is {measure!r}, not one of {allowed}")
    chosen = np.zeros(len(RANKED), dtype=bool)
    chosen[[rank_of(measure, general=True) for measure in measures]] = True
    return chosen


def _treated(high: Days, low: Days, chosen: Flags) -> tuple[Flags, Flags]:
    """Whether a position between two ranks is certainly, and whether it is possibly, one of those
    chosen: all, or some, of the ranks from ``low`` to ``high`` are."""
    before = np.concatenate([[0], np.cumsum(chosen)])
    among = before[high + 1] - before[low]
    return among == high - low + 1, among > 0


def _stamps(days: Sequence[date]) -> np.ndarray:
    return np.array(days, dtype="datetime64[D]").astype("datetime64[s]")


def _day_counts(exposure: Exposure, periods: Sequence[Period], chosen: Flags) -> pd.DataFrame:
    """Days of each period on which a rule certainly, or only possibly, counts."""
    certainly, possibly = _treated(exposure.high, exposure.low, chosen)
    kinds = {
        "days_in_force": certainly,
        "uncertain_days": possibly & ~certainly,
        "days_any": exposure.low > 0,
        "uncertain_days_any": (exposure.high > 0) & (exposure.low == 0),
    }
    bounds = [periods[0].first.toordinal(), *(period.last.toordinal() + 1 for period in periods)]
    return pd.DataFrame(
        {
            name: np.diff([exposure.days_before(day, rows) for day in bounds], axis=0).T.ravel()
            for name, rows in kinds.items()
        }
    )


def _positions(
    exposure: Exposure, periods: Sequence[Period], chosen: Flags, freq: str
) -> pd.DataFrame:
    """The position on the last day of each period; when each unit was first treated, in days and
    periods; and whether it no longer is."""
    high, low = exposure.ranks_on([period.last for period in periods])
    measure, scope = (np.array(words, dtype=object) for words in zip(*RANKED, strict=True))

    treated, _ = _treated(exposure.high, exposure.low, chosen)
    first = np.full(exposure.units, OPEN, dtype=np.int64)
    np.minimum.at(first, exposure.unit[treated], exposure.start[treated])
    ever = np.repeat(first < OPEN, len(periods))
    begun = [date.fromordinal(day) if day < OPEN else None for day in first.tolist()]
    at = np.array([number_of(day, freq) if day else 0 for day in begun], dtype=np.int64)
    numbers = np.array([period.number for period in periods], dtype=np.int64)
    event_time = pd.array((numbers - at[:, None]).ravel(), dtype="Int64")
    event_time[~ever] = pd.NA

    certainly, possibly = _treated(high, low, chosen)
    before = first[:, None] <= [period.last.toordinal() for period in periods]
    ended = pd.array((before & ~possibly).ravel(), dtype="boolean")
    ended[(before & possibly & ~certainly).ravel()] = pd.NA
    return pd.DataFrame(
        {
            "measure": measure[high].ravel(),
            "scope": scope[high].ravel(),
            "certain": (high == low).ravel(),
            "first_treated": np.repeat(np.array(begun, dtype="datetime64[s]"), len(periods)),
            "event_time": event_time,
            "ever_treated": ever,
            "reversed": ended,
        }
    )
