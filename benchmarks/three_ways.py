"""One question, three answers: frtracker, DuckDB and a plain loop, in one form to compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from row_loop import Answer, Pair

from frtracker.timeline.rules import RANKED

QUERY = (Path(__file__).parent / "positions.sql").read_text(encoding="utf-8")
RANK = {position: rank for rank, position in enumerate(RANKED)}


def by_duckdb(connection: Any, day: date) -> Any:
    """The query on the table ``policies`` of the connection, as an Arrow table."""
    return connection.sql(QUERY, params={"day": day.toordinal()}).to_arrow_table()


def read_frame(found: pd.DataFrame) -> dict[Pair, Answer]:
    """The rows of ``timeline.standing_on`` or ``positions_on``."""
    columns = (
        "subject_key", "actor", "measure", "scope", "certain", "at_least_measure",
        "at_least_scope", "policy_ids", "territory", "lifted",
    )  # fmt: skip
    return {
        (key, actor): Answer(
            RANK[measure, scope],
            RANK[measure, scope] if sure else RANK[least or "none", least_scope],
            _words(ids),
            _words(territory),
            bool(lifted),
        )
        for key, actor, measure, scope, sure, least, least_scope, ids, territory, lifted in zip(
            *(found[name].tolist() for name in columns), strict=True
        )
    }


def read_arrow(found: Any) -> dict[Pair, Answer]:
    """The rows of the query for the pairs in which nothing is in doubt."""
    columns = ("subject_key", "actor", "rank", "policy_ids", "territory", "lifted", "doubtful")
    return {
        (key, actor): Answer(rank, rank, _words(ids), _words(territory), lifted)
        for key, actor, rank, ids, territory, lifted, doubtful in zip(
            *(found[name].to_pylist() for name in columns), strict=True
        )
        if not doubtful
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


def undoubted(all_of_them: Mapping[Pair, Answer], sure: Mapping[Pair, Answer]) -> dict:
    """The answers for the pairs of ``sure``."""
    return {pair: all_of_them[pair] for pair in sure if pair in all_of_them}
