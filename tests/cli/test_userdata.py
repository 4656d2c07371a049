"""Saved selections and notes on the command line."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection, parse
from analytics.userdata import dated_notes, saved_selections
from analytics.userdata.dated_notes import Note
from tests.cli.test_cli import run
from tests.conftest import SAMPLE

SOLAR = Selection(topics=("Solar", "Wind"), start=date(2025, 1, 1), quality_min=60)


def exported(tmp_path: Path, *words: str) -> str:
    """The selection of an export."""
    result = run("export", SAMPLE, "--out", tmp_path / "out", "--view", "providers_ranked", *words)
    assert result.exit_code == 0, result.stderr
    return json.loads((tmp_path / "out/manifest.json").read_text())["selection"]["text"]


def test_a_story_is_counted_once_by_its_option_and_by_a_saved_selection(tmp_path: Path) -> None:
    text = "topic=Hydrogen&first_of_story=true"
    assert exported(tmp_path, "--topic", "Hydrogen", "--first-of-story") == text
    articles = pd.read_csv(tmp_path / "out/articles.csv")
    once = Slice(load_corpus(SAMPLE), parse(text))
    assert articles["path"].tolist() == once.articles["path"].tolist()
    assert len(articles) < Slice(once.corpus, parse("topic=Hydrogen")).n
    saved_selections.save("Once", parse(text))
    assert exported(tmp_path / "again", "--selection", "once", "--quality-min", "70") == (
        "topic=Hydrogen&quality_min=70&first_of_story=true"
    )


@pytest.mark.slow
def test_a_saved_selection_is_the_base_and_options_replace_its_parts(tmp_path: Path) -> None:
    saved_selections.save("Solar", SOLAR)
    assert exported(tmp_path, "--selection", "solar") == SOLAR.text
    given = ("--topic", "Hydrogen", "--quality-min", "70", "--state", "published")
    text = "from=2025-01-01&topic=Hydrogen&state=published&quality_min=70"
    assert exported(tmp_path, "--selection", "Solar", *given) == text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "--out", "x", "--selection", "Wind"], "no saved selection 'Wind'. There are: 'Solar'"),
        (["export", "--out", "x", "--selection", "Solar", "--to", "2024-01-01"], "is after"),
        (["selections", "--import", "nowhere.yml"], "There is no file nowhere.yml"),
        (["selections", "--import", SAMPLE / "README.md"], "is damaged"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: list[str], says: str, tmp_path: Path) -> None:
    saved_selections.save("Solar", SOLAR)
    (tmp_path / "bad.yml").write_text("version: 1\nselections: [\n")
    result = run(*(tmp_path / "bad.yml" if isinstance(word, Path) else word for word in words))
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.stderr


def test_selections_are_listed() -> None:
    assert run("selections").stdout == "No selection is saved.\n"
    saved_selections.save("Solar", SOLAR)
    saved_selections.save("All of it", Selection())
    lines = run("selections").stdout.splitlines()
    assert [line[:9].strip() for line in lines] == ["All of it", "Solar"]
    assert lines[0].endswith("all articles")
    assert lines[1].endswith("from 2025-01-01; topic Solar or Wind; quality 60 to any")


def test_export_and_import_bring_them_to_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved_selections.save("Solar", SOLAR)
    file = tmp_path / "team.yml"
    assert run("selections", "--export", file).stdout == f"{file}: 1 selection\n"
    assert run("selections", "--export", file).exit_code == 0
    monkeypatch.setenv("ARTICLE_ANALYTICS_HOME", str(tmp_path / "other"))
    saved_selections.save("SOLAR", Selection())
    assert run("selections", "--import", file).stdout == f"{file}: 1 selection; kept Solar as Solar (2)\n"
    assert (saved_selections.find("SOLAR"), saved_selections.find("Solar (2)")) == (Selection(), SOLAR)
    assert run("selections", "--import", file, "--replace").exit_code == 0
    assert saved_selections.find("SOLAR") == SOLAR


def test_export_leaves_a_foreign_file_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    result = run("selections", "--export", tmp_path / "mine.txt")
    assert (result.exit_code, (tmp_path / "mine.txt").read_text()) == (2, "keep")


def test_an_import_with_a_bad_selection_brings_in_none(tmp_path: Path) -> None:
    text = "version: 1\nselections:\n- {name: a, selection: ''}\n- {name: b, selection: colour=red}\n"
    (tmp_path / "a.yml").write_text(text)
    result = run("selections", "--import", tmp_path / "a.yml")
    assert (result.exit_code, "a.yml, line 4: colour=red" in result.stderr) == (2, True)
    assert saved_selections.read().valid == ()


@pytest.mark.slow
def test_an_export_lists_the_notes_on_its_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dated_notes.add(Note(date(2025, 3, 1), date(2025, 3, 1), "New rules"))
    monkeypatch.setenv("ARTICLE_ANALYTICS_NOTES", str(tmp_path / "team.yml"))
    (tmp_path / "team.yml").write_text(dated_notes.notes_yaml([Note(date(2025, 5, 1), date(2025, 5, 9), "Strike")]))
    exported(tmp_path)
    assert (tmp_path / "out/notes.csv").read_text().count("\n") == 3
    exported(tmp_path, "--from", "2025-05-09")
    assert json.loads((tmp_path / "out/manifest.json").read_text())["notes"] == [
        {"day": "2025-05-01", "last_day": "2025-05-09", "text": "Strike", "file": "team.yml"}
    ]
    exported(tmp_path, "--from", "2025-06-01")
    assert not (tmp_path / "out/notes.csv").exists()
