"""The columns of the tables that other programs read, each with its kind and its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import pandas as pd

from frtracker.record import schema
from frtracker.timeline.columns import PERIODS, POSITIONS, SUBJECT_KEY, Column, bounds_of

Value = str | bool | date | float | None

DERIVED_KEY: Final = SUBJECT_KEY

__all__ = ["DERIVED_KEY", "PERIODS", "POSITIONS", "Column", "bounds", "recorded", "rows"]


def recorded(table: str) -> tuple[Column, ...]:
    """The columns of one of the four tables, as in its file; dates are text, as recorded."""
    described = schema.columns()
    rows = described[described["table"] == table]
    return tuple(
        Column(
            str(row["column"]),
            "number" if row["kind"] == "number" else "text",
            str(row["description"]),
            optional=not row["required"],
        )
        for row in rows.to_dict("records")
    )


def bounds() -> tuple[Column, ...]:
    """The first and last possible day of each date of ``policies``."""
    return tuple(
        column
        for name in schema.DATE_COLUMNS
        for column in bounds_of(f"{name}_", f"The recorded {name}")
    )  # fmt: skip


def rows(frame: pd.DataFrame, columns: Iterable[Column]) -> Iterator[tuple[Value, ...]]:
    """The rows in plain types: str, bool, date, float; None where empty."""
    cells = [[_value(item, column) for item in frame[column.name]] for column in columns]
    return zip(*cells, strict=True)


def _value(item: Any, column: Column) -> Value:
    match column.kind:
        case "flag":
            return bool(item)
        case "number":
            return None if pd.isna(item) else float(item)
        case "day":
            return _day(item)
        case _:
            return None if column.optional and item == "" else str(item)


def _day(item: Any) -> date | None:
    """A timestamp, or an ordinal of which 0 is no date and 1 no first day."""
    if isinstance(item, pd.Timestamp):
        return item.date()
    if pd.isna(item) or int(item) <= 1:
        return None
    return date.fromordinal(int(item))
