"""What all layers of a place come to together, in stretches of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import pandas as pd

from frtracker.layers.layers import Layer
from frtracker.layers.readings import Readings
from frtracker.places.located import Site
from frtracker.timeline import Timeline
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import ACTORS

_RANK: Final = MappingProxyType({position: rank for rank, position in enumerate(RANKED)})


@dataclass(frozen=True, slots=True)
class Stretch:
    """What all layers come to for one actor in ``[start, end)`` (``end`` None: open).

    ``measure``, ``scope``: the highest-ranked position that is possible; ``at_least`` the highest
    that is certain, None where certain already or nothing is. ``makers``: places in the list of
    layers of those that have the position, nearest first.
    """

    actor: str
    start: date
    end: date | None
    measure: str
    scope: str
    certain: bool
    at_least: tuple[str, str] | None
    makers: tuple[int, ...]
    policy_ids: tuple[str, ...]
    start_presumed: bool
    lifted: bool

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def face(self) -> tuple[object, ...]:
        """What makes it another answer than its neighbour."""
        return self.measure, self.scope, self.certain, self.at_least


@dataclass(frozen=True, slots=True)
class Run:
    """The unbroken days of one certain position: first day, and first day that it no longer
    holds, each between two days; None where open."""

    since: tuple[date, date]
    until: tuple[date, date] | None
    start_presumed: bool


@dataclass(frozen=True, slots=True)
class _Part:
    layer: int
    start: int
    end: int
    high: int
    low: int
    policy_ids: str
    start_presumed: bool


_NEVER: Final = date.max.toordinal()


def combined(readings: Readings, site: Site, of: Sequence[Layer]) -> tuple[Stretch, ...]:
    """All that binds ``site``: for each actor its stretches in order of days, without gaps from
    the first day on which a row of any layer names the actor."""
    found: list[Stretch] = []
    for actor in ACTORS:
        parts = [
            part
            for number, layer in enumerate(of)
            if layer.key and actor in layer.joins
            for part in _parts(readings.from_layer(layer, site), layer.key, actor, number)
        ]
        found += _merged(_sweep(actor, parts))
    return tuple(found)


def _parts(timeline: Timeline, key: str, actor: str, number: int) -> Iterable[_Part]:
    table = timeline.positions
    own = table[(table["subject_key"] == key) & (table["actor"] == actor)]
    for row in own.to_dict("records"):
        high = _RANK[row["measure"], row["scope"]]
        floor = row["at_least_measure"]
        low = _RANK[floor, row["at_least_scope"]] if floor else 0
        yield _Part(
            number,
            row["start"].date().toordinal(),
            _NEVER if pd.isna(row["end"]) else row["end"].date().toordinal(),
            high,
            high if row["certain"] else low,
            row["policy_ids"],
            bool(row["start_presumed"]),
        )


def _sweep(actor: str, parts: Sequence[_Part]) -> Iterable[Stretch]:
    days = sorted({day for part in parts for day in (part.start, part.end)})
    for start, end in pairwise(days):
        held = [part for part in parts if part.start <= start < part.end]
        high = max((part.high for part in held), default=0)
        low = max((part.low for part in held), default=0)
        makers = [part for part in held if part.high == high and (high or part.policy_ids)]
        if any(part.low == high for part in makers):  # who surely has it speaks for it
            makers = [part for part in makers if part.low == high]
        ids = dict.fromkeys(i for part in makers for i in part.policy_ids.split(";"))
        measure, scope = RANKED[high]
        yield Stretch(
            actor=actor,
            start=date.fromordinal(start),
            end=None if end == _NEVER else date.fromordinal(end),
            measure=measure,
            scope=scope,
            certain=high == low,
            at_least=RANKED[low] if 0 < low < high else None,
            makers=tuple(part.layer for part in makers) if high else (),
            policy_ids=tuple(ids),
            start_presumed=bool(makers) and all(part.start_presumed for part in makers),
            lifted=not high and bool(makers),
        )


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours that differ in nothing but their days are one."""
    result: list[Stretch] = []
    for each in stretches:
        if result and replace(result[-1], start=each.start, end=each.end) == each:
            each = replace(each, start=result.pop().start)
        result.append(each)
    return result


def on_day(stretches: Iterable[Stretch], day: date) -> dict[str, Stretch]:
    """The stretch of each actor that holds on ``day``; no entry: no row names the actor."""
    return {each.actor: each for each in stretches if each.holds_on(day)}


def run_of(stretches: Sequence[Stretch], stretch: Stretch) -> Run | None:
    """The run of measure and scope around a certain stretch, whichever layer holds it; None where
    uncertain or none. Days on which the same position was, or will be, only possible make its
    first day, or its end, a range."""
    if not stretch.certain or stretch.measure == "none":
        return None
    own = [each for each in stretches if each.actor == stretch.actor]
    position = stretch.measure, stretch.scope
    first = last = own.index(stretch)
    while first and own[first - 1].face == stretch.face:
        first -= 1
    while last + 1 < len(own) and own[last + 1].face == stretch.face:
        last += 1
    before, after = first, last
    while before and (own[before - 1].measure, own[before - 1].scope) == position:
        before -= 1
    while after + 1 < len(own) and (own[after + 1].measure, own[after + 1].scope) == position:
        after += 1
    end, latest = own[last].end, own[after].end
    return Run(
        since=(own[before].start, own[first].start),
        until=None if end is None or latest is None else (end, latest),
        start_presumed=own[first].start_presumed and before == first,
    )


def next_change(stretches: Iterable[Stretch], actor: str, day: date) -> Stretch | None:
    """The first stretch after ``day`` in which what binds the actor is another than before it."""
    before: Stretch | None = None
    for each in stretches:
        if each.actor != actor:
            continue
        if each.start > day and (each.face != before.face if before else each.measure != "none"):
            return each
        before = each
    return None
