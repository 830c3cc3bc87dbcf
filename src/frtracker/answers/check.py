"""Claims about a place, an actor, a measure and a day, and what the record says of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import pandas as pd

from frtracker import wording
from frtracker.answers.documents import Document, Row, heading, listed, records
from frtracker.dates import DayRange, parse_period
from frtracker.layers import Layer, Readings, layers, parts_in, spells
from frtracker.places.names import resolve
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import NameNotUnderstood, Subject, subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline.days import OPEN
from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import ACTORS, BINDING_STATUSES, VERDICTS

MEASURE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ban": "ban bans outlawed",
        "prohibited": "prohibited prohibition prohibits banned barred forbidden not_allowed",
        "moratorium": "moratorium moratoria pause paused suspension suspended",
        "withdrawal": "withdrawal withdrew withdrawn stopped stopped_selling exit exited",
        "restriction": "restriction restrictions restricted limited limits regulation regulated",
        "oversight": "oversight approval reporting surveillance_ordinance ccops",
        "none": "none no_rule no_rules nothing no_law unregulated",
        "no_ban": "no_ban not_banned allowed permitted legal not_prohibited lifted repealed",
    }
)
"""What a claim may say of a rule, and the words by which people say it."""
_ACTOR_WORDS: Final = MappingProxyType(
    {
        "police": "police law_enforcement police_department cops sheriff",
        "government": "government agencies other_agencies city_agencies departments city state"
        " officials public_sector",
        "schools": "schools school education school_districts students",
        "private": "private private_users business businesses companies landlords retail stores"
        " private_sector",
    }
)
_COLUMN_WORDS: Final = MappingProxyType(
    {
        "place": "place city jurisdiction location subject name company vendor entity municipality"
        " state country",
        "actor": "actor for whom who applies_to users agency",
        "measure": "measure policy status type rule kind claim action law",
        "date": "date as_of day on since effective effective_date effective_on year when start",
        "region": "state region province state_abbr st",
    }
)
"""The names that a column of claims may have, the likeliest first."""

_PROHIBITED: Final = [(code, "general") for code in ("ban", "moratorium", "withdrawal")]
_SAME: Final[Mapping[str, list[tuple[str, str]]]] = MappingProxyType(
    {
        **{code: [(code, "general")] for code in ("ban", "moratorium", "withdrawal")},
        **{code: [(code, "general")] for code in ("restriction", "oversight")},
        "prohibited": _PROHIBITED,
        "none": [("none", "")],
        "no_ban": [level for level in RANKED if level not in _PROHIBITED],
        "": [level for level in RANKED if level[1] == "general"],
    }
)
"""The positions of which a claim is true."""
_LIKE: Final[Mapping[str, list[tuple[str, str]]]] = MappingProxyType(
    {
        "ban": [*_PROHIBITED, ("ban", "narrow")],
        "moratorium": [*_PROHIBITED, ("moratorium", "narrow")],
        "withdrawal": [*_PROHIBITED, ("withdrawal", "narrow")],
        "prohibited": [(code, "narrow") for code, _ in _PROHIBITED],
        "restriction": [*_PROHIBITED, ("oversight", "general"), ("restriction", "narrow")],
        "oversight": [("restriction", "general"), ("oversight", "narrow")],
        "none": [level for level in RANKED if level[1] == "narrow"],
        "no_ban": [],
        "": [level for level in RANKED if level[1] == "narrow"],
    }
)
"""Those of which it is partly true."""


_FIRST: Final = ("supported", "partly", "cannot_say", "contradicted", "not_on_record")
"""Of the verdicts of several actors the one that counts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """``place`` as it was written; ``actor`` and ``measure``: a code of ``ACTORS`` and of
    :data:`MEASURE_WORDS`, '' if any is meant; ``days``: None for today. ``line``: of a file.
    ``wrong``: why it cannot be read."""

    place: str
    actor: str = ""
    measure: str = ""
    days: DayRange | None = None
    line: int = 0
    wrong: str = ""


def understood(text: str, words: Mapping[str, str]) -> str:
    """The key of the words among which the text is, in any form; '' of none or of an empty text."""
    plain = re.sub(r"[^a-z]+", "_", text.casefold()).strip("_")
    return next((key for key, all_words in words.items() if plain in (key, *all_words.split())), "")


def actor_of(text: str) -> str:
    """The actor that a claim's word means; '' of none. Raises ``ValueError`` for another word."""
    if text.strip() and not understood(text, _ACTOR_WORDS):
        raise ValueError(f"for {wording.not_one_of(text, ACTORS)}")
    return understood(text, _ACTOR_WORDS)


def measure_of(text: str) -> str:
    """The same of a measure."""
    if text.strip() and not understood(text, MEASURE_WORDS):
        raise ValueError(f"measure {wording.not_one_of(text, MEASURE_WORDS)}")
    return understood(text, MEASURE_WORDS)


def guessed_columns(header: Sequence[str]) -> dict[str, str]:
    """Which of the columns of a table has the place, the actor, the measure, the date, and the
    state or province of a place, each once; a ``state`` beside a ``city`` is the place's."""
    found: dict[str, str] = {}
    plain = {re.sub(r"[^a-z]+", "_", name.casefold()).strip("_"): name for name in header}
    for field, words in _COLUMN_WORDS.items():
        named = (plain[word] for word in words.split() if word in plain)
        if name := next((it for it in named if it not in found.values()), ""):
            found[field] = name
    return found


def claims_of(rows: Iterable[Mapping[str, str | None]], columns: Mapping[str, str]) -> list[Claim]:
    """The claims of a table, in which ``columns`` says what is where; rows without a place are left
    out. A cell that cannot be read makes the claim ``wrong``."""
    claims = []
    for line, row in enumerate(rows, 2):
        cells = {field: (row.get(name) or "").strip() for field, name in columns.items()}
        place = wording.joined([cells["place"], cells.get("region")])
        if not cells["place"]:
            continue
        try:
            days = parse_period(cells["date"]) if cells.get("date") else None
            actor, measure = actor_of(cells.get("actor", "")), measure_of(cells.get("measure", ""))
        except ValueError as error:
            claims.append(Claim(place, line=line, wrong=str(error)))
        else:
            claims.append(Claim(place, actor, measure, days, line))
    return claims


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A position on the days ``start`` to ``end`` (half-open ordinals)."""

    start: int
    end: int
    low: int
    high: int


class _History:
    """All that applies in a place, over time. ``own``: the actors whom its own acts name."""

    def __init__(self, readings: Readings, subjects: Mapping[str, Subject], place: Place) -> None:
        of: tuple[Layer, ...] = layers(subjects, place)
        parts = parts_in(readings, place, of, tuple(ACTORS))
        itself = [at for at, layer in enumerate(of) if layer.role in ("place", "agency")]
        self.place, self.parts = place, parts
        self.own = set(parts.loc[parts["layer"].isin(itself), "actor"])
        found: pd.DataFrame = spells(parts, ["actor"])
        self._spells: dict[str, list[_Stretch]] = {}
        for actor, *numbers in found[["actor", "start", "end", "low", "high"]].to_numpy().tolist():
            self._spells.setdefault(actor, []).append(_Stretch(*numbers))

    def stretches(self, actor: str, first: int = 1, last: int = OPEN - 1) -> list[_Stretch]:
        """Those that touch the days from ``first`` through ``last``, without a gap; a day in none
        has no rule."""
        found: list[_Stretch] = []
        at = first
        for it in self._spells.get(actor, ()):
            if it.end <= first or it.start > last:
                continue
            if it.start > at:
                found.append(_Stretch(at, it.start, 0, 0))
            found.append(it)
            at = it.end
        return found if at > last else [*found, _Stretch(at, OPEN, 0, 0)]

    def ids(self, actor: str, stretch: _Stretch) -> list[str]:
        """The rules that make the position in the middle of its days."""
        rows = self.parts[self.parts["actor"] == actor]
        rows = rows[(rows["start"] < stretch.end) & (rows["end"] > stretch.start)]
        rows = rows[(rows["high"] == stretch.high) & (rows["high"] > 0)]
        return list(dict.fromkeys(it for ids in rows["policy_ids"] for it in listed(ids)))


def check(tables: Tables, claims: Iterable[Claim], today: date) -> Document:
    """The ``check`` document: for each claim a verdict, why, and the nearest true statement, with
    sources. A claim without a day is about ``today``; one without an actor about all whom the rules
    of the place name; one without a measure about any rule."""
    subjects, readings = subjects_by_key(tables.subjects), Readings(tables.policies)
    histories: dict[str, _History] = {}
    acts = {row["policy_id"]: row for row in records(tables.policies)}
    checked = []
    for claim in claims:
        days = claim.days or DayRange(today, today)
        given = {
            "line": claim.line or None,
            "place": claim.place,
            "actor": claim.actor or None,
            "measure": claim.measure or None,
            "date": str(claim.days) if claim.days else None,
        }
        blank: Document = {"subject_key": None, "label": None, "nearest": None}
        blank |= {"applies_to": [], "policy_ids": [], "source_urls": []}
        if claim.wrong:
            checked.append({**given, **blank, "verdict": "cannot_say", "why": claim.wrong})
            continue
        try:
            place = resolve(tables, claim.place)
        except NameNotUnderstood as error:
            verdict = "cannot_say" if error.candidates else "not_on_record"
            checked.append({**given, **blank, "verdict": verdict, "why": f"{error.reason}."})
            continue
        except ValueError as error:
            checked.append({**given, **blank, "verdict": "cannot_say", "why": str(error)})
            continue
        name = place.key or place.label
        if name not in histories:
            histories[name] = _History(readings, subjects, place)
        judged = {**blank, **_judged(histories[name], claim, days, acts)}
        if judged["verdict"] != "supported" and not judged["nearest"]:
            judged["nearest"] = _around(readings, subjects, place, claim, days) or None
        urls = dict.fromkeys(acts[it]["source_url"] for it in judged["policy_ids"])
        named = {"subject_key": place.key or None, "label": place.label}
        checked.append({**given, **judged, **named, "source_urls": [*urls]})
    opening = heading("check", tables, None, as_of=today.isoformat())
    verdicts = Counter(it["verdict"] for it in checked)
    number = wording.counted("claims", len(checked))
    return {
        **opening,
        "columns": {},
        "counts": {code: verdicts[code] for code in VERDICTS},
        "claims": checked,
        "cite_as": wording.citation(
            opening, f"check of {number} on {wording.recorded(opening['as_of'])}"
        ),
    }


def _judged(history: _History, claim: Claim, days: DayRange, acts: Mapping[str, Row]) -> Document:
    """What the record says of a claim about a place: verdict, why, nearest, the rules that say
    so."""
    first, last = days.low.toordinal(), days.high.toordinal()
    same, like = ({RANK.get(level, 0) for level in of[claim.measure]} for of in (_SAME, _LIKE))
    verdicts, stretches = {}, {}
    for actor in [claim.actor] if claim.actor else ACTORS:
        stretches[actor] = history.stretches(actor, first, last)
        verdicts[actor] = _verdict(
            {_of_stretch(it, same, like) for it in stretches[actor]},
            is_own=actor in history.own,
            is_none=claim.measure in ("none", "no_ban"),
        )
    # of a claim without an actor: whom a rule is for on these days, else whom any act names
    ruled = [actor for actor in verdicts if any(it.high for it in stretches[actor])]
    whom = ruled or [actor for actor in verdicts if actor in history.own] or [*verdicts]
    best = min((verdicts[actor] for actor in whom), key=_FIRST.index)
    whom_best = [actor for actor in whom if verdicts[actor] == best]
    is_part = best == "supported" and len(whom_best) < len(whom)
    verdict = "partly" if is_part else best
    of_days = stretches[whom_best[0]]
    shown = next((it for it in of_days if _of_stretch(it, same, like) == best), of_days[0])
    if verdict == "not_on_record":
        return {
            "verdict": verdict,
            "why": f"{wording.claim_unknown([claim.actor] if claim.actor else [])}.",
        }
    ids = history.ids(whom_best[0], shown)
    others = dict.fromkeys(
        acts[it]["subject"] for it in ids if acts[it]["subject_key"] != history.place.key
    )
    why = wording.claim_why(
        verdict,
        days=days,
        fact=_fact(shown),
        makers=[*others],
        whom=whom_best,
        only=is_part,
        turns=len({_of_stretch(it, same, like) for it in of_days}) > 1,
    )
    if verdict == "supported":
        return {
            "verdict": verdict,
            "why": f"{why}.",
            "applies_to": whom_best,
            "policy_ids": ids,
        }
    nearest, further = _nearest(history, claim, same, whom_best, first)
    if not nearest:
        nearest, further = _nearest(history, claim, like, whom_best, first)
    bills = _bills(history.place, claim, same, acts) if verdict == "contradicted" else []
    return {
        "verdict": verdict,
        "why": f"{why}{wording.claim_bills(bills)}.",
        "nearest": nearest or None,
        "applies_to": whom_best,
        "policy_ids": list(dict.fromkeys([*ids, *further])),
    }


def _verdict(found: Collection[str], *, is_own: bool, is_none: bool) -> str:
    """Of the stretches of one actor. ``is_own``: an act of the place itself names the actor;
    ``is_none``: the claim is that there is no such rule."""
    if "cannot_say" in found:
        verdict = "cannot_say"
    elif len(found) == 1:
        (verdict,) = found
    else:
        verdict = "partly"
    return (
        verdict
        if is_own or (verdict in ("supported", "partly") and not is_none)
        else "not_on_record"
    )


def _of_stretch(it: _Stretch, same: set[int], like: set[int]) -> str:
    if it.low == it.high:
        return "supported" if it.high in same else "partly" if it.high in like else "contradicted"
    if {*range(it.low, it.high + 1)} <= same:
        return "supported"
    possible = {it.low, it.high}
    return "cannot_say" if possible & same or possible & like else "contradicted"


def _fact(it: _Stretch) -> str:
    """``ban, 8 Sep 2021 through 31 Dec 2022``; ``no rule in force since 1 Jan 2023``"""
    measure, scope = RANKED[it.high]
    level: Document = {"measure": measure, "scope": scope or None, "uses": [], "lifted": False}
    least = {"measure": RANKED[it.low][0], "scope": RANKED[it.low][1]} if it.low else None
    text = wording.position(
        {**level, "certain": it.low == it.high, "at_least": least, "lifted": False}
    )
    first = date.fromordinal(it.start) if it.start > 1 else None
    last = date.fromordinal(it.end - 1) if it.end < OPEN else None
    return wording.spell(text, first, last)


def _nearest(
    history: _History, claim: Claim, same: set[int], actors: Sequence[str], day: int
) -> tuple[str, list[str]]:
    """The stretch nearest to the day of which the claim is certainly true, for the same actors if
    there is one; and the rules that make it."""
    for whom in ([claim.actor] if claim.actor else actors, ACTORS):
        found = [
            (max(it.start - day, day - it.end, 0), actor, it)
            for actor in whom
            if actor in history.own
            for it in history.stretches(actor)
            if it.low == it.high and it.high in same and (it.high or it.start > 1)
        ]
        if found:
            _, actor, nearest = min(found, key=lambda it: it[0])
            label = history.place.label
            text = f"{label}: {_fact(nearest)} for {wording.actors([actor])}"
            return text, history.ids(actor, nearest)
    return "", []


def _around(
    readings: Readings,
    subjects: Mapping[str, Subject],
    place: Place,
    claim: Claim,
    days: DayRange,
) -> str:
    """A government around the place of whose own bodies the claim is true on the first day."""
    same = {RANK.get(level, 0) for level in _SAME[claim.measure]} - {0}
    for up in place.parents:
        if up.key in subjects:
            history = _History(readings, subjects, of_subject(subjects, subjects[up.key]))
            for actor in [claim.actor] if claim.actor else ACTORS:
                (it,) = history.stretches(actor, *[days.low.toordinal()] * 2)
                if it.low == it.high and it.high in same:
                    return f"{up.label}: {_fact(it)} for {wording.actors([actor])}, its own bodies"
    return ""


def _bills(place: Place, claim: Claim, same: set[int], acts: Mapping[str, Row]) -> list[str]:
    """The bills of the place for what is claimed."""
    return [
        policy_id
        for policy_id, row in acts.items()
        if row["subject_key"] == place.key
        and row["status"] not in BINDING_STATUSES
        and RANK.get((row["measure"], "general" if row["uses"] == "any" else "narrow"))
        in same - {0}
        and (not claim.actor or claim.actor in listed(row["applies_to"]))
    ]
