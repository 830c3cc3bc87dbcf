"""What the tables hold and what must be true of them.

The models and rules, and with them the validator, are loaded when one of them is asked for.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from frtracker.record.schema.names import COLUMNS, DATE_COLUMNS, RECORDED_DATES

if TYPE_CHECKING:
    from frtracker.record.keys import subject_key
    from frtracker.record.schema.checking import Place
    from frtracker.record.schema.models import (
        MODELS,
        Policies,
        Searches,
        Sources,
        Subjects,
        TypedPolicies,
        TypedSubjects,
    )
    from frtracker.record.schema.rule import Draft, Rule
    from frtracker.record.schema.rulebook import RULES, check_cells, check_meaning, columns

__all__ = [
    "DATE_COLUMNS",
    "MODELS",
    "RECORDED_DATES",
    "RULES",
    "Draft",
    "Place",
    "Policies",
    "Rule",
    "Searches",
    "Sources",
    "Subjects",
    "TypedPolicies",
    "TypedSubjects",
    "check_cells",
    "check_meaning",
    "column_names",
    "columns",
    "subject_key",
]

_HOMES: Final = MappingProxyType(
    {
        "checking": ("Place",),
        "frtracker.record.keys": ("subject_key",),
        "models": (
            "MODELS",
            "Policies",
            "Searches",
            "Sources",
            "Subjects",
            "TypedPolicies",
            "TypedSubjects",
        ),
        "rule": ("Draft", "Rule"),
        "rulebook": ("RULES", "check_cells", "check_meaning", "columns"),
    }
)


def column_names(table: str) -> tuple[str, ...]:
    """The columns of a table, in the order in which they stand in its file."""
    return COLUMNS[table]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            full = home if "." in home else f"frtracker.record.schema.{home}"
            return getattr(import_module(full), name)
    raise AttributeError(f"module 'frtracker.record.schema' has no attribute {name!r}")
