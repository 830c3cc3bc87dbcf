"""Rules on sources.csv, and on the proof that each row of policies.csv has there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from frtracker import dates
from frtracker.record.findings import brief
from frtracker.record.schema.frames import cells, empty, listed, text_at
from frtracker.record.schema.names import RECORDED_DATES
from frtracker.record.schema.rule import Draft, Hit, table_rule


@table_rule(
    "R080",
    "error",
    "A source speaks about a row of policies.csv.",
    table="sources",
    needs=("policies",),
)
def source_has_a_policy(draft: Draft) -> Iterator[Hit]:
    rows = draft.sources
    unknown = ~rows["policy_id"].isin(draft.policies["policy_id"]).to_numpy()
    for row, (policy_id,) in cells(rows, unknown, "policy_id"):
        message = f"there is no row {brief(policy_id)} in policies.csv: correct the id or remove it"
        yield Hit(row, "policy_id", policy_id, message)


@table_rule("R081", "error", "Each page stands once for each policy.", table="sources")
def source_stands_once(draft: Draft) -> Iterator[Hit]:
    rows = draft.sources
    again = rows.duplicated(["policy_id", "url"]).to_numpy()
    for row, (url,) in cells(rows, again, "url"):
        yield Hit(row, "url", url, f"{brief(url)} stands twice for this policy: join the rows")


@table_rule(
    "R082",
    "warning",
    "Every recorded date has a source that supports it.",
    needs=("sources",),
    shipped="error",
)
def date_has_a_source(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    proofs = listed(draft.sources, "supports")
    proven = pd.MultiIndex.from_arrays(
        [
            draft.sources["policy_id"].iloc[proofs["row"].to_numpy()],
            proofs["word"].str.removesuffix("~"),
        ]
    )
    for column in RECORDED_DATES:
        asked = pd.MultiIndex.from_arrays([rows["policy_id"], np.full(len(rows), column)])
        unproven = ~empty(rows, column) & ~asked.isin(proven)
        for row, (day,) in cells(rows, unproven, column):
            message = (
                f"no source in sources.csv supports {day}: add {column} to `supports` of the one"
                f" that shows it ({column}~ if it is computed)"
            )
            yield Hit(row, column, day, message)


@table_rule(
    "R083",
    "warning",
    "The source_url of a row is among its sources.",
    needs=("sources",),
    shipped="error",
)
def best_source_is_listed(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    known = pd.MultiIndex.from_frame(draft.sources[["policy_id", "url"]])
    asked = pd.MultiIndex.from_frame(rows[["policy_id", "source_url"]])
    for row, (url,) in cells(rows, ~asked.isin(known), "source_url"):
        message = f"{brief(url)} is not among this policy's rows of sources.csv: add it there"
        yield Hit(row, "source_url", url, message)


@table_rule(
    "R084",
    "warning",
    "A source that proves a decision was not published certainly before it.",
    table="sources",
    needs=("policies",),
)
def proof_is_not_early(draft: Draft) -> Iterator[Hit]:
    rows = draft.sources
    proofs = listed(rows, "supports")
    proving = proofs.loc[proofs["word"] == "decided_on", "row"].to_numpy()
    proving = proving[~empty(rows, "published_on")[proving]]
    at = pd.Index(draft.policies["policy_id"]).get_indexer(rows["policy_id"].iloc[proving])
    proving, at = proving[at >= 0], at[at >= 0]
    published = rows["published_on"].iloc[proving].map(_last_day).to_numpy()
    early = published < draft.policies["decided_on_low"].to_numpy()[at]
    for row, policy in zip(proving[early].tolist(), at[early].tolist(), strict=True):
        day, decided = (
            text_at(rows, row, "published_on"),
            text_at(draft.policies, policy, "decided_on"),
        )
        message = (
            f"published {day}, before decided_on {decided}, which it is to prove: correct the"
            " date, or let it prove introduced_on"
        )
        yield Hit(row, "published_on", day, message)


def _last_day(text: str) -> int:
    return dates.parse(text).high.toordinal()


RULES: Final = (
    source_has_a_policy,
    source_stands_once,
    date_has_a_source,
    best_source_is_listed,
    proof_is_not_early,
)
