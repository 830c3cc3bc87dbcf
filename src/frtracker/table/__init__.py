"""Files -> text tables -> findings, or the typed tables. The only reader of the CSV files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from frtracker import schema
from frtracker.findings import DataError, Finding
from frtracker.table import reading, typed
from frtracker.table.form_check import check_form
from frtracker.table.locating import TABLES, Files, find, shipped_folder
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
    :class:`schema.TypedPolicies`, in the file's order, then the derived ones. ``subjects``:
    :class:`schema.TypedSubjects`, with every subject of ``policies`` in it (one that a borrowed
    subjects.csv lacks is added without place facts). ``sources``, ``searches``: as in the files,
    empty where absent. ``findings``: warnings. ``skipped``: rules not checked, and why.
    """

    policies: pd.DataFrame
    subjects: pd.DataFrame
    sources: pd.DataFrame
    searches: pd.DataFrame
    findings: tuple[Finding, ...]
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


def read(policies: Path | None = None) -> Tables:
    """The typed tables of a policies.csv and its companions; of the shipped data by default.

    Raises :class:`DataError` with all findings if any of them is an error.
    """
    report = check(() if policies is None else (policies,))
    if report.tables is None:
        raise DataError(report.findings)
    return report.tables


def texts(files: Sequence[Path] = ()) -> tuple[TextFile, ...]:
    """The files of a set as they stand, without those borrowed; never raises on bad data.

    ``files`` as for :func:`frtracker.table.locating.find`.
    """
    found = find(files)
    return tuple(_read_text(name, found) for name in found.paths if name not in found.borrowed)


def check(files: Sequence[Path] = ()) -> Report:
    """All findings of a set of files: first files and cells, and if these are sound, meaning.

    ``files`` as for :func:`frtracker.table.locating.find`; never raises on bad data.
    """
    found = find(files)
    texts = {name: _read_text(name, found) for name in TABLES}
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


def _read_text(name: str, files: Files) -> TextFile:
    columns = schema.column_names(name)
    if name in files.paths:
        return reading.read_file(name, files.paths[name], files.labels[name], columns)
    return reading.absent(name, columns)


def _form(
    texts: Mapping[str, TextFile], files: Files, findings: Sequence[Finding]
) -> Iterator[Finding]:
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
    return Tables(
        policies=draft.policies,
        subjects=_complete(draft.subjects, draft.policies),
        sources=draft.sources,
        searches=draft.searches,
        findings=report.findings,
        skipped=report.skipped,
        shipped=report.files.shipped,
        edition=_edition(draft.policies, raw),
    )


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
