"""A panel, or the small table beside it, as a file."""

from __future__ import annotations

import pandas as pd

from frtracker.text import sheet

FORMATS = ("csv", "parquet", "table")


def render(frame: pd.DataFrame, format_name: str) -> str | bytes:
    """``csv``: days as ISO 8601, flags as true and false, empty where missing; lines end with a
    line feed. ``parquet``: days as date32, null where missing (needs pyarrow). ``table``: for
    reading."""
    if format_name == "parquet":
        return sheet.as_parquet(frame)
    columns, rows = [str(name) for name in frame.columns], frame.to_dict("records")
    if format_name == "csv":
        return sheet.as_csv(columns, rows)
    cells = ([str(sheet.cell(row[name])) for name in columns] for row in rows)
    return sheet.as_table(columns, cells, numbers=True) + "\n"
