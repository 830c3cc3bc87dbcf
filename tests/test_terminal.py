"""Answers in a real terminal: no line wider than it, nothing lost, colors only where wanted, a
pager for what is longer than the screen; piped they are whole and plain."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

import records
from frtracker.cli import main
from frtracker.text.blocks import Heading, Item, Items, Paragraph, Table, markdown, plain
from frtracker.text.terminal import Terminal, fitted

RECORD = str(records.folder("map") / "policies.csv")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def in_terminal(*words: str, width: int = 80, height: int = 50, **environment: str) -> str:
    """What the command prints in a pseudo-terminal of this size."""
    child, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    unwanted = ("COLUMNS", "LINES", "NO_COLOR", "PAGER")
    inherited = {name: it for name, it in os.environ.items() if name not in unwanted}
    clock = {"TERM": "xterm", "SOURCE_DATE_EPOCH": "1795305600"}
    process = subprocess.Popen(
        [sys.executable, "-m", "frtracker", *words],
        stdin=screen,
        stdout=screen,
        stderr=subprocess.DEVNULL,
        env={**inherited, **clock, **environment},
    )
    os.close(screen)
    parts = []
    while True:
        try:
            part = os.read(child, 65536)
        except OSError:  # Linux: the other side is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(child)
    assert process.wait(60) == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


def piped(*words: str, **environment: str) -> str:
    clock = {"SOURCE_DATE_EPOCH": "1795305600"}
    result = CliRunner(env={**clock, **environment}).invoke(main, words)
    assert result.exit_code == 0
    return result.stdout


def fitted_to(width: int, *words: str) -> str:
    """What a terminal of this width is given, without its colors."""
    return ESCAPE.sub("", piped(*words, "--color", "always", COLUMNS=str(width)))


CALLS = [
    ("status", "--as-of", "2021-06"),
    ("status", "--as-of", "2021-06", "--long"),
    ("show", "Springfield, MA"),
    ("explain", "Springfield, MA", "--as-of", "2021-06"),
    ("changes", "--since", "2019", "--until", "2022"),
    ("upcoming", "--as-of", "2020-06"),
]


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(words[:1] + words[3:]))
def test_no_line_is_wider_than_the_terminal_but_an_address(
    words: tuple[str, ...], width: int
) -> None:
    lines = fitted_to(width, *words, "--policies", RECORD).splitlines()
    assert lines
    assert [line for line in lines if len(line) > width and "http" not in line] == []


def test_the_width_is_that_of_the_terminal() -> None:
    words = (*CALLS[0], "--policies", RECORD)
    narrow = in_terminal(*words, "--no-pager", width=90)
    assert ESCAPE.sub("", narrow) == fitted_to(90, *words)


@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(words[:1] + words[3:]))
def test_nothing_is_lost_in_a_terminal(words: tuple[str, ...]) -> None:
    wide, narrow = (
        set(re.findall(r"[\w.]+", fitted_to(width, *words, "--policies", RECORD)))
        for width in (160, 80)
    )
    whole = set(re.findall(r"[\w.]+", piped(*words, "--policies", RECORD)))
    head = {"subject", "source"}  # blocks have no line of column names
    assert (whole - wide - head, whole - narrow - head) == (set(), set())


def test_piped_output_is_plain_and_whole() -> None:
    text = piped("status", "--as-of", "2021-06", "--policies", RECORD)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) > 80


BAN = "\x1b[1;31mban\x1b[0m"
COLORS = [
    ((), {}, True),
    (("--color", "never"), {}, False),
    ((), {"NO_COLOR": "1"}, False),
    (("--color", "always"), {"NO_COLOR": "1"}, True),
    ((), {"TERM": "dumb"}, False),
]


@pytest.mark.parametrize(("options", "environment", "is_colored"), COLORS)
def test_measures_are_colored_where_that_is_wanted(
    options: tuple[str, ...], environment: dict[str, str], is_colored: bool
) -> None:
    words = ("status", "--as-of", "2021-06", "--policies", RECORD, "--no-pager", *options)
    text = in_terminal(*words, **environment)
    assert (BAN in text) is is_colored
    assert ("\x1b" in text) is is_colored


@pytest.mark.slow
def test_what_is_longer_than_the_screen_goes_to_the_pager(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho paged\ncat\n", encoding="utf-8")
    pager.chmod(0o755)
    words = ("status", "--as-of", "2021-06", "--policies", RECORD)
    for height, options, is_paged in (
        (10, (), True),
        (200, (), False),
        (10, ("--no-pager",), False),
        (10, ("-f", "json"), False),
        (10, ("-f", "csv"), False),
    ):
        text = in_terminal(*words, *options, height=height, PAGER=str(pager))
        assert text.startswith("paged") is is_paged, (height, options)


BLOCKS = [
    Heading("Rules"),
    Paragraph("Yes. Police are banned from it.", strong=True),
    Items([Item("police: ban", strong=True), Item("text:", 1, "https://example.org/a_b")]),
    Table(
        ["subject", "position", "where", "source"],
        [["Oakland, CA", "ban", "", "https://example.org/1"], ["", "also: oversight", "", ""]],
        links=True,
        ranked="position",
    ),
]

PLAIN = """\
Rules
Yes. Police are banned from it.

- police: ban
  - text: https://example.org/a_b

subject      position         where    source
-----------  ---------------  -------  ---------------------
Oakland, CA  ban                       https://example.org/1
             also: oversight"""

MARKDOWN = """\
## Rules

**Yes. Police are banned from it.**

- **police: ban**
  - text: <https://example.org/a_b>

| subject     | position        | where   | source                  |
|-------------|-----------------|---------|-------------------------|
| Oakland, CA | ban             |         | <https://example.org/1> |
|             | also: oversight |         |                         |"""

WIDE = """\
Rules
Yes. Police are banned from it.

- police: ban
  - text:
    https://example.org/a_b

subject      position         source
────────────────────────────────────
Oakland, CA  ban              [1]
             also: oversight

[1] https://example.org/1"""

NARROW = """\
Rules
Yes. Police are banned
from it.

- police: ban
  - text:
    https://example.org/a_b

Oakland, CA
  position: ban
  source:   [1]
  position: also:
            oversight

[1] https://example.org/1"""


def test_one_text_is_written_in_each_way() -> None:
    assert plain(BLOCKS) == PLAIN
    assert markdown(BLOCKS) == MARKDOWN
    assert fitted(BLOCKS, Terminal(60, 50)) == WIDE
    assert fitted(BLOCKS, Terminal(24, 50)) == NARROW


def test_nothing_in_a_text_acts() -> None:
    evil = [Paragraph("a\x1b[31m [red]b[/red] :smile:"), Items([Item("**c** <d>")])]
    assert fitted(evil, Terminal(80, 50, colour=True)).split("\n\n") == [
        "a\\x1b[31m [red]b[/red] :smile:",
        "- **c** <d>",
    ]
    assert markdown(evil).endswith("- \\*\\*c\\*\\* &lt;d>")
