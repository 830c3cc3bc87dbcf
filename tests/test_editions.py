"""What an edition keeps, and which answers ``diff`` says are others since."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

import records
from frtracker.answers.editions import COLUMNS, compare_answers, kept_answers
from frtracker.cli import main

ROOT = Path(__file__).resolve().parents[1]
EDITIONS = sorted((ROOT / "editions").glob("*/"))
BASE = records.folder("base")


def script() -> ModuleType:
    spec = spec_from_file_location("make_edition", ROOT / "scripts" / "make_edition.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def diff(old: Path, new: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["diff", str(old), str(new), *options])


@pytest.mark.parametrize("folder", EDITIONS, ids=lambda it: it.name)
def test_an_edition_is_whole(folder: Path) -> None:
    described = json.loads((folder / "edition.json").read_text("utf-8"))
    positions = (folder / "positions.csv").read_bytes()
    assert described["positions"]["sha256"] == hashlib.sha256(positions).hexdigest()
    assert described["reviewed_through"].replace("-", ".") == folder.name
    lines = (f"{digest}  {name}\n" for name, digest in sorted(described["files"].items()))
    assert described["edition"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert len(positions) < 300_000
    keys = (ROOT / "tests" / "released_keys.txt").read_text("utf-8").split()
    assert {row["subject_key"] for row in kept_answers(folder)} <= {*keys}
    assert diff(folder, ROOT / "policies.csv", "-f", "json").exit_code == 0


def test_the_edition_of_0_1_0() -> None:
    described = json.loads((ROOT / "editions" / "2026.11.22" / "edition.json").read_text("utf-8"))
    rows = {"policies": 359, "subjects": 219, "sources": 1282, "searches": 167}
    assert described["rows"] == rows
    assert described["positions"]["rows"] == 589


B, M = ("ban", "general", "true"), ("moratorium", "narrow", "true")
DOUBT = ("ban", "general", "false")
CASES = [
    ("nothing", [(*B, "2020", "")], [(*B, "2020", "")], []),
    ("cut elsewhere", [(*B, "2020", "")], [(*B, "2020", "2021"), (*B, "2021", "")], []),
    ("an earlier start", [(*B, "2021", "")], [(*B, "2020", "")], ["2020 2021 None ban"]),
    ("an end", [(*B, "2020", "")], [(*B, "2020", "2022")], ["2022 None ban None"]),
    ("certain now", [(*DOUBT, "2020", "")], [(*B, "2020", "")], ["2020 None ?ban ban"]),
    (
        "in two stretches, each once", [(*B, "2020", "2023")],
        [(*M, "2020", "2021"), (*M, "2021", "2022"), (*B, "2022", "")],
        ["2020 2022 ban moratorium", "2023 None None ban"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "changed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_which_answers_changed(
    old: list[tuple[str, ...]], new: list[tuple[str, ...]], changed: list[str]
) -> None:
    names = ("measure", "scope", "certain", "valid_from", "valid_to")
    same = dict.fromkeys(COLUMNS, "") | {"subject_key": "us-ma", "actor": "police"}
    sides = [[same | dict(zip(names, row, strict=True)) for row in rows] for rows in (old, new)]
    found = compare_answers(*sides)
    told = [
        " ".join(
            [
                row["valid_from"],
                str(row["valid_to"]),
                *(
                    f"{'' if it['certain'] else '?'}{it['measure']}" if it else "None"
                    for it in (row["old"], row["new"])
                ),
            ]
        )
        for row in found["changed"]
    ]
    assert told == changed
    assert found["counts"] == {"answers": 1, "changed": len(changed) > 0, "stretches": len(told)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The edition of the base."""
    _, files = script().edition(BASE)
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_nothing_changed(kept: Path) -> None:
    assert diff(kept, BASE / "policies.csv").stdout == "0 of 7 answers changed\n"


def test_a_ban_that_began_later(kept: Path, tmp_path: Path) -> None:
    rows = records.rows("base", "policies")
    row = next(row for row in rows if row["policy_id"] == "us-ca-oakland-port-2020")
    row["decided_on"] = "2020-03-01"
    new = records.write(tmp_path, "policies", rows)
    result = diff(kept, new, "-f", "csv")
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {(line["subject_key"], line["new"]) for line in lines} == {
        ("us-ca-port-of-oakland", "no act on record")
    }
    assert "answers changed" in diff(kept, new).stdout
    assert json.loads(diff(kept, new, "-f", "json").stdout)["kind"] == "answers"


@pytest.mark.parametrize("content", [None, "a,b\n"])
def test_a_folder_without_answers_is_refused(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "positions.csv").write_text(content, "utf-8")
    result = diff(tmp_path, BASE / "policies.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    wrong = "is not a folder of editions/: it has no positions.csv"
    assert result.stderr == f"Error: {tmp_path} {wrong}\n"
