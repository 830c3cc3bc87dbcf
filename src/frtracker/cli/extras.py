"""Libraries that only some people need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from frtracker.cli.options import DataProblem

_EXTRAS = {"matplotlib": "figures", "pyarrow": "export"}


@contextmanager
def optional_parts() -> Iterator[None]:
    """Names the extra to install where a library is missing that only some people need."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRAS:
            raise
        wanted = f"pip install 'frtracker[{_EXTRAS[missing]}]'"
        raise DataProblem(
            f"this format needs {missing}, which is not installed: {wanted}"
        ) from None
