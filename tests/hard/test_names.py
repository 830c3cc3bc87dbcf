"""Names of subjects that no file can bear, that two subjects share, or that no font has."""

from __future__ import annotations

from pathlib import Path

import inputs
import pytest
from click.shell_completion import ShellComplete
from test_inert import on_a_terminal

from frtracker.cli import main
from frtracker.files import is_safe
from frtracker.pictures import canvas
from frtracker.record.tables import LONGEST_KEY


def record(folder: Path, subjects: list[tuple[str, str]], *, alone: bool) -> str:
    """Policies of cities, counties or unions of these names; ``alone``: without their places."""
    policies, places = inputs.rows(), inputs.rows("subjects")
    for number, (kind, name) in enumerate(subjects):
        union = kind == "supranational"
        row = dict.fromkeys(inputs.COLUMNS, "") | {
            "policy_id": f"named-{number}", "subject": name, "subject_type": kind,
            "country": "" if union else "US", "region": "" if union else "US-CA",
            "territory": "AT" if union else "", "measure": "ban", "uses": "any",
            "applies_to": "police", "reach": "own", "status": "adopted", "summary": "Banned.",
            "decided_on": "2020-06-10", "effective_on": "2020-06-10", "confidence": "high",
            "source_url": f"https://example.org/{number}", "reviewed_on": "2026-11-22",
        }  # fmt: skip
        policies.append(row)
        place = {k: row[k] for k in ("subject", "subject_type", "country", "region")}
        where = {"latitude": "37.80", "longitude": "-122.22"} if kind == "city" else {}
        places.append(dict.fromkeys(places[0], "") | place | where)
    path = inputs.folder_with(folder, inputs.text_of(policies))
    (folder / "sources.csv").unlink()
    if alone:
        (folder / "subjects.csv").unlink()
    else:
        (folder / "subjects.csv").write_text(inputs.text_of(places), "utf-8", newline="")
    return str(path)


LONG = "x" * (LONGEST_KEY + 1)
REFUSED = [
    ([("city", "日本"), ("city", "東京")], "no Latin letter or digit"),
    ([("supranational", "..")], "write what is known"),
    ([("supranational", "CON")], "'con'"),
    ([("supranational", "aux.")], "'aux'"),
    ([("supranational", "Com1 ..")], "'com1'"),
    ([("supranational", LONG)], f"a key of {LONGEST_KEY + 1} characters"),
    ([("city", LONG)], "characters"),
    ([("city", "Fresno"), ("county", "Fresno")], "key 'us-ca-fresno'"),
    ([("city", "Fresno"), ("county", "FRESNO.")], "key 'us-ca-fresno'"),
    ([("city", "Foo Bar"), ("city", "foo-bar")], "key 'us-ca-foo-bar'"),
]


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with its places"])
@pytest.mark.parametrize(
    ("subjects", "said"), REFUSED, ids=[f"name{number}" for number in range(len(REFUSED))]
)
def test_a_name_that_makes_no_key_of_its_own(
    subjects: list[tuple[str, str]], said: str, alone: bool, tmp_path: Path
) -> None:
    path = record(tmp_path / "record", subjects, alone=alone)
    checked = inputs.run("validate", path)
    assert (inputs.trouble(checked), checked.exit_code) == ("", 1)
    assert said in checked.output
    target = tmp_path / "out"
    result = inputs.run("export", str(target), "--policies", path)
    assert (inputs.trouble(result), result.exit_code) == ("", 1)
    assert not target.exists()


ACCEPTED = [
    [("supranational", "Conference")],
    [("supranational", "../../x")],
    [("city", "CON"), ("county", "CON County")],
    [("city", "x" * (LONGEST_KEY - len("us-ca-")))],
]


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with its places"])
@pytest.mark.parametrize("subjects", ACCEPTED, ids=[s[0][1][:9] for s in ACCEPTED])
def test_a_name_that_makes_a_key(
    subjects: list[tuple[str, str]], alone: bool, tmp_path: Path
) -> None:
    path = record(tmp_path / "record", subjects, alone=alone)
    target = tmp_path / "out"
    result = inputs.run("export", str(target), "--as-of", "2021", "--policies", path)
    assert (inputs.trouble(result), result.exit_code) == ("", 0)
    names = [file.name for file in target.rglob("*")]
    assert all(map(is_safe, names))
    assert len({name.casefold() for name in names if name.endswith(".json")}) > 3


# --- figures

ODD = ["日本 (Nihon) x", "a $\\frac{1}{0}$ b", "$x$", "\U0001f600 faces", "Zoë ﬀ", "{0}%s"]


@pytest.mark.parametrize("format_name", ["svg", "png", "html"])
def test_letters_and_signs_that_a_font_or_a_formula_has_otherwise(
    format_name: str, tmp_path: Path
) -> None:
    path = record(tmp_path, [("city", name) for name in ODD], alone=False)
    words = ("timeline", "--until", "9999", "-f", format_name, "--policies", path)
    result = inputs.run(*words, "-o", str(tmp_path / "out"))
    assert (inputs.trouble(result), result.exit_code) == ("", 0)
    assert "Warning" not in result.stderr
    if format_name == "html":
        assert "a $\\frac{1}{0}$ b" in (tmp_path / "out").read_text("utf-8")


def test_a_picture_too_large_to_draw_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "_MAX_PIXELS", 100)
    words = ("timeline", "--policies", record(tmp_path, [], alone=False))
    result = inputs.run(*words, "-f", "png", "-o", str(tmp_path / "out.png"))
    assert (inputs.trouble(result), result.exit_code) == ("", 1)
    assert "show fewer subjects" in result.stderr
    assert not (tmp_path / "out.png").exists()
    assert inputs.run(*words, "-f", "svg", "-o", str(tmp_path / "out.svg")).exit_code == 0


@pytest.mark.parametrize("kind", ["spells", "counts"])
@pytest.mark.parametrize(
    ("since", "until"), [("0001", "9999"), ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999")]
)
def test_figures_of_the_ends_of_time(kind: str, since: str, until: str, tmp_path: Path) -> None:
    path = record(tmp_path, [("city", "Fresno")], alone=False)
    words = ("timeline", "--kind", kind, "--since", since, "--until", until, "--policies", path)
    result = inputs.run(*words)
    assert (inputs.trouble(result), result.exit_code) == ("", 0)


# --- what a terminal and a shell are told


@pytest.mark.parametrize("text", inputs.REFUSED, ids=lambda text: text.encode().hex())
def test_the_shell_is_offered_no_name_that_acts(text: str, tmp_path: Path) -> None:
    path = record(tmp_path, [("city", f"Fresno{text}"), ("city", "Fresno")], alone=False)
    shell = ShellComplete(main, {}, "frtracker", "_FRTRACKER_COMPLETE")
    words = ["show", "--policies", path]
    offered = [item.value for item in shell.get_completions(words, "fres")]
    assert "Fresno, CA" in offered
    assert not [each for each in "".join(offered) if inputs.acts(each)]


def test_a_folder_s_name_is_told_inertly(tmp_path: Path) -> None:
    target = tmp_path / "out\x1b[31m\u202e\n.x"
    printed = on_a_terminal(("export", str(target), "--only", "csv"))
    assert not [character for character in printed if inputs.acts(character)]
    assert (target / "index.json").exists()
    odd = str(tmp_path / "no\udcff\x1b[31m")
    for words in (("export", odd, "--only", "csv"), ("status", "-o", f"{odd}.txt"),
                  ("map", "-o", f"{odd}.html")):  # fmt: skip
        result = inputs.run(*words)
        assert result.exit_code == 0, words
        assert not [each for each in result.stderr if inputs.acts(each)]
    wrong = inputs.run("status", "-o", str(tmp_path / "a\nb\x1b[31m" / "x"))
    assert (inputs.trouble(wrong), wrong.exit_code) == ("", 1)
    assert len(wrong.stderr.splitlines()) == 1
