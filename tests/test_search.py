"""Search: word forms, phrases, which act comes first, where the words are."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

import records
from test_cli import run

ACTS = {
    "a": {
        "summary": "The police may not use face recognition, unless a phone is to be unlocked.",
        "exceptions": "Unlocking a phone; Redaction of records",
        "instrument": "Ordinance 12 on body cameras",
        "notes": "First reading in May. The U.S. census is not concerned. Cameras on bodies are.",
    },
    "b": {
        "summary": "The police may not use drones.",
        "exceptions": "Missing children",
        "instrument": "Ordinance 13",
        "notes": "An unlocked phone is mentioned. Phones of the city are not.",
    },
    "c": {
        "summary": "City offices may not buy the technology.",
        "instrument": "Résolution 14",
        "notes": "Nothing more is known about it.",
        "status": "failed",
        "decided_on": "2020-05-01",
    },
}
USUAL = {
    "subject": "Springfield",
    "subject_type": "city",
    "country": "US",
    "region": "US-MA",
    "measure": "ban",
    "uses": "any",
    "applies_to": "police",
    "reach": "own",
    "status": "adopted",
    "decided_on": "2020-02-24",
    "source_url": "https://example.org/act",
    "confidence": "high",
    "reviewed_on": "2026-11-22",
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    rows = [USUAL | {"policy_id": f"us-ma-springfield-{name}"} | it for name, it in ACTS.items()]
    return str(records.write(tmp_path_factory.mktemp("record"), "policies", rows))


def found(record: str, *words: str) -> list[dict[str, Any]]:
    result = run("search", *words, "--policies", record, "-f", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["results"]


def names(record: str, *words: str) -> str:
    return "".join(act["policy_id"][-1] for act in found(record, *words))


WORDS = [
    (["unlock"], "ab"),  # word forms; a summary counts more than notes
    (["Unlocking"], "ab"),
    (["redacted"], "a"),
    (["resolution"], "c"),  # accents
    (["drone"], "b"),
    (["the"], "abc"),  # alone it is a word like any other
    (["the", "drones"], "b"),
    (["phones", "children"], "ba"),  # both words first
    (["children phones"], "ba"),
    (['"body camera"'], "a"),  # a phrase in order, in any form
    (['"camera body"'], ""),
    (["body cameras", "police"], "ab"),  # one of several texts: a phrase
    (["camera bodies", "police"], "ab"),
    (['"may not use drones"'], "b"),
    (["technology", "--as-of", "2021"], ""),  # a bill that failed is in force on no day
    (["police", "--as-of", "2019"], ""),
    (["police", "--as-of", "2021"], "ab"),
    (["police", "--for", "schools"], ""),
    (["police", "--measure", "restriction"], ""),
    (["police", "--region", "ME"], ""),
    (["police", "--subject", "Springfield, MA"], "ab"),
    (["nowhere"], ""),
]


@pytest.mark.parametrize(("words", "acts"), WORDS, ids=lambda it: " ".join(it))
def test_which_acts_have_the_words(record: str, words: list[str], acts: str) -> None:
    assert names(record, *words) == acts


HITS = [
    (["unlocking", "redaction"], [
        ("exceptions", "Redaction of records", ["Redaction"]),
        ("summary", ACTS["a"]["summary"], ["unlocked"]),
    ]),
    (["census"], [("notes", "The U.S. census is not concerned.", ["census"])]),
    (['"body cameras"', "ordinance"], [("instrument", "Ordinance 12 on body cameras",
                                        ["Ordinance", "body cameras"])]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "hits"), HITS)
def test_a_hit_is_shown_in_its_sentence(
    record: str, words: list[str], hits: list[tuple[str, str, list[str]]]
) -> None:
    act = found(record, *words)[0]
    shown = [
        (hit["field"], hit["text"], [hit["text"][start:end] for start, end in hit["spans"]])
        for hit in act["hits"]
    ]
    assert sorted(shown) == sorted(hits)


def test_the_formats_say_the_same(record: str) -> None:
    words = ("search", "phone", "children", "--policies", record)
    text, markdown = (run(*words, "-f", form).stdout for form in ("table", "markdown"))
    assert text.startswith("1 act with all of: phone, children; 1 with some of these words\n")
    for shown in (text, markdown):
        assert "1. Springfield, MA: ban for police; in force" in shown
        assert "exceptions: Missing children" in shown
        assert "https://example.org/act" in shown
    rows = list(csv.DictReader(io.StringIO(run(*words, "-f", "csv").stdout)))
    assert [(row["policy_id"][-1], row["all_words"], row["field"]) for row in rows] == [
        ("b", "true", "exceptions"),
        ("a", "false", rows[1]["field"]),
    ]
    assert rows[0]["sentence"] == "Missing children"


def test_a_long_list_is_cut_with_a_word(record: str) -> None:
    text = run("search", "police", "--limit", "1", "--policies", record).stdout
    assert text.startswith("2 acts with: police\n")
    assert "\n\n1 more: --limit 2 shows all.\n\nCite as: " in text
    assert len(found(record, "police", "--limit", "1")) == 1


def test_known_at_finds_nothing_that_came_later(record: str) -> None:
    assert names(record, "police", "--known-at", "2019") == ""
    assert names(record, "police", "--known-at", "2021", "--as-of", "2021") == "ab"


def test_the_clerks_question() -> None:
    """Cities of the shipped record whose ban exempts unlocking phones."""
    words = ("cities", "whose", "ban", "exempts", "unlocking", "phones")
    result = run("search", *words, "--type", "city", "--measure", "ban", "-f", "json")
    first = [act["policy_id"] for act in json.loads(result.stdout)["results"]][:4]
    assert sorted(first) == [
        "us-ca-alameda-2019",
        "us-mn-minneapolis-2021",
        "us-or-portland-2020-public",
        "us-wi-madison-2020",
    ]


def test_a_place_has_the_acts_that_reach_it() -> None:
    result = run("search", "police", "--subject", "New Orleans", "-f", "json")
    relations = {act["relation"] for act in json.loads(result.stdout)["results"]}
    assert {"own", "agency"} <= relations
