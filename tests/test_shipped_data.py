"""The gates of a release: what must be true of the record that is shipped.

Each gate is a function from the record to the breaches it finds. The shipped record must have
none, and each gate must find the breach that is made for it here: a gate that cannot fail says
nothing. Numbers are stated with room to grow; a release that leaves them is either wrong or wants
them restated.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from frtracker.cli import main
from frtracker.files import shipped_folder
from frtracker.record import form
from frtracker.record import load as table
from frtracker.record.columns import IDENTITY, RECORDED_DATES, TABLES
from frtracker.vocabulary import PLACE_TYPES

HERE = Path(__file__).parent
RELEASED = HERE / "released_ids.txt"
SINGLE = HERE.parent / "docs" / "single_source.md"

SUBJECT_TYPES = {
    "city": (65, 150),
    "county": (5, 30),
    "state": (75, 180),
    "country": (33, 130),
    "supranational": (2, 10),
    "agency": (40, 100),
    "school": (4, 20),
    "vendor": (35, 80),
    "company": (24, 70),
}
"""Rows by subject_type: (at least, at most)."""

MEASURES = {
    "ban": (110, 240),
    "moratorium": (52, 120),
    "withdrawal": (20, 50),
    "restriction": (82, 300),
    "oversight": (16, 50),
    "none": (10, 30),
}
"""Rows by measure: (at least, at most)."""

BREADTH = {
    "US places and agencies": (95, 250),
    "countries": (27, 80),
    "vendors": (13, 50),
    "companies": (10, 60),
}
"""Different subjects, not rows; of countries, those with any row: (at least, at most)."""

TWO_PUBLISHERS = 0.85
"""The least share of adopted and announced rows with two independent publishers."""

Pick = Callable[[pd.DataFrame], pd.Series]


def every(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(True, rows.index)


def binding(rows: pd.DataFrame) -> pd.Series:
    return rows["status"].isin(["adopted", "announced"])


def presumed_to_go_on(rows: pd.DataFrame) -> pd.Series:
    return binding(rows) & ((rows["status"] == "announced") | (rows["ends_when"] != ""))


def bills(rows: pd.DataFrame) -> pd.Series:
    return ~binding(rows)


def governments(rows: pd.DataFrame) -> pd.Series:
    kinds = ["city", "county", "state", "country", "supranational"]
    return binding(rows) & rows["subject_type"].isin(kinds)


def local(rows: pd.DataFrame) -> pd.Series:
    return rows["subject_type"].isin(["city", "county", "state", "school"])


def drawn(rows: pd.DataFrame) -> pd.Series:
    return rows["subject_type"].isin(["city", "county", "state", "country", "school"])


def national(rows: pd.DataFrame) -> pd.Series:
    return rows["subject_type"] != "supranational"


def us_places(rows: pd.DataFrame) -> pd.Series:
    return (rows["country"] == "US") & rows["subject_type"].isin(["city", "county", "state"])


def us_cities(rows: pd.DataFrame) -> pd.Series:
    return (rows["country"] == "US") & (rows["subject_type"] == "city")


def inhabited(rows: pd.DataFrame) -> pd.Series:
    return rows["subject_type"].isin([*PLACE_TYPES])


def spoken(rows: pd.DataFrame) -> pd.Series:
    return rows["value"] != "silent"


def partly(rows: pd.DataFrame) -> pd.Series:
    return rows["value"] == "partly"


FILL: Mapping[tuple[str, str], tuple[Pick, float]] = {
    ("policies", "country"): (national, 1.0),
    ("policies", "region"): (local, 1.0),
    ("policies", "decided_by"): (binding, 0.25),
    ("policies", "reach"): (governments, 1.0),
    ("policies", "territory"): (binding, 0.10),
    ("policies", "introduced_on"): (bills, 0.90),
    ("policies", "decided_on"): (binding, 0.98),
    ("policies", "effective_on"): (binding, 0.40),
    ("policies", "expires_on"): (binding, 0.04),
    ("policies", "ends_when"): (binding, 0.14),
    ("policies", "last_confirmed_on"): (presumed_to_go_on, 0.88),
    ("policies", "supersedes"): (binding, 0.16),
    ("policies", "relates_to"): (every, 0.20),
    ("policies", "instrument"): (every, 0.88),
    ("policies", "exceptions"): (binding, 0.48),
    ("policies", "notes"): (every, 0.95),
    ("subjects", "country"): (national, 1.0),
    ("subjects", "region"): (local, 1.0),
    ("subjects", "within"): (us_cities, 0.70),
    ("subjects", "geoid"): (us_places, 0.95),
    ("subjects", "latitude"): (drawn, 1.0),
    ("subjects", "longitude"): (drawn, 1.0),
    ("subjects", "aliases"): (every, 0.70),
    ("subjects", "population"): (inhabited, 1.0),
    ("subjects", "population_on"): (inhabited, 1.0),
    ("subjects", "population_url"): (inhabited, 1.0),
    ("sources", "published_on"): (every, 0.58),
    ("sources", "locator"): (every, 0.20),
    ("sources", "archived_url"): (every, 0.001),
    ("searches", "region"): (every, 0.55),
    ("provisions", "locator"): (spoken, 1.0),
    ("provisions", "note"): (partly, 1.0),
}
"""Of each column that may be empty: among which rows it is counted, and the least share filled."""


@dataclass(frozen=True)
class Record:
    """The tables as text, the bytes of their files, and the lists they are held against."""

    tables: Mapping[str, pd.DataFrame]
    raw: Mapping[str, bytes]
    released: tuple[str, ...]
    single: tuple[str, ...]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]


@cache
def shipped() -> Record:
    files = table.find().texts
    return Record(
        {name: text.frame for name, text in files.items()},
        {name: text.raw for name, text in files.items()},
        tuple(RELEASED.read_text(encoding="utf-8").splitlines()),
        tuple(re.findall(r"^\| `([^`]+)` \|", SINGLE.read_text(encoding="utf-8"), re.M)),
    )


def outside(counts: Mapping[str, int], ranges: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for name, (least, most) in ranges.items():
        if not least <= counts.get(name, 0) <= most:
            yield f"{name}: {counts.get(name, 0)}, not {least} to {most}"


def subject_types_are_in_range(record: Record) -> Iterator[str]:
    counts = record["policies"]["subject_type"].value_counts().to_dict()
    yield from outside(counts, SUBJECT_TYPES)


def measures_are_in_range(record: Record) -> Iterator[str]:
    counts = record["policies"]["measure"].value_counts().to_dict()
    yield from outside(counts, MEASURES)


def breadth_is_in_range(record: Record) -> Iterator[str]:
    subjects = record["policies"].drop_duplicates(list(IDENTITY))
    kinds = subjects["subject_type"]
    market = kinds.isin(["vendor", "company"])
    counts = {
        "US places and agencies": int(((subjects["country"] == "US") & ~market).sum()),
        "countries": subjects.loc[subjects["country"] != "", "country"].nunique(),
        "vendors": int((kinds == "vendor").sum()),
        "companies": int((kinds == "company").sum()),
    }
    yield from outside(counts, BREADTH)


def no_id_vanishes(record: Record) -> Iterator[str]:
    ids = {*record["policies"]["policy_id"], *record["retired_ids"]["policy_id"]}
    yield from (f"{name} was released and is gone" for name in record.released if name not in ids)


def released_ids_are_a_list(record: Record) -> Iterator[str]:
    if list(record.released) != sorted(set(record.released)) or len(record.released) < 260:
        yield "released_ids.txt is not sorted, names an id twice, or is short"


def origin(publisher: str) -> str:
    """The name under which something was first published: a copy counts as its origin."""
    return re.split(r",? via ", publisher)[0].strip().casefold()


def publishers(record: Record) -> pd.Series:
    """How many independent publishers each adopted or announced row has, by policy_id."""
    sources = record["sources"]
    names = sources["publisher"].map(origin).groupby(sources["policy_id"]).nunique()
    rows = record["policies"]
    return names.reindex(rows.loc[binding(rows), "policy_id"], fill_value=0)


def two_publishers_are_usual(record: Record) -> Iterator[str]:
    share = float((publishers(record) >= 2).mean())
    if share < TWO_PUBLISHERS:
        yield f"{share:.1%} of binding rows have two publishers"


def single_sources_are_told(record: Record) -> Iterator[str]:
    counts = publishers(record)
    found, told = set(counts.index[counts < 2]), set(record.single)
    yield from (f"{name} has one publisher: list it" for name in sorted(found - told))
    yield from (f"{name} has two by now, or is gone: strike it" for name in sorted(told - found))


def columns_are_filled(record: Record) -> Iterator[str]:
    for (name, column), (pick, least) in FILL.items():
        rows = record[name]
        cells = rows.loc[pick(rows), column]
        share = float((cells != "").mean())
        if not share >= least:
            yield f"{name}.{column}: {share:.1%} filled, not {least:.0%}"


def each_page_stands_once(record: Record) -> Iterator[str]:
    sources = record["sources"]
    again = sources[sources.duplicated(["policy_id", "url"])]
    yield from (f"{row.policy_id} has {row.url} twice" for row in again.itertuples())


def files_are_canonical(record: Record) -> Iterator[str]:
    for name, frame in record.tables.items():
        if form.canonical_text(name, frame, record["policies"]).encode() != record.raw[name]:
            yield f"{name}.csv is not as `frtracker fmt` writes it"


def dates_are_proven(record: Record) -> Iterator[str]:
    sources = record["sources"]
    proven = {
        (policy_id, word.removesuffix("~"))
        for policy_id, supports in zip(sources["policy_id"], sources["supports"], strict=True)
        for word in supports.split(";")
    }
    rows = record["policies"]
    rows = rows[binding(rows)]
    for column in RECORDED_DATES:
        for name in rows.loc[rows[column] != "", "policy_id"]:
            if (name, column) not in proven:
                yield f"{name}: no source supports {column}"


def identities(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(zip(*(frame[column] for column in IDENTITY), strict=True))


def subjects_have_rows(record: Record) -> Iterator[str]:
    """Every subject is bound by a row, or holds one that is: as a place in its `within`, as its
    region or as its country; or it is a body of a city that is, by whose name people ask (NYPD)."""
    subjects = record["subjects"]
    bound = identities(record["policies"])
    holding = set()
    for row in subjects.itertuples():
        holding |= {(row.country, row.region, name) for name in row.within.split(";") if name}
    kinds = subjects["subject_type"]
    regions = set(subjects.loc[kinds != "state", "region"])
    countries = set(subjects.loc[kinds != "country", "country"])
    cities = {(country, region, "city", name) for country, region, _, name in bound} & bound
    bodies = {
        (row.country, row.region, row.subject_type, row.subject)
        for row in subjects[kinds == "agency"].itertuples()
        if (row.country, row.region, "city", row.within.partition(";")[0]) in cities
    }
    for country, region, kind, name in sorted(identities(subjects) - bound - bodies):
        parent = (
            (kind == "state" and region in regions)
            or (kind == "country" and country in countries)
            or (country, region, name) in holding
        )
        if not parent:
            yield f"{name} ({kind}, {region or country}) is in subjects.csv and nothing binds it"


def rows_have_subjects(record: Record) -> Iterator[str]:
    for lacking in sorted(identities(record["policies"]) - identities(record["subjects"])):
        yield f"{lacking} is not in subjects.csv"


def sources_have_rows(record: Record) -> Iterator[str]:
    ids = set(record["policies"]["policy_id"])
    for name in sorted(set(record["sources"]["policy_id"]) - ids):
        yield f"{name} has sources and no row"


Gate = Callable[[Record], Iterator[str]]
GATES: tuple[Gate, ...] = (
    subject_types_are_in_range,
    measures_are_in_range,
    breadth_is_in_range,
    no_id_vanishes,
    released_ids_are_a_list,
    two_publishers_are_usual,
    single_sources_are_told,
    columns_are_filled,
    each_page_stands_once,
    files_are_canonical,
    dates_are_proven,
    subjects_have_rows,
    rows_have_subjects,
    sources_have_rows,
)


def named(gate: object) -> str:
    return getattr(gate, "__name__", "")


@pytest.mark.parametrize("gate", GATES, ids=named)
def test_the_shipped_record_passes(gate: Gate) -> None:
    assert list(gate(shipped())) == []


Spoil = Callable[[Record], Record]


def having(record: Record, name: str, frame: pd.DataFrame) -> Record:
    return replace(record, tables={**record.tables, name: frame.reset_index(drop=True)})


def without(name: str, column: str, value: str) -> Spoil:
    return lambda record: having(record, name, record[name][record[name][column] != value])


def where(name: str, column: str, value: str, **cells: str) -> Spoil:
    """The rows with that value get other cells; there must be such rows."""

    def spoil(record: Record) -> Record:
        frame = record[name].copy()
        chosen = frame[column] == value
        assert chosen.any()
        for other, text in cells.items():
            frame.loc[chosen, other] = text
        return having(record, name, frame)

    return spoil


def twice(name: str) -> Spoil:
    return lambda record: having(record, name, pd.concat([record[name], record[name].head(1)]))


def everywhere(name: str, column: str, text: str) -> Spoil:
    return lambda record: having(record, name, record[name].assign(**{column: text}))


def many_names_for_one(record: Record) -> Record:
    copies = [f"AP, via paper {number}" for number in range(len(record["sources"]))]
    return having(record, "sources", record["sources"].assign(publisher=copies))


def one_name_less(record: Record) -> Record:
    return replace(record, single=record.single[1:])


def one_name_more(record: Record) -> Record:
    return replace(record, single=(*record.single, "us-ma-boston-2020"))


def reversed_rows(record: Record) -> Record:
    return having(record, "policies", record["policies"].iloc[::-1])


def written(name: str, spoil: Spoil) -> Spoil:
    """The spoilt table as its file would hold it."""

    def spoil_file(record: Record) -> Record:
        spoilt = spoil(record)
        text = "".join(form.written(spoilt[name]))
        return replace(spoilt, raw={**record.raw, name: text.encode()})

    return spoil_file


def computed_only(record: Record) -> Record:
    """All that a source proved by its text is gone; what is computed (~) still counts."""
    supports = record["sources"]["supports"].str.replace("decided_on", "summary")
    return having(record, "sources", record["sources"].assign(supports=supports))


BOSTON = "us-ma-boston-2020"

BREACHES: tuple[tuple[Gate, Spoil, str], ...] = (
    (subject_types_are_in_range, without("policies", "subject_type", "vendor"), "vendor: 0,"),
    (measures_are_in_range, everywhere("policies", "measure", "ban"), "moratorium: 0,"),
    (measures_are_in_range, everywhere("policies", "measure", "none"), "none: "),
    (breadth_is_in_range, everywhere("policies", "country", "US"), "countries: 1,"),
    (breadth_is_in_range, everywhere("policies", "subject", "Springfield"), "vendors: "),
    (no_id_vanishes, without("policies", "policy_id", BOSTON), BOSTON),
    (no_id_vanishes, where("policies", "policy_id", BOSTON, policy_id="us-ma-boston-20"), BOSTON),
    (released_ids_are_a_list, lambda r: replace(r, released=r.released[::-1]), "not sorted"),
    (released_ids_are_a_list, lambda r: replace(r, released=r.released[:9]), "short"),
    (two_publishers_are_usual, many_names_for_one, "0.0%"),
    (two_publishers_are_usual, everywhere("sources", "publisher", "AP"), "0.0%"),
    (single_sources_are_told, without("sources", "policy_id", BOSTON), f"{BOSTON} has one"),
    (single_sources_are_told, one_name_less, "list it"),
    (single_sources_are_told, one_name_more, f"{BOSTON} has two"),
    *(
        (columns_are_filled, everywhere(name, column, ""), f"{name}.{column}: 0.0%")
        for name, column in FILL
    ),
    (each_page_stands_once, twice("sources"), "twice"),
    (files_are_canonical, written("policies", reversed_rows), "policies.csv"),
    (
        files_are_canonical,
        written("policies", where("policies", "policy_id", BOSTON, subject=" Boston")),
        "policies.csv",
    ),
    (files_are_canonical, twice("searches"), "searches.csv"),
    (dates_are_proven, without("sources", "policy_id", BOSTON), BOSTON),
    (dates_are_proven, computed_only, "supports decided_on"),
    (subjects_have_rows, without("policies", "subject", "Easthampton"), "Easthampton (city"),
    (subjects_have_rows, without("policies", "country", "NZ"), "New Zealand Police"),
    (rows_have_subjects, without("subjects", "subject", "Boston"), "Boston"),
    (sources_have_rows, without("policies", "policy_id", BOSTON), BOSTON),
)


@pytest.mark.parametrize(
    ("gate", "spoil", "told"), BREACHES, ids=[f"{named(gate)}-{told}" for gate, _, told in BREACHES]
)
def test_a_gate_finds_its_breach(gate: Gate, spoil: Spoil, told: str) -> None:
    assert any(told in found for found in gate(spoil(shipped())))


def test_every_gate_is_seen_to_fail() -> None:
    assert {gate for gate, _, _ in BREACHES} == set(GATES)


def test_every_word_and_column_has_its_number() -> None:
    columns = {(table.name, it.name): it for table in TABLES.values() for it in table.columns}
    assert tuple(SUBJECT_TYPES) == columns["policies", "subject_type"].kind.terms
    assert set(MEASURES) == set(columns["policies", "measure"].kind.terms)
    may_be_empty = {name for name, column in columns.items() if not column.required}
    filled = {(of, it) for of, it in may_be_empty if shipped()[of][it].any()}
    assert set(FILL) == {(of, it) for of, it in filled if of != "coverage"}  # a few rows


@pytest.mark.parametrize(
    ("publisher", "same"),
    [
        ("AP, via KION", "AP"),
        ("Jiji via The Japan Times", "Jiji"),
        ("CNET", "cnet"),
        ("Bill text, via FastDemocracy", "Bill text, via govroll.com"),
    ],
)
def test_a_copy_counts_as_its_origin(publisher: str, same: str) -> None:
    assert origin(publisher) == origin(same)


def validated(folder: Path) -> int:
    return CliRunner().invoke(main, ["validate", str(folder / "policies.csv")]).exit_code


def test_validate_finds_no_error_in_the_shipped_record() -> None:
    result = CliRunner().invoke(main, ["validate"])
    assert result.exit_code == 0, result.output


def test_validate_finds_an_error_that_is_put_there(tmp_path: Path) -> None:
    for name in TABLES:
        shutil.copy(shipped_folder() / f"{name}.csv", tmp_path)
    assert validated(tmp_path) == 0
    file = tmp_path / "policies.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace(f"{BOSTON},Boston,city,US,US-MA", f"{BOSTON},Boston,city,US,US-MX")
    )
    assert validated(tmp_path) == 1
