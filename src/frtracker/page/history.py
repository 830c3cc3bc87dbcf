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

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

import pandas as pd

from frtracker import wording
from frtracker.answers.changes import changes as changes_between
from frtracker.answers.documents import Row, grouped, is_live
from frtracker.answers.status import followed_by, headline, next_change, position, rule, rule_ends
from frtracker.record.load import Tables
from frtracker.timeline import Timeline, changes
from frtracker.timeline.days import EPOCH
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import ACTORS, ANYONE, HELD_STATES, STATES

Json = dict[str, Any]
Rows = Sequence[Row]
Value = TypeVar("Value", bound=Hashable)
Look = tuple[int, int, int, str, str, str, str, str, str, str | None, str | None]
Line = tuple[str, Look | None, str, tuple[str, ...]]
"""Actors; how each of them is shown, None without an act; facts; what else is in force."""

State = tuple[date, Any]
"""The first day of a state of an act, and its row of a ``status`` document from then."""

CHOICES: Final = {**{actor: (actor,) for actor in ACTORS}, ANYONE: tuple(ACTORS)}
"""Whom the rules shown may be for."""
_LEVEL: Final = ("measure", "scope", "certain")
_BITS: Final = {actor: 1 << number for number, actor in enumerate(ACTORS)}
_STATES: Final = {code: number for number, code in enumerate(STATES)}


class Interned(dict[Value, int]):
    """Values with their places in a list without doubles; a new one is added when it is asked."""

    def __missing__(self, value: Value) -> int:
        return self.setdefault(value, len(self))


def history(
    tables: Tables,
    timeline: Timeline,
    acts: Mapping[str, Row],
    subjects: Mapping[str, int],
    inherited: Collection[str],
    texts: Interned[str],
) -> Json:
    """All tables. ``acts``: the rows of the record by id, in the page's order; ``subjects``: the
    places of subjects in the page's list, by key; ``inherited``: the acts that pass down to other
    places; ``texts`` grows as it is asked."""
    policies = {policy_id: number for number, policy_id in enumerate(acts)}
    looks, blocks = Interned[Look](), Interned[tuple[tuple[int, ...], ...]]()
    headlines: list[tuple[int, ...]] = []
    panels: list[tuple[int, ...]] = []
    coming: dict[tuple[int, int, int], int] = {}
    ended, rows_of_states = rule_ends(timeline), grouped(timeline.states, "policy_id")
    states = [
        (row["valid_from"], rule({**act, **row}, ended))
        for policy_id, act in acts.items()
        for row in rows_of_states[policy_id]
    ]
    states_of: dict[str, list[State]] = {}
    for state in states:
        states_of.setdefault(acts[state[1]["policy_id"]]["subject_key"], []).append(state)
    rows_of = [*map(grouped, (timeline.positions, timeline.periods, changes(timeline)))]
    for key, subject in subjects.items():
        rows = (of_subject.get(key, []) for of_subject in rows_of)
        for day, shown, lines in _days(states_of[key], *rows):
            for choice, (look, change) in enumerate(shown):
                place = looks[look] if look else -1
                headlines.append((subject, choice, day_number(day), place))
                if change:
                    on = day_number(date.fromisoformat(change["on"]))
                    becomes = wording.next_change({**change, "on": "{day}"}, iso=True)
                    coming.setdefault((subject, choice, on), texts[becomes])
            block = tuple(
                (texts[who], looks[look] if look else -1, texts[facts], *(texts[t] for t in others))
                for who, look, facts, others in lines
            )
            panels.append((subject, day_number(day), blocks[block]))
    return {
        "headlines": _columns("subject choice start look", headlines, news=True),
        "looks": _columns(
            "rank flags actors text position who facts since until since_on until_on",
            [(*look[:3], *(texts[each or ""] for each in look[3:])) for look in looks],
        ),
        "panels": _columns("subject start block", panels, news=True),
        "blocks": list(blocks),
        "states": _columns(
            "policy start state text passing",
            [
                (
                    policies[each["policy_id"]],
                    day_number(start),
                    _STATES[each["state"]],
                    texts[wording.state(each, doubt=True)],
                    texts[
                        wording.rule_in_force(each).removeprefix("in force: ")
                        if each["policy_id"] in inherited and each["state"] in HELD_STATES
                        else ""
                    ],
                )
                for start, each in states
                if each["state"] != "not_yet"
            ],
        ),
        "events": _columns(
            "day when policy text actors",
            [
                (
                    day_number(date.fromisoformat(row["on_high"])),
                    texts["{day}" if row["on_low"] == row["on_high"] else "by {day}"],
                    policies[row["policy_id"]],
                    texts[wording.event(row, dated=False).removeprefix(f"{wording.label(row)}: ")],
                    sum(_BITS[actor] for actor in row["applies_to"]),
                )
                for row in changes_between(tables, timeline, date.min, date.max)["events"]
            ],
        ),
        "changes": _columns("subject choice on text", [(*of, text) for of, text in coming.items()]),
    }


def _columns(names: str, rows: Sequence[Sequence[int]], *, news: bool = False) -> Json:
    """Rows as columns, so that the data say each of ``names`` (parted by spaces) once. ``news``:
    without a row whose last cell is as in the row before of the same owner (the cells before the
    day), or -1 in its first."""
    table = pd.DataFrame(rows, columns=names.split())
    if news:
        *owner, _, value = names.split()
        table = table[table[value] != table.groupby(owner)[value].shift(fill_value=-1)]
    return {str(name): cells.tolist() for name, cells in table.items()}


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - EPOCH


def _days(
    states: Sequence[State], positions: Rows, periods: Rows, changing: Rows
) -> Iterator[tuple[date, list[tuple[Look | None, Any]], list[Line]]]:
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
                first.setdefault(row["actor"], row)
        coming = followed_by(first.values(), entries, by_id)
        looks = {
            name: look_of({a: entries[a] for a in actors if a in entries}, rules)
            for name, actors in CHOICES.items()
        }
        following = (
            next_change([row for row in coming if row["actor"] in actors])
            for actors in CHOICES.values()
        )
        yield day, [*zip(looks.values(), following, strict=True)], lines_of(entries, looks)


def _on(day: date, rows: Iterable[Row]) -> Iterator[Row]:
    """As :func:`frtracker.timeline.rows_on` of the rows of one subject."""
    return (
        row
        for row in rows
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
    )


def look_of(positions: Mapping[str, Any], rules: Rows) -> Look | None:
    """How a subject is shown by its positions, as they stand in a ``status`` document, for the
    chosen actors; None without one. ``rules``: its rows with their states on the day."""
    if not positions:
        return None
    head = headline(positions)
    top = [a for a, each in positions.items() if all(each[n] == head[n] for n in _LEVEL)]
    shared = [positions[actor] for actor in top]
    concerned = [
        each
        for each in rules
        if is_live(each) and not positions.keys().isdisjoint(each["applies_to"])
    ]
    scheduled = any(each["state"] == "scheduled" for each in concerned)
    entry = {
        **shared[0],
        **head,
        "lifted": all(each["lifted"] for each in shared),
        "start_presumed": any(each["start_presumed"] for each in shared),
        "uses": {use for each in shared for use in each["uses"]},
    }
    who = "for {who}" if head["applies_to"] else ""
    since, until = wording.since(entry), wording.through(head["until"])
    others = [text for each in shared for text in wording.others(each)]
    facts = (
        "" if who else "; ".join(dict.fromkeys(others)),
        who,
        "{since}" if since else "",
        "{until}" if until else "",
        *dict.fromkeys(wording.only_in(each["territory"]) for each in shared),
    )
    return (
        RANK[head["measure"], head["scope"] or ""],
        head["certain"] + 2 * scheduled + 4 * bool(concerned),
        sum(_BITS[actor] for actor in top),
        wording.joined(("{position}", who), " ") + "; more is scheduled" * scheduled,
        wording.position(entry),
        wording.actors(head["applies_to"]),
        wording.joined(facts, " · "),
        since,
        until,
        head["since"],
        head["until"],
    )


def lines_of(positions: Mapping[str, Any], looks: Mapping[str, Look | None]) -> list[Line]:
    """One line for each position of a subject; actors for whom all is the same share it.
    ``looks``: how the subject is shown for each actor."""
    lines: dict[str, tuple[Any, ...]] = dict.fromkeys(ACTORS, (wording.NO_ACT, ()))
    for actor, entry in positions.items():
        since = entry["since"] and "{since}"
        where = wording.only_in(entry["territory"])
        facts = wording.joined([since, wording.until(entry), where], " · ")
        shown = wording.position(entry), wording.since(entry), entry["certain"]
        lines[actor] = (facts, tuple(wording.others(entry)), *shown)
    return [
        (wording.actors(actors), looks.get(actors[0]), facts, others)
        for (facts, others, *_), actors in wording.alike(lines)
    ]
