"""A new rule with its sources, and its subject if that is new: read from a file, completed, added
to the tables in canonical form."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from frtracker import dates, wording
from frtracker.record.cells import ALONE
from frtracker.record.columns import FILES, IDENTITY, TABLES, Column
from frtracker.record.findings import Finding, brief
from frtracker.record.form import Change, canonical_text
from frtracker.record.load import check_files, find
from frtracker.record.read import MAX_BYTES, read_bytes
from frtracker.record.tables import slug, subject_key

Cells = dict[str, str]

RULE: Final = tuple(TABLES["policies"].names)
PLACE: Final = tuple(it for it in TABLES["subjects"].names if it not in IDENTITY)
"""What subjects.csv has about a subject besides its identity."""
SOURCE: Final = tuple(it for it in TABLES["sources"].names if it != "policy_id")
COLUMNS: Final[Mapping[str, Column]] = {
    column.name: column
    for name in ("sources", "subjects", "policies")
    for column in TABLES[name].columns
}


@dataclass(slots=True)
class NewRule:
    """``policy``: a row of policies.csv. ``subjects``: rows of subjects.csv that it lacks, the
    subject of the rule first. ``sources``: rows of sources.csv, best first. A column without a
    value may be left out."""

    policy: Cells
    subjects: list[Cells] = field(default_factory=list)
    sources: list[Cells] = field(default_factory=list)


def from_toml(text: str) -> tuple[NewRule, Cells]:
    """A rule as a TOML file has it: the columns of policies.csv as keys, one table ``[[sources]]``
    for each source, and, of a new subject, ``[place]`` with the columns of subjects.csv, which is
    returned with it. Lists may be lists, dates TOML dates. Raises ``ValueError``."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not a TOML file: {error}") from error
    sources, place = given.pop("sources", []), given.pop("place", {})
    if not isinstance(place, dict):
        raise ValueError("place: write it as a table, [place]")
    if not isinstance(sources, list) or not all(isinstance(it, dict) for it in sources):
        raise ValueError("sources: write each as a table, [[sources]]")
    policy = _cells(given, (*RULE, "sources", "place"))
    return NewRule(policy, [], [_cells(it, SOURCE) for it in sources]), _cells(place, PLACE)


def as_toml(rule: NewRule) -> str:
    """The rule as :func:`from_toml` reads it."""
    place = {name: text for name, text in (*rule.subjects, {})[0].items() if name in PLACE}
    parts = [("", rule.policy), *(("[[sources]]\n", it) for it in rule.sources)]
    parts += [("[place]\n", place)] if place else []
    return "\n".join(
        head + "".join(f"{name} = {json.dumps(text)}\n" for name, text in cells.items() if text)
        for head, cells in parts
    )


def _cells(given: Mapping[str, Any], names: Collection[str]) -> Cells:
    cells = {}
    for name, value in given.items():
        if name not in names:
            message = f"{brief(name)!r} is not one of: {', '.join(names)}"
            raise ValueError(message + wording.did_you_mean(name, names))
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(it, bool | dict | list) for it in parts):
            raise ValueError(f"{name}: write text, a number, a date, or a list of texts")
        cells[name] = ";".join(map(str, parts))
    return cells


def problem(column: Column, text: str) -> str:
    """The message about a cell that is wrong, or ''."""
    checks = [it for it in column.checks if it.severity == "error" and it is not ALONE]
    looked = (it.look(text) for it in checks if text or it.code == "R100")
    return next((message for message in looked if message), "")


def proposed_id(policy: Cells, taken: Collection[str]) -> str:
    """An id as those of the record are made: the key of the subject and the year, where that is
    taken with the actors too, then with a number."""
    identity = (policy.get(name, "") for name in IDENTITY)
    key = subject_key(*identity)
    recorded = (policy.get(it, "") for it in ("decided_on", "effective_on", "introduced_on"))
    years = (str(dates.parse(it).high.year) for it in recorded if it and dates.is_date(it))
    base = "-".join(filter(None, (key, next(years, ""))))
    actors = f"{base}-{slug(policy.get('applies_to', ''))}".strip("-")
    numbered = (f"{actors}-{number}" for number in range(2, len(taken) + 3))
    return next(it for it in (base, actors, *numbered) if it not in taken)


def unproven(rule: NewRule) -> list[str]:
    """The dates of the rule for which none of its sources is cited."""
    cited = ";".join(it.get("supports", "") for it in rule.sources).replace("~", "").split(";")
    kinds = {name: COLUMNS[name].kind.name for name in RULE}
    return [it for it in RULE if kinds[it] == "date" and rule.policy.get(it) and it not in cited]


def completed(rule: NewRule, taken: Collection[str], today: date) -> NewRule:
    """The rule with what follows from the rest, where that is left out: id, ``source_url``, and
    ``reviewed_on`` (``today``)."""
    best = rule.sources[0].get("url", "") if rule.sources else ""
    usual = {"policy_id": proposed_id(rule.policy, taken), "source_url": best}
    usual["reviewed_on"] = today.isoformat()
    policy = usual | {name: text for name, text in rule.policy.items() if text}
    return NewRule(policy, rule.subjects, rule.sources)


def add(
    path: Path, rule: NewRule, day: date, *, max_bytes: int = MAX_BYTES
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """The changes that add a completed rule to a policies.csv, its sources.csv and subjects.csv,
    and the findings on the files as they then are. A subjects.csv that is missing is made, with
    the rows of the shipped one; a sources.csv is not, for the other rules would have no source."""
    files = find((path,), max_bytes=max_bytes)
    sources = [{"policy_id": rule.policy["policy_id"], **it} for it in rule.sources]
    added = {"policies": [rule.policy], "subjects": rule.subjects}
    added |= {"sources": sources} if "sources" in files.present else {}
    frames = {
        name: _extended(name, files.texts[name].frame, rows) for name, rows in added.items() if rows
    }
    texts, changes = dict(files.texts), []
    for name, frame in frames.items():
        old = files.texts[name]
        own = name in files.present - files.borrowed
        target = old.path if own else path.with_name(f"{name}.csv")
        text = canonical_text(name, frame, frames["policies"])
        texts[name] = read_bytes(name, text.encode(), target, str(target))
        changes.append(Change(target, old.raw.decode() if own else "", text))
    present, borrowed = files.present | {*frames}, files.borrowed - {*frames}
    report = check_files(replace(files, texts=texts, present=present, borrowed=borrowed), day=day)
    return tuple(changes), report.findings


def _extended(name: str, frame: pd.DataFrame, rows: Sequence[Cells]) -> pd.DataFrame:
    cells = [[row.get(column, "") for column in FILES[name].names] for row in rows]
    new = pd.DataFrame(cells, columns=[*FILES[name].names], dtype="str")
    return pd.concat([frame, new], ignore_index=True)
