"""Prints data and notes, and writes output files whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import click

from frtracker.cli.interrupts import interrupts_raise_while_writing
from frtracker.record.findings import inert

STDOUT: Final = Path("-")


class DataProblem(click.ClickException):
    """The data have errors, or the name is not understood: exit 1."""

    exit_code = 1


@dataclass(frozen=True)
class Output:
    """What ``--format``, ``--output`` and ``--safe-csv`` ask for."""

    format: str
    path: Path = STDOUT
    safe_csv: bool = False


def write_output(content: str | bytes, output: Output) -> None:
    """Print the content (path ``-``), or write it to a file, whole or not at all."""
    if output.safe_csv and isinstance(content, str):
        from frtracker.text.sheet import safe_csv

        content = safe_csv(content)
    if output.path == STDOUT:
        print_data(content)
        return
    from frtracker.files import write_whole

    with writing(output.path):
        write_whole(output.path, _bytes(content))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around what writes a file or folder whole: raises :class:`DataProblem` where it cannot."""
    try:
        with interrupts_raise_while_writing():
            yield
    except OSError as error:
        raise DataProblem(
            f"cannot write {inert(str(path))}: {error.strerror}; it is as it was"
        ) from error


def print_data(content: str | bytes) -> None:
    """Print data: UTF-8 whatever the locale; on a terminal nothing in it acts.

    Raises :class:`DataProblem` where standard output cannot be written to (a full disk, a closed
    handle), ``BrokenPipeError`` where its reader has gone.
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
        mute()
        raise
    except OSError as error:
        mute()
        raise DataProblem(f"cannot write to standard output: {error.strerror}") from error


def print_note(text: str) -> None:
    """Print a line beside the data, on standard error; a failure to write it is ignored."""
    try:
        click.echo(inert(text), err=True)
    except OSError:
        mute(sys.stderr)


def mute(stream: IO[str] | None = None) -> None:
    """Redirect the stream (standard output) to devnull, so that Python does not report it again
    at exit."""
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())


def _bytes(content: str | bytes) -> bytes:
    # names of files may hold bytes that are no text: they are written out
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
