"""The page's own sentences: what it says of a position, an act and an event, and the templates
that its script fills with numbers, names and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from frtracker import wording
from frtracker.dates import in_words, parse
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES, REACHES, SEARCH_LEVELS, STATES

Entry = Mapping[str, Any]

NO_ACT: Final = "no act names them by then"
_MAX_MARKETS: Final = 8
_KINDS: Final = {"pulled": "pulled by its sponsors", "lapsed": "lapsed with its session"}

TEMPLATES: Final = {
    "label": "{name}, {where}",
    "place": "{place}: {text}",
    "without": "{place}: no act names {actor} by then",
    "masthead": "places and agencies, rules for {actor}: {counts}",
    "live": "{day}, {masthead}; {n} event in {month}",
    "live_many": "{day}, {masthead}; {n} events in {month}",
    "narrow": "{n} for some uses only",
    "uncertain": "{n} uncertain",
    "nothing": "nothing in force",
    "events": "In {month}",
    "no_events": "Nothing was introduced, decided, begun or ended.",
    "by_own": "On {day}, by its own acts:",
    "acts": "Its acts",
    "later": "{n} later act, not yet known on that day.",
    "later_many": "{n} later acts, not yet known on that day.",
    "above": "What binds here from above",
    "agencies": "Its agencies",
    "searches": "What was looked for",
    "searched": "Searched, and no act of its own found. That does not show that there is none.",
    "unsearched": "No act is recorded here, and it was not searched.",
    "searched_short": "{place}: searched, nothing found",
    "unsearched_short": "{place}: no act recorded, not searched",
    "without_kind": "{kind}, no act recorded",
    "months": "January,February,March,April,May,June,July,August,September,October,November,"
    "December",
    "rows": "{n} rows",
    "caption": "{day}, rules for {actor}",
    "source": "source {n}",
    "source_for": "source {n} for {place}",
    **{f"count {code}": f"{{n}} {term.label}" for code, term in MEASURES.items()},
}
"""With ``_many``: for any number but one."""


def actor_labels() -> dict[str, str]:
    """Whom the rules shown may be for, by code, in the order of the page's choices."""
    return {**{code: term.label for code, term in ACTORS.items()}, ANYONE: "anyone"}


def date_words(text: str) -> str:
    """A recorded date: ``1 Jul 2021``; ``Jul 2021``; ``between Jan 2023 and 15 Jul 2025``."""
    start, slash, end = text.partition("/")
    if slash:
        return f"between {_point(start)} and {_point(end)}" if start else f"by {_point(end)}"
    return _point(text)


def _point(text: str) -> str:
    words = in_words(parse(text).low).split()
    return " ".join(words[-1 - text.count("-") :])


def since(position: Entry) -> str:
    """``a day between 17 Sep 2019 and 16 Oct 2019``"""
    if not position["since"]:
        return ""
    days = ("a day " if "/" in position["since"] else "") + date_words(position["since"])
    return wording.since({**position, "since": days})


def markets(territory: str | None) -> str:
    """``US, CA``; of many only their number."""
    codes = (territory or "").split(";")
    return ", ".join(codes) if len(codes) <= _MAX_MARKETS else f"{len(codes)} countries or parts"


def others(position: Entry) -> list[str]:
    """What else is in force, one text for each measure: ``ban in IT, FR``."""
    where: dict[str, list[str]] = {}
    for rule in position["also"]:
        text = wording.measure(rule["measure"], rule["scope"])
        text = text if rule["certain"] else f"uncertain: {text}"
        where.setdefault(text, []).append(markets(rule["territory"]))
    named = {text: ", ".join(filter(None, places)) for text, places in where.items()}
    return [f"{text} in {places}" if places else text for text, places in named.items()]


def state(row: Entry) -> str:
    """``in force; ended for police``; ``expired (uncertain)``"""
    label = STATES[row["state"]].label
    if row["start_presumed"]:
        label += ", start not recorded"
    if row["superseded_for"]:
        return f"{label}; ended for {wording.actors(row['superseded_for'])}"
    return label if row["certain"] or row["state"] == "uncertain" else f"{label} (uncertain)"


def coverage(rule: Entry) -> str:
    """Whom and what a rule covers: ``police · body cameras · binds own bodies · in US``."""
    reach = rule["reach"] and f"binds {REACHES[rule['reach']].label}"
    where = rule["territory"] and f"in {markets(rule['territory'])}"
    return _joined(wording.actors(rule["applies_to"]), wording.uses(rule["uses"]), reach, where)


def dates(row: Entry) -> str:
    """The recorded days of a rule."""
    return _joined(
        row["introduced_on"] and f"introduced {date_words(row['introduced_on'])}",
        row["decided_on"] and f"decided {date_words(row['decided_on'])}",
        row["effective_on"] and f"from {date_words(row['effective_on'])}",
        row["expires_on"] and wording.until(_end(row["expires_on"])),
        row["ends_when"] and f"ends: {row['ends_when']}",
        row["last_confirmed_on"] and f"last confirmed {date_words(row['last_confirmed_on'])}",
    )


def facts(position: Entry, rules: Iterable[Entry]) -> str:
    """Since when (a placeholder), until when and where a position is what it is."""
    where = position["territory"] and f"in {markets(position['territory'])}"
    began = "since {since}" if position["since"] else ""
    return _joined(began, wording.until(position, rules), where)


def until(text: str | None) -> str:
    """``through 30 Jun 2021``"""
    return wording.until(_end(text))


def _end(text: str | None) -> Entry:
    return {"until": text, "ends_when": None, "continuation_presumed": False}


def _joined(*parts: Any) -> str:
    return " · ".join(part for part in parts if part)


def passing(row: Entry) -> str:
    """What a rule of a government above is, on a day: ``uncertain: ban for police``."""
    if row["state"] not in ("in_force", "uncertain"):
        return ""
    text = wording.measure(row["measure"], row["scope"], row["uses"])
    actors = [actor for actor in row["applies_to"] if actor not in row["superseded_for"]]
    text = f"{text} for {wording.actors(actors)}"
    return text if row["state"] == "in_force" else f"uncertain: {text}"


def event(row: Entry, rule: Entry) -> str:
    """``restriction for police began``"""
    text = "repeal"
    if rule["measure"] != "none":
        text = wording.measure(rule["measure"], rule["scope"], rule["uses"])
    where = ""
    if rule["territory"] and rule["subject_type"] != "supranational":
        where = f" in {markets(rule['territory'])}"
    cause = ", replaced by a later rule" if row["cause"] else ""
    actors = wording.actors(row["actors"].split(";"))
    return f"{text} for {actors}{where} {_KINDS.get(row['kind'], row['kind'])}{cause}"


def confidence(rule: Entry) -> str:
    """How sure the record is of a rule."""
    if rule["confidence"] == "low":
        return "it is not established that this act exists or says this."
    return f"{rule['confidence']}; reviewed {date_words(rule['reviewed_on'])}"


def search(row: Entry) -> str:
    """``state, 22 Nov 2026: ``, before what was found."""
    return f"{SEARCH_LEVELS[row['level']].label}, {date_words(row['searched_on'])}: "
