"""The plain sentences that answers open with: ``Yes. On 3 Nov 2021, police in New Orleans, LA were
banned from using face recognition.`` On the page, where one sentence is for a stretch of days,
without a tense: ``Banned for police since 10 Feb 2021.``"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from frtracker.dates import ends, parse
from frtracker.vocabulary import ACTORS, MARKETED, MEASURES, SUBJECT_TYPES
from frtracker.wording.events import coverage
from frtracker.wording.phrases import (
    NONE,
    TEMPLATES,
    Entry,
    alike,
    counted,
    day_used,
    joined,
    listed,
    on_day,
    only_in,
    uses,
)
from frtracker.wording.positions import brief_positions, limits, others
from frtracker.wording.positions import position as level

Tense = Literal["past", "present", "future"]

_FORMS: Final[Mapping[tuple[str, Tense, bool], str]] = {
    ("be", "past", False): "was",
    ("be", "past", True): "were",
    ("be", "present", False): "is",
    ("be", "present", True): "are",
    ("have", "past", False): "had",
    ("have", "past", True): "had",
    ("have", "present", False): "has",
    ("have", "present", True): "have",
}
_MAY: Final = {("be", True): "may have been", ("be", False): "may be"}

_USER: Final = {
    "ban": ("be", "banned from {using}"),
    "moratorium": ("be", "under a moratorium on {it}"),
    "withdrawal": ("have", "stopped {using} by {own} own decision"),
    "restriction": ("be", "allowed {to_use} only on conditions"),
    "oversight": ("be", "subject to approval or reporting rules on {it}"),
}
"""What a measure means for who uses the technology: auxiliary verb, and the rest."""
_SELLER: Final = {
    "ban": ("be", "barred from offering {it} to {actors}"),
    "moratorium": ("have", "paused offering {it} to {actors}"),
    "withdrawal": ("have", "stopped offering {it} to {actors}"),
    "restriction": ("be", "offering {it} to {actors} only on conditions"),
    "oversight": ("be", "offering {it} to {actors} only after review"),
}
_IN_BRIEF: Final = {
    "ban": "banned",
    "moratorium": "under a moratorium",
    "withdrawal": "stopped by its own decision",
    "restriction": "allowed only on conditions",
    "oversight": "subject to approval or reporting",
}
"""The same without a verb, for a sentence that is true on each day of a stretch."""
_WHO: Final = {
    "police": "police",
    "government": "other government agencies",
    "schools": "schools",
    "private": "businesses and individuals",
}
_ONE: Final = ("agency", "school", "vendor", "company")
"""Kinds of subjects that follow their rules themselves; the others are places."""
_IT: Final = "face recognition"
_WITH_ARTICLE: Final = re.compile(
    r"^((United|U\.S\.|Royal|National|University of|Port of|District of|Isle of|Canton of"
    r"|Department of|Bureau of|Federal) .+|European Union|Netherlands|Philippines|Bahamas|Gambia"
    r"|Maldives|Comoros|Seychelles|DR Congo|Vatican)$|\b(Islands|Republic|Emirates|Department"
    r"|Territor(y|ies)|Authority|Service|Administration|Council|Office|Bureau|Ministry|Board"
    r"|Corporation|Association|School District|Secretary of State|Attorney( General)?)\b"
)
"""Names with an article in a sentence: some countries, and bodies named by what they are."""


def tense(as_of: str, today: date | None) -> Tense:
    """That of an answer for the day ``as_of`` (ISO) on ``today``; without it, present."""
    day = date.fromisoformat(as_of)
    if today is None or day == today:
        return "present"
    return "past" if day < today else "future"


def answer(document: Entry, today: date | None = None) -> str:
    """What an ``explain`` document answers, for the actors with the strictest rule first: whether
    use is banned, since when, by whom, until which condition."""
    place, positions = document["place"], document["positions"]
    when = tense(document["as_of"], today)
    strictest, actors = _strictest(positions)
    kind, name = place["subject_type"], with_article(place["label"])
    rules = {it["policy_id"]: it for layer in document["layers"] for it in layer["policies"]}
    who, is_one = _whose(kind, name, positions, strictest, actors, rules)
    day = f"On {day_used(document)},"
    if strictest is None:
        verb = _verb("be", when, plural=False)
        found = f"No rule found. {day} no act on {_IT} {verb} on record for {who}."
        return f"{found} {_not_allowed(document)}"
    if strictest["measure"] == "none":
        return f"No. {day} no rule on {_IT} {_verb('be', when, plural=False)} in force for {who}."
    clause = _clause(who, strictest, when, plural=not is_one)
    lead = _lead(strictest)
    if len(actors) < len(positions):
        lead += f"{',' * (lead != 'No ban')} for {_who(actors)}"
    makers = [layer["subject"] for layer in strictest["layers"]]
    also = _also(_for_others(positions, actors))
    return " ".join([f"{lead}. {day} {clause}.", *_run(strictest, when, today, makers), *also])


def own_answer(document: Entry, entry: Entry | None, today: date | None = None) -> str:
    """What a history answers of its subject alone; ``entry``: that of its status document."""
    when, kind = tense(document["as_of"], today), document["subject_type"]
    day = f"On {day_used(document)},"
    name = with_article(document["label"])
    positions = {} if entry is None else entry["positions"]
    known = {actor: it for actor, it in positions.items() if it}
    verb = _verb("be", when, plural=False)
    if not known and document["coverage"]:
        found = f"No rule found. {day} no act of {name} on {_IT} {verb} on record."
        return f"{found} {_not_allowed(document)}"
    if not known:
        return f"{day} no act of {name} {verb} on record."
    strictest, actors = _strictest(known)
    if strictest is None or strictest["measure"] == "none":
        elsewhere = any(it["also"] for it in known.values())
        limits = " everywhere" * (elsewhere and kind in MARKETED)
        return f"{day} no rule of {name} on {_IT} {verb} in force{limits}."
    sold_to = _who(actors) if kind == "vendor" else ""
    rules = {rule["policy_id"]: rule for rule in document["policies"]}
    who, is_one = _whose(kind, name, known, strictest, actors, rules)
    limited = {**strictest, "territory": None} if kind == "supranational" else strictest
    clause = _clause(who, limited, when, plural=not is_one, sold_to=sold_to)
    if kind not in _ONE and not of_own_bodies(kind, strictest, rules):
        clause = f"under its own rules, {clause}"
    also = [*others(strictest, only=False), *_for_others(known, actors)]
    return " ".join([f"{day} {clause}.", *_run(strictest, when, today), *_also(also)])


def of_own_bodies(kind: str, position: Entry, rules: Mapping[str, Entry]) -> bool:
    """Whether a position of a government with others inside it is one for its own bodies alone:
    the United States' for federal agencies. ``rules``: by id, those that make it among them."""
    makers = [rules[policy_id] for policy_id in position["policy_ids"]]
    return bool(makers and kind in ("county", "state", "country")) and all(
        rule["reach"] == "own" and "private" not in rule["applies_to"] for rule in makers
    )


def _whose(
    kind: str,
    name: str,
    positions: Mapping[str, Entry | None],
    strictest: Entry | None,
    actors: Sequence[str],
    rules: Mapping[str, Entry],
) -> tuple[str, bool]:
    """Who must follow the strictest rule of a subject, and whether that is one, itself."""
    if kind in _ONE:
        is_all = kind in MARKETED or not _for_others(positions, actors)
        return (name, True) if is_all else (f"{_who(actors)} at {name}", False)
    if strictest and of_own_bodies(kind, strictest, rules):
        return f"{_who(actors)} of {name} itself", False
    return f"{_who(actors)} {'at' if kind == 'point' else 'in'} {name}", False


def _for_others(positions: Mapping[str, Entry | None], actors: Sequence[str]) -> list[str]:
    """What is or may be in force for all but these actors: ``ban (drones only) for police``."""
    rest = {actor: it for actor, it in positions.items() if actor not in actors}
    return brief_positions(rest, _who)


def _also(texts: Sequence[str]) -> Sequence[str]:
    return [f"Also in force: {'; '.join(texts)}."] if texts else []


def _where(position: Entry) -> str:
    """``in the United States only``; without "only" where another rule applies elsewhere."""
    elsewhere = any(rule.get("territory") for rule in position["also"])
    return only_in(position.get("territory"), only=not elsewhere)


def brief_answer(entry: Entry, kind: str, *, whom: str, since: str = "", until: str = "") -> str:
    """What a position comes to on each day of its stretch: ``Banned for police and schools since 29
    Jul 2020.`` ``kind``: the type of its subject; ``whom``: the actors as :func:`everyone` has
    them; ``since``, ``until``: its days. All three in words, or placeholders of a template."""
    for_whom = "" if kind == "company" else f" for {whom}"
    where = _where(entry) if kind != "supranational" else ""
    if entry["measure"] == "none":
        lifted = " (lifted)" if entry["lifted"] else ""
        if entry["also"]:
            return f"{_capital(NONE)} everywhere{for_whom}, but in some countries or states."
        return f"{_capital(NONE)}{for_whom}{lifted}."
    if not entry["certain"]:
        return f"{_capital(joined([f'{level(entry)}{for_whom}', where], ' '))}."
    if kind == "vendor":
        verb, offer = _phrase(entry, whom, plural=False)
        text = joined([verb == "have" and "has", offer], " ")
    else:
        text = f"{_IN_BRIEF[entry['measure']]}{limits(entry)}{for_whom}"
    # "adopted 30 Jun 2020, start date not recorded" is a clause of its own
    began, adopted = ("", since) if entry["start_presumed"] else (since, "")
    return f"{_capital(joined([joined([text, where, began], ' '), adopted, until]))}."


def everyone(actors: Sequence[str]) -> str:
    """Actors within a sentence: ``police and schools``; ``everyone``, if these are all."""
    return "everyone" if len(actors) == len(ACTORS) else _who(actors)


def headline(banned: Mapping[str, int], actors: Sequence[str], classes: Sequence[Entry]) -> str:
    """``Face recognition banned for police in at least 24 cities and 1 state worldwide``: in how
    many subjects of each type a general ban is certainly in force for some of the actors.
    ``classes``: what the record covers."""
    kinds = [counted(kind, banned[kind]) for kind in SUBJECT_TYPES if banned.get(kind)]
    template = banned_in(classes) if kinds else TEMPLATES["not_banned"]
    return template.format(whom=some(actors), places=listed(kinds) if kinds else "")


def banned_in(classes: Sequence[Entry]) -> str:
    """The template of a headline that counts bans: at least as many, if the record has not all."""
    is_part = not all(it["complete"] for it in classes)
    return TEMPLATES["banned"].replace("{places}", "at least " * is_part + "{places}")


def inside(kinds: Collection[str], place: str, country: str) -> str:
    """``Cities, counties and agencies in the United States with rules of their own``: the heading
    of a list of subjects of these types. Only the United States is known to have states."""
    plurals = [
        "regions" if (kind, country == "US") == ("state", False) else counted(kind, 2)[2:]
        for kind in SUBJECT_TYPES
        if kind in kinds
    ]
    text = f"{listed(plurals or ['places'])} in {with_article(place)} with rules of their own"
    return _capital(text)


def some(actors: Sequence[str]) -> str:
    """Of whom a rule for some of these actors is: ``police``; of all: ``at least one group``."""
    return "at least one group" if len(actors) == len(ACTORS) else _who(actors)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _not_allowed(document: Entry) -> str:
    classes = document["coverage"]  # none of a union before its first act
    extent = f"the record is {coverage(classes)}, and " if classes else ""
    return f"That is not the same as “allowed”: {extent}an act may exist that was not found."


def _strictest(positions: Mapping[str, Entry | None]) -> tuple[Entry | None, list[str]]:
    """The highest-ranked position, of equals a certain one, and the actors that share it."""
    order = list(MEASURES)

    def place(position: Entry | None) -> tuple[int, ...]:
        if position is None:
            return (-1,)
        if position["measure"] == "none":
            return (0,)
        rank = -order.index(position["measure"])
        return 1, position["scope"] == "general", rank, position["certain"]

    top = max(positions.values(), key=place)
    keys = {actor: repr(it and _same(it)) for actor, it in positions.items()}
    shared = dict(alike(keys))
    return top, shared[repr(top and _same(top))]


def _same(position: Entry) -> tuple[object, ...]:
    names = ("measure", "scope", "certain", "since", "start_presumed", "ends_when", "territory")
    return *(position.get(name) for name in names), position["uses"], position.get("layers")


def with_article(name: str) -> str:
    """A name as it is used in a sentence: ``the United States``."""
    return f"the {name}" if _WITH_ARTICLE.search(name.partition(",")[0]) else name


def _who(actors: Sequence[str]) -> str:
    return listed(_WHO[actor] for actor in actors)


def _lead(position: Entry) -> str:
    if not position["certain"]:
        return "Uncertain"
    if position["measure"] in ("ban", "moratorium"):
        return "Yes" if position["scope"] == "general" else "In part"
    return "No ban"


def _verb(kind: str, when: Tense, *, plural: bool) -> str:
    return f"will {kind}" if when == "future" else _FORMS[kind, when, plural]


def _clause(who: str, position: Entry, when: Tense, *, plural: bool, sold_to: str = "") -> str:
    """``police in X were banned from using face recognition``"""
    kind, phrase = _phrase(position, sold_to, plural=plural)
    if position["certain"]:
        verb = _verb(kind, when, plural=plural)
    else:
        verb = _MAY.get((kind, when == "past"), "may have")
    return " ".join(filter(None, [who, verb, phrase, _where(position)]))


def _phrase(position: Entry, sold_to: str = "", *, plural: bool) -> tuple[str, str]:
    """What a measure means for who uses, or who sells to ``sold_to``: the auxiliary verb, and
    ``banned from using face recognition``."""
    kind, rest = (_SELLER if sold_to else _USER)[position["measure"]]
    is_narrow = position["scope"] == "narrow"
    kinds = uses(position["uses"]) if set(position["uses"]) != {"other"} else ""
    some = f"some uses of {_IT}{f' ({kinds})' if kinds else ''}"
    return kind, rest.format(
        it=some if is_narrow else _IT,
        using=some if is_narrow else f"using {_IT}",
        to_use=some if is_narrow else f"to use {_IT}",
        own="their" if plural else "its",
        actors=sold_to,
    )


def _run(
    position: Entry, when: Tense, today: date | None, makers: Iterable[str] = ()
) -> Iterable[str]:
    """Since when, by whom, and on which condition it ends."""
    names = ", ".join(dict.fromkeys(makers))
    noun = "oversight rule" if position["measure"] == "oversight" else position["measure"]
    what = f"The {noun}{f' ({names})' if names else ''}"
    since = position["since"]
    if not position["certain"]:
        yield "The recorded dates or sources leave it open."
        if floor := position["at_least"]:
            yield f"It {_verb('be', when, plural=False)} at least a {floor['measure']}."
        return
    if since and position["start_presumed"] and parse(since).is_exact:
        yield f"{what} was adopted {on_day(since)}; its start date is not recorded."
    elif since:
        began = on_day(since) if ends(since)[0] else f"at some time {on_day(since)}"
        is_to_come = today is not None and (position["since_low"] or "") > today.isoformat()
        yield f"{what} {'begins' if is_to_come else 'began'} {began}."
    if position["ends_when"]:
        lasts = "was to last" if when == "past" else "lasts"
        condition = position["ends_when"]
        yield (
            f"It {lasts} {condition}."
            if condition.startswith("until")
            else (f"It ends on a condition: {condition}.")
        )
