"""Kinds of columns: for each, the pandera field with its description and its cell rules."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import pandera.pandas as pa

from frtracker.record.findings import brief
from frtracker.record.schema import cells, problems
from frtracker.record.schema.cells import CellCheck
from frtracker.vocabulary import Vocabulary

_FILLED = CellCheck(cells.FILLED, problems.filled, sees_empty=True)


def _field(
    kind: str,
    description: str,
    *checks: CellCheck,
    required: bool = False,
    terms: Collection[str] = (),
) -> Any:
    applied = (_FILLED, *checks) if required else checks
    field = pa.Field(
        description=description,
        metadata={
            "kind": kind,
            "required": required,
            "terms": tuple(terms),
            "problems": {check.rule.code: check.problem for check in applied},
        },
    )
    field.checks.extend(pa.Check(check.passes, name=check.rule.code) for check in applied)
    return field


def text(description: str, *, required: bool = False, lines: bool = False) -> Any:
    """One line of plain text; ``lines``: several may stand."""
    return _field(
        "text",
        description,
        CellCheck(cells.CONTROL, problems.inert_text(lines=lines)),
        CellCheck(cells.NFC, problems.normal_form),
        CellCheck(cells.BLANKS, problems.tidy_blanks),
        required=required,
    )


def names(description: str) -> Any:
    """Names joined by ';'."""
    return _field(
        "list",
        description,
        CellCheck(cells.CONTROL, problems.inert_text(lines=False)),
        CellCheck(cells.NFC, problems.normal_form),
        CellCheck(cells.BLANKS, problems.tidy_blanks),
        CellCheck(cells.LIST, problems.listed),
    )


def _unique(series: pd.Series) -> pd.Series:
    return ~series.duplicated() | (series == "")


def identifier(description: str, *, unique: bool) -> Any:
    """A policy_id; ``unique`` where it names the row itself."""
    field = _field("id", description, CellCheck(cells.SLUG, problems.slugged), required=True)
    if unique:
        field.checks.append(pa.Check(_unique, name=cells.UNIQUE.code))
        field.metadata["problems"][cells.UNIQUE.code] = lambda text: (
            f"{brief(text)!r} names an earlier row already: give each its own"
        )
    return field


def identifiers(description: str) -> Any:
    """``policy_id`` values joined by ';'; the rules on rows say whether they exist."""
    return _field("list", description, CellCheck(cells.LIST, problems.listed))


def word(description: str, terms: Vocabulary, *, required: bool = False) -> Any:
    return _field(
        "word",
        description,
        CellCheck(cells.WORD, problems.word_of(terms)),
        required=required,
        terms=terms,
    )


def words(description: str, terms: Vocabulary) -> Any:
    """Required words of a vocabulary joined by ';'; 'any', where there is one, stands alone."""
    checks = [
        CellCheck(cells.LIST, problems.listed),
        CellCheck(cells.WORD, problems.word_of(terms, many=True)),
    ]
    if "any" in terms:
        checks.append(CellCheck(cells.ANY, problems.any_alone))
    return _field("list", description, *checks, required=True, terms=terms)


def date(description: str) -> Any:
    """A day, month, year, A/B or /B."""
    return _field("date", description, CellCheck(cells.DATE, problems.dated))


def day(description: str) -> Any:
    """One exact day, required."""
    return _field("day", description, CellCheck(cells.DAY, problems.exact_day), required=True)


def country(description: str, *, required: bool = False) -> Any:
    return _field(
        "country", description, CellCheck(cells.COUNTRY, problems.country), required=required
    )


def region(description: str) -> Any:
    return _field("region", description, CellCheck(cells.REGION, problems.region))


def territory(description: str) -> Any:
    return _field(
        "list",
        description,
        CellCheck(cells.LIST, problems.listed),
        CellCheck(cells.TERRITORY, problems.territory),
    )


def link(description: str) -> Any:
    """A web address, required."""
    return _field(
        "url",
        description,
        CellCheck(cells.LINK, problems.link),
        CellCheck(cells.HTTPS, problems.secure_link),
        required=True,
    )


def geoid(description: str) -> Any:
    return _field("geoid", description, CellCheck(cells.GEOID, problems.geoid))


def latitude(description: str) -> Any:
    return _field("number", description, CellCheck(cells.LATITUDE, problems.number_within(90)))


def longitude(description: str) -> Any:
    return _field("number", description, CellCheck(cells.LONGITUDE, problems.number_within(180)))


def supports(description: str, columns: Collection[str], dated: Collection[str]) -> Any:
    return _field(
        "list",
        description,
        CellCheck(cells.LIST, problems.listed),
        CellCheck(cells.SUPPORTS, problems.supported_columns(columns, dated)),
        required=True,
    )
