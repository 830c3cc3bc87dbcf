"""The tables as CSV with a data package, as Parquet, and in one SQLite file."""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any, Final

import pandas as pd

from frtracker.answers.documents import SCHEMA_VERSION
from frtracker.export.snapshot import File, Snapshot, json_file
from frtracker.record import package
from frtracker.record.columns import DATES, TABLES
from frtracker.text.sheet import safe_csv
from frtracker.timeline.build import KEY, PERIODS, POSITIONS, Column, Kind, range_of

Value = str | bool | date | float | None
Table = tuple[pd.DataFrame, Sequence[Column]]

_COMPUTED: Final = {
    "positions": (POSITIONS, "What held, for whom, in which days"),
    "periods": (PERIODS, "Each rule for each actor, in the days of its force"),
}


def all_tables(snapshot: Snapshot, *, as_in_files: bool = False) -> dict[str, Table]:
    """Every table with its columns: those of the record, then positions and periods.

    Unless ``as_in_files``, policies have the first and last possible day of each date, and
    policies and subjects the key of the subject.
    """
    tables: dict[str, Table] = {}
    for name in TABLES:
        columns = list(_recorded(name))
        if name == "policies" and not as_in_files:
            for date_column in DATES:
                columns += range_of(date_column, f"The recorded {date_column}")
            columns.append(KEY)
        if name == "subjects" and not as_in_files:
            columns.insert(0, KEY)
        tables[name] = getattr(snapshot.tables, name), columns
    for name, (described, _) in _COMPUTED.items():
        tables[name] = getattr(snapshot.timeline, name), described
    return tables


def _recorded(table: str) -> Iterator[Column]:
    """The columns of a table of the record, as in its file; dates are text, as recorded."""
    for column in TABLES[table].columns:
        kind: Kind = "number" if column.kind.name == "number" else "text"
        yield Column(column.name, kind, column.description, optional=not column.required)


def _rows(table: Table) -> Iterator[tuple[Value, ...]]:
    """The rows in plain types; None where empty."""
    frame, columns = table
    cells = [[_value(item, column) for item in frame[column.name]] for column in columns]
    return zip(*cells, strict=True)


def _value(item: Any, column: Column) -> Value:
    match column.kind:
        case "flag":
            return bool(item)
        case "number":
            return None if pd.isna(item) else float(item)
        case "day" if isinstance(item, pd.Timestamp):
            return item.date()
        case "day":  # an ordinal, of which 0 is no date and 1 (the year 1) an open start
            return None if pd.isna(item) or item <= 1 else date.fromordinal(int(item))
        case _:
            return None if column.optional and item == "" else str(item)


# --- CSV


def csv_files(snapshot: Snapshot, *, safe: bool = False) -> Iterator[File]:
    """The tables of the record as they are recorded, ``positions.csv``, ``periods.csv``, and
    ``datapackage.json``.

    UTF-8, line feed, RFC 4180 quoting; days ISO 8601, flags ``true`` and ``false``, empty where
    nothing is recorded or a stretch is open. ``safe``: a spreadsheet runs no cell as a formula.
    """
    described = package.descriptor()
    described["resources"] += [
        _resource(name, columns, title) for name, (columns, title) in _COMPUTED.items()
    ]
    for name, table in all_tables(snapshot, as_in_files=True).items():
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([column.name for column in table[1]])
        writer.writerows(map(_cell, row) for row in _rows(table))
        text = buffer.getvalue()
        file = File(
            f"{name}.csv", "csv", (safe_csv(text) if safe else text).encode(), len(table[0])
        )
        resource = next(each for each in described["resources"] if each["path"] == file.name)
        resource["bytes"] = len(file.data)
        resource["hash"] = f"sha256:{hashlib.sha256(file.data).hexdigest()}"
        yield file
    yield json_file("datapackage.json", described, len(described["resources"]), format="csv")


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():  # as the record writes degrees, unless that would lose some
            brief = f"{value:.4f}"
            return brief if float(brief) == value else repr(value)
        case _:
            return str(value)


def _resource(name: str, columns: Iterable[Column], title: str) -> dict[str, Any]:
    """A computed table in the data package."""
    types = {"text": "string", "flag": "boolean", "day": "date", "number": "number"}
    fields = [
        {
            "name": column.name,
            "type": types[column.kind],
            "description": column.description,
            **({} if column.optional else {"constraints": {"required": True}}),
        }
        for column in columns
    ]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


# --- Parquet


def parquet_files(snapshot: Snapshot) -> Iterator[File]:
    """``positions``, ``periods`` and ``policies`` for DuckDB, Spark, BigQuery and the like.

    Days are ``date32``, flags ``bool``, all else strings; null where empty. ``policies`` has its
    dates as recorded and each also as ``…_low`` and ``…_high``. Raises ``ModuleNotFoundError``
    without pyarrow.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[str, Any] = {
        "text": pa.string(),
        "flag": pa.bool_(),
        "day": pa.date32(),
        "number": pa.float64(),
    }
    every = all_tables(snapshot)
    for name in ("positions", "periods", "policies"):
        columns = every[name][1]
        fields = [pa.field(c.name, kinds[c.kind], nullable=c.optional) for c in columns]
        cells = list(zip(*_rows(every[name]), strict=True)) or [()] * len(fields)
        arrays = [pa.array(cell, field.type) for cell, field in zip(cells, fields, strict=True)]
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), sink)
        yield File(f"{name}.parquet", "parquet", sink.getvalue(), len(every[name][0]))


# --- SQLite

_SUBJECT: Final = 'FOREIGN KEY ("subject_key") REFERENCES "subjects" ("subject_key")'
_POLICY: Final = 'FOREIGN KEY ("policy_id") REFERENCES "policies" ("policy_id")'
_BY_DAY: Final = (("subject_key", "actor", "valid_from"), ("valid_from", "valid_to"))
_LAYOUT: Final[dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]] = {
    "subjects": (('PRIMARY KEY ("subject_key")',), (("subject",),)),
    "policies": (('PRIMARY KEY ("policy_id")', _SUBJECT), (("subject_key",),)),
    "sources": ((_POLICY,), (("policy_id",),)),
    "searches": ((), (("country", "region"),)),
    "positions": ((_SUBJECT,), _BY_DAY),
    "periods": ((_POLICY, _SUBJECT), (("policy_id",), *_BY_DAY)),
}
"""Constraints and indexes of each table, in the order in which they can be filled."""


def sqlite_files(snapshot: Snapshot) -> Iterator[File]:
    """``frtracker.sqlite``: every table, with keys and indexes, and the edition.

    Days are ISO text, which sorts and compares as days do; flags 0 and 1; NULL where empty. The
    bytes depend on the content and on the version of SQLite that writes them.
    """
    every, edition = all_tables(snapshot), snapshot.status["dataset"]
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        database.execute('CREATE TABLE "edition" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL)')
        facts = {"schema_version": SCHEMA_VERSION} | {
            name: edition[name] for name in ("policies", "reviewed_through", "edition")
        }
        named = [(name, str(value)) for name, value in facts.items()]
        database.executemany('INSERT INTO "edition" VALUES (?, ?)', named)
        for name, (constraints, indexes) in _LAYOUT.items():
            columns = every[name][1]
            body = ", ".join([*map(_declared, columns), *constraints])
            database.execute(f'CREATE TABLE "{name}" ({body})')
            places = ", ".join("?" * len(columns))
            values = (map(_stored, row) for row in _rows(every[name]))
            database.executemany(f'INSERT INTO "{name}" VALUES ({places})', map(tuple, values))
            for index in indexes:
                quoted = ", ".join(f'"{column}"' for column in index)
                database.execute(f'CREATE INDEX "{name}_{"_".join(index)}" ON "{name}" ({quoted})')
        database.commit()
        data = bytes(database.serialize())
    yield File("frtracker.sqlite", "sqlite", data, sum(len(every[name][0]) for name in _LAYOUT))


def _declared(column: Column) -> str:
    types = {"text": "TEXT", "day": "TEXT", "number": "REAL", "flag": "INTEGER"}
    empty = "" if column.optional else " NOT NULL"
    check = f' CHECK ("{column.name}" IN (0, 1))' if column.kind == "flag" else ""
    return f'"{column.name}" {types[column.kind]}{empty}{check}'


def _stored(value: Value) -> str | int | float | None:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
