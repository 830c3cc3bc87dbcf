"""``diff`` and ``stale``: what changed in the record, and what is due for review."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.options import (
    as_of_option,
    day_of,
    max_bytes,
    max_size_option,
    output_options,
    policies_option,
    read_tables,
    timeline_of,
)
from frtracker.cli.output import DataProblem, Output, print_note, write_output
from frtracker.dates import DayRange
from frtracker.record.findings import DataError


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@max_size_option
@output_options("table", "markdown", "csv", "json")
def diff(old: Path, new: Path, output: Output) -> None:
    """What changed from one edition of policies.csv to another, column by column.

    OLD and NEW are files; they need no companions. Rows are known by their policy_id.

    \b
    frtracker diff last/policies.csv policies.csv
    frtracker diff last/policies.csv policies.csv --format markdown -o changes.md
    """
    from frtracker.record.diff import compare, read_edition
    from frtracker.text import diff as texts

    try:
        limit = max_bytes()
        revision = compare(read_edition(old, max_bytes=limit), read_edition(new, max_bytes=limit))
    except DataError as error:
        if len(error.findings) > 1:
            raise
        raise DataProblem(str(error.findings[0])) from error
    write_output(texts.render(revision, output.format), output)
    if output.format in ("csv", "json"):
        print_note(texts.summary(revision))


@click.command()
@click.option(
    "--days",
    type=click.IntRange(min=0),
    metavar="N",
    help="Days between reviews, for every row. [default: 90 for moratoria and open proposals, "
    "365 for others]",
)
@as_of_option
@policies_option
@output_options("table", "markdown", "csv", "json")
def stale(
    days: int | None,
    as_of: DayRange | None,
    policies: Path | None,
    output: Output,
) -> None:
    """Rows due for review on a day, since when, and why.

    Always due: a recorded end or start that has come since the review, and a rule that ends on a
    condition and was not shown in force for 90 days.

    \b
    frtracker stale
    frtracker stale --days 180 --as-of 2027-06
    """
    from frtracker.text import review as texts
    from frtracker.timeline import review as freshness

    day, _ = day_of(as_of)
    tables = read_tables(policies)
    rows = freshness.due(timeline_of(tables, None), day, days)
    write_output(texts.render(rows, day, tables.edition, output.format), output)
