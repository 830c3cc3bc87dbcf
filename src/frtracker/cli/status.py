"""``status`` and ``show``: what holds, and the whole history."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.completion import subject_names
from frtracker.cli.delivery import deliver
from frtracker.cli.options import (
    as_of_option,
    day_of,
    format_option,
    known_at_option,
    market_codes,
    output_option,
    places_named,
    policies_option,
    read_tables,
    timeline_of,
    warn_beyond_review,
)
from frtracker.dates import DayRange
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES


@click.command()
@as_of_option
@known_at_option
@click.option(
    "--subject",
    "names",
    multiple=True,
    shell_complete=subject_names,
    help="Only this subject (may be repeated).",
)
@click.option("--type", "types", multiple=True, type=click.Choice(list(SUBJECT_TYPES)))
@click.option(
    "--country",
    default="",
    metavar="CODE",
    help="A country, by code or name. Vendors: that market.",
)
@click.option(
    "--region",
    default="",
    metavar="CODE",
    help="A part of one: US-IL, Illinois, CA-ON. Vendors: that market.",
)
@click.option(
    "--measure", "measures", multiple=True, type=click.Choice(list(MEASURES)), help="Only these."
)
@click.option(
    "--for", "actors", multiple=True, type=click.Choice(list(ACTORS)), help="Only for these actors."
)
@click.option(
    "--all", "everything", is_flag=True, help="Also subjects where nothing holds or is to come."
)
@policies_option
@format_option("table", "markdown", "csv", "json")
@output_option
def status(
    as_of: DayRange | None,
    known_at: DayRange | None,
    names: tuple[str, ...],
    types: tuple[str, ...],
    country: str,
    region: str,
    measures: tuple[str, ...],
    actors: tuple[str, ...],
    everything: bool,
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """What holds on a day, for whom, since when and until when.

    \b
    frtracker status --as-of 2021-06
    frtracker status --as-of 2021-06 --for police --country US
    frtracker status --subject "Portland, OR" --format json
    """
    from frtracker.answers.here import status_in_places
    from frtracker.answers.status import Filters
    from frtracker.text import status as texts

    day, given = day_of(as_of)
    tables = read_tables(policies)
    country, region = market_codes(country, region)
    places = places_named(tables, names, "--subject", country=country, region=region)
    filters = Filters(
        subject_types=frozenset(types),
        country=country,
        region=region,
        measures=frozenset(measures),
        for_actors=tuple(a for a in ACTORS if a in actors) or tuple(ACTORS),
        everything=everything or "none" in measures,
    )
    timeline = timeline_of(tables, known_at, region or country)
    document = status_in_places(tables, timeline, day, places, as_of_given=given, filters=filters)
    warn_beyond_review(tables, day)
    deliver(texts.render(document, format_name), output)


@click.command()
@click.argument("subject", shell_complete=subject_names)
@as_of_option
@known_at_option
@policies_option
@format_option("table", "markdown", "csv", "json")
@output_option
def show(
    subject: str,
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """The whole history of one subject, act by act, with its sources.

    \b
    frtracker show "Portland, ME"
    frtracker show Facebook --as-of 2022
    """
    from frtracker.answers.here import history_in_place
    from frtracker.text.history import render

    day, _ = day_of(as_of)
    tables = read_tables(policies)
    (place,) = places_named(tables, [subject])
    document = history_in_place(tables, timeline_of(tables, known_at), day, place)
    deliver(render(document, format_name), output)
