"""A subject's position, since when, until when, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Final

from frtracker.dates import ends, in_words, parse
from frtracker.vocabulary import MEASURES, OUTCOME_STATUSES
from frtracker.wording.phrases import (
    NONE,
    Entry,
    actors,
    alike,
    counted,
    from_day,
    joined,
    only_in,
    recorded,
    through,
    uses,
    where,
)

ENDING: Final = "end of an earlier rule"
"""What an act with the measure ``none`` is: it ends a rule, or keeps it from beginning."""
ENDING_BEGAN: Final = ("took effect", "takes effect")
"""What it did on its day, and will do: it is never "in force"."""


def measure(level: Entry) -> str:
    """``ban``, ``ban (some uses only)``, ``ban (body cameras only)``"""
    return f"{MEASURES[level['measure']].label}{limits(level)}"


def limits(level: Entry) -> str:
    """`` (body cameras only)``; '' of a general rule."""
    named = uses(level.get("uses", ())) or "some uses"
    return f" ({named} only)" if level["scope"] == "narrow" else ""


def position(entry: Entry) -> str:
    """``moratorium``; ``no rule in force (lifted)``; ``uncertain: up to ban, at least
    restriction``"""
    if entry["measure"] == "none":
        return f"{NONE} (lifted)" if entry.get("lifted") else NONE
    text, floor = measure(entry), entry.get("at_least")
    return text if entry["certain"] else uncertain(text, floor and measure(floor))


def no_rule(rules: list[Entry]) -> str:
    """``no rule in force (2 bills failed)``: of a subject with these rules, none of them in
    force."""
    failed = sum(rule["state"] in OUTCOME_STATUSES for rule in rules)
    pending = sum(rule["state"] == "proposed" for rule in rules)
    numbers = (failed, "failed"), (pending, "pending")
    bills = joined(f"{counted('bills', n)} {what}" for n, what in numbers if n)
    return f"{NONE} ({bills})" if bills else NONE


def cells(entry: Entry) -> tuple[str, str, str, str]:
    """A position in the columns of a table: what, where, since and until."""
    return position(entry), where(entry["territory"]), since_cell(entry), until(entry)


def uncertain(text: str, at_least: str | None) -> str:
    """``uncertain: ban or no rule``; ``uncertain: up to ban, at least restriction``"""
    return (
        f"uncertain: up to {text}, at least {at_least}"
        if at_least
        else f"uncertain: {text} or no rule"
    )


def positions(entry: Mapping[str, Entry | None]) -> str:
    """Some of a subject's: ``police: restriction, since 28 Jul 2022; schools: no rule in force``;
    '' where there is none."""
    texts = {actor: joined([position(each), since(each)]) for actor, each in entry.items() if each}
    return "; ".join(f"{actors(who)}: {text}" for text, who in alike(texts))


def brief_positions(
    entry: Mapping[str, Entry | None], who: Callable[[Sequence[str]], str] = actors
) -> list[str]:
    """What is or may be in force for whom, without days: ``ban for police``, ``restriction for
    schools``. ``who``: actors in words."""
    texts = {
        actor: position(it)
        for actor, it in entry.items()
        if it and (it["measure"] != "none" or not it["certain"])
    }
    return [f"{text} for {who(whom)}" for text, whom in alike(texts)]


def also(rule: Entry, *, with_place: bool = True) -> str:
    """A rule in force besides the position: ``restriction (live recognition only) in Italy only``;
    without the territory where a column has it."""
    text = measure(rule)
    place = only_in(rule.get("territory")) if with_place else ""
    return joined([text if rule["certain"] else f"uncertain: {text}", place], " ")


def others(entry: Entry, *, only: bool = True) -> list[str]:
    """What is in force besides a position, once for each measure: ``ban in Italy and France
    only``."""
    places: dict[str, list[list[str]]] = {}
    for rule in entry["also"]:
        text = also(rule, with_place=False)
        places.setdefault(text, []).append(rule["territory"] or [])
    return [
        joined([text, all(codes) and only_in(list(chain.from_iterable(codes)), only=only)], " ")
        for text, codes in places.items()
    ]


def since(entry: Entry) -> str:
    """``since 1 Jul 2021``; ``adopted 1 Jul 2021, start date not recorded``"""
    text = entry["since"] or ""
    if not text or not ends(text)[0]:
        return recorded(text)
    if not entry["start_presumed"]:
        return f"since {from_day(text)}"
    unknown = "start date not recorded"
    if parse(text).is_exact:
        return f"adopted {recorded(text)}, {unknown}"
    return f"since {from_day(text)}, {unknown}"  # of several rules: no day of one decision


def since_cell(entry: Entry) -> str:
    """For a column called "since": the date as recorded; ``adopted 2021-07-01`` where the start is
    not."""
    text = entry["since"] or ""
    if not text or not entry["start_presumed"]:
        return text
    return f"adopted {text}" if parse(text).is_exact else f"{text}, start date not recorded"


def until(entry: Entry) -> str:
    """The end of the run, by its day or its condition; where it is only presumed to go on, the
    day on which a source last showed it in force."""
    end, condition = through(entry["until"]), entry["ends_when"]
    if end and condition:  # the day came first
        condition = f"by its own terms {condition}"
    goes_on = entry["continuation_presumed"] and entry["measure"] != "none"
    shown = goes_on and last_confirmed(entry["last_confirmed_on"])
    return joined([joined([end, condition]), shown], "; ")


def spell(text: str, first: date | None, last: date | None) -> str:
    """``ban, 1 Jul 2021 through 31 Dec 2022``, ``ban since 1 Jul 2021``: a position in time."""
    if first and last:
        return f"{text}, {in_words(first)} through {in_words(last)}"
    since_day = f"since {in_words(first)}" if first else ""
    return joined([text, since_day, f"through {in_words(last)}" if last else ""], " ")


def last_confirmed(text: str | None) -> str:
    """``last confirmed 30 Oct 2024``"""
    return f"last confirmed {recorded(text)}" if text else "not confirmed since it began"


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
