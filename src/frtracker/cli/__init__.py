"""The command line: read the words, call one function, print.

The module of a command is imported when the command is asked for, and heavy ones inside it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

import click

from frtracker.cli.errors import Group
from frtracker.cli.output import print_data
from frtracker.version import __version__

_COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "changes": "events:changes",
        "diff": "upkeep:diff",
        "explain": "explain:explain",
        "export": "publish:export",
        "fmt": "upkeep:fmt",
        "map": "map:map_",
        "panel": "panel:panel",
        "show": "status:show",
        "site": "publish:site",
        "stale": "upkeep:stale",
        "status": "status:status",
        "timeline": "timeline:timeline_",
        "upcoming": "events:upcoming",
        "validate": "upkeep:validate",
    }
)
"""Where each command is: its module of this package, and its name there."""


class _Commands(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"frtracker.cli.{module}"), name)
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
