"""The panel itself, one row per unit and period; and how much a count depends on the clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from frtracker.panel.exposure import Exposure, exposure_of, units
from frtracker.timeline.days import OPEN, Days, Flags, to_days
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
}
"""Columns that are missing where neither an act nor a search is recorded."""

COLUMNS: Final = {
    "subject_key": "str",
    "subject": "str",
    "level": "str",
    "region": "str",
    "country": "str",
    "geoid": "str",
    "period": "str",
    "first_day": "datetime64[s]",
    "last_day": "datetime64[s]",
    "days": "int64",
    **_COMPUTED,
    "recorded": "bool",
    "searched": "datetime64[s]",
}
"""Columns of a panel, in order, and their types; their meaning is in ``docs/panel.md``."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year. ``number`` counts those of its frequency through the calendar, so
    that the difference of two is the time between them."""

    label: str
    number: int
    first: date
    last: date


def periods_between(first: date, last: date, freq: str) -> tuple[Period, ...]:
    """List every whole period that has a day in ``first`` … ``last``, both included.

    >>> [p.label for p in periods_between(date(2019, 11, 5), date(2020, 4, 1), "quarter")]
    ['2019-Q4', '2020-Q1', '2020-Q2']

    Raises ``ValueError`` for an unknown frequency and for days in the wrong order.
    """
    if freq not in PERIOD_MONTHS:
        raise ValueError(f"freq is {freq!r}, not one of {', '.join(PERIOD_MONTHS)}")
    if last < first:
        raise ValueError(f"the panel ends on {last}, before it begins on {first}")
    length, periods = PERIOD_MONTHS[freq], []
    for number in range(_number(first, freq), _number(last, freq) + 1):
        year, month = divmod(number * length, 12)
        end = month + length
        labels = {1: f"-{end:02d}", 3: f"-Q{end // 3}", 12: ""}
        last_day = date(year, end, monthrange(year, end)[1])
        label = f"{year:04d}{labels[length]}"
        periods.append(Period(label, number, date(year, month + 1, 1), last_day))
    return tuple(periods)


def _number(day: date, freq: str) -> int:
    return (day.year * 12 + day.month - 1) // PERIOD_MONTHS[freq]


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
    """One row per subject and whole period that has a day in ``first`` … ``last``, by level, key
    and period; columns as in :data:`COLUMNS`.

    ``freq``: ``month``, ``quarter`` or ``year``. ``measures``: the general rules that count as
    treatment. ``reading``: ``own`` (all rules of the subject) or ``all`` (all rules that apply
    there). ``clock``: ``effective`` or ``decided``. ``all_subjects``: also subjects of the level
    without a recorded act for the actor; theirs are zeros only up to the latest documented search,
    and missing otherwise. ``country``: ISO 3166-1.

    Raises ``ValueError`` for an unknown word and for days in the wrong order.
    """
    periods = periods_between(first, last, freq)
    chosen = _chosen_ranks(measures, actor)
    followed = units(tables, levels=levels, actor=actor, everything=all_subjects, country=country)
    exposure = exposure_of(followed, tables, actor=actor, reading=reading, clock=clock)
    begins = [period.first.toordinal() for period in periods]
    bounds = np.array([*begins, periods[-1].last.toordinal() + 1], dtype=np.int64)
    certainly, possibly = _treated(exposure.high, exposure.low, chosen)
    counted = {
        "days_in_force": certainly,
        "uncertain_days": possibly & ~certainly,
        "days_any": exposure.low > 0,
        "uncertain_days_any": (exposure.high > 0) & (exposure.low == 0),
    }
    frame = followed.loc[followed.index.repeat(len(periods))].reset_index(drop=True)
    frame = frame.assign(
        period=[period.label for period in periods] * len(followed),
        first_day=np.tile(to_days(bounds[:-1]), len(followed)),
        last_day=np.tile(to_days(bounds[1:] - 1), len(followed)),
        days=np.tile(np.diff(bounds), len(followed)),
        **_positions(exposure, periods, chosen, freq),
        **{
            name: np.diff([exposure.days_before(day, rows) for day in bounds], axis=0).T.ravel()
            for name, rows in counted.items()
        },
    )
    frame["exposure"] = frame["days_in_force"] / frame["days"]
    frame["exposure_any"] = frame["days_any"] / frame["days"]
    # Zero is not missing: where no act is recorded, periods that begin after the latest documented
    # search are missing, and all of them where there was none.
    unknown = ~frame["recorded"] & ~(frame["first_day"] <= frame["searched"])
    frame = frame[list(COLUMNS)].astype(_COMPUTED)
    for name, kind in _COMPUTED.items():
        frame[name] = frame[name].mask(unknown, "" if kind == "str" else pd.NA)
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
    chosen = _chosen_ranks(measures, actor)
    followed = units(tables, levels=levels, actor=actor, everything=False, country=country)
    frame = pd.DataFrame({"day": np.array(days, dtype="datetime64[s]")})
    for clock in PANEL_CLOCKS:
        exposure = exposure_of(followed, tables, actor=actor, reading=reading, clock=clock)
        certainly, possibly = _treated(*exposure.ranks_on(days), chosen)
        frame[clock], frame[f"{clock}_or_uncertain"] = certainly.sum(axis=0), possibly.sum(axis=0)
    return frame


def _chosen_ranks(measures: Sequence[str], actor: str) -> Flags:
    """Flag the ranks that count as treatment: the general rules of these measures."""
    if actor not in ACTORS:
        raise ValueError(f"actor is {actor!r}, not one of {', '.join(ACTORS)}")
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


def _positions(
    exposure: Exposure, periods: Sequence[Period], chosen: Flags, freq: str
) -> dict[str, Any]:
    """Columns, by unit and period: the position on the last day; when the unit was first treated,
    in days and periods; and whether it no longer is."""
    last_days = [period.last for period in periods]
    high, low = exposure.ranks_on(last_days)
    measure, scope = (np.array(words, dtype=object) for words in zip(*RANKED, strict=True))

    treated, _ = _treated(exposure.high, exposure.low, chosen)
    first = np.full(exposure.units, OPEN, dtype=np.int64)
    np.minimum.at(first, exposure.unit[treated], exposure.start[treated])
    ever = np.repeat(first < OPEN, len(periods))
    months = to_days(first).astype("datetime64[M]").astype(np.int64) + 12 * 1970
    at = np.where(first < OPEN, months, 0) // PERIOD_MONTHS[freq]
    numbers = np.array([period.number for period in periods], dtype=np.int64)
    event_time = pd.array((numbers - at[:, None]).ravel(), dtype="Int64")
    event_time[~ever] = pd.NA

    certainly, possibly = _treated(high, low, chosen)
    before = first[:, None] <= [day.toordinal() for day in last_days]
    ended = pd.array((before & ~possibly).ravel(), dtype="boolean")
    ended[(before & possibly & ~certainly).ravel()] = pd.NA
    return {
        "measure": measure[high].ravel(),
        "scope": scope[high].ravel(),
        "certain": (high == low).ravel(),
        "first_treated": np.repeat(to_days(first), len(periods)),
        "event_time": event_time,
        "ever_treated": ever,
        "reversed": ended,
    }
