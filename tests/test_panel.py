"""The panel: subject × period, counted exactly, with doubt and absence kept apart."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frtracker.answers.documents import heading
from frtracker.cli import main
from frtracker.dates import parse
from frtracker.layers import Joint, Readings, layers
from frtracker.panels import panel, periods_between, sensitivity
from frtracker.panels.exposure import on_clock
from frtracker.places.place import of_subject
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load as table
from frtracker.text.sheet import render_frame as render
from frtracker.timeline import build, positions_on
from tables import policies

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, str]

BAN: Row = {"policy_id": "ban", "decided_on": "2020-03-10", "effective_on": "2020-05-21"}
MORATORIUM: Row = BAN | {"measure": "moratorium", "expires_on": "2020-08-01"}
LIFTED: Row = {"measure": "none", "decided_on": "2020-07-16", "supersedes": "ban"}
SUBJECT = ["subject_key", "subject", "subject_type", "country", "region"]


def tables(rows: list[Row], searches: list[tuple[str, str, str, str]] = ()) -> Any:
    """What a panel reads of the tables: the places are those of the rows."""
    frame = policies(rows)
    places = (
        frame[SUBJECT]
        .drop_duplicates("subject_key")
        .assign(**dict.fromkeys(["within", "aliases", "geoid"], ""), population=float("nan"))
    )
    columns = ["country", "region", "level", "searched_on"]
    return SimpleNamespace(
        policies=frame,
        subjects=places.reset_index(drop=True),
        searches=pd.DataFrame(searches, columns=columns, dtype="str"),
    )


def of(rows: list[Row], first: str, last: str, **asked: Any) -> pd.DataFrame:
    return panel(tables(rows), parse(first).low, parse(last).high, **asked)


@cache
def shipped() -> table.Tables:
    return table.read()


# --- Periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "freq", "expected"),
    [
        ("2019-12", "2020-02", "month", "2019-12 2020-01 2020-02"),
        ("2019-12-31", "2019-12-31", "month", "2019-12"),
        ("2019-11-05", "2020-04-01", "quarter", "2019-Q4 2020-Q1 2020-Q2"),
        ("2019-06", "2020-06", "year", "2019 2020"),
        ("0001", "0001", "year", "0001"),
        ("9999-12", "9999-12", "month", "9999-12"),
    ],
)
def test_periods_are_whole_ones_of_the_calendar(
    first: str, last: str, freq: str, expected: str
) -> None:
    found = of([BAN], first, last, freq=freq)
    assert " ".join(found["period"]) == expected
    assert len(periods_between(parse(first).low, parse(last).high, freq)) == len(found)
    days = zip(found["first_day"].dt.date, found["last_day"].dt.date, strict=True)
    for (_, before), (after, _) in pairwise(days):
        assert after - before == timedelta(days=1)
    assert (found["event_time"].diff().dropna() == 1).all()


# --- What one subject's periods hold ----------------------------------------------------------

COUNTED = [
    ([BAN], "month", "2020-04: none 0 0; 2020-05: ban 11 0; 2020-06: ban 30 0"),
    ([BAN], "quarter", "2020-Q2: ban 41 0"),
    ([BAN | {"effective_on": "2020-05"}], "month",
     "2020-04: none 0 0; 2020-05: ban 1 30; 2020-06: ban 30 0"),
    ([BAN | {"effective_on": "[2020-05..2020-06]"}], "month",
     "2020-04: none 0 0; 2020-05: ban? 0 31; 2020-06: ban 1 29"),
    ([BAN | {"confidence": "low"}], "quarter", "2020-Q2: ban? 0 41"),
    ([BAN | {"uses": "live"}], "quarter", "2020-Q2: ban 0 0"),
    ([BAN | {"measure": "restriction"}], "quarter", "2020-Q2: restriction 0 0"),
    ([BAN | {"applies_to": "government"}, BAN | {"policy_id": "b", "measure": "oversight"}],
     "quarter", "2020-Q2: oversight 0 0"),
    ([BAN | {"status": "failed"}], "quarter", "2020-Q2: none 0 0"),
    # a ban that may be a moratorium since June: whichever it is, it prohibits
    ([BAN, {"measure": "moratorium", "decided_on": "2020-06", "supersedes": "ban"}], "month",
     "2020-04: none 0 0; 2020-05: ban 11 0; 2020-06: moratorium 30 0"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "freq", "expected"), COUNTED)
def test_days_are_counted(rows: list[Row], freq: str, expected: str) -> None:
    found = of(rows, "2020-04", "2020-06", freq=freq)
    told = [
        f"{row.period}: {row.measure}{'' if row.certain else '?'}"
        f" {row.days_in_force} {row.uncertain_days}"
        for row in found.itertuples()
    ]
    assert "; ".join(told) == expected


@pytest.mark.parametrize(
    ("measures", "days"),
    [
        (["ban"], 0),
        (["moratorium"], 72),
        (["ban", "moratorium", "withdrawal"], 72),
        (["restriction"], 0),
        (["moratorium", "restriction"], 72),
    ],
)
def test_measures_say_what_counts_as_exposure(measures: list[str], days: int) -> None:
    rows = [MORATORIUM, BAN | {"policy_id": "milder", "measure": "restriction"}]
    found = of(rows, "2020-05", "2020-07", measures=measures)
    assert found["days_in_force"].sum() == days
    assert found["days_any"].sum() == 72


def test_a_measure_that_may_be_another_is_uncertain_if_only_one_counts() -> None:
    either = [BAN, {"measure": "restriction", "decided_on": "2020-06", "supersedes": "ban"}]
    june = of(either, "2020-06", "2020-06", measures=["restriction"])
    assert june[["days_in_force", "uncertain_days", "days_any"]].to_numpy().tolist() == [
        [1, 29, 30]
    ]


def test_first_treated_event_time_and_reversal() -> None:
    found = of([BAN, LIFTED], "2020-04", "2020-08")
    assert found["first_treated"].dt.date.unique().tolist() == [date(2020, 5, 21)]
    assert found["event_time"].tolist() == [-1, 0, 1, 2, 3]
    assert found["reversed"].tolist() == [False, False, False, True, True]
    assert found["ever_treated"].all()
    assert of([BAN, LIFTED], "2021", "2021", freq="year")["event_time"].tolist() == [1]


def test_never_treated() -> None:
    found = of([BAN | {"measure": "oversight"}], "2020-04", "2020-08")
    assert found["first_treated"].isna().all()
    assert found["event_time"].isna().all()
    assert not found["ever_treated"].any()
    assert not found["reversed"].any()


def test_whether_it_is_reversed_may_be_unknown() -> None:
    found = of([BAN, LIFTED | {"decided_on": "[2020-07..2020-08]"}], "2020-06", "2020-09")
    assert [None if pd.isna(r) else bool(r) for r in found["reversed"]] == [False, None, True, True]


# --- Readings ---------------------------------------------------------------------------------

MILD: Row = {"measure": "restriction", "decided_on": "2019-01-01"}
STATE: Row = BAN | {
    "policy_id": "state",
    "subject": "Massachusetts",
    "subject_type": "state",
    "subject_key": "us-ma",
    "reach": "all",
}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, ("ban", True, 11, 0, 31)),
        ({"reach": "below"}, ("ban", True, 11, 0, 31)),
        ({"reach": "own"}, ("restriction", True, 0, 0, 31)),
        ({"measure": "oversight"}, ("restriction", True, 0, 0, 31)),
        ({"confidence": "low"}, ("ban", False, 0, 11, 31)),
        ({"applies_to": "government"}, ("restriction", True, 0, 0, 31)),
        ({"region": "US-VT", "subject_key": "us-vt"}, ("restriction", True, 0, 0, 31)),
    ],
)
def test_all_that_binds_is_the_highest_of_the_layers(
    state: Row, expected: tuple[object, ...]
) -> None:
    row = of([MILD, STATE | state], "2020-05", "2020-05", reading="all").iloc[0]
    told = ["measure", "certain", "days_in_force", "uncertain_days", "days_any"]
    assert tuple(row[told]) == expected
    own = of([MILD, STATE | state], "2020-05", "2020-05", reading="own").iloc[0]
    assert tuple(own[told]) == ("restriction", True, 0, 0, 31)


# --- Clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "begins"),
    [
        ({"decided_on": "2020-03-10", "effective_on": "2020-05-21"}, "2020-03-10"),
        ({"decided_on": "2020-03-10"}, "2020-03-10"),
        ({"effective_on": "2020-05-21"}, "2020-05-21"),
        ({"decided_on": "2020-03", "effective_on": "2020-05-21"}, "2020-03"),
        ({"decided_on": "2020", "effective_on": "2020-05-21"}, "[2020-01-01..2020-05-21]"),
        ({"decided_on": "2020-07-12", "effective_on": "2020-07-01"}, "2020-07-12"),
        ({"decided_on": "[..2020-07-12]", "effective_on": "2020-07-01"}, "[..2020-07-01]"),
    ],
)
def test_by_the_clock_of_decisions_a_rule_begins_with_its_decision(dates: Row, begins: str) -> None:
    rule = on_clock(policies([dates]), "decided").iloc[0]
    assert rule["effective_on"] == begins
    low, high = (date.fromordinal(rule[f"effective_on_{side}"]) for side in ("low", "high"))
    assert parse(begins) == parse(begins).__class__(low, high)


def test_by_the_clock_of_decisions_a_successor_ends_a_rule_when_decided() -> None:
    softer = {
        "policy_id": "softer",
        "measure": "restriction",
        "decided_on": "2020-06-10",
        "effective_on": "2020-09-01",
        "supersedes": "ban",
    }
    by_clock = {
        clock: of([BAN, softer], "2020", "2020", freq="year", clock=clock)["days_in_force"].sum()
        for clock in ("effective", "decided")
    }
    assert by_clock == {"effective": 103, "decided": 92}


def test_the_effective_clock_changes_nothing() -> None:
    frame = policies([BAN])
    assert on_clock(frame, "effective") is frame


# --- Whom it follows, and where zero is missing -----------------------------------------------

VIRGINIA: Row = BAN | {
    "policy_id": "va",
    "subject": "Virginia",
    "subject_type": "state",
    "region": "US-VA",
    "subject_key": "us-va",
    "applies_to": "government",
    "reach": "own",
}
SEARCHES = [
    ("US", "US-VA", "state", "2020-02-29"),
    ("US", "US-VA", "state", "2020-05-10"),
    ("US", "US-VT", "local", "2020-05-10"),
    ("US", "", "state", "2020-05-10"),
]


def followed(**asked: Any) -> pd.DataFrame:
    asked = {"levels": ["state"], "all_subjects": True} | asked
    return panel(tables([VIRGINIA], SEARCHES), date(2020, 4, 1), date(2020, 6, 30), **asked)


def test_all_subjects_of_the_states_are_fifty_and_the_district() -> None:
    found = followed()
    assert found["subject_key"].nunique() == 51
    assert {"us-dc", "us-wy"} <= set(found["subject_key"])
    assert "us-pr" not in set(found["subject_key"])


def test_subjects_have_their_census_geoid() -> None:
    record = shipped()
    found = panel(
        record, date(2021, 1, 1), date(2021, 1, 31), levels=["city", "county", "state", "country"],
        all_subjects=True,
    ).set_index("subject_key")["geoid"]  # fmt: skip
    assert found["us-wa-seattle"] == "5363000"
    assert (found["us-ma"], found["us-wy"], found["ca-on-toronto"]) == ("25", "56", "")
    own = followed().set_index("subject_key")["geoid"]  # of a table that has no codes
    assert (own["us-va"].unique(), own["us-dc"].unique()) == (["51"], ["11"])


def test_zero_is_not_missing() -> None:
    found = followed().set_index(["subject_key", "period"])["exposure"]
    assert found["us-va"].fillna(-1).tolist() == [0, 0, -1]  # searched in May: June is unknown
    assert found["us-vt"].isna().all()  # only its towns were searched
    assert found["us-wy"].isna().all()  # a search of the country speaks of no state


def test_a_recorded_act_makes_zeros_of_all_other_periods() -> None:
    found = followed(actor="government").set_index("subject_key").loc["us-va"]
    assert found["exposure"].tolist()[0] == 0
    assert found["recorded"].all()
    assert found["days_in_force"].tolist() == [0, 11, 30]


def test_what_is_missing_is_missing_in_every_column() -> None:
    told = [
        "measure", "scope", "certain", "exposure", "exposure_any", "days_in_force",
        "uncertain_days", "days_any", "uncertain_days_any", "first_treated", "event_time",
        "ever_treated", "reversed",
    ]  # fmt: skip
    wyoming = followed().set_index("subject_key").loc[["us-wy"], told]
    assert ((wyoming == "") | wyoming.isna()).all(axis=None)


def test_only_recorded_subjects_unless_all_are_asked_for() -> None:
    assert followed(all_subjects=False).empty
    assert set(followed(all_subjects=False, actor="government")["subject_key"]) == {"us-va"}
    assert followed(markets=["CA"]).empty


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"subject_type": "city"}, "city"),
        ({"subject_type": "county"}, "county"),
        ({"subject_type": "country", "region": ""}, "country"),
        ({"subject_type": "agency", "region": ""}, "federal"),
        ({"subject_type": "agency", "region": "", "territory": "US"}, "federal"),
        ({"subject_type": "agency", "region": "", "territory": "US-MD;US-VA"}, None),
        ({"subject_type": "agency"}, None),
        ({"subject_type": "vendor", "region": ""}, None),
        ({"subject_type": "school"}, None),
    ],
)
def test_levels(row: Row, level: str | None) -> None:
    levels = ["city", "county", "state", "federal", "country"]
    found = of([BAN | row], "2020-05", "2020-05", levels=levels)
    assert found["level"].tolist() == ([level] if level else [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"freq": "week"}, "freq 'week' is not one of: month, quarter, year"),
        ({"actor": "army"}, "actor 'army' is not one of: police"),
        ({"levels": ["town"]}, "level 'town' is not one of: city"),
        ({"reading": "both"}, "reading 'both' is not one of: own, all"),
        ({"clock": "signed"}, "clock 'signed' is not one of: effective, decided"),
        ({"measures": ["none"]}, "measure 'none' is not one of: ban"),
    ],
)
def test_a_wrong_word_is_named(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        of([BAN], "2020-05", "2020-05", **asked)


def test_wrong_order_of_days() -> None:
    with pytest.raises(ValueError, match="ends on 2020-04-30, before it begins"):
        panel(tables([BAN]), date(2020, 5, 1), date(2020, 4, 30))


def test_no_rows_make_an_empty_panel() -> None:
    assert of([], "2020", "2020").empty
    assert list(of([], "2020", "2020", reading="all").columns) == list(of([BAN], "2020", "2020"))


# --- Laws -------------------------------------------------------------------------------------

FIRST = date(2020, 1, 25)
LAST = date(2020, 4, 8)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
some_day = st.sampled_from(DAYS)
maybe_range = st.tuples(some_day, some_day).map(lambda two: f"[{min(two)}..{max(two)}]")
HARD = ("ban", "moratorium", "withdrawal")
day_text = st.one_of(some_day.map(str), some_day.map(str), maybe_range, st.just("2020-02"))


@st.composite
def any_rows(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 5))):
        city = draw(st.sampled_from(["", "b"]))
        row = {
            "policy_id": f"act-{number}",
            "subject": f"Springfield{city}",
            "subject_key": f"us-ma-springfield{city}",
            "measure": draw(st.sampled_from(["ban", "moratorium", "restriction", "oversight"])),
            "uses": draw(st.sampled_from(["any", "any", "live"])),
            "decided_on": draw(day_text),
            "confidence": draw(st.sampled_from(["high", "high", "low"])),
        }
        if draw(st.booleans()):
            row["effective_on"] = draw(day_text)
        before = [old["policy_id"] for old in rows if old["subject_key"] == row["subject_key"]]
        if before and draw(st.booleans()):
            row["supersedes"] = draw(st.sampled_from(before))
            if draw(st.booleans()):
                row |= {"measure": "none", "uses": "any"}
        rows.append(row)
    return rows


@settings(
    deadline=None, derandomize=True, max_examples=15, suppress_health_check=[HealthCheck.too_slow]
)
@given(any_rows(), st.sampled_from(["effective", "decided"]))
def test_days_in_force_are_the_days_on_which_it_holds(rows: list[Row], clock: str) -> None:
    frame = tables(rows)
    by_month = panel(frame, date(2020, 1, 1), date(2020, 4, 30), clock=clock)
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(121)]
    expected: dict[str, Counter[str]] = {"days_in_force": Counter(), "uncertain_days": Counter()}
    for row in build(on_clock(frame.policies, clock)).positions.itertuples():
        worst = row.measure in HARD and row.scope == "general"
        floor = row.at_least_measure in HARD and row.at_least_scope == "general"
        if worst:
            kind = "days_in_force" if row.certain or floor else "uncertain_days"
            end = date.max if pd.isna(row.valid_to) else row.valid_to.date()
            expected[kind][row.subject_key] += sum(row.valid_from.date() <= d < end for d in days)
    for column, counted in expected.items():
        assert by_month.groupby("subject_key")[column].sum().to_dict() == {
            key: counted[key] for key in by_month["subject_key"].unique()
        }


@settings(
    deadline=None, derandomize=True, max_examples=8, suppress_health_check=[HealthCheck.too_slow]
)
@given(any_rows(), st.sampled_from(["own", "all"]))
def test_months_add_up_to_the_year_and_shares_are_shares(rows: list[Row], reading: str) -> None:
    frame = tables(rows)
    found = {
        freq: panel(frame, date(2020, 1, 1), date(2020, 12, 31), freq=freq, reading=reading)
        for freq in ("month", "quarter", "year")
    }
    sums = ["days", "days_in_force", "uncertain_days", "days_any", "uncertain_days_any"]
    yearly = found["year"].set_index("subject_key")[sums].astype("int64")
    for freq, each in found.items():
        assert each.groupby("subject_key")[sums].sum().astype("int64").equals(yearly), freq
        assert each[["exposure", "exposure_any"]].stack().between(0, 1).all()
        assert (each["days_in_force"] + each["uncertain_days"] <= each["days"]).all()
        assert (each["days_any"] + each["uncertain_days_any"] <= each["days"]).all()
        assert (each["days_in_force"] <= each["days_any"]).all()
        last = [
            each.groupby("subject_key")[c].last().to_dict()
            for c in ("measure", "certain", "reversed")
        ]
        first = found["year"].groupby("subject_key")
        assert last == [first[c].last().to_dict() for c in ("measure", "certain", "reversed")]


# --- The record -------------------------------------------------------------------------------

NOTHING = {"measure": "none", "scope": "", "certain": True}
BOUND = ["us-wa-seattle", "us-mi-detroit", "us-wa-king-county", "ch-vd-lausanne"]


@pytest.mark.parametrize("actor", ["police", "private"])
def test_reading_all_is_what_binding_says(actor: str) -> None:
    record = shipped()
    people = subjects_by_key(record.subjects)
    found = panel(
        record, date(2019, 1, 1), date(2025, 12, 31), freq="year", actor=actor,
        levels=["city", "county"], reading="all", all_subjects=True,
    ).set_index(["subject_key", "period"])  # fmt: skip
    readings = Readings(record.policies)
    for key in BOUND[:1] if actor == "private" else BOUND:
        site = of_subject(people, people[key])
        joint = Joint(readings, site, layers(people, site))
        for year in range(2019, 2026):
            here = joint.on(actor, date(year, 12, 31))
            expected = tuple((here or NOTHING)[name] for name in NOTHING)
            row = found.loc[(key, str(year))]
            if not pd.isna(row["exposure"]):
                assert tuple(row[["measure", "scope", "certain"]]) == expected, (key, year)


def test_the_known_story_of_virginia() -> None:
    found = panel(
        shipped(),
        date(2020, 1, 1),
        date(2026, 12, 31),
        freq="year",
        levels=["state"],
        markets=["US"],
    ).set_index(["subject_key", "period"])
    virginia = found.loc["us-va"]
    assert virginia["days_in_force"].tolist() == [0, 184, 181, 0, 0, 0, 0]
    assert virginia["measure"].tolist()[:3] == ["none", "ban", "restriction"]
    assert bool(virginia.loc["2023", "reversed"])
    assert pd.isna(virginia.loc["2026", "reversed"])


def test_sensitivity_counts_what_the_panels_hold() -> None:
    days = [date(2019, 12, 31), date(2022, 12, 31)]
    counts = sensitivity(shipped(), days, levels=["city", "state"]).set_index("day")
    for clock in ("effective", "decided"):
        timeline = build(on_clock(shipped().policies, clock))
        kinds = shipped().subjects.set_index("subject_key")["subject_type"]
        for day in days:
            held = positions_on(timeline, day)
            held = held[held["subject_key"].map(kinds).isin(["city", "state"])]
            held = held[(held["actor"] == "police") & (held["scope"] == "general")]
            held = held[held["measure"].isin(HARD)]
            row = counts.loc[pd.Timestamp(day)]
            assert row[f"{clock}_or_uncertain"] == len(held)
            assert row[clock] == held["certain"].sum()
    assert (counts["decided"] >= counts["effective"]).all()


# --- The command ------------------------------------------------------------------------------


def run(*words: str) -> Result:
    return CliRunner(env={"SOURCE_DATE_EPOCH": "1795305600"}).invoke(main, ["panel", *words])


def test_csv_has_the_columns_of_the_codebook() -> None:
    result = run("--from", "2021-06", "--to", "2021-07", "--level", "state", "--country", "US")
    assert result.exit_code == 0, result.output
    rows = list(csv.reader(io.StringIO(result.stdout)))
    page = (ROOT / "docs" / "panel.md").read_text(encoding="utf-8")
    listed = page.partition("## Columns")[2].partition("##")[0]
    assert rows[0] == re.findall(r"^\| `(\w+)` \|", listed, re.M)
    virginia = [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] == "us-va"]
    assert [(v["period"], v["exposure"], v["first_day"]) for v in virginia] == [
        ("2021-06", "0.0", "2021-06-01"),
        ("2021-07", "1.0", "2021-07-01"),
    ]
    assert {v["ever_treated"] for v in virginia} == {"true"}


def test_parquet_holds_what_csv_holds(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    found = followed()
    path = tmp_path / "panel.parquet"
    document = heading("panel", table.read(), None, since="2019-01-01", until="2019-12-31")
    content = render(found, "parquet", document)
    assert isinstance(content, bytes)
    assert content == render(followed(), "parquet", document)
    path.write_bytes(content)
    back = pd.read_parquet(path)
    assert list(back.columns) == list(found.columns)
    assert back["first_day"].tolist() == found["first_day"].dt.date.tolist()
    assert back["days_in_force"].isna().tolist() == found["days_in_force"].isna().tolist()


def test_sensitivity_prints_a_row_per_year() -> None:
    result = run("--sensitivity", "--since", "2019", "--until", "2021")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "day,effective,effective_or_uncertain,decided,decided_or_uncertain"
    assert [line[:10] for line in lines[1:]] == ["2019-12-31", "2020-12-31", "2021-12-31"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2021", "--to", "2020"], "--since 2021-01-01 is after --until 2020-12-31"),
        (["--sensitivity", "--clock", "decided"], "--sensitivity counts by both clocks"),
        (["--country", "XX"], "'XX' is not a country"),
        (["--level", "town"], "'town' is not one of"),
    ],
)
def test_a_wrong_call_is_named(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> bytes:
        raise ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow")

    monkeypatch.setattr("frtracker.text.sheet.as_parquet", missing)
    result = run("--since", "2021-06", "--until", "2021-06", "--format", "parquet")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].endswith("pip install 'frtracker[export]'")
