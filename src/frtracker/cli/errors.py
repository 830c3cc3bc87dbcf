"""Turns expected errors into one-line messages and exit codes. Anything else is a bug and keeps its
traceback."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import click

from frtracker.cli import interrupts
from frtracker.cli.output import DataProblem, mute, print_note
from frtracker.record.findings import DataError, inert

_EXTRAS: Final = MappingProxyType(
    {
        "matplotlib": ("matplotlib", "figures"),
        "pyarrow": ("pyarrow", "export"),
        "markdown_it": ("markdown-it-py", "site"),
    }
)
"""Module → the distribution that it comes with, and our extra that installs it."""


class Group(click.Group):
    """The commands, with expected errors as messages and interrupts that end them."""

    def main(self, args: Any = None, *rest: Any, **options: Any) -> Any:
        if args is not None:  # called from Python
            with interrupts.interrupts_raise():
                return super().main(args, *rest, **options)
        with interrupts.interrupts_end_the_process():
            _collect_rarely()
            return super().main(args, *rest, **options)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _survive_closed_stderr(), _plain_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _survive_closed_stderr(), _plain_errors():
            return super().invoke(ctx)


@contextmanager
def optional_parts() -> Iterator[None]:
    """Names the extra to install where a library is missing that only some people need."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRAS:
            raise
        library, extra = _EXTRAS[missing]
        raise DataProblem(
            f"this needs {library}, which is not installed: pip install 'frtracker[{extra}]'"
        ) from None


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = _inert_lines(error.message)
        raise
    except DataError as error:
        for finding in error.findings:
            print_note(str(finding))
        raise DataProblem(f"{error}: nothing was written") from error
    except LookupError as error:
        if type(error).__name__ != "NameNotUnderstood":  # any other is a bug
            raise
        raise DataProblem(_inert_lines(str(error))) from error
    except BrokenPipeError:  # the reader has what it wanted
        mute()
        raise click.exceptions.Exit(0) from None
    except MemoryError as error:
        raise DataProblem("the memory of this machine does not suffice") from error
    except OSError as error:
        mute()
        where = inert(str(error.filename)) if error.filename else "standard output"
        raise DataProblem(f"{where}: {error.strerror or error}") from error


@contextmanager
def _survive_closed_stderr() -> Iterator[None]:
    """A failure keeps its exit code where its message cannot be printed."""

    def show(show_error: Callable[..., None], *args: Any) -> None:
        try:
            show_error(*args)
        except OSError:
            mute(sys.stderr)

    try:
        yield
    except click.ClickException as error:
        vars(error)["show"] = partial(show, error.show)
        raise


def _inert_lines(text: str) -> str:
    return "\n".join(map(inert, text.split("\n")))


def _collect_rarely() -> None:
    """For a process that ends with its command: what it loads lives as long as it does, and Python
    need not look through it for dead cycles again and again (a tenth of the time of ``map``), nor
    once more at the end (a sixth of that of ``status``)."""
    youngest, *older = gc.get_threshold()
    gc.set_threshold(max(youngest, 50_000) if youngest else 0, *older)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
