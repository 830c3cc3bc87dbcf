"""``status``, ``show``, ``explain``, ``changes``, ``upcoming``: what holds, why, what changes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from frtracker.cli.console import print_note
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
    flag,
    option,
    output_options,
    subject_names,
)
from frtracker.cli.query import Query, command, today
from frtracker.dates import days_after
from frtracker.vocabulary import ACTORS

if TYPE_CHECKING:
    from frtracker.answers.documents import Document

_EVENTS = output_options("table", "markdown", "csv", "json", "ics", "atom")


@command(
    *(AS_OF, KNOWN_AT, *FILTERS),
    flag("--all everything", help="Include subjects with nothing in force or scheduled."),
    flag("--long", help="With what each rule says and its best source, in tables too."),
    *(*RECORD, *TEXTS),
)
def status(query: Query) -> None:
    """What holds on a day, for whom, since when and until when.

    \b
    frtracker status --as-of 2021-06
    frtracker status --as-of 2021-06 --for police --country US
    frtracker status --subject "Portland, OR" --format json
    """
    from frtracker.answers import status as answers
    from frtracker.text.status import render

    day, tables, market = query.day, query.tables, query.region or query.country
    places, timeline = query.places(), query.timeline(market)
    how: dict[str, Any] = {"as_of_given": query.as_of_given, "filters": query.filters()}
    if places or market:
        from frtracker.answers.here import status_in_places

        document = status_in_places(tables, timeline, day, places, **how)
    else:
        document = answers.status(tables, timeline, day, **how)
    query.write(render(document, query.format, query.terminal, whole=query.long), day)


@command(
    click.Argument(["subject"], shell_complete=subject_names), AS_OF, KNOWN_AT, *RECORD, *TEXTS
)
def show(query: Query) -> None:
    """The whole history of one subject, act by act, with its sources.

    \b
    frtracker show "Portland, ME"
    frtracker show Facebook --as-of 2022
    """
    from frtracker.answers.here import history_in_place
    from frtracker.text.status import history

    (place,) = query.places(query.subject)
    document = history_in_place(query.tables, query.timeline(), query.day, place, today=today())
    query.write(history(document, query.format, query.terminal))


@command(
    click.Argument(["place"], shell_complete=subject_names),
    *(AS_OF, KNOWN_AT, FOR, *RECORD, *output_options("table", "markdown", "json")),
    context_settings={"ignore_unknown_options": True},
)
def explain(query: Query) -> None:
    """What binds a place, layer by layer, and why: agency, city, county, state, country, union.

    PLACE: a subject of the record by any of its names, a country, a US state or county, a US place
    of 500 people or more by name and state, or LAT,LON.

    \b
    frtracker explain Seattle --as-of 2021-06-30 --for police
    frtracker explain "Daly City, CA"
    frtracker explain 53.35,-6.26 --format json
    """
    from frtracker.answers import explain as answers
    from frtracker.text.explain import render

    # a southern latitude looks like an option, so unknown options come here
    if query.place.startswith("-") and not query.place[1:2].isdigit():
        raise click.NoSuchOption(query.place)
    day, given, tables = query.day, query.as_of_given, query.tables
    (place,) = query.places(query.place, notes=False)
    actors = query.actors or tuple(ACTORS)
    document = answers.explain(
        tables,
        place,
        day,
        actors=actors,
        known_at=query.known_on,
        as_of_given=given,
        today=today(),
    )
    query.write(render(document, query.format, query.terminal), day)


@command(
    option("--since", type=PERIOD, help="From the first day of this day, month or year."),
    *(UNTIL, KNOWN_AT, *FILTERS, *RECORD, *_EVENTS),
)
def changes(query: Query) -> None:
    """What was decided, began, ended (and why) or failed between two days.

    Without --since: in the year up to --until.

    \b
    frtracker changes --since 2021-01 --until 2021-06
    frtracker changes --since 2019 --subject "Portland, ME" --format json
    """
    from frtracker.answers import changes as answers

    first, last = query.first_and_last()
    tables, timeline = query.tables, query.timeline()
    document = answers.changes(tables, timeline, first, last, filters=query.filters())
    _write_events(query, document, last)


def _span(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,3}[dmy]", text):
        raise ValueError(f"{text!r} is no length of time such as 90d, 24m or 2y")
    return text


_SPAN = Words("days|months|years", _span)


@command(
    *(AS_OF, option("--within", type=_SPAN, default="24m", help="As 90d, 24m, 2y."), KNOWN_AT),
    *(*FILTERS, *RECORD, *_EVENTS),
)
def upcoming(query: Query) -> None:
    """What is to come: scheduled starts, sunsets, conditional ends, reviews due.

    \b
    frtracker upcoming --within 12m
    frtracker upcoming --as-of 2021-06 --format ics -o coming.ics
    """
    from frtracker.answers import changes as answers

    day = query.day
    try:
        last = days_after(day, query.within)
    except OverflowError as error:
        raise click.UsageError(f"--within {query.within} reaches beyond the year 9999") from error
    if query.known_on is None and day < today():
        print_note(f"note: told with hindsight; --known-at {day} tells what was known then")
    tables, timeline = query.tables, query.timeline()
    document = answers.upcoming(tables, timeline, day, last, filters=query.filters())
    _write_events(query, document, day)


def _write_events(query: Query, document: Document, day: date) -> None:
    if places := query.places():
        from frtracker.answers.here import events_in_places

        document = events_in_places(query.tables, document, places)
    if query.format in ("ics", "atom"):
        from frtracker.export.events import calendar, feed

        query.write(calendar(document) if query.format == "ics" else feed(document), day)
    else:
        from frtracker.text.changes import render

        query.write(render(document, query.format, query.terminal), day)
