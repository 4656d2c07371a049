"""Commands that write tables of selections: export, compare."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analytics.cli.options import (
    PATH,
    corpus_and_profile_arguments,
    excel_option,
    history_and_reviews_for,
    load,
    main,
    progress_bar,
    refuse_missing_side_data,
    review_store_option,
    selection_and_profile_in_words,
    selection_of,
    selection_options,
    today_option,
    views_named_or_all,
)

if TYPE_CHECKING:
    from analytics.reports.comparison_text import Format


@main.command()
@corpus_and_profile_arguments
@click.option(
    "--out",
    required=True,
    type=PATH,
    help="Folder or .zip to write; an earlier export is replaced.",
)
@click.option("--view", "slugs", multiple=True, help="Only this view; repeatable.")
@click.option("--raw", is_flag=True, help="Leave text that a spreadsheet would run as a formula as it is.")
@excel_option
@click.option("--parquet", is_flag=True, help="Each table as Parquet as well.")
@today_option
@review_store_option
@selection_options
def export(
    corpus: Path | None,
    out: Path,
    slugs: tuple[str, ...],
    raw: bool,
    excel: bool,
    parquet: bool,
    today: date | None,
    store: str | None,
    **given: Any,
) -> None:
    """Write a bundle: a CSV for each view, the articles, topics, related stories and problems, and a manifest."""
    from analytics.engine.slice_of import with_default_collections
    from analytics.reports.bundle import write_bundle
    from analytics.reports.export_files import check_export_target
    from analytics.userdata.dated_notes import read_notes

    check_export_target(out)
    views, selection = views_named_or_all(slugs), selection_of(given)
    refuse_missing_side_data(views if slugs else [], corpus, store)
    notes, loaded = read_notes(selection), load(corpus, today)
    side_data = history_and_reviews_for(views, loaded, store)
    with progress_bar("Writing") as progress:
        target = write_bundle(
            loaded,
            selection,
            out,
            views=views if slugs else None,
            notes=notes,
            side_data=side_data,
            raw=raw,
            excel=excel,
            parquet=parquet,
            progress=progress,
        )
    click.echo(f"{target}: {selection_and_profile_in_words(with_default_collections(loaded, selection), loaded)}")


@main.command()
@corpus_and_profile_arguments
@click.option(
    "--with",
    "texts",
    multiple=True,
    required=True,
    metavar="SELECTION",
    help="A selection as in a link: 'topic=AI&from=2024-01-01', or all. Give it two to four times.",
)
@click.option("--name", "names", multiple=True, help="Name of the selection in the same place.")
@click.option("--view", "slugs", multiple=True, help="Only this table; repeatable. A CSV holds one.")
@click.option("--format", "file_format", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@excel_option
@today_option
def compare(
    corpus: Path | None,
    texts: tuple[str, ...],
    names: tuple[str, ...],
    slugs: tuple[str, ...],
    file_format: "Format",
    excel: bool,
    today: date | None,
) -> None:
    """Hold two to four selections against the first of them."""
    from analytics.engine.comparison import check_number_of_sides, make_comparison, read_side
    from analytics.engine.slice_of import slice_of
    from analytics.reports.comparison_text import comparison_text, views_to_show

    selections = [read_side(text) for text in texts]
    check_number_of_sides(len(selections))
    if len(names) > len(selections):
        raise click.UsageError(
            f"There are {len(names)} names for {len(selections)} selections. Leave some of them out."
        )
    views = views_to_show(file_format, slugs)
    loaded = load(corpus, today)
    sides = [slice_of(loaded, selection) for selection in selections]
    click.echo(comparison_text(make_comparison(sides, names), file_format, views, excel=excel), nl=False)
