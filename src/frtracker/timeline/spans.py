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
from frtracker.timeline.days import OPEN, Days, Flags, Index
from frtracker.timeline.exact import exact_ends
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


def pairs_in_doubt(b: Bindings) -> Flags:
    found = np.zeros(len(b.pairs), dtype=bool)
    found[b.pair[b.is_doubtful]] = True
    return found


def knotted_pairs(b: Bindings) -> Flags:
    """Pairs in doubt in which the order of starts matters, or with too much doubt to count."""
    repeal = b.rank[b.successor] == 0
    later, earlier = b.successor[repeal], b.predecessor[repeal]
    ends_another = np.zeros(len(b.pair), dtype=bool)
    ends_another[b.successor] = True
    knot = ends_another[earlier] & (b.start_low[later] <= b.start_high[earlier])
    doubtful = np.bincount(b.pair[b.is_doubtful], minlength=len(b.pairs))
    rules = np.bincount(b.pair, minlength=len(b.pairs))
    # not begun, in force, or past its own end: a day has three courses for a rule at most
    found = (doubtful > MOST_DOUBTFUL) | (3.0**doubtful * rules > MOST_CELLS)
    found[b.pair[earlier[knot]]] = True
    return found & pairs_in_doubt(b)


def spans(b: Bindings, knotted: Flags) -> Spans:
    """The days of every binding outside the ``knotted`` pairs."""
    exact = ~pairs_in_doubt(b)[b.pair]
    begins, _ = exact_ends(b)
    begin = np.where(exact, begins, b.start_low)
    sure_begin = np.where(b.may_not_exist, OPEN, np.where(exact, begins, b.start_high))
    return Spans(
        begin=np.where(knotted[b.pair], OPEN, begin),
        past=_first_of(b, b.expiry_high, sure_begin),
        sure_begin=np.where(knotted[b.pair], OPEN, sure_begin),
        sure_past=_first_of(b, b.expiry_low, begin),
    )


def _first_of(b: Bindings, own_end: Days, start: Days) -> Days:
    """The earliest of a rule's own end and the starts of the rules that supersede it."""
    past: Index = own_end.copy()
    np.minimum.at(past, b.predecessor, start[b.successor])
    return past
