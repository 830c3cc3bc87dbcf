"""What a reader sees and can do."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from frtracker import webmap

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def page(open_page, map_file):
    return open_page(map_file).page


def place(page, key):
    return page.locator(f'path[data-key="{key}"]')


def classes(page, key):
    return {name for name in place(page, key).get_attribute("class").split() if name[:3] == "is-"}


def test_states_circles_and_legend_are_drawn(page):
    assert page.locator("path.states").count() == 56
    assert page.locator("path.countries").count() == 230
    assert page.locator("path.counties").count() == 1
    assert page.locator("path.point").count() == 5
    assert page.locator("#legend tbody th").all_inner_texts() == [
        "ban", "moratorium", "withdrawal", "restriction", "oversight",
    ]  # fmt: skip
    box = place(page, "us-ca-san-francisco").bounding_box()
    assert 5 <= box["width"] <= 20


@pytest.mark.parametrize(
    ("key", "look"),
    [
        ("us-ca-san-francisco", {"is-ban"}),
        ("us-wa", {"is-restriction"}),
        ("us-wa-king-county", {"is-ban"}),
        ("us-or", {"is-ban", "is-narrow"}),
        ("us-tx", {"is-ban", "is-uncertain"}),
        ("us-ma", {"is-none"}),
        ("ma", {"is-none"}),
        ("gi", {"is-oversight"}),
        ("us", {"is-underlay"}),
    ],
)
def test_a_place_looks_like_what_holds_there(page, key, look):
    assert classes(page, key) == look


def test_a_place_with_nothing_recorded_is_told_from_one_with_nothing_in_force(page):
    fill = "node => getComputedStyle(node).fill"
    empty = page.locator("path.states.is-unrecorded").first.evaluate(fill)
    assert place(page, "us-ma").evaluate(fill) != empty
    assert "url" in place(page, "us-or").evaluate(fill)


def test_fills_are_the_vocabularys_colours(page):
    from frtracker.vocabulary import MEASURES

    colour = MEASURES["restriction"].colour
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    found = place(page, "us-wa").evaluate("node => getComputedStyle(node).fill")
    assert found == f"rgb({red}, {green}, {blue})"


def test_the_legend_counts_what_the_status_counts(page, document):
    groups = [document["counts"][name] for name in ("places", "agencies")]
    for row in page.locator("#legend tbody tr").all():
        measure, *numbers = row.inner_text().split()
        assert numbers == [
            str(sum(group[scope][measure] for group in groups)) for scope in ("general", "narrow")
        ]
    said = page.locator("#legend li").all_inner_texts()
    assert [text.split("\n")[-1] for text in said] == [
        str(sum(group["none"] for group in groups)),
        "nothing recorded",
        "1",
        str(sum(group["uncertain"] for group in groups)),
    ]


def test_marks_for_scheduled_and_uncertain(page):
    assert page.locator(".map-mark .scheduled").count() == 1
    assert page.locator(".map-mark .uncertain").count() == 1


def test_a_popup_opens_with_text_and_links(page):
    place(page, "us-ca-san-francisco").click()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    text = popup.inner_text()
    for words in (
        "San Francisco",
        "city · California",
        "ban since Jun 2019",
        "police, government · any use",
        "in force",
        "decided 21 May 2019",
        "Ordinance 107-19",
        "The airport and the port",
        "Example note.",
    ):
        assert words in text
    links = popup.locator(".sources a")
    assert [each.get_attribute("href") for each in links.all()] == [
        "https://example.org/us-ca-san-francisco-2019",
        "https://example.net/second?a=1&b=2",
    ]
    assert {each.get_attribute("rel") for each in links.all()} == {"noopener noreferrer"}


def test_a_popup_tells_what_is_coming_and_what_failed(page):
    place(page, "us-ma").press("Enter")
    text = page.locator(".leaflet-popup-content").inner_text()
    assert "1 Jul 2021: restriction for police" in text
    assert text.index("failed") < text.index("scheduled")


def test_an_empty_state_says_so(page):
    page.locator("path.states.is-unrecorded").nth(5).dispatch_event("click")
    assert "No act is recorded here" in page.locator(".leaflet-popup-content").inner_text()


def test_the_country_tells_of_its_agencies(page):
    place(page, "us").press("Enter")
    assert "Federal Example Service" in page.locator(".leaflet-popup-content").inner_text()


def test_the_keyboard_opens_and_closes(page):
    target = place(page, "us-wa")
    assert target.get_attribute("aria-label") == "Washington: restriction for police, government"
    target.press("Enter")
    page.locator(".leaflet-popup-content").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Washington"
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup-content").wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.key") == "us-wa"


def test_vendors_and_companies_stand_beside_the_map(page):
    vendors = page.locator("#vendors summary").all_inner_texts()
    assert vendors[0].split("\n") == ["Amazon moratorium", "for police · since 10 Jun 2020"]
    assert vendors[1].split("\n") == ["Clearview AI none in force", "withdrawal in CA"]
    assert "Example Stores" in page.locator("#companies").inner_text()
    page.locator("#vendors summary").first.click()
    opened = page.locator("#vendors details[open] .panel").inner_text()
    assert "until further notice" in opened
    assert opened.count("On Amazon") == 2


def test_who_has_no_place_on_the_map_is_listed(page):
    listed = page.locator("#elsewhere summary b").all_inner_texts()
    assert sorted(listed) == [
        "Brussels",
        "European Union",
        "Federal Example Service, United States",
        "United States",
    ]


@pytest.mark.parametrize(("view", "inside", "outside"), [
    ("us", (39, -98), (50, 10)),
    ("europe", (50, 10), (39, -98)),
    ("world", (-25, 134), None),
])  # fmt: skip
def test_the_views(page, view, inside, outside):
    page.click(f"[data-view={view}]")
    shown = "place => map_frtracker.getBounds().contains(place)"
    assert page.evaluate(shown, list(inside))
    assert outside is None or not page.evaluate(shown, list(outside))


def test_hostile_cells_do_nothing(open_page, document, tables, tmp_path):
    text = '</script><img src=x onerror=alert(1)>${alert(1)}`"'
    document = copy.deepcopy(document)
    for subject in document["subjects"]:
        subject["subject"] = text
        for policy in subject["policies"]:
            policy.update(source_url=f"javascript:alert('{text}')", instrument=text)
    hurt = dataclasses.replace(
        tables,
        policies=tables.policies.assign(summary=text, exceptions=text, notes=text),
        sources=tables.sources.assign(url="javascript:alert(1)", title=text, publisher=text),
    )
    path = tmp_path / "hostile.html"
    path.write_text(webmap.render(document, hurt), encoding="utf-8")
    page = open_page(path).page
    place(page, "us-wa").hover(force=True)
    for key in ("us-ca-san-francisco", "us-wa", "us"):
        place(page, key).press("Enter")
        assert text in page.locator(".leaflet-popup-content").inner_text()
        assert page.locator(".leaflet-popup-content a").count() == 0
        page.keyboard.press("Escape")
        page.locator(".leaflet-popup-content").wait_for(state="detached")
    for summary in page.locator(".aside summary").all():
        summary.click()
    assert page.locator("img").count() == 0


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="desktop"),
        pytest.param(PHONE, id="phone"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
    ],
)
def test_nothing_sticks_out(open_page, map_file, options):
    page = open_page(map_file, **options).page
    width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(width)
    place(page, "us-wa").press("Enter")
    page.wait_for_timeout(400)
    popup = page.locator(".leaflet-popup").bounding_box()
    stage = page.locator(".stage").bounding_box()
    assert popup["x"] >= stage["x"]
    assert popup["y"] >= stage["y"]
    assert popup["x"] + popup["width"] <= stage["x"] + stage["width"]
    assert page.evaluate(width)


def test_dark_is_dark(open_page, map_file):
    shade = "getComputedStyle(document.body).backgroundColor"
    light = open_page(map_file, color_scheme="light").page.evaluate(shade)
    assert open_page(map_file, color_scheme="dark").page.evaluate(shade) != light


def test_without_scripts_the_table_stands_in_place_of_the_map(open_page, map_file):
    page = open_page(map_file, java_script_enabled=False).page
    assert not page.locator("main").is_visible()
    assert "San Francisco, California" in page.locator("noscript").inner_text()
