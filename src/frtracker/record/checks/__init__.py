"""Every check of the data: what is defined as one is one, nothing is listed twice."""

from __future__ import annotations

from typing import Final

from frtracker.record import form, read
from frtracker.record.checks import dates, links, places, scope, sources
from frtracker.record.columns import TABLES
from frtracker.record.findings import Check

_MODULES = (read, form, dates, scope, links, places, sources)
_FOUND = {it for module in _MODULES for it in vars(module).values() if isinstance(it, Check)}
_FOUND |= {test.check for table in TABLES.values() for it in table.columns for test in it.tests}

CHECKS: Final = tuple(sorted(_FOUND, key=lambda check: check.code))
"""All of them, by their codes."""
