"""Accepted warnings: which findings the rows of accepted.csv take out of the list, and which of
these rows fit no warning any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from frtracker.record.findings import Check, Finding, brief
from frtracker.record.read import Files
from frtracker.record.tables import row_ids

FITS: Final = Check("R150", "An accepted warning is still given.", table="accepted")
ONCE: Final = Check("R151", "A warning is accepted once.", table="accepted")


def accept(
    files: Files, findings: Iterable[Finding], checks: Iterable[Check], *, complete: bool
) -> Iterator[Finding]:
    """The findings, those that are accepted with the reason. If ``complete``, all checks have run:
    then also an error for each row of accepted.csv that fits no warning."""
    table = files.texts["accepted"]
    rows = [*table.frame.itertuples(index=False, name=None)]
    named = {name for name, *_ in rows}
    present = [text for text in files.own if text.name in named]
    ids = {text.name: row_ids(text) for text in present}
    places = {
        (text.label, line): (text.name, row_id)
        for text in present
        for line, row_id in zip(text.lines.tolist(), ids[text.name], strict=True)
    }
    known = {check.code: check for check in checks}
    reasons = {
        (name, row_id, code): reason
        for name, row_id, code, reason in rows
        if code in known and not known[code].fixed_by_fmt
    }
    fitting: set[tuple[str, str, str]] = set()
    errors: set[tuple[str, str, str]] = set()
    for it in findings:
        key = (*places.get((it.file, it.line), ("", "")), it.code)
        (fitting if it.severity == "warning" else errors).add(key)
        if it.severity == "warning" and key in reasons:
            yield replace(it, accepted=reasons[key])
        else:
            yield it
    first: dict[tuple[str, ...], int] = {}
    if not complete:
        return
    for line, (name, row_id, code, _) in zip(table.lines.tolist(), rows, strict=True):
        key = (name, row_id, code)
        check, column, message = FITS, "code", ""
        if name not in ids or (code in known and {known[code].needs} - {"", *files.present}):
            continue  # not judged
        if first.setdefault(key, line) != line:
            check, message = ONCE, f"accepted twice (first on line {first[key]}): delete one"
        elif row_id not in ids[name]:
            column = "id"
            message = f"there is no row {brief(row_id)!r} in {name}.csv: correct it, or delete this"
        elif code not in known:
            message = f"there is no check {brief(code)!r}: the codes are in the codebook"
        elif known[code].fixed_by_fmt:
            message = "`frtracker fmt` fixes that: run it, and delete this row"
        elif key in errors:
            message = "this is an error, and only warnings can be accepted: correct the row"
        elif key not in fitting:
            message = f"{code} no longer warns about this row of {name}.csv: delete this row"
        if message:
            value = row_id if column == "id" else code
            yield check.finding(message, line, column, value, table.label)
