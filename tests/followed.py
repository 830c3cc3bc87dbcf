"""Feeds and calendars as programs of readers have them: two parsers of feeds, of which neither
takes anything out, and three of calendars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import feedparser
import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

_ATOM = "{http://www.w3.org/2005/Atom}"
_ONCE = ("id", "title", "updated")


def feed(raw: bytes) -> Any:
    """The feed that feedparser found, in which every text is as strict XML has it, and all is as
    RFC 4287 demands."""
    root, found = ET.fromstring(raw), feedparser.parse(raw, sanitize_html=False)
    assert not found.bozo
    assert root.tag == f"{_ATOM}feed"
    assert root.findtext(f"{_ATOM}author/{_ATOM}name") == found.feed.author
    entries = [*root.iter(f"{_ATOM}entry")]
    for element, parsed in zip([root, *entries], [found.feed, *found.entries], strict=True):
        texts = {tag: element.findall(f"{_ATOM}{tag}") for tag in (*_ONCE, "summary", "subtitle")}
        assert [len(texts[tag]) for tag in _ONCE] == [1, 1, 1]
        for tag, (text,) in ((tag, it) for tag, it in texts.items() if it):
            assert (text.text, text.attrib) == (parsed[tag], {}), "text, not HTML"
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f-]{21}", parsed.id)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", parsed.updated)
        links = [it.attrib for it in element.findall(f"{_ATOM}link")]
        assert [it["rel"] for it in links].count("alternate") == 1 or element is root
        assert [it["rel"] for it in links].count("alternate") <= 1
        assert all(re.match("https?://|[a-z0-9./_-]+(#|$)", it["href"]) for it in links)
    versions = [(it.id, it.updated) for it in found.entries]
    assert len({*versions}) == len(versions)
    return found


class Event(NamedTuple):
    uid: str
    start: date
    end: date
    summary: str
    description: str
    status: str
    url: str


def events(raw: bytes) -> list[Event]:
    """The events of a calendar, the same in each library; its lines are as RFC 5545 demands."""
    lines = raw.split(b"\r\n")
    assert not [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line]
    for line in lines:
        line.decode()  # no character is folded
    first, *others = ([*read(raw)] for read in READERS)
    for other in others:
        assert other == first
    return first


def _in_vobject(raw: bytes) -> Iterator[Event]:
    for it in getattr(vobject.readOne(raw.decode()), "vevent_list", ()):
        text = (it.summary, it.description, it.status, it.url)
        yield Event(it.uid.value, it.dtstart.value, it.dtend.value, *(part.value for part in text))


def _in_ical(raw: bytes) -> Iterator[Event]:
    for it in IcsCalendarStream.calendar_from_ics(raw.decode()).events:
        text = (it.summary, it.description, it.status.value, str(it.url))
        yield Event(it.uid, it.dtstart, it.dtend, *text)


def _in_icalendar(raw: bytes) -> Iterator[Event]:
    for it in icalendar.Calendar.from_ical(raw).walk("VEVENT"):
        text = (str(it[name]) for name in ("summary", "description", "status", "url"))
        yield Event(str(it["uid"]), it["dtstart"].dt, it["dtend"].dt, *text)


Reader = Callable[[bytes], Iterator[Event]]
READERS: list[Reader] = [_in_vobject, _in_ical]
if not icalendar.__version__.startswith(
    "6."
):  # which reads an escaped backslash and an n as a line
    READERS.append(_in_icalendar)
