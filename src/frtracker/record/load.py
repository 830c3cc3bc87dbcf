"""The public door: which files belong together, what checks find in them, the typed tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frtracker.files import PACKED, shipped_folder
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError, Finding, SameTable
from frtracker.record.read import MAX_BYTES, Files, absent, read_file
from frtracker.record.tables import Edition, Tables, assemble, typed

if TYPE_CHECKING:
    from frtracker.record.form import Change

__all__ = ["DataError", "Edition", "Report", "Tables", "changes", "check", "find", "read"]


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


def find(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> Files:
    """The set of tables that the named files belong to; the shipped record if none is named.

    A file called subjects.csv, sources.csv or searches.csv is that companion, any other is the
    policies. Beside a named policies file its companions are looked for; places then come from
    the shipped subjects.csv if there is none. Companions named alone stand alone. A file of more
    than ``max_bytes`` is not read (R003).

    Raises :class:`SameTable`.
    """
    shipped = {name: shipped_folder() / f"{name}.csv" for name in TABLES}
    named: dict[str, Path] = {}
    for path in files:
        name = path.stem if path.suffix == ".csv" and path.stem in TABLES else "policies"
        if name in named:
            raise SameTable(f"{named[name]} and {path} are both taken for {name}.csv")
        named[name] = path
    folder = named.get("policies", next(iter(named.values()), Path("policies.csv"))).parent
    beside = {name: folder / f"{name}.csv" for name in TABLES}
    try:
        is_shipped = all(path.samefile(shipped[name]) for name, path in named.items())
    except (OSError, ValueError):
        is_shipped = False
    borrowed = frozenset[str]()
    if "policies" in named and not is_shipped:
        named = {name: path for name, path in beside.items() if path.exists()} | named
        if "subjects" not in named and shipped["subjects"].exists():
            named["subjects"], borrowed = shipped["subjects"], frozenset({"subjects"})
    paths, labels = shipped if is_shipped else named, beside | named
    texts = {name: absent(name) for name in TABLES} | {
        name: read_file(name, path, str(labels[name]), max_bytes=max_bytes)
        for name, path in paths.items()
    }
    return Files(texts, frozenset(paths), borrowed, is_shipped)


def read(policies: Path | None = None, *, max_bytes: int = MAX_BYTES) -> Tables:
    """The typed tables of a policies.csv and its companions; of the shipped record by default.

    The shipped tables of an installed wheel were validated when it was built; all other files are
    at each reading, but for the checks that load outlines, and those on the canonical form.

    Raises :class:`DataError` with the errors if there are any; :func:`check` has the warnings too.
    """
    files = find(() if policies is None else (policies,), max_bytes=max_bytes)
    texts = files.texts
    if files.shipped and shipped_folder() == PACKED and all(it.readable for it in texts.values()):
        frames = {name: typed(name, text.frame) for name, text in texts.items()}
        return assemble(frames, files, ())
    report = _judged(files, thorough=False)
    if report.tables is None:
        raise DataError(report.errors)
    return report.tables


def check(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> Report:
    """All findings of a set of files (as for :func:`find`): first files and cells, and if these
    are valid, all else. Never raises on bad data."""
    return _judged(find(files, max_bytes=max_bytes), thorough=True)


def changes(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> tuple[Change, ...]:
    """The changes that bring the files of a set (as for :func:`find`) into canonical form, without
    those borrowed. Cells with errors are written as they are.

    Raises :class:`DataError` if a file cannot be read as a table at all.
    """
    from frtracker.record.form import Change, canonical_text

    own = find(files, max_bytes=max_bytes).own
    if broken := [finding for text in own for finding in text.findings if not text.readable]:
        raise DataError(broken)
    policies = next((text.frame for text in own if text.name == "policies"), None)
    changes = (
        Change(it.path, it.raw.decode("utf-8"), canonical_text(it.name, it.frame, policies))
        for it in own
    )
    return tuple(change for change in changes if change.before != change.text)


def _judged(files: Files, *, thorough: bool) -> Report:
    """Not ``thorough``: without the checks that load outlines, and those on the canonical form."""
    from frtracker.record.check import Record, Rows, check_cells, check_record
    from frtracker.record.checks import CHECKS
    from frtracker.record.form import check_form

    findings = [it for text in files.texts.values() for it in (*text.findings, *check_cells(text))]
    skipped = ["rules on meaning were not checked: files and cells must be sound first"]
    tables = None
    if all(finding.severity == "warning" for finding in findings):
        frames = {name: typed(name, text.frame) for name, text in files.texts.items()}
        record = Record(files, {name: Rows(frame) for name, frame in frames.items()})
        broken, notes = check_record(record, CHECKS, outlines=thorough)
        skipped = [f"there is no {name}.csv: the shipped one is used" for name in files.borrowed]
        skipped += notes
        if thorough:
            fixed = {check.code for check in CHECKS if check.fixed_by_fmt}
            mentioned = {it.file for it in findings if it.code in fixed}
            policies = files.texts["policies"].frame if "policies" in files.present else None
            for text in files.own:
                findings += check_form(text, policies, reported=text.label in mentioned)
        findings += broken
        if "policies" in files.present and all(it.severity == "warning" for it in findings):
            tables = assemble(frames, files, tuple(skipped))
    labels = [text.label for text in files.texts.values()]
    findings.sort(key=lambda it: (labels.index(it.file), it.line, it.code, it.column, it.message))
    return Report(tuple(findings), tuple(skipped), tables)
