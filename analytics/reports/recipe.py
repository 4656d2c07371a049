"""A report made by its recipe: all of its files or none, and what it warns of."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus
from analytics.engine.beside import NOTHING, Beside
from analytics.engine.slice import Slice
from analytics.errors import ViewError
from analytics.kept.recipes import Recipe, meant
from analytics.reports.alerts import Alert, alerts
from analytics.reports.bundle import Form, make_bundle
from analytics.reports.check import printable
from analytics.reports.documents import WRITERS
from analytics.reports.files import replacing
from analytics.reports.needs import Chosen, lacks
from analytics.reports.packing import make_room, refuse_foreign
from analytics.reports.report import write_up
from analytics.selection import Selection
from analytics.view import Option, View
from analytics.writing import write_new

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """What a recipe has made: its files, and the alerts that it has raised."""

    files: tuple[Path, ...]
    alerts: tuple[Alert, ...]

    def written(self, form: Literal["text", "json"]) -> str:
        """Files and alerts, a line each or as JSON."""
        if form == "json":
            found = {"files": list(map(str, self.files)), "alerts": list(map(asdict, self.alerts))}
            return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        lines = [*map(str, self.files), *(f"alert {alert.name}: {alert.sentence}" for alert in self.alerts)]
        return "".join(f"{printable(line)}\n" for line in lines)


def recipe_views(recipe: Recipe) -> list[View]:
    """The views of a recipe, those of the catalog where it names none, each starting with the options it gives.

    Raises KeptError with the line of the recipe, and the name that was meant, on an unknown view, option or choice.
    """
    for slug in recipe.views:
        if slug not in VIEWS:
            raise recipe.refused(f"there is no view {slug!r}.{_meant(slug, VIEWS)}", "views", slug)
    for slug in recipe.options:
        if slug not in VIEWS:
            raise recipe.refused(f"there is no view {slug!r}.{_meant(slug, VIEWS)}", "options", slug)
        if recipe.views and slug not in recipe.views:
            raise recipe.refused(f"{slug!r} is not among the views of the recipe.", "options", slug)
    return [_starting(recipe, VIEWS[slug]) for slug in recipe.views or VIEWS]


def make(
    recipe: Recipe,
    corpus: Corpus,
    folder: Path,
    *,
    made: date,
    notes: pd.DataFrame | None = None,
    beside: Beside = NOTHING,
    progress: Progress | None = None,
) -> Made:
    """Write the files of a recipe into a folder, which is made where it is missing.

    All files are put in place together when all are complete; another run that writes the same ones comes before or
    after. Views that lack what they need `beside` the articles are left out, unless the recipe names them. Raises
    KeptError on a bad recipe and ExportError when something cannot be written: what stood there before is untouched.
    """
    shown = _shown(recipe, beside)
    selection = recipe_selection(recipe, corpus)
    part = Slice(corpus, selection, beside)
    name = recipe.file_name(selection, made)
    targets = {form: folder / (name if form == "folder" else f"{name}.{form}") for form in recipe.formats}
    for form in {"zip", "folder"} & set(targets):
        refuse_foreign(targets[form].absolute())
    make_room(folder)
    with replacing(*targets.values()) as places:
        if WRITERS.keys() & targets.keys():
            report = write_up(
                corpus, selection, made=made, title=recipe.title, views=shown, notes=notes, beside=beside,
                progress=progress,
            )  # fmt: skip
        for form, place in zip(targets, places, strict=True):
            if form in WRITERS:
                write_new(place, WRITERS[form](report))
            else:
                make_bundle(place, part, shown, pd.DataFrame() if notes is None else notes, Form())
            if progress is not None:
                progress(targets[form].name)
        raised = alerts(part, recipe.alerts)
    return Made(tuple(targets.values()), tuple(raised))


def recipe_selection(recipe: Recipe, corpus: Corpus) -> Selection:
    """What a recipe selects of a corpus today."""
    span = Slice(corpus).span
    return recipe.within(span.known_to if span else None)


def _shown(recipe: Recipe, beside: Beside) -> Chosen:
    """The views of a recipe that have what they need. Raises KeptError when one that it names lacks it."""
    views = recipe_views(recipe)
    lacking = {view.slug: reason for view in views if (reason := lacks(view, beside))}
    for slug in recipe.views:
        if slug in lacking:
            raise recipe.refused(f"{slug}: {lacking[slug]}", "views", slug)
    return Chosen([view for view in views if view.slug not in lacking], lacking)


def _starting(recipe: Recipe, view: View) -> View:
    """A view whose options start as the recipe says."""
    given = recipe.options.get(view.slug, {})
    known = {option.name: option for option in view.options}
    for name in given:
        if name not in known:
            has = _meant(name, known) if known else ""
            raise recipe.refused(f"{view.slug} has no option {name!r}.{has}", "options", view.slug, name)

    def started(option: Option) -> Option:
        if option.name not in given:
            return option
        try:
            return replace(option, default=option.read(given[option.name]))
        except ViewError as error:
            raise recipe.refused(str(error), "options", view.slug, option.name) from None

    return replace(view, options=tuple(map(started, view.options)))


def _meant(name: str, known: Mapping[str, object]) -> str:
    return meant(name, tuple(known))
