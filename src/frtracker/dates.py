"""Days that are known only as well as their source knows them.

A recorded date is a day (``2021-07-01``), a month, a year, an interval ``A/B``
(not before A, not after the end of B) or ``/B`` (on B at the latest). All of
them say the same kind of thing: *the day lies somewhere in here*. A
:class:`DayRange` is that statement. Standard library only.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POINT = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class DayRange:
    """One day that lies between ``low`` and ``high``, both included."""

    low: date
    high: date

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def __contains__(self, day: date) -> bool:
        return self.low <= day <= self.high

    def __str__(self) -> str:
        return format_days(self.low, self.high)


def _exact_day(text: str) -> date | None:
    """A day that is written in full and exists, as most are; None for all else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _parse_point(text: str) -> DayRange:
    if (exact := _exact_day(text)) is not None:
        return DayRange(exact, exact)
    match = _POINT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a day, month or year (2021-07-01, 2021-07 or 2021)")
    year = int(match["year"])
    if year == 0:
        raise ValueError(f"{text!r}: there is no year 0")
    if match["month"] is None:
        return DayRange(date(year, 1, 1), date(year, 12, 31))
    month = int(match["month"])
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r}: there is no month {match['month']}")
    if match["day"] is not None:
        raise ValueError(f"{text!r}: {year}-{month:02d} has no day {match['day']}")
    return DayRange(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


@lru_cache(maxsize=10_000)
def parse(text: str) -> DayRange:
    """Read a recorded date. (A table names the same days over and over.)

    >>> parse("2021-06")
    DayRange(low=datetime.date(2021, 6, 1), high=datetime.date(2021, 6, 30))
    >>> parse("2023/2025-07-15").high
    datetime.date(2025, 7, 15)

    Raises ``ValueError`` with a sentence for people.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _parse_point(text)
    if not end:
        raise ValueError(
            f"{text!r} has no last day: leave the date empty until a source shows the rule"
            " in force, and take that day as the end"
        )
    high = _parse_point(end).high
    if not start:
        return DayRange(date.min, high)
    low = _parse_point(start).low
    if low > high:
        raise ValueError(f"{text!r} ends before it begins")
    return DayRange(low, high)


def parse_period(text: str) -> DayRange:
    """Read a day, month or year as people type it on the command line (no ``A/B``)."""
    return _parse_point(text.strip())


def format_days(low: date, high: date) -> str:
    """Write a range of days as briefly as it is exact; the inverse of :func:`parse`.

    >>> format_days(date(2021, 6, 1), date(2021, 6, 30))
    '2021-06'
    >>> format_days(date(2020, 12, 10), date(2020, 12, 31))
    '2020-12-10/2020-12-31'
    """
    if low == high:
        return low.isoformat()
    year = f"{low.year:04d}"
    if (low, high) == (date(low.year, 1, 1), date(low.year, 12, 31)):
        return year
    last = monthrange(low.year, low.month)[1]
    if (low, high) == (low.replace(day=1), low.replace(day=last)):
        return f"{year}-{low.month:02d}"
    start = "" if low == date.min else low.isoformat()
    return f"{start}/{high.isoformat()}"


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def in_words(day: date) -> str:
    """A day as people read it: ``30 Jun 2021`` (English, whatever the locale)."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_after(day: date, span: str) -> date:
    """The day ``span`` (``90d``, ``24m``, ``-1y``) after ``day``; the end of a shorter month where
    the day does not exist.

    >>> days_after(date(2024, 1, 31), "1m")
    datetime.date(2024, 2, 29)

    Raises ``OverflowError`` beyond the years 1 to 9999.
    """
    number, unit = int(span[:-1]), span[-1]
    if unit == "d":
        return day + timedelta(days=number)
    months = day.year * 12 + day.month - 1 + (number * 12 if unit == "y" else number)
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is out of range")
    return date(year, month, min(day.day, monthrange(year, month)[1]))
