"""The files of the site: which pages there are, and what each is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from frtracker import look, wording
from frtracker import page as folium_page
from frtracker.answers.changes import changes
from frtracker.answers.documents import Row, records
from frtracker.dates import in_words
from frtracker.export import FORMATS, File, export, index
from frtracker.export.documents import Snapshot
from frtracker.export.events import atom_files, ics_files
from frtracker.files import shipped_folder
from frtracker.page.elements import asset, web_link
from frtracker.places.subjects import subjects_by_key
from frtracker.record.cells import is_web
from frtracker.site import lists, markdown
from frtracker.timeline.build import PERIODS, POSITIONS
from frtracker.vocabulary import MEASURES, SOURCE_KINDS, STATES, SUBJECT_TYPES

_NAVIGATION: Final = (
    ("index.html", "Places"),
    ("vendors.html", "Vendors"),
    ("map.html", "Map"),
    ("changes.html", "Changes"),
    ("upcoming.html", "Upcoming"),
    ("method.html", "Method"),
    ("downloads.html", "Downloads"),
)
_DOCUMENTS: Final = {
    "CODEBOOK.md": "method.html",
    "docs/excluded.md": "excluded.html",
    "docs/report.md": "report.html",
}
_BRIEF: Final = 5


def site_files(snapshot: Snapshot, *, url: str = "") -> tuple[File, ...]:
    """The files of the site, ``index.json`` last. The same snapshot gives the same bytes.

    ``url``: where it will be published (http or https); it goes into the feed, the canonical links
    and ``sitemap.xml``, which is made only with it. All other links are relative. Raises
    ``ValueError`` for an address that is not on the web, ``ModuleNotFoundError`` without the
    libraries of the extra ``site``.
    """
    if url and not is_web(url):
        raise ValueError(f"{url!r} is not an http or https address")
    base = f"{url.rstrip('/')}/" if url else ""
    pages = _Pages(snapshot, base)
    data = export(snapshot, [name for name in FORMATS if name not in ("ics", "atom")])
    made = [
        File("site.css", "css", f"{look.style()}\n{asset('site.css')}".encode()),
        *pages.subjects(),
        *pages.lists(),
        *pages.documents(),
        *atom_files(snapshot, home=base),
        *ics_files(snapshot),
        pages.map(),
        pages.downloads(data),
        *(replace(file, name=f"data/{file.name}") for file in data),
    ]
    if base:
        made.append(_sitemap(made, base))
    return (*made, index(made, snapshot))


class _Pages:
    """Makes pages: every value is escaped, an unknown name in a template is an error."""

    def __init__(self, snapshot: Snapshot, url: str) -> None:
        self.snapshot, self.url = snapshot, url
        self.environment = Environment(
            loader=PackageLoader("frtracker.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.addresses = {
            act["policy_id"]: f"subjects/{key}.html#{act['policy_id']}"
            for key, document in snapshot.histories.items()
            for act in document["policies"]
        }
        self.retired: dict[str, list[Row]] = {}
        for row in records(snapshot.tables.retired_ids):
            if address := self.addresses.get(row["replaced_by"]):
                self.addresses[row["policy_id"]] = f"{address.partition('#')[0]}#{row['policy_id']}"
                self.retired.setdefault(row["replaced_by"], []).append(row)
        self.environment.filters |= {"size": _size, "web_link": web_link}
        self.environment.globals |= {
            "addresses": self.addresses,
            "classes": look.classes,
            "day": in_words(snapshot.day),
            "day_used": wording.day_used(snapshot.status),
            "edition": snapshot.status["dataset"],
            "measures": MEASURES,
            "navigation": _NAVIGATION,
            "position_rows": lists.position_rows,
            "retired": self.retired,
            "source_kinds": SOURCE_KINDS,
            "states": STATES,
            "cite_as": snapshot.status["cite_as"],
            "wording": wording,
        }

    def page(self, name: str, title: str, template: str = "", **content: Any) -> File:
        """The file ``name`` from ``template`` or its own; ``title``: its one first heading too."""
        text = self.environment.get_template(template or name).render(
            name=name,
            title=title,
            root="../" * name.count("/"),
            canonical=f"{self.url}{name.removesuffix('index.html')}" if self.url else "",
            **content,
        )
        return File(name, "html", text.encode())

    def map(self) -> File:
        it, options = self.snapshot, {"actor": "police"}
        options["as_of_given"] = it.status["as_of_given"]
        text = folium_page.render(it.tables, it.timeline, it.day, **options)
        return File("map.html", "html", text.encode())

    def subjects(self) -> Iterator[File]:
        histories, past = self.snapshot.histories, lists.past_positions(self.snapshot.timeline)
        subjects = subjects_by_key(self.snapshot.tables.subjects)
        above = lists.ancestors(subjects, histories)
        below: dict[str, list[str]] = {}
        for key in sorted(histories, key=lambda key: (subjects[key].name, key)):
            for parent in above[key][:1]:
                below.setdefault(parent, []).append(key)

        def links(keys: Iterable[str]) -> list[tuple[str, str]]:
            return [(key, subjects[key].label) for key in keys]

        for key, document in histories.items():
            status = document["status"] or {"positions": {}, "next_change": None}
            yield self.page(
                f"subjects/{key}.html",
                subjects[key].label,
                "subject.html",
                subject=document,
                cite_as=document["cite_as"],
                kind=SUBJECT_TYPES[document["subject_type"]].label,
                where=", ".join(subjects[key].around),
                above=links(reversed(above[key])),
                below=links(below.get(key, ())),
                positions=lists.position_rows(status["positions"]),
                coming=wording.next_change(status["next_change"]),
                past=past.get(key, ()),
                doubts=list(lists.doubts(document)),
            )

    def lists(self) -> Iterator[File]:
        it = self.snapshot
        entries, upcoming = it.status["subjects"], it.upcoming
        latest_first = changes(it.tables, it.timeline, date.min, it.day)["events"][::-1]
        years = groupby(latest_first, lambda event: str(event["on_high"][:4]))
        by_year = [(year, list(events)) for year, events in years]
        yield self.page(
            "index.html",
            "Where is face recognition banned, paused or limited?",
            groups=list(lists.groups(entries)),
            counts=it.status["counts"],
            coverage=it.status["coverage"],
            latest=latest_first[:_BRIEF],
            upcoming=upcoming["events"][:_BRIEF],
        )
        yield self.page(
            "vendors.html",
            "Vendors and companies",
            vendors=lists.marketed(entries, "vendor"),
            companies=lists.marketed(entries, "company"),
        )
        yield self.page("changes.html", "What changed", years=by_year)
        yield self.page("upcoming.html", "What is to come", upcoming=upcoming)

    def documents(self) -> Iterator[File]:
        pages = {path.rpartition("/")[2]: page for path, page in _DOCUMENTS.items()}
        for path, page in _DOCUMENTS.items():
            text = (shipped_folder() / path).read_text(encoding="utf-8")
            title, html = markdown.render(text, pages, self.addresses)
            yield self.page(page, title, "document.html", html=html)

    def downloads(self, data: tuple[File, ...]) -> File:
        named = [file for file in data if "/" not in file.name]
        return self.page(
            "downloads.html",
            "Downloads",
            files=named,
            number=len(data) - len(named),
            tables=(("positions", POSITIONS), ("periods", PERIODS)),
        )


def _size(count: int) -> str:
    """``1.2 MB``, ``34 KB``"""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1e3))} KB"


def _sitemap(made: Iterable[File], base: str) -> File:
    names = sorted(file.name for file in made if file.format == "html")
    rows = "".join(
        f"<url><loc>{escape(base + name.removesuffix('index.html'))}</loc></url>\n"
        for name in names
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )
    return File("sitemap.xml", "xml", text.encode(), len(names))
