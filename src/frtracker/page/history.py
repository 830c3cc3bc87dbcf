"""What the page shows on each day, in finished words: every subject, act and event of the record.

Days are numbers, counted from 1970-01-01. Every table is in columns. A row of ``headlines``,
``panels`` and ``states`` is for the days from its ``start`` until the next row of the same subject
(and choice of actor) or act. Subjects, acts and texts are named by their place in the page's lists.

- ``headlines``: by subject and choice of actor (a number; the last is "anyone"), the ``look``: a
  row of ``looks``, -1 where no act names the actors by then
- ``looks``: ``rank`` among ``vocabulary.ranked``, ``flags`` (1 certain, 2 scheduled, 4 live),
  ``actors`` (the sum of 1 for police, 2 for government …), ``since_on`` and ``until_on`` as
  recorded, and what is said of them
- ``panels``: by subject, the lines on its positions (a number in ``blocks``), its next change
- ``states``: by act, from the first day on which it is listed
- ``events``: in order of ``day``, the last on which one can lie
- ``changes``: for each choice of actor, the days on which a position changes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from frtracker import timeline as timelines
from frtracker import wording
from frtracker.answers.headline import RANK, headline
from frtracker.answers.status import next_change, position
from frtracker.page import words
from frtracker.page.interned import Interned, columns, day_number, records
from frtracker.page.turns import runs
from frtracker.timeline import Timeline
from frtracker.vocabulary import ACTORS, ANYONE, STATES

Json = dict[str, Any]
Row = dict[str, Any]
Look = tuple[int, int, int, str, str, str, str, str, str, str | None, str | None]
Line = tuple[str, Look | None, str, tuple[str, ...]]
"""Actors; how each of them is shown, None without an act; facts; what else is in force."""

CHOICES: Final = {**{actor: (actor,) for actor in ACTORS}, ANYONE: tuple(ACTORS)}
"""Whom the rules shown may be for."""
LIVE: Final = frozenset({"in_force", "uncertain", "scheduled"})
_BITS: Final = {actor: 1 << number for number, actor in enumerate(ACTORS)}
_STATES: Final = {code: number for number, code in enumerate(STATES)}
_STATE: Final = ("certain", "superseded_for", "start_presumed", "continuation_presumed")
_POSITION: Final = ("measure", "scope", "certain", "at_least_measure", "at_least_scope")


@dataclass(frozen=True)
class Index:
    """Where subjects and acts stand in the page's lists, and which acts pass down to other places;
    ``texts`` grows as it is asked."""

    subjects: Mapping[str, int]
    policies: Mapping[str, int]
    inherited: frozenset[str]
    texts: Interned[str] = field(default_factory=lambda: Interned(""))


def history(timeline: Timeline, rules: Mapping[str, Row], index: Index) -> Json:
    """All tables. ``rules``: the record's rows by id, in the page's order, lists as lists."""
    looks: Interned[Look] = Interned()
    blocks: Interned[tuple[tuple[int, ...], ...]] = Interned()
    headlines: list[tuple[Any, ...]] = []
    panels: list[tuple[Any, ...]] = []
    states = _states(timeline, rules)
    positions, periods = records(timeline.positions), records(timeline.periods)
    changes = list(_changes(positions))
    tables = [_by_subject(rows) for rows in (positions, periods, changes, states)]
    text = index.texts.number
    for key, number in index.subjects.items():
        own_positions, own_periods, own_changes, own_states = (t.get(key, []) for t in tables)
        ends = (row["end"] for row in (*own_positions, *own_periods) if row["end"])
        starts = (row["start"] for row in (*own_positions, *own_periods, *own_states))
        shown: list[Any] = [None] * (len(CHOICES) + 1)
        for day in sorted({*starts, *ends}):
            now = {row["policy_id"]: row for row in own_states if row["start"] <= day}
            acts = [row for row in now.values() if row["state"] != "not_yet"]
            running = list(_on(day, own_periods))
            entries = {row["actor"]: position(row, now, running) for row in _on(day, own_positions)}
            coming = [row for row in own_changes if row["start"] > day]
            first = min((row["start"] for row in coming), default=None)
            change = next_change([row for row in coming if row["start"] == first])
            now_looks = {
                choice: look_of({a: entries[a] for a in actors if a in entries}, acts)
                for choice, actors in CHOICES.items()
            }
            for choice, look in enumerate(now_looks.values()):
                if look != shown[choice]:
                    place = looks.number(look) if look else -1
                    headlines.append((number, choice, day_number(day), place))
                    shown[choice] = look
            block = tuple(
                (text(who), looks.number(look) if look else -1, text(facts), *map(text, others))
                for who, look, facts, others in lines_of(entries, now_looks, acts)
            )
            panel = (
                blocks.number(block),
                text(wording.next_change(change and {**change, "on": "{day}"})),
                day_number(first) if change else None,
            )
            if panel != shown[-1]:
                panels.append((number, day_number(day), *panel))
                shown[-1] = panel
    return {
        "headlines": columns("subject choice start look", headlines),
        "looks": columns(
            "rank flags actors text position who facts since until since_on until_on",
            [(*look[:3], *(text(each or "") for each in look[3:])) for look in looks.values],
        ),
        "panels": columns("subject start block next next_on", panels),
        "blocks": blocks.values,
        "states": columns(
            "policy start state text passing",
            [
                (
                    index.policies[row["policy_id"]],
                    day_number(row["start"]),
                    _STATES[row["state"]],
                    text(words.state(row)),
                    text(words.passing(row) if row["policy_id"] in index.inherited else ""),
                )
                for row in states
                if row["state"] != "not_yet"
            ],
        ),
        "events": columns("day when policy text actors", list(_events(timeline, rules, index))),
        "changes": [
            sorted({day_number(row["start"]) for row in changes if row["actor"] in actors})
            for actors in CHOICES.values()
        ],
    }


def look_of(positions: Mapping[str, Row], rules: Iterable[Row]) -> Look | None:
    """How a subject is shown by its positions, as they stand in a ``status`` document, for the
    chosen actors; None without one. ``rules``: its rows with their states on the day."""
    if not positions:
        return None
    head = headline(positions)
    what = {name: head[name] for name in ("measure", "scope", "certain")}
    top = {a: p for a, p in positions.items() if all(p[n] == what[n] for n in what)}
    bound = [
        rule
        for rule in rules
        if rule["measure"] != "none" and not positions.keys().isdisjoint(rule["applies_to"])
    ]
    entry = {
        **next(iter(top.values())),
        **head,
        "lifted": all(each["lifted"] for each in top.values()),
        "start_presumed": any(each["start_presumed"] for each in top.values()),
        "policy_ids": [rule for each in top.values() for rule in each["policy_ids"]],
    }
    scheduled = any(rule["state"] == "scheduled" for rule in bound)
    live = any(rule["state"] in LIVE for rule in bound)
    who = "for {who}" if head["for"] else ""
    since, until = words.since(entry), words.until(head["until"])
    elsewhere = [] if head["for"] else [t for each in top.values() for t in words.others(each)]
    where = [f"in {words.markets(t)}" for t in {p["territory"]: 0 for p in top.values()} if t]
    facts = [
        "; ".join(dict.fromkeys(elsewhere)),
        who,
        "since {since}" if since else "",
        "{until}" if until else "",
        ", ".join(where),
    ]
    return (
        RANK[head["measure"], head["scope"] or ""],
        head["certain"] + 2 * scheduled + 4 * live,
        sum(_BITS[actor] for actor in top),
        " ".join(filter(None, ("{position}", who))) + ("; more is scheduled" if scheduled else ""),
        wording.position(entry, bound),
        wording.actors(head["for"]),
        " · ".join(filter(None, facts)),
        since,
        until,
        head["since"],
        head["until"],
    )


def lines_of(
    positions: Mapping[str, Row | None], looks: Mapping[str, Look | None], rules: Sequence[Row]
) -> list[Line]:
    """One line for each position of a subject; actors for whom all is the same share it.
    ``looks``: how the subject is shown for each actor."""
    lines: dict[tuple[Any, ...], list[str]] = {}
    for actor in ACTORS:
        entry = positions.get(actor)
        if entry is None:
            lines.setdefault((words.NO_ACT, ()), []).append(actor)
        else:
            shown = wording.position(entry, rules), words.since(entry), entry["certain"]
            facts = words.facts(entry, rules), tuple(words.others(entry))
            lines.setdefault((*facts, *shown), []).append(actor)
    return [
        (wording.actors(actors), looks.get(actors[0]), facts, others)
        for (facts, others, *_), actors in lines.items()
    ]


def _states(timeline: Timeline, rules: Mapping[str, Row]) -> list[Row]:
    """The rows of ``rules``, each once for every stretch of days in one state."""
    place = {policy_id: number for number, policy_id in enumerate(rules)}
    ids = timeline.policies["policy_id"].tolist()
    rows = [
        {
            **rules[ids[run.row]],
            "start": date.fromordinal(run.first),
            "state": run.state,
            **{name: getattr(run, name) for name in _STATE},
            "superseded_for": run.superseded_for.split(";") if run.superseded_for else [],
        }
        for run in runs(timeline)
    ]
    return sorted(rows, key=lambda row: (place[row["policy_id"]], row["start"]))


def _changes(positions: Iterable[Row]) -> Iterator[Row]:
    """The positions that are another than before; a hand-over inside a run is no change."""
    before: dict[tuple[str, str], Row] = {}
    for row in positions:
        last = before.get((row["subject_key"], row["actor"]))
        if any(row[n] != last[n] for n in _POSITION) if last else row["measure"] != "none":
            yield row
        before[row["subject_key"], row["actor"]] = row


def _by_subject(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["subject_key"], []).append(row)
    return grouped


def _on(day: date, rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row["start"] <= day and (not row["end"] or day < row["end"]))


def _events(
    timeline: Timeline, rules: Mapping[str, Row], index: Index
) -> Iterator[tuple[Any, ...]]:
    for row in records(timelines.events(timeline)):
        yield (
            day_number(row["high"]),
            index.texts.number("{day}" if row["low"] == row["high"] else "by {day}"),
            index.policies[row["policy_id"]],
            index.texts.number(words.event(row, rules[row["policy_id"]])),
            sum(_BITS[actor] for actor in row["actors"].split(";")),
        )
