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

    ``rule``: these rules; ``pair``: the place of its pair among the asked ones; ``begun``/``past``:
    the bit that says whether the rule has begun, is past its own end; -1 for what is sure (begun,
    not past). ``link_rule``: places in ``rule``, ``link_bit``: the bit that says whether a rule has
    begun that ends it. ``count``: how many bits each asked pair has.
    """

    pair: Index
    rule: Index
    begun: Index
    past: Index
    link_rule: Index
    link_bit: Index
    count: Index


def lowest_possible(b: Bindings, s: Spans, day: int, asked: Flags) -> Index:
    """The rank of the mildest position that each of the ``asked`` pairs may have on ``day``. They
    have no knot (:func:`frtracker.timeline.spans.knotted_pairs`)."""
    pairs = np.flatnonzero(asked)
    lowest = np.zeros(len(pairs), dtype=np.int64)
    q = _questions(b, s, day, pairs)
    many = q.count > MOST_BITS
    if many.any():
        _, members = members_of(b, _flags(pairs[many], len(b.pairs)))
        lowest[many] = [_lowest_alone(pair, day) for pair in cut_pairs(b, members)]
    for bits in np.unique(q.count[q.pair[~many[q.pair]]]).tolist():
        chosen = q.count[q.pair] == bits
        place = np.cumsum(chosen) - 1
        linked = chosen[q.link_rule]
        pair, rank = q.pair[chosen], b.rank[q.rule[chosen]]
        begun, past = q.begun[chosen], q.past[chosen]
        link_rule, link_bit = place[q.link_rule[linked]], q.link_bit[linked]
        mildest = np.full(len(pairs), rank.max(initial=0))
        for world in range(1 << bits):
            held = _yes(world, begun, usual=True) & ~_yes(world, past, usual=False)
            held[link_rule[(world >> link_bit) & 1 == 1]] = False
            strictest = np.zeros(len(pairs), dtype=np.int64)
            np.maximum.at(strictest, pair[held], rank[held])
            np.minimum(mildest, strictest, out=mildest)
        lowest[pair] = mildest[pair]
    return lowest


def _flags(places: Index, count: int) -> Flags:
    flags = np.zeros(count, dtype=bool)
    flags[places] = True
    return flags


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


def _questions(b: Bindings, s: Spans, day: int, pairs: Index) -> _Questions:
    of_asked = np.flatnonzero(_flags(pairs, len(b.pairs))[b.pair])
    may = (s.begin[of_asked] <= day) & (day < s.past[of_asked])
    rule = of_asked[may & b.counts[of_asked] & (b.rank[of_asked] > 0)]
    # A successor that has surely begun would have ended the rule: whether it has is always open.
    link = np.flatnonzero(_flags(rule, len(b.pair))[b.predecessor])
    link = link[s.begin[b.successor[link]] <= day]
    ended, ender = b.predecessor[link], b.successor[link]

    begun = np.unique(np.concatenate([rule[s.sure_begin[rule] > day], ender]))
    is_past = b.expiry_low[rule] <= day
    pair = np.searchsorted(pairs, b.pair[rule])
    of_begun = np.searchsorted(pairs, b.pair[begun])
    bit, count = _numbered(np.concatenate([of_begun, pair[is_past]]), len(pairs))
    past = np.full(len(rule), -1, dtype=np.int64)
    past[is_past] = bit[len(begun) :]
    return _Questions(
        pair=pair,
        rule=rule,
        begun=_bit_of(rule, begun, bit),
        past=past,
        link_rule=np.searchsorted(rule, ended),
        link_bit=_bit_of(ender, begun, bit),
        count=count,
    )


def _bit_of(rule: Index, begun: Index, bit: Index) -> Index:
    """The bit of each rule, -1 for one that is not among the ``begun`` (in order)."""
    place = np.searchsorted(begun, rule)
    known = np.append(begun, -1)[place] == rule
    return np.where(known, np.append(bit[: len(begun)], -1)[place], -1)


def _numbered(pair: Days, pairs: int) -> tuple[Index, Index]:
    """A number for each question within its pair, and how many a pair has."""
    order = np.argsort(pair, kind="stable")
    count = np.bincount(pair, minlength=pairs)
    first = np.cumsum(count) - count
    number = np.empty(len(pair), dtype=np.int64)
    number[order] = np.arange(len(pair)) - first[pair[order]]
    return number, count
