"""The lists: places and agencies by what holds there, vendors and companies, events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.dates import in_words
from frtracker.places.subjects import US_REGION_NAMES
from frtracker.site.words import Held, held, look
from frtracker.vocabulary import MEASURES

MARKETED: Final = ("vendor", "company")
_NOWHERE: Final = "Unions of countries"


@dataclass(frozen=True, slots=True)
class Item:
    """A subject in a list."""

    key: str
    label: str
    look: str
    said: str
    actors: str
    since: str
    until: str
    coming: str


@dataclass(frozen=True, slots=True)
class Group:
    """The places and agencies with one headline, by country (the one with most of them first)."""

    code: str
    title: str
    definition: str
    look: str
    number: int
    countries: tuple[tuple[str, tuple[Item, ...]], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An event in a list."""

    on: str
    by: bool
    title: str
    effect: str
    doubtful: bool
    key: str
    policy_id: str
    source_url: str


def groups(subjects: Iterable[Document], countries: Mapping[str, str]) -> list[Group]:
    """What the first page lists, from the strictest to nothing in force; empty groups left out."""
    listed = [entry for entry in subjects if entry["subject_type"] not in MARKETED]
    made = []
    for code, name, definition, appearance, belongs in _kinds():
        members = [entry for entry in listed if belongs(entry)]
        if members:
            by_country = tuple(_by_country(members, countries))
            made.append(Group(code, name, definition, appearance, len(members), by_country))
    return made


Belongs = Callable[[Document], bool]


def _kinds() -> Iterator[tuple[str, str, str, str, Belongs]]:
    for code, term in MEASURES.items():
        if code != "none":
            yield code, term.label.capitalize(), term.definition, f"is-{code}", _general(code)
    yield (
        "narrow",
        "Narrow rules only",
        "Rules hold, each for some kinds of use only, such as body cameras or one product.",
        "is-any is-narrow",
        lambda entry: entry["certain"] and entry["scope"] == "narrow",
    )
    yield (
        "uncertain",
        "Uncertain",
        "Something may hold: a date is known only roughly, or an act is not established.",
        "is-any is-uncertain",
        lambda entry: not entry["certain"],
    )
    yield (
        "none",
        "None in force",
        "Acts are recorded (proposed, failed, ended, or not begun), and none is in force.",
        "is-none",
        lambda entry: entry["certain"] and entry["measure"] == "none",
    )


def _general(code: str) -> Belongs:
    return lambda entry: (
        entry["certain"] and entry["measure"] == code and entry["scope"] == "general"
    )


def _by_country(
    entries: Iterable[Document], countries: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Item, ...]]]:
    def country(entry: Document) -> str:
        return countries.get(entry["country"] or "", entry["country"] or _NOWHERE)

    ordered = sorted(entries, key=lambda entry: (country(entry), _place(entry)))
    grouped = [(name, tuple(map(item, part))) for name, part in groupby(ordered, country)]
    yield from sorted(grouped, key=lambda group: (-len(group[1]), group[0]))


def _place(entry: Document) -> tuple[str, str, str]:
    region = entry["region"] or ""
    return US_REGION_NAMES.get(region, region), entry["subject"], entry["key"]


def item(entry: Document) -> Item:
    """A subject of the status document, as its headline tells of it."""
    top = entry["positions"][entry["for"][0]] if entry["for"] else None
    said = phrases.position(top, entry["policies"]) if top else "none in force"
    return Item(
        key=entry["key"],
        label=phrases.label(entry),
        look=look(entry["measure"], entry["scope"], certain=entry["certain"]),
        said=said,
        actors=phrases.actors(entry["for"]),
        since=phrases.since(top) if top and entry["since"] else "",
        until=phrases.until(top, entry["policies"]) if top else "",
        coming=phrases.next_change(entry["next_change"]),
    )


def marketed(subjects: Iterable[Document], kind: str) -> list[tuple[Item, list[Held]]]:
    """The vendors or companies by name, each with all its positions."""
    entries = [entry for entry in subjects if entry["subject_type"] == kind]
    ordered = sorted(entries, key=lambda entry: (entry["subject"].lower(), entry["key"]))
    return [(item(entry), held(entry)) for entry in ordered]


def told(events: Iterable[Document], *, coming: bool = False) -> list[Told]:
    """Events in their order, each as one line; ``coming``: they lie ahead."""
    return [
        Told(
            on=event["on"],
            by=event["by"],
            title=phrases.event(event, coming=coming, dated=False),
            effect=", ".join(event["effect"]),
            doubtful=not event["certain"],
            key=event["key"],
            policy_id=event["policy_id"],
            source_url=event["source_url"],
        )
        for event in events
    ]


def by_year(events: Iterable[Document]) -> list[tuple[str, list[Told]]]:
    """Years and events, the latest first."""
    latest_first = told(events)[::-1]
    return [(year, list(part)) for year, part in groupby(latest_first, lambda one: one.on[:4])]


def words_of(day: str) -> str:
    """``22 Nov 2026`` of an ISO day."""
    return in_words(date.fromisoformat(day))
