"""The shapes of version 2 (docs/v2.md): one name for one thing, in every document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from frtracker.answers.documents import SUBJECT_COLUMNS, newest_first
from frtracker.cli import main
from frtracker.record.columns import RECORDED_DATES, TABLES

CALLS = {
    "status": ("status", "--as-of", "2021-06", "--all"),
    "status of a country": ("status", "--country", "US", "--for", "police"),
    "status of a place": ("status", "--subject", "New Orleans"),
    "status of a place without an act": ("status", "--subject", "Detroit"),
    "status as known": ("status", "--as-of", "2020-12-31", "--known-at", "2020-12-05"),
    "show": ("show", "Portland, ME"),
    "show of a place without an act": ("show", "Detroit"),
    "show of a point": ("show", "45.52,-122.68"),
    "status of a point": ("status", "--subject", "45.52,-122.68"),
    "explain": ("explain", "Seattle", "--as-of", "2021-06"),
    "explain of a point": ("explain", "45.52,-122.68"),
    "changes": ("changes", "--since", "2019", "--until", "2026"),
    "upcoming": ("upcoming", "--as-of", "2021-06"),
    "stale": ("stale",),
    "search": ("search", "unlocking", "phones"),
    "show of an act": ("show", "us-ma-boston-2020"),
}

GONE = {
    *("key", "for", "actors", "rules_for", "asked_for", "acts", "rules", "due", "binds", "joins"),
    *("effect", "cause", "by", "days", "sha256", "start", "end", "layer", "name"),
}
LISTS = {
    *("uses", "applies_to", "supersedes", "relates_to", "exceptions", "supports", "causes"),
    *("effects", "policy_ids", "within", "also", "superseded_for", "sources", "policies"),
}
SUBJECT = [*SUBJECT_COLUMNS, "within"]


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    found = {}
    for name, words in CALLS.items():
        result = CliRunner().invoke(main, [*words, "-f", "json"])
        assert result.exit_code == 0, result.stderr
        found[name] = json.loads(result.stdout)
    return found


def parts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for name, each in value.items():
            yield from parts(each, f"{path}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from parts(each, f"{path}[]")


@pytest.mark.parametrize("name", CALLS)
def test_every_document_says_what_it_is(documents: dict[str, Any], name: str) -> None:
    document = documents[name]
    assert list(document)[:2] == ["kind", "schema_version"]
    assert (document["kind"], document["schema_version"]) == (name.split()[0], 2)
    dataset = document["dataset"]
    assert list(dataset) == ["policies", "reviewed_through", "edition", "files", "license"]
    assert set(dataset["files"]) == {f"{table}.csv" for table in TABLES}


@pytest.mark.parametrize("name", CALLS)
def test_one_name_for_one_thing(documents: dict[str, Any], name: str) -> None:
    for path, part in parts(documents[name]):
        assert not GONE & set(part), path
        for field, value in part.items():
            assert value != "", f"{path}.{field}: what is missing is null"
            if field in LISTS and path != ".dataset":  # it counts its policies
                assert isinstance(value, list), f"{path}.{field}"
            if field == "territory":
                assert value is None or value, f"{path}: a territory is a list, or not limited"


@pytest.mark.parametrize("name", CALLS)
def test_a_range_has_its_first_and_its_last_day(documents: dict[str, Any], name: str) -> None:
    runs = ("since", "until", "prohibited_since")
    for path, part in parts(documents[name]):
        asked = {*RECORDED_DATES, "published_on", *(runs if "measure" in part else ())}
        due = "reasons" in part  # since when a row is due is a day
        for field in asked & set(part) if not due else ():
            low, high = part[f"{field}_low"], part[f"{field}_high"]
            assert (part[field] is None) == (high is None), f"{path}.{field}"
            assert low is None or low <= high, f"{path}.{field}"


def test_a_subject_is_the_same_everywhere(documents: dict[str, Any]) -> None:
    for name in ("status", "status of a place", "status of a place without an act"):
        for entry in documents[name]["subjects"]:
            assert list(entry)[: len(SUBJECT)] == SUBJECT
    assert [name for name in documents["show"] if name in SUBJECT] == SUBJECT
    for event in documents["changes"]["events"]:
        assert [name for name in event if name in SUBJECT] == SUBJECT


def dated(policy_id, state="in_force", measure="ban", **days):
    columns = dict.fromkeys(("effective_on_high", "decided_on_high", "introduced_on_high"))
    return {"policy_id": policy_id, "state": state, "measure": measure, **columns, **days}


def test_rules_in_force_come_first_then_the_newest_and_a_repeal_with_what_is_over():
    """Of "introduced by 21 Jul 2022" that is the day, not the first year there is."""
    rules = [
        dated("old", decided_on_high="2019-05-14"),
        dated("by", introduced_on_high="2022-07-21"),
        dated("new", decided_on_high="2022-01-31", effective_on_high="2023-12-31"),
        dated("repeal", measure="none", decided_on_high="2024-01-01"),
        dated("bill", state="proposed", introduced_on_high="2018-01-01"),
        dated("coming", state="scheduled", effective_on_high="2017-01-01"),
        dated("failed", state="failed"),
    ]
    found = [rule["policy_id"] for rule in newest_first(rules)]
    assert found == ["new", "by", "old", "coming", "bill", "repeal", "failed"]
