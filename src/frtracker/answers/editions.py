"""What an edition said, what the next one says otherwise, and what a reader of it has learnt."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from frtracker import wording
from frtracker.answers.changes import changes
from frtracker.answers.documents import (
    SCHEMA_VERSION,
    Document,
    Row,
    identity,
    listed,
    records,
)
from frtracker.answers.status import UNFILTERED, Filters
from frtracker.files import edition_of, is_safe
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.columns import TABLES
from frtracker.record.editions import EditionFiles, difference
from frtracker.record.findings import DataError
from frtracker.record.load import Tables
from frtracker.timeline import build

COLUMNS: Final = (
    *("subject_key", "actor", "measure", "scope", "certain", "at_least_measure", "at_least_scope"),
    *("territory", "valid_from", "valid_to"),
)
_OPEN: Final = "~"  # comes after every day


@dataclass(frozen=True, slots=True)
class Released:
    """A released edition as a ``folder`` of ``editions/`` keeps it: its ``name`` (``2026.11.22``),
    the ``day`` of its last review, and its edition.json."""

    folder: Path
    day: date
    document: Document

    @property
    def name(self) -> str:
        return self.folder.name


def released(folder: Path) -> tuple[Released, ...]:
    """The editions that a folder keeps, the oldest first; none if it is not there. Raises
    ``OSError``, ``ValueError`` or ``KeyError`` where one is not as it should be."""
    found = []
    for path in folder.glob("*/edition.json"):
        if not is_safe(path.parent.name):
            raise ValueError(f"{path.parent.name!r} cannot be the address of an edition")
        document = json.loads(path.read_bytes())
        day = date.fromisoformat(document["reviewed_through"])
        found.append(Released(path.parent, day, document))
    return tuple(sorted(found, key=lambda it: (it.day, it.name)))


def news(
    released: Iterable[Released],
    since: str,
    until: str,
    *,
    corrections: bool = False,
    filters: Filters = UNFILTERED,
) -> Document:
    """What readers of the record have learnt from the editions of these days (ISO, both included):
    the events of ``law``, or the ``corrections`` (see :func:`learnt`), each with ``learnt_on`` and
    the ``edition`` that brought it; ``learnt_through``: the day of the latest edition by then, ''
    before the first."""
    known = [it for it in released if it.day.isoformat() <= until]
    found = (it for it in known if it.day.isoformat() >= since)
    events = (event for it in found for event in brought(it.document, it.name, corrections))
    return {
        "learnt_through": known[-1].day.isoformat() if known else "",
        "events": [event for event in events if _admits(filters, event)],
    }


def brought(document: Document, name: str, corrections: bool) -> Iterator[Document]:
    """The events that the edition ``name`` brought, or its ``corrections``; ``document``: its
    edition.json, or the ``new`` side and the lists of a ``diff``."""
    day = (document.get("new") or document)["reviewed_through"]
    for it in document["corrections" if corrections else "law"]:
        event = {**(it["new"] or it["old"]), **it} if corrections else it
        yield {**event, "learnt_on": day, "edition": name}


def with_cancelled(
    upcoming: Document, released: Sequence[Released], *, filters: Filters = UNFILTERED
) -> Document:
    """A document of ``upcoming`` with the events that were to come after its day and, since the
    latest edition, no longer are, as ``cancelled``."""
    known = {event["event_id"] for event in upcoming["events"]}
    gone = [
        {**event, "cancelled": True}
        for edition in released[-1:]
        for event in edition.document["cancelled"]
        if upcoming["as_of"] < event["on_high"] <= upcoming["until"]
        and event["kind"] in ("began", "ended")
        and event["event_id"] not in known
        and _admits(filters, event)
    ]
    return {**upcoming, "cancelled": gone}


def _admits(filters: Filters, event: Document) -> bool:
    country, region = (event[name] or "" for name in ("country", "region"))
    names = event["subject_key"], event["subject"], event["subject_type"]
    subject = Subject(*names, country, region)
    lists = {name: ";".join(event[name] or ()) for name in ("territory", "applies_to")}
    return filters.admits_act(subject, {**event, **lists})


def answers(positions: pd.DataFrame) -> list[dict[str, str]]:
    """The timeline's ``positions`` as an edition's positions.csv has them: days ISO, flags ``true``
    and ``false``, '' where there is nothing; the :data:`COLUMNS` that are compared."""
    rows = records(positions[[*COLUMNS]])
    return [{name: _text(cell) for name, cell in row.items()} for row in rows]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else cell or ""


def compare(old: EditionFiles, new: EditionFiles) -> Document:
    """The document of ``diff``: what differs between two editions, as plain JSON types.

    ``tables``: the rows of each record table that both have
    (:func:`frtracker.record.editions.difference`); ``answers``: see :func:`compare_answers`;
    ``law``, ``corrections``, ``cancelled``: see :func:`learnt`; all four None where the cells of
    either are not valid. ``replaced_by``: of the removed rows of policies those whose ids were
    retired.
    """
    tables = [
        difference(name, old.texts[name], new.texts[name])
        for name in TABLES
        if name in old.texts and name in new.texts
    ]
    removed = {row["row_id"] for row in tables[0]["removed"]}
    replaced = {}
    if "retired_ids" in new.texts:
        rows = new.texts["retired_ids"].frame
        replaced = dict(zip(rows["policy_id"], rows["replaced_by"], strict=True))
    found: Document = dict.fromkeys(("answers", "law", "corrections", "cancelled"))
    before, after = _valid(old), _valid(new)
    if before and after:
        then, now = (answers(build(it.policies).positions) for it in (before, after))
        subjects = {**subjects_by_key(before.subjects), **subjects_by_key(after.subjects)}
        found = {"answers": compare_answers(then, now, subjects), **learnt(before, after, replaced)}
    return {
        **{"kind": "diff", "schema_version": SCHEMA_VERSION},
        **{"old": described(old), "new": described(new), "tables": tables},
        "not_compared": [name for name in TABLES if (name in old.texts) is not (name in new.texts)],
        "replaced_by": {it: by for it, by in replaced.items() if it in removed},
        **found,
    }


def compare_with_kept(folder: Path, new: EditionFiles) -> Document:
    """The document of :func:`compare` with a folder of ``editions/``, which has the answers alone.
    Raises ``OSError`` or ``ValueError`` if it has none, :class:`DataError`."""
    with (folder / "positions.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not {*COLUMNS} <= {*(reader.fieldnames or ())}:
            raise ValueError("a column is missing")
        old = [*reader]
    kept, tables = json.loads((folder / "edition.json").read_bytes()), new.tables()
    subjects = subjects_by_key(tables.subjects)
    return {
        **{"kind": "diff", "schema_version": SCHEMA_VERSION},
        "old": {
            **{name: kept[name] for name in ("edition", "reviewed_through")},
            "policies": kept["rows"]["policies"],
        },
        "new": described(new),
        **{"tables": [], "not_compared": [*TABLES], "replaced_by": {}},
        "answers": compare_answers(old, answers(build(tables.policies).positions), subjects),
        **dict.fromkeys(("law", "corrections", "cancelled")),
    }


def described(files: EditionFiles) -> Document:
    """Which edition these files are."""
    policies = files.texts["policies"].frame
    whole, _ = edition_of({f"{name}.csv": text.raw for name, text in files.texts.items()})
    reviewed = max(policies["reviewed_on"], default="") or None
    return {"edition": whole, "reviewed_through": reviewed, "policies": len(policies)}


def _valid(files: EditionFiles) -> Tables | None:
    try:
        return files.tables()
    except DataError:
        return None


def learnt(
    old: Tables, new: Tables, replaced: Mapping[str, str] = MappingProxyType({})
) -> Document:
    """Which events the readers of an edition learn from the next one, in order of their days. None
    is both ``law`` and a correction.

    - ``law``: events of acts that are new on record, and of others those that have come since the
      last review of the old edition, or are to come.
    - ``corrections``: what the old edition said wrongly of acts that it has: ``old``, the event as
      it was, None where it was missed; ``new``, as it is right, None where there is none.
    - ``cancelled``: events that were to come and no longer are, for any reason.

    What an act does to an earlier one comes with the events of the act: an end that it brought
    about is no correction of the end that was recorded before. ``replaced``: retired id -> the row
    that has its place; it is the same act.
    """
    known, day = _renamed(old, replaced), old.edition.reviewed_through or ""
    is_known = new.policies["policy_id"].isin(known.policies["policy_id"])
    unextended = replace(new, policies=new.policies[is_known])
    said, right, now = (
        {it["event_id"]: it for it in _events(it)} for it in (known, unextended, new)
    )
    corrections: dict[str, Document] = {}
    for name in dict.fromkeys([*said, *right]):
        before, after, is_here = said.get(name), right.get(name), name in now
        if before and after:
            is_wrong = is_here and _sentence(before) != _sentence(after)
        else:
            is_wrong = bool(before) or (is_here and right[name]["on_high"] <= day)
        if is_wrong:
            corrections[name] = {"old": before, "new": after and now[name]}
    return {
        "law": [it for name, it in now.items() if name not in said and name not in corrections],
        "corrections": sorted(
            corrections.values(), key=lambda it: str((it["new"] or it["old"])["on_high"])
        ),
        "cancelled": [it for name, it in said.items() if name not in now and it["on_high"] > day],
    }


def _events(tables: Tables) -> list[Document]:
    events: list[Document] = changes(tables, build(tables.policies), date.min, date.max)["events"]
    return events


def _sentence(event: Document) -> tuple[str, ...]:
    """All that is said of an event."""
    doubt = wording.event_doubt(event), str(event["start_presumed"])
    return (wording.event(event), event["on"], *doubt)


def _renamed(tables: Tables, replaced: Mapping[str, str]) -> Tables:
    """The record with the ids of today; of two rows that are one today, that which kept its id."""
    policies = tables.policies
    ids = policies["policy_id"]
    policies = policies[~(ids.isin([*replaced]) & ids.map(replaced).isin(ids))]
    named = policies[["policy_id", "supersedes", "relates_to"]].map(
        lambda cell: ";".join(replaced.get(it, it) for it in cell.split(";"))
    )
    return replace(tables, policies=policies.assign(**named.astype("str")))


def compare_answers(
    old: Iterable[Row], new: Iterable[Row], subjects: Mapping[str, Subject]
) -> Document:
    """In which stretches of days an answer is another: for each stretch the answer of both sides,
    null where no act is recorded. Which rules it rests on is not compared."""
    pairs: dict[tuple[str, str], tuple[list[Row], list[Row]]] = {}
    for side, rows in enumerate((old, new)):
        for row in rows:
            pairs.setdefault((row["subject_key"], row["actor"]), ([], []))[side].append(row)
    changed: list[Document] = []
    for (key, actor), (before, after) in sorted(pairs.items()):
        ends = {row[it] or _OPEN for row in before + after for it in ("valid_from", "valid_to")}
        last: Document = {}
        for low, high in pairwise(sorted(ends)):
            both = {"old": _on(low, before), "new": _on(low, after)}
            if both["old"] == both["new"]:
                continue
            if last.get("valid_to") == low and last.items() >= both.items():
                last["valid_to"] = high
            else:
                last = {"subject_key": key, "actor": actor, "valid_from": low, "valid_to": high}
                changed.append(last := last | both)
    whose = {(row["subject_key"], row["actor"]) for row in changed}
    counts = {"answers": len(pairs), "changed": len(whose), "stretches": len(changed)}
    for row in changed:
        row["valid_to"] = row["valid_to"].removesuffix(_OPEN) or None
        key = row["subject_key"]
        row |= identity(subjects.get(key) or Subject(key, key, "", "", ""))
    return {"counts": counts, "changed": changed}


def _on(day: str, rows: Iterable[Row]) -> Document | None:
    row = next((it for it in rows if it["valid_from"] <= day < (it["valid_to"] or _OPEN)), None)
    if row is None:
        return None
    floor = {"measure": row["at_least_measure"], "scope": row["at_least_scope"] or None}
    return {
        "measure": row["measure"],
        "scope": row["scope"] or None,
        "certain": row["certain"] == "true",
        "at_least": floor if floor["measure"] else None,
        "territory": listed(row["territory"]) or None,
    }
