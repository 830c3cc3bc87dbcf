"""The JSON contract: every document that is emitted fits its published schema, every field is
described, and no released field goes."""

from __future__ import annotations

import csv
import importlib.util
import json
import shlex
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker

from frtracker import panels
from frtracker.answers import contract
from frtracker.cli import main
from frtracker.export import MEDIA_TYPES, File, export, index
from frtracker.export.documents import Snapshot, take
from frtracker.export.tables import TABLES
from frtracker.fields import describe
from frtracker.pictures.figures import Spells
from frtracker.record.load import read
from frtracker.text import changes as changes_text
from frtracker.text import editions as editions_text
from frtracker.text import search as search_text
from frtracker.text import status as status_text
from frtracker.timeline import build
from frtracker.vocabulary import MEASURES

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "src" / "frtracker" / "schemas"
MAP_TABLE = ROOT / "src" / "frtracker" / "assets" / "table.js"


@cache
def make_schemas() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_schemas", ROOT / "scripts" / "make_schemas.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


KINDS = tuple(make_schemas().kind_of(document) for document in contract.DOCUMENTS)


def published(kind: str) -> dict[str, Any]:
    return json.loads((SHIPPED / f"{kind}.json").read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The schema with no other fields than those that it names."""
    if isinstance(schema, list):
        return [closed(it) for it in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(it) for name, it in schema.items()}
    is_object = "properties" in schema and schema.get("type") == "object"
    return {**inner, "additionalProperties": False} if is_object else inner


@cache
def validator(kind: str) -> Draft202012Validator:
    """As published, and with no other fields: what fits this fits the published one."""
    return Draft202012Validator(closed(published(kind)), format_checker=FormatChecker())


def faults(document: dict[str, Any]) -> list[str]:
    """What does not fit, an unnamed field too; at most five."""
    found = validator(document["kind"]).iter_errors(document)
    return [f"{it.json_path}: {it.message[:200]}" for it, _ in zip(found, range(5), strict=False)]


# --- every document fits

CALLS = [
    "status",
    "status --all",
    "status --as-of 2021-06 --all --known-at 2021-01",
    "status --as-of 1990",
    "status --country US --for police --measure ban",
    "status --country US --country FR",
    "status --region US-CA --type city",
    "status --subject Boston --subject Detroit",
    "status --subject 'Daly City, CA'",
    "status --subject Amazon --subject Clearview",
    "status --subject Germany --as-of 2027",
    "show Boston",
    "show 'Portland, ME' --as-of 2019-06 --known-at 2019-06",
    "show Detroit",
    "show 'Daly City, CA'",
    "show 'European Union' --as-of 2024",
    "show Amazon",
    "show us-ma-boston-2020",
    "explain Seattle --as-of 2021-06",
    "explain 'Daly City, CA' --for police",
    "explain 53.35,-6.26",
    "explain 42.36,-71.06 --as-of 2021-07",
    "explain Germany",
    "explain 'Bay Area Rapid Transit' --known-at 2020",
    "changes --since 2001 --until 2026",
    "changes Boston --since 2019",
    "changes --since 2019 --until 2021 --known-at 2020-06 --for police",
    "upcoming",
    "upcoming --as-of 2021-06 --within 5y",
    "upcoming Massachusetts --as-of 2021-01",
    "search unlocking phones",
    "search '\"body cameras\"' --as-of 2022 --limit 3",
    "search police --subject Boston",
    "search zyzzyva",
    "check tests/claims.csv",
    "check Amazon --measure ban --date 2021 --for police",
    "status --people --suppose us-ma-2025-s1053=2026-07-01",
    "explain Virginia --suppose us-va-2026:ends=2026-10",
    "compare Boston 'Portland, OR' 'Dallas, TX'",
    "compare us-ca-oakland-2019 --known-at 2020",
    "compare --where private_right_of_action=yes,partly --for police",
    "stale",
    "stale --as-of 2028 --days 10",
    "validate policies.csv",
    "validate tests/broken.csv",
    "validate tests/broken.csv sources.csv",
    "diff {old}/policies.csv policies.csv",
    "diff policies.csv {old}/policies.csv",
    "diff policies.csv policies.csv",
    "diff {old} policies.csv",
    "diff editions/2026.11.22 policies.csv",
    "show Oakland --policies {old}/policies.csv",
    "status --all --policies {old}/policies.csv",
    "explain Oakland --policies {old}/policies.csv",
]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An earlier edition, without companion tables."""
    folder = tmp_path_factory.mktemp("old")
    with (ROOT / "policies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[5]["summary"] += " It changed."
    rows.pop(3)
    with (folder / "policies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    kept = (ROOT / "editions" / "2026.11.22" / "positions.csv").read_text(encoding="utf-8")
    changed = kept.replace(",ban,", ",moratorium,")
    (folder / "positions.csv").write_text(changed, encoding="utf-8")
    return folder


@pytest.mark.parametrize("call", CALLS)
def test_what_a_command_prints_fits_the_schema(
    call: str, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    words = [word.format(old=old) for word in shlex.split(call)]
    done = CliRunner().invoke(main, [*words, "--format", "json"])
    assert done.exit_code in (0, 1 if call.startswith("validate tests") else 0), done.stderr
    document = json.loads(done.stdout)
    assert document["schema_version"] == 2
    assert faults(document) == []


def test_the_calls_print_every_kind_but_those_of_an_export() -> None:
    commands = {call.split()[0] for call in CALLS}
    assert {*KINDS} - commands == {"edition", "geojson", "index"}


def snapshots() -> Iterator[Snapshot]:
    tables = read()
    for day in (date(2021, 6, 30), date(2026, 11, 29), date(1990, 1, 1)):
        yield take(tables, build(tables.policies), day)


@pytest.fixture(scope="module")
def exports() -> list[tuple[Snapshot, tuple[File, ...]]]:
    return [(it, export(it, ("json", "geojson"))) for it in snapshots()]


def test_every_file_of_an_export_fits_its_schema(
    exports: list[tuple[Snapshot, tuple[File, ...]]],
) -> None:
    for snapshot, files in exports:
        pages = [File("index.html", "html", b""), File("site.css", "css", b"")]
        for file in (*files, index(pages, snapshot)):
            if file.name.endswith("json") and not file.name.startswith(("schemas/", "openapi")):
                assert faults(json.loads(file.data)) == [], file.name


def test_lines_are_the_subjects_of_the_whole(
    exports: list[tuple[Snapshot, tuple[File, ...]]],
) -> None:
    for snapshot, files in exports:
        by_name = {file.name: file for file in files}
        lines = by_name["all.jsonl"].data.decode().splitlines()
        subjects = json.loads(by_name["all.json"].data)["subjects"]
        assert [json.loads(line) for line in lines] == subjects
        assert by_name["all.jsonl"].rows == len(lines) == len(snapshot.status["subjects"])


def test_whole_documents_have_summaries_and_exceptions(
    exports: list[tuple[Snapshot, tuple[File, ...]]],
) -> None:
    rules = [rule for it in exports[1][0].status["subjects"] for rule in it["policies"]]
    assert len(rules) > 200
    assert all(rule["summary"] for rule in rules)
    assert any(rule["exceptions"] for rule in rules)


# --- the test can fail


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, "'extra' was unexpected"),
        ({"as_of": "2021-06"}, "is not a 'date'"),
        ({"as_of": None}, "None is not of type 'string'"),
        ({"schema_version": 3}, "2 was expected"),
        ({"subjects": [{}]}, "is a required property"),
        ({"filters": {"applies_to": ["army"], "markets": [], "measures": []}}, "not one of"),
    ],
)
def test_a_document_of_another_shape_does_not_fit(change: dict[str, Any], message: str) -> None:
    done = CliRunner().invoke(main, ["status", "--as-of", "1990", "--format", "json"])
    document = json.loads(done.stdout)
    assert faults(document) == []
    assert any(message in fault for fault in faults({**document, **change}))


# --- the schemas


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(kind: str) -> None:
    schema = published(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["kind"]["const"] == kind
    assert schema["properties"]["schema_version"]["const"] == 2
    for part in (schema, *schema["$defs"].values()):
        assert part["title"].isidentifier()
        if "properties" in part:
            assert part["description"]
            assert all(field["description"] for field in part["properties"].values())
            assert "additionalProperties" not in part


def test_what_is_generated_is_current() -> None:
    files = make_schemas().files()
    assert {path.name for path in SHIPPED.iterdir()} == {f"{kind}.json" for kind in KINDS}
    stale = [path.name for path, text in files.items() if path.read_text("utf-8") != text]
    assert stale == [], "run python scripts/make_schemas.py"


def test_no_released_field_goes() -> None:
    released = make_schemas().RELEASED.read_text(encoding="utf-8").splitlines()
    made = {*make_schemas().field_lines()}
    gone = [line for line in released if line not in made]
    assert gone == [], (
        "a released field was removed or has another type, which breaks programs that read it;"
        " fields may only be added"
    )
    missing = make_schemas().new_fields()
    assert missing == [], (
        "append the lines of python scripts/make_schemas.py --new-fields to"
        " tests/released_fields.txt"
    )
    assert len({*released}) == len(released) > 500


@pytest.mark.parametrize(
    ("old_part", "line"),
    [
        ({"type": ["string", "null"]}, "status subjects[].geoid string|null"),
        ({"type": "string", "format": "date"}, "status as_of date"),
    ],
)
def test_a_retyped_field_is_noticed(
    old_part: dict[str, Any], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas = deepcopy(make_schemas().schemas())
    for schema in (schemas["status"], *schemas["status"]["$defs"].values()):
        for field in schema.get("properties", {}).values():
            if old_part.items() <= field.items():
                field["type"] = "integer"
    assert line in make_schemas().field_lines()
    monkeypatch.setattr(make_schemas(), "schemas", lambda: schemas)
    assert line not in make_schemas().field_lines()


def test_the_openapi_description_leads_to_files_that_are_there(
    exports: list[tuple[Snapshot, tuple[File, ...]]],
) -> None:
    files = {file.name: file.data.decode() for file in exports[0][1]}
    described = json.loads(files["openapi.json"])
    assert (described["openapi"], described["servers"]) == ("3.1.0", [{"url": "."}])
    operations = [item["get"]["operationId"] for item in described["paths"].values()]
    assert len({*operations}) == len(operations) == 5
    for path, item in described["paths"].items():
        name = path.removeprefix("/")
        for parameter in item.get("parameters", []):
            assert (parameter["in"], parameter["required"]) == ("path", True)
            name = name.replace(f"{{{parameter['name']}}}", parameter["example"])
        ((media_type, content),) = item["get"]["responses"]["200"]["content"].items()
        assert media_type == MEDIA_TYPES[name.rpartition(".")[2]]
        value = files[name].partition("\n")[0] if name.endswith("jsonl") else files[name]
        schema, part = content["schema"], ""
        if "$ref" in schema:
            target, _, part = schema["$ref"].partition("#")
            schema = json.loads(files[target])
        whole = {"$defs": schema["$defs"], "$ref": f"#{part}"} if part else schema
        assert list(Draft202012Validator(whole).iter_errors(json.loads(value))) == []


# --- descriptions


def columns() -> Iterator[tuple[str, str]]:
    """Every column of every CSV with the name of its table."""
    listed = {
        "status": status_text.COLUMNS,
        "show": status_text.HISTORY_COLUMNS,
        "changes": changes_text.COLUMNS,
        "stale": changes_text.STALE_COLUMNS,
        "diff": editions_text.COLUMNS,
        "search": search_text.COLUMNS,
        "panel": panels.COLUMNS,
        "timeline": Spells.columns(),
        "map": map_columns(),
        **{table.name: table.names for table in TABLES},
    }
    for table, names in listed.items():
        yield from ((table, name) for name in names)
    counted = [f"{it}{end}" for it in MEASURES if it != "none" for end in ("", "_narrow")]
    yield from (("timeline", name) for name in ("day", "certain", "uncertain", *counted))
    made = panels.sensitivity(read(), [date(2021, 6, 30)])
    yield from (("sensitivity", str(name)) for name in made)


def map_columns() -> list[str]:
    script = MAP_TABLE.read_text(encoding="utf-8")
    listed = script.partition("CSV_COLUMNS =")[2].partition(";")[0]
    return "".join(part for part in listed.split('"')[1::2]).split(",")


def test_every_column_is_described() -> None:
    found = list(columns())
    assert len(found) > 200
    assert ("map", "source_urls") in found
    for table, name in found:
        assert describe(name, table).endswith("."), (table, name)
        assert describe(name).endswith(".")


@pytest.mark.parametrize(
    ("name", "of", "start"),
    [
        ("measure", "", "What the rule does."),
        ("measure", "policies", "What the rule does."),
        ("measure", "positions", "The position:"),
        ("since", "stale", "Since when the row is due"),
        ("summary", "status", "What the first of the rules says."),
        ("column", "diff", "The column that differs;"),
        ("applies_to", "map", "The actors that have the position."),
        ("day", "sensitivity", "Last day of a period."),
        ("old", "diff", "The text, or the answer in words, in the old edition"),
        ("old", "ChangedCell", "The text in the old edition"),
        ("old", "ChangedAnswer", "The answer of the old edition"),
        ("kind", "upcoming", "What happened: introduced"),
        ("kind", "changes", "What happened: introduced"),
        ("certain", "upcoming", "False if it may not have happened"),
        ("measure", "Position", "The position:"),
        ("measure", "Entry", "The measure of the strictest position"),
        ("kind", "sources", "What kind of source it is."),
        ("kind", "Source", "What kind of source it is."),
        ("kind", "Event", "What happened:"),
        ("kind", "", "Which kind of document this is."),
        ("decided_on_low", "", "Final passage,"),
        ("since_high", "Entry", "Start of the strictest position"),
        ("subject", "subjects", "Name, as in policies.csv."),
    ],
)
def test_a_name_is_described_as_what_it_is_there(name: str, of: str, start: str) -> None:
    assert describe(name, of).startswith(start)


def test_what_is_described_nowhere_is_an_error() -> None:
    with pytest.raises(KeyError, match="no_such_field is described nowhere"):
        describe("no_such_field")
