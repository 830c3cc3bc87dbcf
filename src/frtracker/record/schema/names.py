"""The names of the tables and their columns, in file order.

Standard library only, so that reading a table that is known to be valid loads no validator.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "policies": (
            "policy_id",
            "subject",
            "subject_type",
            "country",
            "region",
            "decided_by",
            "measure",
            "uses",
            "applies_to",
            "reach",
            "territory",
            "status",
            "introduced_on",
            "decided_on",
            "effective_on",
            "expires_on",
            "ends_when",
            "last_confirmed_on",
            "supersedes",
            "relates_to",
            "instrument",
            "summary",
            "exceptions",
            "source_url",
            "confidence",
            "reviewed_on",
            "notes",
        ),
        "subjects": (
            "subject",
            "subject_type",
            "country",
            "region",
            "within",
            "geoid",
            "latitude",
            "longitude",
            "aliases",
        ),
        "sources": (
            "policy_id",
            "url",
            "publisher",
            "title",
            "published_on",
            "kind",
            "supports",
        ),
        "searches": (
            "country",
            "region",
            "level",
            "searched_on",
            "finding",
        ),
    }
)
"""Table name -> its columns as they stand in the file; the models of
:mod:`frtracker.record.schema.models` say what each holds."""

TABLES: Final = tuple(COLUMNS)

DATE_COLUMNS: Final = (
    "introduced_on",
    "decided_on",
    "effective_on",
    "expires_on",
    "last_confirmed_on",
    "reviewed_on",
)
"""The date columns of policies.csv, each typed as a pair ``_low``, ``_high``."""

RECORDED_DATES: Final = DATE_COLUMNS[:-1]
"""Dates about the act itself: each needs a source (``reviewed_on`` is ours)."""

PROVABLE: Final = (
    "introduced_on",
    "decided_on",
    "effective_on",
    "expires_on",
    "ends_when",
    "last_confirmed_on",
    "decided_by",
    "measure",
    "uses",
    "applies_to",
    "reach",
    "territory",
    "status",
    "instrument",
    "summary",
    "exceptions",
)
"""The columns of policies.csv that a source can prove."""
