"""Every rule of the data: its broken case fires it, and nothing else.

``broken/base`` holds four sound tables. A folder ``broken/R0xx`` holds the files that differ
from them by one fault; the cases too large to keep are made below.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from frtracker import schema, table
from frtracker.findings import Finding

BROKEN = Path(__file__).parent / "broken"
BASE = BROKEN / "base"
CODES = [rule.code for rule in schema.RULES]


def _larger_than_1_gb(folder: Path) -> None:
    with (folder / "searches.csv").open("wb") as file:
        file.truncate(1_000_000_001)


def _cell_larger_than_1_mb(folder: Path) -> None:
    path = folder / "searches.csv"
    path.write_text(path.read_text("utf-8").replace("Bills", "B" * 1_000_001), "utf-8")


MADE = {"R003": _larger_than_1_gb, "R009": _cell_larger_than_1_mb}
KEPT = {folder.name for folder in BROKEN.iterdir()} - {"base"}


def build(folder: Path, code: str) -> Path:
    """The base with the case of ``code`` laid over it."""
    shutil.copytree(BASE, folder)
    if code in MADE:
        MADE[code](folder)
    for path in (BROKEN / code).glob("*"):
        target = folder / path.name
        if path.is_dir():
            target.unlink()
            shutil.copytree(path, target)
        else:
            shutil.copyfile(path, target)
    return folder / "policies.csv"


def findings(folder: Path, code: str) -> tuple[Finding, ...]:
    return table.check([build(folder, code)]).findings


def test_codes_are_unique():
    assert [code for code, number in Counter(CODES).items() if number > 1] == []


def test_every_rule_has_a_broken_case_and_every_case_a_rule():
    assert set(CODES) == KEPT | set(MADE)
    assert not KEPT & set(MADE)


def test_the_base_is_sound(tmp_path):
    report = table.check([build(tmp_path / "base", "no case")])
    assert [str(finding) for finding in report.findings] == []
    assert report.skipped == ()


@pytest.mark.parametrize("rule", schema.RULES, ids=lambda rule: rule.code)
def test_the_broken_case_fires_its_rule_and_only_that(rule, tmp_path):
    found = findings(tmp_path / "case", rule.code)
    assert {finding.code for finding in found} == {rule.code}, [str(each) for each in found]
    assert {finding.severity for finding in found} == {rule.severity}
    for finding in found:
        assert len(finding.message) > 10
        assert len(str(finding)) < 400
        assert str(finding).isprintable()


@pytest.mark.parametrize("rule", schema.RULES, ids=lambda rule: rule.code)
def test_a_rule_is_a_sentence(rule):
    assert rule.statement[0].isupper() or rule.statement[0] in "`'"
    assert rule.statement.endswith(".")
    assert len(rule.statement) < 110
