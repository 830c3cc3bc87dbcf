"""Claims: what the record says of each, why, and what is true instead."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import records
from frtracker.answers.check import MEASURE_WORDS, actor_of, guessed_columns, measure_of
from frtracker.vocabulary import CLAIMED
from test_cli import run
from test_search import USUAL

TOLD = Path(__file__).with_name("claims.csv")
with TOLD.open(encoding="utf-8") as file:
    CLAIMS = list(csv.DictReader(file))


def test_half_of_the_claims_are_right() -> None:
    right = [row for row in CLAIMS if row["verdict"] == "supported"]
    assert (len(CLAIMS), len(right)) == (60, 30)
    assert all(bool(row["error"]) is (row not in right) for row in CLAIMS)


@pytest.fixture(scope="module")
def checked() -> list[dict[str, Any]]:
    """Of the errors that the notes of the record tell of, with the shipped record."""
    result = run("check", str(TOLD), "-f", "json")
    assert "note: columns read: place: place; actor: for; measure: measure; date: date" in (
        result.stderr
    )
    claims: list[dict[str, Any]] = json.loads(result.stdout)["claims"]
    return claims


@pytest.mark.parametrize("number", range(len(CLAIMS)), ids=lambda n: CLAIMS[n]["place"])
def test_each_claim_has_its_verdict(number: int, checked: list[dict[str, Any]]) -> None:
    claim = checked[number]
    assert claim["verdict"].replace("_", " ") == CLAIMS[number]["verdict"], claim["why"]
    assert claim["line"] == number + 2
    assert claim["why"].endswith(".")


def test_what_is_contradicted_has_a_rule_or_a_day_that_says_so(
    checked: list[dict[str, Any]],
) -> None:
    for claim in checked:
        if claim["verdict"] == "contradicted":
            assert claim["nearest"] or claim["policy_ids"] or "no rule in force" in claim["why"]
        if claim["verdict"] == "supported" and claim["measure"] not in ("none", "no_ban"):
            assert claim["source_urls"], claim


RULES = (
    {"policy_id": "us-ma-boston-2020", "subject": "Boston", "effective_on": "2020-06-30"},
    {"policy_id": "us-ma-cambridge-2020", "subject": "Cambridge", "uses": "drone"},
    {
        "policy_id": "us-ma-springfield-2020",
        **{"subject": "Springfield", "measure": "moratorium", "applies_to": "government"},
        **{"effective_on": "[2020-02-25..2020-03-06]", "expires_on": "2022-01-01"},
    },
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    usual = USUAL | {"summary": "The police may not use it."}
    folder = tmp_path_factory.mktemp("record")
    return str(records.write(folder, "policies", (usual | it for it in RULES)))


def one(record: str, place: str, *words: str) -> dict[str, Any]:
    result = run("check", place, *words, "--policies", record, "-f", "json", "-q")
    assert result.exit_code == 0, result.output
    (claim,) = json.loads(result.stdout)["claims"]
    return claim  # type: ignore[no-any-return]


SINGLE = [
    ("Boston, MA", "--measure ban --date 2020-07", "supported", ""),
    ("Boston, MA", "--measure ban --date 2020", "partly", "Boston, MA: ban since 30 Jun 2020"),
    ("Boston, MA", "--date 2020-07", "supported", ""),  # any rule
    ("Boston, MA", "--measure prohibited --date 2021", "supported", ""),
    ("Boston, MA", "--measure restriction --date 2021", "partly", "Boston, MA: ban since"),
    ("Boston, MA", "--measure oversight --date 2021", "contradicted", ""),
    ("Boston, MA", "--measure none --date 2021", "contradicted", "no rule in force, 24 Feb 2020"),
    ("Boston, MA", "--measure no_ban --date 2020-06-29", "supported", ""),
    ("Boston, MA", "--for private --measure no_ban --date 2021", "not_on_record", ""),
    ("Cambridge, MA", "--measure ban --date 2021", "partly", "ban (some uses only)"),
    ("Springfield, MA", "--measure moratorium --date 2020-03-01", "cannot_say", "moratorium, 6"),
    ("Springfield, MA", "--measure moratorium --date 2020-03-06", "supported", ""),
    ("Springfield, MA", "--measure moratorium --date 2023", "contradicted", "moratorium, 6 Mar"),
    ("Springfield, MA", "--measure ban --date 2021", "partly", "moratorium"),
    ("Worcester, MA", "--measure no_ban --date 2021", "not_on_record", ""),
    ("Springfield", "--measure ban", "cannot_say", ""),
    ("Nowhereville, CA", "--measure ban", "not_on_record", ""),
]


@pytest.mark.parametrize(("place", "words", "verdict", "nearest"), SINGLE)
def test_one_claim(place: str, words: str, verdict: str, nearest: str, record: str) -> None:
    claim = one(record, place, *words.split())
    assert claim["verdict"] == verdict, claim["why"]
    assert nearest in (claim["nearest"] or "")


WORDS = [
    ("Law Enforcement", "police"),
    ("businesses", "private"),
    ("city agencies", "government"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "actor"), WORDS)
def test_an_actor_has_many_names(text: str, actor: str) -> None:
    assert actor_of(text) == actor


def test_every_measure_can_be_claimed() -> None:
    assert {*MEASURE_WORDS} == {*CLAIMED}


@pytest.mark.parametrize(
    ("text", "measure"),
    [("Banned", "prohibited"), ("No ban", "no_ban"), ("paused", "moratorium"), ("", "")],
)
def test_a_measure_has_many_names(text: str, measure: str) -> None:
    assert measure_of(text) == measure


HEADERS = [
    ("place,for,measure,date", "place=place actor=for measure=measure date=date"),
    ("City,State,Policy Type,Year", "place=City date=Year region=State"),
    ("Jurisdiction,Status,Effective Date", "place=Jurisdiction measure=Status date=Effective Date"),
    ("state,law", "place=state measure=law"),
    ("company,who,action,when", "place=company actor=who measure=action date=when"),
    ("a,b", ""),
]


@pytest.mark.parametrize(("header", "found"), HEADERS)
def test_columns_are_guessed_by_their_names(header: str, found: str) -> None:
    columns = guessed_columns(header.split(","))
    assert " ".join(f"{field}={name}" for field, name in columns.items()) == found


def test_a_table_of_others_is_read(tmp_path: Path, record: str) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text(
        "\ufeffCity;State;Status;Year\nBoston;MA;Banned;2021\n;;;\nBoston;MA;maybe;2021\n"
        "Boston;MA;Banned;13/2021\n",
        "utf-8",
    )
    result = run("check", str(path), "--policies", record)
    assert "note: columns read: place: City; measure: Status; date: Year; region: State" in (
        result.stderr
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "3 claims: 1 supported, 2 cannot say."
    assert lines[2:4] == [
        "- line 2: Boston, MA: prohibited in 2021: supported",
        "  - 2021, police: ban since 30 Jun 2020.",
    ]
    assert "'maybe' is not one of: ban" in result.stdout
    assert lines[-1].startswith("Cite as: ")


WRONG = [
    ("a,b\n1,2\n", (), 1, ":1: no column has the place: call one of them place, city"),
    ("place\nBoston\n", ("--measure", "ban"), 2, "--measure, --date and --for are for one PLACE"),
    (b"place\n\xff\n", (), 1, "is not UTF-8 text"),
]


@pytest.mark.parametrize(("content", "words", "code", "message"), WRONG)
def test_what_cannot_be_checked(
    content: str | bytes, words: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("check", str(path), *words)
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "none.csv"))
    assert result.exit_code == 1
    assert "none.csv: No such file or directory." in result.stderr


def test_it_says_what_it_supposes(record: str) -> None:
    words = ("--measure", "ban", "--date", "2023", "--policies", record, "-q")
    supposing = ("--suppose", "us-ma-springfield-2020:ends=2024-01-01")
    text = run("check", "Springfield, MA", *words, *supposing).stdout
    assert text.startswith("Supposed, not law: Springfield, MA: moratorium for other agencies")
    assert "- Springfield, MA: ban in 2023: partly" in text
