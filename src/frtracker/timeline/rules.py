"""Rules as the engine reads them: one rule of one act for one actor.

A row of the record that names three actors is three rules here, for each may end on a day of its
own. Read once from the typed table (:func:`read_rules`), with who ends whom and where each holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index, RowDays, recorded_days, row_days
from frtracker.vocabulary import ACTORS, BINDING_STATUSES, MEASURES, PROHIBITING_MEASURES

ACTOR_CODES: Final = tuple(ACTORS)

# Scope before measure (a narrow ban must not hide a general restriction), then the order of the
# vocabulary: none 0, narrow oversight 1 … narrow ban 5, general oversight 6 … general ban 10.
_STRICTNESS: Final = {code: i for i, code in enumerate(reversed(list(MEASURES)))}
_STEP: Final = len(MEASURES) - 1


def rank_of(measure: str, *, general: bool) -> int:
    """Return the place of a position in the order of positions; 0 is ``none``."""
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
class Market:
    """The country (``US``) or part of one (``US-IL``) that a question is about."""

    code: str

    def is_covered_by(self, territory: str) -> bool:
        """Tell whether ``territory`` (codes, ``;``) has the market in it. An empty territory is
        everywhere; a country covers its parts, not the reverse."""
        codes = territory.split(";") if territory else []
        return not codes or self.code in codes or self.code.partition("-")[0] in codes


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
    """Every rule that can be in force, arrays of one length, in the order of the table.

    ``policy``: its row; ``pair``: the number of its subject and actor in ``pairs``. ``rank``: the
    position that it makes (place in :data:`RANKED`). ``expiry_low``, ``expiry_high``: its end by
    its own terms, ``OPEN`` without one. ``low_confidence``: it may not exist, or not be known yet.
    ``counts`` is false where it holds elsewhere and so cannot make the position of its subject.

    ``successor``, ``predecessor``, of another length: "this rule ends that one". ``of_rows``: the
    days of all rows of the table, binding or not.
    """

    policy: Index
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
    pairs: Pairs
    of_rows: RowDays

    def __len__(self) -> int:
        return len(self.policy)

    @property
    def actor(self) -> Index:
        """The place in ``ACTOR_CODES`` of the actor of each rule."""
        return self.pairs.actor[self.pair]


def read_rules(
    policies: pd.DataFrame,
    *,
    known_at: int = OPEN,
    market: Market | None = None,
    counts: Flags | None = None,
) -> Rules:
    """Read the typed ``policies`` table, whose index is 0, 1, …, as known on ``known_at`` (an
    ordinal) and asked of ``market``, or with the rows that ``counts`` marks making positions."""
    days = row_days(policies, known_at)
    binds = policies["status"].isin(BINDING_STATUSES).to_numpy() & (days.known_from_low < OPEN)
    binds &= days.known_from_low <= known_at
    doubted = (policies["confidence"] == "low").to_numpy() | (days.known_from_high > known_at)

    all_rows, all_actors = _explode_actors(policies)
    pairs, pair = _pairs(policies, all_rows, all_actors, days.listed_from)
    kept = np.flatnonzero(binds[all_rows])
    rows, actors = all_rows[kept], all_actors[kept]
    expiry_low, expiry_high = (
        np.where(d == 0, OPEN, d) for d in recorded_days(policies, "expires_on")
    )
    later, earlier = _superseded_rows(policies)
    place = np.full((len(policies), len(ACTOR_CODES)), -1, dtype=np.int64)
    place[rows, actors] = np.arange(len(rows))
    successor, predecessor = place[later].ravel(), place[earlier].ravel()
    both = (successor >= 0) & (predecessor >= 0)
    both &= pair[kept][successor] == pair[kept][predecessor]
    return Rules(
        policy=rows,
        pair=pair[kept].astype(np.int64),
        rank=_ranks(policies)[rows],
        start_low=days.start_low[rows],
        start_high=days.start_high[rows],
        expiry_low=expiry_low[rows],
        expiry_high=expiry_high[rows],
        low_confidence=doubted[rows],
        counts=(_counting(policies, market) if counts is None else counts)[rows],
        start_presumed=days.start_presumed[rows],
        successor=successor[both],
        predecessor=predecessor[both],
        pairs=pairs,
        of_rows=days,
    )


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


def _superseded_rows(policies: pd.DataFrame) -> tuple[Index, Index]:
    """(row, the row that it supersedes) for every id that ``supersedes`` names and that exists."""
    cells = policies["supersedes"]
    later = np.flatnonzero((cells != "").to_numpy())
    named = cells.iloc[later].reset_index(drop=True)
    several = named.str.contains(";", regex=False).to_numpy()
    names = pd.concat([named[~several], named[several].str.split(";").explode()])
    later = later[names.index.to_numpy()]
    # One look-up for all: ids are distinct and come first, so the number of one is its row.
    codes, _ = pd.factorize(pd.concat([policies["policy_id"], names]))
    earlier = codes[len(policies) :]
    known = earlier < len(policies)
    order = np.argsort(later[known], kind="stable")
    return later[known][order].astype(np.int64), earlier[known][order]


def _counting(policies: pd.DataFrame, market: Market | None) -> Flags:
    """Which rules may make their subject's position, given where they hold.

    No territory means everywhere for a vendor, and for a company its own country. An agency's
    rules count as they are: what it may use does not depend on who asks.
    """
    places, kinds = policies["territory"], policies["subject_type"]
    if market is None:
        limited = ((places != "") & (kinds == "vendor")).to_numpy()
    else:
        at_home = (kinds == "company") & (places == "")
        places = places.mask(at_home, policies["country"])
        limited = ((places != "") & (kinds != "agency")).to_numpy()
    counts = np.ones(len(policies), dtype=bool)
    rows = np.flatnonzero(limited)
    found = pd.MultiIndex.from_arrays([places.iloc[rows], policies["country"].iloc[rows]])
    codes, distinct = found.factorize()
    covers = [
        country in territory.split(";") if market is None else market.is_covered_by(territory)
        for territory, country in distinct
    ]
    counts[rows] = np.array(covers, dtype=bool)[codes]
    return counts
