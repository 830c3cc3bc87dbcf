"""Days that are known only as well as their source knows them.

A recorded date is a day (``2021-07-01``), a month, a year, ``[A..B]`` (one day from A to the end
of B) or ``[..B]`` (on B at the latest), as EDTF (ISO 8601-2) writes them. All of them say the same
kind of thing, *the day is somewhere in here*: a :class:`DayRange`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_SPAN = re.compile(r"-?[0-9]{1,4}[dmy]", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class DayRange:
    """One day between ``low`` and ``high``, both included."""

    low: date
    high: date

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def first(self) -> date:
        """The first day; of ``[..B]``, which has none, the last."""
        return self.high if self.low == date.min else self.low

    def __str__(self) -> str:
        return format_days(self.low, self.high)


def _parse_point(text: str) -> DayRange:
    match = _POINT.fullmatch(text)
    if match is None:
        meant = " or ".join(readings(text))
        hint = (
            f"Did you mean {meant}?"
            if meant
            else "Use a day, month or year: 2021-07-01, 2021-07, 2021."
        )
        raise ValueError(f"{text!r} is not a date. {hint}")
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year:
        raise ValueError(f"{text!r} is not a date: there is no year 0.")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"{text!r} is not a date: there is no month {match[2]}.")
    last = monthrange(year, month or 12)[1]
    if month and day is not None and not 1 <= day <= last:
        raise ValueError(f"{text!r} is not a date: {_MONTHS[month - 1]} {year} has {last} days.")
    return DayRange(date(year, month or 1, day or 1), date(year, month or 12, day or last))


def ends(text: str) -> tuple[str, str]:
    """The first and the last end of a recorded date as written; twice the same of a day, month or
    year, '' where an end is open.

    >>> ends("[2020..2021]"), ends("[..2021-06]"), ends("2021")
    (('2020', '2021'), ('', '2021-06'), ('2021', '2021'))
    """
    start, dots, end = text[1:-1].partition("..")
    return (start, end) if dots and text[0] + text[-1] == "[]" else (text, text)


@lru_cache(maxsize=10_000)
def parse(text: str) -> DayRange:
    """Read a recorded date. (A table names the same days over and over.)

    >>> parse("2021-06")
    DayRange(low=datetime.date(2021, 6, 1), high=datetime.date(2021, 6, 30))
    >>> parse("[2023..2025]").high
    datetime.date(2025, 12, 31)

    Raises ``ValueError`` with a sentence for people.
    """
    start, end = ends(text)
    if start == end == text:
        return _parse_point(text)
    if not end:
        raise ValueError(
            f"{text!r} has no last day: leave the date empty until a source shows the rule"
            " in force, and use that day as the end"
        )
    high = _parse_point(end).high
    if not start:
        return DayRange(date.min, high)
    low = _parse_point(start).low
    if low > high:
        raise ValueError(f"{text!r} ends before it begins")
    return DayRange(low, high)


def is_date(text: str) -> bool:
    """Whether :func:`parse` reads it."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def evened(text: str) -> str:
    """The same date with both ends as precise as the more precise one; any other text unchanged.

    >>> evened("[2023..2025-07-15]"), evened("[2020-11-04..2020-12]"), evened("[..2021]")
    ('[2023-01-01..2025-07-15]', '[2020-11-04..2020-12-31]', '[..2021]')
    """
    start, end = ends(text)
    if not start or len(start) == len(end) or not is_date(text):
        return text
    days, precise = parse(text), max(len(start), len(end))
    return f"[{days.low.isoformat()[:precise]}..{days.high.isoformat()[:precise]}]"


def from_version_1(text: str) -> str:
    """A date in the notation of version 1, ``A/B`` or ``/B``, in today's; any other text stays.

    No other function reads it: in ISO 8601 it means a stretch that lasts from A to B.

    >>> from_version_1("2020/2020-06"), from_version_1("/2021"), from_version_1("2021")
    ('[2020-01..2020-06]', '[..2021]', '2021')
    """
    start, slash, end = text.partition("/")
    today = f"[{start}..{end}]"
    return evened(today) if slash and is_date(today) else text


_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERED = {
    form: number for number, name in enumerate(_MONTH_NAMES, 1) for form in (name, name[:3])
} | {"sept": 9}
_MIDNIGHT = re.compile(r"[t ](0?0:00(:00(\.0+)?)?|12:00(:00)? am)(z|[+-]00:?00)?$")
_WEEKDAY = re.compile(r"^(mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(day)?[., ]+")
_FIRST_SERIAL, _LAST_SERIAL = 32874, 54789  # 1990 and 2050, as spreadsheets count days


def readings(text: str) -> tuple[str, ...]:
    """The dates, as the record writes them, that a date in another notation may mean: as
    spreadsheets show it, and as people write it. Both of an ambiguous one, the month first; none
    of a recorded date or of another text.

    >>> readings("6/30/2021"), readings("30.6.2021"), readings("May-22"), readings("June 3, 2021")
    (('2021-06-30',), ('2021-06-30',), ('2022-05',), ('2021-06-03',))
    >>> readings("5/6/2021"), readings("2021-6-3"), readings("44377"), readings("22-May")
    (('2021-05-06', '2021-06-05'), ('2021-06-03',), ('2021-06-30',), ())
    """
    shape = _MIDNIGHT.sub("", _WEEKDAY.sub("", text.strip().casefold()))
    shape = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)\b", "", shape)
    if _POINT.fullmatch(text) or not re.fullmatch(
        r"[0-9]+|\w+(?:[./, -]+\w+){1,2}", shape, re.ASCII
    ):
        return ()
    if shape.isdigit():
        if len(shape) == len("20210630"):
            return tuple(filter(is_date, [f"{shape[:4]}-{shape[4:6]}-{shape[6:]}"]))
        days = int(shape) if len(shape) == 5 else 0
        serial = _FIRST_SERIAL <= days <= _LAST_SERIAL
        return (str(date(1899, 12, 30) + timedelta(days)),) if serial else ()
    words = [_NUMBERED.get(it, it) for it in re.split(r"[./, -]+", shape)]
    named = [isinstance(it, int) for it in words]
    parts = [str(it) for it in words]
    if not all(it.isdigit() and len(it) <= 4 for it in parts) or sum(named) > 1:
        return ()
    orders: list[tuple[str, ...]]
    match parts, named.index(True) if any(named) else None:
        case [year, month, day], None | 1 if len(year) == 4:
            orders = [(year, month, day)]
        case [month, day, year], 0:
            orders = [(year, month, day)]
        case [day, month, year], 1:
            orders = [(year, month, day)]
        case [one, other, year], None:
            orders = [(year, other, one)]
            if "." not in text:
                orders.insert(0, (year, one, other))
        case [year, month], None | 1 if len(year) == 4:
            orders = [(year, month)]
        case [month, year], 0:
            orders = [(year, month)]
        case [month, year], None if len(year) == 4:
            orders = [(year, month)]
        case _:
            orders = []
    found = []
    for year, *rest in orders:
        century = ("20" if int(year) < 50 else "19") if len(year) == 2 else ""
        found.append("-".join([century + year, *(it.zfill(2) for it in rest)]))
    return tuple(dict.fromkeys(it for it in found if _POINT.fullmatch(it) and is_date(it)))


def parse_period(text: str) -> DayRange:
    """Read a day, month or year as people type it on the command line (no ``[A..B]``)."""
    return _parse_point(text.strip())


def format_days(low: date, high: date) -> str:
    """Write a range of days as briefly as it is exact; the inverse of :func:`parse`.

    >>> format_days(date(2021, 6, 1), date(2021, 6, 30))
    '2021-06'
    >>> format_days(date(2020, 12, 10), date(2020, 12, 31))
    '[2020-12-10..2020-12-31]'
    """
    exact = low.isoformat()
    for text in (exact, exact[:7], exact[:4]):
        if parse(text) == DayRange(low, high):
            return text
    return f"[{'' if low == date.min else exact}..{high.isoformat()}]"


def in_words(day: date) -> str:
    """A day as people read it: ``30 Jun 2021`` (English in any locale)."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_after(day: date, span: str) -> date:
    """The day ``span`` (``90d``, ``24m``, ``-1y``) after ``day``; the end of a shorter month where
    the day does not exist.

    >>> days_after(date(2024, 1, 31), "1m")
    datetime.date(2024, 2, 29)

    Raises ``ValueError`` if the span is invalid, ``OverflowError`` beyond the years 1 to 9999.
    """
    if not _SPAN.fullmatch(span):
        raise ValueError(f"{span!r} is not a length of time such as 90d, 24m or 2y")
    number, unit = int(span[:-1]), span[-1]
    if unit == "d":
        return day + timedelta(days=number)
    months = day.year * 12 + day.month - 1 + (number * 12 if unit == "y" else number)
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is out of range")
    return date(year, month, min(day.day, monthrange(year, month)[1]))
