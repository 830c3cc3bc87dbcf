"""``check``: what the record says of claims, one by one or in a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frtracker import wording
from frtracker.cli.console import DataProblem
from frtracker.cli.options import PERIOD, RECORD, SUPPOSE, TEXTS, option, subject_names
from frtracker.cli.query import Query, command, today
from frtracker.vocabulary import ACTORS, CLAIMED

if TYPE_CHECKING:
    from frtracker.answers.check import Claim


@command(
    click.Argument(["claim"], metavar="FILE|PLACE", shell_complete=subject_names),
    option("--measure", words=CLAIMED, help="What is claimed: a rule, none, or no ban."),
    option("--date", type=PERIOD, help="When it is claimed to be so: a day, month or year."),
    option("--for actor", words=ACTORS, help="For whom."),
    *(SUPPOSE, *RECORD, *TEXTS),
)
def check(query: Query) -> None:
    """Check claims: each is supported, contradicted, partly so, or not for the record to say.

    FILE is a CSV file with a column for the place and, if there are any, for actor, measure and
    date, under any names; or name one PLACE. A blank actor or measure means any, a blank
    date today.

    \b
    frtracker check "Baltimore, MD" --measure moratorium --date 2021-06 --for private
    frtracker check claims.csv -o checked.xlsx
    """
    from frtracker.answers import check as answers
    from frtracker.text.check import render

    path = Path(query.claim)
    columns: dict[str, str] = {}
    if path.suffix.lower() == ".csv" or path.is_file():
        if query.measure or query.date or query.actor:
            raise click.UsageError("--measure, --date and --for are for one PLACE, not for a FILE.")
        columns, claims = _read(path)
        query.note(f"columns read: {'; '.join(f'{name}: {it}' for name, it in columns.items())}")
    else:
        claims = [answers.Claim(query.claim, query.actor or "", query.measure or "", query.date)]
    document = {**answers.check(query.tables, claims, today()), "columns": columns}
    query.write(render(document, query.format, query.terminal))


def _read(path: Path) -> tuple[dict[str, str], list[Claim]]:
    from frtracker.answers.check import claims_of, guessed_columns

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataProblem(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataProblem(f"{path} is not UTF-8 text: save the table as CSV UTF-8.") from error
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    columns = guessed_columns(reader.fieldnames or ())
    if "place" not in columns:
        names = wording.joined(("place", "city", "jurisdiction", "state", "company"))
        raise DataProblem(f"{path}:1: no column has the place: call one of them {names}.")
    return columns, claims_of(reader, columns)
