"""How the timeline keeps up with the record: its tables built, and a day of them taken.

    python benchmarks/scale.py [--acts 10k,100k,1m]

For the shipped record, and for synthetic ones of each number of acts in a process of its own: the
tables are built, the rows of a day found and taken with all their columns, by turns with DuckDB
on ``positions.parquet``; the answers are compared, up to 100,000 acts also with a plain loop over
rows (``row_loop.py``), which shares no code with the program.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import duckdb
import numpy as np
import row_loop
from synthetic import write_record
from three_ways import QUERY, differences, read_frame

from frtracker.cli.console import collect_rarely
from frtracker.record import load as table
from frtracker.timeline import Timeline, build, positions_on, rows_on

DAY, NEXT_DAY = date(2024, 6, 30), date(2021, 6, 30)
ROUNDS, BUILDS = 5, 3
LOOPED = 100_000
"""Acts up to which the plain loop is asked too."""

Took = dict[str, list[tuple[float, float]]]
"""Rounds of each piece of work: seconds by the clock, and of the processor."""


def timed(took: Took, name: str, work: Callable[..., Any], *given: Any) -> Any:
    gc.collect()
    before = time.perf_counter(), time.process_time()
    found = work(*given)
    after = time.perf_counter(), time.process_time()
    took.setdefault(name, []).append((after[0] - before[0], after[1] - before[1]))
    return found


def peak() -> float:
    """The largest size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def tables(policies: Any) -> Timeline:
    """The four tables, all of them made."""
    timeline = build(policies)
    assert len(timeline.states) >= len(policies)
    assert timeline.events is not None
    return timeline


def by_duckdb(connection: Any, path: Path, day: date) -> Any:
    """The rows of the day with all columns, as a frame."""
    return connection.execute(QUERY, {"path": str(path), "day": day}).df()


def run(path: Path | None) -> dict[str, Any]:
    """All that is measured of one record (None: the shipped one), in this process."""
    took: Took = {}
    collect_rarely()  # as a command does
    report = timed(took, "load and validate", table.check, [path] if path else [])
    if report.tables is None:
        raise SystemExit(f"the record has errors: {report.errors[:3]}")
    policies = report.tables.policies
    loaded = policies.memory_usage(deep=True).sum() / 1e6
    del report
    peaks = {"before": peak()}
    for name, work in (("positions and periods", build), ("all four tables", tables)):
        for _ in range(BUILDS):  # as many at every size: the first pays for fresh memory
            timeline = None  # the next is built without it
            timeline = timed(took, name, work, policies)
        peaks[name] = peak()

    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        parquet = Path(folder) / "positions.parquet"
        timeline.positions.to_parquet(parquet, index=False)
        for day in (DAY, NEXT_DAY):
            for _ in range(ROUNDS):
                timed(took, "a day found", rows_on, timeline.positions, day)
                ours = timed(took, "a day taken", positions_on, timeline, day)
                theirs = timed(took, "a day (DuckDB, Parquet)", by_duckdb, connection, parquet, day)
            mine = read_frame(ours)
            wrong += differences(mine, read_frame(theirs))
            if len(policies) <= LOOPED:
                wrong += differences(mine, row_loop.positions(policies, day))
    return {
        "acts": len(policies),
        "positions": len(timeline.positions),
        "loaded": loaded,
        "peaks": peaks,
        "took": {
            name: [statistics.median(values) for values in zip(*spent, strict=True)]
            for name, spent in took.items()
        },
        "compared": len(mine),
        "wrong": wrong[:5],
    }


ROWS = (
    "load and validate", "positions and periods", "all four tables", "a day found", "a day taken",
    "a day (DuckDB, Parquet)",
)  # fmt: skip


def told(results: dict[str, dict[str, Any]]) -> list[str]:
    """The results as Markdown: times, growth, memory."""
    sizes = list(results)
    head = " | ".join(f"{size} acts" for size in sizes)
    lines = [
        f"| seconds (of processor) | {head} |",
        f"| --- | {' | '.join('---:' for _ in sizes)} |",
    ]
    for row in ROWS:
        spent = [results[size]["took"][row] for size in sizes]
        cells = [f"{wall:.3g} ({cpu:.3g})" for wall, cpu in spent]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    for before, after in pairwise(sizes[1:]):
        acts = results[after]["acts"] / results[before]["acts"]
        grown = ", ".join(
            f"{row} {results[after]['took'][row][1] / results[before]['took'][row][1]:.1f}"
            for row in ROWS[:3]
        )
        lines.append(
            f"\nFrom {before} to {after} acts ({acts:.0f} times), processor time: {grown}."
        )
    lines += ["", f"| memory | {head} |", f"| --- | {' | '.join('---:' for _ in sizes)} |"]
    cells = [f"{results[size]['loaded']:,.1f}" for size in sizes]
    lines.append(f"| loaded table, MB | {' | '.join(cells)} |")
    for name in results[sizes[0]]["peaks"]:
        peaks = [(results[size]["peaks"][name], results[size]["loaded"]) for size in sizes]
        cells = [f"{most:,.0f} ({most / loaded:.1f})" for most, loaded in peaks]
        lines.append(f"| peak, {name}, MB (times the table) | {' | '.join(cells)} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", default="10k,100k,1m", help="sizes, as in 10k,100k,1m")
    parser.add_argument("--record", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.record is not None:
        click.echo(json.dumps(run(Path(asked.record) if asked.record else None)))
        return
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in ("shipped", *asked.acts.split(",")):
            path = ""
            if size != "shipped":
                acts = int(size.lower().replace("k", "000").replace("m", "000000"))
                path = str(write_record(Path(folder) / size, acts))
            words = [sys.executable, __file__, "--record", path]
            done = subprocess.run(words, check=True, capture_output=True, text=True)
            results[size] = json.loads(done.stdout)
    click.echo(
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"pandas {version('pandas')}, pyarrow {version('pyarrow')}, DuckDB {duckdb.__version__}, "
        f"{os.cpu_count()} cores, {platform.machine()}\n"
    )
    click.echo("\n".join(told(results)))
    for size, found in results.items():
        verdict = "; ".join(found["wrong"]) or "every answer is the same"
        click.echo(f"\n{size}: {found['compared']:,} subjects and actors: {verdict}.")
    if any(found["wrong"] for found in results.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
