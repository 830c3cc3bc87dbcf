"""What a rule is: a code, a severity, the sentence it enforces, and its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from frtracker.record.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is broken: ``row`` is the position in the rule's table.

    ``severity`` is set where this breach is graver or milder than the rule's usual one.
    """

    row: int
    column: str
    value: str
    message: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Typed tables whose files and cells are sound, before the rules on meaning.

    ``present`` names the tables that are there; ``borrowed`` those of them that came from the
    shipped data because the user's folder has none. An absent table is an empty frame.
    """

    policies: pd.DataFrame
    subjects: pd.DataFrame
    sources: pd.DataFrame
    searches: pd.DataFrame
    present: frozenset[str]
    borrowed: frozenset[str]

    def table(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(self, name)
        return frame


Check = Callable[[Draft], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A law of the data.

    ``table`` is the table whose rows a finding points at ('' = any file); ``needs`` names the
    other tables without which the rule cannot be checked. ``shipped`` is the severity in the
    shipped data, ``borrowed`` the one where a table of ``needs`` is borrowed, if they differ.
    ``cured_by_fmt``: ``frtracker fmt`` mends it. Rules on files and on single cells have no
    ``check``; the reader and the models apply them.
    """

    code: str
    severity: Severity
    statement: str
    table: str = ""
    needs: frozenset[str] = frozenset()
    shipped: Severity | None = None
    borrowed: Severity | None = None
    cured_by_fmt: bool = False
    check: Check | None = None

    def severity_for(self, *, shipped: bool, borrowed: bool = False) -> Severity:
        if shipped and self.shipped:
            return self.shipped
        if borrowed and self.borrowed:
            return self.borrowed
        return self.severity

    def finding(
        self,
        message: str,
        *,
        file: str,
        line: int,
        policy_id: str = "",
        column: str = "",
        value: str = "",
    ) -> Finding:
        return Finding(self.code, self.severity, file, line, policy_id, column, value, message)


def file_rule(code: str, severity: Severity, statement: str, *, cured_by_fmt: bool = False) -> Rule:
    """A rule on a file as a whole, applied by the reader."""
    return Rule(code, severity, statement, cured_by_fmt=cured_by_fmt)


def row_rule(
    code: str, severity: Severity, statement: str, *, table: str = "policies"
) -> Callable[[Check], Rule]:
    """A rule that looks at one row at a time."""
    return lambda check: Rule(code, severity, statement, table, check=check)


def table_rule(
    code: str,
    severity: Severity,
    statement: str,
    *,
    table: str = "policies",
    needs: tuple[str, ...] = (),
    shipped: Severity | None = None,
    borrowed: Severity | None = None,
) -> Callable[[Check], Rule]:
    """A rule that compares rows with other rows, of its own table or another."""
    return lambda check: Rule(
        code, severity, statement, table, frozenset(needs), shipped, borrowed, check=check
    )
