"""Events as an Atom feed (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from io import StringIO
from typing import Final

from feedgenerator import Atom1Feed

from frtracker import wording
from frtracker.answers.status import Document
from frtracker.export.calendar import description, event_id

_NAME: Final = "tag:frtracker,2026:changes"


def feed(document: Document, *, home: str = "") -> str:
    """The events of a ``changes`` or ``upcoming`` document as Atom text, the latest first.

    ``home``: the address of the site that the feed belongs to, if there is one. An entry's dates
    are those of its event, so the same document gives the same feed.
    """
    atom = Atom1Feed(
        title="Face recognition rules: what changed",
        link=home or _NAME,
        description="Bans, moratoria and other rules on face recognition as they begin and end.",
        language="en",
        feed_url=f"{home}changes.atom" if home else None,
        feed_guid=_NAME,
    )
    for event in reversed(document["events"]):
        moment = datetime.combine(date.fromisoformat(event["on"]), time(), UTC)
        atom.add_item(
            title=wording.event(event),
            link=event["source_url"],
            description=description(event),
            unique_id=f"tag:frtracker,2026:{event_id(event)}",
            pubdate=moment,
            updateddate=moment,
        )
    if not document["events"]:
        reviewed = document["dataset"]["reviewed_through"] or "1970-01-01"
        atom.feed["pubdate"] = datetime.combine(date.fromisoformat(reviewed), time(), UTC)
    text = StringIO()
    atom.write(text, "utf-8")
    return text.getvalue()
