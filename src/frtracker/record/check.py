"""The record as checks read it, the models of its cells, and the functions that run the checks.
Loads pandera: imported only to validate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from string import Formatter
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrorReason, SchemaErrors

from frtracker.record.cells import ALONE, CAUSES, REQUIRED
from frtracker.record.columns import FILES, Column
from frtracker.record.findings import Check, Finding, Severity, brief
from frtracker.record.read import Files, TextTable
from frtracker.timeline.days import OPEN, RowDays, row_days
from frtracker.vocabulary import BINDING_STATUSES

MAX_LISTED = 1_000

Mask = npt.NDArray[np.bool_]


def _model_of(check: Check, column: Column) -> pa.Check:
    if check is REQUIRED:
        return pa.Check.ne("", name=check.code)
    if check is ALONE:
        return pa.Check(lambda cells: ~cells.duplicated() | (cells == ""), name=check.code)
    if column.kind.name == "word" and check is column.kind.checks[-1]:
        return pa.Check.isin(["", *column.kind.terms], name=check.code)

    # Patterns too are judged here: pandas matches by another engine where pyarrow is installed.
    def obeys(cells: pd.Series) -> pd.Series:
        """True where the cell obeys; each distinct text is judged once."""
        good = {it: not it or check.look(it) is None for it in cells.unique().tolist()}
        return cells.map(good).astype(bool)

    return pa.Check(obeys, name=check.code)


MODELS: Final = {
    table.name: pa.DataFrameSchema(
        {
            column.name: pa.Column(
                "str",
                [_model_of(check, column) for check in column.checks],
                description=column.description,
            )
            for column in table.columns
        },
        name=table.name,
        description=table.description,
        strict=True,
        ordered=True,
    )
    for table in FILES.values()
}
"""Table name -> the pandera model of its text, columns in the order of the file, checks named by
their codes: ``MODELS["policies"].validate(frame, lazy=True)`` judges a table of text."""


def check_cells(text: TextTable) -> list[Finding]:
    """What is wrong with the cells of a table, by its model; nothing if it could not be read."""
    if not text.readable:
        return []
    try:
        MODELS[text.name].validate(text.frame, lazy=True)
    except SchemaErrors as failure:
        errors = failure.schema_errors
    else:
        return []
    columns = {column.name: column for column in FILES[text.name].columns}
    explained: set[tuple[str, int]] = set()
    found: dict[str, list[Finding]] = {}
    for error in errors:
        if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
            raise error  # a check crashed; pandera has put the traceback into the message
        name = error.schema.name
        check = next(check for check in columns[name].checks if check.code == error.check.name)
        for row in error.failure_cases["index"].tolist():
            if (name, row) in explained:
                continue
            if check in CAUSES:
                explained.add((name, row))
            value = str(text.frame[name].iat[row])
            message = check.look(value)
            if check is ALONE:
                first = text.frame[name].tolist().index(value)
                message = f"{message} (first used on line {text.lines[first]})"
            violation = Violation(row, name, value, message)
            found.setdefault(check.code, []).append(_finding(check, text, violation))
    return [finding for same in found.values() for finding in _capped(iter(same))]


class Violation(NamedTuple):
    """One cell that breaks a check, in the row at this position; ``severity`` where it is not the
    usual one of the check."""

    row: int
    column: str
    value: str
    message: str
    severity: Severity | None = None


@dataclass(frozen=True)
class Rows:
    """One typed table (``frame``, RangeIndex), as checks read its rows."""

    frame: pd.DataFrame

    def text(self, row: int, column: str) -> str:
        """The text of one cell, by position."""
        return str(self.frame[column].iat[row])

    def empty(self, column: str) -> Mask:
        """Where the cells of a column are empty: '' or NaN."""
        cells = self.frame[column]
        return (cells.isna() | (cells == "")).to_numpy()

    def has(self, column: str, *words: str) -> Mask:
        """Where the cell of a column is one of ``words``."""
        return self.frame[column].isin(words).to_numpy()

    def lists(self, column: str) -> list[list[str]]:
        """The words of a list in each row; each distinct list is split once."""
        codes, distinct = pd.factorize(self.frame[column])
        lists = [cell.split(";") if cell else [] for cell in distinct.tolist()]
        return [lists[code] for code in codes.tolist()]

    def broken(self, where: Mask, column: str, message: str) -> Iterator[Violation]:
        """One violation for each row of ``where``, with the cell of ``column`` as its value;
        ``message`` is a format with names of columns."""
        names = [name for _, name, _, _ in Formatter().parse(message) if name]
        for row in np.flatnonzero(where).tolist():
            sentence = message.format_map({name: brief(self.text(row, name)) for name in names})
            value = self.frame[column].iat[row]
            yield Violation(row, column, value if isinstance(value, str) else "", sentence)


class Link(NamedTuple):
    """The policy at ``row`` names the id ``word``, that of the policy at ``old``; -1 if there is no
    such policy."""

    row: int
    word: str
    old: int


@dataclass(frozen=True)
class Record:
    """The typed rows of a set whose files and cells are valid, and what several checks need."""

    files: Files
    tables: Mapping[str, Rows]

    @property
    def policies(self) -> Rows:
        return self.tables["policies"]

    @cached_property
    def binding(self) -> Mask:
        """The policies that can be in force: adopted or announced."""
        return self.policies.has("status", *BINDING_STATUSES)

    @cached_property
    def days(self) -> RowDays:
        """Between which days each policy starts, and is known to be decided."""
        return row_days(self.policies.frame, OPEN)

    @cached_property
    def rows_of_ids(self) -> dict[str, int]:
        return {policy_id: row for row, policy_id in enumerate(self.policies.frame["policy_id"])}

    def links(self, column: str) -> list[Link]:
        """The links of a column of policies, a list of ids."""
        lists = enumerate(self.policies.lists(column))
        return [Link(row, it, self.rows_of_ids.get(it, -1)) for row, ids in lists for it in ids]

    @cached_property
    def supersedes(self) -> list[Link]:
        return self.links("supersedes")

    @cached_property
    def successions(self) -> list[Link]:
        """The links of ``supersedes`` between two binding rows of one subject."""
        binding, keys = self.binding.tolist(), self.policies.frame["subject_key"].tolist()
        return [
            it
            for it in self.supersedes
            if it.row != it.old >= 0 and binding[it.row] and binding[it.old]
            if keys[it.row] == keys[it.old]
        ]


def check_record(
    record: Record, checks: Iterable[Check], *, outlines: bool = True
) -> tuple[list[Finding], list[str]]:
    """The findings of the checks on rows and tables, and a sentence for each table that is missing.
    Without ``outlines``, the checks that load these are left out."""
    files = record.files
    own = {text.name: text for text in files.own}
    findings: list[Finding] = []
    lacking: dict[str, list[str]] = {}
    for it in checks:
        if it.table not in own or (it.outlines and not outlines):
            continue
        if it.needs and it.needs not in files.present:
            lacking.setdefault(it.needs, []).append(it.code)
            continue
        usual = it.shipped if files.shipped else it.borrowed if it.needs in files.borrowed else None
        violations = it.look(record, record.tables[it.table])
        findings += _capped(_finding(it, own[it.table], each, usual) for each in violations)
    notes = [
        f"there is no {table}.csv: checks {', '.join(codes)} were skipped"
        for table, codes in sorted(lacking.items())
    ]
    return findings, notes


def _finding(
    check: Check, text: TextTable, violation: Violation, usual: Severity | None = None
) -> Finding:
    row, column, value, message, severity = violation
    named = "policy_id" in text.frame and column != "policy_id"
    return replace(
        check.finding(message, int(text.lines[row]), column, value, text.label),
        policy_id=str(text.frame["policy_id"].iat[row]) if named else "",
        severity=severity or usual or check.severity,
    )


def _capped(findings: Iterator[Finding]) -> list[Finding]:
    """The first :data:`MAX_LISTED` findings of one check; one more counts the others."""
    listed = list(islice(findings, MAX_LISTED))
    if first_left_out := next(findings, None):
        number = 1 + sum(1 for _ in findings)
        message = f"{number:,} more findings of this check begin here; they are not listed"
        whole = replace(first_left_out, policy_id="", column="", value="")
        listed.append(replace(whole, message=message, more=number))
    return listed
