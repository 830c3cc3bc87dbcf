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
            "an announced rule needs decided_on or effective_on: write an interval"
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
            "empty: give the day on which the act was pulled, or an interval",
        ),
        (
            "policies", {MASSACHUSETTS: p(status="lapsed", decided_on="")}, "decided_on", "",
            "empty: give the day on which the act lapsed, or an interval",
        ),
        (
            "policies", {MASSACHUSETTS: p(status="failed", introduced_on="", decided_on="")},
            "introduced_on", "",
            "a failed act with neither introduced_on nor decided_on is listed only from its review"
            " on: give one",
        ),
        (
            "policies", {VENDOR: p(reach="all")}, "reach", "all",
            "leave it empty: no places are inside this vendor",
        ),
        (
            "policies", {COMPANY: p(country="")}, "country", "",
            "empty: give the ISO code of the company's country",
        ),
        (
            "policies", {UNION: p(country="FR")}, "country", "FR",
            "leave it empty: the members are in territory",
        ),
        (
            "policies", {OAKLAND: p(region="")}, "region", "",
            "empty: give the ISO 3166-2 code of the city (US-CA)",
        ),
        (
            "policies", {MASSACHUSETTS: p(relates_to=MASSACHUSETTS)}, "relates_to", MASSACHUSETTS,
            "the row names itself: remove it",
        ),
        (
            "policies", {MASSACHUSETTS: p(expires_on="9999-01-01")}, "expires_on", "9999-01-01",
            "9999-01-01 is not an end: leave it empty",
        ),
        (
            "subjects", {"東京": p(like="Oakland")}, "subject", "東京",
            "has no Latin letter or digit for a key: use the romanized name, and aliases",
        ),
        (
            "subjects", {"York": p(like="Oakland", country="GB", region="", geoid="0653000")},
            "geoid", "0653000", "York (city, GB) has the geoid 0653000: only US places have one",
        ),
        (
            "subjects", {"York": p(like="Oakland", country="GB", region="", within="Ouse")},
            "within", "Ouse",
            "York (city, GB) is within 'Ouse', but subjects.csv has no city, county, agency or"
            " school of this name there: add it, or correct the name",
        ),
        (
            "subjects", {"York": p(like="Oakland", country="", region="", within="Ouse")},
            "within", "Ouse",
            "York (city) is within 'Ouse', but subjects.csv has no city, county, agency or school"
            " of this name there: add it, or correct the name",
        ),
        (
            "subjects", {"Port of Oakland": p(longitude="-122.55")}, "latitude", "37.8",
            "Port of Oakland at 37.8, -122.55 is 2.8 km outside US-CA: right only if our"
            " coastline is too coarse here",
        ),
        (
            "subjects",
            {"San": p(like="Oakland", country="SM", region="", latitude="0.25", longitude="0")},
            "latitude", "0.25",
            "San at 0.25, 0 is 5,009.1 km outside SM: correct the coordinates (west"
            " and south are negative)",
        ),
        (
            "subjects",
            {"Bureau": p(like="Oakland", region="", latitude="0.25", longitude="0")},
            "latitude", "0.25",
            "Bureau at 0.25, 0 is 7,434.7 km outside US: correct the coordinates (west and south"
            " are negative)",
        ),
        (
            "subjects",
            {"Lyon": p(like="Oakland", country="FR", region="FR-ARA", latitude="0.25",
                       longitude="0")},
            "latitude", "0.25",
            "Lyon at 0.25, 0 is 4,667.1 km outside FR: correct the coordinates (west and south"
            " are negative)",
        ),
        (
            "subjects", {"Massachusetts": p(latitude="", longitude="-71.06")}, "latitude", "",
            "Massachusetts (state, US-MA) has only one coordinate: give both or none",
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
        (problems.filled, "", "empty: every row needs it"),
        (problems.word_of(("ban", "none")), "limit", "'limit' is not one of: ban, none"),
        (problems.word_of(("a", "b"), many=True), "a;c;d", "'c' is not one of: a, b"),
        (problems.word_of(("a", "b")), "a;b", "'a;b' is not one of: a, b"),
        *(
            (
                problems.word_of(("ban", "none")),
                text,
                f"{text!r} is not one of: ban, none. Did you mean 'ban'?",
            )
            for text in ("Ban", "banned", "bans")
        ),
        (
            problems.word_of(("police", "government"), many=True),
            "police;goverment",
            "'goverment' is not one of: police, government. Did you mean 'government'?",
        ),
        (problems.country, "us", "'us' is not an ISO 3166-1 code (US, GB). Did you mean 'US'?"),
        (
            problems.region,
            "VT",
            "'VT' is not an ISO 3166-2 code (US-CA, CA-QC). Did you mean 'US-VT'?",
        ),
        (
            problems.slugged,
            "US CA Oakland",
            "'US CA Oakland' is not an id: use a-z, 0-9 and single hyphens. Did you mean"
            " 'us-ca-oakland'?",
        ),
        (
            problems.slugged,
            "-",
            "'-' is not an id: use a-z, 0-9 and single hyphens (us-ca-oakland-2019)",
        ),
        (
            problems.reformatted,
            "6/30/2021",
            "'6/30/2021': write 2021-06-30; a spreadsheet may have changed the column",
        ),
        (
            problems.reformatted,
            "5/6/2021",
            "'5/6/2021': write 2021-05-06 (month first) or 2021-06-05 (day first); a spreadsheet"
            " may have changed the column",
        ),
        (
            problems.dated,
            "22-May",
            "'22-May' has no year (a spreadsheet may have removed it): see the source",
        ),
        (
            problems.typed,
            "2026-10\u201105",
            "'2026-10\u201105' contains U+2011 (non-breaking hyphen): type '-'",
        ),
        (
            problems.typed,
            "us-ma\u00a02020",
            "'us-ma\u00a02020' contains U+00A0 (no-break space): remove it",
        ),
        (
            problems.typed,
            "ban\u200b",
            r"'ban\u200b' contains U+200B (zero width space): remove it",
        ),
        (
            problems.blanks,
            "\u00a0ban",
            "'\\xa0ban' begins or ends with a blank: `frtracker fmt` removes it",
        ),
        (
            problems.listed,
            "a; b",
            "'a; b': join words with ';' and no blanks, as `frtracker fmt` does",
        ),
        (problems.listed, "c;a;b;b;a", "'a' is listed twice"),
        (problems.dated, "2021-13", "'2021-13' is not a date: there is no month 13"),
        (problems.exact_day, "2026-11-31", "'2026-11-31' is not a date: Nov 2026 has 30 days"),
        (
            problems.link,
            "https://example.org/a b",
            f"'https://example.org/a b' {WHOLE}: it contains blanks or control characters",
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
            "contains U+0007 (a control character): remove it",
        ),
        (
            problems.lines,
            "a\nb\u200b",
            "contains U+200B (zero width space): remove it",
        ),
        (
            PROVABLE,
            "measure;colour~",
            "'colour~' is not a column that a source can prove",
        ),
        (
            PROVABLE,
            "decided_on~;x",
            "'x' is not a column that a source can prove",
        ),
        (
            problems.supported_columns(("a",), ()),
            "a~",
            "'a~': '~' (computed) is for dates only: write 'a'",
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
