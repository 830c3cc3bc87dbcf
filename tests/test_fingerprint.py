"""What is known to be valid is not checked again, and nothing else is taken for valid."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from frtracker import fingerprint
from frtracker.record import load as table
from frtracker.record.findings import DataError
from test_cli import HEADER, ROW, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policies.csv").write_text(HEADER + ROW, encoding="utf-8")
    return tmp_path


def checks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every call of the full check from here on."""
    made: list[object] = []
    check = table._checked

    def counted(*args: object, **options: object) -> object:
        made.append(args)
        return check(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(table, "_checked", counted)
    return made


def test_a_second_reading_checks_nothing_and_says_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, memory = checks(monkeypatch), folder / "memory"
    first = table.read(folder / "policies.csv", memory=memory)
    second = table.read(folder / "policies.csv", memory=memory)
    assert len(made) == 1
    assert (second.skipped, second.edition) == (first.skipped, first.edition)
    for name in ("policies", "subjects", "sources", "searches"):
        assert getattr(first, name).equals(getattr(second, name)), name


def test_one_changed_byte_is_checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, memory = checks(monkeypatch), folder / "memory"
    table.read(folder / "policies.csv", memory=memory)
    (folder / "policies.csv").write_text(HEADER + ROW.replace("ban", "bon"), encoding="utf-8")
    with pytest.raises(DataError):
        table.read(folder / "policies.csv", memory=memory)
    assert len(made) == 2


def test_bad_data_are_never_remembered(folder: Path) -> None:
    (folder / "policies.csv").write_text(HEADER + ROW.replace(",ban,", ",bon,"), encoding="utf-8")
    with pytest.raises(DataError):
        table.read(folder / "policies.csv", memory=folder / "memory")
    assert not (folder / "memory").exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"fingerprint": "other", "notes": []}',
        '{"fingerprint": "FINGERPRINT"}',
        '{"fingerprint": "FINGERPRINT", "notes": "a text"}',
        '{"fingerprint": "FINGERPRINT", "notes": [1]}',
        '{"fingerprint": "FINGERPRINT", "notes": ["' + "long" * 100_000 + '"]}',
        "[" * 90_000,
        "\0",
    ],
    ids=lambda content: content[:60] or "empty",
)
def test_a_memory_that_cannot_be_used_costs_only_time(
    folder: Path, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = folder / "memory"
    first = table.read(folder / "policies.csv", memory=memory)
    for path in memory.iterdir():
        path.write_text(content.replace("FINGERPRINT", path.stem), encoding="utf-8")
    made = checks(monkeypatch)
    second = table.read(folder / "policies.csv", memory=memory)
    assert len(made) == 1
    assert (second.edition, second.skipped) == (first.edition, first.skipped)


def test_what_stands_in_the_place_of_a_memory_is_not_waited_for(folder: Path) -> None:
    memory = folder / "memory"
    first = table.read(folder / "policies.csv", memory=memory)
    for path in tuple(memory.iterdir()):
        path.unlink()
        os.mkfifo(path)  # reading it would wait for someone to write
    assert table.read(folder / "policies.csv", memory=memory).edition == first.edition


def test_a_false_memory_of_what_is_no_table_is_not_believed(folder: Path) -> None:
    """Whoever can write there can say that a table is valid; that makes no table of a text."""
    memory = folder / "memory"
    table.read(folder / "policies.csv", memory=memory)
    for broken in ("policy_id\nx\n", HEADER + ROW.replace("2020-02-24", "yesterday")):
        (folder / "policies.csv").write_text(broken, encoding="utf-8")
        found = table.find((folder / "policies.csv",))
        name = table._fingerprint(found, table._contents(found, 10**6))
        fingerprint.remember(memory, name, ["made up"])
        with pytest.raises(DataError):
            table.read(folder / "policies.csv", memory=memory)


def test_what_a_memory_tells_does_not_act_on_a_terminal(folder: Path) -> None:
    told = ("status", "--policies", str(folder / "policies.csv"))
    assert run(*told, XDG_CACHE_HOME=str(folder)).exit_code == 0
    for path in (folder / "frtracker" / "validated").iterdir():
        fingerprint.remember(path.parent, path.stem, ["\x1b[2Jgone"])
    result = run(*told, XDG_CACHE_HOME=str(folder))
    assert "note: \\x1b[2Jgone" in result.stderr
    assert "\x1b" not in result.output


def test_a_memory_does_not_grow_without_end(tmp_path: Path) -> None:
    names = [f"{number:064x}" for number in range(fingerprint.MOST_REMEMBERED + 20)]
    for age, name in enumerate(names):
        fingerprint.remember(tmp_path, name, ())
        os.utime(tmp_path / f"{name}.json", (age, age))
    kept = {path.stem for path in tmp_path.iterdir()}
    assert len(kept) == fingerprint.MOST_REMEMBERED
    assert fingerprint.recall(tmp_path, names[-1]) == ()
    assert fingerprint.recall(tmp_path, names[0]) is None


def test_a_record_given_through_a_pipe_is_read_once(folder: Path) -> None:
    reads, writes = os.pipe()
    os.write(writes, (folder / "policies.csv").read_bytes())
    os.close(writes)
    try:
        found = table.read(Path(f"/dev/fd/{reads}"), memory=folder / "memory")
    finally:
        os.close(reads)
    assert found.edition.policies == 1


def test_sources_and_searches_are_made_when_they_are_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = folder / "memory"
    table.read(folder / "policies.csv", memory=memory)
    parsed, made = table._parsed, []

    def told(name: str, *rest: object) -> object:
        made.append(name)
        return parsed(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(table, "_parsed", told)
    tables = table.read(folder / "policies.csv", memory=memory)
    assert made == ["policies", "subjects"]
    assert tables.sources is tables.sources
    assert tables.searches is tables.searches
    assert made == ["policies", "subjects", "sources", "searches"]


def test_a_memory_that_cannot_be_written_changes_nothing(folder: Path) -> None:
    blocked = folder / "a-file"
    blocked.write_text("", encoding="utf-8")
    assert table.read(folder / "policies.csv", memory=blocked / "memory").edition.policies == 1


def test_the_fingerprint_depends_on_every_table() -> None:
    one = fingerprint.of_tables([("policies", b"x")])
    assert one != fingerprint.of_tables([("policies", b"x"), ("subjects", b"x")])
    assert one != fingerprint.of_tables([("subjects", b"x")])
    assert one != fingerprint.of_tables([("policies", b"y")])
