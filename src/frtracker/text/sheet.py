"""The formats of an answer: text for people (see :mod:`frtracker.text.blocks`), CSV or Parquet of
its rows, the document as JSON. Nothing is ever cut."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from frtracker.answers.documents import Document
from frtracker.text.blocks import Block, Table, markdown, plain

if TYPE_CHECKING:
    import pandas as pd

    from frtracker.text.terminal import Terminal

_FORMULA: Final = re.compile(r"'*[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

Rows = Iterable[Mapping[Any, Any]]


def render(
    document: Document,
    format_name: str,
    text: Callable[[Document], Iterable[Block]],
    columns: Sequence[str] = (),
    rows: Rows = (),
    *,
    terminal: Terminal | None = None,
) -> str:
    """A document as ``table``, ``markdown``, ``csv`` or ``json``, with a final newline.

    ``text(document)`` makes what people read, for a pipe or fitted to a ``terminal``; ``columns``
    and ``rows`` are its CSV.
    """
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "csv":
        return as_csv(columns, rows)
    if format_name == "markdown":
        return markdown(text(document)) + "\n"
    if terminal:
        from frtracker.text.terminal import fitted

        return fitted(text(document), terminal) + "\n"
    return plain(text(document)) + "\n"


def render_frame(frame: pd.DataFrame, format_name: str) -> str | bytes:
    """A table as ``csv``, ``parquet`` (needs pyarrow) or ``table``, for reading."""
    if format_name == "parquet":
        return as_parquet(frame)
    columns, rows = [str(name) for name in frame.columns], frame.to_dict("records")
    if format_name == "csv":
        return as_csv(columns, rows)
    cells = ([str(cell(row[name])) for name in columns] for row in rows)
    return plain([Table(columns, [*cells], numbers=True)]) + "\n"


def as_csv(columns: Sequence[str], rows: Rows) -> str:
    """CSV with a header (RFC 4180, lines end with a line feed): flags are ``true`` and ``false``,
    lists joined with ``;``, missing cells empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return buffer.getvalue()


def cell(value: object) -> object:
    """A value as CSV has it."""
    if value is None or value != value:  # NaN and NaT
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return value.date().isoformat() if isinstance(value, datetime) else value


def as_parquet(frame: pd.DataFrame, required: Collection[str] = ()) -> bytes:
    """Parquet (needs pyarrow): text as strings, days as date32, null where missing; the columns in
    ``required`` have no gaps."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    # Without pandas' own metadata: it names the versions of the day.
    content = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    types = {pa.large_string(): pa.string(), pa.timestamp("s"): pa.date32()}
    fields = [
        pa.field(field.name, types.get(field.type, field.type), nullable=field.name not in required)
        for field in content.schema
    ]
    buffer = io.BytesIO()
    write_table(content.cast(pa.schema(fields)), buffer)
    return buffer.getvalue()


def safe_csv(text: str) -> str:
    """The same CSV with ``'`` before every cell that a spreadsheet would take for a formula, and
    every cell in quotes. Numbers stay numbers. A cell that begins so already gets one more: taking
    one away from every such cell gives the text back.

    >>> safe_csv("name\\n=1+1\\n-3.5\\n")
    '"name"\\n"\\'=1+1"\\n"-3.5"\\n'
    """
    before = csv.field_size_limit(len(text) + 1)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(before)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        runs = [bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell) for cell in row]
        writer.writerow([f"'{cell}" if run else cell for cell, run in zip(row, runs, strict=True)])
    return buffer.getvalue()
