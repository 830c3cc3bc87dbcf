"""How the answers keep up with the table: frtracker, DuckDB and a plain loop over rows.

    python benchmarks/scale.py [--acts 10k,100k,1m]

For each number of acts a process of its own: the synthetic record is read and checked, then asked
for the positions on a day, on another day, and on the last day of 100 months; by turns with DuckDB
on the same table in memory, and once with a plain loop. Every answer is compared.
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
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import duckdb
import numpy as np
import row_loop
from frtracker.timeline.standing import Standing, ranks_on
from synthetic import write_record
from three_ways import by_duckdb, differences, read_arrow, read_frame, undoubted

from frtracker import timeline
from frtracker.record import load as table
from frtracker.timeline.rules import ACTOR_CODES, RANKED

DAY, NEXT_DAY = date(2024, 6, 30), date(2021, 6, 30)
MONTHS = tuple(date(2018 + n // 12, n % 12 + 1, 1) + timedelta(days=-1) for n in range(1, 101))
ROUNDS = 3
DUCKDB_MONTHS = 10
"""Of the 100 months DuckDB is asked about each tenth, and the time is counted tenfold."""

Took = dict[str, list[tuple[float, ...]]]
"""Rounds of each piece of work: seconds by the clock, of the processor, of these the program's own
(the rest is the system's, which hands out memory page by page)."""


def timed(took: Took, name: str, work: Callable[..., Any], *given: Any) -> Any:
    gc.collect()
    before = _clocks()
    found = work(*given)
    spent = tuple(now - then for now, then in zip(_clocks(), before, strict=True))
    took.setdefault(name, []).append(spent)
    return found


def _clocks() -> tuple[float, float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime, used.ru_utime


def peak() -> float:
    """The largest size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def panel(found: Standing) -> list[Counter[tuple[str, int, int]]]:
    """How many subjects have which actor, highest and lowest position, month by month."""
    wide = len(RANKED)
    counts = []
    for month in MONTHS:
        listed, highest, lowest = ranks_on(found, month)
        cells = (found.bindings.pairs.actor * wide + highest) * wide + lowest
        numbers = np.bincount(cells[listed], minlength=len(ACTOR_CODES) * wide**2)
        rows = numbers.reshape(-1, wide, wide).nonzero()
        keys = ((ACTOR_CODES[actor], high, low) for actor, high, low in zip(*rows, strict=True))
        counts.append(Counter(dict(zip(keys, numbers[numbers > 0].tolist(), strict=True))))
    return counts


def run(path: Path) -> dict[str, Any]:
    """All that is measured of one record, in this process."""
    took: Took = {}
    base = peak()
    report = timed(took, "load and validate", table.check, [path])
    if report.tables is None:
        raise SystemExit(f"the synthetic record has errors: {report.errors[:3]}")
    policies = report.tables.policies
    loaded = policies.memory_usage(deep=True).sum() / 1e6
    peaks = {"load and validate": peak() - base}

    connection = duckdb.connect(config={"temp_directory": str(path.parent)})
    read_once = timeline.standing(policies)
    timeline.standing_on(read_once, DAY)
    panel(read_once)
    peaks["and positions, and the panel"] = peak() - base
    csv = f"CREATE TABLE texts AS FROM read_csv('{path}', all_varchar = true)"
    timed(took, "load (DuckDB, unchecked)", connection.execute, csv)
    connection.execute("DROP TABLE texts")
    connection.execute("CREATE TABLE policies AS SELECT * FROM policies")

    wrong: list[str] = []
    for _ in range(ROUNDS):
        theirs = timed(took, "a day (DuckDB)", by_duckdb, connection, DAY)
        read_once = timed(took, "a day: reading the rules", timeline.standing, policies)
        ours = timed(took, "a day: asking", timeline.standing_on, read_once, DAY)
        again = timed(took, "the same day again", timeline.standing_on, read_once, DAY)
        timed(took, "another day", timeline.standing_on, read_once, NEXT_DAY)
        timed(took, "another day (DuckDB)", by_duckdb, connection, NEXT_DAY)
    parts = took.pop("a day: reading the rules"), took.pop("a day: asking")
    took["a day"] = [tuple(map(sum, zip(*each, strict=True))) for each in zip(*parts, strict=True)]
    if not ours.equals(again):
        wrong.append("the same day asked twice")

    mine = read_frame(ours)
    wrong += differences(mine, timed(took, "a day (loop)", row_loop.positions, policies, DAY))
    sure = read_arrow(theirs)
    wrong += differences(undoubted(mine, sure), sure)
    compared = {"pairs": len(mine), "of them without doubt": len(sure)}

    months = timed(took, "100 months", panel, read_once)
    step = len(MONTHS) // DUCKDB_MONTHS
    for month in MONTHS[::step]:
        answer = timed(took, "one month (DuckDB)", by_duckdb, connection, month)
        sure = read_arrow(answer)
        mine = read_frame(timeline.standing_on(read_once, month))
        found = Counter((actor, each.rank, each.lowest) for (_, actor), each in mine.items())
        if months[MONTHS.index(month)] != found or len(answer) != len(mine):
            wrong.append(f"another number of subjects and actors in {month}")
        wrong += differences(undoubted(mine, sure), sure)
    spent = zip(*took.pop("one month (DuckDB)"), strict=True)
    took["100 months (DuckDB)"] = [tuple(step * sum(values) for values in spent)]
    timed(took, "the whole timeline", timeline.build, policies)
    return {
        "loaded": loaded,
        "peaks": peaks,
        "took": {
            name: [statistics.median(values) for values in zip(*spent, strict=True)]
            for name, spent in took.items()
        },
        "compared": compared,
        "wrong": wrong[:5],
    }


ROWS = (
    "load and validate", "load (DuckDB, unchecked)", "a day", "a day (DuckDB)", "a day (loop)",
    "the same day again", "another day", "another day (DuckDB)", "100 months",
    "100 months (DuckDB)", "the whole timeline",
)  # fmt: skip


def told(results: dict[str, dict[str, Any]]) -> list[str]:
    """The results as Markdown: times, growth, ratios, memory."""
    sizes = list(results)
    lines = [
        f"| seconds (of processor) | {' | '.join(f'{size} acts' for size in sizes)} |",
        f"| --- | {' | '.join('---:' for _ in sizes)} |",
    ]
    for row in ROWS:
        spent = [results[size]["took"][row] for size in sizes]
        cells = [f"{wall:.3g} ({cpu:.3g})" for wall, cpu, _ in spent]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    lines += ["", f"| ratio | {' | '.join(sizes)} |", f"| --- |{' ---: |' * len(sizes)}"]
    ratios = (
        ("a day ÷ DuckDB's", "a day", "a day (DuckDB)"),
        ("another day ÷ the first", "another day", "a day"),
        ("another day ÷ DuckDB's", "another day", "another day (DuckDB)"),
        ("a day ÷ the loop's", "a day", "a day (loop)"),
        ("100 months ÷ DuckDB's", "100 months", "100 months (DuckDB)"),
    )
    for name, one, other in ratios:
        cells = []
        for size in sizes:
            took = results[size]["took"]
            wall, cpu = (took[one][k] / took[other][k] for k in range(2))
            cells.append(f"{wall:.2f} ({cpu:.2f})")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    for before, after in pairwise(sizes):
        grown = {
            row: [results[after]["took"][row][k] / results[before]["took"][row][k] for k in (1, 2)]
            for row in ("load and validate", "a day", "another day", "100 months")
        }
        told_growth = ", ".join(
            f"{row} {all_:.1f} ({own:.1f})" for row, (all_, own) in grown.items()
        )
        lines.append(
            f"\nFrom {before} to {after} acts, processor time grows (the program's own part): "
            f"{told_growth}."
        )
    lines += ["", "| memory | " + " | ".join(sizes) + " |", f"| --- |{' ---: |' * len(sizes)}"]
    lines.append(
        "| loaded table, MB | "
        + " | ".join(f"{results[size]['loaded']:,.0f}" for size in sizes)
        + " |"
    )
    for name in results[sizes[0]]["peaks"]:
        peaks = [(results[size]["peaks"][name], results[size]["loaded"]) for size in sizes]
        cells = [f"{most:,.0f} ({most / loaded:.1f})" for most, loaded in peaks]
        lines.append(f"| peak, {name}, MB (times the table) | {' | '.join(cells)} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", default="10k,100k,1m", help="sizes, as in 10k,100k,1m")
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.record:
        click.echo(json.dumps(run(asked.record)))
        return
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.acts.split(","):
            acts = int(size.lower().replace("k", "000").replace("m", "000000"))
            path = write_record(Path(folder) / size, acts)
            words = [sys.executable, __file__, "--record", str(path)]
            done = subprocess.run(words, check=True, capture_output=True, text=True)
            results[size] = json.loads(done.stdout)
    click.echo(
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"pandas {version('pandas')}, pyarrow {version('pyarrow')}, DuckDB {duckdb.__version__}, "
        f"{os.cpu_count()} cores, {platform.machine()}\n"
    )
    click.echo("\n".join(told(results)))
    for size, found in results.items():
        pairs = found["compared"]
        verdict = "; ".join(found["wrong"]) or "every answer is the same"
        click.echo(
            f"\n{size}: {pairs['pairs']:,} subjects and actors, of them"
            f" {pairs['of them without doubt']:,} without doubt: {verdict}."
        )
    if any(found["wrong"] for found in results.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
