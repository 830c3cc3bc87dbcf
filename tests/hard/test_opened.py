"""What people open of a record that is hostile in every text, in a real Chromium with the network
off: nothing acts, and the words are shown as they are recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import inputs
import pytest
from hostile import TEXTS, cells_of
from markdown_it import MarkdownIt

import frtracker as fr
from frtracker.vocabulary import SUBJECT_TYPES

pytestmark = pytest.mark.browser

Opener = Callable[[Path], Any]
DAY = "2026-11-30"


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
        if not url.startswith(("file:", "data:", "blob:", "about:srcdoc")) or "/etc/" in url:
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


LOOK = """() => {
  const all = [...document.querySelectorAll('*')];
  const links = ['href', 'src', 'action', 'data', 'srcset', 'formaction', 'xlink:href'];
  const texts = document.createTreeWalker(document.body ?? document.documentElement, 4);
  let words = '';
  while (texts.nextNode()) {
    const { parentElement, data } = texts.currentNode;
    if (!parentElement.closest('script, style, template, noscript')) words += data;
  }
  return {
    links: all.flatMap((it) => links.filter((name) => it.hasAttribute(name))
      .map((name) => it.getAttribute(name))),
    acting: all.flatMap((it) => it.getAttributeNames().filter((name) => name.startsWith('on'))
      .map((name) => it.localName + name)).concat(window.ran ?? []),
    words,
  };
}"""
"""Of a page where its links lead, what of it acts, and its words."""
ACTIVE = (
    "script:not([type='application/ld+json']),iframe,img,object,embed,base,"
    "form:not([action='map.html'][method='get'])"
)
"""What no page of the site has but data that describe it, and the search that leads to the map."""


UNSHOWN = [
    "subjects.aliases", "searches.finding", "coverage.lists", "coverage.note",
    "provisions.locator", "provisions.note", "accepted.reason",
]  # fmt: skip
"""What is not shown, but for some: aliases by answers and pages, what a search found by the map and
pages, what the texts say by `compare` and, of rules in force, pages. The last belongs to the
checks."""


def is_harmless(link: str) -> bool:
    """On the web, where no text of a cell leads, in the site, or a picture of our own."""
    return bool(
        re.match(r"https?://(?!evil\.)[a-z0-9.-]+(/|$)", link)
        or re.fullmatch(r"webcal://[^\s]*|data:(,|image/|font/)[^\s]*", link)
        or re.fullmatch(r"\??[#./a-zA-Z0-9_-]*(#[a-zA-Z0-9_-]*)?", link)
    )


def inert(page: Any) -> str:
    """The words of a page, or frame, of which nothing acts."""
    found = page.evaluate(LOOK)
    assert [link for link in found["links"] if not is_harmless(link)] == [], page.url
    assert found["acting"] == [], page.url
    return str(found["words"])


def plain(text: str) -> str:
    """Lists are shown without what parts their words, lines as blanks or lines."""
    return re.sub(r"[\s;]", "", text)


def missing(
    everywhere: Path, words: str, enough: Callable[[Iterable[bool]], bool] = all
) -> list[str]:
    """The columns of which not all cells, or not any, have their words among these."""
    shown, found = plain(words), []
    for table, column in TEXTS:
        cells = cells_of(everywhere.parent, table, column)
        assert cells, column.name
        if not enough(plain(it) in shown for it in cells):
            found.append(f"{table}.{column.name}")
    return found


def test_no_page_of_a_site_acts_and_all_show_the_words(
    everywhere: Path, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frtracker.cli.publish.find_spec", lambda _: None)  # no pictures
    site = tmp_path / "site"
    words = ("site", str(site), "--as-of", DAY, "--policies", str(everywhere))
    result = inputs.run(*words, "--url", "https://example.org/x/")
    assert result.exit_code == 0, result.output
    texts = {file: file.read_text("utf-8") for file in sorted(site.rglob("*.html"))}
    # no other page has a word of a cell, but those that send on at once
    files = [it for it, text in texts.items() if "alert(1)" in text and "refresh" not in text]
    shown = ""
    for file in files:
        page = opened(file)
        shown += inert(page)
        if file.name != "map.html":
            assert page.locator(ACTIVE).count() == 0, file
    assert missing(everywhere, shown) == [it for it in UNSHOWN[2:] if it != "provisions.locator"]


def test_a_map_in_a_notebook_acts_on_nobody_s_behalf(
    everywhere: Path, opened: Opener, tmp_path: Path
) -> None:
    tables = fr.load(everywhere)
    drawn = fr.map(tables, DAY)._repr_html_()
    frame = fr.status(tables, DAY)._repr_html_()
    options = {"kind": "spells", "subject_type": "vendor", "format": "svg"}
    svg = fr.chart(tables, "2019", DAY, **options)._repr_svg_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{drawn}{frame}{svg}", "utf-8")
    notebook = opened(path)
    inert(notebook)
    page = notebook.frames[1]
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.click("#table summary")
    page.locator("#table tbody tr").first.wait_for()
    scripts, shown = page.locator("script").count(), ""
    marked = page.locator("[data-key]").evaluate_all("all => all.map(it => it.dataset.key)")
    for key in sorted(set(marked)):
        page.evaluate("key => FR.app.select(key)", key)
        shown += inert(page)
    assert page.locator("img,iframe,object,embed,form").count() == 0
    assert page.locator("script").count() == scripts
    assert missing(everywhere, shown) == [it for it in UNSHOWN if it != "searches.finding"]
    field = page.get_by_role("combobox")
    for typed in ("Oakland ${a", "subjects al"):
        field.fill("")
        field.type(typed)
        assert page.locator("[role=option]").count()
        assert page.locator("[role=option] *:not(span):not(small):not(b)").count() == 0


def test_what_would_act_is_seen(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "acts.html"
    path.write_text(
        "<!doctype html><body onload='1'><a href='javascript:1'>x</a><script>ran=1</script>",
        "utf-8",
    )
    found = opened(path).evaluate(LOOK)
    assert (found["acting"], found["words"]) == (["bodyonload", 1], "x")
    assert [link for link in found["links"] if not is_harmless(link)] == ["javascript:1"]


@pytest.mark.parametrize("kind", ["spells", "counts"])
def test_a_figure_s_page_acts_not(
    kind: str, everywhere: Path, opened: Opener, tmp_path: Path
) -> None:
    target = tmp_path / "figure.html"
    types = (it for name in SUBJECT_TYPES for it in ("--type", name))
    words = ("timeline", "--kind", kind, *types, "--policies", str(everywhere))
    assert inputs.run(*words, "-o", str(target)).exit_code == 0
    page = opened(target)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'none';")
    shown = inert(page)
    assert page.locator("script,iframe,img,object,embed,form,a").count() == 0
    if kind == "spells":
        names = {it for it in cells_of(everywhere.parent, *TEXTS[0]) if plain(it) in plain(shown)}
        assert len(names) == 5  # the bill of Massachusetts never was a rule


ANSWERS = [
    ("status", "--all", "--as-of", "2021"),
    ("show", "subjects aliases 3 again"),
    ("explain", "subjects aliases 3 again"),
    ("changes", "--since", "2019", "--until", "2026-11-30"),
    ("upcoming", "--as-of", "2021"),
    ("search", "policies"),
    ("compare", "us-ca-oakland-2019", "vendor-example-2020"),
    ("stale", "--as-of", "2028"),
]


def test_answers_in_markdown_are_rendered_as_words(
    everywhere: Path, opened: Opener, tmp_path: Path
) -> None:
    """By a renderer that lets HTML through and makes links of addresses."""
    write = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parts = []
    for words in ANSWERS:
        result = inputs.run(*words, "-f", "markdown", "--policies", str(everywhere))
        assert result.exit_code == 0, result.output
        parts.append(write.render(result.stdout))
    path = tmp_path / "answers.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{''.join(parts)}", "utf-8")
    shown = inert(opened(path)).replace(r"\U000e0041\U000e007f", "\U000e0041\U000e007f")
    unshown = [it for it in UNSHOWN[1:] if not it.startswith("provisions.")]
    assert missing(everywhere, shown, any) == unshown
