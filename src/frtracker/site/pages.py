"""The files of the site: which pages there are, and what each is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from frtracker import page as folium_page
from frtracker import wording
from frtracker.answers.changes import changes, first_day, of_rules
from frtracker.answers.compare import compare
from frtracker.answers.documents import Document, Row, is_live, records
from frtracker.answers.here import histories
from frtracker.answers.marks import marks_of, opening_sheet
from frtracker.answers.people import people
from frtracker.answers.status import Filters, banning, counts_for, general_bans
from frtracker.codes import US_REGION_NAMES
from frtracker.dates import in_words
from frtracker.export import FORMATS, File, export, index
from frtracker.export.documents import Snapshot
from frtracker.files import shipped_folder
from frtracker.layers import Readings
from frtracker.places.place import of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.cells import is_web
from frtracker.record.tables import unfit
from frtracker.site import editions, feeds, linked_data, lists, map_of_today, markdown, over_time
from frtracker.site.compare import comparison
from frtracker.site.environment import environment, stylesheet
from frtracker.vocabulary import ACTORS, ANYONE

_DOCUMENTS: Final = {
    "CODEBOOK.md": "method.html",
    "docs/excluded.md": "excluded.html",
    "docs/report.md": "report.html",
    "docs/json.md": "json.html",
    "docs/export.md": "files.html",
}
_ERROR_FORM: Final = "correct-a-row.yml"
"""The issue form, in .github/ISSUE_TEMPLATE, whose fields a link fills in."""
_DOCUMENTS_FOLDER: Final = "v2/"
"""Of the JSON documents, whose ``schema_version`` is 2."""
_BRIEF: Final = 6
_LONGEST_TITLE: Final = 64
"""Letters of a title that search engines show."""
_HEADLINE_ACTOR: Final = "police"
"""Whose rules the map opens with, and the first sentence of the site counts."""


def site_files(
    snapshot: Snapshot,
    *,
    url: str = "",
    issues: str = "",
    card: bool = False,
    formats: Iterable[str] = tuple(FORMATS),
) -> tuple[File, ...]:
    """The files of the site, ``index.json`` last. The same snapshot gives the same bytes.

    ``url``: where it will be published (http or https); it goes into the feeds, the canonical
    links and ``sitemap.xml``, which is made only with it. All other links are relative.
    ``issues``: the address of the project's issue tracker, if it has one. ``card``: with pictures
    for those who link to the site, which need ``url``. ``formats``: of the data, see
    :func:`frtracker.export.export`. Raises ``ValueError`` for an address that is not on the web,
    ``ModuleNotFoundError`` without the library that a format or the card needs.
    """
    for address in filter(None, (url, issues)):
        if not is_web(address):
            raise ValueError(f"{address!r} is not an http or https address")
    base = f"{url.rstrip('/')}/" if url else ""
    pages = _Pages(snapshot, base, issues, has_cards=card and bool(base))
    published = [*_published(snapshot, formats)]
    made = [
        File("site.css", "css", stylesheet().encode()),
        *pages.cards(),
        *pages.subjects(),
        *pages.lists(),
        *pages.documents(),
        *pages.editions(),
        *pages.feeds(),
        pages.map(),
        pages.downloads(published),
        pages.missing(),
        *pages.notes(),
        *published,
    ]
    if base:
        made.append(_sitemap(made, base, pages.reviewed))
    made += pages.moved()
    return (*made, index(made, snapshot))


class _Pages:
    """Makes the pages of a snapshot."""

    def __init__(self, snapshot: Snapshot, url: str, issues: str, *, has_cards: bool) -> None:
        self.snapshot, self.url, self.issues, self.has_cards = snapshot, url, issues, has_cards
        self.environment = environment()
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
        recorded = subjects_by_key(snapshot.tables.subjects)
        bare = lists.without_acts(snapshot.tables, recorded)
        self.everyone = {**recorded, **bare}
        found = histories(snapshot.tables, snapshot.timeline, snapshot.status, bare.values())
        self.histories = {**snapshot.histories, **{it["subject_key"]: it for it in found}}
        self.bare = sorted(bare, key=lambda key: (bare[key].name, key))
        self.searches = records(snapshot.tables.searches)
        self.released = editions.newest_first(snapshot.released)
        self.general_feeds = feeds.general(editions.PAGE if self.released else "changes.html")
        self.reviewed: dict[str, str] = {}
        """By name of a page, the last day on which something on it was looked at."""
        self.environment.filters |= {"size": _size}
        self.environment.globals |= {
            "address_of": self.address_of,
            "addresses": self.addresses,
            "as_of": snapshot.day.isoformat(),
            "day": in_words(snapshot.day),
            "day_used": wording.day_used(snapshot.status),
            "edition": snapshot.status["dataset"],
            "editions": self.released,
            "editions_page": editions.PAGE,
            "general_feeds": self.general_feeds,
            "picture": f"{url}card.png" if has_cards else "",
            "position_rows": lists.position_rows,
            "report": self.report,
            "retired": self.retired,
            "cite_as": snapshot.status["cite_as"],
        }

    def page(
        self, name: str, title: str, description: str, template: str = "", **content: Any
    ) -> File:
        """The file ``name`` from ``template`` or its own; ``title``: its one first heading too."""
        canonical = f"{self.url}{name.removesuffix('index.html')}" if self.url else ""
        values = {
            "head_title": "",
            "root": "../" * name.count("/"),
            "canonical": canonical,
            "own_feeds": None,
            "linked_data": "",
            **content,
        }
        text = self.environment.get_template(template or name).render(
            name=name, title=title, description=description, **values
        )
        return File(name, "html", text.encode())

    def map(self) -> File:
        it, given = self.snapshot, self.snapshot.status["as_of_given"]
        options = {"actor": _HEADLINE_ACTOR, "as_of_given": given, "in_site": True}
        text = folium_page.render(it.tables, it.timeline, it.day, **options)
        return File("map.html", "html", text.encode())

    def card_of(self, subject: Subject) -> dict[str, str]:
        """The picture of the page of a state, or of a place in it."""
        if not self.has_cards or subject.region not in US_REGION_NAMES:
            return {}
        return {"picture": f"{self.url}cards/{subject.region.lower()}.png"}

    def cards(self) -> Iterator[File]:
        """Pictures for links, if there are to be any."""
        if self.has_cards:
            states = {
                code: self.histories[code.lower()]
                for code in US_REGION_NAMES
                if code.lower() in self.histories
            }
            yield from _cards(self.snapshot, states)

    def subjects(self) -> Iterator[File]:
        it, everyone = self.snapshot, self.everyone
        past, above = lists.past_positions(it.timeline), lists.ancestors(everyone, self.histories)
        inside: dict[str, list[str]] = {}
        for key in sorted(self.histories, key=lambda key: (everyone[key].name, key)):
            for around in above[key]:
                inside.setdefault(around, []).append(key)
        entries = {entry["subject_key"]: entry for entry in it.status["subjects"]}
        readings = Readings(it.tables.policies)
        known = (rule for entry in it.status["subjects"] for rule in entry["policies"])
        live = {rule["policy_id"]: rule for rule in known if is_live(rule)}
        labels = Counter(everyone[key].label for key in self.histories)

        def links(keys: Iterable[str]) -> list[tuple[str, str]]:
            return [(key, everyone[key].label) for key in keys]

        for key, document in self.histories.items():
            subject, name = everyone[key], f"subjects/{key}.html"
            kind = wording.kind(subject.subject_type, subject.region)
            status = document["status"] or {"positions": {}, "next_change": None, "applies_to": []}
            spells = lists.from_first_rule(past.get(key, ()))
            acts = document["policies"]
            is_country = subject.subject_type == "country"
            near = [it for it in inside.get(key, ()) if not is_country or above[it][0] == key]
            rows = list(lists.inside_rows(near, everyone, entries, inside if is_country else {}))
            groups = lists.by_state(acts)
            searches = lists.searches_of(self.searches, subject)
            label = f"{subject.label}{f' ({kind})' * (labels[subject.label] > 1)}"
            head_titles = (
                f"{named}: facial recognition{rest}"
                for named in (label, subject.name)
                for rest in (" rules", "")
            )
            place = of_subject(everyone, subject)
            days = [act["reviewed_on"] for act in acts]
            self.reviewed[name] = max(days + [row["searched_on"] for row in searches], default="")
            actor = next(iter(status["applies_to"]), ANYONE)
            others = list(lists.of_others(readings, everyone, place, live))
            presumed = {
                actor: own["last_confirmed_on_high"]
                for actor, own in status["positions"].items()
                if own and own["continuation_presumed"] and own["measure"] != "none"
            }
            yield self.page(
                name,
                subject.label,
                f"{document['answer']} Facial recognition rules, with dates and sources.",
                "subject.html",
                head_title=next(
                    (it for it in head_titles if len(it) <= _LONGEST_TITLE), subject.name
                ),
                own_feeds=feeds.of_subject(subject),
                **self.card_of(subject),
                linked_data=linked_data.acts(document, subject),
                subject=document,
                cite_as=document["cite_as"],
                kind=kind,
                where=", ".join(subject.around),
                above=links(reversed(above[key])),
                inside_title=wording.inside(
                    [everyone[row.key].subject_type for row in rows if row.text],
                    subject.name,
                    subject.country,
                ),
                inside=rows,
                market=list(lists.market_rows(it.status["subjects"], subject.country))
                if is_country
                else [],
                positions=lists.position_rows(status["positions"]),
                coming=wording.next_change(status["next_change"]),
                past=spells,
                looks=lists.looks(spells),
                picture_over_time=over_time.picture(spells, it.day, presumed),
                is_presumed=bool(presumed),
                from_above=[it for it in others if it[0].relation != "agency"],
                is_place=not place.is_vendor,
                doubts=list(lists.doubts(filter(is_live, acts))),
                old_doubts=list(lists.doubts(act for act in acts if not is_live(act))),
                groups=[group for group in groups if is_live(group[1][0])],
                old_groups=[group for group in groups if not is_live(group[1][0])],
                searches=searches,
                is_searched=subject.subject_type in ("state", "country"),
                map_address=f"../map.html#{it.day.isoformat()}/{actor}/{key}",
                has_data=key in it.histories,
            )

    def moved(self) -> Iterator[File]:
        """A page that sends on from each address that the key of an alias gives, as of the name
        before it was renamed, unless it is that of another subject or of two. They are for all
        aliases: which of these was once the name, no table says."""
        led = Counter(key for own in self.histories for key in self.everyone[own].other_keys)
        for own in self.histories:
            for key in sorted(self.everyone[own].other_keys):
                if led[key] == 1 and key not in self.everyone and not unfit(key, "city"):
                    name, label = f"subjects/{key}.html", self.everyone[own].label
                    yield self.page(name, label, "", "moved.html", key=own)

    def report(self, act: Document) -> tuple[str, str]:
        """What to send about an error in an act, and the address of a form that is filled in with
        it; '' while the project has none."""
        edition = wording.edition(self.snapshot.status["dataset"])
        text = (
            f"Act: {act['policy_id']}\n{edition}\n"
            "Column:\nWhat would be right:\nLink that shows it:\n"
        )
        fields = {"act": act["policy_id"], "edition": edition}
        form = {"template": _ERROR_FORM, "title": f"Error in {act['policy_id']}", **fields}
        return text, f"{self.issues.rstrip('/')}/new?{urlencode(form)}" if self.issues else ""

    def address_of(self, event: Document) -> str:
        """Where the site has the act of an event, else its subject; '' if it has neither."""
        key = event["subject_key"]
        page = f"subjects/{key}.html" if key in self.histories else ""
        return self.addresses.get(event["policy_id"], page)

    def feeds(self) -> Iterator[File]:
        own = (feeds.of_subject(self.everyone[key]) for key in self.histories)
        follows = [*self.general_feeds, *own]
        return feeds.follow_files(self.snapshot, follows, self.addresses, self.url)

    def editions(self) -> Iterator[File]:
        """The list of the released editions, a page for each, and the files that it kept."""
        if not self.released:
            return
        yield self.page(
            editions.PAGE,
            "Editions",
            "The released editions of this record of rules on facial recognition: their hashes,"
            " and what each one changed.",
            "editions.html",
        )
        names = {it.name for it in self.released}
        for it in self.released:
            name = f"{it.folder}index.html"
            self.reviewed[name] = it.document["reviewed_through"]
            yield self.page(
                name,
                f"Edition {it.name}",
                f"What edition {it.name} of this record of rules on facial recognition brought:"
                " events new on record, corrections, hashes of its files.",
                "edition.html",
                it=it,
                names=names,
            )
            yield from it.files

    def lists(self) -> Iterator[File]:
        it = self.snapshot
        entries = it.status["subjects"]
        upcoming = {**it.upcoming, "events": sorted(it.upcoming["events"], key=first_day)}
        events = changes(it.tables, it.timeline, date.min, it.day)["events"]
        rules = _latest_first(of_rules(events))
        bills = _latest_first(event for event in events if event not in rules)
        whose = [_HEADLINE_ACTOR]
        covered = it.status["coverage"]["places"]
        bans = wording.headline(general_bans(it.status, whose), whose, covered)
        finding = f"{in_words(it.day)}: {bans}."
        counted = banning(it.status, whose)
        rules_of = {act["policy_id"]: act for entry in entries for act in entry["policies"]}
        yield self.page(
            "index.html",
            "Where is facial recognition banned, paused or limited?",
            f"{finding} Which cities, states, countries, agencies and companies ban, pause or limit"
            " facial recognition, for whom, since when, and who says so.",
            finding=finding,
            counted=wording.bans_counted(
                len(counted),
                sum(
                    any(rules_of[it]["exceptions"] for it in own["policy_ids"])
                    for entry in counted
                    for own in [entry["positions"][_HEADLINE_ACTOR]]
                ),
                sum(entry["country"] != "US" for entry in counted),
            ),
            living=wording.people_sentence(
                it.status, people(it.tables, it.day, filters=Filters(for_actors=tuple(whose)))[0]
            ),
            map_of_today=map_of_today.svg(it.tables, it.status, _HEADLINE_ACTOR, self.histories)
            if opening_sheet(it.tables) == "us"
            else "",
            groups=list(lists.groups(entries)),
            bare=[(key, self.everyone[key].label) for key in self.bare],
            columns=[*(wording.actors([actor]) for actor in ACTORS), ANYONE],
            rows_of_counts=lists.count_rows(
                [*(counts_for(it.status, actor) for actor in ACTORS), it.status["counts"]]
            ),
            coverage=it.status["coverage"],
            latest=[one for one in rules if one["certain"]][:_BRIEF],
            upcoming=upcoming["events"][:_BRIEF],
            linked_data=linked_data.dataset(it, self.url),
        )
        yield self.page(
            "vendors.html",
            "Vendors and companies",
            f"Which vendors no longer sell facial recognition, or only on conditions, and which"
            f" companies stopped using it or were ordered to, on {in_words(it.day)}.",
            counts=it.status["counts"],
            coverage=it.status["coverage"],
            vendors=lists.marketed(entries, "vendor"),
            companies=lists.marketed(entries, "company"),
        )
        document = compare(it.tables, it.timeline, it.day, as_of_given=it.status["as_of_given"])
        yield self.page(
            "compare.html",
            "Compare the laws",
            "What laws on facial recognition say, side by side, from their texts: exceptions, who"
            " can sue, what happens to evidence, who reports.",
            document=document,
            addresses_of_pages=self.histories,
            **comparison(document),
        )
        for name, title, listed in (
            ("changes.html", "What changed", rules),
            ("bills.html", "Bills", bills),
        ):
            yield self.page(
                name,
                title,
                f"{title}: {'rules' * (listed is rules) or 'bills'} on facial recognition up to"
                f" {in_words(it.day)}, the latest first.",
                "changes.html",
                years=[(year, list(own)) for year, own in groupby(listed, _year)],
            )
        yield self.page(
            "upcoming.html",
            "What is to come",
            f"Rules on facial recognition that begin or end after {in_words(it.day)}, as decided"
            " by then.",
            upcoming=upcoming,
        )

    def documents(self) -> Iterator[File]:
        pages = {path.rpartition("/")[2]: page for path, page in _DOCUMENTS.items()}
        for path, page in _DOCUMENTS.items():
            text = (shipped_folder() / path).read_text(encoding="utf-8")
            title, html = markdown.render(text, pages, self.addresses)
            about = f"{title}: a record of rules on facial recognition."
            is_method = page == "method.html"
            template = "method.html" if is_method else "document.html"
            title = "Method" if is_method else title
            yield self.page(page, title, about, template, html=html)

    def downloads(self, published: Iterable[File]) -> File:
        subjects = f"{_DOCUMENTS_FOLDER}subjects/"
        shown = [it for it in published if it.name.count("/") == 1]
        return self.page(
            "downloads.html",
            "Downloads",
            "Rules on facial recognition on any day as CSV, JSON, SQLite and GeoJSON"
            " files, free to use (CC BY 4.0).",
            files=shown,
            number=sum(it.name.startswith(subjects) for it in published),
            kinds=[it.name for it in published if "/schemas/" in it.name],
            linked_data=linked_data.dataset(self.snapshot, self.url),
        )

    def missing(self) -> File:
        """The page for an address that leads nowhere, which a host shows at any depth."""
        about = "This address leads nowhere in this record of rules on facial recognition."
        return self.page("404.html", "No such page", about, root=self.url, canonical="")

    def notes(self) -> Iterator[File]:
        """For programs that read the site: ``robots.txt`` and ``llms.txt``."""
        site = f"Sitemap: {self.url}sitemap.xml\n" if self.url else ""
        yield File("robots.txt", "txt", f"User-agent: *\nAllow: /\n{site}".encode())
        text = self.environment.get_template("llms.txt").render(
            root=self.url, first=next(iter(self.snapshot.histories), "")
        )
        yield File("llms.txt", "txt", text.encode())


def _published(snapshot: Snapshot, formats: Iterable[str]) -> Iterator[File]:
    """The files of an export: JSON documents with all that describes them under an address that
    stays as long as their ``schema_version``, the others in ``data/``; an index of each."""
    *made, _ = export(snapshot, [name for name in formats if name not in ("ics", "atom")])
    for folder, is_document in ((_DOCUMENTS_FOLDER, True), ("data/", False)):
        own = [file for file in made if (file.format == "json") is is_document]
        for file in (*own, index(own, snapshot)):
            yield replace(file, name=f"{folder}{file.name}")


def _cards(snapshot: Snapshot, states: Mapping[str, Document]) -> Iterator[File]:
    """Pictures for links: the map of the day as the site's map opens, and one for each US state;
    ``states``: their histories by ISO code."""
    from frtracker.pictures import static_map  # matplotlib

    it = snapshot
    options = {"actor": _HEADLINE_ACTOR, "area": opening_sheet(it.tables)}
    yield File("card.png", "png", static_map.picture(it.tables, it.timeline, it.day, **options))
    marks = marks_of(it.status, [_HEADLINE_ACTOR])
    drawing = static_map.Drawing(it.tables, marks, "us")
    source = f"frtracker, {wording.edition(it.status['dataset'])}"
    for region, document in states.items():
        picture = static_map.card(drawing, region, document["answer"], source)
        yield File(f"cards/{region.lower()}.png", "png", picture)


def _latest_first(events: Iterable[Document]) -> list[Document]:
    return sorted(events, key=first_day, reverse=True)


def _year(event: Document) -> str:
    return first_day(event)[:4]


def _size(count: int) -> str:
    """``1.2 MB``, ``34 KB``"""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1e3))} KB"


def _sitemap(made: Iterable[File], base: str, reviewed: Mapping[str, str]) -> File:
    """``reviewed``: by name of a page the day on which it last changed, where it is known."""
    latest = max(reviewed.values(), default="")
    names = sorted(file.name for file in made if file.format == "html" and file.name != "404.html")
    rows = "".join(
        f"<url><loc>{escape(base + name.removesuffix('index.html'))}</loc>"
        + (f"<lastmod>{day}</lastmod>" if (day := reviewed.get(name, latest)) else "")
        + "</url>\n"
        for name in names
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )
    return File("sitemap.xml", "xml", text.encode(), len(names))
