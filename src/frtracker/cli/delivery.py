"""What a command has to say: printed, or written whole."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import click

from frtracker.cli.interrupts import cleared_away
from frtracker.record.findings import inert

SAFE_CSV: Final = "frtracker.safe_csv"
"""Where the context keeps what ``--safe-csv`` says."""


class DataProblem(click.ClickException):
    """The data have errors, or the name is not understood: exit 1."""

    exit_code = 1


def deliver(content: str | bytes, output: Path) -> None:
    """Print the content (output ``-``), or write it to a file, whole or not at all."""
    if _asked_for_safe_csv() and isinstance(content, str):
        from frtracker.text.sheet import safe_csv

        content = safe_csv(content)
    if str(output) == "-":
        say(content)
        return
    from frtracker.files import write_whole

    try:
        with cleared_away():
            write_whole(output, _bytes(content))
    except OSError as error:
        raise not_written(output, error) from error


def _asked_for_safe_csv() -> bool:
    ctx = click.get_current_context()
    if not ctx.meta.get(SAFE_CSV):
        return False
    if ctx.params.get("format_name") != "csv":
        raise click.UsageError("--safe-csv goes with --format csv")
    return True


def not_written(path: Path, error: OSError) -> DataProblem:
    return DataProblem(f"cannot write {inert(str(path))}: {error.strerror}; it is as it was")


def say(content: str | bytes) -> None:
    """Print data: UTF-8 whatever the locale; on a terminal nothing in it acts.

    Raises :class:`DataProblem` where standard output takes nothing (a full disk, a closed handle),
    ``BrokenPipeError`` where its reader has gone.
    """
    stream: IO[bytes] | None = getattr(sys.stdout, "buffer", None)
    if stream is None:
        raise DataProblem("cannot write to standard output: it is closed")
    if stream.isatty():
        if isinstance(content, bytes):
            raise click.UsageError("this format is no text for a terminal: name a file with -o")
        content = "\n".join(map(inert, content.replace("\r\n", "\n").split("\n")))
    try:
        stream.write(_bytes(content))
        stream.flush()
    except BrokenPipeError:
        silence()
        raise
    except OSError as error:
        silence()
        raise DataProblem(f"cannot write to standard output: {error.strerror}") from error


def tell(text: str) -> None:
    """Say a line beside the data, on standard error; where that takes nothing, say nothing."""
    try:
        click.echo(inert(text), err=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: IO[str] | None = None) -> None:
    """Let standard output (or that stream) lead nowhere, so that nothing is said of it again at
    the end."""
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())


def _bytes(content: str | bytes) -> bytes:
    # names of files may hold bytes that are no text: they are written out
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
