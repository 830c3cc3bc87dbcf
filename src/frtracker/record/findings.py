"""What a check is, and one finding of it: what is wrong, where, and what would be right.

A finding prints as one line that editors and people can follow::

    policies.csv:37 us-wa-… expires_on: error: 2019-01-01 is not after effective_on 2020 [R021]
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from frtracker.version import SCHEMA_VERSION

Severity = Literal["error", "warning"]


def inert(text: str) -> str:
    """The text with every control, format and line character written out, so that a terminal shows
    it as it is: no color, no cursor movement, no reversed text. What joins letters or emoji, or
    keeps them apart, is part of words.

    >>> inert("a\\x1b[31m")
    'a\\\\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        it.encode("unicode_escape", "backslashreplace").decode("ascii")
        if unicodedata.category(it) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and it not in "\u200c\u200d"
        else it
        for it in text
    )


def brief(value: str) -> str:
    """A cell as a message repeats it: inert, at most 80 characters."""
    return inert(value) if len(value) <= 80 else inert(value[:79]) + "…"


@dataclass(frozen=True, slots=True)
class Finding:
    """``line``: the line of the file on which the row begins; 1 is the header, 0 the file as a
    whole. ``more``: this many findings of the same check are not listed, and this one counts
    them; 0 for an ordinary finding. ``accepted``: why this warning is accepted."""

    code: str
    severity: Severity
    file: str
    line: int
    policy_id: str
    column: str
    value: str
    message: str
    more: int = 0
    accepted: str = ""

    @property
    def place(self) -> str:
        """File, line, row and column: ``policies.csv:37 us-wa-seattle-2017 expires_on``."""
        where = f"{inert(self.file)}:{self.line}" if self.line else inert(self.file)
        return " ".join([where, *(brief(part) for part in (self.policy_id, self.column) if part)])

    def __str__(self) -> str:
        line = f"{self.place}: {self.severity}: {inert(self.message)} [{self.code}]"
        return f"{line} accepted: {inert(self.accepted)}" if self.accepted else line


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that the data must follow: its code and its sentence.

    It decorates a function, ``look``, from the record and its ``table`` to the violations; one on
    cells (``table`` is '') from a text to what is wrong, or None. Those on files have none.
    ``needs``: the other table without which it cannot look. ``shipped``, ``borrowed``: the severity
    in the shipped record and where that other table is borrowed. ``outlines``: it loads these.
    ``title``: what many findings of it have in common, in a few words; they are then summed up.
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
    title: str = ""
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


def plural(number: int, noun: str) -> str:
    """``1 row``, ``1,000 rows``"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _number(findings: Iterable[Finding]) -> int:
    return sum(it.more or 1 for it in findings)


def _count(findings: Iterable[Finding], severity: Severity) -> str:
    return plural(_number(it for it in findings if it.severity == severity), severity)


_LISTED = {"error": 3, "warning": 1}
"""More findings than these, of one check with a title or with one message, are summed up."""
_FEW = 5
"""More findings than these, of one check with no title and with many messages, are summed up."""


def render(
    findings: Sequence[Finding],
    skipped: Sequence[str],
    format_name: str,
    titles: Mapping[str, str] = MappingProxyType({}),
    *,
    verbose: bool = False,
    quiet: bool = False,
) -> str:
    """The findings, and what was not checked, as text that ends with a line feed.

    ``table``: errors, then warnings, those of one check in one line (``titles``: its title by its
    code), then the counts; if ``verbose``, one line for each, the accepted ones too; if ``quiet``,
    errors alone. ``github``: the commands by which GitHub shows a finding at the changed line,
    without the accepted ones. ``json``: the document of kind
    ``validate``, always whole.
    """
    accepted = [it for it in findings if it.accepted]
    errors = [it for it in findings if it.severity == "error"]
    warnings = [it for it in findings if it.severity == "warning" and not it.accepted]
    if format_name == "json":
        document = {
            "kind": "validate",
            "schema_version": SCHEMA_VERSION,
            "errors": _number(errors),
            "warnings": _number(warnings),
            "accepted": _number(accepted),
            "findings": [asdict(it) for it in findings],
            "skipped": list(skipped),
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "github":
        lines = []
        for it in errors if quiet else [*errors, *warnings]:
            where = f"file={it.file.translate(_PROPERTY)}{f',line={it.line}' if it.line else ''}"
            lines.append(f"::{it.severity} {where},title={it.code}::{str(it).translate(_TEXT)}")
        notes = () if quiet else skipped
        return "".join(
            f"{it}\n"
            for it in [*lines, *(f"::notice::{inert(note).translate(_TEXT)}" for note in notes)]
        )
    shown = [errors] if quiet else [errors, warnings, accepted if verbose else []]
    lines = [line for part in shown for line in _lines(part, titles, whole=verbose)]
    if not quiet:
        lines += [f"note: {inert(note)}" for note in skipped]
        counts = [_count(errors, "error"), _count(warnings, "warning")]
        counts += [f"{plural(_number(accepted), 'accepted warning')}"] * bool(accepted)
        hidden = not verbose and len(lines) - len(skipped) < len(findings)
        lines.append(", ".join(counts) + " (--verbose lists all)" * hidden)
    return "".join(f"{line}\n" for line in lines)


def _lines(findings: Iterable[Finding], titles: Mapping[str, str], *, whole: bool) -> Iterator[str]:
    """One line for each finding or, unless ``whole``, for many: those of a check with a title or
    with many messages, or with the same message about the same column."""
    checks: dict[str, dict[tuple[str, str], list[Finding]]] = {}
    for it in findings:
        checks.setdefault(it.code, {}).setdefault((it.column, it.message), []).append(it)
    for code, messages in checks.items():
        group = [it for same in messages.values() for it in same]
        first, number = group[0], _number(group)
        most = _LISTED[first.severity]
        lines: list[str] = []
        for same in messages.values():
            many = not whole and _number(same) > most
            more = f"{same[0]} and {_number(same) - 1:,} more like it"
            lines += [more] if many else map(str, same)
        few = number <= most if code in titles else number <= _FEW or len(lines) <= most
        if whole or few:
            yield from lines
            continue
        rows = len({(it.file, it.line) for it in group})
        what = plural(rows, "row" if first.line > 1 else "place")
        if number > rows:
            what = f"{number:,} cells" + f" in {what}" * (number == len(group))
        title = f"{titles[code]}: " if code in titles else ""
        yield (
            f"{first.severity}: {title}{what} ({code}), e.g. {first.place}: {inert(first.message)}"
        )


# how the workflow commands of GitHub escape a text, and a property
_TEXT = str.maketrans({it: f"%{ord(it):02X}" for it in "%\r\n"})
_PROPERTY = _TEXT | str.maketrans({it: f"%{ord(it):02X}" for it in ":,"})
