"""One day of a timeline: positions, the state of every rule, and what comes next."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.bindings import ACTOR_CODES
from frtracker.timeline.days import (
    OPEN,
    Days,
    Flags,
    Index,
    knowledge_days,
    listed_days,
    start_days,
)
from frtracker.timeline.positions import Timeline
from frtracker.vocabulary import BINDING_STATUSES


def _holds(table: pd.DataFrame, day: date) -> pd.Series:
    at = pd.Timestamp(day).as_unit("s")
    return (table["start"] <= at) & (table["end"].isna() | (table["end"] > at))


def positions_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """The rows of ``timeline.positions`` that hold on ``day``: at most one per subject and
    actor."""
    return timeline.positions[_holds(timeline.positions, day)]


def periods_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """The rows of ``timeline.periods`` that hold on ``day``."""
    return timeline.periods[_holds(timeline.periods, day)]


def next_changes(timeline: Timeline, day: date) -> pd.DataFrame:
    """The first change after ``day`` of each subject that has one.

    One row per subject and changed actor: the columns of ``positions``, those of the new position,
    whose ``start`` is the day of the change. A hand-over inside a run is no change, and neither is
    the day on which a mere proposal is first listed.
    """
    table = timeline.positions
    starts = table["start"].to_numpy()
    later: Index = np.flatnonzero(starts > np.datetime64(day, "s"))
    before = np.maximum(later - 1, 0)
    fresh_pair, changed = later == 0, np.zeros(len(later), dtype=bool)
    for name in ("subject_key", "actor"):
        cells = table[name].to_numpy(object)
        fresh_pair |= cells[later] != cells[before]
    for name in ("measure", "scope", "certain", "at_least_measure", "at_least_scope"):
        cells = table[name].to_numpy(object)
        changed |= cells[later] != cells[before]
    held = table["measure"].to_numpy(object)[later] != "none"
    later = later[np.where(fresh_pair, held, changed)]
    subjects, distinct = pd.factorize(table["subject_key"].to_numpy(object)[later])
    on = starts[later].astype(np.int64)
    first = np.full(len(distinct), np.iinfo(np.int64).max)
    np.minimum.at(first, subjects, on)
    coming: pd.DataFrame = table.iloc[later[on == first[subjects]]]
    return coming


def _undecided_states(timeline: Timeline, day: int, state: np.ndarray, sure: Flags) -> None:
    """Fill in the rows that bind nobody on ``day``: proposals and what became of them."""
    policies = timeline.policies
    status = policies["status"].to_numpy(dtype=object)
    learned_low, learned_high = knowledge_days(policies)
    if timeline.known_at is not None:
        unknown_yet = learned_low > timeline.known_at.toordinal()
        learned_low = np.where(unknown_yet, OPEN, learned_low)
        learned_high = np.where(unknown_yet, OPEN, learned_high)
        binding = np.isin(status, list(BINDING_STATUSES)) & ~unknown_yet
    else:
        binding = np.isin(status, list(BINDING_STATUSES))
    # An outcome that was never found does not come on a day: the row is a proposal as long as a
    # source shows it pending, and unknown after that.
    confirmed = np.maximum(
        policies["last_confirmed_on_high"].to_numpy(np.int64),
        policies["introduced_on_high"].to_numpy(np.int64),
    )
    lost = (status == "unknown") & (learned_low == OPEN)
    if timeline.known_at is not None:
        lost &= confirmed <= timeline.known_at.toordinal()
    decided = np.where(lost, day > confirmed, day >= learned_high) & ~binding
    state[decided] = status[decided]
    undated = np.isin(status, ["failed", "vetoed", "pulled", "lapsed"]) & (learned_low == OPEN)
    if timeline.known_at is not None:
        undated &= policies["decided_on_high"].to_numpy(np.int64) == 0
    introduced_high = policies["introduced_on_high"].to_numpy(np.int64)
    doubtful = ((learned_low <= day) & (day < learned_high)) | undated | (day < introduced_high)
    sure[~decided & ~binding & doubtful] = False


def _binding_states(timeline: Timeline, day: int, state: np.ndarray, sure: Flags) -> list[str]:
    """Fill in adopted and announced rows; returns ``superseded_for`` of every row."""
    policies, b = timeline.policies, timeline.bindings
    count = len(policies)

    held = periods_on(timeline, date.fromordinal(day))
    row_of = pd.Series(np.arange(count), index=policies["policy_id"].to_numpy())
    rows = row_of.reindex(held["policy_id"].to_numpy()).to_numpy(np.int64)
    certain = held["certain"].to_numpy(bool)
    in_force, perhaps = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    in_force[rows[certain]] = True
    perhaps[rows] = True

    succeeded = np.full(len(b.policy), OPEN, dtype=np.int64)
    np.minimum.at(succeeded, b.predecessor, b.start_low[b.successor])
    lifted = _lifted_by(b.successor, b.predecessor, b.start_low, b.start_high, b.rank, day)
    begun = b.start_low <= day
    over = begun | lifted
    _, decided_high = knowledge_days(policies)
    low, _, _ = start_days(policies)

    binds = np.zeros(count, dtype=bool)
    binds[b.policy] = True
    not_begun = binds.copy()
    not_begun[b.policy[over]] = False
    state[not_begun & (decided_high <= day)] = "scheduled"

    # The earlier end is the cause (on one day, the law); the actor whose rule ended last speaks
    # for the row.
    by_law = lifted | (succeeded <= b.expiry_low)
    lasted = np.minimum(succeeded, b.expiry_low)
    order = np.lexsort((by_law, lasted))
    order = order[over[order]]
    state[b.policy[order]] = np.where(by_law[order], "superseded", "expired")

    state[perhaps] = "uncertain"
    state[in_force] = "in_force"
    sure[perhaps & ~in_force] = False
    doubted = np.zeros(count, dtype=bool)
    doubted[b.policy[b.may_not_exist]] = True
    sure[doubted & ~in_force] = False
    sure[not_begun & (low <= day) & ~in_force] = False

    alive = set(zip(rows.tolist(), held["actor"].tolist(), strict=True))
    gone: list[list[str]] = [[] for _ in range(count)]
    actors = b.pairs.actor[b.pair]
    for i in np.flatnonzero(over & perhaps[b.policy]).tolist():
        row, actor = int(b.policy[i]), ACTOR_CODES[int(actors[i])]
        if (row, actor) not in alive:
            gone[row].append(actor)
    return [";".join(names) for names in gone]


def _lifted_by(
    successor: Days, predecessor: Days, low: Days, high: Days, rank: Days, day: int
) -> Flags:
    """Rules that a repeal, certainly begun by ``day``, keeps from beginning."""
    lifts = (rank[successor] == 0) & (high[successor] <= day)
    lifts &= high[successor] <= low[predecessor]
    lifted = np.zeros(len(low), dtype=bool)
    lifted[predecessor[lifts]] = True
    return lifted


def _continuation(timeline: Timeline, day: int) -> Flags:
    """Announced and conditional rules are presumed to go on after the last day that a source
    shows them in force; a rule's own decision and start show it too."""
    policies = timeline.policies
    conditional = (policies["ends_when"] != "").to_numpy()
    announced = (policies["status"] == "announced").to_numpy()
    shown = policies["last_confirmed_on_high"].to_numpy(np.int64)
    if timeline.known_at is not None:
        shown = np.minimum(shown, timeline.known_at.toordinal())
    _, start_high, _ = start_days(policies)
    _, decided_high = knowledge_days(policies)
    shown = np.maximum(
        shown, np.maximum(start_high, np.where(decided_high < OPEN, decided_high, 0))
    )
    presumed: Flags = (conditional | announced) & (day > shown)
    return presumed


def states_on(timeline: Timeline, day: date) -> pd.DataFrame:
    """The state of every row on ``day``, in the order of ``timeline.policies``.

    Columns: ``policy_id`` (str), ``state`` (a code of ``vocabulary.STATES``), ``certain`` (bool:
    false where the record cannot tell the state for sure), ``superseded_for`` (actors, ``;``, for
    whom a rule that goes on for others has ended), ``start_presumed``, ``continuation_presumed``
    (bool, only where the rule is or may be in force).
    """
    ordinal = day.toordinal()
    known_at = None if timeline.known_at is None else timeline.known_at.toordinal()
    policies = timeline.policies
    state = np.full(len(policies), "proposed", dtype=object)
    sure = np.ones(len(policies), dtype=bool)
    superseded_for = _binding_states(timeline, ordinal, state, sure)
    _undecided_states(timeline, ordinal, state, sure)
    state[listed_days(policies, known_at) > ordinal] = "not_yet"
    live = np.isin(state, ["in_force", "uncertain"])
    _, _, presumed = start_days(policies)
    return pd.DataFrame(
        {
            "policy_id": policies["policy_id"],
            "state": pd.Series(state, dtype="str"),
            "certain": sure,
            "superseded_for": pd.Series(superseded_for, dtype="str"),
            "start_presumed": presumed & live,
            "continuation_presumed": _continuation(timeline, ordinal) & live,
        }
    )
