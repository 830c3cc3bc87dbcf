"""The history of one subject for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.text import sheet
from frtracker.text.status import applying
from frtracker.vocabulary import SUBJECT_TYPES

_IDENTITY: Final = ("subject_key", "subject", "subject_type", "country", "region", "geoid")


def render(document: Document, format_name: str) -> str:
    """The text of a history in one of the formats of a sheet; in CSV a row for each rule: whose it
    is, what is recorded, its state, the addresses of its sources."""
    rows = [
        {
            **{name: (of["status"] or of)[name] for name in _IDENTITY},
            **rule,
            "relation": of.get("relation", "own"),
            "exceptions": wording.exceptions(rule),
            "sources": [source["url"] for source in rule["sources"]],
        }
        for of in (document, *document.get("applies_here", ()))
        for rule in of["policies"]
    ]
    columns = [name for name in rows[0] if name != "ended_on"] if rows else []
    return sheet.render(document, format_name, _text, columns, rows)


def _text(document: Document, markdown: bool) -> str:
    write = sheet.in_markdown if markdown else str
    address = sheet.in_address if markdown else str
    bold = "**" if markdown else ""
    entry = document["status"]
    lines = [f"{'# ' * markdown}{write(_title(document))}", ""]
    lines.append(f"On {wording.recorded(document['as_of'])}{wording.known_at(document)}:")
    lines += [f"- {write(text)}" for text in _positions(entry)]
    if "applies_here" not in document:
        lines.append(f"- {wording.OWN_RULES}")
    if others := document.get("applies_here"):
        lines += ["", "Rules of others that apply here:", *applying(others, markdown=markdown)]
    if not document["policies"]:
        lines += ["", "No own act recorded."]
    for number, act in enumerate(document["policies"], 1):
        lines += ["", f"{bold}{number}. {write(act['instrument'] or act['policy_id'])}{bold}", ""]
        facts = [
            ("id", act["policy_id"]),
            ("state on the day", wording.state(act)),
            *wording.act_facts(act, whole=True),
        ]
        lines += [f"- {name}: {write(text)}" for name, text in facts]
        lines.append("- sources:")
        for source in act["sources"]:
            parts = write(wording.source(source)), address(source["url"])
            lines.append(f"  - {wording.joined(parts, ' ')}")
    return "\n".join(lines)


def _title(document: Document) -> str:
    kind = SUBJECT_TYPES[document["subject_type"]].label
    places = [kind, *document["within"], document["region"] or document["country"]]
    aliases = document["aliases"]
    also = f"; also called {', '.join(aliases)}" if aliases else ""
    return f"{document['subject']} ({', '.join(name for name in places if name)}{also})"


def _positions(entry: Document | None) -> Iterator[str]:
    if entry is None:
        yield wording.NOT_YET
        return
    for actor, position in entry["positions"].items():
        if position is None:
            continue
        who = wording.actors([actor])
        parts = [
            f"{who}: {wording.position(position)}",
            wording.since(position),
            wording.until(position),
            wording.only_in(position["territory"]),
        ]
        yield ", ".join(part for part in parts if part)
        for rule in position["also"]:
            yield f"{who}, also: {wording.also(rule)} ({rule['policy_id']})"
    if entry["next_change"]:
        yield f"next change {wording.next_change(entry['next_change'])}"
