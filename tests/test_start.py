"""What each command loads: nothing that it does not need. (How long that takes: benchmarks.)"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from test_cli import HEADER, ROW

WATCHED = (
    *("numpy", "pandas", "pandera", "pydantic", "typeguard"),
    *("geopandas", "shapely", "pyogrio", "pyproj", "folium", "branca", "jinja2", "requests"),
    *("matplotlib", "tabulate", "platformdirs", "icalendar", "feedgenerator", "sqlite3"),
)
"""Not pyarrow, duckdb and such: pandas loads by itself what it finds installed."""

RUN = """
import sys
from frtracker.cli import main
try:
    main(sys.argv[1:], prog_name="frtracker")
except SystemExit as end:
    assert not end.code, end.code
finally:
    print("loaded:", *sorted(set({watched!r}) & set(sys.modules)), file=sys.stderr)
"""
IMPORT = "import sys, frtracker.cli; print('loaded:', *sorted(set({watched!r}) & set(sys.modules)),"
IMPORT += " file=sys.stderr)"

TABLES = {"numpy", "pandas", "platformdirs"}
STATUS = TABLES | {"tabulate"}
MAP = TABLES | {"folium", "branca", "jinja2", "requests"}
VALIDATOR = {"pandera", "pydantic", "typeguard"}


def unmeasured() -> dict[str, str]:
    """The environment, but what measures the reach of the tests is not loaded."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def loaded(program: str, *words: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program.format(watched=WATCHED), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**unmeasured(), "PYTHONUTF8": "1", **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    last = done.stderr.splitlines()[-1].split()
    assert last[0] == "loaded:"
    return set(last[1:])


def completing(words: str) -> dict[str, str]:
    return {
        "_FRTRACKER_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }


def test_the_package_by_itself_loads_nothing() -> None:
    assert loaded(IMPORT) == set()


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], ["status", "--help"], ["map", "--help"], ["export", "-h"]],
    ids=" ".join,
)
def test_help_and_version_load_nothing(words: list[str]) -> None:
    assert loaded(RUN, *words) == set()


@pytest.mark.parametrize("words", ["frtracker ", "frtracker status --", "frtracker show Portl"])
def test_completion_loads_nothing(words: str) -> None:
    assert loaded(RUN, **completing(words)) == set()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A user's record and the shipped one, both found valid before; and the memory of it."""
    folder = tmp_path_factory.mktemp("known")
    policies = folder / "policies.csv"
    policies.write_text(HEADER + ROW, encoding="utf-8")
    memory = {"XDG_CACHE_HOME": str(folder / "cache")}
    first = loaded(RUN, "status", "--policies", str(policies), **memory)
    assert first >= STATUS | VALIDATOR  # what is not known is validated
    loaded(RUN, "status", **memory)
    return policies, memory


@pytest.mark.parametrize("own", [False, True], ids=["shipped", "of a user"])
@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["status", "--as-of", "2021-06"], STATUS),
        (["status", "--as-of", "2021-06", "--format", "json"], TABLES),
        (["status", "--subject", "Springfield, MA"], STATUS),
        (["show", "Springfield, MA"], TABLES),
        (["map", "--output", "-"], MAP),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_known_to_be_valid_loads_only_what_it_needs(
    words: list[str], right: set[str], own: bool, known: tuple[Path, dict[str, str]]
) -> None:
    policies, memory = known
    given = ["--policies", str(policies)] if own else []
    assert loaded(RUN, *words, *given, **memory) == right


ENDING = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 0))
from frtracker.cli import main
before = gc.get_threshold()
sys.argv[1:] = ["--version"]
try:
    main({given})
except SystemExit:
    print(gc.get_threshold() == before, end=" ")
"""


@pytest.mark.parametrize(
    ("given", "as_it_was", "frozen"),
    [("", "False", "True"), ('["--version"]', "True", "False")],
    ids=["shell", "program"],
)
def test_only_a_command_of_the_shell_collects_rarely(
    given: str, as_it_was: str, frozen: str
) -> None:
    """Who calls the commands from a program of theirs has its collector as it was."""
    done = subprocess.run(
        [sys.executable, "-c", ENDING.format(given=given)], capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == f"{as_it_was} {frozen}", done.stderr
