"""Report recipes: a YAML file that describes a report, so that the same one can be made every week."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from analytics.errors import UserDataError
from analytics.name_suggestions import did_you_mean_or_list_all
from analytics.selection.selection import Selection, parse
from analytics.settings import data_folder
from analytics.userdata import files, saved_selections
from analytics.userdata.name_validation import name_key, valid_name
from analytics.userdata.yaml_file import FieldPath, YamlReader, yaml_text

FORMATS = ("html", "xlsx", "zip", "folder")
LEVELS = ("error", "warning", "never")
FILE_NAME_FIELDS = ("name", "from", "to", "made")
"""The fields that the pattern of a file name can hold."""

DAYS_MAX = 100_000

RECIPE_NAME = re.compile(r"\w[\w .()-]*")
"""A name that every system allows for a file."""


@dataclass(frozen=True)
class AlertThresholds:
    """Thresholds of a recipe; one that is not given raises no alert.

    A share is 0 to 1, the fall of the median is in points, `newest_article_older_than` in days before today;
    `problems` is the least severity that counts.
    """

    share_published_below: float | None = None
    median_quality_down_by: float | None = None
    provider_silent_days: int | None = None
    unusual_volume: bool = False
    newest_article_older_than: int | None = None
    problems: str = "never"


@dataclass(frozen=True)
class Recipe:
    """A report by name: its selection, its views with their options, its formats and the pattern of its file name.

    `days` narrows the selection to the last so many days before the report is made, today among them. `source` is the
    file that it was read from, `lines` the line in it of each field by its path.
    """

    name: str
    title: str = "Article report"
    selection: Selection = field(default_factory=Selection)
    days: int | None = None
    views: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html",)
    file: str = "{name}_{to}"
    alerts: AlertThresholds = field(default_factory=AlertThresholds)
    source: str = field(default="", compare=False)
    lines: Mapping[FieldPath, int] = field(default_factory=dict, compare=False, repr=False)

    def selection_until(self, today: date) -> Selection:
        """The selection, narrowed to the last `days` up to today."""
        if self.days is None:
            return self.selection
        return replace(self.selection, start=today - timedelta(days=self.days - 1), end=today)

    def file_name(self, selection: Selection, made: date) -> str:
        """The name of its files, without an ending, for a selection and the day it is made."""
        days = {"from": selection.start or "start", "to": selection.end or made}
        return self.file.format(name=self.name, made=made, **days)

    def error(self, message: str, *path: str) -> UserDataError:
        """An error in a field of the recipe, with its line."""
        line = self.lines.get(path)
        return UserDataError(f"{self.source or self.name}{f', line {line}' if line else ''}: {message}")

    def text(self) -> str:
        """The text of its file, from which `parse_recipe` makes the same recipe."""
        fields: dict[str, Any] = {
            "title": self.title,
            "selection": self.selection.text,
            "days": self.days,
            "views": list(self.views),
            "options": {slug: dict(options) for slug, options in self.options.items()},
            "formats": list(self.formats),
            "file": self.file,
            "alerts": {name: value for name, value in vars(self.alerts).items() if value not in (None, False, "never")},
        }
        given = {name: value for name, value in fields.items() if value not in (None, [], {}, "")}
        return yaml_text("A report of Article Analytics", given)


def folder() -> Path:
    """The folder of the recipes, in the data folder."""
    return data_folder() / "recipes"


def valid_recipe_name(typed: str) -> str:
    """A name for a recipe and its file. Raises UserDataError."""
    name = valid_name(typed)
    if not RECIPE_NAME.fullmatch(name) or name.endswith("."):
        raise UserDataError(
            f"{name!r} is no name for a recipe: it names a file. Use letters, digits, spaces and . ( ) _ -, "
            "with a letter or a digit first."
        )
    return name


def save(recipe: Recipe, *, replace: bool = False) -> Path:
    """Write a recipe into the data folder. Raises UserDataError when the name is taken, unless it may be replaced."""
    target = folder() / f"{valid_recipe_name(recipe.name)}.yml"
    with files.lock(target):
        taken = {name_key(path.name): path for path in folder().glob("*.yml")}.get(name_key(target.name))
        if taken is not None and not replace:
            raise UserDataError(f"There is a recipe {taken.stem!r} already. Choose another name, or replace it.")
        files.write(taken or target, recipe.text())
    return taken or target


def read_recipe(path: Path) -> Recipe:
    """The recipe of a file; its name is that of the file. Raises UserDataError."""
    data = files.read(path)
    if data is None:
        raise UserDataError(f"There is no recipe {path}.")
    return parse_recipe(data, path.stem, str(path))


def parse_recipe(data: bytes, name: str, file: str) -> Recipe:
    """The recipe of a file's bytes. Raises UserDataError with file and line."""
    reader = YamlReader(file)
    parsers: dict[str, Callable[[yaml.Node], Any]] = {
        "title": lambda node: reader.value(node, valid_name),
        "selection": lambda node: reader.value(node, _selection),
        "days": lambda node: reader.value(node, _days),
        "views": lambda node: reader.items(node, str, ("views",)),
        "options": lambda node: _options(reader, node),
        "formats": lambda node: _formats(reader, node),
        "file": lambda node: reader.value(node, _file_name_pattern),
        "alerts": lambda node: AlertThresholds(**reader.values(node, ALERT_PARSERS, ("alerts",))),
    }
    root = reader.root(data)
    if root is None:
        raise UserDataError(f"{file} is empty. A recipe has {', '.join(parsers)}, all of which can be left out.")
    values = {field: parsers[field](node) for field, node in reader.fields(root, known=parsers).items()}
    return Recipe(name, **values, source=file, lines=reader.lines)


def _options(reader: YamlReader, node: yaml.Node) -> dict[str, dict[str, str]]:
    return {
        slug: {name: reader.text(value) for name, value in reader.fields(options, ("options", slug)).items()}
        for slug, options in reader.fields(node, ("options",)).items()
    }


def _formats(reader: YamlReader, node: yaml.Node) -> tuple[str, ...]:
    formats = reader.items(node, lambda text: _choice(text, FORMATS, "format"), ("formats",))
    if not formats:
        raise reader.error(node, f"there is no format. Use {', '.join(FORMATS)}.")
    return formats


def _selection(text: str) -> Selection:
    """A selection's text, or the name of a saved one, which has no equals sign."""
    return parse(text) if "=" in text or not text else saved_selections.find(text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 0 < int(text) <= DAYS_MAX:
        raise UserDataError(f"{text!r} is not a number of days. Write a whole number such as 7.")
    return int(text)


def _file_name_pattern(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise UserDataError(f"{text!r} is no pattern of a file name: {error}.") from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in FILE_NAME_FIELDS or spec or conversion):
            written = f"{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"
            suggestion = did_you_mean_or_list_all(name, FILE_NAME_FIELDS)
            raise UserDataError(f"a file name knows no {{{written}}}.{suggestion}")
    if not text or text.startswith(".") or set(text) & set("/\\") or not text.isprintable():
        raise UserDataError(f"{text!r} is no file name: no folders, no control signs, no dot at its front.")
    return text


def _positive_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number <= 0:
        raise UserDataError(f"{text!r} is not a number above 0.")
    return number


def _share(text: str) -> float:
    share = _positive_number(text)
    if share > 1:
        raise UserDataError(f"{text} is no share. Write 60 % as 0.6.")
    return share


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise UserDataError(f"{text!r} is neither true nor false.")
    return text == "true"


def _choice(text: str, choices: tuple[str, ...], what: str) -> str:
    if text not in choices:
        raise UserDataError(f"there is no {what} {text!r}.{did_you_mean_or_list_all(text, choices)}")
    return text


ALERT_PARSERS: dict[str, Callable[[str], Any]] = {
    "share_published_below": _share,
    "median_quality_down_by": _positive_number,
    "provider_silent_days": _days,
    "unusual_volume": _flag,
    "newest_article_older_than": _days,
    "problems": lambda text: _choice(text, LEVELS, "severity"),
}
