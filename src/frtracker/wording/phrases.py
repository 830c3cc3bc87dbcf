"""Dates, numbers, names, and the phrases that the page's script fills in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeVar

from frtracker.codes import EU_MEMBERS, code_names, country_name, region_kind, region_name
from frtracker.dates import ends, in_words, parse
from frtracker.vocabulary import ACTORS, MEASURES, PLACE_TYPES, SUBJECT_TYPES, USES

Entry = Mapping[str, Any]
Value = TypeVar("Value")

TITLE: Final = "Where face recognition is banned, paused or limited"
ELSEWHERE: Final = "Without a place on the map"
NONE: Final = "no rule in force"
NO_ACT: Final = "no act on record"
NOT_YET: Final = "no act on record as of this date"
NO_SUBJECTS: Final = "No subject at this level has an act for this actor on record."
NOT_SEARCHED: Final = "Not searched: that nothing is listed does not mean that nothing exists."
OWN_RULES: Final = (
    "These are each place's own rules; `frtracker explain PLACE` lists all rules that apply there."
)
ADOPTED: Final = "adopted: the start date is not recorded; this is the day of adoption."
REPORT: Final = (
    "Missing or wrong? What to send us: docs/report.md, or `frtracker new` in a copy of the record."
)
_MAX_COUNTRIES: Final = 8
_IN_WHOLE: Final = {
    "government": "other government agencies",
    "private": "private (businesses and individuals)",
}

TEMPLATES: Final[Mapping[str, str]] = {
    "place": "{place}: {text}",
    "without": "{place}: no act on record for {actor} as of this date",
    "banned": "Face recognition banned for {whom} in {places} worldwide",
    "not_banned": "No ban on face recognition for {whom} on record",
    "people": "{number} people are known to have a city, county, state or national government that"
    " bans or pauses face recognition by {whose}.",
    "masthead": "places and agencies, rules for {actor}: {counts}",
    "live": "{day}. {headline}; {masthead}; {events} in {month}",
    "bad_address": "The address is damaged.",
    "bad_day": "“{text}” is not a valid date: showing {day}.",
    "out_of_reach": "The map does not reach that date: showing {day}.",
    "bad_place": "No place or company here is called “{text}”.",
    "bad_actor": "“{text}” is not one of {actors}.",
    "zoom_in": "Zoom in",
    "cursor": "{number} of {of} places. Arrow keys: other places. Enter: rules and sources.",
    "nothing": "nothing in force",
    "month": "In {month}",
    "no_events": "No decision, start or end is dated to this month.",
    "today": "today",
    "as_decided": "as decided by {day}",
    "beyond_review": "As decided by {day}; later decisions are not included.",
    "reviewed": "Record last reviewed {day}.",
    "without_acts": "No act is on record.",
    "as_known": "As known on {day}.",
    "wrong_day": "Enter a date from {first} through {last}.",
    "by_own": "On {day}, under its own rules:",
    "nothing_yet": "No act on record as of this date.",
    "nothing_for": "Nothing for {actor}; {brief}.",
    "brief": "{position} for {whom} {since}",
    "for_others": "{answer} For others: {brief}.",
    "doubts": "Why this is uncertain",
    "coming": "Next: {text}",
    "rules_in_force": "Rules in force",
    "rules_uncertain": "Rules that may be in force",
    "rules_scheduled": "Adopted, not yet in effect",
    "exceptions": "Exceptions:",
    "decided_by": "Decided by",
    "confidence": "Confidence:",
    "low_confidence": "Low confidence:",
    "note": "Note:",
    "law_text": "Text of the law",
    "for_all": "all of these",
    "agencies": "Agencies here with rules of their own",
    "inside": "Places and agencies here with rules of their own ({count})",
    "also_above": "Rules of {names} apply here as well: see below.",
    "view": "Face recognition rules for {actor}",
    "above": "Rules of other governments that apply here",
    "everything": "Everything on record",
    "searched": (
        "No act of its own on record: its law was searched on {day} and none was found. That does"
        " not show that there is none."
    ),
    "law_unsearched": "No act of its own on record; its own law was not searched.",
    "unsearched": "No act on record here, and this place was not searched.",
    "copy_text": "Copy text",
    "copy_citation": "Cite",
    "copy_link": "Copy link",
    "copy_embed": "Embed",
    "copy_report": "Copy an error report",
    "picture": "Picture",
    "share": "Share this answer",
    "copied": "Copied",
    "copied_what": "{what}: copied.",
    "uncopied": "{what}: copying is not allowed here. The text is selected; copy it from the page.",
    "how_to_report": "What to send us",
    "reported": (
        "{id}, {edition}, shown for {day}\n{act}\nWhat is wrong, what would be right, and a link"
        " that shows it:"
    ),
    "without_kind": "{kind} · no act on record",
    "without_own": (
        "No act of its own on record. A neighborhood has the rules of the city that it is part of."
    ),
    "kind_in": "{kind} in {place}",
    "part_of": "part of {place}",
    "not_found": "No place or company named “{name}”. The search covers US places of {people}"
    " people or more, all US states and countries, and everything on record.",
    "zip": "ZIP codes are not searched: type the city or the state.",
    "no_towns_abroad": "Towns outside the United States are not in the list. Try the country.",
    "credit": "Source: frtracker, {edition}. Outlines: Natural Earth; US Census Bureau.",
    "nothing_above": "No rule of another government on record applies here.",
    "caption": "{day}, rules for {actor}",
    "archived": "archived copy",
    "source": "source {number}",
    "source_for": "source {number} for {place}",
}
"""What the page's script fills in with numbers, names and days, by name."""

COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    **{code: (f"{{count}} {it.label}", f"{{count}} {it.label}s") for code, it in MEASURES.items()},
    "oversight": ("{count} oversight rule", "{count} oversight rules"),
    "none": ("{count} with no rule in force",) * 2,
    "narrow": ("{count} limited to some uses",) * 2,
    "others": ("{count} with rules for others only",) * 2,
    "city": ("{count} city", "{count} cities"),
    "county": ("{count} county", "{count} counties"),
    "state": ("{count} state", "{count} states"),
    "country": ("{count} country", "{count} countries"),
    "region": ("{count} state or province", "{count} states or provinces"),
    "supranational": ("{count} union of countries", "{count} unions of countries"),
    "agency": ("{count} agency", "{count} agencies"),
    "school": ("{count} school", "{count} schools"),
    "more": ("{count} more",) * 2,
    "many": ("{count} place: {places}", "{count} places: {places}"),
    "places_here": ("{count} place here", "{count} places here"),
    "uncertain": ("{count} uncertain",) * 2,
    "acts": ("{count} act", "{count} acts"),
    "bills": ("{count} bill", "{count} bills"),
    "cells": ("{count} cell", "{count} cells"),
    "conditions": ("{count} rule ends", "{count} rules end"),
    "claims": ("{count} claim", "{count} claims"),
    "corrected": ("{count} event corrected", "{count} events corrected"),
    "days": ("{count} day", "{count} days"),
    "files": ("{count} file", "{count} files"),
    "events": ("{count} event", "{count} events"),
    "learnt": ("{count} event new on record", "{count} events new on record"),
    "lists": ("{count} list", "{count} lists"),
    "proposed": ("{count} bill pending", "{count} bills pending"),
    "earlier": ("{count} earlier or failed",) * 2,
    "proofs": ("{count} source, notes", "{count} sources, notes"),
    "searched_for": ("What was searched ({count} search)", "What was searched ({count} searches)"),
    "later": ("{count} later act, not yet known", "{count} later acts, not yet known"),
    "other_acts": ("{count} other act", "{count} other acts"),
    "not_coded": (
        "{count} other is not coded for it, which is never “no”",
        "{count} others are not coded for it, which is never “no”",
    ),
    "otherwise": ("{count} other says otherwise", "{count} others say otherwise"),
    "uncoded": (
        "{count} question is answered for none of these rules: nobody has read their texts for it.",
        "{count} questions are answered for none of these rules: nobody has read their texts for"
        " them.",
    ),
    "ranges": (
        "{count} more with a date known only as a range",
        "{count} more with dates known only as a range",
    ),
    "reviews": ("{count} row comes due", "{count} rows come due"),
    "rows": ("{count} row", "{count} rows"),
    "rules": ("{count} rule", "{count} rules"),
    "rules_and_proposals": ("{count} rule or proposal", "{count} rules and proposals"),
    "under_ban": (
        "Bans for {actor}: {count} place or agency",
        "Bans for {actor}: {count} places and agencies",
    ),
    "searches": (
        "{count} search on record, on {latest}: --long shows it.",
        "{count} searches on record, the latest on {latest}: --long lists them.",
    ),
}
"""Phrases with a number: for one, and for any other."""


def counted(name: str, count: int, **others: object) -> str:
    """``1 event``, ``3 events``"""
    return COUNTED[name][count != 1].format(count=count, **others)


def share(count: int, total: int) -> str:
    """``2 of 3``; ``none`` for none"""
    return f"{count} of {total}" if count else "none"


def joined(parts: Iterable[str | Literal[False] | None] | None, mark: str = ", ") -> str:
    """The parts that are there; '' where there are none."""
    return mark.join(part for part in parts or () if part)


def listed(parts: Iterable[str]) -> str:
    """``police, schools and other agencies``; ``schools, and businesses and individuals``"""
    *first, last = parts
    comma = "," * (" and " in last)
    return f"{', '.join(first)}{comma} and {last}" if first else last


def did_you_mean(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """The end of a message that suggests the most similar of ``words``, capitals aside;
    ``otherwise`` where none is similar.

    >>> did_you_mean("Banned", ["ban", "moratorium"]), did_you_mean("x", ["ban"], ": add it")
    (". Did you mean 'ban'?", ': add it')
    """
    from difflib import get_close_matches  # a mistyped word alone needs it

    by_folded = {each.casefold().lstrip("-"): each for each in sorted(words)}
    close = get_close_matches(word.strip().casefold().lstrip("-")[:80], by_folded, n=1)
    return f". Did you mean {by_folded[close[0]]!r}?" if close else otherwise


def not_one_of(word: object, words: Collection[str]) -> str:
    """What is wrong with a word that is not in a vocabulary.

    >>> not_one_of("Ban", ["ban", "moratorium"])
    "'Ban' is not one of: ban, moratorium. Did you mean 'ban'?"
    """
    return f"{word!r} is not one of: {', '.join(words)}{did_you_mean(str(word), words, '.')}"


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
    for shared in (end[-8:], end[-4:]):  # the month and year, or the year, once
        begin = begin.removesuffix(f" {shared}")
    return f"between {begin} and {end}"


def _point(text: str) -> str:
    words = in_words(date.fromisoformat(f"{text}-01"[:10])) if len(text) >= 7 else text
    return words.partition(" ")[2] if len(text) == 7 else words


def on_day(text: str) -> str:
    """``on 3 Nov 2021``, ``in Jun 2021``, ``between 17 Sep and 16 Oct 2019``, ``by 20 Nov 2024``"""
    first, last = ends(text)
    if first != last:
        return recorded(text)
    return f"{'on' if len(text) > len('2021-06') else 'in'} {recorded(text)}"


def from_day(text: str) -> str:
    """``3 Nov 2021``; ``a day between 17 Sep and 16 Oct 2019``"""
    first, last = ends(text)
    return recorded(text) if first == last else f"a day {recorded(text)}"


def through(first_day_after: str | None) -> str:
    """The last day of a rule whose first free day is given: ``through 31 Dec 2022``; of a month,
    year or range ``expires in Jun 2021, day not known``; '' where there is none."""
    if not first_day_after:
        return ""
    days = parse(first_day_after)
    if days.is_exact and days.low > date.min:
        return f"through {in_words(days.low - timedelta(days=1))}"
    return f"expires {on_day(first_day_after)}, day not known"


def day_used(document: Entry) -> str:
    """``30 Jun 2021 (as of 2021-06)``, with the day of knowledge where one was given."""
    text = recorded(document["as_of"])
    if document["as_of_given"] != document["as_of"]:
        text += f" (as of {document['as_of_given']})"
    return text + known_at(document)


def known_at(document: Entry) -> str:
    """``, as known on 5 Dec 2020``; '' where no such day was given."""
    return f", as known on {recorded(document['known_at'])}" if document["known_at"] else ""


def actors(codes: Iterable[str], *, whole: bool = False) -> str:
    """``police, other agencies``; ``whole``, where they come first: ``police, other government
    agencies``, ``private (businesses and individuals)``"""
    in_whole = _IN_WHOLE if whole else {}
    return ", ".join(in_whole.get(code, ACTORS[code].label) for code in codes)


def kind(subject_type: str | None, region: str | None) -> str:
    """What a subject is: ``city``, ``state``, ``territory``, ``union of countries``, ``point``."""
    if subject_type == "state" and region:
        return region_kind(region)
    if subject_type is None:
        return "point"
    return SUBJECT_TYPES[subject_type].label


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
    """``Portland, OR``, ``Toronto, Ontario``; a state, a country, a vendor by its bare name. Of
    anything with ``subject``, ``subject_type``, ``country`` and ``region``."""
    where = ""
    if entry["subject_type"] in (*PLACE_TYPES[:2], "agency", "school"):
        region, country = entry["region"] or "", entry["country"] or ""
        where = region.removeprefix("US-") if country == "US" else region_name(region)
        where = where or (country if country == "US" else country_name(country))
    return joined([entry["subject"], where])


def only_in(territory: Collection[str] | None, *, only: bool = True) -> str:
    """``in Canada and Alberta only``; of many their numbers; '' where the rule is not limited to a
    territory.

    >>> only_in(["AU", "CA-AB", "CA-BC", "CA-QC", "FR", "GB", "GR", "IT", "US"])
    'in 6 countries and 3 states or provinces'
    """
    if not territory:
        return ""
    if set(territory) == EU_MEMBERS:
        return f"in all {len(EU_MEMBERS)} EU member states"
    names = code_names(territory, prose=True)
    if len(names) > _MAX_COUNTRIES:
        regions = sum("-" in code for code in territory)
        numbers = {"country": len(names) - regions, "region": regions}
        return f"in {listed(counted(of, number) for of, number in numbers.items() if number)}"
    return f"in {listed(names)}{' only' * only}"


def where(territory: Collection[str] | None) -> str:
    """A territory in a cell: ``Canada, Alberta (Canada)``, ``25 EU member states``; '' of none."""
    return joined(code_names(territory or ()))
