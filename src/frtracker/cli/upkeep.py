"""``diff`` and ``stale``: what changed in the record, and what is due for review."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.delivery import DataProblem, deliver, tell
from frtracker.cli.options import (
    as_of_option,
    day_of,
    format_option,
    max_bytes,
    max_size_option,
    output_option,
    policies_option,
    read_tables,
    timeline_of,
)
from frtracker.dates import DayRange
from frtracker.record.findings import DataError


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@max_size_option
@format_option("table", "markdown", "csv", "json")
@output_option
def diff(old: Path, new: Path, format_name: str, output: Path) -> None:
    """What changed from one edition of policies.csv to another, column by column.

    OLD and NEW are files; they need no companions. Rows are known by their policy_id.

    \b
    frtracker diff last/policies.csv policies.csv
    frtracker diff last/policies.csv policies.csv --format markdown -o changes.md
    """
    from frtracker.record.diff import compare, read_edition
    from frtracker.text import upkeep as texts

    try:
        limit = max_bytes()
        revision = compare(read_edition(old, max_bytes=limit), read_edition(new, max_bytes=limit))
    except DataError as error:
        if len(error.findings) > 1:
            raise
        raise DataProblem(str(error.findings[0])) from error
    deliver(texts.diff(revision, format_name), output)
    if format_name in ("csv", "json"):
        tell(texts.diff_summary(revision))


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
@format_option("table", "markdown", "csv", "json")
@output_option
def stale(
    days: int | None,
    as_of: DayRange | None,
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """Rows due for review on a day, since when, and why.

    Always due: a recorded end or start that has come since the review, and a rule that ends on a
    condition and was not shown in force for 90 days.

    \b
    frtracker stale
    frtracker stale --days 180 --as-of 2027-06
    """
    from frtracker.answers.upkeep import stale as stale_document
    from frtracker.text import upkeep as texts
    from frtracker.timeline.review import due

    day, _ = day_of(as_of)
    tables = read_tables(policies)
    rows = due(timeline_of(tables, None), day, days)
    document = stale_document(rows, day, tables.edition)
    deliver(texts.stale(document, format_name), output)
