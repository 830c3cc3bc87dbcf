"""Without any extra: every command that answers works, and what another lacks is one line."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from frtracker.files import PACKED
from records import folder
from test_lock import PROJECT, needed, with_extras
from test_start import unmeasured

HEAVY = {"geopandas", "pyogrio", "pyproj", "pyarrow", "matplotlib"}

WITHOUT = """
import sys
from importlib.machinery import PathFinder

class Installed(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {lacking!r} else super().find_spec(name, path)

sys.meta_path = [Installed if finder is PathFinder else finder for finder in sys.meta_path]
from frtracker.cli import main
main(sys.argv[1:], prog_name="frtracker")
"""


@pytest.fixture(scope="module")
def lacking() -> set[str]:
    """The modules here that a plain installation does not bring."""
    plain = needed(with_extras(map(Requirement, PROJECT["project"]["dependencies"])))
    return {
        module
        for module, brought_by in packages_distributions().items()
        if plain.isdisjoint(map(canonicalize_name, brought_by)) and module != "frtracker"
    }


def run(lacking: set[str], where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(lacking=lacking), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=where,
        env={**unmeasured(), "PYTHONUTF8": "1", "PYTHONPATH": str(PACKED.parents[1])},
        check=False,
    )


def test_a_plain_installation_is_light(lacking: set[str]) -> None:
    assert lacking >= HEAVY
    assert lacking.isdisjoint({"pandas", "pandera", "shapely", "folium", "markdown_it", "click"})


RECORD = ("--policies", str(folder("base") / "policies.csv"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("status", "--as-of", "2021-06"), "San Francisco, CA"),
        (("show", "Boston"), "Boston"),
        (("explain", "Seattle"), "Seattle"),
        (("explain", "47.6,-122.33"), "King County"),
        (("changes", "--since", "2026"), "2026"),
        (("validate",), ""),
        (("map", "--as-of", "2021", "-o", "map.html", *RECORD), "map.html"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_it_answers(lacking: set[str], tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run(lacking, tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("command", "data"), [("export", ""), ("site", "data/")])
def test_it_writes_all_but_parquet_and_says_so(
    lacking: set[str], tmp_path: Path, command: str, data: str
) -> None:
    done = run(lacking, tmp_path, command, "out", "--as-of", "2021", *RECORD)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "left out" in line] == [
        "note: parquet files are left out: pip install 'frtracker[export]' adds them",
        "note: geoparquet files are left out: pip install 'frtracker[outlines]' adds them",
    ]
    index = json.loads((tmp_path / "out" / "index.json").read_bytes())
    names = {file["name"] for file in index["files"]}
    assert names >= {f"{data}positions.csv", f"{data}frtracker.sqlite", f"{data}areas.geojson"}
    assert not any(name.endswith(".parquet") for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("map", "-o", "out.png"), "figures"),
        (("map", "-o", "out.svg"), "figures"),
        (("timeline", "-o", "out.svg"), "figures"),
        (("panel", "--freq", "year", "-o", "out.parquet"), "export"),
        (("export", "out", "--only", "csv,parquet"), "export"),
        (("export", "out", "--only", "csv,geoparquet"), "outlines"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_it_lacks_is_one_line(
    lacking: set[str], tmp_path: Path, words: tuple[str, ...], extra: str
) -> None:
    done = run(lacking, tmp_path, *words, *RECORD)
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    assert line.startswith("Error: This needs ")
    assert line.endswith(f", which is not installed: pip install 'frtracker[{extra}]'")
    assert "Traceback" not in done.stderr
    assert [*tmp_path.iterdir()] == []
