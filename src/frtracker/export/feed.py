"""Feeds of what the record has learnt (Atom, RFC 4287): changes of law, and corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from uuid import NAMESPACE_DNS, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from frtracker import wording
from frtracker.answers.changes import of_rules
from frtracker.answers.documents import Document
from frtracker.answers.editions import news
from frtracker.export import File
from frtracker.export.documents import Snapshot
from frtracker.record.columns import LICENSE

_NAMESPACE: Final = uuid5(NAMESPACE_DNS, "frtracker")
_SUBTITLES: Final = {
    False: "Events of acts that are new on record, and what has come since: bans, moratoriums and"
    " other rules on facial recognition, decided, begun, ended. Each is dated by the edition that"
    " brought it; its own day is in its title.",
    True: "What an earlier edition of the record said wrongly, and what is right.",
}


def atom_files(snapshot: Snapshot) -> Iterator[File]:
    """``changes.atom`` and ``corrections.atom``: what the editions of the year up to the day
    brought, without bills."""
    first, last = snapshot.changes["since"], snapshot.changes["until"]
    for name, corrections in (("changes.atom", False), ("corrections.atom", True)):
        document = news(snapshot.released, first, last, corrections=corrections)
        events = of_rules(document["events"])
        yield File(name, "atom", feed(document, corrections=corrections).encode(), len(events))


def feed(
    document: Document,
    *,
    corrections: bool = False,
    bills: bool = False,
    about: str = "",
    name: str = "",
    page: str = "",
    home: str = "",
    addresses: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A document of :func:`frtracker.answers.editions.news` as Atom text, the latest first, events
    of bills only with ``bills``; with ``as_of``, it has only what is to come after that day. An
    entry is dated by the day of the edition that brought it, so the same document gives the same
    feed. Its id is made of its title, which says what it has, on a site of its address.

    ``about``: whom it is limited to. Of a feed of a site ``name`` and ``page`` are the addresses
    of itself and of the page that it belongs to, ``home`` that of the site, if it has one;
    ``addresses``: by policy_id, where the site has the act.
    """
    subject = wording.joined(["Face recognition rules", about and f"({about})"], " ")
    law = ["changes of law", bills and "and bills", document.get("as_of") and "to come"]
    title = f"{subject}: {'corrections' if corrections else wording.joined(law, ' ')}"
    base = home or "../" * name.count("/")
    events = document["events"] if bills else of_rules(document["events"])
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    latest = max((it["learnt_on"] for it in events), default=document["learnt_through"])
    for tag, text in {
        "id": event_urn(f"{home}{name}" or title),
        "title": title,
        "subtitle": _SUBTITLES[corrections],
        "updated": _midnight(latest),
        "rights": LICENSE,
    }.items():
        SubElement(root, tag).text = text
    SubElement(SubElement(root, "author"), "name").text = wording.AUTHORS
    if page:
        SubElement(root, "link", rel="alternate", type="text/html", href=f"{base}{page}")
    if home:
        SubElement(root, "link", rel="self", href=f"{home}{name}")
    for event in sorted(events, key=lambda it: (it["learnt_on"], it["on_high"]), reverse=True):
        entry, moment = SubElement(root, "entry"), _midnight(event["learnt_on"])
        is_correction = "-corrected-" + event["edition"] if corrections else ""
        day = event["learnt_on"]
        title = wording.correction(event, day) if corrections else wording.event_on(event, day)
        for tag, text in {
            "id": event_urn(f"{event['event_id']}{is_correction}"),
            "title": title,
            "published": moment,
            "updated": moment,
            "summary": wording.learnt(event, day),
        }.items():
            SubElement(entry, tag).text = text
        links = {"alternate": event["source_url"]}
        if address := addresses.get(event["policy_id"]):
            links = {"alternate": f"{base}{address}", "related": event["source_url"]}
        for rel, href in links.items():
            SubElement(entry, "link", rel=rel, href=href)
    indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def event_urn(name: str) -> str:
    """The Atom id of an event, by the name that a calendar knows it by (RFC 9562, version 5)."""
    return uuid5(_NAMESPACE, f"{name}@frtracker").urn


def _midnight(day: str) -> str:
    return f"{day or '1970-01-01'}T00:00:00Z"
