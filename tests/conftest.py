"""What every test shares."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from frtracker.record import load
from frtracker.record.read import Files

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


@pytest.fixture(scope="session", autouse=True)
def each_record_is_judged_once() -> Iterator[None]:
    """Most tests ask something of one of a few records, and four fifths of an answer are its
    checks: the same files are judged once in each process."""
    judged, known = load._judged, {}

    def judged_once(files: Files, **asked: Any) -> load.Report:
        key = tuple(
            (it.name, it.path, it.label, sha256(it.raw).digest(), *map(str, it.findings))
            for it in files.texts.values()
        )
        key = (key, files.present, files.borrowed, files.shipped, *asked.items())
        if key not in known:
            if len(known) == 50:
                known.clear()
            known[key] = judged(files, **asked)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "_judged", judged_once)
        yield


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
