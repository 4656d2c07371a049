"""Long runs: a corpus in each form that git knows, with programs under all keys at once and under each key alone."""

from datetime import date
from pathlib import Path

import pytest

from analytics.corpus.loader import load_corpus
from analytics.history.as_of import corpus_for
from analytics.history.loader import history_of
from analytics.selection.selection import Selection
from analytics.settings import CACHE
from tests.corpus import test_git_safety as short
from tests.corpus.test_git_safety import FORMS, KEYS, config, hostile_corpus, mark, program, values_of


@pytest.mark.parametrize("form", FORMS)
def test_no_command_runs_what_a_repository_names(form: str, tmp_path: Path, program: Path, mark: Path) -> None:
    short.test_no_command_runs_what_a_repository_names(form, tmp_path, program, mark)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "missing blob"])
def test_no_page_runs_what_a_repository_names(form: str, tmp_path: Path, program: Path, mark: Path) -> None:
    short.test_no_page_runs_what_a_repository_names(form, tmp_path, program, mark)


@pytest.mark.parametrize("form", FORMS)
def test_no_key_alone_runs_the_program(
    form: str, tmp_path: Path, program: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the commands and pages do with a corpus, its history and its earlier state, without any cache."""
    corpus = hostile_corpus(form, tmp_path, program, ())
    plain = {folder: (folder / "config").read_text() for folder in corpus.git_folders}
    for number, key in enumerate(KEYS):
        for folder, text in plain.items():
            (folder / "config").write_text(text + config(values_of((key,), program)))
        monkeypatch.setenv(CACHE, str(tmp_path / f"cache {number}"))
        loaded = load_corpus(corpus.path, cache=False, workers=1)
        assert len(loaded.articles) >= 2
        history = history_of(loaded)
        assert form == "missing blob" or len(history.commits) >= 2
        then = 0 if form == "missing blob" else 2  # both articles were of one text, which is gone
        assert len(corpus_for(loaded, Selection(as_of=date(2024, 1, 2))).articles) == then
        assert not mark.exists(), mark.read_text()
