"""Events for subscribers: an iCalendar file (RFC 5545) and an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Final

from feedgenerator import Atom1Feed
from icalendar import Alarm, Calendar, Event

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.export import File
from frtracker.export.documents import Snapshot

ALARM_DAYS: Final = (90, 30, 7)
_FEED: Final = "tag:frtracker,2026"


def ics_files(snapshot: Snapshot) -> Iterator[File]:
    """``upcoming.ics``: what is scheduled in the 24 months after the day, reviews due too."""
    rows = len(snapshot.upcoming["events"]) + len(snapshot.upcoming["reviews"])
    yield File("upcoming.ics", "ics", calendar(snapshot.upcoming), rows)


def atom_files(snapshot: Snapshot, *, home: str = "") -> Iterator[File]:
    """``changes.atom``: the events of the year up to the day. ``home``: the address of its site."""
    text = feed(snapshot.changes, home=home)
    yield File("changes.atom", "atom", text.encode(), len(snapshot.changes["events"]))


def calendar(document: Document) -> bytes:
    """The events of a ``changes`` or ``upcoming`` document as iCalendar bytes (UTF-8, CRLF).

    One all-day event each, on the last day on which it can be (its title then says "by"), with
    alarms 90, 30 and 7 days ahead; reviews of one day are one event without alarms. Rules that end
    on a condition have no day and are not in it. The stamp of every event is the day of the
    record's last review."""
    stamp = _reviewed(document)
    file = Calendar()
    file.add("prodid", "-//frtracker//face recognition rules//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", "Face recognition rules")
    for event in document["events"]:
        title = wording.event(event, coming="as_of" in document)
        item = _all_day(_event_id(event), event["on_high"], title, _description(event), stamp)
        item.add("url", event["source_url"])
        for days in ALARM_DAYS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", title)
            alarm.add("trigger", -timedelta(days=days))
            item.add_component(alarm)
        file.add_component(item)
    for review in document.get("reviews", ()):
        ids, on = review["policy_ids"], review["on"]
        title = f"Review due: {len(ids)} row{'' if len(ids) == 1 else 's'} of the record"
        file.add_component(_all_day(f"review-{on}", on, title, ", ".join(ids), stamp))
    return bytes(file.to_ical())


def _all_day(name: str, on: str, title: str, details: str, stamp: datetime) -> Event:
    day = date.fromisoformat(on)
    item = Event()
    item.add("uid", f"{name}@frtracker")
    item.add("dtstamp", stamp)
    item.add("dtstart", day)
    if day < date.max:  # without an end an event lasts its one day
        item.add("dtend", day + timedelta(days=1))
    item.add("summary", title)
    item.add("transp", "TRANSPARENT")
    item.add("description", details)
    return item


def feed(document: Document, *, home: str = "") -> str:
    """The events of a ``changes`` or ``upcoming`` document as Atom text, the latest first. An
    entry's dates are those of its event, so the same document gives the same feed. ``home``: the
    address of the site that the feed belongs to, if there is one."""
    atom = Atom1Feed(
        title="Face recognition rules: what changed",
        link=home or f"{_FEED}:changes",
        description="Bans, moratoriums and other rules on face recognition as they begin and end.",
        language="en",
        feed_url=f"{home}changes.atom" if home else None,
        feed_guid=f"{_FEED}:changes",
    )
    for event in reversed(document["events"]):
        moment = _midnight(event["on_high"])
        atom.add_item(
            title=wording.event(event),
            link=event["source_url"],
            description=_description(event),
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
        and f"The day is known only as {wording.recorded(event['on'])}.",
        event["start_presumed"]
        and "The start date is not recorded; it is assumed to be the day of adoption.",
        is_low and "Low confidence: not established that the act exists or says this.",
        not (is_low or event["certain"]) and "It is not certain that this happens.",
        f"Source: {event['source_url']}",
    )
    return wording.joined(parts, " ")
