"""The page of one subject: positions, how they came to be, every act, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.dates import parse
from frtracker.site.words import Held, held, look
from frtracker.timeline import Timeline
from frtracker.vocabulary import CONFIDENCES, REACHES, SOURCE_KINDS, STATES, STATUSES

_DATES: Final = {
    "introduced_on": "day of its introduction",
    "decided_on": "day of the decision",
    "effective_on": "first day in effect",
    "expires_on": "first day no longer in effect",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in which one position is held, as told."""

    first: str
    last: str
    said: str
    look: str


@dataclass(frozen=True, slots=True)
class Past:
    """The stretches that some actors share."""

    actors: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``fields``: name and text; ``links``: name and the ids of other acts."""

    policy_id: str
    title: str
    state: str
    said: str
    look: str
    act: Document
    fields: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[Document, ...]


def positions(document: Document) -> list[Held]:
    """What is held on the day; empty if nothing is recorded by then."""
    return held(document["status"]) if document["status"] else []


def pasts(timeline: Timeline) -> dict[str, list[Past]]:
    """By key of subject: every stretch of its positions, the earliest first, hand-overs left out;
    actors that share all of them are told once."""
    merged: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in timeline.positions.to_dict("records"):
        stretches = merged.setdefault(row["subject_key"], {}).setdefault(row["actor"], [])
        if stretches and _goes_on(stretches[-1], row):
            stretches[-1]["end"] = row["end"]
        else:
            stretches.append({str(name): value for name, value in row.items()})
    return {key: _grouped(by_actor) for key, by_actor in merged.items()}


def _grouped(by_actor: Mapping[str, list[dict[str, Any]]]) -> list[Past]:
    groups: dict[tuple[Stretch, ...], list[str]] = {}
    for actor, rows in by_actor.items():
        groups.setdefault(tuple(map(_stretch, rows)), []).append(actor)
    return [Past(phrases.actors(actors), stretches) for stretches, actors in groups.items()]


def _goes_on(before: Mapping[str, Any], after: Mapping[Any, Any]) -> bool:
    return bool(before["end"] == after["start"]) and _face(before) == _face(after)


def _face(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    names = ("measure", "scope", "certain", "at_least_measure", "at_least_scope", "lifted")
    return tuple(row[name] for name in (*names, "territory"))


def _stretch(row: Mapping[str, Any]) -> Stretch:
    floor = row["at_least_measure"]
    said = phrases.position(
        {
            "measure": row["measure"],
            "scope": row["scope"] or None,
            "certain": row["certain"],
            "at_least": {"measure": floor, "scope": row["at_least_scope"]} if floor else None,
            "lifted": row["lifted"],
            "policy_ids": [],
        }
    )
    if row["territory"]:
        said += f", in {phrases.listed(row['territory'])} only"
    first = row["start"].date().isoformat() if row["start"].year > 1 else ""
    last = "" if pd.isna(row["end"]) else (row["end"] - pd.Timedelta(days=1)).date().isoformat()
    return Stretch(
        first, last, said, look(row["measure"], row["scope"] or None, certain=row["certain"])
    )


def acts(document: Document) -> list[Act]:
    """Every act of the subject, in order of its first recorded day."""
    return [_act(act) for act in document["acts"]]


def _act(act: Document) -> Act:
    scope = "general" if act["uses"] == "any" else "narrow"
    sources = act["sources"] or [{"url": act["source_url"], "title": "", "publisher": ""}]
    what = phrases.measure(act["measure"], scope, act["uses"].split(";"))
    if act["measure"] == "none":
        what = "lifts what it supersedes"
    return Act(
        policy_id=act["policy_id"],
        title=act["instrument"] or act["policy_id"],
        state=STATES[act["state"]].label,
        said=f"{what} for {phrases.actors(act['applies_to'].split(';'))}",
        look=look(act["measure"], scope, certain=act["confidence"] != "low"),
        act=act,
        fields=tuple((name, text) for name, text in _fields(act) if text),
        links=tuple(
            (name, tuple(act[column].split(";")))
            for name, column in (("supersedes", "supersedes"), ("see also", "relates_to"))
            if act[column]
        ),
        sources=tuple(_source(source) for source in sources),
    )


def _fields(act: Document) -> Iterator[tuple[str, str]]:
    binding = act["status"] in ("adopted", "announced")
    presumed = "not recorded; presumed at the decision" if binding else ""
    yield "outcome", STATUSES[act["status"]].label
    yield "decided by", act["decided_by"]
    yield "introduced", phrases.recorded(act["introduced_on"])
    yield "decided", phrases.recorded(act["decided_on"])
    yield "in effect from", phrases.recorded(act["effective_on"]) or presumed
    yield "ends", phrases.through(act["expires_on"])
    yield "ends when", act["ends_when"]
    yield "last confirmed", phrases.recorded(act["last_confirmed_on"])
    yield "reach", REACHES[act["reach"]].label if act["reach"] else ""
    yield "where", phrases.listed(act["territory"])
    yield "confidence", CONFIDENCES[act["confidence"]].label
    yield "reviewed", act["reviewed_on"]
    yield "notes", act["notes"]


def _source(source: Document) -> Document:
    kind = source.get("kind", "")
    return {
        "url": source["url"],
        "title": source["title"] or source["url"],
        "publisher": source["publisher"],
        "published_on": source.get("published_on", ""),
        "kind": SOURCE_KINDS[kind].label if kind else "",
        "supports": phrases.listed(source.get("supports", "")),
    }


def doubts(document: Document) -> list[tuple[str, str]]:
    """What the record cannot tell or only presumes: a sentence, and the act it is about or ''."""
    told = [*_doubts_of_positions(document["status"])] if document["status"] else []
    for act in document["acts"]:
        told += [(said, act["policy_id"]) for said in _doubts_of_act(act)]
    return told


def _doubts_of_positions(entry: Document) -> Iterator[tuple[str, str]]:
    for actor, position in entry["positions"].items():
        if position is None:
            continue
        whom = phrases.actors([actor])
        if not position["certain"]:
            yield f"On this day, for {whom}: {phrases.position(position, entry['policies'])}.", ""
        if position["start_presumed"]:
            yield (
                f"The start for {whom} is not recorded; the day of the decision stands for it.",
                "",
            )
        if position["continuation_presumed"]:
            until = phrases.until(position, entry["policies"])
            yield f"For {whom} it is presumed to go on: {until}.", ""


def _doubts_of_act(act: Document) -> Iterator[str]:
    if act["confidence"] == "low":
        yield "It is not established that this act exists or says this."
    for column, name in _DATES.items():
        if act[column] and not parse(act[column]).is_exact:
            yield f"The {name} is known only as {phrases.recorded(act[column])}."
    if act["status"] == "unknown":
        yield "What became of it was not found."
