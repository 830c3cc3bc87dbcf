"""Claims, and what is true of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from frtracker.dates import DayRange, in_words, parse
from frtracker.vocabulary import MEASURES, STATES
from frtracker.wording.phrases import (
    NONE,
    Entry,
    actors,
    alike,
    from_day,
    joined,
    listed,
    on_day,
    only_in,
    recorded,
    through,
)
from frtracker.wording.positions import measure, position, since, until

_MOST_MEANT: Final = 3


def claim_fact(head: str, tail: str, whom: Sequence[str]) -> str:
    """``ban for police, since 17 Sep 2019``"""
    return joined([f"{head} for {actors(whom)}", tail])


def claim_position(entry: Entry, by: Sequence[str]) -> tuple[str, str]:
    """The halves of a fact: ``restriction``, ``by Illinois, since 3 Oct 2008``. ``by``: the makers,
    if these are others than the place."""
    head = joined([position(entry), only_in(entry["territory"])], " ")
    end = entry["until"] or ""
    if end and not parse(end).is_exact:
        lasting = f"until {from_day(end)}"
    else:
        lasting = through(end) if end else until(entry)
    return head, joined([f"by {listed(by)}" if by else "", since(entry), lasting])


def claim_no_rule(first: date | None, last: date | None, *, is_lifted: bool) -> tuple[str, str]:
    """The same of no rule, known to be so from the ``first`` through the ``last`` day."""
    head = position({"measure": "none", "lifted": is_lifted})
    since_day = f"since {in_words(first)}" if first else ""
    return head, joined([since_day, f"through {in_words(last)}" if last else ""])


def claim_elsewhere(rules: Sequence[Entry]) -> tuple[str, str]:
    """The same of a vendor's rules for countries other than its own: ``ban in Italy and France``"""
    kinds: dict[str, list[str]] = {}
    for rule in rules:
        text = measure(rule) if rule["certain"] else f"uncertain: {measure(rule)}"
        kinds.setdefault(text, []).extend(rule["territory"] or ())
    heads = (joined([text, only_in(codes, only=False)], " ") for text, codes in kinds.items())
    return listed(heads), ""


def claim_around(label: str, fact: str) -> str:
    """``King County, WA: ban for police, since 17 Jun 2021, which does not reach the place``"""
    return f"{label}: {fact}, which does not reach the place"


def claim_why(
    verdict: str,
    *,
    days: DayRange,
    facts: Mapping[str, tuple[str, str]],
    whom: Sequence[str],
    only: bool,
    turns: Collection[str],
) -> str:
    """Why a claim has its verdict, without a full stop. ``facts``: the halves of what is true for
    each actor on the ``days``; ``whom``: the actors of the claim; ``only``: it is for these alone;
    ``turns``: the verdicts on these days, if there are several."""
    text = "; ".join(claim_fact(*halves, codes) for halves, codes in alike(facts))
    if verdict == "not_on_record":
        unknown = claim_unknown(whom)
        return unknown if text.startswith(NONE) else f"{unknown}; in force there: {text}"
    text = f"{recorded(str(days))}: {text}"
    if verdict == "cannot_say":
        return f"{text}; the record leaves it open"
    if turns:
        doubt = "perhaps " if "contradicted" not in turns and "cannot_say" in turns else ""
        return f"{text}; {doubt}not on all of these days"
    return f"{text}; for these alone" if only else text


def claim_unknown(whom: Sequence[str]) -> str:
    """``No act of its own for police is on record, which is not “no ban”``"""
    for_whom = f" for {actors(whom)}" if whom else ""
    return f"No act of its own{for_whom} is on record, which is not “no ban”"


def claim_not_understood(reason: str, candidates: Sequence[tuple[str, str]]) -> str:
    """Why a name means no one place, with what it may mean."""
    meant = [words for words, _ in candidates[:_MOST_MEANT]]
    if len(candidates) > len(meant):
        meant.append(f"{len(candidates) - len(meant)} more")
    if reason.endswith("Did you mean"):
        return f"{reason} {joined(meant, '; ')}?"
    return joined([reason.rstrip(".:"), joined(meant, "; ")], ": ") + "."


def claim_reviewed(why: str, reviewed: str | None) -> str:
    """The reason as a sentence; ``reviewed``: the day of the last review, if the claim is about
    later days."""
    later = reviewed and f"later acts than of {recorded(reviewed)} are not on record"
    return f"{joined([why, later], '; ')}."


def claim_bills(bills: Sequence[Entry]) -> str:
    """``on record are bills for that: us-ma-2019-s1385 (lapsed)``; '' of none."""
    named = (f"{it['policy_id']} ({STATES[it['state']].label})" for it in bills)
    return f"on record are bills for that: {joined(named)}" if bills else ""


def claim(given: Entry) -> str:
    """``Baltimore, MD: ban for private users in Jun 2021``: a claim as it was read."""
    if given["verdict"] == "not_checked":
        return str(given["place"])
    measure = given["measure"]
    words = {"none": "no rule", "no_ban": "no ban", None: "any rule"}
    what = words.get(measure) or (MEASURES[measure].label if measure in MEASURES else measure)
    whom = f" for {actors(given['actors'])}" if given["actors"] else ""
    day = f" {on_day(given['date'])}" if given["date"] else ""
    return f"{given['label'] or given['place']}: {what}{whom}{day}"
