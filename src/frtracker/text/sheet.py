"""The formats of an answer: text for people (see :mod:`frtracker.text.blocks`), CSV, Parquet or a
workbook of its rows, the document as JSON. Nothing is cut but text that no spreadsheet takes."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.answers.documents import SCHEMA_VERSION, Document
from frtracker.record.columns import CREDITS, LICENSE
from frtracker.text.blocks import Block, Paragraph, Table, markdown, plain

if TYPE_CHECKING:
    import pandas as pd

    from frtracker.text.terminal import Terminal
    from frtracker.timeline.columns import Column, Kind

_FORMULA: Final = re.compile(r"'*[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"b": "flag", "M": "day", "i": "count", "f": "number"}
)
"""Of columns, by the kind of their dtype; any other is text."""

Rows = Iterable[Mapping[Any, Any]]
Facts = Mapping[str, str]
"""What is to be known of a file, by its name: title, edition, license, how to cite it."""


def render(
    document: Document,
    format_name: str,
    text: Callable[[Document], Iterable[Block]],
    columns: Sequence[str] = (),
    rows: Rows = (),
    *,
    others: Iterable[tuple[str, Sequence[str], Rows]] = (),
    terminal: Terminal | None = None,
) -> str | bytes:
    """A document as ``table``, ``markdown``, ``csv`` or ``json``, with a final newline, or as
    ``xlsx``.

    ``text(document)`` makes what people read, for a pipe or fitted to a ``terminal``; ``columns``
    and ``rows`` are its CSV and its spreadsheet, which also has the tables ``others``: name,
    columns, rows.
    """
    tables = [(document["kind"], columns, rows), *others]
    if supposed := document.get("supposed"):
        said = {"supposed": "; ".join(supposed)}
        tables = [
            (name, (*of, *said), [{**row, **said} for row in each]) for name, of, each in tables
        ]
    if format_name == "xlsx":
        from frtracker.fields import described
        from frtracker.text.workbook import Sheet, workbook

        sheets = [Sheet(name, described(name, of), each) for name, of, each in tables]
        return workbook(sheets, about(document))
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "csv":
        (_, columns, rows), *_ = tables
        return as_csv(columns, rows)
    blocks = text(document)
    if supposed:
        blocks = chain([Paragraph(wording.supposed(supposed), strong=True)], blocks)
    if format_name == "markdown":
        return markdown(blocks) + "\n"
    if terminal:
        from frtracker.text.terminal import fitted

        return fitted(blocks, terminal) + "\n"
    return plain(blocks) + "\n"


def render_frame(frame: pd.DataFrame, format_name: str, document: Document) -> str | bytes:
    """A table as ``csv``, ``xlsx``, ``parquet`` (needs pyarrow) or ``table``, for reading;
    ``document``: its ``kind``, the days asked about, the edition, for a workbook and Parquet."""
    from frtracker.fields import described

    dtypes = {str(name): cells.dtype.kind for name, cells in frame.items()}
    kinds = {name: _KINDS[kind] for name, kind in dtypes.items() if kind in _KINDS}
    columns = described(document["kind"], dtypes, kinds)
    if format_name == "parquet":
        return as_parquet(frame, columns, about(document))
    names, rows = [column.name for column in columns], frame.to_dict("records")
    if format_name == "csv":
        return as_csv(names, rows)
    if format_name == "xlsx":
        from frtracker.text.workbook import Sheet, workbook

        return workbook([Sheet(document["kind"], columns, rows)], about(document))
    if not rows:
        return f"{wording.NO_SUBJECTS}\n"
    cells = ([str(cell(row[name])) for name in names] for row in rows)
    return plain([Table(names, [*cells], numbers=True)]) + "\n"


def about(document: Document) -> Facts:
    """What is to be known of a file with this document: the days asked about, the edition, the
    license, how to cite it."""
    dataset = document.get("dataset", {})
    asked = ("as_of", "since", "until", "known_at")
    filters = document.get("filters", {})
    facts = {
        "title": wording.TITLE,
        **{name: document.get(name) for name in asked},
        **{name: ";".join(words) for name, words in filters.items()},
        "supposed": "; ".join(document.get("supposed", ())),
        **{name: dataset.get(name) for name in ("edition", "reviewed_through")},
        "schema_version": str(SCHEMA_VERSION),
        "license": LICENSE,
        "cite_as": document.get("cite_as"),
        "credits": "; ".join(f"{title}: {address}" for title, address in CREDITS.items()),
    }
    return {name: fact for name, fact in facts.items() if fact}


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


def as_parquet(frame: pd.DataFrame, columns: Sequence[Column], facts: Facts) -> bytes:
    """Parquet (needs pyarrow): text as strings, lists (``;`` in the frame) as lists of strings,
    days as date32, null where missing. Each field has its description, the file the
    ``facts``."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    types = {
        "text": pa.string(),
        "list": pa.list_(pa.string()),
        "flag": pa.bool_(),
        "day": pa.date32(),
        "number": pa.float64(),
        "count": pa.int64(),
    }
    arrays, fields = [], []
    for it in columns:
        cells = frame[it.name]
        values: Any = cells.tolist()
        if it.kind == "day":
            values = cells.to_numpy("datetime64[D]")
        elif it.kind == "list":
            values = [
                text.split(";") if text == text and text else None if it.optional else []
                for text in values
            ]
        elif it.kind == "text" and it.optional:
            values = [text or None for text in values]
        arrays.append(pa.array(values, types[it.kind], from_pandas=True))
        described = {"description": it.description}
        fields.append(pa.field(it.name, types[it.kind], nullable=it.optional, metadata=described))
    buffer = io.BytesIO()
    write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, dict(facts))), buffer)
    return buffer.getvalue()


def safe_csv(text: str) -> str:
    """The same CSV with ``'`` before every cell that a spreadsheet would take for a formula, and
    every cell in quotes, after a byte-order mark, without which some take it for another encoding.
    Numbers stay numbers. A cell that begins so already gets one more: taking one away from every
    such cell gives the text back.

    >>> safe_csv("name\\n=1+1\\n-3.5\\n").removeprefix(codecs.BOM_UTF8.decode())
    '"name"\\n"\\'=1+1"\\n"-3.5"\\n'
    """
    before = csv.field_size_limit(len(text) + 1)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(before)
    buffer = io.StringIO()
    buffer.write(codecs.BOM_UTF8.decode())
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        runs = [bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell) for cell in row]
        writer.writerow([f"'{cell}" if run else cell for cell, run in zip(row, runs, strict=True)])
    return buffer.getvalue()
