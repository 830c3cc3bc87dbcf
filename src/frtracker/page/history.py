"""What the page shows on each day, in finished words: every subject, act and event of the record.

Days are numbers, counted from 1970-01-01. Every table is in columns. A row of ``headlines``,
``panels`` and ``states`` is for the days from its ``start`` until the next row of the same subject
(and choice of actor) or act. Subjects, acts and texts are named by their place in the page's lists.

- ``headlines``: by subject and choice of actor (a number; the last is "anyone"), the ``look``: a
  row of ``looks``, -1 before the first act is known
- ``looks``: ``rank`` among ``vocabulary.ranked``, ``flags`` (1 certain, 2 scheduled, 4 live, 8 an
  act names the actors, 16 nothing for them but a rule for others), ``actors`` (the sum of 1 for
  police, 2 for government …), ``since_on`` and ``until_on`` as recorded, and what is said of
  them; ``answer`` is the sentence that a panel opens with
- ``panels``: by subject, a number in ``blocks``: the lines on its positions, and why they are in
  doubt, as (act, reasons)
- ``states``: by act, from the first day on which it is listed
- ``events``: in order of ``last``, the last day on which one can lie; ``first``: the first one (of
  "by B" it is B); ``when``: both in words; ``bill``: 1 of what happens to bills
- ``bans``: by choice of actor, the days on which the number of places and agencies under a general,
  certain ban changes, and that number from then on
- ``changes``: by subject and choice of actor, each day on which a position changes, and how
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

import pandas as pd

from frtracker import wording
from frtracker.answers.changes import changes as changes_between
from frtracker.answers.changes import first_day
from frtracker.answers.documents import Row, grouped, is_live
from frtracker.answers.marks import for_others
from frtracker.answers.status import (
    followed_by,
    headline,
    next_change,
    position,
    rule,
    rule_ends,
)
from frtracker.record.load import Tables
from frtracker.timeline import Timeline, changes
from frtracker.timeline.days import EPOCH
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import ACTORS, ANYONE, HELD_STATES, MARKETED, STATES

Json = dict[str, Any]
Rows = Sequence[Row]
Value = TypeVar("Value", bound=Hashable)


class Look(NamedTuple):
    """How a subject is shown, as a row of ``looks``."""

    rank: int
    flags: int
    actors: int
    text: str
    position: str
    who: str = ""
    facts: str = ""
    since: str = ""
    until: str = ""
    whom: str = ""
    answer: str = ""
    since_on: str | None = None
    until_on: str | None = None


Line = tuple[str, Look | None, str, tuple[str, ...]]
"""Actors; how each of them is shown, None without an act; facts; what else is in force."""

Doubt = tuple[str, str]
"""The id of an act that makes a position uncertain, and the reasons in words."""

State = tuple[date, Any]
"""The first day of a state of an act, and its row of a ``status`` document from then."""

CHOICES: Final = {**{actor: (actor,) for actor in ACTORS}, ANYONE: tuple(ACTORS)}
"""Whom the rules shown may be for."""
_LEVEL: Final = ("measure", "scope", "certain")
FLAGS: Final = {"certain": 1, "scheduled": 2, "live": 4, "named": 8, "others": 16}
_BITS: Final = {actor: 1 << number for number, actor in enumerate(ACTORS)}
_STATES: Final = {code: number for number, code in enumerate(STATES)}
_BAN: Final = RANK["ban", "general"]


class Interned(dict[Value, int]):
    """Values with their places in a list without doubles; a new one is added when it is asked."""

    def __missing__(self, value: Value) -> int:
        return self.setdefault(value, len(self))


def actors_number(actors: Iterable[str]) -> int:
    """Actors as one number, a bit for each in their order."""
    return sum(1 << list(ACTORS).index(actor) for actor in actors)


def history(
    tables: Tables,
    timeline: Timeline,
    today: date,
    acts: Mapping[str, Row],
    subjects: Mapping[str, int],
    inherited: Collection[str],
    texts: Interned[str],
) -> Json:
    """All tables. ``today``: what happens after it is to come; ``acts``: the rows of the record by
    id, in the page's order; ``subjects``: the places of subjects in the page's list, by key;
    ``inherited``: the acts that pass down to other places; ``texts`` grows as it is asked."""
    policies = {policy_id: number for number, policy_id in enumerate(acts)}
    looks, blocks = Interned[Look](), Interned[tuple[tuple[tuple[int, ...], ...], ...]]()
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
        kind = acts[states_of[key][0][1]["policy_id"]]["subject_type"]
        for day, shown, lines, doubts in _days(kind, states_of[key], *rows):
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
            why = tuple((policies[policy_id], texts[reasons]) for policy_id, reasons in doubts)
            panels.append((subject, day_number(day), blocks[block, why]))
    return {
        "headlines": _columns("subject choice start look", headlines, news=True),
        "looks": _columns(
            " ".join(Look._fields),
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
                        if each["policy_id"] in inherited
                        and each["state"] in HELD_STATES
                        and is_live(each)
                        else ""
                    ],
                )
                for start, each in states
                if each["state"] != "not_yet"
            ],
        ),
        "events": _columns(
            "first last when policy text actors bill",
            [*_events(tables, timeline, today, policies, texts)],
        ),
        "changes": _columns("subject choice on text", [(*of, text) for of, text in coming.items()]),
        "bans": _bans(
            headlines,
            {place for look, place in looks.items() if look[0] == _BAN and look[1] & 1},
            {subjects[it["subject_key"]] for it in acts.values() if it["subject_type"] in MARKETED},
        ),
    }


def _events(
    tables: Tables,
    timeline: Timeline,
    today: date,
    policies: Mapping[str, int],
    texts: Interned[str],
) -> Iterator[tuple[int, ...]]:
    for row in changes_between(tables, timeline, date.min, date.max)["events"]:
        first, last = (date.fromisoformat(day) for day in (first_day(row), row["on_high"]))
        what = wording.event(row, coming=first > today, dated=False, with_ids=False)
        doubt = wording.event_doubt(row)
        yield (
            *map(day_number, (first, last)),
            texts[wording.on_day(row["on"]).removeprefix("on ")],
            policies[row["policy_id"]],
            texts[what.removeprefix(wording.label(row)).lstrip(":, ") + (doubt and f" ({doubt})")],
            actors_number(row["applies_to"]),
            int(row["kind"] not in wording.RULE_EVENTS),
        )


def _bans(
    headlines: Sequence[Sequence[int]], bans: Collection[int], marketed: Collection[int]
) -> list[list[list[int]]]:
    """``bans`` of the page, of its ``headlines``. ``bans``: the looks of a general, certain ban;
    ``marketed``: the subjects that are not counted."""
    table = pd.DataFrame(headlines, columns=["subject", "choice", "start", "look"])
    table = table[~table["subject"].isin(marketed)]
    is_ban = table["look"].isin(bans).astype(int)
    before = is_ban.groupby([table["subject"], table["choice"]]).shift(fill_value=0)
    steps = (is_ban - before).groupby([table["choice"], table["start"]]).sum()
    changing = steps[steps != 0].rename("count").reset_index()
    changing["count"] = changing.groupby("choice")["count"].cumsum()
    of_choices = (changing[changing["choice"] == choice] for choice in range(len(CHOICES)))
    return [[each["start"].tolist(), each["count"].tolist()] for each in of_choices]


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
    kind: str, states: Sequence[State], positions: Rows, periods: Rows, changing: Rows
) -> Iterator[tuple[date, list[tuple[Look | None, Any]], list[Line], list[Doubt]]]:
    """One subject of a ``kind`` on each day on which something about it may change: for each choice
    of actor its look and the next change, and the lines and the doubts of its panel."""
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
        looks = {name: look_for(actors, entries, rules, kind) for name, actors in CHOICES.items()}
        following = (
            next_change([row for row in coming if row["actor"] in actors])
            for actors in CHOICES.values()
        )
        shown = [*zip(looks.values(), following, strict=True)]
        yield day, shown, lines_of(entries, looks), doubts_of(entries, rules)


def _on(day: date, rows: Iterable[Row]) -> Iterator[Row]:
    """As :func:`frtracker.timeline.rows_on` of the rows of one subject."""
    return (
        row
        for row in rows
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
    )


def look_for(
    actors: Sequence[str], entries: Mapping[str, Any], rules: Rows, kind: str
) -> Look | None:
    """How a subject of a ``kind`` is shown to a reader who asks about these actors; None before any
    act of it is known. ``entries``: its positions as in a ``status`` document. Where nothing is in
    force for the actors, it says what is for others."""
    if not entries:
        return None
    chosen = {actor: entries[actor] for actor in actors if actor in entries}
    others = for_others(entries, actors)
    whom = wording.actors(actors)
    unnamed = Look(0, FLAGS["certain"], 0, f"{wording.NO_ACT} for {whom}", wording.NO_ACT)
    look = look_of(chosen, rules, kind) if chosen else unnamed
    if not others or look.rank or not look.flags & FLAGS["certain"]:
        return look
    text = f"nothing for {whom}; {wording.positions(others)}"
    return look._replace(flags=look.flags + FLAGS["others"], text=text)


def look_of(positions: Mapping[str, Any], rules: Rows, kind: str) -> Look:
    """How a subject of a ``kind`` is shown by some of its positions, as they stand in a ``status``
    document. ``rules``: its rows with their states on the day."""
    head = headline(positions)
    top = [a for a, each in positions.items() if all(each[n] == head[n] for n in _LEVEL)]
    shared = [positions[actor] for actor in top]
    concerned = [it for it in rules if not positions.keys().isdisjoint(it["applies_to"])]
    live = [*filter(is_live, concerned)]
    scheduled = any(each["state"] == "scheduled" for each in live)
    entry = {
        **shared[0],
        **head,
        "lifted": all(each["lifted"] for each in shared),
        "start_presumed": any(each["start_presumed"] for each in shared),
        "uses": {use for each in shared for use in each["uses"]},
        "also": list({it["policy_id"]: it for each in shared for it in each["also"]}.values()),
    }
    who = "for {who}" if head["applies_to"] else ""
    since, until = wording.since(entry), wording.through(head["until"])
    others = [text for each in shared for text in wording.others(each)]
    days = {"since": "{since}" if since else "", "until": "{until}" if until else ""}
    by_id = {rule["policy_id"]: rule for rule in rules}
    is_own = all(wording.of_own_bodies(kind, each, by_id) for each in shared)
    facts = (
        "" if who else "; ".join(dict.fromkeys(others)),
        who,
        *days.values(),
        *dict.fromkeys(wording.only_in(each["territory"]) for each in shared),
    )
    return Look(
        RANK[head["measure"], head["scope"] or ""],
        head["certain"] * FLAGS["certain"]
        + scheduled * FLAGS["scheduled"]
        + bool(live) * FLAGS["live"]
        + FLAGS["named"],
        actors_number(top),
        wording.joined(("{position}", who, "{since}" if since else ""), " ")
        + "; more is scheduled" * scheduled,
        wording.position(entry),
        wording.actors(head["applies_to"]),
        wording.joined(facts, " · "),
        since,
        until,
        wording.everyone(top),
        wording.brief_answer(entry, kind, whom="its own " * is_own + "{whom}", **days),
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
        (
            wording.actors(actors),
            looks[actors[0]] if actors[0] in positions else None,
            facts,
            others,
        )
        for (facts, others, *_), actors in wording.alike(lines)
    ]


def doubts_of(positions: Mapping[str, Any], rules: Rows) -> list[Doubt]:
    """Why positions of a subject are uncertain: what is in doubt about each rule that may be in
    force for these actors."""
    unsure = {actor for actor, each in positions.items() if not each["certain"]}
    return [
        (each["policy_id"], f"{text[0].upper()}{text[1:]}.")
        for each in rules
        if each["state"] in HELD_STATES and not each["certain"] and unsure & {*each["applies_to"]}
        if (text := "; ".join(wording.reasons(each)))
    ]
