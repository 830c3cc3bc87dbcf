"""Which rules of which subjects apply in a place, and what they come to together.

Two readings of a place: *own* (all rules of its subject), and *all that applies there*: its own
agencies, itself, and of every government above it the rules that reach down. Pure: tables in,
tables and plain dataclasses out; no clock.

Unknown days belong to single rules, and a rule to one layer: the layers are independent, so what
is possible together is the highest that each may have, and what is certain together the highest
that one of them surely has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from frtracker.places.place import Place
from frtracker.places.subjects import Subject
from frtracker.timeline import Market, Timeline, build
from frtracker.timeline.days import OPEN, Days, Flags, to_ordinals
from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import ACTORS

Row = dict[str, Any]

_SURELY_OWN: Final = frozenset({"city", "country"})
"""Owners whose bodies are known from the record: a city's police force (its chain begins with the
city), a federal agency (no region). A body within a county or a state may be a district of its
own, such as a port or a railway, to which the county's rules for its departments do not apply."""


_ACTORS_OF: Final = {"agency": ("police", "government"), "school": ("schools",)}
"""What a body may be: a transit agency has police of its own, but it is no school and no business,
so rules on these do not apply to it."""


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
    role: Literal["place", "agency", "above", "owner"]
    joins: tuple[str, ...] = tuple(ACTORS)

    @property
    def relation(self) -> str:
        """To a place that is in it, or has it: ``agency``, ``union``, else the level."""
        return "agency" if self.role == "agency" else self.level.replace("supranational", "union")


def layers(subjects: Mapping[str, Subject], place: Place) -> tuple[Layer, ...]:
    """Everything whose rules may apply in ``place``, nearest first: own agencies, the place, then
    city, county, state, country, and each union (whether a rule of it covers the place is a matter
    of its ``territory``: see :meth:`Readings.acts`)."""
    itself = [Layer(place.level, place.name, place.key, "place")] * (place.level != "point")
    return (*_agencies(subjects, place), *itself, *governments(subjects, place))


def governments(subjects: Mapping[str, Subject], place: Place) -> tuple[Layer, ...]:
    """Only the layers above ``place``, nearest first; none above a union."""
    if place.level == "supranational":
        return ()
    joins = _ACTORS_OF.get(place.level, tuple(ACTORS))
    above = [Layer(up.subject_type, up.name, up.key, "above", joins) for up in place.parents]
    if above and place.level in _ACTORS_OF:
        above[0] = replace(above[0], role="owner")
    unions = (s for s in subjects.values() if s.subject_type == "supranational")
    return (*above, *(Layer("supranational", s.name, s.key, "above", joins) for s in unions))


def _agencies(subjects: Mapping[str, Subject], place: Place) -> Iterable[Layer]:
    """The bodies of a government itself. A city's enter into what applies to its police; a county's
    or a state's may be districts or railways, and a country's set their own rules: only named."""
    for body in subjects.values():
        is_of = {
            "city": place.name in body.within,
            "county": body.within[:1] == (place.name,),
            "state": not body.within,
            "country": not body.within,
        }
        is_body = body.subject_type in ("agency", "school")
        is_here = (body.country, body.region) == (place.country, place.region)
        if is_body and is_here and is_of.get(place.level, False):
            joins = ("police",) if place.level == "city" and body.subject_type == "agency" else ()
            yield Layer(body.subject_type, body.name, body.key, "agency", joins)


class Readings:
    """The timelines behind the readings of one ``policies`` table, made when first asked for."""

    def __init__(self, policies: pd.DataFrame, known_at: date | None = None) -> None:
        self.policies, self.known_at = policies, known_at
        self._counting: dict[object, Flags] = {}
        self._timelines: dict[bytes, Timeline] = {}

    @cached_property
    def own(self) -> Timeline:
        """Every rule of every subject."""
        return build(self.policies, known_at=self.known_at)

    def acts(self, layer: Layer, place: Place) -> tuple[str, ...]:
        """The ids of the rules that reach ``place`` from ``layer``, in the order of the table."""
        rows = (self.policies["subject_key"] == layer.key).to_numpy()
        if layer.role not in ("place", "agency"):
            rows = rows & self._passing(layer, place)
        return tuple(self.policies["policy_id"].to_numpy()[rows])

    def from_layer(self, layer: Layer, place: Place) -> Timeline:
        """The timeline in which of this layer's rules only those that reach ``place`` count; the
        others still end what they supersede."""
        if layer.role in ("place", "agency"):
            return self.own
        counts = self._passing(layer, place)
        name = counts.tobytes()
        if name not in self._timelines:
            made = build(self.policies, known_at=self.known_at, counts=counts)
            rules = self.policies[counts]
            actors = rules.assign(actor=rules["applies_to"].str.split(";")).explode("actor")
            of, named = (t.set_index(["subject_key", "actor"]) for t in (made.positions, actors))
            self._timelines[name] = replace(
                made,
                positions=made.positions[of.index.isin(named.index)],
                periods=made.periods[made.periods["policy_id"].isin(rules["policy_id"])],
            )
        return self._timelines[name]

    def _passing(self, layer: Layer, place: Place) -> Flags:
        """Which rows would reach ``place`` if they were of this layer above it (bool, by position).

        Of a union those whose territory covers the place. Of any other government those for all,
        those for the places below it, and for a body that is surely its own those for its bodies.
        None that is only for actors for whom the layer does not join.
        """
        rows = self.policies
        if layer.level == "supranational":
            asked: str | frozenset[str] = place.region or place.country
        elif layer.role == "above":
            asked = frozenset({"below", "all"})
        else:
            is_own = place.level == "agency" and layer.level in _SURELY_OWN
            asked = frozenset({"own", "all"} if is_own else {"all"})
        if (asked, layer.joins) not in self._counting:
            if isinstance(asked, str):
                market = Market(asked)
                territories = rows["territory"].where(rows["subject_type"] == "supranational", "")
                passing = territories.map(lambda text: bool(text) and market.is_covered_by(text))
            else:
                private = rows["applies_to"].str.contains("private")
                own_ground = (rows["subject_type"] == "county") & (rows["reach"] == "own")
                passing = rows["reach"].isin(list(asked)) | (private & ~own_ground)
            foreign = rows["applies_to"].str.split(";").map(set(layer.joins).isdisjoint)
            self._counting[asked, layer.joins] = passing.to_numpy(bool) & ~foreign.to_numpy(bool)
        return self._counting[asked, layer.joins]


def ranked(positions: pd.DataFrame) -> pd.DataFrame:
    """Positions of a timeline with numbers beside them (int64): ``start``, ``end`` (half-open
    ordinals, ``OPEN`` without an end), ``high``, ``low`` (places in ``RANKED`` of the highest
    position that is possible and of the lowest)."""

    def ranks(measure: str, scope: str) -> Days:
        pairs = zip(positions[measure], positions[scope], strict=True)
        return np.array([RANK.get(pair, 0) for pair in pairs], dtype=np.int64)

    high, floor = ranks("measure", "scope"), ranks("at_least_measure", "at_least_scope")
    return positions.assign(
        start=to_ordinals(positions["valid_from"]),
        end=to_ordinals(positions["valid_to"]),
        high=high,
        low=np.where(positions["certain"], high, floor),
    )


def spells(parts: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Sweep over the days of each group of ``parts`` (of :func:`ranked`), and join neighbours of
    which the same is true.

    Columns: those of ``by``; ``start``, ``end``; ``high``, the highest rank that any part may have
    on these days, and ``low``, the highest that one of them surely has. Days in no part are in no
    row. Ordered by group as they first appear, then by day.
    """
    wide = OPEN + 1
    group = parts.groupby(list(by), sort=False).ngroup().to_numpy(np.int64)
    first, last = (group * wide + parts[side].to_numpy() for side in ("start", "end"))
    edges = np.unique(np.concatenate([first, last]))
    begin, stop = np.searchsorted(edges, first), np.searchsorted(edges, last)

    # Every part on every stretch between two edges that it covers.
    stretch = np.concatenate([begin[:0], *map(np.arange, begin, stop)])
    ranks = np.full((2, len(edges)), -1, dtype=np.int64)
    for highest, side in zip(ranks, ("high", "low"), strict=True):
        np.maximum.at(highest, stretch, np.repeat(parts[side].to_numpy(), stop - begin))

    # No part covers the last edge of a group, so that no spell runs from one group into the next.
    turns = np.flatnonzero(np.append(True, (ranks[:, 1:] != ranks[:, :-1]).any(axis=0)))
    covered = ranks[0, turns[:-1]] >= 0
    starts, ends = turns[:-1][covered], turns[1:][covered]
    rows = parts[list(by)].drop_duplicates().take(edges[starts] // wide).reset_index(drop=True)
    days = {"start": edges[starts] % wide, "end": edges[ends] % wide}
    return rows.assign(**days, high=ranks[0, starts], low=ranks[1, starts])


def parts_in(
    readings: Readings, place: Place, of: Sequence[Layer], actors: Sequence[str]
) -> pd.DataFrame:
    """The positions of every layer for the actors for whom it joins, as :func:`ranked`, with
    ``layer``, its place in ``of``."""
    found = [readings.own.positions.iloc[:0].assign(layer=0)]
    for number, layer in enumerate(of):
        joins = [actor for actor in layer.joins if actor in actors]
        if joins and readings.acts(layer, place):  # a timeline only where needed
            table = readings.from_layer(layer, place).positions
            rows = table[(table["subject_key"] == layer.key) & table["actor"].isin(joins)]
            found.append(rows.assign(layer=number))
    return ranked(pd.concat(found))


class Joint:
    """All that applies in ``place``, for each actor on any day; ``of``: its :func:`layers`. The
    tables behind it: ``parts``, see :func:`parts_in`, and their ``spells``."""

    def __init__(self, readings: Readings, place: Place, of: Sequence[Layer]) -> None:
        parts = parts_in(readings, place, of, tuple(ACTORS))
        self.parts, self.spells = parts, spells(parts, ["actor"])
        days: dict[str, Any] = {}
        for name in ("since", "until"):
            low, high = (to_ordinals(parts[f"{name}_{side}"]).tolist() for side in ("low", "high"))
            days[name] = list(zip(low, high, strict=True))
        self._parts: list[Any] = list(parts.assign(**days).itertuples(index=False))

    def on(self, actor: str, day: date) -> Row | None:
        """The position on ``day``; None where no row of any layer names the actor by then.

        As a row of the timeline's ``positions``: the highest-ranked position that is possible, and
        the highest that is certain; ``since``, ``until``: of the run of the layers that have it;
        ``makers``: places in the list of layers of those that have it, nearest first.
        """
        everywhere = [part for part in self._parts if part.actor == actor]
        here = [part for part in everywhere if part.start <= day.toordinal() < part.end]
        if not here:
            return None
        high, low = max(part.high for part in here), max(part.low for part in here)
        makers = [part for part in here if part.high == high and (high or part.policy_ids)]
        if any(part.low == high for part in makers):  # who surely has it speaks for it
            makers = [part for part in makers if part.low == high]
        run = _run(makers, everywhere) if 0 < high == low else []
        since = tuple(map(min, zip(*(part.since for part in run), strict=True)))
        until = tuple(map(max, zip(*(part.until for part in run), strict=True)))
        first = [part for part in run if part.since == since] or run
        measure, scope = RANKED[high]
        floor = RANKED[low] if 0 < low < high else ("", "")
        return {
            "actor": actor,
            "valid_from": day,
            "measure": measure,
            "scope": scope,
            "certain": high == low,
            "at_least_measure": floor[0],
            "at_least_scope": floor[1],
            "policy_ids": ";".join(part.policy_ids for part in makers),
            **_range("since", since),
            **_range("until", until),
            "start_presumed": bool(first) and all(part.start_presumed for part in first),
            "lifted": not high and any(part.lifted for part in makers),
            "makers": [part.layer for part in makers] if high else [],
        }

    def next_change(self, actor: str, day: date) -> Row | None:
        """The first position after ``day`` that is another answer than the one before it."""
        rows = self.spells[self.spells["actor"] == actor]
        for number, (start, high) in enumerate(rows[["start", "high"]].itertuples(index=False)):
            if start > day.toordinal() and (number or high):  # first listing is no change
                return self.on(actor, date.fromordinal(start))
        return None


def _run(makers: Sequence[Any], everywhere: Sequence[Any]) -> list[Any]:
    """The makers of a certain position, and what other layers have of it that surely meets them:
    a handover between layers that agree is not an end."""
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


def _range(name: str, days: tuple[int, ...]) -> Row:
    low, high = map(date.fromordinal, days) if days and OPEN not in days else (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
