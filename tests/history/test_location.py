"""Where the history of a corpus is looked for, and what is said where there is none."""

import shutil
from pathlib import Path

import pytest

from analytics.corpus.loader import Corpus, load_corpus
from analytics.errors import CorpusError
from analytics.history.loader import history_of, history_source
from analytics.settings import HISTORY
from tests.corpus.repositories import article, git, repository, write

AT = "2024-01-01T12:00:00+00:00"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(HISTORY, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    root = repository(tmp_path / "site")
    write(root, {"content/a.md": article(70)}, AT)
    return root


def loaded(source: Path | str) -> Corpus:
    return load_corpus(source, cache=False)


def test_a_folder_in_a_repository_has_its_own(site: Path) -> None:
    assert history_source(loaded(site / "content")) == str(site / "content")
    assert history_of(loaded(site / "content")).changes["path"].tolist() == ["a.md"]


def test_a_bundle_beside_the_folder_comes_first(site: Path) -> None:
    bundle = site / "content.bundle"
    git(site, "bundle", "create", "--quiet", str(bundle), "HEAD", "main")
    assert history_source(loaded(site / "content")) == str(bundle)


def test_a_revision_has_the_history_up_to_it(site: Path) -> None:
    write(site, {"content/a.md": article(71)}, AT)
    corpus = loaded(f"{site}/content@HEAD~1")
    assert history_source(corpus) == f"{site}/content@HEAD~1"
    assert history_of(corpus).changes["heat"].tolist() == [70]


def test_the_environment_names_another(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(site / "content", tmp_path / "copy")
    corpus = loaded(tmp_path / "copy")
    assert "is not in a git repository" in history_of(corpus).missing
    monkeypatch.setenv(HISTORY, str(site / "content"))
    assert history_of(corpus).changes["heat"].tolist() == [70]
    monkeypatch.setenv(HISTORY, str(tmp_path / "copy"))
    assert HISTORY in history_of(corpus).missing
    monkeypatch.setenv(HISTORY, str(tmp_path / "nothing"))
    assert "No history at" in history_of(corpus).missing


def test_what_is_needed_is_said(site: Path, tmp_path: Path) -> None:
    (site / "untracked").mkdir()
    (site / "untracked" / "a.md").write_text(article(70))
    for place, why in ((site / "untracked", "does not track it"), (site / "content" / "a.md", "is a file")):
        corpus = loaded(place)
        with pytest.raises(CorpusError, match=why):
            history_source(corpus)
        missing = history_of(corpus).missing
        assert why in missing
        assert "git bundle create" in missing
        assert not history_of(corpus).stamp


def test_a_damaged_repository_is_told_and_never_raised(site: Path) -> None:
    corpus = loaded(site)
    blob = git(site, "rev-parse", "HEAD:content/a.md")
    (site / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert "lacks files of its earlier states" in history_of(corpus).missing
