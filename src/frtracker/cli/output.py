"""Prints data and notes, writes files whole or not at all, and obeys requests to end meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final

import click

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
        content = inert_lines(content.replace("\r\n", "\n"))
    try:
        stream.write(_bytes(content))
        stream.flush()
    except OSError as error:
        mute()
        if isinstance(error, BrokenPipeError):
            raise
        raise DataProblem(f"cannot write to standard output: {error.strerror}") from error


def _bytes(content: str | bytes) -> bytes:
    # names of files may hold bytes that are no text: they are written out
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


def inert_lines(text: str) -> str:
    """The text with everything but its line feeds inert."""
    return "\n".join(map(inert, text.split("\n")))


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


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around what writes a file or folder whole: raises :class:`DataProblem` where it cannot.

    A request to end the process is an exception here, so that what is half written is cleared away
    or put back.
    """
    try:
        with requests_handled(signal.default_int_handler, instead_of=(_end,), afterwards=_end):
            yield
    except OSError as error:
        raise DataProblem(
            f"cannot write {inert(str(path))}: {error.strerror}; it is as it was"
        ) from error


@contextmanager
def requests_end_the_process() -> Iterator[None]:
    """Around a command called from a shell: Ctrl-C, or the system's request to end, ends the
    process with a message and exit code 1, at whatever step.

    No exception is raised, for it would pass through libraries that make something else of it:
    loading a compiled module, pybind11 raises ``ImportError`` in its place; a destructor prints a
    traceback and goes on. After the command the system ends the process, where Python, ending,
    would print a traceback too. What the program was started to ignore (``nohup``) it ignores.
    """
    usual = (signal.SIG_DFL, signal.default_int_handler)
    with requests_handled(_end, instead_of=usual, afterwards=signal.SIG_DFL):
        yield


@contextmanager
def requests_handled(
    handler: Any, *, instead_of: tuple[Any, ...], afterwards: Any
) -> Iterator[None]:
    """Requests that one of the handlers ``instead_of`` would take are handled by this one."""
    handled: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():  # Python lets no other set any
        handled = [request for request in _REQUESTS if signal.getsignal(request) in instead_of]
    for request in handled:
        signal.signal(request, handler)
    try:
        yield
    finally:
        for request in handled:
            signal.signal(request, afterwards)


_REQUESTS: Final = tuple(
    signal.Signals[name]
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if name in signal.Signals.__members__  # Windows has no SIGHUP
)


def _end(number: int, frame: FrameType | None) -> None:
    with suppress(OSError, ValueError, AttributeError):  # standard error is closed, or none
        os.write(sys.stderr.fileno(), b"\nAborted!\n")  # click's word, past any half-written line
    os._exit(1)
