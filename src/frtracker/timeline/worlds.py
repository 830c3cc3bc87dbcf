"""The possible worlds of one subject and actor, told out.

A world gives every doubtful day one of its days, and says of every act of low confidence whether
it exists. What holds in all worlds is certain; where nothing is in doubt there is one world.

Worlds are told out rule by rule, each rule after those that supersede it (:func:`fold`). What a
rule comes to depends on its own days and on the starts of its successors; once all rules that it
may end are told, a start matters no more, and worlds that no asked day can tell apart are one. So
a month of doubt costs two or four worlds, not thirty, and a long chain of doubtful rules costs no
more than its links. What they say: :mod:`frtracker.timeline.outlook`.
Pure: arrays in, arrays out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index
from frtracker.timeline.rules import Rules

MAX_CELLS: Final = 2_000_000
"""Worlds × days held at once."""
MAX_BIT: Final = 62
"""The last place of a successor that has a bit of its own; see :data:`LIFE_COLUMNS`."""
_CHUNK: Final = 4096  # pairs
_FEW: Final = 200  # worlds that it takes no less time to compare than to go on with

LIFE_COLUMNS: Final = (
    "began_low",
    "began_high",
    "began_certain",
    "ended_low",
    "ended_high",
    "ended_certain",
    "own_terms",
    "over",
    "causes",
)
"""What :attr:`Worlds.lives` says of each rule: between which days it begins and ends over the
worlds in which it does (0 where in none), and whether it does in all; whether it may end by its
own terms; the day from which in no world it will be in force again (``OPEN``: never); and which of
its successors may end it (bits, by place; :data:`MAX_BIT` stands for all from there on)."""


class Pair(NamedTuple):
    """The rules of one subject and actor; columns as in :class:`Rules`. ``successors``: for each
    rule, the places of the rules that supersede it (the record has no circles)."""

    rank: tuple[int, ...]
    start_low: tuple[int, ...]
    start_high: tuple[int, ...]
    expiry_low: tuple[int, ...]
    expiry_high: tuple[int, ...]
    low_confidence: tuple[bool, ...]
    counts: tuple[bool, ...]
    successors: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Worlds:
    """All worlds of some pairs of one shape, pair after pair: ``first`` is the place of the first
    world of each. ``always``, ``sometimes``: flags, (pairs, rules, days); ``lives``: int64,
    (pairs, rules, :data:`LIFE_COLUMNS`); ``ranks``, ``repealed``: (worlds, days): the rank of the
    position, and whether a repeal ended something on the day."""

    first: Index
    always: Flags
    sometimes: Flags
    lives: Days
    ranks: npt.NDArray[np.int8]
    repealed: Flags

    @property
    def level(self) -> npt.NDArray[np.int8]:
        """In how many worlds each rule is in force: 0 none, 1 some, 2 all."""
        return self.always.astype(np.int8) + self.sometimes


class Asked(NamedTuple):
    """A pair, the days that stand for each order of its contested starts, and the asked days."""

    pair: Pair
    turns: dict[int, frozenset[int]]
    days: Days


def cut_pairs(rules: Rules) -> Iterator[tuple[int, Index, Pair]]:
    """Yield each pair that has rules: its number, the places of its rules in ``rules``, itself."""
    order = np.argsort(rules.pair, kind="stable")
    numbers, firsts = np.unique(rules.pair[order], return_index=True)
    bounds = [*firsts.tolist(), len(order)]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(firsts, np.diff(bounds))
    followers: dict[int, tuple[int, ...]] = {}
    edges = zip(rules.predecessor.tolist(), place[rules.successor].tolist(), strict=True)
    for earlier, later in edges:
        followers[earlier] = (*followers.get(earlier, ()), later)
    for chunk in range(0, len(numbers), _CHUNK):  # so that few cells are Python's at a time
        stops = bounds[chunk : chunk + _CHUNK + 1]
        every = order[stops[0] : stops[-1]]
        columns = [getattr(rules, name)[every].tolist() for name in Pair._fields[:-1]]
        successors = [followers.get(rule, ()) for rule in every.tolist()]
        cut = numbers[chunk : chunk + _CHUNK].tolist()
        for number, begin, stop in zip(cut, stops[:-1], stops[1:], strict=True):
            first, past = begin - stops[0], stop - stops[0]
            cells = [tuple(column[first:past]) for column in (*columns, successors)]
            yield number, every[first:past], Pair._make(cells)


def groups_of(successors: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    """The rules that ``supersedes`` joins, group by group, each rule after its successors."""
    group_of: dict[int, list[int]] = {}
    for first in range(len(successors)):
        path = {} if first in group_of else {first: None}
        while path:
            rule = next(reversed(path))
            pending = [it for it in successors[rule] if it not in group_of and it not in path]
            if pending:
                path[pending[-1]] = None
                continue
            path.popitem()
            joined = {id(group_of[it]): group_of[it] for it in successors[rule] if it in group_of}
            group, *others = joined.values() or [[]]
            for other in others:
                group += other
                group_of |= dict.fromkeys(other, group)
            group.append(rule)
            group_of[rule] = group
    return list({id(group): group for group in group_of.values()}.values())


def contested(pair: Pair) -> dict[int, frozenset[int]]:
    """Rules whose *order* of starts matters beyond the asked days, with days enough around the
    ends of their dates for each order that they can have: a repeal, and a rule that it may lift
    before it begins and that would end another. Only rules that such contests join are ordered."""
    if 0 not in pair.rank:
        return {}
    ends_another = {later for followers in pair.successors for later in followers}
    joined: dict[int, set[int]] = {}
    for earlier in ends_another:
        for later in pair.successors[earlier]:
            always = pair.start_high[later] <= pair.start_low[earlier]
            never = pair.start_low[later] > pair.start_high[earlier]
            if pair.rank[later] == 0 and not always and not never:
                both = joined.get(earlier, {earlier}) | joined.get(later, {later})
                joined |= dict.fromkeys(both, both)
    turns = {}
    for rule, together in joined.items():
        ends = {day for each in together for day in (pair.start_low[each], pair.start_high[each])}
        spread = range(-len(together), len(together) + 1)
        turns[rule] = frozenset(end + step for end in ends for step in spread)
    return turns


def breakpoints(pair: Pair, listed_from: int, contested: dict[int, frozenset[int]]) -> Days:
    """Days from the first on which what may hold can change, in order: each end of a date, the day
    after it, on which one doubtful start may have come after another, and every day that stands
    for an order of starts, so that no world holds a rule between two of them."""
    near = {listed_from}.union(*contested.values())
    for column in pair[1:5]:
        near.update(column)
    if pair.start_low != pair.start_high or pair.expiry_low != pair.expiry_high:
        near.update([day + 1 for day in near])
    return np.array(sorted(day for day in near if listed_from <= day < OPEN), dtype=np.int64)


def _fates(asked: Asked, rule: int) -> tuple[list[int], list[int]]:
    """First day, and first day after its own end, of every fate of one rule that the asked days,
    or the order of contested starts, can tell apart; ``OPEN`` start: it does not exist."""
    pair, contested, days = asked
    low, high = pair.start_low[rule], pair.start_high[rule]
    past_low, past_high = pair.expiry_low[rule], pair.expiry_high[rule]
    if low == high and past_low == past_high and not pair.low_confidence[rule]:
        return [low], [past_low]
    turns = contested.get(rule, frozenset())
    starts = _representatives(low, high, np.union1d(days, sorted(turns)) if turns else days)
    # The last day on which it can begin and be in force may lie just before one that ends it.
    close = {past_low - 1, past_high - 1}
    for later in pair.successors[rule]:
        close |= {pair.start_low[later] - 1, pair.start_high[later] - 1}
    last = {day for day in close if low < day < high}.difference(starts)
    starts += sorted(last)
    seen: dict[tuple[int, int, int, bool], tuple[int, int]] = {}
    listed = days.tolist()
    for start, end in product(starts, _representatives(past_low, past_high, days)):
        begun = bisect_left(listed, start)
        past = max(begun, bisect_left(listed, end))
        between = start if start in last else 0
        face = (start, end, 0) if turns else (begun, past, between)
        seen.setdefault((*face, start < end), (start, end))
    if pair.low_confidence[rule]:
        seen.setdefault((len(days), len(days), 0, False), (OPEN, OPEN))
    return [start for start, _ in seen.values()], [end for _, end in seen.values()]


def _representatives(low: int, high: int, days: Days) -> list[int]:
    """Days of ``low … high`` that stand for all of them, as far as ``days`` can tell."""
    if low == high:
        return [low]
    inside: list[int] = days[(days >= low) & (days < high)].tolist()
    return [*inside, high]


def fold(asked: Sequence[Asked], order: list[int], *, ranked: bool = True) -> Worlds | None:
    """Tell out all worlds of the rules in ``order`` (each after its successors) that the asked
    days can tell apart, of pairs of one shape; None if they are too many to hold. Without
    ``ranked`` positions are not followed, so that far fewer are.

    A repeal that starts no later than what it lifts keeps it from beginning (such a rule ends
    nothing); every other successor ends its predecessor on its own first day.
    """
    rank, counts = (np.array([getattr(it.pair, n) for it in asked]) for n in ("rank", "counts"))
    successors = asked[0].pair.successors
    (pairs, size), width = rank.shape, max(len(it.days) for it in asked)
    days = np.full((pairs, width), OPEN, dtype=np.int64)  # nothing holds on a day that never comes
    for place, it in enumerate(asked):
        days[place, : len(it.days)] = it.days
    always, sometimes = (np.zeros((pairs, size, width), dtype=bool) for _ in range(2))
    lives = np.zeros((pairs, size, len(LIFE_COLUMNS)), dtype=np.int64)
    pair = first = np.arange(pairs)  # the pair of each world; the first world of each pair
    ranks = np.zeros((pairs, width), dtype=np.int8)
    repealed = np.zeros((pairs, width), dtype=bool)
    ending: dict[int, _Ending] = {}  # of rules not told yet that have a successor that is
    predecessors: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for earlier, followers in enumerate(successors):
        for place, later in enumerate(followers):
            predecessors[later].append((earlier, min(place, MAX_BIT)))

    limit = MAX_CELLS if pairs == 1 else MAX_CELLS // 10
    for rule in order:
        fates = [_fates(it, rule) for it in asked]
        many = np.array([len(starts) for starts, _ in fates])
        times = many[pair]
        if times.sum() * (width + 3 * len(ending)) > limit:
            return None
        fate = (np.cumsum(many) - many)[pair]
        if grown := int(times.max()) > 1:
            before = np.repeat(np.arange(len(pair)), times)
            fate = (fate - np.cumsum(times) + times)[before] + np.arange(len(before))
            pair, ranks, repealed = pair[before], ranks[before], repealed[before]
            ending = {each: found.take(before) for each, found in ending.items()}
            first = np.searchsorted(pair, np.arange(pairs))
        starts, ends = (np.array(list(chain(*each)))[fate] for each in zip(*fates, strict=True))

        begin, end, by = starts, ends, np.zeros(len(starts), dtype=np.int64)
        when = days if pairs in (1, len(pair)) else days[pair]
        gain = np.where(counts[:, rule], rank[:, rule], 0)[pair].astype(np.int8)
        if rule in ending:
            heirs = ending.pop(rule)
            begin = np.where(heirs.lift <= starts, OPEN, starts)
            end = np.minimum(ends, heirs.first)
            by = np.where(end == heirs.first, heirs.by, 0)
            if ranked and width > 1:
                lifted = (begin < end) & (end < OPEN) & (heirs.lift == end) & (gain > 0)
                gone = np.flatnonzero(lifted)
                repealed[gone, (days[pair[gone]] < end[gone, None]).sum(axis=1)] = True
        held = (begin[:, None] <= when) & (when < end[:, None])
        always[:, rule] = np.logical_and.reduceat(held, first)
        sometimes[:, rule] = np.logical_or.reduceat(held, first)
        lives[:, rule] = _life(first, starts, begin, end, by)
        if ranked and gain.any():
            ranks = np.maximum(ranks, held * gain[:, None])
        for earlier, bit in predecessors[rule]:
            heirs = ending.get(earlier) or _Ending.of(len(begin))
            ending[earlier] = heirs.joined_by(begin, bit, rank[pair, rule] == 0)
        if grown and len(ranks) > _FEW * pairs:
            # What ends a rule makes no other world: worlds that differ in that alone are one.
            columns = [day for found in ending.values() for day in (found.first, found.lift)]
            told = pd.DataFrame(np.column_stack([pair, ranks, repealed, *columns]))
            world = np.asarray(told.groupby(list(told), sort=False).ngroup(), dtype=np.int64)
            kept = np.flatnonzero(~told.duplicated().to_numpy())
            pair, ranks, repealed = pair[kept], ranks[kept], repealed[kept]
            ending = {each: found.merged(world, kept) for each, found in ending.items()}
            first = np.searchsorted(pair, np.arange(pairs))
    return Worlds(first, always, sometimes, lives, ranks, repealed)


class _Ending(NamedTuple):
    """What the successors of one rule come to in each world: the first of their starts, which of
    them begin then (bits), and the first start of those that lift it."""

    first: Days
    by: Index
    lift: Days

    @classmethod
    def of(cls, worlds: int) -> _Ending:
        never = np.full(worlds, OPEN, dtype=np.int64)
        return cls(never, np.zeros(worlds, dtype=np.int64), never)

    def take(self, worlds: Index) -> _Ending:
        return _Ending(self.first[worlds], self.by[worlds], self.lift[worlds])

    def merged(self, world: Index, kept: Index) -> _Ending:
        """``kept`` stands for all of its ``world``."""
        by = np.zeros(len(kept), dtype=np.int64)
        np.bitwise_or.at(by, world, self.by)
        return _Ending(self.first[kept], by, self.lift[kept])

    def joined_by(self, begin: Days, bit: int, lifts: Flags) -> _Ending:
        """With one more successor that begins on these days."""
        by = np.where(begin < self.first, 0, self.by)
        by |= np.where((begin <= self.first) & (begin < OPEN), 1 << bit, 0)
        lift = np.where(lifts, np.minimum(self.lift, begin), self.lift)
        return _Ending(np.minimum(self.first, begin), by, lift)


def _life(first: Index, starts: Days, begin: Days, end: Days, by: Index) -> Days:
    """:data:`LIFE_COLUMNS` of one rule of each pair.
    ``starts``: its own start in each world, ``begin`` and ``end`` with what its successors make of
    it, ``by`` those that end it."""
    alive, exists = begin < end, starts < OPEN
    ended = alive & (end < OPEN)
    begins, ends = (np.logical_or.reduceat(each, first) for each in (alive, ended))

    def least(days: Days, where: Flags) -> Days:
        return np.minimum.reduceat(np.where(where, days, OPEN), first)

    def most(days: Days, where: Flags) -> Days:
        return np.maximum.reduceat(np.where(where, days, 0), first)

    # One that begins in no world is over when it is replaced, or with its own end.
    unborn = most(np.minimum(starts, end), exists)
    unborn[~np.logical_or.reduceat(exists, first)] = OPEN
    return np.column_stack(
        [
            np.where(begins, least(begin, alive), 0),
            most(begin, alive),
            np.logical_and.reduceat(alive, first),
            np.where(ends, least(end, ended), 0),
            most(end, ended),
            np.logical_and.reduceat(ended, first),
            np.logical_or.reduceat(ended & (by == 0), first),
            np.where(ends, most(end, alive), np.where(begins, OPEN, unborn)),
            np.bitwise_or.reduceat(np.where(ended, by, 0), first),
        ]
    )
