"""Events as an iCalendar file (RFC 5545, with the names and intervals of RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import (
    Alarm,
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneStandard,
    Todo,
    vDuration,
    vText,
)
from icalendar.prop import vCategory

from frtracker import wording
from frtracker.answers.changes import first_day, of_rules
from frtracker.answers.documents import Document
from frtracker.answers.editions import with_cancelled
from frtracker.export import File
from frtracker.export.documents import Snapshot

ALARM_DAYS: Final = (90, 30, 7)
_REFRESH: Final = timedelta(days=1)
_NAME: Final = "Face recognition rules"


class _Text(vText):
    """Text as it is: icalendar makes a line break of a backslash with an N, and some of its
    versions escape no text under a name that they do not know."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def ics_files(snapshot: Snapshot) -> Iterator[File]:
    """``upcoming.ics``: what is scheduled in the 24 months after the day."""
    document = with_cancelled(snapshot.upcoming, snapshot.released)
    count = len(of_rules([*document["events"], *document["cancelled"]]))
    yield File("upcoming.ics", "ics", calendar(document), count)


def calendar(
    document: Document,
    *,
    bills: bool = False,
    todos: bool = False,
    about: str = "",
) -> bytes:
    """The events of a ``changes`` or ``upcoming`` document as iCalendar bytes (UTF-8, CRLF), those
    of bills only with ``bills``.

    One all-day event each, over all days on which it can be (of "by B" the last); one that is still
    to come has alarms 90, 30 and 7 days before the first of them, as far as these are to come too.
    Rules that end on a condition have no day: with ``todos`` they are to-dos. Events that were to
    come and no longer are (:func:`frtracker.answers.editions.with_cancelled`) are sent once more,
    as such. The stamp of all is the day of the record's last review, so the same document gives the
    same bytes. ``about``: whom it is limited to. A calendar must have a component (RFC 5545, 3.6):
    one without events has its time zone alone, which no program shows.
    """
    file, asked = Calendar(), document.get("as_of")
    title = wording.joined([_NAME, about and f"({about})"], " ")
    for name, text in {
        "prodid": "-//frtracker//face recognition rules//EN",
        "version": "2.0",
        "name": title,
        "x-wr-calname": title,
        "x-published-ttl": "P1D",
    }.items():
        file.add(name, _Text(text))
    file.add("refresh-interval", vDuration(_REFRESH), parameters={"value": "DURATION"})
    events = [*document["events"], *document.get("cancelled", ())]
    for event in events if bills else of_rules(events):
        item, title = Event(), wording.event(event, coming=bool(asked))
        is_cancelled = event.get("cancelled", False)
        _describe(item, event["event_id"], title, wording.details(event), event, document)
        first, last = date.fromisoformat(first_day(event)), date.fromisoformat(event["on_high"])
        item.add("dtstart", first)
        if last < date.max:  # without an end an event lasts its one day
            item.add("dtend", last + timedelta(days=1))
        item.add("transp", "TRANSPARENT")
        item.add("sequence", int(is_cancelled))
        sure = "CONFIRMED" if event["certain"] else "TENTATIVE"
        item.add("status", "CANCELLED" if is_cancelled else sure)
        days = (first - date.fromisoformat(asked)).days if asked and not is_cancelled else 0
        for ahead in (it for it in ALARM_DAYS if it < days):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", _Text(title))
            alarm.add("trigger", -timedelta(days=ahead))
            item.add_component(alarm)
        file.add_component(item)
    for rule in document.get("conditions", ()) if todos else ():
        todo, name = Todo(), f"{rule['policy_id']}.condition"  # no id of an event has a dot
        _describe(todo, name, wording.condition(rule), wording.details(rule), rule, document)
        file.add_component(todo)
    if not file.subcomponents:
        file.add_component(_time_zone())
    return bytes(file.to_ical())


def _time_zone() -> Timezone:
    zone, always = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    always.add("dtstart", datetime.fromisoformat("1970-01-01"))  # a local time
    for name in ("tzoffsetfrom", "tzoffsetto"):
        always.add(name, timedelta())
    zone.add_component(always)
    return zone


def _describe(
    item: Component, name: str, title: str, details: str, rule: Document, document: Document
) -> None:
    reviewed = document["dataset"]["reviewed_through"] or "1970-01-01"
    item.add("uid", f"{name}@frtracker")
    item.add("dtstamp", datetime.fromisoformat(reviewed).replace(tzinfo=UTC))
    item.add("summary", _Text(title))
    item.add("description", _Text(details))
    item.add("url", rule["source_url"])
    actors = [wording.actors([actor]) for actor in rule["applies_to"]]
    categories = vCategory([])
    categories.cats = [*map(_Text, (wording.label(rule), *actors, wording.measure(rule)))]
    item.add("categories", categories)
