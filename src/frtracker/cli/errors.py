"""Turns expected errors into one-line messages and exit codes. Anything else is a bug and keeps its
traceback."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import click

from frtracker.cli.output import (
    DataProblem,
    inert_lines,
    mute,
    print_note,
    requests_end_the_process,
    requests_handled,
)
from frtracker.record.findings import DataError, inert

_EXTRAS: Final = {
    "matplotlib": ("matplotlib", "figures"),
    "pyarrow": ("pyarrow", "export"),
    "markdown_it": ("markdown-it-py", "site"),
}
"""Module → the distribution that it comes with, and our extra that installs it."""


class Group(click.Group):
    """The commands, with expected errors as messages and interrupts that end them."""

    def main(self, args: Any = None, *rest: Any, **options: Any) -> Any:
        if args is None:
            with requests_end_the_process():
                _collect_rarely()
                return super().main(args, *rest, **options)
        # called from Python: any request is a KeyboardInterrupt, and the caller's to answer
        interrupt, usual = signal.default_int_handler, signal.SIG_DFL
        with requests_handled(interrupt, instead_of=(usual,), afterwards=usual):
            return super().main(args, *rest, **options)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _plain_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _plain_errors():
            return super().invoke(ctx)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        plain = _plain(error)
        if isinstance(plain, click.ClickException):
            vars(plain)["message"] = inert_lines(plain.message)
            vars(plain)["show"] = partial(_show, plain.show)
        if plain is error:
            raise
        raise plain from error


def _plain(error: Exception) -> Exception:
    """The message, or quiet end, that an expected error comes to; a bug as it is."""
    match error:
        case DataError():
            for finding in error.findings:
                print_note(str(finding))
            return DataProblem(f"{error}: nothing was written")
        case ModuleNotFoundError() if (module := (error.name or "").partition(".")[0]) in _EXTRAS:
            library, extra = _EXTRAS[module]
            return DataProblem(
                f"this needs {library}, which is not installed: pip install 'frtracker[{extra}]'"
            )
        case BrokenPipeError():  # the reader has what it wanted
            mute()
            return click.exceptions.Exit(0)
        case MemoryError():
            return DataProblem("the memory of this machine does not suffice")
        case OSError():
            mute()
            where = inert(str(error.filename)) if error.filename else "standard output"
            return DataProblem(f"{where}: {error.strerror or error}")
    return error


def _show(show: Callable[..., None], *args: Any) -> None:
    """A failure keeps its exit code where its message cannot be printed."""
    try:
        show(*args)
    except OSError:
        mute(sys.stderr)


def _collect_rarely() -> None:
    """For a process that ends with its command: what it loads lives as long as it does, and Python
    need not look through it for dead cycles again and again (a tenth of the time of ``map``), nor
    once more at the end (a sixth of that of ``status``)."""
    youngest, *older = gc.get_threshold()
    gc.set_threshold(max(youngest, 50_000) if youngest else 0, *older)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
