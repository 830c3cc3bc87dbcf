"""The rule on whom a row may still supersede."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from frtracker.record.findings import brief
from frtracker.record.schema.frames import one_of, start_high, start_low, text_at
from frtracker.record.schema.links import known_from, sound_links
from frtracker.record.schema.rule import Draft, Hit, table_rule


@table_rule("R058", "error", "A row names the rule that still runs, not one already superseded.")
def names_the_live_row(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    named = sound_links(rows)
    contested = named[named["old"].duplicated(keep=False)]
    if contested.empty:
        return
    history = _History(rows, named)
    told: set[tuple[int, int]] = set()
    for (old, actor), successors in history.contested(contested).items():
        for new, earlier in history.too_late(successors, actor):
            if (new, old) not in told:
                told.add((new, old))
                yield history.hit(new, old, earlier, actor)


class _History:
    """Who superseded whom, for which actor."""

    def __init__(self, rows: pd.DataFrame, named: pd.DataFrame) -> None:
        self.rows = rows
        self.low, self.high = start_low(rows), start_high(rows)
        self.known_low, self.known_high = known_from(rows)
        self.doubted = one_of(rows, "confidence", "low")
        self.lifts = one_of(rows, "measure", "none")
        self.successors: dict[int, list[int]] = {}
        for new, old in zip(named["row"].tolist(), named["old"].tolist(), strict=True):
            self.successors.setdefault(old, []).append(new)

    def actors(self, row: int) -> set[str]:
        return set(text_at(self.rows, row, "applies_to").split(";"))

    def contested(self, named: pd.DataFrame) -> dict[tuple[int, str], list[int]]:
        groups: dict[tuple[int, str], list[int]] = {}
        for new, old in zip(named["row"].tolist(), named["old"].tolist(), strict=True):
            for actor in sorted(self.actors(new) & self.actors(old)):
                groups.setdefault((old, actor), []).append(new)
        return groups

    def never_began(self, row: int, actor: str) -> bool:
        """Lifted by a ``none`` row that may start on or before this row's own start."""
        return any(
            self.lifts[new] and self.low[new] <= self.high[row] and actor in self.actors(new)
            for new in self.successors.get(row, ())
        )

    def too_late(self, group: list[int], actor: str) -> Iterator[tuple[int, int]]:
        """(row, earlier): ``earlier``, surely decided before ``row``, ends the rule before it.

        Rows of one act, decided on the same day, stand beside each other.
        """
        enders = sorted(
            (row for row in group if not self.doubted[row] and not self.never_began(row, actor)),
            key=self.known_high.__getitem__,
        )
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

    def hit(self, row: int, old: int, earlier: int, actor: str) -> Hit:
        live, seen = earlier, {row}
        while live not in seen:
            seen.add(live)
            later = [new for new in self.successors.get(live, ()) if actor in self.actors(new)]
            live = next((new for new in later if new not in seen), live)
        named = text_at(self.rows, row, "supersedes").split(";")
        cure = "leave it out" if self.id(live) in named else f"name {brief(self.id(live))} instead"
        message = (
            f"{brief(self.id(old))} was already superseded for {actor} by"
            f" {brief(self.id(earlier))}: {cure}"
        )
        return Hit(row, "supersedes", self.id(old), message)

    def id(self, row: int) -> str:
        return text_at(self.rows, row, "policy_id")


RULES: Final = (names_the_live_row,)
