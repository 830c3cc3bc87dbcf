"""Subjects on the map: as points and as areas, each with the position of every actor on the day."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from frtracker import outlines
from frtracker.answers.documents import SUBJECT_COLUMNS
from frtracker.export import File, json_file
from frtracker.export.documents import Snapshot
from frtracker.places.subjects import subjects_by_key
from frtracker.text.status import positions
from frtracker.vocabulary import ACTORS

_POSITION: Final = (
    *("measure", "scope", "certain"),
    *("since", "since_low", "since_high", "until", "until_low", "until_high"),
)
_OF_ACTOR: Final = (*_POSITION, "at_least_measure", "reach")
PROPERTIES: Final = (
    *(*SUBJECT_COLUMNS, "applies_to", "source_url", *_POSITION),
    *(f"{actor}_{name}" for actor in ACTORS for name in _OF_ACTOR),
)
"""Of each feature, the same in all files. None is a list, which a Shapefile cannot contain."""
_DECIMALS: Final = 6  # as RFC 7946 advises: ten centimeters


def geojson_files(snapshot: Snapshot) -> Iterator[File]:
    """``subjects.geojson``, a point of each subject with coordinates, and ``areas.geojson``, the
    outlines of countries, US states and US counties (RFC 7946: WGS 84, longitude first, outer
    rings counterclockwise). Agencies of a whole country have the point of their seat."""
    columns = ["subject_key", "longitude", "latitude"]
    placed = snapshot.tables.subjects[columns].dropna().itertuples(index=False, name=None)
    points = {key: shapely.Point(round(x, _DECIMALS), round(y, _DECIMALS)) for key, x, y in placed}
    for name, shapes, indent in (("subjects", points, 1), ("areas", _areas(snapshot), None)):
        features = [
            {
                "type": "Feature",
                "id": properties["subject_key"],
                "geometry": mapping(shapes[properties["subject_key"]]),
                "properties": properties,
            }
            for properties in _properties(snapshot, shapes)
        ]
        document = {
            "type": "FeatureCollection",
            "kind": "geojson",
            **{it: snapshot.status[it] for it in ("schema_version", "as_of", "dataset")},
            "features": features,
        }
        rows = len(features)
        yield json_file(f"{name}.geojson", document, rows, format="geojson", indent=indent)


def geoparquet_files(snapshot: Snapshot) -> Iterator[File]:
    """``areas.parquet``: as ``areas.geojson``, with days as ``date32`` and flags as ``bool``, null
    where missing. Raises ``ModuleNotFoundError`` without geopandas or pyarrow."""
    import geopandas
    import pyarrow as pa

    shapes = _areas(snapshot)
    frame = pd.DataFrame(_properties(snapshot, shapes), columns=PROPERTIES, dtype=object)
    types: dict[str, Any] = {
        name: "boolean" if name.endswith("certain") else "str" for name in PROPERTIES
    }
    for name in PROPERTIES:
        if name.endswith(("_low", "_high")):
            frame[name] = frame[name].map(date.fromisoformat, na_action="ignore")
            types[name] = pd.ArrowDtype(pa.date32())
    geometry = [shapes[key] for key in frame["subject_key"]]
    areas = geopandas.GeoDataFrame(frame.astype(types), geometry=geometry, crs="OGC:CRS84")
    buffer = io.BytesIO()
    areas.to_parquet(buffer, index=False)
    yield File("areas.parquet", "geoparquet", buffer.getvalue(), len(areas))


def _properties(snapshot: Snapshot, shapes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The :data:`PROPERTIES` of each subject that has one of ``shapes`` and an act by the day:
    its headline and its best source, and each actor's position, null where no act is on record."""
    rows = {(row["subject_key"], row["actor"]): row for row in positions(snapshot.status)}
    for entry in snapshot.status["subjects"]:
        key = entry["subject_key"]
        if key in shapes:
            whom = entry["applies_to"]
            source = rows[key, whom[0]]["source_url"] if whom else None
            flat = {**entry, "applies_to": ";".join(whom) or None, "source_url": source}
            reach = {rule["policy_id"]: rule["reach"] for rule in entry["policies"]}
            for actor in ACTORS:
                own = dict(rows.get((key, actor), {}))
                ids = (own.get("policy_ids") or "").split(";")
                own["reach"] = reach.get(ids[0])
                flat |= {f"{actor}_{name}": own.get(name) for name in _OF_ACTOR}
            yield {name: flat[name] for name in PROPERTIES}


def _areas(snapshot: Snapshot) -> dict[str, BaseGeometry]:
    """By key the outline of each subject that has one."""
    shapes: dict[str, BaseGeometry] = {}
    for level in outlines.LEVELS:
        frame = outlines.load(level)
        shapes |= zip(frame[outlines.KEYS[level]], frame["geometry"], strict=True)
    subjects = subjects_by_key(snapshot.tables.subjects)
    found = {key: shapes[it.outline] for key, it in subjects.items() if it.outline in shapes}
    return {key: rounded(shape) for key, shape in found.items()}


def rounded(shape: BaseGeometry) -> BaseGeometry:
    """The shape as GeoJSON has it: few decimals, outer rings counterclockwise."""
    brief = shapely.transform(shape, lambda points: points.round(_DECIMALS))
    return shapely.orient_polygons(brief)
