"""Run the commands that README.md shows, in a terminal of 100 columns, and write their real output
below them, as of the record's last review where they name no day.

``--check`` writes nothing and exits 1 if README.md is stale.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from datetime import UTC, datetime
from pathlib import Path

from frtracker.files import shipped_edition

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"```console\n\$ frtracker (?P<words>[^\n]*)\n.*?```", re.DOTALL)
MAX_LINES = 20
NOW = f"{datetime.fromisoformat(shipped_edition()[0]).replace(tzinfo=UTC).timestamp():.0f}"
COLUMNS, ROWS = 100, 10_000
"""As many rows as the longest answer has, so that none goes to a pager."""


def in_terminal(words: str) -> str:
    """What a command prints in a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment |= {"NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": NOW}
    command = [sys.executable, "-m", "frtracker", *shlex.split(words)]
    done = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    printed = b""
    try:
        while part := os.read(ours, 65_536):
            printed += part
    except OSError:  # Linux: the other end is closed
        pass
    os.close(ours)
    text = printed.decode().replace("\r\n", "\n")
    if done.wait() not in (0, 1) or "nothing was written" in text:
        sys.exit(f"frtracker {words} gave {done.returncode}: {text}")
    return text


def block(match: re.Match[str]) -> str:
    """One block with the output that the command gives now, cut after ``MAX_LINES``."""
    lines = [line.rstrip() for line in in_terminal(match["words"]).rstrip().splitlines()]
    if len(lines) > MAX_LINES:
        lines = [*lines[:MAX_LINES], "..."]
    return "\n".join(["```console", f"$ frtracker {match['words']}", *lines, "```"])


def main() -> None:
    text = README.read_text(encoding="utf-8")
    fresh = BLOCK.sub(block, text)
    if "--check" in sys.argv[1:]:
        sys.exit(0 if fresh == text else "README.md is stale: run scripts/make_readme.py")
    README.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main()
