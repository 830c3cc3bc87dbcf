"""``constraints.txt`` is the lock: it pins what the development environment needs, all of it and
nothing else, at the versions installed. ``lower-bounds.txt`` pins the lowest versions that
``pyproject.toml`` allows; ``make lowest`` runs the tests on them."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.txt"
LOWEST = ROOT / "lower-bounds.txt"
FOR_DEVELOPERS = {"tests", "dev"}
LOCKED_FOR = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux"}


def pins(path: Path = LOCK) -> dict[str, str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def needed() -> set[str]:
    """Every distribution that ``frtracker[dev]`` asks for, and what these ask for, on the Python
    of the lock."""
    found: set[tuple[str, str]] = set()
    waiting = [("frtracker", "dev")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for requirement in map(Requirement, distribution(name).requires or []):
            here = LOCKED_FOR | {"extra": extra}
            if requirement.marker is None or requirement.marker.evaluate(here):
                wanted = canonicalize_name(requirement.name)
                waiting += [(wanted, each) for each in ("", *requirement.extras)]
    return {name for name, _ in found} - {"frtracker"}


def lower_bounds() -> dict[str, Version]:
    """The version after ``>=`` of each run-time dependency and of each part of the extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].items()
    listed = project["dependencies"] + [
        requirement for extra, part in extras if extra not in FOR_DEVELOPERS for requirement in part
    ]
    return {
        canonicalize_name(requirement.name): Version(
            next(bound.version for bound in requirement.specifier if bound.operator == ">=")
        )
        for requirement in map(Requirement, listed)
        if requirement.name != "frtracker"
    }


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (LOCK, "# The versions that continuous integration used"),
        (LOWEST, "# The lowest versions of our dependencies"),
    ],
)
def test_a_pin_is_an_exact_version_and_stands_once(path: Path, title: str):
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith(title)
    names = [canonicalize_name(line.partition("==")[0]) for line in lines[1:]]
    assert len(set(names)) == len(names)
    assert [line for line in lines[1:] if line.count("==") != 1 or line != line.strip()] == []


def test_the_lock_pins_what_is_needed_and_nothing_else():
    assert {canonicalize_name(name) for name in pins()} == needed()


@pytest.mark.parametrize("name", sorted(pins()))
def test_what_is_installed_is_what_is_pinned(name):
    assert version(name) == pins()[name]


def test_the_lowest_versions_are_those_that_the_project_allows():
    lowest = {canonicalize_name(name): Version(pin) for name, pin in pins(LOWEST).items()}
    assert lowest == lower_bounds()
