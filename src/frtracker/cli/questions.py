"""``status``, ``show``, ``explain``, ``changes``, ``upcoming``, ``search``, ``compare``: which
rules are in force, why, what changes, which rules say what."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from frtracker import wording
from frtracker.cli.options import (
    AS_OF,
    FILTERS,
    FOR,
    KNOWN_AT,
    PERIOD,
    RECORD,
    SINCE,
    SUBJECTS,
    SUPPOSE,
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
from frtracker.vocabulary import ACTORS, PROVISION_VALUES, PROVISIONS

if TYPE_CHECKING:
    from frtracker.answers.documents import Document

_MOST_ACTS = 20
_BILLS = flag("--bills", help="In a calendar or feed, include bills introduced, failed or vetoed.")
_EVENTS = output_options("table", "markdown", "csv", "json", "xlsx", "ics", "atom")


@command(
    *(SUBJECTS, AS_OF, KNOWN_AT, *FILTERS, SUPPOSE),
    flag("--all everything", help="Include subjects with nothing in force or scheduled."),
    flag("--long", help="Include what each rule says and its best source, in tables too."),
    flag("--people", help="Count the people who live where these rules apply, for each actor."),
    *(*RECORD, *TEXTS),
)
def status(query: Query) -> None:
    """Rules in force on a date: who they apply to, since when, until when.

    SUBJECT: a place, agency, school, vendor or company by any of its names; without one, all.

    \b
    frtracker status --as-of 2021-06
    frtracker status --as-of 2021-06 --for police --country US
    frtracker status "Portland, OR" --format json
    frtracker status --country US --for police --people
    """
    from frtracker.answers import status as answers
    from frtracker.text.status import render

    day, tables, places = query.day, query.tables, query.places()
    timeline = query.timeline(query.market(places))
    if len(query.markets) > 1 and not (query.types or places):
        query.note("vendors and companies are listed for one --country or --region at a time only")
    how: dict[str, Any] = {"as_of_given": query.as_of_given, "filters": query.filters()}
    if places or query.markets:
        from frtracker.answers.here import status_in_places

        try:
            document = status_in_places(tables, timeline, day, places, **how)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    else:
        document = answers.status(tables, timeline, day, **how)
    if query.people:
        from frtracker.answers.people import people

        if query.measures:
            raise click.UsageError("--people counts by all measures: leave out --measure.")
        if query.format == "csv":
            query.note("CSV leaves the people out: use JSON, XLSX or a table")
        how = {"places": places, "known_at": query.known_on, "filters": query.filters()}
        document = {**document, "people": people(tables, day, **how)}
    query.write(render(document, query.format, query.terminal, whole=query.long), day)


@command(
    click.Argument(["subject"], shell_complete=subject_names), AS_OF, KNOWN_AT, *RECORD, *TEXTS
)
def show(query: Query) -> None:
    """The history of one subject, act by act, with its sources.

    SUBJECT: by any of its names; or the policy_id of one act, which shows that act alone.

    \b
    frtracker show "Portland, ME"
    frtracker show Facebook --as-of 2022
    frtracker show us-ma-boston-2020
    """
    from frtracker.answers.here import history_in_place
    from frtracker.text.status import history

    (place,) = query.places(query.subject)
    document = history_in_place(query.tables, query.timeline(), query.day, place, today=today())
    query.write(history(document, query.format, query.terminal))


@command(
    click.Argument(["place"], shell_complete=subject_names),
    *(AS_OF, KNOWN_AT, FOR, SUPPOSE),
    *(*RECORD, *output_options("table", "markdown", "json")),
    context_settings={"ignore_unknown_options": True},
)
def explain(query: Query) -> None:
    """Rules that apply in a place, layer by layer: agency, city, county, state, country, union.

    PLACE: a subject of the record by any of its names, a country, a US state or county, a US place
    (500 people or more) by name and state, or LAT,LON.

    \b
    frtracker explain Seattle --as-of 2021-06-30 --for police
    frtracker explain "Daly City, CA"
    frtracker explain 53.35,-6.26 --format json
    """
    from frtracker.answers import explain as answers
    from frtracker.text.explain import render

    # a southern latitude looks like an option, so unknown options come here
    if query.place.startswith("-") and not query.place[1:2].isdigit():
        raise click.NoSuchOption(query.place, ctx=click.get_current_context())
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
    *(SUBJECTS, SINCE, UNTIL, KNOWN_AT, *FILTERS, _BILLS),
    flag("--corrections", help="In a feed, what editions corrected, instead of changes of law."),
    *(*RECORD, *_EVENTS),
)
def changes(query: Query) -> None:
    """What was introduced, decided, began, ended (and why) or failed between two dates.

    Without --since: in the year up to --until. SUBJECT: as in status. A feed (atom) has what the
    released editions of these dates brought, whenever it happened.

    \b
    frtracker changes --since 2021-01 --until 2021-06
    frtracker changes "Portland, ME" --since 2019 --format json
    frtracker changes --for police --country US --format atom -o feed.xml
    """
    from frtracker.answers import changes as answers

    first, last = query.first_and_last()
    tables, timeline = query.tables, query.timeline()
    document = answers.changes(tables, timeline, first, last, filters=query.filters())
    _write_events(query, document, last)


def _span(text: str) -> str:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) ?([dmy]|(?:day|month|year)s?)", text.strip().lower())
    if not match:
        raise ValueError(f"{text!r} is not a length of time such as 90d, 24m or 2y.")
    return match[1] + match[2][0]


_SPAN = Words("time", _span)


@command(
    *(SUBJECTS, AS_OF),
    option("--within", type=_SPAN, default="24m", help="How far to look ahead: 90d, 24m, 2y."),
    *(KNOWN_AT, *FILTERS),
    flag("--todos", help="In a calendar, include rules that end on a condition, as to-dos."),
    *(*RECORD, *_EVENTS),
)
def upcoming(query: Query) -> None:
    """What comes next: scheduled starts, end dates, conditional ends, reviews due.

    SUBJECT: as in status. A feed (atom) has what released editions brought of it.

    \b
    frtracker upcoming --within 12m
    frtracker upcoming --for police --country US --format ics -o coming.ics
    """
    from frtracker.answers import changes as answers

    day = query.day
    try:
        last = days_after(day, query.within)
    except OverflowError as error:
        raise click.UsageError(f"--within {query.within} reaches beyond the year 9999.") from error
    if query.known_on is None and day < today():
        query.note(f"includes later events; --known-at {day} limits it to what was known then")
    tables, timeline = query.tables, query.timeline()
    document = answers.upcoming(tables, timeline, day, last, filters=query.filters())
    _write_events(query, document, day)


def _write_events(query: Query, document: Document, day: date) -> None:
    if query.todos and query.format != "ics":
        raise click.UsageError("--todos needs --format ics.")
    if query.bills and query.format not in ("ics", "atom"):
        raise click.UsageError("--bills needs --format ics or atom; all other formats have bills.")
    if query.corrections and query.format != "atom":
        raise click.UsageError("--corrections needs --format atom.")
    if query.format == "atom":
        document = _learnt(query, document)
    elif query.format == "ics" and "as_of" in document:
        from frtracker.answers.editions import with_cancelled

        document = with_cancelled(document, query.released, filters=query.filters())
    if places := query.places():
        from frtracker.answers.here import events_in_places

        document = events_in_places(query.tables, document, places)
    if query.format == "ics":
        from frtracker.export.calendar import calendar

        text: str | bytes = calendar(
            document, bills=query.bills, todos=query.todos, about=query.about()
        )
    elif query.format == "atom":
        from frtracker.export.feed import feed

        text = feed(document, corrections=query.corrections, bills=query.bills, about=query.about())
    else:
        from frtracker.text.changes import render

        if query.format == "csv" and (rules := document.get("conditions")):
            count = wording.counted("conditions", len(rules))
            query.note(f"{count} on a condition, which CSV leaves out: use JSON or XLSX")
        text = render(document, query.format, query.terminal)
    query.write(text, day)


def _learnt(query: Query, document: Document) -> Document:
    """What the editions brought: of ``changes`` those of its days, of ``upcoming`` what is still to
    come within its time."""
    from frtracker.answers.editions import news

    if query.known_on:
        raise click.UsageError(
            "--known-at does not apply to a feed, which has what editions brought."
        )
    coming, how = document.get("as_of"), {"filters": query.filters()}
    first, last = ("", coming) if coming else (document["since"], document["until"])
    learnt = news(query.released, first, last, corrections=query.corrections, **how)
    if not coming:
        return learnt
    events = [
        event
        for event in learnt["events"]
        if event["kind"] in ("began", "ended") and coming < event["on_high"] <= document["until"]
    ]
    return {**learnt, "as_of": coming, "events": events}


@command(
    click.Argument(["words"], nargs=-1, required=True),
    option(
        "--as-of",
        type=PERIOD,
        help="Only rules in force on this date; a month or year means its last day. [default: all "
        "acts]",
    ),
    *(KNOWN_AT, *FILTERS),
    option(
        "--limit",
        type=click.IntRange(min=1),
        metavar="N",
        help="List this many acts at most.  [default: 20 as text, else all]",
    ),
    *(*RECORD, *TEXTS),
)
def search(query: Query) -> None:
    """Acts whose summary, exceptions, instrument or notes mention certain words.

    WORDS match in all their forms (unlock, unlocks, unlocking); acts with all of them come first.
    A phrase is in quotes within quotes: '"body cameras"'.

    \b
    frtracker search unlocking phones
    frtracker search cities whose ban exempts unlocking phones --type city --measure ban
    frtracker search '"body cameras"' retention --as-of today --for police
    """
    from frtracker.answers import search as answers
    from frtracker.text.search import render

    places, timeline, is_dated = query.places(), query.timeline(), query.as_of
    how: dict[str, Any] = {"filters": query.filters(), "places": places, "in_force": bool(is_dated)}
    try:
        document = answers.search(query.tables, timeline, query.day, query.words, **how)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    most = query.limit or (_MOST_ACTS if query.format in ("table", "markdown") else None)
    text = render(document, query.format, query.terminal, most=most)
    query.write(text, query.day if is_dated else None)


def _where(text: str) -> tuple[str, tuple[str, ...]]:
    name, mark, values = text.strip().partition("=")
    labels = {term.label: code for code, term in PROVISIONS.items()}
    provision = labels.get(name.strip().casefold(), name.strip())
    if provision not in PROVISIONS:
        near = wording.did_you_mean(provision, [*PROVISIONS, *labels], ".")
        raise ValueError(f"{name!r} is no provision{near} `frtracker compare --help` lists them.")
    found = tuple(it.strip() for it in values.split(",")) if mark else ("yes",)
    for value in found:
        if value not in PROVISION_VALUES:
            raise ValueError(wording.not_one_of(value, PROVISION_VALUES))
    return provision, found


@command(
    SUBJECTS,
    option(
        "--where",
        type=Words("provision=value", _where),
        multiple=True,
        help="Only rules whose text says so, as private_right_of_action=yes, or =yes,partly (may be"
        " repeated: of the same provision either, of others each). Of these provisions: "
        f"{', '.join(PROVISIONS)}.",
    ),
    *(AS_OF, KNOWN_AT, *FILTERS, *RECORD),
    *output_options("table", "markdown", "html", "csv", "json", "xlsx"),
)
def compare(query: Query) -> None:
    """Rules side by side: who they apply to, since when, what their texts say, and where.

    SUBJECT: a place, agency, vendor or company by any of its names, or the policy_id of one rule.
    Without one, --where lists every rule whose text says so.

    \b
    frtracker compare "San Francisco" Oakland Boston "Portland, OR"
    frtracker compare --where private_right_of_action=yes --for police
    """
    from frtracker.answers import compare as answers
    from frtracker.text.compare import render

    places = query.places()
    where: dict[str, tuple[str, ...]] = {}
    for provision, values in query.where:  # named twice: either
        where[provision] = (*where.get(provision, ()), *values)
    if not (places or where):
        raise click.UsageError("Name places to compare, or a provision with --where.")
    how: dict[str, Any] = {"as_of_given": query.as_of_given, "filters": query.filters()}
    document = answers.compare(
        query.tables, query.timeline(), query.day, places=places, where=where, **how
    )
    if query.format == "html":
        from frtracker.site.compare import single_page

        query.write(single_page(document), query.day)
    else:
        query.write(render(document, query.format, query.terminal), query.day)
