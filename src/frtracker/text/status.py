"""The status document, and the history of one subject, for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.text import sheet
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import SUBJECT_TYPES

_IDENTITY: Final = ("subject_key", "subject", "subject_type", "country", "region", "geoid")
_MARKETED: Final = ("vendor", "company")
_READ: Final = ("subject", "position", "for", "where", "since", "until", "next change")


def render(document: Document, format_name: str) -> str:
    """The text of ``document`` in one of the formats of a sheet, with a final newline."""
    return sheet.render(document, format_name, _text, COLUMNS, positions(document))


def summary(document: Document) -> str:
    """One line: the day used, and how many places, vendors and companies have what."""
    counts, chosen = document["counts"], document["filters"]["applies_to"]
    parts = [wording.day_used(document), wording.strictest_for(chosen)]
    for one, other in (("places", "agencies"), ("vendors", "companies")):
        text = f"{one} and {other}: {wording.counts([counts[one], counts[other]])}"
        covered = wording.coverage(document["coverage"][one])
        parts.append(f"{text} ({covered})" if covered else text)
    return " · ".join(parts)


def _text(document: Document, markdown: bool) -> str:
    subjects = document["subjects"]
    own = [entry for entry in subjects if entry["relation"] == "own"]
    others = [entry for entry in subjects if entry["relation"] != "own"]
    places = [entry for entry in own if entry["subject_type"] not in _MARKETED]
    vendors = [entry for entry in own if entry["subject_type"] in _MARKETED]
    parts = [summary(document)]
    for title, entries, columns in (
        ("Places and agencies", places, [name for name in _READ if name != "where"]),
        ("Vendors and companies", vendors, list(_READ)),
    ):
        if entries:
            rows = (
                [line.get(name, "") for name in columns]
                for entry in sorted(entries, key=_strictness)
                for line in _lines(entry, document["filters"])
            )
            title = f"## {title}\n" if markdown else title
            parts.append(f"{title}\n{sheet.as_table(columns, rows, markdown=markdown)}")
    if others:
        heading = "## Rules that apply there too\n" if markdown else "Rules that apply there too"
        parts.append("\n".join([heading, *applying(others, markdown=markdown)]))
    if any(p and p["start_presumed"] for entry in own for p in entry["positions"].values()):
        parts.append(wording.AT_THE_EARLIEST)
    if places and not others:
        parts.append(wording.OWN_RULES)
    if document["searches"] is not None:
        searches = [f"- {wording.search(row)}" for row in document["searches"]]
        if markdown:
            searches = [sheet.in_markdown(line) for line in searches]
        lines = ["Searched:", *[""] * markdown, *searches] if searches else [wording.NOT_SEARCHED]
        parts.append("\n".join(lines))
    parts.append(wording.dataset(document["dataset"]))
    return "\n\n".join(parts)


def applying(entries: Iterable[Document], *, markdown: bool) -> Iterator[str]:
    """The agencies and governments whose rules apply in a place, as a list: ``Detroit Police
    Department (agency): police: restriction, since 19 Sep 2019``. ``entries``: of a status
    document, or of the ``applies_here`` of a history."""
    for entry in entries:
        kind = SUBJECT_TYPES[entry["subject_type"]].label
        in_force = {
            actor: position
            for actor, position in entry.get("status", entry)["positions"].items()
            if position and position["measure"] != "none"
        }
        positions = wording.positions(in_force)
        text = f"{entry['subject']} ({kind}): {positions}"
        yield f"- {sheet.in_markdown(text) if markdown else text}"


def _strictness(entry: Document) -> tuple[int, bool, str]:
    rank = RANK[entry["measure"], entry["scope"] or ""]
    return -rank, not entry["certain"], wording.label(entry)


def _lines(entry: Document, filters: Mapping[str, Any]) -> list[dict[str, str]]:
    """One line for each position asked about that differs, then for each rule in force besides, by
    columns; actors that share everything share a line. The first has the name and the next
    change."""

    def is_shown(rule: Mapping[str, Any]) -> bool:
        measures = filters["measures"]
        return rule["measure"] in measures if measures else rule["measure"] != "none"

    positions = {
        actor: position
        for actor, position in entry["positions"].items()
        if position and actor in filters["applies_to"]
    }
    in_force = {
        actor: position
        for actor, position in positions.items()
        if is_shown(position) and position["measure"] != "none"
    }
    cells = {actor: wording.cells(position) for actor, position in in_force.items()}
    lines = [
        {"position": text, "for": wording.actors(who), "where": where, "since": since, "until": end}
        for (text, where, since, end), who in wording.alike(cells)
    ]
    if not lines:
        has_rule = entry["measure"] != "none" or any(p["also"] for p in positions.values())
        text = "none of these by itself" if has_rule else wording.NONE
        text = text if any(entry["positions"].values()) else wording.NO_ACT
        lines.append({"position": text})
    besides: dict[tuple[str, str, str], list[str]] = {}
    for actor, position in positions.items():
        for rule in filter(is_shown, position["also"]):
            text, where = wording.also(rule, where=False), wording.joined(rule["territory"])
            besides.setdefault((text, where, rule["policy_id"]), []).append(actor)
    lines += [
        {"position": f"also: {text}", "for": wording.actors(who), "where": where}
        for (text, where, _), who in besides.items()
    ]
    coming = wording.next_change(entry["next_change"], iso=True)
    lines[0] |= {"subject": wording.label(entry), "next change": coming}
    return lines


COLUMNS: Final = (
    *("as_of", "subject_key", "subject", "subject_type", "country", "region", "geoid", "actor"),
    *("measure", "scope", "uses", "certain", "at_least_measure", "at_least_scope"),
    *("since", "since_low", "since_high", "until", "until_low", "until_high", "ends_when"),
    *("prohibited_since", "prohibited_since_low", "prohibited_since_high"),
    *("start_presumed", "continuation_presumed", "lifted", "territory", "policy_ids"),
    *("next_change_on", "relation"),
)


def positions(document: Document) -> Iterator[dict[str, Any]]:
    """The positions of a status document, flat: one row per subject and actor for whom anything is
    recorded, with the columns of :data:`COLUMNS`."""
    for entry in document["subjects"]:
        for actor, position in entry["positions"].items():
            if position is None or actor not in document["filters"]["applies_to"]:
                continue
            floor = position["at_least"] or {"measure": None, "scope": None}
            row = {
                **entry,
                **position,
                "as_of": document["as_of"],
                "actor": actor,
                "at_least_measure": floor["measure"],
                "at_least_scope": floor["scope"],
                "next_change_on": position["next_change"] and position["next_change"]["on"],
            }
            cells = {name: row[name] for name in COLUMNS}
            yield {
                n: ";".join(it) or None if isinstance(it, list) else it for n, it in cells.items()
            }


def history(document: Document, format_name: str) -> str:
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
        for of in (document, *document["applies_here"])
        for rule in of["policies"]
    ]
    columns = [name for name in rows[0] if name != "ended_on"] if rows else []
    return sheet.render(document, format_name, _history, columns, rows)


def _history(document: Document, markdown: bool) -> str:
    write = sheet.in_markdown if markdown else str
    address = "<{}>".format if markdown else str
    bold = "**" if markdown else ""
    lines = [f"{'# ' * markdown}{write(_title(document))}", ""]
    lines.append(f"On {wording.recorded(document['as_of'])}{wording.known_at(document)}:")
    lines += [f"- {write(text)}" for text in _by_actor(document["status"])]
    if others := document["applies_here"]:
        lines += ["", "Rules of others that apply here:", *applying(others, markdown=markdown)]
    if not document["policies"]:
        lines += ["", f"{wording.no_act(document['coverage'], 'No own act recorded')}."]
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
    also = document["aliases"] and f"also called {', '.join(document['aliases'])}"
    return f"{document['subject']} ({wording.joined([wording.joined(places), also], '; ')})"


def _by_actor(entry: Document | None) -> Iterator[str]:
    if entry is None:
        yield wording.NOT_YET
        return
    for actor, position in entry["positions"].items():
        if position is None:
            continue
        who = wording.actors([actor])
        days = wording.since(position), wording.until(position)
        where = wording.only_in(position["territory"])
        yield wording.joined([f"{who}: {wording.position(position)}", *days, where])
        for rule in position["also"]:
            yield f"{who}, also: {wording.also(rule)} ({rule['policy_id']})"
    if entry["next_change"]:
        yield f"next change {wording.next_change(entry['next_change'])}"
