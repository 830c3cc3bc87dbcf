"""The record's days in columns: positions, periods, states of acts and events, exact as they are.

Days are numbers, counted from 1970-01-01; ``end`` is null where open. Subjects, acts and texts are
named by their place in the lists of the page's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from frtracker.dates import format_days
from frtracker.page.shared import Shared, columns, day_number, records
from frtracker.timeline import Timeline
from frtracker.timeline.events import KINDS
from frtracker.timeline.rules import ACTOR_CODES, RANKED
from frtracker.vocabulary import STATES

Json = dict[str, Any]

_RANK: Final = {position: rank for rank, position in enumerate(RANKED)}
_ACTOR: Final = {code: number for number, code in enumerate(ACTOR_CODES)}
_STATE: Final = {code: number for number, code in enumerate(STATES)}
_KIND: Final = {code: number for number, code in enumerate(KINDS)}


@dataclass(frozen=True)
class Places:
    """Where subjects and acts stand in the page's lists; ``texts`` grows as it is asked."""

    subjects: Mapping[str, int]
    policies: Mapping[str, int]
    texts: Shared[str]

    def acts(self, ids: str) -> list[int]:
        return [self.policies[each] for each in ids.split(";") if each]


def history(timeline: Timeline, places: Places) -> Json:
    """``positions``, ``periods``, ``states`` and ``events``, each in columns."""
    return {
        "positions": _positions(timeline, places),
        "periods": _periods(timeline, places),
        "states": _states(timeline, places),
        "events": _events(timeline, places),
    }


def _range(row: Mapping[Any, Any], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return "" if low is None or high is None else format_days(low, high)


def _positions(timeline: Timeline, places: Places) -> Json:
    rows = [
        {
            "subject": places.subjects[row["subject_key"]],
            "actor": _ACTOR[row["actor"]],
            "rank": _RANK[row["measure"], row["scope"]],
            "floor": _RANK[row["at_least_measure"] or "none", row["at_least_scope"]],
            "flags": row["certain"] + 2 * row["lifted"] + 4 * row["start_presumed"],
            "start": day_number(row["start"]),
            "end": day_number(row["end"]),
            "since": places.texts.number(_range(row, "since")),
            "until": places.texts.number(_range(row, "until")),
            "territory": places.texts.number(row["territory"]),
            "policies": places.acts(row["policy_ids"]),
        }
        for row in records(timeline.positions)
    ]
    return columns(rows, _POSITION)


_POSITION: Final = (
    "subject",
    "actor",
    "rank",
    "floor",
    "flags",
    "start",
    "end",
    "since",
    "until",
    "territory",
    "policies",
)


def _periods(timeline: Timeline, places: Places) -> Json:
    rows = [
        {
            "policy": places.policies[row["policy_id"]],
            "actor": _ACTOR[row["actor"]],
            "certain": int(row["certain"]),
            "start": day_number(row["start"]),
            "end": day_number(row["end"]),
        }
        for row in records(timeline.periods)
    ]
    return columns(rows, ("policy", "actor", "certain", "start", "end"))


def _states(timeline: Timeline, places: Places) -> Json:
    """Stretches of one state; the first of an act begins before all days."""
    rows = [
        {
            "policy": places.policies[row["policy_id"]],
            "start": day_number(row["valid_from"]),
            "state": _STATE[row["state"]],
            "flags": row["certain"] + 2 * row["start_presumed"] + 4 * row["continuation_presumed"],
            "ended": places.texts.number(row["superseded_for"]),
        }
        for row in records(timeline.states)
    ]
    return columns(rows, ("policy", "start", "state", "flags", "ended"))


def _events(timeline: Timeline, places: Places) -> Json:
    """In order of ``day``, the last on which the event can lie; ``by``: it may lie before."""
    rows = [
        {
            "day": day_number(row["high"]),
            "by": int(row["low"] != row["high"]),
            "policy": places.policies[row["policy_id"]],
            "kind": _KIND[row["kind"]],
            "actors": places.texts.number(row["actors"]),
            "cause": places.policies.get(row["cause"].partition(";")[0], -1),
        }
        for row in records(timeline.events)
    ]
    return columns(rows, ("day", "by", "policy", "kind", "actors", "cause"))
