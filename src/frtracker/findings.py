"""One finding: what is wrong, where, and what would be right.

A finding prints as one line that editors and people can follow::

    policies.csv:37 us-wa-… expires_on: 2019-01-01 is not after effective_on 2020-01-01 [R021]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``line`` is the line of the file on which the record begins, 1 the header; 0 the file."""

    code: str
    severity: Severity
    file: str
    line: int
    policy_id: str
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        subject = " ".join(part for part in (self.policy_id, self.column) if part)
        head = f"{where} {subject}" if subject else where
        note = "warning: " if self.severity == "warning" else ""
        return f"{head}: {note}{self.message} [{self.code}]"


class DataError(Exception):
    """The data cannot be used. ``findings`` says why; there is at least one error."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        errors = sum(finding.severity == "error" for finding in self.findings)
        super().__init__(f"{errors} error{'s' if errors != 1 else ''} in the data")
