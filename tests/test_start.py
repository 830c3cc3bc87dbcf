"""What each command loads: nothing that it does not need. (How long that takes: benchmarks.)

The shipped tables of an installed wheel load no validator; all others are validated each time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from frtracker.files import PACKED, shipped_folder
from frtracker.record.columns import TABLES as RECORD
from test_cli import HEADER, ROW

WATCHED = (
    *("numpy", "pandas", "pandera", "pydantic", "typeguard"),
    *("geopandas", "shapely", "pyogrio", "pyproj", "folium", "branca", "jinja2", "requests"),
    *("matplotlib", "tabulate", "icalendar", "sqlite3"),
    "frtracker.outlines",
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
OWN = """
import sys
from frtracker.cli import main
try:
    main(sys.argv[1:], prog_name="frtracker")
except SystemExit as end:
    assert not end.code, end.code
own = [module for name, module in sys.modules.items() if name.startswith("frtracker.")]
print("loaded:", len([it for it in own if not hasattr(it, "__path__")]), file=sys.stderr)
"""
IMPORT = "import sys, frtracker.cli; print('loaded:', *sorted(set({watched!r}) & set(sys.modules)),"
IMPORT += " file=sys.stderr)"

TABLES = {"numpy", "pandas"}
STATUS = TABLES | {"tabulate"}
MAP = TABLES | {"folium", "branca", "jinja2", "requests", "frtracker.outlines"}
VALIDATOR = {"pandera", "pydantic", "typeguard", "geopandas", "shapely", "pyproj"}
"""pandera loads geopandas where it finds it; the outlines are ours, and not needed."""


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
    [
        ["--help"],
        ["--version"],
        ["status", "--help"],
        ["map", "--help"],
        ["export", "-h"],
        ["new", "-h"],
    ],
    ids=" ".join,
)
def test_help_and_version_load_nothing(words: list[str]) -> None:
    assert loaded(RUN, *words) == set()


@pytest.mark.parametrize("words", ["frtracker ", "frtracker status --", "frtracker show Portl"])
def test_completion_loads_nothing(words: str) -> None:
    assert loaded(RUN, **completing(words)) == set()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The package as a wheel lays it out, with the record inside: where Python finds it."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(PACKED.parent, folder / "frtracker", ignore=lambda *_: ["__pycache__"])
    (folder / "frtracker" / "data").mkdir()
    for name in RECORD:
        shutil.copy(shipped_folder() / f"{name}.csv", folder / "frtracker" / "data")
    return {"PYTHONPATH": str(folder)}


CALLS = [
    (["status", "--as-of", "2021-06"], STATUS),
    (["status", "--as-of", "2021-06", "--format", "json"], TABLES),
    (["status", "--subject", "Springfield, MA"], STATUS),
    (["show", "Springfield, MA"], TABLES),
    (["map", "--output", "-"], MAP),
]


@pytest.mark.parametrize(
    ("words", "right"), CALLS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_the_record_of_a_wheel_was_validated_when_it_was_built(
    words: list[str], right: set[str], installed: dict[str, str]
) -> None:
    assert loaded(RUN, *words, **installed) == right


@pytest.mark.parametrize(
    ("words", "most"),
    [
        (["status", "--as-of", "2021-06"], 37),
        (["explain", "Seattle"], 43),
        (["map", "-o", "-"], 51),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_few_modules_of_ours(
    words: list[str], most: int, installed: dict[str, str]
) -> None:
    (number,) = loaded(OWN, *words, **installed)
    assert int(number) <= most


@pytest.mark.parametrize(
    ("words", "right"),
    [CALLS[0], pytest.param(*CALLS[-1], marks=pytest.mark.slow)],
    ids=["status", "map"],
)
@pytest.mark.parametrize("own", [True, False], ids=["of a user", "of a checkout"])
def test_any_other_record_is_validated_at_each_reading_and_needs_no_outlines_for_that(
    words: list[str], right: set[str], own: bool, tmp_path: Path
) -> None:
    (tmp_path / "policies.csv").write_text(HEADER + ROW, encoding="utf-8")
    given = ["--policies", str(tmp_path / "policies.csv")] if own else []
    for _ in range(2):
        assert loaded(RUN, *words, *given) == right | VALIDATOR


def test_a_user_of_an_installed_program_has_their_own_record_validated(
    installed: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "policies.csv").write_text(HEADER + ROW, encoding="utf-8")
    given = ["--policies", str(tmp_path / "policies.csv")]
    assert loaded(RUN, "status", *given, **installed) == STATUS | VALIDATOR


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
