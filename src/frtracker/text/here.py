"""The agencies and governments whose rules apply in a place, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.vocabulary import SUBJECT_TYPES


def lines(entries: Iterable[Document]) -> Iterator[str]:
    """``Detroit Police Department (agency): police: restriction, since 2019-09-19``"""
    for entry in entries:
        shared: dict[str, list[str]] = {}
        for actor, position in entry["positions"].items():
            if position is not None and position["measure"] != "none":
                since = phrases.since(position)
                text = phrases.position(position, entry["policies"])
                shared.setdefault(f"{text}, since {since}" if since else text, []).append(actor)
        texts = [f"{phrases.actors(actors)}: {text}" for text, actors in shared.items()]
        kind = SUBJECT_TYPES[entry["subject_type"]].label
        yield f"{entry['subject']} ({kind}): {'; '.join(texts)}"
