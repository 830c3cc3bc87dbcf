"""Mutation testing: change the program one small way at a time and count the changes no test sees.

``python scripts/mutants.py dates`` runs mutmut over one target of ``[tool.frtracker.mutants]`` in
``pyproject.toml``, in a copy of the checkout under ``.mutants/``, and prints the figures and the
survivors; of a part with thousands of mutants ``--sample 500`` tries as many, chosen by ``--seed``.
A run that was broken off goes on where it stopped; ``--fresh`` begins anew.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("src/frtracker")
PLUGIN = "mutants_order"
NOT_FOUND = 255
"""What mutmut records where pytest does not find the tests that it is to run."""
PRELOADED = "numpy\npandas\npandera.pandas\npytest\nhypothesis\ngeopandas\n"

ARGUMENTS = [
    *("-p", PLUGIN),
    *("-p", "no:cacheprovider"),
    *("-p", "no:xdist"),
    *("-m", "not slow"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of plugins loaded beforehand
]


def undecorated(text: str) -> str:
    """The module with ``@wrap def f`` written as ``def f``, then ``f = wrap(f)``: mutmut passes
    over functions that carry a decorator, and every rule of the schema does."""
    lines = text.splitlines(keepends=True)
    found = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    ]
    for node in sorted(found, key=lambda node: node.lineno, reverse=True):
        indent = " " * node.col_offset
        wraps = [ast.unparse(each) for each in reversed(node.decorator_list)]
        lines[node.end_lineno : node.end_lineno] = [
            f"{indent}{node.name} = {wrap}({node.name})\n" for wrap in wraps
        ]
        del lines[node.decorator_list[0].lineno - 1 : node.lineno - 1]
    return "".join(lines)


def lay_out(folder: Path, target: dict[str, list[str]]) -> None:
    """A copy of the checkout in ``folder``, configured for mutmut."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, text=True, capture_output=True).stdout
    kept = [Path(name) for name in names.splitlines() if (ROOT / name).is_file()]
    for name in kept:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    code = [str(SOURCE / name) for name in target["code"]]
    for path in sorted({path for pattern in code for path in folder.glob(pattern)}):
        path.write_text(undecorated(path.read_text("utf-8")), "utf-8")
    (folder / "preloaded.txt").write_text(PRELOADED, "utf-8")
    settings = {
        "source_paths": ["src"],
        "only_mutate": code,
        "also_copy": sorted({name.parts[0] for name in kept} - {"src"}),
        "pytest_add_cli_args": ARGUMENTS,
        "pytest_add_cli_args_test_selection": target["tests"],
        "process_isolation": "forkserver" if target.get("at_import") else "fork",
        "forkserver_warmup": "import",
        "preload_modules_file": "preloaded.txt",
        "timeout_constant": 10.0,
        "timeout_multiplier": 2.0,
        "use_git_change_detection": False,
        "on_dependency_change": "ignore",
    }
    told = "\n".join(f"{name} = {json.dumps(value)}" for name, value in settings.items())
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[tool.mutmut]\n{told}\n")


def settle(folder: Path, tests: list[str]) -> None:
    """Judge the mutants whose tests were not found by name. A change at import may break the
    import, or the names of the tests, which are those of the rules: whole files tell which."""
    run = [sys.executable, "-m", "pytest", "-x", "-q", *ARGUMENTS, *tests]
    for path in _metas(folder):
        text = json.loads(path.read_text("utf-8"))
        codes = text["exit_code_by_key"]
        for mutant in [name for name, code in codes.items() if code == NOT_FOUND]:
            paths = f"{folder / 'scripts'}{os.pathsep}{folder / 'mutants' / 'src'}"
            env = os.environ | {"PYTHONPATH": paths, "MUTANT_UNDER_TEST": mutant}
            done = subprocess.run(run, cwd=folder / "mutants", env=env, capture_output=True)
            codes[mutant] = min(done.returncode, 1)
        path.write_text(json.dumps(text, indent=4), "utf-8")


def _metas(folder: Path) -> list[Path]:
    return sorted((folder / "mutants" / SOURCE).rglob("*.py.meta"))


def mutants(folder: Path) -> list[str]:
    """The names of all mutants that mutmut has made."""
    texts = (json.loads(path.read_text("utf-8")) for path in _metas(folder))
    return sorted(name for text in texts for name in text["exit_code_by_key"])


def outcomes(folder: Path) -> dict[str, Counter[str]]:
    """For each module how many mutants that were tried had which outcome."""
    found: dict[str, Counter[str]] = {}
    for path in _metas(folder):
        module = str(path.relative_to(folder / "mutants" / SOURCE)).removesuffix(".meta")
        every = json.loads(path.read_text("utf-8"))["exit_code_by_key"].values()
        codes = [code for code in every if code is not None]
        if codes:
            found[module] = Counter(status_by_exit_code[code] for code in codes)
    return found


def told(found: dict[str, Counter[str]]) -> str:
    """The figures as a Markdown table, the sum last. A change that hangs the tests is noticed."""
    lines = [
        "| module | mutants | killed | of these hung | left | killed % |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for module, counts in [*found.items(), ("all", sum(found.values(), Counter[str]()))]:
        number, hung = counts.total(), counts["timeout"]
        killed = counts["killed"] + hung
        share = f"{100 * killed / number:.1f}" if number else ""
        lines.append(f"| `{module}` | {number} | {killed} | {hung} | {number - killed} | {share} |")
    return "\n".join(lines)


def main() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    targets = targets["tool"]["frtracker"]["mutants"]
    parser = argparse.ArgumentParser(description="Mutation testing of one part of the program.")
    parser.add_argument("target", choices=sorted(targets))
    parser.add_argument("mutants", nargs="*", help="only these (names as mutmut tells them)")
    parser.add_argument("--fresh", action="store_true", help="forget an earlier run")
    parser.add_argument("--sample", type=int, help="as many of them, by chance")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    folder = ROOT / ".mutants" / asked.target
    if asked.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    lay_out(folder, targets[asked.target])
    mutmut = [str(Path(sys.executable).parent / "mutmut")]
    run = [*mutmut, "run", "--max-children", str(asked.processes)]
    env = os.environ | {"PYTHONPATH": str(folder / "scripts")}
    names = asked.mutants
    if asked.sample:
        # Asked for one that is not there, mutmut makes all, and learns which tests reach them.
        subprocess.run([*run, "no mutant has this name"], cwd=folder, env=env, capture_output=True)
        every = mutants(folder)
        names = random.Random(asked.seed).sample(every, min(asked.sample, len(every)))
        print(f"{len(names)} of {len(every)} mutants, seed {asked.seed}", flush=True)
    done = subprocess.run([*run, *names], cwd=folder, env=env)
    settle(folder, targets[asked.target]["tests"])
    told_by = subprocess.run([*mutmut, "results"], cwd=folder, text=True, capture_output=True)
    print(*(it for it in told_by.stdout.splitlines() if "not checked" not in it), sep="\n")
    print(told(outcomes(folder)))
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
