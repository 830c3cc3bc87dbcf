"""Checks on sources.csv, and on the proof that each row of policies.csv has there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from frtracker.record.check import Record, Rows, Violation
from frtracker.record.columns import RECORDED_DATES
from frtracker.record.findings import Check
from frtracker.record.tables import bounds


@Check(
    "R080",
    "error",
    "A source speaks about a row of policies.csv.",
    table="sources",
    needs=frozenset({"policies"}),
)
def source_has_a_policy(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        ~rows.frame["policy_id"].isin(record.policy_index).to_numpy(),
        "policy_id",
        "there is no row {policy_id} in policies.csv: correct the id or remove it",
    )


@Check("R081", "error", "Each page stands once for each policy.", table="sources")
def source_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(["policy_id", "url"]).to_numpy()
    return rows.violations(again, "url", "{url} stands twice for this policy: join the rows")


@Check(
    "R082",
    "warning",
    "Every recorded date has a source that supports it.",
    needs=frozenset({"sources"}),
    shipped="error",
)
def date_has_a_source(record: Record, rows: Rows) -> Iterator[Violation]:
    proofs = record.sources.words("supports")
    policy_ids = record.sources.frame["policy_id"].iloc[proofs["row"].to_numpy()].to_numpy()
    proven = set(zip(policy_ids, proofs["word"].str.removesuffix("~"), strict=True))
    for column in RECORDED_DATES:
        unproven = np.array([(it, column) not in proven for it in record.policy_index], bool)
        yield from rows.violations(
            unproven & ~rows.empty(column),
            column,
            f"no source in sources.csv supports {{{column}}}: add {column} to `supports` of the"
            f" one that shows it ({column}~ if it is computed)",
        )


@Check(
    "R083",
    "warning",
    "The source_url of a row is among its sources.",
    needs=frozenset({"sources"}),
    shipped="error",
)
def best_source_is_listed(record: Record, rows: Rows) -> Iterator[Violation]:
    listed = pd.MultiIndex.from_frame(record.sources.frame[["policy_id", "url"]])
    best = pd.MultiIndex.from_frame(rows.frame[["policy_id", "source_url"]])
    return rows.violations(
        ~best.isin(listed),
        "source_url",
        "{source_url} is not among this policy's rows of sources.csv: add it there",
    )


@Check(
    "R084",
    "warning",
    "A source that proves a decision was not published certainly before it.",
    table="sources",
    needs=frozenset({"policies"}),
)
def proof_is_not_early(record: Record, rows: Rows) -> Iterator[Violation]:
    at = record.policy_index.get_indexer(pd.Index(rows.frame["policy_id"]))
    published = bounds(rows.frame["published_on"])[1]
    early = np.zeros(len(at), bool)
    proofs = rows.words("supports")
    early[proofs.loc[proofs["word"] == "decided_on", "row"]] = True
    early &= (at >= 0) & (published > 0)
    early[early] = published[early] < record.policies.frame["decided_on_low"].to_numpy()[at[early]]

    def message(row: int) -> str:
        return (
            f"published {rows.text(row, 'published_on')}, before decided_on"
            f" {record.policies.text(at[row], 'decided_on')}, which it is to prove: correct the"
            " date, or let it prove introduced_on"
        )

    return rows.violations(early, "published_on", message)
