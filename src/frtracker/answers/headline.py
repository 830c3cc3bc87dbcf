"""A subject's headline, and how many subjects have which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES

Document = dict[str, Any]

RANK: Final = MappingProxyType({position: rank for rank, position in enumerate(RANKED)})
_GROUP_OF: Final = MappingProxyType(
    {"vendor": "vendors", "company": "companies", "agency": "agencies", "school": "agencies"}
)


def headline(positions: Mapping[str, Document]) -> Document:
    """The highest-ranked position, of equals a certain one, and the actors that have it."""

    def place(position: Document) -> tuple[int, bool]:
        return RANK[position["measure"], position["scope"] or ""], position["certain"]

    top = max(positions.values(), key=place)
    same = [actor for actor, position in positions.items() if place(position) == place(top)]
    shared = [positions[actor] for actor in same]
    held = top["measure"] != "none"
    return {
        "measure": top["measure"],
        "scope": top["scope"],
        "for": same if held else [],
        "certain": top["certain"],
        "since": _common(shared, "since"),
        "until": _common(shared, "until"),
    }


def _common(positions: list[Document], name: str) -> str | None:
    """A day that all share; actors bound since different days have none in common."""
    values = {position[name] for position in positions}
    return values.pop() if len(values) == 1 else None


def counts(subjects: Iterable[Document]) -> Document:
    """How many of the subjects have which headline: by group, scope and measure; what is uncertain
    is counted apart."""
    groups: dict[str, Document] = {
        name: {
            "general": dict.fromkeys((m for m in MEASURES if m != "none"), 0),
            "narrow": dict.fromkeys((m for m in MEASURES if m != "none"), 0),
            "none": 0,
            "uncertain": 0,
        }
        for name in ("places", "agencies", "vendors", "companies")
    }
    for entry in subjects:
        group = groups[_GROUP_OF.get(entry["subject_type"], "places")]
        if not entry["certain"]:
            group["uncertain"] += 1
        elif entry["measure"] == "none":
            group["none"] += 1
        else:
            group[entry["scope"]][entry["measure"]] += 1
    return groups
