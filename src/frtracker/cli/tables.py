"""``validate`` and ``fmt``: keeping the tables right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from frtracker.cli.delivery import deliver, not_written, say, tell
from frtracker.cli.interrupts import cleared_away
from frtracker.cli.options import (
    format_option,
    max_bytes,
    max_size_option,
    output_option,
)


@contextmanager
def _one_file_each() -> Iterator[None]:
    """Two files for one table are a wrong call."""
    try:
        yield
    except ValueError as error:
        if "are both taken for" not in str(error):  # any other is a bug: let it show
            raise
        raise click.UsageError(str(error)) from error


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@max_size_option
@format_option("table", "json", "github")
@output_option
@click.pass_context
def validate(ctx: click.Context, files: tuple[Path, ...], format_name: str, output: Path) -> None:
    """Check the tables against every rule; exit 1 if any has an error.

    FILES: a policies.csv (its companions are found beside it), or any of the four tables.

    \b
    frtracker validate
    frtracker validate my/policies.csv --format github
    """
    from frtracker.record import load
    from frtracker.record.findings import render

    with _one_file_each():
        report = load.check(files, max_bytes=max_bytes())
    with suppress(BrokenPipeError):  # whoever has read enough, the verdict stands
        deliver(render(report.findings, report.skipped, format_name), output)
    if report.errors:
        ctx.exit(1)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, help="Write nothing; print the difference and exit 1 if any."
)
@max_size_option
@click.pass_context
def fmt(ctx: click.Context, files: tuple[Path, ...], check: bool) -> None:
    """Put the tables into canonical order and form.

    \b
    frtracker fmt
    frtracker fmt --check my/policies.csv
    """
    from frtracker.files import write_whole
    from frtracker.record import load

    with _one_file_each():
        changes = load.changes(files, max_bytes=max_bytes())
    if check and changes:
        with suppress(BrokenPipeError):
            say("".join(change.diff() for change in changes))
        ctx.exit(1)
    for change in changes:
        try:
            with cleared_away():
                write_whole(change.path, change.text)
        except OSError as error:
            raise not_written(change.path, error) from error
        tell(f"rewrote {change.path}")
