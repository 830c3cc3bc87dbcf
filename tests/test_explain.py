"""``explain``: what binds a place, by the shipped record and by a small one of one's own."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import records
from frtracker.answers.explain import explain
from frtracker.cli import main
from frtracker.dates import parse_period
from frtracker.places.names import resolve
from frtracker.places.place import Place
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record import load as table
from frtracker.text.explain import render
from frtracker.vocabulary import ACTORS

Document = dict[str, Any]


@cache
def tables() -> table.Tables:
    return table.read()


@cache
def meant(place: str) -> Place:
    return resolve(tables(), place)


def document(place: str, as_of: str, *actors: str, known_at: str = "") -> Document:
    known = parse_period(known_at).high if known_at else None
    day = parse_period(as_of).high
    chosen = actors or ("police", "government", "schools", "private")
    return explain(tables(), meant(place), day, actors=chosen, known_at=known)


def said(bound: Document | None) -> str:
    if bound is None:
        return "null"
    text = bound["measure"] + " (narrow)" * (bound["scope"] == "narrow")
    text = text if bound["certain"] else f"uncertain {text}"
    makers = " and ".join(layer["subject"] for layer in bound["layers"])
    return f"{text} by {makers}" if makers else text


BINDS = [
    # the county's ban is for its own departments; the state's law reaches all
    ("Seattle, WA", "2021-06-30", "police", "oversight by Seattle"),
    ("Seattle, WA", "2021-07-01", "police", "restriction by Washington"),
    ("King County, WA", "2021-06-30", "police", "ban by King County"),
    ("47.606,-122.332", "2021-06-30", "police", "none"),
    ("Lowell, MA", "2021-06-30", "police", "none"),
    ("Lowell, MA", "2021-07-01", "police", "restriction by Massachusetts"),
    ("Lowell, MA", "2021-07-01", "schools", "null"),
    ("Northampton, MA", "2022-01-01", "police", "ban by Northampton"),
    ("Northampton, MA", "2022-01-01", "government", "ban by Northampton"),
    ("Norfolk, VA", "2021-06-30", "police", "none"),
    ("Norfolk, VA", "2021-07-01", "police", "ban by Virginia"),
    ("Norfolk, VA", "2022-07-01", "police", "restriction by Virginia"),
    ("Norfolk, VA", "2026-08-31", "police", "uncertain ban by Virginia"),
    ("Bangor, ME", "2021-10-01", "police", "restriction by Maine"),
    ("Bangor, ME", "2021-10-01", "schools", "ban by Maine"),
    ("Portland, ME", "2022-01-01", "police", "ban by Portland"),
    ("Milwaukee", "2026-11-01", "police", "moratorium by Milwaukee Police Department"),
    ("Milwaukee", "2026-01-01", "police", "none"),
    ("Milwaukee Police Department", "2026-11-01", "police",
     "moratorium by Milwaukee Police Department"),
    ("Wauwatosa, WI", "2026-11-01", "police", "none"),
    ("Portland, OR", "2020-12-31", "private", "none"),
    ("Portland, OR", "2021-01-01", "private", "ban by Portland"),
    ("Daly City, CA", "2022-12-31", "police", "moratorium (narrow) by California"),
    ("Daly City, CA", "2023-01-01", "police", "none"),
    ("37.69,-122.47", "2022-12-31", "police", "moratorium (narrow) by California"),
    # a borough is told as its city, by name and by its coordinates
    ("Brooklyn, NY", "2022-01-01", "private", "restriction (narrow) by New York City"),
    ("40.65,-73.95", "2022-01-01", "private", "restriction (narrow) by New York City"),
    # the AI Act by territory: Ireland is out of the rules on police, Switzerland out of all
    ("53.35,-6.26", "2025-02-01", "police", "none"),
    ("53.35,-6.26", "2025-02-02", "police", "ban (narrow) by European Union"),
    ("Ireland", "2025-02-02", "private", "ban (narrow) by European Union"),
    ("46.52,6.63", "2025-05-06", "police", "null"),
    ("Lausanne", "2025-12-31", "police", "ban (narrow) by Lausanne"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "as_of", "actor", "expected"), BINDS)
def test_what_binds(place: str, as_of: str, actor: str, expected: str) -> None:
    assert said(document(place, as_of, actor)["positions"][actor]) == expected


def layer(found: Document, name: str) -> Document:
    return next(each for each in found["layers"] if each["subject"] == name)


def reaches(found: Document, name: str) -> dict[str, bool]:
    live = ("in_force", "uncertain", "scheduled")
    return {
        rule["policy_id"]: rule["reaches"]
        for rule in layer(found, name)["policies"]
        if rule["state"] in live
    }


def test_a_rule_that_does_not_reach_is_told_as_such() -> None:
    found = document("Seattle, WA", "2022", "police")
    assert reaches(found, "King County") == {"us-wa-king-county-2021": False}
    assert reaches(found, "Washington") == {"us-wa-sb6280-2020": True}
    assert "us-wa-king-county-2021" not in json.dumps(found["positions"])
    text = render(found, "table")
    assert "us-wa-king-county-2021" in text
    assert "does not reach here: it applies to its own agencies only" in text


def test_the_milder_rule_is_told_too() -> None:
    found = document("Northampton, MA", "2022", "police")
    also = {(rule["subject"], rule["measure"]) for rule in found["positions"]["police"]["also"]}
    assert ("Massachusetts", "restriction") in also
    berlin = document("52.52,13.4", "2026", "police")["positions"]["police"]
    dublin = document("53.35,-6.26", "2026", "police")["positions"]["police"]
    assert [rule["policy_id"] for rule in berlin["also"]] == ["eu-ai-act-2024-rbi"]
    assert dublin["also"] == []


CHAINS = [
    ("Daly City, CA", ["Daly City", "San Mateo County", "California", "United States"]),
    ("San Francisco", ["San Francisco", "California", "United States"]),
    ("Alexandria, VA", ["Alexandria", "Virginia", "United States"]),
    (
        "Bronx, NY",
        ["New York City Police Department", "New York City", "New York", "United States"],
    ),
    ("Capitol Hill, DC", ["Capitol Hill", "District of Columbia", "United States"]),
    ("38.9,-77.03", ["District of Columbia", "United States"]),
    ("39.29,-76.61", ["Baltimore", "Maryland", "United States"]),
    ("Lausanne", ["Lausanne", "Vaud", "Switzerland"]),
]


@pytest.mark.parametrize(("place", "names"), CHAINS)
def test_the_layers_of_a_place(place: str, names: list[str]) -> None:
    assert [each["subject"] for each in document(place, "2024", "schools")["layers"]] == names


def test_a_union_without_a_rule_there_is_no_layer() -> None:
    lausanne = document("46.52,6.63", "2026")
    assert [each["subject_type"] for each in lausanne["layers"]] == ["country"]
    assert document("Denmark", "2026")["layers"][-1]["subject"] == "European Union"


def test_own_agencies_are_marked() -> None:
    found = document("Milwaukee", "2026-11-01", "police")
    roles = {each["subject"]: each["role"] for each in found["layers"]}
    assert roles["Milwaukee Police Department"] == "agency"
    assert "The moratorium (Milwaukee Police Department) began on 6 Feb 2026." in found["answer"]
    port = layer(document("King County, WA", "2022", "police"), "Port of Seattle")
    assert (port["role"], port["applies_to"]) == ("agency", [])


def test_the_owner_of_a_body_is_not_presumed() -> None:
    found = document("Port of Seattle", "2022", "police")
    assert said(found["positions"]["police"]) == "ban by Port of Seattle"
    assert any("King County has rules for its own bodies" in note for note in found["notes"])


def test_where_no_act_is_recorded_the_search_is_told() -> None:
    found = document("Daly City, CA", "2022")
    own = layer(found, "Daly City")
    assert own["recorded"] is False
    assert {(s["level"], s["region"], s["names_it"]) for s in own["searched"]} == {
        ("local", "US-CA", False)
    }
    text = render(found, "table")
    assert "Daly City (city, asked about): no act of its own on record" in text
    assert (
        "- searched: local in California (this place was not searched by name), 22 Nov 2026: "
        in text
    )
    nothing = "no act of its own on record (the record is a selection)"
    elsewhere = render(document("12.6,-8.0", "2022"), "table")
    assert f"Mali (country): {nothing}; not searched" in elsewhere


def test_a_search_by_name_is_told_alone() -> None:
    searched = layer(document("Norfolk, VA", "2022"), "Norfolk")["searched"]
    assert [search["names_it"] for search in searched] == [True]


NEXT = [
    ("Seattle, WA", "2021-06-30", ("2021-07-01", "restriction", ["Washington"])),
    ("Norfolk, VA", "2021-06-30", ("2021-07-01", "ban", ["Virginia"])),
    ("Daly City, CA", "2022-12-31", ("2023-01-01", "none", [])),
]


@pytest.mark.parametrize(("place", "as_of", "expected"), NEXT)
def test_what_comes_next(place: str, as_of: str, expected: tuple[str, str, list[str]]) -> None:
    change = document(place, as_of, "police")["positions"]["police"]["next_change"]
    assert (change["on"], change["measure"], change["subjects"]) == expected


def test_the_next_change_of_every_layer_is_listed() -> None:
    found = document("Northampton, MA", "2021-06-30", "police")
    assert found["positions"]["police"]["next_change"] is None, "its ban goes on"
    assert [(c["subject"], c["on"]) for c in found["next"]] == [("Massachusetts", "2021-07-01")]
    assert "- Massachusetts, 1 Jul 2021: restriction for police" in render(found, "table")


def test_what_is_presumed_is_said() -> None:
    found = document("Milwaukee", "2026-11-01", "police")
    assert found["presumed"] == [
        "us-wi-milwaukee-2026: assumed to continue; last confirmed 27 Feb 2026"
    ]
    easthampton = document("Easthampton, MA", "2026-11-01", "police")["presumed"]
    assert (
        "us-ma-easthampton-2020: start date not recorded; assumed to be the day of adoption"
        " (1 Jul 2020)" in easthampton
    )
    assert document("Norfolk, VA", "2026-08", "police")["presumed"][0] == (
        "us-va-2026: it is not established that the act exists or says this"
    )


def test_known_at_is_about_every_layer() -> None:
    before = document("Norfolk, VA", "2023", "police", known_at="2021-12")
    assert said(before["positions"]["police"]) == "ban by Virginia"
    assert "as known on 31 Dec 2021" in before["answer"]


FIRST_LINES = [
    ("Seattle, WA", "2021-06-30", ("police",),
     "No ban. On 30 Jun 2021, police in Seattle, WA were subject to approval or reporting rules on"
     " face recognition. The oversight rule (Seattle) began on 1 Sep 2017."),
    ("Lowell, MA", "2022-01-01", ("police", "schools"),
     "No ban for police. On 1 Jan 2022, police in Lowell, MA were allowed to use face recognition"
     " only on conditions. The restriction (Massachusetts) began on 1 Jul 2021."),
    ("Lowell, MA", "2022-01-01", ("schools",),
     "No rule found. On 1 Jan 2022, no act on face recognition was on record for schools in Lowell,"
     " MA. That is not the same as “allowed”: the record is a selection, and an act may exist that"
     " was not found."),
    ("Northampton, MA", "2022-01-01", ("police", "government"),
     "Yes. On 1 Jan 2022, police and other government agencies in Northampton, MA were banned from"
     " using face recognition. The ban (Northampton) began between 20 Dec 2019 and 2 Jan 2020."),
    ("Easthampton, MA", "2022-01-01", ("police", "government"),
     "Yes. On 1 Jan 2022, police and other government agencies in Easthampton, MA were banned from"
     " using face recognition. The ban (Easthampton) was adopted on 1 Jul 2020; its start date is"
     " not recorded."),
    ("37.69,-122.47", "2023-01-01", ("police",),
     "No. On 1 Jan 2023, no rule on face recognition was in force for police at 37.69,-122.47 (San"
     " Mateo County, CA; city unknown, so no rule of a city such as San Francisco)."),
    ("Daly City, CA", "2022-01-01", ("police",),
     "In part. On 1 Jan 2022, police in Daly City, CA were under a moratorium on some uses of face"
     " recognition (body cameras). The moratorium (California) began on 1 Jan 2020."),
    ("Milwaukee", "2026-11-22", ("police",),
     "Yes. On 22 Nov 2026, police in Milwaukee, WI are under a moratorium on face recognition. The"
     " moratorium (Milwaukee Police Department) began on 6 Feb 2026. It lasts until a policy is"
     " worked out with the Fire and Police Commission, the Common Council and the community."),
    ("United States", "2021-01-01", ("police",),
     "No. On 1 Jan 2021, no rule on face recognition was in force for police in the United"
     " States."),
    ("Norfolk, VA", "2026-08-31", ("police",),
     "Uncertain. On 31 Aug 2026, police in Norfolk, VA may have been banned from using face"
     " recognition. The recorded dates or sources leave it open."),
    # a body with other rules for others; a county's and a country's rule for its own agencies alone
    ("Port of Seattle", "2026-11-01", tuple(ACTORS),
     "Yes, for police. On 1 Nov 2026, police at the Port of Seattle, WA were banned from using face"
     " recognition. The ban (Port of Seattle) was adopted on 13 Jul 2021; its start date is not"
     " recorded. Also in force: restriction for other government agencies, and businesses and"
     " individuals."),
    ("King County, WA", "2026-11-01", ("police",),
     "Yes. On 1 Nov 2026, police of King County, WA itself were banned from using face recognition."
     " The ban (King County) began between 17 and 27 Jun 2021."),
    ("United States", "2026-11-01", ("government",),
     "No ban. On 1 Nov 2026, other government agencies of the United States itself were allowed to"
     " use face recognition only on conditions. The restriction (United States) began on 3 Apr"
     " 2026."),
    # a police department is no school and no business
    ("Orlando Police Department", "2026-11-01", tuple(ACTORS),
     "No ban for police. On 1 Nov 2026, the Orlando Police Department, FL had stopped some uses of"
     " face recognition (one product) by its own decision. The withdrawal (Orlando Police"
     " Department) began on 18 Jul 2019."),
    ("Milwaukee Police Department", "2026-11-01", ("police",),
     "Yes. On 1 Nov 2026, the Milwaukee Police Department, WI was under a moratorium on face"
     " recognition. The moratorium (Milwaukee Police Department) began on 6 Feb 2026. It was to"
     " last until a policy is worked out with the Fire and Police Commission, the Common Council"
     " and the community."),
    ("Italy", "2027-01-01", ("government",),
     "In part. On 1 Jan 2027, other government agencies in Italy will be banned from some uses of"
     " face recognition (scraping of faces). The ban (European Union) began on 2 Feb 2025."),
]  # fmt: skip


@pytest.mark.parametrize(("place", "as_of", "actors", "expected"), FIRST_LINES)
def test_the_first_line_is_the_answer(
    place: str, as_of: str, actors: tuple[str, ...], expected: str
) -> None:
    day, today = parse_period(as_of).high, date(2026, 11, 22)
    found = explain(tables(), meant(place), day, actors=actors, today=today)
    assert render(found, "table").splitlines()[0] == expected
    assert render(found, "markdown").splitlines()[0] == f"**{expected}**"


def test_the_text_ends_with_the_citation() -> None:
    found = document("Seattle, WA", "2021-06-30")
    edition = tables().edition
    last = render(found, "table").splitlines()[-1]
    assert last == f"Cite as: {found['cite_as']}"
    assert last.endswith("rules that apply in Seattle, WA on 30 Jun 2021.")
    version = (edition.reviewed_through or "").replace("-", ".")
    assert f"edition {version} ({edition.edition[:12]}" in last


def test_every_source_of_a_rule_that_binds_is_told() -> None:
    found = document("Lowell, MA", "2022", "police")
    rows = tables().sources
    urls = list(rows[rows["policy_id"] == "us-ma-2020"]["url"])
    text = render(found, "table")
    assert urls
    assert [url for url in urls if url not in text] == []


def test_json_is_the_document() -> None:
    found = document("Milwaukee", "2026-11-01")
    assert json.loads(render(found, "json")) == found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Facebook", "Meta is a vendor, not a place: see `frtracker show`"),
        ("Bunnings", "Bunnings is a company, not a place: see `frtracker show`"),
    ],
)
def test_a_vendor_or_company_is_no_place(name: str, said: str) -> None:
    with pytest.raises(NameNotUnderstood, match=re.escape(said)):
        document(name, "2022")


def run(*words: str) -> Result:
    return CliRunner(env={"SOURCE_DATE_EPOCH": "1795305600"}).invoke(main, ["explain", *words])


CALLS = [
    (
        ["Seattle", "--as-of", "2021-06-30", "--for", "police"],
        0,
        "No ban. On 30 Jun 2021, police in Seattle, WA were subject to",
    ),
    (
        ["-33.9,151.2"],
        0,
        "No ban for police, other government agencies, and businesses and individuals. On 22",
    ),
    (["Xyzzy"], 1, "Error: No place or subject is named 'Xyzzy'"),
    (
        ["Portland"],
        1,
        "Error: 'Portland' can mean several places:\n  frtracker explain \"Portland, OR\"",
    ),
    (["Amazon"], 1, "Error: Amazon is a vendor, not a place"),
    (["0,0"], 1, "Error: No country at 0,0."),
    (["91,0"], 2, "latitude is -90 to 90"),
    (["--bogus"], 2, "No such option"),
    (["Seattle", "--bogus"], 2, ""),
    (["Seattle", "--for", "vendors"], 2, "'vendors' is not one of"),
    ([], 2, "Missing argument 'PLACE'"),
]


@pytest.mark.parametrize(("words", "code", "said_"), CALLS)
def test_exit_codes(words: list[str], code: int, said_: str) -> None:
    result = run(*words)
    assert result.exit_code == code, result.output
    assert said_ in result.output


HEADER = (
    "policy_id,subject,subject_type,country,region,decided_by,measure,uses,applies_to,reach,"
    "territory,status,introduced_on,decided_on,effective_on,expires_on,ends_when,"
    "last_confirmed_on,supersedes,relates_to,instrument,summary,exceptions,source_url,confidence,"
    "reviewed_on,notes\n"
)
OWN = (
    "us-ca-2024,California,state,US,US-CA,,restriction,any,police,all,,adopted,,2024-01-01,"
    "2024-02-01,,,,,,,State rule.,,https://example.org/state,high,2026-11-22,\n"
    "us-ca-daly-city-2023,Daly City,city,US,US-CA,,ban,any,police,own,,adopted,,2023-01-01,"
    "2023-02-01,,,,,,,City rule.,,https://example.org/city,high,2026-11-22,\n"
    "us-ca-san-mateo-2023,San Mateo County,county,US,US-CA,,oversight,any,police,all,,adopted,,"
    "2023-01-01,2023-02-01,,,,,,,County rule.,,https://example.org/county,high,2026-11-22,\n"
)


def test_a_small_record_of_ones_own_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "policies.csv"
    rows = csv.DictReader(io.StringIO(HEADER + OWN))
    path.write_text(records.text("policies", rows), encoding="utf-8")
    words = ["--policies", str(path), "--for", "police", "--as-of", "2024-06-01"]
    city = run("Daly City, CA", *words).stdout
    assert city.splitlines()[0] == (
        "Yes. On 1 Jun 2024, police in Daly City, CA were banned from using face recognition. The"
        " ban (Daly City) began on 1 Feb 2023."
    )
    assert "also restriction: California (us-ca-2024)" in city
    assert "also oversight: San Mateo County (us-ca-san-mateo-2023)" in city
    assert "us-ca-daly-city-2023: https://example.org/city" in city
    neighbour = run("Colma, CA", *words).stdout
    assert neighbour.splitlines()[0] == (
        "No ban. On 1 Jun 2024, police in Colma, CA were allowed to use face recognition only on"
        " conditions. The restriction (California) began on 1 Feb 2024."
    )
    assert "Colma (city, asked about): no act of its own on record" in neighbour


def test_a_county_rule_on_business_stops_at_its_cities(tmp_path: Path) -> None:
    path = tmp_path / "policies.csv"
    own = OWN.splitlines(keepends=True)[-1].replace(",police,all,", ",private,own,")
    rows = csv.DictReader(io.StringIO(HEADER + OWN.splitlines(keepends=True)[1] + own))
    path.write_text(records.text("policies", rows), encoding="utf-8")
    words = ["--policies", str(path), "--for", "private", "--as-of", "2024-06-01"]
    note = "a rule of San Mateo County applies where no municipality governs; the record"
    for place, said in (("Daly City, CA", False), ("Colma, CA", True), ("37.50,-122.33", True)):
        told = run(place, *words).stdout
        assert "no act on face recognition is on record for businesses" in told.replace("was", "is")
        assert "does not reach here: it applies where no municipality governs" in told
        assert (note in told) is said
