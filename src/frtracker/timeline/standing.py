"""What holds on one day, straight from the rules, without the days between.

A timeline follows every pair of subject and actor through all its days. Whoever asks about one day,
or about a hundred, of a large table need not wait for that: read the rules once
(:func:`standing`), then ask (:func:`standing_on`, :func:`ranks_on`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.bindings import Bindings, bindings
from frtracker.timeline.day_worlds import lowest_possible
from frtracker.timeline.days import Days, Flags, Index, horizon
from frtracker.timeline.doubtful import doubtful_stretches
from frtracker.timeline.markets import Market
from frtracker.timeline.positions import Reasoned, reasoned
from frtracker.timeline.spans import Spans, knotted_pairs, lifted, spans
from frtracker.timeline.wording import faces, joined, repeal_began, told_where


@dataclass(frozen=True)
class Standing:
    """The rules of a table, read so that any day can be asked about: the rules' own days, and
    the timeline of the few pairs whose days cannot be told apart rule by rule (``knotted``)."""

    policies: pd.DataFrame
    bindings: Bindings
    spans: Spans
    knotted: Reasoned


def standing(
    policies: pd.DataFrame, *, known_at: date | None = None, market: Market | None = None
) -> Standing:
    """Read the typed ``policies`` table; ``known_at`` and ``market`` as for
    :func:`frtracker.timeline.build`."""
    policies = policies.reset_index(drop=True)
    b = bindings(policies, known_at=horizon(known_at), market=market)
    found = lifted(b)
    is_knotted = knotted_pairs(b, found)
    stretches, _ = doubtful_stretches(b, is_knotted)
    return Standing(policies, b, spans(b, found, is_knotted), reasoned(policies, b, stretches))


def ranks_on(found: Standing, day: date) -> tuple[Flags, Index, Index]:
    """The position of every pair of ``found.bindings.pairs`` on ``day``: whether an act is listed
    for it, and the ranks (places in ``RANKED``) of the highest and the lowest possible one."""
    b, at = found.bindings, day.toordinal()
    highest = _highest(b, found.spans.may_hold(at) & b.counts)
    lowest = _highest(b, found.spans.surely_holds(at) & b.counts)
    asked = lowest < highest
    lowest[asked] = lowest_possible(b, found.spans, at, asked)
    knots = found.knotted.stretches
    rows = np.flatnonzero((knots.start <= at) & (at < knots.end))
    highest[knots.pair[rows]] = knots.highest[rows]
    lowest[knots.pair[rows]] = knots.lowest[rows]
    return b.pairs.listed_from <= at, highest, lowest


def standing_on(found: Standing, day: date) -> pd.DataFrame:
    """What holds on ``day``: one row per subject and actor for whom an act is listed by then.

    The rows and columns of :func:`frtracker.timeline.positions_on`, without those that tell of
    other days: ``subject_key``, ``actor``, ``measure``, ``scope``, ``at_least_measure``,
    ``at_least_scope``, ``territory``, ``policy_ids`` (str); ``certain``, ``lifted`` (bool). Since
    when and until when it holds takes the timeline.
    """
    b, at = found.bindings, day.toordinal()
    listed, highest, lowest = ranks_on(found, day)
    pair = np.flatnonzero(listed)
    row_of = np.cumsum(listed) - 1
    makes = np.flatnonzero(
        found.spans.may_hold(at) & b.counts & (b.rank == highest[b.pair]) & listed[b.pair]
    )
    policy, row = b.policy[makes], row_of[b.pair[makes]]
    territory = told_where(found.policies["territory"], policy, row, len(pair))
    policy_ids = joined(found.policies["policy_id"], policy, row, len(pair))
    by_repeal = np.zeros(len(b.pairs), dtype=bool)
    nothing = np.unique(b.pair[makes[highest[b.pair[makes]] == 0]])
    by_repeal[nothing] = repeal_began(b, nothing, _nothing_since(found, at, nothing))
    by_repeal = by_repeal[pair]

    knots = found.knotted
    asked = np.flatnonzero((knots.stretches.start <= at) & (at < knots.stretches.end))
    row = row_of[knots.stretches.pair[asked]]
    territory[row] = knots.territory.take(asked)
    policy_ids[row] = knots.policy_ids.take(asked)
    by_repeal[row] = knots.lifted[asked]
    return pd.DataFrame(
        {
            **faces(b, pair, highest[pair], lowest[pair]),
            "territory": territory,
            "policy_ids": policy_ids,
            "lifted": by_repeal,
        }
    )


def _highest(b: Bindings, chosen: Flags) -> Index:
    highest = np.zeros(len(b.pairs), dtype=np.int64)
    rules = np.flatnonzero(chosen)  # numpy picks by places several times faster than by flags
    np.maximum.at(highest, b.pair[rules], b.rank[rules])
    return highest


def _nothing_since(found: Standing, day: int, pair: Index) -> Days:
    """For pairs in which surely nothing holds on ``day``: the first day of that run."""
    b, s = found.bindings, found.spans
    since = b.pairs.listed_from.copy()
    asked = np.zeros(len(since), dtype=bool)
    asked[pair] = True
    held = asked[b.pair] & b.counts & (b.rank > 0) & (s.begin <= day) & (s.begin < s.past)
    np.maximum.at(since, b.pair[held], s.past[held])
    return since[pair]
