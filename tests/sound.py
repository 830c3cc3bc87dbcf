"""Four sound tables, and what the rules say of them with a few cells changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from frtracker.record import load as table
from frtracker.record import schema, typed
from frtracker.record.findings import Finding

BROKEN = Path(__file__).parent / "broken"
BASE = BROKEN / "base"

OAKLAND, OAKLAND_2021, OAKLAND_2022 = (f"us-ca-oakland-{year}" for year in (2019, 2021, 2022))
PORT, MASSACHUSETTS = "us-ca-oakland-port-2020", "us-ma-2020"
VENDOR, COMPANY, UNION = "vendor-example-2020", "company-shops-2021", "union-2024"


SOUND = {text.name: text.frame for text in table.texts([BASE / "policies.csv"])}
KEY = {"policies": "policy_id", "subjects": "subject", "sources": "policy_id"}


def changed(name: str, changes: dict[str, dict[str, str]]) -> pd.DataFrame:
    """The sound table with these cells; a row that is not in it is made ``like`` another."""
    rows = {row[KEY[name]]: row for row in SOUND[name].to_dict("records")}
    for key, new in changes.items():
        rows[key] = rows[new.get("like", key)] | {KEY[name]: key} | new
        rows[key].pop("like", None)
    return pd.DataFrame(list(rows.values()), dtype="str")[list(SOUND[name].columns)]


def meaning(**changes: dict[str, dict[str, str]]) -> list[Finding]:
    """What the rules on rows and tables find in the sound tables with these problems."""
    return meaning_of(SOUND | {name: changed(name, new) for name, new in changes.items()})


def meaning_of(texts: dict[str, pd.DataFrame]) -> list[Finding]:
    """What the rules on rows and tables find in these text tables."""
    draft = schema.Draft(
        policies=typed.policies(texts["policies"]),
        subjects=typed.subjects(texts["subjects"]),
        sources=texts["sources"],
        searches=texts["searches"],
        present=frozenset(texts),
        borrowed=frozenset(),
    )
    places = {
        name: schema.Place(f"{name}.csv", np.arange(len(text)) + 2) for name, text in texts.items()
    }
    found, skipped = schema.check_meaning(draft, places, shipped=False)
    assert skipped == []
    return found


def p(**row: str) -> dict[str, str]:
    return row
