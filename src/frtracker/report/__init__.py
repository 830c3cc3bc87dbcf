"""Positions → what people read: a table, Markdown, CSV or JSON. Pure text out, nothing printed."""

from frtracker.report.document import Document, Filters, status
from frtracker.report.events import changes as changes_between
from frtracker.report.events import upcoming as coming_after
from frtracker.report.history import history

__all__ = ["Document", "Filters", "changes_between", "coming_after", "history", "status"]
