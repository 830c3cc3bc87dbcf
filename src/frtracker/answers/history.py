"""``show``: everything recorded of one subject, act by act, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from frtracker.answers.documents import Document, days, grouped, heading, identity, listed
from frtracker.answers.status import rules_on
from frtracker.dates import parse
from frtracker.places.subjects import Subject
from frtracker.record.columns import TABLES
from frtracker.record.load import Tables
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN


def histories(
    tables: Tables, timeline: Timeline, document: Document, subjects: Iterable[Subject]
) -> Iterator[Document]:
    """The whole history of each subject: its status on the day (null when nothing of it is known
    then), and every row of the record with its sources, in order of its first recorded day.
    ``document``: the status document of the same day and timeline, with ``everything``; what became
    known after the day of knowledge is left out."""
    as_of = document["as_of"]
    entries = {entry["subject_key"]: entry for entry in document["subjects"]}
    rules = rules_on(timeline, date.fromisoformat(as_of))
    proofs = sources(tables, timeline.known_at)
    listed_from = timeline.rules.of_rows.listed_from < OPEN
    known = set(timeline.policies.loc[listed_from, "policy_id"])
    for subject in subjects:
        entry = entries.get(subject.key)
        own = [rule for rule in rules.get(subject.key, ()) if rule["policy_id"] in known]
        yield {
            **heading("show", tables, timeline.known_at, as_of=as_of),
            **identity(subject),
            "aliases": list(subject.aliases),
            "status": entry and {name: cell for name, cell in entry.items() if name != "policies"},
            "policies": with_sources(sorted(own, key=_order), proofs),
        }


def with_sources(rules: Iterable[Document], proofs: Mapping[str, list[Document]]) -> list[Document]:
    """The rules with their ``sources``: ``proofs`` (see :func:`sources`), or the best one alone."""
    unnamed = dict.fromkeys(TABLES["sources"].names[2:]) | {"supports": []}
    return [
        {
            **rule,
            "sources": proofs.get(rule["policy_id"]) or [{"url": rule["source_url"], **unnamed}],
        }
        for rule in rules
    ]


def sources(tables: Tables, known_at: date | None) -> dict[str, list[Document]]:
    """By ``policy_id`` its sources, the best first, without those that came after ``known_at``."""
    proofs: dict[str, list[Document]] = {}
    for policy_id, rows in grouped(tables.sources, "policy_id").items():
        for row in rows:
            published = parse(row["published_on"]) if row["published_on"] else None
            if not (published and known_at and published.low > known_at):
                ends = (published.low, published.high) if published else (None, None)
                source = {
                    **{name: cell or None for name, cell in row.items() if name != "policy_id"},
                    **days("published_on", *ends),
                    "supports": listed(row["supports"]),
                }
                proofs.setdefault(policy_id, []).append(source)
    return proofs


def _order(rule: Document) -> tuple[date, str]:
    """By the first recorded day; of "on B at the latest" that is B."""
    recorded = [rule[c] for c in ("introduced_on", "decided_on", "effective_on") if rule[c]]
    return min((parse(text).first for text in recorded), default=date.max), rule["policy_id"]
