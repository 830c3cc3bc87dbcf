"""Hostile input, tried in thousands: bytes, tables, dates, names and options.

    python scripts/fuzz.py [--seconds 60 | --long] [--only bytes,tables,calls] [--seed 1]

A run is bounded by time or, at length, by the number of cases, and stops at the first call that
shows a traceback, hangs, ends with a wrong exit code or lets a control character through; that
input is made small and printed. The same seed tries the same cases; another seed tries others.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings

from fuzz_plays import PLAYS

STUCK = 900.0
"""Seconds after which a round is ended where it stands, with a traceback: far more than the cases
of one take, and the five minutes hypothesis spends on making one small."""

CASES = 10
"""Cases of a round, which has a seed of its own."""

LONG = {
    "words": 300_000,
    "names": 20_000,
    "bytes": 5_000,
    "archives": 2_000,
    "tables": 2_500,
    "dates": 2_500,
    "rows": 1_000,
    "figures": 1_000,
    "folders": 300,
    "calls": 20_000,
}
"""Cases of each play at length (docs/walls.md); each of ``rows`` has twenty rows."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for all plays together")
    parser.add_argument("--long", action="store_true", help="as many cases as in LONG: hours")
    parser.add_argument("--only", default=",".join(PLAYS), help="plays, with commas between")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; the next count on")
    asked = parser.parse_args()
    names = asked.only.split(",")
    for name in names:
        print(f"{name}: seed {asked.seed}, ", end="", flush=True)
        begun, rounds = time.monotonic(), 0
        with tempfile.TemporaryDirectory() as folder:
            while (
                rounds * CASES < LONG[name]
                if asked.long
                else time.monotonic() - begun < asked.seconds / len(names)
            ):
                _round(PLAYS[name](Path(folder)), asked.seed + rounds)
                rounds += 1
                if asked.long and rounds % (LONG[name] // CASES // 10) == 0:
                    print(rounds * CASES, end=" ", flush=True)
        print(f"{rounds * CASES} cases, nothing broke", flush=True)
    return 0


def _round(play: Callable[[], None], number: int) -> None:
    settled = settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    faulthandler.dump_traceback_later(STUCK, exit=True)
    seed(number)(settled(play))()
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(main())
