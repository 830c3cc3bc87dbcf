"""The columns of the tables that other programs read, each with its kind and its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import pandas as pd

from frtracker.record.columns import DATES, TABLES

Kind = Literal["text", "flag", "day", "number"]
Value = str | bool | date | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text, flag (true or false), day, or number. Only an ``optional`` one has gaps."""

    name: str
    kind: Kind
    description: str
    optional: bool = False


def _run(name: str, what: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_low", "day", f"{what}: the first day that it can be.", optional=True),
        Column(f"{name}_high", "day", f"{what}: the last day that it can be.", optional=True),
    )


_KEY: Final = Column("subject_key", "text", "Key of the subject: us-or-portland.")
_ACTOR: Final = Column("actor", "text", "Whom it is about: police, government, schools, private.")
_START: Final = Column("start", "day", "First day of the stretch.")
_END: Final = Column(
    "end", "day", "First day after the stretch; empty if it goes on. `end` is a word of SQL: "
    'write "end".', optional=True,
)  # fmt: skip
_TERRITORY: Final = Column(
    "territory",
    "text",
    "ISO 3166 codes (;) of where it holds; empty = everywhere, or the subject's own place.",
    optional=True,
)

POSITIONS: Final = (
    _KEY,
    _ACTOR,
    Column(
        "measure",
        "text",
        "The position: the highest measure in force, of an uncertain one the highest possible; "
        "none = acts are recorded and none is in force.",
    ),
    Column("scope", "text", "general or narrow; empty where the measure is none.", optional=True),
    Column("certain", "flag", "False where the record cannot tell."),
    Column(
        "at_least_measure",
        "text",
        "Of an uncertain position the lowest possible; empty where possibly nothing holds.",
        optional=True,
    ),
    Column("at_least_scope", "text", "Scope of that lowest position.", optional=True),
    _TERRITORY,
    Column("policy_ids", "text", "The rules (;) that make the position.", optional=True),
    Column("lifted", "flag", "None is in force because a repeal or a court lifted what was."),
    Column("start_presumed", "flag", "The run begins on a decision; its start is not recorded."),
    _START,
    _END,
    *_run("since", "Start of the unbroken run of the same measure and scope"),
    *_run("until", "First day on which that run no longer holds"),
    *_run("prohibited", "Start of the run of any general ban, moratorium or withdrawal"),
)
"""One row = a stretch of days in which one subject's position for one actor is the same."""

PERIODS: Final = (
    Column("policy_id", "text", "The rule."),
    _KEY,
    _ACTOR,
    Column("measure", "text", "Its measure."),
    Column("scope", "text", "general or narrow; empty for a rule that only lifts.", optional=True),
    _TERRITORY,
    Column("certain", "flag", "False where it may not be in force in these days."),
    _START,
    _END,
)
"""One row = one rule for one actor, in force on ``[start, end)``, certainly or perhaps."""

DERIVED_KEY: Final = _KEY


def recorded(table: str) -> tuple[Column, ...]:
    """The columns of one of the four tables, as in its file; dates are text, as recorded."""
    return tuple(
        Column(
            it.name,
            "number" if it.kind.name == "number" else "text",
            it.description,
            optional=not it.required,
        )
        for it in TABLES[table].columns
    )


def bounds() -> tuple[Column, ...]:
    """The first and last possible day of each date of ``policies``."""
    return tuple(
        column
        for name in DATES
        for column in _run(name, f"The recorded {name}")
    )  # fmt: skip


def rows(frame: pd.DataFrame, columns: Iterable[Column]) -> Iterator[tuple[Value, ...]]:
    """The rows in plain types: str, bool, date, float; None where empty."""
    cells = [[_value(item, column) for item in frame[column.name]] for column in columns]
    return zip(*cells, strict=True)


def _value(item: Any, column: Column) -> Value:
    match column.kind:
        case "flag":
            return bool(item)
        case "number":
            return None if pd.isna(item) else float(item)
        case "day":
            return _day(item)
        case _:
            return None if column.optional and item == "" else str(item)


def _day(item: Any) -> date | None:
    """A timestamp, or an ordinal of which 0 is no date and 1 no first day."""
    if isinstance(item, pd.Timestamp):
        return item.date()
    if pd.isna(item) or int(item) <= 1:
        return None
    return date.fromordinal(int(item))
