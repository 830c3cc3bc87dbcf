"""The ``explain`` document for people; its first sentence is the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from frtracker import wording
from frtracker.answers.documents import Document, is_live, newest_first
from frtracker.codes import code_name
from frtracker.text import sheet
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph
from frtracker.vocabulary import LIVE_STATES, STATES

if TYPE_CHECKING:
    from frtracker.text.terminal import Terminal


def render(document: Document, format_name: str, terminal: Terminal | None = None) -> str | bytes:
    """The text of an explanation (``table``, ``markdown``, ``json``), with a final newline."""
    return sheet.render(document, format_name, _blocks, terminal=terminal)


def _blocks(document: Document) -> Iterator[Block]:
    yield Paragraph(document["answer"], strong=True)
    if len(document["positions"]) > 1:
        yield Items([*_by_actor(document)])
    for title, items in (
        ("Why", _why(document)),
        ("Layer by layer", _layers(document)),
        ("What comes next", _next(document)),
        ("Assumed or uncertain", (Item(text) for text in document["presumed"])),
        ("Notes", (Item(text) for text in document["notes"])),
        ("Sources", _sources(document)),
    ):
        if found := [*items]:
            yield Heading(title)
            yield Items(found)
    yield Paragraph(wording.REPORT)
    yield Paragraph(f"Cite as: {document['cite_as']}")


def _by_actor(document: Document) -> Iterator[Item]:
    """``police, schools: ban (Springfield, since 24 Feb 2020)``"""
    nothing = wording.no_act(document["coverage"])
    positions = document["positions"].items()
    texts = {actor: _position(it) if it else nothing for actor, it in positions}
    for text, who in wording.alike(texts):
        yield Item(f"{wording.actors(who, whole=True)}: {text}", strong=True)


def _position(position: Document) -> str:
    text = wording.position(position)
    if position["measure"] == "none":
        return text
    # the end of the run may be no more than a stricter rule's beginning: see the next change
    end = wording.until({**position, "until": None})
    names = (
        f"{layer['subject']}{', the place’s own agency' * (layer['role'] == 'agency')}"
        for layer in position["layers"]
    )
    details = wording.joined([*names, wording.since(position), end])
    return f"{text} ({details})" if details else text


def _why(document: Document) -> Iterator[Item]:
    """The strictest rule of each actor, its exceptions, and what is in force besides."""
    rules = [rule for layer in document["layers"] for rule in layer["policies"]]
    items = {
        actor: tuple(_strictest(position, rules))
        for actor, position in document["positions"].items()
        if position and position["measure"] != "none"
    }
    for (first, *others), actors in wording.alike(items):
        yield Item(f"{wording.actors(actors, whole=True)}: {first.text}", strong=True)
        yield from others


def _strictest(position: Document, rules: list[Document]) -> Iterator[Item]:
    makers = [rule for rule in rules if rule["policy_id"] in position["policy_ids"]]
    number = len(position["also"]) + len(makers)
    ranked = f", the highest-ranked of {number} rules here" if position["also"] else ""
    yield Item(f"{wording.position(position)}{ranked}")
    for rule in makers:
        yield Item(f"{rule['instrument'] or rule['policy_id']}: {rule['summary']}", 1)
        yield Item(wording.rule_dates(rule), 2)
        if rule["exceptions"]:
            yield Item(f"exceptions: {wording.exceptions(rule)}", 2)
        if text := wording.law_text(rule["sources"]):
            yield Item("text:", 2, text)
    for rule in position["also"]:
        yield Item(f"also {wording.also(rule)}: {rule['subject']} ({rule['policy_id']})", 1)


def _layers(document: Document) -> Iterator[Item]:
    shown: list[Document] = []
    for layer in document["layers"]:
        level = wording.kind(layer["subject_type"], document["place"]["region"])
        role = {"place": ", asked about", "agency": ", the place’s own"}.get(layer["role"], "")
        yield Item(f"{layer['subject']} ({level}{role}): {_layer(layer)}", strong=True)
        if layer["role"] == "agency" and not layer["applies_to"]:
            yield Item("its rules apply to itself only: not counted for the place", 1)
        rules = newest_first(layer["policies"])
        yield from (Item(_rule(rule, layer), 1) for rule in rules if is_live(rule))
        pending = [rule["policy_id"] for rule in rules if rule["state"] == "proposed"]
        if pending:
            yield Item(f"proposed, not decided: {', '.join(pending)}", 1)
        past = [
            f"{rule['policy_id']} ({STATES[rule['state']].label})"
            for rule in rules
            if rule["state"] not in (*LIVE_STATES, "proposed") and rule["reaches"]
        ]
        if past:
            yield Item(f"not in force: {', '.join(past)}", 1)
        yield from _searches(layer, shown)
        shown += layer["searched"]


def _searches(layer: Document, shown: list[Document]) -> Iterator[Item]:
    if layer["searched"] and all(search in shown for search in layer["searched"]):
        day = wording.recorded(layer["searched"][0]["searched_on"])
        yield Item(f"searched: as above, {day}", 1)
        return
    for search in layer["searched"]:
        where = f" in {code_name(search['region'])}" if search["region"] else ""
        if search["level"] == "local" and not search["names_it"]:
            where += " (this place was not searched by name)"
        yield Item(f"searched: {wording.search(search, where)}", 1)


def _layer(layer: Document) -> str:
    if not layer["recorded"]:
        nothing = wording.no_act(layer["coverage"], "no act of its own on record")
        return nothing + ("" if layer["searched"] else "; not searched")
    reached = any(is_live(rule) for rule in layer["policies"])
    nothing = "no rule of it applies here" if reached else wording.NOT_YET
    return wording.positions(layer["positions"]) or nothing


def _next(document: Document) -> Iterator[Item]:
    texts: dict[str, tuple[str, str, str]] = {}
    shown = set()
    for actor, position in document["positions"].items():
        if position and (change := position["next_change"]):
            who = f" ({', '.join(change['subjects'])})" if change["subjects"] else ""
            text, is_possible = wording.becomes(change)
            day = wording.recorded(change["on"])
            day = f"{day} or later" if is_possible else day
            texts[actor] = change["on"], day, f"{text}{who}"
            shown |= {(change["on"], name) for name in change["subjects"]}
    for (_, day, text), actors in sorted(wording.alike(texts)):
        yield Item(f"{day}: {text} for {wording.actors(actors)}", strong=True)
    for change in document["next"]:
        if (change["on"], change["subject"]) not in shown:
            yield Item(f"{change['subject']}, {wording.next_change(change)}")


def _sources(document: Document) -> Iterator[Item]:
    layers = (layer for layer in document["layers"] if layer["applies_to"])
    for rule in (rule for layer in layers for rule in layer["policies"]):
        if rule["reaches"] and is_live(rule):
            for source in rule["sources"]:
                text = wording.joined([f"{rule['policy_id']}:", wording.source(source)], " ")
                yield Item(text, url=source["url"])


def _rule(rule: Document, layer: Document) -> str:
    stops = ""
    if not rule["reaches"]:
        why = "its territory leaves this place out"
        if rule["reach"] == "own" and "private" in rule["applies_to"]:
            why = "it applies where no municipality governs"
        elif layer["subject_type"] != "supranational":
            why = f"it {wording.reach(rule['reach'] or 'own')}"
        stops = f"; does not reach here: {why}"
    return f"{wording.rule_in_force(rule)} ({rule['policy_id']}; {wording.rule_dates(rule)}{stops})"
