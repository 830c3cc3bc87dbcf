"""All that an export tells: the tables and the documents of one day, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from frtracker.answers.changes import changes, upcoming
from frtracker.answers.history import histories
from frtracker.answers.status import Document, Filters, status
from frtracker.dates import days_after
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
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
        histories=MappingProxyType(_histories(tables, timeline, document)),
        changes=changes(tables, timeline, _moved(day, "-1y"), day),
        upcoming=upcoming(tables, timeline, day, _moved(day, "24m")),
    )


def _moved(day: date, span: str) -> date:
    try:
        return days_after(day, span)
    except OverflowError:
        return date.min if span.startswith("-") else date.max


def _histories(tables: Tables, timeline: Timeline, document: Document) -> dict[str, Document]:
    acting = set(tables.policies["subject_key"])
    people = subjects_by_key(tables.subjects)
    told = histories(tables, timeline, document, (people[key] for key in people if key in acting))
    return {each["key"]: each for each in told}
