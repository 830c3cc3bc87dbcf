"""The page: complete, closed to the network, the same on every run, and deaf to hostile cells."""

from __future__ import annotations

import base64
import copy
import dataclasses
import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from frtracker import report, table, timeline, webmap
from frtracker.vocabulary import MEASURES
from frtracker.webmap.page import embedded_json
from frtracker.webmap.payload import payload

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


@pytest.fixture(scope="module")
def tables():
    found = table.check([RECORD / f"{name}.csv" for name in ("policies", "subjects", "sources")])
    assert found.tables is not None, found.errors
    return found.tables


@pytest.fixture(scope="module")
def document(tables):
    everything = report.Filters(everything=True)
    when = timeline.build(tables.policies)
    return report.status(tables, when, date(2021, 6, 30), as_of_given="2021-06", filters=everything)


@pytest.fixture(scope="module")
def html(document, tables):
    return webmap.render(document, tables)


@pytest.fixture(scope="module")
def read(html):
    return Reading(html)


@pytest.fixture(scope="module")
def data(document, tables):
    return payload(document, tables)


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


def test_the_same_input_gives_the_same_bytes(html, document, tables):
    assert webmap.render(copy.deepcopy(document), tables) == html
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
        } | {"#dots"}
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


def hostile_record(document, tables, text):
    """The record with every free cell replaced by ``text``."""
    document, link = copy.deepcopy(document), f"javascript:{text}"
    document["as_of_given"] = document["dataset"]["reviewed_through"] = text
    for subject in document["subjects"]:
        subject["subject"] = text
        subject["within"] = [text]
        for policy in subject["policies"]:
            policy.update(source_url=link, instrument=text, decided_by=text, ends_when=text)
        for position in filter(None, subject["positions"].values()):
            position.update(ends_when=text, territory=text)
    policies = tables.policies.assign(summary=text, exceptions=text, notes=text)
    sources = tables.sources.assign(url=link, publisher=text, title=text)
    return document, dataclasses.replace(tables, policies=policies, sources=sources)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_stays_text(document, tables, read, text):
    hurt = Reading(webmap.render(*hostile_record(document, tables, text)))
    for tag in ("script", "style", "img", "noscript", "main", "section"):
        assert len(hurt.of(tag)) == len(read.of(tag)), tag
    code = [
        raw for raw, kind in zip(hurt.raw("script"), hurt.of("script"), strict=True) if not kind
    ]
    assert code == [
        raw for raw, kind in zip(read.raw("script"), read.of("script"), strict=True) if not kind
    ]
    assert all(link["href"].startswith("https://") for link in hurt.of("a"))
    kept = next(
        raw for raw, kind in zip(hurt.raw("script"), hurt.of("script"), strict=True) if kind
    )
    policy = json.loads(kept)["policies"]["us-ca-san-francisco-2019"]
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
        pytest.param("us-ca-san-francisco", None, [37.7749, -122.4194], id="a city: a circle"),
        pytest.param("us-ma", ["states", "US-MA"], None, id="a state: its outline"),
        pytest.param("us-wa-king-county", ["counties", "53033"], None, id="a county: its outline"),
        pytest.param("ma", ["countries", "MA"], None, id="a country: its outline"),
        pytest.param("gi", None, [36.14, -5.35], id="a country without outline: a circle"),
        pytest.param("be-bru", None, None, id="a region without outline: only listed"),
        pytest.param("european-union", None, None, id="a union: only listed"),
        pytest.param(
            "us-ca-los-angeles-police-department", None, [34.0522, -118.2437], id="a local agency"
        ),
        pytest.param("us-federal-example-service", None, None, id="a national agency: only listed"),
        pytest.param("vendor-amazon", None, None, id="a vendor: only listed"),
    ],
)
def test_where_a_subject_is_drawn(data, key, shape, at):

    subject = data["subjects"][key]
    assert subject.get("shape") == shape
    assert subject.get("at") == at


def test_a_national_agency_is_listed_even_if_it_has_coordinates(document, tables):
    everywhere = dataclasses.replace(
        tables, subjects=tables.subjects.assign(latitude=38.9, longitude=-77.0)
    )
    subjects = payload(document, everywhere)["subjects"]
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
def test_what_is_said_beside_a_name(data, key, where):
    assert data["subjects"][key].get("where") == where


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (
            "us-ca-san-francisco",
            {"measure": "ban", "scope": "general", "for": ["police", "government"]},
        ),
        ("us-or", {"measure": "ban", "scope": "narrow"}),
        ("us-tx", {"measure": "ban", "uncertain": True}),
        ("us-ma", {"measure": "none"}),
        ("vendor-amazon", {"measure": "moratorium", "since": "2020-06-10"}),
    ],
)
def test_what_holds_on_the_day(data, key, held):
    assert held.items() <= data["day"]["held"][key].items()


def test_a_scheduled_rule_and_the_next_change_are_told(data):
    massachusetts = data["day"]["held"]["us-ma"]
    assert massachusetts["states"]["us-ma-2020"]["state"] == "scheduled"
    assert massachusetts["next"]["on"] == "2021-07-01"


def test_acts_stand_in_the_order_in_which_they_came(data):
    assert data["subjects"]["us-ma"]["policies"] == ["us-ma-2020-returned", "us-ma-2020"]


def test_the_best_source_comes_first_and_all_are_there(data):
    addresses = [each["url"] for each in data["policies"]["us-ca-san-francisco-2019"]["sources"]]
    assert addresses == [
        "https://example.org/us-ca-san-francisco-2019",
        "https://example.net/second?a=1&b=2",
    ]


def test_low_confidence_is_told(data):
    doubted = [key for key, policy in data["policies"].items() if policy.get("doubted")]
    assert doubted == ["us-tx-2021"]


def test_only_counties_with_an_act_are_drawn(data):
    outlines = data["boundaries"]["counties"]["objects"]["counties"]["geometries"]
    assert [each["properties"]["geoid"] for each in outlines] == ["53033"]


def test_colours_come_from_the_vocabulary(read):
    for code, term in MEASURES.items():
        assert f"--{code}:{term.colour};" in read.raw("style")[1]
        assert term.colour not in read.raw("style")[2]


def test_a_subject_that_no_table_knows_is_an_error(document, tables):
    fewer = dataclasses.replace(tables, subjects=tables.subjects.iloc[1:])
    with pytest.raises(KeyError):
        webmap.render(document, fewer)


def test_the_frame_of_the_page_stays_small(html, data):
    """Without the record: Leaflet, scripts, styles, outlines."""
    record = sum(len(json.dumps(data[part])) for part in ("day", "subjects", "policies"))
    assert len(html.encode()) - record < 520_000
