"""``validate``, ``fmt``, ``diff`` and ``stale``: keeping the record right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from frtracker.cli.output import (
    DataProblem,
    Output,
    print_data,
    print_note,
    write_output,
    writing,
)
from frtracker.dates import DayRange
from frtracker.record.findings import DataError


def _here() -> tuple[Path, ...]:
    """The policies.csv of the current folder, if there is one."""
    path = Path("policies.csv")
    return (path,) if path.is_file() else ()


@contextmanager
def _one_file_each() -> Iterator[None]:
    """Two files for one table are a wrong call."""
    try:
        yield
    except ValueError as error:
        if "are both taken for" not in str(error):  # any other is a bug: let it show
            raise
        raise click.UsageError(str(error)) from error


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@max_size_option
@output_options("table", "json", "github")
@click.pass_context
def validate(ctx: click.Context, files: tuple[Path, ...], output: Output) -> None:
    """Check the tables against every rule; exit 1 if any has an error.

    FILES: a policies.csv (its companions are found beside it), or any of the four tables.

    \b
    frtracker validate
    frtracker validate my/policies.csv --format github
    """
    files = files or _here()
    if not files:
        print_note("note: no policies.csv in this folder; the shipped record is checked")
    from frtracker.record import load
    from frtracker.record.findings import render

    with _one_file_each():
        report = load.check(files, max_bytes=max_bytes())
    with suppress(BrokenPipeError):  # whoever has read enough, the verdict stands
        write_output(render(report.findings, report.skipped, output.format), output)
    if report.errors:
        ctx.exit(1)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, help="Write nothing; print the difference and exit 1 if any."
)
@max_size_option
@click.pass_context
def fmt(ctx: click.Context, files: tuple[Path, ...], check: bool) -> None:
    """Put the tables into canonical order and form.

    \b
    frtracker fmt
    frtracker fmt --check my/policies.csv
    """
    files = files or _here()
    if not files:
        raise click.UsageError("no policies.csv in this folder: name a file")
    from frtracker.files import write_whole
    from frtracker.record import load

    with _one_file_each():
        changes = load.changes(files, max_bytes=max_bytes())
    if check and changes:
        with suppress(BrokenPipeError):
            print_data("".join(change.diff() for change in changes))
        ctx.exit(1)
    for change in changes:
        with writing(change.path):
            write_whole(change.path, change.text)
        print_note(f"rewrote {change.path}")


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
    from frtracker.text import upkeep as texts

    try:
        limit = max_bytes()
        revision = compare(read_edition(old, max_bytes=limit), read_edition(new, max_bytes=limit))
    except DataError as error:
        if len(error.findings) > 1:
            raise
        raise DataProblem(str(error.findings[0])) from error
    write_output(texts.diff(revision, output.format), output)
    if output.format in ("csv", "json"):
        print_note(texts.diff_summary(revision))


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
    from frtracker.answers.upkeep import stale as stale_document
    from frtracker.text import upkeep as texts
    from frtracker.timeline.review import due

    day, _ = day_of(as_of)
    tables = read_tables(policies)
    rows = due(timeline_of(tables, None), day, days)
    document = stale_document(tables, rows, day)
    write_output(texts.stale(document, output.format), output)
