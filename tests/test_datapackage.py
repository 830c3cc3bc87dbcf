"""datapackage.json says what the schema says, and the shipped tables are as it says."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from frtracker.files import shipped_edition
from frtracker.record import load as table
from frtracker.record.columns import FILES, Column, data_package, resources

ROOT = Path(__file__).resolve().parents[1]
REVIEWED, _ = shipped_edition()
PACKAGE = data_package(resources(), REVIEWED)
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}
FIELDS = [
    (name, field) for name, resource in RESOURCES.items() for field in resource["schema"]["fields"]
]
IDS = [f"{name}.{field['name']}" for name, field in FIELDS]


@cache
def shipped() -> dict[str, pd.DataFrame]:
    return {name: text.frame for name, text in table.find().texts.items()}


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_datapackage", ROOT / "scripts" / "make_datapackage.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def column(name: str, field: str) -> Column:
    return next(column for column in FILES[name].columns if column.name == field)


def constraints(name: str, field: str) -> dict[str, Any]:
    return next(f for n, f in FIELDS if (n, f["name"]) == (name, field)).get("constraints", {})


def test_the_file_is_as_it_would_be_written() -> None:
    assert (ROOT / "datapackage.json").read_text(encoding="utf-8") == script().text()


def test_the_text_is_the_descriptor() -> None:
    assert json.loads(script().text()) == PACKAGE


def test_it_tells_the_package() -> None:
    assert PACKAGE["version"] == REVIEWED.replace("-", ".")
    assert "version" not in data_package(resources(), "")
    assert [licence["name"] for licence in PACKAGE["licenses"]] == ["CC-BY-4.0"]
    assert PACKAGE["sources"][0]["path"] == "sources.csv"
    assert "created" not in PACKAGE  # the clock has no part in it


def test_it_has_the_tables_with_every_column_in_order() -> None:
    assert list(RESOURCES) == list(FILES)
    for name, resource in RESOURCES.items():
        assert resource["path"] == f"{name}.csv"
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert tuple(fields) == FILES[name].names
        assert resource["schema"]["missingValues"] == [""]


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
def test_a_column_has_its_description_and_type(name: str, field: dict[str, Any]) -> None:
    described = column(name, field["name"])
    assert len(field["description"]) > 10
    assert field["description"] == described.description
    types = {"number": "number", "count": "integer"}
    assert field["type"] == types.get(described.kind.name, "string")


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
def test_a_column_is_required_where_the_schema_requires_it(
    name: str, field: dict[str, Any]
) -> None:
    required = column(name, field["name"]).required
    assert field.get("constraints", {}).get("required", False) is required


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
def test_a_closed_vocabulary_is_an_enum_or_a_pattern_of_it(
    name: str, field: dict[str, Any]
) -> None:
    kind, said = column(name, field["name"]).kind, field.get("constraints", {})
    if kind.name == "word":
        assert tuple(said["enum"]) == kind.terms
    elif kind.name == "list":
        assert all(re.fullmatch(said["pattern"], term) for term in kind.terms)
    else:
        assert "enum" not in said


def test_ids_are_unique() -> None:
    unique = [where for where, (_, f) in zip(IDS, FIELDS, strict=True) if "unique" in str(f)]
    assert unique == ["policies.policy_id", "retired_ids.policy_id"]
    assert constraints("policies", "policy_id")["unique"] is True


@pytest.mark.parametrize(("field", "limit"), [("latitude", 90), ("longitude", 180)])
def test_coordinates_have_their_range(field: str, limit: int) -> None:
    said = constraints("subjects", field)
    assert (said["minimum"], said["maximum"]) == (-limit, limit)


PATTERNS = [(name, field) for name, field in FIELDS if "pattern" in field.get("constraints", {})]
PATTERN_IDS = [f"{name}.{field['name']}" for name, field in PATTERNS]


def test_every_kind_of_cell_that_has_a_form_has_a_pattern() -> None:
    free = {f"{n}.{f['name']}" for n, f in FIELDS} - set(PATTERN_IDS)
    kinds = {column(n, f["name"]).kind.name for n, f in FIELDS if f"{n}.{f['name']}" in free}
    assert kinds == {"text", "word", "number", "count"}


@pytest.mark.parametrize(("name", "field"), PATTERNS, ids=PATTERN_IDS)
def test_patterns_are_read_alike_everywhere(name: str, field: dict[str, Any]) -> None:
    """XML Schema knows no (?…), \\d differs, and ^ and $ are plain characters there."""
    pattern = field["constraints"]["pattern"]
    assert not re.search(r"\(\?|\\[dwb]|\$|(?<!\[)\^", pattern)
    # Some readers only put ^ and $ around it: then a bare alternative would match a part.
    depth = 0
    for character in re.sub(r"\\.|\[[^\]]*\]", "", pattern):
        depth += (character == "(") - (character == ")")
        assert not (character == "|" and depth == 0)


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=IDS)
def test_the_shipped_cells_obey(name: str, field: dict[str, Any]) -> None:
    cells, said = shipped()[name][field["name"]], field.get("constraints", {})
    filled = [cell for cell in cells.unique().tolist() if cell]
    assert filled or not said.get("required") or not len(cells)
    if said.get("required"):
        assert "" not in cells.tolist()
    if "pattern" in said:
        assert [cell for cell in filled if not re.fullmatch(said["pattern"], cell)] == []
    if "enum" in said:
        assert set(filled) <= set(said["enum"])
    if "minimum" in said:
        assert all(said["minimum"] <= float(it) <= said.get("maximum", 1e10) for it in filled)


CELLS = [
    ("policies", "policy_id", ["us-ca-oakland-2019", "a"], ["US-CA", "a--b", "-a", "a b"]),
    (
        "policies",
        "decided_on",
        ["2021", "2021-06", "2021-06-30", "[..2021]", "[2020-12-31..2021-01-05]"],
        [
            "2021-6",
            "2021-13",
            "2021-06-32",
            "[2021..]",
            "/2021",
            "2020/2021",
            "June 2021",
            "2021-06-30T00:00",
            "[..]",
        ],
    ),
    ("policies", "reviewed_on", ["2026-11-22"], ["2026-11", "[..2026-11-22]", "22.11.2026"]),
    ("policies", "country", ["US"], ["USA", "us", "U"]),
    ("policies", "region", ["US-CA", "FR-PAC", "GB-ENG"], ["CA", "US-", "US_CA"]),
    ("policies", "territory", ["US", "US-IL", "AT;BE;US-IL"], ["US;", "US IL", ";US", "USA"]),
    ("policies", "uses", ["any", "live;cctv"], ["live,cctv", "live;", "livecctv", "Any"]),
    ("policies", "applies_to", ["police", "police;schools"], ["policeschools", "state"]),
    ("policies", "supersedes", ["a-1", "a-1;b-2"], ["a-1;", ";"]),
    ("policies", "source_url", ["https://example.org/a?b=c"], ["ftp://example.org", "example.org"]),
    ("subjects", "geoid", ["25", "25025", "2507000", "2502507000"], ["2", "025025", "25-025"]),
    ("subjects", "within", ["Boston", "Milwaukee;Milwaukee County"], ["Boston;", ";"]),
    ("sources", "supports", ["measure;effective_on~", "summary"], ["measure~", "title", "a;b"]),
]


@pytest.mark.parametrize(
    ("name", "field", "right", "wrong"), CELLS, ids=[f"{c[0]}.{c[1]}" for c in CELLS]
)
def test_patterns_tell_right_from_wrong_as_the_rules_do(
    name: str, field: str, right: list[str], wrong: list[str]
) -> None:
    pattern = constraints(name, field)["pattern"]

    def breaks_a_rule(cell: str) -> bool:
        return any(check.look(cell) is not None for check in column(name, field).kind.checks)

    assert [cell for cell in right if not re.fullmatch(pattern, cell) or breaks_a_rule(cell)] == []
    assert [cell for cell in wrong if re.fullmatch(pattern, cell) or not breaks_a_rule(cell)] == []


def keys() -> Iterator[tuple[str, list[str], str, list[str]]]:
    for name, resource in RESOURCES.items():
        for key in resource["schema"].get("foreignKeys", ()):
            yield name, key["fields"], key["reference"]["resource"], key["reference"]["fields"]


def values(name: str, fields: list[str]) -> list[tuple[str, ...]]:
    return list(shipped()[name][fields].itertuples(index=False, name=None))


def test_primary_keys_are_unique_in_the_shipped_tables() -> None:
    told = {
        name: r["schema"]["primaryKey"]
        for name, r in RESOURCES.items()
        if name not in ("searches", "coverage")
    }
    assert told["policies"] == ["policy_id"]
    assert told["sources"] == ["policy_id", "url"]
    for name, fields in told.items():
        assert len(set(values(name, fields))) == len(values(name, fields))


def test_foreign_keys_lead_to_primary_keys_that_are_there() -> None:
    assert {(name, other) for name, _, other, _ in keys()} == {
        ("policies", "subjects"),
        ("sources", "policies"),
        ("provisions", "policies"),
    }
    for name, fields, other, theirs in keys():
        assert theirs == RESOURCES[other]["schema"]["primaryKey"]
        assert set(values(name, fields)) <= set(values(other, theirs))


def test_the_script_finds_an_old_file_and_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "datapackage.json"
    monkeypatch.setattr(script(), "TARGET", target)
    monkeypatch.setattr(sys, "argv", ["make_datapackage.py", "--check"])
    for content in (None, "{}\n"):
        if content is not None:
            target.write_text(content, encoding="utf-8")
        with pytest.raises(SystemExit, match="not up to date"):
            script().main()
    monkeypatch.setattr(sys, "argv", ["make_datapackage.py"])
    script().main()
    assert target.read_text(encoding="utf-8") == script().text()
    monkeypatch.setattr(sys, "argv", ["make_datapackage.py", "--check"])
    script().main()
