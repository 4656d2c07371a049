"""Report recipes: a YAML file that names a report, so that the same one can be made every week."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

import yaml

from analytics.errors import KeptError
from analytics.selection import Selection

FORMATS = ("html", "xlsx", "zip", "folder")
LEVELS = ("error", "warning", "never")
PLACES = ("name", "from", "to", "made")
"""What a file name's pattern can hold."""


@dataclass(frozen=True)
class Alerts:
    """Thresholds of a recipe; one that is not given raises nothing.

    A share is 0 to 1, the median falls in points, `problems` is the least severity that counts.
    """

    share_published_below: float | None = None
    median_quality_down_by: float | None = None
    provider_silent_days: int | None = None
    unusual_volume: bool = False
    problems: str = "never"


@dataclass(frozen=True)
class Recipe:
    """A report by name: which selection, which views with which options, in which formats and under which file name.

    `days` narrows the selection to the last so many days of the corpus, whenever the report is made. `lines` says where
    in its file each thing stands, by the names that lead to it.
    """

    name: str
    title: str = "Article report"
    selection: Selection = field(default_factory=Selection)
    days: int | None = None
    views: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html",)
    file: str = "{name}_{to}"
    alerts: Alerts = field(default_factory=Alerts)
    where: str = field(default="", compare=False)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, compare=False, repr=False)

    def within(self, newest: date | None) -> Selection:
        """The selection, in the last days up to the corpus's newest article where the recipe says so."""
        if self.days is None or newest is None:
            return self.selection
        return replace(self.selection, start=newest - timedelta(days=self.days - 1), end=newest)

    def file_name(self, selection: Selection, made: date) -> str:
        """The name of its files, without an ending, for the selection that it was made of."""
        days = {"from": selection.start or "start", "to": selection.end or made}
        return self.file.format(name=self.name, made=made, **days)

    def refused(self, message: str, *names: str) -> KeptError:
        """What is wrong with a thing in the recipe, with its line."""
        line = self.lines.get(names)
        return KeptError(f"{self.where or self.name}{f', line {line}' if line else ''}: {message}")


def recipe_text(recipe: Recipe) -> str:
    """The text of a recipe's file, from which `recipe_reading.read_recipe` makes the same recipe."""
    alerts = {name: value for name, value in vars(recipe.alerts).items() if value not in (None, False, "never")}
    whole: dict[str, Any] = {
        "title": recipe.title,
        "selection": recipe.selection.text,
        "days": recipe.days,
        "views": list(recipe.views),
        "options": {slug: dict(options) for slug, options in recipe.options.items()},
        "formats": list(recipe.formats),
        "file": recipe.file,
        "alerts": alerts,
    }
    body = {name: value for name, value in whole.items() if value not in (None, [], {}, "")}
    return "# A report of Article Analytics\n" + yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=100)


def meant(name: str, known: tuple[str, ...]) -> str:
    """What to use instead of a name that is not known."""
    return close(name, known) or f" Use {', '.join(known)}."


def close(name: str, known: tuple[str, ...]) -> str:
    """The known name that was meant, as a question; empty when none is close."""
    found = get_close_matches(name, known, n=1)
    return f" Did you mean {found[0]!r}?" if found else ""
