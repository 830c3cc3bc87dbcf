"""The command line: read the words, call one function, print. Heavy modules are imported inside the
command that needs them."""

from __future__ import annotations

import os

import click

from frtracker.cli.errors import Group
from frtracker.cli.events import changes, upcoming
from frtracker.cli.explain import explain
from frtracker.cli.map import map_
from frtracker.cli.output import print_data
from frtracker.cli.panel import panel
from frtracker.cli.publish import export, site
from frtracker.cli.status import show, status
from frtracker.cli.timeline import timeline_
from frtracker.cli.upkeep import diff, fmt, stale, validate
from frtracker.version import __version__


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from frtracker import shipped

    try:
        reviewed, sha256 = shipped.edition()
    except (OSError, ValueError):
        data = "the shipped data cannot be read"
    else:
        data = f"data reviewed through {reviewed}, edition {sha256[:12]}"
    print_data(f"frtracker {__version__}, {data}\n")
    ctx.exit()


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
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


for command in (
    *(status, show, explain, changes, upcoming, timeline_, map_),
    *(validate, fmt, diff, stale, panel, export, site),
):
    main.add_command(command)
