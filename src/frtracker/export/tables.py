"""The tables as CSV with a data package, as Parquet, and in one SQLite file."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from frtracker.answers.documents import SCHEMA_VERSION
from frtracker.export import File, json_file
from frtracker.export.documents import Snapshot
from frtracker.record.columns import TABLES, data_package
from frtracker.text.sheet import as_csv, as_parquet, safe_csv
from frtracker.timeline.build import PERIODS, POSITIONS, Column
from frtracker.timeline.days import to_days

_COMPUTED: Final = {
    "positions": (POSITIONS, "Positions over time, by subject and actor"),
    "periods": (PERIODS, "Rules in force over time, by rule and actor"),
}


def csv_files(snapshot: Snapshot, *, safe: bool = False) -> Iterator[File]:
    """The tables as recorded, ``positions.csv``, ``periods.csv`` and ``datapackage.json``. UTF-8,
    line feed, RFC 4180 quoting; days ISO 8601, flags ``true`` and ``false``, empty where nothing is
    recorded or a stretch is open. ``safe``: a spreadsheet runs no cell as a formula."""
    described = data_package(TABLES)
    like = {name: cell for name, cell in described["resources"][0].items() if name != "description"}
    for name, (columns, title) in _COMPUTED.items():
        schema = {"fields": [*map(_field, columns)], "missingValues": [""]}
        own = {"name": name, "path": f"{name}.csv", "title": title, "schema": schema}
        described["resources"].append({**like, **own})
    for resource in described["resources"]:
        name = resource["name"]
        frame = getattr(snapshot.timeline if name in _COMPUTED else snapshot.tables, name)
        names = [field["name"] for field in resource["schema"]["fields"]]
        numbers = {n: frame[n].map(_degrees) for n in names if frame[n].dtype.kind == "f"}
        text = as_csv(names, frame.assign(**numbers).to_dict("records"))
        data = (safe_csv(text) if safe else text).encode()
        resource["bytes"] = len(data)
        resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
        yield File(resource["path"], "csv", data, len(frame))
    yield json_file("datapackage.json", described, len(described["resources"]), format="csv")


def _degrees(value: float) -> str:
    """As the record writes them, unless that would lose some; '' where there are none."""
    brief = f"{value:.4f}"
    return "" if value != value else brief if float(brief) == value else repr(value)


def _field(column: Column) -> dict[str, Any]:
    types = {"text": "string", "flag": "boolean", "day": "date", "number": "number"}
    field = {"name": column.name, "type": types[column.kind], "description": column.description}
    return field if column.optional else {**field, "constraints": {"required": True}}


def _typed(snapshot: Snapshot, name: str) -> tuple[pd.DataFrame, set[str]]:
    """A table of text (str), days (datetime64), flags (bool) and numbers (float64), missing where
    empty; and its columns without gaps. Policies and subjects have their key, and policies the
    first and last possible day of each date."""
    if name in _COMPUTED:
        frame = getattr(snapshot.timeline, name)
        required = {column.name for column in _COMPUTED[name][0] if not column.optional}
    else:
        frame = getattr(snapshot.tables, name)
        required = {column.name for column in TABLES[name].columns if column.required}
        required.add("subject_key")
    if name == "subjects":
        frame = frame.set_index("subject_key").reset_index()  # the first column
    cells = {}
    for column in frame:
        cell = frame[column]
        if cell.dtype.kind == "i":  # ordinals: 0 is no date, and 1 (the year 1) an open start
            cell = to_days(cell.where(cell > 1, 0).to_numpy(np.int64))
        elif cell.dtype == "str" and column not in required:
            cell = cell.where(cell != "")
        cells[column] = cell
    return pd.DataFrame(cells), required


def parquet_files(snapshot: Snapshot) -> Iterator[File]:
    """``positions``, ``periods`` and ``policies`` for DuckDB, Spark, BigQuery and the like.

    Days are ``date32``, flags ``bool``, all else strings; null where empty. ``policies`` has each
    date also as ``…_low`` and ``…_high``. Raises ``ModuleNotFoundError`` without pyarrow."""
    for name in ("positions", "periods", "policies"):
        frame, required = _typed(snapshot, name)
        yield File(f"{name}.parquet", "parquet", as_parquet(frame, required), len(frame))


_SUBJECT: Final = 'FOREIGN KEY ("subject_key") REFERENCES "subjects" ("subject_key")'
_POLICY: Final = 'FOREIGN KEY ("policy_id") REFERENCES "policies" ("policy_id")'
_BY_DAY: Final = (("subject_key", "actor", "valid_from"), ("valid_from", "valid_to"))
_LAYOUT: Final[dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]] = {
    "subjects": (('PRIMARY KEY ("subject_key")',), (("subject",),)),
    "policies": (('PRIMARY KEY ("policy_id")', _SUBJECT), (("subject_key",),)),
    "sources": ((_POLICY,), (("policy_id",),)),
    "searches": ((), (("country", "region"),)),
    "coverage": ((), (("level", "country", "region"),)),
    "retired_ids": (
        (
            'PRIMARY KEY ("policy_id")',
            'FOREIGN KEY ("replaced_by") REFERENCES "policies" ("policy_id")',
        ),
        (),
    ),
    "positions": ((_SUBJECT,), _BY_DAY),
    "periods": ((_POLICY, _SUBJECT), (("policy_id",), *_BY_DAY)),
}
"""Constraints and indexes of each table, in the order in which they can be filled."""


def sqlite_files(snapshot: Snapshot) -> Iterator[File]:
    """``frtracker.sqlite``: every table, with keys and indexes, and the edition. Days are ISO text,
    which sorts as days do; flags 0 and 1; NULL where empty. The bytes depend on the content and on
    the version of SQLite that writes them."""
    count = 0
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        database.execute('CREATE TABLE "edition" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL)')
        dataset = {**snapshot.status["dataset"], "schema_version": SCHEMA_VERSION}
        names = ("schema_version", "policies", "reviewed_through", "edition")
        facts = [(name, str(dataset[name])) for name in names]
        database.executemany('INSERT INTO "edition" VALUES (?, ?)', facts)
        for name, (constraints, indexes) in _LAYOUT.items():
            frame, required = _typed(snapshot, name)
            count += len(frame)
            columns = (_declared(frame[each], each in required) for each in frame)
            database.execute(f'CREATE TABLE "{name}" ({", ".join([*columns, *constraints])})')
            places = ", ".join("?" * len(frame.columns))
            rows = (map(_stored, row) for row in frame.itertuples(index=False, name=None))
            database.executemany(f'INSERT INTO "{name}" VALUES ({places})', map(tuple, rows))
            for index in indexes:
                quoted = ", ".join(f'"{column}"' for column in index)
                database.execute(f'CREATE INDEX "{name}_{"_".join(index)}" ON "{name}" ({quoted})')
        database.commit()
        yield File("frtracker.sqlite", "sqlite", bytes(database.serialize()), count)


def _declared(cells: pd.Series, is_required: bool) -> str:
    kind = {"b": "INTEGER", "f": "REAL"}.get(cells.dtype.kind, "TEXT")
    empty = " NOT NULL" if is_required else ""
    check = f' CHECK ("{cells.name}" IN (0, 1))' if kind == "INTEGER" else ""
    return f'"{cells.name}" {kind}{empty}{check}'


def _stored(value: Any) -> Any:
    value = None if value != value else value  # NaN and NaT
    return value.date().isoformat() if isinstance(value, datetime) else value
