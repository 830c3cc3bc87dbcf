"""The page's own sentences, made of the phrases of :mod:`frtracker.wording`, and the templates that
its script fills with numbers, names and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from frtracker import wording
from frtracker.vocabulary import HELD_STATES, REACHES

Entry = Mapping[str, Any]

NO_ACT: Final = "no act names them by then"
_MAX_MARKETS: Final = 8

TEMPLATES: Final = {
    "label": "{name}, {where}",
    "place": "{place}: {text}",
    "without": "{place}: no act names {actor} by then",
    "masthead": "places and agencies, rules for {actor}: {counts}",
    "live": "{day}, {masthead}; {events} in {month}",
    "nothing": "nothing in force",
    "month": "In {month}",
    "no_events": "Nothing was introduced, decided, begun or ended.",
    "by_own": "On {day}, by its own acts:",
    "acts": "Its acts",
    "later": "{acts}, not yet known on that day.",
    "above": "What binds here from above",
    "agencies": "Its agencies",
    "searches": "What was looked for",
    "searched": "Searched, and no act of its own found. That does not show that there is none.",
    "unsearched": "No act is recorded here, and it was not searched.",
    "searched_short": "{place}: searched, nothing found",
    "unsearched_short": "{place}: no act recorded, not searched",
    "without_kind": "{kind}, no act recorded",
    "caption": "{day}, rules for {actor}",
    "source": "source {number}",
    "source_for": "source {number} for {place}",
    "months": "January,February,March,April,May,June,July,August,September,October,November,"
    "December",
}


def in_markets(territory: str | None) -> str:
    """``in US, CA only``; of many countries only their number."""
    count = (territory or "").count(";") + 1
    return f"in {count} countries" if count > _MAX_MARKETS else wording.only_in(territory)


def others(position: Entry, rules: Iterable[Entry]) -> list[str]:
    """What else is in force, one text for each measure: ``ban in IT, FR only``."""
    where: dict[str, list[str]] = {}
    for rule in position["also"]:
        text = wording.also(rule, rules, where=False)
        where.setdefault(text, []).append(rule["territory"] or "")
    return [
        f"{text} {in_markets(';'.join(places))}" if all(places) else text
        for text, places in where.items()
    ]


def facts(position: Entry, rules: Iterable[Entry]) -> str:
    """Since when (a placeholder), until when and where a position is what it is."""
    began = "{since}" if position["since"] else ""
    return joined(began, wording.until(position, rules), in_markets(position["territory"]))


def coverage(act: Entry) -> str:
    """Whom and what an act covers: ``police · body cameras · binds own bodies · in US only``."""
    reach = f"binds {REACHES[act['reach']].label}" if act["reach"] else ""
    who, what = (act[name].split(";") for name in ("applies_to", "uses"))
    return joined(wording.actors(who), wording.uses(what), reach, in_markets(act["territory"]))


def dates(act: Entry) -> str:
    """The recorded days of an act."""
    names = {"introduced_on": "introduced", "decided_on": "decided", "effective_on": "from"}
    days = (f"{text} {wording.recorded(act[n])}" if act[n] else "" for n, text in names.items())
    shown = act["last_confirmed_on"]
    return joined(
        *days,
        wording.through(act["expires_on"]),
        f"ends: {act['ends_when']}" if act["ends_when"] else "",
        wording.last_confirmed(shown) if shown else "",
    )


def state(rule: Entry) -> str:
    """``in force, start not recorded``; ``in force for government; ended for police``"""
    doubt = "" if rule["certain"] or rule["state"] == "uncertain" else " (uncertain)"
    presumed = ", start not recorded" if rule["start_presumed"] else ""
    return f"{wording.state(rule)}{doubt}{presumed}"


def passing(rule: Entry) -> str:
    """What a rule of a government above is, on a day: ``uncertain: ban for police``."""
    if rule["state"] not in HELD_STATES:
        return ""
    return wording.rule_in_force(rule).removeprefix("in force: ")


def event(row: Entry) -> str:
    """``restriction for police began``: the name stands before it."""
    return wording.event(row, dated=False).removeprefix(f"{wording.label(row)}: ")


def confidence(act: Entry) -> str:
    """How sure the record is of an act."""
    if act["confidence"] == "low":
        return "it is not established that this act exists or says this."
    return f"{act['confidence']}; reviewed {wording.recorded(act['reviewed_on'])}"


def joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
