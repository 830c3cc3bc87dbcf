"""README shows what the commands really print."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent


def test_the_output_shown_is_real() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_readme.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_every_command_has_its_line() -> None:
    from frtracker.cli import main

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = main.list_commands(click.Context(main))
    assert [name for name in commands if f"`frtracker {name}" not in text] == []
