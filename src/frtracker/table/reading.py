"""One CSV file -> its records as text, with the line on which each begins.

Everything here is about the file, nothing about its meaning.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.findings import Finding, brief
from frtracker.schema import file_rules as rules
from frtracker.schema.rule import Rule

_BOM = b"\xef\xbb\xbf"
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


class _Unusable(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read_file(
    name: str, path: Path, label: str, columns: Sequence[str], *, max_bytes: int = rules.MAX_BYTES
) -> TextFile:
    """Read the table ``name`` with the given columns; never raises on bad data."""
    file = _nothing(name, path, label, columns)
    notes: list[Finding] = []
    try:
        file = replace(file, raw=_bytes(path, label, max_bytes))
        notes += _encoding(file.raw, label)
        with _cells_up_to(rules.MAX_CELL):
            records = _records(file.raw, label)
            header = _header(records, label)
            notes += _columns(header, columns, label)
            if not any(note.severity == "error" for note in notes):
                frame, lines, wrong = _frame(records, header, label)
                notes += wrong
                file = replace(file, frame=frame[list(columns)], lines=lines, header=header)
    except _Unusable as error:
        notes.append(error.finding)
    return replace(file, findings=tuple(notes))


def absent(name: str, columns: Sequence[str]) -> TextFile:
    """The stand-in for a companion that is not there: no rows, no findings."""
    return _nothing(name, Path(f"{name}.csv"), f"{name}.csv", columns)


def _nothing(name: str, path: Path, label: str, columns: Sequence[str]) -> TextFile:
    lines = np.array([], dtype=np.int64)
    return TextFile(name, path, label, _empty(columns), lines, tuple(columns), b"", ())


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})


def _bytes(path: Path, label: str, max_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            # A pipe has no size; a file may have grown since it was asked for.
            raw = b"" if size > max_bytes else file.read((size or max_bytes) + 1)
    except FileNotFoundError:
        raise _unusable(rules.READABLE, label, "there is no such file") from None
    except IsADirectoryError:
        message = "is a folder; name the CSV file in it"
        raise _unusable(rules.READABLE, label, message) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not allowed"
        raise _unusable(rules.READABLE, label, f"cannot be read: {reason}") from None
    if max(size, len(raw)) > max_bytes:
        raise _unusable(rules.NOT_HUGE, label, f"is larger than {max_bytes:,} bytes: split it")
    if not raw.removeprefix(_BOM).strip():
        raise _unusable(rules.NOT_EMPTY, label, "is empty: the first line names the columns")
    return raw


def _unusable(rule: Rule, label: str, message: str, line: int = 0) -> _Unusable:
    return _Unusable(rule.finding(message, file=label, line=line))


def _encoding(raw: bytes, label: str) -> Iterator[Finding]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unusable(rules.UTF_8, label, "is UTF-16: save it as UTF-8")
    if (nul := raw.find(b"\0")) >= 0:
        message = "holds a NUL byte: this is not a text file, or it is damaged"
        raise _unusable(rules.NO_NUL, label, message, _line_of(raw, nul))
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = f"the byte 0x{byte:02X} is not UTF-8: save the file as UTF-8"
        raise _unusable(rules.UTF_8, label, message, _line_of(raw, error.start)) from None
    if raw.startswith(_BOM):
        message = "begins with a byte order mark: `frtracker fmt` removes it"
        yield rules.NO_BOM.finding(message, file=label, line=1)
    if (at := raw.find(b"\r")) >= 0:
        message = "has carriage returns at line ends: `frtracker fmt` writes plain line feeds"
        yield rules.LINE_ENDS.finding(message, file=label, line=_line_of(raw, at))


def _line_of(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1


@contextmanager
def _cells_up_to(size: int) -> Iterator[None]:
    # The csv module keeps its limit for the whole process: put it back.
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _records(raw: bytes, label: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; empty lines are passed over."""
    lines = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline=None)
    reader = csv.reader(lines, strict=True)
    begins = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise _csv_problem(str(error), label, begins) from None
        if record is None:
            return
        if record:
            yield begins, record
        begins = reader.line_num + 1


def _csv_problem(reason: str, label: str, line: int) -> _Unusable:
    if "field larger than field limit" in reason:
        message = "a cell of the record that begins here is larger than 1 MB"
        return _unusable(rules.CELL_SIZE, label, message, line)
    if "unexpected end of data" in reason:
        message = "a quote is opened in the record that begins here and never closed"
    else:
        message = (
            'a quote stands inside a quoted cell of the record that begins here: write it as ""'
            " and close the cell with one"
        )
    return _unusable(rules.QUOTES, label, message, line)


def _header(records: Iterator[tuple[int, list[str]]], label: str) -> tuple[str, ...]:
    _, header = next(records)
    if len(header) > rules.MAX_COLUMNS:
        message = f"has {len(header):,} columns; at most {rules.MAX_COLUMNS:,} are read"
        raise _unusable(rules.COLUMN_COUNT, label, message, 1)
    return tuple(header)


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
    records: Iterator[tuple[int, list[str]]], header: Sequence[str], label: str
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], list[Finding]]:
    columns = [_Column() for _ in header]
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
            _store(columns, block)
            block = []
    _store(columns, block)
    frame = pd.DataFrame(
        {name: column.released() for name, column in zip(header, columns)}  # noqa: B905
    )
    return frame, np.array(lines, dtype=np.int64), wrong


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


def _store(columns: Sequence[_Column], block: list[list[str]]) -> None:
    for column, cells in zip(columns, zip(*block, strict=True), strict=bool(block)):
        column.extend(cells)
