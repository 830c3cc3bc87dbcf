"""The parts that the documents are made of: plain JSON types, a missing text is null."""

from __future__ import annotations

from datetime import date
from typing import Any, NotRequired, TypeAlias, TypedDict

import pandas as pd

from frtracker.dates import format_days

Document: TypeAlias = dict[str, Any]
"""A whole document: dicts with names, lists, str, int, float, bool and None."""


class Level(TypedDict):
    """A place in the order of positions."""

    measure: str
    scope: str | None


class Also(Level):
    """A rule in force besides the one that makes the position."""

    certain: bool
    territory: str | None
    policy_id: str


class Change(Level):
    """What a position becomes. Where that is uncertain, ``at_least`` is the lowest possible, and
    ``before`` the measure, scope and certainty until then (null: no act is recorded)."""

    on: NotRequired[str]
    actors: NotRequired[list[str]]
    certain: bool
    policy_ids: list[str]
    at_least: NotRequired[Level | None]
    before: NotRequired[Document | None]


class NextChange(TypedDict):
    """The first day on which anything changes, and all that does, the highest-ranked first."""

    on: str
    changes: list[Change]


class Position(Level):
    """What holds for one actor on the day; days as precise as they are known."""

    certain: bool
    at_least: Level | None
    since: str | None
    prohibited_since: str | None
    until: str | None
    ends_when: str | None
    start_presumed: bool
    continuation_presumed: bool
    lifted: bool
    territory: str | None
    policy_ids: list[str]
    also: list[Also]
    next_change: Change | None


class Rule(TypedDict):
    """One row of the record and its state on the day."""

    policy_id: str
    state: str
    certain: bool
    measure: str
    scope: str | None
    uses: list[str]
    applies_to: list[str]
    superseded_for: list[str]
    ended_on: dict[str, str]
    """For the actors of ``superseded_for``, where an event ended it."""
    reach: str | None
    territory: str | None
    decided_by: str | None
    introduced_on: str | None
    decided_on: str | None
    effective_on: str | None
    expires_on: str | None
    ends_when: str | None
    last_confirmed_on: str | None
    start_presumed: bool
    continuation_presumed: bool
    confidence: str
    instrument: str | None
    source_url: str


def days(name: str, low: date | None, high: date | None) -> dict[str, str | None]:
    """A range of days under ``name``, as precise as it is known, and its first and last day as
    ``…_low`` and ``…_high`` (ISO); null where there is none, the first of "on B at the latest"
    too."""
    if low is None or high is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    first = None if low == date.min else low.isoformat()
    return {
        name: format_days(low, high),
        f"{name}_low": first,
        f"{name}_high": high.isoformat(),
    }


def listed(cell: str) -> list[str]:
    """The words of a cell that is a list."""
    return cell.split(";") if cell else []


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table; days as ``date``, None where there is none."""
    columns = {
        str(name): cells.to_numpy().astype("datetime64[D]").tolist()
        if cells.dtype.kind == "M"
        else cells.tolist()
        for name, cells in frame.items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_subject(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """The rows of a table of the timeline, see :func:`records`, by key of subject."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        grouped.setdefault(row["subject_key"], []).append(row)
    return grouped
