"""``validate`` and ``fmt``: keeping the tables right."""

from __future__ import annotations

from pathlib import Path

import click

from frtracker.cli.options import DataProblem, deliver, format_option, output_option


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
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
    from frtracker import findings, table

    report = table.check(files)
    deliver(findings.render(report, format_name), output)
    if any(finding.severity == "error" for finding in report.findings):
        ctx.exit(1)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, help="Write nothing; print the difference and exit 1 if any."
)
@click.pass_context
def fmt(ctx: click.Context, files: tuple[Path, ...], check: bool) -> None:
    """Put the tables into canonical order and form.

    \b
    frtracker fmt
    frtracker fmt --check my/policies.csv
    """
    from frtracker import canonical
    from frtracker.writing import write_whole

    changes = canonical.changes(files)
    for change in changes:
        if check:
            click.echo(change.diff(), nl=False)
            continue
        try:
            write_whole(change.path, change.text)
        except OSError as error:
            raise DataProblem(
                f"cannot write {change.path}: {error.strerror}; it is as it was"
            ) from error
        click.echo(f"rewrote {change.path}", err=True)
    if check and changes:
        ctx.exit(1)
