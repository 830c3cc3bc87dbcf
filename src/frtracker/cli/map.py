"""``map``: the page that people open, and pictures of it."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.errors import optional_parts
from frtracker.cli.options import (
    DEFAULT_FOLDER,
    as_of_option,
    day_of,
    known_at_option,
    output_options,
    policies_option,
    read_tables,
    timeline_of,
    warn_beyond_review,
)
from frtracker.cli.output import STDOUT, Output, print_data, write_output
from frtracker.dates import DayRange
from frtracker.vocabulary import ACTORS, ANYONE


@click.command(name="map")
@as_of_option
@known_at_option
@policies_option
@click.option(
    "--for",
    "actor",
    type=click.Choice((*ACTORS, ANYONE)),
    default="police",
    show_default=True,
    help="Whom the rules shown bind, in a picture and when the page opens. 'anyone' mixes them: "
    "each place by its strictest rule, whomever it binds.",
)
@click.option(
    "--area",
    type=click.Choice(("us", "world", "both")),
    default="both",
    show_default=True,
    help="What a picture shows.",
)
@output_options(
    *("html", "png", "svg"),
    format_help="A page with a slider of days, or a picture of the day (needs matplotlib). "
    "[default: what the ending of --output says, else html]",
    output_help="[default: maps/frtracker.html, .png or .svg]",
    default=None,
)
@click.option("--open", "open_it", is_flag=True, help="Open what was written.")
def map_(
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    actor: str,
    area: str,
    output: Output,
    open_it: bool,
) -> None:
    """Write the map: one HTML file with all days that needs no network, or a picture of one day.
    Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    frtracker map --format svg --area us --for private
    """
    if open_it and output.path == STDOUT:
        raise click.UsageError("--open needs a file: name one with --output")
    day, given = day_of(as_of)
    tables = read_tables(policies)
    timeline = timeline_of(tables, known_at)
    warn_beyond_review(tables, day)
    if output.path.parent == DEFAULT_FOLDER:
        DEFAULT_FOLDER.mkdir(exist_ok=True)
    if output.format == "html":
        from frtracker.page import render

        write_output(render(tables, timeline, day, as_of_given=given, actor=actor), output)
    else:
        with optional_parts():
            from frtracker.pictures import static_map

            picture = static_map.picture(
                tables, timeline, day, actor=actor, area=area, format_name=output.format
            )
        write_output(picture, output)
    if output.path != STDOUT:
        print_data(f"{output.path}\n")
    if open_it:
        click.launch(str(output.path))
