"""The record with hostile names, its harmless twin, and the one that is hostile in every text."""

from __future__ import annotations

from pathlib import Path

import hostile as making
import pytest

from frtracker.record.editions import edition_files
from release import release


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(making.record(tmp_path_factory.mktemp("hostile"), making.NAMES))


@pytest.fixture(scope="session")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(making.record(tmp_path_factory.mktemp("harmless"), making.HARMLESS))


@pytest.fixture(scope="session")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    earlier, later = making.everywhere(tmp_path_factory.mktemp("everywhere"))
    return release(later, edition_files(str(earlier)))
