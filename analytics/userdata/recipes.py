"""Report recipes: a YAML file that names a report, so that the same one can be made every week."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from analytics.errors import AnalyticsError, UserDataError
from analytics.selection.selection import Selection, parse
from analytics.userdata import files, selections
from analytics.userdata.yaml_records import Reading, composed, meant

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

    def refused(self, message: str, *names: str) -> UserDataError:
        """What is wrong with a thing in the recipe, with its line."""
        line = self.lines.get(names)
        return UserDataError(f"{self.where or self.name}{f', line {line}' if line else ''}: {message}")


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


DAYS_MAX = 100_000


def read_recipe(path: Path) -> Recipe:
    """The recipe of a file; its name is that of the file. Raises KeptError."""
    data = files.read(path)
    if data is None:
        raise UserDataError(f"There is no recipe {path}.")
    return recipe_of(data, path.stem, str(path))


def recipe_of(data: bytes, name: str, where: str) -> Recipe:
    """The recipe of a file's bytes. Raises KeptError."""
    return _Reading(where).recipe(composed(data, where), name)


class _Reading(Reading):
    """One recipe being read."""

    def recipe(self, root: yaml.Node | None, name: str) -> Recipe:
        readers: dict[str, Callable[[yaml.Node], Any]] = {
            "title": self.title,
            "selection": self.selection,
            "days": self.days,
            "views": self.views,
            "options": self.options,
            "formats": self.formats,
            "file": self.pattern,
            "alerts": self.alerts,
        }
        if root is None:
            raise UserDataError(
                f"{self.where} is empty. A recipe has {', '.join(readers)}, all of which can be left out."
            )
        found = {key: readers[key](node) for key, node in self.fields(root, (), tuple(readers)).items()}
        return Recipe(name, **found, where=self.where, lines=self.lines)

    def title(self, node: yaml.Node) -> str:
        try:
            return files.name(self.text(node))
        except UserDataError as error:
            raise self.fault(node, str(error)) from None

    def days(self, node: yaml.Node) -> int:
        text = self.text(node)
        if not text.isascii() or not text.isdigit() or len(text) > 6 or not 0 < int(text) <= DAYS_MAX:
            raise self.fault(node, f"{text!r} is not a number of days. Write a whole number such as 7.")
        return int(text)

    def selection(self, node: yaml.Node) -> Selection:
        """A selection's text, or the name of a saved one, which has no equals sign."""
        text = self.text(node)
        try:
            return parse(text) if "=" in text or not text else selections.named(text)
        except AnalyticsError as error:
            raise self.fault(node, str(error)) from None

    def views(self, node: yaml.Node) -> tuple[str, ...]:
        return self.texts(node, "views")

    def options(self, node: yaml.Node) -> dict[str, dict[str, str]]:
        return {
            slug: {name: self.text(value) for name, value in self.fields(each, ("options", slug)).items()}
            for slug, each in self.fields(node, ("options",)).items()
        }

    def formats(self, node: yaml.Node) -> tuple[str, ...]:
        found = self.texts(node, "formats")
        for name in found:
            if name not in FORMATS:
                line = self.lines["formats", name]
                raise UserDataError(f"{self.where}, line {line}: there is no format {name!r}.{meant(name, FORMATS)}")
        if not found:
            raise self.fault(node, f"there is no format. Use {', '.join(FORMATS)}.")
        return found

    def pattern(self, node: yaml.Node) -> str:
        text = self.text(node)
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            raise self.fault(node, f"{text!r} is no pattern of a file name: {error}.") from None
        for _, name, form, conversion in parts:
            if name is not None and (name not in PLACES or form or conversion):
                written = f"{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
                raise self.fault(node, f"a file name knows no {{{written}}}.{meant(name, PLACES)}")
        if not text or text.startswith(".") or set(text) & set("/\\") or not text.isprintable():
            raise self.fault(node, f"{text!r} is no file name: no folders, no control signs, no dot at its front.")
        return text

    def alerts(self, node: yaml.Node) -> Alerts:
        readers: dict[str, Callable[[yaml.Node], Any]] = {
            "share_published_below": self.share,
            "median_quality_down_by": self.number,
            "provider_silent_days": self.days,
            "unusual_volume": self.flag,
            "problems": self.level,
        }
        return Alerts(
            **{name: readers[name](each) for name, each in self.fields(node, ("alerts",), tuple(readers)).items()}
        )

    def number(self, node: yaml.Node) -> float:
        try:
            found = float(self.text(node))
        except ValueError:
            found = math.nan
        if not math.isfinite(found) or found <= 0:
            raise self.fault(node, f"{self.text(node)!r} is not a number above 0.")
        return found

    def share(self, node: yaml.Node) -> float:
        found = self.number(node)
        if found > 1:
            raise self.fault(node, f"{self.text(node)} is no share. Write 60 % as 0.6.")
        return found

    def flag(self, node: yaml.Node) -> bool:
        text = self.text(node)
        if text not in ("true", "false"):
            raise self.fault(node, f"{text!r} is neither true nor false.")
        return text == "true"

    def level(self, node: yaml.Node) -> str:
        text = self.text(node)
        if text not in LEVELS:
            raise self.fault(node, f"there is no severity {text!r}.{meant(text, LEVELS)}")
        return text


FILE_NAME = re.compile(r"\w[\w .()-]*")
"""What a recipe can be called: it is the name of its file on every system."""


def folder() -> Path:
    """Where they are."""
    return files.folder() / "recipes"


def recipe_name(typed: str) -> str:
    """A name for a recipe and its file. Raises KeptError."""
    found = files.name(typed)
    if not FILE_NAME.fullmatch(found) or found.endswith("."):
        raise UserDataError(
            f"{found!r} is no name for a recipe: it names a file. Use letters, digits, spaces and . ( ) _ -, "
            "with a letter or a digit first."
        )
    return found


def save(recipe: Recipe, *, replace: bool = False) -> Path:
    """Write a recipe into the data folder. Raises KeptError when the name is taken, unless it may be replaced."""
    target = folder() / f"{recipe_name(recipe.name)}.yml"
    with files.alone(target):
        taken = {files.key(path.name): path for path in folder().glob("*.yml")}.get(files.key(target.name))
        if taken is not None and not replace:
            raise UserDataError(f"There is a recipe {taken.stem!r} already. Choose another name, or replace it.")
        files.write(taken or target, recipe_text(recipe))
    return taken or target
