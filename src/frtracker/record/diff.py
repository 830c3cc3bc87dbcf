"""What changed between two editions of policies.csv: rows added, removed, changed by column.

Cells are compared as the text that stands in the files, dates of version 1 in today's notation:
``2021-07`` and ``[2021-07-01..2021-07-31]`` mean the same days and differ. The order of rows and
columns means nothing. A row whose ``policy_id`` changed counts as one removed and one added, for
the id is what a row is known by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from frtracker.dates import from_version_1
from frtracker.record.cells import ALONE, DATE_RANGE, REQUIRED
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError, brief
from frtracker.record.read import MAX_BYTES, read_file

Row = Mapping[str, str]
"""A row of one edition: every column, in the order of the codebook."""


class Cell(NamedTuple):
    """One cell that differs; '' where nothing is recorded."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Revision:
    """The difference: ``added`` and ``changed`` in the order of the new edition, ``removed`` in
    that of the old. ``changed``: the new row, and what differs in it in the order of the columns,
    never nothing."""

    added: list[Row]
    removed: list[Row]
    changed: list[tuple[Row, list[Cell]]]

    @property
    def cells(self) -> int:
        """How many cells differ in the rows that both editions have."""
        return sum(len(cells) for _, cells in self.changed)


def read_edition(path: Path, *, max_bytes: int = MAX_BYTES) -> pd.DataFrame:
    """A policies.csv as text (dtype str, columns in the order of the codebook), without its
    companions and without judging its cells.

    Raises :class:`DataError` if it cannot be read as that table, or an id is empty or stands twice.
    """
    file = read_file("policies", path, str(path), max_bytes=max_bytes)
    errors = [finding for finding in file.findings if finding.severity == "error"]
    ids = file.frame["policy_id"]
    for row in (ids.duplicated() | (ids == "")).to_numpy().nonzero()[0].tolist():
        value, line = str(ids.iat[row]), int(file.lines[row])
        said = f"{brief(value)!r} names an earlier row already" if value else "is empty"
        message = f"{said}: rows are compared by it"
        check = ALONE if value else REQUIRED
        errors.append(check.finding(message, line, "policy_id", value, file.label))
    if errors:
        raise DataError(errors)
    days = [column.name for column in TABLES["policies"].columns if column.kind is DATE_RANGE]
    return file.frame.assign(**{name: file.frame[name].map(from_version_1) for name in days})


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Revision:
    """The difference of two tables of policies, text columns as in the codebook (others are
    ignored), each ``policy_id`` once."""
    before, after = _rows(old), _rows(new)
    differing = {
        key: [
            Cell(name, before[key][name], text)
            for name, text in row.items()
            if text != before[key][name]
        ]
        for key, row in after.items()
        if key in before
    }
    return Revision(
        added=[row for key, row in after.items() if key not in before],
        removed=[row for key, row in before.items() if key not in after],
        changed=[(after[key], cells) for key, cells in differing.items() if cells],
    )


def _rows(frame: pd.DataFrame) -> dict[str, Row]:
    rows: list[Any] = frame[[*TABLES["policies"].names]].to_dict("records")
    return {row["policy_id"]: row for row in rows}
