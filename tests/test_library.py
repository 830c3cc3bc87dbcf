"""The library says what the commands say, and refuses what they refuse."""

from __future__ import annotations

import builtins
import csv
import io
import pydoc
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pandas as pd
import pytest
from click.testing import CliRunner

import frtracker as fr
from frtracker.answers import contract
from frtracker.cli import main
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record.findings import DataError
from frtracker.record.load import Tables

Ask = Callable[..., pd.DataFrame]

Unfiltered = Callable[[Ask, tuple[str, ...]], pd.DataFrame]

AT_ONCE: list[Ask] = [fr.positions, fr.periods, fr.states, fr.events, fr.sources]
ON_A_DAY: list[tuple[Ask, tuple[str, ...]]] = [
    (fr.status, ("2021-06",)),
    (fr.changes, ("2019", "2022")),
    (fr.upcoming, ("2021-06",)),
    (fr.search, ("face recognition", "2025")),
    *((ask, ()) for ask in AT_ONCE),
]
NAMES = [ask.__name__ for ask, _ in ON_A_DAY]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return fr.load()


@pytest.fixture(scope="module")
def unfiltered(tables: Tables) -> Unfiltered:
    """What a function answers of the whole record, asked once."""
    return cache(lambda ask, days: ask(tables, *days))


# --- the face of the package


def test_its_functions_are_listed_before_they_are_loaded() -> None:
    code = "import sys, frtracker; print(*dir(frtracker)); sys.exit('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    public = [name for name in done.stdout.split() if not name.startswith("_")]
    assert public == sorted([*fr.__all__, "map"])


def test_help_lists_each_function() -> None:
    page = pydoc.plain(pydoc.render_doc(fr))
    assert [name for name in fr.__all__ if f"\n    {name}(" not in page] == []
    summary = str(fr.__doc__)
    assert [name for name in [*fr.__all__, "map"] if name not in summary] == []


def test_a_star_import_shadows_no_builtin() -> None:
    assert set(dir(builtins)) & set(fr.__all__) == set()
    code = "from frtracker import *; import builtins; assert map is builtins.map; panel; status"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        fr.nonsense  # noqa: B018


def test_the_record_says_what_it_is(tables: Tables) -> None:
    edition = tables.edition
    assert repr(tables) == (
        f"<record: {edition.policies} policies, reviewed through {edition.reviewed_through},"
        f" edition {edition.edition[:12]}>"
    )


# --- the same answers as the commands


def csv_of(*words: str) -> list[list[str]]:
    done = CliRunner().invoke(main, [*words, "--format", "csv"])
    assert done.exit_code == 0, done.output
    return list(csv.reader(io.StringIO(done.stdout)))


def as_csv(frame: pd.DataFrame) -> list[list[str]]:
    text = frame.replace({True: "true", False: "false"}).to_csv(index=False)
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("words", "ask"),
    [
        ("status --as-of 2021-06", lambda t: fr.status(t, "2021-06")),
        ("status --as-of 2021-06 --all", lambda t: fr.status(t, "2021-06", everything=True)),
        (
            "status --as-of 2021-06 --known-at 2021-01 --for police --for schools",
            lambda t: fr.status(t, "2021-06", known_at="2021-01", actor=["schools", "police"]),
        ),
        ("status --as-of 2021 --country DE", lambda t: fr.status(t, "2021", country="DE")),
        (
            "status --as-of 2021 --region US-CA --type city --measure ban",
            lambda t: fr.status(t, "2021", region="US-CA", subject_type="city", measure="ban"),
        ),
        (
            "status --as-of 2021 --subject Detroit",
            lambda t: fr.status(t, "2021", subjects="Detroit"),
        ),
        ("show Detroit --as-of 2020-01", lambda t: fr.show(t, "Detroit", "2020-01")),
        (
            "changes --since 2021 --until 2021 --country US --for police",
            lambda t: fr.changes(t, "2021", "2021", country="US", actor="police"),
        ),
        (
            "changes --since 2019 --until 2022 --subject Amazon --subject Detroit",
            lambda t: fr.changes(t, "2019", "2022", subjects=["Amazon", "Detroit"]),
        ),
        (
            "upcoming --as-of 2021-06 --within 1y --type state",
            lambda t: fr.upcoming(t, "2021-06", within="1y", subject_type="state"),
        ),
        (
            "search unlocking phones --as-of 2024 --type city --measure ban",
            lambda t: fr.search(
                t, "unlocking phones", "2024", in_force=True, subject_type="city", measure="ban"
            ),
        ),
        (
            "panel --from 2019 --to 2021 --freq year --level state --country US --all-subjects",
            lambda t: fr.panel(
                t, "2019", "2021", freq="year", level="state", country="US", all_subjects=True
            ),
        ),
        (
            "panel --from 2019 --to 2021 --sensitivity",
            lambda t: fr.panel(t, "2019", "2021", freq="year", sensitivity=True),
        ),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)  # fmt: skip
def test_a_table_has_the_columns_and_rows_of_the_csv(
    words: str, ask: Callable[[Tables], pd.DataFrame], tables: Tables
) -> None:
    printed = csv_of(*words.split())
    assert len(printed) > 1
    if words.startswith("panel"):  # floats are written with other digits
        frame = ask(tables)
        assert [[*frame.columns], len(frame)] == [printed[0], len(printed) - 1]
    else:
        assert as_csv(ask(tables)) == printed


@pytest.mark.parametrize(
    ("kind", "words", "what"),
    [
        ("status", "status --as-of 2021-06", ("2021-06",)),
        ("show", "show Detroit --as-of 2021-06", ("Detroit", "2021-06")),
        ("changes", "changes --since 2021 --until 2021", ("2021", "2021")),
        ("upcoming", "upcoming --as-of 2021-06", ("2021-06",)),
        ("explain", "explain Seattle --as-of 2021-06", ("Seattle", "2021-06")),
        ("search", "search unlocking phones --as-of 2021-06", (["unlocking", "phones"], "2021-06")),
    ],
)
def test_a_document_is_the_json(
    kind: str, words: str, what: tuple[str, ...], tables: Tables
) -> None:
    import json

    done = CliRunner().invoke(main, [*words.split(), "--format", "json"])
    how = {"in_force": True} if kind == "search" else {}
    document, printed = fr.document(kind, tables, *what, **how), json.loads(done.stdout)
    for it in (document, printed):
        it.pop("answer", None)  # its tense is of the day on which the program runs
    assert document == printed


@pytest.mark.parametrize(
    ("kind", "what", "type_name"),
    [
        ("status", ("2021-06",), "StatusDocument"),
        ("show", ("Detroit", "2021-06"), "ShowDocument"),
        ("changes", ("2021", "2021"), "ChangesDocument"),
        ("upcoming", ("2021-06",), "UpcomingDocument"),
        ("explain", ("Seattle", "2021-06"), "ExplainDocument"),
        ("search", ("unlocking phones", "2021-06"), "SearchDocument"),
    ],
)
def test_a_document_has_the_fields_of_its_type(
    kind: str, what: tuple[str, ...], type_name: str, tables: Tables
) -> None:
    document = fr.document(kind, tables, *what)
    assert fields_unlike(document, getattr(contract, type_name)) == []


def fields_unlike(value: Any, kind: Any, path: str = "") -> list[str]:
    """Where a value has not exactly the fields of its TypedDict, down through lists of them."""
    hints = get_type_hints(kind, include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    unlike = (hints.keys() ^ value.keys()) - (optional - value.keys())
    wrong = [f"{path}: {sorted(unlike)}"] if unlike else []
    for name, hint in hints.items():
        cells = value.get(name)
        for inner in [hint, *get_args(hint)]:
            if is_typeddict(inner):
                items = cells if isinstance(cells, list) else [cells] if cells else []
                for item in items:
                    wrong += fields_unlike(item, inner, f"{path}.{name}")
    return wrong


def test_explain_takes_a_place_without_an_act(tables: Tables) -> None:
    explained = fr.explain(tables, "Daly City, CA", as_of="2021-06", actor="police")
    assert explained["applies_to"] == ["police"]
    assert [layer["subject"] for layer in explained["layers"]][-1] == "United States"


def test_positions_are_half_open_stretches(tables: Tables) -> None:
    amazon = fr.positions(tables, subjects="Amazon")
    assert set(amazon["subject_key"]) == {"vendor-amazon"}
    assert list(amazon["valid_to"][:-1]) == list(amazon["valid_from"][1:])
    day = pd.Timestamp("2021-06-30")
    now = amazon[(amazon["valid_from"] <= day) & ~(amazon["valid_to"] <= day)]
    assert list(now["measure"]) == ["moratorium"]


def test_a_market_decides_which_rules_of_a_vendor_count(tables: Tables) -> None:
    def microsoft(country: str) -> tuple[str, str]:
        on_day = fr.status(tables, "2021-06", country=country, actor="police")
        always = fr.positions(tables, country=country, actor="police", subjects="Microsoft")
        [day] = on_day.loc[on_day["subject_key"] == "vendor-microsoft", "measure"]
        return day, always["measure"].iloc[-1]

    assert microsoft("US")[0] == "moratorium"
    assert microsoft("FR")[0] == "restriction"
    assert microsoft("US")[1] == "moratorium"
    assert microsoft("FR")[1] == "restriction"


# --- what may be given


@pytest.mark.parametrize("country", ["US", "us", "USA", "United States", ["US"]])
def test_a_country_is_understood_as_the_commands_do(country: Any, tables: Tables) -> None:
    assert fr.positions(tables, country=country).equals(fr.positions(tables, country="US"))


def test_several_countries_or_regions_are_all_listed(tables: Tables) -> None:
    both = fr.periods(tables, region=["Oregon", "US-ME"], subject_type="city")
    assert {key[:5] for key in both["subject_key"]} == {"us-or", "us-me"}


@pytest.mark.parametrize(
    "day", [date(2021, 6, 30), datetime(2021, 6, 30, 23, tzinfo=UTC), pd.Timestamp(2021, 6, 30)]
)
def test_a_day_may_be_text_or_a_date(day: Any, tables: Tables) -> None:
    assert fr.status(tables, day).equals(fr.status(tables, "2021-06-30"))
    assert fr.positions(tables, known_at=day).equals(fr.positions(tables, known_at="2021-06-30"))
    assert fr.panel(tables, "2021", day).equals(fr.panel(tables, date(2021, 1, 1), "2021-06-30"))


def test_a_month_or_year_is_its_first_day_for_since_and_its_last_for_until(tables: Tables) -> None:
    frame = fr.panel(tables, "2019", "2020-02", subjects="Boston")
    assert (frame["period"].iloc[0], frame["period"].iloc[-1]) == ("2019-01", "2020-02")


@pytest.mark.parametrize(("ask", "days"), ON_A_DAY, ids=NAMES)
def test_one_word_is_the_same_as_a_list_of_it(
    ask: Ask, days: tuple[str, ...], tables: Tables
) -> None:
    one = {"subjects": "Amazon", "subject_type": "vendor", "measure": "moratorium"}
    many = {name: [word] for name, word in one.items()}
    assert ask(tables, *days, **one).equals(ask(tables, *days, **many))


@pytest.mark.parametrize(("ask", "days"), ON_A_DAY, ids=NAMES)
@pytest.mark.parametrize(
    "filters",
    [
        {"subject_type": "city"},
        {"country": "GB"},
        {"region": "US-CA"},
        {"measure": "ban"},
        {"actor": "private"},
        {"subjects": "Virginia"},
        {"region": ["Oregon", "Maine"]},
    ],
    ids=str,
)
def test_each_filter_takes_some_rows_away_and_keeps_some(
    ask: Ask, days: tuple[str, ...], filters: dict[str, str], tables: Tables, unfiltered: Unfiltered
) -> None:
    few, all_rows = ask(tables, *days, **filters), unfiltered(ask, days)
    assert len(few) < len(all_rows)
    if not (ask is fr.upcoming and filters.keys() & {"country", "actor"}):
        assert len(few) > 0


@pytest.mark.parametrize(("ask", "days"), ON_A_DAY, ids=NAMES)
def test_an_empty_answer_has_its_columns(
    ask: Ask, days: tuple[str, ...], tables: Tables, unfiltered: Unfiltered
) -> None:
    full = unfiltered(ask, days)
    empty = ask(tables, *days, subjects="Elko, NV", country="US")
    if ask not in (fr.status, fr.changes, fr.upcoming):  # these have Nevada's and the country's
        assert empty.empty
    assert empty.dtypes.equals(full.dtypes)
    nothing = ask(tables, *days, measure="withdrawal", subject_type="county")
    assert nothing.empty
    assert nothing.dtypes.equals(full.dtypes)


@pytest.mark.parametrize(("ask", "days"), [*ON_A_DAY, (fr.show, ("Portland, OR", "2021"))])
def test_missing_text_is_nan_and_a_flag_is_never_missing(
    ask: Ask, days: tuple[str, ...], tables: Tables, unfiltered: Unfiltered
) -> None:
    frame = unfiltered(ask, days)
    for name, cells in frame.items():
        assert cells.dtype in ("str", "bool") or cells.dtype.kind in "Mf", name
        if cells.dtype == "str":
            assert not (cells == "").any(), name


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda t: fr.status(t, 2021), "2021 is not a date: write '2021-06-30'"),
        (lambda t: fr.status(t, pd.NaT), "NaT is not a date"),
        (lambda t: fr.status(t, "June"), "'June' is not a date. Use a day,"),
        (lambda t: fr.status(t, "2021-13"), "there is no month 13"),
        (lambda t: fr.positions(t, known_at=2021), "2021 is not a date"),
        (lambda t: fr.changes(t, "2022", "2021"), "since 2022-01-01 is after until 2021-12-31"),
        (lambda t: fr.panel(t, "2022", "2021"), "since 2022-01-01 is after until 2021-12-31"),
        (lambda t: fr.upcoming(t, "2021", within="12 months"), "'12 months' is not a length of"),
        (lambda t: fr.panel(t, "2018", "2020", country="ZZ"), "'ZZ' is not a country: use"),
        (lambda t: fr.positions(t, country="Germny"), "Did you mean 'Germany'?"),
        (lambda t: fr.positions(t, region="Oregn"), "Did you mean 'Oregon'?"),
        (lambda t: fr.events(t, region="US-ZZ"), "'US-ZZ' is not a region: use its name or its"),
        (lambda t: fr.states(t, country="CA", region="US-IL"), "US-IL is not in CA"),
        (
            lambda t: fr.status(t, "2021", country=["US", "CA"], subjects="Amazon"),
            "vendors and companies take one country or region at a time",
        ),
        (lambda t: fr.status(t, "2021", actor="Police"), "Did you mean 'police'?"),
        (lambda t: fr.periods(t, measure="bann"), "measure 'bann' is not one of: ban, moratorium"),
        (lambda t: fr.sources(t, subject_type="town"), "subject_type 'town' is not one of: city"),
        (lambda t: fr.panel(t, "2018", "2020", subject_type="vendor"), "'vendor' is not one of"),
        (lambda t: fr.panel(t, "2018", "2020", measure="none"), "measure 'none' is not one of"),
        (lambda t: fr.panel(t, "2018", "2020", freq="week"), "freq 'week' is not one of: month"),
        (lambda t: fr.panel(t, "2018", "2020", level="town"), "level 'town' is not one of: city"),
        (lambda t: fr.document("states", t), "kind 'states' is not one of: status"),
        (lambda t: fr.map(t, "2021", actor="army"), "actor 'army' is not one of: police"),
        (lambda t: fr.map_picture(t, "2021", area="eu"), "area 'eu' is not one of: us, world"),
        (lambda t: fr.chart(t, "2019", "2021", kind="pie"), "kind 'pie' is not one of: counts"),
        (lambda t: fr.chart(t, "2019", "2021", subjects="Elko, NV"), "no act of Elko, NV is on"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_one_sentence(
    call: Callable[[Tables], object], said: str, tables: Tables
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call(tables)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_could_be_two_places_lists_them(tables: Tables) -> None:
    with pytest.raises(NameNotUnderstood) as caught:
        fr.positions(tables, subjects="Portland")
    assert {"Portland, OR", "Portland, ME"} <= {words for words, _ in caught.value.candidates}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"No such file.*nope\.csv"):
        fr.load(tmp_path / "nope.csv")


def test_bad_data_raise_their_findings(tmp_path: Path) -> None:
    path = tmp_path / "policies.csv"
    path.write_text("policy_id\nx\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        fr.load(path)
    assert caught.value.findings[0].severity == "error"


# --- pictures


@pytest.mark.parametrize(
    ("picture", "begins"),
    [
        (lambda t: fr.chart(t, "2019", "2021", subjects="Boston", kind="spells"), b"\x89PNG"),
        (lambda t: fr.chart(t, "2019", "2021", country="US", format="svg"), b"<?xml"),
        (lambda t: fr.map_picture(t, "2021", area="us", format="svg"), b"<?xml"),
    ],
)
def test_a_picture_displays_itself_and_can_be_saved(
    picture: Callable[[Tables], Any], begins: bytes, tables: Tables, tmp_path: Path
) -> None:
    made = picture(tables)
    made.save(tmp_path / "picture")
    assert (tmp_path / "picture").read_bytes() == made.content
    assert made.content.startswith(begins)
    assert (made._repr_png_() is None) == (made.format == "svg") != (made._repr_svg_() is None)


def test_the_map_is_that_of_folium(tables: Tables) -> None:
    import folium

    assert isinstance(fr.map(tables, "2021-06", actor="anyone"), folium.Map)
