"""What axe-core finds wrong on the page, in both themes and with everything open."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FOUND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious(open_page, shipped, axe, scheme, width):
    size = {"width": width, "height": 800}
    page = open_page(
        shipped.page, "#2021-06/anyone/us-wa-seattle", bypass_csp=True, color_scheme=scheme,
        viewport=size,
    ).page  # fmt: skip
    page.click("#table summary")
    page.locator("#table tbody tr").first.wait_for()
    page.add_script_tag(content=axe)
    assert page.evaluate(FOUND) == []
    page.get_by_role("combobox").fill("Port")
    page.locator('[data-category="ban general"]').click()
    assert page.evaluate(FOUND) == []
