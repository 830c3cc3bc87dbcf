"""Events, counts, people, coverage, reviews, and how an answer is cited."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from frtracker.codes import code_names
from frtracker.dates import in_words
from frtracker.vocabulary import ACTORS, MEASURE_CLASSES, MEASURES
from frtracker.wording.phrases import (
    NO_ACT,
    TEMPLATES,
    TITLE,
    Entry,
    actors,
    counted,
    joined,
    label,
    listed,
    on_day,
    recorded,
)
from frtracker.wording.positions import ENDING, ENDING_BEGAN, measure

EVENTS: Final = {
    "began": ("began", "begins"),
    "ended": ("ended", "ends"),
    "pulled": ("pulled by its sponsors",) * 2,
    "lapsed": ("lapsed with its session",) * 2,
}
"""Kinds of events in the past and in the future; any other by its name."""
RULE_EVENTS: Final = ("decided", "began", "ended")
"""What happens to acts that become rules; everything else happens to bills."""
AUTHORS: Final = "The frtracker authors"
PEOPLE: Final = (
    "People whose own city, county, state or country has such a rule for its own bodies or those"
    " below it, each counted once, by the strictest. Other police and agencies that work there may"
    " have other rules; sheriffs, regional police and others that are no city's own add nobody."
    " Populations as in subjects.csv: US places by the 2020 Census."
)
_MILLION: Final = " million"
WHOSE_PEOPLE: Final = {
    "police": "its own police",
    "government": "its own agencies",
    "schools": "its schools",
    "private": "private users",
}


def event(row: Entry, *, coming: bool = False, dated: bool = True, with_ids: bool = True) -> str:
    """One event in a line: ``Portland, OR: ban for private began`` (``begins`` if ``coming``),
    ``New York, bill: ban for police introduced``; of one that is known only to lie in a range of
    days the range is named if ``dated``. ``with_ids``: a later rule by its id, else as ``a later
    rule``, where a link leads to it."""
    is_exact = row["on_low"] == row["on_high"]
    places = row["territory"] if row["subject_type"] != "supranational" else None
    kind, on = str(row["kind"]), date.fromisoformat(row["on_high"])
    what = EVENTS[kind][coming] if kind in EVENTS else kind
    if kind == "began" and row["measure"] == "none":
        what = ENDING_BEGAN[coming]
    if kind == "began" and "extended" in row["effects"]:
        what = "extended"
    if kind == "ended":
        expired = "expires" if coming else "expired"
        later = " or ".join(row["causes"]) if with_ids else "a later rule"
        cause = f"{what}, replaced by {later}" if row["causes"] else ""
        if row["own_terms"] or not cause:
            is_named = is_exact and not cause
            last = f" (last day {in_words(on - timedelta(days=1))})" if is_named else ""
            cause = joined([cause, f"{expired}{last}"], " or ")
        what = cause
    words = [
        f"{label(row)}:" if kind in RULE_EVENTS else f"{label(row)}, bill:",
        ENDING if row["measure"] == "none" else measure(row),
        f"for {actors(row['applies_to'])}",
        places and f"in {listed(code_names(places, prose=True))}",
    ]
    if days := row["put_off"]:
        words.append(f"put off from {recorded(days['from'])} to {recorded(days['to'])}")
        return joined(words, " ")
    words.append(what)
    return joined([joined(words, " "), dated and not is_exact and on_day(row["on"])])


def event_effects(row: Entry) -> list[str]:
    """What an event did to an earlier rule, as far as its sentence does not say it."""
    is_said = {"extended": row["kind"] == "began", "postponed": bool(row["put_off"])}
    return [effect for effect in row["effects"] if not is_said.get(effect)]


def event_doubt(row: Entry) -> str:
    """``low confidence``, ``uncertain``; '' of an event that certainly happens."""
    low = row["confidence"] == "low"
    return "low confidence" if low else "" if row["certain"] else "uncertain"


def counts(groups: Sequence[Entry]) -> str:
    """``27 bans, 3 moratoriums; 5 limited to some uses; 2 uncertain``: how many subjects of these
    groups of a status document's ``counts`` have which headline."""
    numbers = {
        code: sum(group["general"][code] for group in groups) for code in MEASURES if code != "none"
    }
    general = joined(counted(name, n) for name, n in numbers.items() if n)
    rest = {"narrow": sum(sum(group["narrow"].values()) for group in groups)}
    rest |= {name: sum(group[name] for group in groups) for name in ("none", "uncertain")}
    return joined([general, *(counted(name, n) for name, n in rest.items() if n)], "; ") or (
        "none listed"
    )


def coverage(classes: Sequence[Entry]) -> str:
    """``a selection``, ``complete against 3 lists, Nov 2026``: how far the record of these classes
    of acts goes, see :mod:`frtracker.answers.coverage`; '' of none."""
    texts: dict[str, list[str]] = {}
    for it in classes:
        if it["complete"]:
            lists = counted("lists", len(it["lists"]))
            text = f"against {lists}, {recorded(it['as_of'][:7])}"
            texts.setdefault(text, []).append(MEASURE_CLASSES[it["measure_class"]].label)
    if classes and not texts:
        return "a selection"
    named = [f"for {' and '.join(labels)} {text}" for text, labels in texts.items()]
    if any(not it["complete"] for it in classes):
        return f"complete {' and '.join(named)}, else a selection"
    return f"complete {' and '.join(named if len(named) > 1 else texts)}" if texts else ""


def bans_counted(number: int, excepted: int, abroad: int) -> str:
    """What a headline counts: ``general bans of the place or agency itself, some with exceptions; 2
    of them are outside the United States``. ``number``: of all; ``excepted``: with exceptions."""
    some = "all" if excepted == number else "some"
    words = (
        f"general bans of the place or agency itself{f', {some} with exceptions' * bool(excepted)}"
    )
    verb = "is" if abroad == 1 else "are"
    return joined(
        [words, abroad > 0 and f"{abroad} of them {verb} outside the United States"], "; "
    )


def no_act(classes: Sequence[Entry], text: str = NO_ACT) -> str:
    """``no act on record (the record is a selection)``"""
    return f"{text} (the record is {coverage(classes)})" if classes else text


def strictest_for(chosen: Sequence[str]) -> str:
    """Whose rule a count by headline counts: ``by the strictest rule for anyone``."""
    return f"by the strictest rule for {'anyone' if len(chosen) == len(ACTORS) else actors(chosen)}"


def condition(rule: Entry) -> str:
    """``Springfield, MA: moratorium for police until the City Council approves …``"""
    return f"{label(rule)}: {measure(rule)} for {actors(rule['applies_to'])} {rule['ends_when']}"


def details(event: Entry) -> str:
    """What a reader of a calendar or feed must know besides the title, of an event or of a rule
    that ends on a condition."""
    low, high = event.get("on_low"), event.get("on_high")
    is_doubted = event["confidence"] == "low"
    effects = event.get("effects")
    parts = (
        event["summary"],
        effects and f"Effect: {', '.join(effects)}.",
        low != high and f"The day is known only roughly: {on_day(event['on'])}.",
        event.get("start_presumed")
        and "The start date is not recorded; it is assumed to be the day of adoption.",
        is_doubted and "Low confidence: not established that the act exists or says this.",
        not (is_doubted or event["certain"]) and "It is not certain that this happens.",
        f"Source: {event['source_url']}",
    )
    return joined(parts, " ")


def due(reason: Entry) -> str:
    """Why a row is due for review."""
    value, limit = reason["value"], counted("days", reason["limit_days"])
    match reason["code"]:
        case "review":
            return f"reviewed {value}, due every {limit}"
        case "end" | "start":
            return f"the recorded {reason['code']} ({value}) has come since the review"
        case _ if not value:
            return "ends on a condition and was never shown in force since it began"
    shown = f"ends on a condition and was last shown in force {value}, over {limit} before"
    return f"{shown}; a later last_confirmed_on clears this"


def reviewed_through(day: str | None) -> str:
    """``reviewed through 2026-11-28``; a record without rows has no review."""
    return f"reviewed through {day}" if day else "without a review"


def on_record(dataset: Entry, name: str = "rows") -> str:
    """``546 rows on record, last reviewed on 28 Nov 2026``; ``name``: of what is counted."""
    day = recorded(dataset["reviewed_through"])
    extent = f"{counted(name, dataset['policies'])} on record"
    return joined([extent, day and f"last reviewed on {day}"])


def edition(dataset: Entry) -> str:
    """``edition 2026.11.28 (a3a7781a4aa5, 546 rows)``: reviewed through that day."""
    reviewed = (dataset["reviewed_through"] or "without a review").replace("-", ".")
    return f"edition {reviewed} ({dataset['edition'][:12]}, {counted('rows', dataset['policies'])})"


def citation(document: Entry, answer: str) -> str:
    """How to cite an answer: author, title, edition, which answer on which day, and what it
    supposes."""
    supposing = joined(document.get("supposed"), "; ")
    answer = f"{answer}, supposing {supposing}" if supposing else answer
    return f"{AUTHORS}, “{TITLE}”, {edition(document['dataset'])}, {answer}."


def what_if(title: str, supposing: Sequence[str]) -> str:
    """The title of a picture or page, which says so if it supposes anything."""
    return f"What if: {title}" if supposing else title


def supposed(texts: Sequence[str]) -> str:
    """``Supposed, not law: Massachusetts: restriction for police in force …``; '' of nothing."""
    return f"Supposed, not law: {joined(texts, '; ')}." if texts else ""


def people_range(low: int, high: int) -> str:
    """``9,369,650 to 18,001,043``; ``652,503``"""
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def people_level(level: Entry, *, is_first: bool) -> str:
    """``ban``; ``oversight or any rule above``; ``any of these, or ban of some uses``"""
    is_narrow = level["scope"] == "narrow"
    text = f"{MEASURES[level['measure']].label}{' of some uses' * is_narrow}"
    if is_first:
        return text
    return f"any of these, or {text}" if is_narrow else f"{text} or any rule above"


def people_sentence(document: Entry, count: Entry) -> str:
    """``1 Dec 2026: Between 9.3 and 18.1 million people are known to have a city, county, state or
    national government that bans or pauses face recognition by its own police.``; '' where there
    are none. ``document``: of which day, in which countries, and whether it supposes."""
    number = people_number(
        count["prohibited_low"], count["prohibited_high"], least=count["prohibited_is_least"]
    )
    said = TEMPLATES["people"].format(number=number, whose=WHOSE_PEOPLE[count["actor"]])
    whose = [
        recorded(document["as_of"]),
        *code_names(document["filters"]["markets"]),
        "by these rules alone" if count["is_selected"] else "",
        "as supposed" if document.get("supposed") else "",
    ]
    return f"{joined(whose)}: {said}" if number else ""


def people_number(low: int, high: int, *, least: bool = False) -> str:
    """``Between 9.3 and 18.1 million``, ``Up to 63,191``; ``least``: ``At least 955,010``; '' of
    none, and where there may be any number. A lower end is rounded down, a higher one up."""
    if not high or (least and not low):
        return ""
    first, last = _brief(low, math.floor), _brief(high, math.ceil)
    if least:
        return f"At least {first}"
    if low == high:
        return _brief(low, round)
    if not low:
        return f"Up to {last}"
    unit = _MILLION if first.endswith(_MILLION) and last.endswith(_MILLION) else ""
    return f"Between {first.removesuffix(unit)} and {last}"


def _brief(people: int, rounded: Callable[[float], int]) -> str:
    tenths = rounded(people / 1e5)
    return f"{tenths / 10:.1f}{_MILLION}" if people >= 1_000_000 else f"{people:,}"


def not_counted(names: Sequence[str]) -> str:
    """``Not counted, so that the true numbers are higher: Italy.``; '' of none."""
    return f"Not counted, so that the true numbers are higher: {joined(names)}." if names else ""
