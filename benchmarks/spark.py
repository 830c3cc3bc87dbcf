"""The questions of docs/export.md, asked of a large record in Spark and in DuckDB.

    scripts/check_spark.sh [--acts 1m]

A synthetic record is read, its timeline is built, and ``positions`` and ``subjects`` are written as
Parquet files in Hive partitions: by actor and region, and by region. Both engines, with two threads
and 4 GB each, answer every question from these files into Parquet; the answers must be the same.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import click
import duckdb
import pandas as pd
from queries import QUERIES
from synthetic import write_record

from frtracker.export.documents import Snapshot
from frtracker.export.tables import TABLES, Table, cells
from frtracker.record.load import read
from frtracker.text.sheet import as_parquet
from frtracker.timeline import build

PARTITIONS = {"positions": ["actor", "region"], "subjects": ["region"]}
NO_WORD = "__HIVE_DEFAULT_PARTITION__"
THREADS, MEMORY, ROUNDS = 2, "4g", 3
LONGEST = 3600
"""Seconds after which Spark is stopped."""


def write_tables(policies: Path, folder: Path) -> dict[str, tuple[int, int]]:
    """Write the partitioned tables of a record: rows and files of each."""
    record = read(policies)
    nothing: dict[str, Any] = {}  # the tables need no document
    documents = dict.fromkeys(("status", "histories", "changes", "upcoming"), nothing)
    snapshot = Snapshot(
        record, build(record.policies), date.max, **documents, released=(), answers=""
    )
    regions = record.subjects.set_index("subject_key")["region"]
    written = {}
    for table in TABLES:
        if by := PARTITIONS.get(table.name):
            frame = cells(table, snapshot)
            words = frame.assign(region=frame["subject_key"].map(regions))[by]
            written[table.name] = len(frame), _write_parts(table, frame, words, folder)
    return written


def _write_parts(table: Table, frame: pd.DataFrame, words: pd.DataFrame, folder: Path) -> int:
    columns = [it for it in table.columns if it.name not in words]
    parts = words.groupby([*words]).indices
    for found, rows in parts.items():
        values = found if isinstance(found, tuple) else (found,)
        names = (f"{name}={it or NO_WORD}" for name, it in zip(words, values, strict=True))
        path = folder.joinpath(table.name, *names, "rows.parquet")
        path.parent.mkdir(parents=True)
        path.write_bytes(as_parquet(frame.iloc[rows], columns, {}))
    return len(parts)


def by_duckdb(folder: Path, answers: Path) -> dict[str, list[float]]:
    """Write each answer to ``answers``; the seconds of each round."""
    took: dict[str, list[float]] = {}
    answers.mkdir()
    with duckdb.connect(config={"threads": THREADS, "memory_limit": f"{MEMORY}b"}) as database:
        for name in PARTITIONS:
            files = f"'{folder / name}/**/*.parquet', hive_partitioning = true"
            database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files})")
        for _ in range(ROUNDS):
            for name, query in QUERIES.items():
                before = time.perf_counter()
                database.execute(f"COPY ({query}) TO '{answers / name}.parquet'")
                took.setdefault(name, []).append(time.perf_counter() - before)
    return took


def by_spark(python: str, folder: Path, answers: Path) -> dict[str, Any]:
    """As :func:`by_duckdb`, in the environment of ``python``, which has PySpark: ``took``, and
    ``version``."""
    asked = {
        **{"folder": str(folder), "answers": str(answers), "tables": [*PARTITIONS]},
        **{"queries": QUERIES, "rounds": ROUNDS, "threads": THREADS, "memory": MEMORY},
    }
    words = [python, str(Path(__file__).with_name("ask_spark.py"))]
    done = subprocess.run(
        words, input=json.dumps(asked), check=True, stdout=subprocess.PIPE, text=True,
        timeout=LONGEST,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def differing(one: str, other: str) -> tuple[int, int]:
    """The rows of the first answer, and how many rows are in one of the two only. Both are what
    DuckDB reads: the name of a file, or a pattern."""
    with duckdb.connect() as database:
        database.execute(f"CREATE VIEW one AS SELECT * FROM '{one}'")
        database.execute(f"CREATE VIEW other AS SELECT * FROM '{other}'")
        query = """
            SELECT (SELECT COUNT(*) FROM one),
              (SELECT COUNT(*) FROM (FROM one EXCEPT ALL FROM other))
              + (SELECT COUNT(*) FROM (FROM other EXCEPT ALL FROM one))
        """
        rows, differ = database.execute(query).fetchall()[0]
    return rows, differ


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", default="1m", help="size of the record, as in 10k, 1m")
    parser.add_argument("--spark", required=True, help="a Python with PySpark")
    asked = parser.parse_args()
    acts = int(asked.acts.lower().replace("k", "000").replace("m", "000000"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        written = write_tables(write_record(folder / "record", acts), folder / "tables")
        made = time.perf_counter() - begun
        duck = by_duckdb(folder / "tables", folder / "duckdb")
        spark = by_spark(asked.spark, folder / "tables", folder / "spark")
        compared = {
            it: differing(f"{folder}/duckdb/{it}.parquet", f"{folder}/spark/{it}/*.parquet")
            for it in QUERIES
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    click.echo(
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, Spark"
        f" {spark['version']}, {THREADS} threads and {MEMORY} each\n\n{acts:,} acts, written in"
        f" {made:.0f} s, at most {peak:.1f} GB, with {spark['peak']:.1f} GB in Spark: "
        + ", ".join(f"{rows:,} {it} in {files} files" for it, (rows, files) in written.items())
        + "\n\n| question | rows | DuckDB, s | Spark, s | Spark / DuckDB |"
        "\n| --- | ---: | ---: | ---: | ---: |"
    )
    for it, (rows, _) in compared.items():
        ours, theirs = statistics.median(duck[it]), statistics.median(spark["took"][it])
        click.echo(f"| {it} | {rows:,} | {ours:.2f} | {theirs:.2f} | {theirs / ours:.1f} |")
    wrong = [f"{it}: {differ:,} rows differ" for it, (_, differ) in compared.items() if differ]
    wrong += [f"{it}: no rows" for it, (rows, _) in compared.items() if not rows]
    click.echo("\n" + ("; ".join(wrong) or "Every answer is the same."))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
