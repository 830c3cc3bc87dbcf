"""``show``: everything recorded of one subject, act by act, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pandas as pd

from frtracker.answers.documents import Document
from frtracker.answers.status import Filters, status
from frtracker.dates import parse
from frtracker.places.subjects import Subject
from frtracker.record.load import Tables
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN


def history(tables: Tables, timeline: Timeline, day: date, subject: Subject) -> Document:
    """The whole history of one subject: its status on ``day`` (null when nothing of it is known
    then), and every act in order with its sources."""
    filters = Filters(keys=frozenset({subject.key}), everything=True)
    document = status(tables, timeline, day, filters=filters)
    return next(histories(tables, timeline, document, [subject]))


def histories(
    tables: Tables, timeline: Timeline, document: Document, subjects: Iterable[Subject]
) -> Iterator[Document]:
    """One history per subject. ``document`` must be the unfiltered status document of the same day
    and timeline; what became known after the day of knowledge is left out."""
    entries = {entry["key"]: entry for entry in document["subjects"]}
    known_at = timeline.known_at or date.max
    columns = [c for c in timeline.policies.columns if not c.endswith(("_low", "_high"))]
    is_known = timeline.rules.of_rows.listed_from < OPEN
    acts = _grouped(timeline.policies.loc[is_known, columns], "subject_key")
    sources = _grouped(tables.sources, "policy_id")
    for subject in subjects:
        entry = entries.get(subject.key)
        states = {rule["policy_id"]: rule["state"] for rule in entry["policies"]} if entry else {}
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
                    "reviewed_on": _known(act["reviewed_on"], known_at),
                    "state": states.get(act["policy_id"], "not_yet"),
                    "sources": [
                        {name: cell for name, cell in row.items() if name != "policy_id"}
                        for row in sources.get(act["policy_id"], ())
                        if not row["published_on"] or _known(row["published_on"], known_at)
                    ],
                }
                for act in sorted(acts.get(subject.key, ()), key=_order)
            ],
        }


def _known(days: str, known_at: date) -> str:
    """A recorded date, '' where it lies after the day of knowledge."""
    return days if parse(days).low <= known_at else ""


def _grouped(frame: pd.DataFrame, name: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault(row[name], []).append({str(k): value for k, value in row.items()})
    return groups


def _order(act: dict[str, Any]) -> tuple[date, str]:
    """By the first recorded day; of "on B at the latest" that is B."""
    recorded = [act[c] for c in ("introduced_on", "decided_on", "effective_on") if act[c]]
    return min((parse(text).first for text in recorded), default=date.max), act["policy_id"]
