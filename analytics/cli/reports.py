"""Commands that write reports: report, chart, digest, briefing."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click
from click.core import ParameterSource

from analytics.cli.options import (
    CORPUS_PATH,
    DAY,
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
    view_named,
    views_named_or_all,
)
from analytics.errors import ViewError
from analytics.selection.fields import LENGTHS
from analytics.settings import corpus_path

if TYPE_CHECKING:
    from analytics.reports import changes_digest as digests
    from analytics.selection.fields import Length

WITH_RECIPE = {"corpus", "out", "recipe", "day", "today", "file_format", "store", "profile"}
"""The parameters that are allowed with a recipe, which says all else."""

ALERTS = 3
"""The exit code when alerts were raised."""


@main.command()
@corpus_and_profile_arguments
@click.option("--out", type=PATH, help="FILE.html or FILE.xlsx; with --recipe a folder.")
@click.option("--recipe", type=PATH, help="Make the report that this YAML file describes.")
@click.option("--view", "slugs", multiple=True, help="Only this view; repeatable.")
@click.option("--title", default="Article report", show_default=True)
@click.option("--date", "day", type=DAY, help="The day it is made; today if not given.")
@today_option
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How files and alerts of a recipe are listed.",
)
@review_store_option
@selection_options
def report(
    corpus: Path | None,
    out: Path | None,
    recipe: Path | None,
    slugs: tuple[str, ...],
    title: str,
    day: datetime | None,
    today: date | None,
    file_format: Literal["text", "json"],
    store: str | None,
    **given: Any,
) -> None:
    """Write a report as one file, or all that a recipe asks for.

    Exit code 0: it was written; 3: it was written and alerts of the recipe were raised; 2: it was not written, and what
    stood there before is untouched.
    """
    if recipe is not None:
        _refuse_options_with_recipe(click.get_current_context())
        _write_by_recipe(corpus, recipe, out or Path(), day, today, file_format, store)
    if out is None:
        raise click.UsageError("Name the file to write (--out FILE.html) or a recipe (--recipe FILE.yml).")
    from analytics.engine.slice_of import with_default_collections
    from analytics.reports.export_files import check_file_target
    from analytics.reports.report.files import report_format, write_report
    from analytics.reports.report.report import build_report
    from analytics.userdata.dated_notes import read_notes

    report_format(out)
    check_file_target(out)
    selection, views = selection_of(given), views_named_or_all(slugs)
    refuse_missing_side_data(views if slugs else [], corpus, store)
    notes, loaded = read_notes(selection), load(corpus, today)
    side_data = history_and_reviews_for(views, loaded, store)
    with progress_bar("Writing") as progress:
        content = build_report(
            loaded,
            selection,
            made=day.date() if day else loaded.today,
            title=title,
            views=views if slugs else None,
            notes=notes,
            side_data=side_data,
            progress=progress,
        )
        write_report(content, out)
    click.echo(f"{out}: {selection_and_profile_in_words(with_default_collections(loaded, selection), loaded)}")


def _refuse_options_with_recipe(context: click.Context) -> None:
    for parameter in context.command.params:
        name = str(parameter.name)
        if name not in WITH_RECIPE and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"The recipe says what the report holds. Leave out {parameter.opts[0]}.")


def _write_by_recipe(
    corpus: Path | None,
    path: Path,
    folder: Path,
    day: datetime | None,
    today: date | None,
    file_format: Literal["text", "json"],
    store: str | None,
) -> NoReturn:
    from analytics.corpus.loader import current_day
    from analytics.reports.available_views import side_data_faults
    from analytics.reports.report.recipe_reports import make_reports, recipe_selection, recipe_targets, recipe_views
    from analytics.userdata.dated_notes import read_notes
    from analytics.userdata.recipes import AlertThresholds, read_recipe

    recipe = read_recipe(path)
    views, now = recipe_views(recipe), today or current_day()
    recipe_targets(recipe, folder, today=now, made=day.date() if day else now)
    named = [view for view in views if view.slug in recipe.views]
    for slug, fault in side_data_faults(named, corpus_path(corpus), store).items():
        raise recipe.error(f"{slug}: {fault}", "views", slug)
    loaded = load(corpus, today)
    side_data = history_and_reviews_for(views, loaded, store)
    notes = read_notes(recipe_selection(recipe, loaded))
    with progress_bar("Writing") as progress:
        made = day.date() if day else loaded.today
        result = make_reports(recipe, loaded, folder, made=made, notes=notes, side_data=side_data, progress=progress)
    click.echo(result.render(file_format), nl=False)
    unanswered = bool(result.no_data) and recipe.alerts != AlertThresholds()
    sys.exit(ALERTS if result.alerts or unanswered else 0)


@main.command()
@click.argument("slug")
@corpus_and_profile_arguments
@click.option("--out", required=True, type=PATH, help="FILE.svg, FILE.png or FILE.pdf.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="An option of the view; repeatable.")
@today_option
@review_store_option
@selection_options
def chart(
    slug: str,
    corpus: Path | None,
    out: Path,
    options: tuple[str, ...],
    today: date | None,
    store: str | None,
    **given: Any,
) -> None:
    """Write the chart of the view SLUG as a picture."""
    from analytics.engine.slice_of import slice_of
    from analytics.reports.export_files import check_file_target
    from analytics.reports.report.files import chart_format, check_chart, write_chart_and_return_finding
    from analytics.userdata.dated_notes import read_notes

    chart_format(out)
    view, selection = view_named(slug), selection_of(given)
    view_options = view.read_options(dict(map(_name_and_value, options)))
    check_chart(view, out)
    check_file_target(out)
    refuse_missing_side_data([view], corpus, store)
    notes, loaded = read_notes(selection), load(corpus, today)
    data = slice_of(loaded, selection, history_and_reviews_for([view], loaded, store))
    click.echo(write_chart_and_return_finding(data, view, view_options, notes, out))


DIGEST_SUFFIXES: dict[str, "digests.Format"] = {".md": "markdown", ".html": "html", ".csv": "csv", ".json": "json"}
"""Suffix of a digest's file → what the file holds."""


def _name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ViewError(f"--option {text}: write it as name=value.")
    return name, value


@main.command()
@corpus_and_profile_arguments
@click.option("--since", type=DAY, help="What changed since this day began (UTC), by the history of the corpus.")
@click.option("--against", type=CORPUS_PATH, help="What changed since this earlier copy of the corpus.")
@click.option("--last", type=click.IntRange(1, 100_000), metavar="DAYS", help="What changed in its last so many days.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(list(DIGEST_SUFFIXES.values())),
    help="By default what the suffix of --out says, else markdown.",
)
@click.option("--out", type=PATH, help="File to write: FILE.md, FILE.html, FILE.csv or FILE.json.")
@excel_option
@today_option
def digest(
    corpus: Path | None,
    since: datetime | None,
    against: Path | None,
    last: int | None,
    file_format: "digests.Format | None",
    out: Path | None,
    excel: bool,
    today: date | None,
) -> None:
    """Tell what changed in CORPUS: articles, scores, providers, topics."""
    by_suffix = None if out is None else DIGEST_SUFFIXES.get(out.suffix.lower())
    if out is not None and by_suffix is None:
        raise click.UsageError(f"{out} must end in {', '.join(DIGEST_SUFFIXES)}: the suffix says what is written.")
    if by_suffix is not None and file_format not in (None, by_suffix):
        raise click.UsageError(f"{out} is to hold {by_suffix}, and --format says {file_format}. Leave one of them out.")
    file_format = file_format or by_suffix or "markdown"
    if sum(each is not None for each in (since, against, last)) != 1:
        raise click.UsageError("Say since when: one of --since DATE, --against CORPUS, --last DAYS.")
    from analytics.corpus.sources.open import open_source
    from analytics.reports import changes_digest as digests
    from analytics.reports.export_files import check_file_target, write_file_atomically

    if out is not None:
        check_file_target(out)
    path = corpus_path(corpus)
    if against is not None:
        open_source(against)
        new = load(path, today)
        found = digests.digest(load(against, today, new.profile), new, f"against {against}")
    else:
        digests.check_history_for_digest(path)
        loaded = load(path, today)
        with progress_bar("Reading the earlier state") as progress:
            if since is not None:
                found = digests.digest_since(loaded, since.date(), progress=progress)
            else:
                found = digests.digest_of_newest_days(loaded, last or 1, progress=progress)
    if out is None:
        click.echo(found.render(file_format, excel=excel), nl=False)
    else:
        write_file_atomically(out, found.render(file_format, excel=excel).encode())
        click.echo(f"{out}: {found.title}")


@main.command()
@corpus_and_profile_arguments
@click.option("--newest", type=click.Choice(LENGTHS), help="The days it is about, where no --from or --to says them.")
@click.option("--out", type=PATH, help="FILE.html of one page; without it, text on the screen.")
@today_option
@selection_options
def briefing(corpus: Path | None, newest: "Length | None", out: Path | None, today: date | None, **given: Any) -> None:
    """Say what changed, what is to decide, what is hot and which providers to talk about, on one page.

    Without --from, --to and --newest it is about the shortest of week, month, quarter, half-year and year that has
    enough articles to say what changed.
    """
    from analytics.engine.slice_of import slice_of
    from analytics.reports.briefing.briefing import build_briefing
    from analytics.reports.briefing.html import briefing_html
    from analytics.reports.briefing.text import briefing_text
    from analytics.reports.export_files import check_file_target, write_file_atomically

    if out is not None and out.suffix.lower() != ".html":
        raise click.UsageError(f"--out {out}: a briefing is a page. Name a file that ends in .html.")
    if out is not None:
        check_file_target(out)
    selection, loaded = selection_of(given), load(corpus, today)
    side_data = history_and_reviews_for(views_named_or_all(["warm_now"]), loaded, None)
    found = build_briefing(slice_of(loaded, selection, side_data), newest)
    if out is None:
        click.echo(briefing_text(found, loaded.name_and_profile), nl=False)
    else:
        write_file_atomically(out, briefing_html(found, loaded.name_and_profile, loaded.today).encode())
        click.echo(f"{out}: {found.headline}")
