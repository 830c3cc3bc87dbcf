"""Rules on rows of policies.csv that name each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from frtracker.record.findings import brief
from frtracker.record.schema.frames import (
    binding,
    cells,
    empty,
    names,
    one_of,
    text_at,
    where,
)
from frtracker.record.schema.links import known_from, links, sound_links
from frtracker.record.schema.rule import Draft, Hit, table_rule
from frtracker.timeline.rules import ACTOR_CODES, read_rules
from frtracker.timeline.worlds import given_up
from frtracker.vocabulary import ACTORS


def _hits(wrong: pd.DataFrame, message: str, column: str = "supersedes") -> Iterator[Hit]:
    for row, word in zip(wrong["row"].tolist(), wrong["word"].tolist(), strict=True):
        yield Hit(row, column, word, message.format(word=brief(word)))


@table_rule("R050", "error", "Only an adopted or announced row supersedes.")
def successor_binds(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = ~binding(rows) & ~empty(rows, "supersedes")
    for row, (named, status) in cells(rows, wrong, "supersedes", "status"):
        message = f"the act is {status}, so it ends nothing: use relates_to"
        yield Hit(row, "supersedes", named, message)


@table_rule("R051", "error", "`supersedes` names rows that exist.")
def superseded_exists(draft: Draft) -> Iterator[Hit]:
    named = links(draft.policies)
    yield from _hits(named[named["old"] < 0], "there is no row {word}: correct the id or add it")


@table_rule("R052", "error", "`supersedes` names adopted or announced rows.")
def superseded_binds(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    named = links(rows)
    named = named[(named["old"] >= 0) & binding(rows)[named["row"].to_numpy()]]
    wrong = named[~binding(rows)[named["old"].to_numpy()]]
    yield from _hits(wrong, "{word} was never in force: use relates_to")


@table_rule("R053", "error", "`supersedes` names rows of the same subject.")
def same_subject(draft: Draft) -> Iterator[Hit]:
    keys = draft.policies["subject_key"].to_numpy()
    named = links(draft.policies)
    named = named[named["old"] >= 0]
    wrong = named[keys[named["row"].to_numpy()] != keys[named["old"].to_numpy()]]
    yield from _hits(wrong, "{word} is about another subject: a rule ends its own subject's only")


@table_rule("R054", "error", "A row never supersedes itself.")
def not_itself(draft: Draft) -> Iterator[Hit]:
    named = links(draft.policies)
    yield from _hits(named[named["old"] == named["row"]], "names itself: remove it")


@table_rule("R055", "error", "A row does not supersede one that was certainly decided later.")
def decided_in_order(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    named = sound_links(rows)
    low, high = known_from(rows)
    old, new = named["old"].to_numpy(), named["row"].to_numpy()
    wrong = (high[new] > 0) & (low[old] > high[new])
    message = "{word} was decided later: let it supersede this row, or correct the dates"
    yield from _hits(named[wrong], message)


@table_rule("R056", "error", "A row shares an actor with each row it supersedes.")
def shares_an_actor(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    named = sound_links(rows)
    old, new = named["old"].to_numpy(), named["row"].to_numpy()
    shared = np.zeros(len(named), bool)
    for actor in ACTORS:
        holds = names(rows, "applies_to", actor)
        shared |= holds[old] & holds[new]
    message = "{word} binds none of these actors, so nothing of it ends: name it no more"
    yield from _hits(named[~shared], message)


_TOLD: Final = 6
"""Rows of a circle that a message names."""


@table_rule("R057", "error", "`supersedes` never leads back to its own row.")
def no_circle(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    for circle in _circles(sound_links(rows)):
        path = [brief(text_at(rows, row, "policy_id")) for row in [*circle[:_TOLD], circle[0]]]
        if len(circle) > _TOLD:
            path.insert(_TOLD, "…")
        message = f"the rows supersede each other in a circle: {' -> '.join(path)}"
        yield Hit(circle[0], "supersedes", text_at(rows, circle[1], "policy_id"), message)


def _circles(named: pd.DataFrame) -> Iterator[list[int]]:
    """Each circle as positions, beginning with the first row of the file."""
    after: dict[int, list[int]] = {}
    for new, old in zip(named["row"].tolist(), named["old"].tolist(), strict=True):
        after.setdefault(new, []).append(old)
    done: set[int] = set()
    for start in sorted(after):
        path: dict[int, Iterator[int]] = {}
        here: int | None = start
        while here is not None and here not in done:
            path.setdefault(here, iter(after.get(here, ())))
            following = next((row for row in path[here] if row not in done), None)
            if following is None:
                done.add(here)
                del path[here]
                here = next(reversed(path), None)
            elif following in path:
                members = list(path)
                circle = members[members.index(following) :]
                first = circle.index(min(circle))
                yield circle[first:] + circle[:first]
            else:
                here = following


@table_rule("R059", "error", "A rule of measure none supersedes what it lifts.")
def none_lifts_something(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = binding(rows) & one_of(rows, "measure", "none") & empty(rows, "supersedes")
    for row in where(wrong):
        message = "measure none only lifts: name the rows it ends, or record no row"
        yield Hit(row, "supersedes", "", message)


@table_rule("R060", "error", "`relates_to` names other rows that exist.")
def related_exists(draft: Draft) -> Iterator[Hit]:
    named = links(draft.policies, "relates_to")
    wrong = named[named["old"] < 0]
    yield from _hits(wrong, "there is no row {word}: correct the id or add it", "relates_to")
    wrong = named[named["old"] == named["row"]]
    yield from _hits(wrong, "names itself: remove it", "relates_to")


@table_rule("R061", "warning", "What may have happened to the rules for one actor can be told out.")
def few_doubts(draft: Draft) -> Iterator[Hit]:
    rules = read_rules(draft.policies.reset_index(drop=True))
    for members in given_up(rules):
        actor = ACTOR_CODES[int(rules.actor[members[0]])]
        message = (
            f"too many of the {len(members)} rules for {actor} may have lifted one another, on days"
            " known only roughly: where they may hold the answer is uncertain; settle some days"
        )
        yield Hit(int(rules.policy[members].min()), "applies_to", actor, message)


RULES: Final = (
    successor_binds,
    superseded_exists,
    superseded_binds,
    same_subject,
    not_itself,
    decided_in_order,
    shares_an_actor,
    no_circle,
    none_lifts_something,
    related_exists,
    few_doubts,
)
