"""Positions on a day → the ``status`` document, a contract in plain JSON types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from frtracker.answers.headline import RANK, counts, headline
from frtracker.answers.records import CHANGE, PERIOD, POSITION, by_subject, rows_with_states
from frtracker.dates import format_days
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Timeline, next_changes, positions_on
from frtracker.timeline.day import periods_on
from frtracker.vocabulary import ACTORS

Document: TypeAlias = dict[str, Any]

SCHEMA_VERSION: Final = 1
_LIVE: Final = frozenset({"in_force", "uncertain", "scheduled"})


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

    Its shape is the JSON contract of ``frtracker status --format json``; only plain dicts, lists,
    str, int, bool and None.
    """
    subjects = _Listing(tables, timeline, day, filters).subjects()
    known_at = timeline.known_at
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": day.isoformat(),
        "as_of_given": as_of_given or day.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "dataset": asdict(tables.edition),
        "filters": {"for": list(filters.for_actors), "measures": sorted(filters.measures)},
        "subjects": subjects,
        "counts": counts(subjects),
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


def _days(low: date | None, high: date | None) -> str | None:
    """A range of days, as precise as it is; None where one is missing."""
    return None if low is None or high is None else format_days(low, high)


def _text(cell: str) -> str | None:
    return cell or None


def _list(cell: str) -> list[str]:
    return cell.split(";") if cell else []


class _Listing:
    """Everything about one day, looked up once and grouped by subject."""

    def __init__(self, tables: Tables, timeline: Timeline, day: date, filters: Filters) -> None:
        self._filters = filters
        self._people = subjects_by_key(tables.subjects)
        self._policies = rows_with_states(timeline, day)
        self._facts = {row["policy_id"]: row for rows in self._policies.values() for row in rows}
        self._positions = by_subject(positions_on(timeline, day), POSITION)
        self._periods = by_subject(periods_on(timeline, day), PERIOD)
        self._coming = by_subject(next_changes(timeline, day), CHANGE)

    def subjects(self) -> list[Document]:
        listed = [self._subject(key) for key in self._people if key in self._policies]
        return [entry for entry in listed if entry is not None]

    def _subject(self, key: str) -> Document | None:
        subject, filters = self._people[key], self._filters
        if not self._is_asked_for(subject):
            return None
        rows = self._policies[key]
        positions = self._subject_positions(key)
        asked = {
            actor: position
            for actor, position in positions.items()
            if position is not None and actor in filters.for_actors
        }
        if not asked or not self._is_met_there(subject, asked):
            return None
        if not filters.everything and not self._is_live(rows, asked):
            return None
        if filters.measures and not any(_measures(p) & filters.measures for p in asked.values()):
            return None
        return {
            "key": key,
            "subject": subject.name,
            "subject_type": subject.subject_type,
            "country": _text(subject.country),
            "region": _text(subject.region),
            "within": list(subject.within),
            **headline(asked),
            "positions": positions,
            "next_change": next_change(self._coming.get(key, [])),
            "policies": [self._policy(row) for row in rows],
        }

    def _is_asked_for(self, subject: Subject) -> bool:
        filters = self._filters
        if filters.keys and subject.key not in filters.keys:
            return False
        if filters.subject_types and subject.subject_type not in filters.subject_types:
            return False
        if subject.subject_type in ("vendor", "company"):
            return True  # asked about the market, by what holds there
        if filters.country and subject.country != filters.country:
            return False
        return not filters.region or subject.region == filters.region

    def _is_live(self, rows: Iterable[Document], asked: Mapping[str, Document]) -> bool:
        return any(
            row["state"] in _LIVE
            and row["measure"] != "none"
            and any(actor in asked for actor in _list(row["applies_to"]))
            for row in rows
        )

    def _is_met_there(self, subject: Subject, asked: Mapping[str, Document]) -> bool:
        """Asked about a country or region, a vendor or company is met only where a rule of its own
        holds there."""
        if subject.subject_type not in ("vendor", "company"):
            return True
        if not self._filters.country and not self._filters.region:
            return True
        return any(position["measure"] != "none" for position in asked.values())

    def _subject_positions(self, key: str) -> dict[str, Document | None]:
        periods = self._periods.get(key, [])
        found = {
            row["actor"]: position(row, self._facts, periods)
            for row in self._positions.get(key, ())
        }
        return {actor: found.get(actor) for actor in ACTORS}

    def _policy(self, row: Document) -> Document:
        return {
            "policy_id": row["policy_id"],
            "state": row["state"],
            "certain": bool(row["certain"]),
            "measure": row["measure"],
            "scope": row["scope"] if row["measure"] != "none" else None,
            "uses": _list(row["uses"]),
            "applies_to": _list(row["applies_to"]),
            "superseded_for": _list(row["superseded_for"]),
            "reach": _text(row["reach"]),
            "territory": _text(row["territory"]),
            "decided_by": _text(row["decided_by"]),
            "introduced_on": _text(row["introduced_on"]),
            "decided_on": _text(row["decided_on"]),
            "effective_on": _text(row["effective_on"]),
            "expires_on": _text(row["expires_on"]),
            "ends_when": _text(row["ends_when"]),
            "last_confirmed_on": _text(row["last_confirmed_on"]),
            "start_presumed": bool(row["start_presumed"]),
            "continuation_presumed": bool(row["continuation_presumed"]),
            "confidence": row["confidence"],
            "instrument": _text(row["instrument"]),
            "source_url": row["source_url"],
        }


def _measures(position: Document) -> set[str]:
    """What holds for one actor: the position's measure and those beside it, elsewhere too."""
    return {position["measure"], *(rule["measure"] for rule in position["also"])}


def position(row: Document, rules: Mapping[str, Document], periods: Iterable[Document]) -> Document:
    """One position of the document, of a row of the timeline's ``positions`` on a day.

    ``rules``: the rows of the record by id, with their states on that day; ``periods``: those of
    the subject's that include the day.
    """
    ids = _list(row["policy_ids"])
    makers = [rules[policy_id] for policy_id in ids]
    ends = list(dict.fromkeys(m["ends_when"] for m in makers if m["ends_when"]))
    floor = row["at_least_measure"]
    return {
        "measure": row["measure"],
        "scope": _text(row["scope"]),
        "certain": bool(row["certain"]),
        "at_least": {"measure": floor, "scope": row["at_least_scope"]} if floor else None,
        "since": _days(row["since_low"], row["since_high"]),
        "prohibited_since": _days(row["prohibited_low"], row["prohibited_high"]),
        "until": _days(row["until_low"], row["until_high"]),
        "ends_when": "; ".join(ends) or None,
        "start_presumed": bool(row["start_presumed"]),
        "continuation_presumed": bool(makers)
        and all(bool(m["continuation_presumed"]) for m in makers),
        "lifted": bool(row["lifted"]),
        "territory": _text(row["territory"]),
        "policy_ids": ids,
        "also": [
            {
                "measure": period["measure"],
                "scope": _text(period["scope"]),
                "certain": bool(period["certain"]),
                "territory": _text(period["territory"]),
                "policy_id": period["policy_id"],
            }
            for period in periods
            if period["actor"] == row["actor"]
            and period["policy_id"] not in ids
            and period["measure"] != "none"
        ],
    }


def next_change(rows: list[Document]) -> Document | None:
    """The next change of a subject, of the rows of the positions that begin with it."""
    if not rows:
        return None
    top = max(rows, key=lambda row: (RANK[row["measure"], row["scope"]], row["certain"]))
    same = [
        row
        for row in rows
        if all(row[name] == top[name] for name in ("measure", "scope", "certain"))
    ]
    ids = dict.fromkeys(i for row in same for i in _list(row["policy_ids"]))
    return {
        "on": top["start"].isoformat(),
        "actors": [row["actor"] for row in same],
        "measure": top["measure"],
        "scope": _text(top["scope"]),
        "certain": bool(top["certain"]),
        "policy_ids": list(ids),
    }
