"""Exposure: which position each unit has, in which days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from frtracker.dates import DayRange
from frtracker.layers import Readings, combined, layers
from frtracker.places.place import of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN, Days, Flags, to_ordinals
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import PANEL_CLOCKS, PANEL_READINGS


@dataclass(frozen=True)
class Exposure:
    """The positions of ``units`` units, as int64 arrays of one length: on the days ``start`` to
    ``end`` (half-open ordinals) the position of ``unit`` is at most ``high`` and certainly at least
    ``low`` (ranks, places in ``RANKED``). Rows of one unit never overlap; a day in none of them has
    rank 0."""

    units: int
    unit: Days
    start: Days
    end: Days
    high: Days
    low: Days

    def days_before(self, day: int, rows: Flags) -> Days:
        """Count, for each unit, the days before ``day`` that lie in the chosen ``rows``."""
        days = np.clip(day, self.start[rows], self.end[rows]) - self.start[rows]
        return np.bincount(self.unit[rows], weights=days, minlength=self.units).astype(np.int64)

    def ranks_on(self, days: Sequence[date]) -> tuple[Days, Days]:
        """``high`` and ``low`` of every unit on each day, of shape (units, days)."""
        high, low = (np.zeros((self.units, len(days)), dtype=np.int64) for _ in range(2))
        for column, day in enumerate(day.toordinal() for day in days):
            rows = (self.start <= day) & (day < self.end)
            high[self.unit[rows], column] = self.high[rows]
            low[self.unit[rows], column] = self.low[rows]
        return high, low


def on_clock(policies: pd.DataFrame, clock: str) -> pd.DataFrame:
    """The typed ``policies`` table by one clock.

    ``effective``: as it is. ``decided``: each rule is in force, and ends what it supersedes, from
    its decision; one whose decision is not recorded from its start.
    """
    if clock not in PANEL_CLOCKS:
        raise ValueError(f"clock is {clock!r}, not one of {', '.join(PANEL_CLOCKS)}")
    if clock == "effective":
        return policies
    low, latest = policies["decided_on_low"], policies["effective_on_high"]
    high = policies["decided_on_high"]
    # A decision comes before the start in every world, unless the rule is retroactive.
    high = high.mask((latest >= low) & (latest < high), latest)
    known = policies["decided_on"] != ""
    days = [
        str(DayRange(date.fromordinal(first), date.fromordinal(last))) if last else ""
        for first, last in zip(low.tolist(), high.tolist(), strict=True)
    ]
    texts = pd.Series(days, index=policies.index, dtype="str")
    return policies.assign(
        effective_on=policies["effective_on"].mask(known, texts),
        effective_on_low=policies["effective_on_low"].mask(known, low),
        effective_on_high=latest.mask(known, high),
    )


def ranked_positions(timeline: Timeline) -> pd.DataFrame:
    """Positions as numbers, in the order of ``timeline.positions``: ``subject_key``, ``actor``
    (str), ``start``, ``end`` (half-open ordinals, ``OPEN`` without an end), ``high``, ``low``
    (ranks, places in ``RANKED``), all int64."""
    table = timeline.positions
    high, floor = (
        np.array([RANK.get(each, 0) for each in zip(table[measure], table[scope], strict=True)])
        for measure, scope in (("measure", "scope"), ("at_least_measure", "at_least_scope"))
    )
    return pd.DataFrame(
        {
            "subject_key": table["subject_key"],
            "actor": table["actor"],
            "start": to_ordinals(table["valid_from"]),
            "end": to_ordinals(table["valid_to"]),
            "high": high,
            "low": np.where(table["certain"], high, floor),
        }
    )


def exposure_of(
    units: pd.DataFrame, subjects: pd.DataFrame, readings: Readings, *, actor: str, reading: str
) -> Exposure:
    """The exposure of the units, one per row of ``units``, for one actor.

    ``reading``: ``own`` (the subject's own rules) or ``all`` (all rules that apply there). Raises
    ``ValueError`` for any other.
    """
    if reading not in PANEL_READINGS:
        raise ValueError(f"reading is {reading!r}, not one of {', '.join(PANEL_READINGS)}")
    if reading == "own":
        table = ranked_positions(readings.own)
        table = table[table["actor"] == actor]
        unit = pd.Index(units["subject_key"]).get_indexer(pd.Index(table["subject_key"]))
        table = table.assign(unit=unit)[unit >= 0]
    else:
        rows = _combined_rows(units, subjects, readings, actor)
        table = pd.DataFrame(rows, columns=["unit", "start", "end", "high", "low"], dtype="int64")
    columns = (table[name].to_numpy(np.int64) for name in ("unit", "start", "end", "high", "low"))
    return Exposure(len(units), *columns)


def _combined_rows(
    units: pd.DataFrame, subjects: pd.DataFrame, readings: Readings, actor: str
) -> list[tuple[int, ...]]:
    """One row per unit and stretch of one combined position of all layers that reach it."""
    people = subjects_by_key(subjects)
    rows: list[tuple[int, ...]] = []
    columns = ["subject_key", "subject", "subject_type", "country", "region"]
    for unit, row in enumerate(units[columns].itertuples(index=False, name=None)):
        key, name, kind, country, region = row
        subject = people.get(key) or Subject(key, name, kind, country, region, (), ())
        place = of_subject(people, subject)
        for part in combined(readings, place, layers(people, place), actors=(actor,)):
            low = part.at_least or (part.measure, part.scope)
            rows.append(
                (
                    unit,
                    part.start.toordinal(),
                    part.end.toordinal() if part.end else OPEN,
                    RANK[part.measure, part.scope],
                    RANK[low] if part.certain or part.at_least else 0,
                )
            )
    return rows
