"""What an edition keeps, what the next one says otherwise, and answers from an older one."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import frtracker as fr
import records
import sound
import tables
from frtracker.answers.changes import changes
from frtracker.answers.editions import COLUMNS, compare_answers, learnt, released
from frtracker.cli import main
from frtracker.export.editions import edition
from frtracker.files import EDITIONS as FOLDER
from frtracker.record.columns import TABLES
from frtracker.record.editions import EditionFiles, NoEdition, edition_files
from frtracker.record.load import Tables, read
from frtracker.timeline import build
from release import keep
from test_laws import affordable, any_tables

ROOT = Path(__file__).resolve().parents[1]
EDITIONS = sorted((ROOT / FOLDER).glob("*/"))
BASE = records.folder("base")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [*map(str, words)])


def diff(old: Path, new: Path, *options: str) -> Result:
    return run("diff", old, new, *options)


# --- the editions that are kept


@pytest.mark.parametrize("folder", EDITIONS, ids=lambda it: it.name)
def test_an_edition_is_whole(folder: Path) -> None:
    described = json.loads((folder / "edition.json").read_text("utf-8"))
    positions = (folder / "positions.csv").read_bytes()
    assert described["answers"] == hashlib.sha256(positions).hexdigest()
    assert described["edition_id"] == folder.name
    assert described["reviewed_through"].replace("-", ".") == folder.name
    lines = (f"{digest}  {name}\n" for name, digest in sorted(described["files"].items()))
    assert described["edition"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert len(positions) < 300_000
    keys = (ROOT / "tests" / "released_keys.txt").read_text("utf-8").split()
    rows = csv.DictReader(io.StringIO(positions.decode("utf-8")))
    assert {row["subject_key"] for row in rows} <= {*keys}
    result = diff(folder, ROOT / "policies.csv", "-f", "json")
    assert json.loads(result.stdout)["old"]["edition"] == described["edition"]


def test_editions_follow_each_other() -> None:
    names = [it.name for it in released(ROOT / FOLDER)]
    assert names == [folder.name for folder in EDITIONS]
    previous = [it.document["previous"] for it in released(ROOT / FOLDER)]
    assert previous == [None, *names][: len(names)]
    first = released(ROOT / FOLDER)[0].document
    assert [first[it] for it in ("law", "corrections", "cancelled")] == [[], [], []]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("My edition", "{}", "'My edition' cannot be the address of an edition"),
        ("2026.11.22", "{}", "'reviewed_through'"),
        ("2026.11.22", "[", "Expecting value: line 1 column 2 (char 1)"),
    ],
)
def test_an_edition_that_is_not_as_it_should_be(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    for table in TABLES:
        records.write(tmp_path, table, records.rows("base", table))
    folder = tmp_path / FOLDER / name
    folder.mkdir(parents=True)
    (folder / "edition.json").write_text(text)
    result = run("export", tmp_path / "out", "--policies", tmp_path / "policies.csv")
    assert (result.exit_code, (tmp_path / "out").exists()) == (1, False)
    assert result.stderr.splitlines()[-1] == (
        f"Error: {folder.parent} is not as `scripts/make_edition.py` writes it: {said}"
    )


def test_the_edition_of_0_1_0() -> None:
    described = json.loads((ROOT / FOLDER / "2026.11.22" / "edition.json").read_text("utf-8"))
    rows = {"policies": 359, "subjects": 219, "sources": 1282, "searches": 167}
    assert described["rows"] == rows


def test_ids_of_events_never_go() -> None:
    """An id of a released event is that of the same event as long as its act has one; feeds know it
    by an UUID that is made of it."""
    lines = (ROOT / "tests" / "released_event_ids.txt").read_text("utf-8").splitlines()
    ids = dict(line.split(" ") for line in lines)
    assert len(ids) == len(lines) > 600
    namespace = uuid5(NAMESPACE_DNS, "frtracker")
    assert ids == {uid: uuid5(namespace, uid).urn for uid in ids}
    shipped = read()
    today = {f"{it}@frtracker" for it in build(shipped.policies).events["event_id"]}
    gone = {*ids} - today
    assert gone == GONE, "say why it is gone, or give the event its id again"


GONE = {
    "eu-ai-act-2024-post-began@frtracker",  # put off before it began: eu-ai-act-2024-post-postponed
    "us-ca-oakland-2019-decided@frtracker",  # it began with the vote: the clerk's minutes
}


# --- what the next edition says otherwise


def files(rows: Iterable[Mapping[str, str]]) -> EditionFiles:
    """An edition with these policies alone."""
    frame = tables.policies(rows)[[*TABLES["policies"].names]]
    return EditionFiles({"policies": sound.text_table("policies", frame)})


def loaded(rows: Iterable[Mapping[str, str]]) -> Tables:
    return files(rows).tables()


ACT = {"policy_id": "a", "decided_on": "2020-06-24", "effective_on": "2020-06-24"}
ENDS = ACT | {"expires_on": "2027-06-01"}
NEXT = {"policy_id": "b", "decided_on": "2026-11-24", "effective_on": "2026-12-01"}
BILL = {"policy_id": "c", "status": "proposed", "introduced_on": "2026-10-01"}
ADOPTED = {**BILL, "status": "adopted", "decided_on": "2026-11-25", "effective_on": "2026-11-25"}
OTHER = {**BILL, "policy_id": "d"}
Rows = list[dict[str, str]]
LEARNT: list[tuple[str, Rows, Rows, dict[str, str], list[str], list[str], list[str]]] = [
    ("nothing", [ACT], [ACT], {}, [], [], []),
    ("an act new on record", [ACT], [ACT, NEXT], {}, ["b-decided", "b-began"], [], []),
    ("whenever it was", [NEXT], [ACT, NEXT], {}, ["a-began"], [], []),
    ("another start", [ACT], [ACT | {"effective_on": "2020-07-01"}], {}, [],
     ["None > a-decided 2020-06-24", "a-began 2020-06-24 > a-began 2020-07-01"], []),
    ("another measure", [ACT], [ACT | {"measure": "moratorium"}], {}, [],
     ["a-began 2020-06-24 > a-began 2020-06-24"], []),
    ("less certain", [ACT], [ACT | {"confidence": "low"}], {}, [],
     ["a-began 2020-06-24 > a-began 2020-06-24"], []),
    ("another summary", [ACT], [ACT | {"summary": "Other words."}], {}, [], [], []),
    ("a bill adopted since", [BILL], [ADOPTED], {}, ["c-began"], [], []),
    ("a bill adopted before the review", [BILL],
     [ADOPTED | {"decided_on": "2026-11-20", "effective_on": "2026-11-20"}], {}, [],
     ["None > c-began 2026-11-20"], []),
    ("an end that was missed", [ACT], [ACT | {"expires_on": "2022"}], {}, [],
     ["None > a-ended 2022"], []),
    ("an end to come", [ACT], [ENDS], {}, ["a-ended"], [], []),
    ("an end that is not to come", [ENDS], [ACT], {}, [],
     ["a-ended 2027-06-01 > None"], ["a-ended"]),
    ("an end by a later act instead", [ENDS], [ENDS, NEXT | {"supersedes": "a", "measure": "none"}],
     {}, ["b-decided", "b-began", "a-ended-b"], [], ["a-ended"]),
    ("an act taken out", [ACT, BILL], [ACT], {}, [], ["c-introduced 2026-10-01 > None"], []),
    ("two rows that are one", [BILL, OTHER], [BILL], {"d": "c"}, [], [], []),
    ("another id", [OTHER], [BILL], {"d": "c"}, [], [], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "replaced", "law", "corrections", "cancelled"),
    [case[1:] for case in LEARNT],
    ids=[case[0] for case in LEARNT],
)
def test_what_is_learnt(
    old: Rows,
    new: Rows,
    replaced: dict[str, str],
    law: list[str],
    corrections: list[str],
    cancelled: list[str],
) -> None:
    found = learnt(loaded(old), loaded(new), replaced)
    assert [event["event_id"] for event in found["law"]] == law
    told = [
        " > ".join(f"{it['event_id']} {it['on']}" if it else "None" for it in pair.values())
        for pair in found["corrections"]
    ]
    assert told == corrections
    assert [event["event_id"] for event in found["cancelled"]] == cancelled


@st.composite
def two_editions(draw: st.DrawFn) -> tuple[Rows, Rows, bool]:
    """Rows, and the same with some changed; and whether some of them are new."""
    new: Rows = [dict(row) for row in draw(any_tables())]
    old = [dict(row) for row in new]
    for row in old:
        for column in draw(st.lists(st.sampled_from(["decided_on", "effective_on", "measure"]))):
            other = draw(st.sampled_from(new))
            if row["measure"] != "none" and other["measure"] != "none":
                row[column] = other[column]
    added = draw(st.lists(st.sampled_from(range(len(old))), unique=True, max_size=2))
    kept = [row for number, row in enumerate(old) if number not in added]
    left = {row["policy_id"] for row in kept}
    for row in kept:
        named = row.get("supersedes", "").split(";")
        row["supersedes"] = ";".join(it for it in named if it in left)
    return affordable(kept) if kept else kept, new, bool(added)


def events_of(record: Tables) -> dict[str, Any]:
    found = changes(record, build(record.policies), date.min, date.max)["events"]
    return {event["event_id"]: event for event in found}


@settings(max_examples=20, deadline=None)
@given(two_editions())
def test_a_change_of_law_and_a_correction_never_mix(
    editions: tuple[Rows, Rows, bool],
) -> None:
    old, new, has_new_acts = editions
    before, after = loaded(old), loaded(new)
    found = learnt(before, after)
    law = {event["event_id"] for event in found["law"]}
    corrected = {(it["old"] or it["new"])["event_id"] for it in found["corrections"]}
    assert law.isdisjoint(corrected)
    said, now = events_of(before), events_of(after)
    assert {*now} - {*said} <= law | corrected
    assert law <= {*now} - {*said}
    if not has_new_acts:  # all that differs is told
        told = ("kind", "on", "certain", "measure", "uses", "applies_to", "start_presumed")
        same = {it for it in said if it in now and all(said[it][n] == now[it][n] for n in told)}
        assert {*said} - same <= corrected


@settings(max_examples=20, deadline=None)
@given(any_tables(), st.data())
def test_acts_that_are_added_correct_nothing(rows: Rows, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(rows)))
    found = learnt(loaded(rows[:count]), loaded(rows))
    assert found["corrections"] == []


# --- answers


B, M = ("ban", "general", "true"), ("moratorium", "narrow", "true")
DOUBT = ("ban", "general", "false")
CASES = [
    ("nothing", [(*B, "2020", "")], [(*B, "2020", "")], []),
    ("cut elsewhere", [(*B, "2020", "")], [(*B, "2020", "2021"), (*B, "2021", "")], []),
    ("an earlier start", [(*B, "2021", "")], [(*B, "2020", "")], ["2020 2021 None ban"]),
    ("an end", [(*B, "2020", "")], [(*B, "2020", "2022")], ["2022 None ban None"]),
    ("certain now", [(*DOUBT, "2020", "")], [(*B, "2020", "")], ["2020 None ?ban ban"]),
    (
        "in two stretches, each once", [(*B, "2020", "2023")],
        [(*M, "2020", "2021"), (*M, "2021", "2022"), (*B, "2022", "")],
        ["2020 2022 ban moratorium", "2023 None None ban"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "changed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_which_answers_changed(
    old: list[tuple[str, ...]], new: list[tuple[str, ...]], changed: list[str]
) -> None:
    names = ("measure", "scope", "certain", "valid_from", "valid_to")
    same = dict.fromkeys(COLUMNS, "") | {"subject_key": "us-ma", "actor": "police"}
    sides = [[same | dict(zip(names, row, strict=True)) for row in rows] for rows in (old, new)]
    found = compare_answers(*sides, {})
    told = [
        " ".join(
            [
                row["valid_from"],
                str(row["valid_to"]),
                *(
                    f"{'' if it['certain'] else '?'}{it['measure']}" if it else "None"
                    for it in (row["old"], row["new"])
                ),
            ]
        )
        for row in found["changed"]
    ]
    assert told == changed
    assert found["counts"] == {"answers": 1, "changed": len(changed) > 0, "stretches": len(told)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The edition of the base, as it is kept."""
    return keep(tmp_path / "2026.11.22", edition(edition_files(str(BASE))))


def test_nothing_changed(kept: Path) -> None:
    said = diff(kept, BASE / "policies.csv").stdout.rstrip().split("\n\n")
    assert said[1:] == ["answers changed: none"]


def test_a_ban_that_began_later(kept: Path, tmp_path: Path) -> None:
    rows = records.rows("base", "policies")
    row = next(row for row in rows if row["policy_id"] == "us-ca-oakland-port-2020")
    row["decided_on"] = "2020-03-01"
    new = records.write(tmp_path, "policies", rows)
    assert diff(kept, new).stdout.partition("Answers\n")[2] == (
        "- Port of Oakland, CA, police: 19 days, from 11 Feb 2020, changed from ban to no act on"
        " record\n"
    )
    found = json.loads(diff(kept, new, "-f", "json").stdout)
    assert found["answers"]["counts"] == {"answers": 7, "changed": 1, "stretches": 1}
    assert (found["law"], found["corrections"], found["not_compared"]) == (None, None, [*TABLES])
    whole = json.loads(diff(BASE, new, "-f", "json").stdout)
    assert whole["answers"] == found["answers"]
    assert [it["new"]["on"] for it in whole["corrections"]] == ["2020-03-01"]


@pytest.mark.parametrize("content", [None, "a,b\n"])
def test_a_folder_without_answers_is_refused(kept: Path, content: str | None) -> None:
    (kept / "positions.csv").unlink()
    if content:
        (kept / "positions.csv").write_text(content, "utf-8")
    result = diff(kept, BASE / "policies.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {kept} is no folder of editions/: ")
    assert result.stderr.count("\n") == 1


# --- answers from an older edition


PORT = ("Port of Oakland", "--as-of", "2020-03-15", "-f", "json", "--quiet")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose first commit had the port's ban from May only; an edition is kept of it."""
    rows = records.rows("base", "policies")
    next(row for row in rows if row["policy_id"] == "us-ca-oakland-port-2020")["decided_on"] = (
        "2020-05-01"
    )
    where = tmp_path / "checkout"
    where.mkdir()
    git(where, "init", "--quiet", "--initial-branch=main")
    for table in TABLES:
        records.write(where, table, rows if table == "policies" else records.rows("base", table))
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--message=first")
    git(where, "tag", "first")
    keep(where / FOLDER / "2026.11.22", edition(edition_files(str(where))))
    records.write(where, "policies", records.rows("base", "policies"))
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--message=second")
    return where


def git(where: Path, *words: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "-C", str(where), *words], check=True, capture_output=True)


def measure(*words: object) -> tuple[str, str]:
    """The measure for police, and the first letters of the edition that says so."""
    result = run("status", *PORT, *words)
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    return document["subjects"][0]["measure"], document["dataset"]["edition"][:12]


def test_an_older_edition_answers(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    kept = json.loads((checkout / FOLDER / "2026.11.22" / "edition.json").read_text("utf-8"))
    was = ("none", kept["edition"][:12])
    now = measure("--policies", "policies.csv")
    assert now[0] == "ban"
    assert now[1] != was[1]
    assert measure("--edition", "first") == measure("--edition", "HEAD~1") == was
    assert measure("--edition", kept["edition"][:12]) == was
    assert measure("--edition", "HEAD") == measure("--edition", checkout) == now
    assert measure("--edition", "2026.11.22") == was
    assert fr.load(edition="first").edition.edition == kept["edition"]
    assert fr.load(edition=checkout).edition.edition.startswith(now[1])
    said = run("diff", "first", "HEAD").stdout
    assert "Corrected: Port of Oakland, CA: ban for police began on 11 Feb 2020" in said


def test_an_export_and_a_wheel_answer(tmp_path: Path) -> None:
    out, wheel = tmp_path / "out", tmp_path / "frtracker-1-py3-none-any.whl"
    assert run("export", out, "--only", "csv", "--policies", BASE / "policies.csv").exit_code == 0
    with zipfile.ZipFile(wheel, "w") as file:
        for table in TABLES:
            file.write(BASE / f"{table}.csv", f"frtracker/data/{table}.csv")
    now = measure("--policies", BASE / "policies.csv")
    assert measure("--edition", out) == measure("--edition", wheel) == now


def test_a_wheel_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    wheel = tmp_path / "frtracker-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("frtracker/data/policies.csv", "x" * 1001)
    with pytest.raises(NoEdition, match=r"the record of .* is larger than 1,000 bytes"):
        edition_files(str(wheel), max_bytes=1000)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no-such", "no edition 'no-such': name a folder with its policies.csv, a wheel, a git"),
        ("--help", "no edition '--help'"),
        ("2026.11.22", "the files of edition 2026.11.22 are not here: name a folder or a wheel"),
        ("empty", "empty is a folder without a policies.csv"),
        ("a.whl", "a.whl cannot be read as a wheel: File is not a zip file"),
        ("b.whl", "b.whl has no frtracker/data/policies.csv: not a wheel of frtracker"),
        ("bad.csv", "bad.csv:1: the first line, 'policy_id', names 1 of the 27 columns of"),
    ],
)
def test_what_is_no_edition_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("frtracker.record.editions.PACKED", ROOT)  # as installed: in no checkout
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.whl").write_bytes(b"no zip")
    (tmp_path / "bad.csv").write_text("policy_id\na\n")
    with zipfile.ZipFile(tmp_path / "b.whl", "w") as file:
        file.writestr("x", "y")
    result = run("status", f"--edition={name}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_two_records_are_not_read_at_once() -> None:
    result = run("status", "--policies", BASE / "policies.csv", "--edition", BASE)
    assert result.exit_code == 2
    assert "--policies and --edition exclude each other." in result.stderr
