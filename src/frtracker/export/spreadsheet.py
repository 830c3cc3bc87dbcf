"""The tables as one workbook."""

from __future__ import annotations

from collections.abc import Iterator

from frtracker.export import File
from frtracker.export.documents import Snapshot
from frtracker.export.tables import TABLES, cells, facts_of
from frtracker.text.workbook import Sheet, workbook


def xlsx_files(snapshot: Snapshot) -> Iterator[File]:
    """``frtracker.xlsx``: a sheet for each of :data:`TABLES`."""
    sheets = [Sheet(it.name, it.columns, cells(it, snapshot).to_dict("records")) for it in TABLES]
    count = sum(len([*it.rows]) for it in sheets)
    data = workbook(sheets, facts_of(snapshot, "all tables"))
    yield File("frtracker.xlsx", "xlsx", data, count)
