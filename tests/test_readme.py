"""README shows what the commands really print, in a terminal of 100 columns."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_output_shown_is_real() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_readme.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_there_are_nine_examples_that_fit_100_columns() -> None:
    assert len(EXAMPLES) == 9
    lines = [line for example in EXAMPLES for line in example.splitlines()]
    # an address has no place to break
    assert [line for line in lines if len(line) > 100 and " http" not in f" {line.strip()}"] == []


def test_every_command_has_its_line() -> None:
    from frtracker.cli import main

    commands = main.list_commands(click.Context(main))
    assert [name for name in commands if f"`frtracker {name}" not in README] == []


def test_the_lines_of_python_run() -> None:
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(code.split("\n\n")[1].splitlines()) == 6
    found: dict[str, object] = {}
    for line in code.splitlines():
        if line.startswith("fr."):
            found["frame"] = eval(line, found)
            assert len(found["frame"]) > 0, line  # type: ignore[arg-type]
        else:
            exec(line, found)


def test_it_leads_to_what_to_send_and_how_to_cite() -> None:
    for target in ("docs/report.md", "CONTRIBUTING.md", "CITATION.cff", "CODEBOOK.md"):
        assert f"]({target})" in README


def test_the_wheel_is_that_of_this_version() -> None:
    from frtracker import __version__

    wheel = f"frtracker-{__version__}-py3-none-any.whl"
    assert set(re.findall(r"frtracker-\S+\.whl", README)) == {wheel}
