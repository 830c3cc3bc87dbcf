"""Rules as the engine reads them: one binding = one rule for one actor."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index, RowDays, recorded_days, row_days
from frtracker.timeline.markets import Market, counting
from frtracker.timeline.successions import successions
from frtracker.vocabulary import ACTORS, BINDING_STATUSES, MEASURES, PROHIBITING_MEASURES

ACTOR_CODES: Final = tuple(ACTORS)

# Scope before measure (a narrow ban must not hide a general restriction), then the order of the
# vocabulary: none 0, narrow oversight 1 … narrow ban 5, general oversight 6 … general ban 10.
_STRICTNESS: Final = {code: i for i, code in enumerate(reversed(list(MEASURES)))}
_STEP: Final = len(MEASURES) - 1


def rank_of(measure: str, *, general: bool) -> int:
    """The place of a position in the order of positions; 0 is ``none``."""
    strictness = _STRICTNESS[measure]
    return strictness + _STEP if general and strictness else strictness


RANKED: Final[tuple[tuple[str, str], ...]] = (
    ("none", ""),
    *((code, "narrow") for code in reversed(list(MEASURES)) if code != "none"),
    *((code, "general") for code in reversed(list(MEASURES)) if code != "none"),
)
"""``(measure, scope)`` by rank."""

RANK: Final = MappingProxyType({position: rank for rank, position in enumerate(RANKED)})
"""The rank of each ``(measure, scope)``."""

PROHIBITING_RANKS: Final = tuple(
    rank
    for rank, (measure, scope) in enumerate(RANKED)
    if scope == "general" and measure in PROHIBITING_MEASURES
)


@dataclass(frozen=True)
class Pairs:
    """Subject × actor, by number: every pair that a row names, binding or not.

    ``subjects``: the keys (str); ``subject``: which of them; ``actor``: place in ``ACTOR_CODES``;
    ``listed_from``: the day from which an act is recorded.
    """

    subjects: pd.Series
    subject: Index
    actor: Index
    listed_from: Days

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True)
class Rules:
    """What is known of rules that can be in force: arrays of one length.

    ``rank``: the position that each makes (place in :data:`RANKED`). ``expiry_low``,
    ``expiry_high``: its end by its own terms, ``OPEN`` without one. ``counts`` is false where a
    rule holds elsewhere and so cannot make the position of its subject.
    """

    rank: Index
    start_low: Days
    start_high: Days
    expiry_low: Days
    expiry_high: Days
    may_not_exist: Flags
    counts: Flags

    @property
    def is_doubtful(self) -> Flags:
        doubtful: Flags = (
            (self.start_low != self.start_high)
            | (self.expiry_low != self.expiry_high)
            | self.may_not_exist
        )
        return doubtful


@dataclass(frozen=True)
class Bindings(Rules):
    """Every rule that can be in force, for each actor it names, in the order of the table.

    ``pair`` is the number of its subject and actor in ``pairs``. ``successor``/``predecessor``, of
    another length: the edges "this binding ends that one", as indices of bindings. ``of_rows``: the
    days of all rows of the table, binding or not.
    """

    policy: Index
    pair: Index
    start_presumed: Flags
    successor: Index
    predecessor: Index
    pairs: Pairs
    of_rows: RowDays


def _ranks(policies: pd.DataFrame) -> Index:
    codes, distinct = pd.factorize(policies["measure"])
    general = (policies["uses"] == "any").to_numpy()
    table = [[rank_of(code, general=wide) for wide in (False, True)] for code in distinct.tolist()]
    return np.array(table, dtype=np.int64).reshape(-1, 2)[codes, general.astype(np.int64)]


def _explode_actors(policies: pd.DataFrame) -> tuple[Index, Index]:
    """Row and actor of every (row, actor), rows in order, actors in vocabulary order."""
    texts, distinct = pd.factorize(policies["applies_to"])
    named = np.array(
        [[code in text.split(";") for code in ACTOR_CODES] for text in distinct.tolist()],
        dtype=bool,
    ).reshape(-1, len(ACTOR_CODES))
    rows, actors = np.nonzero(named[texts])
    return rows.astype(np.int64), actors.astype(np.int64)


def _pairs(policies: pd.DataFrame, rows: Index, actors: Index, listed: Days) -> tuple[Pairs, Index]:
    """The pairs that rows name, by subject in the order of the table, then actor; and the pair of
    each (row, actor)."""
    keys, subjects = pd.factorize(policies["subject_key"])
    flat = keys[rows] * len(ACTOR_CODES) + actors
    named = np.zeros(len(subjects) * len(ACTOR_CODES), dtype=bool)
    named[flat] = True
    pair = (np.cumsum(named) - 1)[flat]
    numbers = np.flatnonzero(named)
    listed_from = np.full(len(numbers), OPEN, dtype=np.int64)
    np.minimum.at(listed_from, pair, listed[rows])
    of_subject, actor = np.divmod(numbers, len(ACTOR_CODES))
    return Pairs(pd.Series(subjects, dtype="str"), of_subject, actor, listed_from), pair


def bindings(
    policies: pd.DataFrame, *, known_at: int = OPEN, market: Market | None = None
) -> Bindings:
    """Read the typed ``policies`` table as bindings, as known on ``known_at`` (an ordinal)."""
    policies = policies.reset_index(drop=True)
    days = row_days(policies, known_at)
    binds = policies["status"].isin(BINDING_STATUSES).to_numpy() & (days.learned_low < OPEN)
    binds &= days.learned_low <= known_at
    doubted = (policies["confidence"] == "low").to_numpy() | (days.learned_high > known_at)

    all_rows, all_actors = _explode_actors(policies)
    pairs, pair = _pairs(policies, all_rows, all_actors, days.listed_from)
    kept = np.flatnonzero(binds[all_rows])
    rows, actors = all_rows[kept], all_actors[kept]
    expiry_low, expiry_high = (
        np.where(d == 0, OPEN, d) for d in recorded_days(policies, "expires_on")
    )
    successor, predecessor = successions(policies, rows, actors, len(ACTOR_CODES))
    return Bindings(
        policy=rows,
        pair=pair[kept].astype(np.int64),
        rank=_ranks(policies)[rows],
        start_low=days.start_low[rows],
        start_high=days.start_high[rows],
        expiry_low=expiry_low[rows],
        expiry_high=expiry_high[rows],
        may_not_exist=doubted[rows],
        counts=counting(policies, market)[rows],
        start_presumed=days.start_presumed[rows],
        successor=successor,
        predecessor=predecessor,
        pairs=pairs,
        of_rows=days,
    )
