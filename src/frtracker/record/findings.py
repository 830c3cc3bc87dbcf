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


def inert(text: str) -> str:
    """The text with every control, format and line character written out, so that a terminal shows
    it as it stands: no colour, no cursor movement, no reversed reading.

    >>> inert("a\\x1b[31m")
    'a\\\\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        it.encode("unicode_escape", "backslashreplace").decode("ascii")
        if unicodedata.category(it) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else it
        for it in text
    )


def brief(value: str) -> str:
    """A cell as a message repeats it: inert, at most 80 characters."""
    return inert(value) if len(value) <= 80 else inert(value[:79]) + "…"


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
        head = " ".join([where, *(brief(part) for part in (self.policy_id, self.column) if part)])
        note = "warning: " if self.severity == "warning" else ""
        return f"{head}: {note}{inert(self.message)} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Check:
    """A law of the data: its code and the sentence that it enforces.

    It decorates a function, ``look``, from the record and its ``table`` to the violations; one on
    cells (``table`` is '') from a text to what is wrong, or None. Those on files have none.
    ``needs``: the other table without which it cannot look. ``shipped``, ``borrowed``: the severity
    in the shipped record and where that other table is borrowed. ``outlines``: it loads these.
    """

    code: str
    statement: str
    severity: Severity = "error"
    table: str = "policies"
    needs: str = ""
    shipped: Severity | None = None
    borrowed: Severity | None = None
    fixed_by_fmt: bool = False
    outlines: bool = False
    look: Callable[..., Any] = lambda *_: ()

    def __call__(self, look: Callable[..., Any]) -> Check:
        return replace(self, look=look)

    def finding(
        self, message: str, line: int = 0, column: str = "", value: str = "", file: str = ""
    ) -> Finding:
        return Finding(self.code, self.severity, file, line, "", column, brief(value), message)


class DataError(Exception):
    """The data cannot be used. ``findings`` says why; there is at least one error."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{_count(self.findings, 'error')} in the data")


class SameTable(ValueError):
    """Two files are the same table."""


def _count(findings: Iterable[Finding], severity: Severity) -> str:
    number = sum(finding.severity == severity for finding in findings)
    return f"{number} {severity}{'' if number == 1 else 's'}"


def render(findings: Sequence[Finding], skipped: Sequence[str], format_name: str) -> str:
    """The findings, and what was not checked, with a final newline: as ``table`` one line for each
    and the count, as ``github`` the commands that it shows beside the changed lines, as ``json``
    ``{"schema_version", "errors", "warnings", "findings", "skipped"}``."""
    if format_name == "json":
        document = {
            "schema_version": 1,
            "errors": sum(finding.severity == "error" for finding in findings),
            "warnings": sum(finding.severity == "warning" for finding in findings),
            "findings": [asdict(finding) for finding in findings],
            "skipped": list(skipped),
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "github":
        lines = []
        for it in findings:
            where = f"file={it.file.translate(_PROPERTY)}{f',line={it.line}' if it.line else ''}"
            lines.append(f"::{it.severity} {where},title={it.code}::{str(it).translate(_TEXT)}")
        lines += [f"::notice::{inert(note).translate(_TEXT)}" for note in skipped]
    else:
        lines = [*map(str, findings), *(f"note: {inert(note)}" for note in skipped)]
        counts = f"{_count(findings, 'error')}, {_count(findings, 'warning')}"
        lines.append(counts if findings else "no finding")
    return "".join(f"{line}\n" for line in lines)


# how the workflow commands of GitHub escape a text, and a property
_TEXT = str.maketrans({it: f"%{ord(it):02X}" for it in "%\r\n"})
_PROPERTY = _TEXT | str.maketrans({it: f"%{ord(it):02X}" for it in ":,"})
