"""``diff`` for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from frtracker import wording
from frtracker.answers.documents import Document, Row
from frtracker.record.columns import IDENTITY
from frtracker.record.findings import inert
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph
from frtracker.timeline.columns import POSITIONS
from frtracker.vocabulary import ACTORS

if TYPE_CHECKING:
    import pandas as pd

    from frtracker.text.terminal import Terminal

COLUMNS: Final = (
    *("table", "change", "row_id", "actor", "valid_from", "valid_to", "column", "old", "new"),
)


def render(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a ``diff`` document; in CSV a row for each stretch of days with another answer
    (of the table ``answers``) and for each cell that differs, and of a row added or removed for
    each cell that is filled."""
    return sheet.render(document, format_name, _blocks, COLUMNS, _rows(document), terminal=terminal)


def answers_csv(positions: pd.DataFrame) -> str:
    """The timeline's ``positions`` as an edition's positions.csv; its sha256 is the second hash of
    an edition, that of its answers."""
    return sheet.as_csv([column.name for column in POSITIONS], positions.to_dict("records"))


def summary(document: Document) -> str:
    """``answers changed: 180 of 409; 126 events corrected, 340 events new on record; 3 added, 1
    removed, 5 changed (9 cells)``"""
    return wording.joined([_events(document), *map(_counts, document["tables"][:1])], "; ")


def _events(document: Document) -> str:
    if document["answers"] is None:
        return ""
    counts = document["answers"]["counts"]
    numbers = {"corrected": document["corrections"], "learnt": document["law"]}
    events = (wording.counted(name, len(own)) for name, own in numbers.items() if own)
    answers = f"answers changed: {wording.share(counts['changed'], counts['answers'])}"
    return wording.joined([answers, wording.joined(events)], "; ")


def _counts(table: Document) -> str:
    counts = table["counts"]
    numbers = ", ".join(f"{counts[name]} {name}" for name in ("added", "removed", "changed"))
    return f"{numbers} ({wording.counted('cells', counts['cells'])})"


def _rows(document: Document) -> Iterator[Row]:
    blank = dict.fromkeys(COLUMNS, "")
    for row in (document["answers"] or {"changed": ()})["changed"]:
        sides = {side: wording.answer_then(row[side]) for side in ("old", "new")}
        stretch = {name: row[name] for name in ("actor", "valid_from", "valid_to")}
        named = {"table": "answers", "change": "changed", "row_id": row["subject_key"]}
        yield {**blank, **named, **stretch, **sides}
    for table in document["tables"]:
        named = {**blank, "table": table["table"]}
        for row in table["changed"]:
            for cell in row["cells"]:
                yield {**named, "change": "changed", "row_id": row["row_id"], **cell}
        for change, side in (("removed", "old"), ("added", "new")):
            for row in table[change]:
                for column, text in row["row"].items():
                    if text:
                        cell = {"column": column, side: text}
                        yield {**named, "change": change, "row_id": row["row_id"], **cell}
    for policy_id, now in document["replaced_by"].items():
        cell = {"column": "replaced_by", "new": now}
        yield {**blank, "table": "policies", "change": "removed", "row_id": policy_id, **cell}


def _blocks(document: Document) -> Iterator[Block]:
    old, new = (wording.edition(document[side]) for side in ("old", "new"))
    yield Paragraph(f"From {old} to {new}")
    if document["answers"] is None:
        yield Paragraph(
            "Answers are not compared: a cell of one of them is not valid, see frtracker validate."
        )
    else:
        yield Paragraph(_events(document))
        answers = document["answers"]["changed"]
        yield from _list("Answers", _answers(it for it in answers if it["old"]))
        # not those without a rule in force
        fresh = (it for it in answers if not it["old"] and it["new"]["measure"] != "none")
        yield from _list("Answers where no act was on record", _answers(fresh))
        day = document["new"]["reviewed_through"] or ""
        corrections, law, cancelled = (
            document[name] or () for name in ("corrections", "law", "cancelled")
        )
        corrected = (
            f"{wording.correction(it, day)}. {wording.corrected(it, day)}" for it in corrections
        )
        yield from _list("Corrected", corrected)
        yield from _list("New on record", (wording.event_on(it, day) for it in law))
        yield from _list("No longer to come", (wording.event_on(it, day) for it in cancelled))
    for table in document["tables"]:
        yield from _table(table, document["replaced_by"])
    if document["tables"] and (names := document["not_compared"]):
        yield Paragraph(f"Not compared, for one of them has no such table: {', '.join(names)}")


def _list(title: str, lines: Iterable[str]) -> Iterator[Block]:
    if items := [Item(line) for line in lines]:
        yield Heading(title)
        yield Items(items)


def _answers(changed: Iterable[Document]) -> Iterator[str]:
    """A line for each change of a subject, for the actors for whom it is the same."""
    alike: dict[str, tuple[Document, list[str]]] = {}
    for row in changed:
        same = str([row[name] for name in ("subject_key", "valid_from", "valid_to", "old", "new")])
        alike.setdefault(same, (row, []))[1].append(row["actor"])
    for row, whose in alike.values():
        yield wording.answer_changed(row, [it for it in ACTORS if it in whose])


def _table(table: Document, replaced: dict[str, str]) -> Iterator[Block]:
    name = table["table"]
    yield Paragraph(f"{name}: {_counts(table)}")
    for change in ("added", "removed"):
        lines = []
        for row in table[change]:
            line = f"{row['row_id']}{_said(name, row['row'])}"
            if change == "removed" and row["row_id"] in replaced:
                line += f" Now {replaced[row['row_id']]}."
            lines.append(line)
        yield from _list(f"{change.capitalize()} in {name}", lines)
    items = []
    for row in table["changed"]:
        label = f": {wording.label(row['row'])}" if {*IDENTITY} <= {*row["row"]} else ""
        items.append(Item(f"{row['row_id']}{label}", strong=True))
        for cell in row["cells"]:
            items.append(Item(cell["column"], 1))
            sides = ("old", cell["old"]), ("new", cell["new"])
            # a line break may be all that differs
            items += (Item(f"{side}: {inert(text)}", 2) for side, text in sides if text)
    if items:
        yield Heading(f"Changed in {name}")
        yield Items(items)


def _said(table: str, row: Row) -> str:
    if table == "policies":
        return f": {wording.label(row)}: {wording.act_kind(row)}. {row['summary']}"
    said = row.get("title") or row.get("finding")
    return f": {said}" if said else ""
