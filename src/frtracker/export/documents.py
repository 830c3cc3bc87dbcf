"""The answers of the day as documents: JSON, and GeoJSON of the subjects that have a point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frtracker.export.snapshot import File, Snapshot, json_file

_PROPERTIES: Final = (
    *("subject_key", "subject", "subject_type", "country", "region", "geoid"),
    *("measure", "scope", "applies_to", "certain"),
    *("since", "since_low", "since_high", "until", "until_low", "until_high"),
)


def json_files(snapshot: Snapshot) -> Iterator[File]:
    """``all.json`` (the document of ``status --all``) and ``subjects/<key>.json`` (that of
    ``show``), each with its ``schema_version``."""
    yield json_file("all.json", snapshot.status, len(snapshot.status["subjects"]))
    for key, document in snapshot.histories.items():
        yield json_file(f"subjects/{key}.json", document, len(document["policies"]))


def geojson_files(snapshot: Snapshot) -> Iterator[File]:
    """``subjects.geojson`` (RFC 7946): subjects with their headline on the day, WGS 84, longitude
    first; the properties are those of ``status``.

    Agencies of a whole country have the point of their seat: ``subject_type`` tells them apart.
    """
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
        "schema_version": snapshot.status["schema_version"],
        "as_of": snapshot.status["as_of"],
        "dataset": snapshot.status["dataset"],
        "features": features,
    }
    yield json_file("subjects.geojson", document, len(features), format="geojson", indent=1)
