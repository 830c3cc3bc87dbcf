"""The page without a mouse: every control is reached and named; the map is one stop."""

from __future__ import annotations

import pytest
from reader import panel, select

pytestmark = pytest.mark.browser

# the stop of the keyboard: whether it is in the map, its name, and what it is
STOP = """() => {
  const it = document.activeElement;
  const labels = [...(it.labels || [])].map((label) => label.textContent).join(" ");
  const name = it.getAttribute("aria-label") || labels || it.textContent || it.title || "";
  const group = it.name === "actor" ? "actor" : it.id || it.dataset.view || it.dataset.category;
  return [Boolean(it.closest(".stage")), name.trim(), group || it.tagName];
}"""


@pytest.fixture
def page(open_page, shipped):
    return open_page(shipped.page, "#2026-11-22/police").page


def stops(page):
    """All stops from the beginning of the page to its end."""
    found = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop[2] == "BODY":
            return found
        if not found or found[-1] != stop:  # a field for a date has stops of its own
            found.append(stop)
    raise AssertionError("no end")


def test_every_control_is_reached_and_has_a_name(page):
    found = stops(page)
    assert [stop for stop in found if not stop[1]] == []
    reached = {name for _, _, name in found}
    assert reached >= {
        "actor", "search", "play", "previous", "day", "next", "today", "month", "ban", "bills",
        "us", "world", "europe", "cursor",
    }  # fmt: skip


def test_the_map_is_one_stop_beside_its_buttons(page):
    in_map = [name for inside, name, _ in stops(page) if inside]
    *labelled, cursor = in_map
    assert labelled == [
        "Skip the map", "Zoom in", "Zoom out", "Leaflet", "United States", "World", "Europe",
    ]  # fmt: skip
    assert cursor.startswith("Alabama: restriction for police")


def test_the_map_can_be_left_out(page):
    skip = page.get_by_role("link", name="Skip the map")
    skip.focus()
    assert skip.bounding_box()["width"] > 60
    before = page.url
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#aside') !== null")
    assert page.url == before


def test_arrows_go_from_place_to_place_by_name_and_enter_opens(page):
    cursor = page.locator("#cursor")
    cursor.focus()
    stage = page.locator(".stage").bounding_box()
    seen = []
    for _ in range(12):
        seen.append(cursor.inner_text().partition(":")[0])
        box = cursor.bounding_box()
        assert stage["x"] <= box["x"] + box["width"] / 2 <= stage["x"] + stage["width"]
        assert stage["y"] <= box["y"] + box["height"] / 2 <= stage["y"] + stage["height"]
        page.keyboard.press("ArrowRight")
    assert seen == sorted(seen)
    assert len(set(seen)) == 12
    page.keyboard.press("ArrowLeft")
    assert cursor.inner_text().startswith(f"{seen[-1]}:")
    page.keyboard.press("End")
    assert cursor.inner_text().startswith("Yellow Springs")
    page.keyboard.press("ArrowDown")
    assert cursor.inner_text().startswith(f"{seen[0]}:")
    page.keyboard.press("Enter")
    assert panel(page).locator("h2").inner_text() == "Alabama"
    assert page.evaluate("document.activeElement.textContent") == "Alabama"
    page.keyboard.press("Escape")
    assert not panel(page).is_visible()
    assert page.evaluate("document.activeElement.id") == "cursor"
    assert cursor.inner_text().startswith("Alabama")


def test_a_closed_panel_gives_the_focus_back(page):
    opener = page.locator("#vendors .opener").first
    opener.press("Enter")
    page.keyboard.press("Escape")
    assert opener.evaluate("it => it === document.activeElement")
    select(page, "us-wa")
    page.get_by_role("button", name="Close").press("Enter")
    assert opener.evaluate("it => it === document.activeElement")
