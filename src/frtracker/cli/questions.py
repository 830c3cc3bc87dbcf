"""``status``, ``show``, ``explain``, ``changes``, ``upcoming``: what holds, why, what changes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import click

from frtracker.cli.options import (
    AS_OF,
    FILTERS,
    FOR,
    KNOWN_AT,
    PERIOD,
    RECORD,
    TEXTS,
    UNTIL,
    Words,
    output_options,
    subject_names,
)
from frtracker.cli.output import Output, print_note, write_output
from frtracker.cli.query import Query, command, in_order, last_day, today
from frtracker.dates import DayRange, days_after
from frtracker.vocabulary import ACTORS

if TYPE_CHECKING:
    from frtracker.answers.status import Document

_EVENT_FORMATS = output_options("table", "markdown", "csv", "json", "ics", "atom")


@command(
    AS_OF,
    KNOWN_AT,
    *FILTERS,
    click.Option(
        ["--all", "everything"],
        is_flag=True,
        help="Also subjects where nothing holds or is to come.",
    ),
    *RECORD,
    *TEXTS,
)
def status(query: Query, output: Output, everything: bool) -> None:
    """What holds on a day, for whom, since when and until when.

    \b
    frtracker status --as-of 2021-06
    frtracker status --as-of 2021-06 --for police --country US
    frtracker status --subject "Portland, OR" --format json
    """
    from frtracker.text.status import render

    day, given, tables = query.day, query.as_of_given, query.tables
    filters, places = query.filters(everything=everything), query.places()
    timeline = query.timeline(query.market)
    if places or query.market:
        from frtracker.answers.here import status_in_places

        document = status_in_places(
            tables, timeline, day, places, as_of_given=given, filters=filters
        )
    else:
        from frtracker.answers.status import status as status_of_all

        document = status_of_all(tables, timeline, day, as_of_given=given, filters=filters)
    query.warn_beyond_review(day)
    write_output(render(document, output.format), output)


@command(
    click.Argument(["subject"], shell_complete=subject_names), AS_OF, KNOWN_AT, *RECORD, *TEXTS
)
def show(query: Query, output: Output, subject: str) -> None:
    """The whole history of one subject, act by act, with its sources.

    \b
    frtracker show "Portland, ME"
    frtracker show Facebook --as-of 2022
    """
    from frtracker.answers.here import history_in_place
    from frtracker.text.history import render

    day, tables = query.day, query.tables
    (place,) = query.places(subject)
    document = history_in_place(tables, query.timeline(), day, place)
    write_output(render(document, output.format), output)


@command(
    click.Argument(["place"], shell_complete=subject_names),
    *(AS_OF, KNOWN_AT, FOR, *RECORD, *output_options("table", "markdown", "json")),
    context_settings={"ignore_unknown_options": True},
)
def explain(query: Query, output: Output, place: str) -> None:
    """What binds a place, layer by layer, and why: agency, city, county, state, country, union.

    PLACE: a subject of the record by any of its names, a country, a US state or county, a US place
    of 500 people or more by name and state, or LAT,LON.

    \b
    frtracker explain Seattle --as-of 2021-06-30 --for police
    frtracker explain "Daly City, CA"
    frtracker explain 53.35,-6.26 --format json
    """
    from frtracker.answers.explain import explain as explanation
    from frtracker.text.explain import render

    # a southern latitude looks like an option, so unknown options come here
    if place.startswith("-") and not place[1:2].isdigit():
        raise click.NoSuchOption(place)
    day, tables = query.day, query.tables
    (at,) = query.places(place, notes=False)
    document = explanation(
        tables,
        at,
        day,
        actors=query.actors or tuple(ACTORS),
        known_at=query.known_on,
        as_of_given=query.as_of_given,
    )
    query.warn_beyond_review(day)
    write_output(render(document, output.format), output)


@command(
    click.Option(["--since"], type=PERIOD, help="From the first day of this day, month or year."),
    *(UNTIL, KNOWN_AT, *FILTERS, *RECORD, *_EVENT_FORMATS),
)
def changes(query: Query, output: Output, since: DayRange | None, until: DayRange | None) -> None:
    """What was decided, began, ended (and why) or failed between two days.

    Without --since: in the year up to --until.

    \b
    frtracker changes --since 2021-01 --until 2021-06
    frtracker changes --since 2019 --subject "Portland, ME" --format json
    """
    from frtracker.answers.changes import changes as changes_document

    last = last_day(until)
    try:
        first = since.low if since else days_after(last, "-1y")
    except OverflowError:
        first = date.min
    in_order(first, last, "--since", "--until")
    document = changes_document(
        query.tables, query.timeline(), first, last, filters=query.filters()
    )
    _write_events(query, output, document, last)


def _span(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,3}[dmy]", text):
        raise ValueError(f"{text!r} is no length of time such as 90d, 24m or 2y")
    return text


@command(
    AS_OF,
    click.Option(
        ["--within"],
        type=Words("days|months|years", _span),
        default="24m",
        show_default=True,
        help="As 90d, 24m, 2y.",
    ),
    *(KNOWN_AT, *FILTERS, *RECORD, *_EVENT_FORMATS),
)
def upcoming(query: Query, output: Output, within: str) -> None:
    """What is to come: scheduled starts, sunsets, conditional ends, reviews due.

    \b
    frtracker upcoming --within 12m
    frtracker upcoming --as-of 2021-06 --format ics -o coming.ics
    """
    from frtracker.answers.changes import upcoming as upcoming_document

    day = query.day
    try:
        last = days_after(day, within)
    except OverflowError as error:
        raise click.UsageError(f"--within {within} reaches beyond the year 9999") from error
    if query.known_at is None and day < today():
        print_note(f"note: told with hindsight; --known-at {day} tells what was known then")
    document = upcoming_document(query.tables, query.timeline(), day, last, filters=query.filters())
    _write_events(query, output, document, day)


def _write_events(query: Query, output: Output, document: Document, day: date) -> None:
    if places := query.places():
        from frtracker.answers.here import events_in_places

        document = events_in_places(query.tables, document, places)
    query.warn_beyond_review(day)
    if output.format == "ics":
        from frtracker.export.events import calendar

        write_output(calendar(document), output)
    elif output.format == "atom":
        from frtracker.export.events import feed

        write_output(feed(document), output)
    else:
        from frtracker.text.changes import render

        write_output(render(document, output.format), output)
