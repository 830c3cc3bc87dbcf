"""Checks on rows of policies.csv that name each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from frtracker.record.check import Record, Rows, Violation
from frtracker.record.findings import Check, brief
from frtracker.timeline.days import OPEN
from frtracker.timeline.outlook import given_up
from frtracker.timeline.rules import ACTOR_CODES, read_rules
from frtracker.vocabulary import ACTORS


def _violations(
    links: pd.DataFrame, message: str, column: str = "supersedes"
) -> Iterator[Violation]:
    for row, word in zip(links["row"].tolist(), links["word"].tolist(), strict=True):
        yield Violation(row, column, word, message.format(word=brief(word)))


@Check("R050", "error", "Only an adopted or announced row supersedes.")
def successor_binds(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        ~record.binding & ~rows.empty("supersedes"),
        "supersedes",
        "the act is {status}, so it ends nothing: use relates_to",
    )


@Check("R051", "error", "`supersedes` names rows that exist.")
def superseded_exists(record: Record, rows: Rows) -> Iterator[Violation]:
    lost = record.supersedes[record.supersedes["old"] < 0]
    yield from _violations(lost, "there is no row {word}: correct the id or add it")


@Check("R052", "error", "`supersedes` names adopted or announced rows.")
def superseded_binds(record: Record, rows: Rows) -> Iterator[Violation]:
    links = record.supersedes
    links = links[(links["old"] >= 0) & record.binding[links["row"].to_numpy()]]
    wrong = links[~record.binding[links["old"].to_numpy()]]
    yield from _violations(wrong, "{word} was never in force: use relates_to")


@Check("R053", "error", "`supersedes` names rows of the same subject.")
def same_subject(record: Record, rows: Rows) -> Iterator[Violation]:
    keys = record.policies.frame["subject_key"].to_numpy()
    links = record.supersedes[record.supersedes["old"] >= 0]
    wrong = links[keys[links["row"].to_numpy()] != keys[links["old"].to_numpy()]]
    message = "{word} is about another subject: a rule ends its own subject's only"
    yield from _violations(wrong, message)


@Check("R054", "error", "A row never supersedes itself.")
def not_itself(record: Record, rows: Rows) -> Iterator[Violation]:
    links = record.supersedes
    yield from _violations(links[links["old"] == links["row"]], "names itself: remove it")


@Check("R055", "error", "A row does not supersede one that was certainly decided later.")
def decided_in_order(record: Record, rows: Rows) -> Iterator[Violation]:
    links = record.successions
    low, high = record.days.known_from_low, record.days.known_from_high
    old, new = links["old"].to_numpy(), links["row"].to_numpy()
    wrong = links[(low[old] > high[new]) & (low[old] < OPEN)]
    message = "{word} was decided later: let it supersede this row, or correct the dates"
    yield from _violations(wrong, message)


@Check("R056", "error", "A row shares an actor with each row it supersedes.")
def shares_an_actor(record: Record, rows: Rows) -> Iterator[Violation]:
    links = record.successions
    shared = np.zeros(len(links), bool)
    for actor in ACTORS:
        named = record.policies.lists("applies_to", actor)
        shared |= named[links["old"].to_numpy()] & named[links["row"].to_numpy()]
    message = "{word} binds none of these actors, so nothing of it ends: name it no more"
    yield from _violations(links[~shared], message)


_LISTED: Final = 6
"""Rows of a circle that a message names."""


@Check("R057", "error", "`supersedes` never leads back to its own row.")
def no_circle(record: Record, rows: Rows) -> Iterator[Violation]:
    for circle in _circles(record.successions):
        path = [brief(rows.text(row, "policy_id")) for row in [*circle[:_LISTED], circle[0]]]
        if len(circle) > _LISTED:
            path.insert(_LISTED, "…")
        message = f"the rows supersede each other in a circle: {' -> '.join(path)}"
        yield Violation(circle[0], "supersedes", rows.text(circle[1], "policy_id"), message)


def _circles(links: pd.DataFrame) -> Iterator[list[int]]:
    """Each circle as positions, beginning with the first row of the file."""
    after: dict[int, list[int]] = {}
    for new, old in zip(links["row"].tolist(), links["old"].tolist(), strict=True):
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


@Check("R058", "error", "A row names the rule that still runs, not one already superseded.")
def names_the_live_row(record: Record, rows: Rows) -> Iterator[Violation]:
    links = record.successions
    if not links["old"].duplicated().any():
        return
    history = _History(record)
    reported: set[tuple[int, int]] = set()
    for (old, actor), successors in history.contested().items():
        for new, earlier in history.too_late(successors, actor):
            if (new, old) not in reported:
                reported.add((new, old))
                yield history.violation(new, old, earlier, actor)


class _History:
    """Who superseded whom, for which actor."""

    def __init__(self, record: Record) -> None:
        self.rows, links = record.policies, record.successions
        days = record.days
        self.low, self.high = days.start_low, days.start_high
        self.known_low, self.known_high = days.known_from_low, days.known_from_high
        self.low_confidence = self.rows.has("confidence", "low")
        self.lifts = self.rows.has("measure", "none")
        self.successors: dict[int, list[int]] = {}
        for new, old in zip(links["row"].tolist(), links["old"].tolist(), strict=True):
            self.successors.setdefault(old, []).append(new)

    def actors(self, row: int) -> set[str]:
        return set(self.rows.text(row, "applies_to").split(";"))

    def contested(self) -> dict[tuple[int, str], list[int]]:
        """The rows that several others supersede, each with an actor and these others."""
        groups: dict[tuple[int, str], list[int]] = {}
        for old, successors in self.successors.items():
            for new in successors:
                for actor in sorted(self.actors(new) & self.actors(old)):
                    groups.setdefault((old, actor), []).append(new)
        return {key: group for key, group in groups.items() if len(group) > 1}

    def never_began(self, row: int, actor: str) -> bool:
        """Lifted by a ``none`` row that may start on or before this row's own start."""
        return any(
            self.lifts[new] and self.low[new] <= self.high[row] and actor in self.actors(new)
            for new in self.successors.get(row, ())
        )

    def too_late(self, group: list[int], actor: str) -> Iterator[tuple[int, int]]:
        """(row, earlier) where ``earlier`` was certainly decided first and has already ended the
        rule. Rows of one act, decided on the same day, do not count."""
        enders = [
            row
            for row in sorted(group, key=self.known_high.__getitem__)
            if not self.low_confidence[row] and not self.never_began(row, actor)
        ]
        position = 0
        first: int | None = None
        for row in sorted(group, key=self.known_low.__getitem__):
            while position < len(enders) and (
                self.known_high[enders[position]] < self.known_low[row]
            ):
                ender = enders[position]
                if first is None or self.high[ender] < self.high[first]:
                    first = ender
                position += 1
            if first is not None and self.low[row] >= self.high[first]:
                yield row, first

    def violation(self, row: int, old: int, earlier: int, actor: str) -> Violation:
        """The message names the last row of those that followed ``earlier``."""
        live, seen = earlier, {row}
        while live not in seen:
            seen.add(live)
            later = [new for new in self.successors.get(live, ()) if actor in self.actors(new)]
            live = next((new for new in later if new not in seen), live)
        name, by, now = (self.rows.text(at, "policy_id") for at in (old, earlier, live))
        listed = now in self.rows.text(row, "supersedes").split(";")
        cure = "leave it out" if listed else f"name {brief(now)} instead"
        message = f"{brief(name)} was already superseded for {actor} by {brief(by)}: {cure}"
        return Violation(row, "supersedes", name, message)


@Check("R059", "error", "A rule of measure none supersedes what it lifts.")
def none_lifts_something(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        record.binding & rows.has("measure", "none") & rows.empty("supersedes"),
        "supersedes",
        "measure none only lifts: name the rows it ends, or record no row",
    )


@Check("R060", "error", "`relates_to` names other rows that exist.")
def related_exists(record: Record, rows: Rows) -> Iterator[Violation]:
    links = record.links("relates_to")
    lost, itself = links[links["old"] < 0], links[links["old"] == links["row"]]
    yield from _violations(lost, "there is no row {word}: correct the id or add it", "relates_to")
    yield from _violations(itself, "names itself: remove it", "relates_to")


@Check("R061", "warning", "What may have happened to the rules for one actor can be told out.")
def few_doubts(record: Record, rows: Rows) -> Iterator[Violation]:
    rules = read_rules(rows.frame.reset_index(drop=True))
    for members in given_up(rules):
        actor = ACTOR_CODES[int(rules.actor[members[0]])]
        message = (
            f"too many of the {len(members)} rules for {actor} may have lifted one another, on days"
            " known only roughly: where they may hold the answer is uncertain; settle some days"
        )
        yield Violation(int(rules.policy[members].min()), "applies_to", actor, message)
