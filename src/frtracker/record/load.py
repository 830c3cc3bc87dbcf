"""The interface of the record: which files belong together, their findings, the typed tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from frtracker.files import PACKED, shipped_folder
from frtracker.record.columns import FILES, TABLES, Table
from frtracker.record.findings import DataError, Finding, SameTable
from frtracker.record.read import ENDED, MAX_BYTES, Files, TextTable, absent, read_file
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


def find(
    files: Sequence[Path] = (),
    *,
    max_bytes: int = MAX_BYTES,
    tables: Mapping[str, Table] = FILES,
) -> Files:
    """The set of ``tables`` that the named files belong to; the shipped record if none is named.

    A file called subjects.csv, sources.csv and so on is that companion, any other is the policies,
    whose companions are looked for in the same folder; places then come from the shipped
    subjects.csv if there is none. Of companions without policies only accepted.csv is looked for.
    Raises :class:`SameTable`.
    """
    shipped = {name: shipped_folder() / f"{name}.csv" for name in tables}
    named: dict[str, Path] = {}
    for path in files:
        name = path.stem if path.suffix == ".csv" and path.stem in tables else "policies"
        if name in named:
            raise SameTable(f"{named[name]} and {path} are both taken for {name}.csv")
        named[name] = path
    folder = named.get("policies", next(iter(named.values()), Path("policies.csv"))).parent
    beside = {name: folder / f"{name}.csv" for name in tables}
    try:
        is_shipped = all(path.samefile(shipped[name]) for name, path in named.items())
    except (OSError, ValueError):
        is_shipped = False
    borrowed = frozenset[str]()
    if is_shipped:
        paths = {name: it for name, it in shipped.items() if name in TABLES or it.exists()} | named
    else:
        alone = "policies" not in named
        companions = (it for it in beside if it not in TABLES or not alone)
        paths = {name: beside[name] for name in companions if beside[name].exists()} | named
        if not alone and "subjects" not in paths and shipped["subjects"].exists():
            paths["subjects"], borrowed = shipped["subjects"], frozenset({"subjects"})
    labels = beside | named | {name: paths[name] for name in borrowed}
    texts = {name: absent(name) for name in tables} | {
        name: read_file(name, path, str(labels[name]), max_bytes=max_bytes)
        for name, path in paths.items()
    }
    return Files(texts, frozenset(paths), borrowed, is_shipped)


def read(policies: Path | None = None, *, max_bytes: int = MAX_BYTES) -> Tables:
    """The typed tables of a policies.csv and its companions; of the shipped record by default. The
    shipped tables of an installed wheel were validated when it was built; all other files are at
    each reading, but for the checks on outlines and on the canonical form. Raises
    :class:`DataError` with the errors if there are any; :func:`check` has the warnings too."""
    files = find(() if policies is None else (policies,), max_bytes=max_bytes, tables=TABLES)
    texts = files.texts
    if files.shipped and shipped_folder() == PACKED and all(it.readable for it in texts.values()):
        frames = {name: typed(name, text.frame) for name, text in texts.items()}
        return assemble(frames, files, ())
    report = _judged(files, thorough=False)
    if report.tables is None:
        raise DataError(report.errors)
    return report.tables


def check(
    files: Sequence[Path] = (), *, day: date = date.max, max_bytes: int = MAX_BYTES
) -> Report:
    """All findings of a set of files (as for :func:`find`): first files and cells, and if these
    are valid, all else. ``day``: that of the run; no review or search can be later. Never raises
    on bad data."""
    return check_files(find(files, max_bytes=max_bytes), day=day)


def check_files(files: Files, *, day: date = date.max) -> Report:
    """All findings of a set that has been read."""
    return _judged(files, thorough=True, day=day)


def changes(files: Sequence[Path], *, max_bytes: int = MAX_BYTES) -> tuple[Change, ...]:
    """The changes that bring these files, and no others, into canonical form. Sources are put into
    the order of the policies.csv of their folder. Raises :class:`DataError` with every error of
    files and cells that the canonical form does not fix."""
    from frtracker.record.check import check_cells
    from frtracker.record.form import Change, canonical_cells, canonical_text

    texts = {text.name: text for text in find(files, max_bytes=max_bytes).own}
    beside = files[0].with_name("policies.csv")
    if "policies" not in texts and beside.is_file():
        texts["policies"] = read_file("policies", beside, str(beside), max_bytes=max_bytes)
    own = [text for text in texts.values() if text.path in files]
    ordered_by = {"policies"} if any(text.name == "sources" for text in own) else {*()}
    errors: list[Finding] = []
    for text in texts.values():
        if text in own or text.name in ordered_by:
            errors += (it for it in text.findings if it.severity == "error")
            right = replace(text, frame=canonical_cells(text.name, text.frame))
            errors += (it for it in check_cells(right) if it.severity == "error")
    if errors:
        raise DataError(_in_order(errors, texts))
    policies = texts["policies"].frame if "policies" in texts else None
    changes = (
        Change(
            it.path,
            it.raw.decode("utf-8"),
            canonical_text(it.name, it.frame, policies),
            tuple(found for found in it.findings if found.code == ENDED.code),
        )
        for it in own
    )
    return tuple(change for change in changes if change.before != change.text)


def _judged(files: Files, *, thorough: bool, day: date = date.max) -> Report:
    """Not ``thorough``: without the checks on outlines, on the canonical form and on what was
    accepted."""
    from frtracker.record.accepted import accept
    from frtracker.record.check import Record, Rows, check_cells, check_record
    from frtracker.record.checks import CHECKS
    from frtracker.record.form import check_form

    findings = [it for text in files.texts.values() for it in (*text.findings, *check_cells(text))]
    skipped = ["logic checks were skipped: fix the format errors first"]
    tables = None
    complete = all(finding.severity == "warning" for finding in findings)
    if complete:
        frames = {name: typed(name, text.frame) for name, text in files.texts.items()}
        rows = {name: Rows(frame) for name, frame in frames.items()}
        record = Record(files, rows, day)
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
    if thorough and "accepted" in files.present:
        findings = [*accept(files, findings, CHECKS, complete=complete)]
    return Report(_in_order(findings, files.texts), tuple(skipped), tables)


def _in_order(findings: Iterable[Finding], texts: Mapping[str, TextTable]) -> tuple[Finding, ...]:
    files = [text.label for text in texts.values()]
    key = attrgetter("line", "code", "column", "message")
    return tuple(sorted(findings, key=lambda it: (files.index(it.file), *key(it))))
