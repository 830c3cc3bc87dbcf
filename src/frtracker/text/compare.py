"""Rules side by side, for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.answers.documents import SUBJECT_COLUMNS, Document
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph, Table
from frtracker.vocabulary import PROVISION_GROUPS, PROVISIONS

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal

COLUMNS: Final = (
    *("as_of", "label", *SUBJECT_COLUMNS, "policy_id"),
    *("measure", "scope", "uses", "applies_to", "reach", "territory", "state", "certain"),
    *("decided_on", "effective_on", "expires_on", "ends_when", "instrument", "exceptions"),
    *(*PROVISIONS, "reported", "source_url"),
)
_CODED: Final = ("policy_id", "label", "provision", "value", "locator", "url", "note")
_MOST_SIDE_BY_SIDE: Final = 6
"""With more rules than these, each is a row instead of a column."""


def render(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a ``compare`` document in one of the formats of a sheet; CSV as :func:`rows`, a
    workbook with the places in the texts too."""
    coded = ("provisions", _CODED, places_in_texts(document))
    return sheet.render(
        document, format_name, _text, COLUMNS, rows(document), others=[coded], terminal=terminal
    )


def rows(document: Document) -> Iterator[dict[str, Any]]:
    """A comparison, flat: one row per rule with the columns of :data:`COLUMNS`, what its text says
    on a provision in a column each, empty where that is not coded; ``reported``: those that were
    not read in the text."""
    for rule in document["rules"]:
        said = rule["provisions"]
        yield {
            **rule,
            **{it: said[it] and said[it]["value"] for it in PROVISIONS},
            "reported": [it for it in PROVISIONS if wording.is_reported(said[it])],
            "as_of": document["as_of"],
            "exceptions": wording.exceptions(rule),
        }


def places_in_texts(document: Document) -> Iterator[dict[str, Any]]:
    """One row for each provision that is coded, with its place in the text."""
    for rule in document["rules"]:
        for provision, said in rule["provisions"].items():
            if said:
                yield {**said, "provision": provision, **{n: rule[n] for n in _CODED[:2]}}


def _text(document: Document) -> Iterator[Block]:
    rules, where = document["rules"], [it["provision"] for it in document["where"]]
    yield Paragraph(f"{wording.comparison(document)}.", strong=True)
    if document["without"]:
        yield Paragraph(f"{wording.NOT_LIVE}: {wording.joined(document['without'], '; ')}.")
    for name, title in wording.OTHER_RULES.items():
        if document[name]:
            yield Paragraph(f"{title}: {wording.joined(document[name])}.")
    shown = where or [it for it in PROVISIONS if any(rule["provisions"][it] for rule in rules)]
    if rules:
        yield _table(rules, shown, by_rule=bool(where) or len(rules) > _MOST_SIDE_BY_SIDE)
    if rules and not where:
        yield from _in_words(rules, shown)
    if rules and len(shown) < len(PROVISIONS) and not where:
        yield Paragraph(wording.counted("uncoded", len(PROVISIONS) - len(shown)))
    yield Paragraph(wording.LEGEND)
    yield Paragraph(f"Cite as: {document['cite_as']}")


def _table(rules: Sequence[Document], shown: Sequence[str], *, by_rule: bool) -> Table:
    """A column for each rule, or a row."""
    facts = [wording.compared(rule) for rule in rules]
    names = [name for name in facts[0] if any(it[name] for it in facts)]
    if by_rule:
        names = [name for name in names if name != "reach"]
    lines = [[name, *(it[name] for it in facts)] for name in names]
    for title, terms in PROVISION_GROUPS.items():
        own = [it for it in shown if it in terms]
        if own and not by_rule:
            lines.append([title, *("" for _ in rules)])
        lines += [
            [terms[it].label, *(wording.provision(rule["provisions"][it]) for rule in rules)]
            for it in own
        ]
    head = ["", *(wording.label(rule) if by_rule else rule["label"] for rule in rules)]
    if not by_rule:
        return Table(head, lines)
    urls = ["text"]
    for rule in rules:
        said = (rule["provisions"][it] for it in shown)
        urls.append(next((it["url"] for it in said if it), rule["source_url"]))
    columns, *turned = zip(head, *lines, urls, strict=True)
    return Table(["rule", *columns[1:]], turned, links=True, ranked="measure")


def _in_words(rules: Sequence[Document], shown: Sequence[str]) -> Iterator[Block]:
    """What no cell has room for: exceptions, which cases a provision is about, addresses."""
    if excepting := [rule for rule in rules if rule["exceptions"]]:
        yield Heading("Exceptions")
        yield Items([Item(f"{it['label']}: {wording.exceptions(it)}") for it in excepting])
    notes = [
        Item(f"{rule['label']}: {PROVISIONS[it].label}: {said['value']}: {said['note']}")
        for rule in rules
        for it in shown
        if (said := rule["provisions"][it]) and said["note"]
    ]
    if notes:
        yield Heading("Notes on the texts")
        yield Items(notes)
    yield Heading("Texts")
    lines = []
    for rule in rules:
        said = (it["url"] for it in rule["provisions"].values() if it)
        first, *others = dict.fromkeys(
            filter(None, [wording.law_text(rule["sources"]), *said])
        ) or [rule["source_url"]]
        named = wording.joined([rule["label"], rule["instrument"]], ": ")
        lines += [Item(f"{named}:", url=first), *(Item("", 1, url) for url in others)]
    yield Items(lines)
