"""The possible worlds of one day, many subjects and actors at once.

On one day a world is a handful of yes or no: has this rule begun, is that one past its own end.
Numbered in binary, world ``w`` answers the ``k``-th question of every pair with the ``k``-th bit of
``w``, so one pass over all pairs with as many questions looks at a world of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from frtracker.timeline.bindings import Bindings
from frtracker.timeline.days import Days, Flags, Index
from frtracker.timeline.spans import Spans
from frtracker.timeline.worlds import Pair, cut_pairs, members_of, worlds

MOST_BITS: Final = 8
"""Pairs with more open questions are few; each is looked at alone."""


@dataclass(frozen=True)
class _Questions:
    """What is open on the day, of the rules that may make a position of the asked pairs.

    ``rule``: these rules, by pair; ``begun``/``past``: the bit that says whether the rule has
    begun, is past its own end; -1 for what is sure (begun, not past). ``link_rule``: places in
    ``rule``, ``link_bit``: the bit that says whether a rule has begun that ends it.
    """

    pair: Index
    rule: Index
    begun: Index
    past: Index
    link_rule: Index
    link_bit: Index
    count: Index


def lowest_possible(b: Bindings, s: Spans, day: int, asked: Flags) -> Index:
    """The rank of the mildest position that each pair may have on ``day``, 0 for pairs that are not
    ``asked``. Asked pairs have no knot (:func:`frtracker.timeline.spans.knotted_pairs`)."""
    lowest = np.zeros(len(b.pairs), dtype=np.int64)
    q = _questions(b, s, day, asked)
    many = q.count > MOST_BITS
    if many.any():
        numbers, members = members_of(b, many)
        lowest[numbers] = [_lowest_alone(pair, day) for pair in cut_pairs(b, members)]
    for bits in np.unique(q.count[q.pair[~many[q.pair]]]).tolist():
        chosen = q.count[q.pair] == bits
        lowest[np.unique(q.pair[chosen])] = b.rank.max(initial=0)
        place = np.cumsum(chosen) - 1
        linked = chosen[q.link_rule]
        rule, begun, past = q.rule[chosen], q.begun[chosen], q.past[chosen]
        link_rule, link_bit = place[q.link_rule[linked]], q.link_bit[linked]
        pair, numbers = np.unique(b.pair[rule], return_inverse=True)
        for world in range(1 << bits):
            held = _yes(world, begun, usual=True) & ~_yes(world, past, usual=False)
            held[link_rule[(world >> link_bit) & 1 == 1]] = False
            rank = np.zeros(len(pair), dtype=np.int64)
            np.maximum.at(rank, numbers[held], b.rank[rule[held]])
            lowest[pair] = np.minimum(lowest[pair], rank)
    return lowest


def _lowest_alone(pair: Pair, day: int) -> int:
    days = np.array([day])
    found = worlds(pair, days)
    if found is None:
        raise AssertionError("a pair without a knot has worlds that can be counted")
    held = found.in_force(days) & pair.counts
    return int(np.where(held, pair.rank, 0).max(axis=2).min())


def _yes(world: int, bit: Index, *, usual: bool) -> Flags:
    answer: Flags = np.where(bit < 0, usual, (world >> np.maximum(bit, 0)) & 1).astype(bool)
    return answer


def _questions(b: Bindings, s: Spans, day: int, asked: Flags) -> _Questions:
    may = s.may_hold(day) & b.counts & (b.rank > 0)
    rule = np.flatnonzero(may & asked[b.pair])
    place = np.full(len(b.pair), -1, dtype=np.int64)
    place[rule] = np.arange(len(rule))
    # A successor that has surely begun would have ended the rule: whether it has is always open.
    linked = (place[b.predecessor] >= 0) & (s.begin[b.successor] <= day)
    link_rule, ender = place[b.predecessor[linked]], b.successor[linked]

    of_rule = rule[(s.sure_begin[rule] > day)]
    begun = np.unique(np.concatenate([of_rule, ender]))
    past = rule[b.expiry_low[rule] <= day]
    bit, count = _numbered(np.concatenate([b.pair[begun], b.pair[past]]), len(b.pairs))
    bit_of = np.full(len(b.pair), -1, dtype=np.int64)
    bit_of[begun] = bit[: len(begun)]
    own_end = np.full(len(b.pair), -1, dtype=np.int64)
    own_end[past] = bit[len(begun) :]
    return _Questions(
        b.pair[rule], rule, bit_of[rule], own_end[rule], link_rule, bit_of[ender], count
    )


def _numbered(pair: Days, pairs: int) -> tuple[Index, Index]:
    """A number for each question within its pair, and how many a pair has."""
    order = np.argsort(pair, kind="stable")
    count = np.bincount(pair, minlength=pairs)
    first = np.cumsum(count) - count
    number = np.empty(len(pair), dtype=np.int64)
    number[order] = np.arange(len(pair)) - first[pair[order]]
    return number, count
