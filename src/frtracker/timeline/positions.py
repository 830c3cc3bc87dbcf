"""Rules → periods → positions: the two tables that every output reads."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.bindings import (
    ACTOR_CODES,
    OPEN,
    RANKED,
    Bindings,
    Days,
    Flags,
    Index,
    Market,
    bindings,
)
from frtracker.timeline.doubtful import doubtful_stretches
from frtracker.timeline.exact import HeldDays, Stretches, exact_held_days, exact_stretches

_EPOCH = date(1970, 1, 1).toordinal()
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
    none), ``at_least_measure``, ``at_least_scope``, ``territory``, ``policy_ids`` (``;``), all
    str; ``certain``, ``lifted``, ``start_presumed``, bool; ``start``, ``end``,
    ``since_low``/``_high``, ``until_low``/``_high``, ``prohibited_low``/``_high``,
    datetime64[s], NaT where open or not asked. A day is in a row when ``start <= d`` and
    (``end`` is NaT or ``d < end``). No row: no act is recorded for that actor on that day.

    ``periods``: one row = one rule for one actor, in force on ``[start, end)``, certainly or
    perhaps. Columns ``policy_id``, ``subject_key``, ``actor``, ``measure``, ``scope``,
    ``territory`` (str), ``certain`` (bool), ``start``, ``end`` (datetime64[s]).
    """

    policies: pd.DataFrame
    positions: pd.DataFrame
    periods: pd.DataFrame
    known_at: date | None = None
    market: Market | None = None


def to_days(ordinals: Days) -> np.ndarray:
    """Ordinals as datetime64[s]; 0 and ``OPEN`` become NaT."""
    missing = (ordinals <= 0) | (ordinals >= OPEN)
    days = np.where(missing, 0, ordinals - _EPOCH).astype("datetime64[D]").astype("datetime64[s]")
    days[missing] = np.datetime64("NaT")
    return days


def _texts(values: pd.Series, rows: Index) -> np.ndarray:
    return values.to_numpy(dtype=object)[rows]


def _joined(
    policies: pd.DataFrame, policy: Index, group: Index, column: str, count: int
) -> list[str]:
    """For each of ``count`` groups the distinct values of ``column`` of its rows, ``;`` between."""
    result = [""] * count
    order = np.lexsort((policy, group))
    names = _texts(policies[column], policy[order])
    for place, name in zip(group[order].tolist(), names, strict=True):
        have = result[place]
        if not have:
            result[place] = name
        elif name and name not in have.split(";"):
            result[place] = f"{have};{name}"
    return result


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
    key = (b.pair * len(RANKED) + b.rank) * wide + b.start_low
    presumed = np.unique(key[b.start_presumed & b.counts])
    asked = (stretches.pair * len(RANKED) + stretches.highest) * wide + stretches.since_low
    return np.isin(asked, presumed) & (stretches.since_low > 0)


def _positions(policies: pd.DataFrame, b: Bindings, s: Stretches) -> pd.DataFrame:
    count = len(s.pair)
    policy = b.policy[s.makers]
    measure, scope = (np.array(column, dtype=object) for column in zip(*RANKED, strict=True))
    sure = s.highest == s.lowest
    frame = pd.DataFrame(
        {
            "pair": s.pair,
            "rank": s.highest,
            "at_least": np.where(sure, 0, s.lowest),
            "certain": sure,
            "territory": _joined(policies, policy, s.maker_of, "territory", count),
            "policy_ids": _joined(policies, policy, s.maker_of, "policy_id", count),
            "start_presumed": _presumed_starts(b, s),
            "first": s.start,
            "past": s.end,
            **{name: getattr(s, name) for name in _RUN_DAYS},
        }
    ).sort_values(["pair", "first"], kind="stable", ignore_index=True)

    same = ["pair", "rank", "at_least", "certain", "territory", "policy_ids", *_RUN_DAYS]
    fresh = (frame[same] != frame[same].shift()).any(axis=1).to_numpy()
    past = frame["past"].to_numpy(np.int64)
    last = np.append(np.flatnonzero(fresh)[1:], count) - 1 if count else np.zeros(0, np.int64)
    frame = frame[fresh].assign(past=past[last])

    ranks = frame["rank"].to_numpy(np.int64)
    floors = frame["at_least"].to_numpy(np.int64)
    pairs = b.pairs.iloc[frame["pair"].to_numpy(np.int64)]
    known_floor = floors > 0
    return pd.DataFrame(
        {
            "subject_key": pairs["subject_key"].to_numpy(object),
            "actor": np.array(ACTOR_CODES, dtype=object)[pairs["actor"].to_numpy(np.int64)],
            "measure": measure[ranks],
            "scope": scope[ranks],
            "certain": frame["certain"].to_numpy(bool),
            "at_least_measure": np.where(known_floor, measure[floors], ""),
            "at_least_scope": np.where(known_floor, scope[floors], ""),
            "territory": frame["territory"].to_numpy(object),
            "policy_ids": frame["policy_ids"].to_numpy(object),
            "lifted": _lifted(b, frame),
            "start_presumed": frame["start_presumed"].to_numpy(bool),
            "start": to_days(frame["first"].to_numpy(np.int64)),
            "end": to_days(frame["past"].to_numpy(np.int64)),
            **{name: to_days(frame[name].to_numpy(np.int64)) for name in _RUN_DAYS},
        }
    ).astype(dict.fromkeys(_POSITION_TEXTS, "str"))


def _lifted(b: Bindings, frame: pd.DataFrame) -> Flags:
    """Whether a repeal is why nothing holds: one is in force, and the run of certain ``none`` began
    on a day on which one began, or may have."""
    nothing = ((frame["rank"] == 0) & frame["certain"]).to_numpy()
    pair, first = frame["pair"].to_numpy(np.int64), frame["first"].to_numpy(np.int64)
    fresh = np.ones(len(frame), dtype=bool)
    fresh[1:] = ~nothing[:-1] | (pair[1:] != pair[:-1])
    run = first[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]] if len(frame) else first
    starts: dict[int, list[tuple[int, int]]] = {}
    for repeal in np.flatnonzero(b.rank == 0).tolist():
        days = int(b.start_low[repeal]), int(b.start_high[repeal])
        starts.setdefault(int(b.pair[repeal]), []).append(days)
    lifted = np.zeros(len(frame), dtype=bool)
    made = (frame["policy_ids"] != "").to_numpy()
    for row in np.flatnonzero(nothing & made).tolist():  # few rows are repeals
        days_of_pair = starts.get(int(pair[row]), [])
        lifted[row] = any(low <= run[row] <= high for low, high in days_of_pair)
    return lifted


_POSITION_TEXTS = (
    "subject_key",
    "actor",
    "measure",
    "scope",
    "at_least_measure",
    "at_least_scope",
    "territory",
    "policy_ids",
)


def _periods(policies: pd.DataFrame, b: Bindings, held: tuple[HeldDays, HeldDays]) -> pd.DataFrame:
    binding, start, end, certain = (
        np.concatenate([getattr(part, name) for part in held])
        for name in ("binding", "start", "end", "certain")
    )
    order = np.lexsort((start, binding))
    binding, start, end, certain = (values[order] for values in (binding, start, end, certain))
    policy = b.policy[binding]
    actor = b.pairs["actor"].to_numpy(np.int64)[b.pair[binding]]
    scope = np.array([scope for _, scope in RANKED], dtype=object)[b.rank[binding]]
    frame = pd.DataFrame(
        {
            "policy_id": _texts(policies["policy_id"], policy),
            "subject_key": _texts(policies["subject_key"], policy),
            "actor": np.array(ACTOR_CODES, dtype=object)[actor],
            "measure": _texts(policies["measure"], policy),
            "scope": scope,
            "territory": _texts(policies["territory"], policy),
            "certain": certain.astype(bool),
            "start": to_days(start),
            "end": to_days(end),
        }
    )
    texts = ("policy_id", "subject_key", "actor", "measure", "scope", "territory")
    return frame.astype(dict.fromkeys(texts, "str"))


def build(
    policies: pd.DataFrame, *, known_at: date | None = None, market: Market | None = None
) -> Timeline:
    """Make the timeline of the typed ``policies`` table (see :mod:`frtracker.table`).

    ``known_at``: answer as a careful reader of the world on that day. ``market``: count the rules
    that hold in that country or part of one, instead of those that hold at the subject's home.
    """
    policies = policies.reset_index(drop=True)
    b = bindings(
        policies, known_at=None if known_at is None else known_at.toordinal(), market=market
    )
    in_doubt = np.zeros(len(b.pairs), dtype=bool)
    in_doubt[b.pair[b.is_doubtful]] = True
    exact_held = exact_held_days(b, ~in_doubt[b.pair])
    exact = exact_stretches(b, ~in_doubt, exact_held)
    doubtful, doubtful_held = doubtful_stretches(b, in_doubt)
    return Timeline(
        policies=policies,
        positions=_positions(policies, b, _append(exact, doubtful)),
        periods=_periods(policies, b, (exact_held, doubtful_held)),
        known_at=known_at,
        market=market,
    )
