"""The static site: it is whole, it leads nowhere it should not, it says what the record says."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import parse_qs, unquote, urlsplit

import feedparser
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from frtracker import page as webmap
from frtracker import wording as phrases
from frtracker.answers.changes import changes, of_rules
from frtracker.answers.documents import is_live
from frtracker.answers.editions import released
from frtracker.answers.here import applies_here
from frtracker.answers.people import people
from frtracker.answers.status import Filters, counts_for, general_bans, status
from frtracker.cli import main
from frtracker.codes import US_REGION_NAMES
from frtracker.export import FORMATS, File, export
from frtracker.export.documents import take
from frtracker.layers import Readings
from frtracker.page.elements import web_link
from frtracker.places.place import of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record import load as table
from frtracker.record.cells import is_web
from frtracker.record.columns import TABLES
from frtracker.site import markdown
from frtracker.site.lists import (
    Spell,
    ancestors,
    by_state,
    from_first_rule,
    groups,
    of_others,
    past_positions,
)
from frtracker.site.over_time import picture
from frtracker.site.pages import site_files
from frtracker.timeline import build
from frtracker.vocabulary import ACTORS, MEASURES

DAY = date(2026, 11, 22)
EDITIONS = Path(__file__).parents[1] / "editions"
VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "wbr"})
MAP_ADDRESS = r"\d{4}-\d\d-\d\d/(anyone|police|government|schools|private)/[a-z0-9-]+"
FETCHED = ("src", "srcset", "poster", "data", "background")


@dataclass
class Page(HTMLParser):
    """What the checks need of one page; ``trouble`` is what no page may have."""

    name: str
    ids: Counter = field(default_factory=Counter)
    links: list = field(default_factory=list)
    outward: list = field(default_factory=list)
    fetched: list = field(default_factory=list)
    headings: list = field(default_factory=list)
    tags: Counter = field(default_factory=Counter)
    texts: list = field(default_factory=list)
    trouble: list = field(default_factory=list)
    open: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags[tag] += 1
        if len(values) < len(attrs):
            self.trouble.append(f"<{tag}> has an attribute twice")
        if tag == "script" and values != {"type": "application/ld+json"}:
            self.trouble.append("a script that runs")
        if any(name.startswith("on") or name == "style" for name in values):
            self.trouble.append(f"<{tag}> carries script or style")
        if "id" in values:
            self.ids[values["id"]] += 1
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            (self.outward if ":" in values["href"].split("/")[0] else self.links).append(
                values["href"]
            )
            if values["href"].startswith("http") and values.get("rel") != "noopener noreferrer":
                self.trouble.append(f"{values['href']} has no rel")
        if tag == "link" and values["rel"] != "canonical":
            (self.fetched if values["rel"] in ("stylesheet", "icon") else self.links).append(
                values["href"]
            )
        self.fetched += [values[name] for name in FETCHED if name in values]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.trouble.append(f"</{tag}> closes nothing that is open")

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())


def parse(file):
    page = Page(file.name)
    page.feed(file.data.decode())
    page.close()
    if page.open:
        page.trouble.append(f"left open: {page.open}")
    return page


@pytest.fixture(scope="module")
def snapshot():
    tables = table.read()
    where = tables.sources.index[0], ["locator", "archived_url"]
    tables.sources.loc[where] = ["§ 9(z)", "https://archive.example/9"]
    retired = {
        "policy_id": "us-ma-2020-s1",
        "replaced_by": "us-ma-2020",
        "retired_on": DAY.isoformat(),
    }
    tables = replace(tables, retired_ids=pd.DataFrame([retired], dtype="str"))
    return take(tables, build(tables.policies), DAY, released=released(EDITIONS))


@pytest.fixture(scope="module")
def files(snapshot):
    return {file.name: file for file in site_files(snapshot)}


@pytest.fixture
def no_map(monkeypatch):
    """The map takes its time and has tests of its own."""
    monkeypatch.setattr(webmap, "render", lambda *_, **__: "<!doctype html>\n")


def parsed(files):
    """Every page but the map, which has its own tests."""
    return {
        name: parse(file)
        for name, file in files.items()
        if file.format == "html" and name != "map.html"
    }


@pytest.fixture(scope="module")
def pages(files):
    return parsed(files)


def sends_on(file):
    return b'http-equiv="refresh"' in file.data


def broken_links(files, pages):
    """Links inside the site that lead nowhere, and anything fetched from elsewhere."""
    for name, page in pages.items():
        for address in page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or address.startswith("/"):
                yield f"{name}: {address} is not relative"
                continue
            target = normpath(join(dirname(name), unquote(parts.path))) if parts.path else name
            if target not in files:
                yield f"{name}: {address} leads nowhere"
            elif target == "map.html":
                if parts.fragment and not re.fullmatch(MAP_ADDRESS, parts.fragment):
                    yield f"{name}: {address} is no address of the map"
            elif parts.fragment and parts.fragment not in pages[target].ids:
                yield f"{name}: {address} names no place in its page"
        for address in page.fetched:
            target = normpath(join(dirname(name), address))
            if not address.startswith("data:image/svg+xml,") and target not in files:
                yield f"{name}: {address} is fetched from elsewhere"
        for address in page.outward:
            if urlsplit(address).scheme not in ("http", "https"):
                yield f"{name}: {address} leads off the web"


def unsound(pages):
    """Faults in the make of a page."""
    for name, page in pages.items():
        yield from (f"{name}: {said}" for said in page.trouble)
        yield from (f"{name}: id {one} twice" for one, count in page.ids.items() if count > 1)
        if page.headings.count(1) != 1 or page.headings[0] != 1:
            yield f"{name}: not one first heading, first"
        if any(b > a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False)):
            yield f"{name}: a level of headings is passed over"
        if page.tags["img"] or (page.tags["form"] and name != "index.html"):
            yield f"{name}: a picture or form"
        if page.tags["nav"] and "#content" not in page.links:
            yield f"{name}: no way past the navigation"


# Whole and sound


def test_every_link_leads_somewhere(files, pages):
    assert list(broken_links(files, pages)) == []
    assert sum(len(page.links) for page in pages.values()) > 4000


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("vendor-facebook", "vendor-meta"),
        ("us-ny-nyc", "us-ny-new-york-city"),
        ("us-ny-new-york-city", ""),
        ("us-ma-boston", ""),
    ],
)
def test_the_address_that_an_alias_gives_sends_on(files, pages, address, to):
    """An earlier name is an alias; the page of a subject is never one that sends on."""
    name = f"subjects/{address}.html"
    sent = re.findall(r'content="0; url=(.*)\.html"', files[name].data.decode())
    assert sent == ([to] if to else [])
    assert (pages[name].links == [f"{to}.html"]) == bool(to)


def test_every_page_is_sound(pages):
    assert list(unsound(pages)) == []


def test_pages_name_themselves(files, pages):
    named = [name for name in pages if not sends_on(files[name])]
    for name in named:
        text = files[name].data.decode()
        assert text.startswith('<!doctype html>\n<html lang="en">'), name
        assert text.partition("</head>")[0].count("<title>") == 1
        assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
        assert re.search(r'<meta name="description" content="[^"]{20,}">', text), name
        assert re.search(r'<meta name="description" content="[^"]*acial recognition', text), name
    titles = Counter(re.search("<title>(.*)</title>", files[n].data.decode())[1] for n in named)
    twice = {title for title, count in titles.items() if count > 1}
    assert twice == set()


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<a href="nowhere.html">x</a>', "leads nowhere"),
        ('<a href="#nothing">x</a>', "names no place"),
        ('<a href="/index.html">x</a>', "is not relative"),
        ('<a href="//example.org/">x</a>', "is not relative"),
        ('<a href="javascript:alert(1)">x</a>', "leads off the web"),
        ('<link rel="stylesheet" href="https://example.org/a.css">', "fetched from elsewhere"),
        ('<img src="https://example.org/a.png">', "fetched from elsewhere"),
    ],
)
def test_the_checker_of_links_sees_faults(markup, fault):
    made = File("a.html", "html", markup.encode())
    found = list(broken_links({"a.html": made}, {"a.html": parse(made)}))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>a</h1><h3>b</h3>",
        "<h1>a</h1><h1>b</h1>",
        "<h2>a</h2>",
        '<h1 id="a">a</h1><p id="a">b</p>',
        "<h1>a</h1><p>b",
        '<h1>a</h1><p onclick="x">b</p>',
        "<h1>a</h1><script>x</script>",
        '<h1>a</h1><a href="https://example.org/">x</a>',
        "<h1>a</h1><nav></nav>",
    ],
)
def test_the_checker_of_pages_sees_faults(markup):
    skip = "" if "<nav>" in markup else '<a href="#content">x</a>'
    made = File("a.html", "html", f"{markup}{skip}".encode())
    assert list(unsound({"a.html": parse(made)})) != []


def test_the_same_input_gives_the_same_bytes(snapshot, files, no_map):
    tables = snapshot.tables
    again = site_files(take(tables, build(tables.policies), DAY, released=released(EDITIONS)))
    others = {file.name: file.data for file in again if file.name not in ("map.html", "index.json")}
    assert others == {name: files[name].data for name in others}
    assert len(others) == len(files) - 2


# What the pages say


def test_every_act_is_told_with_its_sources(snapshot, pages):
    tables = snapshot.tables
    sources = tables.sources.groupby("policy_id")["url"].agg(set).to_dict()
    first = tables.sources.iloc[0]
    key = tables.policies.set_index("policy_id").loc[first["policy_id"], "subject_key"]
    assert f"{first['title']}, § 9(z)" in pages[f"subjects/{key}.html"].text
    sources[first["policy_id"]].add("https://archive.example/9")
    for row in tables.policies.to_dict("records"):
        page = pages[f"subjects/{row['subject_key']}.html"]
        assert row["policy_id"] in page.ids
        for column in ("summary", "exceptions", "notes"):
            assert " ".join(row[column].split()) in page.text, row["policy_id"]
        assert sources[row["policy_id"]] <= set(page.outward)


def test_a_retired_id_keeps_its_address(pages, files):
    assert "us-ma-2020-s1" in pages["subjects/us-ma.html"].ids
    assert "us-ma-2020-s1 is us-ma-2020 since" in pages["subjects/us-ma.html"].text


FIGURE = r'(?s)<figure class="map-of-today">.*?</figure>'


def test_the_map_of_the_day_shows_every_state_and_leads_to_its_page(snapshot, files):
    (drawn,) = re.findall(FIGURE, files["index.html"].data.decode())
    for code in US_REGION_NAMES:
        assert f'href="subjects/{code.lower()}.html"' in drawn, code
    numbers = sum(map(int, re.findall(r"<title>(\d+) places: ", drawn)))
    single = len(re.findall("<circle ", drawn)) - len(re.findall(r"<title>\d+ places: ", drawn))
    marked = [
        entry
        for entry in snapshot.status["subjects"]
        if entry["country"] == "US"
        and entry["region"]
        and entry["subject_type"] not in ("state", "county", "vendor", "company")
        and (
            any(
                it and (it["measure"] != "none" or not it["certain"])
                for it in entry["positions"].values()
            )
            or any(row["state"] == "scheduled" for row in entry["policies"])
        )
    ]
    again = sum(entry["region"] in ("US-MA", "US-RI", "US-CT") for entry in marked)
    assert numbers + single == len(marked) + again
    county = re.search(r'<path class="([^"]*)"[^>]*/><title>King County, WA: ', drawn)
    assert county.groups() == ("is-ban",)
    florida = re.search(r'<path class="([^"]*)"[^>]*/><title>Florida: ([^<]*)<', drawn)
    assert florida.groups()[0] == "is-others"
    assert florida.groups()[1].startswith("schools: ban, since 12 May 2014")


def test_the_first_page_lists_every_place_once(snapshot, files):
    text = re.sub(FIGURE, "", files["index.html"].data.decode())
    listed = Counter(re.findall(r'href="(subjects/[^"]*\.html)"', text))
    places = [
        entry
        for entry in snapshot.status["subjects"]
        if entry["subject_type"] not in ("vendor", "company")
    ]
    for entry in places:
        assert listed[f"subjects/{entry['subject_key']}.html"] == 1, entry["subject_key"]
    numbers = {group["code"]: group["number"] for group in groups(places)}
    counts = snapshot.status["counts"]
    for code in MEASURES:
        if code != "none":
            total = sum(counts[kind]["general"][code] for kind in ("places", "agencies"))
            assert numbers.get(code, 0) == total
    assert sum(numbers.values()) == len(places)


def test_the_first_page_says_what_it_counts(snapshot, pages):
    text = pages["index.html"].text
    assert "general bans of the place or agency itself, some with exceptions; 1 of them is" in text
    assert text.count("States and countries without an act of their own") == 2
    assert phrases.bans_counted(2, 0, 0) == "general bans of the place or agency itself"
    assert phrases.bans_counted(3, 3, 2).endswith(
        "itself, all with exceptions; 2 of them are outside the United States"
    )


def test_several_places_share_a_ring_and_no_color_of_their_own(files):
    (drawn,) = re.findall(FIGURE, files["index.html"].data.decode())
    marks = re.findall(r"<g>(<circle class=\"several\".*?)</g>", drawn)
    assert len(marks) > 10
    for mark in marks:
        number = int(re.search(r'<text class="several"[^>]*>(\d+)<', mark)[1])
        said = re.search(r"<title>\d+ places: ([^(]*) \(", mark)[1]
        assert sum(map(int, re.findall(r"\b(\d+) ", said))) == number
        looks = re.findall('<path class="arc ([^"]*)"', mark)
        assert 1 <= len(looks) <= number
        assert len(set(looks)) == len(looks) or "is-narrow" in mark
    bay = next(mark for mark in marks if "Oakland, CA" in mark)
    assert re.search(r"<title>10 places: \d+ bans, ", bay)


def test_an_act_that_ends_a_rule_is_not_in_force(snapshot, files, pages):
    ending = {
        act["policy_id"]: key
        for key, document in snapshot.histories.items()
        for act in document["policies"]
        if act["measure"] == "none"
    }
    assert len(ending) > 10
    for act, key in ending.items():
        text = files[f"subjects/{key}.html"].data.decode()
        article = text.partition(f'<article class="act" aria-labelledby="{act}">')[2]
        article = article.partition("</article>")[0]
        assert "end of an earlier rule for" in article, act
        assert ">in force" not in article
        assert "not confirmed since" not in article
    assert "took effect 3 Apr 2025" in pages["subjects/us.html"].text
    assert (
        "not confirmed since" not in pages["subjects/us-general-services-administration.html"].text
    )


def test_acts_in_force_come_before_all_else_and_searches_last(files):
    text = files["subjects/us-ma.html"].data.decode()
    ids = ["inside", "positions", "acts", "history", "above", "earlier", "searches", "cite"]
    found = re.findall(r'<h2 id="([^"]*)"', text)
    assert [it for it in found if it in ids] == ids
    doubts, searches = (
        text.index(it) for it in ("The date of introduction is not", "State, 29 Nov")
    )
    assert text.rindex("</article>") < doubts < searches
    for at in (doubts, searches):
        assert text.rindex("<details", 0, at) > text.rindex("</details>", 0, at)


def test_a_later_rule_is_linked_and_nothing_is_said_twice(files, pages):
    page = pages["changes.html"]
    assert "replaced by a later rule (the later rule)" in page.text
    assert "subjects/company-bunnings.html#company-bunnings-2026-au" in page.links
    assert not re.search(r"replaced by [a-z]+-", page.text)
    assert "extended extended" not in page.text


def test_coming_ends_say_for_whom(pages):
    text = pages["upcoming.html"].text
    assert "RuleForIn forceLast confirmed" in text
    assert "moratorium (one system only)police, other agenciesuntil the control bodies" in text


def test_acts_left_out_are_rows_without_their_ids(pages):
    page = pages["excluded.html"]
    assert "coe-guidelines-2021" in page.ids
    assert "coe-guidelines-2021" not in page.text
    assert "act why it is not recorded" in page.text


def test_vendors_and_companies_have_their_page(snapshot, pages):
    links = set(pages["vendors.html"].links)
    for entry in snapshot.status["subjects"]:
        marketed = entry["subject_type"] in ("vendor", "company")
        assert (f"subjects/{entry['subject_key']}.html" in links) == marketed, entry["subject_key"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "us-me-portland",
            ["police, other agencies", "2 Sep 2020", "6 Dec 2020"],
        ),
        ("vendor-amazon", ["moratorium", "since", "until further notice", "Assumed to continue"]),
        ("us-va", ["uncertain: ban", "not established that the act exists"]),
        ("us-ca-san-francisco", ["Lies in", "United States", "California"]),
        (
            "us-ma",
            [
                "Cities and agencies in Massachusetts with rules of their own 10",
                "Boston, MA ban for police, other agencies; oversight for schools",
                "Springfield, MA moratorium for police",
                "In force 1",
                "Report an error",
            ],
        ),
        (
            "us",
            [
                "Massachusetts restriction for police; inside it: 8 cities, 2 agencies",
                "but with rules inside: Alaska (1 city), California (",
            ],
        ),
        (
            "ca",
            [
                "Regions and agencies in Canada with rules of their own",
                "Orders and promises that apply to companies here 5",
                "Canadian Tire withdrawal (shops only) for private users in British Columbia",
                "Clearview AI ban for police, other agencies, schools, private users in Alberta"
                " (Canada), British Columbia (Canada) and Quebec (Canada) only; withdrawal for",
                "vendor-clearview-ai.html",
            ],
        ),
        ("us-fl", ["What was looked for", "State, 22 Nov 2026"]),
        ("fr", ["apply here too: the European Union.", "map.html#2026-11-22/police/fr"]),
        ("us-ca", ["1 Jan 2020", "31 Dec 2022", "moratorium (body cameras only)"]),
    ],
)
def test_a_subject_s_page_says(pages, files, key, said):
    text = pages[f"subjects/{key}.html"].text + " " + files[f"subjects/{key}.html"].data.decode()
    for words_said in said:
        assert words_said in text


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("us-nv", ["No rule found. On 22 Nov 2026, no act of Nevada", "not the same as “allowed”",
                   "State, 29 Nov 2026: Searched pages for bills",
                   "None on record that is in force"]),
        ("us-as", ["no act of American Samoa", "Not searched"]),
        ("lt", ["no act of Lithuania", "apply here too: the European Union."]),
        ("br", ["no act of Brazil", "Cities and regions in Brazil with", "Salvador, Bahia"]),
    ],
)  # fmt: skip
def test_a_place_without_an_act_has_a_page(pages, key, said):
    page = pages[f"subjects/{key}.html"]
    for words_said in said:
        assert words_said in page.text
    assert f"subjects/{key}.html" in pages["index.html"].links


def test_which_places_without_an_act_have_a_page(snapshot, pages):
    keys = {name[9:-5] for name in pages if name.startswith("subjects/")}
    assert {code.lower() for code in US_REGION_NAMES} <= keys
    assert {code.lower() for code in snapshot.tables.searches["country"]} <= keys
    assert "zw" not in keys


@pytest.mark.parametrize("key", ["us-ma-boston", "us-co-denver", "us-tx", "it", "us-fed-fbi"])
def test_rules_of_others_are_those_of_show(snapshot, key):
    everyone, tables = subjects_by_key(snapshot.tables.subjects), snapshot.tables
    if key not in everyone:
        key = next(it for it, each in everyone.items() if each.subject_type == "agency")
    place = of_subject(everyone, everyone[key])
    rules = {rule["policy_id"]: rule for entry in snapshot.status["subjects"]
             for rule in entry["policies"] if is_live(rule)}  # fmt: skip
    found = of_others(Readings(tables.policies), everyone, place, rules)
    wanted = applies_here(tables, place, DAY, known_at=None, filters=Filters())
    assert [(layer.key, [rule["policy_id"] for rule in own]) for layer, own in found] == [
        (entry["subject_key"], [r["policy_id"] for r in entry["policies"] if is_live(r)])
        for entry in wanted
    ]


def test_the_first_sentence_is_the_headline_of_the_map(snapshot, pages):
    asked = Filters(for_actors=("police",), everything=True)
    groups_of = status(snapshot.tables, snapshot.timeline, DAY, filters=asked)["counts"]
    number = sum(groups_of[name]["general"]["ban"] for name in ("places", "agencies"))
    bans = general_bans(snapshot.status, ["police"])
    assert (
        f"22 Nov 2026: {phrases.headline(bans, ['police'], snapshot.status['coverage']['places'])}."
        in pages["index.html"].text
    )
    assert sum(bans.values()) == number
    (count,) = people(snapshot.tables, DAY, filters=asked)
    said = phrases.people_sentence(snapshot.status, count)
    assert said.endswith("government that bans or pauses face recognition by its own police.")
    assert said in pages["index.html"].text
    for actor in ACTORS:
        asked = Filters(for_actors=(actor,), everything=True)
        wanted = status(snapshot.tables, snapshot.timeline, DAY, filters=asked)["counts"]
        assert counts_for(snapshot.status, actor) == wanted


@pytest.mark.parametrize(
    ("states", "titles"),
    [
        (["failed", "in_force", "scheduled"],
         ["In force", "Adopted, not yet in effect", "Ended, replaced or failed"]),
        (["proposed", "uncertain", "expired"],
         ["Uncertain", "Pending", "Ended, replaced or failed"]),
        ([], []),
    ],
)  # fmt: skip
def test_acts_in_force_come_first(states, titles):
    acts = [
        {"policy_id": f"a-{number}", "measure": "ban", "state": state}
        for number, state in enumerate(states)
    ]
    assert [title for title, _ in by_state(acts)] == titles


def test_acts_keep_their_order_and_a_repeal_comes_last():
    acts = [
        {"policy_id": name, "measure": measure, "state": "in_force"}
        for name, measure in (("new", "ban"), ("repeal", "none"), ("old", "ban"))
    ]
    found = [[it["policy_id"] for it in own] for _, own in by_state(acts)]
    assert found == [["new", "old"], ["repeal"]]


SPELLS = [
    ((Spell(date(2020, 1, 1), None, "ban", "is-ban"),), ["police", "schools"]),
    ((Spell(None, date(2022, 12, 31), "ban (drones only)", "is-ban is-narrow"),
      Spell(date(2023, 1, 1), None, "no rule in force", "is-none")), ["private"]),
]  # fmt: skip


def test_the_picture_has_a_bar_for_each_position_of_each_actor():
    drawn = picture(SPELLS, date(2021, 6, 30))
    assert re.findall('<rect class="bar ([^"]*)"', drawn) == [
        "is-ban", "is-ban", "is-ban is-narrow", "is-none",
    ]  # fmt: skip
    assert re.findall('class="name"[^>]*>([^<]*)<', drawn) == [
        "police", "schools", "private (businesses and individuals)",
    ]  # fmt: skip
    assert (
        "Rules over time. police: ban since 1 Jan 2020. schools: ban since 1 Jan 2020. private"
        " (businesses and individuals): ban (drones only) through 31 Dec 2022; no rule in force"
        " since 1 Jan 2023." in drawn
    )
    assert drawn.count('class="today"') == 1
    assert 'fill="url(#some-ban)"' in drawn
    assert picture([], DAY) == ""


def test_a_bar_is_lighter_after_the_last_confirmation_and_names_are_crossed_by_no_line():
    spells = [((Spell(date(2020, 1, 1), None, "ban", "is-ban"),), ["police", "schools"])]
    drawn = picture(spells, date(2026, 6, 30), {"police": "2023-01-01", "schools": None})
    looks = re.findall('<rect class="bar ([^"]*)" x="([^"]*)%"', drawn)
    assert [look for look, _ in looks] == ["is-ban", "is-ban is-presumed", "is-ban is-presumed"]
    assert float(looks[0][1]) == float(looks[2][1]) < float(looks[1][1])
    assert "ban since 1 Jan 2020; last confirmed 1 Jan 2023<" in drawn
    assert "ban since 1 Jan 2020; not confirmed since it began<" in drawn
    assert drawn.count(">today<") == 1
    names = [float(y) for y in re.findall('class="name" x="[^"]*" y="([^"]*)"', drawn)]
    lines = re.findall('class="grid" [^>]*y1="([^"]*)" y2="([^"]*)"', drawn)
    assert lines
    assert not any(float(top) < name and name - 14 < float(end)
                   for name in names for top, end in lines)  # fmt: skip


def test_no_rule_in_force_is_drawn_only_after_a_rule():
    bill, lifted = (Spell(date(year, 1, 1), None, "no rule", "is-none") for year in (2019, 2024))
    rule = Spell(date(2021, 1, 1), None, "ban", "is-ban")
    past = [((bill, rule, lifted), ["police"]), ((bill,), ["schools"])]
    assert from_first_rule(past) == [((rule, lifted), ["police"])]


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2026, 11, 22), ["2019", "2021", "2023", "2025", "2027"]),
        (date(1, 1, 1), ["2019", "2020", "2021", "2022", "2023", "2024"]),
    ],
)
def test_the_years_of_the_picture(day, years):
    assert re.findall('class="year"[^>]*>([^<]*)<', picture(SPELLS, day)) == years


def test_what_has_a_range_is_not_news_of_its_last_day(snapshot, pages):
    """Known only to have begun between January and the day of the review (findings, A1)."""
    ranged = [
        event
        for event in of_rules(snapshot.changes["events"])
        if event["on_low"] and event["on_low"] < event["on_high"] == DAY.isoformat()
    ]
    assert ranged
    latest = pages["index.html"].text.partition("Latest changes")[2].partition("coming")[0]
    for event in ranged:
        words_said = f"{phrases.recorded(event['on'])} {phrases.event(event, dated=False)}"
        assert words_said in pages["changes.html"].text
        assert phrases.event(event, dated=False) not in latest


def test_bills_are_in_no_feed_and_on_a_page_of_their_own(snapshot, pages, no_map):
    tables = snapshot.tables
    events = changes(tables, snapshot.timeline, date.min, DAY)["events"]
    brought = {"law": events, "corrections": [], "cancelled": []}
    (latest,) = released(EDITIONS)[-1:]
    edition = replace(latest, document=latest.document | brought)
    made = {it.name: it for it in site_files(replace(snapshot, released=(edition,)))}
    feed = feedparser.parse(made["changes.atom"].data)
    assert len(feed.entries) == len(of_rules(events)) > 0
    assert feed.feed.author == "The frtracker authors"
    own = feedparser.parse(made["subjects/us-ct.atom"].data).entries
    assert {it.id for it in own} < {it.id for it in feed.entries}
    assert len(own) == sum(event["region"] == "US-CT" for event in of_rules(events)) > 0
    for words_said in ("introduced", "lapsed with its session"):
        assert words_said in pages["bills.html"].text
        assert not any(words_said in entry.title for entry in feed.entries)


def test_pages_describe_themselves_to_machines(snapshot, files):
    def linked(name):
        text = files[name].data.decode()
        found = re.search('<script type="application/ld.json">(.*?)</script>', text)
        return json.loads(found[1]) if found else None

    dataset = linked("index.html")
    assert dataset == linked("downloads.html")
    assert (dataset["@type"], dataset["dateModified"]) == ("Dataset", "2026-12-01")
    assert {"data/policies.csv", "v2/all.json"} <= {
        each["contentUrl"] for each in dataset["distribution"]
    }
    acts = {each["legislationIdentifier"]: each for each in linked("subjects/us-ma.html")["@graph"]}
    assert len(acts) == len(snapshot.histories["us-ma"]["policies"])
    law = acts["us-ma-2020"]
    assert (law["@type"], law["legislationDate"]) == ("Legislation", "2020-12-31")
    assert law["legislationLegalForce"] == "https://schema.org/InForce"
    assert linked("subjects/us-nv.html") is linked("subjects/vendor-amazon.html") is None
    assert "How to cite" in files["llms.txt"].data.decode()


def test_an_error_is_reported_with_the_act_and_the_edition(snapshot, pages, no_map):
    page = pages["subjects/us-ma.html"]
    edition = phrases.edition(snapshot.status["dataset"])
    assert f"Act: us-ma-2020 {edition} Column: What would be right" in page.text
    assert "../method.html#policies-csv" in page.links
    assert page.text.count(snapshot.histories["us-ma"]["cite_as"]) == 1
    made = {file.name: file for file in site_files(snapshot, issues="https://example.org/issues")}
    links = parse(made["subjects/us-ma.html"]).outward
    (form,) = [it for it in links if it.startswith("https://example.org/") and "us-ma-2020&" in it]
    asked = parse_qs(urlsplit(form).query)
    assert asked == {
        "template": ["correct-a-row.yml"],
        "title": ["Error in us-ma-2020"],
        "act": ["us-ma-2020"],
        "edition": [edition],
    }
    template = Path(__file__).parents[1] / ".github" / "ISSUE_TEMPLATE" / "correct-a-row.yml"
    fields = {it["id"] for it in yaml.safe_load(template.read_text("utf-8"))["body"]}
    assert asked.keys() - {"template", "title"} <= fields


def test_stretches_are_those_of_the_timeline_without_hand_overs(snapshot):
    told = {
        tuple(whom): stretches
        for stretches, whom in past_positions(snapshot.timeline)["us-me-portland"]
    }
    assert [stretch[:3] for stretch in told["police", "government"]] == [
        (date(2019, 11, 1), date(2020, 9, 1), "no rule in force"),
        (date(2020, 9, 2), None, "ban"),
    ]


def test_changes_and_what_is_to_come_are_all_told(snapshot, pages):
    assert len(snapshot.upcoming["events"]) > 0
    for event in snapshot.upcoming["events"]:
        address = f"subjects/{event['subject_key']}.html#{event['policy_id']}"
        assert address in pages["upcoming.html"].links
        assert phrases.event(event, coming=True, dated=False) in pages["upcoming.html"].text
    for rule in snapshot.upcoming["conditions"]:
        assert rule["ends_when"] in pages["upcoming.html"].text
        assert phrases.label(rule) in pages["upcoming.html"].text
    for event in snapshot.changes["events"]:
        address = f"subjects/{event['subject_key']}.html#{event['policy_id']}"
        page = "changes.html" if event["kind"] in ("decided", "began", "ended") else "bills.html"
        assert address in pages[page].links


def test_the_method_is_the_codebook(pages):
    page = pages["method.html"]
    intro = page.text.partition("The codebook")[0]
    assert "Every answer is for one day" in intro
    assert {"excluded.html", "bills.html", "report.html"} <= set(page.links)
    for name in ("method.html", "report.html", "excluded.html"):
        assert not re.search(r"CONTRIBUTING|CHANGELOG|CITATION", pages[name].text), name
    assert {"the-meaning-of-a-day", "policies-csv", "rules-for-hard-cases"} <= set(page.ids)
    assert "A rule that is in force in all of them is certain" in page.text
    assert "generated:" not in page.text
    assert "subjects/us-ca-oakland.html#us-ca-oakland-2019" in page.links
    assert "method.html#is-it-a-row" in pages["excluded.html"].links


def test_the_downloads_are_the_export(snapshot, files):
    *data, _ = export(snapshot, [n for n in FORMATS if n not in ("ics", "atom")])
    expected = {f"{'v2' if it.format == 'json' else 'data'}/{it.name}": it.data for it in data}
    assert {"v2/all.json", "v2/all.jsonl", "v2/openapi.json", "v2/schemas/show.json"} <= {*expected}
    assert {"v2/subjects/us-ma.json", "data/subjects.geojson"} <= {*expected}
    for folder in ("v2", "data"):
        names = {name for name in expected if name.startswith(f"{folder}/")}
        listed = json.loads(files[f"{folder}/index.json"].data)["files"]
        assert {f"{folder}/{it['name']}" for it in listed} == names
        assert {name for name in files if name.startswith(f"{folder}/")} - names == {
            f"{folder}/index.json"
        }
    assert {name: files[name].data for name in expected} == expected


def test_colours_are_those_of_the_vocabulary(files):
    style = files["site.css"].data.decode()
    for code, term in MEASURES.items():
        assert f"--{code}:{term.colour};" in style
        assert f".is-{code}{{" in style
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.slow
def test_an_address_goes_where_it_is_needed(snapshot, no_map):
    address = "https://example.org/faces"
    files = {file.name: file for file in site_files(snapshot, url=address, card=True)}
    assert files["card.png"].data[1:4] == b"PNG"
    index = files["index.html"].data.decode()
    assert '<link rel="canonical" href="https://example.org/faces/">' in index
    assert f'<meta property="og:image" content="{address}/card.png">' in index
    subject = files["subjects/us-ma.html"].data.decode()
    assert '<link rel="canonical" href="https://example.org/faces/subjects/us-ma.html">' in subject
    cards = {name for name in files if name.startswith("cards/")}
    assert cards == {f"cards/{code.lower()}.png" for code in US_REGION_NAMES}
    assert all(files[name].data[1:4] == b"PNG" for name in cards)
    for key, card in [("us-ma", "us-ma"), ("us-ma-boston", "us-ma"), ("us-nv", "us-nv")]:
        page = files[f"subjects/{key}.html"].data.decode()
        assert f'<meta property="og:image" content="{address}/cards/{card}.png">' in page
    france = files["subjects/fr.html"].data.decode()
    assert f'content="{address}/card.png">' in france
    feed = feedparser.parse(files["changes.atom"].data)
    assert not feed.bozo
    assert "https://example.org/faces/changes.atom" in {link.href for link in feed.feed.links}
    sitemap = files["sitemap.xml"].data.decode()
    assert "<loc>https://example.org/faces/</loc>" in sitemap
    shown = [it for it in files.values() if it.format == "html" and not sends_on(it)]
    assert sitemap.count("<url>") == len(shown) - 1
    assert re.search("us-nv.html</loc><lastmod>2026-11-29</lastmod>", sitemap)
    assert b"Sitemap: https://example.org/faces/sitemap.xml" in files["robots.txt"].data
    pages = parsed(files)
    missing = pages.pop("404.html")
    assert "https://example.org/faces/index.html" in missing.outward
    assert list(broken_links(files, pages)) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "faces", "https://"])
def test_an_address_off_the_web_is_refused(snapshot, url):
    with pytest.raises(ValueError, match="not an http or https address"):
        site_files(snapshot, url=url)


# Hostile text

BAD = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} &amp; `[x](javascript:x)`"
)


def write_record(path, **cells):
    row = dict.fromkeys(TABLES["policies"].names, "")
    row |= {
        "policy_id": "us-ma-bad-2020",
        "subject": BAD,
        "subject_type": "agency",
        "country": "US",
        "region": "US-MA",
        "measure": "moratorium",
        "uses": "any",
        "applies_to": "police",
        "status": "adopted",
        "decided_on": "2020-02",
        "effective_on": "2020-02-24",
        "ends_when": BAD,
        "last_confirmed_on": "2021",
        "instrument": BAD,
        "decided_by": BAD,
        "summary": BAD,
        "exceptions": BAD,
        "notes": BAD,
        "source_url": "https://example.org/?a=1&b='2'",
        "confidence": "low",
        "reviewed_on": "2026-11-22",
        **cells,
    }
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, row, lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
    return path


def test_hostile_text_stays_text(tmp_path, no_map):
    tables = table.read(write_record(tmp_path / "policies.csv"))
    made = {f.name: f for f in site_files(take(tables, build(tables.policies), DAY))}
    pages = parsed(made)
    assert list(unsound(pages)) == []
    assert list(broken_links(made, pages)) == []
    (name,) = [name for name in pages if name.startswith("subjects/us-ma-")]
    assert re.fullmatch(r"subjects/[a-z0-9-]+\.html", name)
    assert BAD in pages[name].text


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(1, 1, 1), date(1990, 1, 1), date(9999, 12, 30)], ids=str)
def test_a_day_on_which_nothing_is_known_has_a_site(tmp_path, no_map, day):
    tables = table.read(write_record(tmp_path / "policies.csv", subject="Transit Agency"))
    made = {f.name: f for f in site_files(take(tables, build(tables.policies), day))}
    pages = parsed(made)
    assert list(unsound(pages)) == []
    assert list(broken_links(made, pages)) == []
    early = "No act on record as of this date." in pages["subjects/us-ma-transit-agency.html"].text
    assert early == (day.year < 2020)


@pytest.mark.parametrize(
    ("address", "web"),
    [
        ("https://example.org/a", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_links_lead_to_the_web_only(address, web):
    assert is_web(address) is web
    assert ("<a " in web_link(address, "<b>")) is web
    assert "<b>" not in web_link(address, "<b>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>x</script>", ""),
        ("a <b>c</b>", "<p>a c</p>"),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
        ("[a](ftp://example.org)", "<p>a</p>"),
        ("[a](/etc/passwd)", "<p>a</p>"),
        ("[a](CITATION.cff)", "<p>a</p>"),
        ("![a](https://example.org/x.png)", "<p></p>"),
        ("[a](../CODEBOOK.md#x)", '<p><a href="method.html#x">a</a></p>'),
        ("## A: b, c\n", '<h2 id="a-b-c">A: b, c</h2>'),
        ("`act-1`", '<p><a href="p.html#act-1"><code>act-1</code></a></p>'),
        ("`act-2`", "<p><code>act-2</code></p>"),
        (
            "[`act-1`](https://example.org)",
            '<p><a href="https://example.org" rel="noopener noreferrer"><code>act-1</code></a></p>',
        ),
        ("[a [b](x.md) c](https://example.org)", None),
    ],
)
def test_markdown_is_safe_and_stays_in_the_site(text, html):
    _, found = markdown.render(text, {"CODEBOOK.md": "method.html"}, {"act-1": "p.html#act-1"})
    if html is not None:
        assert found.strip() == html
    page = parse(File("x", "html", found.encode()))
    assert page.trouble == []


# Which subject lies in which


def test_a_subject_lies_in_those_around_it_that_have_a_page():
    subjects = {
        key: Subject(key, name, kind, country, region, within)
        for key, name, kind, country, region, within in (
            ("us-wi-milwaukee-police", "Police", "agency", "US", "US-WI",
             ("Milwaukee", "Milwaukee County")),
            ("us-wi-milwaukee-county", "Milwaukee County", "county", "US", "US-WI", ()),
            ("us-wi-madison", "Madison", "city", "US", "US-WI", ("Dane County",)),
            ("us-wi", "Wisconsin", "state", "US", "US-WI", ()),
            ("us", "United States", "country", "US", "", ()),
            ("vendor-x", "X", "vendor", "US", "", ()),
        )
    }  # fmt: skip
    assert ancestors(subjects, subjects.keys() - {"us-wi"}) == {
        "us-wi-milwaukee-police": ["us-wi-milwaukee-county", "us"],
        "us-wi-milwaukee-county": ["us"],
        "us-wi-madison": ["us"],
        "us": [],
        "vendor-x": [],
    }
    assert [", ".join(each.around) for each in subjects.values()] == [
        "Milwaukee, Milwaukee County, Wisconsin, United States",
        "Wisconsin, United States",
        "Dane County, Wisconsin, United States",
        "United States",
        "",
        "United States",
    ]


def test_a_subject_hangs_under_its_nearest_ancestor_alone(pages):
    text = pages["subjects/us.html"].text
    assert "Massachusetts" in text
    assert "Boston, MA" not in text


# The command, and the pages in a browser


def test_the_command_writes_a_site_and_does_not_touch_others(tmp_path, no_map):
    record = write_record(tmp_path / "record" / "policies.csv", subject="Transit Agency")
    out = tmp_path / "public"
    words_said = ["site", str(out), "--policies", str(record), "--as-of", "2021-06"]
    done = CliRunner().invoke(main, words_said)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{out / 'index.html'}\n"
    assert "30 Jun 2021 (as of 2021-06)" in (out / "index.html").read_text(encoding="utf-8")
    index = json.loads((out / "index.json").read_bytes())
    names = {entry["name"] for entry in index["files"]}
    assert names | {"index.json"} == {
        str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()
    }
    (out / "mine.txt").write_text("mine")
    assert CliRunner().invoke(main, words_said).exit_code == 0
    assert (out / "mine.txt").read_text() == "mine"


def test_a_wrong_address_is_a_wrong_call(tmp_path):
    done = CliRunner().invoke(main, ["site", str(tmp_path / "out"), "--url", "javascript:x"])
    assert done.exit_code == 2
    assert "not an http or https address" in done.stderr
