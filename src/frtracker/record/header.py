"""The first line of a file: the columns that it names, or why it is no header."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Final

from frtracker import wording
from frtracker.record.columns import FILES, Table
from frtracker.record.findings import Check, DataError, Finding, brief, plural

_MAX_COLUMNS: Final = 1_000

COLUMN_COUNT: Final = Check("R010", "A table has at most 1,000 columns.")
NO_MISSING_COLUMN: Final = Check("R011", "The file has every column of the table.")
NO_EXTRA_COLUMN: Final = Check("R012", "The file has no other columns.")
NO_DOUBLE_COLUMN: Final = Check("R013", "No column appears twice.")
COLUMN_ORDER: Final = Check(
    "R014", "Columns are in the order of the codebook.", "warning", fixed_by_fmt=True
)
NO_LACKING_COLUMN: Final = Check(
    "R016", "The file has the columns that newer versions added.", "warning", fixed_by_fmt=True
)
NOTHING_EMPTY: Final = Check(
    "R017", "No row or column consists of commas only.", "warning", fixed_by_fmt=True
)
COMMAS: Final = Check("R018", "Cells are separated by commas.")
A_HEADER: Final = Check("R092", "The first line names the columns of the table.")
ONE_HEADER: Final = Check("R093", "A file has one table, and its header once.")
AS_IN_CODEBOOK: Final = Check(
    "R094", "Columns are named exactly as in the codebook.", "warning", fixed_by_fmt=True
)

_SEPARATORS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "spaces"}
_COLUMNS: Final = {name for table in FILES.values() for name in table.names}
_ADD: Final = (
    ": add them to the header, their cells may be empty",
    ": add it to the header, its cells may be empty",
)
_ADDED: Final = (
    ", as in older files: `frtracker fmt` adds them",
    ", as in older files: `frtracker fmt` adds it",
)
_FIRST_LINES: Final = 20
"""Among these a header is looked for that has something above it."""


def refuse_other_separators(raw: bytes, columns: Collection[str]) -> None:
    """Raise :class:`DataError` for a table whose header has its names, but not between commas."""
    start = raw[:100_000].decode("utf-8-sig", "replace")
    lines = [line.strip() for line in start.splitlines() if line.strip()]
    at = int(len(lines) > 1 and lines[0].lower().startswith(("sep=", '"sep=')))  # Excel reads that
    header = lines[at].replace('"', "")

    def names(separator: str) -> int:
        return len({*columns}.intersection(_as_in_codebook(header.split(separator), columns)))

    best = max(",;\t|^~:/ ", key=names)
    message = ""
    if best != "," and names(best) > 1:
        they = _SEPARATORS.get(best, repr(best))
        message = f"cells are separated by {they}: save the file as CSV with commas"
        if best == ";":
            message += " (Excel takes the separator from the region settings of the system)"
    elif names(",") > 1 and re.fullmatch('"[^"]*"', lines[at]):
        message = "each line is in quotes, as one cell: remove the quotes around the lines"
    if message:
        raise DataError([COMMAS.finding(message, 1 + at)])


def _as_in_codebook(header: Iterable[str], columns: Collection[str]) -> list[str]:
    """The header with each name that differs from a column in capitals, blanks and hyphens alone
    (Policy ID) written as that column."""
    plain = [re.sub(r"[\W_]+", "_", name.casefold()).strip("_") for name in header]
    return [
        it if it in columns and plain.count(it) == 1 else name
        for name, it in zip(header, plain, strict=True)
    ]


def _table_of(record: list[str]) -> str:
    """The table of which this is a header, or ''."""
    fits = (
        it for it in FILES.values() if {*_first_release(it)} <= {*_as_in_codebook(record, it.names)}
    )
    return next((it.name for it in fits), "")


def _first_release(table: Table) -> list[str]:
    """The columns that every file has."""
    return [column.name for column in table.columns if not column.later]


def refuse_more_headers(block: Iterable[tuple[int, list[str]]], name: str) -> None:
    """Raise :class:`DataError` where the header of a table is among its rows."""
    for line, record in block:
        if record[0] in _COLUMNS and (other := _table_of(record)):
            message = (
                f"the columns of {other}.csv begin here: move these rows to a file of their own"
            )
            if other == name:
                message = (
                    "the header again: delete this line, and the rows below if they are double"
                )
            raise DataError([ONE_HEADER.finding(message, line)])


def read_header(
    header: list[str], table: Table, records: Iterable[tuple[int, list[str]]], *, unended: bool
) -> tuple[list[str], list[Finding]]:
    """The names of the columns as in the codebook, without those at the end that are empty, and
    the findings on them. ``records``: what follows. Raises :class:`DataError` for no header."""
    if len(header) > _MAX_COLUMNS:
        message = f"more than {_MAX_COLUMNS:,} columns"
        raise DataError([COLUMN_COUNT.finding(message, 1)])
    columns, required = [*table.names], _first_release(table)
    names = _as_in_codebook(header, columns)
    while names and not names[-1].strip():
        names.pop()
    missing = [column for column in columns if column not in names]
    if 4 * len({*required} - {*missing}) < len(required):
        raise DataError([_no_header(header, len({*names} & {*columns}), table, records)])
    if unended and {*missing} & {*required} and next(iter(records), None) is None:
        message = f"the file ends in its header ({brief(names[-1])!r}): it is cut; get it again"
        raise DataError([A_HEADER.finding(message, 1)])
    return names, [*_of_columns(header, names, table, missing)]


def _no_header(
    header: list[str], known: int, table: Table, records: Iterable[tuple[int, list[str]]]
) -> Finding:
    """Why the first line of a file names so few of the columns."""
    file, first = f"{table.name}.csv", ",".join(header)
    lines = (line for line, it in islice(records, _FIRST_LINES) if _table_of(it) == table.name)
    if other := _table_of(header):
        message = f"these are the columns of {other}.csv, not of {file}: give each file its name"
    elif line := next(lines, 0):
        message = f"the columns are named on line {line}: delete the lines above it"
    elif not known and len(header) == len(table.names):
        message = f"the header is missing: begin with the line {','.join(table.names)}"
    else:
        message = (
            f"the first line, {brief(first)!r}, names {known or 'none'} of the"
            f" {len(table.names)} columns of {file}: is this the right file?"
        )
    return A_HEADER.finding(message, 1, value=first)


def _of_columns(
    header: list[str], names: list[str], table: Table, missing: list[str]
) -> Iterator[Finding]:
    columns, later = [*table.names], {*table.names} - {*_first_release(table)}

    def finding(check: Check, column: str, message: str) -> Finding:
        return check.finding(message, 1, brief(column), column)

    changed = [(name, old) for name, old in zip(names, header, strict=False) if name != old]
    if changed:
        name, old = changed[0]
        which = "a column is" if len(changed) == 1 else f"{len(changed)} columns are"
        message = f"{which} named otherwise in the codebook: `frtracker fmt` writes {name!r} for"
        yield AS_IN_CODEBOOK.finding(f"{message} {brief(old)!r}", 1, name, old)
    if spare := len(header) - len(names):
        message = f"{plural(spare, 'column')} at the end without a name: `frtracker fmt` removes"
        yield NOTHING_EMPTY.finding(f"{message} {'it' if spare == 1 else 'them'}", 1)
    meant: dict[str, str] = {}  # a column of the file that was renamed -> its name
    for at, column in enumerate(names):
        if column not in columns and (free := [it for it in missing if it not in meant.values()]):
            same_place = columns[at : at + 1] if len(names) == len(columns) else []
            near = get_close_matches(column.casefold(), free, n=1, cutoff=0.7)
            meant.update((column, it) for it in [*near, *same_place][:1] if it in free)
    lacking = [column for column in missing if column not in meant.values()]
    for check, some, cure in (
        (NO_MISSING_COLUMN, [it for it in lacking if it not in later], _ADD),
        (NO_LACKING_COLUMN, [it for it in lacking if it in later], _ADDED),
    ):
        if some:
            one = len(some) == 1
            message = f"missing column{'' if one else f's {wording.listed(some)}'}{cure[one]}"
            yield finding(check, some[0] if one else "", message)
    for column in dict.fromkeys(names):
        if column not in columns:
            message = "not a column of this table: remove it, or move its text to notes"
            if column in meant:
                message = f"not a column of this table. Did you mean {meant[column]!r}?"
            yield finding(NO_EXTRA_COLUMN, column or "''", message)
        if names.count(column) > 1:
            yield finding(NO_DOUBLE_COLUMN, column or "''", "duplicate column")
    present = [column for column in columns if column in names or column not in later]
    if sorted(names) == sorted(present) and names != present:
        first = next(it for it in names if names.index(it) != present.index(it))
        message = "columns are out of order: `frtracker fmt` sorts them"
        yield finding(COLUMN_ORDER, first, message)
