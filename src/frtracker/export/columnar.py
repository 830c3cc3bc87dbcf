"""The tables as Parquet."""

from __future__ import annotations

from collections.abc import Iterator

from frtracker.export import File
from frtracker.export.documents import Snapshot
from frtracker.export.tables import TABLES, cells, facts_of
from frtracker.text.sheet import as_parquet


def parquet_files(snapshot: Snapshot) -> Iterator[File]:
    """Each of :data:`TABLES` for DuckDB, Spark, BigQuery and the like, see :func:`as_parquet`.
    Raises ``ModuleNotFoundError`` without pyarrow."""
    for table in TABLES:
        frame, facts = cells(table, snapshot), facts_of(snapshot, f"table {table.name}")
        about_it = {**facts, "table": table.name, "description": table.description}
        data = as_parquet(frame, table.columns, about_it)
        yield File(f"{table.name}.parquet", "parquet", data, len(frame))
