"""The possible worlds of one subject and actor, enumerated.

A world gives every doubtful day one of its days, and says of every act of low confidence whether
it exists. A rule in force in all worlds is certain; without doubt there is one world.

Worlds are enumerated rule by rule, each rule after those that supersede it (:func:`fold`). What a
rule comes to depends on its own days and on the starts of its successors; once all rules that it
may end are enumerated, a start matters no more, and worlds that no asked day distinguishes are one.
So a month of doubt costs two or four worlds, not thirty, and a long chain of doubtful rules costs
no more than its links. What they say: :mod:`frtracker.timeline.outlook`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index
from frtracker.timeline.rules import Rules

MAX_CELLS: Final = 2_000_000
"""Worlds × days in memory at once."""
MAX_BIT: Final = 62
"""The last place of a successor that has a bit of its own; see :data:`LIFE_COLUMNS`."""
_BLOCK: Final = 8_000  # pairs whose cells are Python's at a time
_FEW: Final = 200  # worlds that it takes no less time to compare than to go on with

LIFE_COLUMNS: Final = (
    *(f"{kind}_{part}" for kind in ("began", "ended") for part in ("low", "high", "certain")),
    *("own_terms", "over", "causes"),
)
"""What the worlds say of the life of a rule: between which days it begins and ends over those in
which it does (0 where in none), and whether it does in all; whether it may end by its own terms;
the day from which in no world it will be in force again (``OPEN``: never); and which of its
successors may end it (bits, by place; :data:`MAX_BIT` is all from there on)."""


class Pair(NamedTuple):
    """The rules of one subject and actor; columns as in :class:`Rules`. ``successors``: for each
    rule, the places of the rules that supersede it. Equal for the actors of one act."""

    listed_from: int
    rank: tuple[int, ...]
    start_low: tuple[int, ...]
    start_high: tuple[int, ...]
    expiry_low: tuple[int, ...]
    expiry_high: tuple[int, ...]
    low_confidence: tuple[bool, ...]
    counts: tuple[bool, ...]
    successors: tuple[tuple[int, ...], ...]


class Asked(NamedTuple):
    """A pair, the asked days in order, and for each rule whose *order* of starts matters beyond
    them the days that represent each order (:func:`ask`)."""

    pair: Pair
    days: list[int]
    orders: dict[int, set[int]]


class Worlds(NamedTuple):
    """All worlds of some pairs of one shape, pair after pair: ``first`` is the place of the first
    world of each. ``days``: :func:`padded`; ``level``: in how many worlds each rule is in force,
    0 none, 1 some, 2 all: (pairs, rules, days); ``lives``: int64, (pairs, rules,
    :data:`LIFE_COLUMNS`); ``ranks``, ``repealed``: (worlds, days): the rank of the position, and
    whether a repeal ended something on the day. ``settled``: false where they were too many to
    enumerate, so that what they may require is uncertain."""

    days: Days
    first: Index
    level: npt.NDArray[np.int8]
    lives: Days
    ranks: npt.NDArray[np.int8]
    repealed: Flags
    settled: bool = True


def cut_pairs(rules: Rules, wanted: Flags) -> Iterator[list[tuple[int, Index, Pair]]]:
    """Yield the ``wanted`` pairs, some at a time: the number of each, the places of its rules in
    ``rules``, itself."""
    order = np.argsort(rules.pair, kind="stable")
    sizes = np.bincount(rules.pair, minlength=len(rules.pairs))
    begins = np.cumsum(sizes) - sizes
    place = np.empty(len(rules), dtype=np.int64)
    place[order] = np.arange(len(rules)) - np.repeat(begins, sizes)
    followers: dict[int, tuple[int, ...]] = {}
    edges = zip(rules.predecessor.tolist(), place[rules.successor].tolist(), strict=True)
    for earlier, later in edges:
        followers[earlier] = (*followers.get(earlier, ()), later)
    every = np.flatnonzero(wanted)
    for start in range(0, len(every), _BLOCK):
        numbers = every[start : start + _BLOCK]
        past = begins[numbers] + sizes[numbers]
        members = order[begins[numbers[0]] : past[-1]]
        columns = [getattr(rules, name)[members].tolist() for name in Pair._fields[1:-1]]
        columns.append([followers.get(rule, ()) for rule in members.tolist()])
        cuts = map(slice, begins[numbers] - begins[numbers[0]], past - begins[numbers[0]])
        listed_from = rules.pairs["listed_from"].take(numbers).tolist()
        yield [
            (number, members[cut], Pair(listed, *(tuple(column[cut]) for column in columns)))
            for number, cut, listed in zip(numbers.tolist(), cuts, listed_from, strict=True)
        ]


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


def ask(pair: Pair) -> Asked:
    """Ask a pair of all days, from the first, on which the position can change: each end of a date,
    the day after it, on which one doubtful start may have come after another, and every day that
    represents an order of starts, so that no world has a rule between two of them.

    The order is contested between a repeal and a rule that it may lift before it begins and that
    would end another: days enough around the ends of the dates of all that such contests join.
    """
    joined: dict[int, set[int]] = {}
    for earlier in {later for followers in pair.successors for later in followers}:
        for later in pair.successors[earlier]:
            always = pair.start_high[later] <= pair.start_low[earlier]
            never = pair.start_low[later] > pair.start_high[earlier]
            if pair.rank[later] == 0 and not always and not never:
                both = joined.get(earlier, {earlier}) | joined.get(later, {later})
                joined |= dict.fromkeys(both, both)
    orders = {}
    for rule, together in joined.items():
        ends = {day for each in together for day in (pair.start_low[each], pair.start_high[each])}
        spread = range(-len(together), len(together) + 1)
        orders[rule] = {end + step for end in ends for step in spread}
    near = {pair.listed_from}.union(*orders.values(), *pair[2:6])
    if pair.start_low != pair.start_high or pair.expiry_low != pair.expiry_high:
        near |= {day + 1 for day in near}
    days = sorted(day for day in near if pair.listed_from <= day < OPEN)
    return Asked(pair, days, orders)


def _fates(asked: Asked, rule: int) -> list[tuple[int, int]]:
    """First day, and first day after its own end, of every fate of one rule that the asked days,
    or the order of contested starts, can tell apart; ``OPEN`` start: it does not exist."""
    pair, days, orders = asked
    low, high = pair.start_low[rule], pair.start_high[rule]
    past_low, past_high = pair.expiry_low[rule], pair.expiry_high[rule]
    fates = [(OPEN, OPEN)] if pair.low_confidence[rule] else []
    if low == high and past_low == past_high:
        return [(low, past_low), *fates]
    between = sorted(orders[rule].union(days)) if rule in orders else days
    starts = {*between[bisect_left(between, low) : bisect_left(between, high)], high}
    # The last day on which it can begin and be in force may lie just before one that ends it.
    close = {past_low, past_high}
    for later in pair.successors[rule]:
        close |= {pair.start_low[later], pair.start_high[later]}
    starts |= {day - 1 for day in close if low < day - 1 < high}
    ends = [*days[bisect_left(days, past_low) : bisect_left(days, past_high)], past_high]
    for start in starts:
        worthless = bisect_left(ends, start + 1)  # ends that leave it no day: one is enough
        fates += [(start, end) for end in ends[max(worthless - 1, 0) :]]
    return fates


def fold(asked: Sequence[Asked], order: list[int]) -> Worlds | None:
    """Enumerate all worlds of the rules in ``order`` (each after its successors) that the asked
    days distinguish, of pairs of one shape; None if they are too many.

    A repeal that starts no later than what it lifts keeps it from beginning (such a rule ends
    nothing); every other successor ends its predecessor on its own first day.
    """
    rank, counts = (np.array([getattr(it.pair, n) for it in asked]) for n in ("rank", "counts"))
    gains = np.where(counts, rank, 0).astype(np.int8)
    days = padded(asked)
    (pairs, size), width = rank.shape, days.shape[1]
    level = np.zeros((pairs, size, width), dtype=np.int8)
    lives = np.zeros((pairs, size, len(LIFE_COLUMNS)), dtype=np.int64)
    pair = first = np.arange(pairs)  # the pair of each world; the first world of each pair
    ranks = np.zeros((pairs, width), dtype=np.int8)
    repealed = np.zeros((pairs, width), dtype=bool)
    # For each rule still to come, in each world: the first start of its successors so far, which
    # of them begin then (bits), the first start of those that lift it.
    heirs: dict[int, Days] = {}
    predecessors: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for earlier, followers in enumerate(asked[0].pair.successors):
        for place, later in enumerate(followers):
            predecessors[later].append((earlier, min(place, MAX_BIT)))

    limit = MAX_CELLS if pairs == 1 else MAX_CELLS // 10
    for rule in order:
        fates = [_fates(it, rule) for it in asked]
        many = np.array([len(each) for each in fates])
        times = many[pair]
        if times.sum() * (width + 3 * len(heirs)) > limit:
            return None
        before = np.repeat(np.arange(len(pair)), times)
        fate = (np.cumsum(many) - many)[pair[before]] + np.arange(len(before))
        fate -= (np.cumsum(times) - times)[before]
        starts, ends = np.array([days for each in fates for days in each])[fate].T
        pair, ranks, repealed = pair[before], ranks[before], repealed[before]
        heirs = {each: found[:, before] for each, found in heirs.items()}
        first = np.searchsorted(pair, np.arange(pairs))

        nobody = np.full((3, len(pair)), [[OPEN], [0], [OPEN]])
        replaced, by, lifted = heirs.pop(rule, nobody)
        begin, end = np.where(lifted <= starts, OPEN, starts), np.minimum(ends, replaced)
        by, gain = np.where(end == replaced, by, 0), gains[pair, rule]
        if width > 1:
            by_repeal = (begin < end) & (end < OPEN) & (lifted == end) & (gain > 0)
            gone = np.flatnonzero(by_repeal)
            repealed[gone, (days[pair[gone]] < end[gone, None]).sum(axis=1)] = True
        when = days[pair]
        held = ((begin[:, None] <= when) & (when < end[:, None])).astype(np.int8)
        level[:, rule] = np.minimum.reduceat(held, first) + np.maximum.reduceat(held, first)
        lives[:, rule] = _life(first, starts, begin, end, by)
        ranks = np.maximum(ranks, held * gain[:, None])
        for earlier, bit in predecessors[rule]:
            soonest, by, lift = heirs.get(earlier, nobody)
            by = np.where(begin < soonest, 0, by)
            by |= np.where((begin <= soonest) & (begin < OPEN), 1 << bit, 0)
            lift = np.where(rank[pair, rule] == 0, np.minimum(lift, begin), lift)
            heirs[earlier] = np.stack([np.minimum(soonest, begin), by, lift])
        if len(pair) > _FEW * pairs and times.max() > 1:
            # What ends a rule makes no other world: worlds that differ in that alone are one.
            columns = [pair, *ranks.T, *repealed.T]
            columns += [found[part] for found in heirs.values() for part in (0, 2)]
            told = pd.DataFrame(np.column_stack(columns))
            world = told.groupby(list(told), sort=False).ngroup().to_numpy()
            _, kept = np.unique(world, return_index=True)
            pair, ranks, repealed = pair[kept], ranks[kept], repealed[kept]
            for each, found in heirs.items():
                heirs[each] = found[:, kept]
                np.bitwise_or.at(heirs[each][1], world, found[1])
            first = np.searchsorted(pair, np.arange(pairs))
    return Worlds(days, first, level, lives, ranks, repealed)


def padded(asked: Sequence[Asked]) -> Days:
    """The days of each pair; after its last ``OPEN``, the day on which no rule is in force."""
    days = np.full((len(asked), max(len(it.days) for it in asked)), OPEN)
    for place, it in enumerate(asked):
        days[place, : len(it.days)] = it.days
    return days


def _life(first: Index, starts: Days, begin: Days, end: Days, by: Index) -> Days:
    """:data:`LIFE_COLUMNS` of one rule of each pair.
    ``starts``: its own start in each world, ``begin`` and ``end`` with what its successors make of
    it, ``by`` those that end it."""
    alive = begin < end
    ended = alive & (end < OPEN)

    def least(days: Days, where: Flags) -> Days:
        found = np.minimum.reduceat(np.where(where, days, OPEN), first)
        return np.where(found < OPEN, found, 0)

    def most(days: Days, where: Flags) -> Days:
        return np.maximum.reduceat(np.where(where, days, 0), first)

    # One that begins in no world is over when it is replaced, or with its own end.
    unborn = most(np.minimum(starts, end), starts < OPEN)
    return np.column_stack(
        [
            least(begin, alive),
            most(begin, alive),
            np.logical_and.reduceat(alive, first),
            least(end, ended),
            most(end, ended),
            np.logical_and.reduceat(ended, first),
            np.logical_or.reduceat(ended & (by == 0), first),
            np.where(np.logical_or.reduceat(alive, first), most(end, alive), unborn),
            np.bitwise_or.reduceat(np.where(ended, by, 0), first),
        ]
    )
