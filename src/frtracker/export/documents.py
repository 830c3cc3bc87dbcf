"""The documents of one day: as JSON, and as GeoJSON of the subjects that have a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from frtracker.answers.changes import changes, upcoming
from frtracker.answers.documents import Document
from frtracker.answers.here import histories
from frtracker.answers.status import Filters, status
from frtracker.dates import days_after
from frtracker.export import File, json_file
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Timeline

_PROPERTIES: Final = (
    *("subject_key", "subject", "subject_type", "country", "region", "geoid"),
    *("measure", "scope", "applies_to", "certain"),
    *("since", "since_low", "since_high", "until", "until_low", "until_high"),
)


@dataclass(frozen=True)
class Snapshot:
    """One edition of the record on one day. ``status``: every subject with an act known by then.
    ``histories``: the document of ``show`` by key, of every subject with an act of its own.
    ``changes``: the year up to the day; ``upcoming``: the 24 months after it."""

    tables: Tables
    timeline: Timeline
    day: date
    status: Document
    histories: Mapping[str, Document]
    changes: Document
    upcoming: Document


def take(tables: Tables, timeline: Timeline, day: date, *, as_of_given: str = "") -> Snapshot:
    """Make the documents of ``day``; ``as_of_given``: the day, month or year as it was given."""
    filters = Filters(everything=True)
    document = status(tables, timeline, day, as_of_given=as_of_given, filters=filters)
    acting = tables.subjects["subject_key"].isin(tables.policies["subject_key"])
    subjects = subjects_by_key(tables.subjects[acting]).values()
    by_key = {it["subject_key"]: it for it in histories(tables, timeline, document, subjects)}
    past = changes(tables, timeline, _moved(day, "-1y"), day)
    coming = upcoming(tables, timeline, day, _moved(day, "24m"))
    return Snapshot(tables, timeline, day, document, by_key, past, coming)


def _moved(day: date, span: str) -> date:
    try:
        return days_after(day, span)
    except OverflowError:
        return date.min if span.startswith("-") else date.max


def json_files(snapshot: Snapshot) -> Iterator[File]:
    """``all.json`` (the document of ``status --all``) and ``subjects/<key>.json`` (that of
    ``show``), each with its ``schema_version``."""
    yield json_file("all.json", snapshot.status, len(snapshot.status["subjects"]))
    for key, document in snapshot.histories.items():
        yield json_file(f"subjects/{key}.json", document, len(document["policies"]))


def geojson_files(snapshot: Snapshot) -> Iterator[File]:
    """``subjects.geojson`` (RFC 7946): subjects with their headline on the day, WGS 84, longitude
    first; properties as of ``status``. Agencies of a whole country have the point of their seat."""
    columns = ["subject_key", "longitude", "latitude"]
    placed = snapshot.tables.subjects[columns].dropna().itertuples(index=False, name=None)
    points = {key: [round(x, 6), round(y, 6)] for key, x, y in placed}
    features = [
        {
            "type": "Feature",
            "id": entry["subject_key"],
            "geometry": {"type": "Point", "coordinates": points[entry["subject_key"]]},
            "properties": {name: entry[name] for name in _PROPERTIES},
        }
        for entry in snapshot.status["subjects"]
        if entry["subject_key"] in points
    ]
    document = {
        "type": "FeatureCollection",
        "kind": "geojson",
        **{name: snapshot.status[name] for name in ("schema_version", "as_of", "dataset")},
        "features": features,
    }
    yield json_file("subjects.geojson", document, len(features), format="geojson", indent=1)
