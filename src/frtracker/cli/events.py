"""``changes`` and ``upcoming``: what happened between two days, and what is to come."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frtracker.cli.options import (
    FilterOptions,
    Period,
    as_of_option,
    day_of,
    filter_options,
    in_order,
    known_at_option,
    output_options,
    policies_option,
    read_tables,
    timeline_of,
    today,
    warn_beyond_review,
)
from frtracker.cli.output import Output, print_note, write_output
from frtracker.dates import DayRange, days_after

if TYPE_CHECKING:
    from frtracker.answers.documents import Document

_event_output_options = output_options("table", "markdown", "csv", "json", "ics", "atom")


class Span(click.ParamType[str]):
    """A length of time: ``90d``, ``24m``, ``2y``."""

    name = "days|months|years"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,3}[dmy]", value):
            self.fail(f"{value!r} is no length of time such as 90d, 24m or 2y", param, ctx)
        return str(value)


@click.command()
@click.option("--since", type=Period(), help="From the first day of this day, month or year.")
@click.option("--until", type=Period(), help="Through the last day of it.  [default: today]")
@known_at_option
@filter_options
@policies_option
@_event_output_options
def changes(
    since: DayRange | None,
    until: DayRange | None,
    known_at: DayRange | None,
    filters: FilterOptions,
    policies: Path | None,
    output: Output,
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
    try:
        first = since.low if since else days_after(last, "-1y")
    except OverflowError:
        first = date.min
    in_order(first, last, "--since", "--until")
    tables = read_tables(policies)
    timeline = timeline_of(tables, known_at)
    document = changes_document(tables, timeline, first, last, filters=filters.of())
    if places := filters.places(tables):
        document = events_in_places(tables, document, places)
    warn_beyond_review(tables, last)
    write_output(_text(document, output.format), output)


@click.command()
@as_of_option
@click.option("--within", type=Span(), default="24m", show_default=True, help="As 90d, 24m, 2y.")
@known_at_option
@filter_options
@policies_option
@_event_output_options
def upcoming(
    as_of: DayRange | None,
    within: str,
    known_at: DayRange | None,
    filters: FilterOptions,
    policies: Path | None,
    output: Output,
) -> None:
    """What is to come: scheduled starts, sunsets, conditional ends, reviews due.

    \b
    frtracker upcoming --within 12m
    frtracker upcoming --as-of 2021-06 --format ics -o coming.ics
    """
    from frtracker.answers.changes import upcoming as upcoming_document
    from frtracker.answers.here import events_in_places

    day, _ = day_of(as_of)
    try:
        last = days_after(day, within)
    except OverflowError as error:
        raise click.UsageError(f"--within {within} reaches beyond the year 9999") from error
    if known_at is None and day < today():
        print_note(f"note: told with hindsight; --known-at {day} tells what was known then")
    tables = read_tables(policies)
    timeline = timeline_of(tables, known_at)
    document = upcoming_document(tables, timeline, day, last, filters=filters.of())
    if places := filters.places(tables):
        document = events_in_places(tables, document, places)
    warn_beyond_review(tables, day)
    write_output(_text(document, output.format), output)


def _text(document: Document, format_name: str) -> str:
    if format_name == "ics":
        from frtracker.export.events import calendar

        return calendar(document).decode("utf-8")
    if format_name == "atom":
        from frtracker.export.events import feed

        return feed(document)
    from frtracker.text.changes import render

    return render(document, format_name)
