"""The recipes of the data folder: one file each, named after the recipe."""

import re
from pathlib import Path

from analytics.errors import KeptError
from analytics.kept import files, names
from analytics.kept.recipes import Recipe, recipe_text

FILE_NAME = re.compile(r"\w[\w .()-]*")
"""What a recipe can be called: it is the name of its file on every system."""


def folder() -> Path:
    """Where they are."""
    return files.folder() / "recipes"


def recipe_name(typed: str) -> str:
    """A name for a recipe and its file. Raises KeptError."""
    found = names.name(typed)
    if not FILE_NAME.fullmatch(found) or found.endswith("."):
        raise KeptError(
            f"{found!r} is no name for a recipe: it names a file. Use letters, digits, spaces and . ( ) _ -, "
            "with a letter or a digit first."
        )
    return found


def save(recipe: Recipe, *, replace: bool = False) -> Path:
    """Write a recipe into the data folder. Raises KeptError when the name is taken, unless it may be replaced."""
    target = folder() / f"{recipe_name(recipe.name)}.yml"
    with files.alone(target):
        taken = {names.key(path.name): path for path in folder().glob("*.yml")}.get(names.key(target.name))
        if taken is not None and not replace:
            raise KeptError(f"There is a recipe {taken.stem!r} already. Choose another name, or replace it.")
        files.write(taken or target, recipe_text(recipe))
    return taken or target
