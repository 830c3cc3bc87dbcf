"""What the possible worlds of a subject and actor say of each day, and of each rule.

What holds in all worlds is certain, what holds in some is uncertain. Where they are too many to
tell out, each group of rules that ``supersedes`` joins is looked at by itself, day by day. Pure:
arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from frtracker.timeline.days import OPEN, Days, Flags, Index
from frtracker.timeline.rules import PROHIBITING_RANKS, Rules
from frtracker.timeline.worlds import (
    LIFE_COLUMNS,
    Asked,
    Pair,
    Worlds,
    breakpoints,
    contested,
    cut_pairs,
    fold,
    groups_of,
)

_ABREAST: Final = 512  # pairs told out side by side
_LOWEST_BARRED: Final = min(PROHIBITING_RANKS)  # what prohibits ranks above all that does not

RUN_COLUMNS: Final = (
    "since_low",
    "since_high",
    "until_low",
    "until_high",
    "prohibited_since_low",
    "prohibited_since_high",
)
STRETCH_COLUMNS: Final = ("highest", "lowest", *RUN_COLUMNS, "lifted")
"""What :attr:`Outlook.stretches` says of each asked day: ranks, days (0 where the question does
not arise), a flag."""


@dataclass(frozen=True)
class Outlook:
    """What the worlds say of one pair from each of ``days`` to the next.

    ``stretches``: int64, (days, :data:`STRETCH_COLUMNS`). ``level``: of each rule on each day,
    (rules, days): 0 in force in no world, 1 in some, 2 in all. ``lives``: int64,
    (rules, :data:`LIFE_COLUMNS`). ``settled``: false where the worlds were too many to tell out,
    so that what may hold is called uncertain.
    """

    days: Days
    stretches: Days
    level: npt.NDArray[np.int8]
    lives: Days
    settled: bool


def given_up(rules: Rules) -> list[Index]:
    """Return the places in ``rules`` of the rules of each pair whose worlds are too many to tell
    out on some day: of these the timeline calls uncertain whatever may hold."""
    doubtful = (
        (rules.start_low != rules.start_high)
        | (rules.expiry_low != rules.expiry_high)
        | rules.low_confidence
    )
    doubted = set(rules.pair[doubtful].tolist())
    cut = [each for each in cut_pairs(rules) if each[0] in doubted]
    outlooks = study([(pair, int(rules.pairs.listed_from[number])) for number, _, pair in cut])
    return [members for (_, members, _), it in zip(cut, outlooks, strict=True) if not it.settled]


def study(pairs: Sequence[tuple[Pair, int]]) -> list[Outlook]:
    """Say what holds of each pair from the day on which it is listed.

    Pairs whose rules supersede each other in the same way have one shape and are told out side by
    side; where that comes to too many worlds, in halves, down to a single pair.
    """
    outlooks: dict[int, Outlook] = {}
    shapes: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for place, (pair, _) in enumerate(pairs):
        shapes.setdefault(pair.successors, []).append(place)
    for successors, places in shapes.items():
        groups = groups_of(successors)
        order = [rule for group in groups for rule in group]
        asked = {}
        for place in places:
            pair, listed_from = pairs[place]
            turns = contested(pair)
            asked[place] = Asked(pair, turns, breakpoints(pair, listed_from, turns))
        places.sort(key=lambda place: len(asked[place].days))  # the more days, the more doubt
        todo = [places[first : first + _ABREAST] for first in range(0, len(places), _ABREAST)]
        while todo:
            abreast = todo.pop()
            some = [asked[place] for place in abreast]
            worlds = fold(some, order)
            if worlds is not None:
                outlooks.update(zip(abreast, _together(some, worlds), strict=True))
            elif len(abreast) > 1:
                half = len(abreast) // 2
                todo += [abreast[:half], abreast[half:]]
            else:
                outlooks[abreast[0]] = _apart(some[0], groups)
    return [outlooks[place] for place in range(len(pairs))]


def _together(asked: Sequence[Asked], worlds: Worlds) -> Iterator[Outlook]:
    """What the worlds say of each pair, all of its rules taken together."""
    stretches = _joint_stretches(asked, worlds)
    for (_, _, days), found, level, lives in zip(
        asked, stretches, worlds.level, worlds.lives, strict=True
    ):
        past = len(days)
        yield Outlook(days, found[:past], level[:, :past], lives, settled=True)


def _apart(asked: Asked, groups: Sequence[list[int]]) -> Outlook:
    """What holds of a pair with too many worlds. Rules that no ``supersedes`` joins are
    independent: each linked group by itself, day by day."""
    pair, _, days = asked
    settled = True
    lowest = np.zeros(len(days), dtype=np.int64)
    level = np.zeros((len(pair.rank), len(days)), dtype=np.int8)
    lives = np.zeros((len(pair.rank), len(LIFE_COLUMNS)), dtype=np.int64)
    for group in groups:
        for place in range(len(days)):
            day = days[place : place + 1]
            today = fold([asked._replace(days=day)], group)
            if today is None:
                settled = False
                level[group, place] = [_may_hold(pair, rule, int(day[0])) for rule in group]
            else:
                level[group, place] = today.level[0, group, 0]
                lowest[place] = max(lowest[place], int(today.ranks.min()))
        told = fold([asked], group, ranked=False)
        lives[group] = (
            [_life_of_days(pair, rule, level[rule], days) for rule in group]
            if told is None
            else told.lives[0, group]
        )
    highest = (level.astype(bool) * (np.array(pair.rank) * pair.counts)[:, None]).max(axis=0)
    return Outlook(days, _separate_stretches(highest, lowest, days), level, lives, settled)


def _life_of_days(pair: Pair, rule: int, level: npt.NDArray[np.int8], days: Days) -> list[int]:
    """One row of :data:`LIFE_COLUMNS` where not even the lives of rules can be told out: from the
    days on which it may be in force, and on which it surely is."""
    possible, sure = np.flatnonzero(level > 0), np.flatnonzero(level == 2)
    if not len(possible):
        return [0, 0, 0, 0, 0, 0, 0, pair.start_high[rule], -1]
    after = [*days[1:].tolist(), OPEN]
    began = int(days[possible[0]])
    latest = int(days[sure[0]]) if len(sure) else max(began, pair.start_high[rule])
    over = after[possible[-1]]
    low = after[sure[-1]] if len(sure) else began
    ended = [low, over, len(sure) > 0] if over < OPEN else [0, 0, 0]
    own = over < OPEN and pair.expiry_low[rule] < OPEN
    return [began, latest, len(sure) > 0, *ended, own, over, -1]


def _may_hold(pair: Pair, rule: int, day: int) -> bool:
    """Whether a rule with too many worlds may hold: neither its own end nor another rule that is
    no repeal, and that surely exists, has surely come."""
    past = [
        pair.start_high[later]
        for later in pair.successors[rule]
        if not pair.low_confidence[later] and pair.rank[later]
    ]
    return pair.start_low[rule] <= day < min([pair.expiry_high[rule], *past])


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


def _joint_stretches(asked: Sequence[Asked], worlds: Worlds) -> Days:
    """:data:`STRETCH_COLUMNS` of each pair from the rank of the position in each world on each
    day: (pairs, days, columns)."""
    first, ranks = worlds.first, worlds.ranks
    pairs, _, width = worlds.always.shape
    after = np.full((pairs, width + 1), OPEN, dtype=np.int64)
    for place, it in enumerate(asked):
        after[place, : len(it.days)] = it.days
    found = np.zeros((pairs, width, len(STRETCH_COLUMNS)), dtype=np.int64)

    def bounds(places: Index, where: Flags, column: int) -> None:
        for shift, bound in enumerate((np.minimum, np.maximum)):
            days = np.take_along_axis(after, bound.reduceat(places, first), axis=1)
            found[where, column + shift] = days[where]

    highest, lowest = np.maximum.reduceat(ranks, first), np.minimum.reduceat(ranks, first)
    found[:, :, 0], found[:, :, 1] = highest, lowest
    sure = (highest == lowest) & (highest > 0)
    begin, stop = _runs(ranks)
    bounds(begin, sure, 2)
    bounds(stop, sure, 4)
    barred = lowest >= _LOWEST_BARRED
    if barred.any():
        bounds(_runs(ranks >= _LOWEST_BARRED)[0], barred, 6)
    if worlds.repealed.any():
        # A repeal may be in force, and in every world one ended something as the run began.
        repeals = [
            [not r and c for r, c in zip(p.rank, p.counts, strict=True)] for p, _, _ in asked
        ]
        perhaps = (worlds.sometimes & np.array(repeals)[:, :, None]).any(axis=1)
        by_repeal = np.take_along_axis(worlds.repealed, begin, axis=1)
        found[:, :, 8] = (highest == 0) & np.logical_and.reduceat(by_repeal, first) & perhaps
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
