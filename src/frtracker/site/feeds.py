"""Feeds and calendars of the site: of everything, for each actor, of each subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from frtracker import wording
from frtracker.answers.changes import of_rules
from frtracker.answers.documents import Document
from frtracker.answers.editions import news, with_cancelled
from frtracker.export import File
from frtracker.export.calendar import calendar
from frtracker.export.documents import Snapshot
from frtracker.export.feed import feed
from frtracker.places.subjects import Subject
from frtracker.vocabulary import ACTORS

Group = tuple[str, str]
"""Which events: ``("actor", "police")``, ``("place", "US-MA")``, ``("subject", "us-ma-boston")``"""

_EVERYTHING: Final[Group] = ("", "")


class Follow(NamedTuple):
    """The feeds and the calendar of a group of events. ``about``: whom it is limited to; ``law``,
    ``corrections``, ``calendar``: their names; ``page``, ``corrections_page``: those of the pages
    that they belong to."""

    group: Group
    about: str
    law: str
    corrections: str
    calendar: str
    page: str
    corrections_page: str


def general(corrections_page: str) -> list[Follow]:
    """Those of everything, then those for each actor."""
    groups = [(_EVERYTHING, "", ""), *((("actor", it), f"-{it}", it) for it in ACTORS)]
    return [
        Follow(
            group,
            wording.actors([actor] if actor else []),
            f"changes{suffix}.atom",
            f"corrections{suffix}.atom",
            f"upcoming{suffix}.ics",
            "changes.html",
            corrections_page,
        )
        for group, suffix, actor in groups
    ]


def of_subject(subject: Subject) -> Follow:
    """Those of a subject; of a state or country with the places, bodies and companies in it."""
    stem, group = f"subjects/{subject.key}", ("subject", subject.key)
    if subject.subject_type in ("state", "country"):
        group = ("place", subject.region or subject.country)
    files = (f"{stem}.atom", f"{stem}.corrections.atom", f"{stem}.ics")
    return Follow(group, subject.label, *files, f"{stem}.html", f"{stem}.html")


def follow_files(
    snapshot: Snapshot, follows: Iterable[Follow], addresses: Mapping[str, str], home: str
) -> Iterator[File]:
    """The feeds, of what the editions of the year up to the day brought, and the calendars of the
    24 months after it; all without bills. ``addresses``: by policy_id, where the site has the act;
    ``home``: its own address, '' if it has none."""
    first, last = snapshot.changes["since"], snapshot.changes["until"]
    learnt = [news(snapshot.released, first, last, corrections=it) for it in (False, True)]
    coming = with_cancelled(snapshot.upcoming, snapshot.released)
    law, corrections = (_grouped(of_rules(it["events"])) for it in learnt)
    events, cancelled = (_grouped(of_rules(coming[it])) for it in ("events", "cancelled"))
    for it in follows:
        for name, page, document, groups in (
            (it.law, it.page, learnt[0], law),
            (it.corrections, it.corrections_page, learnt[1], corrections),
        ):
            own = groups.get(it.group, [])
            text = feed(
                {**document, "events": own},
                corrections=groups is corrections,
                about=it.about,
                name=name,
                page=page,
                home=home,
                addresses=addresses,
            )
            yield File(name, "atom", text.encode(), len(own))
        scheduled, gone = (groups.get(it.group, []) for groups in (events, cancelled))
        data = calendar({**coming, "events": scheduled, "cancelled": gone}, about=it.about)
        yield File(it.calendar, "ics", data, len(scheduled) + len(gone))


def _grouped(events: Iterable[Document]) -> Mapping[Group, list[Document]]:
    groups: defaultdict[Group, list[Document]] = defaultdict(list)
    for event in events:
        for group in (
            _EVERYTHING,
            ("subject", event["subject_key"]),
            ("place", event["country"]),
            ("place", event["region"]),
            *(("actor", actor) for actor in event["applies_to"]),
        ):
            groups[group].append(event)
    return groups
