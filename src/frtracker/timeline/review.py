"""Which rows are due for review on a day, since when, and why.

A row is due when its review is older than its kind allows, or when something that the record
foresaw has come to pass since: an end, a start; and a rule that ends on a condition must have been
shown in force lately. Rows are judged by what is recorded of them; nothing here asks a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import pandas as pd

from frtracker.timeline import Timeline, states_on
from frtracker.vocabulary import BINDING_STATUSES, HELD_STATES

SHORT_DAYS: Final = 90
"""Between reviews of moratoria and of proposals whose outcome is open."""

LONG_DAYS: Final = 365
"""Between reviews of every other row."""

CONFIRMED_DAYS: Final = 90
"""How long one proof that a conditional rule is in force is good for."""

PENDING: Final = frozenset({"proposed", "unknown"})
"""The outcome is open, or was not found."""

ReasonCode = Literal["review", "end", "start", "unconfirmed"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is due. ``since``: the first day on which it was.

    ``review``: not reviewed for ``limit`` days; ``value`` is its ``reviewed_on``.
    ``end``, ``start``: the recorded ``expires_on`` or ``effective_on`` (``value``) came after the
    last review. ``unconfirmed``: in force until a condition, and ``value``, its
    ``last_confirmed_on``, is more than ``limit`` days old or empty. ``limit`` is None where no
    number of days plays a part.
    """

    code: ReasonCode
    since: date
    value: str
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A row due for review; ``reasons`` (never empty) by day, then in the order of the codes."""

    policy_id: str
    subject: str
    subject_type: str
    country: str
    region: str
    measure: str
    status: str
    reviewed_on: str
    reasons: tuple[Reason, ...]

    @property
    def since(self) -> date:
        return self.reasons[0].since


_FACTS: Final = (
    "policy_id",
    "subject",
    "subject_type",
    "country",
    "region",
    "measure",
    "status",
    "reviewed_on",
)


def due(timeline: Timeline, day: date, days: int | None = None) -> tuple[Due, ...]:
    """The rows of ``timeline.policies`` due on ``day``, the longest due first.

    ``days`` replaces both :data:`SHORT_DAYS` and :data:`LONG_DAYS`; recorded ends, starts and
    unconfirmed conditions are due whatever it is. Ends and starts count for rows that are binding
    or pending; on a partial date a row is due once when its first possible day has come, and once
    more when its last has, each only until it is reviewed. Proof of a conditional rule is asked
    while the rule is, or may be, in force.
    """
    live = states_on(timeline, day)["state"].isin(HELD_STATES)
    found = [
        Due(**{name: row[name] for name in _FACTS}, reasons=reasons)
        for row, is_live in zip(_records(timeline.policies), live.tolist(), strict=True)
        if (reasons := _reasons(row, day, days, is_live=is_live))
    ]
    return tuple(sorted(found, key=lambda row: (row.since, row.policy_id)))


def _records(policies: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in policies.to_dict("records")]


def _reasons(
    row: Mapping[str, Any], day: date, days: int | None, *, is_live: bool
) -> tuple[Reason, ...]:
    found = [_review(row, days), *_past(row)]
    if is_live and row["ends_when"]:
        found.append(_unconfirmed(row, day))
    return tuple(sorted((r for r in found if r.since <= day), key=lambda reason: reason.since))


def interval(measure: str, status: str) -> int:
    """Days between reviews of a row: an open outcome and a moratorium in force change soonest.

    >>> interval("moratorium", "adopted"), interval("moratorium", "failed")
    (90, 365)
    """
    moratorium = measure == "moratorium" and status in BINDING_STATUSES
    return SHORT_DAYS if moratorium or status in PENDING else LONG_DAYS


def _review(row: Mapping[str, Any], days: int | None) -> Reason:
    limit = interval(row["measure"], row["status"]) if days is None else days
    since = _after(row["reviewed_on_high"], limit)
    return Reason("review", since, row["reviewed_on"], limit)


def _past(row: Mapping[str, Any]) -> Iterator[Reason]:
    if row["status"] not in BINDING_STATUSES | PENDING:
        return
    codes: tuple[tuple[ReasonCode, str], ...] = (("end", "expires_on"), ("start", "effective_on"))
    for code, column in codes:
        for possible in (row[f"{column}_low"], row[f"{column}_high"]):
            if possible > row["reviewed_on_high"]:
                yield Reason(code, date.fromordinal(possible), row[column])
                break


def _unconfirmed(row: Mapping[str, Any], day: date) -> Reason:
    shown = row["last_confirmed_on"]
    if shown:
        since = _after(row["last_confirmed_on_high"], CONFIRMED_DAYS + 1)
    else:
        # Nothing was ever shown, so proof has been wanting since the start, which may be partial.
        started = date.fromordinal(row["effective_on_high"] or row["decided_on_high"])
        since = min(started, day)
    return Reason("unconfirmed", since, shown, CONFIRMED_DAYS)


def _after(ordinal: int, days: int) -> date:
    return date.fromordinal(min(ordinal + days, date.max.toordinal()))
