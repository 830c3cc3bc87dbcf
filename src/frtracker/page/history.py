"""What the page shows on each day, in finished words: every subject, act and event of the record.

Days are numbers, counted from 1970-01-01. Every table is in columns. A row of ``headlines``,
``panels`` and ``states`` is for the days from its ``start`` until the next row of the same subject
(and choice of actor) or act. Subjects, acts and texts are named by their place in the page's lists.

- ``headlines``: by subject and choice of actor (a number; the last is "anyone"), the ``look``: a
  row of ``looks``, -1 where no act names the actors by then
- ``looks``: ``rank`` among ``vocabulary.ranked``, ``flags`` (1 certain, 2 scheduled, 4 live),
  ``actors`` (the sum of 1 for police, 2 for government …), ``since_on`` and ``until_on`` as
  recorded, and what is said of them
- ``panels``: by subject, the lines on its positions (a number in ``blocks``)
- ``states``: by act, from the first day on which it is listed
- ``events``: in order of ``day``, the last on which one can lie
- ``changes``: by subject and choice of actor, each day on which a position changes, and how
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar

import pandas as pd

from frtracker import wording
from frtracker.answers.changes import changes as changes_between
from frtracker.answers.documents import Row, grouped, records
from frtracker.answers.status import headline, next_change, position, rule, rule_ends
from frtracker.record.load import Tables
from frtracker.timeline import Timeline, changes
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import ACTORS, ANYONE, HELD_STATES, LIVE_STATES, STATES

Json = dict[str, Any]
Value = TypeVar("Value", bound=Hashable)
Look = tuple[int, int, int, str, str, str, str, str, str, str | None, str | None]
Line = tuple[str, Look | None, str, tuple[str, ...]]
"""Actors; how each of them is shown, None without an act; facts; what else is in force."""

State = tuple[date, Any]
"""The first day of a state of an act, and its row of a ``status`` document from then."""

CHOICES: Final = {**{actor: (actor,) for actor in ACTORS}, ANYONE: tuple(ACTORS)}
"""Whom the rules shown may be for."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
_LEVEL: Final = ("measure", "scope", "certain")
_BITS: Final = {actor: 1 << number for number, actor in enumerate(ACTORS)}
_STATES: Final = {code: number for number, code in enumerate(STATES)}


class Interned(Generic[Value]):
    """A list without doubles, whose values the data name by number."""

    def __init__(self, *first: Value) -> None:
        self._places = {value: place for place, value in enumerate(dict.fromkeys(first))}

    @property
    def values(self) -> list[Value]:
        return list(self._places)

    def number(self, value: Value) -> int:
        """The place of a value in the list, added where it is new."""
        return self._places.setdefault(value, len(self._places))


@dataclass(frozen=True)
class Index:
    """Where subjects and acts stand in the page's lists, and which acts pass down to other places;
    ``texts`` grows as it is asked."""

    subjects: Mapping[str, int]
    policies: Mapping[str, int]
    inherited: frozenset[str]
    texts: Interned[str] = field(default_factory=lambda: Interned(""))


def history(tables: Tables, timeline: Timeline, acts: Mapping[str, Row], index: Index) -> Json:
    """All tables. ``acts``: the rows of the record by id, in the page's order."""
    text = index.texts.number
    looks: Interned[Look] = Interned()
    blocks: Interned[tuple[tuple[int, ...], ...]] = Interned()
    headlines: list[tuple[Any, ...]] = []
    panels: list[tuple[Any, ...]] = []
    coming: list[tuple[Any, ...]] = []
    states = _states(timeline, acts)
    states_of: dict[str, list[State]] = {}
    for policy_id, act in acts.items():
        states_of.setdefault(act["subject_key"], []).extend(states[policy_id])
    all_rows = (timeline.positions, timeline.periods, changes(timeline))
    rows_of = [grouped(table) for table in all_rows]
    for key, number in index.subjects.items():
        before: dict[str, Any] = {}
        rows = (of_subject.get(key, []) for of_subject in rows_of)
        for day, now, following, lines in _days(states_of[key], *rows):
            for choice, name in enumerate(CHOICES):
                look, change = now[name], following[name]
                if look != before.get(name):
                    place = looks.number(look) if look else -1
                    headlines.append((number, choice, day_number(day), place))
                if change and change["on"] != before.get(f"after {name}"):
                    on = day_number(date.fromisoformat(change["on"]))
                    becomes = wording.next_change({**change, "on": "{day}"}, iso=True)
                    coming.append((number, choice, on, text(becomes)))
                before |= {name: look, f"after {name}": change and change["on"]}
            if lines != before.get("lines"):
                block = tuple(
                    (text(who), looks.number(look) if look else -1, text(facts), *map(text, others))
                    for who, look, facts, others in lines
                )
                panels.append((number, day_number(day), blocks.number(block)))
            before["lines"] = lines
    return {
        "headlines": _columns("subject choice start look", headlines),
        "looks": _columns(
            "rank flags actors text position who facts since until since_on until_on",
            [(*look[:3], *(text(each or "") for each in look[3:])) for look in looks.values],
        ),
        "panels": _columns("subject start block", panels),
        "blocks": blocks.values,
        "states": _columns(
            "policy start state text passing",
            [
                (
                    index.policies[policy_id],
                    day_number(start),
                    _STATES[each["state"]],
                    text(wording.state(each, doubt=True)),
                    text(
                        wording.rule_in_force(each).removeprefix("in force: ")
                        if policy_id in index.inherited and each["state"] in HELD_STATES
                        else ""
                    ),
                )
                for policy_id, rows in states.items()
                for start, each in rows
                if each["state"] != "not_yet"
            ],
        ),
        "events": _columns("day when policy text actors", _events(tables, timeline, index)),
        "changes": _columns("subject choice on text", coming),
    }


def _days(
    states: Sequence[State],
    positions: Sequence[Row],
    periods: Sequence[Row],
    changing: Sequence[Row],
) -> Iterator[tuple[date, dict[str, Look | None], dict[str, Any], list[Line]]]:
    """One subject on each day on which something about it may change: for each choice of actor
    its look and the next change, and the lines of its panel."""
    rows = (*positions, *periods)
    days = {row["valid_from"] for row in rows} | {start for start, _ in states}
    for day in sorted(days | {row["valid_to"] for row in rows if row["valid_to"]}):
        by_id = {each["policy_id"]: each for start, each in states if start <= day}
        rules = [each for each in by_id.values() if each["state"] != "not_yet"]
        running = list(_on(day, periods))
        entries = {row["actor"]: position(row, by_id, running) for row in _on(day, positions)}
        first: dict[str, Row] = {}
        for row in changing:
            if row["valid_from"] > day:
                then = entries.get(row["actor"])
                level = then and {name: then[name] for name in _LEVEL}
                first.setdefault(row["actor"], {**row, "before": level})
        looks = {
            name: look_of({a: entries[a] for a in actors if a in entries}, rules)
            for name, actors in CHOICES.items()
        }
        following = {
            name: next_change([row for actor, row in first.items() if actor in actors])
            for name, actors in CHOICES.items()
        }
        yield day, looks, following, lines_of(entries, looks, rules)


def look_of(positions: Row, rules: Sequence[Row]) -> Look | None:
    """How a subject is shown by its positions, as they stand in a ``status`` document, for the
    chosen actors; None without one. ``rules``: its rows with their states on the day."""
    if not positions:
        return None
    head = headline(positions)
    top = [a for a, each in positions.items() if all(each[n] == head[n] for n in _LEVEL)]
    shared = [positions[actor] for actor in top]
    bound = [
        each["state"]
        for each in rules
        if each["measure"] != "none" and not positions.keys().isdisjoint(each["applies_to"])
    ]
    scheduled, live = "scheduled" in bound, not LIVE_STATES.isdisjoint(bound)
    entry = {
        **shared[0],
        **head,
        "lifted": all(each["lifted"] for each in shared),
        "start_presumed": any(each["start_presumed"] for each in shared),
        "policy_ids": [policy_id for each in shared for policy_id in each["policy_ids"]],
    }
    who = "for {who}" if head["applies_to"] else ""
    since, until = wording.since(entry), wording.through(head["until"])
    elsewhere = (
        [] if head["applies_to"] else [t for each in shared for t in wording.others(each, rules)]
    )
    facts = (
        "; ".join(dict.fromkeys(elsewhere)),
        who,
        "{since}" if since else "",
        "{until}" if until else "",
        *dict.fromkeys(wording.only_in(each["territory"]) for each in shared),
    )
    return (
        RANK[head["measure"], head["scope"] or ""],
        head["certain"] + 2 * scheduled + 4 * live,
        sum(_BITS[actor] for actor in top),
        ("{position} " + who).strip() + ("; more is scheduled" if scheduled else ""),
        wording.position(entry, rules),
        wording.actors(head["applies_to"]),
        wording.joined(facts, " · "),
        since,
        until,
        head["since"],
        head["until"],
    )


def lines_of(positions: Row, looks: Mapping[str, Look | None], rules: Sequence[Row]) -> list[Line]:
    """One line for each position of a subject; actors for whom all is the same share it.
    ``looks``: how the subject is shown for each actor."""
    lines: dict[str, tuple[Any, ...]] = {}
    for actor in ACTORS:
        entry = positions.get(actor)
        lines[actor] = (wording.NO_ACT, ())
        if entry is not None:
            shown = wording.position(entry, rules), wording.since(entry), entry["certain"]
            since = "{since}" if entry["since"] else ""
            where = wording.only_in(entry["territory"])
            facts = wording.joined([since, wording.until(entry, rules), where], " · ")
            lines[actor] = (facts, tuple(wording.others(entry, rules)), *shown)
    return [
        (wording.actors(actors), looks.get(actors[0]), facts, others)
        for (facts, others, *_), actors in wording.alike(lines)
    ]


def _states(timeline: Timeline, acts: Mapping[str, Row]) -> dict[str, list[State]]:
    """For each act its first day in each state, and the row of a ``status`` document then."""
    ended = rule_ends(timeline)
    states: dict[str, list[State]] = {policy_id: [] for policy_id in acts}
    for row in records(timeline.states):
        document = rule({**acts[row["policy_id"]], **row}, ended)
        states[row["policy_id"]].append((row["valid_from"], document))
    return states


def _on(day: date, rows: Iterable[Row]) -> Iterator[Row]:
    return (
        row
        for row in rows
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
    )


def _events(tables: Tables, timeline: Timeline, index: Index) -> list[tuple[Any, ...]]:
    return [
        (
            day_number(date.fromisoformat(row["on_high"])),
            index.texts.number("{day}" if row["on_low"] == row["on_high"] else "by {day}"),
            index.policies[row["policy_id"]],
            index.texts.number(
                wording.event(row, dated=False).removeprefix(f"{wording.label(row)}: ")
            ),
            sum(_BITS[actor] for actor in row["applies_to"]),
        )
        for row in changes_between(tables, timeline, date.min, date.max)["events"]
    ]


def day_number(day: Any) -> int | None:
    """Days since 1970-01-01, of a date, a timestamp or an ordinal; None where there is none."""
    if isinstance(day, int):
        return day - _EPOCH
    return None if day is None or pd.isna(day) else int(day.toordinal()) - _EPOCH


def _columns(names: str, rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as columns, so that the data say each of ``names`` (parted by spaces) once."""
    cells = zip(*rows, strict=True) if rows else ([] for _ in names.split())
    return {name: list(column) for name, column in zip(names.split(), cells, strict=True)}
