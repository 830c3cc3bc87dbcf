"""``map``: the page that people open, and pictures of it."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.delivery import deliver, say
from frtracker.cli.extras import optional_parts
from frtracker.cli.options import (
    as_of_option,
    day_of,
    known_at_option,
    policies_option,
    read_tables,
    timeline_of,
    warn_beyond_review,
)
from frtracker.cli.values import Named
from frtracker.dates import DayRange
from frtracker.vocabulary import ACTORS, ANYONE

_FOLDER = Path("maps")


@click.command(name="map")
@as_of_option
@known_at_option
@policies_option
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(("html", "png", "svg")),
    help="A page with a slider of days, or a picture of the day (needs matplotlib). "
    "[default: what the ending of --output says, else html]",
)
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
@click.option(
    "-o",
    "--output",
    type=Named(path_type=Path, allow_dash=True, dir_okay=False),
    help="[default: maps/frtracker.html, .png or .svg]",
)
@click.option("--open", "open_it", is_flag=True, help="Open what was written.")
def map_(
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    format_name: str | None,
    actor: str,
    area: str,
    output: Path | None,
    open_it: bool,
) -> None:
    """Write the map: one HTML file with all days that needs no network, or a picture of one day.
    Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    frtracker map --format svg --area us --for private
    """
    if format_name is None:
        ending = output.suffix.lower() if output else ""
        format_name = ending[1:] if ending in (".png", ".svg") else "html"
    output = output or _FOLDER / f"frtracker.{format_name}"
    if open_it and str(output) == "-":
        raise click.UsageError("--open needs a file: name one with --output")
    day, given = day_of(as_of)
    tables = read_tables(policies)
    timeline = timeline_of(tables, known_at)
    warn_beyond_review(tables, day)
    if output.parent == _FOLDER:
        _FOLDER.mkdir(exist_ok=True)
    if format_name == "html":
        from frtracker.page import render

        deliver(render(tables, timeline, day, as_of_given=given, actor=actor), output)
    else:
        with optional_parts():
            from frtracker.pictures import static_map

            picture = static_map.picture(
                tables, timeline, day, actor=actor, area=area, format_name=format_name
            )
        deliver(picture, output)
    if str(output) != "-":
        say(f"{output}\n")
    if open_it:
        click.launch(str(output))
