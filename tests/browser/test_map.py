"""What a reader sees and can do."""

from __future__ import annotations

import csv
import dataclasses
import io
from datetime import date

import folium
import pytest

import frtracker as fr
from frtracker import page as webmap
from frtracker import timeline
from frtracker.vocabulary import ACTORS

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def page(open_page, map_file):
    return open_page(map_file).page


def place(page, key):
    return page.locator(f'path[data-key="{key}"]')


def classes(page, key):
    return {name for name in place(page, key).get_attribute("class").split() if name[:3] == "is-"}


def panel(page):
    return page.locator("#panel")


def until(page, truth):
    """Waits for something that must become true; the page's policy forbids Playwright's own way."""
    for _ in range(100):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    raise AssertionError(truth)


def table_rows(page):
    """The rows of the opened table: the page fills it when the browser tells that it is open."""
    page.click("#table summary")
    rows = page.locator("#table tbody tr")
    rows.first.wait_for()
    return rows


def go(page, day, actor="anyone"):
    page.evaluate("([day, actor]) => FR.app.go(FR.days.number(day), actor)", [day, actor])


def test_states_circles_and_legend_are_drawn(page):
    assert page.locator("path.states").count() == 56
    assert page.locator("path.countries").count() == 230
    assert page.locator("path.counties").count() == 1
    assert page.locator("path.point").count() == 5
    labels = page.locator("#legend .pair button:first-child .label").all_inner_texts()
    assert labels == ["ban", "moratorium", "withdrawal", "restriction", "oversight"]
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
    empty = page.locator("path.states.is-unsearched").first.evaluate(fill)
    searched = page.locator("path.states.is-searched").evaluate_all("all => all.length")
    assert searched == 1
    assert len({place(page, "us-ma").evaluate(fill), empty, 'url("#searched")'}) == 3
    assert "url" in place(page, "us-or").evaluate(fill)


def test_fills_are_the_vocabularys_colours(page):
    from frtracker.vocabulary import MEASURES

    colour = MEASURES["restriction"].colour
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    found = place(page, "us-wa").evaluate("node => getComputedStyle(node).fill")
    assert found == f"rgb({red}, {green}, {blue})"


def test_the_legend_counts_what_the_status_counts(page, small):
    groups = [small.status(date(2021, 6, 30))["counts"][name] for name in ("places", "agencies")]
    counted = {
        button.get_attribute("data-category"): int(button.locator(".count").inner_text())
        for button in page.locator("#legend li button").all()
    }
    for scope in ("general", "narrow"):
        for measure in groups[0][scope]:
            total = sum(group[scope][measure] for group in groups)
            assert counted[f"{measure} {scope}"] == total
    for name in ("none", "uncertain"):
        assert counted[name] == sum(group[name] for group in groups)
    assert (counted["scheduled"], counted["searched"]) == (1, 2)


def test_letters_and_marks(page):
    assert page.locator(".map-mark .scheduled").count() == 1
    assert page.locator(".map-mark .mark.uncertain").count() == 1
    letters = page.locator(".glyph.on-point .letter").all_inner_texts()
    assert set(letters) == {"B", "O", "M"} or set(letters) <= set("BMWRO?")


def test_under_anyone_the_map_says_whom_a_rule_binds_if_not_the_police(shipped, open_page):
    page = open_page(shipped.page, "#2026-11/anyone").page
    said = page.locator('[data-of="us-fl"] .whom')
    assert said.is_visible()
    assert said.inner_text() == "schools"
    assert page.locator('[data-of="us-vt"]').count() == 1
    assert page.locator('[data-of="us-vt"] .whom').count() == 0
    go(page, "2026-11", "police")
    assert page.locator(".whom").count() == 0
    assert "is-ban" not in classes(page, "us-fl")


@pytest.mark.parametrize("actor", [*ACTORS, "anyone"])
def test_it_opens_with_the_rules_for_whom_it_was_made(open_page, tables, tmp_path, actor):
    path = tmp_path / "map.html"
    when = timeline.build(tables.policies)
    path.write_text(webmap.render(tables, when, date(2021, 6, 30), actor=actor), encoding="utf-8")
    page = open_page(path).page
    assert page.locator("#actors input:checked").get_attribute("value") == actor
    words = {**{code: it.label for code, it in ACTORS.items()}, "anyone": "anyone"}
    assert f"rules for {words[actor]}:" in page.locator("#masthead").inner_text()


def test_with_police_a_ban_on_private_users_is_not_shown(shipped, open_page):
    page = open_page(shipped.page, "#2021-10/police").page
    assert classes(page, "us-md-baltimore") == {"is-bare", "is-absent"}
    page.get_by_label("private", exact=True).check()
    assert "is-ban" in classes(page, "us-md-baltimore") or "is-moratorium" in classes(
        page, "us-md-baltimore"
    )
    assert page.evaluate("location.hash") == "#2021-10/private"


def test_the_slider_goes_month_by_month_and_touches_only_what_changes(page):
    slider = page.locator("#month")
    slider.focus()
    slider.press("ArrowRight")
    until(page, "FR.days.iso(FR.view.day) === '2021-07-31'")
    assert page.locator("#day").inner_text() == "31 Jul 2021"
    assert slider.get_attribute("aria-valuetext") == "31 Jul 2021"
    assert page.evaluate("location.hash") == "#2021-07/anyone"
    assert classes(page, "us-ma") == {"is-restriction"}
    assert page.evaluate("FR.view.touched") <= 5
    page.evaluate("FR.app.go(FR.view.day)")
    assert page.evaluate("FR.view.touched") == 0


def test_from_change_to_change(page):
    page.click("#next")
    assert page.evaluate("FR.days.iso(FR.view.day)") == "2021-07-01"
    assert page.evaluate("location.hash") == "#2021-07-01/anyone"
    page.click("#previous")
    before = page.evaluate("FR.days.iso(FR.view.day)")
    assert before < "2021-07-01"
    assert "Massachusetts" not in page.locator("#events").inner_text()
    go(page, "2021-07")
    assert "Massachusetts restriction for police began" in page.locator("#events").inner_text()
    assert page.locator("#events-title").inner_text() == "In July 2021"


def test_it_plays_and_pauses(page):
    go(page, "2020-06")
    page.click("#play")
    until(page, "FR.view.day > FR.days.number('2020-07')")
    page.click("#play")
    assert page.locator("#play").get_attribute("aria-pressed") == "false"
    still = page.evaluate("FR.view.day")
    page.wait_for_timeout(450)
    assert page.evaluate("FR.view.day") == still


def test_the_address_brings_back_the_view(open_page, map_file):
    page = open_page(map_file, "#2020-12-15/private/us-or-portland").page
    assert page.evaluate("FR.days.iso(FR.view.day)") == "2020-12-15"
    assert page.get_by_label("private", exact=True).is_checked()
    page.evaluate("location.hash = '#2021-03/police/us-wa'")
    until(page, "FR.view.selected === 'us-wa'")
    assert panel(page).locator("h2").inner_text() == "Washington"
    page.evaluate("location.hash = '#nonsense/nobody/nowhere'")
    until(page, "FR.view.selected === ''")
    assert page.evaluate("FR.view.actor") == "police"


def test_the_legend_filters(page):
    bans = page.locator('[data-category="ban general"]')
    bans.click()
    assert bans.get_attribute("aria-pressed") == "true"
    assert "is-muted" in classes(page, "us-wa")
    assert "is-ban" in classes(page, "us-ca-san-francisco")
    assert set(table_rows(page).locator("td:nth-child(3)").all_inner_texts()) == {"ban"}
    page.click("#all-categories")
    assert "is-muted" not in classes(page, "us-wa")


def test_search_offers_both_portlands(page):
    field = page.get_by_role("combobox")
    field.type("Portl")
    options = page.get_by_role("option")
    assert options.all_inner_texts() == ["Portland, Maine city", "Portland, Oregon city"]
    field.press("ArrowDown")
    field.press("Enter")
    assert panel(page).locator("h2").inner_text() == "Portland"
    assert "Oregon" in panel(page).locator(".kind").inner_text()
    assert page.evaluate("map_frtracker.getZoom()") >= 8
    assert page.evaluate("document.activeElement.textContent") == "Portland"


def test_search_finds_a_state_without_an_act(page):
    page.get_by_role("combobox").type("kans")
    page.get_by_role("option").first.click()
    text = panel(page).inner_text()
    for words in ("Kansas", "Searched; no act", "Nothing found in the cities"):
        assert words in text


def test_a_panel_opens_with_text_and_links(page):
    place(page, "us-ca-san-francisco").click()
    text = panel(page).inner_text()
    for words in (
        "San Francisco",
        "city · California",
        "since Jun 2019",
        "police, other agencies · any use",
        "in force",
        "decided 21 May 2019",
        "Ordinance 107-19",
        "The airport and the port",
        "Example note.",
        "no act on record",
    ):
        assert words in text
    links = panel(page).locator(".sources a")
    assert [each.get_attribute("href") for each in links.all()] == [
        "https://example.org/us-ca-san-francisco-2019",
        "https://example.net/second?a=1&b=2",
    ]
    assert {each.get_attribute("rel") for each in links.all()} == {"noopener noreferrer"}


def test_a_panel_tells_what_is_coming_and_what_failed(page):
    place(page, "us-ma").press("Enter")
    text = panel(page).inner_text()
    assert "1 Jul 2021: restriction for police" in text
    assert text.index("failed") < text.index("scheduled")


def test_a_panel_tells_what_binds_from_above(shipped, open_page):
    page = open_page(shipped.page, "#2026-11/anyone/us-wa-seattle").page
    told = panel(page).locator(".above").inner_text()
    assert "Washington" in told
    assert "King County" not in told
    page.evaluate("location.hash = '#2026-11/anyone/ES'")
    until(page, "FR.view.selected === 'ES'")
    assert "European Union" in panel(page).locator(".above").inner_text()


def test_the_union_is_outlined_and_told(shipped, open_page):
    page = open_page(shipped.page, "#2026-11/police").page
    page.click("[data-view=europe]")
    assert {"is-ban", "is-narrow"} <= classes(page, "european-union")
    place(page, "european-union").press("Enter")
    assert panel(page).locator("h2").inner_text() == "European Union"


def test_circles_do_not_lie_on_each_other(shipped, open_page):
    page = open_page(shipped.page).page
    close = """() => {
      const all = [];
      map_frtracker.eachLayer((l) => {
        if (!(l instanceof L.CircleMarker)) return;
        all.push([map_frtracker.latLngToLayerPoint(l.getLatLng()), l.getRadius()]);
      });
      let n = 0;
      all.forEach(([a, r], i) => all.slice(i + 1).forEach(([b]) => {
        if (a.distanceTo(b) < 2 * r - 2) n += 1;
      }));
      return [all.length, n];
    }"""
    count, overlapping = page.evaluate(close)
    assert count > 70
    assert overlapping == 0
    assert page.locator("path.ties").get_attribute("d").count("L") > 3


def test_very_many_circles_are_small_from_afar_and_lettered_from_near(open_page, many, tmp_path):
    path = tmp_path / "many.html"
    when = timeline.build(many.policies)
    path.write_text(webmap.render(many, when, date(2022, 6, 30)), encoding="utf-8")
    page = open_page(path).page
    held = page.evaluate("FR.view.entries.filter((entry) => entry && entry.rank).length")
    assert held > 300
    circle = page.locator('path.point:not([class*="is-absent"])').first
    assert circle.bounding_box()["width"] < 9
    assert page.locator(".on-point .letter").count() == 0
    page.evaluate("map_frtracker.setView([42.3, -71.5], 8, { animate: false })")
    lettered = page.locator(".on-point .letter").count()
    assert 0 < lettered < held
    page.evaluate("map_frtracker.panBy([-4000, 0], { animate: false })")
    assert page.locator(".on-point .letter").count() != lettered
    page.click("[data-view=us]")
    assert page.locator(".on-point .letter").count() == 0


def test_spreading_is_the_same_every_time(page):
    twice = "() => [0, 1].map(() => FR.spread([[0, 0], [0, 0], [1, 0], [50, 50]], 10))"
    first, second = page.evaluate(twice)
    assert first == second
    assert first[3] == [50, 50]
    spots = [complex(*spot) for spot in first]
    assert all(abs(a - b) >= 9.9 for i, a in enumerate(spots) for b in spots[i + 1 :])


def test_the_country_tells_of_its_agencies(page):
    page.locator('#elsewhere .opener[data-key="us"]').click()
    assert "Federal Example Service" in panel(page).inner_text()


def test_the_keyboard_opens_and_closes(page):
    target = place(page, "us-wa")
    assert (
        target.get_attribute("aria-label") == "Washington: restriction for police, other agencies"
    )
    target.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Washington"
    page.keyboard.press("Escape")
    assert not panel(page).is_visible()
    assert page.evaluate("document.activeElement.dataset.key") == "us-wa"


def test_vendors_and_companies_follow_the_day(page):
    vendors = page.locator("#vendors li").all_inner_texts()
    assert "Amazon moratorium" in vendors[0]
    assert "for police · adopted 10 Jun 2020" in vendors[0]
    assert "Clearview AI no rule in force" in vendors[1]
    assert "withdrawal in Canada only" in vendors[1]
    assert "Example Stores" in page.locator("#companies").inner_text()
    page.locator("#vendors .opener").first.click()
    opened = panel(page).inner_text()
    assert "until further notice" in opened
    assert opened.count("On Amazon") == 2
    go(page, "2020-01")
    assert "Amazon" not in page.locator("#vendors").inner_text()


def test_who_has_no_place_on_the_map_is_listed(page):
    listed = page.locator("#elsewhere b").all_inner_texts()
    assert sorted(listed) == ["Brussels", "Federal Example Service, United States", "United States"]


def test_the_table_sorts(page):
    rows = table_rows(page)
    assert rows.count() == len(page.evaluate("FR.view.entries.filter(Boolean)"))
    page.locator("#table thead button", has_text="subject").click()
    names = page.locator("#table tbody th").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    heading = page.locator("#table th[aria-sort]")
    assert heading.get_attribute("aria-sort") == "ascending"
    page.locator("#table thead button", has_text="subject").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert page.locator("#table tbody th").all_inner_texts() == names[::-1]
    page.locator("#table thead button", has_text="since").click()
    assert page.evaluate("document.activeElement.textContent") == "since"


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


def test_the_live_region_tells_the_day(page):
    go(page, "2021-07")
    until(page, "document.getElementById('live').textContent.startsWith('31 Jul 2021')")
    said = page.locator("#live").inner_text()
    assert said.startswith("31 Jul 2021, places and agencies, rules for anyone: 4 ban")
    assert said.endswith("1 event in July 2021")


def test_every_control_is_reached_by_the_keyboard(page):
    reached = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.name"))
    assert {"play", "previous", "month", "next", "actor", "search"} <= reached


def test_the_keyboard_can_leave_the_map_out(page):
    page.focus("#search")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip the map")
    assert page.evaluate("document.activeElement.textContent") == "Skip the map"
    assert skip.bounding_box()["width"] > 60
    before = page.url
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.category") == "ban general"
    assert page.url == before


def test_in_print_there_is_a_map_a_legend_and_a_table(page):
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#table tbody tr").count() > 10
    for selector in (".stage", "#legend", "#table table"):
        assert page.locator(selector).is_visible()
    for selector in (".controls", ".views", "#vendors"):
        assert not page.locator(selector).is_visible()


def test_what_is_in_sight_stays_so_on_paper_and_after_it(page):
    seen = "[map_frtracker.getBounds().toBBoxString(), map_frtracker.getZoom()]"
    inside = "box => map_frtracker.getBounds().contains(L.latLngBounds(box))"
    page.evaluate("map_frtracker.setView([38, -97], 4.5, { animate: false })")
    before = page.evaluate(seen)
    west, south, east, north = map(float, before[0].split(","))
    page.emulate_media(media="print")
    until(page, "matchMedia('print').matches && map_frtracker.getZoom() < 4.5")
    assert page.evaluate(inside, [[south, west], [north, east]])
    page.emulate_media(media="screen")
    until(page, "map_frtracker.getZoom() === 4.5")
    assert page.evaluate(seen) == before


def test_with_reduced_motion_it_plays_slowly(open_page, map_file):
    page = open_page(map_file, "#2020-06/anyone", reduced_motion="reduce").page
    begun = page.evaluate("performance.now()")
    page.click("#play")
    until(page, "FR.view.day > FR.days.number('2020-06')")
    assert page.evaluate("performance.now()") - begun > 1400


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
    place(page, "us-wa").hover(force=True)
    assert table_rows(page).locator("a").count() == 0
    for key in ("us-ca-san-francisco", "us-wa", "us", "vendor-amazon"):
        page.evaluate("key => FR.app.select(key)", key)
        assert text in panel(page).inner_text()
        assert panel(page).locator("a").count() == 0
    page.get_by_role("combobox").type("</scr")
    assert text in page.get_by_role("option").first.inner_text()
    assert page.locator("img").count() == 0


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="desktop"),
        pytest.param(PHONE, id="phone"),
        pytest.param({"viewport": {"width": 768, "height": 1024}}, id="tablet"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
    ],
)
def test_nothing_sticks_out(open_page, shipped, options):
    page = open_page(shipped.page, "#2026-11/anyone/us-va", **options).page
    width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(width)
    table_rows(page)
    assert page.evaluate(width)
    page.evaluate("FR.app.select('european-union')")
    assert page.evaluate(width)
    for selector in ("#actors", ".time", "#search", "#panel"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_dark_is_dark(open_page, map_file):
    shade = "getComputedStyle(document.body).backgroundColor"
    light = open_page(map_file, color_scheme="light").page.evaluate(shade)
    assert open_page(map_file, color_scheme="dark").page.evaluate(shade) != light


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
    page.locator('path[data-key="us-wa"]').press("Enter")
    assert page.locator("#panel h2").inner_text() == "Washington"
    page.click("#next")
    assert page.locator("#day").inner_text() == "1 Jul 2021"
    assert page.locator("path.added").count() == 1
    assert notebook.url == path.as_uri()
