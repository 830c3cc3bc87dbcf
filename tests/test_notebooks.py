"""The notebooks use the library alone, and are kept with the outputs of a run on this record."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert NAMES == [
        "01-how-the-bans-spread-and-receded",
        "02-a-panel-for-difference-in-differences",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_it_imports_nothing_else_of_the_package(path: Path) -> None:
    nodes = [node for cell in code_cells(path) for node in ast.walk(ast.parse(cell.source))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert "frtracker" in names
    assert names <= {"frtracker", "numpy", "pandas"}
    assert [node.module for node in nodes if isinstance(node, ast.ImportFrom)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_each_cell_that_ends_in_a_value_shows_it(path: Path) -> None:
    nbformat.validate(nbformat.read(path, 4))
    for cell in code_cells(path):
        shows = isinstance(ast.parse(cell.source).body[-1], ast.Expr)
        assert len(cell.outputs) == shows, cell.source
        assert cell.execution_count is None
        assert [it for it in cell.outputs if it.output_type in ("stream", "error")] == []


def test_the_map_is_a_picture_and_not_a_page() -> None:
    assert all(path.stat().st_size < 1_000_000 for path in NOTEBOOKS)
    outputs = [it.data for cell in code_cells(NOTEBOOKS[0]) for it in cell.outputs]
    assert sum("image/png" in data for data in outputs) == 3
    assert not any("<iframe" in data.get("text/html", "") for data in outputs)


@pytest.mark.slow
def test_a_fresh_run_gives_the_same() -> None:
    inherited = filter(None, [os.environ.get("PYTHONPATH")])
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_notebooks.py"), "--check"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *inherited])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
