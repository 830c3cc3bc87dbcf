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

import folium
import numpy as np
import pandas as pd
import pytest

import frtracker as fr
import records
from frtracker import look, sheets, timeline, wording
from frtracker import page as webmap
from frtracker.answers.status import Filters, status
from frtracker.layers import Readings, layers
from frtracker.page.data import data as page_data
from frtracker.page.elements import PARTS, embedded_json
from frtracker.page.history import CHOICES, doubts_of, lines_of, look_for
from frtracker.places.place import of_subject
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load as table
from frtracker.record.columns import TABLES
from frtracker.record.tables import typed
from frtracker.timeline import periods_on
from frtracker.vocabulary import ACTORS, MEASURES

RECORD = records.folder("map")
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
    found = table.check([RECORD / f"{name}.csv" for name in TABLES])
    assert found.tables is not None, found.errors
    return found.tables


@pytest.fixture(scope="module")
def shipped():
    return table.read(None)


def rendered(tables, **options):
    options = {"as_of_given": "2021-06", **options}
    return webmap.render(tables, timeline.build(tables.policies), DAY, **options)


def data_of(tables):
    return page_data(tables, timeline.build(tables.policies), DAY)


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
    assert "places and agencies: 4 bans, 1 moratorium" in html


def test_the_same_input_gives_the_same_bytes(html, tables):
    assert rendered(copy.deepcopy(tables)) == html
    assert "map_frtracker" in html


def test_nothing_is_fetched_from_anywhere(read):
    allowed = {("a", "href")}
    for tag, attributes in read.elements:
        for name in attributes.keys() & {"src", "href", "srcset", "data", "action", "poster"}:
            assert (tag, name) in allowed or attributes[name].startswith("data:"), (tag, attributes)
    assert [link["rel"] for link in read.of("link")] == ["icon"]
    for style in read.raw("style"):
        assert "@import" not in style
        assert set(re.findall(r"url\(([^)]*)\)", style)) <= {f"#hatch-{code}" for code in MEASURES}
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
        sources=tables.sources.assign(
            url=link, publisher=text, title=text, locator=text, archived_url=link
        ),
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
    assert all(link["href"].startswith(("https://", "#", "?")) for link in hurt.of("a"))
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
            for word in (
                "innerHTML",
                "outerHTML =",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ):
                assert word not in code, path.name


def test_without_scripts_there_is_a_table(html, read):
    inside = html.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "San Francisco, California" in inside
    assert "ban (body cameras only)" in inside
    assert '<a href="https://example.org/us-wa-2020" rel="noopener noreferrer">' in inside
    assert len(read.of("noscript")) == 1


@pytest.mark.parametrize(
    ("key", "shape", "spots"),
    [
        pytest.param("us-ca-san-francisco", None, 2, id="a city: a circle, on two sheets"),
        pytest.param("us-ma", "US-MA", 0, id="a state: its outline"),
        pytest.param("us-wa-king-county", "53033", 0, id="a county: its outline"),
        pytest.param("ma", "MA", 0, id="a country: its outline"),
        pytest.param("gi", None, 2, id="a country without outline: a circle"),
        pytest.param("be-bru", None, 0, id="a region without outline: only listed"),
        pytest.param("european-union", None, 0, id="a union: only listed"),
        pytest.param("us-ca-los-angeles-police-department", None, 2, id="a local agency"),
        pytest.param("us-federal-example-service", None, 0, id="a national agency: only listed"),
        pytest.param("vendor-amazon", None, 0, id="a vendor: only listed"),
    ],
)
def test_where_a_subject_is_drawn(people, key, shape, spots):
    subject = people[key]
    assert subject.get("shape") == shape
    assert len(subject.get("at", ())) == spots


def test_a_circle_is_drawn_where_its_place_is(people):
    (wanted,) = sheets.spots([-122.4194], [37.7749], ["US"], ["US-CA"])
    found = people["us-ca-san-francisco"]["at"]
    assert np.allclose(found, wanted, atol=0.05)


def test_a_national_agency_is_listed_even_if_it_has_coordinates(tables):
    everywhere = dataclasses.replace(
        tables, subjects=tables.subjects.assign(latitude=38.9, longitude=-77.0)
    )
    subjects = {subject["key"]: subject for subject in data_of(everywhere)["subjects"]}
    assert "at" not in subjects["us-federal-example-service"]
    assert subjects["us-ca-san-francisco"]["at"]


SURELY_ONE = {"us-ma", "be-bru"}
"""Named without what they lie in: it stands beside the name only."""


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
    assert people[key].get("where") == (None if key in SURELY_ONE else where)
    assert people[key].get("inside") == (where if key in SURELY_ONE else None)


def test_the_newest_act_comes_first(data, people):
    number = data["subjects"].index(people["us-ma"]) + 1
    acts = [policy["id"] for policy in data["policies"] if policy["subject"] == number]
    assert acts == ["us-ma-2020", "us-ma-2020-returned"]


def policy_of(data, policy_id):
    return next(policy for policy in data["policies"] if policy["id"] == policy_id)


def test_the_best_source_comes_first_and_all_are_there(data):
    places = policy_of(data, "us-ca-san-francisco-2019")["sources"]
    assert [data["sources"][place][0] for place in places] == [
        "https://example.org/us-ca-san-francisco-2019",
        "https://example.net/second?a=1&b=2",
    ]


def test_where_a_source_says_so_and_its_copy_are_told(tables):
    proof = {"locator": "§ 2", "archived_url": "https://archive.example/2"}
    data = data_of(dataclasses.replace(tables, sources=tables.sources.assign(**proof)))
    (place,) = policy_of(data, "eu-2021")["sources"]
    assert data["sources"][place] == (
        "https://example.org/eu-2021",
        "On European Union",
        "Example Gazette, § 2, 2 Jun 2021",
        "https://archive.example/2",
    )


def test_low_confidence_is_told(data):
    assert [policy["id"] for policy in data["policies"] if policy.get("doubted")] == ["us-tx-2021"]


def day_of(number):
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


@pytest.mark.parametrize(
    ("day", "known_at", "wanted"),
    [
        pytest.param(
            DAY, None, "2017-06-30 2028-11-01 2026-11-22 2026-11-22 2019-01-01",
            id="before the review",
        ),
        pytest.param(
            date(2027, 3, 1), None, "2017-06-30 2029-03-01 2026-11-22 2027-03-01 2019-01-01",
            id="after it",
        ),
        pytest.param(
            date(2018, 5, 9), date(2018, 5, 9),
            "2017-06-30 2020-05-01 2018-05-09 2018-05-09 2018-05-09", id="as known then",
        ),
        pytest.param(
            date.max, None, "2017-06-30 9999-12-31 2026-11-22 9999-12-31 2019-01-01",
            id="the last day there is",
        ),
    ],
)  # fmt: skip
def test_the_days_of_the_strip_of_time(tables, day, known_at, wanted):
    """First and last, the last review (or what was known), today, and where it opens."""
    data = page_data(tables, timeline.build(tables.policies, known_at=known_at), day)
    days = *(data[name] for name in ("first", "last", "reviewed", "today")), data["recent"][0]
    assert " ".join(str(day_of(number)) for number in days) == wanted


@pytest.mark.parametrize(
    ("decided", "expires", "wanted"),
    [
        ("2019-09-17", "2027-01-01", "2019-09-17 2028-11-01 2019-09-17 2028-11-01"),
        ("1850-01-05", "2027-01-01", "1850-01-05 2028-11-01 2019-01-01 2028-11-01"),
        ("2019-09-17", "2199-01-01", "2019-09-17 2199-01-01 2019-09-17 2028-11-01"),
        ("2019-09-17", "", "2019-09-17 2028-11-01 2019-09-17 2028-11-01"),
    ],
)
def test_the_strip_opens_on_few_years_and_ends_with_the_record(tables, decided, expires, wanted):
    """The first act and the last change bound it; far ones take a click, and no byte more."""
    row = next(it for it in records.rows("map", "policies") if it["measure"] == "ban")
    row |= {"decided_on": decided, "effective_on": decided, "expires_on": expires}
    text = pd.DataFrame([row | {"measure": "moratorium", "supersedes": ""}], dtype="str")
    policies = typed("policies", text)
    made = dataclasses.replace(tables, policies=policies)
    data = page_data(made, timeline.build(policies), date(2026, 11, 22))
    days = data["first"], data["last"], *data["recent"]
    assert " ".join(str(day_of(number)) for number in days) == wanted
    assert len(data["events"]["first"]) <= 4


def test_the_page_says_what_was_known_in_place_of_the_last_review(tables):
    for known_at, wanted in ((None, "Record last reviewed {day}."), (DAY, "As known on {day}.")):
        data = page_data(tables, timeline.build(tables.policies, known_at=known_at), DAY)
        assert data["words"]["phrases"]["reviewed"] == wanted


@pytest.mark.parametrize(("choice", "actors"), CHOICES.items())
def test_the_numbers_over_time_are_the_counts_of_status(shipped, choice, actors):
    when = timeline.build(shipped.policies)
    days, counts = page_data(shipped, when, DAY)["bans"][list(CHOICES).index(choice)]
    assert days == sorted(set(days))
    assert len(days) > 4 or choice == "private"
    for day in [*map(day_of, days[::6]), date(2013, 1, 1), date(2026, 11, 22)]:
        filters = Filters(everything=True, for_actors=actors)
        groups = status(shipped, when, day, filters=filters)["counts"]
        wanted = sum(groups[name]["general"]["ban"] for name in ("places", "agencies"))
        passed = [count for on, count in zip(days, counts, strict=True) if day_of(on) <= day]
        assert ([0, *passed])[-1] == wanted, day


@pytest.mark.parametrize(
    ("policy_id", "wanted"),
    [
        ("us-ma-2020", ["2020-12-31 2020-12-31 31 Dec 2020: restriction for police decided",
                        "2021-07-01 2021-07-01 1 Jul 2021: restriction for police begins"]),
        ("us-me-portland-2020", [
            "2020-08-03 2020-08-03 3 Aug 2020: ban for police, other agencies decided",
            "2020-08-03 2020-12-31 between 3 Aug and 31 Dec 2020: "
            "ban for police, other agencies began",
        ]),
        ("us-tx-2021", ["2021-03-01 2021-03-01 1 Mar 2021: ban for police began (low confidence)"]),
        ("us-ma-2020-returned", [
            "2020-07-20 2020-07-20 20 Jul 2020: bill: ban for police, other agencies introduced *",
            "2020-12-10 2020-12-10 10 Dec 2020: bill: ban for police, other agencies failed *",
        ]),
    ],
)  # fmt: skip
def test_what_happened_and_when(tables, policy_id, wanted):
    edition = dataclasses.replace(tables.edition, reviewed_through="2021-06-30")
    data = data_of(dataclasses.replace(tables, edition=edition))
    events, texts = data["events"], data["texts"]
    rows = zip(*events.values(), strict=True)
    assert [
        f"{day_of(first)} {day_of(last)} {texts[when]}: {texts[text]}{' *' * bill}"
        for first, last, when, policy, text, _, bill in rows
        if data["policies"][policy]["id"] == policy_id
    ] == wanted


def test_of_what_is_known_only_by_its_last_day_that_is_the_first(tables):
    """``[..B]`` is listed in the month of B, not in every month before it."""
    known = {"introduced_on": "[..2020-07-20]", "introduced_on_low": 1}
    policies = tables.policies.assign(**known)
    data = data_of(dataclasses.replace(tables, policies=policies))
    events, texts = data["events"], data["texts"]
    open_ones = [row for row, when in enumerate(events["when"]) if texts[when][:3] == "by "]
    assert open_ones
    assert all(events["first"][row] == events["last"][row] for row in open_ones)


def test_it_opens_for_anyone_unless_told(tables, data):
    assert data["opens_for"] == "anyone"
    when = timeline.build(tables.policies)
    assert page_data(tables, when, DAY, actor="schools")["opens_for"] == "schools"


def test_what_was_searched_is_told_by_place(data):
    assert ["state, 22 Nov 2026: ", "Nothing found in Kansas.", "22 Nov 2026"] in data["searches"][
        "US-KS"
    ]
    assert "DE" in data["searches"]
    assert "US-KS" in data["searched"]


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
    counties = data["sheets"]["us"]["outlines"]["layers"]["counties"]
    assert [code for code, *_ in counties] == ["53033"]


def test_looks_come_from_the_vocabulary(read, data):
    """Whoever adds a measure adds it there, with colours and letter, and the page knows it."""
    css = look.style(patterns=True)
    assert read.raw("style")[1] == css
    assert [term["code"] for term in data["vocabulary"]["measures"]] == list(MEASURES)
    letters = [term.letter for code, term in MEASURES.items() if code != "none"]
    assert len(set(letters)) == len(letters)
    for code, term in MEASURES.items():
        assert len(term.letter) == (code != "none"), code
        for colour in (term.colour, term.dark_colour):
            assert re.fullmatch("#[0-9a-f]{6}", colour), code
            assert f"--{code}:{colour};" in css
        assert f".is-{code}{{--color:var(--{code});--pattern:url(#hatch-{code})}}" in look.style(
            patterns=True
        )


@pytest.mark.parametrize("code", [code for code in MEASURES if code != "none"])
def test_no_measure_is_named_but_in_the_vocabulary(code):
    for path in (files("frtracker") / "assets").iterdir():
        if path.name.endswith((".js", "map.css", "page.html")):
            text = path.read_text(encoding="utf-8")
            assert not re.search(rf"""["'`.#-]{code}\b""", text), path.name


def test_a_subject_that_no_table_knows_is_an_error(tables):
    acting = tables.policies["subject_key"].iloc[0]
    fewer = tables.subjects[tables.subjects["subject_key"] != acting]
    with pytest.raises(KeyError):
        rendered(dataclasses.replace(tables, subjects=fewer))


def test_the_page_of_the_shipped_record_stays_small(shipped):
    day = date.fromisoformat(shipped.edition.reviewed_through)
    page = webmap.render(shipped, timeline.build(shipped.policies), day).encode()
    assert len(page) <= 2_000_000
    assert len(gzip.compress(page, 9, mtime=0)) <= 620_000


def names_of(element):
    yield element._name
    for child in element._children.values():
        yield from names_of(child)


def test_the_map_is_foliums_and_its_parts_are_elements_on_it(tables, html):
    drawn = fr.map(tables, "2021-06", actor="anyone")
    assert type(drawn) is folium.Map
    assert list(names_of(drawn)) == ["Map", *(name for name, *_ in PARTS)]
    assert drawn.get_root().render() == html == drawn.get_root().render()


def test_it_saves_and_shows_itself(tables, html, tmp_path):
    drawn = fr.map(tables, date(2021, 6, 30), actor="schools")
    drawn.save(tmp_path / "map.html")
    saved = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert saved == rendered(tables, as_of_given="", actor="schools") != html
    [frame] = Reading(drawn._repr_html_()).of("iframe")
    assert frame["srcdoc"] == saved
    assert (frame["width"], frame["height"]) == ("100%", "760")


def test_the_map_knows_no_more_than_was_known(tables):
    assert "us-wa-2020" in fr.map(tables, "2021").get_root().render()
    when = timeline.build(tables.policies, known_at=date(2019, 1, 1))
    found = fr.map(tables, "2021", known_at="2019-01-01").get_root().render()
    how = {"as_of_given": "2021", "actor": "police"}
    assert found == webmap.render(tables, when, date(2021, 12, 31), **how)
    with pytest.raises(ValueError, match="nobody"):
        fr.map(tables, "2021", actor="nobody")


def test_other_elements_can_be_added_and_give_the_same_bytes(tables, html):
    def with_circle():
        drawn = fr.map(tables, "2021-06")
        folium.CircleMarker((40, -100), color="#123456").add_to(drawn)
        return drawn.get_root().render()

    circled = with_circle()
    assert circled == with_circle()
    assert "var circle_marker_1 = L.circleMarker(" in circled
    assert "#123456" not in html


def rows_on(table, day, *owner):
    """By owner, the row of the latest start up to a day."""
    number = day.toordinal() - date(1970, 1, 1).toordinal()
    cells = zip(*(table[name] for name in owner), table["start"], strict=True)
    rows = {}
    for row, (*who, start) in enumerate(cells):
        if start <= number:
            rows[tuple(who)] = row
    return rows


def shown_on(data, day):
    """What the page shows of each subject: by choice of actor its look, and the panel's lines."""
    texts, looks = data["texts"], data["looks"]
    numbers, names = ("rank", "flags", "actors"), list(looks)[3:]

    def look(number):
        if number < 0:
            return None
        return (
            *(looks[name][number] for name in numbers),
            *(texts[looks[name][number]] for name in names),
        )

    found = {}
    for (subject, choice), row in rows_on(data["headlines"], day, "subject", "choice").items():
        key = data["subjects"][subject]["key"]
        found[key, list(CHOICES)[choice]] = look(data["headlines"]["look"][row])
    for (subject,), row in rows_on(data["panels"], day, "subject").items():
        lines = [
            (texts[who], look(number), texts[facts], tuple(texts[each] for each in others))
            for who, number, facts, *others in data["blocks"][data["panels"]["block"][row]][0]
        ]
        doubts = data["blocks"][data["panels"]["block"][row]][1]
        why = {(data["policies"][act]["id"], texts[reasons]) for act, reasons in doubts}
        found[data["subjects"][subject]["key"], "panel"] = lines, why
    unlisted = [(wording.actors(ACTORS), None, wording.NO_ACT, ())], set()
    return {key: shown for key, shown in found.items() if shown and shown != unlisted}


def shown_by_status(tables, when, day):
    """The same, of the status documents of that day alone."""
    found = {}
    document = status(tables, when, day, filters=Filters(everything=True))
    for entry in document["subjects"]:
        positions = {actor: each for actor, each in entry["positions"].items() if each}
        looks = {}
        for choice, actors in CHOICES.items():
            look = look_for(actors, positions, entry["policies"], entry["subject_type"])
            looks[choice] = look and (*look[:-2], look[-2] or "", look[-1] or "")
            if look:
                found[entry["subject_key"], choice] = looks[choice]
        why = {*doubts_of(positions, entry["policies"])}
        found[entry["subject_key"], "panel"] = lines_of(positions, looks), why
    return found


def days_to_compare(when, count):
    """Days on which positions begin, rules of the record are dated or confirmed, and their eves."""
    named = {day.date() for day in when.positions["valid_from"] if day.year > 1990}
    for column in ("introduced_on", "decided_on", "effective_on", "last_confirmed_on"):
        named |= {date.fromordinal(day) for day in when.policies[f"{column}_high"] if day > 730000}
    days = sorted(named | {date.fromordinal(day.toordinal() - 1) for day in named})
    return days[:: max(1, len(days) // count)]


@pytest.mark.parametrize("known_at", [None, date(2021, 3, 1)])
def test_each_day_is_said_as_the_status_of_that_day_would_be(tables, known_at):
    when = timeline.build(tables.policies, known_at=known_at)
    data = page_data(tables, when, DAY)
    for day in days_to_compare(when, 30):
        assert shown_on(data, day) == shown_by_status(tables, when, day), day


def test_each_day_of_the_shipped_record_is_said_as_its_status(shipped):
    when = timeline.build(shipped.policies)
    data = page_data(shipped, when, DAY)
    for day in days_to_compare(when, 25):
        assert shown_on(data, day) == shown_by_status(shipped, when, day), day


@pytest.mark.parametrize("choice", CHOICES)
def test_a_change_to_come_is_that_of_status(shipped, choice):
    when = timeline.build(shipped.policies)
    data = page_data(shipped, when, DAY)
    changes, number = data["changes"], list(CHOICES).index(choice)
    epoch = date(1970, 1, 1).toordinal()
    filters = Filters(everything=True, for_actors=CHOICES[choice])
    for day in days_to_compare(when, 6):
        found = {}
        for row, on in enumerate(changes["on"]):
            if changes["choice"][row] == number and on + epoch > day.toordinal():
                key = data["subjects"][changes["subject"][row]]["key"]
                found.setdefault(key, (on + epoch, data["texts"][changes["text"][row]]))
        for entry in status(shipped, when, day, filters=filters)["subjects"]:
            change, wanted = entry["next_change"], None
            if change:
                text = wording.next_change({**change, "on": "{day}"}, iso=True)
                wanted = (date.fromisoformat(change["on"]).toordinal(), text)
            assert found.get(entry["subject_key"]) == wanted, (day, entry["subject_key"])
