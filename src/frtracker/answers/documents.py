"""What the documents are made of: plain JSON types; a list is a list, what is missing is null."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, NotRequired, TypeAlias, TypedDict, TypeVar

from frtracker.codes import long_geoid
from frtracker.dates import format_days
from frtracker.record.columns import LICENSE
from frtracker.version import SCHEMA_VERSION as SCHEMA_VERSION
from frtracker.vocabulary import (
    ACTORS,
    HELD_STATES,
    LIVE_STATES,
    MEASURES,
    SCOPES,
    SUBJECT_TYPES,
    USES,
)

if TYPE_CHECKING:
    import pandas as pd

    from frtracker.places.subjects import Subject
    from frtracker.record.load import Tables

SUBJECT_COLUMNS: Final = (
    *("subject_key", "subject", "subject_type", "country", "region", "geoid", "geoidfq"),
)
"""Of a subject, in every table; a document has ``within`` too."""

Document: TypeAlias = dict[str, Any]
"""A whole document, or a part of one, while it is made: :mod:`frtracker.answers.contract` has the
types of the whole ones."""

Row: TypeAlias = Mapping[str, Any]
"""A row of a table, see :func:`records`."""

AnyRule = TypeVar("AnyRule", bound=Row)


@dataclass(frozen=True, slots=True, eq=False)  # a vocabulary has no hash
class Words:
    """The words that a field may have, as metadata of its type. ``title``: the name of that type in
    the JSON Schemas."""

    title: str
    terms: Collection[str]


IsoDay: TypeAlias = Annotated[str, "date"]
"""One day: ``2021-06-30``. A date that may be less exact is a plain ``str``."""

Measure: TypeAlias = Annotated[str, Words("Measure", MEASURES)]
Scope: TypeAlias = Annotated[str, Words("Scope", SCOPES)]
Use: TypeAlias = Annotated[str, Words("Use", USES)]
Actor: TypeAlias = Annotated[str, Words("Actor", ACTORS)]


class Level(TypedDict):
    """A place in the order of positions: a measure and its scope."""

    measure: Measure
    scope: Scope | None


class CertainLevel(Level):
    """A measure and its scope, and whether they are certain."""

    certain: bool


class Also(CertainLevel):
    """A rule in force besides the one that makes the position."""

    uses: list[Use]
    territory: list[str] | None
    policy_id: str


class Change(CertainLevel):
    """What a position becomes. ``at_least`` and ``before`` are there only where that is
    uncertain."""

    uses: list[Use]
    policy_ids: list[str]
    at_least: NotRequired[Level | None]
    before: NotRequired[CertainLevel | None]


class ActorsChange(Change):
    """What the positions of some actors become on the day of the next change."""

    applies_to: list[Actor]


class PositionChange(Change):
    """The next change of one position."""

    on: IsoDay


class NextChange(TypedDict):
    """The first day on which anything changes, and all that does, the highest-ranked first."""

    on: IsoDay
    changes: list[ActorsChange]


class AnyPosition(CertainLevel):
    """What the position of one subject and that of several layers together have in common."""

    uses: list[Use]
    policy_ids: list[str]
    at_least: Level | None
    since: str | None
    since_low: IsoDay | None
    since_high: IsoDay | None
    until: str | None
    until_low: IsoDay | None
    until_high: IsoDay | None
    start_presumed: bool
    ends_when: str | None
    continuation_presumed: bool
    last_confirmed_on: str | None
    last_confirmed_on_low: IsoDay | None
    last_confirmed_on_high: IsoDay | None
    lifted: bool


class Position(AnyPosition):
    """The position of a subject for one actor on the day; dates as precise as they are known."""

    prohibited_since: str | None
    prohibited_since_low: IsoDay | None
    prohibited_since_high: IsoDay | None
    territory: list[str] | None
    also: list[Also]
    next_change: PositionChange | None


def heading(kind: str, tables: Tables, known_at: date | None, **days: str) -> Document:
    """What every document begins with; ``days``: those asked about."""
    return {
        "kind": kind,
        "schema_version": SCHEMA_VERSION,
        **days,
        "known_at": known_at.isoformat() if known_at else None,
        **({"supposed": [*tables.supposed]} if tables.supposed else {}),
        "dataset": {**asdict(tables.edition), "license": LICENSE},
    }


def identity(subject: Subject) -> Document:
    """Who a subject is; a point has no type."""
    kind = subject.subject_type
    return {
        "subject_key": subject.key or None,
        "subject": subject.name,
        "subject_type": kind if kind in SUBJECT_TYPES else None,
        "country": subject.country or None,
        "region": subject.region or None,
        "geoid": subject.geoid or None,
        "geoidfq": long_geoid(subject.geoid) or None,
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


def newest_first(rules: Iterable[AnyRule]) -> list[AnyRule]:
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
