"""``check``: what the record says of claims, one by one or in a table."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from frtracker import wording
from frtracker.cli.console import DataProblem
from frtracker.cli.options import PERIOD, RECORD, SUPPOSE, TEXTS, option, subject_names
from frtracker.cli.query import Query, command, today
from frtracker.vocabulary import ACTORS, CLAIMED

if TYPE_CHECKING:
    from frtracker.answers.claims import Claim

STDIN: Final = "-"
_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
"""Of what is meant as a file, also where there is none."""


@command(
    click.Argument(["claim"], metavar="FILE|PLACE", shell_complete=subject_names),
    option("--measure", words=CLAIMED, help="What is claimed: a rule, none, or no ban."),
    option(
        "--date",
        type=PERIOD,
        help="When it is claimed to be so: all of a day, month or year.",
    ),
    option("--for actor", words=ACTORS, help="For whom."),
    *(SUPPOSE, *RECORD, *TEXTS),
)
def check(query: Query) -> None:
    """Check claims: each is supported, contradicted, partly so, or not for the record to say.

    FILE is a CSV file (- for standard input) with a column for the place and, if there are any,
    for actor, measure and date, under any usual names; or name one PLACE. A blank actor or measure
    means any, a blank date today. A date is when the rule is claimed to be in force, not when it
    began.

    \b
    frtracker check "Baltimore, MD" --measure moratorium --date 2021-06 --for private
    frtracker check claims.csv -o checked.xlsx
    """
    from frtracker.answers.check import check as checked
    from frtracker.answers.claims import Claim
    from frtracker.text.check import render

    path = Path(query.claim)
    columns: dict[str, str] = {}
    if query.claim == STDIN or path.suffix.lower() in _SUFFIXES or path.is_file():
        if query.measure or query.date or query.actor:
            raise click.UsageError("--measure, --date and --for are for one PLACE, not for a FILE.")
        columns, claims = _read(query, path)
    else:
        query.places(query.claim)  # one that is not understood ends the call, as everywhere
        actors = (query.actor,) if query.actor else ()
        claims = [Claim(query.claim, actors, query.measure or "", query.date)]
    document = {**checked(query.tables, claims, today()), "columns": columns}
    last = max((claim.days.high for claim in claims if claim.days), default=today())
    query.write(render(document, query.format, query.terminal), last)


def _numbered(reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str | None, Any]]]:
    """Each row with the line on which it begins."""
    for row in reader:
        cells = (cell for cell in row.values() if isinstance(cell, str))
        yield reader.line_num - sum(cell.count("\n") for cell in cells), row


def _read(query: Query, path: Path) -> tuple[dict[str, str], list[Claim]]:
    """The columns that are read and the claims of a table; notes which columns are which."""
    from frtracker.answers.claims import claims_of, guessed_columns

    name = "<stdin>" if query.claim == STDIN else str(path)
    try:
        content = sys.stdin.buffer.read() if query.claim == STDIN else path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise DataProblem(f"{name}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataProblem(f"{name} is not UTF-8 text: save the table as CSV UTF-8.") from error
    separator = max(",;\t", key=text.partition("\n")[0].count)
    # strict: a quotation mark that nothing closes is no cell
    lines = io.StringIO(text, newline="")
    reader = csv.DictReader(lines, delimiter=separator, strict=True)
    try:
        header = reader.fieldnames or ()
        if not any(header):
            raise DataProblem(f"{name} is empty.")
        columns = guessed_columns(header)
        if "place" not in columns:
            names = wording.joined(("place", "city", "jurisdiction", "state", "company"))
            raise DataProblem(f"{name}:1: no column has the place: call one of them {names}.")
        written = Counter(it.strip().casefold() for it in header)
        if twice := [it for it in header if it and written[it.strip().casefold()] > 1]:
            raise DataProblem(f"{name}:1: two columns are called {twice[0]!r}.")
        claims = claims_of(_numbered(reader), columns)
        if not claims:
            raise DataProblem(f"{name} has no claims, only the names of columns.")
    except csv.Error as error:
        is_open = "end of data" in str(error)
        what = "a quotation mark is never closed" if is_open else f"not a CSV table ({error})"
        raise DataProblem(f"{name}:{reader.line_num}: {what}.") from error
    query.note(f"columns read: {'; '.join(f'{field}: {it}' for field, it in columns.items())}")
    if unread := [it for it in header if it and it not in columns.values()]:
        query.note(f"columns not read: {wording.joined(unread)}")
    if "measure" not in columns:
        query.note("no column is called measure: each claim is checked as “any rule”")
    return columns, claims
