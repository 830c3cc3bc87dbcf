"""Possible worlds of one subject and actor.

A world gives every doubtful day one of its days, and says of every doubtful
act whether it exists. What holds in all worlds is certain. Worlds that no
asked day can tell apart are counted once, so a month of doubt costs two or
four worlds, not thirty.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import product
from typing import Final

import numpy as np

from frtracker.timeline.bindings import Bindings, Rules
from frtracker.timeline.days import OPEN, Days, Flags, Index

MOST_DOUBTFUL: Final = 12  # beyond it a position is called uncertain (CODEBOOK, uncertain)
MOST_CELLS: Final = 8_000_000  # worlds × days × rules held at once

Option = tuple[int, int, bool]
"""One possible fate of one rule: first day, first day after its own end, exists."""


@dataclass(frozen=True)
class Pair(Rules):
    """The rules of one subject and actor, cut out of :class:`Bindings`; ``successors``: for each,
    the places of the rules that supersede it."""

    successors: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        return len(self.rank)

    @property
    def content(self) -> tuple[object, ...]:
        """Equal for pairs of which the same is true: the rules of one act for several actors."""
        columns = (getattr(self, each.name) for each in fields(Rules))
        return (*(column.tobytes() for column in columns), self.successors)

    def breakpoints(self, listed_from: int) -> Days:
        """Days from the first on which what may hold can change, in order: each end of a date, the
        day after it, on which one doubtful start may have come after another, and every day that
        stands for an order of starts, so that no world holds a rule between two of them."""
        columns = (self.start_low, self.start_high, self.expiry_low, self.expiry_high)
        named = {day for column in columns for day in column.tolist() if day < OPEN}
        _, turns = _contested_lifts(self)
        near = {day + step for day in named for step in (0, 1)}
        days = sorted(day for day in near | turns | {listed_from} if day >= listed_from)
        return np.array(days)


def members_of(b: Bindings, chosen_pairs: Flags) -> tuple[Index, list[Index]]:
    """The numbers of the chosen pairs that have bindings, and the indices of these."""
    of_chosen = np.flatnonzero(chosen_pairs[b.pair])
    of_chosen = of_chosen[np.argsort(b.pair[of_chosen], kind="stable")]
    numbers, firsts = np.unique(b.pair[of_chosen], return_index=True)
    return numbers, np.split(of_chosen, firsts[1:]) if len(numbers) else []


def cut_pairs(all_bindings: Bindings, members: list[Index]) -> list[Pair]:
    """``members``: for each pair, the indices of its bindings."""
    place = np.full(len(all_bindings.policy), -1, dtype=np.int64)
    for indices in members:
        place[indices] = np.arange(len(indices))
    followers: dict[int, list[int]] = {}
    linked = place[all_bindings.predecessor] >= 0
    for later, earlier in zip(
        all_bindings.successor[linked].tolist(),
        all_bindings.predecessor[linked].tolist(),
        strict=True,
    ):
        followers.setdefault(earlier, []).append(later)
    return [
        Pair(
            **{each.name: getattr(all_bindings, each.name)[indices] for each in fields(Rules)},
            successors=tuple(
                tuple(int(place[later]) for later in followers.get(int(i), ())) for i in indices
            ),
        )
        for indices in members
    ]


def _contested_lifts(pair: Pair) -> tuple[set[int], set[int]]:
    """Rules whose *order* of starts matters beyond the asked days: a repeal, and a rule that it may
    lift before it begins and that would end another. Returns these rules and days enough around
    the ends of their dates for each order that they can have."""
    ends_another = {later for followers in pair.successors for later in followers}
    contested: set[int] = set()
    for earlier in ends_another:
        for later in pair.successors[earlier]:
            if pair.rank[later] != 0:
                continue
            always = pair.start_high[later] <= pair.start_low[earlier]
            never = pair.start_low[later] > pair.start_high[earlier]
            if not always and not never:
                contested |= {later, earlier}
    ends = {int(day) for i in contested for day in (pair.start_low[i], pair.start_high[i])}
    spread = range(-len(contested), len(contested) + 1)
    return contested, {end + step for end in ends for step in spread}


def _representatives(low: int, high: int, days: Days) -> list[int]:
    """Days of ``low … high`` that stand for all of them, as far as ``days`` can tell."""
    if low == high:
        return [low]
    seen = days[(days >= low) & (days < high)]
    return [*(int(d) for d in seen), high]


def _options(pair: Pair, days: Days) -> list[list[Option]]:
    contested, turns = _contested_lifts(pair)
    result: list[list[Option]] = []
    doubtful = pair.is_doubtful.tolist()
    for i in range(pair.size):
        if not doubtful[i]:
            result.append([(int(pair.start_low[i]), int(pair.expiry_low[i]), True)])
            continue
        watched = np.union1d(days, sorted(turns)) if i in contested else days
        starts = _representatives(int(pair.start_low[i]), int(pair.start_high[i]), watched)
        ends = _representatives(int(pair.expiry_low[i]), int(pair.expiry_high[i]), days)
        if len(ends) == 1 and not pair.may_not_exist[i]:  # starts differ on an asked day
            result.append([(start, ends[0], True) for start in starts])
            continue
        fates: dict[object, Option] = {}
        for exists in (True, False) if pair.may_not_exist[i] else (True,):
            for start, end in product(starts, ends):
                seen: object
                if i in contested:
                    seen = (start, end, exists)
                else:  # one fate stands for all that look the same on every asked day
                    begun = exists & (days >= start)
                    seen = (begun.tobytes(), (begun & (days >= end)).tobytes())
                fates.setdefault(seen, (start, end, exists))
        result.append(list(fates.values()))
    return result


@dataclass(frozen=True)
class Worlds:
    """Arrays of shape (worlds, rules): when each rule begins and ends; ``OPEN`` start = never."""

    start: Days
    end: Days

    def in_force(self, days: Days) -> Flags:
        """Shape (worlds, days, rules)."""
        d = days[None, :, None]
        held: Flags = (self.start[:, None, :] <= d) & (d < self.end[:, None, :])
        return held


def worlds(pair: Pair, days: Days) -> Worlds | None:
    """All worlds of ``pair`` that ``days`` can tell apart; None if they are too many to hold."""
    options = _options(pair, days)
    count = 1
    for fates in options:
        count *= len(fates)
        if count * max(len(days), 1) * pair.size > MOST_CELLS:
            return None
    start, end = (np.empty((count, pair.size), dtype=int) for _ in range(2))
    repeated = count  # a fate goes on for so many worlds, as the digits of counting do
    for i, fates in enumerate(options):
        repeated //= len(fates)
        chosen = np.arange(count) // repeated % len(fates)
        start[:, i] = np.array([s if exists else OPEN for s, _, exists in fates])[chosen]
        end[:, i] = np.array([e for _, e, _ in fates])[chosen]
    return _apply_supersession(pair, start, end)


def _apply_supersession(pair: Pair, start: Days, end: Days) -> Worlds:
    """A repeal that starts no later than what it lifts keeps it from beginning (such a rule ends
    nothing); every other successor ends its predecessor on its own first day."""
    begins = start.copy()
    for i in _successors_first(pair) if (pair.rank == 0).any() else ():
        for later in pair.successors[i]:
            if pair.rank[later] == 0:
                lifted = begins[:, later] <= begins[:, i]
                begins[lifted, i] = OPEN
    ends = end.copy()
    for i, followers in enumerate(pair.successors):
        for later in followers:
            ends[:, i] = np.minimum(ends[:, i], begins[:, later])
    return Worlds(begins, ends)


def _successors_first(pair: Pair) -> list[int]:
    """Every rule after all rules that supersede it (the schema refuses cycles)."""
    waiting = [len(followers) for followers in pair.successors]
    ends_what: list[list[int]] = [[] for _ in range(pair.size)]
    for earlier, followers in enumerate(pair.successors):
        for later in followers:
            ends_what[later].append(earlier)
    order = [i for i, count in enumerate(waiting) if count == 0]
    for later in order:  # grows while it is read
        for earlier in ends_what[later]:
            waiting[earlier] -= 1
            if waiting[earlier] == 0:
                order.append(earlier)
    return order
