"""What the pages list: subjects, their positions on one day and on all, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple

from frtracker import look, wording
from frtracker.answers.documents import Document, Row, is_live, listed, records
from frtracker.codes import country_name, region_name
from frtracker.places.place import of_subject
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.timeline.days import turns
from frtracker.vocabulary import MEASURES

_MARKETED: Final = ("vendor", "company")
_KINDS: Final = {
    **{
        code: (term.label.capitalize(), term.definition, f"is-{code}")
        for code, term in MEASURES.items()
        if code != "none"
    },
    "narrow": (
        "Narrow rules only",
        "Rules are in force, each for some uses only, such as body cameras or one product.",
        "is-any is-narrow",
    ),
    "uncertain": (
        "Uncertain",
        "A rule may be in force: a date is known only roughly, or an act is not established.",
        "is-any is-uncertain",
    ),
    "none": (
        "No rule in force",
        "Acts are recorded (proposed, failed, ended, or not begun), and none is in force.",
        "is-none",
    ),
}
"""Groups of the first page, from the strictest to no rule in force: title, definition, look."""


def groups(subjects: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """The places and agencies of each group that has any, by country (the one with most first)."""
    members: dict[str, list[Document]] = {code: [] for code in _KINDS}
    for entry in subjects:
        if entry["subject_type"] not in _MARKETED:
            code = "narrow" if entry["scope"] == "narrow" else entry["measure"]
            members[code if entry["certain"] else "uncertain"].append(entry)
    for code, (title, definition, appearance) in _KINDS.items():
        if members[code]:
            in_order = groupby(sorted(members[code], key=_place), lambda entry: _place(entry)[0])
            countries = [(country, list(entries)) for country, entries in in_order]
            countries.sort(key=lambda group: (-len(group[1]), group[0]))
            yield {
                "code": code,
                "title": title,
                "definition": definition,
                "look": appearance,
                "number": len(members[code]),
                "countries": countries,
            }


def _place(entry: Document) -> tuple[str, str, str, str]:
    region = entry["region"] or ""
    country = country_name(entry["country"]) if entry["country"] else "Unions of countries"
    return country, region_name(region), entry["subject"], entry["subject_key"]


def marketed(subjects: Iterable[Document], kind: str) -> list[Document]:
    """The vendors or companies by name."""
    entries = (entry for entry in subjects if entry["subject_type"] == kind)
    return sorted(entries, key=lambda entry: (entry["subject"].lower(), entry["subject_key"]))


def ancestors(subjects: Mapping[str, Subject], pages: Mapping[str, Any]) -> dict[str, list[str]]:
    """By key of each page's subject, the keys of those around it that have one, nearest first."""
    return {
        key: [up.key for up in of_subject(subjects, subjects[key]).parents if up.key in pages]
        for key in pages
    }


class PositionRow(NamedTuple):
    """A position as a row of a table. ``also``: other rules in force, as (policy_id, text)."""

    text: str
    where: str
    since: str
    until: str
    look: str
    also: tuple[tuple[str, str], ...]


def position_rows(positions: Mapping[str, Document | None]) -> list[tuple[PositionRow, list[str]]]:
    """Positions of a status document, each with the actors that share it."""
    rows = {
        actor: PositionRow(
            *wording.cells(each),
            look.classes(each["measure"], each["scope"], certain=each["certain"]),
            tuple((rule["policy_id"], wording.also(rule)) for rule in each["also"]),
        )
        for actor, each in positions.items()
        if each
    }
    return wording.alike(rows)


def past_positions(timeline: Timeline) -> dict[str, list[tuple[tuple[Any, ...], list[str]]]]:
    """By key of subject: all its positions (first and last day, text, look), the earliest first,
    hand-overs left out, with the actors that share them."""
    table = timeline.positions
    face = ["measure", "scope", "certain", "at_least_measure", "at_least_scope", "lifted"]
    columns = ["subject_key", "actor", *face, "territory"]
    table = table[turns(*(table[name].to_numpy() for name in columns))]
    # from the first to an open end there is no gap
    table = table.assign(valid_to=table.groupby(["subject_key", "actor"])["valid_from"].shift(-1))
    spells: dict[str, dict[str, tuple[Any, ...]]] = {}
    for row in records(table):
        of_actor = spells.setdefault(row["subject_key"], {})
        of_actor[row["actor"]] = (*of_actor.get(row["actor"], ()), _past_position(row))
    return {key: wording.alike(by_actor) for key, by_actor in spells.items()}


def _past_position(row: Row) -> tuple[str, str, str, str]:
    floor = row["at_least_measure"]
    at_least = {"measure": floor, "scope": row["at_least_scope"]} if floor else None
    territory = wording.only_in(listed(row["territory"]))
    first = row["valid_from"].isoformat() if row["valid_from"].year > 1 else ""
    last = (row["valid_to"] - timedelta(days=1)).isoformat() if row["valid_to"] else ""
    text = wording.joined([wording.position({**row, "at_least": at_least}), territory])
    return first, last, text, look.classes(row["measure"], row["scope"], certain=row["certain"])


def doubts(document: Document) -> Iterator[tuple[str, str]]:
    """What the record leaves open or only assumes: a sentence, and the act that it is about."""
    for rule in document["policies"]:
        about_rule = wording.doubts(rule) if is_live(rule) else ()
        for text in dict.fromkeys([*about_rule, *wording.act_doubts(rule)]):
            yield f"{text[0].upper()}{text[1:]}.", rule["policy_id"]
