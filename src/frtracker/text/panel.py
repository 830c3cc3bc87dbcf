"""A panel, or the small table beside it, as a file."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
from tabulate import tabulate

FORMATS = ("csv", "parquet", "table")


def render(frame: pd.DataFrame, format_name: str) -> str | bytes:
    """``csv``: days as ISO 8601, flags as true and false, empty where missing; lines end with a
    line feed. ``parquet``: days as date32, null where missing (needs pyarrow). ``table``: for
    reading."""
    if format_name == "parquet":
        return _parquet(frame)
    plain = _plain(frame)
    if format_name == "csv":
        return plain.to_csv(index=False, lineterminator="\n")
    rows = plain.astype("str").to_numpy(object).tolist()
    return tabulate(rows, headers=list(plain.columns), tablefmt="simple") + "\n"


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


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Everything but numbers as text; missing numbers as empty text too."""
    plain = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            column = column.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(column):
            column = column.map({True: "true", False: "false"}).astype("object")
        plain[name] = column.astype("object").where(column.notna(), "")
    return pd.DataFrame(plain)
