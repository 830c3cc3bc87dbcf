"""Tiny typed tables for tests: name only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from frtracker.dates import parse
from frtracker.record.columns import DATES as DATE_COLUMNS
from frtracker.record.columns import TABLES
from frtracker.record.read import Files, absent
from frtracker.record.tables import Tables, assemble, typed

TEXT_COLUMNS = TABLES["policies"].names
USUAL = {
    "subject": "Springfield",
    "subject_type": "city",
    "country": "US",
    "region": "US-MA",
    "measure": "ban",
    "uses": "any",
    "applies_to": "police",
    "reach": "own",
    "status": "adopted",
    "summary": "City bodies may not use face recognition.",
    "source_url": "https://example.org/act",
    "confidence": "high",
    "reviewed_on": "2026-11-22",
    "subject_key": "us-ma-springfield",
}


def policies(rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """The typed ``policies`` table of ``rows``; what a row leaves out is as ``USUAL``."""
    records = []
    for number, row in enumerate(rows):
        record: dict[str, object] = dict.fromkeys(TEXT_COLUMNS, "")
        record |= USUAL | {"policy_id": f"act-{number}"} | dict(row)
        for column in DATE_COLUMNS:
            text = str(record[column])
            span = parse(text) if text else None
            record[f"{column}_low"] = span.low.toordinal() if span else 0
            record[f"{column}_high"] = span.high.toordinal() if span else 0
        records.append(record)
    texts = dict.fromkeys((*TEXT_COLUMNS, "subject_key"), "str")
    days = {f"{c}_{side}": "int32" for c in DATE_COLUMNS for side in ("low", "high")}
    columns = [*TEXT_COLUMNS, *days, "subject_key"]
    return pd.DataFrame(records, columns=columns).astype({**texts, **days})


def record(rows: Iterable[Mapping[str, str]]) -> Tables:
    """The record of ``rows`` (as in :func:`policies`) and of the subjects they name, no more."""
    texts = {name: absent(name) for name in TABLES}
    frames = {name: typed(name, text.frame) for name, text in texts.items()}
    frames["policies"] = policies(rows)
    return assemble(frames, Files(texts, frozenset(), frozenset(), shipped=False), ())


def day(text: str) -> date:
    """The last day of a day, month or year, as ``--as-of`` reads it."""
    return parse(text).high
