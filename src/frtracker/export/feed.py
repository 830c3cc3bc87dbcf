"""Events for subscribers: an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from io import StringIO
from typing import Any, Final

from feedgenerator import Atom1Feed

from frtracker import wording
from frtracker.answers.changes import first_day, of_rules
from frtracker.answers.documents import Document
from frtracker.export import File
from frtracker.export.documents import Snapshot

_FEED: Final = "tag:frtracker,2026"


def atom_files(snapshot: Snapshot, *, home: str = "") -> Iterator[File]:
    """``changes.atom``: the events of rules (no bills) of the year up to the day. ``home``: the
    address of its site."""
    text, events = feed(snapshot.changes, home=home), of_rules(snapshot.changes["events"])
    yield File("changes.atom", "atom", text.encode(), len(events))


class _Feed(Atom1Feed):  # type: ignore[misc]
    """A feed whose entries may have a second link, to their source."""

    def add_item_elements(self, handler: Any, item: Document) -> None:
        super().add_item_elements(handler, item)
        if item["related"]:
            handler.addQuickElement("link", "", {"rel": "related", "href": item["related"]})


def feed(
    document: Document,
    *,
    home: str = "",
    name: str = "changes.atom",
    place: str = "",
    bills: bool = False,
) -> str:
    """The events of a ``changes`` or ``upcoming`` document as Atom text, the latest first, those of
    bills only with ``bills``. An entry's dates are the first day on which its event can have been,
    so the same document gives the same feed. ``home``: the address of the site that the feed
    ``name`` belongs to, if there is one; ``place``: what it is limited to."""
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
    events = document["events"] if bills else of_rules(document["events"])
    for event in sorted(events, key=first_day, reverse=True):
        moment, source = _midnight(first_day(event)), event["source_url"]
        own = f"{home}subjects/{event['subject_key']}.html#{event['policy_id']}" if home else ""
        atom.add_item(
            title=wording.event(event),
            link=own or source,
            related=own and source,
            description=escape(wording.details(event), quote=False),
            unique_id=f"{_FEED}:{event['event_id']}",
            pubdate=moment,
            updateddate=moment,
        )
    if not events:  # of no entries the library would say now
        atom.latest_post_date = lambda: _reviewed(document)
    text = StringIO()
    atom.write(text, "utf-8")
    return text.getvalue()


def _reviewed(document: Document) -> datetime:
    return _midnight(document["dataset"]["reviewed_through"] or "1970-01-01")


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
