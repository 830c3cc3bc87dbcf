"""The page as folium elements: a figure with everything inline, and the parts on folium's Map.

Each part is a ``MacroElement`` with markup for one region of the page and scripts that fill it.
Further folium elements can be added to the map as long as they need no files of their own: the
page asks nothing of any host, and links that they put into the header are left out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Environment, PackageLoader, Template
from jinja2.environment import TemplateModule
from markupsafe import Markup
from xstatic.pkg import leaflet

from frtracker import look, wording
from frtracker.answers.documents import Document
from frtracker.answers.status import general_bans
from frtracker.markup import asset, web_link
from frtracker.text.status import summary
from frtracker.vocabulary import ACTORS, ANYONE, LIVE_STATES, MEASURES

STYLES: Final = ("theme.css", "header.css", "map.css", "strip.css", "panel.css", "search.css")

MAP_ID: Final = "frtracker"
"""Instead of folium's random one: the scripts know the map as ``map_frtracker``."""
_RANDOM_ID: Final = re.compile(r"(?<=_)[0-9a-f]{32}\b")


class Page(Figure):
    """The whole page; its template is ``assets/page.html``, where texts are escaped."""

    def __init__(
        self, data: Mapping[str, Any], document: Document, chosen: Document, *, in_site: bool
    ) -> None:
        """``data``: for the scripts; ``document``: the status of its first day, for the table;
        ``chosen``: the same for the actors whose rules are shown first, for the headline."""
        super().__init__(
            title=wording.what_if(wording.TITLE, document.get("supposed", ())), height="760"
        )
        self.day, _, self.summary, *_ = summary(chosen).split(" · ")
        actors = chosen["filters"]["applies_to"]
        covered = chosen["coverage"]["places"]
        self.headline = wording.headline(general_bans(document, actors), actors, covered)
        self.people = _people(data, actors)
        self.supposed = wording.supposed(document.get("supposed", ()))
        self.edition = document["dataset"]
        self.on_record = wording.on_record(self.edition)
        labels = {
            subject["key"]: wording.joined((subject["name"], subject.get("where")))
            for subject in data["subjects"]
        }
        entries = document["subjects"]
        self.rows = [row for it in entries for row in _plain_rows(it, labels[it["subject_key"]])]
        self.data = embedded_json({**data, "site": in_site})
        self.in_site, self.color = in_site, look.STRICTEST
        # without Leaflet's pictures of controls that we do not use
        leaflet_style = re.sub(r"url\([^)]*\)", "none", _leaflet("leaflet.css"))
        self.styles = (leaflet_style, look.style(patterns=True), *map(asset, STYLES))
        self.regions: dict[str, dict[str, str]] = {}

    def region(self, name: str) -> str:
        """The markup of all parts in one region of the page, in the order of the parts."""
        return "\n".join(self.regions[name].values())

    def render(self, **kwargs: Any) -> str:
        """The HTML. The same content gives the same bytes: folium's random ids are renumbered."""
        for child in self._children.values():
            child.render(**kwargs)
        _script("app.js").add_to(self.script, name="app.js")
        numbers: dict[str, str] = {}

        def drawn(of: Element) -> list[str]:
            return [
                _RANDOM_ID.sub(
                    lambda match: numbers.setdefault(match[0], f"{len(numbers) + 1}"),
                    each.render().strip(),
                )
                for each in of._children.values()
            ]

        map_html = "\n".join(drawn(self.html))
        # the file that its last line names is not there
        library = re.sub(r"//# sourceMappingURL=\S+\s*$", "", _leaflet("leaflet.js"))
        scripts = [library, *map(asset, ("base.js", "days.js")), *drawn(self.script)]
        hashes = (" ".join(map(_hash, texts)) for texts in (scripts, self.styles))
        environment = Environment(
            autoescape=True,
            keep_trailing_newline=True,
            loader=PackageLoader("frtracker", "assets"),
            trim_blocks=True,
        )
        return environment.get_template("page.html").render(
            this=self,
            map_html=map_html,
            scripts=scripts,
            policy="default-src 'none'; script-src {}; style-src {}; img-src data:; "
            "base-uri 'none'; form-action 'none'".format(*hashes),
        )


class Part(MacroElement):
    """A part of the page: its markup, a macro of ``assets/parts.html``, goes to a region of the
    page, its scripts fill it."""

    def __init__(self, name: str, region: str, *scripts: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.region, self.scripts = name, region, scripts

    def render(self, **kwargs: Any) -> str:
        page = self.get_root()
        assert isinstance(page, Page)
        for name in self.scripts:
            _script(name).add_to(page.script, name=name)
        macro = getattr(_parts(), self._name, str)
        return page.regions.setdefault(self.region, {}).setdefault(self._name, macro().strip())


@cache
def _parts() -> TemplateModule:
    """The macros of ``assets/parts.html``, with what the vocabulary gives them."""
    measures = [term for code, term in MEASURES.items() if code != "none"]
    looks: dict[str, Any] = {code: {"measure": code, "certain": True} for code in MEASURES}
    looks["narrow"] = {**looks[measures[0].code], "scope": "narrow"}
    looks |= {"others": {"others": True}, "searched": "searched", "unsearched": "unsearched"}
    shown = {
        "actors": {code: it.label for code, it in ACTORS.items()} | {ANYONE: ANYONE},
        "categories": [*measures, *look.CATEGORIES.values()],
        "looks": looks,
        "columns": ("subject", "kind", "position", "for", "since", "until", "next change"),
        "elsewhere": wording.ELSEWHERE,
    }
    parts = Template(asset("parts.html"), autoescape=True, trim_blocks=True)
    module: TemplateModule = parts.make_module(shown)
    return module


PARTS: Final = (
    ("Outlines", "stage", "shapes.js", "marks.js", "map.js", "pointer.js", "cursor.js"),
    ("Actors", "controls"),
    ("Search", "controls", "places.js", "search.js"),
    ("Strip", "strip", "strip.js"),
    ("Panel", "aside", "picture.js", "panel.js"),
    ("Legend", "key", "legend.js"),
    ("Lists", "aside", "lists.js"),
    ("Table", "table", "table.js"),
)
"""Name, region and scripts of each part, in their order on the page."""


def map_with_parts(page: Page) -> folium.Map:
    """folium's map on ``page``, with every part added. Leaflet is on the page already."""
    drawn = folium.Map(
        crs="Simple",
        location=(0, 0),
        zoom_start=0,
        tiles=None,
        zoom_control="bottomright",
        zoom_snap=0,
        zoom_delta=0.75,
        wheel_px_per_zoom_level=110,
        max_bounds_viscosity=1,
        keyboard=False,
    )
    drawn.default_js, drawn.default_css = [], []
    drawn._id = MAP_ID
    page.add_child(drawn)
    for name, region, *scripts in PARTS:
        Part(name, region, *scripts).add_to(drawn)
    return drawn


def _plain_rows(entry: Document, label: str) -> Iterator[tuple[str, ...]]:
    """For readers without scripts, the rows of a subject of a status document."""
    policies = entry["policies"]
    live = [row for row in policies if row["state"] in LIVE_STATES] or policies[-1:]
    links = (web_link(row["source_url"], f"source {n}") for n, row in enumerate(live, 1))
    once = wording.next_change(entry["next_change"], iso=True), Markup(" ").join(links)
    cells = {a: wording.cells(each) for a, each in entry["positions"].items() if each}
    for (text, *others), actors in wording.alike(cells):
        yield label, text, wording.actors(actors), *others, *once
        once = "", Markup()


def embedded_json(data: object) -> str:
    """JSON that can stand inside a ``<script>``: no character in it means anything to HTML."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _people(data: Mapping[str, Any], actors: Sequence[str]) -> str:
    """How many people live where the actor's rules forbid it on the first day; '' of several."""
    if len(actors) > 1:
        return ""
    starts, numbers = data["people"][[*ACTORS].index(actors[0])]
    at = bisect(starts, data["opens"]) - 1
    number = data["texts"][numbers[at]] if at >= 0 else ""
    whose = wording.WHOSE_PEOPLE[actors[0]]
    return wording.TEMPLATES["people"].format(number=number, whose=whose) if number else ""


def _script(name: str) -> Element:
    """One of our scripts, as it is: an element is a template."""
    return Element(f"{{% raw %}}{asset(name)}{{% endraw %}}")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _leaflet(name: str) -> str:
    return Path(leaflet.BASE_DIR, name).read_text(encoding="utf-8")
