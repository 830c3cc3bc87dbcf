"""Laws side by side: whose rules stand there, what their texts say, what nobody has coded."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import records
from frtracker.vocabulary import PROVISIONS
from test_cli import run
from test_search import USUAL

RULES = (
    {"policy_id": "us-ma-boston-2020", "subject": "Boston"},
    {"policy_id": "us-ma-boston-2021", "subject": "Boston", "measure": "oversight"},
    {"policy_id": "us-or-portland-2020-public", "subject": "Portland", "region": "US-OR"},
    {
        "policy_id": "us-or-portland-2020-private",
        **{"subject": "Portland", "region": "US-OR", "applies_to": "private", "reach": "all"},
    },
    {"policy_id": "us-ca-oakland-2019", "subject": "Oakland", "region": "US-CA"},
    {
        "policy_id": "us-ca-oakland-2021",
        **{"subject": "Oakland", "region": "US-CA", "supersedes": "us-ca-oakland-2019"},
        "decided_on": "2021-01-12",
    },
    {"policy_id": "us-ca-alameda-2019", "subject": "Alameda", "region": "US-CA"},
    {"policy_id": "us-ca-alameda-2018", "subject": "Alameda", "region": "US-CA"}
    | {"measure": "oversight"},
    {"policy_id": "us-ca-davis-2018", "subject": "Davis", "region": "US-CA"}
    | {"measure": "oversight"},
    {"policy_id": "us-ca-davis-2019", "subject": "Davis", "region": "US-CA"}
    | {"effective_on": "[2020-03-01..2026-12-31]"},
    {"policy_id": "us-ca-2018", "subject": "California", "subject_type": "state"}
    | {"region": "US-CA", "measure": "restriction", "applies_to": "private", "reach": "all"},
    {
        "policy_id": "us-ca-berkeley-2019",
        **{"subject": "Berkeley", "region": "US-CA", "status": "failed"},
    },
)
PAGE = "https://example.org/text"
SAID = (
    # policy_id, provision, value, locator, note
    ("us-ma-boston-2020", "contracts", "yes", "16-62(b)(1)(B)", ""),
    ("us-ma-boston-2020", "using_results", "partly", "16-62(b)(2)", "only what was asked for"),
    ("us-or-portland-2020-private", "damages", "yes", "34.10.050", ""),
    ("us-or-portland-2020-private", "private_right_of_action", "yes", "reported: item 2", ""),
    ("us-or-portland-2020-public", "private_right_of_action", "silent", "", ""),
    ("us-ca-alameda-2018", "audit", "yes", "2", ""),
    ("us-ca-oakland-2019", "private_right_of_action", "no", "9.64.050", ""),
    ("us-ca-oakland-2021", "private_right_of_action", "yes", "9.64.050", ""),
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("record")
    said = (
        {"policy_id": it[0], "provision": it[1], "value": it[2], "locator": it[3], "note": it[4]}
        for it in SAID
    )
    order = {"US-CA": 0, "US-MA": 1, "US-OR": 2}
    usual = USUAL | {"summary": "The police may not use it."}
    rules = [usual | it | {"source_url": f"{PAGE}/{it['policy_id']}"} for it in RULES]
    rules.sort(key=lambda it: (order[it["region"]], it["subject"], it["policy_id"]))
    records.write(folder, "provisions", ({"url": PAGE, **it} for it in said))
    return str(records.write(folder, "policies", rules))


def asked(record: str, *words: str) -> dict[str, Any]:
    result = run("compare", *words, "--policies", record, "-f", "json", "-q")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# words, the rules that are compared, the other rules of these places
CHOSEN = [
    # the strictest is coded of nothing, the other is
    (["Alameda, CA"], "us-ca-alameda-2018 us-ca-alameda-2019", ""),
    # the ban may not have begun
    (["Davis, CA"], "us-ca-davis-2018 us-ca-davis-2019", ""),
    (["Boston"], "us-ma-boston-2020", "us-ma-boston-2021"),
    (["Boston", "--measure", "oversight"], "us-ma-boston-2021", ""),
    (["us-ma-boston-2021"], "us-ma-boston-2021", ""),
    (["Oakland, CA"], "us-ca-oakland-2021", ""),
    (["Oakland, CA", "--as-of", "2020"], "us-ca-oakland-2019", ""),
    (["us-ca-oakland-2019"], "us-ca-oakland-2019", ""),  # replaced since
    (["us-ca-berkeley-2019"], "us-ca-berkeley-2019", ""),  # never in force
    (
        ["Portland, OR", "Boston"],
        "us-or-portland-2020-private us-or-portland-2020-public us-ma-boston-2020",
        "us-ma-boston-2021",
    ),
    (["Portland, OR", "--for", "police"], "us-or-portland-2020-public", ""),
    (["Berkeley, CA"], "", ""),
    (["Dallas, TX"], "", ""),
]


@pytest.mark.parametrize(("words", "compared", "besides"), CHOSEN)
def test_a_place_is_compared_by_its_strictest_rules(
    words: list[str], compared: str, besides: str, record: str
) -> None:
    document = asked(record, *words)
    assert " ".join(rule["policy_id"] for rule in document["rules"]) == compared
    assert " ".join(document["besides"]) == besides


def test_rules_of_others_that_apply_there_are_named(record: str) -> None:
    assert asked(record, "Oakland, CA")["applies_there"] == ["us-ca-2018"]
    assert asked(record, "Oakland, CA", "--for", "police")["applies_there"] == []


SEARCHED = [
    # where, who has it, how many others say otherwise, how many are not coded for it
    (["private_right_of_action=yes"], "us-ca-oakland-2021 us-or-portland-2020-private", 1, 7),
    (["private_right_of_action"], "us-ca-oakland-2021 us-or-portland-2020-private", 1, 7),
    (["people can sue"], "us-ca-oakland-2021 us-or-portland-2020-private", 1, 7),
    (["private_right_of_action=silent"], "us-or-portland-2020-public", 2, 7),
    (["private_right_of_action=no"], "", 3, 7),  # that rule has been replaced
    (
        ["private_right_of_action=yes,silent"],
        "us-ca-oakland-2021 us-or-portland-2020-private us-or-portland-2020-public",
        *(0, 7),
    ),
    (
        ["private_right_of_action=yes", "private_right_of_action=silent"],
        "us-ca-oakland-2021 us-or-portland-2020-private us-or-portland-2020-public",
        *(0, 7),
    ),
    # one that has another value of one of them cannot have both
    (["private_right_of_action=yes", "damages=yes"], "us-or-portland-2020-private", 1, 8),
    (["using_results=partly"], "us-ma-boston-2020", 0, 9),
    (["redaction=yes"], "", 0, 10),
]


@pytest.mark.parametrize(("where", "who", "otherwise", "unknown"), SEARCHED)
def test_who_has_it_and_of_whom_nobody_knows(
    where: list[str], who: str, otherwise: int, unknown: int, record: str
) -> None:
    document = asked(record, *(word for it in where for word in ("--where", it)))
    assert " ".join(rule["policy_id"] for rule in document["rules"]) == who
    assert (document["otherwise"], document["not_coded"]) == (otherwise, unknown)


def test_not_coded_is_null_and_has_its_own_mark(record: str) -> None:
    (rule,) = asked(record, "Boston")["rules"]
    assert list(rule["provisions"]) == list(PROVISIONS)
    said = {name: it for name, it in rule["provisions"].items() if it}
    assert {name: it["value"] for name, it in said.items()} == {
        "contracts": "yes",
        "using_results": "partly",
    }
    assert said["contracts"]["note"] is None
    text = run("compare", "Boston", "Portland, OR", "--policies", record).stdout
    (line,) = re.findall(r"^contracts with others.*", text, re.M)
    assert re.split("  +", line)[1:] == ["yes, 16-62(b)(1)(B)", "not coded", "not coded"]
    assert "“not coded”: nobody has read the text for it, which is never “no”." in text
    assert "- Boston, MA: using results: partly: only what was asked for" in text
    assert "25 questions are answered for none of these rules" in text
    assert re.findall(r"^What it .*|^How it .*", text, re.M) == [
        "What it covers",
        "How it is enforced",
    ]


TEXTS = [
    (["Boston"], "1 rule, 22 Nov 2026."),
    (["Dallas, TX"], "No such rule of its own in force or to come on record: Dallas, TX."),
    (
        ["--where", "damages", "--for", "private"],
        "Rules for private users whose text says “damages: yes”, 22 Nov 2026: 1; 1 other is not"
        " coded for it, which is never “no”.",
    ),
    (
        ["--where", "damages", "--for", "police"],
        "Rules for police whose text says “damages: yes”, 22 Nov 2026: none; 8 others are not"
        " coded for it, which is never “no”.",
    ),
]


@pytest.mark.parametrize(("words", "sentence"), TEXTS)
def test_the_first_words(words: list[str], sentence: str, record: str) -> None:
    result = run("compare", *words, "--policies", record, "-q")
    assert sentence in result.stdout.splitlines()[0::2]
    assert result.stdout.splitlines()[-1].startswith("Cite as: ")


def test_the_csv_has_a_row_a_rule_and_a_column_a_provision(record: str) -> None:
    words = ("Portland, OR", "--policies", record, "-f", "csv", "--as-of", "2021", "-q")
    rows = list(csv.DictReader(io.StringIO(run("compare", *words).stdout)))
    names = ("policy_id", "damages", "private_right_of_action", "reported")
    assert [tuple(it[name] for name in names) for it in rows] == [
        ("us-or-portland-2020-private", "yes", "yes", "private_right_of_action"),
        ("us-or-portland-2020-public", "", "silent", ""),
    ]


def test_the_workbook_has_the_places_in_the_texts(record: str, tmp_path: Path) -> None:
    path = tmp_path / "compared.xlsx"
    run("compare", "Portland, OR", "--policies", record, "-o", str(path))
    sheets = pd.read_excel(path, sheet_name=None)
    assert list(sheets["compare"]["damages"].fillna("")) == ["yes", ""]
    assert list(sheets["provisions"]["locator"].fillna("")) == ["reported: item 2", "34.10.050", ""]
    meanings = sheets["Read me"].astype(str).to_numpy().ravel()
    assert PROVISIONS["damages"].definition in meanings


def test_a_place_without_a_rule_has_no_table(record: str) -> None:
    for name in ("html", "markdown"):
        text = run("compare", "Dallas, TX", "--policies", record, "-f", name).stdout
        assert "Dallas, TX" in text
        assert not re.search(r"<table|Texts|damages", text)


def test_of_a_vendor_where_its_rules_apply(tmp_path: Path) -> None:
    """A rule for one country is not hidden by a stricter one for another."""
    vendor = {**USUAL, "subject": "Clearly", "subject_type": "vendor", "country": "US"}
    vendor |= {"region": "", "reach": "", "summary": "It is not sold."}
    rules = [
        vendor | {"policy_id": f"vendor-clearly-{place.lower()}", "territory": place}
        for place in ("AU", "FR", "IT", "GR", "NL", "GB")
    ]
    home = vendor | {"policy_id": "vendor-clearly-us", "territory": "US", "measure": "restriction"}
    path = records.write(tmp_path, "policies", [*rules, home])
    text = run("compare", "Clearly", "--policies", str(path)).stdout
    assert text.startswith("7 rules side by side")
    for place in ("Australia", "France", "United States"):
        assert re.search(rf"^Clearly .* {place} ", text, re.M)


def test_the_page_needs_no_other_file(record: str) -> None:
    words = ("Portland, OR", "Boston", "--policies", record, "-f", "html", "--as-of", "2021", "-q")
    page = run("compare", *words).stdout
    assert page.count('type="checkbox"') == 3 + 6  # rules; groups of questions
    assert not re.search(r"<(link(?! rel=\"icon\")|script|img|iframe)", page)
    assert '<td class="r0 says-yes"><a href="https://example.org/text"' in page
    assert '<td class="r1 says-uncoded">not coded</td>' in page


WRONG = [
    ([], "Error: Name places to compare, or a provision with --where."),
    (["--where", "damage=yes"], "'damage' is no provision. Did you mean 'damages'?"),
    (["--where", "damages=true"], "'true' is not one of: yes, partly, no, silent, unclear."),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_what_cannot_be_asked(words: list[str], message: str, record: str) -> None:
    result = run("compare", *words, "--policies", record)
    assert result.exit_code == 2
    assert message in result.stderr
