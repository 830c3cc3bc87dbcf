"""The command line: read the words, call one function, print.

The module of a command is imported when the command is asked for, and heavy ones inside it.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Final

import click

from frtracker.cli.console import Group, print_data
from frtracker.version import __version__

_MODULES: Final = {
    "pictures": ("map", "panel", "timeline"),
    "questions": ("changes", "explain", "show", "status", "upcoming"),
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


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from frtracker.files import shipped_edition

    try:
        reviewed, edition = shipped_edition()
    except (OSError, ValueError):
        data = "the shipped data cannot be read"
    else:
        data = f"data reviewed through {reviewed}, edition {edition[:12]}"
    print_data(f"frtracker {__version__}, {data}\n")
    ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version of the program and the edition of the data.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Is face recognition banned here, for whom, on that day, and who says so?

    \b
    frtracker status --as-of 2021-06
    frtracker show "Portland, ME"
    frtracker map --open
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
