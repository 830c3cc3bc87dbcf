"""Claims: what the record says of each, why, and what is true instead."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import records
from frtracker.answers.check import check
from frtracker.answers.claims import (
    MEASURE_WORDS,
    Claim,
    actors_of,
    days_of,
    guessed_columns,
    measure_of,
)
from frtracker.answers.status import UNFILTERED, status
from frtracker.cli import main
from frtracker.record import load
from frtracker.timeline import build
from frtracker.vocabulary import CLAIMED, PROHIBITING_MEASURES
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
    assert "note: columns read: place: place; actors: for; measure: measure; date: date" in (
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


def test_no_rule_in_force_is_denied_and_no_prohibition_is_no_ban() -> None:
    """Of each rule that is surely in force on a day, for the first whom it is for: its measure is
    true, at least of some uses or countries, and that there is no ban or no rule is not."""
    tables, day = load.read(None), date(2026, 12, 1)
    rules = [
        rule
        for subject in status(tables, build(tables.policies), day, filters=UNFILTERED)["subjects"]
        for rule in subject["policies"]
        if rule["state"] == "in_force" and rule["certain"] and rule["measure"] != "none"
    ]
    assert len(rules) > 200
    claims: list[tuple[Claim, set[str]]] = []
    for rule in rules:
        (actor, *_) = [it for it in rule["applies_to"] if it not in rule["superseded_for"]]
        is_whole = rule["scope"] == "general" and not rule["territory"]
        own = {"supported"} if is_whole else {"supported", "partly"}
        denied = {"contradicted"} if is_whole else {"contradicted", "partly"}
        claims.append((Claim(rule["policy_id"], (actor,), rule["measure"]), own))
        claims.append((Claim(rule["policy_id"], (actor,), "none"), denied))
        if rule["measure"] in PROHIBITING_MEASURES:
            claims.append((Claim(rule["policy_id"], (actor,), "no_ban"), denied))
    for found, (claim, verdicts) in zip(
        check(tables, [it for it, _ in claims], day)["claims"], claims, strict=True
    ):
        assert found["verdict"] in verdicts, (claim, found["why"])


RULES = (
    {"policy_id": "us-ma-boston-2020", "subject": "Boston", "effective_on": "2020-06-30"},
    {"policy_id": "us-ma-cambridge-2020", "subject": "Cambridge", "uses": "drone"},
    {"policy_id": "us-ma-boston-2019", "subject": "Boston", "measure": "oversight"}
    | {"decided_on": "2019-01-28", "effective_on": "2019-02", "applies_to": "police;schools"},
    {"policy_id": "us-ma-lynn-2020", "subject": "Lynn", "measure": "oversight"}
    | {"decided_on": "2019-12", "effective_on": "[2020-01-01..2022-12-31]"},
    {"policy_id": "us-ma-lynn-2019", "subject": "Lynn", "decided_on": "2019-06-01"},
    # two narrow rules, each since a day of its own; a proposal of which no more is known
    {"policy_id": "us-ma-quincy-2019", "subject": "Quincy", "uses": "drone"}
    | {"decided_on": "2019-03-01", "effective_on": "2019-04-01"},
    {"policy_id": "us-ma-quincy-2020", "subject": "Quincy", "uses": "body_camera"}
    | {"effective_on": "2020-05-01"},
    {"policy_id": "us-ma-quincy-2021", "subject": "Quincy", "measure": "oversight"}
    | {"status": "unknown", "decided_on": "", "introduced_on": "2021-05-01"},
    # a rule of an unknown first day goes on in a second; one whose sources are in doubt
    {"policy_id": "us-ma-salem-2020", "subject": "Salem"},
    {"policy_id": "us-ma-salem-2021", "subject": "Salem", "supersedes": "us-ma-salem-2020"}
    | {"decided_on": "2021-03-01", "effective_on": "2021-04-01"},
    {"policy_id": "us-ma-lowell-2020", "subject": "Lowell", "measure": "restriction"}
    | {"confidence": "low"},
    # a rule that ended on an unknown day of a month
    {"policy_id": "us-ma-newton-2020", "subject": "Newton", "measure": "moratorium"}
    | {"expires_on": "2021-02"},
    {"policy_id": "us-ma-2023", "subject": "Massachusetts", "subject_type": "state"}
    | {"measure": "restriction", "applies_to": "private", "reach": "all"}
    | {"decided_on": "2023-12-01", "effective_on": "2024-01-01"},
    {
        "policy_id": "us-ma-springfield-2020",
        **{"subject": "Springfield", "measure": "moratorium", "applies_to": "government"},
        **{"effective_on": "[2020-02-25..2020-03-06]", "expires_on": "2022-01-01"},
    },
    *(
        {"region": "US-VT"} | it
        for it in (
            {"policy_id": "us-vt-2024", "subject": "Vermont", "subject_type": "state"}
            | {"measure": "restriction", "reach": "all"}
            | {"decided_on": "2024-01-01", "effective_on": "2024-06-01"},
            {"policy_id": "us-vt-2025", "subject": "Vermont", "subject_type": "state"}
            | {"applies_to": "government", "reach": "all"}
            | {"decided_on": "2025-01-01", "effective_on": "2025-06-01"},
            {"policy_id": "us-vt-barre-2025", "subject": "Barre", "applies_to": "government"}
            | {"decided_on": "2025-02-01", "effective_on": "2025-09"},
            {"policy_id": "us-vt-burlington-2019", "subject": "Burlington"}
            | {"measure": "oversight", "decided_on": "2019-01-28", "effective_on": "2019-02"},
            {"policy_id": "us-vt-burlington-2020", "subject": "Burlington"}
            | {"effective_on": "2020-06-30"},
        )
    ),
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


# place, words, verdict, what the reason has, what the nearest true statement has
BAN = "ban for police, since 30 Jun 2020"
PAUSE = "moratorium for other agencies, since a day between 25 Feb and 6 Mar 2020, through 31 Dec"
SINGLE = [
    ("Boston, MA", "--measure ban --for police --date 2020-07", "supported", BAN, ""),
    (
        "Boston, MA",
        "--measure ban --for police --date 2020",
        "partly",
        "not on all of these days",
        f"Boston, MA: {BAN}",
    ),
    ("Boston, MA", "--date 2020-07", "supported", f"{BAN}; oversight for schools, since Feb", ""),
    ("Boston, MA", "--measure ban --date 2020-07", "partly", f"{BAN}; not for schools.", ""),
    ("Boston, MA", "--measure prohibited --for police --date 2021", "supported", BAN, ""),
    ("Boston, MA", "--measure restriction --for police --date 2021", "partly", BAN, BAN),
    # a rule that a stricter one stands above is in force
    (
        "Boston, MA",
        "--measure oversight --for police --date 2021",
        "supported",
        "oversight for police, since Feb 2019, and ban, since 30 Jun 2020.",
        "",
    ),
    (
        "Boston, MA",
        "--measure none --for police --date 2021",
        "contradicted",
        BAN,
        "Boston, MA: no rule in force for police, until Feb 2019",
    ),
    ("Boston, MA", "--measure no_ban --for police --date 2020-06-29", "supported", "oversight", ""),
    (
        "Boston, MA",
        "--for private --measure no_ban --date 2021",
        "not_on_record",
        "No act of its own for private users is on record, which is not “no ban”.",
        "",
    ),
    # a state's rule on what is asked is said, and contradicts that there is none
    (
        "Boston, MA",
        "--for private --measure ban --date 2025",
        "not_on_record",
        "in force there: restriction for private users, by Massachusetts, since 1 Jan 2024.",
        "",
    ),
    (
        "Boston, MA",
        "--for private --measure none --date 2025",
        "contradicted",
        "by Massachusetts",
        "",
    ),
    # that there is none is denied by one rule, whomever it is for
    (
        "Boston, MA",
        "--measure no_ban --date 2021",
        "contradicted",
        BAN,
        "Boston, MA: no ban for police, through 29 Jun 2020",
    ),
    # the makers are named, each with its day, and a rule goes on beside a stricter one
    (
        "Burlington, VT",
        "--for police --measure restriction --date 2025",
        "supported",
        "restriction for police, by Vermont, since 1 Jun 2024, and ban, since 30 Jun 2020.",
        "",
    ),
    (
        "Burlington, VT",
        "--for police --measure oversight --date 2019-06-30",
        "supported",
        "30 Jun 2019: oversight for police, since Feb 2019.",
        "",
    ),
    (
        "Barre, VT",
        "--for government --measure ban --date 2026-01",
        "supported",
        "ban for other agencies, by Barre, since Sep 2025, and by Vermont, since 1 Jun 2025.",
        "",
    ),
    (
        "Quincy, MA",
        "--measure ban --date 2021",
        "partly",
        "ban (drones only) for police, since 1 Apr 2019, and ban (body cameras only), since 1 May",
        "",
    ),
    (
        "Quincy, MA",
        "--measure ban --date 2019-06",
        "partly",
        "Jun 2019: ban (drones only) for police, since 1 Apr 2019.",
        "",
    ),
    (
        "Quincy, MA",
        "--measure oversight --date 2022",
        "cannot_say",
        "since 1 May 2020; whether us-ma-quincy-2021 became law is not known.",
        "",
    ),
    ("Quincy, MA", "--measure oversight --date 2021-04", "contradicted", "since 1 May 2020.", ""),
    (
        "Salem, MA",
        "--measure ban --date 2022",
        "supported",
        "ban for police, adopted 24 Feb 2020, start date not recorded.",
        "",
    ),
    (
        "Lowell, MA",
        "--measure ban --date 2022",
        "cannot_say",
        "uncertain: restriction or no rule for police; the record leaves it open.",
        "",
    ),
    (
        "Newton, MA",
        "--measure none --date 2022",
        "supported",
        "2022: no rule in force for police, since Feb 2021.",
        "",
    ),
    ("Cambridge, MA", "--measure ban --date 2021", "partly", "ban (drones only) for police", ""),
    ("Cambridge, MA", "--measure moratorium --date 2021", "partly", "ban (drones only)", ""),
    (
        "Cambridge, MA",
        "--measure no_ban --date 2021",
        "partly",
        "ban (drones only)",
        "Cambridge, MA: no ban for police, through 23 Feb 2020",
    ),
    (
        "Lynn, MA",
        "--measure oversight --date 2021-06-01",
        "cannot_say",
        "uncertain: oversight",
        "oversight for police",
    ),
    (
        "Springfield, MA",
        "--measure moratorium --date 2020-03-01",
        "cannot_say",
        "uncertain: moratorium or no rule for other agencies; the record leaves it open",
        PAUSE,
    ),
    ("Springfield, MA", "--measure moratorium --date 2020-03-06", "supported", PAUSE, ""),
    (
        "Springfield, MA",
        "--measure moratorium --date 2020-03",
        "partly",
        "not on all of these days",
        PAUSE,
    ),
    (
        "Springfield, MA",
        "--measure moratorium --date 2023",
        "contradicted",
        "no rule in force for other agencies, since 1 Jan 2022",
        PAUSE,
    ),
    ("Springfield, MA", "--measure ban --date 2021", "partly", PAUSE, PAUSE),
    ("Worcester, MA", "--measure no_ban --date 2021", "not_on_record", "which is not “no ban”", ""),
    (
        "Boston, MA",
        "--measure ban --for police --date 2031",
        "supported",
        "; the record was last reviewed on 22 Nov 2026.",
        "",
    ),
]


@pytest.mark.parametrize(("place", "words", "verdict", "why", "nearest"), SINGLE)
def test_one_claim(
    place: str, words: str, verdict: str, why: str, nearest: str, record: str
) -> None:
    claim = one(record, place, *words.split())
    assert claim["verdict"] == verdict, claim["why"]
    assert why in claim["why"]
    assert nearest in (claim["nearest"] or "")


PROOFS = [
    # what is said, and the rules that prove each part of it
    ("Burlington, VT", "--for police --measure oversight --date 2021", "2019 2020"),
    ("Burlington, VT", "--for police --measure restriction --date 2025", "2024 2020"),
    ("Barre, VT", "--for government --measure ban --date 2026-01", "2025 2025"),
    ("Springfield, MA", "--for government --measure ban --date 2023", "2020"),  # the nearest
]


@pytest.mark.parametrize(("place", "words", "years"), PROOFS)
def test_each_part_of_the_reason_has_its_rule(
    place: str, words: str, years: str, record: str
) -> None:
    ids = one(record, place, *words.split())["policy_ids"]
    assert [it.rpartition("-")[2] for it in ids] == years.split()


NOT_UNDERSTOOD = [
    ("Springfield", '  frtracker check "Springfield, MA"    (city, us-ma-springfield'),
    ("Nowhereville, CA", "No place or subject is named 'Nowhereville, CA'"),
]


@pytest.mark.parametrize(("place", "message"), NOT_UNDERSTOOD)
def test_one_place_that_is_not_understood_ends_the_call(place: str, message: str) -> None:
    result = run("check", place, "--measure", "ban")
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


WORDS = [
    ("Law Enforcement", ["police"]),
    ("businesses", ["private"]),
    ("city agencies; police", ["police", "government"]),
    ("police and schools", ["police", "schools"]),
    ("", []),
    ("N/A", []),
]


@pytest.mark.parametrize(("text", "actors"), WORDS)
def test_actors_have_many_names(text: str, actors: list[str]) -> None:
    assert [*actors_of(text)] == actors


@pytest.mark.parametrize(
    ("text", "days"),
    [("2021-06", "2021-06"), ("June 2021", "2021-06"), ("6/30/2021", "2021-06-30")],
)
def test_a_date_may_be_in_any_form_that_has_one_meaning(text: str, days: str) -> None:
    assert str(days_of(text)) == days


def test_every_measure_can_be_claimed() -> None:
    assert {*MEASURE_WORDS} == {*CLAIMED}


@pytest.mark.parametrize(
    ("text", "measure"),
    [("Banned", "prohibited"), ("No ban", "no_ban"), ("paused", "moratorium"), ("", "")],
)
def test_a_measure_has_many_names(text: str, measure: str) -> None:
    assert measure_of(text) == measure


HEADERS = [
    ("place,for,measure,date", "place=place actors=for measure=measure date=date"),
    ("City,State,Policy Type,Year", "place=City date=Year region=State"),
    ("Jurisdiction,Status,Effective Date", "place=Jurisdiction measure=Status"),
    ("City,Country,For whom", "place=City actors=For whom country=Country"),
    ("state,law", "place=state measure=law"),
    ("company,who,action,when", "place=company actors=who measure=action date=when"),
    ("a,b", ""),
]


@pytest.mark.parametrize(("header", "found"), HEADERS)
def test_columns_are_guessed_by_their_names(header: str, found: str) -> None:
    columns = guessed_columns(header.split(","))
    assert " ".join(f"{field}={name}" for field, name in columns.items()) == found


# of the shipped record: the claim, the verdict, the reason, the rules that it rests on
SHIPPED = [
    # what only a body of the place has done is said beside what the place has done, never for it
    (
        "Netherlands --for police --measure moratorium --date 2021",
        "partly",
        "No act of its own for police is on record, which is not “no ban”; by a body there, Dutch"
        " National Police, Netherlands: moratorium for police, adopted",
        ["nl-police-2019"],
    ),
    (
        "us-wa-king-county --for police --measure ban --date 2021",
        "partly",
        "2021: ban for police, since a day between 17 and 27 Jun 2021; not on all of these days.",
        ["us-wa-king-county-2021"],
    ),
    # a rule of a vendor for another country is a rule
    (
        "Clearview --for police --measure none --date 2019",
        "supported",
        "2019: no rule in force for police, through 5 May 2020.",
        [],
    ),
    # a doubtful rule beside one that is sure takes nothing from it
    (
        "Detroit --for police --measure ban --date 2026-12-01",
        "contradicted",
        "restriction for police, by Detroit Police Department, adopted 19 Sep 2019",
        ["us-mi-detroit-2019", "us-mi-detroit-2024", "us-mi-detroit-2023"],
    ),
]


@pytest.mark.parametrize(("words", "verdict", "why", "ids"), SHIPPED)
def test_what_the_record_says(words: str, verdict: str, why: str, ids: list[str]) -> None:
    result = run("check", *words.split(), "-f", "json", "-q")
    (claim,) = json.loads(result.stdout)["claims"]
    assert claim["verdict"] == verdict
    assert why in claim["why"]
    assert claim["policy_ids"] == ids


def test_a_claim_about_several_is_answered_for_each(record: str) -> None:
    claims = "place,who,measure,date\nBoston,police;private;schools,ban,2021\n"
    words = ("check", "-", "--policies", record, "-f", "json", "-q")
    (claim,) = json.loads(CliRunner().invoke(main, words, input=claims).stdout)["claims"]
    assert (
        claim["why"]
        == f"2021: {BAN}; not for schools; no act of its own on record for private users."
    )


def test_a_table_of_others_is_read(tmp_path: Path, record: str) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text(
        "\ufeffCity;State;Status;Year;Since;Remark\nBoston;MA;Banned;2021;;\n\n;;;;;\n"
        'Boston;MA;maybe;2021;;"two\nlines"\nBoston;MA;Banned;5/6/2021;;\n;Massachusetts;none;2025;;\n'
        "Nowhereville;MA;Banned;;;\nSpringfield;;Banned;;;\n"
        ";;Banned;;;\nBoston;MA;Banned;;;;MA\n",
        "utf-8",
    )
    result = run("check", str(path), "--policies", record)
    assert "note: columns read: place: City; measure: Status; date: Year; region: State" in (
        result.stderr
    )
    assert "note: columns not read: Since, Remark" in result.stderr
    assert result.stdout.splitlines()[:-2] == [
        "8 claims: 1 partly, 1 contradicted, 2 cannot say, 4 not checked.",
        "",
        "- line 2: Boston, MA: prohibited in 2021: partly",
        f"  - 2021: {BAN}; not for schools.",
        "  - https://example.org/act",
        "- line 5: Boston, MA: not checked",
        f"  - Status: 'maybe' is not one of: {', '.join(MEASURE_WORDS)}.",
        "- line 7: Boston, MA: not checked",
        "  - Year: '5/6/2021' is not a date. Did you mean 2021-05-06 or 2021-06-05?",
        "- line 8: Massachusetts: no rule in 2025: contradicted",
        "  - 2025: restriction for private users, since 1 Jan 2024.",
        "  - nearest: Massachusetts: no rule in force for private users, through 31 Dec 2023",
        "  - https://example.org/act",
        "- line 9: Nowhereville, MA: prohibited: cannot say",
        "  - No place or subject is named 'Nowhereville, MA'. Did you mean Somerville, MA?",
        "- line 10: Springfield: prohibited: cannot say",
        "  - 'Springfield' can mean several places: Springfield, MO; Springfield, MA; Springfield,"
        " IL; 18 more.",
        "- line 11: not checked",
        "  - City: empty.",
        "- line 12: Boston, MA: not checked",
        "  - more cells than columns: write a cell with a comma in quotation marks.",
    ]


COUNTRIES = [("Birmingham,GB", None), ("Paris,France", None), ("Nanjing,CN", "Nanjing, Jiangsu")]


@pytest.mark.parametrize(("row", "label"), COUNTRIES)
def test_a_country_beside_a_city_is_where_it_is(row: str, label: str | None) -> None:
    words = ["check", "-", "-f", "json", "-q"]
    result = CliRunner().invoke(main, words, input=f"City,Country\n{row}\n")
    (claim,) = json.loads(result.stdout)["claims"]
    assert claim["label"] == label


WRONG = [
    ("a,b\n1,2\n", (), 1, ":1: no column has the place: call one of them place, city"),
    ("place\nBoston\n", ("--measure", "ban"), 2, "--measure, --date and --for are for one PLACE"),
    (b"place\n\xff\n", (), 1, "is not UTF-8 text"),
    ("place,measure,place\n", (), 1, ":1: two columns are called 'place'."),
    ("City,measure,city \n", (), 1, ":1: two columns are called 'City'."),
    ('place,measure\n"Boston, MA,ban\nVermont,ban\n', (), 1, ": a quotation mark is never closed."),
    ("place,measure\n\n,\n", (), 1, " has no claims, only the names of columns."),
    ("", (), 1, "claims.csv is empty."),
    (f'place\n"{"x" * 200_000}\n', (), 1, ":1: not a CSV table (field larger than field limit"),
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
