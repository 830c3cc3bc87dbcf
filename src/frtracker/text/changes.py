"""``changes``, ``upcoming``, ``stale`` and ``diff`` for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.answers.documents import SUBJECT_COLUMNS, Document, Row
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph, Table
from frtracker.vocabulary import MEASURES, STATUSES

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
DIFF_COLUMNS: Final = ("change", "policy_id", "column", "old", "new")
ANSWERS_COLUMNS: Final = ("subject_key", "actor", "valid_from", "valid_to", "old", "new")


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
    count = wording.counted("due", len(due), all=document["dataset"]["policies"])
    yield Paragraph(f"{count} for review on {wording.recorded(document['as_of'])}")
    rows = [
        [
            *([""] * 3 if number else [row["policy_id"], wording.label(row), _kind(row)]),
            reason["since"],
            reason["why"],
        ]
        for row in due
        for number, reason in enumerate(row["reasons"])
    ]
    if rows:
        yield Table(["policy_id", "subject", "measure", "due since", "why"], rows)


def diff(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a ``diff`` document; in CSV a row for each cell that differs, and of an act added
    or removed for each cell that is filled."""
    rows = _cells(document)
    return sheet.render(document, format_name, _diff, DIFF_COLUMNS, rows, terminal=terminal)


def answers(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of an ``answers`` document: a row for each stretch of days with another answer."""
    rows = [
        {**row, **{side: _answer(row[side]) for side in ("old", "new")}}
        for row in document["changed"]
    ]

    def blocks(document: Document) -> Iterator[Block]:
        counts = document["counts"]
        changed = f"{counts['changed']} of {counts['answers']} answers changed"
        yield Paragraph(f"{changed} ({wording.counted('rows', len(rows))})" if rows else changed)
        if rows:
            yield Table(
                ANSWERS_COLUMNS, [[row[it] or "" for it in ANSWERS_COLUMNS] for row in rows]
            )

    return sheet.render(document, format_name, blocks, ANSWERS_COLUMNS, rows, terminal=terminal)


def _answer(answer: Document | None) -> str:
    if answer is None:
        return wording.NO_ACT
    return wording.joined([wording.position(answer), wording.only_in(answer["territory"])], " ")


def diff_summary(document: Document) -> str:
    """``3 added, 1 removed, 5 changed (9 cells)``"""
    counts = document["counts"]
    numbers = ", ".join(f"{counts[name]} {name}" for name in ("added", "removed", "changed"))
    return f"{numbers} ({wording.counted('cells', counts['cells'])})"


def _cells(document: Document) -> Iterator[Row]:
    for row in document["changed"]:
        for cell in row["cells"]:
            yield {"change": "changed", "policy_id": row["policy_id"], **cell}
    for name, side in (("removed", "old"), ("added", "new")):
        for row in document[name]:
            for column, text in row.items():
                if text:
                    cell = {"old": "", "new": "", "column": column, side: text}
                    yield {"change": name, "policy_id": row["policy_id"], **cell}
    for policy_id, now in document["replaced_by"].items():
        cell = {"column": "replaced_by", "old": "", "new": now}
        yield {"change": "removed", "policy_id": policy_id, **cell}


def _diff(document: Document) -> Iterator[Block]:
    yield Paragraph(diff_summary(document))
    for name in ("added", "removed"):
        items = []
        for row in document[name]:
            act = f"{wording.label(row)}: {_kind(row)}"
            if name == "removed" and row["policy_id"] in document["replaced_by"]:
                act += f"; now {document['replaced_by'][row['policy_id']]}"
            items.append(Item(f"{row['policy_id']}: {act}. {row['summary']}"))
        if items:
            yield Heading(name.capitalize())
            yield Items(items)
    items = []
    for row in document["changed"]:
        items.append(Item(f"{row['policy_id']}: {wording.label(row)}", strong=True))
        for cell in row["cells"]:
            items.append(Item(cell["column"], 1))
            sides = ("old", cell["old"]), ("new", cell["new"])
            items += (Item(f"{side}: {text}", 2) for side, text in sides if text)
    if items:
        yield Heading("Changed")
        yield Items(items)


def _kind(row: Row) -> str:
    """``ban, adopted``; words that are in no vocabulary stand as they are."""
    terms = ((MEASURES, row["measure"]), (STATUSES, row["status"]))
    return ", ".join(words[code].label if code in words else code for words, code in terms)
