"""What the page of the map and the pages of the site are both made of."""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup, escape

from frtracker.record.cells import is_web


def asset(name: str) -> str:
    """The text of a file of ``assets/``."""
    return (files("frtracker") / "assets" / name).read_text(encoding="utf-8")


def web_link(address: str, text: str = "") -> Markup:
    """A link, if it leads to the web; else the text alone."""
    if not is_web(address):
        return escape(text or address)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, text or address)
