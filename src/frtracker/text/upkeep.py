"""The rows due for review, and the difference of two editions, for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from frtracker import wording
from frtracker.answers import upkeep as answers
from frtracker.answers.documents import Document
from frtracker.record.diff import Cell, Revision, Row
from frtracker.record.findings import inert
from frtracker.text import sheet
from frtracker.vocabulary import MEASURES, STATUSES

FORMATS: Final = sheet.FORMATS

Columns = Sequence[str]
Rows = Iterator[dict[str, Any]]


def stale(document: Document, format_name: str) -> str:
    """The text of a ``stale`` document in one of :data:`FORMATS`, with a final newline."""
    return sheet.render(document, format_name, _stale, _stale_rows)


def _stale(document: Document, markdown: bool) -> str:
    due = document["policies"]
    count = wording.counted("due", len(due), all=document["dataset"]["policies"])
    text = f"{count} for review on {wording.recorded(document['as_of'])}"
    rows = [
        [
            *([""] * 3 if number else [row["policy_id"], wording.label(row), _kind(row)]),
            reason["since"],
            reason["why"],
        ]
        for row in due
        for number, reason in enumerate(row["reasons"])
    ]
    columns = ["policy_id", "subject", "measure", "due since", "why"]
    return f"{text}\n\n{sheet.as_table(columns, rows, markdown=markdown)}" if rows else text


def _stale_rows(document: Document) -> tuple[Columns, Rows]:
    """One row for each reason of each row that is due."""
    rows = (
        {**row, **reason, "as_of": document["as_of"], "reason": reason["code"]}
        for row in document["policies"]
        for reason in row["reasons"]
    )
    return ["as_of", *answers.ROW, "reason", "since", "why"], rows


def diff(revision: Revision, format_name: str) -> str:
    """The text of the difference in one of :data:`FORMATS`, with a final newline."""
    if format_name == "json":
        return sheet.as_json(answers.diff(revision))
    if format_name == "csv":
        return sheet.as_csv(["change", "policy_id", "column", "old", "new"], _diff_rows(revision))
    blocks = _diff_markdown(revision) if format_name == "markdown" else _diff_text(revision)
    return "\n\n".join([diff_summary(revision), *blocks]) + "\n"


def diff_summary(revision: Revision) -> str:
    """``3 added, 1 removed, 5 changed (9 cells)``"""
    return (
        f"{len(revision.added)} added, {len(revision.removed)} removed,"
        f" {len(revision.changed)} changed ({wording.counted('cells', revision.cells)})"
    )


def _diff_rows(revision: Revision) -> Rows:
    """One row for each cell that differs; of an act added or removed, each cell that is filled."""
    for row, cells in revision.changed:
        for cell in cells:
            yield {"change": "changed", "policy_id": row["policy_id"], **cell._asdict()}
    for name, acts in (("removed", revision.removed), ("added", revision.added)):
        for act in acts:
            for column, text in act.items():
                if text:
                    old, new = (text, "") if name == "removed" else ("", text)
                    cell = Cell(column, old, new)
                    yield {"change": name, "policy_id": act["policy_id"], **cell._asdict()}


def _diff_text(revision: Revision) -> Iterator[str]:
    for title, acts in (("Added", revision.added), ("Removed", revision.removed)):
        if acts:
            lines = [inert(f"{act['policy_id']}  {_act(act)}") for act in acts]
            yield "\n".join([title, *(f"  {line}" for line in lines)])
    if revision.changed:
        lines = ["Changed"]
        for row, cells in revision.changed:
            lines.append("  " + inert(f"{row['policy_id']}  {wording.label(row)}"))
            for cell in cells:
                lines.append(f"    {cell.column}")
                signed = (("-", cell.old), ("+", cell.new))
                lines += [f"      {sign} {inert(text)}" for sign, text in signed if text]
        yield "\n".join(lines)


def _diff_markdown(revision: Revision) -> Iterator[str]:
    for title, acts in (("Added", revision.added), ("Removed", revision.removed)):
        if acts:
            yield f"## {title}"
            yield "\n".join(
                f"- `{inert(act['policy_id'])}`"
                f" {sheet.in_markdown(f'{_act(act)}. ' + act['summary'])}"
                for act in acts
            )
    if revision.changed:
        yield "## Changed"
        lines = ["| policy_id | column | old | new |", "|---|---|---|---|"]
        for row, cells in revision.changed:
            for cell in cells:
                old, new = sheet.in_markdown(cell.old), sheet.in_markdown(cell.new)
                lines.append(f"| `{inert(row['policy_id'])}` | {cell.column} | {old} | {new} |")
        yield "\n".join(lines)


def _act(act: Row) -> str:
    return f"{wording.label(act)}: {_kind(act)}"


def _kind(row: Mapping[str, Any]) -> str:
    """``ban, adopted``; words that are in no vocabulary stand as they are."""
    terms = ((MEASURES, row["measure"]), (STATUSES, row["status"]))
    return ", ".join(words[code].label if code in words else code for words, code in terms)
