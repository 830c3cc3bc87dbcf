"""The files of the site: which pages there are, and what each is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape

from frtracker import page as folium_page
from frtracker import wording
from frtracker.answers.changes import changes
from frtracker.export.events import atom_files, ics_files
from frtracker.export.formats import FORMATS, export, index
from frtracker.export.snapshot import File, Snapshot
from frtracker.files import shipped_folder
from frtracker.record.cells import is_web
from frtracker.site import lists, markdown, subject
from frtracker.site.render import Renderer, html_file, renderer, style
from frtracker.timeline.build import PERIODS, POSITIONS
from frtracker.vocabulary import SUBJECT_TYPES

_DOCUMENTS = {"CODEBOOK.md": "method.html", "excluded.md": "excluded.html"}
_FOLDER_OF = {"CODEBOOK.md": ".", "excluded.md": "docs"}
_FEEDS = frozenset({"ics", "atom"})
_BRIEF = 5


def site_files(snapshot: Snapshot, *, url: str = "") -> tuple[File, ...]:
    """The files of the site, ``index.json`` last. The same snapshot gives the same bytes.

    ``url``: where it will be published (http or https); it goes into the feed, the canonical links
    and ``sitemap.xml``, which is made only with it. All other links are relative. Raises
    ``ValueError`` for an address that is not on the web, ``ModuleNotFoundError`` without the
    libraries of the extra ``site``.
    """
    if url and not is_web(url):
        raise ValueError(f"{url!r} is no http or https address")
    base = f"{url.rstrip('/')}/" if url else ""
    pages = renderer(snapshot, base)
    data = export(snapshot, [name for name in FORMATS if name not in _FEEDS])
    made = [
        style(),
        *_subjects(pages, snapshot),
        *_lists(pages, snapshot),
        *_documents(pages),
        *atom_files(snapshot, home=base),
        *ics_files(snapshot),
        html_file("map.html", _map(snapshot)),
        _downloads(pages, data),
        *(replace(file, name=f"data/{file.name}") for file in data),
    ]
    if base:
        made.append(_sitemap(made, base))
    return (*made, index(made, snapshot))


def _map(snapshot: Snapshot) -> str:
    given = snapshot.status["as_of_given"]
    return folium_page.render(
        snapshot.tables, snapshot.timeline, snapshot.day, as_of_given=given, actor="police"
    )


def _subjects(pages: Renderer, snapshot: Snapshot) -> Iterator[File]:
    histories = snapshot.histories
    below, past_positions = lists.children(histories), subject.past_positions(snapshot.timeline)
    label = {key: wording.label(document) for key, document in histories.items()}
    for key, document in histories.items():
        above = lists.ancestors(document, histories)
        yield pages.page(
            f"subjects/{key}.html",
            "subject.html",
            label[key],
            subject=document,
            kind=SUBJECT_TYPES[document["subject_type"]].label,
            where=lists.where(document),
            above=[(k, label[k]) for k in reversed(above)],
            below=[(k, label[k]) for k in below.get(key, ())],
            positions=lists.position_rows(document["status"], document["policies"])
            if document["status"]
            else (),
            coming=wording.next_change((document["status"] or {}).get("next_change")),
            past=past_positions.get(key, ()),
            doubts=list(subject.doubts(document)),
        )


def _lists(pages: Renderer, snapshot: Snapshot) -> Iterator[File]:
    entries, upcoming = snapshot.status["subjects"], snapshot.upcoming
    latest_first = changes(snapshot.tables, snapshot.timeline, date.min, snapshot.day)["events"][
        ::-1
    ]
    years = groupby(latest_first, lambda event: str(event["on_high"][:4]))
    yield pages.page(
        "index.html",
        "index.html",
        "Where is face recognition banned, paused or limited?",
        groups=list(lists.groups(entries)),
        counts=snapshot.status["counts"],
        latest=latest_first[:_BRIEF],
        upcoming=upcoming["events"][:_BRIEF],
    )
    yield pages.page(
        "vendors.html",
        "vendors.html",
        "Vendors and companies",
        vendors=lists.marketed(entries, "vendor"),
        companies=lists.marketed(entries, "company"),
        position_rows=lists.position_rows,
    )
    yield pages.page(
        "changes.html",
        "changes.html",
        "What changed",
        years=[(year, list(events)) for year, events in years],
    )
    yield pages.page("upcoming.html", "upcoming.html", "What is to come", upcoming=upcoming)


def _documents(pages: Renderer) -> Iterator[File]:
    for name, page in _DOCUMENTS.items():
        path = shipped_folder() / _FOLDER_OF[name] / name
        text = path.read_text(encoding="utf-8")
        title, html = markdown.render(text, _DOCUMENTS, pages.addresses)
        yield pages.page(page, "document.html", title, html=html)


def _downloads(pages: Renderer, data: Iterable[File]) -> File:
    names = [file for file in data if "/" not in file.name]
    return pages.page(
        "downloads.html",
        "downloads.html",
        "Downloads",
        files=names,
        number=len(tuple(data)) - len(names),
        tables=(("positions", POSITIONS), ("periods", PERIODS)),
    )


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
