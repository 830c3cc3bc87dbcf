"""Every check of the data: what is defined as one is one, nothing is listed twice."""

from __future__ import annotations

from typing import Final

from frtracker.record import cells, form, read
from frtracker.record.checks import dates, links, places, scope, sources
from frtracker.record.findings import Check

CHECKS: Final[tuple[Check, ...]] = tuple(
    sorted(
        (
            value
            for module in (read, dates, scope, links, places, sources, form, cells)
            for value in vars(module).values()
            if isinstance(value, Check)
        ),
        key=lambda check: check.code,
    )
)
"""All of them, by their codes."""
