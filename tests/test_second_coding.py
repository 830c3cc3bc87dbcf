"""The second coding: its page, its numbers, and the drawing of a new sample."""

from __future__ import annotations

import csv
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from frtracker.vocabulary import PROVISIONS

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "scripts" / "second_coding.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("second_coding", SCRIPT)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_writes(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["second_coding.py", "page", "--check"])
    script.main()
    for name in ("second_coding.csv", "second_coding_provisions.csv"):
        (tmp_path / name).write_text((ROOT / "docs" / name).read_text("utf-8"), "utf-8")
    monkeypatch.setattr(script, "DOCS", tmp_path)
    with pytest.raises(SystemExit, match="is stale"):
        script.main()
    monkeypatch.setattr(sys, "argv", ["second_coding.py", "page"])
    script.main()
    page = (ROOT / "docs" / "second_coding.md").read_text("utf-8")
    assert (tmp_path / "second_coding.md").read_text("utf-8") == page
    assert "| `measure` | 43 of 45 | 0 | 1 | 0 | 1 | 0 |" in page
    assert "kappa for the measure is 0.94" in page


def test_every_line_of_it_is_whole(script: ModuleType) -> None:
    with (ROOT / "docs" / "second_coding.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 45 * len(script.CODED)
    assert {row["verdict"] for row in rows} == {"agree", *script.TITLES}
    released = {*(ROOT / "tests" / "released_ids.txt").read_text("utf-8").split()}
    assert {row["policy_id"] for row in rows} <= released
    assert all(row["source"] for row in rows)


def test_the_record_says_what_the_two_codings_of_the_texts_came_to() -> None:
    with (ROOT / "docs" / "second_coding_provisions.csv").open(encoding="utf-8") as file:
        coded = list(csv.DictReader(file))
    with (ROOT / "provisions.csv").open(encoding="utf-8") as file:
        said = {(row["policy_id"], row["provision"]): row["value"] for row in csv.DictReader(file)}
    acts = {row["policy_id"] for row in coded}
    assert len(acts) >= 10
    assert len(coded) == len(acts) * len(PROVISIONS)
    for row in coded:
        value = said.get((row["policy_id"], row["provision"]), "not_coded")
        match row["verdict"]:
            case "agree":
                assert value == row["first"] == row["second"], row
            case "first" | "second" as who:
                assert value == row[who], row
            case "neither" | "open":
                assert value == "not_coded", row
            case "corrected":
                assert row["note"].startswith(f"{value}: "), row
                assert value not in (row["first"], row["second"])
        assert bool(row["note"]) is (row["verdict"] != "agree")


B, M = "ban", "moratorium"


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([(B, B), (M, M)], 1.0),
        ([(B, B), (B, B)], 1.0),  # nothing that chance could explain
        ([(B, M), (M, B)], -1.0),
        ([(B, B), (B, M), (M, B), (M, M)], 0.0),
        # Cohen (1960), as textbooks have it: 20 and 15 of 50 agree, chance 0.5
        ([(B, B)] * 20 + [(B, M)] * 5 + [(M, B)] * 10 + [(M, M)] * 15, 0.4),
    ],
)
def test_kappa(script: ModuleType, pairs: list[tuple[str, str]], value: float) -> None:
    assert script.kappa(pairs) == pytest.approx(value)


def test_a_sample_is_drawn_again_by_its_seed_and_shows_no_coding(script: ModuleType) -> None:
    policies = [
        {name: f"{name}-{at}" for name in script.SHOWN} | {"measure": B} for at in range(99)
    ]
    drawn = script.draw(policies, 10, 7)
    assert drawn == script.draw(policies, 10, 7) != script.draw(policies, 10, 8)
    assert len({row["policy_id"] for row in drawn}) == 10
    assert {row[name] for row in drawn for name in script.CODED} == {""}
    assert len(script.draw(policies, 1000, 7)) == 99


def test_two_codings_are_compared_on_the_rows_that_both_have(
    script: ModuleType, tmp_path: Path
) -> None:
    paths = []
    for name, measures in (("one", {"a": B, "b": M, "c": B}), ("two", {"a": B, "b": B, "d": M})):
        paths.append(path := tmp_path / f"{name}.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["policy_id", *script.CODED], restval="")
            writer.writeheader()
            writer.writerows({"policy_id": it, "measure": word} for it, word in measures.items())
    text = script.compare(*map(script.coding, paths))
    assert text.startswith("measure: 1 of 2\n  b: moratorium | ban\napplies_to: 2 of 2\n")
    assert text.endswith("kappa of measure: 0.00\n")
    record = script.coding(ROOT / "policies.csv")
    assert script.compare(record, record).endswith("kappa of measure: 1.00\n")
