"""The page as a whole: what is drawn, the address, the legend, the table, paper, frames."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from datetime import date

import folium
import pytest
from reader import (
    DAY,
    PHONE,
    SMALL_PHONE,
    ZOOM,
    go,
    looks,
    mark,
    middle,
    panel,
    place,
    select,
    sideways,
    table_rows,
    turn,
    until,
)

import frtracker as fr
from conftest import recorded
from frtracker import page as webmap
from frtracker import timeline
from frtracker.record.suppose import suppose, supposition
from frtracker.vocabulary import ACTORS, MEASURES

pytestmark = pytest.mark.browser

REVIEWED = "2026-11-22"
SIZES = {
    "1440": {"viewport": {"width": 1440, "height": 900}},
    "1440 at 200%": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
    "1024": {"viewport": {"width": 1024, "height": 768}},
    "768": {"viewport": {"width": 768, "height": 1024}},
    "390": PHONE,
    "360": SMALL_PHONE,
}


@pytest.fixture
def page(open_page, map_file):
    return open_page(map_file).page


def pressed(page, category):
    page.click(f'[data-category="{category}"]')


def pointed(page, code):
    """The tip with the mouse on the middle of an outline."""
    page.mouse.move(*middle(page, code))
    tip = page.locator("#tip")
    tip.wait_for()
    return tip


# What is drawn


def test_every_sheet_has_its_outlines_and_the_places_on_it(page):
    found = {}
    for sheet in ("us", "world", "europe"):
        turn(page, sheet)
        layers = ("states", "enlarged", "counties", "countries")
        found[sheet] = [page.locator(f"path.{name}").count() for name in layers]
    assert found == {"us": [56, 3, 1, 0], "world": [56, 0, 0, 229], "europe": [0, 0, 0, 65]}


@pytest.mark.parametrize(("view", "inside", "outside"), [
    ("us", "US-KS", "DE"), ("europe", "DE", "US-KS"), ("world", "AU", None),
])  # fmt: skip
def test_the_views(page, view, inside, outside):
    button = page.locator(f"[data-view={view}]")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator('.views [aria-pressed="true"]').count() == 1
    assert place(page, inside).is_visible()
    assert outside is None or place(page, outside).count() == 0


def test_alaska_and_hawaii_are_in_the_view_of_the_united_states(open_page, shipped):
    page = open_page(shipped.page, f"#{REVIEWED}/police").page
    stage = page.locator(".stage").bounding_box()
    for node in (mark(page, "us-ak-anchorage"), place(page, "us-ak"), place(page, "us-hi")):
        box = node.bounding_box()
        assert stage["x"] <= box["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"]
        assert stage["y"] <= box["y"]
        assert box["y"] + box["height"] <= stage["y"] + stage["height"]


def test_a_place_looks_like_what_is_in_force(page):
    areas = {
        "us-wa": {"restriction"},
        "us-wa-king-county": {"ban"},
        "us-or": {"ban", "narrow"},
        "us-tx": {"ban", "uncertain"},
        "us-ma": {"none"},
        "US-KS": {"bare", "searched"},
        "US-NV": {"bare", "unsearched"},
    }
    assert {key: looks(place(page, key)) for key in areas} == areas
    face = mark(page, "us-ca-san-francisco").locator(".face")
    assert looks(face) == {"ban"}
    assert 12 <= face.bounding_box()["width"] <= 20
    turn(page, "world")
    assert looks(place(page, "ma")) == {"none"}
    assert looks(mark(page, "gi").locator(".face")) == {"oversight"}


def test_looks_are_told_apart_by_their_fill(page):
    fill = "node => getComputedStyle(node).fill"
    keys = ("us-ma", "US-KS", "US-NV", "us-wa", "us-or")
    fills = [place(page, key).evaluate(fill) for key in keys]
    assert len(set(fills)) == len(fills)
    colour = MEASURES["restriction"].colour
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    assert fills[3] == f"rgb({red}, {green}, {blue})"
    assert fills[4].startswith('url("#hatch-')


def test_letters_and_clocks(page):
    letters = page.locator("g.point").evaluate_all(
        "all => all.map((it) => [it.dataset.keys, it.querySelector('.letter')?.textContent ?? ''])"
    )
    assert sorted({(key, text) for key, text in letters}) == [
        ("us-ca-los-angeles-police-department", "W"), ("us-ca-san-francisco", "B"),
        ("us-ma", ""), ("us-me-portland", "B"), ("us-or", "B"), ("us-or-portland", "B"),
        ("us-tx", "?"), ("us-vt", "M"), ("us-wa", "R"),
    ]  # fmt: skip
    clocks = page.locator("g.point:has(.clock)")
    assert set(clocks.evaluate_all("all => all.map((it) => it.dataset.keys)")) == {"us-ma"}


def test_no_place_with_a_rule_for_anybody_looks_as_if_it_had_none(open_page, shipped):
    page = open_page(shipped.page, f"#{REVIEWED}/anyone").page
    status = shipped.status(date.fromisoformat(REVIEWED))
    ruled = {each["subject_key"] for each in status["subjects"] if each["measure"] != "none"}
    bare = """all => all.filter((it) => !it.matches(".is-others")).map((it) => it.dataset.key)"""
    ours = page.evaluate("FR.legend.counts()")
    for actor in (*ACTORS, "anyone"):
        go(page, REVIEWED, actor)
        for sheet in ("us", "world"):
            turn(page, sheet)
            found = page.locator("path.outline.is-bare").evaluate_all(bare)
            assert not ruled & set(found), (actor, sheet)
        counts = page.evaluate("FR.legend.counts()")
        for name in ("searched", "unsearched"):
            assert counts[name] == ours[name], (actor, name)


def test_a_rule_for_others_only_has_a_look_a_count_and_words(open_page, shipped):
    page = open_page(shipped.page, f"#{REVIEWED}/police").page
    assert looks(place(page, "us-fl")) == {"bare", "others"}
    counts = page.evaluate("FR.legend.counts()")
    assert counts["others"] > 20
    shown = page.locator('[data-category="others"] .count').inner_text()
    assert shown == str(counts["others"])
    page.evaluate("FR.map.zoom('us-fl')")
    tip = pointed(page, "US-FL")
    assert "Florida: nothing for police; schools: ban, since 12 May 2014" in tip.inner_text()
    assert tip.inner_text().endswith("· 22 Nov 2026")


def test_under_anyone_the_map_says_whom_a_rule_is_for_if_not_for_police(open_page, shipped):
    page = open_page(shipped.page, "#2026-11/anyone").page
    page.evaluate("FR.map.zoom('us-fl')")
    said = mark(page, "us-fl").locator(".whom")
    assert said.is_visible()
    assert said.text_content() == "schools"
    assert mark(page, "us-wa").locator(".whom").count() == 0
    go(page, "2026-11", "police")
    assert page.locator(".whom").count() == 0


def test_only_who_asks_for_failed_bills_and_ended_rules_sees_them(open_page, shipped):
    page = open_page(shipped.page, "#2026-11/police").page
    bill, ended = "us-in-west-lafayette", "us-md-baltimore"
    assert [mark(page, key).count() for key in (bill, ended)] == [0, 0]
    page.check("#bills")
    assert [mark(page, key).count() for key in (bill, ended)] == [1, 1]
    page.uncheck("#bills")
    assert [mark(page, key).count() for key in (bill, ended)] == [0, 0]


def test_dark_is_dark(open_page, map_file):
    shade = "getComputedStyle(document.body).backgroundColor"
    light = open_page(map_file, color_scheme="light").page.evaluate(shade)
    assert open_page(map_file, color_scheme="dark").page.evaluate(shade) != light


def test_the_union_is_outlined(open_page, shipped):
    page = open_page(shipped.page, "#2026-11/police").page
    page.click("[data-view=europe]")
    assert looks(page.locator("path.union")) >= {"ban", "narrow"}
    page.locator("#elsewhere .opener[data-key=european-union]").click()
    assert panel(page).locator("h2").inner_text() == "European Union"


# The actor, the address


@pytest.mark.parametrize("actor", [*ACTORS, "anyone"])
def test_it_opens_with_the_rules_for_whom_it_was_made(open_page, tables, tmp_path, actor):
    path = tmp_path / "map.html"
    when = timeline.build(tables.policies)
    path.write_text(webmap.render(tables, when, date(2021, 6, 30), actor=actor), encoding="utf-8")
    page = open_page(path).page
    chosen = page.locator("#actors label:has(input:checked)")
    assert chosen.locator("input").get_attribute("value") == actor
    words = chosen.inner_text()
    assert f"rules for {words}:" in page.locator("#masthead").inner_text()


def test_with_police_a_ban_on_private_users_is_not_shown_as_one(open_page, shipped):
    page = open_page(shipped.page, "#2021-10/police").page
    shown = "FR.view.entries[FR.numbers.get('us-md-baltimore')]"
    assert page.evaluate(f"{shown}.others")
    page.get_by_label("private users", exact=True).check()
    assert page.evaluate(f"[{shown}.others, {shown}.measure]") == [False, "moratorium"]
    assert page.evaluate("location.hash") == "#2021-10/private"


def test_how_many_people_follows_the_day_and_the_actor(open_page, shipped):
    page = open_page(shipped.page, "#2019-06-28/police").page
    people = page.locator("#people")
    government = "a city, county, state or national government that bans or pauses face recognition"
    by_its_own = f"are known to have {government} by its own"
    assert people.inner_text().startswith(f"81,045 people {by_its_own} police.")
    page.evaluate("location.hash = '#2023-06-01/government'")
    page.wait_for_function("FR.days.iso(FR.view.day) === '2023-06-01'")
    assert f"{by_its_own} agencies." in people.inner_text()
    page.get_by_label("anyone", exact=True).check()
    assert people.inner_text() == ""


def test_a_link_brings_back_day_actor_place_sheet_and_categories(open_page, map_file):
    link = "#2020-12-15/private/US-NV/world/ban+none"
    page = open_page(map_file, link).page
    assert page.evaluate(DAY) == "2020-12-15"
    assert page.evaluate("FR.map.sheet()") == "world"
    assert page.get_by_label("private users", exact=True).is_checked()
    assert panel(page).locator("h2").inner_text() == "Nevada"
    assert page.evaluate("FR.legend.filtered()") == ["ban", "none"]
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == "#2020-12-15/private//world/ban+none"


DAMAGED = (
    ("#2021-06/police%", "The address is damaged.", "2021-06-30"),
    ("#2021-06-31/police", "“2021-06-31” is not a valid date: showing {opens}.", ""),
    ("#2021-13", "“2021-13” is not a valid date: showing {opens}.", ""),
    ("#2021-02-29", "“2021-02-29” is not a valid date: showing {opens}.", ""),
    ("#2040", "The map does not reach that date: showing {last}.", None),
    ("#1999/police", "The map does not reach that date: showing {first}.", None),
    (
        "#2021-06/nobody",
        "“nobody” is not one of police, government, schools, private, anyone.",
        "2021-06-30",
    ),
    (
        "#2021-06/constructor",
        "“constructor” is not one of police, government, schools, private, anyone.",
        "2021-06-30",
    ),
    ("#2021-06/police/nowhere", "No place or company here is called “nowhere”.", "2021-06-30"),
    ("#2021-06/police/us-ma-boston?utm_source=x", "", "2021-06-30"),
    ("#2021-06/police/us-ma-boston%20", "", "2021-06-30"),
    ("#2021-06/police//constructor/constructor", "", "2021-06-30"),
)


def test_what_is_wrong_with_an_address_is_said_and_nothing_stays_blank(open_page, shipped):
    page = open_page(shipped.page).page
    opens = page.evaluate("FR.days.iso(FR.data.opens)")
    names = (
        "({ opens: FR.data.opens, first: FR.data.first, last: FR.days.monthOf(FR.data.last)[1] })"
    )
    said = page.evaluate(
        f"Object.fromEntries(Object.entries({names}).map(([k, v]) => [k, FR.days.day(v)]))"
    )
    for address, words, day in DAMAGED:
        page.goto("about:blank")
        page.goto(shipped.page.as_uri() + address)
        notice = page.locator("#notice")
        assert notice.is_visible() == bool(words), address
        assert notice.inner_text() == words.format(**said), address
        assert day is None or page.evaluate(DAY) == (day or opens), address
        drawn = page.locator("path.outline.is-ban, g.point .is-ban").count()
        assert drawn > 3 or "1999" in address, address
        assert page.locator('[data-category="ban"] .count').inner_text().isdigit(), address
        selected = page.evaluate("FR.view.selected")
        assert selected == ("us-ma-boston" if "boston" in address else ""), address
    go(page, "2021-05", "police")
    assert not page.locator("#notice").is_visible()


def test_back_and_forward_go_through_what_was_shown(page):
    state = "[FR.view.selected, FR.view.actor, FR.map.sheet()]"
    select(page, "us-wa")
    page.click("[data-view=world]")
    page.get_by_label("schools", exact=True).check()
    page.keyboard.press("Escape")
    shown = [
        "us-wa schools world", "us-wa anyone world", "us-wa anyone us", " anyone us",
    ]  # fmt: skip
    for each in shown:
        page.go_back()
        until(page, f"{state}.join(' ') === '{each}'")
    page.go_forward()
    until(page, "FR.view.selected === 'us-wa'")
    assert panel(page).locator("h2").inner_text() == "Washington"


@pytest.mark.parametrize(("key", "sheet"), [
    ("us-ma-boston", "us"), ("us-hi", "us"), ("us-az-phoenix", "us"), ("european-union", "europe"),
    ("DE", None), ("br-sp-sao-paulo", "world"), ("JP", "world"),
])  # fmt: skip
def test_a_link_with_a_place_has_it_in_sight(open_page, shipped, key, sheet):
    page = open_page(shipped.page, f"#{REVIEWED}/police/{key}").page
    assert sheet is None or page.evaluate("FR.map.sheet()") == sheet
    shown = page.locator(
        f'path.outline[data-key="{key}"], g.point[data-keys~="{key}"], .pin:not(.is-absent)'
    )
    if key == "european-union":
        shown = page.locator("path.union")
    box, stage = shown.first.bounding_box(), page.locator(".stage").bounding_box()
    assert stage["x"] < box["x"] + box["width"] / 2 < stage["x"] + stage["width"]
    assert stage["y"] < box["y"] + box["height"] / 2 < stage["y"] + stage["height"]
    assert panel(page).is_visible()


def test_a_place_on_another_sheet_is_searched_for_and_shown(page):
    page.fill("#search", "Deutschland")
    page.get_by_role("combobox").press("Enter")
    assert page.evaluate("FR.map.sheet()") != "us"
    assert looks(place(page, "DE")) == {"bare", "searched", "chosen"}
    assert page.evaluate("location.hash").endswith("/anyone/DE/world")
    turn(page, "us")
    select(page, "us-wa")
    turn(page, "world")
    chosen = "all => all.map((it) => it.dataset.key)"
    assert page.locator(".outline.is-chosen").evaluate_all(chosen) == ["us-wa"]


# The legend


def test_the_legend_counts_what_the_status_counts(page, small):
    groups = [small.status(date(2021, 6, 30))["counts"][name] for name in ("places", "agencies")]
    buttons = page.locator("#legend li button")
    labels = buttons.evaluate_all("all => all.map((it) => it.dataset.category)")
    assert labels == [
        "ban", "moratorium", "withdrawal", "restriction", "oversight", "narrow", "uncertain",
        "scheduled", "others", "none", "searched", "unsearched",
    ]  # fmt: skip
    numbers = map(int, buttons.locator(".count").all_inner_texts())
    counted = dict(zip(labels, numbers, strict=True))
    for measure in groups[0]["general"]:
        assert counted[measure] == sum(group["general"][measure] for group in groups)
    assert counted["narrow"] == sum(sum(group["narrow"].values()) for group in groups)
    for name in ("none", "uncertain"):
        assert counted[name] == sum(group[name] for group in groups)
    assert (counted["scheduled"], counted["searched"]) == (1, 2)


def test_a_pressed_category_filters_map_and_table(page):
    pressed(page, "ban")
    assert page.locator('[data-category="ban"]').get_attribute("aria-pressed") == "true"
    assert "muted" in looks(place(page, "us-wa"))
    assert mark(page, "us-ca-san-francisco").is_visible()
    assert mark(page, "us-ca-los-angeles-police-department").count() == 0
    assert page.evaluate("location.hash").endswith("/ban")
    assert set(table_rows(page).locator("td:nth-child(3)").all_inner_texts()) == {"ban"}
    page.click("#all-categories")
    assert "muted" not in looks(place(page, "us-wa"))


def test_what_the_categories_mean_is_on_the_page(page):
    page.click(".meanings summary")
    words = page.locator("#meanings").inner_text()
    assert all(MEASURES[code].definition in words for code in MEASURES if code != "none")


# Lists and table


def test_vendors_and_companies_follow_the_day(page):
    vendors = page.locator("#vendors li").all_inner_texts()
    assert "Amazon moratorium" in vendors[0]
    assert "for police · adopted 10 Jun 2020" in vendors[0]
    assert "Clearview AI no rule in force" in vendors[1]
    assert "withdrawal in Canada only" in vendors[1]
    assert "Example Stores" in page.locator("#companies").inner_text()
    page.locator("#vendors .opener").first.click()
    assert "until further notice" in panel(page).inner_text()
    go(page, "2020-01")
    assert "Amazon" not in page.locator("#vendors").inner_text()


def test_who_has_no_place_on_the_map_is_listed(page):
    assert sorted(page.locator("#elsewhere b").all_inner_texts()) == [
        "Brussels", "European Union", "Federal Example Service, United States", "United States",
    ]  # fmt: skip


def test_the_table_sorts(page):
    rows = table_rows(page)
    assert rows.count() == len(page.evaluate("FR.view.entries.filter((it) => it?.named)"))
    page.locator("#table thead button", has_text="subject").click()
    names = page.locator("#table tbody th").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    heading = page.locator("#table thead th").first
    assert heading.get_attribute("aria-sort") == "ascending"
    page.locator("#table thead button", has_text="subject").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert page.locator("#table tbody th").all_inner_texts() == names[::-1]
    since = page.locator("#table thead button", has_text="since")
    for _ in range(2):  # what has no day comes last, either way
        since.click()
        cells = page.locator("#table tbody td:nth-child(5)").all_inner_texts()
        assert [bool(cell) for cell in cells] == sorted(map(bool, cells), reverse=True)
    assert page.evaluate("document.activeElement.textContent") == "since"


def test_the_table_has_what_the_legend_counts(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police").page
    table_rows(page)
    for category in ("ban", "narrow", "uncertain", "others", "none"):
        button = page.locator(f'[data-category="{category}"]')
        button.click()
        of_places = """FR.view.entries.filter((it) => it && FR.legend.shows(it)
          && !FR.legend.isMarketed(it.subject)).length"""
        assert page.evaluate(of_places) == int(button.locator(".count").inner_text()), category
        rows = "FR.view.entries.filter((it) => it && FR.legend.shows(it))"
        assert page.locator("#table tbody tr").count() == page.evaluate(f"{rows}.length")
        button.click()
    name = page.get_by_role("button", name="Florida", exact=True)
    florida = page.locator("#table tbody tr").filter(has=name)
    assert "nothing for police; schools: ban" in florida.inner_text()


def test_the_table_links_to_the_proof(page):
    row = table_rows(page).filter(has_text="San Francisco")
    link = row.get_by_role("link", name="source 1 for San Francisco, California")
    assert link.get_attribute("href") == "https://example.org/us-ca-san-francisco-2019"
    assert link.inner_text() == "source 1"


def test_the_table_downloads_as_csv(page, small):
    page.click("#table summary")
    with page.expect_download() as caught:
        page.click("#download")
    assert caught.value.suggested_filename == "frtracker-2021-06-30-anyone.csv"
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8"))))
    wanted = {entry["subject_key"]: entry for entry in small.status(date(2021, 6, 30))["subjects"]}
    assert {row["subject_key"] for row in rows} == set(wanted)
    for row in rows:
        entry = wanted[row["subject_key"]]
        assert row["measure"] == entry["measure"]
        assert row["applies_to"] == ";".join(entry["applies_to"])
        assert row["since"] == (entry["since"] or "")
        assert row["certain"] == str(entry["certain"]).lower()
        assert (row["geoid"], row["geoidfq"]) == (entry["geoid"] or "", entry["geoidfq"] or "")


def test_what_is_supposed_goes_along_with_the_table(open_page, tables, tmp_path):
    bill = tables.policies[tables.policies["status"] == "proposed"]["policy_id"].iloc[0]
    supposing = suppose(tables, [supposition(f"{bill}=2021-01-01")])
    page = open_page(recorded(supposing, date(2021, 6, 30), "2021-06", tmp_path).page).page
    assert page.title().startswith("What if: ")
    page.click("#table summary")
    with page.expect_download() as caught:
        page.click("#download")
    assert caught.value.suggested_filename == "frtracker-what-if-2021-06-30-anyone.csv"
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8"))))
    assert {row["supposed"] for row in rows} == {"; ".join(supposing.supposed)}


def test_the_view_is_taken_along_as_a_picture(page):
    select(page, "us-wa")
    with page.expect_download() as caught:
        panel(page).get_by_role("button", name="Picture").click()
    assert caught.value.suggested_filename == "frtracker-2021-06-30-anyone-us-wa.png"
    data = caught.value.path().read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 2 * page.evaluate("FR.map.leaflet.getSize().x")
    assert len(data) > 50_000


def test_the_live_region_says_the_day_and_what_is_in_force(page):
    go(page, "2021-07")
    until(page, "document.getElementById('live').textContent.startsWith('31 Jul 2021')")
    said = page.locator("#live").inner_text()
    assert "at least one group in at least 3 cities and 1 county worldwide" in said
    assert "places and agencies, rules for anyone: 4 bans, 1 moratorium, 3 restrictions" in said
    assert said.endswith("1 event in July 2021")


# Sizes, motion, colors, paper, frames


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out(open_page, shipped, size):
    page = open_page(shipped.page, "#2026-11/anyone/us-va", **SIZES[size]).page
    assert sideways(page) == []
    for key in ("european-union", "vendor-clearview-ai"):
        select(page, key)
        assert sideways(page) == []
    page.evaluate("document.querySelector('#panel .close').click()")
    page.fill("#search", "spring")
    assert sideways(page) == []
    page.fill("#search", "")
    table_rows(page)
    page.evaluate("document.querySelector('.meanings').open = true")
    assert sideways(page) == []


def test_with_reduced_motion_nothing_moves_by_itself(open_page, small):
    page = open_page(small.page, reduced_motion="reduce").page
    page.click(".leaflet-control-zoom-in")
    assert page.evaluate("document.getAnimations().length") == 0
    until(page, "!FR.map.isWhole()")


def test_what_is_chosen_is_seen_without_colors(open_page, small):
    page = open_page(small.page, forced_colors="active").page
    ground = "node => getComputedStyle(node).backgroundColor"
    pressed(page, "ban")
    for chosen, other in (
        ("#actors input:checked + span", "#actors input:not(:checked) + span"),
        ('[data-category="ban"]', '[data-category="none"]'),
        ('[data-view="us"]', '[data-view="world"]'),
    ):
        seen = page.locator(chosen).evaluate(ground)
        assert seen != page.locator(other).first.evaluate(ground), chosen


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_on_paper_there_are_the_map_its_legend_and_the_open_panel_on_few_pages(open_page, shipped):
    page = open_page(shipped.page, f"#{REVIEWED}/police").page
    page.evaluate(
        """() => {
          FR.sizes = [];
          FR.map.leaflet.on("resize", ({ newSize }) => FR.sizes.push(newSize.x));
        }"""
    )
    before = page.evaluate(f"[{ZOOM}, FR.map.leaflet.getSize().x]")
    assert pages_of(page.pdf(format="A4")) == 1
    until(page, f"FR.sizes.includes({before[1]})")
    assert page.evaluate(f"[{ZOOM}, FR.map.leaflet.getSize().x]") == pytest.approx(before)
    assert 600 < page.evaluate("FR.sizes[0]") < 720  # what a page of paper has room for
    select(page, "us-ma-boston")
    assert pages_of(page.pdf(format="Letter")) <= 3
    page.emulate_media(media="print")
    for selector in (".stage", "#legend", "#panel", "#headline", ".foot"):
        assert page.locator(selector).is_visible(), selector
    page.set_viewport_size({"width": 700, "height": 900})  # paper is narrow, and no phone
    assert panel(page).evaluate("node => getComputedStyle(node).position") != "fixed"
    assert panel(page).locator("h3", has_text="Rules of other governments").is_visible()
    for selector in (".controls", ".time-strip", ".views", "#vendors", "#table table", ".close"):
        assert not page.locator(selector).is_visible(), selector


def test_who_opens_the_table_has_it_on_paper(page):
    table_rows(page)
    page.emulate_media(media="print")
    assert page.locator("#table tbody tr").first.is_visible()
    assert not page.locator("#table tbody a").first.is_visible()


@pytest.mark.parametrize("width", [360, 700, 1000])
def test_in_a_frame_there_are_the_answer_the_map_its_legend_and_a_way_out(open_page, small, width):
    size = {"width": width, "height": 520}
    page = open_page(small.page, "?embed#2021-06/police", viewport=size).page
    for selector in ("#headline .day", "#headline .summary", ".stage", "#legend", ".foot"):
        assert page.locator(selector).is_visible(), selector
    for selector in (".controls", ".time-strip", "#table", "#vendors", ".header"):
        assert not page.locator(selector).is_visible(), selector
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= 520 or width < 700
    assert sideways(page) == []
    mark(page, "us-ca-san-francisco").locator(".face").click(force=True)
    assert panel(page).locator("h2").inner_text() == "San Francisco"
    assert panel(page).bounding_box()["width"] > 300
    link = page.get_by_role("link", name="Open the whole map")
    assert link.get_attribute("target") == "_blank"
    assert link.evaluate("it => it.href") == page.url.replace("?embed", "?")
    assert page.evaluate("history.length") <= 2  # Back leaves the page around the frame


def test_without_scripts_the_table_stands_in_place_of_the_map(open_page, map_file):
    page = open_page(map_file, java_script_enabled=False).page
    assert not page.locator("main").is_visible()
    assert "San Francisco, California" in page.locator("noscript").inner_text()


@pytest.mark.parametrize("sandbox", ["", "allow-scripts"])
def test_a_notebook_shows_it_in_a_frame_without_an_address(open_page, tables, tmp_path, sandbox):
    drawn = fr.map(tables, "2021-06")
    folium.CircleMarker((40, -100), class_name="added").add_to(drawn)
    frame = drawn._repr_html_()
    if sandbox:
        frame = frame.replace("<iframe ", f'<iframe sandbox="{sandbox}" ', 1)
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><body>{frame}</body>", encoding="utf-8")
    notebook = open_page(path).page
    page = notebook.frames[1]
    page.locator("#vendors .opener").first.click()
    assert page.locator("#panel h2").inner_text() == "Amazon"
    page.click("#next")
    assert page.locator("#day").input_value() == "2021-07-01"
    assert page.locator("path.added").count() == 1
    assert notebook.url == path.as_uri()


def test_hostile_cells_do_nothing(open_page, tables, tmp_path):
    text = '</script><img src=x onerror=alert(1)>${alert(1)}`"'
    policies = tables.policies.assign(
        subject=text, summary=text, exceptions=text, notes=text, instrument=text,
        source_url=f"javascript:alert('{text}')",
    )  # fmt: skip
    hurt = dataclasses.replace(
        tables,
        policies=policies,
        subjects=tables.subjects.assign(subject=text, aliases=text),
        sources=tables.sources.assign(url="javascript:alert(1)", title=text, publisher=text),
        searches=tables.searches.assign(finding=text),
    )
    path = tmp_path / "hostile.html"
    when = timeline.build(hurt.policies)
    path.write_text(webmap.render(hurt, when, date(2021, 6, 30)), encoding="utf-8")
    page = open_page(path).page
    assert text in pointed(page, "US-WA").inner_text()
    assert table_rows(page).locator("a").count() == 0
    for key in ("us-ca-san-francisco", "us-wa", "us", "vendor-amazon"):
        select(page, key)
        assert text in panel(page).inner_text()
        assert panel(page).locator("a").count() == 0
    page.get_by_role("combobox").type("</scr")
    assert text in page.get_by_role("option").first.inner_text()
    assert page.locator("img").count() == 0
