"""Rules side by side: for each what is recorded of it, and what its text says on each provision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from frtracker import wording
from frtracker.answers.documents import Document, grouped, heading, identity, is_live, records
from frtracker.answers.here import applies_here, sources, with_sources
from frtracker.answers.status import UNFILTERED, Filters, rules_on
from frtracker.places.place import Place
from frtracker.places.subjects import subjects_by_key
from frtracker.record.columns import TABLES
from frtracker.record.load import Tables
from frtracker.timeline import Timeline
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import HELD_STATES, PROVISIONS

Where = Mapping[str, Sequence[str]]
"""By provision, the values of which a rule has to have one."""
_SAID: Final = TABLES["provisions"].names[2:]
EVERYWHERE: Final[Where] = MappingProxyType({})


def compare(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    places: Sequence[Place] = (),
    where: Where = EVERYWHERE,
    as_of_given: str = "",
    filters: Filters = UNFILTERED,
) -> Document:
    """The ``compare`` document: the rules of ``places`` that are in force, may be or are to come on
    ``day``, in the order of the places, each with its ``provisions`` (null: not coded); without
    places, those of which a provision is coded.

    Of a place, the strictest for each actor, and if none of these is coded, its coded ones;
    ``besides``: the ids of its others; ``applies_there``: of those of others that apply in the
    place. A place given by the id of a rule is that rule, in any state. ``where``: only rules whose
    text says so; ``otherwise``: how many others say something else; ``not_coded``: of how many that
    is not known. ``without``: the places that have no such rule of their own.
    """
    coded = grouped(tables.provisions, "policy_id")
    said = {
        policy_id: {row["provision"]: {name: row[name] or None for name in _SAID} for row in rows}
        for policy_id, rows in coded.items()
    }
    by_key, subjects = rules_on(timeline, day), subjects_by_key(tables.subjects)
    rows = {row["policy_id"]: row for row in records(timeline.policies)}
    proofs = sources(tables, timeline.known_at)
    asked = [(place.key, place.policy_id) for place in places] or [(key, "") for key in subjects]
    found: dict[str, Document] = {}
    without, besides, applies_there = [], [], []
    others: dict[str, bool] = {}  # by id whether it is known what its text says
    for number, (key, chosen) in enumerate(asked):
        own = [
            rule
            for rule in by_key.get(key, ())
            if (rule["policy_id"] == chosen if chosen else is_live(rule))
            and rule["state"] != "not_yet"
            and filters.admits_act(subjects[key], rows[rule["policy_id"]])
        ]
        if places and not own:
            without.append(places[number].label)
        if places and not (chosen or where):
            first = _strictest(own, filters.for_actors)
            if not any(rule["policy_id"] in said for rule in first):  # better one that is coded
                first = [rule for rule in own if rule in first or rule["policy_id"] in said]
            besides += [rule["policy_id"] for rule in own if rule not in first]
            own = first
            here = applies_here(
                tables, places[number], day, known_at=timeline.known_at, filters=filters
            )
            applies_there += [
                rule["policy_id"]
                for entry in here
                for rule in entry["policies"]
                if rule["state"] in HELD_STATES and rule["measure"] != "none"
            ]
        for rule in with_sources(own, proofs):
            says = said.get(rule["policy_id"], {})
            fits = {it: says[it]["value"] in values for it, values in where.items() if it in says}
            is_known = len(fits) == len(where) and bool(places or says)
            if not (is_known and all(fits.values())):
                others[rule["policy_id"]] = is_known or not all(fits.values())
            else:
                found[rule["policy_id"]] = {
                    **identity(subjects[key]),
                    "label": subjects[key].label,
                    **rule,
                    "provisions": {it: says.get(it) for it in PROVISIONS},
                }
    asked_on = {"as_of": day.isoformat(), "as_of_given": as_of_given or day.isoformat()}
    opening = heading("compare", tables, timeline.known_at, **asked_on)
    names = wording.joined(place.label for place in places) or wording.counted("rules", len(found))
    asked_of = [f"{it} {' or '.join(values)}" for it, values in where.items()]
    names += f" with {wording.listed(asked_of)}" if where else ""
    return {
        **opening,
        "filters": {
            "applies_to": list(filters.for_actors),
            "measures": sorted(filters.measures),
            "markets": list(filters.markets),
        },
        "where": [{"provision": it, "values": list(values)} for it, values in where.items()],
        "rules": _named_apart([*found.values()]),
        "besides": besides,
        "applies_there": [it for it in dict.fromkeys(applies_there) if it not in found],
        "without": without,
        "otherwise": sum(others.values()),
        "not_coded": len(others) - sum(others.values()),
        "cite_as": wording.citation(
            opening, f"comparison of {names} on {wording.day_used(opening)}"
        ),
    }


def _strictest(rules: Sequence[Document], actors: Sequence[str]) -> list[Document]:
    """Those above which none surely in force ranks for one of the actors, where they apply, and
    those to come."""

    def rank(rule: Document) -> int:
        return RANK[rule["measure"], rule["scope"]]

    found = []
    for actor in actors:
        own = [it for it in rules if actor in {*it["applies_to"]} - {*it["superseded_for"]}]
        for it in own:
            sure = (
                rank(other)
                for other in own
                if other["state"] == "in_force" and other["territory"] in (None, it["territory"])
            )
            if it["state"] == "scheduled" or rank(it) >= max(sure, default=0):
                found.append(it["policy_id"])
    return [rule for rule in rules if rule["policy_id"] in found]


def _named_apart(rules: list[Document]) -> list[Document]:
    """The rules, those of one subject with their measure in the label, or their id if that is the
    same too."""
    for more in (wording.act_measure, lambda rule: rule["policy_id"]):
        labels = [rule["label"] for rule in rules]
        rules = [
            {**rule, "label": f"{label}: {more(rule)}"} if labels.count(label) > 1 else rule
            for rule, label in zip(rules, labels, strict=True)
        ]
    return rules
