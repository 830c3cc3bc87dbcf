"""Rules as the engine reads them: one rule of one act for one actor.

A row of the record that names three actors is three rules here, for each may end on a day of its
own. Read once from the typed table (:func:`read_rules`), with who ends whom and where each applies.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index, RowDays, recorded_days, row_days
from frtracker.vocabulary import ACTORS, BINDING_STATUSES, MEASURES

ACTOR_CODES: Final = tuple(ACTORS)

RANKED: Final[tuple[tuple[str, str], ...]] = (
    ("none", ""),
    *((code, "narrow") for code in reversed(list(MEASURES)) if code != "none"),
    *((code, "general") for code in reversed(list(MEASURES)) if code != "none"),
)
"""``(measure, scope)`` by rank: scope before measure (a narrow ban must not hide a general
restriction), then the order of the vocabulary."""

RANK: Final = MappingProxyType({position: rank for rank, position in enumerate(RANKED)})
"""The rank of each ``(measure, scope)``."""


def rank_of(measure: str, *, general: bool) -> int:
    """Return the place of a position in the order of positions; 0 is ``none``."""
    return RANK[measure, "general" if general else "narrow"] if measure != "none" else 0


@dataclass(frozen=True)
class Market:
    """The country (``US``) or part of one (``US-IL``) that a question is about."""

    code: str

    def is_covered_by(self, territory: str) -> bool:
        """Whether ``territory`` (codes, ``;``) has the market in it. An empty territory is
        everywhere; a country covers its parts, not the reverse."""
        codes = territory.split(";") if territory else []
        return not codes or self.code in codes or self.code.partition("-")[0] in codes


@dataclass(frozen=True)
class Rules:
    """Every rule that can be in force, arrays of one length, in the order of the table.

    ``policy``: its row; ``actor``: place in :data:`ACTOR_CODES`; ``pair``: place in ``pairs``;
    ``rank``: the position that it makes, in :data:`RANKED`; ``expiry_…``: its end by its own terms,
    ``OPEN`` without one; ``low_confidence``: it may not exist, or not be known yet; ``counts``:
    false if it applies elsewhere and so cannot make the position of its subject.

    ``successor``, ``predecessor``, of another length: "this rule ends that one". ``pairs``: each
    subject and actor that a row names, binding or not: ``subject_key``, ``actor``, ``listed_from``
    (the day from which an act is recorded), by subject as in the table. ``of_rows``: of all rows.
    """

    policy: Index
    actor: Index
    pair: Index
    rank: Index
    start_low: Days
    start_high: Days
    expiry_low: Days
    expiry_high: Days
    low_confidence: Flags
    counts: Flags
    start_presumed: Flags
    successor: Index
    predecessor: Index
    pairs: pd.DataFrame
    of_rows: RowDays

    def __len__(self) -> int:
        return len(self.policy)


def read_rules(
    policies: pd.DataFrame,
    *,
    known_at: int = OPEN,
    market: Market | None = None,
    counts: Flags | None = None,
    measures: Collection[str] = (),
) -> Rules:
    """Read the typed ``policies`` table, whose index is 0, 1, …, as known on ``known_at`` (an
    ordinal) and asked of ``market``, or with the rows that ``counts`` marks making positions;
    with ``measures`` only rows of these make positions."""
    days = row_days(policies, known_at)
    binds = policies["status"].isin(BINDING_STATUSES).to_numpy() & (days.known_from_low < OPEN)
    binds &= days.known_from_low <= known_at
    doubted = (policies["confidence"] == "low").to_numpy() | (days.known_from_high > known_at)
    general = (policies["uses"] == "any").to_numpy().astype(np.int64)
    ranks = np.array([[rank_of(m, general=wide) for wide in (False, True)] for m in MEASURES])
    measure = pd.Index(list(MEASURES)).get_indexer(pd.Index(policies["measure"]))

    row, actor = row_actors(policies)
    keys, subjects = pd.factorize(policies["subject_key"])
    numbers, pair = np.unique(keys[row] * len(ACTOR_CODES) + actor, return_inverse=True)
    subject, of_actor = np.divmod(numbers, len(ACTOR_CODES))
    listed_from = np.full(len(numbers), OPEN)
    np.minimum.at(listed_from, pair, days.listed_from[row])
    counts = _counting(policies, market) if counts is None else counts
    if measures:
        counts = counts & policies["measure"].isin(measures).to_numpy()
    named = {"subject_key": subjects.take(subject), "actor": of_actor, "listed_from": listed_from}

    kept = binds[row]
    row, actor, pair = row[kept], actor[kept], pair[kept]
    expiry_low, expiry_high = (
        np.where(d == 0, OPEN, d)[row] for d in recorded_days(policies, "expires_on")
    )
    rule_of = np.full((len(policies), len(ACTOR_CODES)), -1)
    rule_of[row, actor] = np.arange(len(row))
    later, earlier = _superseded_rows(policies)
    successor, predecessor = rule_of[later].ravel(), rule_of[earlier].ravel()
    linked = (successor >= 0) & (predecessor >= 0)
    linked[linked] = pair[successor[linked]] == pair[predecessor[linked]]
    return Rules(
        policy=row,
        actor=actor,
        pair=pair,
        rank=ranks[measure, general][row],
        start_low=days.start_low[row],
        start_high=days.start_high[row],
        expiry_low=expiry_low,
        expiry_high=expiry_high,
        low_confidence=doubted[row],
        counts=counts[row],
        start_presumed=days.start_presumed[row],
        successor=successor[linked],
        predecessor=predecessor[linked],
        pairs=pd.DataFrame(named),
        of_rows=days,
    )


def row_actors(policies: pd.DataFrame) -> tuple[Index, Index]:
    """Return row and actor of every (row, actor), rows in order, actors in vocabulary order."""
    texts, distinct = pd.factorize(policies["applies_to"])
    named = pd.Series(distinct, dtype="str").str.get_dummies(";")
    row, actor = np.nonzero(named.reindex(columns=ACTOR_CODES, fill_value=0).to_numpy()[texts])
    return row, actor


def _superseded_rows(policies: pd.DataFrame) -> tuple[Index, Index]:
    """(row, the row that it supersedes) for every id that ``supersedes`` names and that exists."""
    cells = policies["supersedes"]
    names = cells[cells != ""].str.split(";").explode()
    # One look-up for all: ids are distinct and come first, so the number of one is its row.
    codes, _ = pd.factorize(pd.concat([policies["policy_id"], names]))
    earlier = codes[len(policies) :]
    known = earlier < len(policies)
    return names.index.to_numpy()[known], earlier[known]


def _counting(policies: pd.DataFrame, market: Market | None) -> Flags:
    """Which rules may make their subject's position, given where they apply.

    No territory means everywhere for a vendor, and for a company its own country. An agency's
    rules count as they are: what it may use does not depend on who asks.
    """
    territory, kinds = policies["territory"], policies["subject_type"]
    if market is None:
        limited = kinds == "vendor"
    else:
        limited = kinds != "agency"
        territory = territory.mask((kinds == "company") & (territory == ""), policies["country"])
    limited &= territory != ""
    counts = ~limited.to_numpy()
    counts[limited] = [
        (market or Market(home)).is_covered_by(codes)
        for codes, home in zip(territory[limited], policies["country"][limited], strict=True)
    ]
    return counts
