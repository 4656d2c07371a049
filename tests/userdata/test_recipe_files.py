"""Recipes of the data folder: a file each, under a name that every system takes."""

from pathlib import Path

import pytest

from analytics.errors import UserDataError
from analytics.settings import HOME
from analytics.userdata import recipes
from analytics.userdata.recipes import Recipe, read_recipe


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path))


@pytest.mark.parametrize("name", ["weekly", "Énergie 2024-Q1 (new)", "a.b", "週報"])
def test_a_recipe_is_read_back_from_the_file_of_its_name(name: str, tmp_path: Path) -> None:
    recipe = Recipe(name=name, title="=Weekly: 'a'", days=7, formats=("xlsx",))
    saved = recipes.save(recipe)
    assert saved == tmp_path / "recipes" / f"{name}.yml"
    assert read_recipe(saved) == recipe


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".hidden", "-x", "a:b", "end.", "x" * 81, "a\nb\x07"])
def test_a_name_that_is_no_file_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserDataError):
        recipes.save(Recipe(name=name))
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_whatever_its_case_is_replaced_only_when_asked() -> None:
    first = recipes.save(Recipe(name="Weekly", days=7))
    with pytest.raises(UserDataError, match="There is a recipe 'Weekly' already"):
        recipes.save(Recipe(name="weekly", days=8))
    assert read_recipe(first).days == 7
    assert recipes.save(Recipe(name="weekly", days=8), replace=True) == first
    assert read_recipe(first).days == 8
