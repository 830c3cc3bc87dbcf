"""How soon the map page is ready, and how long a step of its strip of time takes, in headless
Chromium.

    python benchmarks/page.py [--others]

Measured: the page of the shipped record, and one of 5,000 synthetic subjects. ``--others`` adds
pages of the same shapes and colours by plotly and geopandas.explore where these are installed
(``pip install plotly mapclassify matplotlib``, in an environment of their own).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import platform
import random
import shutil
import statistics
import tempfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from frtracker import outlines as boundaries
from frtracker import page as webmap
from frtracker import timeline
from frtracker.answers import status as report
from frtracker.places.gazetteer import us_places
from frtracker.record import load as table
from frtracker.record.tables import slug
from frtracker.vocabulary import MEASURES

ROUNDS = 5
PLACE_COLUMNS = "subject,subject_type,country,region,within,geoid,latitude,longitude,aliases"
MOVES = """() => {
  const { go } = FR.app;
  const months = [FR.days.monthOf(FR.data.first)[1]];
  while (months.at(-1) < FR.data.last) months.push(FR.days.monthOf(months.at(-1) + 1)[1]);
  const timed = (end) => {
    const began = performance.now();
    go(end);
    void document.body.offsetHeight;
    return performance.now() - began;
  };
  const jumps = [timed(months[0]), timed(months.at(-1)), timed(months[0])];
  return [months.map(timed), jumps];
}"""
"""Every step of the strip from the first month to the last, and jumps from end to end."""
READY = "() => performance.getEntriesByName('frtracker-ready')[0].startTime"
LOADED = "() => performance.timing.loadEventEnd - performance.timing.navigationStart"


def synthetic(folder: Path, count: int, columns: list[str]) -> Any:
    """A record of ``count`` cities, each with one act of 2019 to 2025."""
    chance = random.Random(4)
    places = list(us_places())
    chance.shuffle(places)
    measures = ["ban", "moratorium", "restriction", "oversight"]
    rows, subjects, seen = [], [], set()
    for place in places:
        if len(rows) == count or (place.region, slug(place.name)) in seen:
            continue
        seen.add((place.region, slug(place.name)))
        begins = date(2019, 1, 1).toordinal() + chance.randrange(2500)
        measure = chance.choice(measures)
        row = dict.fromkeys(columns, "")
        row.update(
            policy_id=f"synthetic-{len(rows)}",
            subject=place.name,
            subject_type="city",
            country="US",
            region=place.region,
            measure=measure,
            uses=chance.choice(["any", "any", "live", "drone"]),
            applies_to=chance.choice(["police", "police;government", "private"]),
            reach="all",
            status="adopted",
            decided_on=date.fromordinal(begins).isoformat(),
            effective_on=date.fromordinal(begins).isoformat(),
            expires_on=date.fromordinal(begins + 900).isoformat()
            if measure == "moratorium"
            else "",
            summary="A synthetic rule.",
            source_url=f"https://example.org/{len(rows)}",
            confidence="high",
            reviewed_on="2026-11-22",
        )
        rows.append(row)
        subjects.append(
            [place.name, "city", "US", place.region, "", "", place.latitude, place.longitude, ""]
        )
    with (folder / "policies.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with (folder / "subjects.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PLACE_COLUMNS.split(","))
        writer.writerows(subjects)
    found = table.check([folder / "policies.csv", folder / "subjects.csv"])
    if found.tables is None:
        raise SystemExit(f"the synthetic record has errors: {found.errors[:3]}")
    return found.tables


def pages(folder: Path) -> dict[str, Path]:
    made = {}
    shipped = table.read(None)
    columns = list(shipped.policies.columns)
    many = synthetic(folder, 5000, columns[: columns.index("notes") + 1])
    for name, tables in (
        ("frtracker, shipped record", shipped),
        ("frtracker, 5,000 subjects", many),
    ):
        path = folder / f"page{len(made)}.html"
        when = timeline.build(tables.policies)
        path.write_text(webmap.render(tables, when, date(2026, 11, 22)), encoding="utf-8")
        made[name] = path
    return made


def other_pages(folder: Path) -> dict[str, Path]:
    """The states and countries of one day, coloured alike, as the other libraries draw them."""
    tables = table.read(None)
    when = timeline.build(tables.policies)
    everything = report.Filters(everything=True)
    listed = report.status(tables, when, date(2026, 11, 22), filters=everything)["subjects"]
    measures = {entry["subject_key"].upper(): entry["measure"] for entry in listed}
    import pandas as pd

    shapes = pd.concat([boundaries.load("countries"), boundaries.load("states")], ignore_index=True)
    shapes = shapes.assign(measure=[measures.get(code, "no act") for code in shapes["code"]])
    made = {}
    if find_spec("plotly"):
        import plotly.express as px

        colours = {code: term.colour for code, term in MEASURES.items()}
        figure = px.choropleth(
            shapes, geojson=shapes.set_index("code").geometry.__geo_interface__,
            locations="code", color="measure", color_discrete_map=colours, hover_name="name",
        )  # fmt: skip
        made["plotly, one day"] = folder / "plotly.html"
        figure.write_html(made["plotly, one day"], include_plotlyjs=True)
    else:
        click.echo("plotly is not installed: left out")
    if find_spec("mapclassify") and find_spec("matplotlib"):
        made["geopandas.explore, one day"] = folder / "explore.html"
        view = shapes.explore(column="measure", categorical=True, tiles=None)
        view.save(made["geopandas.explore, one day"])
    else:
        click.echo("mapclassify is not installed: geopandas.explore is left out")
    return made


def measure(browser: Any, name: str, path: Path) -> str:
    ready: list[float] = []
    steps: list[float] = []
    jumps: list[float] = []
    own = name.startswith("frtracker")
    for _ in range(ROUNDS):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_timeout(300)
        ready.append(page.evaluate(READY if own else LOADED))
        if own:
            for total, part in zip((steps, jumps), page.evaluate(MOVES), strict=True):
                total += part
        page.close()
    content = path.read_bytes()
    cells = [
        name,
        f"{len(content) / 1000:,.0f}",
        f"{len(gzip.compress(content, 9, mtime=0)) / 1000:,.0f}",
        f"{statistics.median(ready):,.0f}",
        *(moves(steps, jumps) if own else ("no slider", "")),
    ]
    return f"| {' | '.join(cells)} |"


def moves(steps: list[float], jumps: list[float]) -> list[str]:
    ordered = sorted(steps)
    tail = ordered[int(len(ordered) * 0.99)]
    return [
        f"{statistics.median(steps):.0f} ({tail:.0f}, {ordered[-1]:.0f})",
        f"{statistics.median(jumps):.0f} ({max(jumps):.0f})",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--others", action="store_true", help="plotly and geopandas.explore too")
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("FRTRACKER_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        made = pages(folder) | (other_pages(folder) if asked.others else {})
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        click.echo(f"Chromium {browser.version}, {os.cpu_count()} cores, {platform.machine()}")
        click.echo(
            "| page | KB | KB gzipped | ready, ms | step, ms (99th of 100, longest) "
            "| end to end, ms (longest) |"
        )
        click.echo("| --- | ---: | ---: | ---: | ---: | ---: |")
        for title, path in made.items():
            click.echo(measure(browser, title, path))
        browser.close()


if __name__ == "__main__":
    main()
