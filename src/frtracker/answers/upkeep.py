"""``stale`` and ``diff``: rows due for review, and what changed between two editions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from frtracker.answers.documents import SCHEMA_VERSION, Document, heading
from frtracker.record.diff import Revision
from frtracker.record.load import Tables


def stale(tables: Tables, rows: Sequence[Document], day: date) -> Document:
    """The rows due for review on ``day``, the longest due first, each with its reasons."""
    return {
        **heading("stale", tables, None, as_of=day.isoformat()),
        "policies": [
            {**row, "reasons": [_with_words(reason) for reason in row["reasons"]]} for row in rows
        ],
    }


def _with_words(reason: Document) -> Document:
    value, limit = reason["value"], reason["limit_days"]
    match reason["code"]:
        case "review":
            why = f"reviewed {value}, due every {limit} days"
        case "end" | "start":
            why = f"the recorded {reason['code']} ({value}) has come since the review"
        case _ if value:
            why = (
                f"ends on a condition and was last shown in force {value},"
                f" more than {limit} days before"
            )
        case _:
            why = "ends on a condition and was never shown in force since its start"
    return {**reason, "value": value or None, "why": why}


def diff(revision: Revision) -> Document:
    """The rows added, removed and changed, whole or by cell."""
    return {
        "kind": "diff",
        "schema_version": SCHEMA_VERSION,
        "counts": {
            "added": len(revision.added),
            "removed": len(revision.removed),
            "changed": len(revision.changed),
            "cells": revision.cells,
        },
        "added": [dict(row.cells) for row in revision.added],
        "removed": [dict(row.cells) for row in revision.removed],
        "changed": [
            {"policy_id": change.row.policy_id, "cells": [asdict(cell) for cell in change.cells]}
            for change in revision.changed
        ],
    }
