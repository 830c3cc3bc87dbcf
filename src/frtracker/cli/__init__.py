"""The command line: parse, call one function, print.

The module of a command is imported when the command is called, and heavy ones inside it.
"""

from __future__ import annotations

import os
from importlib import import_module
from itertools import takewhile
from typing import Final

import click

from frtracker import wording
from frtracker.cli.console import Group, WrongCall, print_data
from frtracker.record.findings import DataError
from frtracker.version import __version__

_MODULES: Final = {
    "claims": ("check",),
    "manual": ("completion", "man"),
    "pictures": ("map", "panel", "timeline"),
    "questions": ("changes", "compare", "explain", "search", "show", "status", "upcoming"),
    "publish": ("export", "site"),
    "new": ("new",),
    "upkeep": ("diff", "fmt", "stale", "validate"),
}
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}
"""Command → the module of this package that has it under its name."""


class _Commands(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULE_OF:
            return None
        module = import_module(f"frtracker.cli.{_MODULE_OF[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and args[0] not in _MODULE_OF and args[0][:1] != "-":
            raise _no_such_command(args)
        return super().resolve_command(ctx, args)


def _no_such_command(args: list[str]) -> WrongCall:
    """The refusal, with the command that was mistyped, or the one to use if the words are a name
    that the record or the gazetteer knows."""
    from frtracker.cli.query import quoted
    from frtracker.places.names import resolve
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.record import load

    wrong, hint = f"No such command {args[0]!r}", wording.did_you_mean(args[0], _MODULE_OF)
    words = [*takewhile(lambda word: word[:1] != "-", args)]
    for text in dict.fromkeys((" ".join(words), args[0])):
        try:
            place = resolve(load.read(None), text)
        except NameNotUnderstood as error:
            if error.candidates and not hint:
                hint = f". To look up a place: frtracker explain {quoted(text)}"
        except (DataError, OSError, ValueError):
            pass  # the record cannot be read, or this is not a name
        else:
            command = "show" if place.is_vendor or place.policy_id else "explain"
            return WrongCall(f"{wrong}. Use: frtracker {command} {quoted(text)}")
    return WrongCall(f"{wrong}{hint or '. frtracker --help lists them.'}")


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from frtracker.files import shipped_edition

    try:
        reviewed, edition = shipped_edition()
    except (OSError, ValueError):
        data = "the shipped record cannot be read"
    else:
        data = f"data reviewed through {reviewed}, edition {edition[:12]}"
    print_data(f"frtracker {__version__}, {data}\n")
    ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version of the program and the edition of the record.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Is face recognition banned here? For whom, on what date, and according to whom?

    \b
    frtracker explain "Portland, ME"
    frtracker status --as-of 2021-06
    frtracker map --open
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
