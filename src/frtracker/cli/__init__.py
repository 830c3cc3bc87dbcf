"""The command line: read the words, call one function, print. Heavy modules are imported inside the
command that needs them."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from frtracker import __version__
from frtracker.cli.events import changes, upcoming
from frtracker.cli.explain import explain
from frtracker.cli.map import map_
from frtracker.cli.options import DataProblem
from frtracker.cli.status import show, status
from frtracker.cli.tables import fmt, validate
from frtracker.cli.upkeep import diff, stale
from frtracker.findings import DataError


class _Group(click.Group):
    """Turns what the library raises into one plain message and the right exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DataError as error:
            for finding in error.findings:
                click.echo(str(finding), err=True)
            raise DataProblem(f"{error}: nothing was written") from error
        except LookupError as error:
            if type(error).__name__ != "NameNotUnderstood":  # any other is a bug: let it show
                raise
            raise DataProblem(str(error)) from error
        except BrokenPipeError:
            # the reader has what it wanted; keep the interpreter from complaining at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


@click.group(
    cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "--version", message="frtracker %(version)s")
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


for command in (status, show, explain, changes, upcoming, map_, validate, fmt, diff, stale):
    main.add_command(command)
