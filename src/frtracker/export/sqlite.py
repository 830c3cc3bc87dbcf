"""The tables in one SQLite file, laid out for Datasette, and what Datasette shows of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, Final

import pandas as pd

from frtracker import wording
from frtracker.answers.documents import SCHEMA_VERSION, SUBJECT_COLUMNS
from frtracker.export import File, json_file
from frtracker.export.documents import Snapshot
from frtracker.export.tables import KEYS, TABLES, Table, cells, facts_of
from frtracker.record.columns import CREDITS, LICENSE
from frtracker.timeline.columns import Column

_INDEXES: Final = {
    "subjects": ("subject",),
    "searches": ("country", "region"),
    "coverage": ("level", "country", "region"),
    "positions": ("valid_from", "valid_to"),
    "periods": ("valid_from", "valid_to"),
    "states": ("valid_from", "valid_to"),
    "events": ("on_low", "on_high"),
}
"""In addition to those of the keys."""
_SEARCHED: Final = {
    "policies": ("policy_id", "subject", "instrument", "summary", "exceptions", "notes"),
    "subjects": ("subject", "aliases", "within"),
    "sources": ("title", "publisher"),
}
_FACETS: Final = {
    "policies": ("measure", "status", "country", {"array": "applies_to"}, {"array": "uses"}),
    "subjects": ("subject_type", "country"),
    "sources": ("kind",),
    "positions": ("actor", "measure", "scope", "certain"),
    "periods": ("actor", "measure", "scope", "certain"),
    "states": ("state",),
    "events": ("kind", "certain"),
    "in_force": ("actor", "measure", "scope", "country"),
    "bans_today": ("actor", "scope", "country"),
}
_TODAY: Final = "t.valid_from <= {day} AND (t.valid_to IS NULL OR {day} < t.valid_to)"
_PLACE: Final = ", ".join(f"s.{name}" for name in SUBJECT_COLUMNS)
_IN_FORCE: Final = f"""
SELECT t.policy_id, {_PLACE}, t.actor, t.measure, t.scope, t.certain, t.valid_from, t.valid_to,
  p.summary, p.exceptions, p.source_url
FROM periods t JOIN subjects s USING (subject_key) JOIN policies p USING (policy_id)
WHERE t.measure <> 'none' AND {_TODAY}
ORDER BY s.country, s.region, s.subject, t.policy_id, t.actor"""
_POSITIONS_ON: Final = f"""
SELECT {_PLACE}, t.actor, t.measure, t.scope, t.certain, t.since_low, t.since_high, t.policy_ids
FROM positions t JOIN subjects s USING (subject_key)
WHERE {{which}} AND {_TODAY}
ORDER BY s.country, s.region, s.subject, t.actor"""
_VIEWS: Final = {
    "in_force": (
        "Rules in force today, one row for each actor; which are certain, and which only may be.",
        _IN_FORCE.format(day="date('now')"),
    ),
    "bans_today": (
        "Subjects and actors whose position today is a ban, general or of some uses (scope).",
        _POSITIONS_ON.format(which="t.measure = 'ban'", day="date('now')"),
    ),
}
_OTHERS: Final = {
    "edition": "Which edition of the record this is, its license, and how to cite it.",
    "columns": "What each column of each table means.",
}
_QUERIES: Final = {
    "on_a_day": {
        "title": "Positions on a day",
        "description": "For one actor (police, government, schools, private). The day: 2021-06-30.",
        "sql": _POSITIONS_ON.format(which="t.actor = :actor", day=":day").strip(),
    },
    "history": {
        "title": "History of a subject",
        "description": "Its key is in the table of subjects: us-ma-boston.",
        "sql": """
SELECT e.on_low, e.on_high, e.kind, e.applies_to, p.measure, p.summary, e.policy_id, p.source_url
FROM events e JOIN policies p USING (policy_id)
WHERE e.subject_key = :subject_key
ORDER BY e.on_high, e.event_id""".strip(),
    },
}


def sqlite_files(snapshot: Snapshot) -> Iterator[File]:
    """``frtracker.sqlite`` and, for Datasette, ``metadata.json``.

    Each of :data:`TABLES`, with keys and indexes; for each of its columns with a list one more
    table with a row a word; ``edition`` and ``columns``; the views ``in_force`` and ``bans_today``;
    full-text search. Days are ISO text, which sorts as days do, flags 0 and 1, lists JSON arrays,
    NULL where there is nothing. The bytes depend on the content and on the version of SQLite."""
    count = 0
    facts = facts_of(snapshot, "all tables")
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        for name, names, rows in (
            ("edition", ("name", "value"), facts.items()),
            ("columns", ("table_name", "column_name", "kind", "description"), _dictionary()),
        ):
            key = ", ".join(names[: len(names) // 2])
            columns = [Column(it, "text", "") for it in names]
            _create(database, name, columns, f"PRIMARY KEY ({key})")
            _insert(database, name, rows, len(names))
        for table in TABLES:
            frame = cells(table, snapshot)
            count += len(frame)
            _write(database, table, frame)
        for name, (_, query) in _VIEWS.items():
            database.execute(f"CREATE VIEW {name} AS {query}")
        for name, searched in _SEARCHED.items():
            text, words = ", ".join(searched), "porter unicode61 remove_diacritics 2"
            index, how = f"{name}_fts", f'content="{name}", tokenize="{words}"'
            database.execute(f"CREATE VIRTUAL TABLE {index} USING fts5({text}, {how})")
            database.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
        database.commit()
        database.execute("VACUUM")
        yield File("frtracker.sqlite", "sqlite", bytes(database.serialize()), count)
    yield json_file("metadata.json", _metadata(snapshot), len(TABLES), format="sqlite")


def _dictionary() -> Iterator[tuple[str, str, str, str]]:
    for table in TABLES:
        for it in table.columns:
            yield table.name, it.name, it.kind, it.description


def _write(database: sqlite3.Connection, table: Table, frame: pd.DataFrame) -> None:
    single = [it for it in table.columns if it.kind != "list"]
    key = ", ".join(table.key)
    _create(
        database,
        table.name,
        table.columns,
        key and f"PRIMARY KEY ({key})",
        *(_link(it.name, table.refers(it.name)) for it in single),
    )
    stored = {
        it.name: [_stored(it, value) for value in frame[it.name].tolist()] for it in table.columns
    }
    _insert(database, table.name, zip(*stored.values(), strict=True), len(stored))
    indexes: set[tuple[str, ...]] = {(it.name,) for it in single if table.refers(it.name)}
    if table.name in _INDEXES:
        indexes.add(_INDEXES[table.name])
    for columns in sorted(indexes):
        index = f"{table.name}_{'_'.join(columns)}"
        database.execute(f'CREATE INDEX "{index}" ON "{table.name}" ({", ".join(columns)})')
    for it in table.columns if key else ():
        if it.kind == "list":
            _write_words(database, table, it, stored)


def _write_words(
    database: sqlite3.Connection, table: Table, column: Column, stored: Mapping[str, list[Any]]
) -> None:
    """A table of the words of a list: the key of its row, and the word."""
    name, key = f"{table.name}_{column.name}", ", ".join(table.key)
    keys = [it for it in table.columns if it.name in table.key]
    _create(
        database,
        name,
        [*keys, Column(column.name, "text", column.description)],
        f"PRIMARY KEY ({key}, {column.name})",
        f'FOREIGN KEY ({key}) REFERENCES "{table.name}" ({key})',
        _link(column.name, table.refers(column.name)),
        how="WITHOUT ROWID",
    )
    rows = zip(*(stored[it.name] for it in keys), stored[column.name], strict=True)
    words = ((*of, word) for *of, text in rows for word in json.loads(text or "[]"))
    _insert(database, name, words, len(keys) + 1)


def _create(
    database: sqlite3.Connection,
    name: str,
    columns: Iterable[Column],
    *constraints: str,
    how: str = "",
) -> None:
    parts = filter(None, (*map(_declared, columns), *constraints))
    database.execute(f'CREATE TABLE "{name}" ({", ".join(parts)}) {how}')


def _insert(
    database: sqlite3.Connection, name: str, rows: Iterable[tuple[Any, ...]], width: int
) -> None:
    database.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * width)})', rows)


def _declared(column: Column) -> str:
    kind = {"flag": "INTEGER", "number": "REAL", "count": "INTEGER"}.get(column.kind, "TEXT")
    empty = "" if column.optional else " NOT NULL"
    check = f' CHECK ("{column.name}" IN (0, 1))' if column.kind == "flag" else ""
    return f'"{column.name}" {kind}{empty}{check}'


def _link(column: str, table: str) -> str:
    return f'FOREIGN KEY ("{column}") REFERENCES "{table}" ("{KEYS[table]}")' if table else ""


def _stored(column: Column, value: Any) -> Any:
    is_missing = value != value  # NaN and NaT
    if column.kind == "list" and not (is_missing and column.optional):
        return json.dumps([] if is_missing else value.split(";"), ensure_ascii=False)
    if is_missing:
        return None
    return value.date().isoformat() if column.kind == "day" else value


def _metadata(snapshot: Snapshot) -> dict[str, Any]:
    """What Datasette shows: titles, descriptions, units, license, credits, queries."""
    described: dict[str, dict[str, Any]] = {
        it.name: {
            "title": it.title,
            "description": it.description,
            "columns": {column.name: column.description for column in it.columns},
        }
        for it in TABLES
    }
    described["subjects"] |= {
        "label_column": "subject",
        "units": {"latitude": "deg", "longitude": "deg"},
    }
    described["policies"] |= {"label_column": "policy_id"}
    described |= {name: {"description": text} for name, (text, _) in _VIEWS.items()}
    described |= {name: {"description": text, "hidden": True} for name, text in _OTHERS.items()}
    described |= {
        f"{it.name}_{column.name}": {
            "hidden": True,
            "description": f"A row for each word of the column {column.name} of {it.name}.",
        }
        for it in TABLES
        for column in (it.columns if it.key else ())
        if column.kind == "list"
    }
    for name, facets in _FACETS.items():
        described[name]["facets"] = [*facets]
    license_of = {"license": "CC BY 4.0", "license_url": LICENSE}
    credits = ", ".join(f'<a href="{address}">{title}</a>' for title, address in CREDITS.items())
    edition = wording.edition(snapshot.status["dataset"])
    return {
        "title": wording.TITLE,
        "description_html": f"{edition[:1].upper()}{edition[1:]}. Places: {credits}.",
        **license_of,
        "databases": {"frtracker": {**license_of, "tables": described, "queries": _QUERIES}},
    }
