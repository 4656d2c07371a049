"""The command selections: list, export and import the saved selections."""

from pathlib import Path

import click

from analytics.cli.options import PATH, main


@main.command()
@click.option("--export", "out", type=PATH, help="Write them into this YAML file.")
@click.option("--import", "source", type=PATH, help="Bring in those of this YAML file.")
@click.option("--replace", is_flag=True, help="Imported ones take the place of others of the same name.")
def selections(out: Path | None, source: Path | None, replace: bool) -> None:
    """List the saved selections, or take them from and to a file.

    An imported selection whose name is taken is kept beside the other under a name with a number, unless --replace is
    given. When the file holds a selection that makes no sense, nothing is imported.
    """
    from analytics.userdata.saved_selections import check_export_target, export_file, import_file, listing_lines

    if out is not None:
        check_export_target(out)
    if source is not None:
        click.echo(import_file(source, "replace" if replace else "both"))
    if out is not None:
        click.echo(export_file(out))
    if out is None and source is None:
        click.echo("\n".join(listing_lines()))
