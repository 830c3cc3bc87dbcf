"""The public door: which files belong together, what checks find in them, the typed tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from frtracker.files import PACKED, shipped_folder
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError, Finding
from frtracker.record.read import MAX_BYTES, TextTable, absent, read_file
from frtracker.record.tables import Edition, Tables, assemble, typed

if TYPE_CHECKING:
    from frtracker.record.form import Change

__all__ = ["DataError", "Edition", "Files", "Report", "Tables", "changes", "check", "find", "read"]


@dataclass(frozen=True, slots=True)
class Files:
    """Table name -> path. What is not in ``paths`` is absent.

    ``labels``: how findings name each file. ``borrowed``: tables taken from the shipped record.
    ``shipped``: these are the shipped record.
    """

    paths: Mapping[str, Path]
    labels: Mapping[str, str]
    borrowed: frozenset[str]
    shipped: bool


@dataclass(frozen=True, slots=True)
class Report:
    """``findings``: all of them, by file and line. ``skipped``: what was not checked, and why.
    ``tables`` is None if there is an error, or no policies.csv."""

    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]
    tables: Tables | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")


def find(files: Sequence[Path] = ()) -> Files:
    """The set of tables that the named files belong to; the shipped record if none is named.

    A file called subjects.csv, sources.csv or searches.csv is that companion, any other is the
    policies. Beside a named policies file its companions are looked for; places then come from
    the shipped subjects.csv if there is none. Companions named alone stand alone.

    Raises ``ValueError`` if two files are the same table.
    """
    shipped = {name: shipped_folder() / f"{name}.csv" for name in TABLES}
    named: dict[str, Path] = {}
    for path in files:
        name = path.stem if path.suffix == ".csv" and path.stem in TABLES else "policies"
        if name in named:
            raise ValueError(f"{named[name]} and {path} are both taken for {name}.csv")
        named[name] = path
    if not named:
        return Files(shipped, {name: f"{name}.csv" for name in TABLES}, frozenset(), shipped=True)
    folder = next(iter(named.values())).parent
    if all(_same(path, shipped[name]) for name, path in named.items()):
        labels = {name: str(named.get(name, folder / f"{name}.csv")) for name in TABLES}
        return Files(shipped, labels, frozenset(), shipped=True)
    paths = dict(named)
    if "policies" in named:
        beside = {name: named["policies"].parent / f"{name}.csv" for name in TABLES}
        paths = {name: path for name, path in beside.items() if path.exists()} | named
    borrowed = frozenset[str]()
    if "policies" in named and "subjects" not in paths and shipped["subjects"].exists():
        paths["subjects"], borrowed = shipped["subjects"], frozenset({"subjects"})
    ordered = {name: paths[name] for name in TABLES if name in paths}
    labels = {name: str(path) for name, path in ordered.items()}
    return Files(ordered, labels, borrowed, shipped=False)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def read(policies: Path | None = None, *, max_bytes: int = MAX_BYTES) -> Tables:
    """The typed tables of a policies.csv and its companions; of the shipped record by default.

    The shipped tables of an installed wheel were validated when it was built; all other files are
    at each reading, but for the checks that load outlines, and those on the canonical form.

    Raises :class:`DataError` with the errors if there are any; :func:`check` has the warnings too.
    """
    files = find(() if policies is None else (policies,))
    texts = text_tables(files, max_bytes=max_bytes)
    if files.shipped and shipped_folder() == PACKED and all(it.readable for it in texts.values()):
        frames = {name: typed(name, text.frame) for name, text in texts.items()}
        return assemble(frames, raw=_raw(texts), shipped=True, skipped=())
    report = _judged(files, texts, thorough=False)
    if report.tables is None:
        raise DataError(report.errors)
    return report.tables


def check(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> Report:
    """All findings of a set of files: first files and cells, and if these are valid, all else.

    ``files`` as for :func:`find`; a file of more than ``max_bytes`` is not read (R003); never
    raises on bad data.
    """
    found = find(files)
    return _judged(found, text_tables(found, max_bytes=max_bytes), thorough=True)


def changes(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> tuple[Change, ...]:
    """The changes that bring the files of a set into canonical form, without those borrowed.

    ``files`` and ``max_bytes`` as for :func:`check`. Cells with errors are written as they are;
    raises :class:`DataError` if a file cannot be read as a table at all.
    """
    from frtracker.record import form

    found = find(files)
    own = [
        read_file(name, path, found.labels[name], max_bytes=max_bytes)
        for name, path in found.paths.items()
        if name not in found.borrowed
    ]
    broken = [finding for text in own for finding in text.findings if not text.readable]
    if broken:
        raise DataError(broken)
    return tuple(form.changes(own))


def text_tables(files: Files, *, max_bytes: int = MAX_BYTES) -> dict[str, TextTable]:
    """Every record table as it stands in its file; one that is absent has no rows."""
    return {
        name: read_file(name, files.paths[name], files.labels[name], max_bytes=max_bytes)
        if name in files.paths
        else absent(name, Path(f"{name}.csv"), f"{name}.csv")
        for name in TABLES
    }


def _judged(files: Files, texts: Mapping[str, TextTable], *, thorough: bool) -> Report:
    """Not ``thorough``: without the checks that load outlines, and those on the canonical form."""
    from frtracker.record.check import Record, Rows, check_cells, check_record
    from frtracker.record.checks import CHECKS
    from frtracker.record.form import check_form

    cells = {name: check_cells(text) if text.readable else () for name, text in texts.items()}
    findings = [it for name, text in texts.items() for it in (*text.findings, *cells[name])]
    if any(finding.severity == "error" for finding in findings):
        note = "rules on meaning were not checked: files and cells must be sound first"
        return Report(_sorted(findings, files), (note,))
    if thorough:
        mended = {it.code for it in CHECKS if it.fixed_by_fmt}
        policies = texts["policies"].frame if "policies" in files.paths else None
        for name in files.paths.keys() - files.borrowed:
            reported = any(it.code in mended for it in texts[name].findings + cells[name])
            findings += check_form(texts[name], policies, reported=reported)
    frames = {name: typed(name, text.frame) for name, text in texts.items()}
    record = Record(
        {name: Rows(frame) for name, frame in frames.items()},
        frozenset(files.paths),
        files.borrowed,
    )
    found, notes = check_record(record, CHECKS, texts, shipped=files.shipped, outlines=thorough)
    findings += found
    borrowed = [f"there is no {name}.csv: the shipped one is used" for name in files.borrowed]
    skipped = (*borrowed, *notes)
    report = Report(_sorted(findings, files), skipped)
    if report.errors or "policies" not in files.paths:
        return report
    tables = assemble(frames, raw=_raw(texts), shipped=files.shipped, skipped=skipped)
    return replace(report, tables=tables)


def _raw(texts: Mapping[str, TextTable]) -> dict[str, bytes]:
    return {name: text.raw for name, text in texts.items() if text.raw}


def _sorted(findings: Sequence[Finding], files: Files) -> tuple[Finding, ...]:
    labels = [*files.labels.values()]

    def place(it: Finding) -> tuple[int, int, str, str, str]:
        return labels.index(it.file), it.line, it.code, it.column, it.message

    return tuple(sorted(findings, key=place))
