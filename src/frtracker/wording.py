"""Every phrase about a date, position, rule or change, made in one place for every output.

Prose has dates as ``28 Jul 2022``; the cells of tables have them as they are recorded. The page's
script makes no sentence: it fills :data:`TEMPLATES` and :data:`COUNTED` in.

An *entry* is a subject of the status document; *position*, *rule* and *event* are parts of the
documents of :mod:`frtracker.answers`; an *act* is a row of the record as it stands there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, Final, Literal, TypeVar

from frtracker.dates import ends, in_words, parse
from frtracker.vocabulary import (
    ACTORS,
    BINDING_STATUSES,
    CONFIDENCES,
    MEASURE_CLASSES,
    MEASURES,
    PLACE_TYPES,
    REACHES,
    SEARCH_LEVELS,
    SOURCE_KINDS,
    STATES,
    STATUSES,
    USES,
)

Entry = Mapping[str, Any]
Value = TypeVar("Value")

TITLE: Final = "Where face recognition is banned, paused or limited"
NONE: Final = "none in force"
NO_ACT: Final = "no act recorded"
NOT_YET: Final = "nothing recorded by that day"
NOT_SEARCHED: Final = "Not searched: that nothing is listed does not mean that nothing exists."
NOT_ESTABLISHED: Final = "it is not established that the act exists or says this"
OWN_RULES: Final = "own rules; `frtracker explain` for all that applies there"
AT_THE_EARLIEST: Final = "at the earliest: the start is not recorded; the rule was decided then."
ARCHIVED: Final = "archived copy"
_MAX_COUNTRIES: Final = 8

TEMPLATES: Final[Mapping[str, str]] = {
    "place": "{place}: {text}",
    "without": "{place}: no act names {actor} by then",
    "masthead": "places and agencies, rules for {actor}: {counts}",
    "live": "{day}, {masthead}; {events} in {month}",
    "nothing": "nothing in force",
    "month": "In {month}",
    "no_events": "Nothing was introduced, decided, begun or ended.",
    "by_own": "On {day}, by its own acts:",
    "acts": "Its acts",
    "above": "What binds here from above",
    "agencies": "Its agencies",
    "searches": "What was looked for",
    "searched": "Searched, and no act of its own found. That does not show that there is none.",
    "unsearched": "No act is recorded here, and it was not searched.",
    "without_kind": "{kind}, no act recorded",
    "caption": "{day}, rules for {actor}",
    "archived": ARCHIVED,
    "source": "source {number}",
    "source_for": "source {number} for {place}",
}
"""What the page's script fills in with numbers, names and days, by name."""

COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    **{code: (f"{{count}} {term.label}",) * 2 for code, term in MEASURES.items()},
    "none": (f"{{count}} {NONE}",) * 2,
    "narrow": ("{count} narrow only",) * 2,
    "uncertain": ("{count} uncertain",) * 2,
    "cells": ("{count} cell", "{count} cells"),
    "due": ("{count} of {all} rows is due", "{count} of {all} rows are due"),
    "events": ("{count} event", "{count} events"),
    "lists": ("{count} list", "{count} lists"),
    "later": ("{count} later act, not yet known", "{count} later acts, not yet known"),
    "reviews": ("{count} row comes due", "{count} rows come due"),
    "rows": ("{count} row", "{count} rows"),
}
"""Phrases with a number: for one, and for any other."""

EVENTS: Final[Mapping[str, tuple[str, str]]] = {
    "began": ("began", "begins"),
    "ended": ("ended", "ends"),
    "pulled": ("pulled by its sponsors",) * 2,
    "lapsed": ("lapsed with its session",) * 2,
}
"""Kinds of events in the past and in the future; others are said by their name."""

_DAYS: Final = {
    "introduced_on": "day of its introduction",
    "decided_on": "day of the decision",
    "effective_on": "first day in effect",
    "expires_on": "first day no longer in effect",
}


def counted(name: str, count: int, **others: object) -> str:
    """``1 event``, ``3 events``"""
    return COUNTED[name][count != 1].format(count=count, **others)


def joined(parts: Iterable[str | Literal[False] | None] | None, mark: str = ", ") -> str:
    """The parts that are there; '' where there are none."""
    return mark.join(part for part in parts or () if part)


def recorded(text: str | None) -> str:
    """A recorded date in prose, as exact as it is; '' where there is none.

    >>> recorded("2021-06"), recorded("[2019-09-17..2019-10-16]"), recorded("[..2024-11-20]")
    ('Jun 2021', 'between 17 Sep and 16 Oct 2019', 'by 20 Nov 2024')
    """
    if not text:
        return ""
    first, last = ends(text)
    if first == last:
        return _point(first)
    if not first:
        return f"by {_point(last)}"
    begin, end = _point(first), _point(last)
    for shared in (end[-8:], end[-4:]):  # the month and year, or the year, are said once
        begin = begin.removesuffix(f" {shared}")
    return f"between {begin} and {end}"


def _point(text: str) -> str:
    words = in_words(date.fromisoformat(f"{text}-01"[:10])) if len(text) >= 7 else text
    return words.partition(" ")[2] if len(text) == 7 else words


def _some_day(text: str) -> str:
    first, last = ends(text)
    return recorded(text) if first == last else f"a day {recorded(text)}"


def through(first_day_after: str | None) -> str:
    """The last day of a rule whose first free day is given: ``through 31 Dec 2022``; a month, year
    or range leaves it open: ``until Jun 2021``; '' where there is none."""
    if not first_day_after:
        return ""
    days = parse(first_day_after)
    if days.is_exact and days.low > date.min:
        return f"through {in_words(days.low - timedelta(days=1))}"
    return f"until {_some_day(first_day_after)}"


def day_used(document: Entry) -> str:
    """``30 Jun 2021 (as of 2021-06)``, with the day of knowledge where one was given."""
    text = recorded(document["as_of"])
    if document["as_of_given"] != document["as_of"]:
        text += f" (as of {document['as_of_given']})"
    return text + known_at(document)


def known_at(document: Entry) -> str:
    """``, as known on 5 Dec 2020``; '' where no such day was given."""
    return f", as known on {recorded(document['known_at'])}" if document["known_at"] else ""


def actors(codes: Iterable[str]) -> str:
    """``police, government``"""
    return ", ".join(ACTORS[code].label for code in codes)


def alike(values: Mapping[str, Value]) -> list[tuple[Value, list[str]]]:
    """The actors that share a value, together: each value with its actors, in order.

    >>> alike({"police": "ban", "schools": "none", "private": "ban"})
    [('ban', ['police', 'private']), ('none', ['schools'])]
    """
    groups: dict[Value, list[str]] = {}
    for actor, value in values.items():
        groups.setdefault(value, []).append(actor)
    return list(groups.items())


def uses(codes: Collection[str]) -> str:
    """``body cameras, drones``"""
    return ", ".join(term.label for code, term in USES.items() if code in codes)


def label(entry: Mapping[str, str | None]) -> str:
    """``Portland, OR``; a state, a country, a vendor by its bare name. Of whatever has ``subject``,
    ``subject_type``, ``country`` and ``region``."""
    where = ""
    if entry["subject_type"] in (*PLACE_TYPES[:2], "agency", "school"):
        where = (entry["region"] or entry["country"] or "").removeprefix("US-")
    return joined([entry["subject"], where])


# --- positions


def measure(level: Entry) -> str:
    """``ban``, ``ban (narrow)``, ``ban (narrow: body cameras)``"""
    kinds = uses(level.get("uses", ()))
    limits = f" (narrow: {kinds})" if kinds else " (narrow)"
    return f"{MEASURES[level['measure']].label}{limits * (level['scope'] == 'narrow')}"


def position(entry: Entry) -> str:
    """``moratorium``; ``none in force (lifted)``; ``uncertain: up to ban, at least restriction``"""
    if entry["measure"] == "none":
        return f"{NONE} (lifted)" if entry.get("lifted") else NONE
    text, floor = measure(entry), entry.get("at_least")
    return text if entry["certain"] else uncertain(text, floor and measure(floor))


def cells(entry: Entry) -> tuple[str, str, str, str]:
    """A position in the columns of a table: what, where, since and until."""
    return position(entry), joined(entry["territory"]), since_cell(entry), until(entry)


def uncertain(text: str, at_least: str | None) -> str:
    """``uncertain: ban or none``; ``uncertain: up to ban, at least restriction``"""
    return (
        f"uncertain: up to {text}, at least {at_least}"
        if at_least
        else f"uncertain: {text} or none"
    )


def positions(entry: Mapping[str, Entry | None]) -> str:
    """Some of a subject's: ``police: restriction, since 28 Jul 2022; schools: none in force``; ''
    where there is none."""
    texts = {actor: joined([position(each), since(each)]) for actor, each in entry.items() if each}
    return "; ".join(f"{actors(who)}: {text}" for text, who in alike(texts))


def also(rule: Entry, *, where: bool = True) -> str:
    """A rule in force besides the position: ``restriction (narrow: live recognition) in IT, FR
    only``; without the territory where a column has it."""
    text = measure(rule)
    place = only_in(rule.get("territory")) if where else ""
    return joined([text if rule["certain"] else f"uncertain: {text}", place], " ")


def others(entry: Entry) -> list[str]:
    """What is in force besides a position, once for each measure: ``ban in IT, FR only``."""
    places: dict[str, list[Sequence[str]]] = {}
    for rule in entry["also"]:
        text = also(rule, where=False)
        places.setdefault(text, []).append(rule["territory"] or [])
    return [
        joined([text, all(where) and only_in(list(chain.from_iterable(where)))], " ")
        for text, where in places.items()
    ]


def only_in(territory: Sequence[str] | None) -> str:
    """``in IT, FR only``; of many countries their number; '' where the rule is not limited to a
    territory."""
    if not territory:
        return ""
    count = len(territory)
    return f"in {count} countries" if count > _MAX_COUNTRIES else f"in {joined(territory)} only"


def since(entry: Entry) -> str:
    """``since 1 Jul 2021``; of a start that is only presumed, that it is not recorded."""
    text = entry["since"] or ""
    if not text or not ends(text)[0]:
        return recorded(text)
    earliest = " at the earliest" if parse(text).is_exact else ""
    presumed = f"{earliest}, start not recorded" if entry["start_presumed"] else ""
    return f"since {_some_day(text)}{presumed}"


def since_cell(entry: Entry) -> str:
    """For a column called "since": the date as recorded; of a start that is only presumed, the day
    of the decision ``at the earliest``."""
    text = entry["since"] or ""
    if not text or not entry["start_presumed"]:
        return text
    return f"{text} at the earliest" if parse(text).is_exact else f"{text}, start not recorded"


def until(entry: Entry) -> str:
    """The end of the run, by its day or its condition; where it is only presumed to go on, the
    day on which a source last showed it in force."""
    end, condition = through(entry["until"]), entry["ends_when"]
    if end and condition:  # the day came first
        condition = f"by its own terms {condition}"
    shown = entry["continuation_presumed"] and last_confirmed(entry["last_confirmed_on"])
    return joined([joined([end, condition]), shown], "; ")


def last_confirmed(text: str | None) -> str:
    """``last confirmed 30 Oct 2024``"""
    return f"last confirmed {recorded(text)}" if text else "not confirmed since"


def next_change(coming: Entry | None, *, iso: bool = False) -> str:
    """All that changes on the day of the next change of a subject or position; '' where none is
    known: ``1 Jul 2021: restriction for police; ban for schools``. Where a position is certain
    before and in doubt after: ``1 Jan 2023 or later: may become restriction for police``.

    ``iso``: with the day as files write it, for the cells of a table.
    """
    if coming is None:
        return ""
    on = coming["on"] if iso else recorded(coming["on"])
    days: dict[str, dict[str, list[str]]] = {}
    for each in coming.get("changes", [coming]):
        text, is_possible = becomes(each)
        texts = days.setdefault(f"{on} or later" if is_possible else on, {})
        texts.setdefault(text, []).extend(each["applies_to"])
    return "; ".join(
        f"{day_text}: {'; '.join(f'{text} for {actors(who)}' for text, who in texts.items())}"
        for day_text, texts in days.items()
    )


def becomes(change: Entry) -> tuple[str, bool]:
    """What a position becomes (``restriction``; ``may end``), and whether it only may."""
    before = change.get("before")
    if "before" not in change or change["certain"] or (before and not before["certain"]):
        return position(change), False
    is_as_before = before and all(before[name] == change[name] for name in ("measure", "scope"))
    level = change["at_least"] if is_as_before else change
    return f"may become {measure(level)}" if level else "may end", True


# --- rules and acts


def state(rule: Entry, *, doubt: bool = False) -> str:
    """``in force``; of a rule that has ended for some: ``in force for government; ended for
    police``. ``doubt``: with what is uncertain or presumed."""
    text, gone = STATES[rule["state"]].label, rule["superseded_for"]
    if gone:
        text += f" for {actors(_still(rule))}"
    text = joined([text, _ended(rule)], "; ")
    if doubt and not rule["certain"] and rule["state"] != "uncertain":
        text += " (uncertain)"
    return f"{text}, start not recorded" if doubt and rule["start_presumed"] else text


def rule_in_force(rule: Entry) -> str:
    """``in force: ban for government; ended for police``"""
    text = f"{STATES[rule['state']].label}: {measure(rule)} for {actors(_still(rule))}"
    return joined([text, _ended(rule)], "; ")


def _still(rule: Entry) -> list[str]:
    return [actor for actor in rule["applies_to"] if actor not in rule["superseded_for"]]


def _ended(rule: Entry) -> str:
    """``ended for police 28 Jul 2022``: with the day where the document has it."""
    days = rule["ended_on"]
    gone = [joined([ACTORS[a].label, recorded(days.get(a))], " ") for a in rule["superseded_for"]]
    return f"ended for {', '.join(gone)}" if gone else ""


def rule_dates(rule: Entry, *, whole: bool = False) -> str:
    """``decided 31 Dec 2020, in effect from 1 Jul 2021``. ``whole``: of any act, parted by dots,
    from its introduction to its last confirmation."""
    decided, start = recorded(rule["decided_on"]), rule["effective_on"] or ""
    started = recorded(start) if not ends(start)[0] else f"from {_some_day(start)}"
    unknown = "" if whole else "start not recorded"
    days = [
        decided and f"decided {decided}",
        f"in effect {started}" if start else unknown,
        through(rule["expires_on"]),
        rule["ends_when"],
    ]
    if not whole:
        return joined(days)
    introduced, shown = recorded(rule["introduced_on"]), rule["last_confirmed_on"]
    days = [introduced and f"introduced {introduced}", *days, shown and last_confirmed(shown)]
    return joined(days, " · ")


def act_measure(act: Entry) -> str:
    """``ban (narrow: drones) for police``"""
    what = "lifts what it supersedes" if act["measure"] == "none" else measure(act)
    return f"{what} for {actors(act['applies_to'])}"


def act_facts(act: Entry, *, whole: bool = False) -> list[tuple[str, str]]:
    """What is recorded of an act, as (name, text). ``whole``: with its measure, summary,
    exceptions and the ids of other acts, which pages have elsewhere."""
    presumed = act["status"] in BINDING_STATUSES and "not recorded; presumed at the decision"
    facts = (
        ("outcome", STATUSES[act["status"]].label),
        ("measure", whole and act_measure(act)),
        ("reach", act["reach"] and REACHES[act["reach"]].label),
        ("where", joined(act["territory"])),
        ("decided by", act["decided_by"]),
        ("introduced", recorded(act["introduced_on"])),
        ("decided", recorded(act["decided_on"])),
        ("in effect from", recorded(act["effective_on"]) or presumed),
        ("ends", joined([through(act["expires_on"]), act["ends_when"]], " · ")),
        ("last confirmed", recorded(act["last_confirmed_on"])),
        ("says", whole and act["summary"]),
        ("exceptions", whole and exceptions(act)),
        ("supersedes", whole and joined(act["supersedes"])),
        ("see also", whole and joined(act["relates_to"])),
        ("confidence", CONFIDENCES[act["confidence"]].label),
        ("reviewed", recorded(act["reviewed_on"])),
        ("notes", act["notes"]),
    )
    return [(name, text) for name, text in facts if text]


def exceptions(act: Entry) -> str:
    """What it leaves out, in one line."""
    return "; ".join(act["exceptions"])


def source(row: Entry) -> str:
    """``The Lens, Council approves ban, § 2, 18 Dec 2020 (news; shows decided_on)``; '' of an
    address of which nothing is recorded."""
    if not row["kind"]:
        return ""
    page = joined([row["publisher"], row["title"], row["locator"], recorded(row["published_on"])])
    shows = row["supports"] and f"shows {joined(row['supports'])}"
    copy = row["archived_url"] and f"{ARCHIVED}: {row['archived_url']}"
    return f"{page} ({joined([SOURCE_KINDS[row['kind']].label, shows, copy], '; ')})"


def retired(row: Entry) -> str:
    """``us-ny-2019-s1 is us-ny-2019-a1 since 28 Nov 2026``: of an id that is no longer used."""
    return f"{row['policy_id']} is {row['replaced_by']} since {recorded(row['retired_on'])}"


def search(row: Entry, where: str = "") -> str:
    """``local, 22 Nov 2026: nothing found``"""
    level = SEARCH_LEVELS[row["level"]].label
    return f"{level}{where}, {recorded(row['searched_on'])}: {row['finding']}"


def doubts(rule: Entry) -> Iterator[str]:
    """What is presumed, computed or in doubt about a rule that is or may be in force."""
    if rule["confidence"] == "low":
        yield NOT_ESTABLISHED
    elif rule["state"] == "uncertain":
        yield "whether it holds on this day the recorded dates do not tell"
    if rule["start_presumed"]:
        yield f"start not recorded; presumed at the decision ({recorded(rule['decided_on'])})"
    if rule["continuation_presumed"]:
        yield f"presumed to go on; {last_confirmed(rule['last_confirmed_on'])}"
    for column in ("decided_on", "effective_on", "expires_on"):
        if any(f"{column}~" in row["supports"] for row in rule["sources"]):
            yield f"the {_DAYS[column]} is computed: {recorded(rule[column])}"


def act_doubts(act: Entry) -> Iterator[str]:
    """What the record leaves open about any act, whatever the day."""
    if act["confidence"] == "low":
        yield NOT_ESTABLISHED
    for column, name in _DAYS.items():
        if act[column] and not parse(act[column]).is_exact:
            yield f"the {name} is not known exactly: {recorded(act[column])}"
    if act["status"] == "unknown":
        yield "what became of it was not found"


# --- events and counts


def event(row: Entry, *, coming: bool = False, dated: bool = True) -> str:
    """One event in a line: ``Portland, OR: ban for private began`` (``begins`` if ``coming``); of
    one that is known only to lie in a range of days the last is named if ``dated``."""
    is_exact = row["on_low"] == row["on_high"]
    where = row["territory"] if row["subject_type"] != "supranational" else None
    kind, on = str(row["kind"]), date.fromisoformat(row["on_high"])
    cause = ""
    if kind == "ended":
        cause = f", superseded by {' or '.join(row['causes'])}" if row["causes"] else ""
        if row["own_terms"] or not cause:
            is_named = is_exact and not cause
            last = f" (last day {in_words(on - timedelta(days=1))})" if is_named else ""
            cause += f"{' or' * bool(cause)} by its own terms{last}"
    words = [
        f"{label(row)}:",
        "repeal" if row["measure"] == "none" else measure(row),
        f"for {actors(row['applies_to'])}",
        where and f"in {joined(where)}",
    ]
    if days := row["put_off"]:
        words.append(f"put off from {recorded(days['from'])} to {recorded(days['to'])}")
        return joined(words, " ")
    words.append(f"{EVENTS[kind][coming] if kind in EVENTS else kind}{cause}")
    return joined([joined(words, " "), dated and not is_exact and f"by {in_words(on)}"])


def event_doubt(row: Entry) -> str:
    """``low confidence``, ``uncertain``; '' of an event that certainly happens."""
    low = row["confidence"] == "low"
    return "low confidence" if low else "" if row["certain"] else "uncertain"


def counts(groups: Sequence[Entry]) -> str:
    """``27 ban, 5 narrow only, 3 none in force, 2 uncertain``: how many subjects of these groups
    of a status document's ``counts`` have which headline."""
    numbers = {
        code: sum(group["general"][code] for group in groups) for code in MEASURES if code != "none"
    }
    numbers["narrow"] = sum(sum(group["narrow"].values()) for group in groups)
    numbers |= {name: sum(group[name] for group in groups) for name in ("none", "uncertain")}
    return joined(counted(name, n) for name, n in numbers.items() if n) or "none listed"


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


def no_act(classes: Sequence[Entry], text: str = NO_ACT) -> str:
    """``no act recorded (the record is a selection)``"""
    return f"{text} (the record is {coverage(classes)})" if classes else text


def strictest_for(chosen: Sequence[str]) -> str:
    """Whose rule a count by headline counts: ``by the strictest rule for anyone``."""
    return f"by the strictest rule for {'anyone' if len(chosen) == len(ACTORS) else actors(chosen)}"


def due(reason: Entry) -> str:
    """Why a row is due for review."""
    value, limit = reason["value"], reason["limit_days"]
    match reason["code"]:
        case "review":
            return f"reviewed {value}, due every {limit} days"
        case "end" | "start":
            return f"the recorded {reason['code']} ({value}) has come since the review"
        case _ if not value:
            return "ends on a condition and was never shown in force since its start"
    shown = f"ends on a condition and was last shown in force {value}"
    return f"{shown}, more than {limit} days before"


def dataset(edition: Entry) -> str:
    """``361 policies, reviewed through 2026-11-28, edition a3a7781a4aa5``"""
    reviewed = edition["reviewed_through"] or "no day"
    return (
        f"{edition['policies']} policies, reviewed through {reviewed},"
        f" edition {edition['edition'][:12]}"
    )


def citation(document: Entry) -> str:
    """Program, edition of the data, place and day of an explanation, in one line."""
    edition = document["dataset"]
    return (
        f"frtracker {document['program']}, data reviewed through {edition['reviewed_through']}"
        f" ({edition['policies']} policies, edition {edition['edition'][:12]}): what binds"
        f" {document['place']['label']} on {day_used(document)}."
    )
