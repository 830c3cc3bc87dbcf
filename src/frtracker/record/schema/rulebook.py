"""Every rule of the data in one place, and what runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from frtracker.record.findings import Finding
from frtracker.record.schema import (
    cells,
    checking,
    date_rules,
    file_rules,
    link_rules,
    place_rules,
    point_rules,
    scope_rules,
    source_rules,
    succession_rules,
)
from frtracker.record.schema.checking import Place
from frtracker.record.schema.models import MODELS
from frtracker.record.schema.rule import Draft, Rule

RULES: Final[tuple[Rule, ...]] = (
    *file_rules.RULES,
    *date_rules.RULES,
    *scope_rules.RULES,
    *link_rules.RULES,
    *succession_rules.RULES,
    *place_rules.RULES,
    *point_rules.RULES,
    *source_rules.RULES,
    *file_rules.FORM_RULES,
    *cells.RULES,
)
"""Every rule of the data, in one place."""


def columns() -> pd.DataFrame:
    """The data dictionary: one row is one column of one table.

    Columns (dtype str, but ``required`` bool): ``table``, ``column``, ``kind`` (text, id, word,
    list, date, day, country, region, url, geoid, number), ``required`` (every row fills it),
    ``terms`` (the words of a closed vocabulary, joined by ';'), ``description``.
    """
    rows = [
        (table, name, *_described(column.metadata), column.description)
        for table, model in MODELS.items()
        for name, column in model.to_schema().columns.items()
    ]
    names = ["table", "column", "kind", "required", "terms", "description"]
    return pd.DataFrame(rows, columns=names)


def _described(metadata: Mapping[str, object]) -> tuple[object, object, str]:
    terms = metadata["terms"]
    assert isinstance(terms, tuple)
    return metadata["kind"], metadata["required"], ";".join(terms)


def check_cells(table: str, frame: pd.DataFrame, place: Place) -> list[Finding]:
    """Findings on the single cells of one text table."""
    return checking.check_cells(table, frame, place, cells.RULES)


def check_meaning(
    draft: Draft, places: Mapping[str, Place], *, shipped: bool
) -> tuple[list[Finding], list[str]]:
    """Findings of the rules on rows and tables, and what was passed over for want of a table."""
    return checking.check_meaning(draft, places, RULES, shipped=shipped)
