"""The ``explain`` document for people; its first line is the answer."""

from __future__ import annotations

from collections.abc import Iterator

from frtracker import wording
from frtracker.answers.documents import Document, is_live
from frtracker.text import sheet
from frtracker.vocabulary import LIVE_STATES, REACHES, STATES, SUBJECT_TYPES


def render(document: Document, format_name: str) -> str:
    """The text of an explanation (``table``, ``markdown``, ``json``), with a final newline."""
    return sheet.render(document, format_name, _text)


def answer(document: Document) -> str:
    """``Seattle, WA on 30 Jun 2021: police: oversight (Seattle, since 1 Sep 2017)``"""
    nothing = wording.no_act(document["coverage"])
    positions = document["positions"].items()
    texts = {actor: _bound(bound) if bound else nothing for actor, bound in positions}
    answers = "; ".join(f"{wording.actors(who)}: {text}" for text, who in wording.alike(texts))
    return f"{document['place']['label']} on {wording.day_used(document)}: {answers}"


def _bound(bound: Document) -> str:
    text = wording.position(bound)
    if bound["measure"] == "none":
        return text
    # the end of the run may be but a stricter rule's beginning: it is told with the next change
    end = wording.until({**bound, "until": None})
    names = (
        f"{layer['subject']}{', its own agency' * (layer['role'] == 'agency')}"
        for layer in bound["layers"]
    )
    details = wording.joined([*names, wording.since(bound), end])
    return f"{text} ({details})" if details else text


def _text(document: Document, markdown: bool) -> str:
    first = answer(document)
    lines = [f"**{first}**" if markdown else first]
    for title, items in (
        ("Why", _why(document)),
        ("Layer by layer", _layers(document)),
        ("What comes next", _next(document)),
        ("Presumed or uncertain", document["presumed"]),
        ("Notes", document["notes"]),
        ("Sources", _sources(document)),
    ):
        # each space before an item is a step further in
        steps = [(item.lstrip(" "), len(item) - len(item.lstrip(" "))) for item in items]
        if steps:
            lines += ["", f"## {title}" if markdown else title, *[""] * markdown]
            lines += [f"{'  ' * step}- {text}" for text, step in steps]
    lines += ["", f"Cite as: {document['citation']}"]
    return "\n".join(lines)


def _why(document: Document) -> Iterator[str]:
    """The strictest rule of each actor, its exceptions, and what is in force besides."""
    rules = [rule for layer in document["layers"] for rule in layer["policies"]]
    texts = {
        actor: tuple(_strictest(bound, rules))
        for actor, bound in document["positions"].items()
        if bound and bound["measure"] != "none"
    }
    for (first, *others), actors in wording.alike(texts):
        yield f"{wording.actors(actors)}: {first}"
        yield from (f" {text}" for text in others)


def _strictest(bound: Document, rules: list[Document]) -> Iterator[str]:
    makers = [rule for rule in rules if rule["policy_id"] in bound["policy_ids"]]
    number = len(bound["also"]) + len(makers)
    ranked = f", the highest-ranked of {number} rules here" if bound["also"] else ""
    yield f"{wording.position(bound)}{ranked}"
    for rule in makers:
        yield f"{rule['instrument'] or rule['policy_id']}: {rule['summary']}"
        yield f" {wording.rule_dates(rule)}"
        if rule["exceptions"]:
            yield f" exceptions: {wording.exceptions(rule)}"
    for rule in bound["also"]:
        yield f"also {wording.also(rule)}: {rule['subject']} ({rule['policy_id']})"


def _layers(document: Document) -> Iterator[str]:
    told: list[Document] = []
    for layer in document["layers"]:
        level = SUBJECT_TYPES[layer["subject_type"]].label
        role = {"place": ", asked about", "agency": ", its own"}.get(layer["role"], "")
        yield f"{layer['subject']} ({level}{role}): {_layer(layer)}"
        if layer["role"] == "agency" and not layer["applies_to"]:
            yield " binds itself only: not counted for the place"
        live = [rule for rule in layer["policies"] if is_live(rule)]
        yield from (f" {_rule(rule, layer)}" for rule in live)
        pending = [rule["policy_id"] for rule in layer["policies"] if rule["state"] == "proposed"]
        if pending:
            yield f" proposed, not decided: {', '.join(pending)}"
        past = [
            f"{rule['policy_id']} ({STATES[rule['state']].label})"
            for rule in layer["policies"]
            if rule["state"] not in (*LIVE_STATES, "proposed") and rule["reaches"]
        ]
        if past:
            yield f" not in force: {', '.join(past)}"
        yield from _searches(layer, told)
        told += layer["searched"]


def _searches(layer: Document, told: list[Document]) -> Iterator[str]:
    if layer["searched"] and all(search in told for search in layer["searched"]):
        yield f" searched: as above, {wording.recorded(layer['searched'][0]['searched_on'])}"
        return
    for search in layer["searched"]:
        where = f" in {search['region']}" if search["region"] else ""
        if search["level"] == "local" and not search["names_it"]:
            where += ", not by its name"
        yield f" searched: {wording.search(search, where)}"


def _layer(layer: Document) -> str:
    if not layer["recorded"]:
        nothing = wording.no_act(layer["coverage"], "no own act recorded")
        return nothing + ("" if layer["searched"] else "; not searched")
    reached = any(is_live(rule) for rule in layer["policies"])
    nothing = "nothing that reaches here" if reached else wording.NOT_YET
    return wording.positions(layer["positions"]) or nothing


def _next(document: Document) -> Iterator[str]:
    texts: dict[str, tuple[str, str, str]] = {}
    told = set()
    for actor, bound in document["positions"].items():
        if bound and (change := bound["next_change"]):
            who = f" ({', '.join(change['subjects'])})" if change["subjects"] else ""
            text, is_possible = wording.becomes(change)
            day = wording.recorded(change["on"])
            day, verb = (f"{day} or later", "") if is_possible else (day, "becomes ")
            texts[actor] = change["on"], day, f"{verb}{text}{who}"
            told |= {(change["on"], name) for name in change["subjects"]}
    for (_, day, text), actors in sorted(wording.alike(texts)):
        yield f"{day}: what binds {wording.actors(actors)} {text}"
    for change in document["next"]:
        if (change["on"], change["subject"]) not in told:
            yield f"{change['subject']}, {wording.next_change(change)}"


def _sources(document: Document) -> Iterator[str]:
    layers = (layer for layer in document["layers"] if layer["applies_to"])
    for rule in (rule for layer in layers for rule in layer["policies"]):
        if rule["reaches"] and is_live(rule):
            for source in rule["sources"]:
                parts = f"{rule['policy_id']}:", wording.source(source), source["url"]
                yield wording.joined(parts, " ")


def _rule(rule: Document, layer: Document) -> str:
    stops = ""
    if not rule["reaches"]:
        why = "its territory leaves this place out"
        if rule["reach"] == "own" and "private" in rule["applies_to"]:
            why = "it applies where no municipality governs"
        elif layer["subject_type"] != "supranational":
            whose = REACHES[rule["reach"] or "own"].definition
            why = f"it binds {whose[0].lower()}{whose[1:].rstrip('.')}"
        stops = f"; does not reach here: {why}"
    return f"{wording.rule_in_force(rule)} ({rule['policy_id']}; {wording.rule_dates(rule)}{stops})"
