"""The record of one day as a static site: plain pages that work without scripts, from disk and on
any host. Pure: a snapshot in, files out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from xml.sax.saxutils import escape

from frtracker import outlines as boundaries
from frtracker import page as webmap
from frtracker import wording as phrases
from frtracker.answers.changes import changes
from frtracker.answers.status import Document
from frtracker.export import FORMATS, File, Snapshot, atom, export, ics, index
from frtracker.export.columns import PERIODS, POSITIONS
from frtracker.record.locating import shipped_folder
from frtracker.site import lists, markdown, subject, tree, words
from frtracker.site.render import Renderer, html, renderer, style
from frtracker.vocabulary import MEASURES, SUBJECT_TYPES
from frtracker.wording import is_web

__all__ = ["is_web", "site"]

_DOCUMENTS = {"CODEBOOK.md": "method.html", "excluded.md": "excluded.html"}
_FOLDER_OF = {"CODEBOOK.md": ".", "excluded.md": "docs"}
_FEEDS = frozenset({"ics", "atom"})
_BRIEF = 5


def site(snapshot: Snapshot, *, url: str = "") -> tuple[File, ...]:
    """The files of the site, ``index.json`` last. The same snapshot gives the same bytes.

    ``url``: where it will stand (http or https); it goes into the feed, the canonical links and
    ``sitemap.xml``, which is made only with it. All other links are relative. Raises
    ``ValueError`` for an address that is not on the web, :class:`frtracker.export.ExtraMissing`
    without the libraries of the extra ``site``.
    """
    if url and not is_web(url):
        raise ValueError(f"{url!r} is no http or https address")
    base = f"{url.rstrip('/')}/" if url else ""
    pages = renderer(snapshot, base)
    data = export(snapshot, [name for name in FORMATS if name not in _FEEDS])
    made = [
        style(),
        *_subjects(pages),
        *_lists(pages),
        *_documents(pages),
        *atom(snapshot, home=base),
        *ics(snapshot),
        html("map.html", _map(snapshot)),
        _downloads(pages, data),
        *(_moved(file) for file in data),
    ]
    if base:
        made.append(_sitemap(made, base))
    return (*made, index(made, snapshot))


def _map(snapshot: Snapshot) -> str:
    given = snapshot.status["as_of_given"]
    return webmap.render(
        snapshot.tables, snapshot.timeline, snapshot.day, as_of_given=given, actor="police"
    )


def _moved(file: File) -> File:
    return File(f"data/{file.name}", file.format, file.media_type, file.data, file.rows)


def _subjects(pages: Renderer) -> Iterator[File]:
    histories = pages.snapshot.histories
    below, names, addresses = tree.children(histories), _country_names(), _addresses(histories)
    pasts = subject.pasts(pages.snapshot.timeline)
    label = {key: phrases.label(document) for key, document in histories.items()}
    for key, document in histories.items():
        yield pages.page(
            f"subjects/{key}.html",
            "subject.html",
            label[key],
            subject=document,
            kind=SUBJECT_TYPES[document["subject_type"]].label,
            where=words.where(document, names),
            above=[(k, label[k]) for k in reversed(tree.ancestors(document, histories))],
            below=[(k, label[k]) for k in below.get(key, ())],
            positions=subject.positions(document),
            coming=phrases.next_change((document["status"] or {}).get("next_change")),
            past=pasts.get(key, ()),
            acts=subject.acts(document),
            doubts=subject.doubts(document),
            addresses=addresses,
        )


def _country_names() -> dict[str, str]:
    shapes = boundaries.topology("countries")["objects"]["countries"]["geometries"]
    return {each["properties"]["code"]: each["properties"]["name"] for each in shapes}


def _lists(pages: Renderer) -> Iterator[File]:
    snapshot = pages.snapshot
    status = snapshot.status
    everything = changes(snapshot.tables, snapshot.timeline, date.min, snapshot.day)
    past, coming = lists.by_year(everything["events"]), _coming(snapshot)
    latest = list(chain.from_iterable(events for _, events in past))[:_BRIEF]
    measures = [term for code, term in MEASURES.items() if code != "none"]
    yield pages.page(
        "index.html",
        "index.html",
        "Where is face recognition banned, paused or limited?",
        groups=lists.groups(status["subjects"], _country_names()),
        counts=status["counts"],
        measures=measures,
        latest=latest,
        coming=coming[:_BRIEF],
    )
    yield pages.page(
        "vendors.html",
        "vendors.html",
        "Vendors and companies",
        vendors=lists.marketed(status["subjects"], "vendor"),
        companies=lists.marketed(status["subjects"], "company"),
    )
    yield pages.page("changes.html", "changes.html", "What changed", years=past)
    yield pages.page(
        "upcoming.html",
        "upcoming.html",
        "What is to come",
        events=coming,
        until=lists.words_of(snapshot.upcoming["until"]),
        conditions=_conditions(snapshot),
        reviews=snapshot.upcoming["reviews"],
        addresses=_addresses(snapshot.histories),
    )


def _coming(snapshot: Snapshot) -> list[lists.Told]:
    return lists.told(snapshot.upcoming["events"], coming=True)


def _conditions(snapshot: Snapshot) -> list[tuple[str, dict[str, object]]]:
    return [
        (
            f"{phrases.label(rule)}: "
            + phrases.measure(
                rule["measure"], rule["scope"], () if rule["uses"] == ["any"] else rule["uses"]
            ),
            rule,
        )
        for rule in snapshot.upcoming["conditions"]
    ]


def _documents(pages: Renderer) -> Iterator[File]:
    addresses = _addresses(pages.snapshot.histories)
    for name, page in _DOCUMENTS.items():
        path = shipped_folder() / _FOLDER_OF[name] / name
        text = markdown.render(path.read_text(encoding="utf-8"), _DOCUMENTS, addresses)
        yield pages.page(page, "document.html", text.title, text=text)


def _addresses(histories: Mapping[str, Document]) -> dict[str, str]:
    return {
        act["policy_id"]: f"subjects/{key}.html#{act['policy_id']}"
        for key, document in histories.items()
        for act in document["acts"]
    }


def _downloads(pages: Renderer, data: Iterable[File]) -> File:
    listed = list(data)
    return pages.page(
        "downloads.html",
        "downloads.html",
        "Downloads",
        files=[file for file in listed if "/" not in file.name],
        number=sum("/" in file.name for file in listed),
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
    return File("sitemap.xml", "xml", "application/xml", text.encode(), len(names))
