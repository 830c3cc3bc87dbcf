"""``constraints.txt`` is the lock: it pins what the development environment needs, all of it and
nothing else, at the versions installed."""

from __future__ import annotations

from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).resolve().parent.parent / "constraints.txt"
LOCKED_FOR = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux"}


def pins() -> dict[str, str]:
    lines = [line for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
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


def test_a_pin_is_an_exact_version_and_stands_once():
    lines = LOCK.read_text("utf-8").splitlines()
    assert lines[0].startswith("# The versions that continuous integration used")
    names = [canonicalize_name(line.partition("==")[0]) for line in lines[1:]]
    assert len(set(names)) == len(names)
    assert [line for line in lines[1:] if line.count("==") != 1 or line != line.strip()] == []


def test_the_lock_pins_what_is_needed_and_nothing_else():
    assert {canonicalize_name(name) for name in pins()} == needed()


@pytest.mark.parametrize("name", sorted(pins()))
def test_what_is_installed_is_what_is_pinned(name):
    assert version(name) == pins()[name]
