"""Where marks are: each in its state, none on another, and all within reach of mouse and finger."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from reader import CENTER, PHONE, SMALL_PHONE, ZOOM, go, middle, panel, place, turn, until

from frtracker import page as webmap
from frtracker import timeline

pytestmark = pytest.mark.browser

WINDOWS = {
    "1440": {"viewport": {"width": 1440, "height": 900}},
    "1024": {"viewport": {"width": 1024, "height": 768}},
    "390": PHONE,
    "360": SMALL_PHONE,
}
STEPS = (0, 0.75, 1.5, 3, 5.5)  # levels from the whole sheet to the nearest

# marks whose center is in no outline of the state or country of the place that it stands at
STRAYED = """() => {
  const isIn = ([x, y], rings) => rings.flatMap((ring) => ring.filter(([ax, ay], place) => {
    const [bx, by] = ring.at(place - 1);
    return (ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax;
  })).length % 2 === 1;
  FR.unpacked ??= {};
  const layers = (FR.unpacked[FR.map.sheet()] ??= FR.shapes.layersOf(FR.map.sheet()));
  const { states = [], enlarged = [], countries = [] } = layers;
  const outlines = [...states, ...enlarged, ...countries];
  return FR.marks.shown().filter(({ isArea }) => !isArea).filter(({ at, numbers }) => {
    const { key, region, country } = FR.data.subjects[numbers[0]];
    const { lng, lat } = FR.map.leaflet.layerPointToLatLng(at);
    const own = outlines.filter(({ code }) => code === region || code === country);
    const polygons = own.flatMap(({ shape }) =>
      shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates);
    return own.length && !polygons.some((rings) => isIn([lng, lat], rings));
  }).map(({ node }) => node.dataset.keys);
}"""
# circles that overlap, and letters or words of outlines that lie under one
COVERED = """() => {
  const circles = [...document.querySelectorAll(".point :is(.ring, .face):first-child")];
  const round = circles.map((it) => {
    const { left, top, width } = it.getBoundingClientRect();
    return { x: left + width / 2, y: top + width / 2, r: width / 2, of: it.parentNode };
  });
  const meet = round.flatMap((a, place) => round.slice(place + 1)
    .filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < a.r + b.r - 1)
    .map((b) => [a.of.dataset.keys, b.of.dataset.keys]));
  const texts = [...document.querySelectorAll(".on-area :is(.letter, .whom)")];
  const under = texts.filter((it) => it.checkVisibility()).flatMap((it) => {
    const { left, right, top, bottom } = it.getBoundingClientRect();
    const near = (low, value, high) => Math.max(low, Math.min(value, high));
    return round.filter(({ x, y, r, of }) => of !== it.parentNode
      && Math.hypot(x - near(left, x, right), y - near(top, y, bottom)) < r - 2)
      .map(({ of }) => [it.textContent, it.parentNode.dataset.keys, of.dataset.keys]);
  });
  return [...meet, ...under];
}"""


@pytest.mark.parametrize("window", WINDOWS)
def test_each_is_in_its_state_or_the_enlarged_part_and_none_covers_another(
    open_page, shipped, window
):
    page = open_page(shipped.page, "#2026-11-22/police", **WINDOWS[window]).page
    for sheet in ("us", "world", "europe"):
        for step in STEPS:
            turn(page, sheet, step)
            for actor in ("police", "anyone"):
                go(page, "2026-11-22", actor)
                where = sheet, step, actor
                assert (*where, page.evaluate(STRAYED)) == (*where, [])
                assert (*where, page.evaluate(COVERED)) == (*where, [])
    assert page.evaluate(ZOOM) == page.evaluate("FR.map.leaflet.getMaxZoom()")


def test_very_many_are_few_from_afar_and_apart_from_near(open_page, many, tmp_path):
    path = tmp_path / "many.html"
    when = timeline.build(many.policies)
    path.write_text(webmap.render(many, when, date(2022, 6, 30)), encoding="utf-8")
    page = open_page(path).page
    placed = "FR.marks.shown().filter(({ isArea }) => !isArea)"
    numbers = f"new Set({placed}.flatMap(({{ numbers }}) => numbers)).size"
    held = page.evaluate(numbers)
    assert held > 150
    marks = f"{placed}.length"
    few = page.evaluate(marks)
    assert few < held
    assert page.evaluate(COVERED) == []
    turn(page, "us", 4)
    assert page.evaluate(marks) > few
    assert page.evaluate(numbers) == held


CENTERS = """() => FR.marks.shown().map(({ at, numbers }) => {
  const { x, y } = FR.map.leaflet.layerPointToContainerPoint(at);
  const { left, top } = FR.map.leaflet.getContainer().getBoundingClientRect();
  return [left + x, top + y, numbers];
})"""


def test_a_click_on_an_outline_opens_it(open_page, small):
    page = open_page(small.page, "#2021-06/anyone").page
    for code, name in (("US-WY", "Wyoming"), ("US-KS", "Kansas")):
        page.mouse.click(*middle(page, code))
        assert panel(page).locator("h2").inner_text() == name


@pytest.mark.parametrize("actor", ["police", "anyone"])
def test_a_finger_that_misses_by_five_pixels_still_opens_the_place(open_page, shipped, actor):
    page = open_page(shipped.page, f"#2026-11-22/{actor}", **PHONE).page
    chance = random.Random(14)
    marks = page.evaluate(CENTERS)
    assert len(marks) > 20
    missed = []
    for x, y, numbers in marks * 3:
        page.touchscreen.tap(x + chance.gauss(0, 5), y + chance.gauss(0, 5))
        opened = page.evaluate("FR.view.several ?? [FR.numbers.get(FR.view.selected)]")
        if not set(numbers) <= set(opened):
            missed.append((numbers, opened))
        page.keyboard.press("Escape")
    assert len(missed) <= 0.05 * 3 * len(marks), missed


def test_the_ring_of_several_is_divided_as_they_are(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police").page
    many = page.locator("g.point.many").all()
    assert len(many) > 5
    for each in many:
        looks = sorted(
            page.evaluate(
                "keys => keys.map((it) => FR.days.classes(FR.view.entries[FR.numbers.get(it)]))",
                each.get_attribute("data-keys").split(),
            )
        )
        assert each.locator(".letter").text_content() == str(len(looks))
        arcs = {
            arc.get_attribute("class").removeprefix("arc "): int(
                arc.get_attribute("stroke-dasharray").split()[0]
            )
            for arc in each.locator(".arc").all()
        }
        assert arcs == Counter(looks)


def test_the_mark_of_several_offers_what_it_covers(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police", **PHONE).page
    x, y, _ = next(each for each in page.evaluate(CENTERS) if len(each[2]) == 10)
    page.touchscreen.tap(x + 9, y)
    offered = panel(page).locator("#panel-body > .opener")
    assert offered.inner_text().startswith("California: ")
    offered.click()
    assert page.evaluate("FR.view.selected") == "us-ca"
    page.go_back()
    page.go_back()
    assert not panel(page).is_visible()


def test_the_mark_of_several_asks_which(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police", **PHONE).page
    many = next(each for each in page.evaluate(CENTERS) if len(each[2]) > 4)
    page.touchscreen.tap(many[0], many[1])
    offered = panel(page).locator(".chooser .opener")
    assert panel(page).locator("h2").inner_text() == f"{len(many[2])} places here"
    assert offered.count() == len(many[2])
    assert min(each.bounding_box()["height"] for each in offered.all()) >= 24
    key = offered.nth(1).get_attribute("data-key")
    offered.nth(1).click()
    assert page.evaluate("FR.view.selected") == key


def swipe(page, x, y, *, up=0, left=0):
    """One finger that moves over the page and rests before it is lifted."""
    send = page.context.new_cdp_session(page).send
    for step in range(11):
        share = min(step, 9) / 9
        point = {"x": x - left * share, "y": y - up * share}
        kind = "touchMove" if step else "touchStart"
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        page.wait_for_timeout(30)
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    at_rest(page)


def at_rest(page):
    """Waits until nothing scrolls any more: a tap on a page that still does only stops it."""
    for _ in range(50):
        before = page.evaluate("scrollY")
        page.wait_for_timeout(150)
        if page.evaluate("scrollY") == before:
            return
    raise AssertionError("the page scrolls without end")


def test_one_finger_scrolls_the_page_until_the_map_is_tapped(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police", **PHONE).page
    turn(page, "us", 1)
    box = page.locator("#map_frtracker").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.evaluate(CENTER)
    swipe(page, x, y, up=220)
    assert page.evaluate("scrollY") > 150
    assert page.evaluate(CENTER) == before
    page.evaluate("scrollTo(0, 0)")
    at_rest(page)
    page.touchscreen.tap(x, y)
    until(page, "document.querySelector('#map_frtracker.leaflet-touch-drag') !== null")
    page.keyboard.press("Escape")
    scrolled = page.evaluate("scrollY")
    swipe(page, x, y, up=60, left=60)
    assert page.evaluate("scrollY") == scrolled
    until(page, f"{CENTER} !== '{before}'")
    moved = page.evaluate(CENTER)
    page.touchscreen.tap(195, 20)  # beside the map: the page scrolls again
    swipe(page, x, y, up=220)
    assert page.evaluate("scrollY") > 150
    assert page.evaluate(CENTER) == moved


def test_the_wheel_scrolls_and_with_ctrl_zooms(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police").page
    whole = page.evaluate(ZOOM)
    page.mouse.move(*middle(page, "US-KS"))
    page.mouse.wheel(0, 200)
    until(page, "scrollY > 0")
    assert page.evaluate(ZOOM) == whole
    assert page.locator("#hint").is_visible()
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(*middle(page, "US-KS"))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    until(page, f"{ZOOM} > {whole}")
    page.keyboard.up("Control")
    assert page.evaluate("scrollY") == 0


def test_the_map_cannot_be_moved_off_its_sheet(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police").page
    inside = """() => {
      const [west, south, east, north] = FR.data.sheets[FR.map.sheet()].box;
      const { lng, lat } = FR.map.leaflet.getCenter();
      return lng > west && lng < east && lat > south && lat < north;
    }"""
    page.mouse.move(*middle(page, "US-KS"))
    page.mouse.down()
    page.mouse.move(5000, 5000, steps=3)
    page.mouse.up()
    until(page, f"({inside})()")
    turn(page, "us", 2)
    for _ in range(12):
        page.click('[data-pan="1 0"]')
    until(page, f"({inside})()")
    turn(page, "us", -4)
    assert page.evaluate("FR.map.isWhole()")


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390", "360"])
def test_on_a_phone_the_legend_and_the_whole_country_are_on_the_first_screen(
    open_page, shipped, size
):
    page = open_page(shipped.page, "#2026-11-22/police", **size).page
    width, height = size["viewport"].values()
    legend, stage = page.locator("#legend").bounding_box(), page.locator(".stage").bounding_box()
    assert legend["y"] + legend["height"] <= stage["y"] + 1
    assert stage["y"] + stage["height"] <= height
    west, east = (place(page, key).bounding_box() for key in ("us-ca", "us-me"))
    assert east["x"] + east["width"] - west["x"] > 0.8 * width
    assert page.locator(".who legend").is_visible()


def test_on_a_phone_the_panel_comes_from_below_and_leaves_the_reader_where_they_were(
    open_page, shipped
):
    page = open_page(shipped.page, "#2026-11-22/police", **PHONE).page
    page.evaluate("scrollTo(0, 150)")
    page.touchscreen.tap(*middle(page, "US-MT"))
    box = panel(page).bounding_box()
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert box["y"] > 844 * 0.35
    assert page.evaluate("scrollY") == 150
    close = panel(page).get_by_role("button", name="Close")
    assert min(close.bounding_box()["width"], close.bounding_box()["height"]) >= 44
    close.tap()
    assert not panel(page).is_visible()
    assert page.evaluate("scrollY") == 150
