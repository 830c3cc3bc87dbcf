"""The page in a real Chromium: from disk, with the network off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from frtracker import report, table, timeline, webmap

RECORD = Path(__file__).parents[1] / "fixtures" / "map"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium. Where there is none: a failure in CI, a skipped test elsewhere."""
    path = os.environ.get("FRTRACKER_CHROMIUM") or shutil.which("chromium")
    if path is None:
        missing = "no Chromium: install it or set FRTRACKER_CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page, and everything on it that must not happen."""

    page: Any
    trouble: list[str] = field(default_factory=list)


Opener = Callable[..., Opened]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Opener]:
    """Opens a file with the network off; at the end nothing may have gone wrong on the page.

    Trouble is any request but for the file itself, any error or warning on the console (a breach
    of the Content-Security-Policy is one), and any error that no script caught.
    """
    opened: list[Opened] = []
    contexts = []

    def open_file(path: Path, **options: Any) -> Opened:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_offline(True)
        contexts.append(context)
        it = Opened(context.new_page())
        own = path.as_uri()
        it.page.on("request", lambda call: None if call.url == own else it.trouble.append(call.url))
        it.page.on("console", lambda said: it.trouble.append(f"{said.type}: {said.text}"))
        it.page.on("pageerror", lambda error: it.trouble.append(str(error)))
        it.page.on("dialog", lambda box: (it.trouble.append("a dialog"), box.dismiss()))
        it.page.goto(own)
        opened.append(it)
        return it

    yield open_file
    for context in contexts:
        context.close()
    assert [each.trouble for each in opened if each.trouble] == []


@pytest.fixture(scope="session")
def tables() -> Any:
    found = table.check([RECORD / f"{name}.csv" for name in ("policies", "subjects", "sources")])
    assert found.tables is not None, found.errors
    return found.tables


@pytest.fixture(scope="session")
def document(tables: Any) -> report.Document:
    everything = report.Filters(everything=True)
    when = timeline.build(tables.policies)
    return report.status(tables, when, date(2021, 6, 30), as_of_given="2021-06", filters=everything)


@pytest.fixture(scope="session")
def map_file(
    document: report.Document, tables: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(webmap.render(document, tables), encoding="utf-8")
    return path
