"""The documents say what the program and the record say."""

from __future__ import annotations

import ast
import csv
import doctest
import importlib
import importlib.util
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from frtracker import __version__, vocabulary
from frtracker.dates import parse_period
from frtracker.places.names import resolve
from frtracker.record import load as table
from frtracker.record.checks import CHECKS
from frtracker.record.columns import TABLES
from frtracker.timeline import Market, Timeline, build, positions_on, states_on

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "scripts" / "make_docs.py"
CODEBOOK = (ROOT / "CODEBOOK.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXCLUDED = (ROOT / "docs" / "excluded.md").read_text(encoding="utf-8")

ASKED = re.compile(
    r"`(?P<subject>[^`]+)` · (?P<actor>police|government|schools|private) · `(?P<as_of>[0-9-]+)`"
    r"(?:, known at `(?P<known_at>[0-9-]+)`)?(?:, in `(?P<market>[A-Z-]+)`)?"
    r" → `(?P<expected>[^`]+)`"
)
EXAMPLES = [match.groupdict() for match in ASKED.finditer(CODEBOOK)]
RULE_ASKED = re.compile(
    r"`(?P<policy_id>[a-z0-9-]+)` · `(?P<as_of>[0-9-]+)`"
    r"(?:, known at `(?P<known_at>[0-9-]+)`)? → `(?P<expected>[^`]+)`"
)
RULE_EXAMPLES = [match.groupdict() for match in RULE_ASKED.finditer(CODEBOOK)]
POLICY_ID = re.compile(
    r"`([a-z0-9]+(?:-[a-z0-9]+)*-(?:19|20)[0-9]{2}(?:-[a-z0-9]+)*|(?:vendor|company)-[a-z0-9-]+)`"
)
ANNOTATED = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? ?\| ", re.M)


@cache
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def policies() -> dict[str, dict[str, str]]:
    with (ROOT / "policies.csv").open(encoding="utf-8", newline="") as file:
        return {row["policy_id"]: row for row in csv.DictReader(file)}


@cache
def tables() -> table.Tables:
    return table.read()


@cache
def timeline(known_at: str, market: str) -> Timeline:
    return build(
        tables().policies,
        known_at=parse_period(known_at).high if known_at else None,
        market=Market(market) if market else None,
    )


def test_the_generated_parts_are_current() -> None:
    assert make_docs().render(CODEBOOK, make_docs().parts()) == CODEBOOK, (
        "run python scripts/make_docs.py"
    )
    panel = (ROOT / "docs" / "panel.md").read_text(encoding="utf-8")
    assert make_docs().render(panel, make_docs().panel_parts()) == panel
    guide = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    assert make_docs().render(guide, make_docs().export_parts()) == guide


def test_the_citation_has_the_last_review_and_the_version_of_the_program() -> None:
    page = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert make_docs().cite(page) == page, "run python scripts/make_docs.py"
    reviewed = max(row["reviewed_on"] for row in policies().values())
    cited = yaml.safe_load(page)
    assert (cited["version"], cited["date-released"]) == (reviewed.replace("-", "."), reviewed)
    [program] = cited["references"]
    assert (program["type"], program["version"]) == ("software", __version__)
    assert (cited["type"], cited["license"]) == ("dataset", "CC-BY-4.0")


@pytest.mark.parametrize(("old", "new"), [("date-released: ", "released: "), ("    version: ", "")])
def test_a_citation_without_its_lines_is_refused(old: str, new: str) -> None:
    page = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="is on 0 lines, not on one"):
        make_docs().cite(page.replace(old, new))


def test_check_exits_with_a_difference_when_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "CODEBOOK.md"
    stale.write_text(CODEBOOK.replace("Hiring and work.", "Work."), encoding="utf-8")
    monkeypatch.setattr(make_docs(), "CODEBOOK", stale)
    monkeypatch.setattr(sys, "argv", ["make_docs.py", "--check"])
    assert make_docs().main() == 1
    assert "+| `workplace` | workplaces | Hiring and work. |" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["make_docs.py"])
    assert make_docs().main() == 0
    assert stale.read_text(encoding="utf-8") == CODEBOOK


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<!-- generated: rules -->", "<!-- generated: laws -->"),
        ("<!-- generated: rules -->", ""),
    ],
)
def test_a_missing_or_strange_part_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"missing .*rules"):
        make_docs().render(CODEBOOK.replace(old, new), make_docs().parts())


def test_every_column_is_in_the_codebook() -> None:
    for column in (it for each in TABLES.values() for it in each.columns):
        assert f"| `{column.name}` |" in CODEBOOK
        assert column.description in CODEBOOK


def test_every_word_is_in_the_codebook() -> None:
    words = make_docs().vocabularies()
    assert len(words) >= 11
    for name, terms in words.items():
        part = CODEBOOK.partition(f"<!-- generated: words of {name} -->")[2]
        part = part.partition("<!-- end generated -->")[0]
        missing = [code for code in terms if f"| `{code}` |" not in part]
        assert missing == [], name


def test_every_rule_is_in_the_codebook() -> None:
    assert len(CHECKS) > 50
    missing = [r.code for r in CHECKS if f"| {r.code} | {r.severity}" not in CODEBOOK]
    assert missing == []


@pytest.mark.parametrize(
    "asked", EXAMPLES, ids=[f"{e['subject']}-{e['as_of']}-{e['actor']}" for e in EXAMPLES]
)
def test_the_examples_of_the_codebook_hold(asked: dict[str, str | None]) -> None:
    key = resolve(tables(), str(asked["subject"])).key
    found = positions_on(
        timeline(asked["known_at"] or "", asked["market"] or ""),
        parse_period(str(asked["as_of"])).high,
    )
    found = found[(found["subject_key"] == key) & (found["actor"] == asked["actor"])]
    said = "null"
    if not found.empty:
        position = found.iloc[0]
        doubt = "" if position["certain"] else "uncertain "
        narrow = " (narrow)" if position["scope"] == "narrow" else ""
        said = f"{doubt}{position['measure']}{narrow}"
    assert said == asked["expected"]


@pytest.mark.parametrize(
    "asked", RULE_EXAMPLES, ids=[f"{e['policy_id']}-{e['as_of']}" for e in RULE_EXAMPLES]
)
def test_the_examples_of_the_state_of_a_rule_hold(asked: dict[str, str | None]) -> None:
    day = parse_period(str(asked["as_of"])).high
    states = states_on(timeline(asked["known_at"] or "", ""), day)
    [state] = states.loc[states["policy_id"] == asked["policy_id"], "state"]
    assert vocabulary.STATES[state].label == asked["expected"]


def test_each_section_on_the_meaning_of_a_day_has_a_worked_example() -> None:
    part = CODEBOOK.partition("## The meaning of a day")[2].partition("\n## ")[0]
    sections = part.split("\n### ")[1:]
    assert len(sections) >= 10
    assert [text.splitlines()[0] for text in sections if not ASKED.search(text)] == []


@pytest.mark.parametrize("name", ["CODEBOOK.md", "CONTRIBUTING.md", "docs/excluded.md"])
def test_rows_that_a_page_names_exist(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    if name == "docs/excluded.md":  # the first column names what has no row
        page = re.sub(r"^\| `[^`]*` \|", "|", page, flags=re.M)
    named = set(POLICY_ID.findall(page))
    assert named
    assert sorted(named - policies().keys()) == []


def test_what_is_excluded_is_not_a_row() -> None:
    listed = re.findall(r"^\| `([^`]*)` \| [^|]+ \| [^|]+\. \|$", EXCLUDED, flags=re.M)
    assert len(listed) == EXCLUDED.count("\n| `") > 50
    assert len(set(listed)) == len(listed)
    assert sorted(set(listed) & policies().keys()) == []


def test_the_annotated_record_is_the_record() -> None:
    annotated = dict(ANNOTATED.findall(CONTRIBUTING))
    assert tuple(annotated) == TABLES["policies"].names
    assert annotated == policies()[annotated["policy_id"]]


def test_no_page_names_a_path_of_one_machine() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "LICENSE-DATA"]
    assert len(pages) >= 6
    for page in pages:
        said = page.read_text(encoding="utf-8")
        assert re.findall(r"(?<![\w:/.`)])/[a-z]+/\S*", said) == [], page.name


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        said = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", said):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_walls_that_are_told_are_those_that_are_there() -> None:
    said = (ROOT / "docs" / "walls.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", said, re.MULTILINE)
    plays = ast.parse((ROOT / "scripts" / "fuzz.py").read_text("utf-8")).body
    (long,) = (it.value for it in plays if ast.unparse(it).startswith("LONG = "))
    assert {name: int(count.replace(",", "")) for name, count in told} == ast.literal_eval(long)
    tests = {path: path.read_text("utf-8") for path in (ROOT / "tests").glob("**/test_*.py")
             if "node_modules" not in path.parts}  # fmt: skip
    for path in re.findall(r"`(tests/[\w/.]+)`", said):
        assert (ROOT / path).is_file(), path
    for name in re.findall(r"`(test_\w+)`", said):
        assert any(f"def {name}(" in text for text in tests.values()), name


def test_the_script_runs_on_its_own() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


SHOWN = [path for path in sorted((ROOT / "src").rglob("*.py")) if ">>> " in path.read_text("utf-8")]


@pytest.mark.parametrize("path", SHOWN, ids=[path.stem for path in SHOWN])
def test_the_examples_of_docstrings_are_true(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert not result.failed
