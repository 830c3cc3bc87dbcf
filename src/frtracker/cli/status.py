"""``status`` and ``show``: what holds, and the whole history."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.completion import subject_names
from frtracker.cli.options import (
    FilterOptions,
    as_of_option,
    day_of,
    filter_options,
    known_at_option,
    output_options,
    places_named,
    policies_option,
    read_tables,
    timeline_of,
    warn_beyond_review,
)
from frtracker.cli.output import Output, write_output
from frtracker.dates import DayRange


@click.command()
@as_of_option
@known_at_option
@filter_options
@click.option(
    "--all", "everything", is_flag=True, help="Also subjects where nothing holds or is to come."
)
@policies_option
@output_options("table", "markdown", "csv", "json")
def status(
    as_of: DayRange | None,
    known_at: DayRange | None,
    filters: FilterOptions,
    everything: bool,
    policies: Path | None,
    output: Output,
) -> None:
    """What holds on a day, for whom, since when and until when.

    \b
    frtracker status --as-of 2021-06
    frtracker status --as-of 2021-06 --for police --country US
    frtracker status --subject "Portland, OR" --format json
    """
    from frtracker.text.status import render

    day, given = day_of(as_of)
    tables = read_tables(policies)
    wanted, places = filters.of(everything=everything), filters.places(tables)
    timeline = timeline_of(tables, known_at, filters.market)
    if places or filters.market:
        from frtracker.answers.here import status_in_places

        document = status_in_places(
            tables, timeline, day, places, as_of_given=given, filters=wanted
        )
    else:
        from frtracker.answers.status import status as status_of_all

        document = status_of_all(tables, timeline, day, as_of_given=given, filters=wanted)
    warn_beyond_review(tables, day)
    write_output(render(document, output.format), output)


@click.command()
@click.argument("subject", shell_complete=subject_names)
@as_of_option
@known_at_option
@policies_option
@output_options("table", "markdown", "csv", "json")
def show(
    subject: str,
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    output: Output,
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
    write_output(render(document, output.format), output)
