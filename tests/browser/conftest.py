"""The page in a real Chromium: from disk, with the network off."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import records
from frtracker import page as webmap
from frtracker import timeline
from frtracker.answers import status as report
from frtracker.record import load as table
from frtracker.record.columns import TABLES
from frtracker.vocabulary import ACTORS

RECORD = records.folder("map")


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of the checkers that package-lock.json names, fetched where one is missing."""
    home = Path(__file__).parent
    folder = home / "node_modules"
    names = json.loads((home / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    if not all((folder / name).exists() for name in names):
        fetch = ["npm", "ci", "--prefix", str(home), "--no-audit", "--no-fund"]
        subprocess.run(fetch, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="session")
def axe(tools: Path) -> str:
    """The accessibility checker's script."""
    return (tools / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Opened:
    """A page, and everything on it that must not happen."""

    page: Any
    trouble: list[str] = field(default_factory=list)


Opener = Callable[..., Opened]


def is_own(url: str, own: str) -> bool:
    """The file itself, or what its own script made for a download."""
    return url.partition("#")[0].partition("?")[0] == own or url.startswith("blob:")


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Opener]:
    """Opens a file with the network off; at the end nothing may have gone wrong on the page.

    Trouble is any request but for the file itself, any error or warning on the console (a breach
    of the Content-Security-Policy is one), and any error that no script caught.
    """
    opened: list[Opened] = []
    contexts = []

    def open_file(path: Path, address: str = "", **options: Any) -> Opened:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_offline(True)
        contexts.append(context)
        it = Opened(context.new_page())
        own = path.as_uri()
        it.page.on("request", lambda call: is_own(call.url, own) or it.trouble.append(call.url))
        it.page.on("console", lambda said: it.trouble.append(f"{said.type}: {said.text}"))
        it.page.on("pageerror", lambda error: it.trouble.append(str(error)))
        it.page.on("dialog", lambda box: (it.trouble.append("a dialog"), box.dismiss()))
        it.page.goto(own + address)
        opened.append(it)
        return it

    yield open_file
    for context in contexts:
        context.close()
    assert [each.trouble for each in opened if each.trouble] == []


@dataclass(frozen=True)
class Record:
    """A record, its timeline, and its page."""

    tables: Any
    timeline: timeline.Timeline
    page: Path

    def status(self, day: date, *, actor: str = "", everything: bool = True) -> report.Document:
        actors = (actor,) if actor else tuple(ACTORS)
        filters = report.Filters(everything=everything, for_actors=actors)
        return report.status(self.tables, self.timeline, day, filters=filters)


@pytest.fixture(scope="session")
def tables() -> Any:
    found = table.check([RECORD / f"{name}.csv" for name in TABLES])
    assert found.tables is not None, found.errors
    return found.tables


@pytest.fixture(scope="session")
def small(tables: Any, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record of the tests, opening at the end of June 2021."""
    return recorded(tables, date(2021, 6, 30), "2021-06", tmp_path_factory.mktemp("map"))


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The shipped record, opening on the day of its last review."""
    whole = table.read(None)
    day = date.fromisoformat(whole.edition.reviewed_through)
    return recorded(whole, day, day.isoformat(), tmp_path_factory.mktemp("shipped"))


def recorded(tables: Any, day: date, given: str, folder: Path) -> Record:
    when = timeline.build(tables.policies)
    path = folder / "map.html"
    path.write_text(webmap.render(tables, when, day, as_of_given=given), encoding="utf-8")
    return Record(tables, when, path)


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The synthetic record of the benchmark, with more circles than fit side by side."""
    path = Path(__file__).parents[2] / "benchmarks" / "page.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_the_page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    columns = TABLES["policies"].names
    return module.synthetic(tmp_path_factory.mktemp("many"), 1000, list(columns))


@pytest.fixture(scope="session")
def map_file(small: Record) -> Path:
    return small.page
