"""The status document as a terminal table, Markdown, CSV or JSON. Nothing is ever cut."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.text.here import lines
from frtracker.text.markdown import in_markdown
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES, SEARCH_LEVELS

FORMATS: Final = ("table", "markdown", "csv", "json")

_MARKETED: Final = ("vendor", "company")


def render(document: Document, format_name: str) -> str:
    """The whole text of ``document`` in one of :data:`FORMATS`, with a final newline."""
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "csv":
        return _as_csv(document)
    return _as_tables(document, markdown=format_name == "markdown")


def summary(document: Document) -> str:
    """One line: the day used, and how many places, vendors and companies have what."""
    places = _counted(document, ("places", "agencies"))
    vendors = _counted(document, ("vendors", "companies"))
    return (
        f"{phrases.day_used(document)} · places and agencies: {places} · "
        f"vendors and companies: {vendors}"
    )


def _counted(document: Document, groups: tuple[str, ...]) -> str:
    counts = [document["counts"][name] for name in groups]
    said = []
    for code, term in MEASURES.items():
        if code != "none" and (number := sum(group["general"][code] for group in counts)):
            said.append(f"{number} {term.label}")
    if narrow := sum(sum(group["narrow"].values()) for group in counts):
        said.append(f"{narrow} narrow only")
    if nothing := sum(group["none"] for group in counts):
        said.append(f"{nothing} none in force")
    if uncertain := sum(group["uncertain"] for group in counts):
        said.append(f"{uncertain} uncertain")
    return ", ".join(said) or "none listed"


def _as_tables(document: Document, *, markdown: bool) -> str:
    own = [e for e in document["subjects"] if e.get("relation", "own") == "own"]
    others = [e for e in document["subjects"] if e.get("relation", "own") != "own"]
    places = [e for e in own if e["subject_type"] not in _MARKETED]
    vendors = [e for e in own if e["subject_type"] in _MARKETED]
    parts = [summary(document)]
    for title, entries, where in (
        ("Places and agencies", places, False),
        ("Vendors and companies", vendors, True),
    ):
        if entries:
            heading = f"## {title}\n" if markdown else title
            parts.append(
                f"{heading}\n{_table(entries, document['filters'], where=where, markdown=markdown)}"
            )
    if others:
        heading = "## Rules that apply there too\n" if markdown else "Rules that apply there too"
        told = [f"- {_cell(line, markdown=markdown)}" for line in lines(others)]
        parts.append("\n".join([heading, *told]))
    if any(
        p and p["start_presumed"] for e in document["subjects"] for p in e["positions"].values()
    ):
        parts.append(
            "at the earliest: the start is not recorded; the rule was decided on that day."
        )
    if document["searches"] is not None:
        parts.append("\n".join(_searched(document["searches"], markdown=markdown)))
    edition = document["dataset"]
    parts.append(
        f"{edition['policies']} policies, reviewed through {edition['reviewed_through']}, "
        f"edition {edition['sha256'][:12]}"
    )
    return "\n\n".join(parts) + "\n"


def _searched(searches: Iterable[Mapping[str, Any]], *, markdown: bool) -> list[str]:
    """What was searched there, a line each, or that nothing was."""
    found = [
        f"- {SEARCH_LEVELS[row['level']].label}, {row['searched_on']}: {row['finding']}"
        for row in searches
    ]
    if not found:
        return ["Not searched: that nothing is listed does not mean that nothing exists."]
    return ["Searched:", *([""] * markdown), *(_cell(line, markdown=markdown) for line in found)]


def _strictness(entry: Mapping[str, Any]) -> tuple[int, bool, str]:
    rank = RANKED.index((entry["measure"], entry["scope"] or ""))
    return -rank, not entry["certain"], phrases.label(entry)


def _table(
    entries: Iterable[Document], filters: Mapping[str, Any], *, where: bool, markdown: bool
) -> str:
    from tabulate import tabulate  # neither the map nor JSON needs it

    columns = ["subject", "position", "for", "where", "since", "until", "next change"]
    if not where:
        columns.remove("where")
    rows = [
        [_cell(line[column], markdown=markdown) for column in columns]
        for entry in sorted(entries, key=_strictness)
        for line in _lines(entry, filters)
    ]
    style = "github" if markdown else "simple"
    return tabulate(rows, headers=columns, tablefmt=style, disable_numparse=True)


def _cell(text: str, *, markdown: bool) -> str:
    return in_markdown(text) if markdown else text


def _lines(entry: Document, filters: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """One line per position asked for that differs; actors that share everything share a line."""
    label, coming = phrases.label(entry), phrases.next_change(entry["next_change"])
    policies = entry["policies"]
    shared: dict[tuple[str, ...], list[str]] = {}
    for actor, position in entry["positions"].items():
        if position is None or position["measure"] == "none" or actor not in filters["for"]:
            continue
        if filters["measures"] and position["measure"] not in filters["measures"]:
            continue
        said = (
            phrases.position(position, policies),
            position["territory"] or "",
            phrases.since(position),
            phrases.until(position, policies),
        )
        shared.setdefault(said, []).append(actor)
    if not any(entry["positions"].values()):
        shared["no act recorded", "", "", ""] = []
    elif not shared and not _held(entry):
        shared["none in force", "", "", ""] = []
    elif not shared:
        shared["none of these by itself", "", "", ""] = []
    for number, ((position_said, territory, since, until), actors) in enumerate(shared.items()):
        yield {
            "subject": label if number == 0 else "",
            "position": position_said,
            "for": phrases.actors(actors),
            "where": territory.replace(";", ", "),
            "since": since,
            "until": until,
            "next change": coming if number == 0 else "",
        }
    yield from _elsewhere(entry, filters)


def _held(entry: Document) -> bool:
    return entry["measure"] != "none" or any(p and p["also"] for p in entry["positions"].values())


def _elsewhere(entry: Document, filters: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What a vendor's rules say of other markets than the one its position is about."""
    found: dict[str, tuple[dict[str, Any], list[str]]] = {}
    if entry["subject_type"] != "vendor" and not filters["measures"]:
        return
    for actor, position in entry["positions"].items():
        for rule in position["also"] if position and actor in filters["for"] else ():
            if filters["measures"] and rule["measure"] not in filters["measures"]:
                continue
            away = rule["territory"] and rule["territory"] != position["territory"]
            if away or filters["measures"]:
                found.setdefault(rule["policy_id"], (rule, []))[1].append(actor)
    for rule, actors in found.values():
        said = phrases.measure(rule["measure"], rule["scope"])
        yield {
            "subject": "",
            "position": f"also: {said if rule['certain'] else f'uncertain: {said}'}",
            "for": phrases.actors(actors),
            "where": (rule["territory"] or "").replace(";", ", "),
            "since": "",
            "until": "",
            "next change": "",
        }


COLUMNS: Final = (
    "as_of",
    "key",
    "subject",
    "subject_type",
    "country",
    "region",
    "actor",
    "measure",
    "scope",
    "certain",
    "at_least_measure",
    "at_least_scope",
    "since",
    "until",
    "ends_when",
    "prohibited_since",
    "start_presumed",
    "continuation_presumed",
    "lifted",
    "territory",
    "policy_ids",
    "next_change_on",
    "relation",
)


def rows(document: Document) -> list[dict[str, Any]]:
    """The positions of a status document, flat: one row per subject and actor for whom anything is
    recorded, with the columns of :data:`COLUMNS`."""
    return [
        _row(document, entry, actor, position)
        for entry in document["subjects"]
        for actor, position in entry["positions"].items()
        if position is not None and actor in document["filters"]["for"]
    ]


def _row(document: Document, entry: Document, actor: str, position: Document) -> dict[str, Any]:
    floor = position["at_least"] or {"measure": None, "scope": None}
    coming = position["next_change"]
    told = {
        "relation": "own",
        **entry,
        **position,
        "as_of": document["as_of"],
        "actor": actor,
        "at_least_measure": floor["measure"],
        "at_least_scope": floor["scope"],
        "policy_ids": ";".join(position["policy_ids"]),
        "next_change_on": coming["on"] if coming else None,
    }
    return {name: told[name] for name in COLUMNS}


def _as_csv(document: Document) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows(document):
        writer.writerow({name: _plain(value) for name, value in row.items()})
    return buffer.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
