"""Between the program and the person: whatever goes wrong becomes one plain message and the right
exit code."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import click

from frtracker.cli import interrupts
from frtracker.cli.delivery import DataProblem, silence, tell
from frtracker.record.findings import DataError, inert

_OBJECTS: Final = 50_000
"""New ones, beyond those freed, before the youngest are looked through."""


class Group(click.Group):
    """The commands, with errors told in words. What is no error of the data, the call or the
    machine is a bug: it shows itself."""

    def main(self, args: Any = None, *rest: Any, **options: Any) -> Any:
        run = partial(super().main, args, *rest, **options)
        if args is not None:
            with interrupts.raised(), _collected_rarely():
                return run()
        with interrupts.ending_the_program(), _collected_rarely():
            _end_at_once()
            return run()

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _heard_or_not(), _plainly():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _heard_or_not(), _plainly():
            return super().invoke(ctx)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = _inert_lines(error.message)
        raise
    except DataError as error:
        for finding in error.findings:
            tell(str(finding))
        raise DataProblem(f"{error}: nothing was written") from error
    except LookupError as error:
        if type(error).__name__ != "NameNotUnderstood":  # any other is a bug: let it show
            raise
        raise DataProblem(_inert_lines(str(error))) from error
    except BrokenPipeError:  # the reader has what it wanted
        silence()
        raise click.exceptions.Exit(0) from None
    except MemoryError as error:
        raise DataProblem("the memory of this machine does not suffice") from error
    except OSError as error:
        silence()
        where = inert(str(error.filename)) if error.filename else "standard output"
        raise DataProblem(f"{where}: {error.strerror or error}") from error


@contextmanager
def _heard_or_not() -> Iterator[None]:
    """A failure has its exit code even where standard error takes no word of it."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["show"] = partial(_shown, error.show)
        raise


def _shown(show: Callable[..., None], *args: Any) -> None:
    try:
        show(*args)
    except OSError:
        silence(sys.stderr)


def _inert_lines(text: str) -> str:
    return "\n".join(map(inert, text.split("\n")))


@contextmanager
def _collected_rarely() -> Iterator[None]:
    """A command loads modules and tables that live as long as it does: Python need not look
    through them for dead cycles again and again."""
    youngest, *older = gc.get_threshold()
    gc.set_threshold(max(youngest, _OBJECTS) if youngest else 0, *older)
    try:
        yield
    finally:
        gc.set_threshold(youngest, *older)


def _end_at_once() -> None:
    """Ending, Python looks through all that was loaded for dead cycles: with pandas, a fifth of the
    time of a short command, for memory that is given back with the process anyway."""
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
