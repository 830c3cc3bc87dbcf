"""The record of one day as a folder of files that other programs read.

One small module and function per format; :data:`FORMATS` names them. A function takes the
:class:`Snapshot` and yields its files, in memory: nothing is written before all of them are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from frtracker.export.calendar import calendar
from frtracker.export.csv_tables import csv_tables
from frtracker.export.feed import feed
from frtracker.export.folder import FolderRefused, write_folder
from frtracker.export.geojson import geojson
from frtracker.export.index import index
from frtracker.export.json_documents import json_documents
from frtracker.export.parquet import ExtraMissing, parquet
from frtracker.export.snapshot import File, Snapshot, take
from frtracker.export.sqlite import sqlite

__all__ = [
    "FORMATS",
    "ExtraMissing",
    "File",
    "FolderRefused",
    "Snapshot",
    "atom",
    "export",
    "ics",
    "index",
    "take",
    "write_folder",
]

Maker = Callable[[Snapshot], Iterator[File]]


def ics(snapshot: Snapshot) -> Iterator[File]:
    """``upcoming.ics``: what is to come in the 24 months after the day, reviews due too."""
    coming = snapshot.upcoming
    count = len(coming["events"]) + len(coming["reviews"])
    yield File("upcoming.ics", "ics", "text/calendar", calendar(coming), count)


def atom(snapshot: Snapshot, *, home: str = "") -> Iterator[File]:
    """``changes.atom``: what happened in the year up to the day. ``home``: the site it is of."""
    count = len(snapshot.changes["events"])
    text = feed(snapshot.changes, home=home)
    yield File("changes.atom", "atom", "application/atom+xml", text.encode(), count)


FORMATS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "csv": csv_tables,
        "json": json_documents,
        "parquet": parquet,
        "sqlite": sqlite,
        "geojson": geojson,
        "ics": ics,
        "atom": atom,
    }
)
"""Name of a format → what makes its files."""


def export(
    snapshot: Snapshot, formats: Iterable[str] = tuple(FORMATS), *, safe_csv: bool = False
) -> tuple[File, ...]:
    """The files of ``formats`` (names of :data:`FORMATS`) and, last, ``index.json``.

    ``safe_csv``: no cell of the CSV files is run as a formula by a spreadsheet. The same snapshot
    gives the same bytes. Raises :class:`ExtraMissing` if a format needs a library that is not
    installed, ``KeyError`` for an unknown format.
    """
    wanted = set(formats)
    if unknown := wanted - set(FORMATS):
        raise KeyError(f"no such format: {', '.join(sorted(unknown))}")
    makers: dict[str, Maker] = {**FORMATS, "csv": partial(csv_tables, safe=safe_csv)}
    files = [file for name, make in makers.items() if name in wanted for file in make(snapshot)]
    return (*files, index(files, snapshot))
