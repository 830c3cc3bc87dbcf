"""The page of one subject: how its positions came to be, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import pandas as pd

from frtracker import look, wording
from frtracker.answers.status import Document
from frtracker.timeline import Timeline
from frtracker.vocabulary import LIVE_STATES

_POSITION: Final = ("measure", "scope", "certain", "at_least_measure", "at_least_scope", "lifted",
                    "territory")  # fmt: skip

PastPosition = tuple[str, str, str, str]
"""Its first and last day, its text and its look."""


def past_positions(
    timeline: Timeline,
) -> dict[str, list[tuple[tuple[PastPosition, ...], list[str]]]]:
    """By key of subject: all its positions, the earliest first, hand-overs left out, with the
    actors that share them."""
    merged: dict[str, dict[str, list[dict[Any, Any]]]] = {}
    for row in timeline.positions.to_dict("records"):
        rows = merged.setdefault(row["subject_key"], {}).setdefault(row["actor"], [])
        before = rows[-1] if rows else None
        if before and before["valid_to"] == row["valid_from"] and all(before[c] == row[c] for c in _POSITION):
            before["valid_to"] = row["valid_to"]
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
    first = row["valid_from"].date().isoformat() if row["valid_from"].year > 1 else ""
    last = "" if pd.isna(row["valid_to"]) else (row["valid_to"].date() - timedelta(days=1)).isoformat()
    return first, last, text, look.classes(row["measure"], scope, certain=row["certain"])


def doubts(document: Document) -> Iterator[tuple[str, str]]:
    """What the record cannot tell or only presumes: a sentence, and the act that it is about."""
    rules = document["status"]["policies"] if document["status"] else ()
    rules = [rule for rule in rules if rule["measure"] != "none" and rule["state"] in LIVE_STATES]
    live = {rule["policy_id"]: rule for rule in rules}
    for act in document["acts"]:
        rule = live.get(act["policy_id"])
        about_rule = wording.doubts({**act, **rule}) if rule else ()
        for text in dict.fromkeys([*about_rule, *wording.act_doubts(act)]):
            yield f"{text[0].upper()}{text[1:]}.", act["policy_id"]
