"""Workbooks (XLSX): a first sheet about the data and their columns, then a sheet a table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from frtracker.files import DoesNotFit
from frtracker.text.sheet import Facts, cell
from frtracker.timeline.columns import Column

LONGEST_CELL: Final = 32_767
"""Characters: a spreadsheet takes no more in a cell."""
MOST_ROWS: Final = 1_048_575
"""Below the header: a spreadsheet takes no more."""
_CUT: Final = " … (cut: a spreadsheet takes no longer text; as CSV it is whole)"
_WIDEST: Final = 60
_AS_TEXT: Final = ("text", "list", "day")
_MEASURED: Final = 200
"""Rows by which the width of a column is chosen."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook: its rows have a value for each of ``columns``."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[Any, Any]]


def workbook(sheets: Iterable[Sheet], about: Facts) -> bytes:
    """An XLSX file. Text and days are text, flags TRUE and FALSE, lists joined by ``;``, no cell is
    a formula; headers are frozen, with filters. The same content gives the same bytes. Raises
    :class:`DoesNotFit` for a table with more than :data:`MOST_ROWS` rows."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    # not the clock's; the format knows no earlier day
    book.set_properties(
        {"title": about.get("title", ""), "created": datetime(1980, 1, 1, tzinfo=UTC)}
    )
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    filled = [(it, _cells(it)) for it in sheets]

    first = book.add_worksheet("Read me")
    first.set_landscape()
    first.fit_to_pages(1, 0)
    first.set_column(0, 1, 24)
    first.set_column(2, 2, 120)
    for row, (name, fact) in enumerate(about.items()):
        first.write_string(row, 0, name.replace("_", " ").capitalize(), bold)
        first.write_string(row, 1, fact)
    row = len(about) + 1
    for column, name in enumerate(("Sheet", "Column", "Meaning")):
        first.write_string(row, column, name, bold)
    for sheet, _ in filled:
        for it in sheet.columns:
            row += 1
            for column, fact in enumerate((sheet.name, it.name, it.description)):
                first.write_string(row, column, fact)

    for sheet, rows in filled:
        page = book.add_worksheet(sheet.name)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
        for column, it in enumerate(sheet.columns):
            longest = max((len(str(cells[column])) for cells in rows[:_MEASURED]), default=0)
            width = min(max(len(it.name) + 4, longest + 1), _WIDEST)
            page.set_column(column, column, width, text if it.kind in _AS_TEXT else None)
            page.write_string(0, column, it.name, bold)
        for number, cells in enumerate(rows, 1):
            for column, value in enumerate(cells):
                if isinstance(value, bool):
                    page.write_boolean(number, column, value)
                elif isinstance(value, int | float):
                    page.write_number(number, column, value)
                elif value:
                    page.write_string(number, column, value)
    book.close()
    return buffer.getvalue()


def _cells(sheet: Sheet) -> list[list[bool | int | float | str]]:
    names, rows = [column.name for column in sheet.columns], [*sheet.rows]
    if len(rows) > MOST_ROWS:
        raise DoesNotFit(
            f"{sheet.name} has {len(rows):,} rows, a spreadsheet takes {MOST_ROWS:,}: use CSV"
        )
    return [[_value(row[name]) for name in names] for row in rows]


def _value(value: object) -> bool | int | float | str:
    if isinstance(value, bool | int | float) and value == value:
        return value
    text = str(cell(value))
    units = text.encode("utf-16-le", "surrogatepass")  # which a spreadsheet counts
    if len(units) <= 2 * LONGEST_CELL:
        return text
    return units[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
