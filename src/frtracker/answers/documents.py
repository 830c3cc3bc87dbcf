"""What the documents are made of: plain JSON types; a list is a list, what is missing is null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypeAlias, TypedDict, TypeVar

from frtracker.dates import format_days
from frtracker.vocabulary import HELD_STATES, LIVE_STATES

if TYPE_CHECKING:
    import pandas as pd

    from frtracker.places.subjects import Subject
    from frtracker.record.load import Tables

SCHEMA_VERSION: Final = 2

Document: TypeAlias = dict[str, Any]
"""A whole document, or a part of one without a type of its own."""

Row: TypeAlias = Mapping[str, Any]
"""A row of a table, see :func:`records`."""

Rule = TypeVar("Rule", bound=Row)


class Level(TypedDict):
    """A place in the order of positions."""

    measure: str
    scope: str | None


class Also(Level):
    """A rule in force besides the one that makes the position."""

    uses: list[str]
    certain: bool
    territory: list[str] | None
    policy_id: str


class Change(Level):
    """What a position becomes. Where that is uncertain, ``at_least`` is the lowest possible, and
    ``before`` the measure, scope and certainty until then (null: no act is recorded)."""

    on: NotRequired[str]
    applies_to: NotRequired[list[str]]
    uses: list[str]
    certain: bool
    policy_ids: list[str]
    at_least: NotRequired[Level | None]
    before: NotRequired[Document | None]


class NextChange(TypedDict):
    """The first day on which anything changes, and all that does, the highest-ranked first."""

    on: str
    changes: list[Change]


class Position(Level):
    """The position of one actor on the day; days as precise as they are known. ``uses``: the kinds
    that the rules name which make it; ``last_confirmed_on``: the latest day on which a source shows
    one of them in force."""

    uses: list[str]
    certain: bool
    at_least: Level | None
    since: str | None
    since_low: str | None
    since_high: str | None
    prohibited_since: str | None
    prohibited_since_low: str | None
    prohibited_since_high: str | None
    until: str | None
    until_low: str | None
    until_high: str | None
    ends_when: str | None
    start_presumed: bool
    continuation_presumed: bool
    last_confirmed_on: str | None
    last_confirmed_on_low: str | None
    last_confirmed_on_high: str | None
    lifted: bool
    territory: list[str] | None
    policy_ids: list[str]
    also: list[Also]
    next_change: Change | None


def heading(kind: str, tables: Tables, known_at: date | None, **days: str) -> Document:
    """What every document begins with; ``days``: those asked about."""
    return {
        "kind": kind,
        "schema_version": SCHEMA_VERSION,
        **days,
        "known_at": known_at.isoformat() if known_at else None,
        "dataset": asdict(tables.edition),
    }


def identity(subject: Subject) -> Document:
    """Who a subject is."""
    return {
        "subject_key": subject.key or None,
        "subject": subject.name,
        "subject_type": subject.subject_type,
        "country": subject.country or None,
        "region": subject.region or None,
        "geoid": subject.geoid or None,
        "within": list(subject.within),
    }


def days(name: str, low: date | None, high: date | None) -> dict[str, str | None]:
    """A range of days as ``name``, as precise as it is known, and its first and last day (ISO) as
    ``…_low`` and ``…_high``; null where there is none: of "by B" the first is null too."""
    if low is None or high is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {
        name: format_days(low, high),
        f"{name}_low": None if low == date.min else low.isoformat(),
        f"{name}_high": high.isoformat(),
    }


def recorded(name: str, row: Row) -> dict[str, str | None]:
    """A date of a row of ``policies`` as it is recorded, and its ends as in :func:`days`."""
    ordinals = (row[f"{name}_low"], row[f"{name}_high"])  # 0: no date; 1: "by B"
    low, high = (date.fromordinal(it).isoformat() if it > 1 else None for it in ordinals)
    return {name: row[name] or None, f"{name}_low": low, f"{name}_high": high}


def listed(cell: str) -> list[str]:
    """The words of a cell with a list."""
    return cell.split(";") if cell else []


def is_live(rule: Row) -> bool:
    """Whether a rule is in force, may be, or is to be; what only lifts is not."""
    return rule["state"] in LIVE_STATES and rule["measure"] != "none"


def newest_first(rules: Iterable[Rule]) -> list[Rule]:
    """Rules in force first, then scheduled ones, bills, and the rest; in each the newest first."""

    def place(rule: Row) -> tuple[int, str]:
        state = rule["state"]
        coming = 2 * (state == "scheduled") + (state == "proposed")
        return 3 if state in HELD_STATES and is_live(rule) else coming, latest_day(rule) or ""

    return sorted(rules, key=place, reverse=True)


def latest_day(act: Row) -> Any:
    """The last day on which an act may have begun, else been decided, else introduced; None where
    no day is recorded. Of "by B" that is B."""
    days = (act[f"{name}_on_high"] for name in ("effective", "decided", "introduced"))
    return next(filter(None, days), None)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table; days as ``date``, None where there is none."""
    columns = {
        str(name): cells.to_numpy().astype("datetime64[D]").tolist()
        if cells.dtype.kind == "M"
        else cells.tolist()
        for name, cells in frame.items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def grouped(frame: pd.DataFrame, column: str = "subject_key") -> dict[str, list[dict[str, Any]]]:
    """The rows of a table, see :func:`records`, by the text of a column."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        groups.setdefault(row[column], []).append(row)
    return groups
