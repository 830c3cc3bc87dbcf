"""Checked claims for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.text import sheet
from frtracker.text.blocks import Block, Item, Items, Paragraph
from frtracker.vocabulary import VERDICTS

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal

COLUMNS: Final = (
    *("line", "place", "actors", "measure", "date", "verdict", "why", "nearest"),
    *("subject_key", "label", "applies_to", "policy_ids", "source_urls"),
)


def render(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a ``check`` document in one of the formats of a sheet; in CSV a row for each
    claim."""
    rows = document["claims"]
    return sheet.render(document, format_name, _text, COLUMNS, rows, terminal=terminal)


def _text(document: Document) -> Iterator[Block]:
    claims = document["claims"]
    numbers = (f"{n} {VERDICTS[it].label}" for it, n in document["counts"].items() if n)
    if len(claims) != 1:
        yield Paragraph(f"{wording.counted('claims', len(claims))}: {wording.joined(numbers)}.")
    items = []
    for claim in claims:
        said = wording.claim(claim)
        line = f"line {claim['line']}" if claim["line"] else ""
        parts = [line, said, VERDICTS[claim["verdict"]].label]
        items.append(Item(wording.joined(parts, ": "), strong=True))
        items.append(Item(claim["why"], 1))
        fact = (claim["nearest"] or "").partition(": ")[2]
        if fact and fact not in claim["why"]:
            items.append(Item(f"nearest: {claim['nearest']}", 1))
        items += (Item("", 1, url) for url in claim["source_urls"])
    yield Items(items)
    yield Paragraph(f"Cite as: {document['cite_as']}")
