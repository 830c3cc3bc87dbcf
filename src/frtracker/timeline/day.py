"""One day of a timeline: positions, the state of every rule, and what comes next."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from frtracker.timeline.bindings import ACTOR_CODES
from frtracker.timeline.days import OPEN, Days, Flags, Index, horizon, recorded_days
from frtracker.timeline.positions import Timeline
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES


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
        cells = table[name].to_numpy()
        fresh_pair |= cells[later] != cells[before]
    for name in ("measure", "scope", "certain", "at_least_measure", "at_least_scope"):
        cells = table[name].to_numpy()
        changed |= cells[later] != cells[before]
    held = table["measure"].to_numpy()[later] != "none"
    later = later[np.where(fresh_pair, held, changed)]
    subjects, distinct = pd.factorize(table["subject_key"].to_numpy()[later])
    on = starts[later].astype(np.int64)
    first = np.full(len(distinct), np.iinfo(np.int64).max)
    np.minimum.at(first, subjects, on)
    coming: pd.DataFrame = table.iloc[later[on == first[subjects]]]
    return coming


def _undecided_states(timeline: Timeline, day: int, state: np.ndarray, sure: Flags) -> None:
    """Fill in the rows that bind nobody on ``day``: proposals and what became of them."""
    policies, known_at = timeline.policies, horizon(timeline.known_at)
    status = policies["status"].to_numpy()
    binding = np.isin(status, list(BINDING_STATUSES))
    _, confirmed = recorded_days(policies, "last_confirmed_on")
    _, introduced = recorded_days(policies, "introduced_on")
    days = timeline.bindings.of_rows
    undated = days.learned_low == OPEN
    heard = days.learned_low <= known_at
    low, high = (np.where(heard, each, OPEN) for each in (days.learned_low, days.learned_high))

    # An outcome that was never found does not come on a day: the row is a proposal as long as a
    # source shows it pending, and unknown after that.
    pending = np.maximum(confirmed, introduced)
    lost = (status == "unknown") & undated & (pending <= known_at)
    over = np.where(lost, day > pending, day >= high) & ~binding
    state[over] = status[over]
    sure[over & ~lost & (high > known_at)] = False

    in_doubt = (low <= day) & (day < high) | np.isin(status, OUTCOME_STATUSES) & undated
    sure[(state == "proposed") & (in_doubt | (day < introduced))] = False


def _unlisted_states(timeline: Timeline, day: int, state: np.ndarray, sure: Flags) -> None:
    """Fill in the rows that are not listed on ``day``: surely not introduced, but for "on B at the
    latest"."""
    days = timeline.bindings.of_rows
    introduced_low, introduced_high = recorded_days(timeline.policies, "introduced_on")
    first = np.where(introduced_high > 0, introduced_low, days.learned_low)
    unlisted = days.listed_from > day
    state[unlisted] = "not_yet"
    sure[unlisted] = first[unlisted] > min(day, horizon(timeline.known_at))


def _binding_states(timeline: Timeline, day: int, state: np.ndarray, sure: Flags) -> list[str]:
    """Fill in adopted and announced rows; returns ``superseded_for`` of every row."""
    policies, b = timeline.policies, timeline.bindings
    count = len(policies)

    held = periods_on(timeline, date.fromordinal(day))
    row_of = pd.Series(np.arange(count), index=policies["policy_id"].to_numpy())
    rows = row_of.loc[held["policy_id"]].to_numpy()
    certain = held["certain"].to_numpy()
    in_force, perhaps = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    in_force[rows[certain]] = True
    perhaps[rows] = True

    succeeded = np.full(len(b.policy), OPEN)
    np.minimum.at(succeeded, b.predecessor, b.start_low[b.successor])
    lifted = _lifted_by(b.successor, b.predecessor, b.start_low, b.start_high, b.rank, day)
    begun = b.start_low <= day
    over = begun | lifted

    binds = np.zeros(count, dtype=bool)
    binds[b.policy] = True
    state[binds & (b.of_rows.learned_high <= day)] = "scheduled"  # what has begun is told below

    # The earlier end is the cause (on one day, the law); the actor whose rule ended last speaks
    # for the row.
    by_law = lifted | (succeeded <= b.expiry_low)
    lasted = np.minimum(succeeded, b.expiry_low)
    order = np.lexsort((by_law, lasted))
    order = order[over[order]]
    state[b.policy[order]] = np.where(by_law[order], "superseded", "expired")

    state[perhaps] = "uncertain"
    state[in_force] = "in_force"
    doubted = perhaps.copy()
    doubted[b.policy[b.may_not_exist]] = True
    sure[doubted & ~in_force] = False

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
    _, confirmed = recorded_days(policies, "last_confirmed_on")
    confirmed = np.minimum(confirmed, horizon(timeline.known_at))
    days = timeline.bindings.of_rows
    shown = np.maximum(confirmed, np.maximum(days.start_high, days.learned_high))
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
    policies = timeline.policies
    state = np.full(len(policies), "proposed", dtype=object)
    sure = np.ones(len(policies), dtype=bool)
    superseded_for = _binding_states(timeline, ordinal, state, sure)
    _undecided_states(timeline, ordinal, state, sure)
    _unlisted_states(timeline, ordinal, state, sure)
    live = np.isin(state, ["in_force", "uncertain"])
    presumed = timeline.bindings.of_rows.start_presumed
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
