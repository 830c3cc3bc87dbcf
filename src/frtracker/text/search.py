"""The results of a search for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.answers.documents import SUBJECT_COLUMNS, Document
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal

COLUMNS: Final = (
    *("policy_id", *SUBJECT_COLUMNS),
    *("measure", "scope", "uses", "applies_to", "territory", "status", "as_of", "state", "certain"),
    *("decided_on", "effective_on", "expires_on", "score", "all_words", "field", "sentence"),
    *("instrument", "summary", "exceptions", "source_url", "relation"),
)


def render(
    document: Document, format_name: str, terminal: Terminal | None = None, *, most: int | None
) -> str | bytes:
    """The text of a ``search`` document in one of the formats of a sheet, with ``most`` results at
    most; in CSV a row for each act, with the sentence that has most of the words."""
    shown = {**document, "results": document["results"][:most]}
    return sheet.render(shown, format_name, _text, COLUMNS, rows(shown), terminal=terminal)


def rows(document: Document) -> Iterator[dict[str, Any]]:
    """The results, flat: one row per act with the columns of :data:`COLUMNS`."""
    for result in document["results"]:
        yield {
            **result,
            "as_of": document["as_of"],
            "exceptions": wording.exceptions(result),
            "field": result["hits"][0]["field"],
            "sentence": result["hits"][0]["text"],
        }


def _text(document: Document) -> Iterator[Block]:
    counts, results = document["counts"], document["results"]
    day = f" in force on {wording.recorded(document['as_of'])}" if document["in_force"] else ""
    of = " all of" if len(document["words"]) > 1 else ""
    found = f"{wording.counted('acts', counts['all_words'])}{day} with{of}: "
    found += f"{', '.join(document['words'])}{wording.known_at(document)}"
    some = counts["some_words"] and f"; {counts['some_words']} with some of these words"
    yield Paragraph(f"{found}{some or ''}")
    for number, act in enumerate(results, 1):
        what = f"{wording.act_measure(act)}; {wording.state(act)}"
        yield Heading(f"{number}. {wording.label(act)}: {what}")
        hits = [Item(f"{hit['field']}: {hit['text']}") for hit in act["hits"]]
        yield Items([*hits, Item(f"{act['policy_id']}:", url=act["source_url"])])
    if more := counts["all_words"] + counts["some_words"] - len(results):
        yield Paragraph(f"{more} more: --limit {len(results) + more} shows all.")
    yield Paragraph(f"Cite as: {document['cite_as']}")
