"""The checks on the tables that speak of the record itself: which ids it no longer uses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from frtracker.record.check import Record, Rows, Violation
from frtracker.record.findings import Check

_Retired = partial(Check, table="retired_ids", needs="policies")


@_Retired("R140", "A retired id names no row of policies.csv.")
def retired_is_gone(record: Record, rows: Rows) -> Iterator[Violation]:
    back = rows.frame["policy_id"].isin(record.rows_of_ids).to_numpy()
    message = "{policy_id} is a row of policies.csv: an id that was retired is never used again"
    return rows.broken(back, "policy_id", message)


@_Retired("R141", "What replaced a retired id is a row of policies.csv.")
def replacement_is_there(record: Record, rows: Rows) -> Iterator[Violation]:
    lost = ~rows.frame["replaced_by"].isin(record.rows_of_ids).to_numpy()
    message = "there is no row {replaced_by} in policies.csv: name the row that says the same now"
    return rows.broken(lost, "replaced_by", message)
