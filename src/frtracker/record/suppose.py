"""What if: the record as it would be if a proposal were in force, or a rule ended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from frtracker import wording
from frtracker.dates import DayRange, parse
from frtracker.record.findings import brief
from frtracker.record.tables import Tables
from frtracker.timeline import build, states_on
from frtracker.vocabulary import (
    BINDING_STATUSES,
    HELD_STATES,
    OUTCOME_STATUSES,
    STATES,
    scope_of,
)

FORM: Final = "ID=DATE, ID=DATE:replaces=ID2 or ID:ends=DATE"
_FORM: Final = re.compile(
    r"(?P<id>[^=:\s]+)(=(?P<starts>[^:]+)(:replaces=(?P<replaces>\S+))?|:ends=(?P<ends>.+))"
)


@dataclass(frozen=True, slots=True)
class Supposition:
    """The rule ``policy_id`` is in force from ``day`` on, in place of the rules ``replaces``; or,
    if it ``ends``, no longer is. ``day``: as precise as it was given."""

    policy_id: str
    day: DayRange
    ends: bool = False
    replaces: tuple[str, ...] = ()


def supposition(text: str) -> Supposition:
    """What a text of the form :data:`FORM` supposes; DATE is a date as the record writes it.
    Raises ``ValueError`` for any other."""
    match = _FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not {FORM}: us-ma-2025-s1053=2027-07-01.")
    day = parse(match["starts"] or match["ends"])
    if day.low == date.min:
        raise ValueError(f"{day} has no first day: suppose a day, month or year.")
    replaced = tuple(filter(None, (match["replaces"] or "").split(",")))
    return Supposition(match["id"], day, bool(match["ends"]), replaced)


def suppose(tables: Tables, suppositions: Sequence[Supposition]) -> Tables:
    """The tables as they would be; without suppositions the same. Of a bill that failed the day of
    that is dropped; of a rule that ends, the condition that would have ended it. ``supposed`` says
    in words what is supposed.

    Raises ``ValueError`` for an id that the record lacks, one that is supposed twice, a rule that
    replaces one of another subject or for other actors, itself or a bill, one that would end before
    it begins, and one that would not be in force then (so that supposing it would change nothing,
    and say that it did)."""
    if not suppositions:
        return tables
    rows: list[dict[Any, Any]] = tables.policies.to_dict("records")
    by_id = {row["policy_id"]: row for row in rows}
    retired = dict(tables.retired_ids[["policy_id", "replaced_by"]].to_numpy().tolist())
    suppositions = [
        replace(
            it,
            policy_id=retired.get(it.policy_id, it.policy_id),
            replaces=tuple(dict.fromkeys(retired.get(name, name) for name in it.replaces)),
        )
        for it in suppositions
    ]
    named = Counter((it.policy_id, it.ends) for it in suppositions)
    for it in suppositions:
        for name in (it.policy_id, *it.replaces):
            if name not in by_id:
                near = wording.did_you_mean(name, by_id, ".")
                raise ValueError(f"There is no rule {brief(name)}{near}")
        if named[it.policy_id, it.ends] > 1:
            raise ValueError(f"{it.policy_id} is supposed twice.")
        row = by_id[it.policy_id]
        if it.ends:
            _date(row, "expires_on", it.day)
            row["ends_when"] = ""
        else:
            _date(row, "effective_on", it.day)
            if row["status"] in (*OUTCOME_STATUSES, "unknown"):
                _date(row, "decided_on", None)
            if row["status"] not in BINDING_STATUSES:
                row["status"] = "adopted"
            row["supersedes"] = ";".join(
                dict.fromkeys([*filter(None, row["supersedes"].split(";")), *it.replaces])
            )
    for it in suppositions:
        row = by_id[it.policy_id]
        if row["status"] not in BINDING_STATUSES:
            raise ValueError(f"{it.policy_id} is not in force: suppose a start too.")
        if wrong := _why_not(row, [by_id[name] for name in it.replaces]):
            raise ValueError(f"{it.policy_id} {wrong}")
    policies = pd.DataFrame(rows, columns=tables.policies.columns).astype(tables.policies.dtypes)
    for it in suppositions:
        before = it.day.low - timedelta(days=1)
        asked = [(it.policy_id, before if it.ends else it.day.high, {*HELD_STATES})]
        # one that expired can be replaced later; one that another replaced cannot be again
        asked += [(name, before, {*STATES} - {"superseded"}) for name in it.replaces]
        for name, day, states in asked:
            if _state(policies, by_id[name], day) not in states:
                by = [row["policy_id"] for row in rows if name in row["supersedes"].split(";")]
                others = [other for other in by if other != it.policy_id]
                replaced = f": {wording.joined(others)} replaces it" if others else ""
                raise ValueError(f"{name} would not be in force then{replaced}.")
    ends = dict(tables.policies[["policy_id", "expires_on"]].to_numpy().tolist())
    said = tuple(_said(it, by_id[it.policy_id], ends[it.policy_id]) for it in suppositions)
    return replace(tables, policies=policies, supposed=said)


def _state(policies: pd.DataFrame, row: dict[str, Any], day: date) -> str:
    own = policies[policies["subject_key"] == row["subject_key"]]
    states = states_on(build(own), day)
    (state,) = states.loc[(own["policy_id"] == row["policy_id"]).to_numpy(), "state"]
    return str(state)


def _date(row: dict[str, Any], column: str, day: DayRange | None) -> None:
    row[column] = str(day) if day else ""
    row[f"{column}_low"] = day.low.toordinal() if day else 0
    row[f"{column}_high"] = day.high.toordinal() if day else 0


def _why_not(row: dict[str, Any], replaced: Sequence[dict[str, Any]]) -> str:
    start = row["effective_on_low"] or row["decided_on_low"]
    if row["expires_on_high"] and row["expires_on_high"] <= start:
        return f"would end ({row['expires_on']}) before it begins."
    for other in replaced:
        if other is row:
            return "replaces itself."
        if other["subject_key"] != row["subject_key"]:
            return f"is of {row['subject']}, {other['policy_id']} is not: it cannot replace that."
        if other["status"] not in BINDING_STATUSES:
            return f"replaces {other['policy_id']}, which was never in force."
        if {*row["applies_to"].split(";")}.isdisjoint(other["applies_to"].split(";")):
            return f"replaces {other['policy_id']}, which is for others."
    return ""


def _said(it: Supposition, row: dict[str, Any], recorded_end: str) -> str:
    """``Massachusetts: restriction for police in force from 1 Jul 2027 (us-ma-2025-s1053)``"""
    what = f"{wording.label(row)}: {wording.act_measure(_as_act(row))}"
    day = wording.from_day(str(it.day))
    how = f"no longer in force from {day}" if it.ends else f"in force from {day}"
    instead = f" in place of {wording.joined(it.replaces)}" if it.replaces else ""
    if it.ends and recorded_end:
        instead = f" instead of {wording.from_day(recorded_end)}"
    return f"{what} {how}{instead} ({it.policy_id})"


def _as_act(row: dict[str, Any]) -> dict[str, Any]:
    lists = {name: row[name].split(";") for name in ("applies_to", "uses")}
    return {**row, **lists, "scope": scope_of(row["uses"])}
