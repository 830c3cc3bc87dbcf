"""Values that the page's data name by number, each stored once."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any, Final, Generic, TypeVar

import pandas as pd

Value = TypeVar("Value", bound=Hashable)

_EPOCH: Final = date(1970, 1, 1).toordinal()


class Shared(Generic[Value]):
    """A list without doubles. ``number`` gives a value its place in it."""

    def __init__(self, *first: Value) -> None:
        self.values: list[Value] = []
        self._places: dict[Value, int] = {}
        for value in first:
            self.number(value)

    def number(self, value: Value) -> int:
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


def day_number(day: Any) -> int | None:
    """Days since 1970-01-01, of a date, a timestamp or an ordinal; None where there is none."""
    if isinstance(day, int):
        return day - _EPOCH
    return None if day is None or pd.isna(day) else int(day.toordinal()) - _EPOCH


def records(frame: pd.DataFrame, names: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The rows with these columns, or all; days as ``date``, None where there is none."""
    cells = {name: _cells(frame[name]) for name in names or frame.columns}
    return [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]


def _cells(column: pd.Series) -> list[Any]:
    if column.dtype.kind != "M":
        return column.tolist()
    days: list[Any] = column.to_numpy().astype("datetime64[D]").tolist()
    return days


def columns(rows: list[dict[str, Any]], names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Rows as columns, which say each name once."""
    return {name: [row[name] for row in rows] for name in names}


def size(value: object) -> int:
    """Bytes of a value in the page."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
