"""The periods of a panel: whole months, quarters or years of the calendar."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from frtracker.vocabulary import PERIOD_MONTHS


@dataclass(frozen=True, slots=True)
class Period:
    """One period. ``number`` counts periods of its frequency through the calendar, so that the
    difference of two is the time between them."""

    label: str
    number: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return self.last.toordinal() - self.first.toordinal() + 1


def periods_between(first: date, last: date, freq: str) -> tuple[Period, ...]:
    """List every whole period that has a day in ``first`` … ``last``, both included.

    >>> [p.label for p in periods_between(date(2019, 11, 5), date(2020, 4, 1), "quarter")]
    ['2019-Q4', '2020-Q1', '2020-Q2']

    Raises ``ValueError`` for an unknown frequency and for days in the wrong order.
    """
    if freq not in PERIOD_MONTHS:
        raise ValueError(f"freq is {freq!r}, not one of {', '.join(PERIOD_MONTHS)}")
    if last < first:
        raise ValueError(f"the panel ends on {last}, before it begins on {first}")
    length, periods = PERIOD_MONTHS[freq], []
    for number in range(number_of(first, freq), number_of(last, freq) + 1):
        year, month = divmod(number * length, 12)
        end = month + length
        labels = {1: f"-{end:02d}", 3: f"-Q{end // 3}", 12: ""}
        last_day = date(year, end, monthrange(year, end)[1])
        label = f"{year:04d}{labels[length]}"
        periods.append(Period(label, number, date(year, month + 1, 1), last_day))
    return tuple(periods)


def number_of(day: date, freq: str) -> int:
    """Number the period that the day lies in."""
    return (day.year * 12 + day.month - 1) // PERIOD_MONTHS[freq]
