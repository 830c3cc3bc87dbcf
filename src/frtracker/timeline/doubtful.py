"""Pairs with doubt: what holds in every possible world, in some, in none.

Days are asked at every breakpoint of a pair (:meth:`Pair.breakpoints`), so
what is found on a day holds up to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from frtracker.timeline.bindings import PROHIBITING_RANKS, Bindings
from frtracker.timeline.days import OPEN, Days, Flags, Index
from frtracker.timeline.exact import HeldDays, Stretches
from frtracker.timeline.worlds import MOST_DOUBTFUL, Pair, cut_pairs, members_of, worlds

_LOWEST_BARRED: Final = min(PROHIBITING_RANKS)
"""What prohibits ranks above all that does not."""


@dataclass(frozen=True)
class _Outlook:
    """What the worlds say of one pair on each asked day; ``makes`` of shape (days, rules)."""

    highest: Index
    lowest: Index
    always: Flags
    sometimes: Flags
    makes: Flags


def _ranks(pair: Pair, held: Flags) -> Index:
    """The rank of the position, of shape (worlds, days); ``held``: (worlds, days, rules)."""
    ranks: Index = np.where(held & pair.counts, pair.rank, 0).max(axis=2, initial=0)
    return ranks


def _summary(pair: Pair, held: Flags, ranks: Index) -> _Outlook:
    """Fold the worlds."""
    highest = ranks.max(axis=0)
    sometimes: Flags = np.asarray(held.any(axis=0))
    makes = sometimes & pair.counts & (pair.rank == highest[:, None])
    always: Flags = np.asarray(held.all(axis=0))
    return _Outlook(highest, ranks.min(axis=0), always, sometimes, makes)


def _by_day(pair: Pair, days: Days) -> _Outlook:
    """Day by day, where all days at once are too many worlds."""
    parts = []
    for i in range(len(days)):
        day = days[i : i + 1]
        found = worlds(pair, day)
        if found is None:
            parts.append(_unknowable(pair, day))
        else:
            held = found.in_force(day)
            parts.append(_summary(pair, held, _ranks(pair, held)))
    return _Outlook(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("highest", "lowest", "always", "sometimes", "makes")
        )
    )


def _unknowable(pair: Pair, days: Days) -> _Outlook:
    """Too much doubt to count: whatever may hold is uncertain, and nothing is sure."""
    d = days[:, None]
    follow_high = np.full(pair.size, OPEN, dtype=np.int64)
    for i, followers in enumerate(pair.successors):
        for later in followers:
            if not pair.may_not_exist[later] and pair.rank[later] != 0:
                follow_high[i] = min(follow_high[i], int(pair.start_high[later]))
    may = (pair.start_low <= d) & (d < np.minimum(pair.expiry_high, follow_high))
    highest = np.where(may & pair.counts, pair.rank, 0).max(axis=1, initial=0)
    makes = may & pair.counts & (pair.rank == highest[:, None])
    return _Outlook(highest, np.zeros_like(highest), np.zeros_like(may), may, makes)


def _runs(label: Index, days: Days) -> tuple[Days, Days]:
    """``label`` of shape (worlds, days): for each cell the first day of its unbroken run and the
    first day after it (``OPEN`` for a run that goes on beyond the last asked day)."""
    count = label.shape[1]
    fresh = np.ones(label.shape, dtype=bool)
    fresh[:, 1:] = label[:, 1:] != label[:, :-1]
    begin = np.maximum.accumulate(np.where(fresh, np.arange(count), 0), axis=1)
    last = np.ones(label.shape, dtype=bool)
    last[:, :-1] = fresh[:, 1:]
    stop = np.where(last, np.arange(1, count + 1), count)
    stop = np.minimum.accumulate(stop[:, ::-1], axis=1)[:, ::-1]
    return days[begin], np.append(days, OPEN)[stop]


def _widest_runs(possible: Flags, sure: Flags, days: Days) -> tuple[Days, Days, Days, Days]:
    """Bounds of the run around each day when worlds cannot be followed over time: as early as the
    label is possible without a break, as late as it is sure (and the same for the end)."""
    early, far = _runs(possible[None].astype(np.int64), days)
    late, near = _runs(sure[None].astype(np.int64), days)
    return early[0], late[0], near[0], far[0]


def _is_sure(outlook: _Outlook) -> Flags:
    sure: Flags = (outlook.highest == outlook.lowest) & (outlook.highest > 0)
    return sure


@dataclass(frozen=True)
class _Runs:
    since_low: Days
    since_high: Days
    until_low: Days
    until_high: Days
    prohibited_low: Days
    prohibited_high: Days


def _joint_runs(days: Days, ranks: Index, outlook: _Outlook) -> _Runs:
    nowhere = np.zeros(len(days), dtype=np.int64)
    runs, prohibited = (nowhere,) * 4, (nowhere,) * 2
    if _is_sure(outlook).any():
        begin, stop = _runs(ranks, days)
        runs = (begin.min(axis=0), begin.max(axis=0), stop.min(axis=0), stop.max(axis=0))
    always = outlook.lowest >= _LOWEST_BARRED
    if always.any():
        begin, _ = _runs((ranks >= _LOWEST_BARRED).astype(np.int64), days)
        prohibited = (begin.min(axis=0), begin.max(axis=0))
    return _only_where_sure(outlook, always, runs, prohibited)


def _separate_runs(outlook: _Outlook, days: Days) -> _Runs:
    """Without joint worlds: each day's own label against the days around it."""
    bounds = np.zeros((4, len(days)), dtype=np.int64)
    for rank in np.unique(outlook.highest):
        possible = (outlook.lowest <= rank) & (rank <= outlook.highest)
        sure = (outlook.lowest == rank) & (outlook.highest == rank)
        bounds[:, sure] = np.stack(_widest_runs(possible, sure, days))[:, sure]
    sure = outlook.lowest >= _LOWEST_BARRED
    early, late, _, _ = _widest_runs(outlook.highest >= _LOWEST_BARRED, sure, days)
    return _only_where_sure(
        outlook, sure, (bounds[0], bounds[1], bounds[2], bounds[3]), (early, late)
    )


def _only_where_sure(
    outlook: _Outlook,
    prohibits: Flags,
    runs: tuple[Days, Days, Days, Days],
    prohibited: tuple[Days, Days],
) -> _Runs:
    sure = _is_sure(outlook)
    return _Runs(*(days * sure for days in runs), *(days * prohibits for days in prohibited))


def _study(pair: Pair, days: Days) -> tuple[_Outlook, _Runs]:
    doubtful = (
        (pair.start_low != pair.start_high)
        | (pair.expiry_low != pair.expiry_high)
        | pair.may_not_exist
    )
    if doubtful.sum() > MOST_DOUBTFUL:
        outlook = _unknowable(pair, days)
        return outlook, _separate_runs(outlook, days)
    found = worlds(pair, days)
    if found is None:
        outlook = _by_day(pair, days)
        return outlook, _separate_runs(outlook, days)
    held = found.in_force(days)
    ranks = _ranks(pair, held)
    outlook = _summary(pair, held, ranks)
    return outlook, _joint_runs(days, ranks, outlook)


def _held_days(members: Index, outlook: _Outlook, days: Days) -> tuple[list[int], ...]:
    """Stretches of certainty and of doubt of every rule of one pair."""
    binding: list[int] = []
    start: list[int] = []
    end: list[int] = []
    certain: list[int] = []
    levels = (outlook.sometimes.astype(np.int64) + outlook.always).T.tolist()
    for index, column in zip(members.tolist(), levels, strict=True):
        before = 0
        for day, level in zip(days.tolist(), column, strict=True):
            if level != before:
                if before:
                    end.append(day)
                if level:
                    binding.append(index)
                    start.append(day)
                    certain.append(int(level == 2))
            before = level
        if before:
            end.append(OPEN)
    return binding, start, end, certain


def doubtful_stretches(b: Bindings, chosen_pairs: Flags) -> tuple[Stretches, HeldDays]:
    """Positions and periods of ``chosen_pairs``, each pair on its own."""
    numbers, members = members_of(b, chosen_pairs)
    listed_from = b.pairs.listed_from.tolist()

    columns: list[list[Days]] = [[] for _ in range(11)]
    makers: list[Index] = []
    maker_of: list[Index] = []
    held: tuple[list[int], ...] = ([], [], [], [])
    studied: dict[tuple[object, ...], tuple[Days, _Outlook, _Runs]] = {}
    rows = 0
    for number, indices, pair in zip(numbers.tolist(), members, cut_pairs(b, members), strict=True):
        same = (listed_from[number], *pair.content)
        if same not in studied:
            days = pair.breakpoints(listed_from[number])
            studied[same] = (days, *_study(pair, days))
        days, outlook, runs = studied[same]
        for total, part in zip(held, _held_days(indices, outlook, days), strict=True):
            total.extend(part)
        values = (
            np.full(len(days), number),
            days,
            np.append(days[1:], OPEN),
            outlook.highest,
            outlook.lowest,
            runs.since_low,
            runs.since_high,
            runs.until_low,
            runs.until_high,
            runs.prohibited_low,
            runs.prohibited_high,
        )
        for column, value in zip(columns, values, strict=True):
            column.append(value)
        day, rule = np.nonzero(outlook.makes)
        makers.append(indices[rule])
        maker_of.append(day + rows)
        rows += len(days)
    none = [np.zeros(0, dtype=np.int64)]
    stretches = Stretches(
        *(np.concatenate(column or none) for column in (*columns, makers, maker_of))
    )
    return stretches, HeldDays(
        np.array(held[0], dtype=np.int64),
        np.array(held[1], dtype=np.int64),
        np.array(held[2], dtype=np.int64),
        np.array(held[3], dtype=bool),
    )
