"""Of which rules a claim is true, and the verdict on it of days with the same rules in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import PROHIBITING_MEASURES


def _ranks(measures: Iterable[str], *scopes: str) -> frozenset[int]:
    return frozenset(RANK[measure, scope] for measure in measures for scope in scopes)


_RULES: Final = ("ban", "moratorium", "withdrawal", "restriction", "oversight")
_PROHIBITED: Final = _ranks(PROHIBITING_MEASURES, "general")
_PARTLY: Final = _ranks(PROHIBITING_MEASURES, "narrow")
_ALL: Final = frozenset(range(len(RANKED)))
SAME: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {
        **{code: _ranks([code], "general") for code in _RULES},
        "prohibited": _PROHIBITED,
        "none": frozenset({0}),
        "no_ban": _ALL - _PROHIBITED - _PARTLY,
        "": _ranks(_RULES, "general"),
    }
)
"""The ranks (places in ``RANKED``) of the rules of which a claim is true."""
LIKE: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {
        **dict.fromkeys(PROHIBITING_MEASURES, _PROHIBITED | _PARTLY),
        "prohibited": _PARTLY,
        "restriction": _PROHIBITED | _ranks(["restriction"], "narrow") | SAME["oversight"],
        "oversight": SAME["restriction"] | _ranks(["oversight"], "narrow"),
        "none": _ranks(_RULES, "narrow"),
        "no_ban": _PARTLY,
        "": _ranks(_RULES, "narrow"),
    }
)
"""Those of which it is partly true."""
ABSENT: Final = frozenset({"none", "no_ban"})
"""Claims that there is no rule: one rule is enough to contradict them."""
BEST: Final = ("supported", "partly", "cannot_say", "contradicted", "not_on_record")
LEAST: Final = ("contradicted", "cannot_say", "partly", "supported", "not_on_record")
"""Of the verdicts of several actors, and of several days, the one that is shown; ``LEAST``, if the
claim is that there is no rule."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is so on the days ``start`` to ``end`` (half-open ordinals). ``low``, ``high``: the rank
    of the strictest rule that surely is in force, and of the strictest that may be. ``sure``,
    ``maybe``: the ranks of all rules that surely, or perhaps, are; ``elsewhere``: of those of a
    vendor that surely are where it is not at home."""

    start: int
    end: int
    low: int
    high: int
    sure: frozenset[int]
    maybe: frozenset[int]
    elsewhere: frozenset[int]

    def strictest(self, measure: str) -> str:
        """The verdict on a claim by the strictest rule alone."""
        same, like = SAME[measure], LIKE[measure]
        possible = {self.low, self.high, *(it for it in self.maybe if self.low < it < self.high)}
        if possible <= same:
            return "supported"
        if possible <= like:
            return "partly"
        if self.low == self.high:
            return "contradicted"
        return "cannot_say" if {self.low, self.high} & (same | like) else "contradicted"

    def verdict(self, measure: str) -> str:
        """The verdict by all rules: another than the strictest can be what is claimed."""
        same, like, found = SAME[measure], LIKE[measure], self.strictest(measure)
        if measure in ABSENT:
            if found == "supported" and (self.sure & like or self.elsewhere - same):
                return "partly"
            return "cannot_say" if found == "supported" and self.maybe - same else found
        if found == "supported" or self.sure & same:
            return "supported"
        if self.elsewhere & (same | like):
            return "partly"
        if self.maybe & same:
            return "cannot_say"
        if found == "partly" or self.sure & like:
            return "partly"
        return "cannot_say" if self.maybe & like else found

    def shown(self, measure: str) -> frozenset[int]:
        """The ranks of the rules that the verdict is about."""
        verdict, own = self.verdict(measure), frozenset({self.high})
        if measure in ABSENT:
            against = (self.sure | self.elsewhere | self.maybe) - SAME[measure]
            return against if verdict != "supported" and against else own
        available = self.maybe if verdict == "cannot_say" else self.sure | self.elsewhere
        alike = _narrow(measure)
        of_verdict = {
            "supported": (SAME[measure],),
            "partly": (alike, SAME[measure] | LIKE[measure]),
            "cannot_say": (SAME[measure], LIKE[measure]),
        }
        if verdict == self.strictest(measure) and not (verdict == "partly" and alike & available):
            return own
        return next((it & available for it in of_verdict[verdict] if it & available), own)

    def is_so(self, measure: str) -> bool:
        """Whether a rule of this name, of some uses or of all, surely is in force."""
        return not (self.sure | self.elsewhere).isdisjoint(SAME[measure] | _narrow(measure))

    def surely_has(self, rank: int) -> bool:
        return rank == self.low == self.high or rank in self.sure | self.elsewhere


def _narrow(measure: str) -> frozenset[int]:
    """The ranks of a measure for some uses."""
    return _ranks([measure] if measure in _RULES else (), "narrow")


def over_days(found: Collection[str]) -> str:
    """The verdict for an actor on some days, of those of each stretch."""
    if len(found) == 1:
        (verdict,) = found
        return verdict
    return "partly" if {"supported", "partly"} & {*found} else "cannot_say"
