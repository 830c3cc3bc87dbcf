"""What a check is, and one finding of it: what is wrong, where, and what would be right.

A finding prints as one line that editors and people can follow::

    policies.csv:37 us-wa-… expires_on: 2019-01-01 is not after effective_on 2020-01-01 [R021]
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Severity = Literal["error", "warning"]

LONGEST_VALUE = 80
"""Characters of a cell that a message repeats."""


def inert(text: str) -> str:
    """The text with every control, format and line character written out.

    A terminal then shows it as it stands: no colour, no cursor movement, no reversed reading.

    >>> inert("a\\x1b[31m")
    'a\\\\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape", "backslashreplace").decode("ascii")
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else character
        for character in text
    )


def brief(value: str) -> str:
    """A cell as a message repeats it: inert, at most :data:`LONGEST_VALUE` characters."""
    if len(value) > LONGEST_VALUE:
        return inert(value[: LONGEST_VALUE - 1]) + "…"
    return inert(value)


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
        where = f"{inert(self.file)}:{self.line}" if self.line else inert(self.file)
        subject = " ".join(brief(part) for part in (self.policy_id, self.column) if part)
        head = f"{where} {subject}" if subject else where
        note = "warning: " if self.severity == "warning" else ""
        return f"{head}: {note}{inert(self.message)} [{self.code}]"


Look = Callable[[Any, Any], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """A law of the data: its code, the sentence that it enforces, and what looks for violations.

    ``shipped``: the severity in the shipped record, if it differs. ``fixed_by_fmt``: ``frtracker
    fmt`` mends it. Checks on files and on single cells are applied by the reader and the models.
    The others decorate a function, ``look``, from the record and its ``table`` to the violations.
    ``needs``: the other tables without which it cannot look; ``borrowed``: the severity where one
    of these is borrowed. ``outlines``: it loads the outlines of states and countries, so it is
    left out where tables are only read.
    """

    code: str
    severity: Severity
    statement: str
    table: str = "policies"
    needs: frozenset[str] = frozenset()
    shipped: Severity | None = None
    borrowed: Severity | None = None
    fixed_by_fmt: bool = False
    outlines: bool = False
    look: Look | None = None

    def __call__(self, look: Look) -> Check:
        """The check that ``look`` makes."""
        return replace(self, look=look)

    def severity_in(self, *, shipped: bool, borrowed: bool = False) -> Severity:
        """The severity in the shipped record or another, with a borrowed table or without."""
        return (shipped and self.shipped) or (borrowed and self.borrowed) or self.severity

    def finding(
        self,
        message: str,
        *,
        file: str,
        line: int = 0,
        policy_id: str = "",
        column: str = "",
        value: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this check; ``severity`` where it is not the usual one."""
        given = severity or self.severity
        return Finding(self.code, given, file, line, policy_id, column, value, message)


class DataError(Exception):
    """The data cannot be used. ``findings`` says why; there is at least one error."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{_count(self.findings, 'error')} in the data")


def _count(findings: Iterable[Finding], severity: Severity) -> str:
    number = sum(finding.severity == severity for finding in findings)
    return f"{number} {severity}{'' if number == 1 else 's'}"


def summary(findings: Sequence[Finding]) -> str:
    """ "no error, 3 warnings": how many there are of each severity."""
    errors, warnings = _count(findings, "error"), _count(findings, "warning")
    if not findings:
        return "no finding"
    return f"{errors}, {warnings}"


def render(findings: Sequence[Finding], skipped: Sequence[str], format_name: str) -> str:
    """The findings, and what was not checked, as ``table``, ``json`` or ``github``; the text ends
    with a line feed."""
    return {"table": as_text, "json": as_json, "github": as_github}[format_name](findings, skipped)


def as_text(findings: Sequence[Finding], skipped: Sequence[str] = ()) -> str:
    """One line for each finding, then what was not checked, then the count."""
    lines = [str(finding) for finding in findings]
    lines += [f"note: {inert(sentence)}" for sentence in skipped]
    return "\n".join([*lines, summary(findings)]) + "\n"


def as_json(findings: Sequence[Finding], skipped: Sequence[str] = ()) -> str:
    """``{"schema_version", "errors", "warnings", "findings", "skipped"}``; values are brief."""
    document = {
        "schema_version": 1,
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "findings": [asdict(finding) for finding in findings],
        "skipped": list(skipped),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_github(findings: Sequence[Finding], skipped: Sequence[str] = ()) -> str:
    """Workflow commands that GitHub shows beside the changed lines."""
    lines = [
        f"::{finding.severity} file={_property(finding.file)}"
        f"{f',line={finding.line}' if finding.line else ''}"
        f",title={_property(finding.code)}::{_data(str(finding))}"
        for finding in findings
    ]
    lines += [f"::notice::{_data(inert(sentence))}" for sentence in skipped]
    return "".join(line + "\n" for line in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
