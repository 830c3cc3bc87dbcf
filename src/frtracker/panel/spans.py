"""The periods of a panel: whole months, quarters or years of the calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

FREQUENCIES: Final[Mapping[str, int]] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
"""Months in a period."""


@dataclass(frozen=True, slots=True)
class Span:
    """One period. ``number`` counts periods of its frequency through the calendar, so that the
    difference of two is the time between them."""

    label: str
    number: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return self.last.toordinal() - self.first.toordinal() + 1


def spans(first: date, last: date, freq: str) -> tuple[Span, ...]:
    """Every whole period that has a day in ``first`` … ``last``, both included.

    >>> [span.label for span in spans(date(2019, 11, 5), date(2020, 4, 1), "quarter")]
    ['2019-Q4', '2020-Q1', '2020-Q2']

    Raises ``ValueError`` for an unknown frequency and for days in the wrong order.
    """
    if freq not in FREQUENCIES:
        raise ValueError(f"freq is {freq!r}, not one of {', '.join(FREQUENCIES)}")
    if last < first:
        raise ValueError(f"the panel ends on {last}, before it begins on {first}")
    numbers = range(number_of(first, freq), number_of(last, freq) + 1)
    return tuple(_span(number, freq) for number in numbers)


def number_of(day: date, freq: str) -> int:
    """The number of the period that the day lies in."""
    return (day.year * 12 + day.month - 1) // FREQUENCIES[freq]


def _span(number: int, freq: str) -> Span:
    length = FREQUENCIES[freq]
    year, month = divmod(number * length, 12)
    last_month = month + length
    label = {
        "month": f"{year:04d}-{month + 1:02d}",
        "quarter": f"{year:04d}-Q{month // 3 + 1}",
        "year": f"{year:04d}",
    }[freq]
    last = date(year, last_month, monthrange(year, last_month)[1])
    return Span(label, number, date(year, month + 1, 1), last)
