"""One question, three answers: frtracker, DuckDB and a plain loop, in one form to compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from row_loop import Answer, Pair

from frtracker.timeline.rules import RANKED

QUERY = (Path(__file__).parent / "positions.sql").read_text(encoding="utf-8")
RANK = {position: rank for rank, position in enumerate(RANKED)}


def read_frame(found: pd.DataFrame) -> dict[Pair, Answer]:
    """The rows of ``timeline.positions`` that hold on a day, whoever found them."""
    columns = (
        "subject_key", "actor", "measure", "scope", "certain", "at_least_measure",
        "at_least_scope", "policy_ids", "territory",
    )  # fmt: skip
    return {
        (key, actor): Answer(
            RANK[measure, scope],
            RANK[measure, scope] if sure else RANK[least or "none", least_scope],
            _words(ids),
            _words(territory),
        )
        for key, actor, measure, scope, sure, least, least_scope, ids, territory in zip(
            *(found[name].tolist() for name in columns), strict=True
        )
    }


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(";")) if text else frozenset()


def differences(one: Mapping[Pair, Answer], other: Mapping[Pair, Answer]) -> list[str]:
    """Where the two differ, in words."""
    return [
        f"{pair}: {one.get(pair)} and {other.get(pair)}"
        for pair in sorted(one.keys() | other.keys())
        if one.get(pair) != other.get(pair)
    ]
