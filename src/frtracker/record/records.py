"""Bytes that are text -> the records of a CSV file, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from frtracker.record.content import Unusable, unusable
from frtracker.record.counting import CountedLines, TooManyCells
from frtracker.record.schema import file_rules as rules


@contextmanager
def cells_up_to(size: int) -> Iterator[None]:
    """Within it no cell has more than ``size`` characters."""
    # The csv module keeps its limit for the whole process: put it back.
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def records_of(raw: bytes, label: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; empty lines are passed over.

    Raises :class:`Unusable` where a quote, a cell or a record's length is wrong.
    """
    lines = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline=None)
    counted = CountedLines(lines, rules.MAX_COLUMNS)
    reader = csv.reader(counted, strict=True)
    begins = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise _csv_problem(str(error), label, begins) from None
        except TooManyCells:
            raise _too_many_columns(label, begins) from None
        if record is None:
            return
        if counted.length > rules.MAX_CELL // 4 and any(map(_is_too_large, record)):
            raise _csv_problem("field larger than field limit", label, begins)
        counted.next_record()
        if record:
            yield begins, record
        begins = reader.line_num + 1


def _too_many_columns(label: str, line: int) -> Unusable:
    message = f"the record that begins here has more than {rules.MAX_COLUMNS:,} columns"
    return unusable(rules.COLUMN_COUNT, label, message, line)


def _is_too_large(cell: str) -> bool:
    # the csv module's own limit counts characters, of which each may be four bytes
    return len(cell.encode()) > rules.MAX_CELL


def _csv_problem(reason: str, label: str, line: int) -> Unusable:
    if "field larger than field limit" in reason:
        message = "a cell of the record that begins here is larger than 1 MB"
        return unusable(rules.CELL_SIZE, label, message, line)
    if "unexpected end of data" in reason:
        message = "a quote is opened in the record that begins here and never closed"
    else:
        message = (
            'a quote stands inside a quoted cell of the record that begins here: write it as ""'
            " and close the cell with one"
        )
    return unusable(rules.QUOTES, label, message, line)


def header_of(records: Iterator[tuple[int, list[str]]], label: str) -> tuple[str, ...]:
    _, header = next(records)
    if len(header) > rules.MAX_COLUMNS:
        raise _too_many_columns(label, 1)
    return tuple(header)
