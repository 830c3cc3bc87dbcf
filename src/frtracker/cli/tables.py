"""``validate`` and ``fmt``: keeping the tables right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from frtracker.cli.options import max_bytes, max_size_option, output_options
from frtracker.cli.output import Output, print_data, print_note, write_output, writing


def _here() -> tuple[Path, ...]:
    """The policies.csv of the current folder, if there is one."""
    path = Path("policies.csv")
    return (path,) if path.is_file() else ()


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
@output_options("table", "json", "github")
@click.pass_context
def validate(ctx: click.Context, files: tuple[Path, ...], output: Output) -> None:
    """Check the tables against every rule; exit 1 if any has an error.

    FILES: a policies.csv (its companions are found beside it), or any of the four tables.

    \b
    frtracker validate
    frtracker validate my/policies.csv --format github
    """
    files = files or _here()
    if not files:
        print_note("note: no policies.csv in this folder; the shipped record is checked")
    from frtracker.record import findings
    from frtracker.record import load as table

    with _one_file_each():
        report = table.check(files, max_bytes=max_bytes())
    with suppress(BrokenPipeError):  # whoever has read enough, the verdict stands
        write_output(findings.render(report, output.format), output)
    if any(finding.severity == "error" for finding in report.findings):
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
    files = files or _here()
    if not files:
        raise click.UsageError("no policies.csv in this folder: name a file")
    from frtracker.files import write_whole
    from frtracker.record import canonical

    with _one_file_each():
        changes = canonical.changes(files, max_bytes=max_bytes())
    if check and changes:
        with suppress(BrokenPipeError):
            print_data("".join(change.diff() for change in changes))
        ctx.exit(1)
    for change in changes:
        with writing(change.path):
            write_whole(change.path, change.text)
        print_note(f"rewrote {change.path}")
