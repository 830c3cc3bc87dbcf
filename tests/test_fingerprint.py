"""What is known to be valid is not checked again, and nothing else is taken for valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from frtracker import fingerprint, table
from frtracker.findings import DataError
from test_cli import HEADER, ROW


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


@pytest.mark.parametrize("content", ["", "{", "[]", '{"fingerprint": "other", "notes": []}'])
def test_a_memory_that_cannot_be_used_costs_only_time(folder: Path, content: str) -> None:
    memory = folder / "memory"
    first = table.read(folder / "policies.csv", memory=memory)
    for path in memory.iterdir():
        path.write_text(content, encoding="utf-8")
    assert table.read(folder / "policies.csv", memory=memory).edition == first.edition


def test_a_memory_that_cannot_be_written_changes_nothing(folder: Path) -> None:
    blocked = folder / "a-file"
    blocked.write_text("", encoding="utf-8")
    assert table.read(folder / "policies.csv", memory=blocked / "memory").edition.policies == 1


def test_the_fingerprint_depends_on_every_table() -> None:
    one = fingerprint.of_tables([("policies", b"x")])
    assert one != fingerprint.of_tables([("policies", b"x"), ("subjects", b"x")])
    assert one != fingerprint.of_tables([("subjects", b"x")])
    assert one != fingerprint.of_tables([("policies", b"y")])
