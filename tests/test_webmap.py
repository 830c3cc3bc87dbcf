"""The page: complete, closed to the network, the same on every run, and deaf to hostile cells."""

from __future__ import annotations

import base64
import copy
import dataclasses
import gzip
import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from frtracker.page.turns import runs

from frtracker import page as webmap
from frtracker import timeline
from frtracker.layers import Readings, layers
from frtracker.page.page import embedded_json
from frtracker.page.payload import payload
from frtracker.places.place import of_subject
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load as table
from frtracker.timeline import states_on
from frtracker.timeline.day import periods_on
from frtracker.vocabulary import MEASURES

RECORD = Path(__file__).parent / "fixtures" / "map"
HOSTILE = (
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    "`${alert(1)}`",
    '"><img src=x onerror=alert(1)>',
    "</noscript><script>alert(1)</script>",
    "<!--<script>",
    "{{ 7 * 7 }}{% raw %}",
    "\u2028\u2029\\u2019",
)


class Reading(HTMLParser):
    """What a browser would find: elements with their attributes, and the raw texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = [("", "")]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append((tag, ""))

    def handle_endtag(self, tag):
        self.texts.append(("", ""))

    def handle_data(self, data):
        tag, text = self.texts[-1]
        self.texts[-1] = (tag, text + data)

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def raw(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


DAY = date(2021, 6, 30)


@pytest.fixture(scope="module")
def tables():
    names = ("policies", "subjects", "sources", "searches")
    found = table.check([RECORD / f"{name}.csv" for name in names])
    assert found.tables is not None, found.errors
    return found.tables


@pytest.fixture(scope="module")
def shipped():
    return table.read(None)


def rendered(tables, **options):
    options = {"as_of_given": "2021-06", **options}
    return webmap.render(tables, timeline.build(tables.policies), DAY, **options)


def data_of(tables):
    return payload(tables, timeline.build(tables.policies), DAY, as_of_given="2021-06")


@pytest.fixture(scope="module")
def html(tables):
    return rendered(tables)


@pytest.fixture(scope="module")
def read(html):
    return Reading(html)


@pytest.fixture(scope="module")
def data(tables):
    return data_of(tables)


@pytest.fixture(scope="module")
def people(data):
    return {subject["key"]: subject for subject in data["subjects"]}


def test_it_is_one_whole_page(read):
    assert read.of("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in read.of("meta")
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.of("meta")
    for tag in ("title", "h1", "main"):
        assert len(read.of(tag)) == 1
    assert "face recognition" in read.raw("title")[0]
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_masthead_says_the_day_and_the_summary(html):
    assert "30 Jun 2021 (as of 2021-06)" in html
    assert "places and agencies: 4 ban, 1 moratorium" in html


def test_the_same_input_gives_the_same_bytes(html, tables):
    assert rendered(copy.deepcopy(tables)) == html
    assert "map_frtracker" in html


def test_nothing_is_fetched_from_anywhere(read):
    allowed = {("a", "href")}
    for tag, attributes in read.elements:
        for name in attributes.keys() & {"src", "href", "srcset", "data", "action", "poster"}:
            assert (tag, name) in allowed, (tag, attributes)
    assert not read.of("link")
    for style in read.raw("style"):
        assert "@import" not in style
        assert set(re.findall(r"url\(([^)]*)\)", style)) <= {
            f"#hatch-{code}" for code in MEASURES
        } | {"#dots", "#searched"}
    for script in read.raw("script"):
        assert "sourceMappingURL" not in script


def test_no_library_comes_along_that_is_not_used(html):
    assert html.count("Leaflet 1.9") == 1
    for name in ("jquery", "bootstrap", "font-awesome", "fontawesome", "awesome-markers", "cdn."):
        assert name not in html.lower()


def test_the_policy_admits_these_scripts_and_styles_and_nothing_else(read):
    policy = next(m["content"] for m in read.of("meta") if "http-equiv" in m)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    assert set(rules) == {
        "default-src", "script-src", "style-src", "img-src", "base-uri", "form-action",
    }  # fmt: skip

    def hashes(texts):
        digests = (hashlib.sha256(text.encode()).digest() for text in texts)
        return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}

    kinds = zip(read.of("script"), read.raw("script"), strict=True)
    code = [text for attributes, text in kinds if "type" not in attributes]
    assert set(rules["script-src"].split()) == hashes(code)
    assert set(rules["style-src"].split()) == hashes(read.raw("style"))
    for _, attributes in read.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def hostile_record(tables, text):
    """The record with every free cell replaced by ``text``."""
    link = f"javascript:{text}"
    policies = tables.policies.assign(
        summary=text, exceptions=text, notes=text, instrument=text, decided_by=text,
        ends_when=text, subject=text, source_url=link,
    )  # fmt: skip
    return dataclasses.replace(
        tables,
        policies=policies,
        subjects=tables.subjects.assign(subject=text, aliases=text),
        sources=tables.sources.assign(url=link, publisher=text, title=text),
        searches=tables.searches.assign(finding=text),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_stays_text(tables, read, text):
    hurt = Reading(rendered(hostile_record(tables, text), as_of_given=text))
    for tag in ("script", "style", "img", "noscript", "main", "section"):
        assert len(hurt.of(tag)) == len(read.of(tag)), tag
    kinds = list(zip(hurt.raw("script"), hurt.of("script"), strict=True))
    code = [raw for raw, kind in kinds if not kind]
    before = zip(read.raw("script"), read.of("script"), strict=True)
    assert code == [raw for raw, kind in before if not kind]
    assert all(link["href"].startswith(("https://", "#")) for link in hurt.of("a"))
    policy = json.loads(next(raw for raw, kind in kinds if kind))["policies"][0]
    assert policy["summary"] == text
    assert policy["notes"] == text


@pytest.mark.parametrize("text", [*HOSTILE, "ordinary", "Zürich · 東京 & <co>"])
def test_embedded_json_survives_and_means_nothing_to_html(text):
    embedded = embedded_json({text: [text]})
    assert json.loads(embedded) == {text: [text]}
    assert not set("<>&\u2028\u2029") & set(embedded)


def test_scripts_never_make_markup_from_text():
    for path in (files("frtracker") / "assets").iterdir():
        if path.name.endswith(".js"):
            code = path.read_text(encoding="utf-8")
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
                assert word not in code, path.name


def test_without_scripts_there_is_a_table(html, read):
    inside = html.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "San Francisco, California" in inside
    assert "ban (narrow: body cameras)" in inside
    assert '<a href="https://example.org/us-wa-2020" rel="noopener noreferrer">' in inside
    assert len(read.of("noscript")) == 1


@pytest.mark.parametrize(
    ("key", "shape", "at"),
    [
        pytest.param("us-ca-san-francisco", None, [37.775, -122.419], id="a city: a circle"),
        pytest.param("us-ma", ["states", "US-MA"], None, id="a state: its outline"),
        pytest.param("us-wa-king-county", ["counties", "53033"], None, id="a county: its outline"),
        pytest.param("ma", ["countries", "MA"], None, id="a country: its outline"),
        pytest.param("gi", None, [36.14, -5.35], id="a country without outline: a circle"),
        pytest.param("be-bru", None, None, id="a region without outline: only listed"),
        pytest.param("european-union", None, None, id="a union: only listed"),
        pytest.param(
            "us-ca-los-angeles-police-department", None, [34.052, -118.244], id="a local agency"
        ),
        pytest.param("us-federal-example-service", None, None, id="a national agency: only listed"),
        pytest.param("vendor-amazon", None, None, id="a vendor: only listed"),
    ],
)
def test_where_a_subject_is_drawn(people, key, shape, at):
    subject = people[key]
    assert subject.get("shape") == shape
    assert subject.get("at") == at


def test_a_national_agency_is_listed_even_if_it_has_coordinates(tables):
    everywhere = dataclasses.replace(
        tables, subjects=tables.subjects.assign(latitude=38.9, longitude=-77.0)
    )
    subjects = {subject["key"]: subject for subject in data_of(everywhere)["subjects"]}
    assert "at" not in subjects["us-federal-example-service"]
    assert subjects["us-ca-san-francisco"]["at"] == [38.9, -77.0]


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("us-ca-san-francisco", "California"),
        ("us-me-portland", "Maine"),
        ("us-ma", "United States"),
        ("us-ca-los-angeles-police-department", "Los Angeles, California"),
        ("us-federal-example-service", "United States"),
        ("us", None),
        ("be-bru", "Belgium"),
    ],
)
def test_what_is_said_beside_a_name(people, key, where):
    assert people[key].get("where") == where


def test_acts_stand_in_the_order_in_which_they_came(data, people):
    number = data["subjects"].index(people["us-ma"]) + 1
    acts = [policy["id"] for policy in data["policies"] if policy["subject"] == number]
    assert acts == ["us-ma-2020-returned", "us-ma-2020"]


def policy_of(data, policy_id):
    return next(policy for policy in data["policies"] if policy["id"] == policy_id)


def test_the_best_source_comes_first_and_all_are_there(data):
    places = policy_of(data, "us-ca-san-francisco-2019")["sources"]
    assert [data["sources"][place][0] for place in places] == [
        "https://example.org/us-ca-san-francisco-2019",
        "https://example.net/second?a=1&b=2",
    ]


def test_low_confidence_is_told(data):
    assert [policy["id"] for policy in data["policies"] if policy.get("doubted")] == ["us-tx-2021"]


def test_the_slider_reaches_from_the_first_act_to_the_last_known_change(data):
    days = [
        date.fromordinal(data[name] + date(1970, 1, 1).toordinal()) for name in ("first", "last")
    ]
    assert days == [date(2017, 6, 30), date(2021, 7, 1)]


def test_it_opens_for_anyone_unless_told(tables, data):
    assert data["opens_for"] == "anyone"
    when = timeline.build(tables.policies)
    assert payload(tables, when, DAY, actor="schools")["opens_for"] == "schools"


def test_what_was_searched_is_told_by_place(data):
    assert ["state", "2026-11-22", "Nothing found in Kansas."] in data["searches"]["US-KS"]
    assert "DE" in data["searches"]


@pytest.mark.parametrize("known_at", [None, date(2021, 3, 1)])
def test_the_states_of_acts_are_those_of_the_timeline_on_every_day(tables, known_at):
    when = timeline.build(tables.policies, known_at=known_at)
    found = runs(when)
    for ordinal in range(date(2019, 1, 1).toordinal(), date(2023, 1, 1).toordinal(), 3):
        now = {run.row: run.face for run in found if run.first <= ordinal}
        states = states_on(when, date.fromordinal(ordinal)).drop(columns="policy_id")
        for row, wanted in enumerate(states.itertuples(index=False, name=None)):
            assert now[row] == wanted, (row, date.fromordinal(ordinal))


@pytest.mark.parametrize("day", [date(2019, 12, 1), DAY, date(2023, 5, 1), date(2026, 11, 22)])
def test_the_states_of_the_shipped_acts_are_those_of_the_timeline(shipped, day):
    when = timeline.build(shipped.policies)
    now = {run.row: run.face for run in runs(when) if run.first <= day.toordinal()}
    states = states_on(when, day).drop(columns="policy_id")
    assert list(states.itertuples(index=False, name=None)) == [now[row] for row in range(len(now))]


def told_from_above(data, key):
    """(subject, act) of what may bind a subject from above, as the page has it."""
    subject = next(each for each in data["subjects"] if each["key"] == key)
    return {
        (data["subjects"][parent]["key"], data["policies"][act]["id"])
        for parent, acts in data["above"][subject.get("above", 0)]
        for act in acts
    }


def test_what_binds_from_above_is_what_binding_says(shipped):
    data = data_of(shipped)
    readings, subjects = Readings(shipped.policies), subjects_by_key(shipped.subjects)
    told = 0
    for subject in data["subjects"]:
        if subject["type"] in ("vendor", "company", "supranational"):
            assert "above" not in subject
            continue
        site = of_subject(subjects, subjects[subject["key"]])
        above = [
            each for each in layers(subjects, site) if each.role in ("above", "owner") and each.key
        ]
        found = told_from_above(data, subject["key"])
        for day in (DAY, date(2026, 11, 22)):
            for layer in above:
                held = periods_on(readings.from_layer(layer, site), day)
                held = held[held["subject_key"] == layer.key]
                owned = periods_on(readings.own, day)
                owned = owned[owned["subject_key"] == layer.key]
                ids = {(layer.key, act) for act in held["policy_id"]}
                assert ids == {
                    each
                    for each in found
                    if each[1] in set(owned["policy_id"]) and each[0] == layer.key
                }
                told += len(ids)
    assert told > 100


def test_king_county_does_not_bind_seattle_but_washington_does(shipped):
    above = told_from_above(data_of(shipped), "us-wa-seattle")
    assert "us-wa" in {parent for parent, _ in above}
    assert "us-wa-king-county" not in {parent for parent, _ in above}


def test_only_counties_with_an_act_are_drawn(data):
    outlines = data["boundaries"]["counties"]["objects"]["counties"]["geometries"]
    assert [each["properties"]["geoid"] for each in outlines] == ["53033"]


def test_colours_come_from_the_vocabulary(read):
    for code, term in MEASURES.items():
        assert f"--{code}:{term.colour};" in read.raw("style")[1]
        assert term.colour not in read.raw("style")[2]


def test_a_subject_that_no_table_knows_is_an_error(tables):
    acting = tables.policies["subject_key"].iloc[0]
    fewer = tables.subjects[tables.subjects["subject_key"] != acting]
    with pytest.raises(KeyError):
        rendered(dataclasses.replace(tables, subjects=fewer))


def test_the_page_of_the_shipped_record_stays_small(shipped):
    day = date.fromisoformat(shipped.edition.reviewed_through)
    page = webmap.render(shipped, timeline.build(shipped.policies), day).encode()
    assert len(page) <= 1_200_000
    assert len(gzip.compress(page, 9, mtime=0)) <= 350_000


TILES = "https://{s}.tile.example.org/{z}/{x}/{y}.png"


def test_tiles_are_asked_for_only_where_they_are_wanted(html, tables):
    assert "tile.example.org" not in html
    tiled = rendered(tables, tiles=TILES)
    assert "img-src data: https://*.tile.example.org;" in tiled
    assert "Tiles: {s}.tile.example.org" in tiled or "tile.example.org" in tiled
    assert rendered(tables, tiles=TILES) == tiled


@pytest.mark.parametrize(
    "address",
    [
        "http://tile.example.org/{z}/{x}/{y}.png",
        "https://tile.example.org/tiles.png",
        "https://tile.example.org; script-src */{z}/{x}/{y}",
        "OpenStreetMap",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(tables, address):
    with pytest.raises(ValueError, match="is no address of tiles"):
        rendered(tables, tiles=address)
