"""The shell completes names of subjects, and loads nothing heavy for it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ASK = """
import os, sys
from frtracker.cli import main
try:
    main(prog_name="frtracker")
finally:
    heavy = {"pandas", "numpy", "pandera", "geopandas", "folium"} & set(sys.modules)
    print("loaded:", *sorted(heavy))
"""


def completed(words: str, index: int) -> list[str]:
    environment = {
        **os.environ,
        "_FRTRACKER_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(index),
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "loaded:", done.stdout + done.stderr
    lines = done.stdout.splitlines()[:-1]
    return [line.partition(",")[2] for line in lines if line.startswith("plain,")]


@pytest.mark.parametrize(
    ("words", "index", "offered"),
    [
        ("frtracker show Portl", 2, ["Portland, ME", "Portland, OR", "Portland, Oregon"]),
        ("frtracker explain northam", 2, ["Northampton, MA"]),
        ("frtracker status --subject Faceb", 3, ["Facebook"]),
        ("frtracker changes --subject IB", 3, ["IBM"]),
        ("frtracker timeline Xyzzy", 2, []),
        ("frtracker val", 1, ["validate"]),
    ],
)
def test_names_are_offered(words: str, index: int, offered: list[str]) -> None:
    assert completed(words, index) == offered
