"""Events for subscribers: an iCalendar file (RFC 5545) and an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import escape
from io import StringIO
from typing import Any, Final

from feedgenerator import Atom1Feed
from icalendar import Alarm, Calendar, Event

from frtracker import wording
from frtracker.answers.changes import first_day, of_rules
from frtracker.answers.documents import Document
from frtracker.export import File
from frtracker.export.documents import Snapshot

ALARM_DAYS: Final = (90, 30, 7)
_FEED: Final = "tag:frtracker,2026"


def ics_files(snapshot: Snapshot) -> Iterator[File]:
    """``upcoming.ics``: what is scheduled in the 24 months after the day."""
    events = snapshot.upcoming["events"]
    yield File("upcoming.ics", "ics", calendar({**snapshot.upcoming, "reviews": []}), len(events))


def atom_files(snapshot: Snapshot, *, home: str = "") -> Iterator[File]:
    """``changes.atom``: the events of rules (no bills) of the year up to the day. ``home``: the
    address of its site."""
    events = of_rules(snapshot.changes["events"])
    text = feed({**snapshot.changes, "events": events}, home=home)
    yield File("changes.atom", "atom", text.encode(), len(events))


def calendar(document: Document) -> bytes:
    """The events of a ``changes`` or ``upcoming`` document as iCalendar bytes (UTF-8, CRLF).

    One all-day event each, over all days on which it can be (of "by B" the last), with alarms 90,
    30 and 7 days ahead; reviews of one day are one event without alarms. Rules that end on a
    condition have no day and are not in it. The stamp of every event is the day of the record's
    last review."""
    stamp = _reviewed(document)
    file = Calendar()
    file.add("prodid", "-//frtracker//face recognition rules//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", "Face recognition rules")
    for event in document["events"]:
        title = wording.event(event, coming="as_of" in document)
        days = first_day(event), event["on_high"]
        item = _all_day(_event_id(event), *days, title, _description(event), stamp)
        item.add("url", event["source_url"])
        for ahead in ALARM_DAYS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", title)
            alarm.add("trigger", -timedelta(days=ahead))
            item.add_component(alarm)
        file.add_component(item)
    for review in document.get("reviews", ()):
        ids, on = review["policy_ids"], review["on"]
        title = f"Review due: {len(ids)} row{'' if len(ids) == 1 else 's'} of the record"
        file.add_component(_all_day(f"review-{on}", on, on, title, ", ".join(ids), stamp))
    return bytes(file.to_ical())


def _all_day(name: str, first: str, last: str, title: str, details: str, stamp: datetime) -> Event:
    day = date.fromisoformat(last)
    item = Event()
    item.add("uid", f"{name}@frtracker")
    item.add("dtstamp", stamp)
    item.add("dtstart", date.fromisoformat(first))
    if day < date.max:  # without an end an event lasts its one day
        item.add("dtend", day + timedelta(days=1))
    item.add("summary", title)
    item.add("transp", "TRANSPARENT")
    item.add("description", details)
    return item


class _Feed(Atom1Feed):  # type: ignore[misc]
    """A feed whose entries may have a second link, to their source."""

    def add_item_elements(self, handler: Any, item: Document) -> None:
        super().add_item_elements(handler, item)
        if item["related"]:
            handler.addQuickElement("link", "", {"rel": "related", "href": item["related"]})


def feed(document: Document, *, home: str = "", name: str = "changes.atom", place: str = "") -> str:
    """The events of a ``changes`` or ``upcoming`` document as Atom text, the latest first. An
    entry's dates are the first day on which its event can have been, so the same document gives
    the same feed. ``home``: the address of the site that the feed ``name`` belongs to, if there is
    one; ``place``: what it is limited to."""
    page = name.removesuffix("atom") + "html"
    guid = f"{_FEED}:{name.removesuffix('.atom')}"
    atom = _Feed(
        title=wording.joined(["Face recognition rules", place and f"in {place}"], " ")
        + ": what changed",
        link=f"{home}{page}" if home else guid,
        description="Bans, moratoriums and other rules on facial recognition: decided, begun,"
        " ended.",
        author_name=wording.AUTHORS,
        language="en",
        feed_url=f"{home}{name}" if home else None,
        feed_guid=guid,
    )
    for event in sorted(document["events"], key=first_day, reverse=True):
        moment, source = _midnight(first_day(event)), event["source_url"]
        own = f"{home}subjects/{event['subject_key']}.html#{event['policy_id']}" if home else ""
        atom.add_item(
            title=wording.event(event),
            link=own or source,
            related=own and source,
            description=escape(_description(event), quote=False),
            unique_id=f"{_FEED}:{_event_id(event)}",
            pubdate=moment,
            updateddate=moment,
        )
    if not document["events"]:  # of no entries the library would say now
        atom.latest_post_date = lambda: _reviewed(document)
    text = StringIO()
    atom.write(text, "utf-8")
    return text.getvalue()


def _reviewed(document: Document) -> datetime:
    return _midnight(document["dataset"]["reviewed_through"] or "1970-01-01")


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _event_id(event: Document) -> str:
    """Stable while the event is the same, even if its day moves: a calendar updates in place."""
    return "-".join([event["policy_id"], event["kind"], *event["causes"][:1]])


def _description(event: Document) -> str:
    """What a reader of the calendar or feed must know besides the title."""
    is_low = event["confidence"] == "low"
    parts = (
        event["summary"],
        event["effects"] and f"Effect: {', '.join(event['effects'])}.",
        event["on_low"] != event["on_high"]
        and f"The day is known only roughly: {wording.on_day(event['on'])}.",
        event["start_presumed"]
        and "The start date is not recorded; it is assumed to be the day of adoption.",
        is_low and "Low confidence: not established that the act exists or says this.",
        not (is_low or event["certain"]) and "It is not certain that this happens.",
        f"Source: {event['source_url']}",
    )
    return wording.joined(parts, " ")
