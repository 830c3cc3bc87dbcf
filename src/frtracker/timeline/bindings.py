"""Rules as the engine reads them: one binding = one rule for one actor.

Days are ordinals (``datetime.date.toordinal``) in int64 arrays; a day that is
known only as a range has ``low < high``, both included. ``OPEN`` stands for a
day that never comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.vocabulary import ACTORS, BINDING_STATUSES, MEASURES, PROHIBITING_MEASURES

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

OPEN: Final = 4_000_000  # beyond date.max.toordinal() = 3_652_059

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
        """An empty territory is everywhere; a country covers its parts, not the reverse."""
        codes = territory.split(";") if territory else []
        return not codes or self.code in codes or self.code.partition("-")[0] in codes


@dataclass(frozen=True)
class Bindings:
    """Every rule that can be in force, for each actor it names, in the order of the table.

    Arrays of one length, but for ``successor``/``predecessor``: the edges "this binding ends that
    one", as indices of bindings. ``counts`` is false where a rule holds elsewhere and so cannot
    make the position of its subject. ``pair`` numbers subject × actor as ``pairs`` lists them.
    """

    policy: Index
    pair: Index
    rank: Index
    start_low: Days
    start_high: Days
    expiry_low: Days
    expiry_high: Days
    may_not_exist: Flags
    counts: Flags
    start_presumed: Flags
    successor: Index
    predecessor: Index
    pairs: pd.DataFrame
    """``subject_key``, ``actor`` (int, place in ``ACTOR_CODES``), ``listed_from`` (day)."""

    @property
    def is_doubtful(self) -> Flags:
        doubtful: Flags = (
            (self.start_low != self.start_high)
            | (self.expiry_low != self.expiry_high)
            | self.may_not_exist
        )
        return doubtful


def _days(policies: pd.DataFrame, column: str) -> tuple[Days, Days]:
    return (
        policies[f"{column}_low"].to_numpy(np.int64),
        policies[f"{column}_high"].to_numpy(np.int64),
    )


def start_days(policies: pd.DataFrame) -> tuple[Days, Days, Flags]:
    """First and last possible day on which each row begins (0, 0 where neither date is recorded),
    and whether the start is presumed from the decision.

    A decision comes before the start in every world, so a partial start is cut at the first
    possible day of the decision; a start that certainly lies before it is retroactive and stands.
    """
    decided_low, decided_high = _days(policies, "decided_on")
    low, high = _days(policies, "effective_on")
    presumed = high == 0
    low = np.where((decided_low > low) & (decided_low <= high), decided_low, low)
    return (
        np.where(presumed, decided_low, low),
        np.where(presumed, decided_high, high),
        presumed & (decided_high > 0),
    )


def _first_known(policies: pd.DataFrame, column: str) -> Days:
    low, high = _days(policies, column)
    return np.where(low == date.min.toordinal(), high, low)


def listed_days(policies: pd.DataFrame, known_at: int | None) -> Days:
    """The first day on which each row is listed at all; ``OPEN`` for a row not known at
    ``known_at``. A row with no day but that of its review is listed from then.

    Of ``/B`` (on B at the latest) no first day is known: a row introduced or decided then is
    listed from B, or from the first day on which its rule may hold.
    """
    introduced = _first_known(policies, "introduced_on")
    start, _, _ = start_days(policies)
    start = np.where(policies["status"].isin(BINDING_STATUSES), start, 0)
    learned, _ = knowledge_days(policies)
    first = np.full(len(policies), OPEN, dtype=np.int64)
    for days in (introduced, _first_known(policies, "decided_on"), start):
        first = np.where(days > 0, np.minimum(first, days), first)
    reviewed, _ = _days(policies, "reviewed_on")
    undated = first == OPEN
    first = np.where(undated, reviewed, first)
    if known_at is not None:
        only_introduced = np.where(introduced > 0, introduced, OPEN)
        learned = np.where(undated, reviewed, learned)
        first = np.where(learned <= known_at, first, only_introduced)
        first = np.where(np.minimum(learned, only_introduced) <= known_at, first, OPEN)
    return first


def knowledge_days(policies: pd.DataFrame) -> tuple[Days, Days]:
    """Between which days a reader of the world learned that the row was decided: its decision,
    or its start where no decision is recorded; ``OPEN`` where neither is (a pending proposal)."""
    low, high = _days(policies, "decided_on")
    start_low, start_high, _ = start_days(policies)
    undecided = high == 0
    # decided before its start in every world, so known at the latest when it begins
    bounded = (start_high >= low) & (start_high > 0)
    high = np.where(bounded, np.minimum(high, start_high), high)
    low = np.where(undecided, start_low, low)
    high = np.where(undecided, start_high, high)
    never = high == 0
    return np.where(never, OPEN, low), np.where(never, OPEN, high)


def _ranks(policies: pd.DataFrame) -> Index:
    names = policies["measure"].astype(str) + ("|" + policies["uses"].astype(str))
    codes, distinct = pd.factorize(names)
    table = [
        rank_of(measure, general=uses == "any")
        for measure, _, uses in (name.partition("|") for name in distinct)
    ]
    return np.asarray(table, dtype=np.int64)[codes] if table else np.zeros(0, np.int64)


def _counting(policies: pd.DataFrame, market: Market | None) -> Flags:
    """Which rules may make their subject's position, given where they hold.

    No territory means everywhere for a vendor, and for a company or agency its own country.
    """
    places = policies["territory"].astype(str)
    vendors = (policies["subject_type"] == "vendor").to_numpy()
    counts = np.ones(len(policies), dtype=bool)
    if market is not None:
        at_home = policies["subject_type"].isin(["company", "agency"]).to_numpy()
        places = places.mask(at_home & (places == "").to_numpy(), policies["country"])
    limited = np.flatnonzero((places != "").to_numpy() & (vendors | (market is not None)))
    named = places.to_numpy(object)[limited]
    homes = policies["country"].to_numpy(object)[limited]
    for row, territory, home in zip(limited, named, homes, strict=True):  # few rows name one
        if market is not None:
            counts[row] = market.is_covered_by(territory)
        else:
            counts[row] = home in territory.split(";")
    return counts


def _explode_actors(policies: pd.DataFrame) -> tuple[Index, Index]:
    """Row and actor of every (row, actor), rows in order, actors in vocabulary order."""
    texts, distinct = pd.factorize(policies["applies_to"].astype(str))
    named = np.array(
        [[code in text.split(";") for code in ACTOR_CODES] for text in distinct], dtype=bool
    ).reshape(-1, len(ACTOR_CODES))
    rows, actors = np.nonzero(named[texts])
    return rows.astype(np.int64), actors.astype(np.int64)


def _edges(policies: pd.DataFrame, rows: Index, actors: Index) -> tuple[Index, Index]:
    """``supersedes`` between bindings: both rows bind, both name the actor."""
    linked = np.flatnonzero((policies["supersedes"] != "").to_numpy())
    if not len(linked):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    names = policies["supersedes"].iloc[linked].str.split(";").explode()
    row_of = pd.Series(np.arange(len(policies)), index=policies["policy_id"].to_numpy())
    later = names.index.to_numpy(np.int64)
    earlier = row_of.reindex(names.to_numpy()).to_numpy(float)
    known = ~np.isnan(earlier)
    place = np.full((len(policies), len(ACTOR_CODES)), -1, dtype=np.int64)
    place[rows, actors] = np.arange(len(rows))
    successor = place[later[known]].ravel()
    predecessor = place[earlier[known].astype(np.int64)].ravel()
    both = (successor >= 0) & (predecessor >= 0)
    return successor[both], predecessor[both]


def bindings(
    policies: pd.DataFrame, *, known_at: int | None = None, market: Market | None = None
) -> Bindings:
    """Read the typed ``policies`` table as bindings, as known on ``known_at`` (an ordinal)."""
    policies = policies.reset_index(drop=True)
    learned_low, learned_high = knowledge_days(policies)
    binds = policies["status"].isin(BINDING_STATUSES).to_numpy() & (learned_low < OPEN)
    doubted = (policies["confidence"] == "low").to_numpy(copy=True)
    if known_at is not None:
        binds &= learned_low <= known_at
        doubted |= learned_high > known_at

    all_rows, all_actors = _explode_actors(policies)
    listed = listed_days(policies, known_at)
    keys, subjects = pd.factorize(policies["subject_key"])
    flat = keys[all_rows] * len(ACTOR_CODES) + all_actors
    order, pair_of_all = np.unique(flat, return_inverse=True)
    listed_from = np.full(len(order), OPEN, dtype=np.int64)
    np.minimum.at(listed_from, pair_of_all, listed[all_rows])
    pairs = pd.DataFrame(
        {
            "subject_key": np.asarray(subjects, dtype=object)[order // len(ACTOR_CODES)],
            "actor": order % len(ACTOR_CODES),
            "listed_from": listed_from,
        }
    )

    kept = binds[all_rows]
    rows, actors = all_rows[kept], all_actors[kept]
    start_low, start_high, presumed = start_days(policies)
    expiry_low, expiry_high = (np.where(d == 0, OPEN, d) for d in _days(policies, "expires_on"))
    successor, predecessor = _edges(policies, rows, actors)
    return Bindings(
        policy=rows,
        pair=pair_of_all[kept].astype(np.int64),
        rank=_ranks(policies)[rows],
        start_low=start_low[rows],
        start_high=start_high[rows],
        expiry_low=expiry_low[rows],
        expiry_high=expiry_high[rows],
        may_not_exist=doubted[rows],
        counts=_counting(policies, market)[rows],
        start_presumed=presumed[rows],
        successor=successor,
        predecessor=predecessor,
        pairs=pairs,
    )
