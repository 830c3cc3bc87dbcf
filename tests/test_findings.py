"""How a finding reads, for people and for programs."""

import json

import pytest

from frtracker.record.findings import (
    DataError,
    Finding,
    brief,
    render,
)

ERROR = Finding(
    "R021",
    "error",
    "policies.csv",
    37,
    "us-wa-bellingham-2021",
    "expires_on",
    "2019-01-01",
    "2019-01-01 is not after effective_on 2020-01-01",
)
WARNING = Finding("R006", "warning", "my, own: 100%.csv", 0, "", "", "", "begins with a mark")


def test_a_finding_is_one_line():
    assert str(ERROR) == (
        "policies.csv:37 us-wa-bellingham-2021 expires_on: error:"
        " 2019-01-01 is not after effective_on 2020-01-01 [R021]"
    )
    assert str(WARNING) == "my, own: 100%.csv: warning: begins with a mark [R006]"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("plain text", "plain text"),
        ("café 東京", "café 東京"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("a\u2028b", r"a\u2028b"),
        ("\U000e0041", r"\U000e0041"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("x" * 10_000_000, "x" * 79 + "…"),
    ],
)
def test_a_value_in_a_message_is_short_and_inert(value, told):
    assert brief(value) == told


def test_nothing_in_a_finding_acts_on_a_terminal():
    hostile = Finding("R1", "error", "a\x1b]0;x\x07.csv", 1, "\x1b[2J", "c\n", "v", "m\r\u202e")
    assert str(hostile).isprintable()


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], "0 errors, 0 warnings"),
        ([ERROR], "1 error, 0 warnings"),
        ([WARNING], "0 errors, 1 warning"),
        ([ERROR, ERROR, WARNING, WARNING], "2 errors, 2 warnings (--verbose lists all)"),
    ],
)
def test_the_summary_counts(found, told):
    assert render(found, [], "table").splitlines()[-1] == told


def test_text_ends_with_notes_and_the_count():
    lines = render([ERROR, WARNING], ["there is no sources.csv"], "table").splitlines()
    assert lines == [
        str(ERROR),
        str(WARNING),
        "note: there is no sources.csv",
        "1 error, 1 warning",
    ]


def test_json_holds_every_field():
    document = json.loads(render([ERROR, WARNING], ["a note"], "json"))
    assert (document["errors"], document["warnings"], document["skipped"]) == (1, 1, ["a note"])
    assert document["findings"][0] == {
        "code": "R021",
        "severity": "error",
        "file": "policies.csv",
        "line": 37,
        "policy_id": "us-wa-bellingham-2021",
        "column": "expires_on",
        "value": "2019-01-01",
        "message": "2019-01-01 is not after effective_on 2020-01-01",
        "more": 0,
        "accepted": "",
    }


def test_github_annotations_keep_their_own_syntax():
    assert render([ERROR, WARNING], [], "github").splitlines() == [
        f"::error file=policies.csv,line=37,title=R021::{ERROR}",
        "::warning file=my%2C own%3A 100%25.csv,title=R006::"
        "my, own: 100%25.csv: warning: begins with a mark [R006]",
    ]
    assert render([], ["a\nnote"], "github") == "::notice::a\\nnote\n"


def test_a_data_error_counts_its_errors():
    assert str(DataError([ERROR, WARNING])) == "1 error in the data"
    assert str(DataError([ERROR, ERROR])) == "2 errors in the data"
