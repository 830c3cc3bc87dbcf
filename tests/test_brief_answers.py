"""The sentence that the page's panel opens with, and why a position is in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from frtracker import wording
from frtracker.vocabulary import ACTORS, MEASURES

BAN = {
    "measure": "ban",
    "scope": "general",
    "certain": True,
    "at_least": None,
    "lifted": False,
    "start_presumed": False,
    "territory": None,
    "uses": ["any"],
    "also": [],
}
NONE = BAN | {"measure": "none", "scope": None, "uses": []}
DRONES = {"scope": "narrow", "uses": ["drone"]}
SINCE = "since 29 Jul 2020"

ANSWERS = [
    ("city", BAN, SINCE, "", "Banned for police since 29 Jul 2020."),
    ("city", BAN, "", "", "Banned for police."),
    ("city", BAN | DRONES, SINCE, "through 31 Dec 2022",
     "Banned (drones only) for police since 29 Jul 2020, through 31 Dec 2022."),
    ("city", BAN | {"start_presumed": True}, "adopted 30 Jun 2020, start date not recorded", "",
     "Banned for police, adopted 30 Jun 2020, start date not recorded."),
    ("city", BAN | {"measure": "moratorium"}, SINCE, "",
     "Under a moratorium for police since 29 Jul 2020."),
    ("agency", BAN | {"measure": "withdrawal"}, SINCE, "",
     "Stopped by its own decision for police since 29 Jul 2020."),
    ("state", BAN | {"measure": "restriction"}, SINCE, "",
     "Allowed only on conditions for police since 29 Jul 2020."),
    ("city", BAN | {"measure": "oversight"}, SINCE, "",
     "Subject to approval or reporting for police since 29 Jul 2020."),
    ("state", BAN | {"certain": False}, "", "", "Uncertain: ban or no rule for police."),
    ("state", BAN | {"certain": False, "at_least": {"measure": "restriction", "scope": "general"}},
     "", "", "Uncertain: up to ban, at least restriction for police."),
    ("state", NONE, "", "", "No rule in force for police."),
    ("state", NONE | {"lifted": True}, "", "", "No rule in force for police (lifted)."),
    ("company", BAN, SINCE, "", "Banned since 29 Jul 2020."),
    ("vendor", BAN, SINCE, "",
     "Barred from offering face recognition to police since 29 Jul 2020."),
    ("vendor", BAN | {"measure": "withdrawal"}, SINCE, "",
     "Has stopped offering face recognition to police since 29 Jul 2020."),
    ("vendor", BAN | {"measure": "restriction", "territory": ["US"]}, SINCE, "",
     "Offering face recognition to police only on conditions in the United States only"
     " since 29 Jul 2020."),
    ("vendor", NONE | {"also": [BAN | {"territory": ["IT"]}]}, "", "",
     "No rule in force everywhere for police, but in some countries or states."),
    # a union's territory is the union
    ("supranational", BAN | {"territory": ["FR", "DE"]}, SINCE, "",
     "Banned for police since 29 Jul 2020."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "entry", "since", "until", "words"), ANSWERS)
def test_an_answer_for_a_stretch_of_days(
    kind: str, entry: dict[str, Any], since: str, until: str, words: str
) -> None:
    text = wording.brief_answer(entry, kind, whom="police", since=since, until=until)
    assert text == words


@pytest.mark.parametrize("kind", ["city", "vendor"])
def test_every_measure_has_one(kind: str) -> None:
    texts = {wording.brief_answer(BAN | {"measure": it}, kind, whom="police") for it in MEASURES}
    assert len(texts) == len(MEASURES)


WHOM = [
    (["police"], "police"),
    (["police", "government"], "police and other government agencies"),
    (["schools", "private"], "schools, and businesses and individuals"),
    (list(ACTORS), "everyone"),
]


@pytest.mark.parametrize(("actors", "words"), WHOM)
def test_actors_in_a_sentence(actors: list[str], words: str) -> None:
    assert wording.everyone(actors) == words


RULE = {
    "state": "uncertain",
    "confidence": "high",
    "status": "adopted",
    "start_presumed": False,
    "continuation_presumed": False,
    "introduced_on": "2020",
    "decided_on": "2021-04-07",
    "effective_on": "2021-07-01",
    "expires_on": None,
}
REASONS = [
    ({"confidence": "low"}, ["it is not established that the act exists or says this"]),
    ({"effective_on": "2021-07"}, ["the start date is not known exactly: Jul 2021"]),
    # its own days are exact: another act's are not
    ({}, ["the recorded dates leave open whether it was in force on this date"]),
]


@pytest.mark.parametrize(("cells", "words"), REASONS)
def test_why_a_rule_is_in_doubt(cells: dict[str, Any], words: list[str]) -> None:
    assert wording.reasons(RULE | cells) == words


REACHES = [
    ("own", "applies to its own agencies only"),
    ("below", "applies to local agencies inside it, not its own"),
    ("", ""),
]


@pytest.mark.parametrize(("code", "words"), REACHES)
def test_whom_a_rule_reaches(code: str, words: str) -> None:
    assert wording.reach(code) == words
