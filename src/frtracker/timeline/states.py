"""The state of every row, as intervals: proposed, scheduled, in force, ended, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from frtracker.timeline.days import (
    OPEN,
    WIDE,
    Days,
    Flags,
    Index,
    horizon,
    listed,
    recorded_days,
    to_days,
    turns,
    until_next,
)
from frtracker.timeline.rules import ACTOR_CODES
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES, STATES

if TYPE_CHECKING:
    from frtracker.timeline.build import Timeline

_CODES: Final = tuple(STATES)
_CODE: Final = {code: number for number, code in enumerate(_CODES)}


def states(timeline: Timeline) -> pd.DataFrame:
    """Return the table ``states``: one row = one row of the record in one state, on
    ``[valid_from, valid_to)``; rows in the order of ``timeline.policies``, then by day.

    ``policy_id``, ``subject_key``, ``state`` (a code of ``vocabulary.STATES``), ``superseded_for``
    (actors, ``;``, for whom a rule that goes on for others has ended), str; ``certain`` (false
    where the record cannot tell the state for sure), ``start_presumed``,
    ``continuation_presumed`` (only where the rule is or may be in force), bool; ``valid_from``,
    ``valid_to``, datetime64[s], NaT where open.
    """
    policies, rules, known_at = timeline.policies, timeline.rules, horizon(timeline.known_at)
    days, count = rules.of_rows, len(policies)
    status = policies["status"]
    introduced_low, introduced_high = recorded_days(policies, "introduced_on")
    # An outcome that was never found does not come on a day: the row is a proposal as long as a
    # source shows it pending, and unknown after that.
    pending = np.maximum(recorded_days(policies, "last_confirmed_on")[1], introduced_high)
    # Announced and conditional rules are presumed to go on after the last day that a source shows
    # them in force; a rule's own decision and start show it too.
    shown = np.maximum(days.confirmed, np.maximum(days.start_high, days.known_from_high))
    lapses = ((status == "announced") | (policies["ends_when"] != "")).to_numpy()
    presumed_from = np.where(lapses, np.minimum(shown + 1, OPEN), OPEN)
    over_for = np.full((count, len(ACTOR_CODES)), OPEN)
    over_for[rules.policy, rules.actor] = timeline.lives["over"]
    rule, begin, past, certain = timeline.held.T
    held = rules.policy[rule]

    # Every day on which the state of a row may turn, from the first there is.
    columns = [
        *(np.ones(count, dtype=np.int64), days.listed_from, presumed_from, pending + 1),
        *(days.known_from_low, days.known_from_high, introduced_low, introduced_high),
        *over_for.T,
    ]
    row = np.concatenate([np.tile(np.arange(count), len(columns)), held, held])
    day = np.concatenate([*columns, begin, past])
    at = np.unique((row * WIDE + day)[(day > 0) & (day < OPEN)])
    row, day = np.divmod(at, WIDE)

    def lies_in(stretches: Flags) -> Flags:
        begun, gone = (
            np.searchsorted(np.sort(held[stretches] * WIDE + edge[stretches]), at, "right")
            for edge in (begin, past)
        )
        return begun > gone

    binds, unknown = (status.isin(s).to_numpy()[row] for s in (BINDING_STATUSES, ["unknown"]))
    state, sure = np.full(len(row), _CODE["proposed"]), np.ones(len(row), dtype=bool)

    # What binds nobody on the day: proposals and what became of them.
    known_low, known_high = days.known_from_low[row], days.known_from_high[row]
    undated = known_low == OPEN
    known_high = np.where(known_low <= known_at, known_high, OPEN)
    known_low = np.where(known_low <= known_at, known_low, OPEN)
    lost = unknown & undated & (pending[row] <= known_at)
    over = np.where(lost, day > pending[row], day >= known_high) & ~binds
    state[over] = status.map(_CODE).fillna(0).to_numpy(np.int64)[row][over]
    sure[over & ~lost & (known_high > known_at)] = False
    in_doubt = (known_low <= day) & (day < known_high) | (day < introduced_high[row])
    in_doubt |= status.isin(OUTCOME_STATUSES).to_numpy()[row] & undated
    sure[(state == _CODE["proposed"]) & in_doubt] = False

    perhaps, in_force = lies_in(certain >= 0), lies_in(certain > 0)
    ended, how, surely = _ends(timeline)
    over = ended[row] <= day
    low_confidence = np.zeros(count, dtype=bool)
    low_confidence[rules.policy[rules.low_confidence]] = True
    state[binds & (known_high <= day)] = _CODE["scheduled"]
    state[over] = how[row][over]
    sure[over] &= surely[row][over]
    state[perhaps] = _CODE["uncertain"]
    state[in_force] = _CODE["in_force"]
    sure[(perhaps | low_confidence[row]) & ~in_force] = False

    # Not listed: surely not introduced, but for "on B at the latest".
    first = np.where(introduced_high > 0, introduced_low, days.known_from_low)[row]
    unlisted = days.listed_from[row] > day
    state[unlisted] = _CODE["not_yet"]
    sure[unlisted] = (first > np.minimum(day, known_at))[unlisted]

    live = perhaps & ~unlisted
    gone = (over_for[row] <= day[:, None]) @ (1 << np.arange(len(ACTOR_CODES)))
    cells = {
        "state": state,
        "certain": sure,
        "superseded_for": np.where(live, gone, 0),
        "start_presumed": days.start_presumed[row] & live,
        "continuation_presumed": (presumed_from[row] <= day) & live,
    }
    fresh = turns(row, *cells.values())
    row, day = row[fresh], day[fresh]
    cells = {name: values[fresh] for name, values in cells.items()}
    texts = policies[["policy_id", "subject_key"]].take(row)
    return pd.DataFrame(
        {
            "policy_id": texts["policy_id"].array,
            "subject_key": texts["subject_key"].array,
            **cells,
            "state": pd.array(list(_CODES), dtype="str").take(cells["state"]),
            "superseded_for": listed(ACTOR_CODES, cells["superseded_for"]),
            "valid_from": to_days(day),
            "valid_to": to_days(until_next(day, row)),
        }
    )


def _ends(timeline: Timeline) -> tuple[Days, Index, Flags]:
    """For each row: from when it is over for all its actors, how it ended then (the code of a
    state), and whether that is sure. The actor whose rule ended last speaks for it; of two ends on
    one day, or of two that may have come first, a later rule's is the cause."""
    rules, lives, count = timeline.rules, timeline.lives, len(timeline.policies)
    followed = np.full(len(rules), OPEN)
    np.minimum.at(followed, rules.predecessor, rules.start_low[rules.successor])
    by_rule, own_terms, never = (
        (lives[name] != 0).to_numpy() for name in ("causes", "own_terms", "began_high")
    )
    never = ~never  # replaced before it began
    in_doubt = by_rule & own_terms
    by_rule = (by_rule & ~own_terms) | ((in_doubt | never) & (followed <= rules.expiry_low))

    ended = np.full(count, OPEN)
    how, sure = np.zeros(count, dtype=np.int64), np.ones(count, dtype=bool)
    over = lives["over"].to_numpy()
    order = np.lexsort((by_rule, over))
    row = rules.policy[order]
    ended[row] = over[order]
    how[row] = np.where(by_rule[order], _CODE["superseded"], _CODE["expired"])
    sure[row] = ~in_doubt[order]
    return ended, how, sure
