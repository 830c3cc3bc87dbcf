"""Recorded dates: what may be written, which days it means, how it is printed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frtracker import dates
from frtracker.dates import DayRange


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2021-07-01", "2021-07-01", "2021-07-01"),
        ("2020-02-29", "2020-02-29", "2020-02-29"),
        ("2021-06", "2021-06-01", "2021-06-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2100-02", "2100-02-01", "2100-02-28"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("[2023..2025-07-15]", "2023-01-01", "2025-07-15"),
        ("[2020-11-04..2020-12]", "2020-11-04", "2020-12-31"),
        ("[2020-06..2020-06-24]", "2020-06-01", "2020-06-24"),
        ("[2020-06-24..2020-06]", "2020-06-24", "2020-06-30"),
        ("[2020..2020]", "2020-01-01", "2020-12-31"),
        ("[2021-07-01..2021-07-01]", "2021-07-01", "2021-07-01"),
        ("[..2020-12-31]", "0001-01-01", "2020-12-31"),
        ("[..2020]", "0001-01-01", "2020-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_date_is_a_range_of_days(text, low, high):
    assert dates.parse(text) == DayRange(date.fromisoformat(low), date.fromisoformat(high))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "^'' is not a date. Use a day, month or year: 2021-07-01, 2021-07, 2021.$"),
        ("2021-7-1", "is not a date. "),
        ("20210701", "is not a date. "),
        ("01/07/2021", "is not a date. "),
        ("July 2021", "is not a date. "),
        ("2021-07-01 ", "is not a date. "),
        ("2021-07-01T00:00", "is not a date. "),
        ("２０２１", "is not a date. "),
        ("21", "is not a date. "),
        ("-2021", "is not a date. "),
        ("[2021..2022..2023]", "'2022..2023' is not a date. "),
        ("2021..2022", "is not a date. "),
        ("[2021]", "is not a date. "),
        ("[2021, 2022]", "is not a date. "),
        ("2021/2022", "is not a date. "),
        ("/2022", "is not a date. "),
        ("2021-13", "no month 13"),
        ("2021-00", "no month 00"),
        ("2021-02-29", "Feb 2021 has 28 days"),
        ("1900-02-29", "Feb 1900 has 28 days"),
        ("2021-06-31", "Jun 2021 has 30 days"),
        ("2021-06-00", "Jun 2021 has 30 days"),
        ("0000", "no year 0"),
        ("[2021..]", r"'\[2021..\]' has no last day: leave the date empty until a source shows"
         " the rule in force, and use that day as the end$"),
        ("[..]", "has no last day"),
        ("[2021-07-02..2021-07-01]", "ends before it begins"),
        ("[2022..2021]", "ends before it begins"),
        ("[2021-07-01..2021-06]", "ends before it begins"),
    ],
)  # fmt: skip
def test_what_is_no_date_says_why(text, words):
    with pytest.raises(ValueError, match=words):
        dates.parse(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("11/22/2026", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("11/3/2021", "2021-11-03 or 2021-03-11"),
        ("11/3/21", "2021-11-03 or 2021-03-11"),
        ("3/3/2021", "2021-03-03"),
        ("2026-10-5", "2026-10-05"),
        ("2021/06", "2021-06"),
        ("2021-07-01 ", "2021-07-01"),
        ("20210630", "2021-06-30"),
        ("Nov 3, 2021", "2021-11-03"),
        ("3rd November 2021", "2021-11-03"),
        ("June 2021", "2021-06"),
        ("6/2021", "2021-06"),
        ("May-22", "2022-05"),
    ],
)
def test_a_date_written_in_another_way_is_suggested(text, meant):
    with pytest.raises(ValueError, match=f"is not a date. Did you mean {meant}[?]$"):
        dates.parse(text)


@pytest.mark.parametrize(("text", "day"), [("2021-06", "2021-06-01"), ("[..2021]", "2021-12-31")])
def test_the_first_day_of_a_date_without_one_is_the_last(text, day):
    assert dates.parse(text).first == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "6/30", "13/13/2021", "2/30/2021", "March 2021 or 2022", "1/2/3/4", "2021.."],
)
def test_what_is_no_date_in_any_way_has_no_suggestion(text):
    assert dates.readings(text) == ()


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("2021-07-01", "2021-07-01", "2021-07-01"),
        ("2021-06-01", "2021-06-30", "2021-06"),
        ("2020-02-01", "2020-02-29", "2020-02"),
        ("2021-02-01", "2021-02-27", "[2021-02-01..2021-02-27]"),
        ("2020-01-01", "2020-12-31", "2020"),
        ("2020-01-01", "2020-12-30", "[2020-01-01..2020-12-30]"),
        ("2020-01-01", "2021-12-31", "[2020-01-01..2021-12-31]"),
        ("2020-12-10", "2020-12-31", "[2020-12-10..2020-12-31]"),
        ("0001-01-01", "2020-12-31", "[..2020-12-31]"),
        ("0001-01-01", "0001-12-31", "0001"),
        ("0999-03-01", "0999-03-31", "0999-03"),
    ],
)
def test_a_range_is_printed_as_briefly_as_it_is_exact(low, high, text):
    assert dates.format_days(date.fromisoformat(low), date.fromisoformat(high)) == text


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("[2023..2025-07-15]", "[2023-01-01..2025-07-15]"),
        ("[2020-11-04..2020-12]", "[2020-11-04..2020-12-31]"),
        ("[2020..2020-06]", "[2020-01..2020-06]"),
        ("[2020-06..2021]", "[2020-06..2021-12]"),
        ("[2020..2021]", "[2020..2021]"),
        ("[2020-06-01..2020-06-30]", "[2020-06-01..2020-06-30]"),
        ("[..2021]", "[..2021]"),
        ("2021-06", "2021-06"),
        ("[2021..2020-06]", "[2021..2020-06]"),
        ("", ""),
    ],
)
def test_the_coarser_end_is_written_out(text, even):
    assert dates.evened(text) == even


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("2020/2021", "[2020..2021]"),
        ("/2021-06", "[..2021-06]"),
        ("2023/2025-07-15", "[2023-01-01..2025-07-15]"),
        ("2020-06-24/2020-06", "[2020-06-24..2020-06-30]"),
        ("2021/2020", "2021/2020"),
        ("2021/", "2021/"),
        ("/", "/"),
        ("2020/2021/2022", "2020/2021/2022"),
        ("2021-06", "2021-06"),
        ("[2020..2021-06]", "[2020..2021-06]"),
        ("", ""),
    ],
)
def test_the_notation_of_version_1_is_translated_where_it_is_a_date(old, today):
    assert dates.from_version_1(old) == today


@given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_a_translation_means_the_same_days(one, other, first, last):
    low, high = sorted((one, other))
    start, end = low.isoformat()[:first], high.isoformat()[:last]
    today = dates.from_version_1(f"{start}/{end}")
    if dates.parse(start).low <= dates.parse(end).high:
        assert dates.parse(today) == DayRange(dates.parse(start).low, dates.parse(end).high)
        assert dates.evened(today) == dates.from_version_1(today) == today
    assert dates.from_version_1(f"/{end}") == f"[..{end}]"


@given(st.dates(), st.dates())
def test_printing_and_reading_are_inverse(one, other):
    low, high = sorted((one, other))
    assert dates.parse(dates.format_days(low, high)) == DayRange(low, high)


@given(st.dates(), st.dates())
def test_a_range_is_exact_if_its_ends_are_one_day(one, other):
    low, high = sorted((one, other))
    days = DayRange(low, high)
    assert days.is_exact == (low == high)
    assert str(days) == dates.format_days(low, high)


@pytest.mark.parametrize(
    ("typed", "last_day"),
    [("2021-06", "2021-06-30"), (" 2021 ", "2021-12-31"), ("2021-06-10", "2021-06-10")],
)
def test_a_typed_period_has_a_last_day(typed, last_day):
    assert dates.parse_period(typed).high == date.fromisoformat(last_day)


@pytest.mark.parametrize("typed", ["[2020..2021]", "[..2020]", "2020/2021", "today", "", "2021-13"])
def test_an_interval_is_not_a_typed_period(typed):
    with pytest.raises(ValueError, match=r"day, month or year|no month"):
        dates.parse_period(typed)


def test_days_in_words_do_not_depend_on_the_locale():
    told = [dates.in_words(date(2021, month, 1)) for month in (1, 3, 5, 12)]
    assert told == ["1 Jan 2021", "1 Mar 2021", "1 May 2021", "1 Dec 2021"]


@pytest.mark.parametrize(
    ("day", "span", "later"),
    [
        ("2024-01-31", "0d", "2024-01-31"),
        ("2024-02-28", "2d", "2024-03-01"),
        ("2024-03-01", "-1d", "2024-02-29"),
        ("2024-01-31", "1m", "2024-02-29"),
        ("2023-01-31", "1m", "2023-02-28"),
        ("2023-11-30", "1m", "2023-12-30"),
        ("2023-12-31", "1m", "2024-01-31"),
        ("2024-01-15", "-1m", "2023-12-15"),
        ("2024-03-31", "-13m", "2023-02-28"),
        ("2024-01-01", "24m", "2026-01-01"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2024-02-29", "-4y", "2020-02-29"),
        ("0001-12-31", "9998y", "9999-12-31"),
        ("9999-12-31", "-9998y", "0001-12-31"),
    ],
)
def test_a_span_after_a_day(day, span, later):
    assert dates.days_after(date.fromisoformat(day), span) == date.fromisoformat(later)


@pytest.mark.parametrize(
    ("day", "span", "words"),
    [
        ("9999-12-01", "1m", "the year 10000 is out of range"),
        ("0001-01-31", "-1m", "the year 0 is out of range"),
        ("0001-06-15", "-2y", "the year -1 is out of range"),
        ("9999-12-31", "1d", "date value out of range"),
    ],
)
def test_no_span_leaves_the_calendar(day, span, words):
    with pytest.raises(OverflowError, match=f"^{words}$"):
        dates.days_after(date.fromisoformat(day), span)


@pytest.mark.parametrize("span", ["", "12", "m", "12 months", "1w", "+1d", "１d", "1d "])
def test_a_span_is_a_number_and_a_unit(span):
    with pytest.raises(ValueError, match="is not a length of time such as 90d, 24m or 2y"):
        dates.days_after(date(2021, 1, 1), span)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("6/30/2021", ["2021-06-30"]),
        ("30/6/2021", ["2021-06-30"]),
        ("6/30/21", ["2021-06-30"]),
        ("6/30/98", ["1998-06-30"]),
        ("06-30-2021", ["2021-06-30"]),
        ("5/6/2021", ["2021-05-06", "2021-06-05"]),
        ("6/6/2021", ["2021-06-06"]),
        ("5.6.2021", ["2021-06-05"]),
        ("30. 6. 2021", ["2021-06-30"]),
        ("2021/6/30", ["2021-06-30"]),
        ("2021-6-3", ["2021-06-03"]),
        ("2021-6", ["2021-06"]),
        ("6/2021", ["2021-06"]),
        ("30-Jun-21", ["2021-06-30"]),
        ("30 June 2021", ["2021-06-30"]),
        ("June 30, 2021", ["2021-06-30"]),
        ("May-22", ["2022-05"]),
        ("May 2022", ["2022-05"]),
        ("MAY-22", ["2022-05"]),
        ("2021-06-30 00:00:00", ["2021-06-30"]),
        ("2021-06-30T00:00:00Z", ["2021-06-30"]),
        ("44377", ["2021-06-30"]),
        # from 1990 on, up to 2050
        ("32873", []),
        ("32874", ["1990-01-01"]),
        ("54788", ["2049-12-31"]),
        ("54789", ["2050-01-01"]),
        ("54790", []),
        ("20210631", []),
        ("6/30/49", ["2049-06-30"]),
        ("6/30/50", ["1950-06-30"]),
        ("Fri, 30 Jun 2021", ["2021-06-30"]),
        ("Sept 9, 2021", ["2021-09-09"]),
        *((text, []) for text in ("2021-06-30", "2021-06", "2021", "[2020..2021]", "[..2021]")),
        *((text, []) for text in ("2020/2021", "2020-12-03/2020-12-06", "/2021")),  # version 1
        *((text, []) for text in ("22-May", "13/13/2021", "31/2/2021", "1234", "99999")),
        *((text, []) for text in ("", "ban", "mid 2021", "6/30", "1/2/3/2021", "²/5/2021")),
        *(
            (text, [])
            for text in ("May June 2021", "May June", "6/5/20211", "٣/5/2021", "x/y/2021")
        ),
    ],
)
def test_a_date_in_another_notation_is_read_in_every_way_it_can_mean(text, right):
    assert list(dates.readings(text)) == right
