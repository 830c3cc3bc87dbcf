"""``completion`` and ``man``: a script with which the shell completes words, the manual page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Final

import click
from click.shell_completion import ShellComplete, get_completion_class

from frtracker.cli.console import print_data
from frtracker.cli.options import OneOf
from frtracker.cli.query import Query, command
from frtracker.version import __version__

_HOW: Final = {
    "bash": 'Add to ~/.bashrc:  eval "$(frtracker completion bash)"',
    "zsh": 'Add to ~/.zshrc, after compinit:  eval "$(frtracker completion zsh)"',
    "fish": "Run once:  frtracker completion fish > ~/.config/fish/completions/frtracker.fish",
}
# click's scripts take a name such as "Portland, ME" for two words
_WHOLE_NAMES: Final = {
    "COMPREPLY+=($value)": """local typed=${COMP_WORDS[COMP_CWORD]}
            if [[ $value == *' '* && $typed != [\\"\\']* ]]; then
                printf -v value %q "$value"
            fi
            COMPREPLY+=("$value")""",
    'string split "," $completion': 'string split --max 1 "," $completion',
}
_STATUS: Final = (
    ("0", "Done; an empty list is an answer."),
    ("1", "Errors in the data, or an unknown or ambiguous name."),
    ("2", "Invalid usage."),
)
_ENVIRONMENT: Final = (
    ("NO_COLOR", "If set, no colors are printed."),
    ("SOURCE_DATE_EPOCH", "The time that counts as now, in seconds since 1970."),
)


@command(click.Argument(["shell"], type=OneOf(_HOW)))
def completion(query: Query) -> None:
    """Print the script with which a shell completes commands, options and names of subjects.

    \b
    eval "$(frtracker completion bash)"     in ~/.bashrc
    eval "$(frtracker completion zsh)"      in ~/.zshrc, after compinit
    frtracker completion fish > ~/.config/fish/completions/frtracker.fish
    """
    shell: str = query.shell
    kind = get_completion_class(shell)
    assert kind is not None
    main = click.get_current_context().find_root().command
    # not its own source(), which would start a bash to look at its version
    script = ShellComplete.source(kind(main, {}, "frtracker", "_FRTRACKER_COMPLETE"))
    first, rest = script.split("\n", 1) if shell == "zsh" else ("", script)
    lines = [*filter(None, [first]), f"# {_HOW[shell]}", rest]  # "#compdef" has to come first
    text = "\n".join(lines)
    for split, whole in _WHOLE_NAMES.items():
        text = text.replace(split, whole)
    print_data(text)


@command()
def man(query: Query) -> None:
    """Print the manual page of the whole program, for man.

    \b
    frtracker man > frtracker.1
    man -l frtracker.1
    """
    root = click.get_current_context().find_root()
    print_data("\n".join(_page(root)) + "\n")


def _page(root: click.Context) -> Iterator[str]:
    group = root.command
    assert isinstance(group, click.Group)
    title, *rest = _paragraphs(group.help or "")
    yield f'.TH FRTRACKER 1 "" "frtracker {__version__}" "User Commands"'
    yield from (".SH NAME", rf"frtracker \- {_roff(title)}")
    yield from (".SH SYNOPSIS", r".B frtracker", r"COMMAND [OPTIONS] [ARGUMENTS]")
    yield ".SH EXAMPLES"
    for paragraph in rest:
        yield from _paragraph(paragraph)
    yield ".SH OPTIONS"
    yield from _options(group, root)
    yield ".SH COMMANDS"
    for name in group.list_commands(root):
        if each := group.get_command(root, name):
            with click.Context(each, info_name=name, parent=root) as ctx:
                usage = " ".join(each.collect_usage_pieces(ctx))
                yield f".SS frtracker {name} {_roff(usage)}"
                for paragraph in _paragraphs(each.help or ""):
                    yield from _paragraph(paragraph)
                yield from _options(each, ctx)
    for heading, entries in (("EXIT STATUS", _STATUS), ("ENVIRONMENT", _ENVIRONMENT)):
        yield f".SH {heading}"
        for term, text in entries:
            yield from (".TP", rf".B {_roff(term)}", _roff(text))


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n\s*\n", cleandoc(text))


def _paragraph(text: str) -> Iterator[str]:
    """A paragraph of a help text; one that begins with ``\\b`` keeps its lines."""
    yield ".PP"
    if text.startswith("\b"):
        lines = text.removeprefix("\b").strip("\n").split("\n")
        yield from (".nf", *(f"    {_roff(line.strip())}" for line in lines), ".fi")
    else:
        yield _roff(" ".join(text.split()))


def _options(of: click.Command, ctx: click.Context) -> Iterator[str]:
    for param in of.get_params(ctx):
        names, text = param.get_help_record(ctx) or ("", "")
        if text:  # an argument is in the usage
            yield from (".TP", rf".B {_roff(names)}", _roff(" ".join(text.split())))


def _roff(text: str) -> str:
    """The text as roff has it: nothing in it is a request, hyphens are those of options."""
    plain = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{plain}" if plain[:1] in (".", "'") else plain
