"""``changes`` and ``upcoming``: what happened between two days, and what is to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import TypeAlias

import pandas as pd

from frtracker.answers.status import SCHEMA_VERSION, Document
from frtracker.dates import format_days
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Timeline, states_on
from frtracker.timeline.review import interval

Facts: TypeAlias = Mapping[str, Document]
"""What is told of every rule beside its days, by ``policy_id``."""


def changes(
    tables: Tables, timeline: Timeline, since: date, until: date, *, keys: Iterable[str] = ()
) -> Document:
    """What was introduced, decided, began, ended (and why) or failed from ``since`` through
    ``until``, both included, in order, as plain JSON types.

    An event that is known only to lie in a range of days is told on the last of them, with
    ``by`` true. ``keys`` limits it to these subjects.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "known_at": timeline.known_at.isoformat() if timeline.known_at else None,
        "dataset": asdict(tables.edition),
        "events": _told(timeline, _facts(tables, timeline), since, until, frozenset(keys)),
    }


def upcoming(
    tables: Tables, timeline: Timeline, as_of: date, until: date, *, keys: Iterable[str] = ()
) -> Document:
    """What is to come after ``as_of`` through ``until``: scheduled beginnings and ends, and the
    rules in force that end on a condition (these have no day), as plain JSON types."""
    wanted = frozenset(keys)
    facts = _facts(tables, timeline)
    coming = []
    if as_of < date.max:
        coming = _told(timeline, facts, as_of + timedelta(days=1), until, wanted)
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": as_of.isoformat(),
        "until": until.isoformat(),
        "known_at": timeline.known_at.isoformat() if timeline.known_at else None,
        "dataset": asdict(tables.edition),
        "events": [event for event in coming if event["kind"] in ("began", "ended")],
        "conditions": _conditions(timeline, facts, as_of, wanted),
        "reviews": _reviews(timeline, as_of, until, wanted),
    }


def _reviews(timeline: Timeline, as_of: date, until: date, keys: frozenset[str]) -> list[Document]:
    """On which days after ``as_of`` through ``until`` which rows come due for review."""
    due: dict[str, list[str]] = {}
    columns = ["policy_id", "subject_key", "measure", "status", "reviewed_on_high"]
    for policy_id, key, measure, status, reviewed in timeline.policies[columns].itertuples(
        index=False, name=None
    ):
        ordinal = reviewed + interval(measure, status)
        if ordinal > date.max.toordinal():
            continue
        day = date.fromordinal(ordinal)
        if as_of < day <= until and (not keys or key in keys):
            due.setdefault(day.isoformat(), []).append(policy_id)
    return [{"on": day, "policy_ids": sorted(due[day])} for day in sorted(due)]


def _facts(tables: Tables, timeline: Timeline) -> Facts:
    people = subjects_by_key(tables.subjects)
    facts = {}
    for row in timeline.policies.to_dict("records"):
        subject = people[row["subject_key"]]
        facts[str(row["policy_id"])] = {
            "policy_id": row["policy_id"],
            "key": subject.key,
            "subject": subject.name,
            "subject_type": subject.subject_type,
            "country": subject.country or None,
            "region": subject.region or None,
            "measure": row["measure"],
            "scope": _scope(row["measure"], row["uses"]),
            "uses": row["uses"].split(";"),
            "territory": row["territory"] or None,
            "ends_when": row["ends_when"] or None,
            "confidence": row["confidence"],
            "summary": row["summary"],
            "source_url": row["source_url"],
        }
    return facts


def _scope(measure: str, uses: str) -> str | None:
    if measure == "none":
        return None
    return "general" if uses == "any" else "narrow"


def _told(
    timeline: Timeline, facts: Facts, since: date, until: date, keys: frozenset[str]
) -> list[Document]:
    table = timeline.events
    first, last = (pd.Timestamp(day).as_unit("s") for day in (since, until))
    table = table[(table["high"] >= first) & (table["high"] <= last)]
    told = []
    for event in table.to_dict("records"):
        fact = facts[event["policy_id"]]
        if keys and fact["key"] not in keys:
            continue
        high = event["high"].date()
        low = date.min if pd.isna(event["low"]) else event["low"].date()
        told.append(
            {
                "on": high.isoformat(),
                "by": low != high,
                "days": format_days(low, high),
                "kind": event["kind"],
                "actors": event["actors"].split(";"),
                "effect": event["effect"].split(";") if event["effect"] else [],
                "cause": event["cause"].partition(";")[0] or None,
                "start_presumed": bool(event["presumed"]),
                **fact,
            }
        )
    return told


def _conditions(
    timeline: Timeline, facts: Facts, as_of: date, keys: frozenset[str]
) -> list[Document]:
    """Rules in force, certainly or perhaps, that end when something happens."""
    states = states_on(timeline, as_of).set_index("policy_id")
    confirmed = timeline.policies.set_index("policy_id")["last_confirmed_on"]
    return [
        {
            **fact,
            "certain": bool(states.at[policy_id, "certain"]),
            "last_confirmed_on": confirmed[policy_id] or None,
            "continuation_presumed": bool(states.at[policy_id, "continuation_presumed"]),
        }
        for policy_id, fact in facts.items()
        if fact["ends_when"]
        and states.at[policy_id, "state"] in ("in_force", "uncertain")
        and (not keys or fact["key"] in keys)
    ]
