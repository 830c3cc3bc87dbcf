"""Which tests a changed program meets first: a pytest plugin for ``scripts/mutants.py``.

mutmut runs the tests once to learn which reach what, and forks for each change. What is kept under
``@cache`` would be told of the first test alone, and would be of the program without the change, so
it is forgotten: the program's own before each test that is learnt of, the tests' too for a change.

First those that noticed another change of the same function, then those named after its rule,
then those that noticed a change elsewhere, then file by file as the target lists them. Most changes
are noticed by the first test they meet.
"""

from __future__ import annotations

import functools
import gc
import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import Phase
from hypothesis import settings as examples
from mutmut.configuration import config as settings
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.state import state

NOTICED = Path("noticed.tsv").absolute()
MOST = int(os.environ.get("MUTANTS_MEET", "0"))
"""Tests that a change meets at most; 0 = all of them. What is left then may be too much."""

examples.register_profile("mutants", max_examples=50, phases=[Phase.explicit, Phase.generate])
examples.load_profile("mutants")
"""Half of the random examples, and a failing one is not made smaller: that it failed is enough."""

at_import: set[str] = set()


def changed_function() -> str:
    return get_mutant_under_test().partition("__mutmut_")[0]


def pytest_collection_finish() -> None:
    at_import.update(state()._stats)


def pytest_runtest_setup() -> None:
    """What runs while the package is imported runs for every test, not for the first alone."""
    if get_mutant_under_test() == "stats":
        _forget("frtracker.")
    state()._stats.update(at_import)


def pytest_configure(config: pytest.Config) -> None:
    """Put the tests that are asked for into order, before they are looked up."""
    function = changed_function()
    if function.startswith("frtracker."):
        _forget("frtracker.", "test_")  # the fixtures of tests/records.py are not of the program
    module, _, name = function.rpartition(".")
    rule = getattr(sys.modules.get(module), name.removeprefix("x_"), None)
    code = f"[{getattr(rule, 'code', '')}]"
    lines = NOTICED.read_text("utf-8").splitlines() if NOTICED.exists() else []
    noticed = [line.split("\t") for line in lines]
    here = {test for where, test in noticed if where == function}
    elsewhere = {test for where, test in noticed if where != function}
    files = settings().pytest_add_cli_args_test_selection

    def place(test: str) -> tuple[bool, bool, bool, int]:
        file = test.partition("::")[0]
        listed = files.index(file) if file in files else len(files)
        return (test not in here, code not in test, test not in elsewhere, listed)

    config.args.sort(key=place)
    if MOST and "::" in config.args[0]:
        del config.args[MOST:]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Ids that pytest finds again: one with ``::``, a bracket or a backslash it does not."""
    return re.sub(r"[^ -Z^-~]|::", "_", str(val)) if isinstance(val, str | bytes) else None


def _forget(*modules: str) -> None:
    gc.unfreeze()  # mutmut freezes before it forks, and what is frozen is not listed
    for kept in gc.get_objects():
        if isinstance(kept, functools._lru_cache_wrapper) and kept.__module__.startswith(modules):
            kept.cache_clear()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed and (function := changed_function()):
        with NOTICED.open("a", encoding="utf-8") as file:
            file.write(f"{function}\t{report.nodeid}\n")
