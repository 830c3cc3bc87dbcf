"""Templates and what every page has: its address, its way to the root, the edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from frtracker import wording as phrases
from frtracker.export import File, Snapshot
from frtracker.site.lists import words_of
from frtracker.version import __version__
from frtracker.vocabulary import MEASURES
from frtracker.wording import is_web

STYLE: Final = "site.css"
NAVIGATION: Final = (
    ("index.html", "Places"),
    ("vendors.html", "Vendors"),
    ("map.html", "Map"),
    ("changes.html", "Changes"),
    ("upcoming.html", "Upcoming"),
    ("method.html", "Method"),
    ("downloads.html", "Downloads"),
)


@dataclass(frozen=True)
class Renderer:
    """Makes pages. ``url``: the address of the site, ending in ``/``, or ''."""

    environment: Environment
    snapshot: Snapshot
    url: str

    def page(self, name: str, template: str, title: str, **content: Any) -> File:
        """The file ``name`` from ``template``; ``title`` is its one first heading too."""
        text = self.environment.get_template(template).render(
            name=name,
            title=title,
            root="../" * name.count("/"),
            canonical=f"{self.url}{name.removesuffix('index.html')}" if self.url else "",
            navigation=NAVIGATION,
            day=words_of(self.snapshot.status["as_of"]),
            day_used=phrases.day_used(self.snapshot.status),
            edition=self.snapshot.status["dataset"],
            version=__version__,
            **content,
        )
        return html(name, text)


def html(name: str, text: str) -> File:
    return File(name, "html", "text/html", text.encode())


def renderer(snapshot: Snapshot, url: str) -> Renderer:
    """Every value is escaped, an unknown name in a template is an error."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["web_link"] = web_link
    environment.filters["size"] = size
    return Renderer(environment, snapshot, url)


def _template(name: str) -> str:
    return (files("frtracker.site") / "templates" / name).read_text(encoding="utf-8")


def web_link(address: str, text: str = "") -> Markup:
    """A link, if it leads to the web; else the text alone."""
    if not is_web(address):
        return Markup.escape(text or address)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, text or address)


def size(count: int) -> str:
    """``1.2 MB``, ``34 KB``"""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1e3))} KB"


def style(measures: Mapping[str, Any] = MEASURES) -> File:
    """The style sheet, the colours of the vocabulary first."""
    pairs = (
        f"--{code}-plain:{term.colour};--{code}:{term.colour};" for code, term in measures.items()
    )
    text = (files("frtracker") / "assets" / STYLE).read_text(encoding="utf-8")
    return File(STYLE, "css", "text/css", f":root{{{''.join(pairs)}}}\n{text}".encode())
