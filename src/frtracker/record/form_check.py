"""Is a file written as `frtracker fmt` would write it?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from frtracker.record.findings import Finding, brief
from frtracker.record.reading import TextFile
from frtracker.record.schema import form
from frtracker.record.schema.file_rules import FORM, ROW_ORDER
from frtracker.record.schema.frames import text_at
from frtracker.record.schema.order import canonical_order


def check_form(file: TextFile, policies: pd.DataFrame | None, *, told: bool) -> Iterator[Finding]:
    """At most one finding on the order of rows and one on the form of the file.

    ``told``: another finding on this file's form has named the cure already.
    """
    yield from _order(file, policies)
    if not told:
        yield from _form(file)


def _order(file: TextFile, policies: pd.DataFrame | None) -> Iterator[Finding]:
    order = canonical_order(file.name, file.frame, policies)
    moved = np.flatnonzero(order != np.arange(len(order)))
    if len(moved) == 0:
        return
    row = int(moved[0])
    first = file.frame.columns[0]
    belongs = text_at(file.frame, int(order[row]), first)
    message = (
        f"rows are out of order: the row of line {file.lines[order[row]]} ({brief(belongs)})"
        " belongs here; `frtracker fmt` puts them right"
    )
    yield ROW_ORDER.finding(message, file=file.label, line=int(file.lines[row]))


def _form(file: TextFile) -> Iterator[Finding]:
    cells = form.canonical_cells(file.name, file.frame)
    differs = {name: (cells[name] != file.frame[name]).to_numpy() for name in cells.columns}
    rows = np.flatnonzero(np.logical_or.reduce(list(differs.values())))
    if len(rows):
        row = int(rows[0])
        column = next(name for name, where in differs.items() if where[row])
        right = brief(text_at(cells, row, column))
        message = f"in canonical form this is {right!r}: `frtracker fmt` writes it so"
        line = int(file.lines[row])
        yield FORM.finding(message, file=file.label, line=line, column=column, value=right)
    elif (line := _first_other_line(file)) > 0:
        message = "quotes or empty lines are not in canonical form: `frtracker fmt` mends them"
        yield FORM.finding(message, file=file.label, line=line)


def _first_other_line(file: TextFile) -> int:
    """The first line that differs from how the same cells are written; 0 if none does.

    Compared block by block, so that no second copy of a large file is needed.
    """
    position = 0
    for text in form.written(file.frame):
        right = text.encode()
        here = file.raw[position : position + len(right)]
        if here != right:
            pairs = zip(here.splitlines(), right.splitlines(), strict=False)
            same = next((at for at, (one, other) in enumerate(pairs) if one != other), 0)
            return file.raw.count(b"\n", 0, position) + same + 1
        position += len(right)
    return 0 if position == len(file.raw) else file.raw.count(b"\n", 0, position) + 1
