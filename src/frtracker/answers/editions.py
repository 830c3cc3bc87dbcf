"""The answers of a record as an edition keeps them, and which of them are others in another."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pandas as pd

from frtracker.answers.documents import SCHEMA_VERSION, Document, Row, listed, records

COLUMNS: Final = (
    *("subject_key", "actor", "measure", "scope", "certain", "at_least_measure", "at_least_scope"),
    *("territory", "valid_from", "valid_to"),
)
_OPEN: Final = "~"  # comes after every day


def answers(positions: pd.DataFrame) -> list[dict[str, str]]:
    """The timeline's ``positions`` as an edition's positions.csv has them: days ISO, flags ``true``
    and ``false``, '' where there is nothing; the :data:`COLUMNS` that are compared."""
    rows = records(positions[[*COLUMNS]])
    return [{name: _text(cell) for name, cell in row.items()} for row in rows]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else cell or ""


def kept_answers(edition: Path) -> list[dict[str, str]]:
    """Those of a folder of ``editions/``. Raises ``OSError`` or ``ValueError`` if it has none."""
    with (edition / "positions.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not {*COLUMNS} <= {*(reader.fieldnames or ())}:
            raise ValueError("a column is missing")
        return list(reader)


def compare_answers(old: Iterable[Row], new: Iterable[Row]) -> Document:
    """In which stretches of days an answer is another: for each stretch the answer of both sides,
    null where no act is recorded. Which rules it rests on is not compared."""
    pairs: dict[tuple[str, str], tuple[list[Row], list[Row]]] = {}
    for side, rows in enumerate((old, new)):
        for row in rows:
            pairs.setdefault((row["subject_key"], row["actor"]), ([], []))[side].append(row)
    changed: list[Document] = []
    for (key, actor), (before, after) in sorted(pairs.items()):
        ends = {row[it] or _OPEN for row in before + after for it in ("valid_from", "valid_to")}
        last: Document = {}
        for low, high in pairwise(sorted(ends)):
            both = {"old": _on(low, before), "new": _on(low, after)}
            if both["old"] == both["new"]:
                continue
            if last.get("valid_to") == low and last.items() >= both.items():
                last["valid_to"] = high
            else:
                last = {"subject_key": key, "actor": actor, "valid_from": low, "valid_to": high}
                changed.append(last := last | both)
    for row in changed:
        row["valid_to"] = row["valid_to"].removesuffix(_OPEN) or None
    subjects = {(row["subject_key"], row["actor"]) for row in changed}
    counts = {"answers": len(pairs), "changed": len(subjects), "stretches": len(changed)}
    heading = {"kind": "answers", "schema_version": SCHEMA_VERSION}
    return {**heading, "counts": counts, "changed": changed}


def _on(day: str, rows: Iterable[Row]) -> Document | None:
    row = next((it for it in rows if it["valid_from"] <= day < (it["valid_to"] or _OPEN)), None)
    if row is None:
        return None
    floor = {"measure": row["at_least_measure"], "scope": row["at_least_scope"] or None}
    return {
        "measure": row["measure"],
        "scope": row["scope"] or None,
        "certain": row["certain"] == "true",
        "at_least": floor if floor["measure"] else None,
        "territory": listed(row["territory"]) or None,
    }
