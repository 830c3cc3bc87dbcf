"""The states of every row of the record, as intervals, and its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from frtracker.timeline.days import (
    OPEN,
    WIDE,
    Days,
    Flags,
    Index,
    horizon,
    joined,
    listed,
    recorded_days,
    to_days,
    turns,
    until_next,
    words,
)
from frtracker.timeline.rules import ACTOR_CODES, row_actors
from frtracker.timeline.worlds import MAX_BIT
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES, STATES

if TYPE_CHECKING:
    from frtracker.timeline.build import Timeline

_CODE: Final = {code: number for number, code in enumerate(STATES)}

KINDS: Final = ("introduced", "decided", "began", "ended", *OUTCOME_STATUSES)
"""Of events, in the order in which those of one day are listed."""

EFFECTS: Final = ("tightened", "loosened", "extended", "lifted", "postponed")
_BIT: Final = {effect: 1 << place for place, effect in enumerate(EFFECTS)}
PutOff = tuple[Index, Index, Index]


def states(timeline: Timeline) -> pd.DataFrame:
    """Return the table ``states``: one row = one row of the record in one state, on
    ``[valid_from, valid_to)``, from the first day there is; as in ``timeline.policies``, then by
    day. ``superseded_for``: actors (``;``) for whom a rule that goes on for others has ended;
    ``start_presumed``, ``continuation_presumed``: only where the rule is, or may be, in force.
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
    begin, past, certain = (timeline.held[name] for name in ("start", "end", "certain"))
    held = rules.policy[timeline.held["rule"]]

    # Every day on which the state of a row may turn, from the first there is.
    columns = [
        *(np.ones(count, dtype=np.int64), days.listed_from, presumed_from, pending + 1),
        *(days.known_from_low, days.known_from_high, introduced_low, introduced_high),
        *over_for.T,
    ]
    turning = [*((np.arange(count), column) for column in columns), (held, begin), (held, past)]
    at = np.concatenate([(row * WIDE + day)[(day > 0) & (day < OPEN)] for row, day in turning])
    at.sort()
    at = at[turns(at)]  # not np.unique, which hashes: of millions that is far slower
    row, day = np.divmod(at, WIDE)

    def lies_in(stretches: Flags) -> Flags:
        begun, gone = (
            np.searchsorted(np.sort(held[stretches] * WIDE + edge[stretches]), at, "right")
            for edge in (begin, past)
        )
        return begun > gone

    binds, unknown = (status.isin(s).to_numpy()[row] for s in (BINDING_STATUSES, ["unknown"]))
    state, sure = np.full(len(row), _CODE["proposed"]), np.ones(len(row), dtype=bool)

    # Not in force on the day: proposals and their outcomes.
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
    gone = sum((over[row] <= day) << actor for actor, over in enumerate(over_for.T))
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
            "state": words(list(STATES), cells["state"]),
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
    by_rule, own_terms = lives["causes"] != 0, lives["own_terms"] > 0
    never = lives["began_high"] == 0  # replaced before it began
    in_doubt = by_rule & own_terms
    by_rule = (by_rule & ~own_terms) | ((in_doubt | never) & (followed <= rules.expiry_low))

    ended = np.full(count, OPEN)
    how, sure = np.zeros(count, dtype=np.int64), np.ones(count, dtype=bool)
    order = np.lexsort((by_rule, lives["over"]))
    row = rules.policy[order]
    ended[row] = lives["over"][order]
    how[row] = np.where(by_rule[order], _CODE["superseded"], _CODE["expired"])
    sure[row] = ~in_doubt[order]
    return ended, how, sure


def events(timeline: Timeline) -> pd.DataFrame:
    """Return the table ``events``, in order: one row for each row of the record, kind and cause.

    ``event_id``: see :func:`_event_ids`.
    ``causes``: the rules (``;``) that ended it, or may have; of one that is put off, the rule that
    had the earlier start. ``effects``: some of :data:`EFFECTS` (``;``), for the actors as a whole.
    ``certain``: false where in some world it does not happen, or an act of low confidence may be
    its cause. ``own_terms``: it ended, or may have, by its own terms. ``on_low`` is NaT where only
    the last possible day is known.

    Only a rule that is in force for an actor, certainly or perhaps, begins or ends for it. A rule
    that begins on the day on which it is decided has one event, ``began``; a rule that hands its
    measure and scope over has none for its end, for it is the beginning of the next (``extended``);
    a rule put off before it began has one, the decision of the rule with the new start.
    """
    policies, put_off = timeline.policies, _put_off(timeline)
    told = pd.concat(
        [*_beginnings_and_ends(timeline, put_off), *_decisions(timeline, put_off)],
        ignore_index=True,
    )
    # Numbers until all are in order: to group, to sort and to move texts is far slower.
    told["causes"], causes = told["causes"].factorize(sort=True)
    shared = [name for name in told if name not in ("actor", "effects")]
    of = told.groupby(shared, sort=False).ngroup().to_numpy()
    table = told[turns(np.maximum.accumulate(of))]  # the first of each
    actors, effects = np.zeros((2, len(table)), dtype=np.int64)
    np.bitwise_or.at(actors, of, 1 << told["actor"].to_numpy())
    np.bitwise_or.at(effects, of, told["effects"].to_numpy())

    ids, keys = policies["policy_id"].array, policies["subject_key"].array
    groups = listed(ACTOR_CODES, np.arange(1 << len(ACTOR_CODES)))
    by_id, by_key, by_group = (pd.Index(it).factorize(sort=True)[0] for it in (ids, keys, groups))
    row = table["row"].to_numpy()
    first = (table["on_high"] * len(keys) + by_key[row]) * len(KINDS) + table["kind"]
    then = (table["causes"] + by_id[row] * len(causes)) * len(groups) + by_group[actors]
    order = np.lexsort((then, first))
    table, row = table.take(order), row[order]
    low = table["on_low"].to_numpy()
    kinds = words(KINDS, table["kind"].to_numpy())
    by = causes.take(table["causes"].to_numpy())
    applies_to = listed(ACTOR_CODES, actors[order])
    return pd.DataFrame(
        {
            "event_id": _event_ids(ids.take(row), kinds, by, applies_to),
            "policy_id": ids.take(row),
            "subject_key": keys.take(row),
            "kind": kinds,
            "applies_to": applies_to,
            "causes": by,
            "effects": listed(EFFECTS, effects[order]),
            **{name: table[name].array for name in ("certain", "own_terms", "start_presumed")},
            "on_low": to_days(np.where(low == date.min.toordinal(), 0, low)),
            "on_high": to_days(table["on_high"].to_numpy()),
        }
    )


def _event_ids(*parts: Iterable[str]) -> ExtensionArray:
    """Of events by rule, kind, causes and actors (lists as ``;``): the rule, the kind and the first
    cause, which stay as long as the event is, even if its day moves. Where an earlier event has
    that id, for other actors, all causes and actors are in it; and where that is the id of another
    (rules may have any name), the kind once more until it is no other's."""
    ids: dict[str, None] = {}
    for rule, kind, causes, actors in zip(*parts, strict=True):
        name = "-".join(filter(None, (rule, kind, causes.partition(";")[0])))
        if name in ids:
            name = "-".join(filter(None, (rule, kind, *causes.split(";"), *actors.split(";"))))
        while name in ids:
            name = f"{name}-{kind}"
        ids[name] = None
    return pd.array([*ids], dtype="str")


def _put_off(timeline: Timeline) -> PutOff:
    """Repeals, old, new (rules for one actor): a rule that never begins for its repeal, and one of
    its measure and scope, decided with the repeal, that begins later and supersedes nothing."""
    rules = timeline.rules
    low, high = (days[rules.policy] for days in recorded_days(timeline.policies, "decided_on"))
    lifts = (rules.rank[rules.successor] == 0) & (high[rules.successor] > 0)
    lifts &= timeline.lives["began_high"][rules.predecessor] == 0
    coming = rules.rank > 0
    coming[rules.successor] = False
    lifted = pd.DataFrame({"repeal": rules.successor[lifts], "old": rules.predecessor[lifts]})
    new = pd.Series(np.flatnonzero(coming), name="new")
    beside = lifted.merge(new, left_on=rules.pair[lifted["old"]], right_on=rules.pair[new])
    repeal, old, later = beside.sort_values("old", kind="stable").to_numpy(np.int64)[:, 1:].T
    same = (rules.rank[old] == rules.rank[later]) & (low[repeal] == low[later])
    same &= (high[repeal] == high[later]) & (rules.start_low[later] > rules.start_high[old])
    return repeal[same], old[same], later[same]


def _beginnings_and_ends(timeline: Timeline, put_off: PutOff) -> Iterator[pd.DataFrame]:
    rules, policies, lives = timeline.rules, timeline.policies, timeline.lives
    by, own_terms = lives["causes"], lives["own_terms"] > 0
    place = pd.Series(rules.predecessor).groupby(rules.predecessor).cumcount()
    may_end = (by[rules.predecessor] >> np.minimum(place, MAX_BIT) & 1).astype(bool)
    ended, cause = rules.predecessor[may_end], rules.successor[may_end]
    order = np.lexsort((rules.policy[cause], rules.start_low[cause]))
    ended, cause = ended[order], cause[order]
    causes = joined(policies["policy_id"], rules.policy[cause], ended, len(rules))

    # A rule goes on in those that end it if each has its measure and scope from then on.
    extends, doubted, silent = np.zeros((3, len(rules)), dtype=bool)
    goes_on = (lives["ended_high"] > 0) & (by != 0) & ~own_terms & (rules.rank > 0)
    other = rules.rank[cause] != rules.rank[ended]
    other |= lives["began_low"][cause] > lives["ended_low"][ended]
    other |= lives["began_high"][cause] < lives["ended_high"][ended]
    goes_on[ended[other]] = False
    extends[cause[goes_on[ended]]] = True
    doubted[ended[rules.low_confidence[cause]]] = True
    silent[put_off[0]] = True
    follows = ((policies["supersedes"] != "") & (policies["measure"] != "none")).to_numpy()
    keys, levels = timeline.levels

    def level_on(rule: Index, day: Days) -> Index:
        """The rank of the position of the rule's pair, -1 where it is uncertain."""
        place = np.searchsorted(keys, rules.pair[rule] * WIDE + day, "right") - 1
        listed = (place >= 0) & (keys[place] // WIDE == rules.pair[rule])
        return np.where(listed, levels[place], 0)

    for kind in ("ended", "began"):
        low, high, certain = (lives[f"{kind}_{n}"] for n in ("low", "high", "certain"))
        begins = kind == "began"
        rule = np.flatnonzero((high > 0) & ~(silent if begins else goes_on))
        low, high = low[rule], high[rule]
        was, then = level_on(rule, low - 1), level_on(rule, high)
        lifted = (then < was) & (then == 0) & begins
        extended = (then == was) & (then > 0) & begins & follows[rules.policy[rule]]
        effects = (then > was) * _BIT["tightened"] + ((then < was) & ~lifted) * _BIT["loosened"]
        effects += lifted * _BIT["lifted"] + extended * _BIT["extended"]
        clear = (was >= 0) & (then >= 0) & (low > 1) & (begins | (by[rule] == 0))
        yield _told(
            *(rules.policy[rule], rules.actor[rule], KINDS.index(kind), low, high),
            (certain[rule] > 0) & (begins | ~doubted[rule]),
            causes="" if begins else causes[rule],
            own_terms=own_terms[rule] & (not begins),
            start_presumed=rules.start_presumed[rule] & begins,
            effects=np.where(clear, effects, 0) | (extends[rule] & begins) * _BIT["extended"],
        )


def _decisions(timeline: Timeline, put_off: PutOff) -> Iterator[pd.DataFrame]:
    """Introductions, decisions apart from beginnings, and how proposals ended."""
    policies, rules = timeline.policies, timeline.rules
    days, known_at = rules.of_rows, horizon(timeline.known_at)
    introduced_low, introduced_high = recorded_days(policies, "introduced_on")
    for column in ("decided_on", "reviewed_on"):  # by then it had been introduced
        _, latest = recorded_days(policies, column)
        inside = (latest > 0) & (latest >= introduced_low)
        introduced_high = np.where(inside, np.minimum(introduced_high, latest), introduced_high)
    decided = decided_low, decided_high = recorded_days(policies, "decided_on")
    apart = (days.start_low != decided_low) | (days.start_high != decided_high)
    status, sure = policies["status"], (policies["confidence"] != "low").to_numpy()
    binding, failed = (status.isin(s).to_numpy() for s in (BINDING_STATUSES, OUTCOME_STATUSES))

    row, actor = row_actors(policies)
    number = row * len(ACTOR_CODES) + actor
    repeal, old, new = (rules.policy[it] * len(ACTOR_CODES) + rules.actor[it] for it in put_off)
    place = np.searchsorted(number, new)
    earlier = joined(policies["policy_id"], old // len(ACTOR_CODES), place, len(row))
    postponed = np.isin(number, new) * _BIT["postponed"]

    def told(of: Index, kind: int | Index, low: Days, high: Days, **more: Any) -> pd.DataFrame:
        certain = sure[row[of]] & (high[row[of]] <= known_at)
        return _told(row[of], actor[of], kind, low[row[of]], high[row[of]], certain, **more)

    of = np.flatnonzero((introduced_high > 0)[row])
    yield told(of, KINDS.index("introduced"), introduced_low, introduced_high)
    of = np.flatnonzero((binding & apart & (decided_high > 0))[row] & ~np.isin(number, repeal))
    yield told(of, KINDS.index("decided"), *decided, causes=earlier[of], effects=postponed[of])
    of = np.flatnonzero((failed & (decided_high > 0))[row])
    yield told(of, pd.Index(KINDS).get_indexer(pd.Index(status))[row[of]], *decided)


def _told(
    row: Index, actor: Index, kind: int | Index, low: Days, high: Days, certain: Flags, **more: Any
) -> pd.DataFrame:
    """Events of rows, one for each actor: ``kind`` by its place in :data:`KINDS`, days as ordinals,
    ``effects`` as bits."""
    cells = {"row": row, "actor": actor, "kind": kind, "on_low": low, "on_high": high}
    usual = {"causes": "", "own_terms": False, "start_presumed": False, "effects": 0}
    return pd.DataFrame(cells | {"certain": certain} | usual | more)
