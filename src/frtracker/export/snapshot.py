"""The tables and documents of one day, made once, and the files that hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from frtracker.answers.changes import changes, upcoming
from frtracker.answers.documents import Document
from frtracker.answers.history import histories
from frtracker.answers.status import Filters, status
from frtracker.dates import days_after
from frtracker.export.formats import MEDIA_TYPES
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Timeline


@dataclass(frozen=True, slots=True)
class File:
    """One file of a folder that is written whole.

    ``name``: its path in the folder, with ``/``. ``format``: the export format that it belongs to.
    ``rows``: how many records it holds; None for a file that holds none of its own, such as a page.
    """

    name: str
    format: str
    data: bytes
    rows: int | None = None

    @property
    def media_type(self) -> str:
        """By the ending of its name."""
        return MEDIA_TYPES[self.name.rpartition(".")[2]]


def json_file(
    name: str, document: Mapping[str, Any], rows: int, *, format: str = "json", indent: int = 2
) -> File:
    """A document as a JSON file."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    return File(name, format, f"{text}\n".encode(), rows)


@dataclass(frozen=True)
class Snapshot:
    """One edition of the record on one day.

    ``status``: every subject with an act known by then. ``histories``: the document of ``show`` by
    key of subject, of every subject with an act of its own. ``changes``: the year up to the day;
    ``upcoming``: the 24 months after it.
    """

    tables: Tables
    timeline: Timeline
    day: date
    status: Document
    histories: Mapping[str, Document]
    changes: Document
    upcoming: Document


def take(tables: Tables, timeline: Timeline, day: date, *, as_of_given: str = "") -> Snapshot:
    """Make the documents of ``day``; ``as_of_given``: the day, month or year as it was given."""
    everything = Filters(everything=True)
    document = status(tables, timeline, day, as_of_given=as_of_given, filters=everything)
    acting = set(tables.policies["subject_key"])
    subjects = [s for s in subjects_by_key(tables.subjects).values() if s.key in acting]
    by_key = {
        history["subject_key"]: history
        for history in histories(tables, timeline, document, subjects)
    }
    return Snapshot(
        tables=tables,
        timeline=timeline,
        day=day,
        status=document,
        histories=MappingProxyType(by_key),
        changes=changes(tables, timeline, _moved(day, "-1y"), day),
        upcoming=upcoming(tables, timeline, day, _moved(day, "24m")),
    )


def _moved(day: date, span: str) -> date:
    try:
        return days_after(day, span)
    except OverflowError:
        return date.min if span.startswith("-") else date.max
