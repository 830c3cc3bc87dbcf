"""The descriptor of the record tables as a Frictionless Data Package, made from their columns.

Patterns keep to what XML Schema's and Python's expressions share, as Table Schema asks; they are
anchored by definition. They are a first check: `frtracker validate` is stricter.
"""

from __future__ import annotations

import json
from typing import Any

from frtracker.record.columns import TABLES, Column, Table
from frtracker.version import __version__


def descriptor() -> dict[str, Any]:
    """The package in plain JSON types. It depends on the columns and the version only: the tables
    may gain rows without it, and the edition is in their ``reviewed_on``."""
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
        "resources": [_resource(table) for table in TABLES.values()],
    }


def as_text() -> str:
    """The text of ``datapackage.json``."""
    return json.dumps(descriptor(), ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    if table.key:
        keys["primaryKey"] = list(table.key)
    if table.references:
        keys["foreignKeys"] = [
            {"fields": list(columns), "reference": {"resource": other, "fields": list(columns)}}
            for columns, other in table.references
        ]
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            **keys,
        },
    }


def _field(column: Column) -> dict[str, Any]:
    kind = column.kind
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    if kind.name == "word":
        constraints["enum"] = list(kind.terms)
    elif kind.pattern:
        constraints["pattern"] = kind.pattern
    elif kind.limit:
        constraints |= {"minimum": -kind.limit, "maximum": kind.limit}
    field = {
        "name": column.name,
        "type": "number" if kind.name == "number" else "string",
        "description": column.description,
    }
    return {**field, "constraints": constraints} if constraints else field
