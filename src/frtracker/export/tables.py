"""The tables that are exported, those of the record and those of the timeline: their columns, and
their cells of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from frtracker import wording
from frtracker.export.documents import Snapshot
from frtracker.fields import describe
from frtracker.record import columns as recorded
from frtracker.record.tables import Tables, bounds
from frtracker.text.sheet import Facts, about
from frtracker.timeline.columns import (
    EVENTS,
    KEY,
    PERIODS,
    POSITIONS,
    RULE_STATES,
    Column,
    Kind,
    range_of,
)
from frtracker.timeline.days import to_days


@dataclass(frozen=True, slots=True)
class Table:
    """``key``: the columns that name a row, if any do."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def refers(self, column: str) -> str:
        """The table whose key the column, or each word of its list, is; '' if it is none."""
        return "" if self.key == (column,) else _REFERENCES.get(column, "")


_REFERENCES: Final[Mapping[str, str]] = MappingProxyType(
    {"subject_key": "subjects"}
    | dict.fromkeys(("policy_id", "replaced_by", "policy_ids", "causes"), "policies")
    | dict.fromkeys(("supersedes", "relates_to"), "policies")
)
_GEOIDS: Final = tuple(
    Column(name, "text", describe(name), optional=True) for name in ("geoid", "geoidfq")
)
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"list": "list", "day": "day", "number": "number", "count": "count"}
)
"""Of cells of the record; any other is text."""


def _placed(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The key of a subject followed by its GEOID."""
    place = columns.index(KEY) + 1
    return (*columns[:place], *_GEOIDS, *columns[place:])


def _of_record(table: recorded.Table) -> Table:
    """Each recorded date is followed by its first and last possible day."""
    columns: list[Column] = []
    for it in table.columns:
        if it.name == "geoid":
            columns += _GEOIDS
        elif it.kind.name == "date":
            columns.append(Column(it.name, "text", it.description, optional=not it.required))
            columns += range_of(it.name, it.description.rstrip("."))
        else:
            kind = _KINDS.get(it.kind.name, "text")
            optional = not it.required and (kind != "list" or it.name == "territory")
            terms = it.kind.terms if it.kind.name == "word" else ()
            columns.append(Column(it.name, kind, it.description, optional, terms))
    made, key = tuple(columns), table.key
    if table.name == "subjects":
        made, key = (KEY, *made), (KEY.name,)
    elif table.name == "policies":
        made = _placed((made[0], KEY, *made[1:]))
    return Table(table.name, table.title, table.description, made, key)


KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {"subjects": "subject_key", "policies": "policy_id"}
)
"""Of the tables that others refer to."""
TABLES: Final = (
    *map(_of_record, recorded.TABLES.values()),
    Table(
        "positions",
        "Positions over time",
        "One row is a stretch of days in which the position of one subject for one actor stays the"
        " same. Uncertain stretches and stretches without a rule in force are rows of their own.",
        _placed(POSITIONS),
        ("subject_key", "actor", "valid_from"),
    ),
    Table(
        "periods",
        "Rules in force over time",
        "One row is one rule for one actor, in force on a stretch of days, certainly or possibly.",
        _placed(PERIODS),
        ("policy_id", "actor", "valid_from"),
    ),
    Table(
        "states",
        "States of rules over time",
        "One row is one rule in one state, on a stretch of days.",
        _placed(RULE_STATES),
        ("policy_id", "valid_from"),
    ),
    Table(
        "events",
        "What was introduced, decided, began or ended",
        "One row is one event of one rule, past or scheduled, between its first and last possible"
        " day.",
        _placed(EVENTS),
        ("event_id",),
    ),
)
"""In the order in which they are written."""


def facts_of(snapshot: Snapshot, what: str) -> Facts:
    """What is to be known of a file with ``what`` of these tables."""
    document = {"dataset": snapshot.status["dataset"]}
    return about({**document, "cite_as": wording.citation(document, what)})


def with_geoids(frame: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """A table with the columns ``geoid`` and ``geoidfq`` (str, '' where there is none) of its
    subjects, after their ``subject_key``."""
    places = tables.subjects.set_index("subject_key")
    number = [*frame.columns].index("subject_key")
    found = frame.copy(deep=False)
    for it in reversed(_GEOIDS):
        found.insert(number + 1, it.name, frame["subject_key"].map(places[it.name]))
    return found


def cells(table: Table, snapshot: Snapshot) -> pd.DataFrame:
    """The ``columns`` of one of :data:`TABLES` in order, text and lists (joined by ``;``) as str,
    days as datetime64, flags as bool, numbers as float64, missing where there is nothing."""
    is_recorded = table.name in recorded.TABLES
    frame: pd.DataFrame = getattr(snapshot.tables if is_recorded else snapshot.timeline, table.name)
    if "geoid" in table.names and "geoid" not in frame:
        frame = with_geoids(frame, snapshot.tables)
    frame = frame.copy(deep=False)
    for it in recorded.TABLES[table.name].columns if is_recorded else ():
        if it.kind.name in ("date", "day"):
            # an open beginning is the year 1, which is no day of any record
            ends = ((days * (days > 1)).astype(np.int64) for days in bounds(frame[it.name]))
            low, high = map(to_days, ends)
            if it.kind.name == "day":
                frame[it.name] = low
            else:
                frame[f"{it.name}_low"], frame[f"{it.name}_high"] = low, high
        elif it.kind.name == "count":
            frame[it.name] = frame[it.name].astype("object").map(int, na_action="ignore")
    for column in table.columns:
        if column.kind in ("text", "list"):
            frame[column.name] = frame[column.name].mask(frame[column.name] == "")
    return frame[table.names]
