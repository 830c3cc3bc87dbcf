"""All that an export tells: the tables and the documents of one day, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from frtracker.dates import days_after, parse
from frtracker.places import Subject, subjects_by_key
from frtracker.report.document import Document, Filters, status
from frtracker.report.events import changes, upcoming
from frtracker.table import Tables
from frtracker.timeline import Timeline


@dataclass(frozen=True, slots=True)
class File:
    """One file of a folder that is written whole.

    ``name``: its path in the folder, with ``/``. ``rows``: how many records it holds; None for a
    file that holds none of its own, such as a page.
    """

    name: str
    format: str
    media_type: str
    data: bytes
    rows: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """One edition of the record on one day.

    ``status``: every subject of whom anything is recorded by then. ``histories``: the document of
    ``show`` by key of subject, of every subject with an act of its own. ``changes``: the year up
    to the day; ``upcoming``: the 24 months after it.
    """

    tables: Tables
    timeline: Timeline
    day: date
    status: Document
    histories: Mapping[str, Document]
    changes: Document
    upcoming: Document


def take(tables: Tables, timeline: Timeline, day: date, *, as_of_given: str = "") -> Snapshot:
    """Make the documents of ``day`` (``as_of_given``: how it was asked for).

    Raises ``OverflowError`` for the last day that there is: nothing can come after it.
    """
    document = status(
        tables, timeline, day, as_of_given=as_of_given, filters=Filters(everything=True)
    )
    return Snapshot(
        tables=tables,
        timeline=timeline,
        day=day,
        status=document,
        histories=MappingProxyType(_histories(tables, document)),
        changes=changes(tables, timeline, _moved(day, "-1y"), day),
        upcoming=upcoming(tables, timeline, day, _moved(day, "24m")),
    )


def _moved(day: date, span: str) -> date:
    try:
        return days_after(day, span)
    except OverflowError:
        return date.min if span.startswith("-") else date.max


def _histories(tables: Tables, document: Document) -> dict[str, Document]:
    """What ``report.history.history`` says of each subject; there, a status is made for each."""
    entries = {entry["key"]: entry for entry in document["subjects"]}
    sources = _grouped(tables.sources.to_dict("records"), "policy_id", keep=False)
    columns = [c for c in tables.policies.columns if not c.endswith(("_low", "_high"))]
    acts = _grouped(tables.policies[columns].to_dict("records"), "subject_key", keep=True)
    people = subjects_by_key(tables.subjects)
    return {
        key: _history(document, subject, entries.get(key), acts[key], sources)
        for key, subject in people.items()
        if key in acts
    }


def _grouped(records: Any, name: str, *, keep: bool) -> dict[str, list[Document]]:
    groups: dict[str, list[Document]] = {}
    for record in records:
        kept = {str(k): value for k, value in record.items() if keep or k != name}
        groups.setdefault(record[name], []).append(kept)
    return groups


def _history(
    document: Document,
    subject: Subject,
    entry: Document | None,
    acts: list[Document],
    sources: Mapping[str, list[Document]],
) -> Document:
    states = {row["policy_id"]: row["state"] for row in entry["policies"]} if entry else {}
    return {
        "schema_version": document["schema_version"],
        "as_of": document["as_of"],
        "dataset": document["dataset"],
        "key": subject.key,
        "subject": subject.name,
        "subject_type": subject.subject_type,
        "country": subject.country or None,
        "region": subject.region or None,
        "within": list(subject.within),
        "aliases": list(subject.aliases),
        "status": entry,
        "acts": [
            {
                **act,
                "state": states.get(act["policy_id"], "not_yet"),
                "sources": sources.get(act["policy_id"], []),
            }
            for act in sorted(acts, key=_order)
        ],
    }


def _order(act: Document) -> tuple[date, str]:
    recorded = [act[c] for c in ("introduced_on", "decided_on", "effective_on") if act[c]]
    return min((parse(text).low for text in recorded), default=date.max), act["policy_id"]
