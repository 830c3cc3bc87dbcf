"""The words that are no longer ours are in no text that the program or the docs make themselves,
nor in the record's own sentences. (Titles of sources and names of acts are others' words.)"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import pytest

from frtracker.cli import main
from frtracker.record.load import read

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "frtracker"

RETIRED = re.compile(
    r"\b(?:tells?|told|binds?|bound|holds?|held|stands|whoever|whatever"
    r"|what of|beside it|names no more|near it|lies after|mends?|mended|cures?|heard|hindsight"
    r"|the call is wrong|a day that is none|it is as it was|none in force|at the earliest"
    r"|narrow only|is none of)\b",
    re.IGNORECASE,
)
OURS = re.compile(  # plain English, or another sense
    r"(?:cannot|can't|not|too coarse to) tell\b|\btell\w* apart|\bon hold|\bhold off"
    r"|hold (?:a|public) (?:public )?hearing|stands? for\b|stand-alone"
    r"|\b(?:hearing|vote|election|meeting|session|referendum|consultation)s? (?:was|were|is|be)"
    r" held|\bheld (?:a |an |the |no )?(?:hearing|vote|meeting)|(?:court|judge|tribunal)\w* held"
    r"|upheld|withheld|lower bounds?|stand alone|stands alone|(?:is|not|be) bound to",
    re.IGNORECASE,
)
CODE = re.compile(r"``[^`]*``|`[^`]*`|:\w+:`[^`]*`|https?://\S+")


def retired(text: str) -> list[str]:
    """The retired words of a text, code and addresses aside."""
    plain = OURS.sub("", CODE.sub("", text))
    return [match[0] for match in RETIRED.finditer(plain)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What binds the police is told here.", ["binds", "told"]),
        ("27 ban, 3 narrow only; none in force", ["narrow only", "none in force"]),
        ("The record cannot tell; a hearing was held; `held` is a column.", []),
        ("See https://example.org/told-and-held", []),
    ],
)
def test_the_words_are_found(text: str, found: list[str]) -> None:
    assert retired(text) == found


def strings(file: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of each text in a module: docstrings, messages, templates."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


MODULES = [str(file.relative_to(SOURCE)) for file in sorted(SOURCE.rglob("*.py"))]


@pytest.mark.parametrize("module", MODULES)
def test_no_text_of_a_module_has_them(module: str) -> None:
    found = [(line, words) for line, it in strings(SOURCE / module) if (words := retired(it))]
    assert found == []


PAGES = [
    *(f"{name}.md" for name in ("README", "CODEBOOK", "CONTRIBUTING", "CHANGELOG")),
    *(str(it.relative_to(ROOT)) for it in sorted((ROOT / "docs").glob("*.md"))),
    *(str(it.relative_to(ROOT)) for it in sorted(SOURCE.rglob("*.html"))),
]
OTHERS = {"docs/second_coding.md"}
"""Quotes the remarks of the second coder."""


@pytest.mark.parametrize("page", [it for it in PAGES if it not in OTHERS])
def test_no_page_has_them(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = enumerate(re.sub(r"\{[{%].*?[%}]\}", "", text).splitlines(), 1)
    assert [(number, words) for number, line in lines if (words := retired(line))] == []


SCRIPTS = sorted((SOURCE / "assets").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_text_of_a_script_has_them(script: Path) -> None:
    texts = re.findall(r"\"([^\"\n]* [^\"\n]*)\"", script.read_text("utf-8"))
    assert [words for text in texts if (words := retired(text))] == []


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    with click.Context(main, info_name="frtracker") as ctx:
        yield "", main, ctx
        for name in main.list_commands(ctx):
            command = main.get_command(ctx, name)
            assert command is not None
            yield name, command, click.Context(command, info_name=name, parent=ctx)


def test_no_help_has_them() -> None:
    found = {name: retired(command.get_help(ctx)) for name, command, ctx in commands()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_no_notebook_has_them(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert [words for text in texts if (words := retired(text))] == []


COLUMNS = (
    *(("policies", name) for name in ("summary", "exceptions", "ends_when", "notes")),
    ("searches", "finding"),
)
NAMES_OF_COLUMNS = re.compile(r"\b[a-z]+_(?:on|by|id|ids|when|to|url|type)\b")


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_the_record_s_own_sentences_have_none(table: str, column: str) -> None:
    """Nor names of columns, nor ids of rows: they are for the public."""
    record = read()
    frame: pd.DataFrame = getattr(record, table)
    ids = re.compile("|".join(map(re.escape, sorted(record.policies["policy_id"], key=len)[::-1])))
    cells = [str(cell) for cell in frame[column] if cell]
    assert [(words, cell) for cell in cells if (words := retired(cell))] == []
    assert [cell for cell in cells if NAMES_OF_COLUMNS.search(cell) or ids.search(cell)] == []
