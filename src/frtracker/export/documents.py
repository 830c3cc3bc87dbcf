"""The documents of one day, and as JSON files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from frtracker.answers.changes import changes, upcoming
from frtracker.answers.documents import Document
from frtracker.answers.editions import Released
from frtracker.answers.here import histories
from frtracker.answers.status import Filters, status
from frtracker.dates import days_after
from frtracker.export import File, json_file
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.text.editions import answers_csv
from frtracker.timeline import Timeline


@dataclass(frozen=True)
class Snapshot:
    """One edition of the record on one day. ``status``: every subject with an act known by then.
    ``histories``: the document of ``show`` by key, of every subject with an act of its own.
    ``changes``: the year up to the day; ``upcoming``: the 24 months after it. ``released``: the
    editions that are kept beside the record; ``answers``: the sha256 of its positions."""

    tables: Tables
    timeline: Timeline
    day: date
    status: Document
    histories: Mapping[str, Document]
    changes: Document
    upcoming: Document
    released: tuple[Released, ...]
    answers: str


def take(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    as_of_given: str = "",
    released: Iterable[Released] = (),
) -> Snapshot:
    """Make the documents of ``day``; ``as_of_given``: the day, month or year as it was given;
    ``released``: see :func:`frtracker.answers.editions.released`."""
    filters = Filters(everything=True)
    document = status(tables, timeline, day, as_of_given=as_of_given, filters=filters)
    acting = tables.subjects["subject_key"].isin(tables.policies["subject_key"])
    subjects = subjects_by_key(tables.subjects[acting]).values()
    by_key = {it["subject_key"]: it for it in histories(tables, timeline, document, subjects)}
    answers = hashlib.sha256(answers_csv(timeline.positions).encode()).hexdigest()
    past = changes(tables, timeline, _moved(day, "-1y"), day)
    coming = upcoming(tables, timeline, day, _moved(day, "24m"))
    return Snapshot(tables, timeline, day, document, by_key, past, coming, tuple(released), answers)


def _moved(day: date, span: str) -> date:
    try:
        return days_after(day, span)
    except OverflowError:
        return date.min if span.startswith("-") else date.max


def json_files(snapshot: Snapshot) -> Iterator[File]:
    """``all.json`` (the document of ``status --all``), its subjects also as JSON Lines, and
    ``subjects/<key>.json`` (the document of ``show``); the JSON Schemas of all kinds of documents,
    and an OpenAPI description of these files."""
    entries = snapshot.status["subjects"]
    yield json_file("all.json", snapshot.status, len(entries))
    lines = (f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    yield File("all.jsonl", "json", "".join(lines).encode(), len(entries))
    for key, document in snapshot.histories.items():
        yield json_file(f"subjects/{key}.json", document, len(document["policies"]))
    shipped = files("frtracker")
    for schema in sorted(it.name for it in (shipped / "schemas").iterdir()):
        yield File(f"schemas/{schema}", "json", (shipped / "schemas" / schema).read_bytes())
    yield File("openapi.json", "json", (shipped / "openapi.json").read_bytes())
