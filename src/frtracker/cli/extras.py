"""Parts of the program that only some people need, and so only some have installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from frtracker.cli.delivery import DataProblem

_EXTRAS: Final = (("matplotlib", "figures"), ("pyarrow", "export"))


@contextmanager
def optional_parts() -> Iterator[None]:
    """Names the extra to install where a library is missing that only some people need."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        extra = dict(_EXTRAS).get(missing)
        if extra is None:
            raise
        raise DataProblem(
            f"this format needs {missing}, which is not installed: pip install 'frtracker[{extra}]'"
        ) from None
