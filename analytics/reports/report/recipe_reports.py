"""Reports by recipe: the files that it asks for, and alerts for the thresholds that the selection has crossed."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pandas as pd

from analytics.analyses.common.changes import cliffs_delta_text, figure_change
from analytics.analyses.common.days_of_slice import age_of_newest, corpus_is_old_text, no_data_text
from analytics.analyses.common.wording import count_text, share_interval_text
from analytics.analyses.overview import key_figures
from analytics.analyses.providers.turnover import provider_activity, silent_or_no_article_text
from analytics.analyses.timeline import unusual_days
from analytics.atomic_write import write_new_file
from analytics.catalog import VIEWS
from analytics.catalog.view import Option, View
from analytics.corpus.loader import Corpus
from analytics.corpus.problem_codes import SEVERITIES
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of
from analytics.errors import ViewError
from analytics.name_suggestions import did_you_mean_or_list_all
from analytics.progress import Progress
from analytics.reports.available_views import AvailableViews, missing_side_data_sentence
from analytics.reports.bundle import write_new_bundle
from analytics.reports.escaping import printable
from analytics.reports.export_files import atomic_export, check_export_target, check_file_target, make_folder
from analytics.reports.report.files import WRITERS
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection
from analytics.statistics.change_test import DOWN
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N
from analytics.userdata.recipes import AlertThresholds, Recipe


@dataclass(frozen=True)
class Alert:
    """A threshold that was crossed: its name in the recipe, and a sentence with the numbers."""

    name: str
    sentence: str


def raised_alerts(data: Slice, thresholds: AlertThresholds) -> list[Alert]:
    """The thresholds that a selection has crossed, in the order of the recipe's fields.

    A share is below its threshold where the upper end of its 95 % interval is. A median has fallen where the change
    test finds lower scores than in the comparison period, the one before unless the selection names another, and the
    medians lie as far apart as is asked. A day is judged with all days of the selection before it. Too little
    data raises no alert. A selection that begins after the newest article of the corpus raises none for silent
    providers and unusual days: the age of that article is an alert of its own.
    """
    start, newest = data.selection.start, data.whole.last_day
    if start is not None and newest is not None and start > newest:
        thresholds = replace(thresholds, provider_silent_days=None, unusual_volume=False)
    found = [
        ("share_published_below", _share_published_alert(data, thresholds.share_published_below)),
        ("median_quality_down_by", _median_quality_alert(data, thresholds.median_quality_down_by)),
        ("provider_silent_days", _silent_providers_alert(data, thresholds.provider_silent_days)),
        ("unusual_volume", _unusual_volume_alert(data) if thresholds.unusual_volume else ""),
        ("newest_article_older_than", _old_newest_alert(data, thresholds.newest_article_older_than)),
        ("problems", _problems_alert(data, thresholds.problems)),
    ]
    return [Alert(name, sentence) for name, sentence in found if sentence]


def _share_published_alert(data: Slice, least: float | None) -> str:
    if least is None:
        return ""
    figures = key_figures(data)
    row = figures[figures["period"].isna() & (figures["figure"] == "share_published")].iloc[0]
    if pd.isna(row["value"]) or row["n"] < SMALL_N or row["high"] >= least:
        return ""
    return f"Share published is {row['value']:.1%} {share_interval_text(row)} of {row['n']:,}, below {least * 100:g}%."


def _median_quality_alert(data: Slice, least: float | None) -> str:
    if least is None:
        return ""
    before = data.compared or data.with_selection(replace(data.selection, compare="previous")).compared
    if before is None:
        return ""
    change = figure_change(data, before, "quality")
    medians = [quantiles(data.tally("quality"), [], "quality", {"median": 0.5}) for data in (before, data)]
    if change is None or change["outcome"] != DOWN:
        return ""
    then, now = (float(median["median"].iloc[0]) for median in medians)
    if then - now < least:
        return ""
    days, n = before.selection, f"n = {change['n_then']:,} and {change['n_now']:,}"
    return (
        f"Median quality is {now:g}, {then - now:g} points below that of {days.start} to {days.end} "
        f"({cliffs_delta_text(change)}; {n}); {least:g} or more is reported."
    )


def _silent_providers_alert(data: Slice, days: int | None) -> str:
    if days is None:
        return ""
    table = provider_activity(data)
    late = table[(table["days_since"] >= days) & (table["status"] == "overdue")]
    if late.empty:
        return ""
    named = ", ".join(f"{row['provider']} ({count_text(row['days_since'], 'day')})" for _, row in late.iterrows())
    return (
        f"{silent_or_no_article_text(data)} for {count_text(days, 'day')} or more, and for longer than ever: {named}."
    )


def _unusual_volume_alert(data: Slice) -> str:
    start = data.selection.start
    table = unusual_days(data.with_selection(replace(data.selection, start=None, compare=None)))
    if start is not None:
        table = table[table["last_day"] >= pd.Timestamp(start)]
    return unusual_days.finding(table) if len(table) else ""


def _old_newest_alert(data: Slice, days: int | None) -> str:
    if days is None:
        return ""
    any_day = data.with_selection(replace(data.selection, start=None, end=None, compare=None))
    age, today = age_of_newest(any_day), data.corpus.today
    if age is None:
        return f"No article of the selection has a date; a newest one older than {count_text(days, 'day')} is reported."
    if age <= days:
        return ""
    newest = today - timedelta(days=age)
    return f"The newest article is of {newest}, {age:,} days before {today}; more than {days:,} is reported."


def _problems_alert(data: Slice, level: str) -> str:
    if level == "never":
        return ""
    counts = data.problems["severity"].value_counts()
    grave = {severity: int(counts.get(severity, 0)) for severity in SEVERITIES[: SEVERITIES.index(level) + 1]}
    counted = ", ".join(f"{n:,} of severity {severity}" for severity, n in grave.items() if n)
    return f"Problems in the files: {counted}." if counted else ""


@dataclass(frozen=True)
class RecipeResult:
    """The files of a recipe that were written, its alerts, and in `no_data` a sentence when there were no articles."""

    files: tuple[Path, ...]
    alerts: tuple[Alert, ...]
    no_data: str = ""

    def render(self, file_format: Literal["text", "json"]) -> str:
        """Files and alerts, a line each or as JSON."""
        if file_format == "json":
            found: dict[str, object] = {
                "files": list(map(str, self.files)),
                "alerts": list(map(asdict, self.alerts)),
            }
            said = found | {"no_data": self.no_data} if self.no_data else found
            return json.dumps(said, indent=2, ensure_ascii=False) + "\n"
        lines = [
            *map(str, self.files),
            *filter(None, [self.no_data]),
            *(f"alert {alert.name}: {alert.sentence}" for alert in self.alerts),
        ]
        return "".join(f"{printable(line)}\n" for line in lines)


def recipe_views(recipe: Recipe) -> list[View]:
    """The views of a recipe, or of the catalog where it names none, with the options of the recipe as defaults.

    Raises UserDataError with the line of the recipe, and the likely name, on an unknown view, option or choice.
    """
    for slug in recipe.views:
        if slug not in VIEWS:
            raise recipe.error(f"there is no view {slug!r}.{did_you_mean_or_list_all(slug, VIEWS)}", "views", slug)
    for slug in recipe.options:
        if slug not in VIEWS:
            raise recipe.error(f"there is no view {slug!r}.{did_you_mean_or_list_all(slug, VIEWS)}", "options", slug)
        if recipe.views and slug not in recipe.views:
            raise recipe.error(f"{slug!r} is not among the views of the recipe.", "options", slug)
    return [_with_options(recipe, VIEWS[slug]) for slug in recipe.views or VIEWS]


def make_reports(
    recipe: Recipe,
    corpus: Corpus,
    folder: Path,
    *,
    made: date,
    notes: pd.DataFrame | None = None,
    side_data: SideData = NO_SIDE_DATA,
    progress: Progress | None = None,
) -> RecipeResult:
    """Write the files of a recipe into a folder, which is made where it is missing.

    All files are replaced in one atomic write; another run that writes the same ones comes before or after. Views that
    lack side data are left out, unless the recipe names them. Raises UserDataError on a bad recipe and ExportError when
    something cannot be written; then no file is changed.
    """
    views = _available_views(recipe, side_data)
    selection = recipe_selection(recipe, corpus)
    data = slice_of(corpus, selection, side_data)
    targets = recipe_targets(recipe, folder, today=corpus.today, made=made)
    make_folder(folder)
    steps = len(views.views) + len(targets)

    def report_progress(done: int, _total: int, label: str = "") -> None:
        if progress is not None:
            progress(done, steps, label)

    with atomic_export(*targets.values()) as new_files:
        if WRITERS.keys() & targets.keys():
            report = build_report(
                corpus, selection, made=made, title=recipe.title, views=views, notes=notes, side_data=side_data,
                progress=report_progress,
            )  # fmt: skip
        for position, (file_format, new) in enumerate(zip(targets, new_files, strict=True), start=1):
            if file_format in WRITERS:
                write_new_file(new, WRITERS[file_format](report))
            else:
                write_new_bundle(new, data, views, notes)
            report_progress(len(views.views) + position, steps, targets[file_format].name)
        alerts = raised_alerts(data, recipe.alerts)
    empty = "" if data.n else f"{no_data_text(data)} {corpus_is_old_text(data)}".strip()
    return RecipeResult(tuple(targets.values()), tuple(alerts), empty)


def recipe_selection(recipe: Recipe, corpus: Corpus) -> Selection:
    """The selection of a recipe for a corpus: its last days end with the day that counts as today."""
    return recipe.selection_until(corpus.today)


def recipe_targets(recipe: Recipe, folder: Path, *, today: date, made: date) -> dict[str, Path]:
    """The file, or the folder, of each format of a recipe. Raises ExportError where one of them cannot be written."""
    name = recipe.file_name(recipe.selection_until(today), made)
    targets = {each: folder / (name if each == "folder" else f"{name}.{each}") for each in recipe.formats}
    for each, target in targets.items():
        if each in WRITERS:
            check_file_target(target, parents=True)
        else:
            check_export_target(target)
    return targets


def _available_views(recipe: Recipe, side_data: SideData) -> AvailableViews:
    """The views of a recipe that have their side data. Raises UserDataError when one that it names lacks it."""
    views = recipe_views(recipe)
    left_out = {view.slug: reason for view in views if (reason := missing_side_data_sentence(view, side_data))}
    for slug in recipe.views:
        if slug in left_out:
            raise recipe.error(f"{slug}: {left_out[slug]}", "views", slug)
    return AvailableViews([view for view in views if view.slug not in left_out], left_out)


def _with_options(recipe: Recipe, view: View) -> View:
    """A view with the options of the recipe as its defaults."""
    given = recipe.options.get(view.slug, {})
    known = {option.name: option for option in view.options}
    for name in given:
        if name not in known:
            has = did_you_mean_or_list_all(name, known) if known else ""
            raise recipe.error(f"{view.slug} has no option {name!r}.{has}", "options", view.slug, name)

    def started(option: Option) -> Option:
        if option.name not in given:
            return option
        try:
            return replace(option, default=option.read(given[option.name]))
        except ViewError as error:
            raise recipe.error(str(error), "options", view.slug, option.name) from None

    return replace(view, options=tuple(map(started, view.options)))
