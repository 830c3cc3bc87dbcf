"""The status document, and the history of one subject, for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.answers.documents import SUBJECT_COLUMNS, Document
from frtracker.answers.status import RULE_CELLS
from frtracker.codes import code_name
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph, Table
from frtracker.timeline.rules import RANK

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal

_MARKETED: Final = ("vendor", "company")
_READ: Final = ("subject", "position", "for", "where", "since", "until", "next change")
_PROOF: Final = ("summary", "source")
_FEW: Final = 3
"""More searches than these are one line, unless all is asked for."""


def render(
    document: Document,
    format_name: str,
    terminal: Terminal | None = None,
    *,
    whole: bool = False,
) -> str | bytes:
    """The text of ``document`` in one of the formats of a sheet, with a final newline. ``whole``:
    tables have what each rule says and who says so, as Markdown always has."""
    is_whole = whole or format_name == "markdown"
    blocks = partial(_blocks, is_whole=is_whole)
    rows, others = positions(document), []
    if "people" in document:
        others = [("people", PEOPLE_COLUMNS, people_rows(document))]
    return sheet.render(
        document, format_name, blocks, COLUMNS, rows, others=others, terminal=terminal
    )


def summary(document: Document) -> str:
    """One line: the day used, and how many places, vendors and companies have what."""
    counts, chosen = document["counts"], document["filters"]["applies_to"]
    parts = [wording.day_used(document), wording.strictest_for(chosen)]
    for one, other in (("places", "agencies"), ("vendors", "companies")):
        text = f"{one} and {other}: {wording.counts([counts[one], counts[other]])}"
        covered = wording.coverage(document["coverage"][one])
        parts.append(f"{text} ({covered})" if covered else text)
    return " · ".join(parts)


def _blocks(document: Document, *, is_whole: bool) -> Iterator[Block]:
    subjects = document["subjects"]
    own = [entry for entry in subjects if entry["relation"] == "own"]
    others = [entry for entry in subjects if entry["relation"] != "own"]
    places = [entry for entry in own if entry["subject_type"] not in _MARKETED]
    vendors = [entry for entry in own if entry["subject_type"] in _MARKETED]
    yield Paragraph(summary(document))
    proof = _PROOF if is_whole else ()
    for title, entries, columns in (
        ("Places and agencies", places, [name for name in _READ if name != "where"]),
        ("Vendors and companies", vendors, list(_READ)),
    ):
        if entries:
            names = [*columns, *proof]
            rows = [
                [line.get(name, "") for name in names]
                for entry in sorted(entries, key=_strictness)
                for line in _lines(entry, document["filters"])
            ]
            yield Heading(title)
            yield Table(names, rows, links=is_whole, ranked="position")
    if others:
        yield Heading("Rules of others that apply there")
        yield Items([*applying(others)])
    if people := document.get("people"):
        yield Heading("People")
        yield from _people(document, people)
    if any(p and p["start_presumed"] for entry in own for p in entry["positions"].values()):
        yield Paragraph(wording.ADOPTED)
    if places and not others:
        yield Paragraph(wording.OWN_RULES)
    searches = document["searches"]
    if searches and (is_whole or len(searches) <= _FEW):
        yield Heading("Searches")
        yield Items([*map(Item, _searches(searches, document["filters"]["markets"]))])
    elif searches:
        latest = wording.recorded(max(row["searched_on"] for row in searches))
        yield Paragraph(wording.counted("searches", len(searches), latest=latest))
    elif searches is not None:
        yield Paragraph(wording.NOT_SEARCHED)
    yield Paragraph(f"Cite as: {document['cite_as']}")


def _people(document: Document, counts: Sequence[Document]) -> Iterator[Block]:
    rows = [
        [
            wording.actors([count["actor"]]) * (number == 0),
            wording.people_level(level, is_first=number == 0),
            wording.people_range(level["people_low"], level["people_high"]),
        ]
        for count in counts
        for number, level in enumerate(count["levels"])
    ]
    if said := [text for count in counts if (text := wording.people_sentence(document, count))]:
        yield Items([*map(Item, said)])
    if rows:
        yield Table(["for", "rule", "people"], rows, ranked="rule")
    names = dict.fromkeys(name for count in counts for name in count["not_counted"])
    about = wording.PEOPLE if rows else "No people are counted under a rule."
    yield Paragraph(wording.joined([about, wording.not_counted([*names])], " "))


def _searches(rows: Sequence[Document], markets: Sequence[str]) -> Iterator[str]:
    """What was searched; of several countries or regions where, and which were not."""
    for code in markets:
        own = [row for row in rows if (row["region"] or row["country"]) == code]
        name = code_name(code) if len(markets) > 1 else ""
        yield from (wording.search(row, f" ({name})" * bool(name)) for row in own)
        if not own:
            yield f"{name}: not searched"


def applying(entries: Iterable[Document]) -> Iterator[Item]:
    """The agencies and governments whose rules apply in a place, as a list: ``Detroit Police
    Department (agency): police: restriction, since 19 Sep 2019``. ``entries``: of a status
    document, or of the ``applies_here`` of a history."""
    for entry in entries:
        kind = wording.kind(entry["subject_type"], entry.get("region"))
        in_force = {
            actor: position
            for actor, position in entry.get("status", entry)["positions"].items()
            if position and position["measure"] != "none"
        }
        text = f"{entry['subject']} ({kind}): {wording.positions(in_force)}"
        yield Item(text, strong=False)


def _strictness(entry: Document) -> tuple[int, bool, str]:
    rank = RANK[entry["measure"], entry["scope"] or ""]
    return -rank, not entry["certain"], wording.label(entry)


def _lines(entry: Document, filters: Mapping[str, Any]) -> list[dict[str, str]]:
    """One line for each position asked about that differs, then for each rule in force besides, by
    columns; actors that share everything share a line. The first has the name and the next
    change."""

    names = ("position", "where", "since", "until", *_PROOF)

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
    rules = {rule["policy_id"]: rule for rule in entry["policies"]}
    cells = {
        actor: (*wording.cells(position), *_proof(position["policy_ids"], rules))
        for actor, position in in_force.items()
    }
    lines = [
        dict(zip(names, texts, strict=True)) | {"for": wording.actors(who)}
        for texts, who in wording.alike(cells)
    ]
    if not lines:
        has_rule = any(p["measure"] != "none" or p["also"] for p in positions.values())
        text = "another measure ranks higher" if has_rule else wording.no_rule(entry["policies"])
        text = text if any(entry["positions"].values()) else wording.NO_ACT
        lines.append({"position": text})
    besides: dict[tuple[str, str, str], list[str]] = {}
    for actor, position in positions.items():
        for rule in filter(is_shown, position["also"]):
            text, where = wording.also(rule, with_place=False), wording.where(rule["territory"])
            besides.setdefault((text, where, rule["policy_id"]), []).append(actor)
    for (text, where, policy_id), who in besides.items():
        line = {"position": f"also: {text}", "for": wording.actors(who), "where": where}
        lines.append(line | dict(zip(_PROOF, _proof([policy_id], rules), strict=True)))
    coming = wording.next_change(entry["next_change"], iso=True)
    lines[0] |= {"subject": wording.label(entry), "next change": coming}
    return lines


def _proof(ids: Sequence[str], rules: Mapping[str, Document]) -> tuple[str, str]:
    """What the first of the rules that make a position says, and its best source."""
    first = rules.get(ids[0], {}) if ids else {}
    return first.get("summary") or "", first.get("source_url") or ""


COLUMNS: Final = (
    *("as_of", *SUBJECT_COLUMNS, "actor"),
    *("measure", "scope", "uses", "certain", "at_least_measure", "at_least_scope"),
    *("since", "since_low", "since_high", "until", "until_low", "until_high", "ends_when"),
    *("prohibited_since", "prohibited_since_low", "prohibited_since_high"),
    *("start_presumed", "continuation_presumed", "lifted", "territory", "policy_ids"),
    *("next_change_on", "relation", "summary", "source_url"),
)


def positions(document: Document) -> Iterator[dict[str, Any]]:
    """The positions of a status document, flat: one row per subject and actor for whom anything is
    recorded, with the columns of :data:`COLUMNS`. ``summary``, ``source_url``: of the first of its
    rules."""
    for entry in document["subjects"]:
        rules = {rule["policy_id"]: rule for rule in entry["policies"]}
        for actor, position in entry["positions"].items():
            if position is None or actor not in document["filters"]["applies_to"]:
                continue
            floor = position["at_least"] or {"measure": None, "scope": None}
            says, address = _proof(position["policy_ids"], rules)
            row = {
                **entry,
                **position,
                "as_of": document["as_of"],
                "actor": actor,
                "at_least_measure": floor["measure"],
                "at_least_scope": floor["scope"],
                "next_change_on": position["next_change"] and position["next_change"]["on"],
                "summary": says or None,
                "source_url": address or None,
            }
            cells = {name: row[name] for name in COLUMNS}
            yield {
                n: ";".join(it) or None if isinstance(it, list) else it for n, it in cells.items()
            }


PEOPLE_COLUMNS: Final = (
    *("as_of", "actor", "measure", "scope", "people_low", "people_high", "not_counted"),
)


def people_rows(document: Document) -> Iterator[dict[str, Any]]:
    """The people of a status document, flat: one row per actor and level, with the columns of
    :data:`PEOPLE_COLUMNS`."""
    for count in document["people"]:
        for level in count["levels"]:
            yield {**count, **level, "as_of": document["as_of"]}


HISTORY_COLUMNS: Final = (*SUBJECT_COLUMNS, *RULE_CELLS, "relation", "sources")


def history(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of a history in one of the formats of a sheet; CSV as :func:`history_rows`."""
    rows = history_rows(document)
    return sheet.render(document, format_name, _history, HISTORY_COLUMNS, rows, terminal=terminal)


def history_rows(document: Document) -> Iterator[dict[str, Any]]:
    """A history, flat: one row per rule with the columns of :data:`HISTORY_COLUMNS`; rules of
    others that apply in the place follow, with their ``relation``."""
    for of in (document, *document["applies_here"]):
        for rule in of["policies"]:
            yield {
                **{name: (of["status"] or of)[name] for name in SUBJECT_COLUMNS},
                **rule,
                "relation": of.get("relation", "own"),
                "exceptions": wording.exceptions(rule),
                "sources": [source["url"] for source in rule["sources"]],
            }


def _history(document: Document) -> Iterator[Block]:
    yield Heading(_title(document), top=True)
    if document["policy_id"]:
        if others := document["others"]:
            acts = wording.counted("other_acts", others)
            yield Paragraph(f"{acts} on record: frtracker show {document['subject_key']}")
    else:
        yield Paragraph(document["answer"], strong=True)
        if lines := [*_by_actor(document["status"])]:
            yield Items(lines)
    if others := document["applies_here"]:
        yield Heading("Rules of others that apply here")
        yield Items([*applying(others)])
    if not document["policies"]:
        yield Paragraph(f"{wording.no_act(document['coverage'], 'No act of its own on record')}.")
    for number, act in enumerate(document["policies"], 1):
        yield Heading(f"{number}. {act['instrument'] or act['policy_id']}")
        facts = [
            ("id", act["policy_id"]),
            ("status on this date", wording.state(act)),
            *wording.act_facts(act, whole=True),
        ]
        items = [Item(f"{name}: {text}") for name, text in facts]
        if text := wording.law_text(act["sources"]):
            items.append(Item("text:", url=text))
        items.append(Item("sources:"))
        items += (Item(wording.source(it), 1, it["url"]) for it in act["sources"])
        yield Items(items)
    yield Paragraph(wording.REPORT)
    yield Paragraph(f"Cite as: {document['cite_as']}")


def _title(document: Document) -> str:
    kind = wording.kind(document["subject_type"], document["region"])
    region, country = document["region"], document["country"]
    around = {"country": "", "state": country}.get(document["subject_type"], region or country)
    places = [kind, *document["within"], around and code_name(around)]
    also = document["aliases"] and f"also called {', '.join(document['aliases'])}"
    return f"{document['subject']} ({wording.joined([wording.joined(places), also], '; ')})"


def _by_actor(entry: Document | None) -> Iterator[Item]:
    """Each position, actors that share it together, then what is in force besides."""
    if entry is None:
        return
    texts: dict[str, tuple[str, ...]] = {}
    for actor, position in entry["positions"].items():
        if position is not None:
            days = wording.since(position), wording.until(position)
            where = wording.only_in(position["territory"])
            text = wording.joined([wording.position(position), *days, where])
            besides = (f"{wording.also(it)} ({it['policy_id']})" for it in position["also"])
            texts[actor] = text, *besides
    for (text, *others), who in wording.alike(texts):
        yield Item(f"{wording.actors(who, whole=True)}: {text}", strong=True)
        yield from (Item(f"also: {other}", 1, strong=True) for other in others)
    if entry["next_change"]:
        yield Item(f"next change {wording.next_change(entry['next_change'])}")
