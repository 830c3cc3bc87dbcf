"""``changes``, ``upcoming`` and ``stale`` for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.answers.documents import SUBJECT_COLUMNS, Document
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Paragraph, Table

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal

COLUMNS: Final = (
    *("event_id", "on", "on_low", "on_high", "kind", "effects"),
    *(*SUBJECT_COLUMNS, "applies_to"),
    *("measure", "scope", "uses", "territory", "causes", "own_terms", "certain"),
    *("start_presumed", "confidence", "policy_id", "summary", "source_url", "relation"),
)
CONDITION_COLUMNS: Final = (
    *(*SUBJECT_COLUMNS, "applies_to", "measure", "scope", "uses", "territory", "ends_when"),
    *("certain", "continuation_presumed"),
    *("last_confirmed_on", "last_confirmed_on_low", "last_confirmed_on_high"),
    *("confidence", "policy_id", "summary", "source_url", "relation"),
)
"""Of rules that end on a condition."""
STALE_COLUMNS: Final = (
    *("as_of", "policy_id", *SUBJECT_COLUMNS),
    *("measure", "status", "reviewed_on", "reason", "since", "why"),
)


def render(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a ``changes`` or ``upcoming`` document in one of the formats of a sheet."""
    rows, conditions = (
        ({"relation": "own", **row} for row in document.get(name, ()))
        for name in ("events", "conditions")
    )
    others = [("conditions", CONDITION_COLUMNS, conditions)] if "conditions" in document else []
    return sheet.render(
        document, format_name, _blocks, COLUMNS, rows, others=others, terminal=terminal
    )


def _blocks(document: Document) -> Iterator[Block]:
    coming = "as_of" in document
    first, last = document["as_of"] if coming else document["since"], document["until"]
    days = f"{wording.recorded(first)} through {wording.recorded(last)}"
    events = document["events"]
    yield Paragraph(
        f"{'After' if coming else 'From'} {days}"
        f"{wording.known_at(document)}: {wording.counted('events', len(events))}"
    )
    if events:
        columns = ["day", "what", "effect", "doubt", "source"]
        rows = [_event(event, coming) for event in events]
        yield Table(columns, rows, links=True, ranked="what")
    if rules := document.get("conditions"):
        yield Heading("Ends on a condition (no fixed date)")
        columns = ["subject", "rule", "ends", "last confirmed", "source"]
        yield Table(columns, [*map(_condition, rules)], links=True, ranked="rule")
    yield Paragraph(f"Cite as: {document['cite_as']}")


def _event(event: dict[str, Any], coming: bool) -> Sequence[str]:
    return (
        f"{'' if event['on_low'] == event['on_high'] else 'by '}{event['on_high']}",
        wording.event(event, coming=coming, dated=False),
        ", ".join(event["effects"]),
        wording.event_doubt(event),
        event["source_url"],
    )


def _condition(rule: dict[str, Any]) -> Sequence[str]:
    return (
        wording.label(rule),
        wording.measure(rule),
        rule["ends_when"],
        rule["last_confirmed_on"] or "",
        rule["source_url"],
    )


def stale(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a ``stale`` document; in CSV a row for each reason of each row that is due."""
    rows = (
        {**row, **reason, "as_of": document["as_of"], "reason": reason["code"]}
        for row in document["policies"]
        for reason in row["reasons"]
    )
    return sheet.render(document, format_name, _stale, STALE_COLUMNS, rows, terminal=terminal)


def _stale(document: Document) -> Iterator[Block]:
    due = document["policies"]
    count = wording.share(len(due), document["dataset"]["policies"])
    yield Paragraph(f"Rows due for review on {wording.recorded(document['as_of'])}: {count}")
    rows = [
        [
            *(
                [""] * 3
                if number
                else [row["policy_id"], wording.label(row), wording.act_kind(row)]
            ),
            reason["since"],
            reason["why"],
        ]
        for row in due
        for named in [[row["policy_id"], wording.label(row), wording.act_kind(row)]]
        for number, reason in enumerate(row["reasons"])
    ]
    if rows:
        yield Table(["policy_id", "subject", "measure", "due since", "why"], rows)
