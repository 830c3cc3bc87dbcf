"""Values that the page's data name by number, each stored once, and tables as columns."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any, Final, Generic, TypeVar

import pandas as pd

Value = TypeVar("Value", bound=Hashable)

_EPOCH: Final = date(1970, 1, 1).toordinal()


class Interned(Generic[Value]):
    """A list without doubles. ``number`` is the place of a value in it, added where it is new."""

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
    cells = {
        name: frame[name].to_numpy().astype("datetime64[D]").tolist()
        if frame[name].dtype.kind == "M"
        else frame[name].tolist()
        for name in names or frame.columns
    }
    return [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]


def columns(names: str, rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as columns, so that the data say each of ``names`` (parted by spaces) once."""
    cells = zip(*rows, strict=True) if rows else ([] for _ in names.split())
    return {name: list(column) for name, column in zip(names.split(), cells, strict=True)}
