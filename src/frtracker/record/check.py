"""The record as checks read it, the models of its cells, and the functions that run the checks.
Loads pandera: imported only to validate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from frtracker.record.findings import Check, Finding, Severity, brief, plural
from frtracker.record.read import Files, TextTable
from frtracker.record.tables import bounds
from frtracker.timeline.days import OPEN, RowDays, row_days
from frtracker.vocabulary import BINDING_STATUSES

MAX_LISTED = 1_000

Mask = npt.NDArray[np.bool_]


def _model_of(column: Column) -> list[pa.Check]:
    """The checks of a column as one, named by their codes: pandera takes as long for each as these
    for thousands of cells. Each distinct text is judged once. (Patterns too are judged here: pandas
    matches by another engine where pyarrow is installed.)"""
    looks = [check.look for check in column.checks if check not in (REQUIRED, ALONE)]

    def obeys(cells: pd.Series) -> pd.Series:
        good = {it: not any(look(it) for look in looks) for it in cells.unique().tolist()}
        good[""] = not column.required
        obeyed = cells.map(good).astype(bool)
        return obeyed & (~cells.duplicated() | (cells == "")) if column.unique else obeyed

    codes = [check.code for check in column.checks]
    return [pa.Check(obeys, name=" ".join(codes))] if codes else []


MODELS: Final = {
    table.name: pa.DataFrameSchema(
        {
            column.name: pa.Column(
                "str",
                _model_of(column),
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
"""Table name -> the pandera model of its text, columns in the order of the file:
``MODELS["policies"].validate(frame, lazy=True)`` judges a table of text."""


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
    found: dict[str, list[Finding]] = {}
    for error in errors:
        if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
            raise error  # a check crashed; pandera has put the traceback into the message
        column = columns[error.schema.name]
        cells = text.frame[column.name].tolist()
        for row in error.failure_cases["index"].tolist():
            for check, message in _broken(column, cells, row):
                if check is ALONE:
                    message += f" (first used on line {text.lines[cells.index(cells[row])]})"
                violation = Violation(row, column.name, cells[row], message)
                found.setdefault(check.code, []).append(_finding(check, text, violation))
    return [finding for same in found.values() for finding in _capped(iter(same))]


def _broken(column: Column, cells: Sequence[str], row: int) -> Iterator[tuple[Check, str]]:
    """The checks that a cell breaks, with what they say; none that follows from another."""
    value = cells[row]
    for check in column.checks:
        if (check is REQUIRED) is bool(value) or (check is ALONE and cells.index(value) == row):
            continue
        if message := check.look(value):
            yield check, message
            if check in CAUSES:
                return


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
    """The typed rows of a set whose files and cells are valid, and what several checks need.
    ``day``: that of the run; without it nothing is in the future."""

    files: Files
    tables: Mapping[str, Rows]
    day: date = date.max

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


def done_by_now(record: Record, rows: Rows, column: str) -> Iterator[Violation]:
    """Where the day of a review, a search, … is after that of the run; not one day after it, for
    it may be tomorrow where the person is."""
    later = bounds(rows.frame[column])[0] > record.day.toordinal() + 1
    message = f"{{{column}}} is after today, {record.day}: is the year right?"
    return rows.broken(later, column, message)


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
        message = f"{plural(number, 'more finding')} of this check from here on, not listed"
        whole = replace(first_left_out, policy_id="", column="", value="")
        listed.append(replace(whole, message=message, more=number))
    return listed
