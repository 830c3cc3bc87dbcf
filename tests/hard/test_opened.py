"""Every page of a hostile record, opened in a real Chromium with the network off: nothing acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import inputs
import pytest
from hostile import NAMES

pytestmark = pytest.mark.browser

Opener = Callable[[Path], Any]


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opener]:
    """Opens files one after the other; at the end nothing may have happened that should not."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    page, trouble = context.new_page(), []

    def open_file(path: Path) -> Any:
        page.goto(path.as_uri())
        return page

    def asked(url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:")) or "/etc/" in url:
            trouble.append(url)

    context.on("page", lambda other: trouble.append(f"a window: {other.url}"))
    page.on("request", lambda call: asked(call.url))
    page.on("console", lambda said: trouble.append(f"{page.url} {said.type}: {said.text}"))
    page.on("pageerror", lambda error: trouble.append(f"{page.url} {error}"))
    page.on("dialog", lambda box: (trouble.append(f"{page.url} a dialog"), box.dismiss()))
    page.on("download", lambda file: trouble.append(f"{page.url} a download"))
    yield open_file
    context.close()
    assert trouble == []


LINKS = """() => [...document.querySelectorAll('*')].flatMap(it =>
  ['href', 'src', 'action', 'data', 'srcset', 'formaction', 'xlink:href']
    .filter(name => it.hasAttribute(name))
    .map(name => [it.localName, it.getAttribute(name)]))"""
ACTING = """() => [...document.querySelectorAll('*')].flatMap(it =>
  it.getAttributeNames().filter(name => name.startsWith('on')).map(name => it.localName + name))"""


ACTIVE = (
    "script:not([type='application/ld+json']),iframe,img,object,embed,base,"
    "form:not([action='map.html'][method='get'])"
)
"""What no page of the site has but data that describe it, and the search that leads to the map."""


def is_harmless(link: str) -> bool:
    """On the web, in the site, or a picture of our own."""
    return bool(
        re.match(r"https?://(example\.org|[a-z0-9.-]+)/?", link)
        or re.fullmatch(r"webcal://[^\s]*|data:(,|image/|font/)[^\s]*", link)
        or re.fullmatch(r"\??[#./a-zA-Z0-9_-]*(#[a-zA-Z0-9_-]*)?", link)
    )


@pytest.fixture(scope="module")
def site(hostile: Path) -> Path:
    target = hostile.parent / "opened"
    words = ("site", str(target), "--as-of", "2021", "--policies", str(hostile))
    result = inputs.run(*words, "--url", "https://example.org/x/")
    assert result.exit_code == 0, result.output
    return target


def test_no_page_of_a_hostile_site_acts(site: Path, opened: Opener) -> None:
    # the page for what is not there has absolute addresses, for it is shown at any depth
    files = sorted(file for file in site.rglob("*.html") if file.name != "404.html")
    assert len(files) > 2 * len(NAMES)
    texts = ""
    for file in files:
        page = opened(file)
        links = page.evaluate(LINKS)
        assert [link for _, link in links if not is_harmless(link)] == [], file
        assert page.evaluate(ACTING) == [], file
        if file.name != "map.html":
            assert page.locator(ACTIVE).count() == 0, file
        texts += page.locator("body").text_content()
    for name in NAMES:
        assert " ".join(name.split()) in " ".join(texts.split()), name


def test_a_hostile_map_acts_on_nobody_s_behalf(hostile: Path, opened: Opener) -> None:
    target = hostile.parent / "opened-map.html"
    words = ("map", "--as-of", "2021", "-o", str(target), "--policies", str(hostile))
    assert inputs.run(*words).exit_code == 0
    page = opened(target)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.click("#table summary")
    page.locator("#table tbody tr").first.wait_for()
    marked = page.locator("[data-key]").evaluate_all("all => all.map(it => it.dataset.key)")
    keys = [key for key in sorted(set(marked)) if key.startswith(("us-ca-", "vendor-"))]
    assert len(keys) >= 2 * len(NAMES)
    scripts = page.locator("script").count()
    for key in keys:
        page.evaluate("key => FR.app.select(key)", key)
        links = page.evaluate(LINKS)
        assert [link for _, link in links if not is_harmless(link)] == [], key
    assert page.evaluate(ACTING) == []
    assert page.locator("img,iframe,object,embed,form").count() == 0
    assert page.locator("script").count() == scripts
    field = page.get_by_role("combobox")
    for name in NAMES:
        field.fill("")
        field.type(name[:12])
        assert page.locator("[role=option] *:not(span):not(small):not(b)").count() == 0


def test_what_would_act_is_seen(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "acts.html"
    path.write_text("<!doctype html><body onload='1'><a href='javascript:1'>x</a>", "utf-8")
    page = opened(path)
    assert page.evaluate(ACTING) == ["bodyonload"]
    assert [link for _, link in page.evaluate(LINKS) if not is_harmless(link)] == ["javascript:1"]


@pytest.mark.parametrize("kind", ["spells", "counts"])
def test_a_hostile_figure_s_page_acts_not(
    kind: str, hostile: Path, opened: Opener, tmp_path: Path
) -> None:
    target = tmp_path / "figure.html"
    words = ("timeline", "--kind", kind, "--type", "vendor", "-f", "html", "-o", str(target))
    assert inputs.run(*words, "--policies", str(hostile)).exit_code == 0
    page = opened(target)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'none';")
    assert page.evaluate(ACTING) == []
    assert page.locator("script,iframe,img,object,embed,form,a").count() == 0
    svg = tmp_path / "figure.svg"
    words = (*words[:-3], "svg", "-o", str(svg))
    assert inputs.run(*words, "--policies", str(hostile)).exit_code == 0
    assert opened(svg).evaluate(ACTING) == []
