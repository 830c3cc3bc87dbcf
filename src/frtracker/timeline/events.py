"""What happened and what is coming: the days on which something was decided, began or ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from frtracker.timeline.days import OPEN, Days, Index, horizon, recorded_days, to_days, to_ordinals
from frtracker.timeline.rules import ACTOR_CODES, RANK
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES

if TYPE_CHECKING:
    from frtracker.timeline.build import Timeline

KINDS: Final = (
    "introduced",
    "decided",
    "began",
    "ended",
    *OUTCOME_STATUSES,
)
"""In the order in which events of one day are told."""

EFFECTS: Final = ("tightened", "loosened", "extended", "lifted", "postponed")


class _Event(NamedTuple):
    """One event of one row for the actors that share it; days are ordinals. ``causes``: rows."""

    row: int
    kind: str
    low: int
    high: int
    certain: bool
    causes: tuple[int, ...] = ()
    own_terms: bool = False
    start_presumed: bool = False


@dataclass(frozen=True)
class _Told:
    """The events with the actors (bits) that share each; those of them that extend a rule."""

    actors: dict[_Event, int] = field(default_factory=lambda: defaultdict(int))
    extensions: set[_Event] = field(default_factory=set)


def events(timeline: Timeline) -> pd.DataFrame:
    """Return the table ``events``, in order: one row for each row of the record, kind and cause.

    ``policy_id``, ``subject_key``, ``kind`` (one of :data:`KINDS`), ``applies_to`` (``;``),
    ``causes`` (the rules, ``;``, that ended it, or may have; of one that is put off, the rule that
    had the earlier start), ``effects`` (some of :data:`EFFECTS`, ``;``, for the actors as a whole),
    str; ``certain`` (false where in some world it does not happen, or an act of low confidence may
    be its cause), ``own_terms`` (it ended, or may have, by its own terms), ``start_presumed`` (a
    beginning that is presumed from the decision), bool; ``on_low``, ``on_high``: between which days
    it lies, datetime64[s], ``on_low`` NaT where only the last possible day is known.

    Only a rule that is in force for an actor, certainly or perhaps, begins or ends for it. A rule
    that begins on the day on which it is decided has one event, ``began``; a rule that hands its
    measure and scope over has none for its end, for it is the beginning of the next (``extended``);
    a rule put off before it began has one, the decision of the rule with the new start.
    """
    told = _Told()
    put_off = _put_off(timeline)
    _beginnings_and_ends(timeline, told, {repeal for repeal, _, _ in put_off})
    _decisions(timeline, told, put_off)

    policies, found, count = timeline.policies, list(told.actors), len(told.actors)
    texts = policies[["policy_id", "subject_key"]].take([event.row for event in found])
    ids = policies["policy_id"].array
    low = np.array([event.low for event in found], dtype=np.int64)
    kinds = [event.kind for event in found]
    causes = [";".join(ids[row] for row in event.causes) for event in found]
    flags = {
        name: np.array([getattr(event, name) for event in found], dtype=bool)
        for name in ("certain", "own_terms", "start_presumed")
    }
    table = pd.DataFrame(
        {
            "policy_id": texts["policy_id"].array,
            "subject_key": texts["subject_key"].array,
            "kind": pd.array(kinds, dtype="str"),
            "applies_to": _listed(ACTOR_CODES, np.fromiter(told.actors.values(), np.int64, count)),
            "causes": pd.array(causes, dtype="str"),
            "effects": _listed(EFFECTS, _effects(timeline, told)),
            **flags,
            "on_low": to_days(np.where(low == date.min.toordinal(), 0, low)),
            "on_high": to_days(np.array([event.high for event in found], dtype=np.int64)),
            "order": np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64),
        }
    )
    order = ["on_high", "subject_key", "order", "policy_id", "causes", "applies_to"]
    return table.sort_values(order, ignore_index=True).drop(columns="order")


PutOff = list[tuple[int, int, int]]
"""Of rules for one actor (places in ``rules``): the repeal, what it puts off, the new rule."""


def _put_off(timeline: Timeline) -> PutOff:
    """A repeal of a rule that never begins, and a rule of the same measure and scope for the same
    actor, decided on the same day, that begins later and supersedes nothing."""
    rules, lives = timeline.rules, timeline.lives
    repeals = (rules.rank[rules.successor] == 0) & (
        lives.column("began_high")[rules.predecessor] == 0
    )
    if not repeals.any():
        return []
    low, high = recorded_days(timeline.policies, "decided_on")
    heirless = np.ones(len(rules), dtype=bool)
    heirless[rules.successor] = False
    coming: dict[tuple[int, ...], list[int]] = defaultdict(list)
    decided = zip(low[rules.policy].tolist(), high[rules.policy].tolist(), strict=True)
    days = list(decided)
    for rule in np.flatnonzero(heirless & (rules.rank > 0)).tolist():
        coming[int(rules.pair[rule]), int(rules.rank[rule]), *days[rule]].append(rule)
    edges = zip(rules.successor[repeals].tolist(), rules.predecessor[repeals].tolist(), strict=True)
    return [
        (repeal, old, new)
        for repeal, old in edges
        if days[repeal][1] > 0
        for new in coming[int(rules.pair[old]), int(rules.rank[old]), *days[repeal]]
        if rules.start_low[new] > rules.start_high[old]
    ]


def _beginnings_and_ends(timeline: Timeline, told: _Told, putting_off: set[int]) -> None:
    rules, lives = timeline.rules, timeline.lives
    began_low, began_high, began_sure, ended_low, ended_high, ended_sure, own, *_ = (
        column.tolist() for column in lives.table.T
    )
    causes: dict[int, list[int]] = defaultdict(list)
    order = np.lexsort((rules.policy[lives.cause], rules.start_low[lives.cause]))
    for ended, cause in zip(lives.ended[order].tolist(), lives.cause[order].tolist(), strict=True):
        causes[ended].append(cause)
    policy, actor = rules.policy.tolist(), rules.actor.tolist()
    rank, presumed = rules.rank.tolist(), rules.start_presumed.tolist()
    doubted = rules.low_confidence.tolist()

    def goes_on(rule: int) -> bool:
        """Whether it hands its measure and scope over, whatever ends it."""
        return bool(causes[rule]) and not own[rule] and rank[rule] > 0 and all(
            rank[heir] == rank[rule]
            and began_low[heir] <= ended_low[rule] <= ended_high[rule] <= began_high[heir]
            for heir in causes[rule]
        )  # fmt: skip

    extending: set[int] = set()
    for rule in range(len(rules)):
        if ended_high[rule] and goes_on(rule):
            extending.update(causes[rule])
        elif ended_high[rule]:
            by = tuple(dict.fromkeys(policy[cause] for cause in causes[rule]))
            sure = bool(ended_sure[rule]) and not any(doubted[cause] for cause in causes[rule])
            days = ended_low[rule], ended_high[rule], sure
            event = _Event(policy[rule], "ended", *days, by, bool(own[rule]))
            told.actors[event] |= 1 << actor[rule]
    for rule in range(len(rules)):
        if began_high[rule] and rule not in putting_off:
            days = began_low[rule], began_high[rule], bool(began_sure[rule])
            event = _Event(policy[rule], "began", *days, start_presumed=presumed[rule])
            told.actors[event] |= 1 << actor[rule]
            if rule in extending:
                told.extensions.add(event)


def _decisions(timeline: Timeline, told: _Told, put_off: PutOff) -> None:
    """Introductions, decisions apart from beginnings, and how proposals ended."""
    policies, rules = timeline.policies, timeline.rules
    days, known_at = rules.of_rows, horizon(timeline.known_at)
    low_confidence = (policies["confidence"] == "low").tolist()
    named = [
        {ACTOR_CODES.index(code) for code in text.split(";")}
        for text in policies["applies_to"].tolist()
    ]
    introduced_low, introduced_high = recorded_days(policies, "introduced_on")
    for column in ("decided_on", "reviewed_on"):  # by then it had been introduced
        _, latest = recorded_days(policies, column)
        inside = (latest > 0) & (latest >= introduced_low)
        introduced_high = np.where(inside, np.minimum(introduced_high, latest), introduced_high)
    status = policies["status"].to_numpy()
    decided_low, decided_high = recorded_days(policies, "decided_on")
    apart = (days.start_low != decided_low) | (days.start_high != decided_high)
    decided = (decided_high > 0) & np.isin(status, list(BINDING_STATUSES)) & apart
    failed = (decided_high > 0) & np.isin(status, OUTCOME_STATUSES)

    earlier: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    told_elsewhere = set()
    for repeal, old, new in put_off:
        actor = int(rules.actor[new])
        earlier[int(rules.policy[new])][actor].add(int(rules.policy[old]))
        told_elsewhere.add((int(rules.policy[repeal]), actor))
    for rows, kind, low, high in (
        (introduced_high > 0, "introduced", introduced_low, introduced_high),
        (decided, "decided", decided_low, decided_high),
        (failed, "", decided_low, decided_high),
    ):
        for row in np.flatnonzero(rows).tolist():
            first, last = int(low[row]), int(high[row])
            certain = not low_confidence[row] and last <= known_at
            event = _Event(row, kind or str(status[row]), first, last, certain)
            for actor in named[row]:
                if kind == "decided" and (row, actor) in told_elsewhere:
                    continue
                causes = earlier[row][actor] if kind == "decided" and row in earlier else set()
                told.actors[event._replace(causes=tuple(sorted(causes)))] |= 1 << actor


def _effects(timeline: Timeline, told: _Told) -> Index:
    """How the position of the actors moves over each event, where it is certain before and after:
    bits, by place in :data:`EFFECTS`."""
    pairs, positions, policies = timeline.rules.pairs, timeline.positions, timeline.policies
    numbers = np.full((len(pairs.subjects), len(ACTOR_CODES)), -1, dtype=np.int64)
    numbers[pairs.subject, pairs.actor] = np.arange(len(pairs))
    subjects = pd.Index(pairs.subjects)
    actor = pd.Index(ACTOR_CODES).get_indexer(pd.Index(positions["actor"]))
    pair = numbers[subjects.get_indexer(pd.Index(positions["subject_key"])), actor]
    key = pair * (OPEN + 1) + to_ordinals(positions["valid_from"])
    level = np.full(len(positions), -1, dtype=np.int64)
    (measure, measures), (scope, scopes) = (
        pd.factorize(positions[name]) for name in ("measure", "scope")
    )
    ranks = np.zeros((len(measures), len(scopes)), dtype=np.int64)
    for place, name in enumerate(measures.tolist()):
        ranks[place] = [RANK.get((name, word), 0) for word in scopes.tolist()]
    sure = positions["certain"].to_numpy()
    level[sure] = ranks[measure[sure], scope[sure]]

    def level_on(pair_of: Index, day: Days) -> Days:
        place = np.searchsorted(key, pair_of * (OPEN + 1) + day, "right") - 1
        return np.where((place >= 0) & (pair[place] == pair_of), level[place], 0)

    found, bit = list(told.actors), {effect: 1 << k for k, effect in enumerate(EFFECTS)}
    effects = np.zeros(len(found), dtype=np.int64)
    moving = np.zeros(len(found), dtype=bool)
    for place, event in enumerate(found):
        if event.kind == "decided" and event.causes:
            effects[place] = bit["postponed"]
        elif event in told.extensions:
            effects[place] = bit["extended"]
        moving[place] = event.kind in ("began", "ended") and event.low > 1 and not event.causes
    masks = np.fromiter(told.actors.values(), np.int64, len(found))
    chosen = np.flatnonzero(moving)
    of, who = np.nonzero(masks[chosen, None] >> np.arange(len(ACTOR_CODES)) & 1)
    of = chosen[of]
    moves = [found[place] for place in of.tolist()]
    row, low, high = (
        np.array([getattr(event, name) for event in moves], dtype=np.int64)
        for name in ("row", "low", "high")
    )
    begins = np.array([event.kind == "began" for event in moves], dtype=bool)
    pair_of = numbers[subjects.get_indexer(pd.Index(policies["subject_key"]))[row], who]
    before, after = level_on(pair_of, low - 1), level_on(pair_of, high)
    follows = ((policies["supersedes"] != "") & (policies["measure"] != "none")).to_numpy()[row]
    certain = (before >= 0) & (after >= 0)
    for effect, where in (
        ("tightened", after > before),
        ("lifted", (after < before) & begins & (after == 0)),
        ("loosened", (after < before) & ~(begins & (after == 0))),
        ("extended", (after == before) & (after > 0) & begins & follows),
    ):
        np.bitwise_or.at(effects, of[certain & where], bit[effect])
    return effects


def _listed(words: Sequence[str], masks: Index) -> ExtensionArray:
    """The words (``;``) whose bits are set in each mask (str)."""
    texts = [
        ";".join(word for bit, word in enumerate(words) if mask >> bit & 1)
        for mask in range(1 << len(words))
    ]
    return pd.array(texts, dtype="str").take(masks)
