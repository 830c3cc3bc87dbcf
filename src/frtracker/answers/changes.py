"""``changes``, ``upcoming``, ``stale``: what happened between two days, what is to come, which rows
are due for review."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import pandas as pd

from frtracker import wording
from frtracker.answers.documents import (
    Document,
    days,
    heading,
    identity,
    listed,
    recorded,
    records,
)
from frtracker.answers.status import UNFILTERED, Filters
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Timeline, states_on
from frtracker.timeline.review import due, interval
from frtracker.vocabulary import HELD_STATES, scope_of


def of_rules(events: Iterable[Document]) -> list[Document]:
    """The events without those of bills."""
    return [event for event in events if event["kind"] in wording.RULE_EVENTS]


def first_day(event: Document) -> str:
    """The first day on which it can have been (ISO); of "by B" that is B."""
    return str(event["on_low"] or event["on_high"])


def changes(
    tables: Tables,
    timeline: Timeline,
    since: date,
    until: date,
    *,
    filters: Filters = UNFILTERED,
) -> Document:
    """What was introduced, decided, began, ended (and why) or failed from ``since`` through
    ``until``, both included, in order, as plain JSON types.

    An event that is known only to lie in a range of days is listed on the last of them.
    ``filters``: which rules, and of their actors which.
    """
    asked = {"since": since.isoformat(), "until": until.isoformat()}
    return {
        **_opening("changes", tables, timeline.known_at, asked),
        "events": _events(timeline, _facts(tables, timeline, filters), since, until, filters),
    }


def _opening(kind: str, tables: Tables, known_at: date | None, asked: dict[str, str]) -> Document:
    opening = heading(kind, tables, known_at, **asked)
    first, last = map(wording.recorded, asked.values())
    cited = f"{kind} from {first} through {last}{wording.known_at(opening)}"
    return {**opening, "cite_as": wording.citation(opening, cited)}


def upcoming(
    tables: Tables,
    timeline: Timeline,
    as_of: date,
    until: date,
    *,
    filters: Filters = UNFILTERED,
) -> Document:
    """What is to come after ``as_of`` through ``until``: scheduled beginnings and ends, the rules
    in force that end on a condition (these have no day), and reviews due, as plain JSON types;
    ``filters`` as for :func:`changes`."""
    facts = _facts(tables, timeline, filters)
    after = as_of + timedelta(days=min(1, (date.max - as_of).days))
    events = _events(timeline, facts, after, until, filters) if after > as_of else []
    asked = {"as_of": as_of.isoformat(), "until": until.isoformat()}
    return {
        **_opening("upcoming", tables, timeline.known_at, asked),
        "events": [event for event in events if event["kind"] in ("began", "ended")],
        "conditions": _conditions(timeline, facts, as_of, filters.for_actors),
        "reviews": _reviews(timeline, facts, as_of, until),
    }


def _facts(tables: Tables, timeline: Timeline, filters: Filters) -> dict[str, Document]:
    """By ``policy_id`` what is said of each rule asked about beside its days."""
    subjects = subjects_by_key(tables.subjects)
    facts = {}
    for row in records(timeline.policies):
        subject = subjects[row["subject_key"]]
        if filters.admits_act(subject, row):
            facts[row["policy_id"]] = {
                "policy_id": row["policy_id"],
                **identity(subject),
                "measure": row["measure"],
                "scope": scope_of(row["uses"]) if row["measure"] != "none" else None,
                "uses": listed(row["uses"]),
                "territory": listed(row["territory"]) or None,
                **{name: row[name] or None for name in ("ends_when", "confidence", "summary")},
                "source_url": row["source_url"],
            }
    return facts


def _events(
    timeline: Timeline,
    facts: dict[str, Document],
    since: date,
    until: date,
    filters: Filters,
) -> list[Document]:
    table = timeline.events
    first, last = (pd.Timestamp(day).as_unit("s") for day in (since, until))
    rows = timeline.policies
    starts = dict(
        zip(
            rows["policy_id"],
            rows["effective_on"].where(rows["effective_on"] != "", rows["decided_on"]),
            strict=True,
        )
    )
    table = table[(table["on_high"] >= first) & (table["on_high"] <= last)]
    events = []
    for event in records(table):
        actors = [actor for actor in listed(event["applies_to"]) if actor in filters.for_actors]
        if event["policy_id"] not in facts or not actors:
            continue
        causes, effects = listed(event["causes"]), listed(event["effects"])
        events.append(
            {
                "event_id": event["event_id"],
                **days("on", event["on_low"] or date.min, event["on_high"]),
                "kind": event["kind"],
                "certain": event["certain"],
                "applies_to": actors,
                "effects": effects,
                "causes": causes,
                "own_terms": event["own_terms"],
                # from which start to which, of a rule put off before it began
                "put_off": {"from": starts[causes[0]], "to": starts[event["policy_id"]]}
                if "postponed" in effects
                else None,
                "start_presumed": event["start_presumed"],
                **facts[event["policy_id"]],
            }
        )
    return events


def _conditions(
    timeline: Timeline, facts: dict[str, Document], as_of: date, actors_asked: Collection[str]
) -> list[Document]:
    """Rules in force, certainly or perhaps, that end when something happens."""
    states = states_on(timeline, as_of)
    names = ["state", "certain", "continuation_presumed", "superseded_for"]
    rows = timeline.policies.assign(**states[names])
    found = []
    for row in records(rows[rows["state"].isin(HELD_STATES) & (rows["ends_when"] != "")]):
        ended = listed(row["superseded_for"])
        actors = [it for it in listed(row["applies_to"]) if it not in ended and it in actors_asked]
        if actors and (fact := facts.get(row["policy_id"])):
            flags = {name: row[name] for name in ("certain", "continuation_presumed")}
            found.append(
                {**fact, "applies_to": actors, **flags, **recorded("last_confirmed_on", row)}
            )
    return found


def _reviews(
    timeline: Timeline, facts: dict[str, Document], as_of: date, until: date
) -> list[Document]:
    """On which days after ``as_of`` through ``until`` which rows come due for review."""
    due: dict[str, list[str]] = {}
    columns = ["policy_id", "measure", "status", "reviewed_on_high"]
    for policy_id, measure, status, reviewed in timeline.policies[columns].itertuples(
        index=False, name=None
    ):
        ordinal = reviewed + interval(measure, status)
        if policy_id in facts and as_of.toordinal() < ordinal <= until.toordinal():
            due.setdefault(date.fromordinal(ordinal).isoformat(), []).append(policy_id)
    return [{"on": day, "policy_ids": sorted(due[day])} for day in sorted(due)]


def stale(tables: Tables, timeline: Timeline, day: date, every: int | None = None) -> Document:
    """The rows due for review on ``day``, the longest due first, each with its reasons; ``every``:
    days between reviews, in place of those of their kind."""
    subjects = subjects_by_key(tables.subjects)
    rows = [
        {
            **row,
            **identity(subjects[row["subject_key"]]),
            "reasons": [
                {**reason, "value": reason["value"] or None, "why": wording.due(reason)}
                for reason in row["reasons"]
            ],
        }
        for row in due(timeline, day, every)
    ]
    return {**heading("stale", tables, None, as_of=day.isoformat()), "policies": rows}
