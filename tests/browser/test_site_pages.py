"""The site in a real Chromium: it fits, asks for nothing, is accessible and is sound HTML."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from frtracker import timeline
from frtracker.export.documents import take
from frtracker.files import write_folder
from frtracker.record import load as table
from frtracker.site.pages import site_files

pytestmark = pytest.mark.browser

SHOWN = (
    *("index", "changes", "bills", "upcoming", "vendors", "compare", "method", "downloads", "404"),
    "excluded",
    *("subjects/us", "subjects/us-ny", "subjects/us-nv", "subjects/us-va", "subjects/lt"),
    *("subjects/vendor-clearview-ai", "subjects/european-union"),
)
FOUND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 160)]);
}"""
SIZES = """() => [...new Set([...document.querySelectorAll("body *")]
  .filter((node) => node.checkVisibility() && !node.closest("svg"))
  .filter((node) => [...node.childNodes].some((it) => it.nodeType === 3 && it.data.trim()))
  .map((node) => getComputedStyle(node).fontSize))]"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site of the shipped record on a fixed day."""
    folder, tables = tmp_path_factory.mktemp("site") / "public", table.read()
    snapshot = take(tables, timeline.build(tables.policies), date(2026, 11, 22))
    write_folder(folder, {file.name: file.data for file in site_files(snapshot)})
    return folder


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_ask_for_nothing(site, chromium, width):
    trouble = []
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.on("console", lambda said: trouble.append(said.text))
    own = (site.as_uri(), "data:image/svg+xml")
    page.on("request", lambda call: call.url.startswith(own) or trouble.append(call.url))
    for name in SHOWN:
        page.goto((site / f"{name}.html").as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide at {width}"
        assert set(page.evaluate(SIZES)) <= {"12px", "14px", "16px", "18px", "22px", "28px"}, name
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    page.close()
    assert trouble == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_search_is_in_the_first_screen(site, chromium, width, height):
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto((site / "index.html").as_uri())
    for part in (page.get_by_role("searchbox"), page.get_by_role("button")):
        box = part.bounding_box()
        assert box["y"] + box["height"] < height
    assert box["y"] < page.locator(".map-of-today").bounding_box()["y"]
    page.close()


@pytest.mark.parametrize("width", [360, 740, 741, 1280])
def test_numbers_on_the_map_are_large_enough_or_left_out(site, chromium, width):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto((site / "index.html").as_uri())
    sizes = page.locator(".map-of-today text").evaluate_all(
        """all => all.filter((it) => it.checkVisibility()).map((it) =>
          parseFloat(getComputedStyle(it).fontSize) * it.getScreenCTM().a)"""
    )
    assert bool(sizes) == (width > 740)
    assert min(sizes, default=9) >= 9
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "name", ["index", "subjects/us-ma", "subjects/us-nv", "changes", "method", "compare"]
)
def test_axe_finds_nothing(site, chromium, axe, name, width, scheme):
    size = {"width": width, "height": 800}
    page = chromium.new_page(viewport=size, color_scheme=scheme, bypass_csp=True)
    page.goto((site / f"{name}.html").as_uri())
    page.add_script_tag(content=axe)
    assert page.evaluate(FOUND) == []
    page.close()


def test_a_check_box_shows_a_rule_and_another_a_group_of_questions(site, chromium):
    page = chromium.new_page()
    page.goto((site / "compare.html").as_uri())
    shown, asked = page.locator("thead th:visible"), page.locator("tbody th.title:visible")
    assert shown.count() == 4
    box = page.get_by_role("checkbox", name="Somerville, MA")
    box.check()
    assert "Somerville, MA" in shown.all_inner_texts()
    assert page.locator("td:visible", has_text="9-25(c)(2)").count() == 1
    box.uncheck()
    assert shown.count() == 4
    page.get_by_text("Questions").first.click()
    page.get_by_role("checkbox", name="How it is enforced").uncheck()
    assert "How it is enforced" not in asked.all_inner_texts()
    assert len(asked.all_inner_texts()) == 5
    page.close()


def test_the_search_field_leads_to_the_map(site, chromium):
    page = chromium.new_page()
    page.goto((site / "index.html").as_uri())
    page.get_by_role("searchbox").fill("Boston, MA")
    page.keyboard.press("Enter")
    page.wait_for_url("**/map.html?find=Boston%2C+MA*")
    page.close()


def test_what_is_chosen_is_seen_in_forced_colors(site, chromium):
    page = chromium.new_page(forced_colors="active")
    page.goto((site / "index.html").as_uri())
    current = page.locator("[aria-current]")
    assert current.evaluate("node => getComputedStyle(node).borderBottomStyle") == "solid"
    page.close()


def test_every_page_is_valid_html(site, tools, tmp_path):
    """Off are the case of the doctype, which HTML leaves open, and hashes of files that the site
    itself carries; a list of what a search field offers is no native select."""
    home = Path(__file__).parent
    words = [tools / ".bin" / "html-validate", "--config", home / ".htmlvalidate.json"]
    report = tmp_path / "report.json"
    with report.open("w") as text:  # a pipe loses what comes after 64 KB
        done = subprocess.run(
            [*words, "--formatter", "json", site / "**" / "*.html"],
            check=False, stdout=text, timeout=240,
        )  # fmt: skip
    faults = [
        f"{Path(file['filePath']).name}:{it['line']} {it['ruleId']}: {it['message']}"
        for file in json.loads(report.read_text())
        for it in file["messages"]
    ]
    assert (faults, done.returncode) == ([], 0)
