"""The record with hostile names, and its harmless twin."""

from __future__ import annotations

from pathlib import Path

import hostile as making
import pytest

from release import release


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(making.record(tmp_path_factory.mktemp("hostile"), making.NAMES))


@pytest.fixture(scope="session")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(making.record(tmp_path_factory.mktemp("harmless"), making.HARMLESS))
