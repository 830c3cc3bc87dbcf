"""Figures: what they show, the same bytes again, words that cannot break them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from frtracker.cli import main
from frtracker.pictures import Choice, canvas, render
from frtracker.pictures.canvas import UNCERTAIN, Look
from frtracker.pictures.figures import Counts, Spells
from frtracker.places.subjects import Subject
from frtracker.timeline import build
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES
from tables import policies

pytest.importorskip("matplotlib")

SOURCE = Path(__file__).resolve().parents[1] / "src"
SVG = "{http://www.w3.org/2000/svg}"
FIRST, LAST = date(2020, 1, 1), date(2021, 12, 31)
Row = dict[str, str]

BAN: Row = {"policy_id": "ban", "decided_on": "2020-03-10", "applies_to": "police;government"}
SOFTER: Row = {"measure": "restriction", "decided_on": "2020-08-01", "supersedes": "ban"}
AGAIN: Row = {"decided_on": "2020-08-01", "supersedes": "ban", "applies_to": "police;government"}
OTHER: Row = {"subject": "Other", "subject_key": "us-ma-other", "decided_on": "2020-02-01"}


def people(rows: list[Row]) -> Any:
    frame = policies(rows).drop_duplicates("subject_key")
    columns = ["subject_key", "subject", "subject_type", "country", "region"]
    found = (Subject(*map(str, row), (), ()) for row in frame[columns].itertuples(index=False))
    return MappingProxyType({subject.key: subject for subject in found})


def choice(**asked: Any) -> Choice:
    return Choice(**({"first": FIRST, "last": LAST} | asked))


def drawn(rows: list[Row], kind: str = "spells", form: str = "svg", **asked: Any) -> str | bytes:
    timeline, credit = build(policies(rows)), asked.pop("credit", "frtracker")
    return render(timeline, people(rows), choice(**asked), kind, form, credit=credit)


# --- Lanes ------------------------------------------------------------------------------------

LANES = [
    ([BAN], {}, ["Springfield, MA (police, other agencies): ban 10 Mar 2020 - "]),
    ([BAN, AGAIN], {}, ["Springfield, MA (police, other agencies): ban 10 Mar 2020 - "]),
    ([BAN, SOFTER], {}, [
        "Springfield, MA (police): ban 10 Mar 2020 - 31 Jul 2020",
        "Springfield, MA (police): restriction 1 Aug 2020 - ",
        "Springfield, MA (other agencies): ban 10 Mar 2020 - ",
    ]),
    ([BAN, SOFTER], {"actors": ("government",)},
     ["Springfield, MA (other agencies): ban 10 Mar 2020 - "]),
    ([BAN | {"uses": "live", "expires_on": "2021-01-01"}], {},
     ["Springfield, MA (police, other agencies): ban (some uses only) 10 Mar 2020 - 31 Dec 2020"]),
    ([BAN | {"decided_on": "2020-03"}], {"last": date(2020, 3, 30)},
     ["Springfield, MA (police, other agencies): uncertain: ban or no rule "
      "1 Mar 2020 - 30 Mar 2020"]),
    ([BAN, OTHER], {"actors": ("police",)},
     ["Other, MA (police): ban 1 Feb 2020 - ", "Springfield, MA (police): ban 10 Mar 2020 - "]),
    ([BAN, OTHER], {"actors": ("police",), "keys": ("us-ma-springfield", "us-ma-other")},
     ["Springfield, MA (police): ban 10 Mar 2020 - ", "Other, MA (police): ban 1 Feb 2020 - "]),
    ([BAN], {"last": date(2020, 3, 9)}, []),
    ([BAN], {"first": date(2020, 3, 10), "last": date(2020, 3, 10)},
     ["Springfield, MA (police, other agencies): ban 10 Mar 2020 - "]),
    ([BAN], {"keys": ("us-ma-springfield",), "last": date(2020, 3, 9), "actors": ("police",)},
     ["Springfield, MA (police): no rule in force  - "]),
    ([BAN | {"subject_type": "vendor"}], {}, []),
    ([BAN | {"subject_type": "company"}], {"subject_types": ("company",)},
     ["Springfield (police, other agencies): ban 10 Mar 2020 - "]),
    ([BAN], {"markets": ("CA",)}, []),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "asked", "expected"), LANES)
def test_lanes_tell_every_spell(
    rows: list[Row], asked: dict[str, Any], expected: list[str]
) -> None:
    _, *told = Spells(build(policies(rows)), people(rows), choice(**asked)).rows()
    assert [f"{name} ({whom}): {what} {a} - {z}" for name, whom, what, a, z in told] == expected


# --- Counts -----------------------------------------------------------------------------------

COUNTS = [
    ([BAN, OTHER], ["1 Jan 2020 0", "1 Feb 2020 1", "10 Mar 2020 2"]),
    ([BAN, SOFTER], ["1 Jan 2020 0", "10 Mar 2020 1"]),  # a ban for government goes on
    ([BAN | {"applies_to": "police"}, SOFTER],
     ["1 Jan 2020 0 0", "10 Mar 2020 1 0", "1 Aug 2020 0 1"]),
    ([BAN | {"decided_on": "2020-03"}], ["1 Jan 2020 0 0", "1 Mar 2020 0 1", "31 Mar 2020 1 0"]),
    ([BAN | {"expires_on": "2020-05-01"}],
     ["1 Jan 2020 0", "10 Mar 2020 1", "1 May 2020 0"]),
    ([BAN | {"decided_on": "2019-03-10"}], ["1 Jan 2020 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), COUNTS)
def test_each_place_counts_once_by_its_headline(rows: list[Row], expected: list[str]) -> None:
    _, *counted = Counts(build(policies(rows)), people(rows), choice()).rows()
    assert [" ".join(row) for row in counted] == expected


def test_strict_before_mild_and_what_is_uncertain_last() -> None:
    rows = [
        BAN | {"decided_on": "2020-03"},
        OTHER | {"measure": "oversight"},
        OTHER | {"subject_key": "c", "uses": "live"},
        OTHER | {"subject_key": "d", "measure": "moratorium"},
    ]
    assert next(Counts(build(policies(rows)), people(rows), choice()).rows()) == (
        "from",
        "ban",
        "moratorium",
        "oversight",
        "ban (some uses only)",
        "uncertain",
    )


# --- Files ------------------------------------------------------------------------------------

KINDS = [(kind, form) for kind in ("spells", "counts") for form in ("svg", "png", "html")]


@pytest.mark.parametrize(("kind", "form"), KINDS)
def test_the_same_bytes_again(kind: str, form: str) -> None:
    once = drawn([BAN, SOFTER, OTHER], kind, form)
    assert once == drawn([BAN, SOFTER, OTHER], kind, form)
    data = once.encode() if isinstance(once, str) else once
    assert not re.search(rb"Matplotlib v|20[0-9]{2}-[0-9]{2}-[0-9]{2}T", data)
    if form == "png":
        assert data.startswith(b"\x89PNG\r\n")


def test_a_users_own_settings_change_nothing() -> None:
    import matplotlib as mpl

    usual = drawn([BAN])
    with mpl.rc_context({"font.size": 20, "font.family": "serif", "axes.grid": True}):
        assert drawn([BAN]) == usual
        assert mpl.rcParams["font.size"] == 20


def test_pyplot_is_left_alone() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); import test_figures as t;"
        "print(len(t.drawn([t.BAN])), 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=SOURCE.parent,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "7"},
        check=True,
    )
    assert done.stdout.split() == [str(len(drawn([BAN]))), "False"]


def test_colours_are_those_of_the_vocabulary() -> None:
    svg = drawn([BAN | {"applies_to": "police"}, SOFTER])
    assert isinstance(svg, str)
    fills = set(re.findall(r"fill: (#[0-9a-f]{6})", svg))
    assert {MEASURES["ban"].colour, MEASURES["restriction"].colour} <= fills
    assert MEASURES["moratorium"].colour not in fills


def test_every_position_looks_different() -> None:
    looks = [Look(rank, certain) for rank in range(1, len(RANKED)) for certain in (True, False)]
    patches = [repr(look.patch) for look in (*looks, UNCERTAIN)]
    assert len(set(patches)) == len(patches)


HOSTILE = "$\\frac{ <b>&\"' ${x}"


@pytest.mark.parametrize("kind", ["spells", "counts"])
def test_names_are_words_and_nothing_else(kind: str) -> None:
    page = drawn([BAN | {"subject": HOSTILE}], kind, "html", credit=HOSTILE)
    assert isinstance(page, str)
    assert "<b>" not in page
    svg = drawn([BAN | {"subject": HOSTILE}], kind, credit=HOSTILE)
    ElementTree.fromstring(svg)


def test_the_page_says_the_same_in_words() -> None:
    page = drawn([BAN], "spells", "html")
    assert isinstance(page, str)
    root = ElementTree.fromstring(
        re.sub(r"<!doctype html>|<meta [^>]*>", "", page).replace("&nbsp;", " ")
    )
    assert root.get("lang") == "en"
    title = root.findtext("head/title")
    assert title == "Places with a rule on face recognition, 2020 to 2021"
    picture = root.find(f"body/figure/{SVG}svg")
    assert picture is not None
    assert (picture.get("role"), str(picture.get("aria-label")).startswith(title)) == ("img", True)
    cells = [cell.text for cell in root.findall("body/table/tbody/tr/td")]
    assert cells == ["Springfield, MA", "police, other agencies", "ban", "10 Mar 2020", None]


def many(number: int) -> list[Row]:
    return [
        {"subject": f"Town {i}", "subject_key": f"us-ma-town-{i}", "decided_on": "2020-02-01"}
        for i in range(number)
    ]


def test_the_height_grows_so_that_labels_do_not_touch() -> None:
    heights = []
    for number in (20, 120):
        svg = drawn(many(number))
        heights.append(float(ElementTree.fromstring(svg).attrib["viewBox"].split()[3]))
    assert (heights[1] - heights[0]) / 100 >= 1.5 * 7.5  # points: a line and a half of the letters


def test_an_empty_figure_is_a_figure() -> None:
    for kind in ("spells", "counts"):
        ElementTree.fromstring(drawn([], kind))


def test_a_wrong_kind_and_wrong_days_are_named() -> None:
    with pytest.raises(ValueError, match="kind is 'pie', not one of spells, counts"):
        drawn([BAN], "pie")
    with pytest.raises(ValueError, match="before it begins"):
        choice(last=date(2019, 1, 1))


# --- The command ------------------------------------------------------------------------------


def run(*words: str) -> Result:
    return CliRunner(env={"SOURCE_DATE_EPOCH": "1795305600"}).invoke(main, ["timeline", *words])


def test_a_figure_of_some_subjects(tmp_path: Path) -> None:
    path = tmp_path / "some.html"
    result = run("Virginia", "Portland, ME", "--until", "2026-06", "-f", "html", "-o", str(path))
    assert result.exit_code == 0, result.output
    page = path.read_text(encoding="utf-8")
    rows = re.findall(r"<tr><td>(.*?)</td></tr>", page)
    assert [row.split("</td><td>") for row in rows] == [
        ["Virginia", "police", "ban", "1 Jul 2021", "30 Jun 2022"],
        ["Virginia", "police", "restriction", "1 Jul 2022", "30 Jun 2026"],
        ["Portland, ME", "police, other agencies", "ban", "2 Sep 2020", ""],
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--since", "2022", "--until", "2021"], 2, "--since 2022-01-01 is after"),
        (["Xyzzy"], 1, "No place or subject is named 'Xyzzy'"),
        (["Daly City, CA"], 1, "No act of Daly City, CA is on record"),
        (["--kind", "pie"], 2, "'pie' is not one of"),
    ],
)
def test_a_wrong_call_is_named(words: list[str], code: int, said: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_picture_that_is_too_large_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(canvas, "_MAX_PIXELS", 500)
    target = tmp_path / "spells.png"
    result = run("Virginia", "-f", "png", "-o", str(target))
    assert result.exit_code == 1
    assert (
        "the most is 500 a side: show fewer subjects, or write an SVG."
        in result.stderr.splitlines()[-1]
    )
    assert not target.exists()
    assert run("Virginia", "-f", "svg", "-o", str(tmp_path / "a.svg")).exit_code == 0


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("Virginia")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].endswith("pip install 'frtracker[figures]'")
