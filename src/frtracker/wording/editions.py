"""What an edition says otherwise than the one before it."""

from __future__ import annotations

from datetime import date, timedelta

from frtracker.dates import in_words
from frtracker.wording.events import details, event, event_doubt
from frtracker.wording.phrases import (
    NO_ACT,
    Entry,
    actors,
    counted,
    joined,
    label,
    on_day,
    only_in,
)
from frtracker.wording.positions import position


def correction(entry: Entry, day: str) -> str:
    """``Corrected: Jackson, MS: ban for police began between 18 and 21 Aug 2020``; ``day``: that
    of the edition."""
    old, new = entry["old"], entry["new"]
    if not new:
        return f"Withdrawn: {event_on(old, day)}"
    return f"{'Corrected' if old else 'Added'}: {event_on(new, day)}"


def event_on(entry: Entry, day: str) -> str:
    """``Boston, MA: ban for police decided on 24 Jun 2020``; ``begins`` if that is after ``day``
    (ISO)."""
    coming = (entry["on_low"] or entry["on_high"]) > day
    is_said = entry["put_off"] or (entry["kind"] == "ended" and not entry["causes"])
    if is_said and entry["on_low"] == entry["on_high"]:
        return event(entry, coming=coming)
    return f"{event(entry, coming=coming, dated=False)} {on_day(entry['on'])}"


def corrected(entry: Entry, day: str) -> str:
    """What an earlier edition said of the event: ``An earlier edition said: Jackson, MS: ban for
    police began on 18 Aug 2020.``"""
    old = entry["old"]
    if not old:
        return "Earlier editions had the act, but not this event."
    assumed = old["start_presumed"] and "the start date was assumed"
    doubts = joined([event_doubt(old), assumed])
    return f"An earlier edition said: {event_on(old, day)}{f' ({doubts})' * bool(doubts)}."


def learnt(entry: Entry, day: str) -> str:
    """What a reader of a feed must know of an event besides its title, which has its day: of a
    correction what was said before."""
    if "new" not in entry:
        return details(entry)
    return f"{corrected(entry, day)} {details(entry['new'] or entry['old'])}"


def answer_changed(row: Entry, whose: list[str]) -> str:
    """``Boston, MA, police: 12 days, from 24 Jun 2020, changed from uncertain: ban or no rule to
    ban``. ``row``: of an answers document; ``whose``: the actors for which it is so."""
    first, end = date.fromisoformat(row["valid_from"]), row["valid_to"]
    days = f"all days from {in_words(first)} on"
    if end:
        last = date.fromisoformat(end) - timedelta(days=1)
        number = counted("days", (last - first).days + 1)
        days = f"{number}, from {in_words(first)}"
        if first == date.min:
            days = f"all days through {in_words(last)}"
    changed = f"changed from {answer_then(row['old'])} to {answer_then(row['new'])}"
    return f"{label(row)}, {actors(whose)}: {days}, {changed}"


def answer_then(answer: Entry | None) -> str:
    """``ban in Austria only``, ``no act on record``"""
    if answer is None:
        return NO_ACT
    return joined([position(answer), only_in(answer["territory"])], " ")
