"""Feeds, calendars and released editions in the site: of which events each consists, where its
links lead, and that editions are published as they were kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

import followed
import records
from frtracker import page as webmap
from frtracker.answers.editions import released
from frtracker.cli import main
from frtracker.export.editions import edition
from frtracker.export.feed import event_urn
from frtracker.files import EDITIONS
from frtracker.record.columns import TABLES
from frtracker.record.editions import edition_files
from frtracker.site import editions as site_editions
from frtracker.vocabulary import ACTORS
from release import keep

ROOT = Path(__file__).resolve().parents[1]
HOME = "https://example.org/faces/"
OLD, NEW = "2026.05.01", "2026.11.22"
BAD = "<script>alert(1)</script>\"'&"
FAILED = "us-ca-oakland-2023"
GONE = "us-ca-gone-2019"
SOURCE = "https://example.org/gone"
Tables = dict[str, list[records.Row]]


def new_tables() -> Tables:
    tables = {table: records.rows("base", table) for table in TABLES} | {"retired_ids": []}
    row(tables, "union-2024")["expires_on"] = "2027-03-01"
    row(tables, "vendor-example-2020")["summary"] = BAD
    failed = {"policy_id": FAILED, "status": "failed", "supersedes": "", "reach": "own"}
    measure = {"measure": "moratorium", "decided_on": "2023-01-02", "effective_on": ""}
    tables["policies"].insert(6, row(tables, "us-ca-oakland-2022") | failed | measure)
    for it in tables["sources"]:
        if it["policy_id"] == "us-ca-oakland-2022":
            source = it | {"policy_id": FAILED}
    tables["sources"].insert(6, source)
    return tables


def old_tables() -> Tables:
    """The vendor's act and the bill of Massachusetts were not on record; the port's act was dated
    wrongly; the union's rule had no end; a bill of Oakland was taken for a moratorium until
    2027."""
    tables = new_tables()
    row(tables, "union-2024")["expires_on"] = ""
    row(tables, "us-ca-oakland-port-2020")["decided_on"] = "2020-02-10"
    row(tables, FAILED).update(status="adopted", expires_on="2027-01-05")
    later = ("vendor-example-2020", "us-ma-2020")
    tables["policies"] = [it for it in tables["policies"] if it["policy_id"] not in later]
    for it in tables["policies"]:
        it["reviewed_on"] = "2026-05-01"
    return tables


def row(tables: Tables, policy_id: str) -> records.Row:
    return next(it for it in tables["policies"] if it["policy_id"] == policy_id)


def with_gone(correction: dict[str, Any]) -> dict[str, Any]:
    """The withdrawal of an act that is in the record no more, nor is its subject."""
    event = correction["old"] or correction["new"]
    names = {"policy_id": GONE, "event_id": f"{GONE}-decided", "subject_key": "us-ca-gone"}
    told = {"subject": "Gone", "kind": "decided", "source_url": SOURCE}
    return {"old": event | names | told, "new": None}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the newer of two editions, and both as they are kept."""
    folder = tmp_path_factory.mktemp("record")
    before = tmp_path_factory.mktemp("before")
    for where, tables in ((before, old_tables()), (folder, new_tables())):
        for table, content in tables.items():
            records.write(where, table, content)
    old, new = (edition_files(str(it)) for it in (before, folder))
    for name, made in ((OLD, edition(old)), (NEW, edition(new, old, OLD))):
        document = made[0]
        document["corrections"] += [with_gone(it) for it in document["corrections"][-1:]]
        keep(folder / EDITIONS / name, made)
    return folder


def published(record: Path, out: Path, *options: str) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webmap, "render", lambda *_, **__: "<!doctype html>\n")
        patch.setattr("frtracker.cli.publish.find_spec", lambda _: None)
        words = ["site", str(out), "--policies", str(record / "policies.csv"), *options]
        done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture(scope="module", params=["", HOME], ids=["from disk", "with an address"])
def home(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def site(record: Path, home: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = ("--as-of", "2026-11-30", *(("--url", home) if home else ()))
    return published(record, tmp_path_factory.mktemp("site") / "out", *options)


def feed(path: Path) -> Any:
    return followed.feed(path.read_bytes())


def ids(path: Path) -> set[str]:
    return {entry.id for entry in feed(path).entries}


def urns(*names: str) -> set[str]:
    return {event_urn(name) for name in names}


def events_of(path: Path) -> dict[str, str]:
    """UID → status."""
    found = followed.events(path.read_bytes())
    return {it.uid.removesuffix("@frtracker"): it.status for it in found}


VENDOR = ("vendor-example-2020-began",)
UNION = ("union-2024-ended",)
PORT = ("us-ca-oakland-port-2020-began",)
WITHDRAWN = (f"{FAILED}-began", f"{FAILED}-ended")
NOT_THERE = (f"{GONE}-decided",)
LAW = {
    "changes": (*VENDOR, *UNION),
    "changes-police": VENDOR,
    "changes-private": UNION,
    "changes-schools": (),
    "subjects/vendor-example": VENDOR,
    "subjects/us": VENDOR,
    "subjects/example-union": UNION,
    "subjects/us-ca": (),
    "subjects/us-ma": (),
}
CORRECTED = {
    "corrections": (*PORT, *WITHDRAWN, *NOT_THERE),
    "corrections-police": (*PORT, *WITHDRAWN, *NOT_THERE),
    "corrections-private": (),
    "subjects/us.corrections": (*PORT, *WITHDRAWN, *NOT_THERE),
    "subjects/us-ca.corrections": (*PORT, *WITHDRAWN, *NOT_THERE),
    "subjects/us-ca-oakland.corrections": WITHDRAWN,
    "subjects/us-ca-port-of-oakland.corrections": PORT,
    "subjects/us-ma.corrections": (),
    "subjects/example-union.corrections": (),
}
CALENDARS = {
    "upcoming": {UNION[0]: "CONFIRMED", WITHDRAWN[1]: "CANCELLED"},
    "upcoming-police": {WITHDRAWN[1]: "CANCELLED"},
    "upcoming-private": {UNION[0]: "CONFIRMED"},
    "subjects/us": {WITHDRAWN[1]: "CANCELLED"},
    "subjects/us-ca": {WITHDRAWN[1]: "CANCELLED"},
    "subjects/us-ca-oakland": {WITHDRAWN[1]: "CANCELLED"},
    "subjects/us-ca-port-of-oakland": {},
    "subjects/example-union": {UNION[0]: "CONFIRMED"},
}


@pytest.mark.parametrize("name", LAW)
def test_a_feed_has_the_law_that_editions_brought(site: Path, name: str) -> None:
    assert ids(site / f"{name}.atom") == urns(*LAW[name])


@pytest.mark.parametrize("name", CORRECTED)
def test_a_feed_has_the_corrections(site: Path, name: str) -> None:
    corrected = (f"{it}-corrected-{NEW}" for it in CORRECTED[name])
    assert ids(site / f"{name}.atom") == urns(*corrected)


@pytest.mark.parametrize("name", CALENDARS)
def test_a_calendar_has_what_is_to_come_and_what_no_longer_is(site: Path, name: str) -> None:
    assert events_of(site / f"{name}.ics") == CALENDARS[name]


def pages(site: Path) -> list[Path]:
    """All but the map, the page for what is not there, and those that send on to another."""
    others = ("map.html", "404.html")
    found = [it for it in site.rglob("*.html") if it.name not in others]
    return [it for it in found if 'http-equiv="refresh"' not in it.read_text("utf-8")]


def test_every_actor_and_every_subject_has_two_feeds_and_a_calendar(site: Path) -> None:
    stems = [it.stem for it in pages(site) if it.parent.name == "subjects"]
    assert len(stems) > 50
    names = {f"subjects/{stem}{end}" for stem in stems
             for end in (".atom", ".corrections.atom", ".ics")}  # fmt: skip
    for actor in ("", *(f"-{actor}" for actor in ACTORS)):
        names |= {f"changes{actor}.atom", f"corrections{actor}.atom", f"upcoming{actor}.ics"}
    found = [it for end in ("atom", "ics") for it in site.rglob(f"*.{end}")]
    assert {it.relative_to(site).as_posix() for it in found} == names


def feeds(site: Path) -> list[Path]:
    return sorted(site.rglob("*.atom"))


def test_feeds_are_read_and_have_ids_of_their_own(site: Path, home: str) -> None:
    parsed = [feed(path) for path in feeds(site)]
    own = [it.feed.id for it in parsed]
    assert own == [event_urn(f"{home}{path.relative_to(site)}") for path in feeds(site)]
    assert len({*own}) == len(own)
    for it in parsed:
        assert {one.published for one in it.entries} <= {"2026-11-22T00:00:00Z"}


def test_the_index_counts_entries_and_events(site: Path) -> None:
    listed = json.loads((site / "index.json").read_bytes())["files"]
    rows = {it["name"]: it["rows"] for it in listed}
    for path in feeds(site):
        assert rows[path.relative_to(site).as_posix()] == len(ids(path)), path
    for path in site.rglob("*.ics"):
        assert rows[path.relative_to(site).as_posix()] == len(events_of(path)), path


def test_law_and_corrections_share_no_entry(site: Path) -> None:
    sides: dict[bool, set[str]] = {True: set(), False: set()}
    for path in feeds(site):
        sides["corrections" in path.name] |= ids(path)
    assert all(sides.values())
    assert sides[True].isdisjoint(sides[False])


def links(path: Path) -> Iterator[tuple[str, str, bool]]:
    """(relation, address, whether of an entry); as they are written."""
    text = path.read_text("utf-8")
    head = text.partition("<entry>")[0]
    for at, found in enumerate(re.finditer(r"<link ([^>]*?) ?/>", text)):
        values = dict(re.findall(r'(\w+)="([^"]*)"', found[1]))
        yield values["rel"], values["href"], at >= head.count("<link ")


def test_links_of_feeds_lead_to_pages_of_the_site(site: Path, home: str) -> None:
    for path in feeds(site):
        name = path.relative_to(site).as_posix()
        found = [*links(path)]
        assert [rel for rel, *_, inside in found if not inside] == ["alternate"] + ["self"] * bool(
            home
        )
        for rel, address, inside in found:
            if home and address.startswith(home):
                target = address.removeprefix(home)
            elif urlsplit(address).scheme:
                assert inside, "to a source"
                assert rel == "related" or address == SOURCE
                continue
            else:
                assert not home
                target = normpath(join(dirname(name), address))
            file, _, anchor = target.partition("#")
            assert (site / file).is_file(), (name, address)
            assert not anchor or f'id="{anchor}"' in (site / file).read_text("utf-8")
            if rel == "self":
                assert target == name


@pytest.mark.parametrize(
    ("name", "page", "about"),
    [
        ("changes.atom", "changes.html", ""),
        ("changes-government.atom", "changes.html", " (other agencies)"),
        ("corrections.atom", "editions/index.html", ""),
        ("corrections-police.atom", "editions/index.html", " (police)"),
        ("subjects/us-ca-oakland.atom", "subjects/us-ca-oakland.html", " (Oakland, CA)"),
        ("subjects/us-ma.corrections.atom", "subjects/us-ma.html", " (Massachusetts)"),
    ],
)
def test_a_feed_says_whom_it_is_about(
    site: Path, home: str, name: str, page: str, about: str
) -> None:
    kind = "corrections" if "corrections" in name else "changes of law"
    assert feed(site / name).feed.title == f"Face recognition rules{about}: {kind}"
    (address,) = (it for rel, it, inside in links(site / name) if (rel, inside) == ("alternate", 0))
    assert address == f"{home or '../' * name.count('/')}{page}"


def test_a_calendar_says_whom_it_is_about(site: Path) -> None:
    """RFC 7986, 5.1, and RFC 5545, 3.8.8.2: text, whose commas have a backslash."""
    for name, about in (
        ("upcoming-police", "police"),
        ("subjects/us-ca-oakland", r"Oakland\, CA"),
    ):
        lines = (site / f"{name}.ics").read_bytes().decode().split("\r\n")
        for key in ("NAME", "X-WR-CALNAME"):
            assert f"{key}:Face recognition rules ({about})" in lines


def test_an_act_that_is_gone_is_linked_to_its_source(site: Path) -> None:
    name = event_urn(f"{GONE}-decided-corrected-{NEW}")
    (entry,) = (it for it in feed(site / "corrections.atom").entries if it.id == name)
    assert [(it.rel, it.href) for it in entry.links] == [("alternate", SOURCE)]


# Pages


def text_of(path: Path) -> str:
    plain = re.sub("<[^>]*>", "", path.read_text("utf-8").partition("<main")[2])
    return " ".join(plain.split())


def alternates(path: Path) -> list[str]:
    head = path.read_text("utf-8").partition("</head>")[0]
    return re.findall(r'<link rel="alternate" type="[^"]*" title="[^"]*" href="([^"]*)">', head)


def test_every_page_names_its_feeds(site: Path) -> None:
    everything = ["changes.atom", "corrections.atom", "upcoming.ics"]
    for path in pages(site):
        name = path.relative_to(site)
        root = "../" * (len(name.parts) - 1)
        own = []
        if name.parts[0] == "subjects":
            own = [f"subjects/{name.stem}{end}" for end in (".atom", ".corrections.atom", ".ics")]
        assert alternates(path) == [f"{root}{it}" for it in [*own, *everything]]


def test_feeds_are_linked_where_readers_look(site: Path) -> None:
    page = (site / "subjects" / "us-ma.html").read_text("utf-8")
    assert "Follow: changes of law · corrections · calendar" in text_of(
        site / "subjects" / "us-ma.html"
    )
    body = page.partition("<body>")[2]
    for end in (".atom", ".corrections.atom", ".ics"):
        assert f'href="../subjects/us-ma{end}"' in body
    for name in ("changes", "upcoming", "downloads"):
        body = (site / f"{name}.html").read_text("utf-8").partition("<body>")[2]
        for actor in ("", *(f"-{actor}" for actor in ACTORS)):
            for it in (f"changes{actor}.atom", f"corrections{actor}.atom", f"upcoming{actor}.ics"):
                assert f'href="{it}"' in body


def test_editions_are_published_as_they_were_kept(site: Path, record: Path) -> None:
    for name in (OLD, NEW):
        for file in ("edition.json", "positions.csv"):
            kept = (record / "editions" / name / file).read_bytes()
            assert (site / "editions" / name / file).read_bytes() == kept
            page = (site / "editions" / name / "index.html").read_text("utf-8")
            assert f'href="{file}"' in page


def test_the_shipped_edition_is_written_as_it_was_kept() -> None:
    for it in site_editions.newest_first(released(ROOT / "editions")):
        names = {file.name: file.data for file in it.files}
        assert names == {
            f"{it.folder}{name}": (ROOT / it.folder / name).read_bytes()
            for name in ("edition.json", "positions.csv")
        }


def test_the_list_of_editions(site: Path, record: Path) -> None:
    documents = [json.loads((record / "editions" / it / "edition.json").read_bytes())
                 for it in (NEW, OLD)]  # fmt: skip
    page = (site / "editions" / "index.html").read_text("utf-8")
    rows = re.findall('(?s)<tr><th scope="row">.*?</tr>', page)
    assert [re.findall('href="([^"]*)"', it) for it in rows] == [
        [f"../editions/{NEW}/index.html"], [f"../editions/{OLD}/index.html"],
    ]  # fmt: skip
    for document, shown in zip(documents, rows, strict=True):
        assert f"<code>{document['edition'][:12]}</code>" in shown
        assert f"<code>{document['answers'][:12]}</code>" in shown
    counts = documents[0]["changed"]["answers"]
    numbers = ["9", f"{counts['changed']} of {counts['answers']}", "4", "5"]
    assert re.findall('class="number"[^>]*>([^<]*)<', rows[0]) == numbers
    assert "the first edition" in rows[1]
    assert f"frtracker status --edition {OLD}" in text_of(site / "editions" / "index.html")


def test_the_page_of_an_edition(site: Path, record: Path) -> None:
    document = json.loads((record / "editions" / NEW / "edition.json").read_bytes())
    path = site / "editions" / NEW / "index.html"
    page, text = path.read_text("utf-8"), text_of(path)
    for digest in (document["edition"], document["answers"], *document["files"].values()):
        assert f"<code>{digest}</code>" in page
    raw = (record / "policies.csv").read_bytes()
    assert f"policies.csv9{hashlib.sha256(raw).hexdigest()}" in text.replace(" ", "")
    titles = ["New on record 2", "Bills 2", "Corrections 5", "No longer to come 1"]
    assert [it for it in titles if it in text] == titles
    assert "10 Jun 2020 Example: moratorium for police in the United States began" in text
    assert "10 Dec 2020 Massachusetts, bill: moratorium for police failed" in text
    assert "Corrected: Port of Oakland, CA: ban for police began on 11 Feb 2020" in text
    assert "An earlier edition said: Port of Oakland, CA: ban for police began on 10 Feb" in text
    assert 'href="../../subjects/us-ca-port-of-oakland.html#us-ca-oakland-port-2020"' in page
    assert f'#{FAILED}">Withdrawn: Oakland, CA: moratorium for police began' in page
    assert "Withdrawn: Gone, CA" in text
    assert GONE not in page
    assert f'href="../{OLD}/index.html"' in page
    assert f"edition {NEW} ({document['edition'][:12]}, 9 rows)." in text


def test_hostile_text_stays_text(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert "<script>alert" not in path.read_text("utf-8")
    assert any(BAD in entry.summary for entry in feed(site / "changes.atom").entries)


def hrefs(path: Path) -> list[str]:
    return re.findall(r'<(?:a|link) [^>]*?href="([^":]+)"', path.read_text("utf-8"))


def test_every_link_of_the_pages_resolves(site: Path) -> None:
    for path in site.rglob("*.html"):
        name = path.relative_to(site).as_posix()
        if name in ("map.html", "404.html"):
            continue
        for address in hrefs(path):
            file, _, anchor = address.partition("#")
            target = normpath(join(dirname(name), file)) if file else name
            assert (site / target).is_file(), (name, address)
            if anchor and target != "map.html":
                assert f'id="{anchor}"' in (site / target).read_text("utf-8"), (name, address)


def test_editions_are_linked_listed_and_in_the_sitemap(site: Path, home: str) -> None:
    for name in ("index.html", "downloads.html", "method.html", "subjects/us-ma.html"):
        root = "../" * name.count("/")
        assert f"{root}editions/index.html" in hrefs(site / name)
    index = {it["name"] for it in json.loads((site / "index.json").read_bytes())["files"]}
    on_disk = {it.relative_to(site).as_posix() for it in site.rglob("*") if it.is_file()}
    assert index | {"index.json"} == on_disk
    if home:
        sitemap = (site / "sitemap.xml").read_text("utf-8")
        assert f"<loc>{home}editions/</loc>" in sitemap
        assert f"<loc>{home}editions/{OLD}/</loc><lastmod>2026-05-01</lastmod>" in sitemap


def test_a_record_without_editions_has_no_pages_of_them(tmp_path: Path) -> None:
    for table in TABLES:
        records.write(tmp_path, table, records.rows("base", table))
    out = published(tmp_path, tmp_path / "out", "--as-of", "2026-11-30")
    assert not (out / "editions").exists()
    for path in out.rglob("*.html"):
        assert not [it for it in hrefs(path) if "editions/" in it], path
    assert feed(out / "changes.atom").entries == []
    assert ("alternate", "changes.html", False) in links(out / "corrections.atom")


def test_feeds_cover_the_year_up_to_the_day(record: Path, tmp_path: Path) -> None:
    out = published(record, tmp_path / "out", "--as-of", "2026-11-21")
    assert ids(out / "changes.atom") == ids(out / "corrections.atom") == set()
    assert (out / "editions" / NEW / "index.html").is_file()
    out = published(record, tmp_path / "later", "--as-of", "2027-11-23")
    assert ids(out / "changes.atom") == set()
    out = published(record, tmp_path / "last", "--as-of", "2027-11-22")
    assert ids(out / "changes.atom") == urns(*LAW["changes"])
