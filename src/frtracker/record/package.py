"""The descriptor of the four tables as a Frictionless Data Package, made from the schema.

Dates are strings with a pattern, not Frictionless dates: a month, a year or an interval is a
recorded date here, and a type that knows days only would refuse it. Patterns keep to what XML
Schema's and Python's expressions share, as Table Schema asks; they are anchored by definition.
A pattern is a first check: the rules of ``frtracker validate`` are stricter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from frtracker.record import schema
from frtracker.record.keys import IDENTITY
from frtracker.record.schema.cells import UNIQUE
from frtracker.record.schema.names import PROVABLE, RECORDED_DATES
from frtracker.version import __version__

_SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"
_COUNTRY: Final = "[A-Z]{2}"
_REGION: Final = "[A-Z]{2}-[A-Z0-9]{1,3}"
_MONTH_DAY: Final = "(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"
_POINT: Final = f"[0-9]{{4}}(-{_MONTH_DAY})?"


def _listed(word: str) -> str:
    return f"{word}(;{word})*"


_PATTERN_OF_KIND: Final = MappingProxyType(
    {
        "id": _SLUG,
        "date": f"(({_POINT})?/)?{_POINT}",
        "day": "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        "country": _COUNTRY,
        "region": _REGION,
        "url": "https?://[^\\s]+",
        "geoid": "([0-9]{2}|[0-9]{5}|[0-9]{7}|[0-9]{10})",
    }
)

_supported = "|".join(f"{name}~?" if name in RECORDED_DATES else name for name in PROVABLE)

_PATTERN_OF_LIST: Final = MappingProxyType(
    {
        "territory": _listed(f"({_COUNTRY}|{_REGION})"),
        "supersedes": _listed(_SLUG),
        "relates_to": _listed(_SLUG),
        "supports": _listed(f"({_supported})"),
        "within": _listed("[^;]+"),
        "aliases": _listed("[^;]+"),
    }
)

_TITLES: Final = MappingProxyType(
    {
        "policies": "Rules on face recognition",
        "subjects": "Whom they bind, and where",
        "sources": "The pages that prove them",
        "searches": "Searches made, also those that found nothing",
    }
)

_PRIMARY_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"policies": ("policy_id",), "subjects": IDENTITY, "sources": ("policy_id", "url")}
)
"""A search has no identity beyond its row: the same place may be searched twice on one day."""

_FOREIGN_KEYS: Final[Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]] = MappingProxyType(
    {"policies": ((IDENTITY, "subjects"),), "sources": ((("policy_id",), "policies"),)}
)


def descriptor() -> dict[str, Any]:
    """The package in plain JSON types. It depends on the schema and the version only: the tables
    may gain rows without it, and the edition is told by their ``reviewed_on``."""
    return {
        "name": "frtracker",
        "profile": "tabular-data-package",
        "title": "Bans, pauses and limits on face recognition",
        "description": (
            "Laws, orders and announcements that forbid or limit face recognition, and notable"
            " proposals: for whom, since when, until when, and who says so. One row of policies is"
            " one rule of one act; what holds on a day follows from the dates of several rows."
        ),
        "version": __version__,
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "contributors": [{"title": "The frtracker authors", "role": "author"}],
        "sources": [
            {"title": "The pages listed row by row in the table of sources", "path": "sources.csv"}
        ],
        "keywords": ["face recognition", "policy", "law", "moratorium"],
        "resources": [_resource(table) for table in schema.MODELS],
    }


def as_text() -> str:
    """The text of ``datapackage.json``."""
    return json.dumps(descriptor(), ensure_ascii=False, indent=2) + "\n"


def _resource(table: str) -> dict[str, Any]:
    model = schema.MODELS[table]
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "title": _TITLES[table],
        "description": (model.__doc__ or "").strip(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(name, column) for name, column in model.to_schema().columns.items()],
            "missingValues": [""],
            **_keys(table),
        },
    }


def _keys(table: str) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    if table in _PRIMARY_KEYS:
        keys["primaryKey"] = list(_PRIMARY_KEYS[table])
    if table in _FOREIGN_KEYS:
        keys["foreignKeys"] = [
            {"fields": list(columns), "reference": {"resource": other, "fields": list(columns)}}
            for columns, other in _FOREIGN_KEYS[table]
        ]
    return keys


def _field(name: str, column: Any) -> dict[str, Any]:
    kind = column.metadata["kind"]
    field = {
        "name": name,
        "type": "number" if kind == "number" else "string",
        "description": column.description,
    }
    constraints = _constraints(name, column.metadata)
    return {**field, "constraints": constraints} if constraints else field


def _constraints(name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    kind, terms = metadata["kind"], metadata["terms"]
    constraints: dict[str, Any] = {}
    if metadata["required"]:
        constraints["required"] = True
    if UNIQUE.code in metadata["problems"]:
        constraints["unique"] = True
    if kind == "word":
        constraints["enum"] = list(terms)
    elif kind == "list":
        constraints["pattern"] = (
            _listed(f"({'|'.join(terms)})") if terms else _PATTERN_OF_LIST[name]
        )
    elif kind == "number":
        constraints |= _range(name)
    elif kind in _PATTERN_OF_KIND:
        constraints["pattern"] = _PATTERN_OF_KIND[kind]
    return constraints


def _range(name: str) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for check in schema.TypedSubjects.to_schema().columns[name].checks:
        limits |= check.statistics
    return {"minimum": limits["min_value"], "maximum": limits["max_value"]}
