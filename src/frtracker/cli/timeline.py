"""``timeline``: figures of what held when."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.completion import subject_names
from frtracker.cli.delivery import DataProblem, deliver
from frtracker.cli.extras import optional_parts
from frtracker.cli.options import (
    format_option,
    market_codes,
    output_option,
    places_named,
    policies_option,
    read_tables,
    timeline_of,
    today,
    warn_beyond_review,
)
from frtracker.cli.values import Period, in_order
from frtracker.dates import DayRange
from frtracker.vocabulary import ACTORS, SUBJECT_TYPES


@click.command(name="timeline")
@click.argument("subjects", nargs=-1, shell_complete=subject_names)
@click.option(
    "--kind",
    type=click.Choice(["spells", "counts"]),
    default="spells",
    show_default=True,
    help="A bar for each time that something held, or how many held at once.",
)
@click.option(
    "--for",
    "actors",
    multiple=True,
    type=click.Choice(list(ACTORS)),
    help="Only for these actors.  [default: all]",
)
@click.option(
    "--type",
    "types",
    multiple=True,
    type=click.Choice(list(SUBJECT_TYPES)),
    help="Subjects of these types.  [default: city, county, state, country, supranational]",
)
@click.option("--country", default="", metavar="CODE", help="Only this country (ISO 3166-1: US).")
@click.option(
    "--since",
    type=Period(),
    default="2019-01",
    show_default=True,
    help="From the first day of this day, month or year.",
)
@click.option("--until", type=Period(), help="Through the last day of it.  [default: today]")
@policies_option
@format_option("svg", "png", "html")
@output_option
def timeline_(
    subjects: tuple[str, ...],
    kind: str,
    actors: tuple[str, ...],
    types: tuple[str, ...],
    country: str,
    since: DayRange,
    until: DayRange | None,
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """A figure: what held when, subject by subject, or how many places it held in.

    Without SUBJECTS: all places where something held. HTML has the figure and its table.

    \b
    frtracker timeline --for police --country US -o spells.svg
    frtracker timeline "Portland, ME" Virginia --until 2026-06 -f png -o some.png
    frtracker timeline --kind counts --for police -f html -o counts.html
    """
    from frtracker.places.subjects import subjects_by_key

    last = until.high if until else today()
    in_order(since.low, last, "--since", "--until")
    country, _ = market_codes(country, "")
    tables = read_tables(policies)
    people = subjects_by_key(tables.subjects)
    places = places_named(tables, subjects, country=country)
    if bare := [place.label for place in places if not place.key]:
        raise DataProblem(f"no act of {'; '.join(bare)} is recorded: try `frtracker explain`")
    keys = tuple(dict.fromkeys(place.key for place in places))
    timeline = timeline_of(tables, None)
    with optional_parts():
        from frtracker import pictures as figures

        chosen = figures.Choice(
            keys=keys,
            subject_types=types,
            country=country,
            actors=tuple(code for code in ACTORS if code in actors) or tuple(ACTORS),
            first=since.low,
            last=last,
        )
        edition = f"frtracker, record reviewed through {tables.edition.reviewed_through}"
        try:
            content = figures.render(timeline, people, chosen, kind, format_name, credit=edition)
        except figures.TooLarge as error:
            raise DataProblem(str(error)) from error
    warn_beyond_review(tables, last)
    deliver(content, output)
