"""Is face recognition banned here? For whom, on what date, and according to whom?

>>> import frtracker as fr
>>> tables = fr.load()
>>> police = fr.status(tables, as_of="2021-06", region="US-MA", actor="police")

Tables (pandas DataFrames with the columns of the command line's CSV)::

    status(tables, as_of)              rules in force on a date, by subject and actor
    show(tables, subject, as_of)       the whole history of one subject, rule by rule
    changes(tables, since, until)      what was decided, began and ended between two dates
    upcoming(tables, as_of)            scheduled starts and ends
    search(tables, words, as_of)       rules that mention certain words
    sources(tables)                    who says so: the sources of each rule
    panel(tables, since, until)        subject × period with exposure, for studies
    positions, periods, states, events (tables)
                                       the same answers for all dates at once

Documents and pictures::

    explain(tables, place, as_of)      all rules that apply in a place, layer by layer
    document(kind, tables, …)          the JSON document of an answer, typed
    map(tables, as_of)                 the interactive map (a folium.Map)
    map_picture(tables, as_of)         the map of one date as PNG or SVG
    chart(tables, since, until)        counts or rule periods over time

**Dates** are text ("2021-06-30", "2021-06", "2021") or ``datetime.date``. For ``as_of``, ``until``
and ``known_at`` a month or year means its last day, for ``since`` its first. ``known_at`` uses only
what was publicly known on that date.

**Filters** are the same everywhere, and select all by default: ``subjects`` (names as people write
them), ``subject_type``, ``country`` ("US"), ``region`` ("US-IL"), ``measure``, ``actor``. Each
takes one word or several.

**Tables** always have all their columns. Flags are bool. In ``positions``, ``periods``, ``states``,
``events`` and ``panel`` dates are datetime64; elsewhere they are text, as precise as they are
known. A list is text joined by ";". Missing text is NaN.

**Errors**: ``ValueError`` for an invalid date, code or word; ``LookupError`` for an unknown or
ambiguous name, with the candidates.
"""

from __future__ import annotations

from frtracker.version import __version__ as __version__

TYPE_CHECKING = False  # typing takes long to load, and Ctrl-C is only provided for after this
if TYPE_CHECKING:
    from typing import Any

    from frtracker.library import (
        changes,
        chart,
        document,
        events,
        explain,
        load,
        map_picture,
        panel,
        periods,
        positions,
        search,
        show,
        sources,
        states,
        status,
        upcoming,
    )

__all__ = [
    "changes",
    "chart",
    "document",
    "events",
    "explain",
    "load",
    "map_picture",
    "panel",
    "periods",
    "positions",
    "search",
    "show",
    "sources",
    "states",
    "status",
    "upcoming",
]


def __getattr__(name: str) -> Any:
    """Load the library, and pandas with it, only when one of its functions is used."""
    if name in __all__ or name == "map":  # not in __all__: a star import would hide Python's map
        from frtracker import library

        return getattr(library, name)
    raise AttributeError(f"module 'frtracker' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The functions, for tab completion and ``help``."""
    return sorted({*__all__, "map", *(name for name in globals() if name.startswith("__"))})
