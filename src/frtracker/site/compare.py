"""Rules side by side as a table of HTML with check boxes, which need neither script nor network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.site.environment import environment, stylesheet
from frtracker.vocabulary import PROVISION_GROUPS

_ALL: Final = 12
"""So many rules are all shown at first."""
_FIRST: Final = 4
"""Of more, so many."""
_KINDS: Final = {
    "Cities and counties": ("city", "county"),
    "States": ("state",),
    "Countries and unions": ("country", "supranational"),
    "Agencies and schools": ("agency", "school"),
    "Vendors and companies": ("vendor", "company"),
}


class Line(NamedTuple):
    """A row of the table: its name, what that means, a cell for each rule as (text, the class of
    the value, address, note)."""

    name: str
    meaning: str
    cells: list[tuple[str, str, str, str]]


def comparison(document: Document) -> dict[str, Any]:
    """What the template needs: the ``rules``; their numbers by ``kinds`` of subject; those of the
    ones that are ``shown`` at first, of the first kind those whose texts say most; the ``groups``
    of lines by title."""
    rules = document["rules"]
    kinds: dict[str, list[int]] = {title: [] for title in _KINDS}
    for number, rule in enumerate(rules):
        own = (title for title, types in _KINDS.items() if rule["subject_type"] in types)
        kinds[next(own)].append(number)
    said = [
        sum(it is not None and it["value"] != "silent" for it in rule["provisions"].values())
        for rule in rules
    ]
    numbers = range(len(rules)) if len(rules) <= _ALL else next(filter(None, kinds.values()))
    most = sorted(numbers, key=lambda number: -said[number])
    return {
        "rules": rules,
        "kinds": {
            title: sorted(numbers, key=lambda number: rules[number]["label"])
            for title, numbers in kinds.items()
            if numbers
        },
        "shown": {*most[: _FIRST if len(rules) > _ALL else _ALL]},
        "groups": dict(_groups(rules)),
    }


def single_page(document: Document) -> str:
    """A comparison as one HTML page that needs no other file."""
    return (
        environment()
        .get_template("compare_alone.html")
        .render(document=document, style=stylesheet(), **comparison(document))
    )


def _groups(rules: list[Document]) -> Iterator[tuple[str, list[Line]]]:
    facts = [wording.compared(rule) | {"exceptions": wording.exceptions(rule)} for rule in rules]
    names = [*facts[0]] if facts else []
    lines = [Line(name, "", [(it[name], "", "", "") for it in facts]) for name in names]
    lines = [it for it in lines if any(text for text, *_ in it.cells)]
    texts = [
        (
            rule["instrument"] or "source",
            "",
            wording.law_text(rule["sources"]) or rule["source_url"],
        )
        for rule in rules
    ]
    lines.append(Line("text, or best source", "", [(*it, "") for it in texts]))
    yield "What is recorded", lines
    for title, terms in PROVISION_GROUPS.items():
        yield (
            title,
            [
                Line(
                    term.label,
                    term.definition,
                    [_cell(rule["provisions"][code]) for rule in rules],
                )
                for code, term in terms.items()
            ],
        )


def _cell(said: Document | None) -> tuple[str, str, str, str]:
    if not said:
        return wording.NOT_CODED, "uncoded", "", ""
    return wording.provision(said), said["value"], said["url"], said["note"] or ""
