"""What a shell completes, and the manual page, in the programs that people have."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from frtracker.cli import main
from test_cli import run

SOURCE = Path(__file__).resolve().parents[1] / "src"


def needed(program: str) -> str:
    """Where the program is; without it the test fails in CI and is skipped elsewhere."""
    path = shutil.which(program)
    if path is None and "CI" not in os.environ:
        pytest.skip(f"{program} is not installed")
    assert path, f"{program} is not installed"
    return path


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., str]:
    """Runs a program with ``frtracker`` of this checkout on its path, in a home of its own."""
    command = tmp_path / "bin" / "frtracker"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m frtracker "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {
        **{"PATH": f"{command.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        **{"PYTHONPATH": str(SOURCE), "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "TERM": "dumb"},
    }

    def called(*words: str) -> str:
        done = subprocess.run(
            [needed(words[0]), *words[1:]],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=tmp_path,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    return called


BASH = """
eval "$(frtracker completion bash)"
COMP_WORDS=(frtracker {words}) COMP_CWORD={last}
_frtracker_completion frtracker 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
autoload -U compinit && compinit -u -D
eval "$(frtracker completion zsh)"
print -r -- "$_comps[frtracker]"
compadd() {{ while [[ $1 != -a ]]; do shift; done; print -rl -- "${{(@P)2}}" }}
_describe() {{ print -rl -- "${{(@P)3}}" }}
words=(frtracker {words}) CURRENT={next}
_frtracker_completion
"""
FISH = """
frtracker completion fish | source
complete --do-complete 'frtracker {words}'
"""
SCRIPTS = [("bash", BASH), ("zsh", ZSH), ("fish", FISH)]
WORDS = [
    ("val", 1, "validate"),
    ("completion fi", 2, "fish"),
    ("status --for pol", 3, "police"),
    ("show Northam", 2, "Northampton, MA"),
]


@pytest.mark.parametrize(("words", "last", "offered"), WORDS)
@pytest.mark.parametrize(("name", "script"), SCRIPTS, ids=[name for name, _ in SCRIPTS])
def test_each_shell_completes_what_is_typed(
    name: str, script: str, words: str, last: int, offered: str, shell: Callable[..., str]
) -> None:
    lines = shell(name, "-c", script.format(words=words, last=last, next=last + 1)).splitlines()
    if name == "bash":  # quoted, so that a name is one word of the line
        lines = [" ".join(words) for line in lines if len(words := shlex.split(line)) == 1]
    assert offered in [re.split("[:\t]", line)[0] for line in lines]  # what follows says more


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_each_script_says_how_to_install_it(name: str) -> None:
    result = run("completion", name)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0 if name != "zsh" else 1].startswith("# ")
    assert f"frtracker completion {name}" in result.stdout


def test_another_shell_is_refused() -> None:
    result = run("completion", "tcsh")
    assert result.exit_code == 2
    assert "'tcsh' is not one of: bash, zsh, fish." in result.stderr


def test_the_manual_page_has_every_command_and_option() -> None:
    page = run("man").stdout.replace("\\-", "-")
    with click.Context(main) as ctx:
        for name in main.list_commands(ctx):
            command = main.get_command(ctx, name)
            assert command
            assert f".SS frtracker {name} " in page
            for param in command.params:
                if isinstance(param, click.Option):
                    assert param.opts[0] in page, (name, param.opts)
    for line in page.splitlines():
        assert not line.startswith("'"), line


def test_man_shows_it(shell: Callable[..., str], tmp_path: Path) -> None:
    needed("man")
    path = tmp_path / "frtracker.1"
    path.write_text(run("man").stdout, encoding="utf-8")
    text = shell("man", "--warnings", "-P", "cat", "-l", str(path))
    assert text.lstrip().startswith("FRTRACKER(1)")
    for words in ("EXIT STATUS", 'frtracker explain "Portland, ME"', "--as-of DATE"):
        assert words in text
