"""What every test shares."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from frtracker.record import load, read
from frtracker.record.read import Files, TextTable

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # what a shell runs in the background ignores Ctrl-C, and so would all that the tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)


settings.register_profile("usual", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=1250, deadline=None, derandomize=True)
settings.load_profile("usual")


@pytest.fixture(scope="session", autouse=True)
def each_record_is_read_once() -> Iterator[None]:
    """Most tests ask something of one of a few records, and nine tenths of an answer are reading
    and judging it: each process does that once for the same bytes."""
    as_read, as_judged = read.read_bytes, load._judged
    texts: dict[tuple[Any, ...], TextTable] = {}
    reports: dict[tuple[Any, ...], load.Report] = {}

    def read_once(name: str, raw: bytes, path: Path, label: str) -> TextTable:
        key = (name, sha256(raw).digest(), path, label)
        if key not in texts:
            _forget(texts)
            texts[key] = as_read(name, raw, path, label)
        return texts[key]

    def judged_once(files: Files, **asked: Any) -> load.Report:
        key = tuple(
            (it.name, it.path, it.label, sha256(it.raw).digest(), *map(str, it.findings))
            for it in files.texts.values()
        )
        key = (key, files.present, files.borrowed, files.shipped, *asked.items())
        if key not in reports:
            _forget(reports)
            reports[key] = as_judged(files, **asked)
        return reports[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "read_bytes", read_once)
        patch.setattr(load, "_judged", judged_once)
        yield


def _forget(known: dict[Any, Any]) -> None:
    if len(known) == 100:
        known.clear()


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
