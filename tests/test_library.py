"""The library's functions say what the commands say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import frtracker as fr
from frtracker.cli import main
from frtracker.record.load import Tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return fr.load()


def test_status_equals_the_command(tables: Tables) -> None:
    told = fr.status(tables, as_of="2021-06")
    amazon = told[(told["subject_key"] == "vendor-amazon") & (told["actor"] == "police")].iloc[0]
    assert (amazon["measure"], amazon["since"]) == ("moratorium", "2020-06-10")
    assert amazon["policy_ids"] == "vendor-amazon-2021;vendor-amazon-terms-2022", (
        "a list is text, as in the CSV"
    )
    command = CliRunner().invoke(main, ["status", "--as-of", "2021-06", "-f", "json"])
    document = json.loads(command.stdout)
    assert set(told["subject_key"]) == {entry["subject_key"] for entry in document["subjects"]}


def test_a_day_may_be_text_or_a_date(tables: Tables) -> None:
    assert fr.status(tables, "2021-06").equals(fr.status(tables, date(2021, 6, 30)))


def test_changes_and_upcoming(tables: Tables) -> None:
    began = fr.changes(tables, "2021-07-01", "2021-07-01", subjects=["Massachusetts"])
    assert list(began["kind"]) == ["began"]
    coming = fr.upcoming(tables, "2021-06", within="1m", subjects=["Massachusetts"])
    assert list(coming["policy_id"]) == ["us-ma-2020"]


def test_a_market_changes_what_counts(tables: Tables) -> None:
    def microsoft(market: str) -> str:
        told = fr.status(tables, "2021-06", market=market)
        row = told[(told["subject_key"] == "vendor-microsoft") & (told["actor"] == "police")]
        return str(row.iloc[0]["measure"])

    assert (microsoft("US"), microsoft("FR")) == ("moratorium", "restriction")


def test_bad_data_raise_their_findings(tmp_path: Path) -> None:
    from frtracker.record.findings import DataError

    with pytest.raises(DataError) as caught:
        fr.load(tmp_path / "not-there.csv")
    assert caught.value.findings[0].severity == "error"


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        fr.nonsense  # noqa: B018


def test_the_package_lists_its_functions_before_they_are_loaded() -> None:
    assert set(fr.__all__) <= set(dir(fr))


def test_importing_the_package_loads_no_pandas() -> None:
    code = "import sys, frtracker; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_positions_and_periods_are_half_open_stretches(tables: Tables) -> None:
    amazon = fr.positions(tables)
    amazon = amazon[amazon["subject_key"] == "vendor-amazon"]
    assert list(amazon["valid_to"][:-1]) == list(amazon["valid_from"][1:])
    assert set(fr.periods(tables)["policy_id"]) <= set(tables.policies["policy_id"])


def test_explain_takes_a_place_without_an_act(tables: Tables) -> None:
    told = fr.explain(tables, "Daly City, CA", as_of="2021-06")
    assert told["layers"]


def test_every_name_of_the_package_is_there() -> None:
    assert all(callable(getattr(fr, name)) for name in fr.__all__ if name != "__version__")
