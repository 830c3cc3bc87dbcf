"""How a position, a place and a rule are told on a page: words, links and looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.places.subjects import US_REGION_NAMES

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Other:
    """A rule in force beside the one that makes the position."""

    policy_id: str
    said: str
    look: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is held for some actors alike. ``look``: the classes that give it its colour."""

    actors: str
    said: str
    look: str
    since: str
    until: str
    where: str
    also: tuple[Other, ...]


def look(measure: str, scope: str | None, *, certain: bool) -> str:
    """Style classes of a position: ``is-ban is-narrow is-uncertain``."""
    narrow = " is-narrow" if scope == "narrow" else ""
    return f"is-{measure}{narrow}{'' if certain else ' is-uncertain'}"


def held(entry: Document) -> list[Held]:
    """The positions of one subject of a status document; actors that share all are told once."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for actor, position in entry["positions"].items():
        if position is not None:
            groups.setdefault(_told(position, entry["policies"]), []).append(actor)
    return [Held(phrases.actors(actors), *told) for told, actors in groups.items()]


def _told(position: Document, policies: list[Document]) -> tuple[Any, ...]:
    return (
        phrases.position(position, policies),
        look(position["measure"], position["scope"], certain=position["certain"]),
        phrases.since_cell(position),
        phrases.until(position, policies),
        phrases.listed(position["territory"]),
        tuple(_others(position)),
    )


def _others(position: Document) -> Iterator[Other]:
    for rule in position["also"]:
        said = phrases.measure(rule["measure"], rule["scope"])
        said = said if rule["certain"] else f"uncertain: {said}"
        if rule["territory"]:
            said += f" in {phrases.listed(rule['territory'])}"
        appearance = look(rule["measure"], rule["scope"], certain=rule["certain"])
        yield Other(rule["policy_id"], said, appearance)


def where(subject: Document, countries: Names) -> str:
    """What a reader needs beside the name: ``Milwaukee County, Wisconsin, United States``."""
    chain = list(subject["within"])
    if subject["region"] and subject["subject_type"] != "state":
        chain.append(US_REGION_NAMES.get(subject["region"], ""))
    if subject["country"] and subject["subject_type"] != "country":
        chain.append(countries.get(subject["country"], subject["country"]))
    return ", ".join(name for name in chain if name)
