"""Rules → periods → positions: the timeline, which every output reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from frtracker.timeline.days import (
    OPEN,
    WIDE,
    Flags,
    Index,
    horizon,
    joined,
    recorded_days,
    to_days,
    words,
)
from frtracker.timeline.outlook import RUN_COLUMNS, Study, Table, study
from frtracker.timeline.rows import events, states
from frtracker.timeline.rules import ACTOR_CODES, RANKED, Market, Rules, read_rules


@dataclass(frozen=True)
class Timeline:
    """Rules in force over time, by actor, as known on ``known_at`` and for ``market``.

    Four tables: ``positions`` (subject × actor), ``periods`` (rule × actor), ``states`` (rule) and
    ``events``, these two made when first read; :mod:`frtracker.timeline.columns` describes them. A
    day is in a row when ``valid_from <= d`` and (``valid_to`` is NaT or ``d < valid_to``). A pair
    without a position: no act is recorded for that actor on that day.

    ``policies``: the rows as a reader on ``known_at`` knows them. ``rules``, and what
    :class:`Study` says of them: what the tables are made of.
    """

    policies: pd.DataFrame
    rules: Rules
    lives: Table
    held: Table
    levels: Index
    positions: pd.DataFrame
    periods: pd.DataFrame
    known_at: date | None = None
    market: Market | None = None

    @cached_property
    def states(self) -> pd.DataFrame:
        return states(self)

    @cached_property
    def events(self) -> pd.DataFrame:
        return events(self)


def build(
    policies: pd.DataFrame,
    *,
    known_at: date | None = None,
    market: Market | None = None,
    counts: Flags | None = None,
    measures: Collection[str] = (),
) -> Timeline:
    """Make the timeline of the typed ``policies`` table (see :mod:`frtracker.record.load`).

    ``known_at``: use only what was publicly known on that date. ``market``: count the rules that
    apply in that country or part of one, instead of those that apply at the subject's home.
    ``counts``: which rows may make a position (bool, by position), instead of ``market``;
    ``measures``: only rows of these may. The others still end what they supersede.
    """
    policies = policies.reset_index(drop=True)
    rules = read_rules(
        policies, known_at=horizon(known_at), market=market, counts=counts, measures=measures
    )
    found = study(rules)
    return Timeline(
        policies=_as_known(policies, rules, horizon(known_at)),
        rules=rules,
        lives=found.lives,
        held=found.held,
        levels=found.levels,
        positions=_positions(policies, rules, found),
        periods=_periods(policies, rules, found.held),
        known_at=known_at,
        market=market,
    )


def _positions(policies: pd.DataFrame, rules: Rules, found: Study) -> pd.DataFrame:
    stretches, makers = found.stretches, found.makers
    pair, highest, since = stretches["pair"], stretches["highest"], stretches["since_low"]
    certain = highest == stretches["lowest"]
    floor = np.where(certain, 0, stretches["lowest"])
    measures, scopes = zip(*RANKED, strict=True)

    key = rules.pair[makers["rule"]] * WIDE + makers["start"]
    row = np.searchsorted(found.levels[0], key)
    policy, count = rules.policy[makers["rule"]], len(stretches)
    limited = (policies["territory"] != "").to_numpy()[policy]
    everywhere = np.zeros(count, dtype=bool)
    everywhere[row[~limited]] = True
    limited = ~everywhere[row]

    # The run begins with a rule whose start is presumed.
    of = np.flatnonzero(rules.start_presumed & rules.counts)
    presumed = (rules.pair[of] * len(RANKED) + rules.rank[of]) * WIDE + rules.start_low[of]
    asked = (pair * len(RANKED) + highest) * WIDE + since
    return pd.DataFrame(
        {
            "subject_key": rules.pairs["subject_key"].array.take(pair),
            "actor": words(ACTOR_CODES, rules.pairs["actor"].to_numpy()[pair]),
            "measure": words(measures, highest),
            "scope": words(scopes, highest),
            "certain": certain,
            "at_least_measure": words(("", *measures[1:]), floor),
            "at_least_scope": words(scopes, floor),
            "territory": joined(policies["territory"], policy[limited], row[limited], count),
            "policy_ids": joined(policies["policy_id"], policy, row, count),
            "lifted": stretches["lifted"] > 0,
            "start_presumed": pd.Index(asked).isin(presumed) & (since > 0),
            "valid_from": to_days(stretches["start"]),
            "valid_to": to_days(stretches["end"]),
            **{name: to_days(stretches[name]) for name in RUN_COLUMNS},
        }
    )


def _periods(policies: pd.DataFrame, rules: Rules, held: Table) -> pd.DataFrame:
    rule = held["rule"]
    texts = policies[["policy_id", "subject_key", "measure", "territory"]].take(rules.policy[rule])
    return pd.DataFrame(
        {
            "policy_id": texts["policy_id"].array,
            "subject_key": texts["subject_key"].array,
            "actor": words(ACTOR_CODES, rules.actor[rule]),
            "measure": texts["measure"].array,
            "scope": words([scope for _, scope in RANKED], rules.rank[rule]),
            "territory": texts["territory"].array,
            "certain": held["certain"] > 0,
            "valid_from": to_days(held["start"]),
            "valid_to": to_days(held["end"]),
        }
    )


def _as_known(policies: pd.DataFrame, rules: Rules, known_at: int) -> pd.DataFrame:
    """The rows with only what was publicly known on ``known_at``. A row decided later is a
    proposal, without the dates and links of its rule."""
    if known_at == OPEN:
        return policies
    hidden = {
        name: recorded_days(policies, name)[0] > known_at
        for name in ("introduced_on", "last_confirmed_on")
    }
    # Whether what became of a proposal was found is known when it is last shown to be pending.
    lost = (policies["status"] == "unknown").to_numpy() & np.logical_or(*hidden.values())
    known_from = rules.of_rows.known_from_low
    unheard = (known_from > known_at) & ((known_from < OPEN) | lost)
    hidden |= dict.fromkeys(("decided_on", "effective_on", "expires_on"), unheard)
    columns = {"status": policies["status"].mask(unheard, "proposed")}
    for name in ("supersedes", "ends_when"):
        columns[name] = policies[name].mask(unheard, "")
    for name, gone in hidden.items():
        for column, blank in ((name, ""), (f"{name}_low", 0), (f"{name}_high", 0)):
            columns[column] = policies[column].mask(gone, blank)
    return policies.assign(**columns)
