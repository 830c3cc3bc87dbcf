"""Time on the page: its picture, every way to another day, and what a month's list says."""

from __future__ import annotations

from datetime import date

import pytest
from reader import DAY, SMALL_PHONE, go, looks, place, until, until_day

from frtracker.answers.changes import changes, of_rules
from frtracker.vocabulary import ACTORS

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page, small):
    return open_page(small.page).page


def words(page):
    """What stands in the picture."""
    return page.locator("#chart text").all_text_contents()


def marked(page):
    """Where the handle stands, as a share of the picture's width."""
    picture = page.locator("#chart").bounding_box()
    handle = page.locator("#chart .marker circle").bounding_box()
    return (handle["x"] + handle["width"] / 2 - picture["x"] - 8) / (picture["width"] - 16)


def listed(page):
    """The events of the month: those that are sure, those that are folded."""
    both = page.locator("#events ul").all()
    return [[" ".join(row.split()) for row in it.locator("li").all_text_contents()] for it in both]


@pytest.mark.parametrize("actor", [*ACTORS, "anyone"])
@pytest.mark.parametrize("day", ["2014-05-12", "2019-07-01", "2022-12-31", "2026-11-22"])
def test_its_number_is_that_of_legend_and_status(open_page, shipped, day, actor):
    page = open_page(shipped.page, f"#{day}/{actor}").page
    asked = "" if actor == "anyone" else actor
    counts = shipped.status(date.fromisoformat(day), actor=asked)["counts"]
    wanted = sum(counts[name]["general"]["ban"] for name in ("places", "agencies"))
    assert f": {wanted} place" in page.locator("#banned").inner_text()
    legend = page.locator('[data-category="ban"] .count').inner_text()
    assert int(legend) == wanted


def test_the_picture_has_years_a_greatest_number_today_and_a_shaded_future(open_page, shipped):
    page = open_page(shipped.page, "#2024-06/police").page
    page.wait_for_selector("#chart .area")
    top = page.evaluate("Math.max(...FR.data.bans[0][1])")
    assert f"{top} bans" in words(page)
    assert [each for each in words(page) if each.isdigit()] == [
        *map(str, range(2019, 2027)), "2028",
    ]  # fmt: skip
    assert "today" in words(page)
    reviewed = page.evaluate("FR.days.day(FR.data.reviewed)")
    assert f"as decided by {reviewed}" in words(page)
    future, line = (page.locator(f"#chart {it}").bounding_box() for it in (".future", "path.now"))
    picture = page.locator("#chart").bounding_box()
    assert future["x"] == pytest.approx(line["x"], abs=4)
    assert future["x"] + future["width"] == pytest.approx(picture["x"] + picture["width"] - 8)


def test_the_picture_follows_the_actor(page):
    page.wait_for_selector("#chart .area")
    assert "4 bans" in words(page)
    page.get_by_label("police", exact=True).check()
    assert "3 bans" in words(page)


def test_it_opens_on_2019_and_shows_all_years_and_back(page):
    page.wait_for_selector("#chart .area")
    years = page.locator("#years")
    assert (words(page)[2], years.get_attribute("aria-pressed")) == ("2019", "false")
    recent = marked(page)
    years.click()
    assert (words(page)[2], years.get_attribute("aria-pressed")) == ("2018", "true")
    assert marked(page) > recent
    assert page.evaluate(DAY) == "2021-06-30"
    years.click()
    assert marked(page) == recent
    go(page, "2017-07")
    assert years.get_attribute("aria-pressed") == "true"
    years.click()
    assert page.evaluate(DAY) == "2019-01-31"
    assert years.get_attribute("aria-pressed") == "false"


def test_a_link_before_2019_opens_on_all_years(open_page, small):
    page = open_page(small.page, "#2018-01/police").page
    page.wait_for_selector("#chart .area")
    assert page.locator("#years").get_attribute("aria-pressed") == "true"
    assert 0 < marked(page) < 0.1


@pytest.mark.parametrize("options", [{}, SMALL_PHONE], ids=["mouse", "phone"])
def test_the_picture_is_dragged(open_page, small, options):
    page = open_page(small.page, **options).page
    page.wait_for_selector("#chart .area")
    box = page.locator("#chart").bounding_box()
    assert box["height"] >= 64
    at = lambda share: box["x"] + 8 + share * (box["width"] - 16)  # noqa: E731
    height = box["y"] + box["height"] / 2
    page.mouse.move(at(0.5), height)
    page.mouse.down()
    until(page, f"{DAY} > '2023'")
    assert page.evaluate("FR.strip.isMonthEnd(FR.view.day)")
    assert marked(page) == pytest.approx(0.5, abs=0.02)
    page.mouse.move(at(0.2), height - 300)  # away from it: it holds the pointer
    until(page, f"{DAY} < '2022'")
    assert marked(page) == pytest.approx(0.2, abs=0.02)
    page.mouse.up()
    day = page.evaluate(DAY)
    page.mouse.move(at(0.9), height)
    page.wait_for_timeout(60)
    assert page.evaluate(DAY) == day
    assert page.evaluate("document.activeElement.id") == "month"
    page.mouse.down()
    page.mouse.move(at(5), height)
    until_day(page, "2028-11-30")


def test_a_finger_that_scrolls_the_page_moves_no_day(open_page, small):
    page = open_page(small.page, **SMALL_PHONE).page
    page.wait_for_selector("#chart .area")
    assert page.locator("#chart").evaluate("it => getComputedStyle(it).touchAction") == "pan-y"
    box = page.locator("#chart").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    until(page, f"{DAY} < '2020'")
    page.evaluate("document.getElementById('chart').dispatchEvent(new Event('pointercancel'))")
    until_day(page, "2021-06-30")


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("ArrowRight", "2021-07-31"),
        ("ArrowLeft", "2021-05-31"),
        ("PageUp", "2022-06-30"),
        ("PageDown", "2020-06-30"),
        ("Home", "2019-01-31"),
        ("End", "2028-11-30"),
    ],
)
def test_the_keys(page, key, day):
    slider = page.locator("#month")
    slider.press(key)
    until_day(page, day)
    shown = page.evaluate("FR.days.day(FR.view.day)")
    assert slider.get_attribute("aria-valuetext") == shown
    assert page.locator("#day").input_value() == day
    assert page.evaluate("location.hash") == f"#{day[:7]}/anyone"


def test_a_step_touches_only_what_changes(page):
    page.locator("#month").press("ArrowRight")
    until_day(page, "2021-07-31")
    assert looks(place(page, "us-ma")) == {"restriction"}
    assert page.evaluate("FR.view.touched") <= 5
    page.evaluate("FR.app.go(FR.view.day)")
    assert page.evaluate("FR.view.touched") == 0


def test_a_day_is_typed(page):
    field = page.locator("#day")
    assert (field.get_attribute("min"), field.get_attribute("max")) == ("2017-06-30", "2028-11-30")
    field.fill("2020-12-15")
    assert page.evaluate(DAY) == "2021-06-30"  # it may be half typed
    until_day(page, "2020-12-15")
    field.fill("2020-12-16")
    field.press("Enter")
    assert page.evaluate(DAY) == "2020-12-16"
    assert page.locator("#wrong-day").inner_text() == ""


def test_a_wrong_day_is_said_and_changes_nothing(page):
    field, said = page.locator("#day"), page.locator("#wrong-day")
    field.fill("1999-12-31")
    assert said.inner_text() == ""  # it may be half typed
    field.press("Enter")
    assert said.inner_text() == "Enter a date from 30 Jun 2017 through 30 Nov 2028."
    assert field.get_attribute("aria-invalid") == "true"
    assert page.evaluate(DAY) == "2021-06-30"
    page.click("#next")
    assert (said.inner_text(), field.get_attribute("aria-invalid")) == ("", "false")
    field.fill("")
    field.blur()
    assert (said.inner_text(), field.input_value()) == ("", "2021-07-01")


def test_a_step_leads_to_rules_that_change_no_position(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-29/police").page
    ahead = changes(shipped.tables, shipped.timeline, date(2026, 11, 30), date(2028, 1, 31))
    days = [it["on_high"] for it in of_rules(ahead["events"]) if "police" in it["applies_to"]]
    page.click("#next")
    assert page.evaluate(DAY) == min(days)


def test_today(open_page, shipped):
    page = open_page(shipped.page, "#2020-01/police").page
    page.click("#today")
    assert page.evaluate("FR.view.day === FR.data.today")


def test_from_change_to_change(page):
    page.click("#next")
    assert page.evaluate(DAY) == "2021-07-01"
    assert page.evaluate("location.hash") == "#2021-07-01/anyone"
    assert page.locator("#next").is_disabled()
    page.click("#previous")
    assert page.evaluate(DAY) == "2021-06-01"
    go(page, "2017-06-30")
    assert page.locator("#previous").is_disabled()


def test_it_plays_what_changes_and_pauses(page):
    go(page, "2020-10")
    page.click("#play")
    until_day(page, "2020-11-30")
    until_day(page, "2020-12-31")
    page.click("#play")
    assert page.locator("#play").get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(450)
    assert page.evaluate(DAY) == "2020-12-31"


@pytest.mark.parametrize("day", ["2021-06", "2028-11"], ids=["as opened", "the last month"])
def test_it_plays_from_the_first_act(page, day):
    go(page, day)
    page.click("#play")
    assert page.evaluate(DAY) == page.evaluate(
        "FR.days.iso(FR.days.monthOf(FR.days.turns('anyone')[0])[1])"
    )
    assert page.evaluate(DAY) < "2018-02"


def test_it_stops_at_the_end(page):
    go(page, "2021-05")
    page.click("#play")
    until_day(page, "2021-07-31")
    assert page.locator("#play").get_attribute("aria-pressed") == "false"


def test_who_takes_another_day_stops_it(page):
    go(page, "2020-06")
    page.click("#play")
    page.locator("#month").press("ArrowLeft")
    until(page, "document.getElementById('play').getAttribute('aria-pressed') === 'false'")


def test_with_reduced_motion_it_plays_slowly(open_page, small):
    page = open_page(small.page, "#2020-06/anyone", reduced_motion="reduce").page
    begun = page.evaluate("performance.now()")
    page.click("#play")
    until(page, "FR.view.day > FR.days.number('2020-06')")
    assert page.evaluate("performance.now()") - begun > 1400


def test_a_day_after_the_last_review_says_what_is_in_it(page):
    said = page.locator("#as-decided")
    assert said.inner_text() == "Record last reviewed 22 Nov 2026."
    go(page, "2026-11-23")
    assert said.inner_text() == "As decided by 22 Nov 2026; later decisions are not included."


@pytest.mark.parametrize(
    ("day", "sure", "folded"),
    [
        pytest.param(
            "2021-07", ["1 Jul 2021 Massachusetts restriction for police began"], [], id="a day"
        ),
        pytest.param(
            "2019-06",
            ["in Jun 2019 San Francisco, California ban for police, other agencies began"],
            [],
            id="some day of the month",
        ),
        pytest.param(
            "2020-10",
            ["7 Oct 2020 Vermont moratorium for police began"],
            ["between 3 Aug and 31 Dec 2020 Portland, Maine ban for police, other agencies began"],
            id="perhaps this month",
        ),
        pytest.param(
            "2021-03", ["1 Mar 2021 Texas ban for police began (low confidence)"], [], id="doubtful"
        ),
        pytest.param(
            "2021-04",
            ["1 Apr 2021 Brussels restriction for police began"],
            [],
            id="no introduction of a bill",
        ),
        pytest.param(
            "2021-01",
            ["1 Jan 2021 Washington restriction for police, other agencies began"],
            [],
            id="no failure of a bill",
        ),
        pytest.param(
            "2018-06", ["No decision, start or end is dated to this month."], [], id="nothing"
        ),
    ],
)
def test_a_month_lists_what_surely_happened_in_it(page, day, sure, folded):
    go(page, day)
    assert listed(page) == [sure, folded]
    more = page.locator("#events details")
    assert more.is_visible() == bool(folded)
    if folded:
        assert not more.locator("li").is_visible()
        more.locator("summary").click()
        assert more.locator("summary").inner_text() == "1 more with a date known only as a range"
        assert more.locator("li").is_visible()


def test_bills_are_listed_where_they_are_asked_for(page):
    go(page, "2021-04")
    assert len(listed(page)[0]) == 1
    page.evaluate("FR.view.bills = true")
    go(page, "2021-04")
    assert "21 Apr 2021 European Union bill: restriction for police introduced" in listed(page)[0]


@pytest.mark.parametrize("width", [390, 360])
def test_on_a_phone_the_controls_are_under_the_picture_and_large(open_page, shipped, width):
    page = open_page(
        shipped.page, **{**SMALL_PHONE, "viewport": {"width": width, "height": 740}}
    ).page
    page.wait_for_selector("#chart .area")
    picture = page.locator("#chart").bounding_box()
    assert picture["width"] > width - 40
    for control in page.locator(".strip button, #day").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        assert box["y"] >= picture["y"] + picture["height"]
    page.set_viewport_size({"width": 740, "height": width})
    until(page, f"document.querySelector('#chart .grid').getBBox().width > {width}")


def test_what_is_pressed_is_seen_without_colors(open_page, small):
    page = open_page(small.page, forced_colors="active").page
    width = "it => getComputedStyle(it).borderTopWidth"
    before = page.locator("#years").evaluate(width)
    page.click("#years")
    assert page.locator("#years").evaluate(width) != before
