"""The rows due for review, as people and programs read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

from tabulate import tabulate

from frtracker import wording as phrases
from frtracker.dates import in_words
from frtracker.record.findings import inert
from frtracker.record.load import Edition
from frtracker.text.markdown import in_markdown
from frtracker.timeline.review import Due, Reason
from frtracker.vocabulary import MEASURES, STATUSES

FORMATS: Final = ("table", "markdown", "csv", "json")


def summary(rows: Sequence[Due], day: date, edition: Edition) -> str:
    """``12 of 330 rows are due for review on 22 Nov 2026``"""
    verb = "is" if len(rows) == 1 else "are"
    return f"{len(rows)} of {edition.policies} rows {verb} due for review on {in_words(day)}"


def why(reason: Reason) -> str:
    """A reason in words, without the day since which it holds."""
    match reason.code:
        case "review":
            return f"reviewed {reason.value}, due every {reason.limit} days"
        case "end":
            return f"the recorded end ({reason.value}) has come since the review"
        case "start":
            return f"the recorded start ({reason.value}) has come since the review"
        case "unconfirmed" if reason.value:
            return (
                f"ends on a condition and was last shown in force {reason.value},"
                f" more than {reason.limit} days before"
            )
        case _:
            return "ends on a condition and was never shown in force since its start"


def render(rows: Sequence[Due], day: date, edition: Edition, format_name: str) -> str:
    """The text of ``rows``, due on ``day`` in that edition, in one of :data:`FORMATS`, with a
    final newline."""
    if format_name == "json":
        return _as_json(rows, day, edition)
    if format_name == "csv":
        return _as_csv(rows, day)
    text = summary(rows, day, edition)
    if rows:
        text += "\n\n" + _table(rows, markdown=format_name == "markdown")
    return text + "\n"


def _table(rows: Sequence[Due], *, markdown: bool) -> str:
    write = in_markdown if markdown else inert
    lines = [
        [
            "" if number else write(text)
            for text in (row.policy_id, phrases.label(asdict(row)), _kind(row))
        ]
        + [reason.since.isoformat(), write(why(reason))]
        for row in rows
        for number, reason in enumerate(row.reasons)
    ]
    style = "github" if markdown else "simple"
    headers = ["policy_id", "subject", "measure", "due since", "why"]
    return tabulate(lines, headers=headers, tablefmt=style, disable_numparse=True)


def _kind(row: Due) -> str:
    return f"{MEASURES[row.measure].label}, {STATUSES[row.status].label}"


_ROW: Final = (
    "policy_id",
    "subject",
    "subject_type",
    "country",
    "region",
    "measure",
    "status",
    "reviewed_on",
)


def _as_csv(rows: Sequence[Due], day: date) -> str:
    """One line for each reason of each row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["as_of", *_ROW, "reason", "since", "why"])
    for row in rows:
        facts = [getattr(row, name) for name in _ROW]
        for reason in row.reasons:
            writer.writerow(
                [day.isoformat(), *facts, reason.code, reason.since.isoformat(), why(reason)]
            )
    return buffer.getvalue()


def _as_json(rows: Sequence[Due], day: date, edition: Edition) -> str:
    document = {
        "schema_version": 1,
        "as_of": day.isoformat(),
        "dataset": asdict(edition),
        "due": [
            {
                **{name: getattr(row, name) for name in _ROW},
                "since": row.since.isoformat(),
                "reasons": [
                    {
                        "code": reason.code,
                        "since": reason.since.isoformat(),
                        "value": reason.value or None,
                        "limit_days": reason.limit,
                        "why": why(reason),
                    }
                    for reason in row.reasons
                ],
            }
            for row in rows
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
