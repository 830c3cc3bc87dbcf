"""The tables as CSV files with a data package, and the record as it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pandas as pd

from frtracker.export import File, json_file
from frtracker.export.documents import Snapshot
from frtracker.export.tables import KEYS, TABLES, Table, cells
from frtracker.record.columns import data_package, resource
from frtracker.text.sheet import as_csv, safe_csv
from frtracker.timeline.columns import Column


def csv_files(snapshot: Snapshot, *, safe: bool = False) -> Iterator[File]:
    """Each of :data:`TABLES` and ``datapackage.json``, then ``record/``, the files of the record.
    UTF-8, line feed, RFC 4180 quoting; days ISO 8601, flags ``true`` and ``false``, empty where
    there is nothing. ``safe``: for a spreadsheet, see :func:`safe_csv`, and without ``record/``."""
    resources = []
    for table in TABLES:
        frame = cells(table, snapshot)
        text = as_csv(table.names, _rows(table, frame))
        data = (safe_csv(text) if safe else text).encode()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        resources.append({**_resource(table), "bytes": len(data), "hash": digest})
        yield File(f"{table.name}.csv", "csv", data, len(frame))
    described = data_package(resources, snapshot.tables.edition.reviewed_through or "")
    yield json_file("datapackage.json", described, len(resources), format="csv")
    for name, raw in () if safe else snapshot.tables.raw.items():
        rows = len(getattr(snapshot.tables, name.removesuffix(".csv")))
        yield File(f"record/{name}", "csv", raw, rows)


def _rows(table: Table, frame: pd.DataFrame) -> list[dict[Any, Any]]:
    counts = {column.name for column in table.columns if column.kind == "count"}
    numbers = {
        str(name): column.map(_whole if name in counts else _degrees)
        for name, column in frame.items()
        if column.dtype.kind == "f"
    }
    return frame.assign(**numbers).to_dict("records")


def _whole(value: float) -> str:
    return "" if value != value else f"{value:.0f}"


def _degrees(value: float) -> str:
    """As the record writes them, unless that would lose some; '' where there are none."""
    brief = f"{value:.4f}"
    return "" if value != value else brief if float(brief) == value else repr(value)


def _resource(table: Table) -> dict[str, Any]:
    about = table.name, table.title, table.description
    links = {it.name: table.refers(it.name) for it in table.columns if it.kind != "list"}
    to_others = (([name], other, [KEYS[other]]) for name, other in links.items() if other)
    return resource(about, map(_field, table.columns), table.key, to_others)


def _field(column: Column) -> dict[str, Any]:
    types = {"flag": "boolean", "day": "date", "number": "number", "count": "integer"}
    constraints: dict[str, Any] = {}
    if not column.optional and column.kind != "list":
        constraints["required"] = True
    if column.terms and column.kind == "text":
        constraints["enum"] = [*column.terms]
    return {
        "name": column.name,
        "type": types.get(column.kind, "string"),
        "description": column.description,
        **({"constraints": constraints} if constraints else {}),
    }
