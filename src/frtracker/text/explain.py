"""The ``explain`` document as plain text, Markdown or JSON; the first line is the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.dates import in_words, parse, through
from frtracker.vocabulary import REACHES, SEARCH_LEVELS, SOURCE_KINDS, STATES, SUBJECT_TYPES

FORMATS: Final = ("table", "markdown", "json")

_LIVE: Final = ("in_force", "uncertain", "scheduled")


def render(document: Document, format_name: str) -> str:
    """The text of an explanation in one of :data:`FORMATS`, with a final newline."""
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return "\n".join(_Text(document, markdown=format_name == "markdown").lines()) + "\n"


def answer(document: Document) -> str:
    """``Seattle, WA on 30 Jun 2021: police: oversight (Seattle, since 2017-09-01)``"""
    shared: dict[str, list[str]] = {}
    for actor, bound in document["binds"].items():
        shared.setdefault(_bound(bound, _rules(document)), []).append(actor)
    said = "; ".join(f"{phrases.actors(actors)}: {text}" for text, actors in shared.items())
    return f"{document['place']['label']} on {phrases.day_used(document)}: {said}"


def _rules(document: Document) -> list[Document]:
    return [rule for layer in document["layers"] for rule in layer["rules"]]


def _bound(bound: Document | None, rules: Iterable[Document]) -> str:
    if bound is None:
        return "no act recorded"
    if bound["measure"] == "none":
        return phrases.position(bound)
    rules = list(rules)
    said = phrases.position(bound, rules)
    told = [_who(layer) for layer in bound["layers"]]
    if since := phrases.since(bound):
        told.append(f"since {since}")
    # the end of the run may be but a stricter rule's beginning: told with the next change
    if ends := phrases.until({**bound, "until": None}, rules):
        told.append(ends)
    return f"{said} ({', '.join(told)})" if told else said


def _who(layer: Document) -> str:
    return f"{layer['name']}, its own agency" if layer["role"] == "agency" else str(layer["name"])


class _Text:
    def __init__(self, document: Document, *, markdown: bool) -> None:
        self._document, self._markdown = document, markdown
        self._all = _rules(document)

    def lines(self) -> Iterator[str]:
        document = self._document
        first = answer(document)
        yield f"**{first}**" if self._markdown else first
        yield from self._section("Why", self._why())
        yield from self._section("Layer by layer", self._layers())
        yield from self._section("What comes next", self._next())
        yield from self._section("Presumed or uncertain", iter(document["presumed"]))
        yield from self._section("Notes", iter(document["notes"]))
        yield from self._section("Sources", self._sources())
        yield from ("", f"Cite as: {document['citation']}")

    def _section(self, title: str, items: Iterator[str]) -> Iterator[str]:
        listed = [f"{'  ' * (len(i) - len(i.lstrip(' ')))}- {i.lstrip(' ')}" for i in items]
        if listed:
            yield from ("", f"## {title}" if self._markdown else title)
            if self._markdown:
                yield ""
            yield from listed

    def _why(self) -> Iterator[str]:
        """The strictest rule of each actor, its exceptions, and what is in force besides."""
        told: dict[tuple[str, ...], list[str]] = {}
        for actor, bound in self._document["binds"].items():
            if bound and bound["measure"] != "none":
                told.setdefault(tuple(self._strictest(bound)), []).append(actor)
        for texts, actors in told.items():
            yield f"{phrases.actors(actors)}: {texts[0]}"
            yield from (f" {text}" for text in texts[1:])

    def _strictest(self, bound: Document) -> Iterator[str]:
        named = [rule for rule in self._all if rule["policy_id"] in bound["policy_ids"]]
        others = len(bound["also"])
        ranked = f", the highest-ranked of {others + len(named)} rules here" if others else ""
        yield f"{phrases.position(bound, self._all)}{ranked}"
        for rule in named:
            yield f"{rule['instrument'] or rule['policy_id']}: {rule['summary']}"
            yield f" {_dates(rule)}"
            if rule["exceptions"]:
                yield f" exceptions: {rule['exceptions']}"
        for rule in bound["also"]:
            said = phrases.position(
                {**rule, "at_least": None, "policy_ids": [rule["policy_id"]]}, self._all
            )
            yield f"also {said}: {rule['layer']} ({rule['policy_id']})"

    def _layers(self) -> Iterator[str]:
        told: list[Document] = []
        for layer in self._document["layers"]:
            level = SUBJECT_TYPES[layer["level"]].label
            role = {"place": ", asked about", "agency": ", its own"}.get(layer["role"], "")
            yield f"{layer['name']} ({level}{role}): {self._layer(layer)}"
            if layer["role"] == "agency" and not layer["joins"]:
                yield " binds itself only: not counted for the place"
            for rule in layer["rules"]:
                if rule["state"] in _LIVE and rule["measure"] != "none":
                    yield f" {_rule(rule, layer)}"
            pending = [rule["policy_id"] for rule in layer["rules"] if rule["state"] == "proposed"]
            if pending:
                yield f" proposed, not decided: {', '.join(pending)}"
            past = [
                f"{rule['policy_id']} ({STATES[rule['state']].label})"
                for rule in layer["rules"]
                if rule["state"] not in (*_LIVE, "proposed") and rule["reaches"]
            ]
            if past:
                yield f" not in force: {', '.join(past)}"
            yield from self._searches(layer, told)
            told += layer["searched"]

    def _searches(self, layer: Document, told: list[Document]) -> Iterator[str]:
        if layer["searched"] and all(search in told for search in layer["searched"]):
            yield f" searched on {layer['searched'][0]['searched_on']}: as above"
            return
        for search in layer["searched"]:
            where = f" in {search['region']}" if search["region"] else ""
            by_name = ", not by its name" * (search["level"] == "local" and not search["names_it"])
            kind = f"{SEARCH_LEVELS[search['level']].label}{where}{by_name}"
            yield f" searched on {search['searched_on']} ({kind}): {search['finding']}"

    def _layer(self, layer: Document) -> str:
        if not layer["recorded"]:
            return "no own act recorded" + ("" if layer["searched"] else "; not searched")
        shared: dict[str, list[str]] = {}
        for actor, position in layer["positions"].items():
            if position is not None:
                said = phrases.position(position, layer["rules"])
                since = phrases.since(position)
                shared.setdefault(f"{said}, since {since}" if since else said, []).append(actor)
        texts = [f"{phrases.actors(actors)}: {said}" for said, actors in shared.items()]
        if texts:
            return "; ".join(texts)
        held = any(r["state"] in _LIVE and r["measure"] != "none" for r in layer["rules"])
        return "nothing that reaches here" if held else "nothing recorded by that day"

    def _next(self) -> Iterator[str]:
        shared: dict[tuple[str, str], list[str]] = {}
        told = set()
        for actor, bound in self._document["binds"].items():
            if bound and (change := bound["next_change"]):
                said = phrases.position({**change, "lifted": False}, self._all)
                who = f" ({', '.join(change['layers'])})" if change["layers"] else ""
                shared.setdefault((change["on"], f"{said}{who}"), []).append(actor)
                told |= {(change["on"], name) for name in change["layers"]}
        for (on, said), actors in sorted(shared.items()):
            day = in_words(date.fromisoformat(on))
            yield f"{day}: what binds {phrases.actors(actors)} becomes {said}"
        for change in self._document["next"]:
            if (change["on"], change["layer"]) not in told:
                yield f"{change['layer']}, {phrases.next_change(change)}"

    def _sources(self) -> Iterator[str]:
        counted = [
            r for layer in self._document["layers"] if layer["joins"] for r in layer["rules"]
        ]
        for rule in counted:
            if not rule["reaches"] or rule["state"] not in _LIVE or rule["measure"] == "none":
                continue
            if not rule["sources"]:
                yield f"{rule['policy_id']}: {rule['source_url']}"
            for source in rule["sources"]:
                told = [source["publisher"], source["title"], source["published_on"]]
                kind = SOURCE_KINDS[source["kind"]].label
                text = ", ".join(part for part in told if part)
                yield f"{rule['policy_id']}: {text} ({kind}) {source['url']}"


def _rule(rule: dict[str, Any], layer: dict[str, Any]) -> str:
    said = phrases.measure(rule["measure"], rule["scope"], rule["uses"])
    why = "its territory leaves this place out"
    if layer["level"] != "supranational":
        bound = REACHES[rule["reach"] or "own"].definition
        why = f"it binds {bound[0].lower()}{bound[1:].rstrip('.')}"
    stops = "" if rule["reaches"] else f"; does not reach here: {why}"
    state = STATES[rule["state"]].label
    return (
        f"{state}: {said} for {phrases.actors(rule['applies_to'])}"
        f" ({rule['policy_id']}; {_dates(rule)}{stops})"
    )


def _dates(rule: dict[str, Any]) -> str:
    """``decided 2020-12-31, in effect from 2021-07-01``"""
    told = []
    if rule["decided_on"]:
        told.append(f"decided {rule['decided_on']}")
    told.append(
        f"in effect from {rule['effective_on']}" if rule["effective_on"] else "start not recorded"
    )
    if rule["expires_on"]:
        told.append(through(parse(rule["expires_on"])))
    if rule["ends_when"]:
        told.append(rule["ends_when"])
    return ", ".join(told)
