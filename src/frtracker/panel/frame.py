"""The panel itself: one row per unit and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from frtracker.layers import Readings
from frtracker.panel.holding import Holding, holding, on_clock
from frtracker.panel.spans import Span, number_of, spans
from frtracker.panel.units import units
from frtracker.timeline.days import OPEN, Days, Flags
from frtracker.timeline.rules import RANKED, rank_of
from frtracker.vocabulary import ACTORS, MEASURES, PROHIBITING_MEASURES

if TYPE_CHECKING:
    from frtracker.record.load import Tables

PROHIBITING: Final = tuple(code for code in MEASURES if code in PROHIBITING_MEASURES)


@dataclass(frozen=True)
class Counted:
    """The units of a panel and what holds for them."""

    units: pd.DataFrame
    held: Holding


def counted(
    tables: Tables,
    *,
    actor: str = "police",
    levels: Sequence[str] = ("city",),
    reading: str = "own",
    clock: str = "effective",
    all_subjects: bool = False,
    country: str = "",
) -> Counted:
    """Whom a panel follows and what holds for them, in one reading by one clock."""
    if actor not in ACTORS:
        raise ValueError(f"actor is {actor!r}, not one of {', '.join(ACTORS)}")
    readings = Readings(on_clock(tables.policies, clock))
    who = units(tables, levels=levels, actor=actor, everything=all_subjects, country=country)
    return Counted(who, holding(who, tables.subjects, readings, actor=actor, reading=reading))


def treating(measures: Sequence[str]) -> Flags:
    """Which ranks count as treatment: the general rules of these measures."""
    for measure in measures:
        if measure not in MEASURES or measure == "none":
            allowed = ", ".join(code for code in MEASURES if code != "none")
            raise ValueError(f"measure is {measure!r}, not one of {allowed}")
    chosen = np.zeros(len(RANKED), dtype=bool)
    chosen[[rank_of(measure, general=True) for measure in measures]] = True
    return chosen


def surely_and_perhaps(high: Days, low: Days, chosen: Flags) -> tuple[Flags, Flags]:
    """Whether a position between two ranks is surely one of those chosen, and whether it may be:
    all, or some, of the ranks from ``low`` to ``high`` are."""
    before = np.concatenate([[0], np.cumsum(chosen)])
    among = before[high + 1] - before[low]
    return among == high - low + 1, among > 0


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

    ``measures``: the general rules that count as treatment. ``reading``: ``own`` (all rules of
    the subject) or ``all`` (all that binds there). ``clock``: ``effective`` or ``decided``.
    ``all_subjects``: also subjects of the level without a recorded act for the actor; theirs are
    zeros only up to the latest documented search, and missing otherwise. ``country``: ISO 3166-1.

    Columns, in this order (told in full in ``docs/panel.md``): ``key``, ``subject``, ``level``,
    ``region``, ``country``, ``period`` (str); ``first_day``, ``last_day`` (datetime64[s]);
    ``days`` (int64); ``measure``, ``scope`` (str), ``certain`` (boolean) on the last day;
    ``exposure``, ``exposure_any`` (float64, fractions of the days); ``days_in_force``,
    ``uncertain_days``, ``days_any``, ``uncertain_days_any`` (Int64, days); ``first_treated``
    (datetime64[s]); ``event_time`` (Int64, periods); ``ever_treated``, ``reversed`` (boolean);
    ``recorded`` (bool); ``searched`` (datetime64[s]). Ordered by level, key and period.

    Raises ``ValueError`` for words and days that are none of those allowed.
    """
    periods = spans(first, last, freq)
    chosen = treating(measures)
    found = counted(
        tables,
        actor=actor,
        levels=levels,
        reading=reading,
        clock=clock,
        all_subjects=all_subjects,
        country=country,
    )
    frame = _frame_of(found.units, periods)
    frame = pd.concat([frame, _last_days(found, periods), _counts(found, periods, chosen)], axis=1)
    frame = pd.concat([frame, _treatment(found, periods, chosen, freq)], axis=1)
    frame["exposure"] = frame["days_in_force"] / frame["days"]
    frame["exposure_any"] = frame["days_any"] / frame["days"]
    return _blanked(frame)[list(COLUMNS)].astype(COLUMNS)


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


def _frame_of(who: pd.DataFrame, periods: Sequence[Span]) -> pd.DataFrame:
    """Units × periods, units in their order, each with all periods in theirs."""
    names = {"subject_key": "key"}
    columns = ["subject_key", "subject", "level", "region", "country", "recorded", "searched"]
    rows = who[columns].rename(columns=names)
    rows = rows.loc[rows.index.repeat(len(periods))].reset_index(drop=True)
    return rows.assign(
        period=[span.label for span in periods] * len(who),
        first_day=_stamps([span.first for span in periods] * len(who)),
        last_day=_stamps([span.last for span in periods] * len(who)),
        days=np.tile(np.array([span.days for span in periods], dtype=np.int64), len(who)),
    )


def _stamps(days: Sequence[date]) -> np.ndarray:
    return np.array(days, dtype="datetime64[D]").astype("datetime64[s]")


def _counts(found: Counted, periods: Sequence[Span], chosen: Flags) -> pd.DataFrame:
    """Days of each period that lie in stretches which surely, or only perhaps, count."""
    held, count = found.held, len(found.units)
    bounds = [span.first.toordinal() for span in periods] + [periods[-1].last.toordinal() + 1]
    treated, maybe = surely_and_perhaps(held.high, held.low, chosen)
    kinds = {
        "days_in_force": treated,
        "uncertain_days": maybe & ~treated,
        "days_any": held.low > 0,
        "uncertain_days_any": (held.high > 0) & (held.low == 0),
    }
    return pd.DataFrame(
        {
            name: np.diff([held.days_before(day, kept, count) for day in bounds], axis=0).T.ravel()
            for name, kept in kinds.items()
        }
    )


def _last_days(found: Counted, periods: Sequence[Span]) -> pd.DataFrame:
    """The position on the last day of each period."""
    count = len(found.units)
    ends = [found.held.on(span.last.toordinal(), count) for span in periods]
    high, low = (np.array(ranks).T.ravel() for ranks in zip(*ends, strict=True))
    measure, scope = (np.array(words, dtype=object) for words in zip(*RANKED, strict=True))
    return pd.DataFrame(
        {"measure": measure[high], "scope": scope[high], "certain": high == low}
    ).astype({"certain": "boolean"})


def _treatment(found: Counted, periods: Sequence[Span], chosen: Flags, freq: str) -> pd.DataFrame:
    """When each unit was first treated, in days and periods, and whether it has ended."""
    held, count, length = found.held, len(found.units), len(periods)
    treated, _ = surely_and_perhaps(held.high, held.low, chosen)
    first = np.full(count, OPEN, dtype=np.int64)
    np.minimum.at(first, held.unit[treated], held.start[treated])
    ever = first < OPEN
    begun = [date.fromordinal(int(day)) if day < OPEN else None for day in first]
    at = np.array([number_of(day, freq) if day else 0 for day in begun], dtype=np.int64)
    numbers = np.array([span.number for span in periods], dtype=np.int64)

    ends = np.array([span.last.toordinal() for span in periods], dtype=np.int64)
    ranks = [held.on(int(day), count) for day in ends]
    now = [surely_and_perhaps(high, low, chosen) for high, low in ranks]
    surely, perhaps = (np.array(flags).T.reshape(count, length) for flags in zip(*now, strict=True))
    before = first[:, None] <= ends
    gone = pd.array((before & ~perhaps).ravel(), dtype="boolean")
    gone[(before & perhaps & ~surely).ravel()] = pd.NA
    event = pd.array((numbers - at[:, None]).ravel(), dtype="Int64")
    event[np.repeat(~ever, length)] = pd.NA
    return pd.DataFrame(
        {
            "first_treated": np.repeat(np.array(begun, dtype="datetime64[s]"), length),
            "event_time": event,
            "ever_treated": pd.array(np.repeat(ever, length), dtype="boolean"),
            "reversed": gone,
        }
    )


def _blanked(frame: pd.DataFrame) -> pd.DataFrame:
    """Zero is not missing: where no act is recorded, nothing is said of periods that begin after
    the latest documented search, and nothing at all where there was none."""
    unsaid = ~frame["recorded"] & ~(frame["first_day"] <= frame["searched"])
    numbers = [
        "certain",
        "exposure",
        "exposure_any",
        "days_in_force",
        "uncertain_days",
        "days_any",
        "uncertain_days_any",
        "event_time",
        "ever_treated",
        "reversed",
    ]
    blank = frame.astype({name: COLUMNS[name] for name in numbers})
    blank[numbers] = blank[numbers].mask(unsaid)
    blank[["measure", "scope"]] = blank[["measure", "scope"]].mask(unsaid, "")
    blank["first_treated"] = blank["first_treated"].mask(unsaid)
    return blank
