"""Recipes: what is written is read again, and what makes no sense is refused with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.catalog import VIEWS
from analytics.errors import UserDataError
from analytics.selection.selection import Selection
from analytics.userdata import saved_selections
from analytics.userdata.recipes import (
    FILE_NAME_FIELDS,
    FORMATS,
    LEVELS,
    AlertThresholds,
    Recipe,
    parse_recipe,
    read_recipe,
)
from tests import corpora

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
slugs = st.sampled_from(list(VIEWS))
alerts = st.builds(
    AlertThresholds,
    share_published_below=st.none() | st.floats(0, 1, exclude_min=True),
    median_quality_down_by=st.none() | st.floats(0, 190, exclude_min=True),
    provider_silent_days=st.none() | st.integers(1, 100_000),
    unusual_volume=st.booleans(),
    problems=st.sampled_from(LEVELS),
)
recipes = st.builds(
    Recipe,
    name=st.just("weekly"),
    title=st.lists(words, min_size=1, max_size=6).map(" ".join),
    selection=corpora.selections(),
    days=st.none() | st.integers(1, 100_000),
    views=st.lists(slugs, unique=True, max_size=4).map(tuple),
    options=st.dictionaries(slugs, st.dictionaries(words, texts, min_size=1, max_size=2), max_size=2),
    formats=st.lists(st.sampled_from(FORMATS), unique=True, min_size=1).map(tuple),
    file=st.lists(
        st.sampled_from([*(f"{{{name}}}" for name in FILE_NAME_FIELDS), "report", "-", "{{", "ä b"]), min_size=1
    ).map("".join),
    alerts=alerts,
)


@given(recipes)
@example(Recipe("weekly", options={"key_figures": {"note": "\x85\u2028\u2029"}}))
def test_what_is_written_is_read_again(recipe: Recipe) -> None:
    assert parse_recipe(recipe.text().encode(), "weekly", "weekly.yml") == recipe


def test_a_recipe_says_only_what_it_wants() -> None:
    text = Recipe(
        "weekly", selection=Selection(topics=("AI",)), days=7, alerts=AlertThresholds(problems="error")
    ).text()
    assert text.splitlines()[1:] == [
        "title: Article report",
        "selection: topic=AI",
        "days: 7",
        "formats:",
        "- html",
        "file: '{name}_{to}'",
        "alerts:",
        "  problems: error",
    ]


def test_a_single_value_stands_for_a_list(tmp_path: Path) -> None:
    (tmp_path / "brief.yml").write_text("views: key_figures\nformats: xlsx\n")
    assert read_recipe(tmp_path / "brief.yml") == Recipe("brief", views=("key_figures",), formats=("xlsx",))


def test_a_selection_can_be_a_saved_one() -> None:
    saved_selections.save("Solar power", Selection(topics=("Solar",)))
    assert parse_recipe(b"selection: solar power\n", "a", "a.yml").selection == Selection(topics=("Solar",))


def test_the_last_days_end_today() -> None:
    recipe = Recipe("a", selection=Selection(start=date(2020, 1, 1), topics=("AI",), compare="previous"), days=7)
    found = recipe.selection_until(date(2024, 3, 10))
    assert found.text == "from=2024-03-04&to=2024-03-10&topic=AI&compare=previous"
    assert Recipe("a", selection=found).selection_until(date(2025, 1, 1)) == found


def test_a_file_name_holds_the_days_of_the_selection() -> None:
    recipe, made = Recipe("weekly", file="{name} {from} {to} {made} {{x}}"), date(2024, 3, 11)
    chosen = Selection(start=date(2024, 3, 4), end=date(2024, 3, 10))
    assert recipe.file_name(chosen, made) == "weekly 2024-03-04 2024-03-10 2024-03-11 {x}"
    assert recipe.file_name(Selection(), made) == "weekly start 2024-03-11 2024-03-11 {x}"


BAD = {
    "titel: A": "line 1: there is no 'titel'. Did you mean 'title'?",
    "days: 7\nfarbe: rot": "line 2: there is no 'farbe'. Use title, selection, days",
    "title: ''": "line 1: The name is empty",
    "title: [a]": "line 1: here one value is expected",
    "title: a\ntitle: b": "line 2: 'title' stands twice",
    "- title": "line 1: here fields with names are expected",
    "title: a\n? [x]\n: y": "line 2: here one value is expected",
    "\n\ndays: 0": "line 3: '0' is not a number of days",
    "days: 1.5": "line 1: '1.5' is not a number of days",
    "days: ٣": "line 1: '٣' is not a number of days",
    "days: 9999999999": "is not a number of days",
    "selection: colour=red": "line 1: colour=red: a selection has no such part",
    "selection: Solar": "line 1: There is no saved selection 'Solar'. There are: none.",
    "views: [a, b,\n a]": "line 2: 'a' stands twice",
    "formats: [html,\n  pfd]": "line 2: there is no format 'pfd'. Use html, xlsx, zip, folder.",
    "formats: htm": "line 1: there is no format 'htm'. Did you mean 'html'?",
    "formats: []": "line 1: there is no format. Use html",
    "options: {a: 1}": "line 1: here fields with names are expected",
    "file: '{form}'": "line 1: a file name knows no {form}. Did you mean 'from'?",
    "file: '{to:>999999999}'": "knows no {to:>999999999}",
    "file: '{name!r}'": "knows no {name!r}",
    "file: '{name.x}'": "knows no {name.x}",
    "file: '{}'": "knows no {}",
    "file: '{'": "line 1: '{' is no pattern of a file name",
    "file: ../a": "line 1: '../a' is no file name",
    "file: .a": "is no file name",
    'file: "a\\0b"': "is no file name",
    "file: ''": "is no file name",
    "alerts:\n  unusal_volume: true": "line 2: there is no 'unusal_volume'. Did you mean 'unusual_volume'?",
    "alerts: {share_published_below: 60}": "line 1: 60 is no share. Write 60 % as 0.6.",
    "alerts: {share_published_below: nan}": "'nan' is not a number above 0",
    "alerts: {median_quality_down_by: -1}": "'-1' is not a number above 0",
    "alerts: {median_quality_down_by: much}": "'much' is not a number above 0",
    "alerts: {provider_silent_days: 2.5}": "'2.5' is not a number of days",
    "alerts: {unusual_volume: yes}": "line 1: 'yes' is neither true nor false",
    "alerts: {problems: eror}": "line 1: there is no severity 'eror'. Did you mean 'error'?",
    "title: [": "line 2 is damaged",
    "": "is empty. A recipe has title, selection, days, views, options, formats, file, alerts",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_recipe_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UserDataError) as refused:
        parse_recipe(text.encode(), "weekly", "weekly.yml")
    assert str(refused.value).startswith("weekly.yml")
    assert BAD[text] in str(refused.value)


@pytest.mark.parametrize("data", [b"\xff\xfe\xff", b"a: " + b"[" * 5000, b"\0"])
def test_a_file_that_is_no_recipe_is_refused(data: bytes) -> None:
    with pytest.raises(UserDataError, match="weekly"):
        parse_recipe(data, "weekly", "weekly.yml")


def test_a_recipe_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserDataError, match="There is no recipe"):
        read_recipe(tmp_path / "none.yml")
