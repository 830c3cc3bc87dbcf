"""One CSV file -> its records as text, with the line on which each begins.

Everything here is about the file, nothing about its meaning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.content import Content, Unusable, content_of, encoding
from frtracker.record.findings import Finding, brief
from frtracker.record.records import cells_up_to, header_of, records_of
from frtracker.record.schema import file_rules as rules
from frtracker.record.schema.rule import Rule

_BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class TextFile:
    """A CSV file as it stands.

    ``frame``: every cell as text (dtype str), columns in the order of the codebook, RangeIndex;
    empty if the file could not be read. ``lines``: the line on which each record begins (int64).
    ``header``: the columns as they stand. ``raw``: the bytes. ``label``: the name in findings.
    """

    name: str
    path: Path
    label: str
    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    header: tuple[str, ...]
    raw: bytes
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not any(finding.severity == "error" for finding in self.findings)


def read_file(
    name: str, path: Path, label: str, columns: Sequence[str], *, max_bytes: int = rules.MAX_BYTES
) -> TextFile:
    """Read the table ``name`` with the given columns; never raises on bad data."""
    return parsed(name, path, label, columns, content_of(path, label, max_bytes=max_bytes))


def parsed(name: str, path: Path, label: str, columns: Sequence[str], content: Content) -> TextFile:
    """What :func:`content_of` gave, as the table ``name``; never raises on bad data."""
    if isinstance(content, Finding):
        return replace(_nothing(name, path, label, columns), findings=(content,))
    notes: list[Finding] = []
    try:
        notes += encoding(content, label)
        with cells_up_to(rules.MAX_CELL):
            records = records_of(content, label)
            header = header_of(records, label)
            notes += _columns(header, columns, label)
            if not any(note.severity == "error" for note in notes):
                frame, lines, wrong = _frame(records, header, columns, label)
                findings = (*notes, *wrong)
                return TextFile(name, path, label, frame, lines, header, content, findings)
    except Unusable as error:
        notes.append(error.finding)
    nothing = _nothing(name, path, label, columns)
    return replace(nothing, raw=content, findings=tuple(notes))


def absent(name: str, columns: Sequence[str]) -> TextFile:
    """The stand-in for a companion that is not there: no rows, no findings."""
    return _nothing(name, Path(f"{name}.csv"), f"{name}.csv", columns)


def _nothing(name: str, path: Path, label: str, columns: Sequence[str]) -> TextFile:
    lines = np.array([], dtype=np.int64)
    return TextFile(name, path, label, _empty(columns), lines, tuple(columns), b"", ())


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})


def _columns(header: Sequence[str], columns: Sequence[str], label: str) -> Iterator[Finding]:
    def finding(rule: Rule, column: str, message: str) -> Finding:
        return rule.finding(message, file=label, line=1, column=brief(column), value=brief(column))

    for column in columns:
        if column not in header:
            message = "the column is missing: add it to the header, its cells may be empty"
            yield finding(rules.NO_MISSING_COLUMN, column, message)
    for column in dict.fromkeys(header):
        if column not in columns:
            known = "is no column of this table: remove it, or put what it says into notes"
            yield finding(rules.NO_EXTRA_COLUMN, column or "''", known)
        if header.count(column) > 1:
            yield finding(rules.NO_DOUBLE_COLUMN, column or "''", "the column stands twice")
    if sorted(header) == sorted(columns) and tuple(header) != tuple(columns):
        first = next(
            column for column, right in zip(header, columns, strict=True) if column != right
        )
        message = "columns are out of order: `frtracker fmt` puts them right"
        yield finding(rules.COLUMN_ORDER, first, message)


def _frame(
    records: Iterator[tuple[int, list[str]]],
    header: Sequence[str],
    columns: Sequence[str],
    label: str,
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], list[Finding]]:
    stored = {name: _Column() for name in header}
    lines: list[int] = []
    wrong: list[Finding] = []
    block: list[list[str]] = []
    for line, record in records:
        if len(record) != len(header):
            wrong.append(_wrong_length(record, header, label, line))
            continue
        lines.append(line)
        block.append(record)
        if len(block) == _BLOCK:
            _store(stored.values(), block)
            block = []
    _store(stored.values(), block)
    cells = {name: stored[name].released() for name in columns}
    return pd.DataFrame(cells, copy=False), np.array(lines, dtype=np.int64), wrong


def _wrong_length(record: list[str], header: Sequence[str], label: str, line: int) -> Finding:
    few = len(record) < len(header)
    message = f"the record has {len(record):,} cells, the header {len(header)}: " + (
        "a comma or a quote is missing" if few else "put cells that hold a comma into quotes"
    )
    return rules.FIELD_COUNT.finding(message, file=label, line=line, value=brief(record[0]))


class _Column:
    """The cells of one column; equal texts share one object while that pays."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self._known: dict[str, str] | None = {}

    def extend(self, cells: Sequence[str]) -> None:
        if self._known is None:
            self.cells += cells
            return
        self.cells += map(self._known.setdefault, cells, cells)
        if len(self._known) > max(len(self.cells) // 2, _BLOCK // 2):
            self._known = None

    def released(self) -> pd.Series:
        """The cells as a series (str); they are kept nowhere else, so that a large file is not in
        memory twice."""
        cells, self.cells, self._known = self.cells, [], None
        return pd.Series(cells, dtype="str")


def _store(columns: Collection[_Column], block: list[list[str]]) -> None:
    for column, cells in zip(columns, zip(*block, strict=True), strict=bool(block)):
        column.extend(cells)
