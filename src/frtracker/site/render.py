"""Templates, and what every page has: its address, its way to the root, the edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined

from frtracker import look, wording
from frtracker.dates import in_words
from frtracker.export import File
from frtracker.export.documents import Snapshot
from frtracker.page.noscript_table import web_link
from frtracker.version import __version__
from frtracker.vocabulary import MEASURES, SOURCE_KINDS, STATES

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
    """Makes pages. ``url``: the address of the site, ending in ``/``, or ''. ``addresses``: by
    ``policy_id``, where each act stands."""

    environment: Environment
    url: str
    addresses: Mapping[str, str]

    def page(self, name: str, template: str, title: str, **content: Any) -> File:
        """The file ``name`` from ``template``; ``title`` is its one first heading too."""
        text = self.environment.get_template(template).render(
            name=name,
            title=title,
            root="../" * name.count("/"),
            canonical=f"{self.url}{name.removesuffix('index.html')}" if self.url else "",
            **content,
        )
        return html_file(name, text)


def html_file(name: str, text: str) -> File:
    return File(name, "html", text.encode())


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
    addresses = {
        act["policy_id"]: f"subjects/{key}.html#{act['policy_id']}"
        for key, document in snapshot.histories.items()
        for act in document["policies"]
    }
    environment.filters |= {"size": size, "web_link": web_link}
    environment.globals |= {
        "act_look": lambda act: look.classes(
            act["measure"], act["scope"], certain=act["confidence"] != "low"
        ),
        "addresses": addresses,
        "day": in_words(snapshot.day),
        "day_used": wording.day_used(snapshot.status),
        "edition": snapshot.status["dataset"],
        "event_title": lambda event, coming: wording.event(event, coming=coming, dated=False),
        "measures": MEASURES,
        "navigation": NAVIGATION,
        "source_kinds": SOURCE_KINDS,
        "states": STATES,
        "version": __version__,
        "wording": wording,
    }
    return Renderer(environment, url, addresses)


def _template(name: str) -> str:
    return (files("frtracker.site") / "templates" / name).read_text(encoding="utf-8")


def size(count: int) -> str:
    """``1.2 MB``, ``34 KB``"""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1e3))} KB"


def style() -> File:
    """The style sheet, the look of the measures first."""
    text = (files("frtracker") / "assets" / STYLE).read_text(encoding="utf-8")
    return File(STYLE, "css", f"{look.style()}\n{text}".encode())
