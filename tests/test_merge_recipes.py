"""The recipes of docs/panel.md, run as they are printed there: the panel joined with a table of the
Census Bureau in pandas, polars and R."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from frtracker.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "panel.md"
RECIPES = dict(
    re.findall(r"^(pandas|polars|R):\n\n```\w+\n(.*?)```", PAGE.read_text("utf-8"), re.M | re.S)
)
INSTALL = "apt install --no-install-recommends r-base-core r-cran-readr r-cran-dplyr"

POPULATIONS = {
    "us-ak-anchorage": ("1600000US0203000", "Anchorage municipality, Alaska", 291_247),
    "us-ca-san-francisco": ("1600000US0667000", "San Francisco city, California", 873_965),
    "us-ma": ("0400000US25", "Massachusetts", 7_029_917),
    "us-ma-boston": ("1600000US2507000", "Boston city, Massachusetts", 675_647),
    "us-ma-brookline": ("0600000US2502109175", "Brookline town, Norfolk County", 63_191),
    "us-md-baltimore": ("1600000US2404000", "Baltimore city, Maryland", 585_708),
    "us-tn-nashville": ("1600000US4752006", "Nashville-Davidson (balance)", 689_447),
    "us-wy": ("0400000US56", "Wyoming", 576_851),  # never treated
    "": ("1600000US4835000", "Houston city, Texas", 2_304_580),  # not in the panel
}
"""Subject -> GEO_ID, NAME and P1_001N of table P1 (total population) of the 2020 Census."""
PEOPLE = sum(people for _, _, people in POPULATIONS.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``panel.csv`` of cities and states by month, and ``census.csv`` in the form of
    data.census.gov: labels in the second line, and each line ends with a comma."""
    made = tmp_path_factory.mktemp("merge")
    words = ["--since", "2018", "--until", "2024", "--level", "city"]
    words += ["--level", "state", "--all-subjects"]
    done = CliRunner().invoke(main, ["panel", *words, "-o", str(made / "panel.csv")])
    assert done.exit_code == 0, done.output
    labels = ["Geography", "Geographic Area Name", " !!Total:"]
    rows = [["GEO_ID", "NAME", "P1_001N"], labels, *POPULATIONS.values()]
    lines = ("".join(f'"{cell}",' for cell in row) for row in rows)
    (made / "census.csv").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    return made


Tables = tuple[Iterable[Mapping[str, Any]], Iterable[Mapping[str, Any]]]
"""``merged`` and ``unmatched``."""


def in_pandas(folder: Path) -> Tables:
    made = in_python("pandas", folder)
    return made["merged"].to_dict("records"), made["unmatched"].to_dict("records")


def in_polars(folder: Path) -> Tables:
    made = in_python("polars", folder)
    return made["merged"].to_dicts(), made["unmatched"].to_dicts()


def in_python(program: str, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = {}
    exec(RECIPES[program], made)
    assert made["census"]["P1_001N"].sum() == PEOPLE
    assert made["panel"]["event_time"].sum() == event_times(folder)
    return made


def in_r(folder: Path) -> Tables:
    program = shutil.which("Rscript")
    assert program, f"Rscript is not installed: {INSTALL}"
    save = f"""
stopifnot(sum(census$P1_001N) == {PEOPLE})
stopifnot(sum(panel$event_time, na.rm = TRUE) == {event_times(folder)})
for (name in c("merged", "unmatched")) write_csv(get(name), paste0(name, ".csv"), na = "")
"""
    (folder / "recipe.R").write_text(RECIPES["R"] + save, encoding="utf-8")
    called = [program, "--vanilla", "recipe.R"]
    done = subprocess.run(
        called, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert "there is no package called" not in done.stderr, f"{done.stderr}\n{INSTALL}"
    assert done.returncode == 0, done.stderr
    return read(folder / "merged.csv"), read(folder / "unmatched.csv")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [*csv.DictReader(file)]


def event_times(folder: Path) -> int:
    return sum(int(row["event_time"] or 0) for row in read(folder / "panel.csv"))


COMPARED = (
    "subject_key",
    "period",
    "geoid",
    "measure",
    "days_in_force",
    "first_treated",
    "P1_001N",
)


def texts(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells compared, as text: days ISO, whole numbers without a point, '' where nothing is."""
    cells = ("" if row[n] is None or row[n] != row[n] else str(row[n]) for n in COMPARED)
    return tuple(cell.removesuffix(" 00:00:00").removesuffix(".0") for cell in cells)


def test_the_page_has_a_recipe_for_each_program() -> None:
    assert [*RECIPES] == ["pandas", "polars", "R"]


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [in_pandas, in_polars, in_r], ids=lambda it: it.__name__)
def test_each_recipe_finds_the_population_of_each_place(
    recipe: Callable[[Path], Tables], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    panel = read(folder / "panel.csv")
    expected = [
        texts({**row, "P1_001N": POPULATIONS.get(row["subject_key"], (None,))[-1]}) for row in panel
    ]
    merged, unmatched = recipe(folder)
    assert [*map(texts, merged)] == expected
    keys = dict.fromkeys(row["subject_key"] for row in panel)
    assert {*POPULATIONS} - {*keys} == {""}
    missing = [key for key in keys if key not in POPULATIONS]
    assert [row["subject_key"] for row in unmatched] == missing
