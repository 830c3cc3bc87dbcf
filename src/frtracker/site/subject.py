"""The page of one subject: how its positions came to be, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import pandas as pd

from frtracker import wording
from frtracker.answers.status import Document
from frtracker.dates import parse
from frtracker.site.render import look
from frtracker.timeline import Timeline

_DATES: Final = {
    "introduced_on": "day of its introduction",
    "decided_on": "day of the decision",
    "effective_on": "first day in effect",
    "expires_on": "first day no longer in effect",
}
_POSITION: Final = ("measure", "scope", "certain", "at_least_measure", "at_least_scope", "lifted",
                    "territory")  # fmt: skip

PastPosition = tuple[str, str, str, str]
"""Its first and last day, its text and its look."""


def pasts(timeline: Timeline) -> dict[str, list[tuple[tuple[PastPosition, ...], list[str]]]]:
    """By key of subject: all its positions, the earliest first, hand-overs left out, with the
    actors that share them."""
    merged: dict[str, dict[str, list[dict[Any, Any]]]] = {}
    for row in timeline.positions.to_dict("records"):
        rows = merged.setdefault(row["subject_key"], {}).setdefault(row["actor"], [])
        before = rows[-1] if rows else None
        if before and before["end"] == row["start"] and all(before[c] == row[c] for c in _POSITION):
            before["end"] = row["end"]
        else:
            rows.append(row)
    return {
        key: wording.alike(
            {actor: tuple(map(_past_position, rows)) for actor, rows in actors.items()}
        )
        for key, actors in merged.items()
    }


def _past_position(row: Mapping[Any, Any]) -> PastPosition:
    floor, scope = row["at_least_measure"], row["scope"] or None
    text = wording.position(
        {
            **{name: row[name] for name in ("measure", "certain", "lifted")},
            "scope": scope,
            "at_least": {"measure": floor, "scope": row["at_least_scope"]} if floor else None,
            "policy_ids": [],
        }
    )
    if row["territory"]:
        text += f", {wording.only_in(row['territory'])}"
    first = row["start"].date().isoformat() if row["start"].year > 1 else ""
    last = "" if pd.isna(row["end"]) else (row["end"].date() - timedelta(days=1)).isoformat()
    return first, last, text, look(row["measure"], scope, certain=row["certain"])


def doubts(document: Document) -> Iterator[tuple[str, str]]:
    """What the record cannot tell or only presumes: a sentence, and the act it is about or ''."""
    entry = document["status"] or {"positions": {}}
    for actor, position in entry["positions"].items():
        if position is None:
            continue
        whom = wording.actors([actor])
        if not position["certain"]:
            text = wording.position(position, entry["policies"])
            yield f"On this day, for {whom}: {text}.", ""
        if position["start_presumed"]:
            text = "is not recorded; the day of the decision stands for it"
            yield f"The start for {whom} {text}.", ""
        if position["continuation_presumed"]:
            until = wording.until(position, entry["policies"])
            yield f"For {whom} it is presumed to go on: {until}.", ""
    for act in document["acts"]:
        if act["confidence"] == "low":
            text = "It is not established that this act exists or says this."
            yield text, act["policy_id"]
        for column, name in _DATES.items():
            if act[column] and not parse(act[column]).is_exact:
                days = wording.recorded(act[column])
                yield f"The {name} is not known exactly: {days}.", act["policy_id"]
        if act["status"] == "unknown":
            yield "What became of it was not found.", act["policy_id"]
