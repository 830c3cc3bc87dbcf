"""A panel, or the small table beside it, as a file."""

from __future__ import annotations

from io import BytesIO

import pandas as pd

from frtracker.text import sheet

FORMATS = ("csv", "parquet", "table")


def render(frame: pd.DataFrame, format_name: str) -> str | bytes:
    """``csv``: days as ISO 8601, flags as true and false, empty where missing; lines end with a
    line feed. ``parquet``: days as date32, null where missing (needs pyarrow). ``table``: for
    reading."""
    if format_name == "parquet":
        return _parquet(frame)
    columns, rows = [str(name) for name in frame.columns], frame.to_dict("records")
    if format_name == "csv":
        return sheet.as_csv(columns, rows)
    cells = ([str(sheet.cell(row[name])) for name in columns] for row in rows)
    return sheet.as_table(columns, cells, numbers=True) + "\n"


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    # Without pandas' own metadata: it names the versions of the day, and every reader can do
    # without it.
    content = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    fields = [
        pa.field(field.name, pa.date32()) if pa.types.is_timestamp(field.type) else field
        for field in content.schema
    ]
    content = content.cast(pa.schema(fields))
    buffer = BytesIO()
    parquet.write_table(content, buffer, compression="zstd")
    return buffer.getvalue()
