"""The history of one subject for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from frtracker import wording
from frtracker.answers.status import Document
from frtracker.text import sheet
from frtracker.text.status import applying
from frtracker.vocabulary import STATES, SUBJECT_TYPES

FORMATS: Final = sheet.FORMATS


def render(document: Document, format_name: str) -> str:
    """The text of a history in one of :data:`FORMATS`, with a final newline."""
    return sheet.render(document, format_name, _text, _table)


def _table(document: Document) -> tuple[Sequence[str], list[dict[str, Any]]]:
    """One row per act: the cells of the record, its state, and the addresses of its sources."""
    acts = [{**act, "relation": "own"} for act in document["acts"]]
    for other in document.get("applies_here", ()):
        acts += [{**act, "relation": other["relation"]} for act in other["acts"]]
    columns = [*(name for name in acts[0] if name != "sources"), "sources"] if acts else []
    return columns, [{**act, "sources": " ".join(s["url"] for s in act["sources"])} for act in acts]


def _text(document: Document, markdown: bool) -> str:
    write = sheet.in_markdown if markdown else str
    address = sheet.in_address if markdown else str
    bold = "**" if markdown else ""
    entry = document["status"]
    known = {rule["policy_id"]: rule for rule in entry["policies"]} if entry else {}
    lines = [f"{'# ' * markdown}{write(_title(document))}", ""]
    lines.append(f"On {wording.recorded(document['as_of'])}{wording.known_at(document)}:")
    lines += [f"- {write(text)}" for text in _positions(entry)]
    if "applies_here" not in document:
        lines.append(f"- {wording.OWN_RULES}")
    if others := [other["status"] for other in document.get("applies_here", ())]:
        lines += ["", "Rules of others that apply here:", *applying(others, markdown=markdown)]
    if not document["acts"]:
        lines += ["", "No own act recorded."]
    for number, act in enumerate(document["acts"], 1):
        lines += ["", f"{bold}{number}. {write(act['instrument'] or act['policy_id'])}{bold}", ""]
        rule = known.get(act["policy_id"])
        facts = [
            ("id", act["policy_id"]),
            ("state on the day", wording.state(rule) if rule else STATES[act["state"]].label),
            *wording.act_facts(act, whole=True),
        ]
        lines += [f"- {name}: {write(text)}" for name, text in facts]
        lines.append("- sources:")
        for source in act["sources"]:
            lines.append(f"  - {write(wording.source(source))} {address(source['url'])}")
        if not act["sources"]:
            lines.append(f"  - {address(act['source_url'])}")
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
    rules = entry["policies"]
    for actor, position in entry["positions"].items():
        if position is None:
            continue
        who = wording.actors([actor])
        parts = [
            f"{who}: {wording.position(position, rules)}",
            wording.since(position),
            wording.until(position, rules),
            wording.only_in(position["territory"]),
        ]
        yield ", ".join(part for part in parts if part)
        for rule in position["also"]:
            yield f"{who}, also: {wording.also(rule, rules)} ({rule['policy_id']})"
    if entry["next_change"]:
        yield f"next change {wording.next_change(entry['next_change'], rules)}"
