"""The benchmark of scale says the same three times over, and its record has what it is to have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from frtracker.record import load as table
from frtracker.timeline import build, positions_on
from frtracker.vocabulary import BINDING_STATUSES

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
NAMES = ("row_loop", "scale", "spark", "synthetic", "three_ways")
DAYS = [date(2015, 7, 1), date(2019, 2, 28), date(2021, 6, 30), date(2024, 6, 30)]
ACTS = 3000


@pytest.fixture(scope="module")
def benchmarks() -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield SimpleNamespace(**{name: import_module(name) for name in NAMES})


@pytest.fixture(scope="module")
def path(benchmarks, tmp_path_factory) -> Path:
    return benchmarks.synthetic.write_record(tmp_path_factory.mktemp("record"), ACTS)


@pytest.fixture(scope="module")
def policies(path) -> pd.DataFrame:
    report = table.check([path])
    assert report.errors == ()
    assert {finding.code for finding in report.findings} <= {"R024", "R077"}
    assert report.tables is not None
    return report.tables.policies


def test_the_record_is_the_same_each_time(benchmarks, path, tmp_path):
    again = benchmarks.synthetic.write_record(tmp_path, ACTS)
    for name in ("policies.csv", "subjects.csv"):
        assert again.with_name(name).read_bytes() == path.with_name(name).read_bytes()


def test_the_record_has_chains_doubt_proposals_and_repeals(policies):
    assert len(policies) == ACTS
    binding = policies["status"].isin(BINDING_STATUSES)
    assert 0.2 < 1 - binding.mean() < 0.3
    assert policies["applies_to"].str.contains(";").mean() > 0.3
    chained = policies["policy_id"].isin(policies["supersedes"]) & (policies["supersedes"] != "")
    assert chained.sum() > 20
    forms = policies["decided_on"].str.replace(r"\d", "0", regex=True)
    day, month, year = "0000-00-00", "0000-00", "0000"
    assert {day, month, year, f"[{day}..{day}]", f"[..{day}]", ""} <= set(forms)
    assert {"low", "medium", "high"} == set(policies["confidence"])
    timeline = build(policies)
    rules = timeline.rules
    never = timeline.lives["began_high"] == 0
    assert never[rules.predecessor[rules.rank[rules.successor] == 0]].any(), (
        "no repeal comes before what it lifts"
    )
    repealed = rules.predecessor[
        (rules.rank[rules.successor] == 0) & (rules.rank[rules.predecessor] == 0)
    ]
    assert len(repealed), "no repeal is repealed"
    doubtful = timeline.positions.groupby(["subject_key", "actor"])["certain"].all()
    assert 0.3 < doubtful.mean() < 1


def test_the_record_has_promises_for_everywhere_beside_some_for_one_market(policies):
    found = positions_on(build(policies), DAYS[3])
    several = found[found["policy_ids"].str.contains(";")]
    territory = policies.set_index("policy_id")["territory"]
    limits = [{territory[name] != "" for name in ids.split(";")} for ids in several["policy_ids"]]
    assert {True, False} in limits


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_three_ways_give_one_answer(benchmarks, policies, tmp_path, day):
    ways = benchmarks.three_ways
    timeline = build(policies)
    ours = ways.read_frame(positions_on(timeline, day))
    assert ways.differences(ours, benchmarks.row_loop.positions(policies, day)) == []
    path = tmp_path / "positions.parquet"
    timeline.positions.to_parquet(path, index=False)
    with duckdb.connect() as connection:
        theirs = benchmarks.scale.by_duckdb(connection, path, day)
    assert ways.differences(ours, ways.read_frame(theirs)) == []


def test_the_comparison_sees_a_difference(benchmarks, policies):
    ways, timeline = benchmarks.three_ways, build(policies)
    ours, other = (ways.read_frame(positions_on(timeline, day)) for day in (DAYS[2], DAYS[3]))
    assert len(ways.differences(ours, other)) > 10


@pytest.mark.slow
def test_the_benchmark_runs_and_tells(benchmarks, path):
    found = benchmarks.scale.run(path)
    assert found["wrong"] == []
    text = "\n".join(benchmarks.scale.told({"shipped": found, "500": found, "again": found}))
    assert "| all four tables |" in text
    assert "times the table" in text


def test_partitioned_files_have_the_rows_of_the_timeline(benchmarks, path, policies, tmp_path):
    files, answers = tmp_path / "tables", tmp_path / "answers"
    written = benchmarks.spark.write_tables(path, files)
    timeline = build(policies)
    assert written["positions"][0] == len(timeline.positions)
    assert {name: it for name, (_, it) in written.items()} == {
        name: len([*(files / name).rglob("*.parquet")]) for name in ("positions", "subjects")
    }
    assert [*benchmarks.spark.by_duckdb(files, answers)] == ["day", "run", "panel"]
    day = pd.read_parquet(answers / "day.parquet")
    held = positions_on(timeline, DAYS[2])  # the day in the question
    held = held[(held["actor"] == "police") & (held["measure"] != "none")]
    columns = ["subject_key", "measure", "certain"]
    expected = held.sort_values("subject_key")[columns]
    assert day[columns].to_numpy().tolist() == expected.to_numpy().tolist()


def test_answers_differ_by_the_rows_that_one_of_them_lacks(benchmarks, tmp_path):
    frame = pd.DataFrame({"key": ["a", "b", "b"], "day": [date(2021, 6, 30), None, None]})
    for name, rows in (("all", frame), ("two", frame[:2]), ("none", frame[:0])):
        rows.to_parquet(tmp_path / f"{name}.parquet")
    for name, expected in (("all", (3, 0)), ("two", (3, 1)), ("none", (3, 3))):
        found = benchmarks.spark.differing(f"{tmp_path}/all.parquet", f"{tmp_path}/{name}.parquet")
        assert found == expected
