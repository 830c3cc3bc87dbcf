"""Take the pictures of the map page in ``docs/screens/``, as a reader sees it in Chromium.

    python scripts/make_screens.py

They show ``maps/frtracker.html`` as it opens. Fonts are those of the machine, so no check compares
them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PHONE: Final = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SCREENS: Final[dict[str, tuple[str, tuple[int, int], dict[str, Any]]]] = {
    "1440": ("", (1440, 900), {}),
    "1440-panel": ("/us-va", (1440, 900), {}),
    "1440-dark": ("", (1440, 900), {"color_scheme": "dark"}),
    "1440-europe": ("//europe", (1440, 900), {}),
    "1024": ("", (1024, 768), {}),
    "390": ("", (390, 844), PHONE),
    "390-panel": ("/us-fl", (390, 844), PHONE),
}
"""By name: what follows day and actor in the address, the window, and how the browser is set."""


def main() -> None:
    from playwright.sync_api import sync_playwright

    target = ROOT / "docs" / "screens"
    target.mkdir(exist_ok=True)
    page_file = (ROOT / "maps" / "frtracker.html").as_uri()
    chromium = os.environ.get("FRTRACKER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (rest, (width, height), options) in SCREENS.items():
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            page = context.new_page()
            page.goto(page_file)
            day, actor = page.evaluate("[FR.days.iso(FR.view.day), FR.view.actor]")
            page.goto(f"{page_file}#{day}/{actor}{rest}")
            page.reload()
            page.wait_for_timeout(500)
            page.screenshot(path=target / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
