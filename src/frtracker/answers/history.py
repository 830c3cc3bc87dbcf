"""``show``: everything recorded of one subject, act by act, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pandas as pd

from frtracker.answers.status import Document, Filters, status
from frtracker.dates import parse
from frtracker.places.subjects import Subject
from frtracker.record.load import Tables
from frtracker.timeline import Timeline


def history(tables: Tables, timeline: Timeline, day: date, subject: Subject) -> Document:
    """The whole history of one subject in plain JSON types: its status on ``day`` (null when
    nothing of it is known then), and every act in order with its sources."""
    filters = Filters(keys=frozenset({subject.key}), everything=True)
    document = status(tables, timeline, day, filters=filters)
    return next(histories(tables, document, [subject]))


def histories(
    tables: Tables, document: Document, subjects: Iterable[Subject]
) -> Iterator[Document]:
    """The history of each of ``subjects`` on the day of a status document that lists all of them of
    whom anything is known then."""
    entries = {entry["key"]: entry for entry in document["subjects"]}
    sources = _grouped(tables.sources, "policy_id")
    columns = [c for c in tables.policies.columns if not c.endswith(("_low", "_high"))]
    acts = _grouped(tables.policies[columns], "subject_key")
    for subject in subjects:
        entry = entries.get(subject.key)
        states = {row["policy_id"]: row["state"] for row in entry["policies"]} if entry else {}
        yield {
            "schema_version": document["schema_version"],
            "as_of": document["as_of"],
            "known_at": document["known_at"],
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
                    "sources": [_proof(row) for row in sources.get(act["policy_id"], ())],
                }
                for act in sorted(acts.get(subject.key, ()), key=_order)
            ],
        }


def _grouped(frame: pd.DataFrame, name: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault(row[name], []).append({str(k): value for k, value in row.items()})
    return groups


def _proof(source: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name != "policy_id"}


def _order(act: dict[str, Any]) -> tuple[date, str]:
    recorded = [act[c] for c in ("introduced_on", "decided_on", "effective_on") if act[c]]
    return min((parse(text).low for text in recorded), default=date.max), act["policy_id"]
