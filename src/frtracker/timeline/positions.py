"""Rules → periods → positions: the two tables that every output reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

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

    @cached_property
    def bindings(self) -> Bindings:
        """The rules behind both tables, read once for all that is asked of them."""
        known_at = None if self.known_at is None else self.known_at.toordinal()
        return bindings(self.policies, known_at=known_at, market=self.market)


def to_days(ordinals: Days) -> np.ndarray:
    """Ordinals as datetime64[s]; 0 and ``OPEN`` become NaT."""
    missing = (ordinals <= 0) | (ordinals >= OPEN)
    days = np.where(missing, 0, ordinals - EPOCH).astype("datetime64[D]").astype("datetime64[s]")
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
    territory = _joined(policies, policy, s.maker_of, "territory", count)
    policy_ids = _joined(policies, policy, s.maker_of, "policy_id", count)
    told = {
        "pair": s.pair,
        "rank": s.highest,
        "at_least": np.where(sure, 0, s.lowest),
        "certain": sure,
        "territory": np.array(territory, dtype=object),
        "policy_ids": np.array(policy_ids, dtype=object),
        **{name: getattr(s, name) for name in _RUN_DAYS},
    }
    order = np.lexsort((s.start, s.pair))
    told = {name: values[order] for name, values in told.items()}
    fresh = np.zeros(count, dtype=bool)
    fresh[:1] = True
    for values in told.values():
        fresh[1:] |= values[1:] != values[:-1]
    told |= {"first": s.start[order], "start_presumed": _presumed_starts(b, s)[order]}
    told = {name: values[fresh] for name, values in told.items()}
    last = np.append(np.flatnonzero(fresh)[1:], count) - 1 if count else np.zeros(0, np.int64)

    ranks, floors, pair = told["rank"], told["at_least"], told["pair"]
    known_floor = floors > 0
    actors = b.pairs["actor"].to_numpy(np.int64)[pair]
    texts = {
        "subject_key": _texts(b.pairs["subject_key"], pair),
        "actor": np.array(ACTOR_CODES, dtype=object)[actors],
        "measure": measure[ranks],
        "scope": scope[ranks],
        "at_least_measure": np.where(known_floor, measure[floors], ""),
        "at_least_scope": np.where(known_floor, scope[floors], ""),
        "territory": told["territory"],
        "policy_ids": told["policy_ids"],
    }
    columns = {
        **{name: pd.array(values, dtype="str") for name, values in texts.items()},
        "certain": told["certain"],
        "lifted": _lifted(b, told),
        "start_presumed": told["start_presumed"],
        "start": to_days(told["first"]),
        "end": to_days(s.end[order][last]),
        **{name: to_days(told[name]) for name in _RUN_DAYS},
    }
    return pd.DataFrame({name: columns[name] for name in _POSITION_COLUMNS}, copy=False)


def _lifted(b: Bindings, told: Mapping[str, np.ndarray]) -> Flags:
    """Whether a repeal is why nothing holds: one is in force, and the run of certain ``none`` began
    on a day on which one began, or may have."""
    nothing = (told["rank"] == 0) & told["certain"]
    pair, first = told["pair"], told["first"]
    fresh = np.ones(len(pair), dtype=bool)
    fresh[1:] = ~nothing[:-1] | (pair[1:] != pair[:-1])
    run = first[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]] if len(pair) else first
    starts: dict[int, list[tuple[int, int]]] = {}
    for repeal in np.flatnonzero(b.rank == 0).tolist():
        days = int(b.start_low[repeal]), int(b.start_high[repeal])
        starts.setdefault(int(b.pair[repeal]), []).append(days)
    lifted = np.zeros(len(pair), dtype=bool)
    made = told["policy_ids"] != ""
    for row in np.flatnonzero(nothing & made).tolist():  # few rows are repeals
        days_of_pair = starts.get(int(pair[row]), [])
        lifted[row] = any(low <= run[row] <= high for low, high in days_of_pair)
    return lifted


_POSITION_COLUMNS = (
    "subject_key",
    "actor",
    "measure",
    "scope",
    "certain",
    "at_least_measure",
    "at_least_scope",
    "territory",
    "policy_ids",
    "lifted",
    "start_presumed",
    "start",
    "end",
    *_RUN_DAYS,
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
    texts = {
        "policy_id": _texts(policies["policy_id"], policy),
        "subject_key": _texts(policies["subject_key"], policy),
        "actor": np.array(ACTOR_CODES, dtype=object)[actor],
        "measure": _texts(policies["measure"], policy),
        "scope": scope,
        "territory": _texts(policies["territory"], policy),
    }
    columns = {
        **{name: pd.array(values, dtype="str") for name, values in texts.items()},
        "certain": certain.astype(bool),
        "start": to_days(start),
        "end": to_days(end),
    }
    return pd.DataFrame(columns, copy=False)


def build(
    policies: pd.DataFrame, *, known_at: date | None = None, market: Market | None = None
) -> Timeline:
    """Make the timeline of the typed ``policies`` table (see :mod:`frtracker.table`).

    ``known_at``: answer as a careful reader of the world on that day. ``market``: count the rules
    that hold in that country or part of one, instead of those that hold at the subject's home.
    """
    none = pd.DataFrame()
    bare = Timeline(policies.reset_index(drop=True), none, none, known_at, market)
    b = bare.bindings
    in_doubt = np.zeros(len(b.pairs), dtype=bool)
    in_doubt[b.pair[b.is_doubtful]] = True
    exact_held = exact_held_days(b, ~in_doubt[b.pair])
    exact = exact_stretches(b, ~in_doubt, exact_held)
    doubtful, doubtful_held = doubtful_stretches(b, in_doubt)
    made = replace(
        bare,
        positions=_positions(bare.policies, b, _append(exact, doubtful)),
        periods=_periods(bare.policies, b, (exact_held, doubtful_held)),
    )
    vars(made)["bindings"] = b  # of the same rules
    return made
