"""The page around the map: folium's Map inside our own template, with everything inline."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import folium
from branca.element import Figure
from jinja2 import Environment
from xstatic.pkg import leaflet

from frtracker.page.plain import table
from frtracker.text.status import summary
from frtracker.vocabulary import MEASURES

TITLE: Final = "Where face recognition is banned, paused or limited"
SCRIPTS: Final = (
    "days.js",
    "words.js",
    "shapes.js",
    "details.js",
    "legend.js",
    "lists.js",
    "table.js",
    "spread.js",
    "glyphs.js",
    "map.js",
    "search.js",
    "app.js",
)
MAP_ID: Final = "frtracker"
"""Instead of folium's random one. The scripts know the map as ``map_frtracker``."""


@dataclass(frozen=True)
class _Page:
    """What ``assets/page.html`` fills in; texts are escaped there, the rest is markup."""

    title: str
    day: str
    summary: str
    edition: str
    table: str
    map_html: str
    data: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    tile_host: str

    @property
    def policy(self) -> str:
        """Only these scripts and styles, by hash; nothing may be fetched from anywhere."""
        scripts, styles = (" ".join(map(_hash, texts)) for texts in (self.scripts, self.styles))
        images = f"data: {self.tile_host}" if self.tile_host else "data:"
        return (
            f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src {images}; "
            "base-uri 'none'; form-action 'none'"
        )


def page(document: Mapping[str, Any], data: Mapping[str, Any], *, tiles: str = "") -> str:
    """The HTML: ``data`` for its script, and the day of the status document for all others."""
    map_html, map_script = _map(tiles)
    day, _, said = summary(dict(document)).partition(" · ")
    edition = document["dataset"]
    content = _Page(
        title=TITLE,
        day=day,
        summary=said,
        edition=(
            f"{edition['policies']} rules of acts on record, reviewed through "
            f"{edition['reviewed_through']}, edition {edition['sha256'][:12]}."
        ),
        table=table(document, data),
        map_html=map_html,
        data=embedded_json(data),
        styles=(_leaflet_style(), _colours(), _asset("map.css")),
        scripts=(_leaflet_script(), _asset("base.js"), map_script, *map(_asset, SCRIPTS)),
        tile_host=_tile_host(tiles) if tiles else "",
    )
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(
        _asset("page.html")
    )
    return template.render(page=content)


def embedded_json(data: object) -> str:
    """JSON that can stand inside a ``<script>``: no character in it means anything to HTML."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _asset(name: str) -> str:
    return (files("frtracker") / "assets" / name).read_text(encoding="utf-8")


def _tile_host(tiles: str) -> str:
    """The source to admit for the pictures of ``https://{s}.tile.example/{z}/{x}/{y}.png``."""
    parts = urlsplit(tiles.replace("{s}.", "*."))
    host = re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", parts.netloc)
    if parts.scheme != "https" or not host or not all(f"{{{x}}}" in tiles for x in "xyz"):
        raise ValueError(
            f"{tiles!r} is no address of tiles such as https://tile.example.org/{{z}}/{{x}}/{{y}}.png"
        )
    return f"https://{parts.netloc}"


def _colours() -> str:
    """The vocabulary's colours as style variables; ``-plain`` ones outlive the dark theme."""
    pairs: Iterable[str] = (
        f"--{code}-plain:{term.colour};--{code}:{term.colour};" for code, term in MEASURES.items()
    )
    return f":root{{{''.join(pairs)}}}"


def _leaflet_script() -> str:
    text = Path(leaflet.BASE_DIR, "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", text)  # The map file is not there.


def _leaflet_style() -> str:
    text = Path(leaflet.BASE_DIR, "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\([^)]*\)", "none", text)  # Pictures of controls that we do not use.


def _map(tiles: str) -> tuple[str, str]:
    """folium's own markup and script of an empty map; its page, links and styles are dropped."""
    drawn = folium.Map(
        location=(39.5, -98.4),
        zoom_start=4,
        tiles=tiles or None,
        attr=f"Tiles: {urlsplit(tiles).hostname}" if tiles else None,
        min_zoom=1,
        max_zoom=12,
        zoom_control="bottomleft",
        zoom_snap=0.25,
        zoom_delta=0.75,
        wheel_px_per_zoom_level=110,
        max_bounds=True,
        max_bounds_viscosity=0.8,
    )
    drawn.default_js, drawn.default_css = [], []
    drawn._id = MAP_ID
    for number, child in enumerate(drawn._children.values()):
        child._id = f"{MAP_ID}_{number}"
    figure = Figure()
    figure.add_child(drawn)
    drawn.render()  # type: ignore[no-untyped-call]
    return figure.html.render().strip(), figure.script.render().strip()
