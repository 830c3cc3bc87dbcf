"""The map's content as an HTML table, for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from frtracker import wording
from frtracker.record.cells import is_web
from frtracker.text.status import position_cells
from frtracker.vocabulary import LIVE_STATES

_COLUMNS = ("subject", "position", "for", "where", "since", "until", "next change", "sources")


def noscript_table(document: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """One row per subject and position of a status document; ``labels``: full names by key."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for entry in document["subjects"]
        for cells in _rows(entry, labels[entry["subject_key"]])
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _rows(entry: Mapping[str, Any], label: str) -> Iterator[list[str]]:
    policies = entry["policies"]
    live = [row for row in policies if row["state"] in LIVE_STATES]
    links = " ".join(
        web_link(row["source_url"], f"source {number}")
        for number, row in enumerate(live or policies[-1:], 1)
    )
    change = wording.next_change(entry["next_change"], policies, iso=True)
    for (text, territory, since, until), actors in position_cells(entry["positions"], policies):
        cells = [label, text, wording.actors(actors), territory, since, until, change]
        yield [*map(escape, cells), links]
        links = change = ""  # once for each subject


def web_link(address: str, text: str = "") -> Markup:
    """A link, if it leads to the web; else the text alone."""
    if not is_web(address):
        return Markup.escape(text or address)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, text or address)
