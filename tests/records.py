"""The records that tests read, as whole files.

A fixture names only the columns that it fills: all others are empty, in the order of the codebook,
so a new column touches none. ``broken.csv`` says what differs in the broken case of each check.
"""

from __future__ import annotations

import atexit
import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from frtracker.record.columns import FILES, TABLES
from frtracker.vocabulary import SUBJECT_TYPES

HERE = Path(__file__).parent
Row = dict[str, str]

_MADE = tempfile.TemporaryDirectory(prefix="frtracker-tests-")
atexit.register(_MADE.cleanup)


def text(table: str, rows: Iterable[Mapping[str, str]]) -> str:
    """The file of these rows; what a row leaves out is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, FILES[table].names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def rows(name: str, table: str) -> list[Row]:
    """The rows of a fixture, every column filled or ''."""
    with (HERE / "fixtures" / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [dict.fromkeys(TABLES[table].names, "") | row for row in csv.DictReader(file)]


@cache
def folder(name: str) -> Path:
    """The fixture as whole files in a folder of this run; nothing may be changed there."""
    made = Path(_MADE.name) / name
    made.mkdir()
    for table in TABLES:
        write(made, table, rows(name, table))
    return made


def write(where: Path, table: str, content: Iterable[Mapping[str, str]]) -> Path:
    path = where / f"{table}.csv"
    path.write_text(text(table, content), encoding="utf-8", newline="")
    return path


@cache
def broken() -> dict[str, list[Row]]:
    """The lines of ``broken.csv`` of each code.

    ``row``: the first cell of the row that differs; ``+row``: a copy of it, put behind it, does;
    ``-row``: it is left out. A line with nothing but the code: the rows are then put into the order
    of their new places. Characters that do not show are written ``\\u202e``.
    """
    cases: dict[str, list[Row]] = {}
    with (HERE / "broken.csv").open(encoding="ascii", newline="") as file:
        for line in csv.DictReader(file):
            cell = line["cell"].encode().decode("unicode_escape")
            cases.setdefault(line["code"], []).append(line | {"cell": cell})
    return cases


def break_base(code: str) -> dict[str, list[Row]]:
    """The tables of the base with the differences of a code."""
    tables = {table: rows("base", table) for table in TABLES}
    copies: dict[str, Row] = {}
    for line in broken().get(code, ()):
        if not line["table"]:
            tables = {name: _in_order(name, tables) for name in tables}
            continue
        content, name = tables[line["table"]], line["row"].lstrip("+-")
        at = next(at for at, row in enumerate(content) if next(iter(row.values())) == name)
        if line["row"].startswith("-"):
            del content[at]
        elif line["row"].startswith("+"):
            if line["table"] not in copies:
                copies[line["table"]] = dict(content[at])
                content.insert(at + 1, copies[line["table"]])
            copies[line["table"]][line["column"]] = line["cell"]
        else:
            content[at][line["column"]] = line["cell"]
    return tables


def _in_order(table: str, tables: dict[str, list[Row]]) -> list[Row]:
    """The order of the codebook, as far as the base needs it."""
    ids = [row["policy_id"] for row in sorted(tables["policies"], key=_place)]
    if table not in ("policies", "subjects", "sources"):
        return tables[table]
    if table == "sources":
        return sorted(tables[table], key=lambda row: ids.index(row["policy_id"]))
    return sorted(tables[table], key=_place)


def _place(row: Row) -> tuple[str, str, int]:
    return row["country"], row["region"], [*SUBJECT_TYPES].index(row["subject_type"])
