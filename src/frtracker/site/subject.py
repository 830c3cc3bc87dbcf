"""The page of one subject: how its positions came to be, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from frtracker import look, wording
from frtracker.answers.documents import Document, Row, listed, records
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
    merged: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in records(timeline.positions):
        rows = merged.setdefault(row["subject_key"], {}).setdefault(row["actor"], [])
        if rows and all(rows[-1][name] == row[name] for name in _POSITION):
            rows[-1]["valid_to"] = row["valid_to"]
        else:
            rows.append(row)
    return {
        key: wording.alike(
            {actor: tuple(map(_past_position, rows)) for actor, rows in actors.items()}
        )
        for key, actors in merged.items()
    }


def _past_position(row: Row) -> PastPosition:
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
        text += f", {wording.only_in(listed(row['territory']))}"
    first = row["valid_from"].isoformat() if row["valid_from"].year > 1 else ""
    last = (row["valid_to"] - timedelta(days=1)).isoformat() if row["valid_to"] else ""
    return first, last, text, look.classes(row["measure"], scope, certain=row["certain"])


def doubts(document: Document) -> Iterator[tuple[str, str]]:
    """What the record cannot tell or only presumes: a sentence, and the act that it is about."""
    for rule in document["policies"]:
        is_live = rule["measure"] != "none" and rule["state"] in LIVE_STATES
        about_rule = wording.doubts(rule) if is_live else ()
        for text in dict.fromkeys([*about_rule, *wording.act_doubts(rule)]):
            yield f"{text[0].upper()}{text[1:]}.", rule["policy_id"]
