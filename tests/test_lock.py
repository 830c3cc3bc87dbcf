"""``constraints.txt`` is the lock: it pins what the development environment needs, all of it and
nothing else, at the versions installed. ``lower-bounds.txt`` pins the lowest versions that
``pyproject.toml`` allows; ``make lowest`` runs the tests on them. Extras are for users; development
tools are in dependency groups, which no wheel publishes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution, metadata, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.txt"
LOWEST = ROOT / "lower-bounds.txt"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = sorted(PROJECT["project"]["optional-dependencies"])
LOCKED_FOR = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux"}


def pins(path: Path = LOCK) -> dict[str, str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group, those of the groups that it includes too."""
    for entry in PROJECT["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(entry["include-group"])


def with_extras(requirements: Iterable[Requirement]) -> list[tuple[str, str]]:
    """Each distribution alone and with each extra that is asked for."""
    return [
        (canonicalize_name(it.name), extra) for it in requirements for extra in ("", *it.extras)
    ]


def needed(waiting: list[tuple[str, str]]) -> set[str]:
    """The distributions in ``waiting``, each with an extra or '', and every one that these ask for,
    on the Python of the lock."""
    found: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for requirement in map(Requirement, distribution(name).requires or []):
            here = LOCKED_FOR | {"extra": extra}
            if requirement.marker is None or requirement.marker.evaluate(here):
                waiting += with_extras([requirement])
    return {name for name, _ in found} - {"frtracker"}


def lower_bounds() -> dict[str, Version]:
    """The version after ``>=`` of each run-time dependency and of each part of the extras."""
    parts = PROJECT["project"]["optional-dependencies"].values()
    listed = [*PROJECT["project"]["dependencies"], *(it for part in parts for it in part)]
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


def test_extras_are_for_users() -> None:
    assert sorted(metadata("frtracker").get_all("Provides-Extra") or []) == EXTRAS
    assert {"tests", "dev"} & {*EXTRAS} == set()


def test_the_makefile_installs_every_extra() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    [extras] = re.findall(r"^WITH_EXTRAS := \.\[(.*)\]$", makefile, re.M)
    assert extras.split(",") == EXTRAS


def test_the_lock_pins_what_is_needed_and_nothing_else():
    program = [("frtracker", extra) for extra in ("", *EXTRAS)]
    wanted = needed([*program, *with_extras(group("dev"))])
    assert {canonicalize_name(name) for name in pins()} == wanted


@pytest.mark.parametrize("name", sorted(pins()))
def test_what_is_installed_is_what_is_pinned(name):
    assert version(name) == pins()[name]


def test_the_lowest_versions_are_those_that_the_project_allows():
    lowest = {canonicalize_name(name): Version(pin) for name, pin in pins(LOWEST).items()}
    assert lowest == lower_bounds()
