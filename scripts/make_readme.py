"""Run the commands that README.md shows and write their real output below them.

``--check`` writes nothing and exits 1 if README.md is not what would be written.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from click.testing import CliRunner

from frtracker.cli import main as frtracker

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"```console\n\$ frtracker (?P<words>[^\n]*)\n.*?```", re.DOTALL)
MOST_LINES = 40


def shown(match: re.Match[str]) -> str:
    """One block with the output that the command gives now."""
    words = match["words"]
    done = CliRunner().invoke(frtracker, shlex.split(words))
    if done.exit_code not in (0, 1) or "nothing was written" in done.output:
        sys.exit(f"frtracker {words} gave {done.exit_code}: {done.output}")
    told = done.output.rstrip().splitlines()
    lines = [line.rstrip() for line in told]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "..."]
    return "\n".join(["```console", f"$ frtracker {words}", *lines, "```"])


def main() -> None:
    text = README.read_text(encoding="utf-8")
    fresh = BLOCK.sub(shown, text)
    if "--check" in sys.argv[1:]:
        sys.exit(0 if fresh == text else "README.md is stale: run scripts/make_readme.py")
    README.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main()
