"""Positions → what people read: a table, Markdown, CSV or JSON. Pure text out, nothing printed."""

from frtracker.report.document import Document, Filters, status
from frtracker.report.history import history

__all__ = ["Document", "Filters", "history", "status"]
