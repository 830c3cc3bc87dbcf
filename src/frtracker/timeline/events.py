"""What happened and what is coming: the days on which something was decided, began or ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from frtracker.timeline.days import (
    WIDE,
    Days,
    Index,
    horizon,
    joined,
    listed,
    recorded_days,
    to_days,
)
from frtracker.timeline.rules import ACTOR_CODES, row_actors
from frtracker.timeline.worlds import MAX_BIT
from frtracker.vocabulary import BINDING_STATUSES, OUTCOME_STATUSES

if TYPE_CHECKING:
    from frtracker.timeline.build import Timeline

KINDS: Final = ("introduced", "decided", "began", "ended", *OUTCOME_STATUSES)
"""In the order in which events of one day are told."""

EFFECTS: Final = ("tightened", "loosened", "extended", "lifted", "postponed")
_BIT: Final = {effect: 1 << place for place, effect in enumerate(EFFECTS)}


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
    policies, put_off = timeline.policies, _put_off(timeline)
    told = pd.concat(
        [*_beginnings_and_ends(timeline, put_off), *_decisions(timeline, put_off)],
        ignore_index=True,
    )
    shared = [name for name in told if name not in ("actor", "effects")]
    of = told.groupby(shared, sort=False).ngroup().to_numpy()
    table = told[~told.duplicated(shared)]
    actors, effects = np.zeros((2, len(table)), dtype=np.int64)
    np.bitwise_or.at(actors, of, 1 << told["actor"].to_numpy())
    np.bitwise_or.at(effects, of, told["effects"].to_numpy())
    texts = policies[["policy_id", "subject_key"]].take(table["row"].to_numpy())
    low = table["on_low"].to_numpy()
    table = table.assign(
        policy_id=texts["policy_id"].array,
        subject_key=texts["subject_key"].array,
        applies_to=listed(ACTOR_CODES, actors),
        effects=listed(EFFECTS, effects),
        on_low=to_days(np.where(low == date.min.toordinal(), 0, low)),
        on_high=to_days(table["on_high"].to_numpy()),
        order=table["kind"].map({kind: place for place, kind in enumerate(KINDS)}),
    )
    order = ["on_high", "subject_key", "order", "policy_id", "causes", "applies_to"]
    columns = ["policy_id", "subject_key", "kind", "applies_to", "causes", "effects", "certain"]
    columns += ["own_terms", "start_presumed", "on_low", "on_high"]
    return table.sort_values(order, ignore_index=True)[columns]


def _put_off(timeline: Timeline) -> pd.DataFrame:
    """``repeal``, ``old``, ``new`` (rules for one actor): a repeal of a rule that never begins, and
    a rule of the same measure and scope, decided on the same day, that begins later and supersedes
    nothing."""
    rules = timeline.rules
    decided = np.stack(recorded_days(timeline.policies, "decided_on"))[:, rules.policy]
    never = timeline.lives["began_high"].to_numpy() == 0
    lifts = (rules.rank[rules.successor] == 0) & never[rules.predecessor]
    repeal, old = rules.successor[lifts], rules.predecessor[lifts]
    heirless = rules.rank > 0
    heirless[rules.successor] = False
    new = np.flatnonzero(heirless)

    def alike(made: Index, said: Index, **names: Index) -> pd.DataFrame:
        low, high = decided[:, said]
        named = {"pair": rules.pair[made], "rank": rules.rank[made], "low": low, "high": high}
        return pd.DataFrame(names | named)

    both = alike(old, repeal, repeal=repeal, old=old).merge(alike(new, new, new=new))
    later = rules.start_low[both["new"]] > rules.start_high[both["old"]]
    return both[later & (both["high"] > 0)].sort_values("old")


def _beginnings_and_ends(timeline: Timeline, put_off: pd.DataFrame) -> Iterator[pd.DataFrame]:
    rules, policies = timeline.rules, timeline.policies
    began_low, began_high, began_certain, ended_low, ended_high, ended_certain, own, _, by = (
        timeline.lives.to_numpy().T
    )
    place = pd.Series(rules.predecessor).groupby(rules.predecessor).cumcount()
    may_end = (by[rules.predecessor] >> np.minimum(place, MAX_BIT) & 1).astype(bool)
    ended, cause = rules.predecessor[may_end], rules.successor[may_end]
    order = np.lexsort((rules.policy[cause], rules.start_low[cause]))
    ended, cause = ended[order], cause[order]
    causes = joined(policies["policy_id"], rules.policy[cause], ended, len(rules))

    # A rule goes on in those that end it if each has its measure and scope from then on.
    level, keys = timeline.levels.to_numpy(), timeline.levels.index.to_numpy()
    alike = (rules.rank[cause] == rules.rank[ended]) & (began_low[cause] <= ended_low[ended])
    alike &= ended_high[ended] <= began_high[cause]
    goes_on = (ended_high > 0) & (by != 0) & (own == 0) & (rules.rank > 0)
    goes_on[ended[~alike]] = False
    extends, doubted, puts_off = np.zeros((3, len(rules)), dtype=bool)
    extends[cause[goes_on[ended]]] = True
    doubted[ended[rules.low_confidence[cause]]] = True
    puts_off[put_off["repeal"]] = True
    follows = ((policies["supersedes"] != "") & (policies["measure"] != "none")).to_numpy()

    def level_on(pair: Index, day: Days) -> Days:
        place = np.searchsorted(keys, pair * WIDE + day, "right") - 1
        return np.where((place >= 0) & (keys[place] // WIDE == pair), level[place], 0)

    def moved(rule: Index, low: Days, high: Days, *, begins: bool) -> Index:
        """How the position moves, where it is certain before and after: bits of effects."""
        before, after = (level_on(rules.pair[rule], day) for day in (low - 1, high))
        lifted = (after < before) & (after == 0) & begins
        extended = (after == before) & (after > 0) & begins & follows[rules.policy[rule]]
        bits = (
            (after > before) * _BIT["tightened"]
            + lifted * _BIT["lifted"]
            + ((after < before) & ~lifted) * _BIT["loosened"]
            + extended * _BIT["extended"]
        )
        return np.where((before >= 0) & (after >= 0) & (low > 1), bits, 0)

    rule = np.flatnonzero((ended_high > 0) & ~goes_on)
    low, high = ended_low[rule], ended_high[rule]
    yield pd.DataFrame(
        {
            "row": rules.policy[rule],
            "actor": rules.actor[rule],
            "kind": "ended",
            "on_low": low,
            "on_high": high,
            "certain": (ended_certain[rule] > 0) & ~doubted[rule],
            "causes": causes[rule],
            "own_terms": own[rule] > 0,
            "start_presumed": False,
            "effects": np.where(by[rule] == 0, moved(rule, low, high, begins=False), 0),
        }
    )
    rule = np.flatnonzero((began_high > 0) & ~puts_off)
    low, high = began_low[rule], began_high[rule]
    yield pd.DataFrame(
        {
            "row": rules.policy[rule],
            "actor": rules.actor[rule],
            "kind": "began",
            "on_low": low,
            "on_high": high,
            "certain": began_certain[rule] > 0,
            "causes": "",
            "own_terms": False,
            "start_presumed": rules.start_presumed[rule],
            "effects": moved(rule, low, high, begins=True) | extends[rule] * _BIT["extended"],
        }
    )


def _decisions(timeline: Timeline, put_off: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Introductions, decisions apart from beginnings, and how proposals ended."""
    policies, rules = timeline.policies, timeline.rules
    days, known_at = rules.of_rows, horizon(timeline.known_at)
    introduced_low, introduced_high = recorded_days(policies, "introduced_on")
    for column in ("decided_on", "reviewed_on"):  # by then it had been introduced
        _, latest = recorded_days(policies, column)
        inside = (latest > 0) & (latest >= introduced_low)
        introduced_high = np.where(inside, np.minimum(introduced_high, latest), introduced_high)
    status = policies["status"]
    decided = decided_low, decided_high = recorded_days(policies, "decided_on")
    apart = (days.start_low != decided_low) | (days.start_high != decided_high)

    binding, failed = (status.isin(s).to_numpy() for s in (BINDING_STATUSES, OUTCOME_STATUSES))
    sure = (policies["confidence"] != "low").to_numpy()

    row, actor = row_actors(policies)
    number = row * len(ACTOR_CODES) + actor
    repeal, old, new = (put_off[name].to_numpy() for name in ("repeal", "old", "new"))
    told_of_new = np.isin(number, rules.policy[repeal] * len(ACTOR_CODES) + rules.actor[new])
    place = np.searchsorted(number, rules.policy[new] * len(ACTOR_CODES) + rules.actor[new])
    earlier = joined(policies["policy_id"], rules.policy[old], place, len(row))
    postponed = np.isin(number, number[place]) * _BIT["postponed"]
    for kind, chosen, low, high in (
        ("introduced", (introduced_high > 0)[row], introduced_low, introduced_high),
        ("decided", (binding & apart & (decided_high > 0))[row] & ~told_of_new, *decided),
        ("", (failed & (decided_high > 0))[row], *decided),
    ):
        of = row[chosen]
        yield pd.DataFrame(
            {
                "row": of,
                "actor": actor[chosen],
                "kind": kind or status.array.take(of),
                "on_low": low[of],
                "on_high": high[of],
                "certain": sure[of] & (high[of] <= known_at),
                "causes": earlier[chosen] if kind == "decided" else "",
                "own_terms": False,
                "start_presumed": False,
                "effects": postponed[chosen] if kind == "decided" else 0,
            }
        )
