"""Positions on a day → the ``status`` document, a contract in plain JSON types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast

import pandas as pd

from frtracker.answers.documents import Change, Document, Level, NextChange, Position, Rule
from frtracker.dates import format_days
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Market, Timeline, next_changes, periods_on, positions_on, states_on
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import ACTORS, LIVE_STATES, MEASURES, scope_of

__all__ = [
    "SCHEMA_VERSION",
    "Document",
    "Filters",
    "by_subject",
    "headline",
    "next_change",
    "position",
    "records",
    "rule",
    "rule_ends",
    "status",
]

SCHEMA_VERSION: Final = 1
_MARKETED: Final = frozenset({"vendor", "company"})
_LISTS: Final = frozenset({"uses", "applies_to", "superseded_for"})
_STATE: Final = ("state", "certain", "superseded_for", "start_presumed", "continuation_presumed")
_FLAGS: Final = frozenset({"certain", "start_presumed", "continuation_presumed"})
_MADE: Final = ("scope", "ended_on")
_CELLS: Final = [name for name in Rule.__annotations__ if name not in (*_STATE, *_MADE)]
_GROUPS: Final = MappingProxyType(
    {"vendor": "vendors", "company": "companies", "agency": "agencies", "school": "agencies"}
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Filters:
    """Which subjects to list. Empty means all; ``for_actors`` also limits whose positions make the
    headline. ``everything`` lists every subject with a row that is not ``not_yet``."""

    keys: frozenset[str] = frozenset()
    subject_types: frozenset[str] = frozenset()
    country: str = ""
    region: str = ""
    measures: frozenset[str] = frozenset()
    for_actors: tuple[str, ...] = field(default=tuple(ACTORS))
    everything: bool = False


def status(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    as_of_given: str = "",
    filters: Filters = Filters(),
) -> Document:
    """The status document of ``day``: what each listed subject's position is and why.

    Its shape is the JSON contract of ``frtracker status --format json``.
    """
    subjects = subjects_by_key(tables.subjects)
    rules = _rules_on(timeline, day)
    by_id = {rule["policy_id"]: rule for own in rules.values() for rule in own}
    positions = by_subject(positions_on(timeline, day))
    periods = by_subject(periods_on(timeline, day))
    coming = by_subject(next_changes(timeline, day))
    entries = []
    for key, subject in subjects.items():
        if key in rules and _is_asked_about(subject, rules[key], filters):
            own = periods.get(key, [])
            found = {row["actor"]: position(row, by_id, own) for row in positions.get(key, ())}
            if _is_listed(subject, rules[key], found, filters):
                entries.append(_entry(subject, rules[key], found, coming.get(key, []), filters))
    known_at = timeline.known_at
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": day.isoformat(),
        "as_of_given": as_of_given or day.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "dataset": asdict(tables.edition),
        "filters": {"for": list(filters.for_actors), "measures": sorted(filters.measures)},
        "subjects": entries,
        "counts": _counts(entries),
        "searches": _searches(tables, filters),
    }


def _searches(tables: Tables, filters: Filters) -> list[Document] | None:
    """Where a country or region is asked about: what was searched there and found, so that
    "nothing listed" is not read as "nothing exists"; an empty list is "not searched"."""
    if not filters.country:
        return None
    rows = tables.searches
    rows = rows[(rows["country"] == filters.country) & (rows["region"] == filters.region)]
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


# --- which subjects


def _is_asked_about(subject: Subject, rules: Iterable[Rule], filters: Filters) -> bool:
    if filters.keys and subject.key not in filters.keys:
        return False
    if filters.subject_types and subject.subject_type not in filters.subject_types:
        return False
    market = filters.region or filters.country
    if not market or subject.subject_type in _MARKETED:
        return True  # a vendor is asked about the market, by what holds there
    if subject.subject_type == "agency":
        territories = {rule["territory"] for rule in rules if rule["territory"]}
        if any(Market(market).is_covered_by(territory) for territory in territories):
            return True  # an agency's rule beyond its own region
    if filters.country and subject.country != filters.country:
        return False
    return not filters.region or subject.region == filters.region


def _is_listed(
    subject: Subject, rules: Iterable[Rule], positions: Mapping[str, Position], filters: Filters
) -> bool:
    asked = {actor: p for actor, p in positions.items() if actor in filters.for_actors}
    if not asked:
        return False
    in_market = subject.subject_type in _MARKETED and (filters.country or filters.region)
    if in_market and all(p["measure"] == "none" for p in asked.values()):
        return False  # none of its own rules holds there
    is_live = any(
        rule["state"] in LIVE_STATES
        and rule["measure"] != "none"
        and any(actor in asked for actor in rule["applies_to"])
        for rule in rules
    )
    if not filters.everything and not is_live:
        return False
    measures = {p["measure"] for p in asked.values()}
    measures |= {rule["measure"] for p in asked.values() for rule in p["also"]}
    return not filters.measures or bool(measures & filters.measures)


# --- what is said of one


def _entry(
    subject: Subject,
    rules: list[Rule],
    positions: Mapping[str, Position],
    coming: Sequence[Row],
    filters: Filters,
) -> Document:
    asked = {actor: p for actor, p in positions.items() if actor in filters.for_actors}
    changes = []
    for row in coming:
        before = positions.get(row["actor"])
        cells = before and {name: before[name] for name in ("measure", "scope", "certain")}
        changes.append({**row, "before": cells})
        if before:
            on = row["valid_from"].isoformat()
            before["next_change"] = {"on": on, **_change(changes[-1])}
    return {
        "key": subject.key,
        "subject": subject.name,
        "subject_type": subject.subject_type,
        "country": subject.country or None,
        "region": subject.region or None,
        "within": list(subject.within),
        **headline(asked),
        "positions": {actor: positions.get(actor) for actor in ACTORS},
        "next_change": next_change([row for row in changes if row["actor"] in filters.for_actors]),
        "policies": rules,
        "relation": "own",
        "applies_here": [],
    }


def position(row: Row, rules: Mapping[str, Rule], periods: Iterable[Row]) -> Position:
    """One position of the document, of a row of the timeline's ``positions``.

    ``rules``: those of the day by id; ``periods``: rows of the timeline's ``periods`` on the day
    that are the subject's.
    """
    ids = _list(row["policy_ids"])
    makers = [rules[policy_id] for policy_id in ids]
    ends = dict.fromkeys(rule["ends_when"] for rule in makers if rule["ends_when"])
    return {
        **_level(row["measure"], row["scope"]),
        "certain": bool(row["certain"]),
        "at_least": _floor(row),
        "since": _days(row["since_low"], row["since_high"]),
        "prohibited_since": _days(row["prohibited_since_low"], row["prohibited_since_high"]),
        "until": _days(row["until_low"], row["until_high"]),
        "ends_when": "; ".join(ends) or None,
        "start_presumed": bool(row["start_presumed"]),
        "continuation_presumed": bool(makers)
        and all(rule["continuation_presumed"] for rule in makers),
        "lifted": bool(row["lifted"]),
        "territory": row["territory"] or None,
        "policy_ids": ids,
        "also": [
            {
                **_level(period["measure"], period["scope"]),
                "certain": bool(period["certain"]),
                "territory": period["territory"] or None,
                "policy_id": period["policy_id"],
            }
            for period in periods
            if period["actor"] == row["actor"]
            and period["policy_id"] not in ids
            and period["measure"] != "none"
        ],
        "next_change": None,
    }


def next_change(rows: Sequence[Row]) -> NextChange | None:
    """All that changes on the first of the days of ``rows``, the highest-ranked first.

    ``rows``: of :func:`frtracker.timeline.next_changes`, of one subject; with ``before``, the
    position that each follows (None: no act is recorded until then), where it is known.
    """
    if not rows:
        return None
    on = min(row["valid_from"] for row in rows)
    changes: list[tuple[list[str], Change]] = []
    for row in rows:
        if row["valid_from"] == on:
            change = _change(row)
            same = next((pair for pair in changes if _is_alike(pair[1], change)), None)
            if same is None:
                changes.append(([row["actor"]], change))
            else:
                same[0].append(row["actor"])
                ids = dict.fromkeys([*same[1]["policy_ids"], *change["policy_ids"]])
                same[1]["policy_ids"] = list(ids)
    ranked = sorted(changes, key=lambda pair: _place(pair[1]), reverse=True)
    return {"on": on.isoformat(), "changes": [{"actors": who, **change} for who, change in ranked]}


def _change(row: Row) -> Change:
    change: Change = {
        "measure": row["measure"],
        "scope": row["scope"] or None,
        "certain": bool(row["certain"]),
        "policy_ids": _list(row["policy_ids"]),
    }
    if not row["certain"]:
        change["at_least"] = _floor(row)
        if "before" in row:
            change["before"] = row["before"]
    return change


def _is_alike(one: Change, other: Change) -> bool:
    return {**one, "policy_ids": []} == {**other, "policy_ids": []}


def headline(positions: Mapping[str, Position]) -> Document:
    """The highest-ranked position, of equals a certain one, and the actors that have it."""
    top = max(positions.values(), key=_place)
    same = {actor: p for actor, p in positions.items() if _place(p) == _place(top)}
    since, until = ({p[name] for p in same.values()} for name in ("since", "until"))
    return {
        "measure": top["measure"],
        "scope": top["scope"],
        "for": list(same) if top["measure"] != "none" else [],
        "certain": top["certain"],
        # a day that all share; actors bound since different days have none in common
        "since": since.pop() if len(since) == 1 else None,
        "until": until.pop() if len(until) == 1 else None,
    }


def _place(level: Position | Change) -> tuple[int, bool]:
    return RANK[level["measure"], level["scope"] or ""], level["certain"]


def _counts(entries: Iterable[Document]) -> Document:
    """How many of the subjects have which headline: by group, scope and measure; what is uncertain
    is counted apart."""
    measures = [code for code in MEASURES if code != "none"]
    groups: dict[str, Document] = {
        name: {
            "general": dict.fromkeys(measures, 0),
            "narrow": dict.fromkeys(measures, 0),
            "none": 0,
            "uncertain": 0,
        }
        for name in ("places", "agencies", "vendors", "companies")
    }
    for entry in entries:
        group = groups[_GROUPS.get(entry["subject_type"], "places")]
        if not entry["certain"]:
            group["uncertain"] += 1
        elif entry["measure"] == "none":
            group["none"] += 1
        else:
            group[entry["scope"]][entry["measure"]] += 1
    return groups


# --- rows of the timeline


def _rules_on(timeline: Timeline, day: date) -> dict[str, list[Rule]]:
    """The rows of the record by subject, each with its state on ``day``; without ``not_yet``."""
    cells = {name: timeline.policies[name].array for name in ("subject_key", *_CELLS)}
    table = states_on(timeline, day)[list(_STATE)].assign(**cells)
    grouped = by_subject(table[table["state"] != "not_yet"])
    ended = rule_ends(timeline) if table["superseded_for"].any() else {}
    return {key: [rule(row, ended) for row in rows] for key, rows in grouped.items()}


def rule_ends(timeline: Timeline) -> dict[tuple[str, str], str]:
    """By rule and actor the day on which it ended, as precise as it is known."""
    table = timeline.events
    rows = (row for own in by_subject(table[table["kind"] == "ended"]).values() for row in own)
    return {
        (row["policy_id"], actor): format_days(row["low"] or date.min, row["high"])
        for row in rows
        for actor in row["actors"].split(";")
    }


def rule(row: Row, ended: Mapping[tuple[str, str], str]) -> Rule:
    """One row of the record with the cells of its state; ``ended``: see :func:`rule_ends`."""
    ends = {actor: ended.get((row["policy_id"], actor)) for actor in _list(row["superseded_for"])}
    made = {
        "scope": scope_of(row["uses"]) if row["measure"] != "none" else None,
        "ended_on": {actor: days for actor, days in ends.items() if days},
    }
    cells: Document = {}
    for name in Rule.__annotations__:
        cell: Any = made[name] if name in made else row[name]
        if name in _LISTS:
            cells[name] = _list(cell)
        else:
            cells[name] = cell if name in _FLAGS or name in made else cell or None
    return cast("Rule", cells)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table; days as ``date``, None where there is none."""
    columns = {
        str(name): cells.to_numpy().astype("datetime64[D]").tolist()
        if cells.dtype.kind == "M"
        else cells.tolist()
        for name, cells in frame.items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_subject(frame: pd.DataFrame) -> dict[str, list[Row]]:
    """The rows of a table of the timeline, see :func:`records`, by key of subject."""
    grouped: dict[str, list[Row]] = {}
    for row in records(frame):
        grouped.setdefault(row["subject_key"], []).append(row)
    return grouped


def _level(measure: str, scope: str) -> Level:
    return {"measure": measure, "scope": scope or None}


def _floor(row: Row) -> Level | None:
    floor = row["at_least_measure"]
    return _level(floor, row["at_least_scope"]) if floor else None


def _days(low: date | None, high: date | None) -> str | None:
    """A range of days, as precise as it is; None where one is missing."""
    return None if low is None or high is None else format_days(low, high)


def _list(cell: str) -> list[str]:
    return cell.split(";") if cell else []
