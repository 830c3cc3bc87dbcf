"""Everything in one SQLite file, with keys and indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from frtracker.answers.status import SCHEMA_VERSION
from frtracker.export.columns import (
    DERIVED_KEY,
    PERIODS,
    POSITIONS,
    Column,
    Value,
    bounds,
    recorded,
    rows,
)
from frtracker.export.snapshot import File, Snapshot

_TYPES: Final = {"text": "TEXT", "day": "TEXT", "number": "REAL", "flag": "INTEGER"}
_SUBJECT: Final = 'FOREIGN KEY ("subject_key") REFERENCES "subjects" ("subject_key")'
_POLICY: Final = 'FOREIGN KEY ("policy_id") REFERENCES "policies" ("policy_id")'


@dataclass(frozen=True)
class _Table:
    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    constraints: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()


def sqlite(snapshot: Snapshot) -> Iterator[File]:
    """``frtracker.sqlite``: policies, subjects, sources, searches, positions, periods, edition.

    Days are ISO text, which sorts and compares as days do; flags 0 and 1; NULL where empty. The
    bytes depend on the content and on the version of SQLite that writes them.
    """
    tables = _tables(snapshot)
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        _edition(database, snapshot)
        for table in tables:
            _create(database, table)
        database.commit()
        data = bytes(database.serialize())
    count = sum(len(table.frame) for table in tables)
    yield File("frtracker.sqlite", "sqlite", "application/vnd.sqlite3", data, count)


def _tables(snapshot: Snapshot) -> tuple[_Table, ...]:
    tables, timeline = snapshot.tables, snapshot.timeline
    return (
        _Table(
            "subjects",
            tables.subjects,
            (DERIVED_KEY, *recorded("subjects")),
            ('PRIMARY KEY ("subject_key")',),
            (("subject",),),
        ),
        _Table(
            "policies",
            tables.policies,
            (*recorded("policies"), *bounds(), DERIVED_KEY),
            ('PRIMARY KEY ("policy_id")', _SUBJECT),
            (("subject_key",),),
        ),
        _Table("sources", tables.sources, recorded("sources"), (_POLICY,), (("policy_id",),)),
        _Table("searches", tables.searches, recorded("searches"), (), (("country", "region"),)),
        _Table(
            "positions",
            timeline.positions,
            POSITIONS,
            (_SUBJECT,),
            (("subject_key", "actor", "start"), ("start", "end")),
        ),
        _Table(
            "periods",
            timeline.periods,
            PERIODS,
            (_POLICY, _SUBJECT),
            (("policy_id",), ("subject_key", "actor", "start"), ("start", "end")),
        ),
    )


def _create(database: sqlite3.Connection, table: _Table) -> None:
    body = ", ".join([*map(_column, table.columns), *table.constraints])
    database.execute(f'CREATE TABLE "{table.name}" ({body})')
    places = ", ".join("?" * len(table.columns))
    values = ([_stored(value) for value in row] for row in rows(table.frame, table.columns))
    database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', values)
    for index in table.indexes:
        named = ", ".join(f'"{name}"' for name in index)
        database.execute(
            f'CREATE INDEX "{table.name}_{"_".join(index)}" ON "{table.name}" ({named})'
        )


def _column(column: Column) -> str:
    said = f'"{column.name}" {_TYPES[column.kind]}'
    if not column.optional:
        said += " NOT NULL"
    return f'{said} CHECK ("{column.name}" IN (0, 1))' if column.kind == "flag" else said


def _stored(value: Value) -> str | int | float | None:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _edition(database: sqlite3.Connection, snapshot: Snapshot) -> None:
    edition = snapshot.status["dataset"]
    facts = [
        ("schema_version", str(SCHEMA_VERSION)),
        ("policies", str(edition["policies"])),
        ("reviewed_through", edition["reviewed_through"]),
        ("sha256", edition["sha256"]),
    ]
    database.execute('CREATE TABLE "edition" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL)')
    database.executemany('INSERT INTO "edition" VALUES (?, ?)', facts)
