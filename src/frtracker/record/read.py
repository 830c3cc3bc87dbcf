"""A CSV file, read: its bytes as rows of text, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.columns import FILES
from frtracker.record.findings import Check, DataError, Finding, brief

MAX_BYTES: Final = 1_000_000_000
_MAX_CELL: Final = 1_000_000
_MAX_COLUMNS: Final = 1_000
_PIECE: Final = 1 << 20
BLOCK: Final = 10_000  # rows that are Python's at a time: so they take several times the room
_BOM: Final = b"\xef\xbb\xbf"

READABLE: Final = Check("R001", "The file is there and can be read.")
NOT_EMPTY: Final = Check("R002", "The file has a header.")
NOT_HUGE: Final = Check("R003", "The file is no larger than 1 GB.")
UTF_8: Final = Check("R004", "The file is UTF-8 text.")
NO_NUL: Final = Check("R005", "The file contains no NUL bytes: it is text.")
NO_BOM: Final = Check(
    "R006", "The file begins without a byte order mark.", "warning", fixed_by_fmt=True
)
LINE_ENDS: Final = Check("R007", "Lines end with a line feed alone.", "warning", fixed_by_fmt=True)
QUOTES: Final = Check("R008", "Quotes are closed, and enclose whole cells.")
CELL_SIZE: Final = Check("R009", "A cell has at most 1 MB.")
COLUMN_COUNT: Final = Check("R010", "A table has at most 1,000 columns.")
NO_MISSING_COLUMN: Final = Check("R011", "The file has every column of the table.")
NO_EXTRA_COLUMN: Final = Check("R012", "The file has no other columns.")
NO_DOUBLE_COLUMN: Final = Check("R013", "No column appears twice.")
COLUMN_ORDER: Final = Check(
    "R014", "Columns are in the order of the codebook.", "warning", fixed_by_fmt=True
)
NO_LACKING_COLUMN: Final = Check(
    "R016",
    "The file has the columns that newer versions added.",
    "warning",
    fixed_by_fmt=True,
    title="columns of newer versions are missing",
)
FIELD_COUNT: Final = Check(
    "R015", "Every row has a cell for each column.", title="too few or too many cells"
)
NO_EMPTY_ROW: Final = Check("R017", "No row consists of commas only.", "warning", fixed_by_fmt=True)
COMMAS: Final = Check("R018", "Cells are separated by commas.")
NO_WEB_PAGE: Final = Check("R019", "The file is a table, not a web page.")
_SEPARATORS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(frozen=True, slots=True)
class TextTable:
    """A CSV file as text. ``frame``: every cell as text (dtype str), columns in the order of the
    codebook, RangeIndex; empty if the file could not be read. ``lines``: the line on which each
    row begins (int64). ``label``: the name in findings."""

    name: str
    path: Path
    label: str
    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    raw: bytes
    findings: tuple[Finding, ...]

    @property
    def readable(self) -> bool:
        return not any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Files:
    """The tables of one set as text; one that is not ``present`` has no rows. ``borrowed``: tables
    of the shipped record that a set without them uses. ``shipped``: this is the shipped record."""

    texts: Mapping[str, TextTable]
    present: frozenset[str]
    borrowed: frozenset[str]
    shipped: bool

    @property
    def own(self) -> list[TextTable]:
        """The tables that are neither absent nor borrowed."""
        return [self.texts[name] for name in self.texts if name in self.present - self.borrowed]


def read_file(name: str, path: Path, label: str, *, max_bytes: int = MAX_BYTES) -> TextTable:
    """Read a file as the table ``name``; never raises on bad data."""
    try:
        raw = _bytes(path, max_bytes)
    except DataError as error:
        found = tuple(replace(finding, file=label) for finding in error.findings)
        return replace(absent(name), path=path, label=label, findings=found)
    return read_bytes(name, raw, path, label)


def read_bytes(name: str, raw: bytes, path: Path, label: str) -> TextTable:
    """Read the content of a file as the table ``name``; never raises on bad data."""
    table = replace(absent(name), path=path, label=label, raw=raw)
    columns = [*FILES[name].names]
    later = [column.name for column in FILES[name].columns if column.later]
    found: list[Finding] = []
    try:
        found += _encoding(table.raw)
        _refuse_other_formats(table.raw, columns)
        with closing(_records(table.raw)) as records:
            _, header = next(records)
            found += _header(header, columns, later)
            if all(finding.severity == "warning" for finding in found):
                parts, lines, wrong = [table.frame], [], []
                empty: list[int] = []
                while block := [*islice(records, BLOCK)]:
                    empty += (line for line, record in block if not any(record))
                    filled = (it for it in block if any(it[1]))
                    begins, rows, misfits = _rows(filled, len(header))
                    part = pd.DataFrame(rows, columns=header, dtype="str")
                    # not reindex: pandas 3.0 fails where it adds two columns of text
                    part = part.assign(**{it: "" for it in columns if it not in header})
                    parts.append(part[[*columns]])
                    lines += begins
                    wrong += misfits
                # in one piece: out of a hundred, rows are taken several times as slowly
                frame = pd.concat(parts).apply(pd.Series.repeat, repeats=1).reset_index(drop=True)
                table = replace(table, frame=frame, lines=np.array(lines, dtype=np.int64))
                found += wrong
                if empty:
                    rows_have = "the row has" if len(empty) == 1 else f"{len(empty):,} rows have"
                    them = "it" if len(empty) == 1 else "them"
                    message = f"{rows_have} only commas: `frtracker fmt` removes {them}"
                    found.append(NO_EMPTY_ROW.finding(message, empty[0]))
    except DataError as error:  # nothing of the file can be read
        found += error.findings
    return replace(table, findings=tuple(replace(finding, file=label) for finding in found))


def absent(name: str) -> TextTable:
    """The stand-in for a table that is not there: no rows, no findings."""
    frame = pd.DataFrame([], columns=[*FILES[name].names], dtype="str")
    lines = np.array([], dtype=np.int64)
    return TextTable(name, Path(f"{name}.csv"), f"{name}.csv", frame, lines, b"", ())


def _bytes(path: Path, max_bytes: int) -> bytes:
    """The whole file; if it contains a NUL byte, and so is not text, at least all up to there. (A
    pipe gives its bytes only once; it and a device have no size, and may have no end.)"""
    raw = bytearray()
    try:
        too_large = path.stat().st_size > max_bytes
        with path.open("rb") as file:
            while not too_large and (piece := file.read(_PIECE)):
                raw += piece
                too_large = len(raw) > max_bytes
                if b"\0" in piece:
                    break
    except FileNotFoundError:
        raise DataError([READABLE.finding("no such file")]) from None
    except IsADirectoryError:
        raise DataError([READABLE.finding("this is a folder: name the CSV file in it")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not allowed"
        raise DataError([READABLE.finding(f"cannot be read: {reason}")]) from None
    if too_large:
        raise DataError([NOT_HUGE.finding(f"larger than {max_bytes:,} bytes: split the file")])
    if not raw.removeprefix(_BOM).strip():
        raise DataError(
            [NOT_EMPTY.finding("the file is empty: its first line must name the columns")]
        )
    return bytes(raw)


def _encoding(raw: bytes) -> Iterator[Finding]:
    def line_of(position: int) -> int:
        return raw.count(b"\n", 0, position) + 1

    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError([UTF_8.finding("UTF-16 text: save the file as CSV UTF-8")])
    if (nul := raw.find(b"\0")) >= 0:
        message = "contains a NUL byte: not a text file, or damaged"
        if raw.startswith(b"PK"):
            nul, message = 0, "this is a spreadsheet or a ZIP file: save the table as CSV UTF-8"
        raise DataError([NO_NUL.finding(message, line_of(nul))])
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        raise DataError([UTF_8.finding(message, line_of(error.start))]) from None
    if raw.startswith(_BOM):
        yield NO_BOM.finding("begins with a byte order mark: `frtracker fmt` removes it", 1)
    if (at := raw.find(b"\r")) >= 0:
        message = "lines end with carriage returns: `frtracker fmt` writes plain line feeds"
        yield LINE_ENDS.finding(message, line_of(at))


def _refuse_other_formats(raw: bytes, columns: list[str]) -> None:
    """Raise :class:`DataError` for a web page, or for a table with another separator: one finding
    instead of one for each column."""
    start = raw[:100_000].removeprefix(_BOM).lstrip()
    if re.match(rb"<(!doctype|html|head|body|\?xml|!--)", start, re.IGNORECASE):
        message = "this is a web page, not a CSV file: download the file itself (on GitHub: Raw)"
        raise DataError([NO_WEB_PAGE.finding(message)])
    header = start.splitlines()[0].decode("utf-8", "replace").replace('"', "")
    for separator, name in _SEPARATORS.items():
        if len({*header.split(separator)} & {*columns}) > 1:
            message = f"cells are separated by {name}: save the file as CSV with commas"
            raise DataError([COMMAS.finding(message, 1)])


def _records(raw: bytes) -> Generator[tuple[int, list[str]], None, None]:
    """Each record with the line on which it begins, the header first; empty lines are skipped."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig"), strict=True)
    # The csv module keeps its limit for the whole process: put it back.
    before, begins = csv.field_size_limit(_MAX_CELL), 1
    try:
        for record in reader:
            # its limit counts characters, of which each may be four bytes
            long = (cell for cell in record if len(cell) > _MAX_CELL // 4)
            if any(len(cell.encode()) > _MAX_CELL for cell in long):
                raise csv.Error("field larger than field limit")
            if record:
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        check, where = QUOTES, "of the row that begins here"
        message = f'a stray quote in a quoted cell {where}: write it as "", and close the cell'
        message += " with a single one"
        if "field larger than field limit" in str(error):
            check, message = CELL_SIZE, f"a cell {where} is larger than 1 MB"
        elif "unexpected end of data" in str(error):
            message = f"a quote {where} is never closed"
        raise DataError([check.finding(message, begins)]) from None
    finally:
        csv.field_size_limit(before)


def _header(header: list[str], columns: list[str], later: list[str]) -> Iterator[Finding]:
    def finding(check: Check, column: str, message: str) -> Finding:
        return check.finding(message, 1, brief(column), column)

    if len(header) > _MAX_COLUMNS:
        message = f"more than {_MAX_COLUMNS:,} columns"
        raise DataError([COLUMN_COUNT.finding(message, 1)])
    missing = [column for column in columns if column not in header]
    meant: dict[str, str] = {}  # a column of the file that was renamed -> its name
    for at, column in enumerate(header):
        if column not in columns and (free := [it for it in missing if it not in meant.values()]):
            same_place = columns[at : at + 1] if len(header) == len(columns) else []
            near = get_close_matches(column.casefold(), free, n=1, cutoff=0.7)
            meant.update((column, it) for it in [*near, *same_place][:1] if it in free)
    for column in missing:
        if column in later and column not in meant.values():
            message = "missing column, as in older files: `frtracker fmt` adds it"
            yield finding(NO_LACKING_COLUMN, column, message)
        elif column not in meant.values():
            message = "missing column: add it to the header, its cells may be empty"
            yield finding(NO_MISSING_COLUMN, column, message)
    for column in dict.fromkeys(header):
        if column not in columns:
            message = "not a column of this table: remove it, or move its text to notes"
            if column in meant:
                message = f"not a column of this table. Did you mean {meant[column]!r}?"
            yield finding(NO_EXTRA_COLUMN, column or "''", message)
        if header.count(column) > 1:
            yield finding(NO_DOUBLE_COLUMN, column or "''", "duplicate column")
    present = [column for column in columns if column in header or column not in later]
    if sorted(header) == sorted(present) and header != present:
        first = next(it for it in header if header.index(it) != present.index(it))
        message = "columns are out of order: `frtracker fmt` sorts them"
        yield finding(COLUMN_ORDER, first, message)


def _rows(
    records: Iterable[tuple[int, list[str]]], width: int
) -> tuple[list[int], list[list[str]], list[Finding]]:
    """The records of the right width, with their lines, and what is wrong with the others."""
    lines, rows, wrong = [], [], []
    known: dict[str, str] = {}  # equal texts share one object
    for line, record in records:
        if len(record) == width:
            lines.append(line)
            rows.append([*map(known.setdefault, record, record)])
        else:
            fix = "put cells that contain a comma in quotes"
            if len(record) < width:
                fix = "a comma or a quote is missing"
            message = f"the row has {len(record):,} cells, the header {width}: {fix}"
            wrong.append(FIELD_COUNT.finding(message, line, value=record[0]))
    return lines, rows, wrong
