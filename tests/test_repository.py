"""Files around the program: licenses, issue forms, the workflow, pre-commit hooks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from frtracker.cli import main
from frtracker.record.columns import FILES

ROOT = Path(__file__).resolve().parents[1]
GITHUB = ROOT / ".github"
FORMS = sorted(path.name for path in (GITHUB / "ISSUE_TEMPLATE").glob("*-*.yml"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LICENSES: list[dict[str, Any]] = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))[
    "annotations"
]


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def license_of(name: str) -> set[str]:
    """The licenses of a file, as REUSE.toml reads: the last entry that names it counts."""
    found = ""
    for entry in LICENSES:
        paths = [entry["path"]] if isinstance(entry["path"], str) else entry["path"]
        for glob in paths:
            pattern = re.escape(glob).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
            if re.fullmatch(pattern, name):
                found = entry["SPDX-License-Identifier"]
    return set(found.split(" AND "))


@pytest.mark.parametrize(
    ("name", "licenses"),
    [
        ("src/frtracker/dates.py", {"MIT"}),
        ("src/frtracker/assets/map.js", {"MIT"}),
        ("policies.csv", {"CC-BY-4.0"}),
        ("CODEBOOK.md", {"CC-BY-4.0"}),
        ("docs/screens/390.png", {"CC-BY-4.0"}),
        ("editions/2026.11.22/positions.csv", {"CC-BY-4.0"}),
        ("src/frtracker/outlines/us_places.csv.gz", {"CC-BY-4.0"}),
        ("src/frtracker/outlines/states.json", {"ISC"}),
        ("src/frtracker/sheets/world.json", {"ISC"}),
        ("src/frtracker/sheets/__init__.py", {"MIT"}),
        ("maps/frtracker.html", {"CC-BY-4.0", "MIT", "BSD-2-Clause", "ISC"}),
    ],
)
def test_the_license_of_a_file(name: str, licenses: set[str]) -> None:
    assert (ROOT / name).exists()
    assert license_of(name) == licenses


def test_the_wheel_names_the_licenses_of_what_it_carries_and_has_their_texts() -> None:
    package = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src" / "frtracker").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    record = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    carried = set().union(*map(license_of, [*package, *record]))
    project = PROJECT["project"]
    assert {*project["license"].split(" AND ")} == carried
    texts = {*project["license-files"]} - {"LICENSE", "LICENSE-DATA"}
    assert texts == {f"LICENSES/{name}.txt" for name in carried - {"MIT"}}
    assert (ROOT / "LICENSES" / "MIT.txt").read_text() == (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("name", FORMS)
def test_an_issue_form_is_one_that_opens(name: str) -> None:
    form = read(GITHUB / "ISSUE_TEMPLATE" / name)
    assert {*form} == {"name", "description", "title", "body"}
    fields = [it for it in form["body"] if it["type"] != "markdown"]
    assert {it["type"] for it in fields} <= {"input", "textarea"}
    assert all(it["attributes"]["label"] for it in fields)
    ids = [it["id"] for it in fields]
    assert len({*ids}) == len(ids)
    assert "links" in [it["id"] for it in fields if it.get("validations", {}).get("required")]


def test_a_change_is_asked_for_the_commands_of_the_guide() -> None:
    [asked] = re.findall(
        r"```sh\n(.*?)```", (GITHUB / "pull_request_template.md").read_text(), re.S
    )
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## The commands")[2]
    listed = re.findall(r"^(\S[^#\n]*?) +#", guide.split("```")[1], re.M)
    assert asked.splitlines() == listed[:3]


def test_the_workflow_runs_all_checks_before_it_publishes() -> None:
    workflow = read(GITHUB / "workflows" / "ci.yml")
    checks, site = workflow["jobs"]["checks"], workflow["jobs"]["site"]
    assert ".ci/run" in [step.get("run") for step in checks["steps"]]
    assert site["needs"] == "checks"
    assert "github.ref == 'refs/heads/main'" in site["if"]
    used = [step["uses"] for job in (checks, site) for step in job["steps"] if "uses" in step]
    assert [it for it in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", it)] == []
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("hook", read(ROOT / ".pre-commit-hooks.yaml"), ids=lambda it: it["id"])
def test_a_hook_runs_a_command_when_a_table_changes(hook: dict[str, Any]) -> None:
    program, command = hook["entry"].split()
    assert program in PROJECT["project"]["scripts"]
    assert command in main.list_commands(click.Context(main))
    assert hook["id"] == f"{program}-{command}"
    assert all(re.search(hook["files"], f"{name}.csv") for name in FILES)
    assert hook["pass_filenames"] is False  # companion tables are read from the folder
