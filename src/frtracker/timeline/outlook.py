"""What the possible worlds of a subject and actor say of each day, and of each rule.

A rule in force in all worlds is certain, in some of them uncertain. If there are too many to
enumerate, each group of rules that ``supersedes`` links is examined by itself, day by day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from frtracker.timeline.days import OPEN, WIDE, Days, Flags, Index, turns, until_next
from frtracker.timeline.rules import RANK, Rules
from frtracker.timeline.worlds import (
    LIFE_COLUMNS,
    Asked,
    Pair,
    Worlds,
    ask,
    cut_pairs,
    fold,
    groups_of,
    padded,
)
from frtracker.vocabulary import PROHIBITING_MEASURES

Table = npt.NDArray[np.void]
_ABREAST: Final = 512  # pairs enumerated side by side
# What prohibits ranks above all that does not.
_LOWEST_BARRED: Final = min(RANK[measure, "general"] for measure in PROHIBITING_MEASURES)

RUN_COLUMNS: Final = tuple(
    f"{name}_{end}" for name in ("since", "until", "prohibited_since") for end in ("low", "high")
)
STRETCH_COLUMNS: Final = ("highest", "lowest", *RUN_COLUMNS, "lifted")
"""What the worlds say of the position: ranks, days (0 where the question does not arise), a
flag."""


@dataclass(frozen=True)
class Study:
    """What the worlds of all pairs say: structured arrays, int64.

    ``lives``: :data:`LIFE_COLUMNS` of each of the ``rules``. ``held``: ``rule``, ``start``,
    ``end``, ``certain``: each stretch in which a rule is in force, in this order. ``stretches``:
    ``pair``, ``start``, ``end``, :data:`STRETCH_COLUMNS`, in this order. ``levels``, two rows: pair
    × ``WIDE`` + first day of each of them; the rank of the position, -1 where it is uncertain.
    ``makers``: ``rule``, ``start`` of the stretch whose position it makes.
    """

    lives: Table
    held: Table
    stretches: Table
    levels: Index
    makers: Table


def study(rules: Rules) -> Study:
    """Compute the position of each pair from the day it is listed."""
    lives = np.zeros((len(rules), len(LIFE_COLUMNS)), dtype=np.int64)
    held, stretches, makers = (
        [np.zeros((0, width), dtype=np.int64)] for width in (4, 3 + len(STRETCH_COLUMNS), 2)
    )
    for same, worlds in _outlooks(rules, (rules.pairs["listed_from"] < OPEN).to_numpy()):
        of = np.repeat(np.arange(len(same)), [len(each) for each in same])
        numbers = np.array([number for each in same for number, _ in each])
        members = np.stack([places for each in same for _, places in each])
        days, level, told = worlds.days[of], worlds.level[of], _stretches(worlds)[of]
        lives[members] = worlds.lives[of]
        pair, rule, place = np.nonzero(turns(level))
        start = days[pair, place]
        chunk = [members[pair, rule], start, until_next(start, pair, rule)]
        surely = level[pair, rule, place]
        held.append(np.column_stack([*chunk, surely == 2])[np.flatnonzero(surely)])

        makes = (level > 0) & rules.counts[members][:, :, None]
        makes &= rules.rank[members][:, :, None] == told[:, :1]
        told[:, -1] &= makes.any(axis=1)  # lifted: by a repeal that may still be in force
        fresh = np.logical_or.reduce(np.concatenate([turns(told), turns(makes)], axis=1), axis=1)
        pair, place = np.nonzero(fresh)
        start = days[pair, place]
        chunk = [numbers[pair], start, until_next(start, pair), *told[pair, :, place].T]
        stretches.append(np.column_stack(chunk)[start < OPEN])
        pair, rule, place = np.nonzero(makes & fresh[:, None])
        makers.append(np.column_stack([members[pair, rule], days[pair, place]]))
    periods, rows = (
        each[np.argsort(each[:, 0] * WIDE + each[:, 1])]
        for each in map(np.concatenate, (held, stretches))
    )
    pair, start, _, highest, lowest, *_ = rows.T
    return Study(
        lives=_named(lives, *LIFE_COLUMNS),
        held=_named(periods, "rule", "start", "end", "certain"),
        stretches=_named(rows, "pair", "start", "end", *STRETCH_COLUMNS),
        levels=np.stack([pair * WIDE + start, np.where(highest == lowest, highest, -1)]),
        makers=_named(np.concatenate(makers), "rule", "start"),
    )


def _named(cells: Days, *names: str) -> Table:
    return cells.view([(name, np.int64) for name in names])[:, 0]


def given_up(rules: Rules) -> list[Index]:
    """Return the indexes in ``rules`` of the rules of each pair with too many worlds to enumerate
    on some day: what these rules may require is uncertain in the timeline."""
    doubtful = (rules.start_low != rules.start_high) | (rules.expiry_low != rules.expiry_high)
    wanted = np.zeros(len(rules.pairs), dtype=bool)
    wanted[rules.pair[doubtful | rules.low_confidence]] = True
    lost = [same for same, worlds in _outlooks(rules, wanted) if not worlds.settled]
    numbered = [each for same in lost for alike in same for each in alike]
    return [members for _, members in sorted(numbered, key=lambda each: each[0])]


def _outlooks(
    rules: Rules, wanted: Flags
) -> Iterator[tuple[list[list[tuple[int, Index]]], Worlds]]:
    """Enumerate the worlds of the ``wanted`` pairs, some at a time. With the worlds of each pair
    come the numbers of all pairs that are equal to it, and the places of their rules.

    Pairs whose rules supersede each other in the same way have one shape and are enumerated side by
    side; where that comes to too many worlds, in halves, down to a single pair.
    """
    for block in cut_pairs(rules, wanted):
        shapes: dict[object, dict[Pair, list[tuple[int, Index]]]] = {}
        for number, members, pair in block:
            shapes.setdefault(pair.successors, {}).setdefault(pair, []).append((number, members))
        for alike in shapes.values():
            asked = sorted(map(ask, alike), key=lambda it: len(it.days))  # more days, more doubt
            groups = groups_of(asked[0].pair.successors)
            todo = [asked[first : first + _ABREAST] for first in range(0, len(asked), _ABREAST)]
            while todo:
                some = todo.pop()
                worlds = fold(some, [rule for group in groups for rule in group])
                if worlds is None and len(some) > 1:
                    half = len(some) // 2
                    todo += [some[:half], some[half:]]
                else:
                    yield [alike[it.pair] for it in some], worlds or _apart(some[0], groups)


def _apart(asked: Asked, groups: Sequence[list[int]]) -> Worlds:
    """The position of a pair with too many worlds, and three or more worlds with its bounds.
    Rules that no ``supersedes`` joins are independent: each linked group by itself, day by day."""
    pair, days, _ = asked
    unranked = asked._replace(pair=pair._replace(counts=(False,) * len(pair.counts)))
    settled = True
    lowest = np.zeros(len(days), dtype=np.int8)
    level = np.zeros((1, len(pair.rank), len(days)), dtype=np.int8)
    lives = np.zeros((1, len(pair.rank), len(LIFE_COLUMNS)), dtype=np.int64)
    for group in groups:
        for place, day in enumerate(days):
            today = fold([asked._replace(days=[day])], group)
            if today is None:
                settled = False
                level[0, group, place] = [_may_hold(pair, rule, day) for rule in group]
            else:
                level[0, group, place] = today.level[0, group, 0]
                lowest[place] = max(lowest[place], today.ranks.min())
        told = fold([unranked], group)  # far fewer worlds
        lives[0, group] = (
            [_life_of_days(pair, rule, level[0, rule], days) for rule in group]
            if told is None
            else told.lives[0, group]
        )
    gains = np.array(pair.rank, dtype=np.int8) * pair.counts
    highest = ((level[0] > 0) * gains[:, None]).max(axis=0)
    # Worlds cannot be followed over time: a run begins as early as its position is possible
    # without a break, as late as it is sure (and the same for its end).
    sure = np.unique(lowest[lowest == highest])
    ranks = np.stack([lowest, highest, *(np.clip(rank, lowest, highest) for rank in sure)])
    never = np.zeros(ranks.shape, dtype=bool)
    return Worlds(padded([asked]), np.array([0]), level, lives, ranks, never, settled)


def _life_of_days(pair: Pair, rule: int, level: npt.NDArray[np.int8], days: list[int]) -> list[int]:
    """One row of :data:`LIFE_COLUMNS` if not even the lives of rules can be enumerated: from the
    days on which it may be in force, and on which it surely is."""
    possible, sure = np.flatnonzero(level > 0), np.flatnonzero(level == 2)
    any_successor = -1  # every bit
    if not len(possible):
        return [*[0] * 7, pair.start_high[rule], any_successor]
    after = [*days[1:], OPEN]
    began = days[possible[0]]
    latest = max(began, pair.start_high[rule])  # also the first day on which it surely is
    over = after[possible[-1]]
    ends = (pair.expiry_high[rule], *(pair.start_high[later] for later in pair.successors[rule]))
    low = after[sure[-1]] if len(sure) else began
    high = over if over < OPEN else max((day for day in ends if day < OPEN), default=0)
    # a successor that comes before the rule may begin keeps it from beginning: it ends nothing
    ended = [low, high, len(sure) > 0 and over < OPEN] if low <= high else [0, 0, 0]
    by_expiry = pair.expiry_low[rule] < OPEN
    return [began, latest, len(sure) > 0, *ended, by_expiry, over, any_successor]


def _may_hold(pair: Pair, rule: int, day: int) -> bool:
    """Whether a rule with too many worlds may be in force: neither its own end has surely come,
    nor a later rule that surely begins: it exists, and no repeal can come as early."""
    past = [
        pair.start_high[later]
        for later in pair.successors[rule]
        if not pair.low_confidence[later]
        and not any(
            pair.rank[lift] == 0 and pair.start_low[lift] <= pair.start_high[later]
            for lift in pair.successors[later]
        )
    ]
    return pair.start_low[rule] <= day < min([pair.expiry_high[rule], *past])


def _stretches(worlds: Worlds) -> Days:
    """:data:`STRETCH_COLUMNS` of each pair from the rank of the position in each world on each
    day: (pairs, columns, days)."""
    days, first, ranks = worlds.days, worlds.first, worlds.ranks
    highest, lowest = np.maximum.reduceat(ranks, first), np.minimum.reduceat(ranks, first)
    found = np.zeros((len(days), len(STRETCH_COLUMNS), days.shape[1]), dtype=np.int64)
    found[:, 0], found[:, 1] = highest, lowest
    after = np.append(days, np.full((len(days), 1), OPEN), axis=1)

    def bounds(places: Index, where: Flags, column: int) -> None:
        for shift, bound in enumerate((np.minimum, np.maximum)):
            reached = np.take_along_axis(after, bound.reduceat(places, first), axis=1)
            found[:, column + shift] = np.where(where, reached, 0)

    sure, barred = (highest == lowest) & (highest > 0), lowest >= _LOWEST_BARRED
    begin = _run_begins(ranks)
    bounds(begin, sure, 2)
    bounds(ranks.shape[1] - _run_begins(ranks[:, ::-1])[:, ::-1], sure, 4)
    bounds(_run_begins(ranks >= _LOWEST_BARRED), barred, 6)
    if worlds.repealed.any():  # in every world a repeal ended something as the run began
        by_repeal = np.take_along_axis(worlds.repealed, begin, axis=1)
        found[:, 8] = (highest == 0) & np.logical_and.reduceat(by_repeal, first)
    return found


def _run_begins(label: npt.NDArray[np.generic]) -> Index:
    """For each (world, day) the place of the first day of its unbroken run."""
    places = np.arange(label.shape[1])
    return np.maximum.accumulate(np.where(turns(label), places, 0), axis=1)
