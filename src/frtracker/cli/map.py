"""``map``: the page that people open."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.options import (
    as_of_option,
    day_of,
    deliver,
    known_at_option,
    policies_option,
    read_tables,
    timeline_of,
    warn_beyond_review,
)
from frtracker.dates import DayRange


@click.command(name="map")
@as_of_option
@known_at_option
@policies_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    default=Path("maps/frtracker.html"),
    show_default=True,
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
def map_(
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    output: Path,
    open_it: bool,
) -> None:
    """Write the map of a day: one HTML file that needs no network. Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    """
    from frtracker import webmap
    from frtracker.report import Filters
    from frtracker.report import status as status_document

    if open_it and str(output) == "-":
        raise click.UsageError("--open needs a file: name one with --output")
    day, given = day_of(as_of)
    tables = read_tables(policies)
    document = status_document(
        tables,
        timeline_of(tables, known_at),
        day,
        as_of_given=given,
        filters=Filters(everything=True),
    )
    warn_beyond_review(tables, day)
    page = webmap.render(document, tables)
    if str(output) == "maps/frtracker.html":
        output.parent.mkdir(exist_ok=True)
    deliver(page, output)
    if str(output) != "-":
        click.echo(output)
    if open_it:
        click.launch(str(output))
