"""The lists: places and agencies by their position, positions by actor, subjects by where they
lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from frtracker import look, wording
from frtracker.answers.documents import Document
from frtracker.places.subjects import US_REGION_NAMES, country_name
from frtracker.record.keys import slug
from frtracker.vocabulary import MEASURES

MARKETED: Final = ("vendor", "company")
_NOWHERE: Final = "Unions of countries"
_KINDS: Final = {
    **{
        code: (term.label.capitalize(), term.definition, f"is-{code}")
        for code, term in MEASURES.items()
        if code != "none"
    },
    "narrow": (
        "Narrow rules only",
        "Rules hold, each for some kinds of use only, such as body cameras or one product.",
        "is-any is-narrow",
    ),
    "uncertain": (
        "Uncertain",
        "Something may hold: a date is known only roughly, or an act is not established.",
        "is-any is-uncertain",
    ),
    "none": (
        "None in force",
        "Acts are recorded (proposed, failed, ended, or not begun), and none is in force.",
        "is-none",
    ),
}
"""Groups of the first page, from the strictest to none in force: title, definition, look."""


def groups(subjects: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """The places and agencies of each group that has any, by country (the one with most first)."""
    members: dict[str, list[Document]] = {code: [] for code in _KINDS}
    for entry in subjects:
        if entry["subject_type"] not in MARKETED:
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
    country = country_name(entry["country"]) if entry["country"] else _NOWHERE
    return country, US_REGION_NAMES.get(region, region), entry["subject"], entry["subject_key"]


def marketed(subjects: Iterable[Document], kind: str) -> list[Document]:
    """The vendors or companies by name."""
    entries = (entry for entry in subjects if entry["subject_type"] == kind)
    return sorted(entries, key=lambda entry: (entry["subject"].lower(), entry["subject_key"]))


class Row(NamedTuple):
    """A position as a row of a table. ``also``: other rules in force, as (policy_id, text)."""

    text: str
    look: str
    since: str
    until: str
    where: str
    also: tuple[tuple[str, str], ...]


def position_rows(
    entry: Document, rules: Sequence[Document] | None = None
) -> list[tuple[Row, list[str]]]:
    """The positions of an entry of the status document, each with the actors that share it;
    ``rules``: where the entry has no ``policies`` of its own."""
    rows, rules = {}, rules or entry["policies"]
    for actor, position in entry["positions"].items():
        if position:
            rows[actor] = Row(
                wording.position(position, rules),
                look.classes(position["measure"], position["scope"], certain=position["certain"]),
                wording.since_cell(position),
                wording.until(position, rules),
                wording.listed(position["territory"]),
                tuple((rule["policy_id"], wording.also(rule)) for rule in position["also"]),
            )
    return wording.alike(rows)


def where(subject: Document) -> str:
    """What a reader needs besides the name: ``Milwaukee County, Wisconsin, United States``."""
    chain = list(subject["within"])
    if subject["region"] and subject["subject_type"] != "state":
        chain.append(US_REGION_NAMES.get(subject["region"], ""))
    if subject["country"] and subject["subject_type"] != "country":
        chain.append(country_name(subject["country"]))
    return ", ".join(name for name in chain if name)


def ancestors(document: Document, pages: Mapping[str, Document]) -> list[str]:
    """Keys of the subjects around it that have a page, the nearest first."""
    region, country = document["region"] or "", document["country"] or ""
    around = [f"{(region or country).lower()}-{slug(name)}" for name in document["within"]]
    if document["subject_type"] not in MARKETED:
        around += [region.lower(), country.lower()]
    return [key for key in dict.fromkeys(around) if key in pages and key != document["subject_key"]]


def children(pages: Mapping[str, Document]) -> dict[str, list[str]]:
    """Key of each subject → keys of those whose nearest ancestor it is, in order of name."""
    inside: dict[str, list[str]] = {}
    for key, document in sorted(pages.items(), key=lambda page: (page[1]["subject"], page[0])):
        for parent in ancestors(document, pages)[:1]:
            inside.setdefault(parent, []).append(key)
    return inside
