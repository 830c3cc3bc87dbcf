"""The canonical form of a file, one order of rows and one way to write each cell: what `frtracker
fmt` writes, and the findings of `frtracker validate` on a file that is not in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain, zip_longest
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from frtracker.record.columns import FILES
from frtracker.record.findings import Check, Finding, brief, inert
from frtracker.record.read import BLOCK, TextTable
from frtracker.record.tables import canonical_order

ROW_ORDER: Final = Check("R090", "Rows are in canonical order.", "warning", fixed_by_fmt=True)
FORM: Final = Check("R091", "The file is written in canonical form.", "warning", fixed_by_fmt=True)


def canonical_cells(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every cell in canonical form; each distinct text is written once."""
    cells = {}
    for column in FILES[table].columns:
        texts = frame[column.name].unique().tolist()
        written = {text: column.kind.canonical(text) for text in texts}
        cells[column.name] = frame[column.name].map(written).astype("str")
    return frame.assign(**cells)


def written(frame: pd.DataFrame, *, header: bool = True) -> str:
    """The table as CSV text; cells and order stay as they are."""
    return frame.to_csv(index=False, header=header, lineterminator="\n")


def canonical_text(table: str, frame: pd.DataFrame, policies: pd.DataFrame | None = None) -> str:
    """The whole file in canonical form and order."""
    cells = canonical_cells(table, frame)
    if table == "sources" and policies is not None:
        policies = canonical_cells("policies", policies)
    return written(cells.iloc[canonical_order(table, cells, policies)])


def check_form(
    file: TextTable, policies: pd.DataFrame | None, *, reported: bool
) -> Iterator[Finding]:
    """At most one finding on the order of rows and one on the form of the file; none on the form
    where another finding has ``reported`` that `frtracker fmt` fixes it."""
    lines = file.lines.tolist()
    order = canonical_order(file.name, file.frame, policies).tolist()
    moved = next((row for row, right in enumerate(order) if row != right), None)
    if moved is not None:
        name = brief(str(file.frame.iat[order[moved], 0]))
        message = (
            f"rows are out of order: line {lines[order[moved]]} ({name}) belongs here;"
            " `frtracker fmt` sorts them"
        )
        yield ROW_ORDER.finding(message, lines[moved], file=file.label)
    if reported:
        return
    parts = [file.frame.iloc[at : at + BLOCK] for at in range(0, len(file.frame) or 1, BLOCK)]
    for part in parts:
        cells = canonical_cells(file.name, part)
        differs = (cells != part).to_numpy()
        if differs.any():
            row, column = np.argwhere(differs)[0].tolist()
            right = brief(str(cells.iat[row, column]))
            message = f"not in canonical form: `frtracker fmt` writes {right!r}"
            line = lines[part.index[row]]
            yield FORM.finding(message, line, cells.columns[column], right, file.label)
            return
    texts = (written(part, header=part is parts[0]).encode() for part in parts)
    right_lines = chain.from_iterable(text.splitlines(keepends=True) for text in texts)
    pairs = zip_longest(right_lines, io.BytesIO(file.raw))
    if line := next((at for at, (one, other) in enumerate(pairs, 1) if one != other), 0):
        message = "quotes or empty lines are not in canonical form: `frtracker fmt` fixes them"
        yield FORM.finding(message, line, file=file.label)


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not in canonical form: ``text`` is what it should contain. ``doubts``: what
    is to be looked at once it is written so, for nothing will show it any more."""

    path: Path
    before: str
    text: str
    doubts: tuple[Finding, ...] = ()

    def diff(self) -> str:
        """A unified diff, its lines safe for a terminal; each ends with a line feed."""
        before, after = self.before.splitlines(), self.text.splitlines()
        names = f"{self.path} (now)", f"{self.path} (canonical)"
        lines = unified_diff(before, after, *names, lineterm="")
        body = "".join(inert(line) + "\n" for line in lines)
        return body or f"{self.path}: line ends or a byte order mark differ\n"
