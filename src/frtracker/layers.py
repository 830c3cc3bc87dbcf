"""Which rules of which subjects apply in a place, and what they come to together.

Two readings of a place: *own* (all rules of its subject), and *all that applies there*: its own
agencies, itself, and of every government above it the rules that reach down. Pure: tables in,
plain dataclasses out; no clock.

Unknown days belong to single rules, and a rule to one layer: the layers are independent, so what
is possible together is the highest that each may have, and what is certain together the highest
that one of them surely has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import pandas as pd

from frtracker.places.place import Place
from frtracker.places.subjects import Subject
from frtracker.timeline import Market, Timeline, build
from frtracker.timeline.days import Flags
from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import ACTORS

Role = Literal["place", "agency", "above", "owner"]
Days = tuple[int, int]
"""The first and the last possible day, as ordinals; ``_OPEN`` for a day that never comes."""

_OPEN: Final = date.max.toordinal()
_SURELY_OWN: Final = frozenset({"city", "country"})
"""Owners whose bodies are known from the record: a city's police force (its chain begins with the
city), a federal agency (no region). A body within a county or a state may be a district of its
own, such as a port or a railway, which the county's rules for its departments do not bind."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One government or body whose rules may apply in a place.

    ``key`` is '' where the record has no subject for it. ``role``: the ``place`` asked about; one
    of its own ``agency`` bodies; a government ``above`` it; the ``owner`` of an agency asked about.
    ``joins``: the actors for whom its rules enter into what applies in the place.
    """

    level: str
    name: str
    key: str
    role: Role
    joins: tuple[str, ...] = tuple(ACTORS)

    @property
    def relation(self) -> str:
        """``own``, ``agency``, ``union``, else the level of the government."""
        words = {"place": "own", "agency": "agency"}
        return words.get(self.role, self.level.replace("supranational", "union"))


def layers(subjects: Mapping[str, Subject], place: Place) -> tuple[Layer, ...]:
    """Everything whose rules may apply in ``place``, nearest first: own agencies, the place, then
    city, county, state, country, and each union (whether a rule of it covers the place is a matter
    of its ``territory``: see :meth:`Readings.reaching`)."""
    itself = [Layer(place.level, place.name, place.key, "place")] * (place.level != "point")
    return (*_agencies(subjects, place), *itself, *governments(subjects, place))


def governments(subjects: Mapping[str, Subject], place: Place) -> tuple[Layer, ...]:
    """Only the layers above ``place``, nearest first; none above a union."""
    if place.level == "supranational":
        return ()
    is_body = place.level in ("agency", "school")
    above = [
        Layer(up.level, up.name, up.key, "owner" if is_body and number == 0 else "above")
        for number, up in enumerate(place.parents)
    ]
    unions = (s for s in subjects.values() if s.subject_type == "supranational")
    return (*above, *(Layer("supranational", s.name, s.key, "above") for s in unions))


def _agencies(subjects: Mapping[str, Subject], place: Place) -> Iterable[Layer]:
    """The bodies of a government itself. A city's enter into what applies to its police; a county's
    or a state's may be districts or railways, and a country's bind themselves: only named."""
    for body in subjects.values():
        if body.subject_type not in ("agency", "school"):
            continue
        if (body.country, body.region) != (place.country, place.region):
            continue
        match place.level:
            case "city":
                is_of = place.name in body.within
            case "county":
                is_of = body.within[:1] == (place.name,)
            case "state" | "country":
                is_of = not body.within
            case _:
                is_of = False
        if is_of:
            joins = ("police",) if place.level == "city" and body.subject_type == "agency" else ()
            yield Layer(body.subject_type, body.name, body.key, "agency", joins)


def reaches(layer: Layer, place: Place) -> frozenset[str]:
    """The reaches of a government's rules that pass to ``place``. For a body of its own: not what
    is for the bodies of places inside only."""
    if layer.role == "above":
        return frozenset({"below", "all"})
    surely_own = place.level == "agency" and layer.level in _SURELY_OWN
    return frozenset({"own", "all"} if surely_own else {"all"})


@dataclass(frozen=True)
class Readings:
    """The timelines behind the readings of one ``policies`` table, made when first asked for."""

    policies: pd.DataFrame
    known_at: date | None = None
    _made: dict[object, Timeline] = field(default_factory=dict, repr=False, compare=False)
    _counts: dict[object, Flags] = field(default_factory=dict, repr=False, compare=False)

    @property
    def own(self) -> Timeline:
        """Every rule of every subject."""
        if "own" not in self._made:
            self._made["own"] = build(self.policies, known_at=self.known_at)
        return self._made["own"]

    def reaching(self, layer: Layer, place: Place) -> pd.Series:
        """Which rows of ``policies`` reach ``place`` from ``layer`` (bool; all others False)."""
        return (self.policies["subject_key"] == layer.key) & self._counting(layer, place)

    def acts(self, layer: Layer, place: Place) -> tuple[str, ...]:
        """The ids of the rules that :meth:`reaching` finds, in the order of the table."""
        return tuple(self.policies.loc[self.reaching(layer, place), "policy_id"])

    def from_layer(self, layer: Layer, place: Place) -> Timeline:
        """The timeline in which of this layer's rules only those that reach ``place`` count; the
        others still end what they supersede."""
        if layer.role in ("place", "agency"):
            return self.own
        counts = self._counting(layer, place)
        name = counts.tobytes()
        if name not in self._made:
            made = build(self.policies, known_at=self.known_at, counts=counts)
            rules = self.policies.loc[counts, ["subject_key", "applies_to", "policy_id"]]
            named = {
                (key, actor)
                for key, actors, _ in rules.itertuples(index=False, name=None)
                for actor in actors.split(";")
            }
            pairs = zip(made.positions["subject_key"], made.positions["actor"], strict=True)
            kept = np.array([pair in named for pair in pairs], dtype=bool)
            periods = made.periods[made.periods["policy_id"].isin(rules["policy_id"])]
            self._made[name] = replace(made, positions=made.positions[kept], periods=periods)
        return self._made[name]

    def _counting(self, layer: Layer, place: Place) -> Flags:
        """Which rows would reach ``place`` if they were of this layer (bool, by position)."""
        if layer.role in ("place", "agency"):
            return np.ones(len(self.policies), dtype=bool)
        if layer.level == "supranational":
            where = place.region or place.country
            if where not in self._counts:
                market, kinds = Market(where), self.policies["subject_type"]
                territories = self.policies["territory"].where(kinds == "supranational", "")
                covers = [bool(t) and market.is_covered_by(t) for t in territories]
                self._counts[where] = np.array(covers, dtype=bool)
            return self._counts[where]
        words = reaches(layer, place)
        if words not in self._counts:
            private = (self.policies["applies_to"] + ";").str.contains("private;", regex=False)
            passing = self.policies["reach"].isin(list(words)) | private
            self._counts[words] = passing.to_numpy()
        return self._counts[words]


@dataclass(frozen=True, slots=True)
class JointPosition:
    """What all layers come to for one actor in ``[start, end)`` (``end`` None: open).

    ``measure``, ``scope``: the highest-ranked position that is possible; ``at_least`` the highest
    that is certain, None where certain already or nothing is. ``since``, ``until``: of the run of
    the layers that have it, first and last possible day; None where uncertain, none or open.
    ``makers``: places in the list of layers of those that have the position, nearest first.
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
    since: tuple[date, date] | None
    until: tuple[date, date] | None
    start_presumed: bool
    lifted: bool

    def is_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def answer(self) -> tuple[object, ...]:
        """What makes it another answer than its neighbour."""
        return self.measure, self.scope, self.certain, self.at_least


@dataclass(frozen=True, slots=True)
class _Part:
    """One row of a layer's positions, with ranks and ordinals."""

    layer: int
    start: int
    end: int
    high: int
    low: int
    policy_ids: str
    since: Days
    until: Days
    start_presumed: bool
    lifted: bool


def combined(
    readings: Readings, place: Place, of: Sequence[Layer], *, actors: Iterable[str] = ACTORS
) -> tuple[JointPosition, ...]:
    """All that applies in ``place``: for each actor its positions in order of days, without gaps
    from the first day on which a row of any layer names the actor."""
    joint: list[JointPosition] = []
    for actor in actors:
        parts = [
            part
            for number, layer in enumerate(of)
            if actor in layer.joins and readings.acts(layer, place)  # a timeline only where needed
            for part in _parts(readings.from_layer(layer, place), layer.key, actor, number)
        ]
        days = sorted({day for part in parts for day in (part.start, part.end)})
        for start, end in pairwise(days):
            here = [part for part in parts if part.start <= start < part.end]
            position = _joint(actor, start, end, here, parts)
            if joint and replace(joint[-1], end=position.end, start=position.start) == position:
                position = replace(position, start=joint.pop().start)
            joint.append(position)
    return tuple(joint)


def _parts(timeline: Timeline, key: str, actor: str, number: int) -> Iterable[_Part]:
    table = timeline.positions
    for row in table[(table["subject_key"] == key) & (table["actor"] == actor)].to_dict("records"):
        high, floor = RANK[row["measure"], row["scope"]], row["at_least_measure"]
        days = {
            name: _OPEN if pd.isna(row[name]) else row[name].date().toordinal()
            for name in ("valid_to", "since_low", "since_high", "until_low", "until_high")
        }
        yield _Part(
            layer=number,
            start=row["valid_from"].date().toordinal(),
            end=days["valid_to"],
            high=high,
            low=high if row["certain"] else RANK[floor, row["at_least_scope"]] if floor else 0,
            policy_ids=row["policy_ids"],
            since=(days["since_low"], days["since_high"]),
            until=(days["until_low"], days["until_high"]),
            start_presumed=bool(row["start_presumed"]),
            lifted=bool(row["lifted"]),
        )


def _joint(
    actor: str, start: int, end: int, here: Sequence[_Part], everywhere: Sequence[_Part]
) -> JointPosition:
    """What the parts ``here`` come to on the days from ``start`` to ``end``."""
    high = max((part.high for part in here), default=0)
    low = max((part.low for part in here), default=0)
    makers = [part for part in here if part.high == high and (high or part.policy_ids)]
    if any(part.low == high for part in makers):  # who surely has it speaks for it
        makers = [part for part in makers if part.low == high]
    run = _run(makers, everywhere) if 0 < high == low else []
    since = tuple(min(part.since[i] for part in run) for i in (0, 1)) if run else None
    until = tuple(max(part.until[i] for part in run) for i in (0, 1)) if run else None
    first = [part for part in run if part.since == since] or run or makers
    ids = dict.fromkeys(i for part in makers for i in part.policy_ids.split(";"))
    return JointPosition(
        actor=actor,
        start=date.fromordinal(start),
        end=None if end == _OPEN else date.fromordinal(end),
        measure=RANKED[high][0],
        scope=RANKED[high][1],
        certain=high == low,
        at_least=RANKED[low] if 0 < low < high else None,
        makers=tuple(part.layer for part in makers) if high else (),
        policy_ids=tuple(ids),
        since=_dates(since),
        until=_dates(until),
        start_presumed=bool(first) and all(part.start_presumed for part in first),
        lifted=not high and any(part.lifted for part in makers),
    )


def _run(makers: Sequence[_Part], everywhere: Sequence[_Part]) -> list[_Part]:
    """The makers of a certain position, and what other layers have of it that surely meets them:
    a hand-over between layers that agree is no end."""
    run = list(makers)
    waiting = [p for p in everywhere if p.low == p.high == makers[0].high and p not in run]
    while meeting := [
        part
        for part in waiting
        if any(
            part.layer != other.layer
            and part.since[1] <= other.until[0]
            and other.since[1] <= part.until[0]
            for other in run
        )
    ]:
        run += meeting
        waiting = [part for part in waiting if part not in meeting]
    return run


def _dates(days: tuple[int, ...] | None) -> tuple[date, date] | None:
    if days is None or _OPEN in days:
        return None
    return date.fromordinal(days[0]), date.fromordinal(days[1])


def on_day(positions: Iterable[JointPosition], day: date) -> dict[str, JointPosition]:
    """The position of each actor on ``day``; no entry: no row names the actor."""
    return {each.actor: each for each in positions if each.is_on(day)}


def next_change(positions: Iterable[JointPosition], actor: str, day: date) -> JointPosition | None:
    """The first position after ``day`` that is another answer than the one before it."""
    before: JointPosition | None = None
    for each in positions:
        if each.actor != actor:
            continue
        changes = each.answer != before.answer if before else each.measure != "none"
        if each.start > day and changes:
            return each
        before = each
    return None
