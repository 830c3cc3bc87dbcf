"""Every check of the data, collected from the modules that define them."""

from __future__ import annotations

from typing import Final

from frtracker.record import accepted, form, header, read
from frtracker.record.checks import companions, links, places, policies
from frtracker.record.columns import FILES
from frtracker.record.findings import Check

_MODULES = (read, header, form, policies, links, places, companions, accepted)
_FOUND = [it for module in _MODULES for it in vars(module).values() if isinstance(it, Check)]
_FOUND += [check for table in FILES.values() for it in table.columns for check in it.checks]

CHECKS: Final = tuple(
    sorted({(it.code, it.statement): it for it in _FOUND}.values(), key=lambda check: check.code)
)
"""All of them, by their codes."""

TITLES: Final = {check.code: check.title for check in CHECKS if check.title}
"""Code -> title, of the checks that have one."""
