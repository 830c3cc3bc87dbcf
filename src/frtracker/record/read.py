"""A CSV file, read: its bytes as rows of text, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import compress, islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.columns import FILES
from frtracker.record.findings import Check, DataError, Finding, brief, plural
from frtracker.record.header import (
    NOTHING_EMPTY,
    read_header,
    refuse_more_headers,
    refuse_other_separators,
)

MAX_BYTES: Final = 1_000_000_000
_MAX_CELL: Final = 1_000_000
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
FIELD_COUNT: Final = Check(
    "R015", "Every row has a cell for each column.", title="too few or too many cells"
)
A_TABLE: Final = Check("R019", "The file is a table, not a web page or a file of another kind.")
MERGED: Final = Check("R095", "The file has no conflict markers of git.")
ENDED: Final = Check("R096", "The last line has an end.", "warning", fixed_by_fmt=True)

_SAVE = "save the table as CSV UTF-8"
_OTHER_KINDS: Final = {
    rb"<[a-z!?]": ("a web page", "download the file itself (on GitHub: Raw)"),
    rb"version https://git-lfs": ("a pointer of Git LFS", "get the file itself (`git lfs pull`)"),
    rb"{\\rtf": ("a text document (RTF)", _SAVE),
    rb"[{[]": ("JSON", _SAVE),
    rb"%PDF": ("a PDF", "get the table that it was made of"),
    rb"PK\x03\x04": ("a spreadsheet or a ZIP file", _SAVE),
    rb"\xd0\xcf\x11\xe0": ("an Excel workbook", _SAVE),
    rb"\x1f\x8b": ("a compressed file (gzip)", "unpack it"),
    rb"PAR1": ("a Parquet file", _SAVE),
    rb"SQLite format 3": ("an SQLite database", _SAVE),
}
"""How files begin that are taken for a table: what they are, and what to do."""


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
    found: list[Finding] = []
    try:
        _refuse_other_kinds(raw)
        found += _encoding(raw)
        _refuse_merges(raw)
        refuse_other_separators(raw, columns)
        with closing(_records(raw)) as records:
            last = line, header = next(records)
            names, of_header = read_header(header, FILES[name], records, unended=_is_unended(raw))
            found += of_header
            if all(finding.severity == "warning" for finding in found):
                parts, lines, wrong = [table.frame], [], []
                empty: list[int] = []
                while block := [*islice(records, BLOCK)]:
                    refuse_more_headers(block, name)
                    last = line, _ = block[-1]
                    filled = [any(map(str.strip, record)) for _, record in block]
                    empty += (line for (line, _), it in zip(block, filled, strict=True) if not it)
                    begins, rows, misfits = _rows(compress(block, filled), len(names), len(header))
                    part = pd.DataFrame(rows, columns=names, dtype="str")
                    # not reindex: pandas 3.0 fails where it adds two columns of text
                    part = part.assign(**{it: "" for it in columns if it not in names})
                    parts.append(part[[*columns]])
                    lines += begins
                    wrong += misfits
                # in one piece: out of a hundred, rows are taken several times as slowly
                frame = pd.concat(parts).apply(pd.Series.repeat, repeats=1).reset_index(drop=True)
                table = replace(table, frame=frame, lines=np.array(lines, dtype=np.int64))
                if _is_unended(raw):
                    _, record = last
                    if wrong and wrong[-1].line == line and len(record) < len(names):
                        cells = f"after {len(record)} of {len(names)} cells"
                        message = f"the file ends in this row, {cells}: it is cut; get it again"
                        wrong[-1] = replace(wrong[-1], message=message)
                    else:
                        message = (
                            f"the last line has no end: the file may be cut in its last cell"
                            f" ({brief(record[-1])!r}); if that is whole, `frtracker fmt` ends it"
                        )
                        found.append(ENDED.finding(message, line, value=record[-1]))
                found += wrong
                if empty:
                    rows_have = "the row has" if len(empty) == 1 else f"{len(empty):,} rows have"
                    them = "it" if len(empty) == 1 else "them"
                    message = f"{rows_have} only commas: `frtracker fmt` removes {them}"
                    found.append(NOTHING_EMPTY.finding(message, empty[0]))
    except DataError as error:  # nothing of the file can be read
        found = [*error.findings]
    return replace(table, findings=tuple(replace(finding, file=label) for finding in found))


def _is_unended(raw: bytes) -> bool:
    return not raw.endswith((b"\n", b"\r"))


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
    return bytes(raw)


def _refuse_other_kinds(raw: bytes) -> None:
    """Raise :class:`DataError` for a file that is something else than a table of text."""
    # blanks of Unicode too; what begins with so many is no table either
    if not raw[:100_000].removeprefix(_BOM).decode("utf-8", "replace").strip():
        message = "the file is empty: its first line must name the columns"
        raise DataError([NOT_EMPTY.finding(message)])
    start = raw[:1_000].removeprefix(_BOM).lstrip()
    for beginning, (kind, cure) in _OTHER_KINDS.items():
        if re.match(beginning, start, re.IGNORECASE):
            raise DataError([A_TABLE.finding(f"this is {kind}, not a CSV file: {cure}")])


def _line_of(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1


def _encoding(raw: bytes) -> Iterator[Finding]:
    nuls = [raw[at:200:2].count(0) for at in (0, 1)]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or max(nuls) > len(raw[:200]) // 4 > min(nuls):
        message = f"UTF-16 text (spreadsheets call it Unicode Text): {_SAVE}"
        raise DataError([UTF_8.finding(message)])
    if (nul := raw.find(b"\0")) >= 0:
        message = "contains a NUL byte: not a text file, or damaged"
        raise DataError([NO_NUL.finding(message, _line_of(raw, nul))])
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        if error.reason == "unexpected end of data":
            message = "the file ends within a letter: it is cut; get it again"
        raise DataError([UTF_8.finding(message, _line_of(raw, error.start))]) from None
    if raw.startswith(_BOM):
        yield NO_BOM.finding("begins with a byte order mark: `frtracker fmt` removes it", 1)
    if (at := raw.find(b"\r")) >= 0:
        message = "lines end with carriage returns: `frtracker fmt` writes plain line feeds"
        yield LINE_ENDS.finding(message, _line_of(raw, at))


def _refuse_merges(raw: bytes) -> None:
    """Raise :class:`DataError` where git has left two versions in the file."""
    marks = islice(re.finditer(rb"^(?:<{7}|>{7}) ", raw, re.MULTILINE), 2)
    places = [(it[0][:1], _line_of(raw, it.start())) for it in marks]
    if [mark for mark, _ in places] == [b"<", b">"]:
        (_, first), (_, last) = places
        message = (
            f"an unfinished merge in git: of lines {first} to {last} keep one version, and delete"
            " the lines with <<<<<<<, ======= and >>>>>>>"
        )
        raise DataError([MERGED.finding(message, first)])


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
            if _is_unended(raw):
                message = (
                    f"the file ends in a quoted cell {where}: it is cut, or a quote is missing"
                )
        raise DataError([check.finding(message, begins)]) from None
    finally:
        csv.field_size_limit(before)


def _rows(
    records: Iterable[tuple[int, list[str]]], width: int, header: int
) -> tuple[list[int], list[list[str]], list[Finding]]:
    """The records of the right width, with their lines, and what is wrong with the others.
    ``header``: the width with the columns at its end that have no name; their cells are empty."""
    lines, rows = [], []
    misfits: list[tuple[int, int, list[str]]] = []
    known: dict[str, str] = {}  # equal texts share one object
    for at, (line, record) in enumerate(records):
        if width < len(record) <= header and not any(record[width:]):
            del record[width:]
        if len(record) == width:
            lines.append(line)
            rows.append([*map(known.setdefault, record, record)])
        else:
            misfits.append((at, line, record))
    return lines, rows, [*_of_misfits(misfits, width)]


def _of_misfits(misfits: list[tuple[int, int, list[str]]], width: int) -> Iterator[Finding]:
    """``misfits``: the number of the row, its line, its cells."""
    second = -1
    for (at, line, record), (after, _, rest) in pairwise([*misfits, (-1, 0, [])]):
        if at == second:
            continue
        has = f"the row has {plural(len(record), 'cell')}, the header {width}"
        fix = "put cells that contain a comma in quotes"
        if any(cell.startswith(("\u201c", "\u201d", "\u201e")) for cell in record):
            fix = 'write plain quotes (") for \u201c and \u201d around cells'
        elif len(record) < width and after == at + 1 and len(record) + len(rest) == width + 1:
            fix, second = "it goes on in the next line: join them, or put its cell in quotes", after
        elif len(record) < width:
            fix = "a comma or a quote is missing"
        elif not any(record[width:]):
            fix += ", or remove the commas at its end"
        yield FIELD_COUNT.finding(f"{has}: {fix}", line, value=record[0])
