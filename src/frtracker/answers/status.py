"""Positions on a day → the ``status`` document, a contract in plain JSON types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast

import pandas as pd

from frtracker.answers.documents import (
    Change,
    Document,
    Level,
    NextChange,
    Position,
    Row,
    days,
    grouped,
    heading,
    identity,
    listed,
    recorded,
)
from frtracker.dates import format_days
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.columns import DATES, TABLES
from frtracker.record.load import Tables
from frtracker.timeline import Market, Timeline, next_changes, periods_on, positions_on, states_on
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import ACTORS, LIVE_STATES, MEASURES, scope_of

_MARKETED: Final = frozenset({"vendor", "company"})
_NOTHING: Final = MappingProxyType({"measure": "none", "scope": None, "certain": True})
_GROUPS: Final = MappingProxyType(
    {"vendor": "vendors", "company": "companies", "agency": "agencies", "school": "agencies"}
)
_FLAGS: Final = ("certain", "start_presumed", "continuation_presumed")
_LISTS: Final = ("uses", "applies_to", "supersedes", "relates_to")
_OF_THE_ACT: Final = tuple(
    name for name in TABLES["policies"].names if name not in TABLES["subjects"].names
)


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
    rules = rules_on(timeline, day)
    by_id = {rule["policy_id"]: rule for own in rules.values() for rule in own}
    positions = grouped(positions_on(timeline, day))
    periods = grouped(periods_on(timeline, day))
    coming = grouped(next_changes(timeline, day))
    entries = []
    for key, subject in subjects_by_key(tables.subjects).items():
        known = [rule for rule in rules.get(key, ()) if rule["state"] != "not_yet"]
        if known and _is_asked_about(subject, known, filters):
            own = periods.get(key, [])
            found = {row["actor"]: position(row, by_id, own) for row in positions.get(key, ())}
            if _is_listed(subject, known, found, filters):
                entries.append(_entry(subject, known, found, coming.get(key, []), filters))
    as_of = day.isoformat()
    return {
        **heading(
            "status", tables, timeline.known_at, as_of=as_of, as_of_given=as_of_given or as_of
        ),
        "filters": {"applies_to": list(filters.for_actors), "measures": sorted(filters.measures)},
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


def _is_asked_about(subject: Subject, rules: Iterable[Document], filters: Filters) -> bool:
    if filters.keys and subject.key not in filters.keys:
        return False
    if filters.subject_types and subject.subject_type not in filters.subject_types:
        return False
    market = filters.region or filters.country
    if not market or subject.subject_type in _MARKETED:
        return True  # a vendor is asked about the market, by what holds there
    if subject.subject_type == "agency":
        territories = [";".join(rule["territory"]) for rule in rules if rule["territory"]]
        if any(map(Market(market).is_covered_by, territories)):
            return True  # an agency's rule beyond its own region
    if filters.country and subject.country != filters.country:
        return False
    return not filters.region or subject.region == filters.region


def _is_listed(
    subject: Subject, rules: Iterable[Document], positions: Mapping[str, Position], filters: Filters
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
    rules: list[Document],
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
        **identity(subject),
        **headline(asked),
        "positions": {actor: positions.get(actor) for actor in ACTORS},
        "next_change": next_change([row for row in changes if row["actor"] in filters.for_actors]),
        "policies": rules,
        "relation": "own",
        "applies_here": [],
    }


def position(row: Row, rules: Mapping[str, Document], periods: Iterable[Row]) -> Position:
    """One position of the document, of a row of the timeline's ``positions``.

    ``rules``: those of the day by id; ``periods``: rows of the timeline's ``periods`` on the day
    that are the subject's.
    """
    ids = listed(row["policy_ids"])
    made = as_of_makers([rules[policy_id] for policy_id in ids])
    cells = {
        **_level(row["measure"], row["scope"]),
        "certain": bool(row["certain"]),
        "at_least": _floor(row),
        **_range("since", row),
        **_range("prohibited_since", row),
        **_range("until", row),
        "start_presumed": bool(row["start_presumed"]),
        **made,
        "lifted": bool(row["lifted"]),
        "territory": listed(row["territory"]) or None,
        "policy_ids": ids,
        "also": [
            {
                **_level(period["measure"], period["scope"]),
                "certain": bool(period["certain"]),
                "territory": listed(period["territory"]) or None,
                "policy_id": period["policy_id"],
            }
            for period in periods
            if period["actor"] == row["actor"]
            and period["policy_id"] not in ids
            and period["measure"] != "none"
        ],
        "next_change": None,
    }
    return cast("Position", cells)


def as_of_makers(rules: Sequence[Document]) -> Document:
    """What a position has of the rules that make it: when they end, and that they go on."""
    ends = dict.fromkeys(rule["ends_when"] for rule in rules if rule["ends_when"])
    presumed = bool(rules) and all(rule["continuation_presumed"] for rule in rules)
    return {"ends_when": "; ".join(ends) or None, "continuation_presumed": presumed}


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
    return {
        "on": on.isoformat(),
        "changes": [{"applies_to": who, **change} for who, change in ranked],
    }


def _change(row: Row) -> Change:
    change: Change = {
        "measure": row["measure"],
        "scope": row["scope"] or None,
        "certain": bool(row["certain"]),
        "policy_ids": listed(row["policy_ids"]),
    }
    if not row["certain"]:
        change["at_least"] = _floor(row)
        if "before" in row:
            change["before"] = row["before"]
    return change


def _is_alike(one: Change, other: Change) -> bool:
    return {**one, "policy_ids": []} == {**other, "policy_ids": []}


def headline(positions: Mapping[str, Row | Position]) -> Document:
    """The highest-ranked position, of equals a certain one, and the actors that have it; without
    any, none in force."""
    top = max(positions.values(), key=_place, default=_NOTHING)
    same = {actor: p for actor, p in positions.items() if _place(p) == _place(top)}
    head: Document = {
        "measure": top["measure"],
        "scope": top["scope"],
        "applies_to": list(same) if top["measure"] != "none" else [],
        "certain": top["certain"],
    }
    for name in ("since", "until"):
        # a day that all share; actors bound since different days have none in common
        shared = top if len({p[name] for p in same.values()}) == 1 else {}
        head |= {end: shared.get(end) for end in (name, f"{name}_low", f"{name}_high")}
    return head


def _place(level: Row | Position | Change) -> tuple[int, bool]:
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


def rules_on(timeline: Timeline, day: date) -> dict[str, list[Document]]:
    """The rows of the record by key of subject, each with its state on ``day``."""
    states = states_on(timeline, day)
    added = states.columns.difference(timeline.policies.columns)
    table = pd.concat([timeline.policies, states[added]], axis=1)
    if timeline.known_at:  # the review came later
        later = table["reviewed_on_low"] > timeline.known_at.toordinal()
        for name, empty in (("", ""), ("_low", 0), ("_high", 0)):
            table[f"reviewed_on{name}"] = table[f"reviewed_on{name}"].mask(later, empty)
    ended = rule_ends(timeline) if table["superseded_for"].any() else {}
    return {key: [rule(row, ended) for row in rows] for key, rows in grouped(table).items()}


def rule_ends(timeline: Timeline) -> dict[tuple[str, str], str]:
    """By rule and actor the day on which it ended, as precise as it is known."""
    table = timeline.events
    rows = (row for own in grouped(table[table["kind"] == "ended"]).values() for row in own)
    return {
        (row["policy_id"], actor): format_days(row["on_low"] or date.min, row["on_high"])
        for row in rows
        for actor in listed(row["applies_to"])
    }


def rule(row: Row, ended: Mapping[tuple[str, str], str]) -> Document:
    """A row of the record with its state: what is recorded of the act, without its subject.

    ``row``: one of the timeline's ``policies`` with the cells of its state; ``ended``: see
    :func:`rule_ends`. ``superseded_for``: the actors for whom a rule that goes on for others has
    ended; ``ended_on``: where an event ended it, on which day.
    """
    gone = listed(row["superseded_for"])
    ends = {actor: ended.get((row["policy_id"], actor)) for actor in gone}
    cells: Document = {
        "policy_id": row["policy_id"],
        "state": row["state"],
        **{name: row[name] for name in _FLAGS},
        "superseded_for": gone,
        "ended_on": {actor: day for actor, day in ends.items() if day},
        "scope": scope_of(row["uses"]) if row["measure"] != "none" else None,
    }
    for name in _OF_THE_ACT:
        cells |= recorded(name, row) if name in DATES else {name: row[name] or None}
    cells |= {name: listed(row[name]) for name in _LISTS}
    cells["territory"] = listed(row["territory"]) or None
    cells["exceptions"] = row["exceptions"].split("; ") if row["exceptions"] else []
    return cells


def _level(measure: str, scope: str) -> Level:
    return {"measure": measure, "scope": scope or None}


def _floor(row: Row) -> Level | None:
    floor = row["at_least_measure"]
    return _level(floor, row["at_least_scope"]) if floor else None


def _range(name: str, row: Row) -> Any:
    return days(name, row[f"{name}_low"], row[f"{name}_high"])
