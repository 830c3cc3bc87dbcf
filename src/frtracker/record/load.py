"""Files -> text tables -> findings, or the typed tables. The only reader of the CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from frtracker import fingerprint
from frtracker.record import reading, schema, typed
from frtracker.record.content import Content, content_of
from frtracker.record.findings import DataError, Finding
from frtracker.record.locating import Files, find, shipped_folder
from frtracker.record.reading import TextFile
from frtracker.record.schema.file_rules import MAX_BYTES
from frtracker.record.schema.names import TABLES
from frtracker.record.tables import COMPANIONS, Edition, Tables, assembled

__all__ = [
    "Edition",
    "Report",
    "Tables",
    "TextFile",
    "check",
    "find",
    "read",
    "shipped_folder",
    "texts",
]


Contents: TypeAlias = Mapping[str, Content]
"""The bytes of each file of a set, by table name."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found in ``files``; ``tables`` is None if there is an error."""

    files: Files
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]
    tables: Tables | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")


def read(
    policies: Path | None = None, *, max_bytes: int = MAX_BYTES, memory: Path | None = None
) -> Tables:
    """The typed tables of a policies.csv and its companions; of the shipped data by default.

    Tables that these very rules found free of errors before are not checked again: the wheel
    carries the fingerprint of its own, and ``memory`` (a folder) keeps those of others. Warnings
    are told by :func:`check` alone.

    Raises :class:`DataError` with the errors if there are any; :func:`check` has the warnings too.
    """
    found = find(() if policies is None else (policies,))
    contents = _contents(found, max_bytes)
    name = _fingerprint(found, contents)
    notes = _known(found, name, memory)
    trusted = None if notes is None else _trusted(found, contents, notes)
    if trusted is not None:
        return trusted
    report = _checked(found, contents)
    if report.tables is None:
        raise DataError(report.errors)
    fingerprint.remember(memory, name, report.skipped)
    return report.tables


def _fingerprint(found: Files, contents: Contents) -> str:
    """'' where a file cannot be read: checking will say so."""
    raws = {name: content for name, content in contents.items() if isinstance(content, bytes)}
    if len(raws) < len(contents):
        return ""
    return fingerprint.of_tables(
        (f"{name}{' borrowed' * (name in found.borrowed)}{' shipped' * found.shipped}", raw)
        for name, raw in raws.items()
    )


def _known(found: Files, name: str, memory: Path | None) -> tuple[str, ...] | None:
    if not name:
        return None
    if found.shipped:
        notes = fingerprint.recall(shipped_folder() / "validated", name)
        if notes is not None:
            return notes
    return fingerprint.recall(memory, name)


def _trusted(found: Files, contents: Contents, notes: tuple[str, ...]) -> Tables | None:
    """Tables that were found valid before; None where a memory says so of what cannot be read."""
    waiting = {name: contents[name] for name in COMPANIONS if name in contents}
    with suppress(DataError, ValueError):
        policies = _sound("policies", found, contents)
        return assembled(
            typed.policies(policies.frame),
            typed.subjects(_sound("subjects", found, contents).frame),
            lambda name: _sound(name, found, waiting).frame,
            raw=policies.raw,
            shipped=found.shipped,
            skipped=notes,
        )
    return None


def _sound(name: str, found: Files, contents: Contents) -> TextFile:
    text = _parsed(name, found, contents)
    if not text.sound:
        raise DataError(text.findings)
    return text


def texts(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> tuple[TextFile, ...]:
    """The files of a set as they stand, without those borrowed; never raises on bad data.

    ``files`` as for :func:`frtracker.record.locating.find`.
    """
    found = find(files)
    own = {name: path for name, path in found.paths.items() if name not in found.borrowed}
    contents = _contents(replace(found, paths=own), max_bytes)
    return tuple(_parsed(name, found, contents) for name in own)


def check(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> Report:
    """All findings of a set of files: first files and cells, and if these are sound, meaning.

    ``files`` as for :func:`frtracker.record.locating.find`; a file of more than ``max_bytes`` is
    not read (R003); never raises on bad data.
    """
    found = find(files)
    return _checked(found, _contents(found, max_bytes))


def _checked(found: Files, contents: Contents) -> Report:
    texts = {name: _parsed(name, found, contents) for name in TABLES}
    places = {name: schema.Place(text.label, text.lines) for name, text in texts.items()}
    findings = [finding for text in texts.values() for finding in text.findings]
    for name, text in texts.items():
        if text.sound:
            findings += schema.check_cells(name, text.frame, places[name])
    if any(finding.severity == "error" for finding in findings):
        note = "rules on meaning were not checked: files and cells must be sound first"
        return Report(found, _sorted(findings, found), (note,), None)
    findings += _form(texts, found, findings)
    draft = _draft(texts, found)
    meaning, passed_over = schema.check_meaning(draft, places, shipped=found.shipped)
    findings += meaning
    notes = [f"there is no {name}.csv: the shipped one is used" for name in found.borrowed]
    report = Report(found, _sorted(findings, found), (*notes, *passed_over), None)
    if "policies" not in found.paths or report.errors:
        return report
    tables = assembled(
        draft.policies,
        draft.subjects,
        {name: draft.table(name) for name in COMPANIONS}.__getitem__,
        raw=texts["policies"].raw,
        shipped=found.shipped,
        skipped=report.skipped,
    )
    return replace(report, tables=tables)


def _contents(found: Files, max_bytes: int) -> Contents:
    """Each file is read once: what is checked, remembered and told are the same bytes."""
    return {
        name: content_of(path, found.labels[name], max_bytes=max_bytes)
        for name, path in found.paths.items()
    }


def _parsed(name: str, found: Files, contents: Contents) -> TextFile:
    columns = schema.column_names(name)
    if name not in found.paths:
        return reading.absent(name, columns)
    return reading.parsed(name, found.paths[name], found.labels[name], columns, contents[name])


def _form(
    texts: Mapping[str, TextFile], files: Files, findings: Sequence[Finding]
) -> Iterator[Finding]:
    from frtracker.record.form_check import check_form

    cured = {rule.code for rule in schema.RULES if rule.cured_by_fmt}
    policies = texts["policies"].frame if "policies" in files.paths else None
    for name in files.paths:
        if name not in files.borrowed:
            label = texts[name].label
            told = any(item.file == label and item.code in cured for item in findings)
            yield from check_form(texts[name], policies, told=told)


def _draft(texts: Mapping[str, TextFile], files: Files) -> schema.Draft:
    return schema.Draft(
        policies=typed.policies(texts["policies"].frame),
        subjects=typed.subjects(texts["subjects"].frame),
        sources=texts["sources"].frame,
        searches=texts["searches"].frame,
        present=frozenset(files.paths),
        borrowed=files.borrowed,
    )


def _sorted(findings: Sequence[Finding], files: Files) -> tuple[Finding, ...]:
    order = {label: position for position, label in enumerate(files.labels.values())}

    def place(finding: Finding) -> tuple[int, int, str, str, str]:
        return (order[finding.file], finding.line, finding.code, finding.column, finding.message)

    return tuple(sorted(findings, key=place))
