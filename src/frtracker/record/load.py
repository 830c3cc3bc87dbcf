"""The public door: which files belong together, what checks find in them, the typed tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from frtracker.files import PACKED, shipped_folder
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError, Finding
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


class SameTable(ValueError):
    """Two files are the same table."""


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
    is_shipped = all(_same(path, shipped[name]) for name, path in named.items())
    borrowed = frozenset[str]()
    if is_shipped:
        paths, labels = shipped, beside | named
    else:
        if "policies" in named:
            named = {name: path for name, path in beside.items() if path.exists()} | named
            if "subjects" not in named and shipped["subjects"].exists():
                named["subjects"], borrowed = shipped["subjects"], frozenset({"subjects"})
        paths = labels = named
    texts = {
        name: read_file(name, paths[name], str(labels[name]), max_bytes=max_bytes)
        if name in paths
        else absent(name)
        for name in TABLES
    }
    return Files(texts, frozenset(paths), borrowed, is_shipped)


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
    from frtracker.record import form

    own = find(files, max_bytes=max_bytes).own
    broken = [finding for text in own for finding in text.findings if not text.readable]
    if broken:
        raise DataError(broken)
    return tuple(form.changes(own))


def _judged(files: Files, *, thorough: bool) -> Report:
    """Not ``thorough``: without the checks that load outlines, and those on the canonical form."""
    from frtracker.record.check import Record, Rows, check_cells, check_record
    from frtracker.record.checks import CHECKS
    from frtracker.record.form import check_form

    labels = [text.label for text in files.texts.values()]

    def place(it: Finding) -> tuple[int, int, str, str, str]:
        return labels.index(it.file), it.line, it.code, it.column, it.message

    found = {
        name: [*text.findings, *(check_cells(text) if text.readable else ())]
        for name, text in files.texts.items()
    }
    findings = [finding for of_one_file in found.values() for finding in of_one_file]
    if any(finding.severity == "error" for finding in findings):
        note = "rules on meaning were not checked: files and cells must be sound first"
        return Report(tuple(sorted(findings, key=place)), (note,))
    if thorough:
        fixed = {check.code for check in CHECKS if check.fixed_by_fmt}
        policies = files.texts["policies"].frame if "policies" in files.present else None
        for text in files.own:
            reported = any(finding.code in fixed for finding in found[text.name])
            findings += check_form(text, policies, reported=reported)
    frames = {name: typed(name, text.frame) for name, text in files.texts.items()}
    record = Record(files, {name: Rows(frame) for name, frame in frames.items()})
    broken, notes = check_record(record, CHECKS, outlines=thorough)
    borrowed = [f"there is no {name}.csv: the shipped one is used" for name in files.borrowed]
    report = Report(tuple(sorted([*findings, *broken], key=place)), (*borrowed, *notes))
    if report.errors or "policies" not in files.present:
        return report
    return replace(report, tables=assemble(frames, files, report.skipped))
