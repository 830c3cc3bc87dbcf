"""Files -> text tables -> findings, or the typed tables. The only reader of the CSV files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from frtracker import fingerprint, schema
from frtracker.findings import DataError, Finding
from frtracker.schema.file_rules import MAX_BYTES
from frtracker.schema.names import TABLES
from frtracker.schema.order import canonical_order
from frtracker.table import reading, typed
from frtracker.table.locating import Files, find, shipped_folder
from frtracker.table.reading import TextFile

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


@dataclass(frozen=True, slots=True)
class Edition:
    """Which state of the data this is.

    ``policies``: number of rows; ``reviewed_through``: the latest ``reviewed_on`` ('' if there is
    no row); ``sha256``: of the bytes of policies.csv.
    """

    policies: int
    reviewed_through: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Tables:
    """The typed tables, free of errors.

    Frames have a RangeIndex, text columns dtype str ('' when empty). ``policies``: the columns of
    :class:`schema.TypedPolicies`, then the derived ones. Rows are in canonical order. ``subjects``:
    :class:`schema.TypedSubjects`, with every subject of ``policies`` in it (one that a borrowed
    subjects.csv lacks is added without place facts). ``sources``, ``searches``: as in the files,
    empty where absent. ``skipped``: rules not checked, and why.
    """

    policies: pd.DataFrame
    subjects: pd.DataFrame
    sources: pd.DataFrame
    searches: pd.DataFrame
    skipped: tuple[str, ...]
    shipped: bool
    edition: Edition


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

    Raises :class:`DataError` with all findings if any of them is an error.
    """
    files = () if policies is None else (policies,)
    found = find(files)
    name = _fingerprint(found, max_bytes)
    notes = _known(found, name, memory)
    if notes is not None:
        return _trusted(found, notes, max_bytes)
    report = check(files, max_bytes=max_bytes)
    if report.tables is None:
        raise DataError(report.findings)
    if name:
        fingerprint.remember(memory, name, report.skipped)
    return report.tables


def _fingerprint(files: Files, max_bytes: int) -> str:
    """'' for files that cannot be read, or are too large to be: checking them will say so."""
    try:
        if any(path.stat().st_size > max_bytes for path in files.paths.values()):
            return ""
        return fingerprint.of_files(
            (f"{name}{' borrowed' * (name in files.borrowed)}{' shipped' * files.shipped}", path)
            for name, path in files.paths.items()
        )
    except (OSError, ValueError):
        return ""


def _known(files: Files, name: str, memory: Path | None) -> tuple[str, ...] | None:
    if not name:
        return None
    if files.shipped:
        notes = fingerprint.recall(shipped_folder() / "validated", name)
        if notes is not None:
            return notes
    return fingerprint.recall(memory, name)


def _trusted(files: Files, notes: tuple[str, ...], max_bytes: int) -> Tables:
    texts = {name: _read_text(name, files, max_bytes) for name in TABLES}
    policies = typed.policies(texts["policies"].frame)
    tables = Tables(
        policies=policies,
        subjects=_complete(typed.subjects(texts["subjects"].frame), policies),
        sources=texts["sources"].frame,
        searches=texts["searches"].frame,
        skipped=notes,
        shipped=files.shipped,
        edition=_edition(policies, texts["policies"].raw),
    )
    return _in_order(tables)


def texts(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> tuple[TextFile, ...]:
    """The files of a set as they stand, without those borrowed; never raises on bad data.

    ``files`` as for :func:`frtracker.table.locating.find`.
    """
    found = find(files)
    own = (name for name in found.paths if name not in found.borrowed)
    return tuple(_read_text(name, found, max_bytes) for name in own)


def check(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> Report:
    """All findings of a set of files: first files and cells, and if these are sound, meaning.

    ``files`` as for :func:`frtracker.table.locating.find`; a file of more than ``max_bytes`` is
    not read (R003); never raises on bad data.
    """
    found = find(files)
    texts = {name: _read_text(name, found, max_bytes) for name in TABLES}
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
    return replace(report, tables=_tables(draft, texts["policies"].raw, report))


def _read_text(name: str, files: Files, max_bytes: int) -> TextFile:
    columns = schema.column_names(name)
    if name in files.paths:
        path, label = files.paths[name], files.labels[name]
        return reading.read_file(name, path, label, columns, max_bytes=max_bytes)
    return reading.absent(name, columns)


def _form(
    texts: Mapping[str, TextFile], files: Files, findings: Sequence[Finding]
) -> Iterator[Finding]:
    from frtracker.table.form_check import check_form

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


def _tables(draft: schema.Draft, raw: bytes, report: Report) -> Tables:
    tables = Tables(
        policies=draft.policies,
        subjects=_complete(draft.subjects, draft.policies),
        sources=draft.sources,
        searches=draft.searches,
        skipped=report.skipped,
        shipped=report.files.shipped,
        edition=_edition(draft.policies, raw),
    )
    return _in_order(tables)


def _in_order(tables: Tables) -> Tables:
    """No output depends on the order in which a file has its rows."""
    return replace(
        tables,
        policies=_ordered("policies", tables.policies, tables.policies),
        subjects=_ordered("subjects", tables.subjects, tables.policies),
        sources=_ordered("sources", tables.sources, tables.policies),
        searches=_ordered("searches", tables.searches, tables.policies),
    )


def _ordered(name: str, frame: pd.DataFrame, policies: pd.DataFrame) -> pd.DataFrame:
    order = canonical_order(name, frame, policies)
    if (order[:-1] < order[1:]).all():
        return frame
    return frame.iloc[order].reset_index(drop=True)


def _complete(subjects: pd.DataFrame, policies: pd.DataFrame) -> pd.DataFrame:
    lacking = policies.loc[~policies["subject_key"].isin(subjects["subject_key"])]
    if lacking.empty:
        return subjects
    lacking = lacking.drop_duplicates("subject_key")
    added = lacking.reindex(columns=subjects.columns)
    text = ["within", "geoid", "aliases"]
    added[text] = ""
    return pd.concat([subjects, added.astype(subjects.dtypes)], ignore_index=True)


def _edition(policies: pd.DataFrame, raw: bytes) -> Edition:
    latest = ""
    if len(policies):
        latest = str(policies["reviewed_on"].iat[int(policies["reviewed_on_high"].argmax())])
    return Edition(len(policies), latest, hashlib.sha256(raw).hexdigest())
