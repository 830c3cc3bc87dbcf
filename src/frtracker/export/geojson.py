"""Subjects that have a point, with their headline on the day, as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

from frtracker.export.snapshot import File, Snapshot

_TOLD: Final = (
    "key",
    "subject",
    "subject_type",
    "country",
    "region",
    "measure",
    "scope",
    "for",
    "certain",
    "since",
    "until",
)


def geojson(snapshot: Snapshot) -> Iterator[File]:
    """``subjects.geojson``: WGS 84, longitude first; the properties are those of ``status``.

    Agencies of a whole country have the point of their seat: ``subject_type`` tells them apart.
    """
    points = _points(snapshot)
    features = [
        _feature(entry, points[entry["key"]])
        for entry in snapshot.status["subjects"]
        if entry["key"] in points
    ]
    document = {
        "type": "FeatureCollection",
        "schema_version": snapshot.status["schema_version"],
        "as_of": snapshot.status["as_of"],
        "dataset": snapshot.status["dataset"],
        "features": features,
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    count = len(features)
    yield File("subjects.geojson", "geojson", "application/geo+json", text.encode(), count)


def _points(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    columns = ["subject_key", "longitude", "latitude"]
    placed = snapshot.tables.subjects[columns].itertuples(index=False, name=None)
    return {key: (x, y) for key, x, y in placed if not (math.isnan(x) or math.isnan(y))}


def _feature(entry: dict[str, Any], point: tuple[float, float]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": entry["key"],
        "geometry": {"type": "Point", "coordinates": [round(degrees, 6) for degrees in point]},
        "properties": {name: entry[name] for name in _TOLD},
    }
