"""Which rows are due for review on a day, since when, and why.

A row is due when its review is older than its kind allows (``review``), or when something that the
record foresaw has come to pass since (``end``, ``start``); and a rule that ends on a condition must
have been shown in force lately (``unconfirmed``). Nothing here asks a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from frtracker.timeline import Timeline, states_on
from frtracker.vocabulary import BINDING_STATUSES, HELD_STATES

SHORT_DAYS: Final = 90  # between reviews of moratoria and of proposals whose outcome is open
LONG_DAYS: Final = 365  # between reviews of every other row
CONFIRMED_DAYS: Final = 90  # how long one proof that a conditional rule is in force is good for
PENDING: Final = frozenset({"proposed", "unknown"})  # the outcome is open, or was not found


def due(timeline: Timeline, day: date, days: int | None = None) -> list[dict[str, Any]]:
    """Return the rows of ``timeline.policies`` due on ``day``, the longest due first: what the row
    is, ``since`` (ISO 8601) and ``reasons``, by day: ``code``, ``since``, ``value`` (the recorded
    date that is the reason, or '') and ``limit_days`` (None where no number of days plays a part).

    ``days`` replaces both :data:`SHORT_DAYS` and :data:`LONG_DAYS`; recorded ends, starts and
    unconfirmed conditions are due in any case. On a partial date a row is due once when its
    first possible day has come, and once more when its last has, each only until it is reviewed.
    """
    rows: list[dict[str, Any]] = []
    live = states_on(timeline, day)["state"].isin(HELD_STATES).tolist()
    for row, is_live in zip(timeline.policies.to_dict("records"), live, strict=True):
        reasons: list[dict[str, Any]] = [
            {
                "code": code,
                "since": date.fromordinal(since).isoformat(),
                "value": value,
                "limit_days": limit,
            }
            for code, since, value, limit in _reasons(row, day.toordinal(), days, is_live=is_live)
            if since <= day.toordinal()
        ]
        if reasons:
            reasons.sort(key=lambda reason: reason["since"])
            names = ("policy_id", "subject_key", "measure", "status", "reviewed_on")
            facts = {name: row[name] for name in names}
            rows.append({**facts, "since": reasons[0]["since"], "reasons": reasons})
    return sorted(rows, key=lambda row: (row["since"], row["policy_id"]))


def _reasons(
    row: Mapping[Any, Any], day: int, days: int | None, *, is_live: bool
) -> Iterator[tuple[str, int, str, int | None]]:
    """Code, first day, value and limit of each reason, past or to come; days are ordinals."""
    reviewed = row["reviewed_on_high"]
    limit = interval(row["measure"], row["status"]) if days is None else days
    yield "review", reviewed + limit, row["reviewed_on"], limit
    if row["status"] in BINDING_STATUSES | PENDING:
        for code, column in (("end", "expires_on"), ("start", "effective_on")):
            possible = (row[f"{column}_low"], row[f"{column}_high"])
            if since := next((end for end in possible if end > reviewed), 0):
                yield code, since, row[column], None
    if is_live and row["ends_when"]:
        since = row["last_confirmed_on_high"] + CONFIRMED_DAYS + 1
        if not row["last_confirmed_on"]:
            # Nothing was ever shown: proof has been wanting since the start, which may be partial.
            since = min(row["effective_on_high"] or row["decided_on_high"], day)
        yield "unconfirmed", since, row["last_confirmed_on"], CONFIRMED_DAYS


def interval(measure: str, status: str) -> int:
    """Days between reviews of a row: an open outcome and a moratorium in force change soonest.

    >>> interval("moratorium", "adopted"), interval("moratorium", "failed")
    (90, 365)
    """
    moratorium = measure == "moratorium" and status in BINDING_STATUSES
    return SHORT_DAYS if moratorium or status in PENDING else LONG_DAYS
