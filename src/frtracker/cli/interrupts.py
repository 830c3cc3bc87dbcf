"""What Ctrl-C does to a command, and the system's requests to end it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType
from typing import Any, Final

_REQUESTS: Final = tuple(
    signal.Signals[name]
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if name in signal.Signals.__members__  # Windows has no SIGHUP
)
_AS_PYTHON_BEGINS: Final = (signal.SIG_DFL, signal.default_int_handler)


def interrupts_end_the_process() -> AbstractContextManager[None]:
    """Around a command called from a shell: a request ends the process with a message and exit
    code 1, at whatever step.

    No exception is raised, for it would pass through libraries that make something else of it:
    loading a compiled module, pybind11 raises ``ImportError`` in its place; a destructor prints a
    traceback and goes on. After the command the system ends the process, where Python, ending,
    would print a traceback too. What the program was started to ignore (``nohup``) it ignores.
    """
    return _handled_by(_end, instead_of=_AS_PYTHON_BEGINS, afterwards=signal.SIG_DFL)


def interrupts_raise() -> AbstractContextManager[None]:
    """Around a command called from Python: a request is a ``KeyboardInterrupt``, whichever it is,
    and the caller's to answer."""
    interrupt, usual = signal.default_int_handler, signal.SIG_DFL
    return _handled_by(interrupt, instead_of=(usual,), afterwards=usual)


def interrupts_raise_while_writing() -> AbstractContextManager[None]:
    """Around what writes files, in either case: a request is an exception, so that what is half
    written is cleared away or put back."""
    return _handled_by(signal.default_int_handler, instead_of=(_end,), afterwards=_end)


@contextmanager
def _handled_by(handler: Any, *, instead_of: tuple[Any, ...], afterwards: Any) -> Iterator[None]:
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


def _end(number: int, frame: FrameType | None) -> None:
    with suppress(OSError, ValueError, AttributeError):  # standard error is closed, or none
        os.write(sys.stderr.fileno(), b"\nAborted!\n")  # click's word, past any half-written line
    os._exit(1)
