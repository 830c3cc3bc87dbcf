"""The state of every act on every day, as runs of days: what ``states_on`` says, asked rarely.

A state can turn only on days that the rows of its own subject name. Each subject is asked on
each of those, all in one question: a copy of its rows for every such day, moved so that the
day falls on one common day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.columns import DATES as DATE_COLUMNS
from frtracker.timeline import Timeline, states_on
from frtracker.timeline.bindings import bindings

Days = npt.NDArray[np.int64]

_COMMON: Final = date(2200, 1, 1)
_EVER: Final = date.min.toordinal()
_BOUNDS: Final = tuple(f"{column}_{end}" for column in DATE_COLUMNS for end in ("low", "high"))

_SAID: Final = [*DATE_COLUMNS, "decided_by", "instrument", "summary", "exceptions", "notes"]
"""What no state depends on, the dates as they are written among it."""

State = tuple[str, bool, str, bool, bool]
"""Of a row on a day: what a :class:`Run` tells after ``first``."""
Asked = tuple[int, int, State]
"""Row, day, and its state then."""


@dataclass(frozen=True, slots=True)
class Run:
    """From ``first`` (an ordinal) until the next run of the same row."""

    row: int
    first: int
    state: str
    certain: bool
    superseded_for: str
    start_presumed: bool
    continuation_presumed: bool

    @property
    def face(self) -> State:
        return (
            self.state,
            self.certain,
            self.superseded_for,
            self.start_presumed,
            self.continuation_presumed,
        )


def runs(timeline: Timeline) -> list[Run]:
    """The runs of each row of ``timeline.policies`` in order of days, the first from day 1."""
    turns = _turning_days(timeline)
    asked = _one_by_one(timeline, turns) if timeline.known_at else _at_once(timeline, turns)
    found: list[Run] = []
    before: tuple[int, State] | None = None
    for row, day, state in sorted(asked, key=itemgetter(0, 1)):
        if before != (row, state):
            found.append(Run(row, day, *state))
        before = (row, state)
    return found


def _turning_days(timeline: Timeline) -> dict[str, Days]:
    """For each subject the days on which the state of one of its rows may turn, and day 1."""
    bounds = timeline.policies[list(_BOUNDS)].to_numpy(np.int64)
    days: dict[str, set[int]] = {}
    for key, row in zip(timeline.policies["subject_key"], bounds, strict=True):
        named = {day for day in row.tolist() if day > _EVER}
        days.setdefault(key, {_EVER}).update(named, {day + 1 for day in named})
    for key, first, past in timeline.periods[["subject_key", "start", "end"]].itertuples(
        index=False, name=None
    ):
        ends = {day.date().toordinal() for day in (first, past) if not pd.isna(day)}
        days.setdefault(key, {_EVER}).update(ends)
    return {key: np.array(sorted(each), np.int64) for key, each in days.items()}


def _asked(states: pd.DataFrame, rows: Sequence[int], days: Sequence[int]) -> Iterator[Asked]:
    columns = ["state", "certain", "superseded_for", "start_presumed", "continuation_presumed"]
    cells = zip(*(states[name].tolist() for name in columns), strict=True)
    return zip(rows, days, cells, strict=True)


def _one_by_one(timeline: Timeline, turns: dict[str, Days]) -> list[Asked]:
    """One question a day: what is known on a day cannot be moved with the subjects."""
    days = sorted({int(day) for each in turns.values() for day in each})
    rows = range(len(timeline.policies))
    return [
        asked
        for day in days
        for asked in _asked(states_on(timeline, date.fromordinal(day)), rows, [day] * len(rows))
    ]


def _at_once(timeline: Timeline, turns: dict[str, Days]) -> list[Asked]:
    common = _COMMON.toordinal()
    policies = timeline.policies
    keys = policies["subject_key"].to_numpy(object)
    counts = np.array([len(turns[key]) for key in keys], np.int64)
    row = np.repeat(np.arange(len(policies)), counts)
    copy = np.concatenate([np.arange(count) for count in counts]) if len(counts) else row
    day = np.array([turns[keys[r]][c] for r, c in zip(row, copy, strict=True)], np.int64)

    moved = policies.drop(columns=_SAID).iloc[row].reset_index(drop=True)
    bounds = moved[list(_BOUNDS)].to_numpy(np.int64)
    shift = (common - day)[:, None]
    moved[list(_BOUNDS)] = np.where(bounds > _EVER, bounds + shift, bounds)
    mark = [f"@{number}" for number in copy.tolist()]
    moved["policy_id"] = _marked(moved["policy_id"], mark)
    moved["supersedes"] = [
        ";".join(f"{name}{at}" for name in cell.split(";")) if cell else ""
        for cell, at in zip(moved["supersedes"].tolist(), mark, strict=True)
    ]
    moved["subject_key"] = _marked(moved["subject_key"], mark)

    asked = replace(
        timeline,
        policies=moved,
        bindings=bindings(moved, market=timeline.market),
        periods=_moved_periods(timeline, turns),
    )
    return list(_asked(states_on(asked, _COMMON), row.tolist(), day.tolist()))


def _marked(names: pd.Series, marks: Sequence[str]) -> list[str]:
    return [f"{name}{mark}" for name, mark in zip(names.tolist(), marks, strict=True)]


def _moved_periods(timeline: Timeline, turns: dict[str, Days]) -> pd.DataFrame:
    common = _COMMON.toordinal()
    periods = timeline.periods
    days = [turns[key] for key in periods["subject_key"]]
    row = np.repeat(np.arange(len(periods)), [len(each) for each in days])
    copies = [number for each in days for number in range(len(each))]
    at = [day for each in days for day in each.tolist()]
    moved = periods.iloc[row].reset_index(drop=True)
    shift = pd.Series(
        (common - np.array(at, np.int64)).astype("timedelta64[D]"), dtype="timedelta64[s]"
    )
    always = moved["start"] <= pd.Timestamp(date.min).as_unit("s")
    moved["start"] = moved["start"].mask(~always, moved["start"] + shift)
    moved["end"] = moved["end"] + shift
    moved["policy_id"] = _marked(moved["policy_id"], [f"@{number}" for number in copies])
    return moved
