"""``changes`` and ``upcoming``: what happened between two days, and what is to come."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
from tabulate import tabulate

from frtracker.dates import format_days, in_words
from frtracker.freshness import interval
from frtracker.places import subjects_by_key
from frtracker.report import phrases
from frtracker.report.document import SCHEMA_VERSION, Document
from frtracker.report.markdown import in_markdown
from frtracker.table import Tables
from frtracker.timeline import Timeline, events, states_on

FORMATS: Final = ("table", "markdown", "csv", "json")

_PAST: Final = {"pulled": "pulled by its sponsors", "lapsed": "lapsed with its session"}
_COMING: Final = {"began": "begins", "ended": "ends"}


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
        "events": _told(tables, timeline, since, until, frozenset(keys)),
    }


def upcoming(
    tables: Tables, timeline: Timeline, as_of: date, until: date, *, keys: Iterable[str] = ()
) -> Document:
    """What is to come after ``as_of`` through ``until``: scheduled beginnings and ends, and the
    rules in force that end on a condition (these have no day), as plain JSON types."""
    wanted = frozenset(keys)
    coming = []
    if as_of < date.max:
        coming = _told(tables, timeline, as_of + timedelta(days=1), until, wanted)
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": as_of.isoformat(),
        "until": until.isoformat(),
        "known_at": timeline.known_at.isoformat() if timeline.known_at else None,
        "dataset": asdict(tables.edition),
        "events": [event for event in coming if event["kind"] in ("began", "ended")],
        "conditions": _conditions(tables, timeline, as_of, wanted),
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


def _facts(tables: Tables, timeline: Timeline) -> dict[str, Document]:
    """What is told of every rule beside its days."""
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
    tables: Tables, timeline: Timeline, since: date, until: date, keys: frozenset[str]
) -> list[Document]:
    facts = _facts(tables, timeline)
    table = events(timeline)
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
                "cause": event["cause"] or None,
                "start_presumed": bool(event["presumed"]),
                **fact,
            }
        )
    return told


def _conditions(
    tables: Tables, timeline: Timeline, as_of: date, keys: frozenset[str]
) -> list[Document]:
    """Rules in force, certainly or perhaps, that end when something happens."""
    facts = _facts(tables, timeline)
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


def title(event: Document, *, coming: bool = False, dated: bool = True) -> str:
    """One event in a line: ``Portland, OR: ban for private began`` (``begins``); of an event that
    is known only to lie in a range of days the last is named if ``dated``."""
    what = phrases.measure(event["measure"], event["scope"], _kinds(event))
    if event["measure"] == "none":
        what = "repeal"
    said = f"{phrases.label(event)}: {what} for {phrases.actors(event['actors'])} "
    if event["territory"] and event["subject_type"] != "supranational":
        said += f"in {event['territory'].replace(';', ', ')} "
    kind = str(event["kind"])
    said += (_COMING if coming else _PAST).get(kind, kind)
    day = date.fromisoformat(event["on"])
    if event["kind"] == "ended" and event["cause"]:
        said += f", superseded by {event['cause']}"
    elif event["kind"] == "ended":
        last = "" if event["by"] else f" (last day {in_words(day - timedelta(days=1))})"
        said += f" by its own terms{last}"
    return f"{said}, by {in_words(day)}" if event["by"] and dated else said


def _kinds(event: Document) -> list[str]:
    return [] if event["uses"] == ["any"] else list(event["uses"])


_CSV_COLUMNS: Final = (
    "on",
    "by",
    "days",
    "kind",
    "effect",
    "key",
    "subject",
    "subject_type",
    "country",
    "region",
    "actors",
    "measure",
    "scope",
    "uses",
    "territory",
    "cause",
    "start_presumed",
    "confidence",
    "policy_id",
    "source_url",
)


def render(document: Document, format_name: str) -> str:
    """The text of a ``changes`` or ``upcoming`` document in one of :data:`FORMATS`."""
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "csv":
        return _as_csv(document)
    return _as_tables(document, markdown=format_name == "markdown")


def _as_csv(document: Document) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _CSV_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for event in document["events"]:
        writer.writerow({name: _plain(event[name]) for name in _CSV_COLUMNS})
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(value) if isinstance(value, list) else value


def _as_tables(document: Document, *, markdown: bool) -> str:
    first = document.get("since") or document["as_of"]
    days = [in_words(date.fromisoformat(day)) for day in (first, document["until"])]
    count = len(document["events"])
    head = f"{'From' if 'since' in document else 'After'} {days[0]} through {days[1]}"
    if document["known_at"]:
        head += f", as known on {in_words(date.fromisoformat(document['known_at']))}"
    parts = [f"{head}: {count} event{'' if count == 1 else 's'}"]
    if count:
        rows = [
            [
                ("by " if event["by"] else "") + event["on"],
                title(event, coming="as_of" in document, dated=False),
                ", ".join(event["effect"]),
                "low confidence" if event["confidence"] == "low" else "",
                event["source_url"],
            ]
            for event in document["events"]
        ]
        headers = ["day", "what", "effect", "doubt", "source"]
        parts.append(_table(rows, headers, markdown=markdown))
    if document.get("conditions"):
        rows = [
            [
                phrases.label(rule),
                phrases.measure(rule["measure"], rule["scope"], _kinds(rule)),
                rule["ends_when"],
                rule["last_confirmed_on"] or "",
                rule["source_url"],
            ]
            for rule in document["conditions"]
        ]
        headers = ["subject", "rule", "ends", "last confirmed", "source"]
        parts.append("Ending on a condition, on no known day:")
        parts.append(_table(rows, headers, markdown=markdown))
    if document.get("reviews"):
        rows_due = sum(len(review["policy_ids"]) for review in document["reviews"])
        first_due = in_words(date.fromisoformat(document["reviews"][0]["on"]))
        parts.append(f"Reviews: {rows_due} rows come due, the first on {first_due}.")
    return "\n\n".join(parts) + "\n"


def _table(rows: list[list[str]], headers: list[str], *, markdown: bool) -> str:
    """The last cell of a row is an address; nothing in the others means anything to Markdown."""
    if markdown:
        rows = [[*map(in_markdown, row[:-1]), f"<{row[-1]}>"] for row in rows]
    style = "github" if markdown else "simple"
    return tabulate(rows, headers=headers, tablefmt=style, disable_numparse=True)
