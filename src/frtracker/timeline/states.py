"""The state of every row, as intervals: proposed, scheduled, in force, ended, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from frtracker.timeline.days import OPEN, Days, Flags, Index, horizon, recorded_days, to_days
from frtracker.timeline.rules import ACTOR_CODES, Rules
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES, STATES

if TYPE_CHECKING:
    from frtracker.timeline.build import Lives, Timeline

_WIDE: Final = OPEN + 1
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
    record = _Record(timeline)
    row, day = record.turning_days()
    cells = record.on(row, day)
    fresh = np.ones(len(row), dtype=bool)
    fresh[1:] = row[1:] != row[:-1]
    for values in cells.values():
        fresh[1:] |= values[1:] != values[:-1]
    first = np.flatnonzero(fresh)
    row, day = row[first], day[first]
    after = np.full(len(row), OPEN)
    after[:-1] = np.where(row[1:] == row[:-1], day[1:], OPEN)
    cells = {name: values[first] for name, values in cells.items()}
    masks, codes = np.unique(cells["superseded_for"], return_inverse=True)
    lists = [
        ";".join(code for bit, code in enumerate(ACTOR_CODES) if mask >> bit & 1)
        for mask in masks.tolist()
    ]
    texts = timeline.policies[["policy_id", "subject_key"]].take(row)
    return pd.DataFrame(
        {
            "policy_id": texts["policy_id"].array,
            "subject_key": texts["subject_key"].array,
            "state": pd.array(list(_CODES), dtype="str").take(cells["state"]),
            "certain": cells["certain"],
            "superseded_for": pd.array([*lists, ""], dtype="str").take(codes),
            "start_presumed": cells["start_presumed"],
            "continuation_presumed": cells["continuation_presumed"],
            "valid_from": to_days(day),
            "valid_to": to_days(after),
        }
    )


class _Record:
    """What the states of rows depend on, looked up once; asked of many rows and days together."""

    def __init__(self, timeline: Timeline) -> None:
        policies = timeline.policies
        self._rules, self._lives = timeline.rules, timeline.lives
        self._known_at = horizon(timeline.known_at)
        self._days = timeline.rules.of_rows
        status = policies["status"]
        self._binds = status.isin(BINDING_STATUSES).to_numpy()
        self._status = status.map(_CODE).fillna(0).to_numpy(np.int64)
        self._has_outcome = status.isin(OUTCOME_STATUSES).to_numpy()
        self._unknown = (status == "unknown").to_numpy()
        self._low_confidence = np.zeros(len(policies), dtype=bool)
        self._low_confidence[timeline.rules.policy[timeline.rules.low_confidence]] = True
        self._introduced = recorded_days(policies, "introduced_on")
        _, confirmed = recorded_days(policies, "last_confirmed_on")
        self._pending = np.maximum(confirmed, self._introduced[1])

        heard = self._days.known_from_low <= self._known_at
        self._decided_low = np.where(heard, self._days.known_from_low, OPEN)
        self._decided_high = np.where(heard, self._days.known_from_high, OPEN)
        announced = (status == "announced").to_numpy()
        # Announced and conditional rules are presumed to go on after the last day that a source
        # shows them in force; a rule's own decision and start show it too.
        shown = np.maximum(self._days.start_high, self._days.known_from_high)
        shown = np.maximum(self._days.confirmed, shown)
        lapses = announced | (policies["ends_when"] != "").to_numpy()
        self._presumed_from = np.where(lapses, np.minimum(shown + 1, OPEN), OPEN)

        self._over = np.full((len(policies), len(ACTOR_CODES)), OPEN)
        self._over[self._rules.policy, self._rules.actor] = self._lives.column("over")
        self._ended, self._how, self._surely = _ends(self._rules, self._lives, len(policies))
        rule, begin, past, certain = self._lives.held.T
        held = self._rules.policy[rule]
        self._held = _Cover(held, begin, past)
        sure = certain > 0
        self._surely_held = _Cover(held[sure], begin[sure], past[sure])

    def turning_days(self) -> tuple[Index, Days]:
        """Return row and day, in order, of every day on which the state of a row may turn."""
        days = self._days
        rows = np.arange(len(self._binds))
        columns = [
            np.ones(len(rows), dtype=np.int64),
            *(days.listed_from, days.known_from_low, days.known_from_high, self._presumed_from),
            *self._introduced,
            self._pending + 1,
            *self._over.T,
        ]
        rule, begin, past, _ = self._lives.held.T
        held = self._rules.policy[rule]
        row = np.concatenate([np.tile(rows, len(columns)), held, held])
        day = np.concatenate([*columns, begin, past])
        kept = (day > 0) & (day < OPEN)
        turns = np.unique(row[kept] * _WIDE + day[kept])
        return np.divmod(turns, _WIDE)

    def on(self, row: Index, day: Days) -> dict[str, np.ndarray]:
        """Return the columns that turn, for each (row, day)."""
        state = np.full(len(row), _CODE["proposed"])
        sure = np.ones(len(row), dtype=bool)
        self._undecided(row, day, state, sure)

        perhaps, in_force = self._held.holds(row, day), self._surely_held.holds(row, day)
        binds, over = self._binds[row], self._ended[row] <= day
        state[binds & (self._decided_high[row] <= day)] = _CODE["scheduled"]
        state[over] = self._how[row][over]
        sure[over] &= self._surely[row][over]
        state[perhaps] = _CODE["uncertain"]
        state[in_force] = _CODE["in_force"]
        sure[(perhaps | self._low_confidence[row]) & ~in_force] = False

        # Not listed: surely not introduced, but for "on B at the latest".
        low, high = self._introduced
        first = np.where(high > 0, low, self._days.known_from_low)[row]
        unlisted = self._days.listed_from[row] > day
        state[unlisted] = _CODE["not_yet"]
        sure[unlisted] = (first > np.minimum(day, self._known_at))[unlisted]

        live = (perhaps | in_force) & ~unlisted
        gone = (self._over[row] <= day[:, None]) @ (1 << np.arange(len(ACTOR_CODES)))
        return {
            "state": state,
            "certain": sure,
            "superseded_for": np.where(live, gone, 0),
            "start_presumed": self._days.start_presumed[row] & live,
            "continuation_presumed": (self._presumed_from[row] <= day) & live,
        }

    def _undecided(self, row: Index, day: Days, state: Index, sure: Flags) -> None:
        """Fill in what binds nobody on the day: proposals and what became of them."""
        low, high = self._decided_low[row], self._decided_high[row]
        undated = self._days.known_from_low[row] == OPEN
        # An outcome that was never found does not come on a day: the row is a proposal as long as
        # a source shows it pending, and unknown after that.
        pending = self._pending[row]
        lost = self._unknown[row] & undated & (pending <= self._known_at)
        over = np.where(lost, day > pending, day >= high) & ~self._binds[row]
        state[over] = self._status[row][over]
        sure[over & ~lost & (high > self._known_at)] = False
        in_doubt = (low <= day) & (day < high) | self._has_outcome[row] & undated
        in_doubt |= day < self._introduced[1][row]
        sure[(state == _CODE["proposed"]) & in_doubt] = False


def _ends(rules: Rules, lives: Lives, count: int) -> tuple[Days, Index, Flags]:
    """For each of ``count`` rows: from when it is over for all its actors, how it ended then (the
    code of a state), and whether that is sure. The actor whose rule ended last speaks for it; of
    two ends on one day, or of two that may have come first, a later rule's is the cause."""
    over = lives.column("over")
    followed = np.full(len(rules), OPEN)
    np.minimum.at(followed, rules.predecessor, rules.start_low[rules.successor])
    by_rule = np.zeros(len(rules), dtype=bool)
    by_rule[lives.ended] = True
    own_terms = lives.column("own_terms") > 0
    in_doubt = by_rule & own_terms
    never = lives.column("began_high") == 0  # replaced before it began
    by_rule = (by_rule & ~own_terms) | ((in_doubt | never) & (followed <= rules.expiry_low))

    ended = np.full(count, OPEN)
    how, sure = np.zeros(count, dtype=np.int64), np.ones(count, dtype=bool)
    order = np.lexsort((by_rule, over))
    row = rules.policy[order]
    ended[row] = over[order]
    how[row] = np.where(by_rule[order], _CODE["superseded"], _CODE["expired"])
    sure[row] = ~in_doubt[order]
    return ended, how, sure


class _Cover:
    """Stretches of days of rows, asked whether a day of a row lies in one of them."""

    def __init__(self, row: Index, begin: Days, past: Days) -> None:
        self._begin = np.sort(row * _WIDE + begin)
        self._past = np.sort(row * _WIDE + past)

    def holds(self, row: Index, day: Days) -> Flags:
        at = row * _WIDE + day
        begun = np.searchsorted(self._begin, at, "right")
        held: Flags = begun > np.searchsorted(self._past, at, "right")
        return held
