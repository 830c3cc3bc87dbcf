"""``changes`` and ``upcoming``, and the calendar and feed made of them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import vobject
from click.testing import CliRunner
from icalendar import Calendar

from frtracker.cli import main


def run(*words: str) -> str:
    result = CliRunner(env={"SOURCE_DATE_EPOCH": "1795305600"}).invoke(main, words)
    assert result.exit_code == 0, result.output
    return result.stdout


def events(*words: str) -> list[dict[str, object]]:
    return list(json.loads(run(*words, "-f", "json"))["events"])


def test_a_beginning_is_told_once_with_its_effect() -> None:
    told = events("changes", "--since", "2021-07-01", "--until", "2021-07-01", "--subject", "us-ma")
    assert [(e["on"], e["kind"], e["policy_id"], e["effects"]) for e in told] == [
        ("2021-07-01", "began", "us-ma-2020", ["tightened"])
    ]


FILTERS = [
    (("--type", "vendor"), {"vendor-ibm-2020", "vendor-amazon-2020"}, {"us-ma-2020"}),
    (("--region", "MA", "--type", "state"), {"us-ma-2020"}, {"us-ma-boston-2020"}),
    (("--country", "FR", "--type", "vendor"), {"vendor-ibm-2020"}, {"vendor-microsoft-2020"}),
    (("--measure", "restriction"), {"us-ma-2020"}, {"us-ma-boston-2020", "vendor-ibm-2020"}),
    (("--for", "schools"), {"us-ny-schools-2020", "vendor-ibm-2020"}, {"us-ma-2020"}),
    (("--subject", "Boston", "--subject", "IBM"), {"us-ma-boston-2020", "vendor-ibm-2020"},
     {"us-wa-sb6280-2020"}),  # Washington applies in neither
]  # fmt: skip


@pytest.mark.parametrize(("words", "present", "absent"), FILTERS)
def test_the_filters_are_those_of_status(
    words: tuple[str, ...], present: set[str], absent: set[str]
) -> None:
    listed = events("changes", "--since", "2020", "--until", "2021-07", *words)
    ids = {str(event["policy_id"]) for event in listed}
    assert present <= ids
    assert not absent & ids
    if "--for" in words:
        assert all(event["applies_to"] == ["schools"] for event in listed)


def test_what_is_upcoming_is_filtered_whole() -> None:
    words = ("upcoming", "--as-of", "2021-06", "--type", "state", "--for", "police", "-f", "json")
    document = json.loads(run(*words))
    rules = [*document["events"], *document["conditions"]]
    assert {rule["subject_type"] for rule in rules} == {"state"}
    assert "us-ma-2020" in {rule["policy_id"] for rule in rules}
    assert all(event["applies_to"] == ["police"] for event in document["events"])
    assert not any(
        policy_id.startswith(("vendor-", "us-ma-boston"))
        for review in document["reviews"]
        for policy_id in review["policy_ids"]
    )


def test_an_end_by_its_own_terms_names_the_last_day() -> None:
    text = run(
        "changes", "--since", "2023-01-01", "--until", "2023-01-01", "--subject", "Baltimore"
    )
    assert "expired (last day 31 Dec 2022)" in text
    assert "loosened" in text
    assert "lifted" not in text, "that is a repeal's"


def test_a_partial_day_is_told_on_its_last_as_by() -> None:
    told = events("changes", "--since", "2021-01-30", "--until", "2021-01-30")
    santa_cruz = next(e for e in told if e["subject_key"] == "us-ca-santa-cruz")
    assert santa_cruz["on"] == "[2020-07-24..2021-01-30]"


def test_known_at_hides_what_was_decided_later() -> None:
    asked = ("changes", "--since", "2021-05", "--until", "2021-05", "--subject", "Amazon")
    assert [(e["kind"], e["effects"]) for e in events(*asked)] == [("began", ["extended"])]
    assert events(*asked, "--known-at", "2021-05-17") == []


def test_an_end_that_is_not_established_is_told_as_uncertain() -> None:
    asked = ("changes", "--since", "2022-07", "--until", "2022-09", "--subject", "Buenos Aires")
    (ended,) = [e for e in events(*asked) if e["kind"] == "ended"]
    assert not ended["certain"]
    (line,) = [line for line in run(*asked).splitlines() if "ended" in line]
    assert "uncertain" in line


def test_every_possible_cause_of_an_end_is_named() -> None:
    asked = ("changes", "--since", "2022-07", "--until", "2022-09", "--subject", "Buenos Aires")
    ended = next(e for e in events(*asked) if e["kind"] == "ended")
    assert ended["on"] == "[2022-07-01..2022-09-07]"
    assert (ended["on_low"], ended["on_high"]) == ("2022-07-01", "2022-09-07")
    assert ended["causes"] == ["ar-caba-2022-lifted", "ar-caba-ruling-2022"]
    assert "replaced by ar-caba-2022-lifted or ar-caba-ruling-2022" in run(*asked)
    assert "low confidence" in run(*asked)


def test_upcoming_holds_what_is_scheduled_and_what_ends_on_a_condition() -> None:
    document = json.loads(run("upcoming", "--as-of", "2021-06", "--within", "2m", "-f", "json"))
    assert "us-ma-2020" in {e["policy_id"] for e in document["events"]}
    assert {e["kind"] for e in document["events"]} <= {"began", "ended"}
    springfield = next(c for c in document["conditions"] if c["subject_key"] == "us-ma-springfield")
    assert springfield["ends_when"].startswith("until the City Council")


@pytest.mark.parametrize("words", [("changes", "--since", "2018"), ("upcoming", "--as-of", "2021")])
def test_the_calendar_reads_back(words: tuple[str, ...]) -> None:
    document = json.loads(run(*words, "-f", "json"))
    bills = ("--bills",) if words[0] == "changes" else ()
    text = run(*words, *bills, "-f", "ics")
    assert "REFRESH-INTERVAL;VALUE=DURATION:P1D" in text.splitlines()
    file = Calendar.from_ical(text)
    assert str(file["NAME"]) == str(file["X-WR-CALNAME"]) == "Face recognition rules"
    items = list(file.walk("VEVENT"))
    for item, event in zip(items, document["events"], strict=True):
        assert str(item["UID"]) == f"{event['event_id']}@frtracker"
        low, high = map(date.fromisoformat, (event["on_low"] or event["on_high"], event["on_high"]))
        assert (item["DTSTART"].dt, item["DTEND"].dt) == (low, high + timedelta(days=1))
        assert str(item["STATUS"]) == ("CONFIRMED" if event["certain"] else "TENTATIVE")
        days = (low - date(2021, 12, 31)).days if words[0] == "upcoming" else 0
        alarms = [-alarm["TRIGGER"].dt.days for alarm in item.walk("VALARM")]
        assert alarms == [ahead for ahead in (90, 30, 7) if ahead < days], "none is past"
    others = vobject.readOne(text).vevent_list  # older icalendars split words at their commas
    for item, event in zip(others, document["events"], strict=True):
        place, *actors, measure = item.categories.value
        assert place.startswith(event["subject"])
        assert len(actors) == len(event["applies_to"])
        assert measure.startswith(event["measure"])


def test_bills_are_in_calendars_only_if_asked_for() -> None:
    words = ("changes", "--since", "2020-01", "--until", "2020-12", "-f", "ics")
    without, with_bills = (run(*words, *more) for more in ((), ("--bills",)))
    assert "failed" in with_bills
    assert "introduced" in with_bills
    assert "failed" not in without
    assert "introduced" not in without


def test_a_calendar_has_no_chores_of_ours() -> None:
    words = ("upcoming", "--as-of", "2026-11-29", "--within", "24m")
    assert json.loads(run(*words, "-f", "json"))["reviews"]
    assert "review" not in run(*words, "-f", "ics").lower().replace("reviewed", "")


def test_rules_that_end_on_a_condition_are_to_dos_if_asked_for() -> None:
    words = ("upcoming", "--as-of", "2021-06", "-f", "ics")
    assert not Calendar.from_ical(run(*words)).walk("VTODO")
    todos = Calendar.from_ical(run(*words, "--todos")).walk("VTODO")
    conditions = json.loads(run("upcoming", "--as-of", "2021-06", "-f", "json"))["conditions"]
    assert [str(it["UID"]) for it in todos] == [
        f"{rule['policy_id']}.condition@frtracker" for rule in conditions
    ]
    titles = [str(it["SUMMARY"]) for it in todos]
    assert any(
        it.startswith("Springfield, MA: moratorium for police, other agencies until the City")
        for it in titles
    )
    assert all("DUE" not in it and "DTSTART" not in it for it in todos)


@pytest.mark.parametrize("format_name", ["table", "markdown", "csv", "json", "ics", "atom"])
@pytest.mark.parametrize("command", ["changes", "upcoming"])
def test_same_question_same_bytes(command: str, format_name: str) -> None:
    assert run(command, "-f", format_name) == run(command, "-f", format_name)


def test_a_wrong_span_is_refused() -> None:
    result = CliRunner().invoke(main, ["upcoming", "--within", "soon"])
    assert result.exit_code == 2
    assert "90d, 24m or 2y" in result.output


def test_since_after_until_is_refused() -> None:
    result = CliRunner().invoke(main, ["changes", "--since", "2022", "--until", "2021"])
    assert result.exit_code == 2
