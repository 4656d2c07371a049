"""Reads report recipes; whatever makes no sense is refused with its line and, for a misspelt name, the one meant."""

import math
from collections.abc import Callable
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from analytics.errors import AnalyticsError, KeptError
from analytics.kept import files, names, selections
from analytics.kept.reading import Reading
from analytics.kept.recipes import FORMATS, LEVELS, PLACES, Alerts, Recipe, meant
from analytics.kept.records import composed
from analytics.selection import Selection, parse

DAYS_MAX = 100_000


def read_recipe(path: Path) -> Recipe:
    """The recipe of a file; its name is that of the file. Raises KeptError."""
    data = files.read(path)
    if data is None:
        raise KeptError(f"There is no recipe {path}.")
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
            raise KeptError(f"{self.where} is empty. A recipe has {', '.join(readers)}, all of which can be left out.")
        found = {key: readers[key](node) for key, node in self.fields(root, (), tuple(readers)).items()}
        return Recipe(name, **found, where=self.where, lines=self.lines)

    def title(self, node: yaml.Node) -> str:
        try:
            return names.name(self.text(node))
        except KeptError as error:
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
                raise KeptError(f"{self.where}, line {line}: there is no format {name!r}.{meant(name, FORMATS)}")
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
