"""``stale`` and ``diff``: rows due for review, and what changed between two editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from frtracker.answers.documents import SCHEMA_VERSION, Document, heading
from frtracker.record.diff import Revision
from frtracker.record.load import Tables
from frtracker.timeline.review import Due, Reason

ROW: Final = (
    "policy_id",
    "subject",
    "subject_type",
    "country",
    "region",
    "measure",
    "status",
    "reviewed_on",
)


def stale(tables: Tables, rows: Sequence[Due], day: date) -> Document:
    """The rows due for review on ``day``, the longest due first, each with its reasons."""
    return {
        **heading("stale", tables, None, as_of=day.isoformat()),
        "policies": [
            {
                **{name: getattr(row, name) for name in ROW},
                "since": row.since.isoformat(),
                "reasons": [_reason(reason) for reason in row.reasons],
            }
            for row in rows
        ],
    }


def _reason(reason: Reason) -> Document:
    match reason.code:
        case "review":
            why = f"reviewed {reason.value}, due every {reason.limit} days"
        case "end" | "start":
            why = f"the recorded {reason.code} ({reason.value}) has come since the review"
        case _ if reason.value:
            why = (
                f"ends on a condition and was last shown in force {reason.value},"
                f" more than {reason.limit} days before"
            )
        case _:
            why = "ends on a condition and was never shown in force since its start"
    return {
        "code": reason.code,
        "since": reason.since.isoformat(),
        "value": reason.value or None,
        "limit_days": reason.limit,
        "why": why,
    }


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
        "added": [*revision.added],
        "removed": [*revision.removed],
        "changed": [
            {"policy_id": row["policy_id"], "cells": [cell._asdict() for cell in cells]}
            for row, cells in revision.changed
        ],
    }
