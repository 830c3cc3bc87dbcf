"""What may be given to an option: days, sizes, names of files."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click

from frtracker.dates import DayRange, parse_period


class Period(click.ParamType[DayRange]):
    """A day, month or year. (``click.DateTime`` would read 2021-06 as 1 June without a word.)"""

    name = "day|month|year"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> DayRange:
        if isinstance(value, DayRange):
            return value
        try:
            return parse_period(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Named(click.Path):
    """A file or folder to write; an empty name, which would be the current folder, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


class Size(click.ParamType[int]):
    """A number of bytes: ``500MB``, ``2GB``, ``800kB``, ``1000``."""

    name = "size"
    _units = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}  # noqa: RUF012

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch(
            r"([1-9][0-9]{0,11}) ?([kmg]?b)?", str(value), re.ASCII | re.IGNORECASE
        )
        if match is None:
            self.fail(f"{value!r} is no size such as 500MB or 2GB", param, ctx)
        return int(match[1]) * self._units[(match[2] or "").lower()]


def in_order(first: date, last: date, begin: str, end: str) -> None:
    """Raises ``UsageError`` where the day of option ``begin`` lies after that of ``end``."""
    if last < first:
        raise click.UsageError(f"{begin} {first} lies after {end} {last}")
