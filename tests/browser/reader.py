"""What a reader of the page finds, does and waits for."""

from __future__ import annotations

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL_PHONE = {**PHONE, "viewport": {"width": 360, "height": 740}}
DAY = "FR.days.iso(FR.view.day)"
ZOOM = "FR.map.leaflet.getZoom()"
CENTER = "FR.map.leaflet.getCenter().toString()"


def place(page, key):
    """The outline of a place; one in the enlarged part has a second."""
    return page.locator(f'path.outline[data-key="{key}"]').first


def mark(page, key):
    """The mark of a place, alone or with others; one in the enlarged part has a second."""
    return page.locator(f'g.point[data-keys~="{key}"]').first


def middle(page, code):
    """Where on the screen the middle of an outline is, by its code."""
    at = """code => {
      const { at } = FR.map.drawn().outlines.find((it) => it.code === code);
      const { x, y } = FR.map.leaflet.latLngToContainerPoint(FR.position(at));
      const { left, top } = FR.map.leaflet.getContainer().getBoundingClientRect();
      return [left + x, top + y];
    }"""
    return page.evaluate(at, code)


def looks(node):
    """What the classes of an outline, or the circle of a mark, say of it."""
    names = node.get_attribute("class").split()
    return {name.removeprefix("is-") for name in names if name.startswith("is-")}


def panel(page):
    return page.locator("#panel")


def table_rows(page):
    """The rows of the opened table: the page fills it when the browser tells that it is open."""
    page.click("#table summary")
    rows = page.locator("#table tbody tr")
    rows.first.wait_for()
    return rows


def go(page, day, actor="anyone"):
    page.evaluate("([day, actor]) => FR.app.go(FR.days.number(day), actor)", [day, actor])


def select(page, key):
    page.evaluate("key => FR.app.select(key)", key)


def turn(page, sheet, above=0):
    """Shows a sheet, `above` levels nearer than the whole of it."""
    page.evaluate("sheet => FR.app.turn(sheet)", sheet)
    if above:
        set_zoom = f"n => {{ FR.map.leaflet.setZoom({ZOOM} + n, {{ animate: false }}); }}"
        page.evaluate(set_zoom, above)


def until(page, truth):
    """Waits for something that must become true; the page's policy forbids Playwright's own way."""
    for _ in range(100):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    raise AssertionError(truth)


def until_day(page, day):
    until(page, f"{DAY} === '{day}'")


def sideways(page):
    """What sticks out of the window to the side: the page itself, else what cannot be scrolled."""
    return page.evaluate(
        """() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const out = scrollWidth > clientWidth ? [`${scrollWidth} > ${clientWidth}`] : [];
          const controls = document.querySelectorAll("button, input, h1, h2, summary, #headline");
          const reached = [...controls].filter((it) => it.checkVisibility()
            && !it.closest(".scroller, .key, .stage, .unseen"));
          const beyond = ({ left, right }) => left < 0 || right > clientWidth + 1;
          return [...out, ...reached.filter((it) => beyond(it.getBoundingClientRect()))
            .map((it) => it.outerHTML.slice(0, 80))];
        }"""
    )
