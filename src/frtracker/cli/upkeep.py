"""``validate``, ``fmt``, ``diff`` and ``stale``: maintain the record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

import click

from frtracker.cli.console import DataProblem, print_data, print_note, writing
from frtracker.cli.options import AS_OF, MAX_SIZE, RECORD, TEXTS, flag, option, output_options
from frtracker.cli.query import Query, command, today
from frtracker.files import PACKED, write_whole
from frtracker.record.findings import render

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
    report = load.check(files, day=today(), max_bytes=query.max_bytes)
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
    for doubt in chain.from_iterable(change.doubts for change in changes):
        print_note(str(doubt))
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


@command(
    click.Argument(["old"]),
    click.Argument(["new"]),
    *(MAX_SIZE, *output_options("table", "markdown", "csv", "json", "xlsx", "atom")),
)
def diff(query: Query) -> None:
    """Compare two editions of the record: which answers changed, which events were corrected or
    are new, which rows were added, removed or changed.

    OLD and NEW are a policies.csv with its companion tables, a folder, a wheel, a git revision of
    this checkout, or the id of an edition (2026.11.22). A folder of editions/ has the answers
    alone. As a feed (atom): the corrections.

    \b
    frtracker diff 2026.11.22 policies.csv
    frtracker diff HEAD~1 . --format markdown -o changes.md
    frtracker diff last/policies.csv policies.csv --format json
    """
    from frtracker.answers.editions import brought, compare, compare_with_kept
    from frtracker.text import editions as texts

    new = query.edition_files(query.new)
    if Path(query.old, "edition.json").is_file():
        try:
            document = compare_with_kept(Path(query.old), new)
        except (OSError, ValueError, KeyError) as error:
            raise DataProblem(f"{query.old} is no folder of editions/: {error}") from error
    else:
        document = compare(query.edition_files(query.old), new)
    if query.format == "atom":
        from frtracker.export.feed import feed

        if document["corrections"] is None:
            raise DataProblem("the events of these editions cannot be compared")
        new_one = document["new"]
        events = brought(document, new_one["edition"][:12], corrections=True)
        through = new_one["reviewed_through"] or ""
        learnt = {"learnt_through": through, "events": [*events]}
        old_one = document["old"]
        about = f"from edition {old_one['edition'][:12]} to {new_one['edition'][:12]}"
        query.write(feed(learnt, corrections=True, about=about))
        return
    query.write(texts.render(document, query.format, query.terminal))
    if query.format in ("csv", "json", "xlsx"):
        print_note(texts.summary(document))


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
