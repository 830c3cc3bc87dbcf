"""frtracker: is face recognition banned here, for whom, on that day, and who says so?

The questions are functions of the library (see :mod:`frtracker.library`)::

    import frtracker as fr

    tables = fr.load()
    fr.status(tables, as_of="2021-06")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frtracker.version import __version__ as __version__

if TYPE_CHECKING:
    from frtracker.library import (
        changes,
        explain,
        load,
        make_panel,
        periods,
        positions,
        status,
        upcoming,
    )

__all__ = ["changes", "explain", "load", "make_panel", "periods", "positions", "status", "upcoming"]


def __getattr__(name: str) -> Any:
    """Load the library, and with it pandas, only when one of its functions is asked for."""
    if name in __all__ or name == "map":  # not among all: it would hide Python's own
        from frtracker import library

        return getattr(library, name)
    raise AttributeError(f"module 'frtracker' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
