"""What changed between two editions of policies.csv: rows added, removed, changed by column.

Cells are compared as the text that stands in the files, dates of version 1 in today's notation:
``2021-07`` and ``[2021-07-01..2021-07-31]`` mean the same days and differ. The order of rows and
columns means nothing. A row whose ``policy_id`` changed counts as one removed and one added, for
the id is what a row is known by.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from frtracker.dates import from_version_1
from frtracker.record.cells import ALONE, DATE_RANGE, REQUIRED
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError, brief
from frtracker.record.keys import IDENTITY
from frtracker.record.read import MAX_BYTES, read_file


def read_edition(path: Path, *, max_bytes: int = MAX_BYTES) -> pd.DataFrame:
    """A policies.csv as text (dtype str, columns in the order of the codebook), without its
    companions and without judging its cells.

    Raises :class:`DataError` if it cannot be read as that table, or an id is empty or stands twice.
    """
    file = read_file("policies", path, str(path), max_bytes=max_bytes)
    errors = [finding for finding in file.findings if finding.severity == "error"]
    ids = file.frame["policy_id"]
    for row in (ids.duplicated() | (ids == "")).to_numpy().nonzero()[0].tolist():
        value, line = str(ids.iat[row]), int(file.lines[row])
        said = f"{brief(value)!r} names an earlier row already" if value else "is empty"
        message = f"{said}: rows are compared by it"
        check = ALONE if value else REQUIRED
        errors.append(check.finding(message, line, "policy_id", value, file.label))
    if errors:
        raise DataError(errors)
    days = [column.name for column in TABLES["policies"].columns if column.kind is DATE_RANGE]
    return file.frame.assign(**{name: file.frame[name].map(from_version_1) for name in days})


def compare(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, Any]:
    """The difference of two tables of policies, text columns as in the codebook (others are
    ignored), each ``policy_id`` once, in plain types.

    ``added``, ``removed``: rows, every column; ``changed``: ``policy_id``, the new row's subject,
    and ``cells``, what differs (``column``, ``old``, ``new``; '' where nothing is recorded), never
    empty; ``counts``. In the order of the new edition, removed rows in that of the old.
    """
    names = [*TABLES["policies"].names]
    before, after = (
        {row["policy_id"]: row for row in frame[names].to_dict("records")} for frame in (old, new)
    )
    changed: list[dict[str, Any]] = [
        {
            "policy_id": key,
            **{name: row[name] for name in IDENTITY},
            "cells": [
                {"column": name, "old": before[key][name], "new": text}
                for name, text in row.items()
                if text != before[key][name]
            ],
        }
        for key, row in after.items()
        if key in before and row != before[key]
    ]
    difference: dict[str, list[Any]] = {
        "added": [row for key, row in after.items() if key not in before],
        "removed": [row for key, row in before.items() if key not in after],
        "changed": changed,
    }
    counts = {name: len(rows) for name, rows in difference.items()}
    counts["cells"] = sum(len(row["cells"]) for row in changed)
    return {"counts": counts, **difference}
