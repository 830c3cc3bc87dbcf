"""The tables as CSV, and the data package that describes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import pandas as pd

from frtracker.export.columns import PERIODS, POSITIONS, Column, Value, rows
from frtracker.export.snapshot import File, Snapshot
from frtracker.record import package as datapackage
from frtracker.record import schema
from frtracker.record.schema import form
from frtracker.text.sheet import safe_csv

_FIELD_TYPES: Final = {"text": "string", "flag": "boolean", "day": "date", "number": "number"}
_COMPUTED: Final = {
    "positions": (POSITIONS, "What held, for whom, in which days"),
    "periods": (PERIODS, "Each rule for each actor, in the days of its force"),
}


def csv_tables(snapshot: Snapshot, *, safe: bool = False) -> Iterator[File]:
    """The four tables as they are recorded, ``positions.csv``, ``periods.csv``, and
    ``datapackage.json``.

    UTF-8, line feed, RFC 4180 quoting; days ISO 8601, flags ``true`` and ``false``, empty where
    nothing is recorded or a stretch is open. ``safe``: a spreadsheet runs no cell as a formula.
    """
    written = []
    for name in schema.MODELS:
        frame = getattr(snapshot.tables, name)[list(schema.column_names(name))]
        written.append(_file(name, _as_text(frame), safe=safe))
    for name, (columns, _) in _COMPUTED.items():
        computed = _plain(getattr(snapshot.timeline, name), columns)
        written.append(_file(name, computed, safe=safe))
    yield from written
    package = _package(written)
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    count = len(package["resources"])
    yield File("datapackage.json", "csv", "application/json", text.encode(), count)


def _file(name: str, frame: pd.DataFrame, *, safe: bool) -> File:
    text = "".join(form.written(frame))
    data = (safe_csv(text) if safe else text).encode()
    return File(f"{name}.csv", "csv", "text/csv", data, len(frame))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.select_dtypes("number").columns
    return frame.assign(
        **{name: ["" if pd.isna(x) else _number(float(x)) for x in frame[name]] for name in numbers}
    )


def _number(value: float) -> str:
    """With four decimals, as the record writes degrees, unless that would lose some."""
    brief = f"{value:.4f}"
    return brief if float(brief) == value else repr(value)


def _plain(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    columns = tuple(columns)
    names = [column.name for column in columns]
    return pd.DataFrame([[_cell(v) for v in row] for row in rows(frame, columns)], columns=names)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _package(files: Iterable[File]) -> dict[str, Any]:
    described = datapackage.descriptor()
    described["resources"] += [
        _resource(name, columns, title) for name, (columns, title) in _COMPUTED.items()
    ]
    by_path = {file.name: file for file in files}
    for resource in described["resources"]:
        data = by_path[resource["path"]].data
        resource["bytes"] = len(data)
        resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return described


def _resource(name: str, columns: Iterable[Column], title: str) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": _FIELD_TYPES[column.kind],
                    "description": column.description,
                    **({} if column.optional else {"constraints": {"required": True}}),
                }
                for column in columns
            ],
            "missingValues": [""],
        },
    }
