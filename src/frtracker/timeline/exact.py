"""The one pass over every pair in which nothing is in doubt.

Half-open intervals on ordinals; no loop over rules. What comes out has the
same shape as what :mod:`frtracker.timeline.doubtful` makes of the other pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from frtracker.timeline.bindings import PROHIBITING_RANKS, Bindings
from frtracker.timeline.days import OPEN, Days, Flags, Index


@dataclass(frozen=True)
class Stretches:
    """Positions in the making: one row = one stretch ``[start, end)`` of one pair.

    ``highest``/``lowest`` are the ranks of the strictest and mildest position that some world
    has there. Runs carry the first and last possible day, 0 where the question does not arise.
    ``makers``/``maker_of``: binding ``makers[k]`` makes the position of stretch ``maker_of[k]``.
    """

    pair: Index
    start: Days
    end: Days
    highest: Index
    lowest: Index
    since_low: Days
    since_high: Days
    until_low: Days
    until_high: Days
    prohibited_low: Days
    prohibited_high: Days
    makers: Index
    maker_of: Index


@dataclass(frozen=True)
class HeldDays:
    """Periods in the making: binding in force on ``[start, end)``, certainly or perhaps."""

    binding: Index
    start: Days
    end: Days
    certain: Flags


def exact_ends(b: Bindings) -> tuple[Days, Days]:
    """First day and first day after of every binding whose pair is free of doubt; start ``OPEN``
    for a rule lifted before it began. Values for other bindings have no meaning."""
    start = b.start_low.copy()
    repeal = b.rank[b.successor] == 0
    later, earlier = b.successor[repeal], b.predecessor[repeal]
    while True:  # one round per link of the longest chain of repeals of repeals
        begins = b.start_low.copy()
        lifting = start[later] <= b.start_low[earlier]
        begins[earlier[lifting]] = OPEN
        if np.array_equal(begins, start):
            break
        start = begins
    end = b.expiry_low.copy()
    np.minimum.at(end, b.predecessor, start[b.successor])
    return start, end


def exact_held_days(b: Bindings, chosen: Flags) -> HeldDays:
    """The days on which each chosen binding is in force; empty spans are left out."""
    start, end = exact_ends(b)
    which = np.flatnonzero(chosen & (start < end))
    return HeldDays(which, start[which], end[which], np.ones(len(which), dtype=bool))


def _run_starts(pair: Index, start: Days, label: Index) -> Days:
    """For each stretch (sorted, gapless within a pair): first day of the unbroken run of stretches
    with the same label."""
    fresh = np.ones(len(pair), dtype=bool)
    fresh[1:] = (pair[1:] != pair[:-1]) | (label[1:] != label[:-1])
    return start[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]] if len(pair) else start


def _run_ends(pair: Index, end: Days, label: Index) -> Days:
    last = np.ones(len(pair), dtype=bool)
    last[:-1] = (pair[1:] != pair[:-1]) | (label[1:] != label[:-1])
    ends = np.flatnonzero(last)
    return end[ends[np.searchsorted(ends, np.arange(len(pair)))]] if len(pair) else end


def exact_stretches(b: Bindings, chosen_pairs: Flags, held: HeldDays) -> Stretches:
    """The positions of ``chosen_pairs``, from the day each is listed, without end."""
    makes = b.counts[held.binding]
    binding, start, end = held.binding[makes], held.start[makes], held.end[makes]
    pair = b.pair[binding]
    listed_from = b.pairs.listed_from
    listed = np.flatnonzero(chosen_pairs & (listed_from < OPEN))

    # (pair, day) as one number: every day on which something begins, ends or is first listed
    wide = OPEN + 1
    corners = np.unique(
        np.concatenate(
            [listed * wide + listed_from[listed], pair * wide + start, pair * wide + end]
        )
    )
    corner_pair, corner_day = corners // wide, corners % wide
    keep = corner_day < OPEN
    corners, corner_pair, corner_day = corners[keep], corner_pair[keep], corner_day[keep]
    after = np.full(len(corners), OPEN, dtype=np.int64)
    same = corner_pair[1:] == corner_pair[:-1]
    after[:-1][same] = corner_day[1:][same]

    first = np.searchsorted(corners, pair * wide + start)
    past = np.searchsorted(corners, pair * wide + end)
    length = past - first
    covering = np.repeat(np.arange(len(binding)), length)
    offset = np.arange(len(covering)) - np.repeat(np.cumsum(length) - length, length)
    covered = np.repeat(first, length) + offset

    rank = np.zeros(len(corners), dtype=np.int64)
    np.maximum.at(rank, covered, b.rank[binding[covering]])
    making = b.rank[binding[covering]] == rank[covered]

    since = np.where(rank > 0, _run_starts(corner_pair, corner_day, rank), 0)
    until = np.where(rank > 0, _run_ends(corner_pair, after, rank), 0)
    prohibits = np.isin(rank, PROHIBITING_RANKS)
    prohibited = np.where(
        prohibits, _run_starts(corner_pair, corner_day, prohibits.astype(np.int64)), 0
    )
    return Stretches(
        pair=corner_pair,
        start=corner_day,
        end=after,
        highest=rank,
        lowest=rank,
        since_low=since,
        since_high=since,
        until_low=until,
        until_high=until,
        prohibited_low=prohibited,
        prohibited_high=prohibited,
        makers=binding[covering][making],
        maker_of=covered[making],
    )
