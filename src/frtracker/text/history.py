"""The history of one subject as text: a table, Markdown, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.dates import in_words, parse, recorded, through
from frtracker.text import here
from frtracker.text.markdown import in_markdown
from frtracker.vocabulary import CONFIDENCES, REACHES, SOURCE_KINDS, STATES, STATUSES, SUBJECT_TYPES

FORMATS: Final = ("table", "markdown", "csv", "json")


def render(document: Document, format_name: str) -> str:
    """The text of a history in one of :data:`FORMATS`, with a final newline."""
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "csv":
        return _as_csv(document)
    return "\n".join(_lines(document, markdown=format_name == "markdown")) + "\n"


def _as_csv(document: Document) -> str:
    buffer = io.StringIO()
    acts = [{**act, "relation": "own"} for act in document["acts"]]
    for other in document.get("applies_here", ()):
        acts += [{**act, "relation": other["relation"]} for act in other["acts"]]
    columns = [*(c for c in acts[0] if c != "sources"), "sources"] if acts else []
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    for act in acts:
        writer.writerow({**act, "sources": " ".join(s["url"] for s in act["sources"])})
    return buffer.getvalue()


def _lines(document: Document, *, markdown: bool) -> list[str]:
    bold = "**" if markdown else ""
    write = in_markdown if markdown else str
    kind = SUBJECT_TYPES[document["subject_type"]].label
    also = f"; also called {', '.join(document['aliases'])}" if document["aliases"] else ""
    where = ", ".join([*document["within"], document["region"] or document["country"] or ""]).strip(
        ", "
    )
    title = f"{document['subject']} ({kind}{f', {where}' if where else ''}{also})"
    lines = [f"# {write(title)}" if markdown else title, ""]
    entry = document["status"]
    lines.append(f"On {in_words(date.fromisoformat(document['as_of']))}:")
    told = _position_lines(entry) if entry else ["nothing recorded by that day"]
    if entry and entry["next_change"]:
        told.append(f"next change {phrases.next_change(entry['next_change'])}")
    lines += [f"- {write(text)}" for text in told]
    if others := [other["status"] for other in document.get("applies_here", ())]:
        lines += ["", "Rules of others that apply here:"]
        lines += [f"- {write(text)}" for text in here.lines(others)]
    if not document["acts"]:
        lines += ["", "No own act recorded."]
    for number, act in enumerate(document["acts"], 1):
        called = write(act["instrument"] or act["policy_id"])
        lines += ["", f"{bold}{number}. {called}{bold}", ""]
        lines += [f"- {name}: {write(text)}" for name, text in _act_fields(act) if text]
        lines.append("- sources:")
        for source in act["sources"]:
            lines.append(f"  - {write(_source_line(source))} {_address(source['url'], markdown)}")
        if not act["sources"]:
            lines.append(f"  - {_address(act['source_url'], markdown)}")
    return lines


def _position_lines(entry: Document) -> list[str]:
    lines = []
    for actor, position in entry["positions"].items():
        if position is None:
            continue
        parts = [f"{phrases.actors([actor])}: {phrases.position(position, entry['policies'])}"]
        if since := phrases.since(position):
            parts.append(f"since {since}{' (start not recorded)' * position['start_presumed']}")
        if until := phrases.until(position, entry["policies"]):
            parts.append(until)
        if position["territory"]:
            parts.append(f"in {position['territory'].replace(';', ', ')} only")
        lines.append(", ".join(parts))
        lines += [f"{phrases.actors([actor])}, beside it: {said}" for said in _beside(position)]
    return lines


def _beside(position: Document) -> Iterator[str]:
    """What else holds for the actor, each rule with where it holds."""
    for rule in position["also"]:
        said = phrases.measure(rule["measure"], rule["scope"])
        doubt = "" if rule["certain"] else "uncertain: "
        where = f" in {rule['territory'].replace(';', ', ')} only" if rule["territory"] else ""
        yield f"{doubt}{said}{where} ({rule['policy_id']})"


def _act_fields(act: dict[str, Any]) -> list[tuple[str, str]]:
    scope = "general" if act["uses"] == "any" else "narrow"
    ends = " · ".join(
        part
        for part in (
            through(parse(act["expires_on"])) if act["expires_on"] else "",
            act["ends_when"],
        )
        if part
    )
    started = recorded(act["effective_on"]) or (
        "not recorded; presumed at the decision"
        if act["status"] in ("adopted", "announced")
        else ""
    )
    return [
        ("id", act["policy_id"]),
        ("state on the day", STATES[act["state"]].label),
        ("outcome", STATUSES[act["status"]].label),
        (
            "measure",
            phrases.measure(act["measure"], scope, act["uses"].split(";"))
            + f" for {phrases.actors(act['applies_to'].split(';'))}",
        ),
        ("reach", REACHES[act["reach"]].label if act["reach"] else ""),
        ("where", act["territory"].replace(";", ", ")),
        ("decided by", act["decided_by"]),
        ("introduced", recorded(act["introduced_on"])),
        ("decided", recorded(act["decided_on"])),
        ("in effect from", started),
        ("ends", ends),
        ("last confirmed", recorded(act["last_confirmed_on"])),
        ("says", act["summary"]),
        ("exceptions", act["exceptions"]),
        ("supersedes", act["supersedes"].replace(";", ", ")),
        ("see also", act["relates_to"].replace(";", ", ")),
        ("confidence", CONFIDENCES[act["confidence"]].label),
        ("reviewed", act["reviewed_on"]),
        ("notes", act["notes"]),
    ]


def _source_line(source: dict[str, Any]) -> str:
    parts = [source["publisher"], source["title"], source["published_on"]]
    told = ", ".join(part for part in parts if part)
    kind = SOURCE_KINDS[source["kind"]].label
    proves = f"; shows {source['supports'].replace(';', ', ')}" if source["supports"] else ""
    return f"{told} ({kind}{proves})"


def _address(url: str, markdown: bool) -> str:
    return f"<{url}>" if markdown else url
