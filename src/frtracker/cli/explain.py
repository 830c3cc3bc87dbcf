"""``explain``: what binds a place, and why."""

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
    not_understood,
    output_option,
    places_named,
    policies_option,
    read_tables,
    warn_beyond_review,
)
from frtracker.dates import DayRange
from frtracker.vocabulary import ACTORS


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("place", shell_complete=subject_names)
@as_of_option
@known_at_option
@click.option(
    "--for", "actors", multiple=True, type=click.Choice(list(ACTORS)), help="Only for these actors."
)
@policies_option
@format_option("table", "markdown", "json")
@output_option
def explain(
    place: str,
    as_of: DayRange | None,
    known_at: DayRange | None,
    actors: tuple[str, ...],
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """What binds a place, layer by layer, and why: agency, city, county, state, country, union.

    PLACE: a subject of the record by any of its names, a country, a US state or county, a US place
    of 500 people or more by name and state, or LAT,LON.

    \b
    frtracker explain Seattle --as-of 2021-06-30 --for police
    frtracker explain "Daly City, CA"
    frtracker explain 53.35,-6.26 --format json
    """
    from frtracker.answers.explain import explain as explanation
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.text.explain import render

    day, given = day_of(as_of)
    # a southern latitude looks like an option, so unknown options come here
    if place.startswith("-") and not place[1:2].isdigit():
        raise click.NoSuchOption(place)
    tables = read_tables(policies)
    (found,) = places_named(tables, [place], notes=False)
    try:
        document = explanation(
            tables,
            found,
            day,
            actors=actors or tuple(ACTORS),
            known_at=known_at.high if known_at else None,
            as_of_given=given,
        )
    except NameNotUnderstood as error:
        raise not_understood(error) from error
    warn_beyond_review(tables, day)
    deliver(render(document, format_name), output)
