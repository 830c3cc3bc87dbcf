"""Between which days each rule may be in force, and between which it surely is.

On one asked day a rule is in force where it exists, has begun, is not past its own end, and no
rule that supersedes it has begun. All of these are independent, so a rule's first and last
possible day are its own and its successors' alone. The one case where the *order* of two doubtful
starts matters is a repeal that may come before the start of a rule that would end a third one;
pairs with such a knot are left to :mod:`frtracker.timeline.doubtful`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from frtracker.timeline.bindings import Bindings
from frtracker.timeline.days import OPEN, Days, Flags
from frtracker.timeline.worlds import MOST_CELLS, MOST_DOUBTFUL


@dataclass(frozen=True)
class Spans:
    """Arrays of one length, in the order of the bindings; half-open.

    ``begin``, ``past``: the days on which the rule may be in force. ``sure_begin``, ``sure_past``:
    those on which it is in every world. A rule of a knotted pair has no days here (``begin`` is
    ``OPEN``).
    """

    begin: Days
    past: Days
    sure_begin: Days
    sure_past: Days

    def may_hold(self, day: int) -> Flags:
        found: Flags = (self.begin <= day) & (day < self.past)
        return found

    def surely_holds(self, day: int) -> Flags:
        found: Flags = (self.sure_begin <= day) & (day < self.sure_past)
        return found


@dataclass(frozen=True)
class Lifted:
    """Rules that a repeal keeps from beginning, in every world or in some."""

    surely: Flags
    perhaps: Flags


def lifted(b: Bindings) -> Lifted:
    """A repeal that starts on or before what it lifts keeps it from beginning, unless the repeal is
    itself kept from it."""
    lifting = (b.rank[b.successor] == 0) & (b.start_low[b.successor] <= b.start_high[b.predecessor])
    repeal, rule = b.successor[lifting], b.predecessor[lifting]
    in_order = (b.start_high[repeal] <= b.start_low[rule]) & ~b.may_not_exist[repeal]
    found = Lifted(*(np.zeros(len(b.pair), dtype=bool) for _ in range(2)))
    while True:  # one round per link of the longest chain of repeals of repeals
        surely, perhaps = (np.zeros(len(b.pair), dtype=bool) for _ in range(2))
        surely[rule[in_order & ~found.surely[repeal] & ~found.perhaps[repeal]]] = True
        perhaps[rule[~found.surely[repeal]]] = True
        perhaps &= ~surely
        if np.array_equal(surely, found.surely) and np.array_equal(perhaps, found.perhaps):
            return found
        found = Lifted(surely, perhaps)


def knotted_pairs(b: Bindings, found: Lifted) -> Flags:
    """Pairs in which the order of two doubtful starts matters, or with too much doubt to count."""
    doubtful = np.bincount(b.pair[b.is_doubtful], minlength=len(b.pairs))
    rules = np.bincount(b.pair, minlength=len(b.pairs))
    # not begun, in force, or past its own end: a day has three courses for a rule at most
    knotted = (doubtful > MOST_DOUBTFUL) | (3.0**doubtful * rules > MOST_CELLS)
    knotted[b.pair[b.successor[found.perhaps[b.successor]]]] = True
    return knotted


def spans(b: Bindings, found: Lifted, knotted: Flags) -> Spans:
    """The days of every binding outside the ``knotted`` pairs."""
    never = found.surely
    begin = np.where(never, OPEN, b.start_low)
    sure_begin = np.where(never | b.may_not_exist, OPEN, b.start_high)
    return Spans(
        begin=np.where(knotted[b.pair], OPEN, begin),
        past=_first_of(b, b.expiry_high, sure_begin),
        sure_begin=np.where(knotted[b.pair], OPEN, sure_begin),
        sure_past=_first_of(b, b.expiry_low, begin),
    )


def _first_of(b: Bindings, own_end: Days, start: Days) -> Days:
    """The earliest of a rule's own end and the starts of the rules that supersede it."""
    past = own_end.copy()
    np.minimum.at(past, b.predecessor, start[b.successor])
    return past
