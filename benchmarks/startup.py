"""How long commands take to start, as ratios to the imports that they cannot do without.

    python benchmarks/startup.py [--python PATH] [--rounds 21]

Each round runs a command and its measure one right after the other, the order turned from round to
round; told is the median of the rounds' ratios, with the quartiles. ``wall``: by the clock;
``CPU``: of all threads, which other work on the machine disturbs less. ``--python``: the
interpreter of another environment, such as one with the built wheel. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

ROUNDS = 21
TABLES = ("policies", "subjects", "sources", "searches", "coverage", "retired_ids")
VERSIONS = """
import json, sys
from importlib.metadata import version
from importlib.util import find_spec
names = ["frtracker", "click", "pandas", "numpy", "pyarrow", "folium"]
print(json.dumps({name: version(name) for name in names if find_spec(name)}))
"""
WHERE = "from frtracker.files import shipped_folder; print(shipped_folder())"


@dataclass(frozen=True)
class Case:
    """A command of frtracker, the imports it is measured by, and what the ratio may be."""

    words: tuple[str, ...]
    measure: str
    most: float
    label: str = ""
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Took:
    """Seconds of one run."""

    wall: float
    cpu: float


def cases(own: Path, page: Path) -> tuple[Case, ...]:
    status = ("status", "--as-of", "2021-06")
    completing = (
        ("_FRTRACKER_COMPLETE", "bash_complete"),
        ("COMP_WORDS", "frtracker show Portl"),
        ("COMP_CWORD", "2"),
    )
    return (
        Case(("--help",), "click", 2.5),
        Case(("--version",), "click", 2.5),
        Case((), "click", 2.5, "completion of `show Portl`", completing),
        Case(status, "pandas", 1.4),
        Case((*status, "--policies", str(own)), "pandas", 3.0, "the same of a user's file"),
        Case(("map", "--output", str(page)), "pandas, folium", 1.9, "`map`"),
    )


def run(command: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Took:
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    wall, after = time.perf_counter() - began, getrusage(RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} gave {done.returncode}:\n{done.stderr.decode()}")
    return Took(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def pairs(
    case: Case, python: str, rounds: int, environment: Mapping[str, str], folder: Path
) -> list[tuple[Took, Took]]:
    """(measure, command) of each round, after one that is not counted: it fills the caches."""
    measure = (python, "-c", f"import {case.measure}")
    command = (python, "-m", "frtracker", *case.words)
    own = {**environment, **dict(case.environment)}
    found = []
    for number in range(rounds + 1):
        if number % 2:
            base = run(measure, environment, folder)
            took = run(command, own, folder)
        else:
            took = run(command, own, folder)
            base = run(measure, environment, folder)
        if number:
            found.append((base, took))
    return found


def line(case: Case, found: list[tuple[Took, Took]]) -> str:
    label = case.label or f"`{' '.join(case.words)}`"
    wall = [took.wall / base.wall for base, took in found]
    cpu = [took.cpu / base.cpu for base, took in found]
    sides = ([base.wall for base, _ in found], [took.wall for _, took in found])
    cells = [
        label,
        f"`import {case.measure}`",
        *(f"{1000 * statistics.median(side):,.0f}" for side in sides),
        _told(wall),
        _told(cpu),
        f"{case.most:g}",
    ]
    return f"| {' | '.join(cells)} |"


def _told(ratios: list[float]) -> str:
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="of the environment to measure")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    python = str(Path(shutil.which(asked.python) or asked.python).absolute())
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def ask(program: str) -> str:
            command = (python, "-c", program)
            return subprocess.check_output(command, cwd=folder, env=plain, text=True)

        shipped = Path(ask(WHERE).strip())
        for table in TABLES:
            shutil.copy(shipped / f"{table}.csv", folder)
        versions = json.loads(ask(VERSIONS))
        told = ", ".join(f"{package} {number}" for package, number in versions.items())
        version = ask("import platform; print(platform.python_version())").strip()
        print(f"Python {version}, {told}; {os.cpu_count()} cores, {platform.machine()}")
        print(f"{asked.rounds} rounds; ratio: median (quartiles)\n")
        print(
            "| command | measure | measure, ms | command, ms | ratio, wall | ratio, CPU | at most |"
        )
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for case in cases(folder / "policies.csv", folder / "page.html"):
            print(line(case, pairs(case, python, asked.rounds, plain, folder)), flush=True)


if __name__ == "__main__":
    main()
