"""The picture of a day: whole, sober, and the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import records
from frtracker import timeline
from frtracker.cli import main
from frtracker.record import load as table
from frtracker.record.columns import TABLES
from frtracker.vocabulary import MEASURES

pytest.importorskip("matplotlib", reason="no matplotlib: pip install '.[figures]'")

from frtracker.pictures import static_map

RECORD = records.folder("map")
DAY = date(2021, 6, 30)


@pytest.fixture(scope="module")
def tables():
    return table.check([RECORD / f"{name}.csv" for name in TABLES]).tables


@pytest.fixture(scope="module")
def when(tables):
    return timeline.build(tables.policies)


@pytest.fixture(scope="module")
def svg(tables, when):
    return static_map.picture(tables, when, DAY, format_name="svg").decode()


def test_the_same_input_gives_the_same_bytes(tables, when, svg):
    assert static_map.picture(tables, when, DAY, format_name="svg").decode() == svg


def test_it_carries_no_time_and_no_version(svg):
    assert "dc:date" not in svg
    assert not re.search(r"matplotlib[^.]*v?\d+\.\d+", svg, re.IGNORECASE)


def test_its_colours_are_the_vocabularys(svg):
    for code, term in MEASURES.items():
        assert term.colour in svg, code


def test_it_shows_the_rules_for_one_actor(tables, when, svg):
    assert "Jun 2021, rules for anyone</" in svg
    private = static_map.picture(tables, when, DAY, actor="private", format_name="svg").decode()
    assert "Jun 2021, rules for private users</" in private
    assert MEASURES["oversight"].colour in svg
    assert private != svg


def test_a_png_is_one(tables, when):
    png = static_map.picture(tables, when, DAY, area="us", format_name="png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert b"Software" not in png


def test_an_area_is_drawn_alone(tables, when, svg):
    def drawn(area):
        return static_map.picture(tables, when, DAY, area=area, format_name="svg").decode()

    us, world, europe = map(drawn, ("us", "world", "europe"))
    assert [text.count("<!-- Hawaii -->") for text in (us, world, europe, svg)] == [1, 0, 0, 1]
    assert world != europe
    assert max(map(len, (us, world))) < len(svg) < len(us) + len(world)


A_NEW_MEASURE = """
import sys
from datetime import date
from pathlib import Path
from types import MappingProxyType

from frtracker import vocabulary

term = vocabulary.Term("audit", "Use is examined by others.", "#112233", "A")
*others, none = vocabulary.MEASURES.items()
vocabulary.MEASURES = MappingProxyType(dict([*others, ("audit", term), none]))

from frtracker import look, timeline
from frtracker.pictures import Choice, render, static_map
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load
from frtracker.record.columns import TABLES

tables = load.check([Path(sys.argv[1], f"{name}.csv") for name in TABLES]).tables
audits = tables.policies["measure"].replace({"ban": "audit", "oversight": "audit"})
built = timeline.build(tables.policies.assign(measure=audits))
choice = Choice(date(2019, 1, 1), date(2021, 12, 31))
for kind in ("spells", "counts"):
    drawn = render(built, subjects_by_key(tables.subjects), choice, kind, "html")
    print(kind, "audit" in drawn, "#112233" in drawn)
svg = static_map.picture(tables, built, date(2021, 6, 30), format_name="svg").decode()
print("map", svg.count("#112233") > 2, "<!-- A -->" in svg)
css = look.style()
print("site", "--audit:#112233" in css, ".is-audit{" in css)
"""


def test_a_new_measure_is_drawn_in_every_picture():
    done = subprocess.run(
        [sys.executable, "-c", A_NEW_MEASURE, str(RECORD)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(static_map.__file__).parents[2])},
    )
    assert done.stdout.splitlines() == [
        "spells True True",
        "counts True True",
        "map True True",
        "site True True",
    ], done.stderr


def test_without_matplotlib_it_says_what_to_install(monkeypatch, tmp_path):
    for name in [name for name in sys.modules if name.startswith("frtracker.pictures")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.delattr("frtracker.pictures", raising=False)
    call = ["map", "--as-of", "2021-06", "-f", "svg", "-o", str(tmp_path / "a.svg")]
    result = CliRunner().invoke(main, [*call, "--policies", str(RECORD / "policies.csv")])
    assert result.exit_code == 1
    assert "pip install 'frtracker[figures]'" in result.output
    assert not (tmp_path / "a.svg").exists()
