"""Events as an iCalendar file (RFC 5545) that a calendar can subscribe to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from frtracker import wording
from frtracker.answers.status import Document

ALARM_DAYS: Final = (90, 30, 7)


def event_id(event: Document) -> str:
    """Stable as long as the event is the same, whatever its day: a calendar updates in place."""
    return "-".join(part for part in (event["policy_id"], event["kind"], event["cause"]) if part)


def calendar(document: Document) -> bytes:
    """The events of a ``changes`` or ``upcoming`` document as iCalendar bytes (UTF-8, CRLF).

    One all-day event each, on the last day on which it can be (its title then says "by"), with
    alarms 90, 30 and 7 days ahead. Rules that end on a condition have no day and are not in it.
    The stamp of every event is the day of the record's last review, not the day of writing.
    """
    reviewed = date.fromisoformat(document["dataset"]["reviewed_through"] or "1970-01-01")
    stamp = datetime.combine(reviewed, time(), UTC)
    file = Calendar()
    file.add("prodid", "-//frtracker//face recognition rules//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", "Face recognition rules")
    for event in document["events"]:
        file.add_component(_component(event, stamp, coming="as_of" in document))
    for review in document.get("reviews", ()):
        file.add_component(_review(review, stamp))
    written: bytes = file.to_ical()
    return written


def _component(event: Document, stamp: datetime, *, coming: bool) -> Event:
    said = wording.event(event, coming=coming)
    item = _all_day(event_id(event), date.fromisoformat(event["on"]), said, stamp)
    item.add("description", description(event))
    item.add("url", event["source_url"])
    for days in ALARM_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", said)
        alarm.add("trigger", -timedelta(days=days))
        item.add_component(alarm)
    return item


def _review(review: Document, stamp: datetime) -> Event:
    """Reviews of one day are one event without alarms: they concern those who keep the record."""
    rows = review["policy_ids"]
    said = f"Review due: {len(rows)} row{'' if len(rows) == 1 else 's'} of the record"
    item = _all_day(f"review-{review['on']}", date.fromisoformat(review["on"]), said, stamp)
    item.add("description", ", ".join(rows))
    return item


def _all_day(name: str, day: date, said: str, stamp: datetime) -> Event:
    item = Event()
    item.add("uid", f"{name}@frtracker")
    item.add("dtstamp", stamp)
    item.add("dtstart", day)
    if day < date.max:  # without an end an event lasts its one day
        item.add("dtend", day + timedelta(days=1))
    item.add("summary", said)
    item.add("transp", "TRANSPARENT")
    return item


def description(event: Document) -> str:
    """What a reader of the calendar or feed must know beside the title."""
    parts = [event["summary"]]
    if event["effect"]:
        parts.append(f"Effect: {', '.join(event['effect'])}.")
    if event["by"]:
        parts.append(f"The day is known only as {wording.recorded(event['days'])}.")
    if event["start_presumed"]:
        parts.append("The start is not recorded; it is presumed at the decision.")
    if event["confidence"] == "low":
        parts.append("Low confidence: not established that the act exists or says this.")
    elif not event["certain"]:
        parts.append("It is not certain that this happens.")
    parts.append(f"Source: {event['source_url']}")
    return " ".join(parts)
