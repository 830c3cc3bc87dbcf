"""What holds for each unit, in which days: the stretches that a panel counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from frtracker.dates import DayRange
from frtracker.layers import Layer, Readings, layers
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN, Days, Flags
from frtracker.timeline.rules import RANKED

READINGS: Final = ("own", "all")
CLOCKS: Final = ("effective", "decided")

_EPOCH: Final = date(1970, 1, 1).toordinal()
_RANK: Final = {f"{measure} {scope}": rank for rank, (measure, scope) in enumerate(RANKED)}


@dataclass(frozen=True)
class Holding:
    """Stretches of days, arrays of one length: on days ``start`` to ``end`` (half-open, ordinals)
    the position of ``unit`` is at most ``high`` and surely at least ``low`` (ranks, places in
    ``RANKED``). Stretches of one unit never overlap; a day in none of them is rank 0."""

    unit: Days
    start: Days
    end: Days
    high: Days
    low: Days

    def days_before(self, day: int, kept: Flags, units: int) -> Days:
        """For each of ``units`` units, the days before ``day`` that lie in its ``kept``
        stretches."""
        days = np.clip(day, self.start[kept], self.end[kept]) - self.start[kept]
        counted = np.bincount(self.unit[kept], weights=days, minlength=units)
        return counted.astype(np.int64)

    def on(self, day: int, units: int) -> tuple[Days, Days]:
        """The ``high`` and ``low`` of every unit on one day."""
        held = (self.start <= day) & (day < self.end)
        high, low = np.zeros(units, dtype=np.int64), np.zeros(units, dtype=np.int64)
        high[self.unit[held]] = self.high[held]
        low[self.unit[held]] = self.low[held]
        return high, low


def on_clock(policies: pd.DataFrame, clock: str) -> pd.DataFrame:
    """The typed ``policies`` table as a clock reads it.

    ``effective``: as it is. ``decided``: each rule holds, and ends what it supersedes, from its
    decision; one whose decision is not recorded from its start.
    """
    if clock not in CLOCKS:
        raise ValueError(f"clock is {clock!r}, not one of {', '.join(CLOCKS)}")
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


def holding(
    units: pd.DataFrame, subjects: pd.DataFrame, readings: Readings, *, actor: str, reading: str
) -> Holding:
    """The stretches of the units, one per row of ``units`` in its order, for one actor."""
    if reading not in READINGS:
        raise ValueError(f"reading is {reading!r}, not one of {', '.join(READINGS)}")
    if reading == "own":
        keys, own = stretches_of(readings.own, actor)
        unit = pd.Index(units["subject_key"]).get_indexer(pd.Index(keys))
        mine = unit >= 0
        return Holding(unit[mine].astype(np.int64), *(own[name][mine] for name in _FIELDS))
    found = list(_binding(units, subjects, readings, actor))
    number = [np.full(len(part[0]), i, dtype=np.int64) for i, part in enumerate(found)]
    columns = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return Holding(np.concatenate(number), *columns) if found else Holding(*[_NOTHING] * 5)


_FIELDS: Final = ("start", "end", "high", "low")
_NOTHING: Final = np.zeros(0, dtype=np.int64)
Stretches = dict[str, Days]


def stretches_of(timeline: Timeline, actor: str) -> tuple[list[str], Stretches]:
    """The positions of one actor: whose they are, and their stretches."""
    table = timeline.positions
    table = table[table["actor"] == actor]
    high = (table["measure"] + " " + table["scope"]).map(_RANK).to_numpy(np.int64)
    floor = (table["at_least_measure"] + " " + table["at_least_scope"]).map(_RANK)
    stretches = {
        "start": _ordinals(table["start"]),
        "end": _ordinals(table["end"]),
        "high": high,
        "low": np.where(table["certain"], high, floor.fillna(0).to_numpy(np.int64)),
    }
    return table["subject_key"].tolist(), stretches


def _ordinals(days: pd.Series) -> Days:
    missing = days.isna().to_numpy()
    numbers = days.to_numpy("datetime64[D]").astype(np.int64) + _EPOCH
    return np.where(missing, OPEN, numbers)


def _binding(
    units: pd.DataFrame, subjects: pd.DataFrame, readings: Readings, actor: str
) -> Iterator[tuple[Days, Days, Days, Days]]:
    """For each unit the folded stretches of all layers whose rules reach it."""
    people = subjects_by_key(subjects)
    made: dict[int, dict[str, Stretches]] = {}
    columns = ["subject_key", "subject", "subject_type", "country", "region"]
    for key, name, kind, country, region in units[columns].itertuples(index=False, name=None):
        subject = people.get(key) or Subject(key, name, kind, country, region, (), ())
        place = of_subject(people, subject)
        parts = []
        for layer in layers(people, place):
            if not layer.key or actor not in layer.joins or not _reaches(readings, layer, place):
                continue
            timeline = readings.from_layer(layer, place)
            if id(timeline) not in made:
                made[id(timeline)] = _by_key(timeline, actor)
            if layer.key in made[id(timeline)]:
                parts.append(made[id(timeline)][layer.key])
        yield fold(parts)


def _reaches(readings: Readings, layer: Layer, place: Place) -> bool:
    """Whether any rule of the layer reaches the site: a timeline is built only for those."""
    return layer.role in ("place", "agency") or bool(readings.reaching(layer, place).any())


def _by_key(timeline: Timeline, actor: str) -> dict[str, Stretches]:
    keys, stretches = stretches_of(timeline, actor)
    rows: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        rows.setdefault(key, []).append(i)
    return {key: {name: stretches[name][i] for name in _FIELDS} for key, i in rows.items()}


def fold(parts: list[Stretches]) -> tuple[Days, Days, Days, Days]:
    """Stretches of independent layers as one: what is possible together is the highest that any
    may have, what is certain the highest that one surely has. ``start``, ``end``, ``high``,
    ``low``."""
    if not parts:
        return (_NOTHING,) * 4
    start, end, high, low = (np.concatenate([p[name] for p in parts]) for name in _FIELDS)
    days = np.unique(np.concatenate([start, end]))
    held = (start[:, None] <= days[:-1]) & (days[:-1] < end[:, None])
    return (
        days[:-1],
        days[1:],
        (held * high[:, None]).max(axis=0),
        (held * low[:, None]).max(axis=0),
    )
