"""Rules → periods → positions: the two tables that every output reads."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from frtracker.timeline.bindings import ACTOR_CODES, RANKED, Bindings, bindings
from frtracker.timeline.days import OPEN, Days, Flags, horizon
from frtracker.timeline.doubtful import doubtful_stretches
from frtracker.timeline.exact import HeldDays, Stretches, exact_held_days, exact_stretches
from frtracker.timeline.markets import Market
from frtracker.timeline.wording import faces, joined, repeal_began, told_where, words

EPOCH = date(1970, 1, 1).toordinal()
_RUN_DAYS = (
    "since_low",
    "since_high",
    "until_low",
    "until_high",
    "prohibited_low",
    "prohibited_high",
)


@dataclass(frozen=True)
class Timeline:
    """What held, for whom, in which days, as known on ``known_at`` and asked of ``market``.

    ``positions``: one row = one stretch of days in which the position of one subject for one
    actor stays the same. Columns: ``subject_key``, ``actor``, ``measure``, ``scope`` ('' for
    none), ``at_least_measure``, ``at_least_scope``, ``territory`` (``;``; '' where one of the rules
    that make it has none), ``policy_ids`` (``;``), all str; ``certain``, ``lifted``,
    ``start_presumed``, bool; ``start``, ``end``, ``since_low``/``_high``, ``until_low``/``_high``,
    ``prohibited_low``/``_high``, datetime64[s], NaT where open or not asked. A day is in a row when
    ``start <= d`` and (``end`` is NaT or ``d < end``). No row: no act is recorded for that actor on
    that day.

    ``periods``: one row = one rule for one actor, in force on ``[start, end)``, certainly or
    perhaps. Columns ``policy_id``, ``subject_key``, ``actor``, ``measure``, ``scope``,
    ``territory`` (str), ``certain`` (bool), ``start``, ``end`` (datetime64[s]).

    ``bindings``: the rules behind both tables, read once for all that is asked of them.
    """

    policies: pd.DataFrame
    bindings: Bindings
    positions: pd.DataFrame
    periods: pd.DataFrame
    known_at: date | None = None
    market: Market | None = None


def to_days(ordinals: Days) -> np.ndarray:
    """Ordinals as datetime64[s]; 0 and ``OPEN`` become NaT."""
    missing = (ordinals <= 0) | (ordinals >= OPEN)
    days = np.where(missing, 0, ordinals - EPOCH).astype("datetime64[D]").astype("datetime64[s]")
    days[missing] = np.datetime64("NaT")
    return days


def _append(first: Stretches, second: Stretches) -> Stretches:
    shifted = second.maker_of + len(first.pair)
    joined = {
        field.name: np.concatenate([getattr(first, field.name), getattr(second, field.name)])
        for field in fields(Stretches)
        if field.name != "maker_of"
    }
    return Stretches(**joined, maker_of=np.concatenate([first.maker_of, shifted]))


def _presumed_starts(b: Bindings, stretches: Stretches) -> Flags:
    """Whether the run that a stretch belongs to begins with a rule whose start is presumed."""
    wide = OPEN + 1
    told = np.zeros(len(b.pairs), dtype=bool)
    told[stretches.pair] = True
    of = np.flatnonzero(b.start_presumed & b.counts & told[b.pair])
    presumed = (b.pair[of] * len(RANKED) + b.rank[of]) * wide + b.start_low[of]
    asked = (stretches.pair * len(RANKED) + stretches.highest) * wide + stretches.since_low
    return np.isin(asked, presumed) & (stretches.since_low > 0)


@dataclass(frozen=True)
class Reasoned:
    """Stretches by pair and day, with their reasons; neighbours that say the same are one."""

    stretches: Stretches
    territory: ExtensionArray
    policy_ids: ExtensionArray
    start_presumed: Flags
    lifted: Flags


def reasoned(policies: pd.DataFrame, b: Bindings, s: Stretches) -> Reasoned:
    """``s`` in order, each with the acts that make it."""
    count = len(s.pair)
    policy = b.policy[s.makers]
    order = np.lexsort((s.start, s.pair))
    territory = told_where(policies["territory"], policy, s.maker_of, count).take(order)
    policy_ids = joined(policies["policy_id"], policy, s.maker_of, count).take(order)
    presumed = _presumed_starts(b, s)[order]
    same = ("pair", "highest", "lowest", *_RUN_DAYS)
    fresh = np.zeros(count, dtype=bool)
    fresh[:1] = True
    for values in (*(getattr(s, name)[order] for name in same), territory, policy_ids):
        fresh[1:] |= np.asarray(values[1:] != values[:-1], dtype=bool)
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], count) - 1 if count else first
    kept = {
        name: getattr(s, name)[order[last if name == "end" else first]]
        for name in ("start", "end", *same)
    }
    nobody = np.zeros(0, dtype=np.int64)
    merged = Stretches(**kept, makers=nobody, maker_of=nobody)
    made = np.bincount(s.maker_of, minlength=count)[order] > 0
    return Reasoned(
        stretches=merged,
        territory=territory.take(first),
        policy_ids=policy_ids.take(first),
        start_presumed=presumed[first],
        lifted=_lifted(b, merged, made[first]),
    )


def _lifted(b: Bindings, s: Stretches, made: Flags) -> Flags:
    """Whether a repeal is why nothing holds: one is in force, and the run of certain ``none`` began
    on a day on which one began, or may have."""
    nothing = s.highest == 0
    fresh = np.ones(len(nothing), dtype=bool)
    fresh[1:] = ~nothing[:-1] | (s.pair[1:] != s.pair[:-1])
    run = s.start[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]] if len(nothing) else s.start
    asked = np.flatnonzero(nothing & made)
    lifted = np.zeros(len(nothing), dtype=bool)
    lifted[asked] = repeal_began(b, s.pair[asked], run[asked])
    return lifted


def _positions(b: Bindings, found: Reasoned) -> pd.DataFrame:
    s = found.stretches
    return pd.DataFrame(
        {
            **faces(b, s.pair, s.highest, s.lowest),
            "territory": found.territory,
            "policy_ids": found.policy_ids,
            "lifted": found.lifted,
            "start_presumed": found.start_presumed,
            **{name: to_days(getattr(s, name)) for name in ("start", "end", *_RUN_DAYS)},
        }
    )


def _periods(policies: pd.DataFrame, b: Bindings, held: tuple[HeldDays, HeldDays]) -> pd.DataFrame:
    binding, start, end, certain = (
        np.concatenate([getattr(part, name) for part in held])
        for name in ("binding", "start", "end", "certain")
    )
    order = np.lexsort((start, binding))
    binding, start, end, certain = (values[order] for values in (binding, start, end, certain))
    texts = policies[["policy_id", "subject_key", "measure", "territory"]].take(b.policy[binding])
    return pd.DataFrame(
        {
            "policy_id": texts["policy_id"].array,
            "subject_key": texts["subject_key"].array,
            "actor": words(ACTOR_CODES, b.pairs.actor[b.pair[binding]]),
            "measure": texts["measure"].array,
            "scope": words([scope for _, scope in RANKED], b.rank[binding]),
            "territory": texts["territory"].array,
            "certain": certain.astype(bool),
            "start": to_days(start),
            "end": to_days(end),
        }
    )


def build(
    policies: pd.DataFrame,
    *,
    known_at: date | None = None,
    market: Market | None = None,
    counts: Flags | None = None,
) -> Timeline:
    """Make the timeline of the typed ``policies`` table (see :mod:`frtracker.record.load`).

    ``known_at``: answer as a careful reader of the world on that day. ``market``: count the rules
    that hold in that country or part of one, instead of those that hold at the subject's home.
    ``counts``: which rows may make a position (bool, by position), instead of ``market``; the
    others still end what they supersede.
    """
    policies = policies.reset_index(drop=True)
    b = bindings(policies, known_at=horizon(known_at), market=market, counts=counts)
    in_doubt = np.zeros(len(b.pairs), dtype=bool)
    in_doubt[b.pair[b.is_doubtful]] = True
    exact_held = exact_held_days(b, ~in_doubt[b.pair])
    exact = exact_stretches(b, ~in_doubt, exact_held)
    doubtful, doubtful_held = doubtful_stretches(b, in_doubt)
    return Timeline(
        policies=policies,
        bindings=b,
        positions=_positions(b, reasoned(policies, b, _append(exact, doubtful))),
        periods=_periods(policies, b, (exact_held, doubtful_held)),
        known_at=known_at,
        market=market,
    )
