"""Print data and notes, write files whole, turn expected errors into one-line messages and exit
codes, and end when asked to. Any other error is a bug and keeps its traceback."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Any, Final

import click

from frtracker import wording
from frtracker.files import DoesNotFit, write_whole
from frtracker.record.findings import DataError, inert, render

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal

STDOUT: Final = Path("-")
# Windows has no SIGHUP
_REQUESTS: Final = [it for it in signal.Signals if it.name in ("SIGINT", "SIGTERM", "SIGHUP")]
EXTRAS: Final = {
    "matplotlib": ("matplotlib", "figures"),
    "pyarrow": ("pyarrow", "export"),
    "geopandas": ("geopandas", "outlines"),
}
"""Module → the package that it comes with, and our extra that installs it."""
_OTHER_WORDS: Final = {
    **{"--json": "--format json", "--csv": "--format csv", "--markdown": "--format markdown"},
    **{"--date": "--as-of", "--day": "--as-of", "--on": "--as-of", "--at": "--as-of"},
    **{"--from": "--since", "--start": "--since", "--to": "--until", "--end": "--until"},
    **{"--state": "--region", "--province": "--region", "--actor": "--for", "--who": "--for"},
    **{"--place": "--subject", "--city": "--subject", "--name": "--subject", "--file": "--output"},
}
"""Options that other programs have, and ours."""


class DataProblem(click.ClickException):
    """The data have errors, or the name is not understood: exit 1."""

    exit_code = 1


class WrongCall(click.ClickException):
    """A call that cannot be carried out, in one line, without the usage: exit 2."""

    exit_code = 2


class Group(click.Group):
    """The commands, with expected errors as messages and interrupts that end them."""

    def main(self, args: Any = None, *rest: Any, **options: Any) -> Any:
        if args is not None:  # called from Python: any request is its KeyboardInterrupt
            with _requests_go_to(signal.default_int_handler, instead_of=(signal.SIG_DFL,)):
                return super().main(args, *rest, **options)
        with _requests_go_to(_end, instead_of=(signal.SIG_DFL, signal.default_int_handler)):
            collect_rarely()
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
            vars(plain).update(message=_inert_lines(plain.message), show=partial(_show, plain.show))
        if plain is error:
            raise
        raise plain from error


def _plain(error: Exception) -> Exception:
    """What an expected error comes to, a message or a quiet end; any other error itself."""
    match error:
        case DataError():
            from frtracker.record.checks import TITLES

            for line in render(error.findings, (), "table", TITLES, quiet=True).splitlines():
                print_note(line)
            return DataProblem(f"{error}.")
        case ModuleNotFoundError(name=str(name)) if name.partition(".")[0] in EXTRAS:
            library, extra = EXTRAS[name.partition(".")[0]]
            return DataProblem(
                f"This needs {library}, which is not installed: pip install 'frtracker[{extra}]'"
            )
        case click.NoSuchOption():
            return _no_such_option(error)
        case BrokenPipeError():  # the reader has what it wanted
            mute(sys.stdout)
            return click.exceptions.Exit(0)
        case DoesNotFit():
            return DataProblem(f"{error}.")
        case MemoryError():
            return DataProblem("Out of memory.")
        case OSError():
            mute(sys.stdout)
            where = inert(str(error.filename)) if error.filename else "standard output"
            return DataProblem(f"{where}: {error.strerror or error}")
    return error


def _no_such_option(error: click.NoSuchOption) -> click.UsageError:
    given, ctx = error.option_name, error.ctx
    known = [name for param in ctx.command.params for name in param.opts] if ctx else []
    ours = _OTHER_WORDS.get(given, "")
    hint = wording.did_you_mean(given, [it for it in known if it.startswith("--")], ".")
    if ours.partition(" ")[0] in known:
        hint = f". Did you mean {ours!r}?"
    return click.UsageError(f"No such option {given!r}{hint}", ctx)


def _show(show: Callable[..., None], *args: Any) -> None:
    """A failure keeps its exit code where its message cannot be printed."""
    try:
        show(*args)
    except OSError:
        mute(sys.stderr)


def print_note(text: str) -> None:
    """Print a line on standard error; a failure to write it is ignored."""
    _show(partial(click.echo, inert(text), err=True))


def print_data(content: str | bytes, *, is_text: bool = False) -> None:
    """Print data as UTF-8 in any locale; on a terminal without control characters. Raises
    :class:`DataProblem` where standard output cannot be written to (a full disk, a closed handle),
    ``BrokenPipeError`` where its reader has gone."""
    stream: IO[bytes] | None = getattr(sys.stdout, "buffer", None)
    if stream is None:
        raise DataProblem("Cannot write to standard output: it is closed.")
    if stream.isatty():
        if isinstance(content, bytes) and not is_text:
            raise click.UsageError("This format needs a file: use -o FILE.")
        if isinstance(content, str):
            content = _inert_lines(content.replace("\r\n", "\n"))
    try:
        stream.write(_bytes(content))
        stream.flush()
    except OSError as error:
        mute(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        raise DataProblem(f"Cannot write to standard output: {error.strerror}.") from error


def terminal(color: str) -> Terminal | None:
    """The terminal that standard output is, where it is one or ``color`` is ``always``."""
    is_one = sys.stdout is not None and sys.stdout.isatty()
    if not is_one and color != "always":
        return None
    from frtracker.text.terminal import Terminal

    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    width, height = shutil.get_terminal_size()
    return Terminal(width, height, color == "always" or (color == "auto" and not plain))


def write_output(
    content: str | bytes, path: Path, shown_in: Terminal | None = None, *, paged: bool = False
) -> None:
    """Print the content (path ``-``), or write it to a file, whole or not at all. ``shown_in``:
    the terminal that a text was fitted to, in which nothing of it acts but its colors; if it is
    higher than the screen and ``paged``, in the pager that ``PAGER`` names."""
    if shown_in and isinstance(content, str):
        if paged and sys.stdout.isatty() and content.count("\n") >= shown_in.height:
            click.echo_via_pager(content, color=shown_in.colour)
        else:
            print_data(content.encode(), is_text=True)
    elif path == STDOUT:
        print_data(content)
    else:
        with writing(path):
            write_whole(path, _bytes(content))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around what writes a file or folder whole: raises :class:`DataProblem` where it cannot.
    Requests to end are exceptions meanwhile, so that what is half written is cleared away."""
    try:
        with _requests_go_to(signal.default_int_handler, instead_of=(_end,)):
            yield
    except OSError as error:
        missing = error.errno == errno.ENOENT and not path.parent.is_dir()
        reason = "the folder does not exist" if missing else error.strerror
        wrong = f"Cannot write {inert(str(path))}: {reason}. Nothing was changed."
        raise DataProblem(wrong) from error


def mute(stream: IO[str]) -> None:
    """Redirect the stream to devnull, so that Python does not report it again at exit."""
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _bytes(content: str | bytes) -> bytes:
    # file names may have bytes that are not text: these are escaped
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


def _inert_lines(text: str) -> str:
    return "\n".join(map(inert, text.split("\n")))


def _end(number: int, frame: FrameType | None) -> None:
    """What a request does to a command called from a shell: it ends the process with a message and
    exit code 1, at any step. An exception would pass through libraries that make something
    else of it: pybind11, loading a module, an ``ImportError``; a destructor a traceback."""
    with suppress(OSError, ValueError, AttributeError):  # standard error is closed, or none
        os.write(sys.stderr.fileno(), b"\nAborted!\n")  # click's word, past any half-written line
    os._exit(1)


@contextmanager
def _requests_go_to(handler: Any, *, instead_of: tuple[Any, ...]) -> Iterator[None]:
    """Ctrl-C, and the system's requests to end, are handled by this handler where one of
    ``instead_of`` would take them (what ``nohup`` ignores stays ignored), and afterwards by the
    first of these: after a command of the shell by the system, for Python prints a traceback."""
    handled: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():  # Python lets no other set any
        handled = [request for request in _REQUESTS if signal.getsignal(request) in instead_of]
    for request in handled:
        signal.signal(request, handler)
    try:
        yield
    finally:
        for request in handled:
            signal.signal(request, instead_of[0])


def collect_rarely() -> None:
    """For a process that ends with its command: what it loads lives as long as it does, and Python
    need not look through it for dead cycles again and again (a tenth of the time of ``map``), nor
    once more at the end (a sixth of that of ``status``)."""
    youngest, *older = gc.get_threshold()
    gc.set_threshold(max(youngest, 50_000) if youngest else 0, *older)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
