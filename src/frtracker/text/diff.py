"""The difference of two editions as people and programs read it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Final

from frtracker import wording as phrases
from frtracker.record.diff import Change, Revision, Row
from frtracker.record.findings import inert
from frtracker.text.markdown import in_markdown
from frtracker.vocabulary import MEASURES, STATUSES

FORMATS: Final = ("table", "markdown", "csv", "json")


def summary(revision: Revision) -> str:
    """``3 added, 1 removed, 5 changed (9 cells)``"""
    cells = f"{revision.cells} cell{'' if revision.cells == 1 else 's'}"
    return (
        f"{len(revision.added)} added, {len(revision.removed)} removed,"
        f" {len(revision.changed)} changed ({cells})"
    )


def render(revision: Revision, format_name: str) -> str:
    """The text of ``revision`` in one of :data:`FORMATS`, with a final newline."""
    if format_name == "json":
        return _as_json(revision)
    if format_name == "csv":
        return _as_csv(revision)
    blocks = _as_markdown(revision) if format_name == "markdown" else _as_text(revision)
    return "\n\n".join([summary(revision), *blocks]) + "\n"


def _said(row: Row) -> str:
    """``Springfield, MA: ban, adopted``; words that are in no vocabulary stand as they are."""
    measure, status = row.cells["measure"], row.cells["status"]
    measure = MEASURES[measure].label if measure in MEASURES else measure
    status = STATUSES[status].label if status in STATUSES else status
    return f"{phrases.label(row.cells)}: {measure}, {status}"


def _as_text(revision: Revision) -> Iterator[str]:
    for title, rows in (("Added", revision.added), ("Removed", revision.removed)):
        if rows:
            lines = (f"  {inert(f'{row.policy_id}  {_said(row)}')}" for row in rows)
            yield "\n".join([title, *lines])
    if revision.changed:
        yield "\n".join(["Changed", *(line for c in revision.changed for line in _changed(c))])


def _changed(change: Change) -> Iterator[str]:
    yield f"  {inert(f'{change.row.policy_id}  {phrases.label(change.row.cells)}')}"
    for cell in change.cells:
        yield f"    {cell.column}"
        if cell.old:
            yield f"      - {inert(cell.old)}"
        if cell.new:
            yield f"      + {inert(cell.new)}"


def _as_markdown(revision: Revision) -> Iterator[str]:
    for title, rows in (("Added", revision.added), ("Removed", revision.removed)):
        if rows:
            yield f"## {title}"
            yield "\n".join(
                f"- `{inert(row.policy_id)}` {in_markdown(f'{_said(row)}. {row.summary}')}"
                for row in rows
            )
    if revision.changed:
        yield "## Changed"
        yield "\n".join(
            [
                "| policy_id | column | old | new |",
                "|---|---|---|---|",
                *(
                    f"| `{inert(change.row.policy_id)}` | {cell.column}"
                    f" | {in_markdown(cell.old)} | {in_markdown(cell.new)} |"
                    for change in revision.changed
                    for cell in change.cells
                ),
            ]
        )


def _as_json(revision: Revision) -> str:
    document = {
        "schema_version": 1,
        "counts": {
            "added": len(revision.added),
            "removed": len(revision.removed),
            "changed": len(revision.changed),
            "cells": revision.cells,
        },
        "added": [dict(row.cells) for row in revision.added],
        "removed": [dict(row.cells) for row in revision.removed],
        "changed": [
            {
                "policy_id": change.row.policy_id,
                "cells": [
                    {"column": cell.column, "old": cell.old, "new": cell.new}
                    for cell in change.cells
                ],
            }
            for change in revision.changed
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _as_csv(revision: Revision) -> str:
    """One line for each cell that differs; of a row added or removed, each cell that is filled."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["change", "policy_id", "column", "old", "new"])
    for change in revision.changed:
        for cell in change.cells:
            writer.writerow(["changed", change.row.policy_id, cell.column, cell.old, cell.new])
    writer.writerows(["removed", *cell, ""] for cell in _filled(revision.removed))
    writer.writerows(
        ["added", name, column, "", text] for name, column, text in _filled(revision.added)
    )
    return buffer.getvalue()


def _filled(rows: Iterable[Row]) -> Iterator[tuple[str, str, str]]:
    return (
        (row.policy_id, column, text) for row in rows for column, text in row.cells.items() if text
    )
