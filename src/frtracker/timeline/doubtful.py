"""Pairs with doubt: what holds in every possible world, in some, in none.

Days are asked at every breakpoint of a pair (:meth:`Pair.breakpoints`), so
what is found on a day holds up to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from frtracker.timeline.bindings import PROHIBITING_RANKS, RANKED, Bindings
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
    """The rank of the position in each world on each day, of ``held`` (worlds, days, rules)."""
    ranks: Index = (held * np.where(pair.counts, pair.rank, 0)).max(axis=2)
    return ranks


def _summary(pair: Pair, held: Flags, ranks: Index) -> _Outlook:
    """Fold ``held`` (worlds, days, rules) over the worlds."""
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
    highest = np.where(may & pair.counts, pair.rank, 0).max(axis=1)
    makes = may & pair.counts & (pair.rank == highest[:, None])
    return _Outlook(highest, np.zeros_like(highest), np.zeros_like(may), may, makes)


def _runs(label: npt.NDArray[Any], days: Days) -> tuple[Days, Days]:
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
    early, far = _runs(possible[None], days)
    late, near = _runs(sure[None], days)
    return early[0], late[0], near[0], far[0]


_PROHIBITS: Final = np.isin(np.arange(len(RANKED)), PROHIBITING_RANKS)


@dataclass(frozen=True)
class _Runs:
    """First and last possible days of the run around each day; of no meaning where no world, or
    not every world, has one."""

    since_low: Days
    since_high: Days
    until_low: Days
    until_high: Days
    prohibited_low: Days
    prohibited_high: Days
    prohibits: Flags


def _joint_runs(days: Days, ranks: Index) -> _Runs:
    begin, stop = _runs(ranks, days)
    prohibits = _PROHIBITS[ranks]
    prohibited, _ = _runs(prohibits, days)
    in_all_worlds: Flags = np.asarray(prohibits.all(axis=0))
    return _Runs(
        begin.min(axis=0),
        begin.max(axis=0),
        stop.min(axis=0),
        stop.max(axis=0),
        prohibited.min(axis=0),
        prohibited.max(axis=0),
        in_all_worlds,
    )


def _separate_runs(outlook: _Outlook, days: Days) -> _Runs:
    """Without joint worlds: each day's own label against the days around it."""
    bounds = np.zeros((4, len(days)), dtype=np.int64)
    for rank in np.unique(outlook.highest):
        possible = (outlook.lowest <= rank) & (rank <= outlook.highest)
        sure = (outlook.lowest == rank) & (outlook.highest == rank)
        bounds[:, sure] = np.stack(_widest_runs(possible, sure, days))[:, sure]
    sure = outlook.lowest >= _LOWEST_BARRED
    early, late, _, _ = _widest_runs(outlook.highest >= _LOWEST_BARRED, sure, days)
    return _Runs(bounds[0], bounds[1], bounds[2], bounds[3], early, late, sure)


def _study(pair: Pair, days: Days) -> tuple[_Outlook, _Runs]:
    if pair.is_doubtful.sum() > MOST_DOUBTFUL:
        outlook = _unknowable(pair, days)
        return outlook, _separate_runs(outlook, days)
    found = worlds(pair, days)
    if found is None:
        outlook = _by_day(pair, days)
        return outlook, _separate_runs(outlook, days)
    held = found.in_force(days)
    ranks = _ranks(pair, held)
    return _summary(pair, held, ranks), _joint_runs(days, ranks)


@dataclass(frozen=True)
class _Studied:
    """One pair on its days: ``members`` are the indices of its bindings."""

    number: int
    members: Index
    days: Days
    outlook: _Outlook
    runs: _Runs


def doubtful_stretches(b: Bindings, chosen_pairs: Flags) -> tuple[Stretches, HeldDays]:
    """Positions and periods of ``chosen_pairs``, each pair on its own."""
    numbers, members = members_of(b, chosen_pairs)
    listed_from = b.pairs.listed_from.tolist()
    known: dict[tuple[object, ...], tuple[Days, _Outlook, _Runs]] = {}
    found = []
    for number, indices, pair in zip(numbers.tolist(), members, cut_pairs(b, members), strict=True):
        same = (listed_from[number], *pair.content)
        if same not in known:
            days = pair.breakpoints(listed_from[number])
            known[same] = (days, *_study(pair, days))
        found.append(_Studied(number, indices, *known[same]))
    return _stretches(found), _held_days(found)


def _joined(parts: Iterable[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    listed = list(parts)
    return np.concatenate(listed) if listed else np.zeros(0, dtype=np.int64)


def _after(each: _Studied) -> Days:
    return np.append(each.days[1:], OPEN)


def _stretches(found: list[_Studied]) -> Stretches:
    rows = [len(each.days) for each in found]
    firsts = np.cumsum(rows) - rows
    makes = [np.nonzero(each.outlook.makes) for each in found]
    highest = _joined(each.outlook.highest for each in found)
    lowest = _joined(each.outlook.lowest for each in found)
    sure = (highest == lowest) & (highest > 0)
    prohibits = _joined(each.runs.prohibits for each in found)
    told = {
        **dict.fromkeys(("since_low", "since_high", "until_low", "until_high"), sure),
        **dict.fromkeys(("prohibited_low", "prohibited_high"), prohibits),
    }
    return Stretches(
        pair=np.repeat(np.array([each.number for each in found], dtype=np.int64), rows),
        start=_joined(each.days for each in found),
        end=_joined(_after(each) for each in found),
        highest=highest,
        lowest=lowest,
        **{
            name: np.where(where, _joined(getattr(each.runs, name) for each in found), 0)
            for name, where in told.items()
        },
        makers=_joined(each.members[rule] for each, (_, rule) in zip(found, makes, strict=True)),
        maker_of=_joined(
            day + first for first, (day, _) in zip(firsts.tolist(), makes, strict=True)
        ),
    )


def _held_days(found: list[_Studied]) -> HeldDays:
    """Stretches of certainty and of doubt of every rule."""
    binding = _joined(np.repeat(each.members, len(each.days)) for each in found)
    start = _joined(np.tile(each.days, len(each.members)) for each in found)
    after = _joined(np.tile(_after(each), len(each.members)) for each in found)
    always = _joined(each.outlook.always.T.ravel() for each in found)
    sometimes = _joined(each.outlook.sometimes.T.ravel() for each in found)
    level = sometimes.astype(np.int64) + always
    fresh = np.ones(len(binding), dtype=bool)
    fresh[1:] = (binding[1:] != binding[:-1]) | (level[1:] != level[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(binding)) - 1 if len(first) else first
    kept = level[first] > 0
    first, last = first[kept], last[kept]
    return HeldDays(binding[first], start[first], after[last], level[first] == 2)
