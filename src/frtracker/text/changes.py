"""``changes`` and ``upcoming`` for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.text import sheet

FORMATS: Final = sheet.FORMATS

_COLUMNS: Final = (
    *("on", "on_low", "on_high", "kind", "effects"),
    *("subject_key", "subject", "subject_type", "country", "region", "geoid", "applies_to"),
    *("measure", "scope", "uses", "territory", "causes", "own_terms", "certain"),
    *("start_presumed", "confidence", "policy_id", "summary", "source_url", "relation"),
)


def render(document: Document, format_name: str) -> str:
    """The text of a ``changes`` or ``upcoming`` document in one of :data:`FORMATS`."""
    return sheet.render(document, format_name, _text, _table)


def _table(document: Document) -> tuple[Sequence[str], list[dict[str, Any]]]:
    return _COLUMNS, [{"relation": "own", **event} for event in document["events"]]


def _text(document: Document, markdown: bool) -> str:
    coming = "as_of" in document
    first, last = document["as_of"] if coming else document["since"], document["until"]
    days = f"{wording.recorded(first)} through {wording.recorded(last)}"
    events = document["events"]
    parts = [
        f"{'After' if coming else 'From'} {days}"
        f"{wording.known_at(document)}: {wording.counted('events', len(events))}"
    ]

    def add(columns: Sequence[str], rows: list[Sequence[str]]) -> None:
        parts.append(sheet.as_table(columns, rows, markdown=markdown, links=True))

    if events:
        add(["day", "what", "effect", "doubt", "source"], [_event(e, coming) for e in events])
    if document.get("conditions"):
        parts.append("Ending on a condition, on no known day:")
        columns = ["subject", "rule", "ends", "last confirmed", "source"]
        add(columns, [_condition(rule) for rule in document["conditions"]])
    if reviews := document.get("reviews"):
        due = wording.counted("reviews", sum(len(review["policy_ids"]) for review in reviews))
        parts.append(f"Reviews: {due}, the first on {wording.recorded(reviews[0]['on'])}.")
    return "\n\n".join(parts)


def _event(event: dict[str, Any], coming: bool) -> Sequence[str]:
    return (
        wording.event_day(event),
        wording.event(event, coming=coming, dated=False),
        ", ".join(event["effects"]),
        wording.event_doubt(event),
        event["source_url"],
    )


def _condition(rule: dict[str, Any]) -> Sequence[str]:
    return (
        wording.label(rule),
        wording.measure(rule["measure"], rule["scope"], rule["uses"]),
        rule["ends_when"],
        rule["last_confirmed_on"] or "",
        rule["source_url"],
    )
