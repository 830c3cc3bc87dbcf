"""Positions on a day → the ``status`` document, a contract in plain JSON types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast

import pandas as pd

from frtracker import wording
from frtracker.answers.coverage import coverage
from frtracker.answers.documents import (
    ActorsChange,
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
    is_live,
    listed,
    recorded,
    records,
)
from frtracker.dates import format_days
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.columns import DATES, TABLES
from frtracker.record.load import Tables
from frtracker.timeline import Market, Timeline, next_changes, periods_on, positions_on, states_on
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import (
    ACTORS,
    LEVELS_OF,
    MARKETED,
    MEASURES,
    SUBJECT_TYPES,
    USES,
    scope_of,
)

_NOTHING: Final = MappingProxyType({"measure": "none", "scope": None, "certain": True})
_GROUPS: Final = MappingProxyType(
    {"vendor": "vendors", "company": "companies", "agency": "agencies", "school": "agencies"}
)
_CONFIRMED: Final = ("last_confirmed_on", "last_confirmed_on_low", "last_confirmed_on_high")
_OF_THE_ACT: Final = tuple(
    (column.name, column.kind.name)
    for column in TABLES["policies"].columns
    if column.name not in TABLES["subjects"].names
)

RULE_CELLS: Final = tuple(
    dict.fromkeys(
        (
            *("policy_id", "state", "certain", "measure", "scope", "superseded_for"),
            *("start_presumed", "continuation_presumed"),
            *(
                cell
                for name, _ in _OF_THE_ACT
                for cell in ((name, f"{name}_low", f"{name}_high") if name in DATES else (name,))
            ),
        )
    )
)
"""Fields of a :func:`rule` in order, all but ``ended_on``."""


@dataclass(frozen=True)
class Filters:
    """Which subjects to list; empty means all. ``markets``: ISO codes of countries (``US``) and of
    parts of them (``US-IL``); a subject of any of these is listed. ``for_actors`` also limits whose
    positions make the headline; ``everything`` lists every subject with a row that is not
    ``not_yet``."""

    keys: frozenset[str] = frozenset()
    subject_types: frozenset[str] = frozenset()
    markets: tuple[str, ...] = ()
    measures: frozenset[str] = frozenset()
    for_actors: tuple[str, ...] = tuple(ACTORS)
    everything: bool = False

    @property
    def places(self) -> list[tuple[str, str]]:
        """(country, region) of each of ``markets``; of the whole world two empty texts."""
        return [(it.partition("-")[0], it if "-" in it else "") for it in self.markets or ("",)]

    def admits(self, subject: Subject, territories: Iterable[str]) -> bool:
        """Whether a subject with rules for these territories is asked about. A vendor or company
        is asked about the market, by what applies there; an agency also beyond its own region."""
        if (self.keys and subject.key not in self.keys) or (
            self.subject_types and subject.subject_type not in self.subject_types
        ):
            return False
        if not self.markets:
            return True
        is_marketed = subject.subject_type in MARKETED
        if is_marketed or subject.subject_type == "agency":
            home = subject.country if subject.subject_type == "company" else ""
            where = (territory or home for territory in territories if territory or is_marketed)
            if any(Market(code).is_covered_by(it) for it in where for code in self.markets):
                return True
        at_home = subject.country in self.markets or subject.region in self.markets
        return at_home and not is_marketed

    def concerns(self, territory: str) -> bool:
        """Whether a rule for a territory (codes, ``;``) is for a market, or for a part of one."""
        parts = {part for code in territory.split(";") for part in (code, code.partition("-")[0])}
        covering = (Market(code).is_covered_by(territory) for code in self.markets)
        return not self.markets or any(covering) or not parts.isdisjoint(self.markets)

    def admits_act(self, subject: Subject, row: Row) -> bool:
        """Whether a row of ``policies`` about this subject is asked about: its subject, its measure
        and one of its actors."""
        return (
            self.admits(subject, [row["territory"]])
            and (not self.measures or row["measure"] in self.measures)
            and not set(listed(row["applies_to"])).isdisjoint(self.for_actors)
        )


UNFILTERED: Final = Filters()


def status(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    as_of_given: str = "",
    filters: Filters = UNFILTERED,
) -> Document:
    """The status document of ``day``: what each listed subject's position is and why.

    Its shape is the JSON contract of ``frtracker status --format json``. ``searches``: where a
    country or region is asked about, what was searched there for such subjects and found, so that
    "nothing listed" is not read as "nothing exists"; an empty list is "not searched". ``coverage``:
    how far the record goes of the places and agencies, and of the vendors and companies, that are
    asked about. With several ``markets`` no vendor or company is listed: what counts differs from
    one to another.
    """
    rules = rules_on(timeline, day)
    by_id = {rule["policy_id"]: rule for own in rules.values() for rule in own}
    positions = grouped(positions_on(timeline, day))
    periods = grouped(periods_on(timeline, day))
    coming = grouped(next_changes(timeline, day))
    entries = []
    for key, subject in subjects_by_key(tables.subjects).items():
        if subject.subject_type in MARKETED and len(filters.markets) > 1:
            continue
        known = [rule for rule in rules.get(key, ()) if rule["state"] != "not_yet"]
        if known and filters.admits(subject, (";".join(r["territory"] or ()) for r in known)):
            own = periods.get(key, [])
            if subject.subject_type in MARKETED:
                own = [period for period in own if filters.concerns(period["territory"])]
            found = {row["actor"]: position(row, by_id, own) for row in positions.get(key, ())}
            asked = {actor: p for actor, p in found.items() if actor in filters.for_actors}
            if asked and _is_listed(subject, known, asked, filters):
                following = followed_by(coming.get(key, ()), found, by_id)
                entries.append(
                    {
                        **identity(subject),
                        **headline(asked),
                        "positions": {actor: found.get(actor) for actor in ACTORS},
                        "next_change": next_change(
                            [row for row in following if row["actor"] in filters.for_actors]
                        ),
                        "policies": known,
                        "relation": "own",
                        "applies_here": [],
                    }
                )
    searches = tables.searches
    here = pd.MultiIndex.from_frame(searches[["country", "region"]]).isin(filters.places)
    wanted, where = filters.subject_types or {*SUBJECT_TYPES}, filters.places
    here &= searches["level"].isin([level for it in wanted for level in LEVELS_OF.get(it, ())])
    asked_on = {"as_of": day.isoformat(), "as_of_given": as_of_given or day.isoformat()}
    opening = heading("status", tables, timeline.known_at, **asked_on)
    return {
        **opening,
        "filters": {
            "applies_to": list(filters.for_actors),
            "measures": sorted(filters.measures),
            "markets": list(filters.markets),
        },
        "subjects": entries,
        "counts": _counts(entries),
        "coverage": {
            name: coverage(tables, types, filters.for_actors, where, filters.measures)
            for name, types in (("places", wanted - MARKETED), ("vendors", wanted & MARKETED))
        },
        "searches": [
            {name: cell or None for name, cell in row.items()} for row in records(searches[here])
        ]
        if filters.markets
        else None,
        "cite_as": wording.citation(opening, f"status on {wording.day_used(opening)}"),
    }


def _is_listed(
    subject: Subject, rules: Iterable[Document], positions: Mapping[str, Position], filters: Filters
) -> bool:
    """By the positions asked about, and whether a rule of theirs is live; a vendor or company asked
    about in a market only where a rule of it applies there."""
    in_market = filters.markets and subject.subject_type in MARKETED
    if in_market and all(p["measure"] == "none" for p in positions.values()):
        return False
    measures = {p["measure"] for p in positions.values()}
    measures |= {rule["measure"] for p in positions.values() for rule in p["also"]}
    live = (rule for rule in rules if is_live(rule))
    concerned = any(not positions.keys().isdisjoint(rule["applies_to"]) for rule in live)
    wanted = not filters.measures or not measures.isdisjoint(filters.measures)
    return wanted and (filters.everything or concerned)


def followed_by(
    coming: Iterable[Row], positions: Mapping[str, Position], rules: Mapping[str, Document]
) -> list[Document]:
    """The next changes of a subject, each with its ``change``, which becomes the ``next_change`` of
    the position that it changes. ``coming``: of :func:`frtracker.timeline.next_changes`."""
    rows = []
    for row in coming:
        before = positions.get(row["actor"])
        change = change_of(row, before, rules)
        rows.append({**row, "change": change})
        if before:
            before["next_change"] = {"on": row["valid_from"].isoformat(), **change}
    return rows


def position(row: Row, rules: Mapping[str, Document], periods: Iterable[Row]) -> Position:
    """One position of the document, of a row of the timeline's ``positions``.

    ``rules``: those of the day by id; ``periods``: rows of the timeline's ``periods`` on the day
    that are the subject's.
    """
    cells = {
        **joint_position(row, rules),
        **_range("prohibited_since", row),
        "territory": listed(row["territory"]) or None,
        "also": [
            {
                **_level(period["measure"], period["scope"]),
                "uses": rules[period["policy_id"]]["uses"],
                "certain": period["certain"],
                "territory": listed(period["territory"]) or None,
                "policy_id": period["policy_id"],
            }
            for period in periods
            if period["actor"] == row["actor"]
            and period["policy_id"] not in listed(row["policy_ids"])
            and period["measure"] != "none"
        ],
        "next_change": None,
    }
    return cast("Position", cells)


def joint_position(row: Row, rules: Mapping[str, Document]) -> Document:
    """What is said of the position of one subject, and of that of several layers together."""
    makers = [rules[policy_id] for policy_id in listed(row["policy_ids"])]
    ends = dict.fromkeys(rule["ends_when"] for rule in makers if rule["ends_when"])
    shown = max(makers, key=lambda rule: rule["last_confirmed_on_high"] or "", default={})
    return {
        **_made(row, rules),
        "at_least": _floor(row),
        **_range("since", row),
        **_range("until", row),
        "start_presumed": row["start_presumed"],
        "ends_when": "; ".join(ends) or None,
        "continuation_presumed": bool(makers) and all(r["continuation_presumed"] for r in makers),
        **{name: shown.get(name) for name in _CONFIRMED},
        "lifted": row["lifted"],
    }


def next_change(rows: Sequence[Row]) -> NextChange | None:
    """All that changes on the first of the days of ``rows``, the highest-ranked first.

    ``rows``: of one subject, see :func:`followed_by`.
    """
    if not rows:
        return None
    on = min(row["valid_from"] for row in rows)
    alike: dict[str, tuple[Change, list[str], dict[str, None]]] = {}
    for row in rows:
        if row["valid_from"] == on:
            change = row["change"]
            same = repr({**change, "policy_ids": None})
            _, who, ids = alike.setdefault(same, (change, [], {}))
            who.append(row["actor"])
            ids |= dict.fromkeys(change["policy_ids"])
    changes = [
        cast("ActorsChange", {"applies_to": who, **change, "policy_ids": list(ids)})
        for change, who, ids in alike.values()
    ]
    return {"on": on.isoformat(), "changes": sorted(changes, key=_place, reverse=True)}


def change_of(row: Row, before: Row | Position | None, rules: Mapping[str, Document]) -> Change:
    """What a position becomes: ``row``, of a table of positions."""
    level = before and {name: before[name] for name in ("measure", "scope", "certain")}
    doubt = {} if row["certain"] else {"at_least": _floor(row), "before": level}
    return cast("Change", {**_made(row, rules), **doubt})


def _made(row: Row, rules: Mapping[str, Document]) -> Document:
    """A position and the rules that make it."""
    ids = listed(row["policy_ids"])
    covered = {use for policy_id in ids for use in rules[policy_id]["uses"]}
    return {
        **_level(row["measure"], row["scope"]),
        "uses": [use for use in USES if use in covered],
        "certain": row["certain"],
        "policy_ids": ids,
    }


def headline(positions: Mapping[str, Row | Position]) -> Document:
    """The highest-ranked position, of equals a certain one, and the actors that have it; without
    any, no rule in force."""
    top = max(positions.values(), key=_place, default=_NOTHING)
    same = {actor: p for actor, p in positions.items() if _place(p) == _place(top)}
    head: Document = {
        "measure": top["measure"],
        "scope": top["scope"],
        "applies_to": list(same) if top["measure"] != "none" else [],
        "certain": top["certain"],
    }
    for name in ("since", "until"):
        # a day that all share; actors with different days have none in common
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


def counts_for(document: Document, actor: str) -> Document:
    """The ``counts`` that a status document would have if it had been asked about ``actor`` alone;
    ``document``: one that lists everything."""
    positions = ((entry, entry["positions"][actor]) for entry in document["subjects"])
    return _counts({**entry, **headline({actor: own})} for entry, own in positions if own)


def general_bans(document: Document, actors: Collection[str]) -> dict[str, int]:
    """How many places and agencies of each type certainly ban every use by one of the actors, as
    the map counts them; ``document``: one that lists at least what is in force."""
    kinds = [entry["subject_type"] for entry in banning(document, actors)]
    return {kind: kinds.count(kind) for kind in SUBJECT_TYPES if kind in kinds}


def banning(document: Document, actors: Collection[str]) -> list[Document]:
    """The entries that :func:`general_bans` counts."""
    found = []
    for entry in document["subjects"]:
        own = {a: it for a, it in entry["positions"].items() if it and a in actors}
        head = headline(own)
        is_ban = (head["measure"], head["scope"], head["certain"]) == ("ban", "general", True)
        if is_ban and entry["subject_type"] not in MARKETED:
            found.append(entry)
    return found


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
        "certain": row["certain"],
        "measure": row["measure"],
        "scope": scope_of(row["uses"]) if row["measure"] != "none" else None,
        "superseded_for": gone,
        "ended_on": {actor: day for actor, day in ends.items() if day},
        "start_presumed": row["start_presumed"],
        "continuation_presumed": row["continuation_presumed"],
    }
    for name, kind in _OF_THE_ACT:
        if name in DATES:
            cells |= recorded(name, row)
        else:
            cells[name] = listed(row[name]) if kind == "list" else row[name] or None
    cells["territory"] = cells["territory"] or None
    cells["exceptions"] = row["exceptions"].split("; ") if row["exceptions"] else []
    return cells


def _level(measure: str, scope: str) -> Level:
    return {"measure": measure, "scope": scope or None}


def _floor(row: Row) -> Level | None:
    floor = row["at_least_measure"]
    return _level(floor, row["at_least_scope"]) if floor else None


def _range(name: str, row: Row) -> Any:
    return days(name, row[f"{name}_low"], row[f"{name}_high"])
