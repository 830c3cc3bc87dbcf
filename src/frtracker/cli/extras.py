"""Libraries that only some people need, and so only some have installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from frtracker.cli.delivery import DataProblem

_EXTRAS: Final = MappingProxyType(
    {
        "matplotlib": ("matplotlib", "figures"),
        "pyarrow": ("pyarrow", "export"),
        "markdown_it": ("markdown-it-py", "site"),
    }
)
"""Module → the distribution that it comes with, and our extra that installs it."""


@contextmanager
def optional_parts() -> Iterator[None]:
    """Name the extra to install where such a library is missing."""
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
