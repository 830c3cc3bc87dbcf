"""Rules applied: tables in, findings out. A crash inside a rule is a bug and goes through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.errors import SchemaErrorReason, SchemaErrors

from frtracker.record.findings import Finding, brief
from frtracker.record.schema.models import MODELS
from frtracker.record.schema.rule import Draft, Rule

MOST = 1_000
"""Findings of one rule in one file that are told one by one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a table stand: the file's name, the line of each row (int64)."""

    file: str
    lines: npt.NDArray[np.int64]


def check_cells(
    name: str, frame: pd.DataFrame, place: Place, rules: Sequence[Rule]
) -> list[Finding]:
    """Types and vocabularies: what the model of the table says about its text cells."""
    known = {rule.code: rule for rule in rules}
    schema = MODELS[name].to_schema()
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as failure:
        errors = failure.schema_errors
    else:
        return []
    found = []
    for error in errors:
        if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
            raise error  # a check crashed; pandera has put the traceback into the message
        rule, column = known[error.check.name], error.schema.name
        problem = schema.columns[column].metadata["problems"][rule.code]
        for row in error.failure_cases["index"]:
            value = frame[column].iat[row]
            message = problem(value)
            found.append(_finding(rule, frame, place, int(row), column, value, message))
    return capped(found)


def _finding(
    rule: Rule, frame: pd.DataFrame, place: Place, row: int, column: str, value: str, message: str
) -> Finding:
    policy_id = str(frame["policy_id"].iat[row]) if "policy_id" in frame else ""
    return rule.finding(
        message,
        file=place.file,
        line=int(place.lines[row]),
        policy_id=policy_id if column != "policy_id" else "",
        column=column,
        value=brief(value),
    )


def check_meaning(
    draft: Draft, places: Mapping[str, Place], rules: Sequence[Rule], *, shipped: bool
) -> tuple[list[Finding], list[str]]:
    """The rules on rows and tables -> findings, and a sentence for each table that is missing."""
    found: list[Finding] = []
    missing: dict[str, list[str]] = {}
    for rule in rules:
        if rule.check is None or rule.table not in draft.present - draft.borrowed:
            continue
        if absent := sorted(rule.needs - draft.present):
            missing.setdefault(absent[0], []).append(rule.code)
            continue
        severity = rule.severity_for(shipped=shipped, borrowed=bool(rule.needs & draft.borrowed))
        frame, place = draft.table(rule.table), places[rule.table]
        found += capped(
            replace(
                _finding(rule, frame, place, hit.row, hit.column, hit.value, hit.message),
                severity=hit.severity or severity,
            )
            for hit in rule.check(draft)
        )
    skipped = [
        f"there is no {table}.csv: rules {', '.join(codes)} were not checked"
        for table, codes in sorted(missing.items())
    ]
    return found, skipped


def capped(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, of each rule the first :data:`MOST`; one more says how many there are."""
    return list(_capped(findings))


def _capped(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    first_untold: dict[str, Finding] = {}
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= MOST:
            yield finding
        else:
            first_untold.setdefault(finding.code, finding)
    for code, finding in first_untold.items():
        message = f"here begin {seen[code] - MOST:,} more findings of this rule, not told"
        yield replace(finding, policy_id="", column="", value="", message=message)
