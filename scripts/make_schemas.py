"""Write the JSON Schemas of the documents, the OpenAPI description and docs/json.md.

    python scripts/make_schemas.py [--check | --new-fields]

They are made of the types in ``frtracker.answers.contract``. (pydantic does not take a TypedDict of
the standard library on Python 3.11.) The page's examples are answers of the shipped record.
``--check`` writes nothing; the exit code is 1 if a file is stale. ``--new-fields`` prints the
fields that tests/released_fields.txt lacks, to be appended there with a release.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from click.testing import CliRunner

from frtracker.answers.contract import DOCUMENTS
from frtracker.answers.documents import Words
from frtracker.cli import main as frtracker
from frtracker.export.editions import edition
from frtracker.fields import describe
from frtracker.files import write_whole
from frtracker.record.editions import edition_files
from frtracker.version import SCHEMA_VERSION
from frtracker.vocabulary import Term

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "frtracker"
PAGE = ROOT / "docs" / "json.md"
RELEASED = ROOT / "tests" / "released_fields.txt"
MAX_EXAMPLE = 60  # characters

Schema = dict[str, Any]
_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


# --- schemas


def kind_of(document: type) -> str:
    (kind,) = get_args(get_type_hints(document)["kind"])
    return str(kind)


def schemas() -> dict[str, Schema]:
    """The JSON Schema (draft 2020-12) of each kind of document."""
    found = {}
    for document in DOCUMENTS:
        parts: dict[str, Schema] = {}
        whole = _object(document, parts)
        found[kind_of(document)] = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:frtracker:v{SCHEMA_VERSION}:{kind_of(document)}",
            **whole,
            "$defs": dict(sorted(parts.items())),
        }
    return found


def _object(kind: type, parts: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    first = {name: hints[name] for name in ("kind", "schema_version") if name in hints}
    properties, required = {}, []
    for name, hint in (first | hints).items():
        if get_origin(hint) is NotRequired:
            (hint,) = get_args(hint)
        else:
            required.append(name)
        meaning = describe(name, kind.__name__)
        field = _type(hint, parts)
        if "$ref" in field:  # some generators make a type anew of a reference with a description
            field = {"allOf": [field]}
        properties[name] = {**field, "description": meaning}
    return {
        "title": kind.__name__,
        "description": " ".join((kind.__doc__ or "").replace("``", "`").split("\n\n")[0].split()),
        "type": "object",
        "properties": properties,
        "required": required,
    }


def _type(hint: Any, parts: dict[str, Schema]) -> Schema:
    origin, args = get_origin(hint), get_args(hint)
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    if is_typeddict(hint) or dataclasses.is_dataclass(hint):
        parts.setdefault(hint.__name__, _object(hint, parts))
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin is Annotated:
        about = args[1]
        if not isinstance(about, Words):
            return {**_type(args[0], parts), "format": about}
        parts[about.title] = _words(about)
        return {"$ref": f"#/$defs/{about.title}"}
    if origin is Literal:
        words = {"const": args[0]} if len(args) == 1 else {"enum": [*args]}
        return {"type": _SIMPLE[type(args[0])], **words}
    if origin is list:
        return {"type": "array", "items": _type(args[0], parts)}
    if origin is dict:
        names = {} if args[0] is str else {"propertyNames": _type(args[0], parts)}
        return {"type": "object", **names, "additionalProperties": _type(args[1], parts)}
    if origin in (Union, UnionType):
        if NoneType not in args:
            return {"anyOf": [_type(each, parts) for each in args]}
        one, _ = args
        inner = _type(one, parts)
        if "type" in inner and "enum" not in inner:
            return {**inner, "type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}
    raise TypeError(f"{hint} has no JSON Schema here")


def _options(schema: Schema) -> list[Schema]:
    """The reference, and null where it may be that, of a field whose type is a part."""
    options: list[Schema] = schema.get("allOf") or schema.get("anyOf") or []
    return options


def _words(words: Words) -> Schema:
    terms = words.terms.values() if isinstance(words.terms, Mapping) else ()
    defined = [f"{it.code}: {it.definition}" for it in terms if isinstance(it, Term)]
    schema = {"title": words.title, "type": "string", "enum": [*words.terms]}
    return {**schema, "description": "\n".join(defined)} if defined else schema


def openapi() -> Schema:
    """The OpenAPI description of the static files: all addresses are relative to its own."""

    def answer(about: str, schema: Schema, media_type: str = "application/json") -> Schema:
        return {"description": about, "content": {media_type: {"schema": schema}}}

    def get(operation: str, summary: str, answer: Schema) -> Schema:
        return {"get": {"operationId": operation, "summary": summary, "responses": {"200": answer}}}

    def get_one(operation: str, summary: str, answer: Schema, **parameter: Any) -> Schema:
        path = get(operation, summary, answer)
        path["get"]["responses"]["404"] = {"description": "There is none"}
        return {**path, "parameters": [{**parameter, "in": "path", "required": True}]}

    kinds = [kind_of(document) for document in DOCUMENTS]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "frtracker",
            "summary": "Is face recognition banned here? For whom, on what date, and according to"
            " whom?",
            "description": "Static files, made for one day. No key, no limits.",
            "version": str(SCHEMA_VERSION),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": "."}],
        "paths": {
            "/all.json": get(
                "getAll",
                "Every subject with its positions and rules on the day",
                answer(
                    "What `frtracker status --all --format json` prints",
                    {"$ref": "schemas/status.json"},
                ),
            ),
            "/all.jsonl": get(
                "getAllLines",
                "The subjects of all.json, one a line",
                answer(
                    "JSON Lines: each line is one subject",
                    {"$ref": "schemas/status.json#/$defs/Entry"},
                    "application/jsonl",
                ),
            ),
            "/subjects/{subject_key}.json": get_one(
                "getSubject",
                "The history of one subject, with its rules and sources",
                answer(
                    "What `frtracker show SUBJECT --format json` prints, without `applies_here`",
                    {"$ref": "schemas/show.json"},
                ),
                name="subject_key",
                description=describe("subject_key"),
                schema={"type": "string"},
                example="us-ma",
            ),
            "/index.json": get(
                "getIndex",
                "The files with their sizes and hashes",
                answer("The index", {"$ref": "schemas/index.json"}),
            ),
            "/schemas/{kind}.json": get_one(
                "getSchema",
                "The JSON Schema of one kind of document",
                answer("A JSON Schema (draft 2020-12)", {"type": "object"}),
                name="kind",
                description=describe("kind"),
                schema={"type": "string", "enum": kinds},
                example="status",
            ),
        },
    }


# --- released fields


def field_lines() -> list[str]:
    """``status subjects[].measure string``: kind, path and type of every field. A date is one day,
    ``?`` a field that is not always there, ``.*`` each of a mapping."""
    return [
        f"{kind} {path} {typed}"
        for kind, schema in schemas().items()
        for path, typed in _fields(schema, schema["$defs"], "")
    ]


def _fields(schema: Schema, parts: Mapping[str, Schema], path: str) -> Iterator[tuple[str, str]]:
    for name, field in schema["properties"].items():
        here = f"{path}.{name}" if path else name
        yield here, _brief(field, parts) + "?" * (name not in schema["required"])
        inner, at = field, here
        while inner:
            if "additionalProperties" in inner:
                inner, at = inner["additionalProperties"], f"{at}.*"
                yield at, _brief(inner, parts)
            elif "items" in inner:
                inner, at = inner["items"], f"{at}[]"
            elif options := _options(inner):
                inner = options[0]
            elif "$ref" in inner:
                inner = parts[inner["$ref"].rpartition("/")[2]]
            elif "properties" in inner:
                yield from _fields(inner, parts, at)
                break
            else:
                break


def _brief(field: Schema, parts: Mapping[str, Schema]) -> str:
    if "$ref" in field:
        return _brief(parts[field["$ref"].rpartition("/")[2]], parts)
    if options := _options(field):
        return "|".join(_brief(it, parts) for it in options)
    if "items" in field:
        brief = f"{_brief(field['items'], parts)}[]"
        return f"{brief}|null" if "null" in field["type"] else brief
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return "|".join(field.get("format", it) if it == "string" else it for it in types)


# --- the page


_GENERATED = "<!-- generated: all that follows -->\n"
CALLS = (
    "status --subject Massachusetts --as-of 2021-06-30",
    "status --country US --for police --as-of 2019-12",
    "status --known-at 2020-12-05 --as-of 2020-12-31",
    "show Massachusetts --as-of 2021-06-30",
    "show us-ma-boston-2020 --as-of 2021-06-30",
    "explain Seattle --as-of 2021-06-30",
    "explain 42.36,-71.06 --as-of 2021-06-30",
    "changes --since 2019 --until 2021-06-30",
    "changes --subject Massachusetts --since 2019 --until 2021-06-30",
    "upcoming --as-of 2021-06-30",
    "search unlocking phones --as-of 2021-06-30",
    "stale --as-of 2027-06-30",
    "validate policies.csv",
    "diff {old}/policies.csv policies.csv",
)
"""Commands whose answers, all for days in the past, are the examples of the page."""


def answers() -> Iterator[dict[str, Any]]:
    """The documents that :data:`CALLS` print, and those that only an export has."""
    with tempfile.TemporaryDirectory() as folder, chdir(ROOT):
        old = Path(folder)
        _write_older(old / "policies.csv")
        for call in CALLS:
            words = [word.format(old=old) for word in call.split()]
            yield json.loads(_run(*words, "--format", "json"))
        new, before = (edition_files(it) for it in ("policies.csv", str(old)))
        yield edition(new, before, "2026.11.22")[0]
        # outlines depend on the version of a library, tables do not
        for format_name, name in (("geojson", "subjects.geojson"), ("csv", "index.json")):
            out = old / format_name
            _run("export", str(out), "--as-of", "2021-06-30", "--only", format_name)
            yield json.loads((out / name).read_text(encoding="utf-8"))


def _write_older(path: Path) -> None:
    """An edition without the second row of policies, in which the third ends one day."""
    with (ROOT / "policies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[2]["expires_on"] = "2030-01-01"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for at, row in enumerate(rows) if at != 1)


def _run(*words: str) -> str:
    done = CliRunner().invoke(frtracker, [*words])
    if done.exit_code:
        raise SystemExit(f"frtracker {' '.join(words)} gave {done.exit_code}: {done.stderr}")
    return done.stdout


def examples(documents: Iterable[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """By title and field the first value that is not empty, as JSON."""
    found: dict[tuple[str, str], str] = {}
    known = schemas()

    def collect(value: Any, schema: Schema, parts: Mapping[str, Schema]) -> None:
        if value is None:
            return
        if "$ref" in schema:
            collect(value, parts[schema["$ref"].rpartition("/")[2]], parts)
        elif options := _options(schema):
            collect(value, options[0], parts)
        elif "properties" in schema:
            for name, field in schema["properties"].items():
                cell = value.get(name)
                is_part = isinstance(cell, dict) and "additionalProperties" not in field
                if cell not in (None, [], {}, "") and not is_part and (text := _example(cell)):
                    found.setdefault((schema["title"], name), text)
                collect(cell, field, parts)
        elif "items" in schema:
            for each in value:
                collect(each, schema["items"], parts)
        elif "additionalProperties" in schema:
            for each in value.values():
                collect(each, schema["additionalProperties"], parts)

    for document in documents:
        schema = known[document["kind"]]
        collect(document, schema, schema["$defs"])
    return found


def _example(value: Any) -> str:
    """A value in code style; '' for one that has a table of its own."""
    if isinstance(value, list):
        if isinstance(value[0], dict):
            return ""
        value = value[:2]
    elif isinstance(value, dict):
        name, first = next(iter(value.items()))
        if not isinstance(first, str):
            return ""
        value = {name: first}
    if isinstance(value, str) and len(value) > MAX_EXAMPLE:
        value = f"{value[:MAX_EXAMPLE].rsplit(' ', 1)[0]}…"
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 2 * MAX_EXAMPLE else f'{text[: 2 * MAX_EXAMPLE]}…'}`"


def page() -> str:
    """docs/json.md: its introduction as it is, then what is generated."""
    introduction, mark, _ = PAGE.read_text(encoding="utf-8").partition(_GENERATED)
    shown, whole = examples(answers()), schemas()
    parts = {name: part for it in whole.values() for name, part in it["$defs"].items()}
    lines = [introduction + mark.rstrip()]
    for kind, schema in whole.items():
        lines += [
            f"\n## Document: {kind}\n",
            f"{schema['description']} Schema: `schemas/{kind}.json`.\n",
        ]
        lines += _table(schema, parts, shown)
    lines.append("\n## Parts of documents")
    for name, part in sorted(parts.items()):
        if "properties" in part:
            lines += [f"\n### {name}\n", f"{part['description']}\n", *_table(part, parts, shown)]
    lines += ["\n## Words\n", "| type | words |", "| --- | --- |"]
    for name, part in sorted(parts.items()):
        if "enum" in part:
            lines.append(f"| {name} | {', '.join(f'`{word}`' for word in part['enum'])} |")
    return "\n".join(lines) + "\n"


def _table(
    schema: Schema, parts: Mapping[str, Schema], shown: Mapping[tuple[str, str], str]
) -> list[str]:
    lines = ["| field | type | example | meaning |", "| --- | --- | --- | --- |"]
    for name, field in schema["properties"].items():
        optional = "" if name in schema["required"] else " (not always there)"
        example = shown.get((schema["title"], name), "").replace("|", "\\|")
        meaning = field["description"].replace("|", "\\|")
        lines.append(f"| `{name}` | {_in_words(field, parts)}{optional} | {example} | {meaning} |")
    return lines


def _in_words(field: Schema, parts: Mapping[str, Schema]) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{'words' if 'enum' in parts[name] else name.lower()})"
    if options := _options(field):
        return " or ".join(_in_words(it, parts) for it in options)
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return " or ".join(f"`{json.dumps(word)}`" for word in field["enum"])
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    null = " or null" * (len(types) > 1)
    if "items" in field:
        return f"list of {_in_words(field['items'], parts)}{null}"
    if "additionalProperties" in field:
        names = field.get("propertyNames")
        key = _in_words(names, parts) if names else "name"
        return f"{_in_words(field['additionalProperties'], parts)} by {key}{null}"
    day = "day" if field.get("format") == "date" else ""
    return (day or {"string": "text", "boolean": "true or false"}.get(types[0], types[0])) + null


# --- files


def files() -> dict[Path, str]:
    """What is written, by path."""
    made: dict[Path, Schema] = {PACKAGE / "openapi.json": openapi()}
    made |= {PACKAGE / "schemas" / f"{kind}.json": it for kind, it in schemas().items()}
    texts = {path: json.dumps(it, ensure_ascii=False, indent=2) + "\n" for path, it in made.items()}
    return {**texts, PAGE: page()}


def new_fields() -> list[str]:
    released = {*RELEASED.read_text(encoding="utf-8").splitlines()} if RELEASED.exists() else set()
    return [line for line in field_lines() if line not in released]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file is stale"
    )
    how.add_argument("--new-fields", action="store_true", help="print fields not released yet")
    asked = parser.parse_args()
    if asked.new_fields:
        sys.stdout.writelines(f"{line}\n" for line in new_fields())
        return
    stale = {
        path: text
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
    if stale and asked.check:
        sys.exit(f"not up to date: {names}: run python scripts/make_schemas.py")
    for path, text in stale.items():
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text)
    if stale:
        print(f"wrote {names}")


if __name__ == "__main__":
    main()
