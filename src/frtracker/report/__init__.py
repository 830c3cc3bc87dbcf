"""Positions → what people read: a table, Markdown, CSV or JSON. Pure text out, nothing printed.

The documents that not every command makes are loaded when one of them is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frtracker.report.document import Document, Filters, status

if TYPE_CHECKING:
    from frtracker.report.events import changes as changes_between
    from frtracker.report.events import upcoming as coming_after

__all__ = ["Document", "Filters", "changes_between", "coming_after", "status"]


def __getattr__(name: str) -> Any:
    if name in ("changes_between", "coming_after"):
        from frtracker.report import events

        return events.changes if name == "changes_between" else events.upcoming
    raise AttributeError(f"module 'frtracker.report' has no attribute {name!r}")
