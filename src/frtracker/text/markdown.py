"""Text that can stand in a Markdown page and stays text."""

from __future__ import annotations

from frtracker.record.findings import inert


def in_markdown(text: str) -> str:
    """The text as one inert cell or line of Markdown: no markup, no table border, no tag."""
    escaped = inert(text).replace("\\", "\\\\")
    for mark in "|`*_[":
        escaped = escaped.replace(mark, f"\\{mark}")
    return escaped.replace("<", "&lt;")
