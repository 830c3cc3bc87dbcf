"""The flow of imports, and who may print."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "frtracker"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("version",),
    ("codes", "dates", "vocabulary", "outlines", "files"),
    ("sheets", "look", "wording"),
    ("timeline",),
    ("record",),
    ("places", "fields"),
    ("layers",),
    ("panels", "people"),
    ("answers",),
    ("text", "markup"),
    ("pictures",),
    ("page",),
    ("export",),
    ("site",),
    ("library",),
    ("cli",),
    ("__init__", "__main__"),
)
"""A part imports from earlier lines only, and from itself: never from its neighbours. The package's
face (``__init__``) and its door for ``python -m`` come last, so that no module imports either."""

DEPTH = {part: depth for depth, layer in enumerate(LAYERS) for part in layer}
CLOCK_AND_ENVIRONMENT = ("today", "now", "utcnow", "time", "environ", "getenv")


def modules() -> list[tuple[str, Path]]:
    """(part, file) for every module: ``record/cells.py`` belongs to ``record``."""
    files = sorted(SOURCE.rglob("*.py"))
    return [(file.relative_to(SOURCE).parts[0].removesuffix(".py"), file) for file in files]


MODULES = modules()
NAMES = [str(file.relative_to(SOURCE)) for _, file in MODULES]
OUTSIDE_CLI = [(part, file) for part, file in MODULES if part not in ("cli", "__main__")]
OUTSIDE_NAMES = [str(file.relative_to(SOURCE)) for _, file in OUTSIDE_CLI]


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def imported(file: Path) -> Iterator[tuple[str, int]]:
    """(dotted name, line) of every import, inside functions and type checks too."""
    package = ["frtracker", *file.relative_to(SOURCE).parts[:-1]]
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def parts_used(file: Path) -> Iterator[tuple[str, int]]:
    for name, line in imported(file):
        steps = name.split(".")
        if steps[0] == "frtracker":
            own = steps[1] if len(steps) > 1 else "__init__"
            yield (own if own in DEPTH or not own.startswith("__") else "__init__"), line


def test_every_part_has_its_place() -> None:
    homeless = sorted({part for part, _ in MODULES} - DEPTH.keys())
    assert homeless == [], "give it a place in LAYERS and in docs/architecture.md"
    page = (SOURCE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = {part for part, _ in MODULES if f"| `{part}` |" in page}
    assert sorted({part for part, _ in MODULES if not part.startswith("__")} - told) == []


@pytest.mark.parametrize(("part", "file"), MODULES, ids=NAMES)
def test_imports_flow_one_way(part: str, file: Path) -> None:
    against = [
        f"line {line}: {part} imports {used}"
        for used, line in parts_used(file)
        if used != part and DEPTH[used] >= DEPTH[part]
    ]
    assert against == []


@pytest.mark.parametrize(("part", "file"), OUTSIDE_CLI, ids=OUTSIDE_NAMES)
def test_only_the_command_line_prints(part: str, file: Path) -> None:
    assert [line for name, line in imported(file) if name.split(".")[0] == "click"] == []
    said = [
        node.lineno
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in ("echo", "secho", "stdout", "stderr"))
    ]
    assert said == [], f"{part} prints"


@pytest.mark.parametrize(("part", "file"), OUTSIDE_CLI, ids=OUTSIDE_NAMES)
def test_clock_and_environment_stay_in_the_command_line(part: str, file: Path) -> None:
    used = [
        f"line {node.lineno}: {node.attr}"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_AND_ENVIRONMENT
    ]
    assert used == [], part


@pytest.mark.parametrize(
    "light", ["dates", "vocabulary", "record/findings", "files", "version", "__init__"]
)
def test_the_ground_needs_the_standard_library_only(light: str) -> None:
    file = SOURCE / f"{light}.py"
    foreign = {name.split(".")[0] for name, _ in imported(file)} - set(sys.stdlib_module_names)
    assert foreign <= {"frtracker"}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from frtracker.cli import main", ["cli"]),
        ("import frtracker.record.reading", ["record"]),
        ("from frtracker import schema, __version__", ["schema", "__init__"]),
        ("def f():\n    from ..report import status", ["report"]),
        ("from .. import report", ["report"]),
        ("from . import other", ["probe"]),
        ("import pandas", []),
    ],
)
def test_the_reader_of_imports_sees_them(
    code: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "probe" / "module.py"
    file.parent.mkdir()
    file.write_text(code, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", tmp_path)
    assert [part for part, _ in parts_used(file)] == found
