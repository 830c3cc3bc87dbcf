"""What the validator says, word for word, beyond what ``said_of_broken.txt`` holds."""

from __future__ import annotations

import pytest

from sound import (
    COMPANY,
    MASSACHUSETTS,
    OAKLAND,
    OAKLAND_2021,
    OAKLAND_2022,
    PORT,
    UNION,
    VENDOR,
    meaning,
    p,
    problems,
)


@pytest.mark.parametrize(
    ("name", "changes", "column", "value", "message"),
    [
        (
            "policies", {PORT: p(decided_on="", status="announced")}, "decided_on", "",
            "the rule is announced, so it needs decided_on or effective_on: write an interval"
            " ([2020-01-01..2020-12-31]) if the day is not known",
        ),
        (
            "policies", {VENDOR: p(effective_on="2020-07", expires_on="2020-07-01")},
            "expires_on", "2020-07-01", "2020-07-01 is not after effective_on 2020-07",
        ),
        (
            "policies", {PORT: p(ends_when="a vote", last_confirmed_on="2022")},
            "ends_when", "a vote", "a ban has no end: a prohibition with one is a moratorium",
        ),
        (
            "policies", {MASSACHUSETTS: p(status="pulled", decided_on="")}, "decided_on", "",
            "is empty: give the day the act was pulled, or the interval in which it did",
        ),
        (
            "policies", {MASSACHUSETTS: p(status="lapsed", decided_on="")}, "decided_on", "",
            "is empty: give the day the act lapsed, or the interval in which it did",
        ),
        (
            "policies", {MASSACHUSETTS: p(status="failed", introduced_on="", decided_on="")},
            "introduced_on", "",
            "a failed act with neither introduced_on nor decided_on is never shown: give one of"
            " them",
        ),
        (
            "policies", {VENDOR: p(reach="all")}, "reach", "all",
            "leave it empty: no places lie inside this vendor",
        ),
        (
            "policies", {COMPANY: p(country="")}, "country", "",
            "is empty: give the ISO code of the company's country",
        ),
        (
            "policies", {UNION: p(country="FR")}, "country", "FR",
            "leave it empty: the members are in territory",
        ),
        (
            "policies", {OAKLAND: p(region="")}, "region", "",
            "is empty: a city here needs its ISO 3166-2 code (US-CA)",
        ),
        (
            "policies", {MASSACHUSETTS: p(relates_to=MASSACHUSETTS)}, "relates_to", MASSACHUSETTS,
            "names itself: remove it",
        ),
        (
            "subjects", {"東京": p(like="Oakland")}, "subject", "東京",
            "has no Latin letter or digit for a key: use the romanised name, and aliases",
        ),
        (
            "subjects", {"York": p(like="Oakland", country="GB", region="", within="Ouse")},
            "within", "Ouse",
            "York (city, GB) lies in 'Ouse', which is no other city, county, agency or school of"
            " GB: add it as a subject, or correct the name",
        ),
        (
            "subjects", {"York": p(like="Oakland", country="", region="", within="Ouse")},
            "within", "Ouse",
            "York (city) lies in 'Ouse', which is no other city, county, agency or school of no"
            " country: add it as a subject, or correct the name",
        ),
        (
            "subjects", {"Port of Oakland": p(longitude="-122.55")}, "latitude", "37.8",
            "Port of Oakland at 37.8, -122.55 lies 2.8 km outside US-CA: right only if our"
            " coastline is too coarse here",
        ),
        (
            "subjects",
            {"San": p(like="Oakland", country="SM", region="", latitude="0.25", longitude="0")},
            "latitude", "0.25",
            "San at 0.25, 0 lies 5,009.1 km outside SM: correct the coordinates (west"
            " and south are negative)",
        ),
        (
            "subjects",
            {"Bureau": p(like="Oakland", region="", latitude="0.25", longitude="0")},
            "latitude", "0.25",
            "Bureau at 0.25, 0 lies 7,434.7 km outside US: correct the coordinates (west and south"
            " are negative)",
        ),
        (
            "subjects",
            {"Lyon": p(like="Oakland", country="FR", region="FR-ARA", latitude="0.25",
                       longitude="0")},
            "latitude", "0.25",
            "Lyon at 0.25, 0 lies 4,667.1 km outside FR: correct the coordinates (west and south"
            " are negative)",
        ),
        (
            "subjects", {"Massachusetts": p(latitude="", longitude="-71.06")}, "latitude", "",
            "Massachusetts (state, US-MA) has one coordinate only: give both or none",
        ),
    ],
)  # fmt: skip
def test_what_else_a_rule_says(name, changes, column, value, message):
    told = [(it.column, it.value, it.message) for it in meaning(**{name: changes})]
    assert (column, value, message) in told


def ring(size: int) -> dict[str, dict[str, str]]:
    """Rows of which each supersedes the next, and the last the first."""
    return {
        f"ring-{n}": p(like=OAKLAND_2021, supersedes=f"ring-{(n + 1) % size}") for n in range(size)
    }


@pytest.mark.parametrize(
    ("size", "path"),
    [
        (2, "ring-0 -> ring-1 -> ring-0"),
        (6, "ring-0 -> ring-1 -> ring-2 -> ring-3 -> ring-4 -> ring-5 -> ring-0"),
        (7, "ring-0 -> ring-1 -> ring-2 -> ring-3 -> ring-4 -> ring-5 -> … -> ring-0"),
    ],
)
def test_a_circle_is_told_by_its_first_rows(size, path):
    (finding,) = [it for it in meaning(policies=ring(size)) if it.code == "R057"]
    assert finding.message == f"the rows supersede each other in a circle: {path}"
    assert (finding.policy_id, finding.value) == ("ring-0", "ring-1")


def test_a_circle_is_told_without_the_rows_that_lead_to_it():
    (finding,) = [
        it
        for it in meaning(policies=ring(3) | {OAKLAND_2021: p(supersedes="ring-1")})
        if it.code == "R057"
    ]
    assert finding.message.endswith(" in a circle: ring-0 -> ring-1 -> ring-2 -> ring-0")
    assert (finding.policy_id, finding.value) == ("ring-0", "ring-1")


def test_a_finding_stands_in_its_row():
    found = meaning(policies={OAKLAND_2021: p(decided_on="", effective_on="2021")})
    (finding,) = [it for it in found if it.code == "R024"]
    assert (finding.file, finding.line, finding.policy_id) == ("policies.csv", 6, OAKLAND_2021)
    assert OAKLAND_2022 not in {it.policy_id for it in found if it.code == "R024"}


PROVABLE = problems.supported_columns(("measure", "decided_on"), ("decided_on",))
WHOLE = "is not a whole web address (https://example.org/page)"


@pytest.mark.parametrize(
    ("check", "text", "message"),
    [
        (problems.filled, "", "is empty, and every row needs it"),
        (problems.word_of(("ban", "none")), "limit", "'limit' is none of ban, none"),
        (problems.word_of(("a", "b"), many=True), "a;c;d", "'c' is none of a, b"),
        (problems.word_of(("a", "b")), "a;b", "'a;b' is none of a, b"),
        (
            problems.listed,
            "a; b",
            "'a; b' must be words joined by ';' with no blanks and none empty",
        ),
        (problems.listed, "c;a;b;b;a", "'a' is named twice; once is right"),
        (problems.dated, "2021-13", "'2021-13' is not a date: there is no month 13."),
        (problems.exact_day, "2026-11-31", "'2026-11-31' is not a date: Nov 2026 has 30 days."),
        (
            problems.link,
            "https://example.org/a b",
            f"'https://example.org/a b' {WHOLE}: it holds blanks or control characters",
        ),
        (
            problems.link,
            "https://example.org/<b>",
            f"'https://example.org/<b>' {WHOLE}:"
            ' percent-encode the characters < > " ` \\ { } | ^',
        ),
        (
            problems.link,
            "https://example.org./a",
            f"'https://example.org./a' {WHOLE}: write the host without its final dot",
        ),
        (problems.link, "https://", f"'https://' {WHOLE}"),
        (problems.link, "https://example.org:99999/", f"'https://example.org:99999/' {WHOLE}"),
        (
            problems.one_line,
            "a\x07b",
            "holds U+0007 (a control character): remove it",
        ),
        (
            problems.lines,
            "a\nb\u200b",
            "holds U+200B (zero width space): remove it",
        ),
        (
            PROVABLE,
            "measure;colour~",
            "'colour~' is no column that a source can prove",
        ),
        (
            PROVABLE,
            "decided_on~;x",
            "'x' is no column that a source can prove",
        ),
        (
            problems.supported_columns(("a",), ()),
            "a~",
            "'a~': '~' (computed) is for dates; write 'a'",
        ),
    ],
)
def test_what_is_said_of_a_cell(check, text, message):
    assert check(text) == message


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (problems.filled, "x"),
        (problems.word_of(("a", "b"), many=True), "a;b"),
        (problems.word_of(("a", "b"), many=True), "a;"),
        (problems.dated, "[2021..2022]"),
        (problems.secure_link, "https://example.org"),
        (problems.lines, "two\nlines, Zürich"),
        (PROVABLE, "measure;decided_on~"),
        (problems.supported_columns(("measure",), ()), "measure;"),
    ],
)
def test_nothing_is_said_of_a_cell_that_is_right(check, text):
    assert check(text) is None
