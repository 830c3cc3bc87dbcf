"""How positions and days are said in words, the same in every output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

from frtracker.dates import in_words, parse, through
from frtracker.vocabulary import (
    ACTORS,
    CONFIDENCES,
    MEASURES,
    PLACE_TYPES,
    REACHES,
    STATUSES,
    USES,
)

Entry = Mapping[str, Any]
Value = TypeVar("Value")


def actors(codes: Iterable[str]) -> str:
    """``police, government``"""
    return ", ".join(ACTORS[code].label for code in codes)


def uses(codes: Iterable[str]) -> str:
    """``body cameras, drones``"""
    return ", ".join(USES[code].label for code in codes)


def measure(code: str, scope: str | None, kinds: Iterable[str] = ()) -> str:
    """``ban``, ``ban (narrow)``, ``ban (narrow: body cameras)``"""
    label = MEASURES[code].label
    if scope != "narrow":
        return label
    named = uses(kinds)
    return f"{label} (narrow: {named})" if named else f"{label} (narrow)"


def kinds_of(position: Entry, policies: Iterable[Entry]) -> tuple[str, ...]:
    """The kinds of use that the rules behind a narrow position name, in vocabulary order."""
    makers = set(position["policy_ids"])
    named = {use for row in policies if row["policy_id"] in makers for use in row["uses"]}
    return tuple(use for use in USES if use in named)


def position(entry: Entry, policies: Iterable[Entry] = ()) -> str:
    """``moratorium``; ``none in force (lifted)``; ``uncertain: up to ban, at least restriction``"""
    if entry["measure"] == "none":
        return "none in force (lifted)" if entry["lifted"] else "none in force"
    said = measure(entry["measure"], entry["scope"], kinds_of(entry, policies))
    if entry["certain"]:
        return said
    floor = entry["at_least"]
    if floor is None:
        return f"uncertain: {said} or none"
    return f"uncertain: up to {said}, at least {measure(floor['measure'], floor['scope'])}"


def since(entry: Entry) -> str:
    """The first day of the run; a presumed start is said to be one."""
    if not entry["since"]:
        return ""
    return f"{entry['since']} at the earliest" if entry["start_presumed"] else entry["since"]


def until(entry: Entry, policies: Iterable[Entry] = ()) -> str:
    """The end of the run: a day, a condition, and the day it was last confirmed where it is only
    presumed to go on."""
    said = []
    if entry["until"]:
        said.append(through(parse(entry["until"])))
    if entry["ends_when"]:
        said.append(entry["ends_when"])
    if entry["continuation_presumed"]:
        makers = set(entry["policy_ids"])
        shown = [
            row["last_confirmed_on"]
            for row in policies
            if row["policy_id"] in makers and row["last_confirmed_on"]
        ]
        said.append(f"last confirmed {max(shown)}" if shown else "not confirmed since")
    return "; ".join(said)


def next_change(entry: Entry | None) -> str:
    """``2021-07-01: restriction for police``"""
    if entry is None:
        return ""
    said = measure(entry["measure"], entry["scope"])
    if entry["measure"] == "none":
        said = "none in force" if entry["certain"] else "uncertain"
    elif not entry["certain"]:
        said = f"uncertain: {said}"
    return f"{entry['on']}: {said} for {actors(entry['actors'])}"


def day_used(document: Entry) -> str:
    """``30 Jun 2021 (as of 2021-06)``, with the day of knowledge where one was given."""
    day = in_words(date.fromisoformat(document["as_of"]))
    if document["as_of_given"] != document["as_of"]:
        day += f" (as of {document['as_of_given']})"
    if document["known_at"]:
        day += f", as known on {in_words(date.fromisoformat(document['known_at']))}"
    return day


def label(entry: Entry) -> str:
    """``Portland, OR``; a state, a country, a vendor by its bare name."""
    if entry["subject_type"] in (*PLACE_TYPES[:2], "agency", "school"):
        place = (entry["region"] or entry["country"] or "").removeprefix("US-")
        return f"{entry['subject']}, {place}"
    return str(entry["subject"])


def alike(values: Mapping[str, Value]) -> list[tuple[Value, list[str]]]:
    """The actors that share a value, together: each value with its actors, in order.

    >>> alike({"police": "ban", "schools": "none", "private": "ban"})
    [('ban', ['police', 'private']), ('none', ['schools'])]
    """
    groups: dict[Value, list[str]] = {}
    for actor, value in values.items():
        groups.setdefault(value, []).append(actor)
    return list(groups.items())


def listed(cell: str | None) -> str:
    """``US, CA`` of ``US;CA``"""
    return (cell or "").replace(";", ", ")


def roughly(days: str) -> str:
    """A recorded date for a sentence: ``A to B``, ``B at the latest``, or as it is."""
    first, slash, last = days.partition("/")
    if not slash:
        return days
    return f"{first} to {last}" if first else f"{last} at the latest"


def also(rule: Entry) -> str:
    """A rule in force besides the position: ``uncertain: ban (narrow) in IT, FR``."""
    said = measure(rule["measure"], rule["scope"])
    where = f" in {listed(rule['territory'])}" if rule["territory"] else ""
    return f"{'' if rule['certain'] else 'uncertain: '}{said}{where}"


def act_measure(act: Entry) -> str:
    """``ban (narrow: drones) for police``"""
    kinds = () if act["uses"] == "any" else act["uses"].split(";")
    what = measure(act["measure"], "narrow" if kinds else "general", kinds)
    if act["measure"] == "none":
        what = "lifts what it supersedes"
    return f"{what} for {actors(act['applies_to'].split(';'))}"


def act_facts(act: Entry) -> list[tuple[str, str]]:
    """What is recorded of an act besides its measure, as (name, text)."""
    binding = act["status"] in ("adopted", "announced")
    presumed = "not recorded; presumed at the decision" if binding else ""
    facts = (
        ("outcome", STATUSES[act["status"]].label),
        ("decided by", act["decided_by"]),
        ("introduced", roughly(act["introduced_on"])),
        ("decided", roughly(act["decided_on"])),
        ("in effect from", roughly(act["effective_on"]) or presumed),
        ("ends", through(parse(act["expires_on"])) if act["expires_on"] else ""),
        ("ends when", act["ends_when"]),
        ("last confirmed", roughly(act["last_confirmed_on"])),
        ("reach", REACHES[act["reach"]].label if act["reach"] else ""),
        ("where", listed(act["territory"])),
        ("confidence", CONFIDENCES[act["confidence"]].label),
        ("reviewed", act["reviewed_on"]),
        ("notes", act["notes"]),
    )
    return [(name, text) for name, text in facts if text]


def is_web(address: str) -> bool:
    """Whether a link may lead there: only to the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)
