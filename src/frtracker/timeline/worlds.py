"""The possible worlds of one subject and actor, and what they say.

A world gives every doubtful day one of its days, and says of every act of low confidence whether
it exists. What holds in all worlds is certain; where nothing is in doubt there is one world.

Worlds are told out rule by rule, each rule after those that supersede it (:func:`_fold`). What a
rule comes to depends on its own days and on the starts of its successors; once all rules that it
may end are told, a start matters no more, and worlds that no asked day can tell apart are one. So
a month of doubt costs two or four worlds, not thirty, and a long chain of doubtful rules costs no
more than its links. Pure: arrays in, arrays out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index
from frtracker.timeline.rules import PROHIBITING_RANKS, Rules

MAX_CELLS: Final = 2_000_000
"""Worlds × days held at once."""
_FEW: Final = 200  # worlds that it takes no less time to compare than to go on with
_MAX_BIT: Final = 62
_SAFE: Final = 10  # as many doubtful rules never are too many on one day: 3 ** 10 worlds
_LOWEST_BARRED: Final = min(PROHIBITING_RANKS)  # what prohibits ranks above all that does not

RUN_COLUMNS: Final = (
    "since_low",
    "since_high",
    "until_low",
    "until_high",
    "prohibited_low",
    "prohibited_high",
)
STRETCH_COLUMNS: Final = ("highest", "lowest", *RUN_COLUMNS, "lifted")
"""What :attr:`Outlook.stretches` says of each asked day: ranks, days (0 where the question does
not arise), a flag."""

LIFE_COLUMNS: Final = (
    "began_low",
    "began_high",
    "began_certain",
    "ended_low",
    "ended_high",
    "ended_certain",
    "own_terms",
    "over",
)
"""What :attr:`Outlook.lives` says of each rule: between which days it begins and ends over the
worlds in which it does (0 where in none), and whether it does in all; whether it may end by its
own terms; and the day from which in no world it will be in force again (``OPEN``: never)."""


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
class Outlook:
    """What the worlds say of one pair from each of ``days`` to the next.

    ``stretches``: int64, (days, :data:`STRETCH_COLUMNS`). ``level``: of each rule on each day,
    (rules, days): 0 in force in no world, 1 in some, 2 in all. ``lives``: int64,
    (rules, :data:`LIFE_COLUMNS`). ``causes``: (rule, the rule that may end it). ``settled``:
    false where the worlds were too many to tell out, so that what may hold is called uncertain.
    """

    days: Days
    stretches: Days
    level: npt.NDArray[np.int8]
    lives: Days
    causes: tuple[tuple[int, int], ...]
    settled: bool


@dataclass(frozen=True)
class _Worlds:
    """All worlds of some rules of a pair: ``always``, ``sometimes`` of shape (days, rules of the
    pair), ``ranks`` and ``repealed`` of shape (worlds, days): the rank of the position, and
    whether a repeal ended something on the day."""

    always: Flags
    sometimes: Flags
    lives: Days
    causes: list[tuple[int, int]]
    ranks: npt.NDArray[np.int8]
    repealed: Flags


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
    columns = [getattr(rules, name)[order].tolist() for name in Pair._fields[:-1]]
    every = order.tolist()
    for number, first, past in zip(numbers.tolist(), bounds, bounds[1:], strict=False):
        cells = (tuple(column[first:past]) for column in columns)
        successors = tuple(followers.get(rule, ()) for rule in every[first:past])
        yield number, order[first:past], Pair(*cells, successors)


def given_up(rules: Rules) -> list[Index]:
    """Return the places in ``rules`` of the rules of each pair whose worlds are too many to tell
    out on some day: of these the timeline calls uncertain whatever may hold."""
    doubtful = (
        (rules.start_low != rules.start_high)
        | (rules.expiry_low != rules.expiry_high)
        | rules.low_confidence
    )
    many = np.bincount(rules.pair[doubtful], minlength=len(rules.pairs)) > _SAFE
    lifts = (rules.rank[rules.successor] == 0) & (
        rules.start_low[rules.successor] <= rules.start_high[rules.predecessor]
    )
    many[rules.pair[rules.predecessor[lifts]]] = True
    return [
        members
        for number, members, pair in cut_pairs(rules)
        if many[number] and not study(pair, int(rules.pairs.listed_from[number])).settled
    ]


def study(pair: Pair, listed_from: int) -> Outlook:
    """Say what holds of ``pair`` from the day on which it is listed."""
    contested = _contested(pair)
    days = _breakpoints(pair, listed_from, contested)
    groups = _groups(pair)
    joint = _fold(pair, [rule for group in groups for rule in group], days, contested)
    if joint is not None:
        stretches = _joint_stretches(pair, joint, days)
        level = joint.always.T.astype(np.int8) + joint.sometimes.T
        return Outlook(days, stretches, level, joint.lives, tuple(joint.causes), settled=True)

    # Rules that no `supersedes` joins are independent: each linked group by itself, day by day.
    settled = True
    highest, lowest = (np.zeros(len(days), dtype=np.int64) for _ in range(2))
    level = np.zeros((len(pair.rank), len(days)), dtype=np.int8)
    lives = np.zeros((len(pair.rank), len(LIFE_COLUMNS)), dtype=np.int64)
    causes: list[tuple[int, int]] = []
    for group in groups:
        for place, day in enumerate(days.tolist()):
            today = _fold(pair, group, days[place : place + 1], contested)
            if today is None:
                settled = False
                high, low, levels = _unknowable(pair, group, day)
            else:
                high, low = int(today.ranks.max()), int(today.ranks.min())
                levels = today.always[0].astype(np.int8) + today.sometimes[0]
            highest[place], lowest[place] = max(highest[place], high), max(lowest[place], low)
            level[group, place] = levels[group]
        told = _fold(pair, group, days, contested, ranked=False)
        if told is not None:
            lives[group] = told.lives[group]
            causes += told.causes
        else:
            lives[group] = [_life_of_days(pair, rule, level[rule], days) for rule in group]
            causes += [(rule, later) for rule in group for later in pair.successors[rule]]
    stretches = _separate_stretches(highest, lowest, days)
    return Outlook(days, stretches, level, lives, tuple(causes), settled)


def _groups(pair: Pair) -> list[list[int]]:
    """The rules that ``supersedes`` joins, group by group, each rule after its successors."""
    neighbours: list[list[int]] = [list(later) for later in pair.successors]
    for earlier, followers in enumerate(pair.successors):
        for later in followers:
            neighbours[later].append(earlier)
    groups: list[list[int]] = []
    done: set[int] = set()
    opened: set[int] = set()
    for first in range(len(pair.rank)):
        together, seen = [first], {first}
        for rule in () if first in done else together:  # grows while it is read
            fresh = [each for each in neighbours[rule] if each not in seen]
            seen.update(fresh)
            together += fresh
        group: list[int] = []
        stack = [each for each in together if each not in done]
        while stack:
            rule = stack[-1]
            pending = [later for later in pair.successors[rule] if later not in done | opened]
            if pending and rule not in opened:
                opened.add(rule)
                stack += pending
                continue
            stack.pop()
            if rule not in done:
                done.add(rule)
                group.append(rule)
        if group:
            groups.append(group)
    return groups


def _contested(pair: Pair) -> dict[int, frozenset[int]]:
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


def _breakpoints(pair: Pair, listed_from: int, contested: dict[int, frozenset[int]]) -> Days:
    """Days from the first on which what may hold can change, in order: each end of a date, the day
    after it, on which one doubtful start may have come after another, and every day that stands
    for an order of starts, so that no world holds a rule between two of them."""
    near = {listed_from}.union(*contested.values())
    for column in pair[1:5]:
        near.update(column)
    if pair.start_low != pair.start_high or pair.expiry_low != pair.expiry_high:
        near.update([day + 1 for day in near])
    return np.array(sorted(day for day in near if listed_from <= day < OPEN), dtype=np.int64)


def _fates(pair: Pair, rule: int, days: Days, turns: frozenset[int]) -> tuple[Days, Days]:
    """First day, and first day after its own end, of every fate of one rule that the asked days,
    or the order of contested starts, can tell apart; ``OPEN`` start: it does not exist."""
    low, high = pair.start_low[rule], pair.start_high[rule]
    asked = np.union1d(days, sorted(turns)) if turns else days
    starts = _representatives(low, high, asked)
    ends = _representatives(pair.expiry_low[rule], pair.expiry_high[rule], days)
    if len(ends) == 1 and not pair.low_confidence[rule]:
        return np.array(starts), np.array(ends * len(starts))
    seen: dict[tuple[int, int], tuple[int, int]] = {}
    listed = days.tolist()
    for start, end in product(starts, ends):
        begun = bisect_left(listed, start)
        face = (start, end) if turns else (begun, max(begun, bisect_left(listed, end)))
        seen.setdefault(face, (start, end))
    if pair.low_confidence[rule]:
        seen.setdefault((len(days), len(days)), (OPEN, OPEN))
    found = np.array(list(seen.values()))
    return found[:, 0], found[:, 1]


def _representatives(low: int, high: int, days: Days) -> list[int]:
    """Days of ``low … high`` that stand for all of them, as far as ``days`` can tell."""
    if low == high:
        return [low]
    inside: list[int] = days[(days >= low) & (days < high)].tolist()
    return [*inside, high]


def _fold(
    pair: Pair,
    order: list[int],
    days: Days,
    contested: dict[int, frozenset[int]],
    *,
    ranked: bool = True,
) -> _Worlds | None:
    """Tell out all worlds of the rules in ``order`` (each after its successors) that ``days`` can
    tell apart; None if they are too many to hold. Without ``ranked`` positions are not followed,
    so that far fewer are.

    A repeal that starts no later than what it lifts keeps it from beginning (such a rule ends
    nothing); every other successor ends its predecessor on its own first day.
    """
    size, count = len(pair.rank), len(days)
    always, sometimes = (np.zeros((count, size), dtype=bool) for _ in range(2))
    lives = np.zeros((size, len(LIFE_COLUMNS)), dtype=np.int64)
    causes: list[tuple[int, int]] = []
    ranks = np.zeros((1, count), dtype=np.int8)
    repealed = np.zeros((1, count), dtype=bool)
    ending: dict[int, _Ending] = {}  # of rules not told yet that have a successor that is
    predecessors: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for earlier, followers in enumerate(pair.successors):
        for place, later in enumerate(followers):
            predecessors[later].append((earlier, min(place, _MAX_BIT)))

    for rule in order:
        starts, ends = _fates(pair, rule, days, contested.get(rule, frozenset()))
        worlds, fates = len(ranks), len(starts)
        if worlds * fates * (count + 3 * len(ending)) > MAX_CELLS:
            return None
        if worlds * fates > 1:
            before = np.repeat(np.arange(worlds), fates)
            ranks, repealed = ranks[before], repealed[before]
            ending = {each: found.take(before) for each, found in ending.items()}
            starts, ends = np.tile(starts, worlds), np.tile(ends, worlds)

        begin, end, by = starts, ends, np.zeros(len(starts), dtype=np.int64)
        if rule in ending:
            heirs = ending.pop(rule)
            begin = np.where(heirs.lift <= starts, OPEN, starts)
            end = np.minimum(ends, heirs.first)
            by = np.where(end == heirs.first, heirs.by, 0)
        alive = begin < end
        held = (begin[:, None] <= days) & (days < end[:, None])
        always[:, rule], sometimes[:, rule] = held.all(axis=0), held.any(axis=0)
        lives[rule], ended_by = _life(starts, begin, end, by)
        causes += [
            (rule, later)
            for place, later in enumerate(pair.successors[rule])
            if ended_by >> min(place, _MAX_BIT) & 1
        ]
        if ranked and pair.counts[rule] and pair.rank[rule]:
            ranks = np.maximum(ranks, held * np.int8(pair.rank[rule]))
            if count > 1 and by.any():
                gone = np.flatnonzero(alive & (end < OPEN) & (heirs.lift == end))
                repealed[gone, np.searchsorted(days, end[gone])] = True
        for earlier, bit in predecessors[rule]:
            heirs = ending.get(earlier) or _Ending.of(len(begin))
            ending[earlier] = heirs.joined_by(begin, bit, lifts=pair.rank[rule] == 0)
        if fates > 1 and len(ranks) > _FEW:
            # What ends a rule makes no other world: worlds that differ in that alone are one.
            columns = [day for found in ending.values() for day in (found.first, found.lift)]
            told = pd.DataFrame(np.column_stack([ranks, repealed, *columns]))
            world = told.groupby(list(told), sort=False).ngroup().to_numpy()
            _, kept = np.unique(world, return_index=True)
            ranks, repealed = ranks[kept], repealed[kept]
            ending = {each: found.merged(world, kept) for each, found in ending.items()}
    return _Worlds(always, sometimes, lives, causes, ranks, repealed)


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

    def joined_by(self, begin: Days, bit: int, *, lifts: bool) -> _Ending:
        """With one more successor that begins on these days."""
        by = np.where(begin < self.first, 0, self.by)
        by |= np.where((begin <= self.first) & (begin < OPEN), 1 << bit, 0)
        lift = np.minimum(self.lift, begin) if lifts else self.lift
        return _Ending(np.minimum(self.first, begin), by, lift)


def _life(starts: Days, begin: Days, end: Days, by: Index) -> tuple[list[int], int]:
    """One row of :data:`LIFE_COLUMNS`, and which successors (bits) may end the rule. ``starts``:
    its own start in each world, ``begin`` and ``end`` with what its successors make of it, ``by``
    those that end it."""
    alive = begin < end
    if not alive.any():  # replaced on or before its start in every world, or after its own end
        exists = starts < OPEN
        over = int(np.minimum(starts, end)[exists].max()) if exists.any() else OPEN
        return [0, 0, 0, 0, 0, 0, 0, over], 0
    first, last = begin[alive], end[alive]
    began = [int(first.min()), int(first.max()), bool(alive.all())]
    ended = alive & (end < OPEN)
    if not ended.any():
        return [*began, 0, 0, 0, 0, OPEN], 0
    days, causes = end[ended], by[ended]
    told = [int(days.min()), int(days.max()), bool(ended.all()), bool((causes == 0).any())]
    return [*began, *told, int(last.max())], int(np.bitwise_or.reduce(causes))


def _life_of_days(pair: Pair, rule: int, level: npt.NDArray[np.int8], days: Days) -> list[int]:
    """One row of :data:`LIFE_COLUMNS` where not even the lives of rules can be told out: from the
    days on which it may be in force, and on which it surely is."""
    possible, sure = np.flatnonzero(level > 0), np.flatnonzero(level == 2)
    if not len(possible):
        return [0, 0, 0, 0, 0, 0, 0, pair.start_high[rule]]
    after = [*days[1:].tolist(), OPEN]
    began = int(days[possible[0]])
    latest = int(days[sure[0]]) if len(sure) else max(began, pair.start_high[rule])
    over = after[possible[-1]]
    low = after[sure[-1]] if len(sure) else began
    ended = [low, over, len(sure) > 0] if over < OPEN else [0, 0, 0]
    own = over < OPEN and pair.expiry_low[rule] < OPEN
    return [began, latest, len(sure) > 0, *ended, own, over]


def _unknowable(pair: Pair, group: list[int], day: int) -> tuple[int, int, npt.NDArray[np.int8]]:
    """Too many worlds: whatever may hold on the day is uncertain, and nothing is sure."""
    level = np.zeros(len(pair.rank), dtype=np.int8)
    highest = 0
    for rule in group:
        past = pair.expiry_high[rule]
        for later in pair.successors[rule]:
            if not pair.low_confidence[later] and pair.rank[later] != 0:
                past = min(past, pair.start_high[later])
        level[rule] = pair.start_low[rule] <= day < past
        highest = max(highest, int(level[rule]) * pair.counts[rule] * pair.rank[rule])
    return highest, 0, level


def _runs(label: npt.NDArray[Any]) -> tuple[Index, Index]:
    """``label`` of shape (worlds, days): for each cell the place of the first day of its unbroken
    run, and of the first day after it (the number of days for one that goes on)."""
    count = label.shape[1]
    fresh = np.ones(label.shape, dtype=bool)
    fresh[:, 1:] = label[:, 1:] != label[:, :-1]
    begin = np.maximum.accumulate(np.where(fresh, np.arange(count), 0), axis=1)
    last = np.ones(label.shape, dtype=bool)
    last[:, :-1] = fresh[:, 1:]
    stop = np.where(last, np.arange(1, count + 1), count)
    return begin, np.minimum.accumulate(stop[:, ::-1], axis=1)[:, ::-1]


def _joint_stretches(pair: Pair, told: _Worlds, days: Days) -> Days:
    """:data:`STRETCH_COLUMNS` from the rank of the position in each world on each day."""
    ranks = told.ranks
    after = np.append(days, OPEN)
    begin, stop = _runs(ranks)
    found = np.zeros((len(days), len(STRETCH_COLUMNS)), dtype=np.int64)
    highest, lowest = found[:, 0], found[:, 1]
    highest[:], lowest[:] = ranks.max(axis=0), ranks.min(axis=0)
    sure = (highest == lowest) & (highest > 0)
    for column, places in enumerate((begin.min(0), begin.max(0), stop.min(0), stop.max(0)), 2):
        found[sure, column] = after[places][sure]
    barred = lowest >= _LOWEST_BARRED
    if barred.any():
        begun, _ = _runs(ranks >= _LOWEST_BARRED)
        found[barred, 6] = days[begun.min(axis=0)][barred]
        found[barred, 7] = days[begun.max(axis=0)][barred]
    if told.repealed.any():
        # A repeal may be in force, and in every world one ended something as the run began.
        repeals = [rule for rule, rank in enumerate(pair.rank) if not rank and pair.counts[rule]]
        by_repeal = np.take_along_axis(told.repealed, begin, axis=1).all(axis=0)
        found[:, 8] = (highest == 0) & by_repeal & told.sometimes[:, repeals].any(axis=1)
    return found


def _separate_stretches(highest: Index, lowest: Index, days: Days) -> Days:
    """:data:`STRETCH_COLUMNS` where worlds cannot be followed over time: a run begins as early as
    its position is possible without a break, as late as it is sure (and the same for its end)."""
    found = np.zeros((len(days), len(STRETCH_COLUMNS)), dtype=np.int64)
    found[:, 0], found[:, 1] = highest, lowest
    after = np.append(days, OPEN)
    for rank in np.unique(highest[(highest == lowest) & (highest > 0)]).tolist():
        possible = (lowest <= rank) & (rank <= highest)
        sure = (lowest == rank) & (highest == rank)
        (early, far), (late, near) = _runs(possible[None]), _runs(sure[None])
        for column, places in enumerate((early, late, near, far), 2):
            found[sure, column] = after[places[0]][sure]
    barred = lowest >= _LOWEST_BARRED
    (early, _), (late, _) = _runs((highest >= _LOWEST_BARRED)[None]), _runs(barred[None])
    found[barred, 6], found[barred, 7] = days[early[0]][barred], days[late[0]][barred]
    return found
