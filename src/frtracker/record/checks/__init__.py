"""Every check of the data: what is defined as one is one, nothing is listed twice."""

from __future__ import annotations

from typing import Final

from frtracker.record import form, read
from frtracker.record.checks import companions, links, places, policies
from frtracker.record.columns import TABLES
from frtracker.record.findings import Check

_MODULES = (read, form, policies, links, places, companions)
_FOUND = [it for module in _MODULES for it in vars(module).values() if isinstance(it, Check)]
_FOUND += [check for table in TABLES.values() for it in table.columns for check in it.checks]

CHECKS: Final = tuple(
    sorted({(it.code, it.statement): it for it in _FOUND}.values(), key=lambda check: check.code)
)
"""All of them, by their codes."""
