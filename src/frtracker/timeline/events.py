"""What happened and what is coming: the days on which something was decided, began or ended."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from frtracker.timeline.bindings import ACTOR_CODES, RANKED, Bindings
from frtracker.timeline.days import OPEN, Days, Flags, Index, horizon, recorded_days
from frtracker.timeline.positions import EPOCH, Timeline, to_days
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES

KINDS: Final = (
    "introduced",
    "decided",
    "began",
    "ended",
    *OUTCOME_STATUSES,
)
"""In the order in which events of one day are told."""

EFFECTS: Final = ("tightened", "loosened", "extended", "lifted")

_COLUMNS: Final = ("policy_id", "subject_key", "kind", "actors", "cause", "effect")


def events(timeline: Timeline) -> pd.DataFrame:
    """Every event of the record, as known on the timeline's ``known_at``, in order.

    One row per rule, kind and (for an end) cause. Columns: ``policy_id``, ``subject_key``,
    ``kind`` (one of :data:`KINDS`), ``actors`` (``;``), ``cause`` (what ended it: a ``policy_id``,
    or '' for its own terms), ``effect`` ('' or, for the actors as a whole, some of
    :data:`EFFECTS`, ``;``), all str; ``low``, ``high``: between which days it lies, datetime64[s],
    ``low`` NaT where only the last possible day is known; ``presumed`` (bool): a beginning that is
    presumed from the decision.

    A rule that begins on the day it is decided has one event, ``began``. What is not certain to
    happen (a rule of low confidence) is told with its days all the same; ``confidence`` says so.
    """
    policies, b = timeline.policies, timeline.bindings
    known_at = horizon(timeline.known_at)
    parts = [_outcomes(policies, b, known_at), _beginnings(policies, b), _ends(policies, b)]
    told = pd.concat([part for part in parts if len(part)] or parts[:1])
    told["effect"] = _effects(timeline, told)
    order = {kind: place for place, kind in enumerate(KINDS)}
    told = told.assign(_order=told["kind"].map(order)).sort_values(
        ["high", "subject_key", "_order", "policy_id", "cause"], ignore_index=True
    )
    low, high = told["low"].to_numpy(), told["high"].to_numpy()
    return told[[*_COLUMNS, "presumed"]].assign(
        low=to_days(np.where(low == date.min.toordinal(), 0, low)), high=to_days(high)
    )


def _frame(
    policies: pd.DataFrame,
    rows: Index,
    kind: object,
    low: Days,
    high: Days,
    *,
    actors: object = None,
    cause: object = "",
    presumed: object = False,
) -> pd.DataFrame:
    chosen = policies.iloc[rows]
    return pd.DataFrame(
        {
            "policy_id": chosen["policy_id"].to_numpy(),
            "subject_key": chosen["subject_key"].to_numpy(),
            "kind": kind,
            "actors": chosen["applies_to"].to_numpy() if actors is None else actors,
            "cause": cause,
            "low": low,
            "high": high,
            "presumed": presumed,
        }
    )


def _outcomes(policies: pd.DataFrame, b: Bindings, known_at: int) -> pd.DataFrame:
    """Introductions, decisions apart from beginnings, and how proposals ended."""
    introduced_low, introduced_high = recorded_days(policies, "introduced_on")
    for column in ("decided_on", "reviewed_on"):  # by then it had been introduced
        _, latest = recorded_days(policies, column)
        inside = (latest > 0) & (latest >= introduced_low)
        introduced_high = np.where(inside, np.minimum(introduced_high, latest), introduced_high)
    was_introduced = np.flatnonzero((introduced_high > 0) & (introduced_low <= known_at))
    status = policies["status"].to_numpy()
    decided_low, decided_high = recorded_days(policies, "decided_on")
    known = (decided_high > 0) & (decided_low <= known_at)
    binding = np.isin(status, list(BINDING_STATUSES))
    apart = (b.of_rows.start_low != decided_low) | (b.of_rows.start_high != decided_high)
    decided = np.flatnonzero(known & binding & apart)
    ended = np.flatnonzero(known & np.isin(status, OUTCOME_STATUSES))
    return pd.concat(
        [
            _frame(
                policies,
                was_introduced,
                "introduced",
                introduced_low[was_introduced],
                introduced_high[was_introduced],
            ),
            _frame(policies, decided, "decided", decided_low[decided], decided_high[decided]),
            _frame(policies, ended, status[ended], decided_low[ended], decided_high[ended]),
        ]
    )


def _begin(b: Bindings) -> Flags:
    """False for a rule that a repeal certainly lifts on or before its own start."""
    lifts = (b.rank[b.successor] == 0) & (b.start_high[b.successor] <= b.start_low[b.predecessor])
    begins = np.ones(len(b.policy), dtype=bool)
    begins[b.predecessor[lifts]] = False
    return begins


def _beginnings(policies: pd.DataFrame, b: Bindings) -> pd.DataFrame:
    """Rules that begin; one lifted before its start does not."""
    begins = _begin(b)
    rows, first = np.unique(b.policy[begins], return_index=True)
    chosen = np.flatnonzero(begins)[first]
    return _frame(
        policies,
        rows,
        "began",
        b.start_low[chosen],
        b.start_high[chosen],
        presumed=b.start_presumed[chosen],
    )


def _ends(policies: pd.DataFrame, b: Bindings) -> pd.DataFrame:
    """The end of every rule for its actors: the earliest of its own terms and its successors."""
    count = len(b.policy)
    real = _begin(b)[b.successor]  # what never begins ends nothing
    successor, predecessor = b.successor[real], b.predecessor[real]
    low, high = b.expiry_low.copy(), b.expiry_high.copy()
    np.minimum.at(low, predecessor, b.start_low[successor])
    np.minimum.at(high, predecessor, b.start_high[successor])
    by = np.full(count, -1)
    first = np.lexsort((b.policy[successor], b.start_low[successor]))[::-1]
    by[predecessor[first]] = b.policy[successor[first]]
    succeeded = np.full(count, OPEN)
    np.minimum.at(succeeded, predecessor, b.start_low[successor])
    by[b.expiry_low < succeeded] = -1
    ended = high < OPEN
    ids = np.append(policies["policy_id"].to_numpy(), "")
    actor = np.array(ACTOR_CODES)[b.pairs.actor[b.pair]]
    parts = pd.DataFrame({"row": b.policy, "low": low, "high": high, "by": by, "actor": actor})[
        ended
    ]
    groups = parts.groupby(["row", "low", "high", "by"])["actor"].agg(";".join)
    told = groups.reset_index()
    return _frame(
        policies,
        told["row"].to_numpy(),
        "ended",
        told["low"].to_numpy(),
        told["high"].to_numpy(),
        actors=told["actor"].to_numpy(),
        cause=ids[told["by"].to_numpy()],
    )


def _effects(timeline: Timeline, told: pd.DataFrame) -> list[str]:
    """How the position of each actor moves over an event, where it is certain before and after."""
    ranks = {position: rank for rank, position in enumerate(RANKED)}
    positions = timeline.positions
    starts = positions["start"].to_numpy().astype("datetime64[D]").astype(np.int64) + EPOCH
    columns = (positions[c].tolist() for c in ("subject_key", "actor", "measure", "scope"))
    histories: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    cells = zip(*columns, positions["certain"].tolist(), starts.tolist(), strict=True)
    for key, actor, measure, scope, sure, start in cells:
        days, levels = histories.setdefault((key, actor), ([], []))
        days.append(start)
        levels.append(ranks[measure, scope] if sure else -1)

    def rank_on(key: str, actor: str, day: int) -> int:
        days, levels = histories.get((key, actor), ([], []))
        place = bisect_right(days, day)
        return levels[place - 1] if place else 0

    said = []
    policies = timeline.policies
    succeeds = (policies["supersedes"] != "") & (policies["measure"] != "none")
    extending = set(policies["policy_id"][succeeds])
    for event in told.to_dict("records"):
        low, high = int(event["low"]), int(event["high"])
        if event["kind"] not in ("began", "ended") or low <= 1 or event["cause"]:
            said.append("")
            continue
        key, actors = str(event["subject_key"]), str(event["actors"]).split(";")
        moves = {_move(rank_on(key, a, low - 1), rank_on(key, a, high)) for a in actors}
        if event["policy_id"] not in extending or event["kind"] == "ended":
            moves.discard("extended")
        said.append(";".join(effect for effect in EFFECTS if effect in moves))
    return said


def _move(before: int, after: int) -> str:
    if before < 0 or after < 0:
        return ""
    if after > before:
        return "tightened"
    if after == before:
        return "extended" if after else ""
    return "loosened" if after else "lifted"
