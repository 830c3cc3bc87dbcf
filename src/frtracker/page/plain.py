"""The map's content as an HTML table, for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from frtracker import wording as phrases

_COLUMNS: Final = (
    "subject",
    "position",
    "for",
    "where",
    "since",
    "until",
    "next change",
    "sources",
)


def table(document: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """One row per subject and position; ``data`` is the page's, for the places' full names."""
    known = {subject["key"]: subject for subject in data["subjects"]}
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for entry in document["subjects"]
        for cells in _rows(entry, known[entry["key"]])
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _rows(entry: Mapping[str, Any], subject: Mapping[str, Any]) -> Iterator[list[str]]:
    unique = entry["subject_type"] in ("state", "vendor", "company")
    where = "" if unique else subject.get("where", "")
    name = ", ".join(part for part in (subject["name"], where) if part)
    policies = entry["policies"]
    shared: dict[tuple[str, ...], list[str]] = {}
    for actor, position in entry["positions"].items():
        if position:
            said = (
                phrases.position(position, policies),
                (position["territory"] or "").replace(";", ", "),
                phrases.since_cell(position),
                phrases.until(position, policies),
            )
            shared.setdefault(said, []).append(actor)
    links = " ".join(
        _link(row["source_url"], f"source {number}")
        for number, row in enumerate(_telling(policies), 1)
    )
    coming = phrases.next_change(entry["next_change"], policies, iso=True)
    for (position_said, territory, since, until), actors in shared.items():
        texts = [name, position_said, phrases.actors(actors), territory, since, until, coming]
        yield [*map(escape, texts), links]
        links = coming = ""  # told once for each subject


def _telling(policies: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The acts behind what holds or comes; where nothing does, the last one."""
    live = [row for row in policies if row["state"] in ("in_force", "uncertain", "scheduled")]
    return live or list(policies[-1:])


def _link(address: str, text: str) -> str:
    """A link, only where it leads to the web."""
    if urlsplit(address).scheme.lower() not in ("http", "https"):
        return escape(text)
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(text)}</a>'
