"""``validate``, ``fmt``, ``diff`` and ``stale``: keeping the record right."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from frtracker.cli.console import DataProblem, print_data, print_note, writing
from frtracker.cli.options import AS_OF, MAX_SIZE, RECORD, TEXTS, flag, option, output_options
from frtracker.cli.query import Query, command
from frtracker.files import write_whole
from frtracker.record.findings import DataError

_PATH = click.Path(path_type=Path)
_FILES = click.Argument(["files"], nargs=-1, type=_PATH)


def _named_or_here(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files, else the policies.csv of the current folder, if there is one."""
    here = Path("policies.csv")
    return files or ((here,) if here.is_file() else ())


@command(_FILES, MAX_SIZE, *output_options("table", "json", "github"))
def validate(query: Query) -> None:
    """Check the tables against every rule; exit 1 if any has an error.

    FILES: a policies.csv (its companions are found beside it), or any of the record tables.

    \b
    frtracker validate
    frtracker validate my/policies.csv --format github
    """
    from frtracker.record import load
    from frtracker.record.findings import render

    files = _named_or_here(query.files)
    if not files:
        print_note("note: no policies.csv in this folder; the shipped record is checked")
    report = load.check(files, max_bytes=query.max_bytes)
    with suppress(BrokenPipeError):  # whoever has read enough, the verdict stands
        query.write(render(report.findings, report.skipped, query.format))
    if report.errors:
        raise click.exceptions.Exit(1)


@command(
    _FILES, flag("--check", help="Write nothing; print the difference and exit 1 if any."), MAX_SIZE
)
def fmt(query: Query) -> None:
    """Put the tables into canonical order and form.

    \b
    frtracker fmt
    frtracker fmt --check my/policies.csv
    """
    from frtracker.record import load

    files = _named_or_here(query.files)
    if not files:
        raise click.UsageError("no policies.csv in this folder: name a file")
    changes = load.changes(files, max_bytes=query.max_bytes)
    if query.check and changes:
        with suppress(BrokenPipeError):
            print_data("".join(change.diff() for change in changes))
        raise click.exceptions.Exit(1)
    for change in changes:
        with writing(change.path):
            write_whole(change.path, change.text)
        print_note(f"rewrote {change.path}")


def _answers_since(query: Query) -> dict[str, Any]:
    from frtracker.answers.editions import answers, compare_answers, kept_answers
    from frtracker.record.load import read
    from frtracker.timeline import build

    try:
        old = kept_answers(query.old)
    except (OSError, ValueError) as error:
        raise DataProblem(f"{query.old} has no positions.csv of an edition") from error
    tables = read(query.new, max_bytes=query.max_bytes)
    return compare_answers(old, answers(build(tables.policies).positions))


@command(click.Argument(["old"], type=_PATH), click.Argument(["new"], type=_PATH), MAX_SIZE, *TEXTS)
def diff(query: Query) -> None:
    """What changed from one edition of policies.csv to another, column by column.

    OLD a folder of editions/: which answers changed since, in which stretches of days. Else OLD and
    NEW are files; they need no companions. Rows are known by their policy_id; a
    retired_ids.csv beside NEW says what replaced an id.

    \b
    frtracker diff last/policies.csv policies.csv
    frtracker diff last/policies.csv policies.csv --format markdown -o changes.md
    frtracker diff editions/2026.11.22 policies.csv
    """
    from frtracker.answers import changes as answers
    from frtracker.record.load import read_edition, replacements
    from frtracker.text import changes as texts

    if query.old.is_dir():
        query.write(texts.answers(_answers_since(query), query.format, query.terminal))
        return
    try:
        old, new = (read_edition(it, max_bytes=query.max_bytes) for it in (query.old, query.new))
    except DataError as error:
        if len(error.findings) > 1:
            raise
        raise DataProblem(str(error.findings[0])) from error
    document = answers.diff(old, new, replacements(query.new))
    query.write(texts.diff(document, query.format, query.terminal))
    if query.format in ("csv", "json"):
        print_note(texts.diff_summary(document))


@command(
    option(
        "--days",
        type=click.IntRange(min=0),
        metavar="N",
        help="Days between reviews, for every row. [default: 90 for moratoria and open proposals, "
        "365 for others]",
    ),
    *(AS_OF, *RECORD, *TEXTS),
)
def stale(query: Query) -> None:
    """Rows due for review on a day, since when, and why.

    Always due: a recorded end or start that has come since the review, and a rule that ends on a
    condition and was not shown in force for 90 days.

    \b
    frtracker stale
    frtracker stale --days 180 --as-of 2027-06
    """
    from frtracker.answers import changes as answers
    from frtracker.text import changes as texts

    document = answers.stale(query.tables, query.timeline(), query.day, query.days)
    query.write(texts.stale(document, query.format, query.terminal))
