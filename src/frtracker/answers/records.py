"""What a timeline says of a day, as plain records by subject: only the columns that are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from frtracker.timeline import Timeline, states_on

Record = dict[str, Any]

_RULE: Final = (
    "policy_id",
    "measure",
    "uses",
    "applies_to",
    "reach",
    "territory",
    "decided_by",
    "introduced_on",
    "decided_on",
    "effective_on",
    "expires_on",
    "ends_when",
    "last_confirmed_on",
    "confidence",
    "instrument",
    "source_url",
)
_STATE: Final = ("state", "certain", "superseded_for", "start_presumed", "continuation_presumed")
_WHAT: Final = ("actor", "measure", "scope", "certain")
PERIOD: Final = (*_WHAT, "territory", "policy_id")
CHANGE: Final = (*_WHAT, "policy_ids", "start")
POSITION: Final = (
    *_WHAT,
    "at_least_measure",
    "at_least_scope",
    "territory",
    "policy_ids",
    "lifted",
    "start_presumed",
    "since_low",
    "since_high",
    "until_low",
    "until_high",
    "prohibited_low",
    "prohibited_high",
)


def rows_with_states(timeline: Timeline, day: date) -> dict[str, list[Record]]:
    """The rows of the record, each with its scope and its state on ``day``; without ``not_yet``."""
    states = states_on(timeline, day)
    columns = {name: _cells(timeline.policies[name]) for name in _RULE}
    columns |= {name: _cells(states[name]) for name in _STATE}
    columns["scope"] = ["general" if uses == "any" else "narrow" for uses in columns["uses"]]
    grouped = _grouped(timeline.policies["subject_key"].tolist(), columns)
    listed = {
        key: [row for row in rows if row["state"] != "not_yet"] for key, rows in grouped.items()
    }
    return {key: rows for key, rows in listed.items() if rows}


def by_subject(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, list[Record]]:
    """The rows of a table of the timeline; days as ``date``, None where there is none."""
    return _grouped(frame["subject_key"].tolist(), {name: _cells(frame[name]) for name in columns})


def _grouped(keys: Iterable[str], columns: Mapping[str, list[Any]]) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = {}
    for key, row in zip(keys, zip(*columns.values(), strict=True), strict=True):
        grouped.setdefault(key, []).append(dict(zip(columns, row, strict=True)))
    return grouped


def _cells(column: pd.Series) -> list[Any]:
    if column.dtype.kind != "M":
        return column.tolist()
    days: list[Any] = column.to_numpy().astype("datetime64[D]").tolist()
    return days
