"""``changes`` and ``upcoming``: what happened between two days, and what is to come."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frtracker.cli.completion import subject_names
from frtracker.cli.delivery import deliver, tell
from frtracker.cli.options import (
    as_of_option,
    day_of,
    format_option,
    known_at_option,
    output_option,
    places_named,
    policies_option,
    read_tables,
    timeline_of,
    today,
    warn_beyond_review,
)
from frtracker.cli.values import Period, in_order
from frtracker.dates import DayRange, days_after

if TYPE_CHECKING:
    from frtracker.answers.status import Document

_EVENT_FORMATS = ("table", "markdown", "csv", "json", "ics", "atom")

subject_option = click.option(
    "--subject",
    "names",
    multiple=True,
    shell_complete=subject_names,
    help="Only this subject (may be repeated).",
)


class Span(click.ParamType[str]):
    """A length of time: ``90d``, ``24m``, ``2y``."""

    name = "days|months|years"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,3}[dmy]", value):
            self.fail(f"{value!r} is no length of time such as 90d, 24m or 2y", param, ctx)
        return str(value)


def _text(document: Document, format_name: str) -> str:
    if format_name == "ics":
        from frtracker.export.calendar import calendar

        return calendar(document).decode("utf-8")
    if format_name == "atom":
        from frtracker.export.feed import feed

        return feed(document)
    from frtracker.text.changes import render

    return render(document, format_name)


@click.command()
@click.option("--since", type=Period(), help="From the first day of this day, month or year.")
@click.option("--until", type=Period(), help="Through the last day of it.  [default: today]")
@known_at_option
@subject_option
@policies_option
@format_option(*_EVENT_FORMATS)
@output_option
def changes(
    since: DayRange | None,
    until: DayRange | None,
    known_at: DayRange | None,
    names: tuple[str, ...],
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """What was decided, began, ended (and why) or failed between two days.

    Without --since: in the year up to --until.

    \b
    frtracker changes --since 2021-01 --until 2021-06
    frtracker changes --since 2019 --subject "Portland, ME" --format json
    """
    from frtracker.answers.changes import changes as changes_document
    from frtracker.answers.here import events_in_places

    last = until.high if until else today()
    first = since.low if since else _a_year_before(last)
    in_order(first, last, "--since", "--until")
    tables = read_tables(policies)
    places = places_named(tables, names, "--subject")
    document = changes_document(tables, timeline_of(tables, known_at), first, last)
    document = events_in_places(tables, document, places) if places else document
    warn_beyond_review(tables, last)
    deliver(_text(document, format_name), output)


@click.command()
@as_of_option
@click.option("--within", type=Span(), default="24m", show_default=True, help="As 90d, 24m, 2y.")
@known_at_option
@subject_option
@policies_option
@format_option(*_EVENT_FORMATS)
@output_option
def upcoming(
    as_of: DayRange | None,
    within: str,
    known_at: DayRange | None,
    names: tuple[str, ...],
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """What is to come: scheduled starts, sunsets, conditional ends, reviews due.

    \b
    frtracker upcoming --within 12m
    frtracker upcoming --as-of 2021-06 --format ics -o coming.ics
    """
    from frtracker.answers.changes import upcoming as upcoming_document
    from frtracker.answers.here import events_in_places

    day, _ = day_of(as_of)
    last = _last_day(day, within)
    if known_at is None and day < today():
        tell(f"note: told with hindsight; --known-at {day} tells what was known then")
    tables = read_tables(policies)
    places = places_named(tables, names, "--subject")
    document = upcoming_document(tables, timeline_of(tables, known_at), day, last)
    document = events_in_places(tables, document, places) if places else document
    warn_beyond_review(tables, day)
    deliver(_text(document, format_name), output)


def _a_year_before(day: date) -> date:
    try:
        return days_after(day, "-1y")
    except OverflowError:
        return date.min


def _last_day(day: date, within: str) -> date:
    try:
        return days_after(day, within)
    except OverflowError as error:
        raise click.UsageError(f"--within {within} reaches beyond the year 9999") from error
