"""``validate``, ``fmt``, ``diff`` and ``stale``: maintain the record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from frtracker.cli.console import DataProblem, print_data, print_note, writing
from frtracker.cli.options import AS_OF, MAX_SIZE, RECORD, TEXTS, flag, option, output_options
from frtracker.cli.query import Query, command
from frtracker.files import PACKED, write_whole
from frtracker.record.findings import DataError, render

_PATH = click.Path(path_type=Path)
_FILES = click.Argument(["files"], nargs=-1, type=_PATH)


@command(
    _FILES,
    flag("-v --verbose", help="List every warning, also those that were accepted."),
    flag("-q --quiet", help="Print errors only."),
    MAX_SIZE,
    *output_options("table", "json", "github"),
)
def validate(query: Query) -> None:
    """Check the tables; exit 1 if there are errors.

    FILES: a policies.csv (its companion tables are read from the same folder), or any of the
    record tables. Default: the policies.csv of the current folder, else the shipped record.

    A warning about something that is right as it is can be accepted: add a row (table, id, code,
    reason) to accepted.csv in the same folder.

    \b
    frtracker validate
    frtracker validate my/policies.csv --verbose
    frtracker validate my/policies.csv --format github
    """
    from frtracker.record import load
    from frtracker.record.checks import TITLES

    if query.verbose and query.quiet:
        raise click.UsageError("--quiet and --verbose exclude each other")
    files, here = query.files, Path("policies.csv")
    if not files and here.is_file():
        files = (here,)
    elif not files:
        print_note("note: no policies.csv in this folder; checking the shipped record")
    report = load.check(files, max_bytes=query.max_bytes)
    shown = {"verbose": query.verbose, "quiet": query.quiet}
    with suppress(BrokenPipeError):  # the exit code counts even if nobody reads on
        query.write(render(report.findings, report.skipped, query.format, TITLES, **shown))
    if report.errors:
        raise click.exceptions.Exit(1)


@command(
    _FILES, flag("--check", help="Write nothing; print the changes and exit 1 if any."), MAX_SIZE
)
def fmt(query: Query) -> None:
    """Put the tables into canonical order and form.

    FILES: these are rewritten, and no others. Default: all record tables of the current folder.
    If a table has format errors, nothing is written.

    \b
    frtracker fmt
    frtracker fmt --check my/policies.csv
    """
    from frtracker.record import load
    from frtracker.record.columns import FILES

    files = query.files
    if not files and Path("policies.csv").is_file():
        files = tuple(path for name in FILES if (path := Path(f"{name}.csv")).is_file())
    if not files:
        raise click.UsageError("no policies.csv in this folder: name a file")
    refuse_installed(files)
    changes = load.changes(files, max_bytes=query.max_bytes)
    if query.check and changes:
        with suppress(BrokenPipeError):
            print_data("".join(change.diff() for change in changes))
        raise click.exceptions.Exit(1)
    for change in changes:
        with writing(change.path):
            write_whole(change.path, change.text)
        print_note(f"rewrote {change.path}")


def refuse_installed(files: Iterable[Path]) -> None:
    """Raise ``UsageError`` if a file is part of an installed package: it is never rewritten."""
    for path in files:
        if Path(os.path.realpath(path)).is_relative_to(PACKED):  # Path.resolve raises in a loop
            message = f"{path} is part of the installed package: copy the record and edit the copy"
            raise click.UsageError(message)


def _answers_since(query: Query) -> dict[str, Any]:
    from frtracker.answers.editions import answers, compare_answers, kept_answers
    from frtracker.record.load import read
    from frtracker.timeline import build

    try:
        old = kept_answers(query.old)
    except (OSError, ValueError) as error:
        raise DataProblem(
            f"{query.old} is not a folder of editions/: it has no positions.csv"
        ) from error
    tables = read(query.new, max_bytes=query.max_bytes)
    return compare_answers(old, answers(build(tables.policies).positions))


@command(click.Argument(["old"], type=_PATH), click.Argument(["new"], type=_PATH), MAX_SIZE, *TEXTS)
def diff(query: Query) -> None:
    """Compare two editions of policies.csv, column by column.

    OLD and NEW are files; no companion tables are needed, and rows are matched by policy_id. A
    retired_ids.csv in the folder of NEW names the rows that replaced others. If OLD is a folder of
    editions/, the answers are compared instead: which changed, and for which days.

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
        finding = error.findings[0]
        raise DataProblem(f"{finding.place}: {finding.message} [{finding.code}]") from error
    document = answers.diff(old, new, replacements(query.new))
    query.write(texts.diff(document, query.format, query.terminal))
    if query.format in ("csv", "json"):
        print_note(texts.diff_summary(document))


@command(
    option(
        "--days",
        type=click.IntRange(min=0),
        metavar="N",
        help="Days between reviews, for every row. [default: 90 for moratoriums and open "
        "proposals, 365 for others]",
    ),
    *(AS_OF, *RECORD, *TEXTS),
)
def stale(query: Query) -> None:
    """Rows due for review on a date: since when, and why.

    Always due: rows with a start or an end between the review and this date, and rules that end on
    a condition and were last confirmed more than 90 days ago.

    \b
    frtracker stale
    frtracker stale --days 180 --as-of 2027-06
    """
    from frtracker.answers import changes as answers
    from frtracker.text import changes as texts

    document = answers.stale(query.tables, query.timeline(), query.day, query.days)
    query.write(texts.stale(document, query.format, query.terminal))
