"""The notebooks run from the first cell to the last, and are kept without what they printed."""

from __future__ import annotations

import ast
import importlib
import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]


def code_of(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert NAMES == [
        "01-how-the-bans-spread-and-receded",
        "02-a-panel-for-difference-in-differences",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_is_kept_without_outputs(path: Path) -> None:
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    printed = [
        number
        for number, cell in enumerate(book.cells)
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None)
    ]
    assert printed == [], "clear these cells"
    assert set(book.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_imports_what_there_is(path: Path) -> None:
    for source in code_of(path):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("frtracker"):
                module = importlib.import_module(str(node.module))
                assert [n.name for n in node.names if not hasattr(module, n.name)] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), *_inherited()]))
    book = nbformat.read(path, 4)
    nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    told = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert [output.text for output in told if output.get("name") == "stderr"] == []
    silent = [
        cell.source
        for cell in book.cells
        if cell.cell_type == "code"
        and not cell.outputs
        and isinstance(ast.parse(cell.source).body[-1], ast.Expr)
    ]
    assert silent == [], "a cell that ends in a value shows it"


def _inherited() -> list[str]:
    return [path for path in [os.environ.get("PYTHONPATH", "")] if path]
