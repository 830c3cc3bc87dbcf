"""What axe-core finds wrong on the page, at two widths and in both themes, with each part open."""

from __future__ import annotations

import pytest
from reader import PHONE, select

pytestmark = pytest.mark.browser

WIDE = {"viewport": {"width": 1440, "height": 900}}
FOUND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(
    ({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]);
}"""
MANY = "FR.app.choose(FR.marks.shown().find(({ numbers }) => numbers.length > 2).numbers)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_axe_finds_nothing(open_page, shipped, axe, scheme, size):
    page = open_page(
        shipped.page, "#2026-11-22/anyone", bypass_csp=True, color_scheme=scheme, **size
    ).page
    page.add_script_tag(content=axe)

    def found_with(what):
        return what, page.evaluate(FOUND)

    assert found_with("nothing open") == ("nothing open", [])
    page.evaluate(MANY)
    assert found_with("chooser") == ("chooser", [])
    for key in ("us-wa-seattle", "us-va", "US-NV"):
        select(page, key)
        page.evaluate(
            "for (const it of document.querySelectorAll('#panel details')) it.open = true"
        )
        assert found_with(key) == (key, [])
    page.keyboard.press("Escape")
    page.evaluate("FR.map.zoom('us-ma-boston')")
    page.locator('[data-category="ban"]').click()
    page.locator(".meanings summary").click()
    page.locator("#cursor").focus()
    assert found_with("map near, filter, meanings") == ("map near, filter, meanings", [])
    page.click("#table summary")
    page.locator("#table tbody tr").first.wait_for()
    page.get_by_role("combobox").fill("Port")
    assert found_with("table, results") == ("table, results", [])
    page.get_by_role("combobox").fill("xyz")
    assert found_with("no result") == ("no result", [])


def test_axe_finds_nothing_in_a_frame(open_page, shipped, axe):
    size = {"width": 700, "height": 520}
    page = open_page(shipped.page, "?embed#2026-11-22/police", bypass_csp=True, viewport=size).page
    page.add_script_tag(content=axe)
    assert page.evaluate(FOUND) == []
