"""Corpora named by a git address on this machine or by a bare repository, without a home or on a read-only disk."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from analytics.cli import main
from analytics.corpus.loader import listing_stamp, load_corpus
from analytics.engine.slice_of import slice_of
from analytics.errors import CorpusError
from analytics.selection.selection import Selection
from analytics.settings import corpus_address, expand_home_or_file_url, profile_path
from tests.conftest import ROOT
from tests.corpora import write_records
from tests.corpus.repositories import article, repository, write


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A bare repository with two commits, and the working copy that pushes to it."""
    site = repository(tmp_path / "site")
    write(site, {"_news/a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    write(site, {"_news/b.md": article(71)}, "2024-01-02T00:00:00+00:00")
    subprocess.run(["git", "clone", "-q", "--bare", str(site), str(tmp_path / "site.git")], check=True)
    return tmp_path / "site.git"


@pytest.mark.slow
def test_a_git_address_and_a_bare_repository_are_their_newest_commit(bare: Path) -> None:
    site = bare.with_suffix("")
    (site / "_news/c.md").write_text(article(72))  # not committed
    for named in (bare, str(bare), f"file://{bare}", f"file://{site}", f"file:{bare}@HEAD"):
        found = load_corpus(named, cache=False)
        assert found.articles["path"].tolist() == ["_news/a.md", "_news/b.md"], named
        assert found.commit
        assert slice_of(found, Selection(as_of=date(2024, 1, 1))).n == 1
    assert len(load_corpus(f"file://{bare}@HEAD~1", cache=False).articles) == 1
    with pytest.raises(CorpusError, match="No corpus at"):
        load_corpus("file:///no/such/repository")


def test_a_revision_and_a_folder_may_have_any_name(bare: Path) -> None:
    subprocess.run(["git", "-C", str(bare), "branch", "feature/x", "HEAD~1"], check=True)
    assert len(load_corpus(f"file://{bare}@feature/x", cache=False).articles) == 1
    site = bare.with_suffix("").rename(bare.with_name("re po@x"))
    (site / "_news/c.md").write_text(article(72))  # not committed
    assert len(load_corpus(f"file://{site}", cache=False).articles) == 2
    assert len(load_corpus(f"file://{site}@HEAD~1", cache=False).articles) == 1


@pytest.mark.slow
def test_a_git_address_may_name_this_machine(bare: Path) -> None:
    for named in (f"file://localhost{bare}", Path(f"file://localhost{bare}"), f"file://LOCALHOST{bare}"):
        assert load_corpus(named, cache=False).articles["path"].tolist() == ["_news/a.md", "_news/b.md"]
    assert len(load_corpus(f"file://localhost{bare}@HEAD~1", cache=False).articles) == 1
    assert (
        str(expand_home_or_file_url("file://localhost/re%20po"))
        == "/re po"
        == str(expand_home_or_file_url("file:///re%20po"))
    )
    assert str(expand_home_or_file_url("file:///srv/localhost")) == "/srv/localhost"


def test_a_folder_of_the_name_of_this_machine_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "lexists", lambda path: str(path) == "/localhost")
    assert str(expand_home_or_file_url("file:///localhost/site")) == "/localhost/site"


def test_what_is_pushed_to_a_bare_repository_changes_its_stamp(bare: Path) -> None:
    site, before = bare.with_suffix(""), load_corpus(bare, cache=False)
    assert listing_stamp(bare) == before.stamp
    write(site, {"_news/c.md": article(72)}, "2024-01-03T00:00:00+00:00")
    subprocess.run(["git", "-C", str(site), "push", "-q", str(bare), "HEAD"], check=True)
    assert listing_stamp(bare) != before.stamp


@pytest.mark.slow
def test_a_corpus_is_read_without_a_home_and_nothing_is_written_into_it(tmp_path: Path) -> None:
    site = write_records(tmp_path / "site", {"_news/a.md": {"title": "A"}})
    for path in (site / "_news/a.md", site / "_news", site):
        path.chmod(0o555 if path.is_dir() else 0o444)
    place = {name: value for name, value in os.environ.items() if not name.startswith(("HOME", "XDG_", "ARTICLE_"))}
    place |= {"PYTHONPATH": str(ROOT), "ARTICLE_ANALYTICS_CACHE": "/dev/null/none"}
    said = subprocess.run(
        [sys.executable, "-m", "analytics", "check", str(site)], env=place, cwd="/", capture_output=True, text=True
    )
    site.chmod(0o755)
    assert "articles       1" in said.stdout, said.stderr
    assert said.returncode == 0
    assert [path.name for path in sorted(site.rglob("*"))] == ["_news", "a.md"]


def test_a_file_address_of_what_is_no_repository_is_the_path(tmp_path: Path) -> None:
    plain = write_records(tmp_path / "c2", {"a.md": {"title": "A"}})
    write_records(tmp_path / "c2@HEAD", {"a.md": {"title": "A"}, "b.md": {"title": "B"}})
    assert load_corpus(f"file://{plain}", cache=False).articles["title"].tolist() == ["A"]
    assert corpus_address(f"file://{plain}/a.md") == plain / "a.md"
    assert profile_path(f"file://{tmp_path}/corpus.yml") == tmp_path / "corpus.yml"


def test_a_file_address_names_the_file_that_is_written(bare: Path, tmp_path: Path) -> None:
    written = CliRunner().invoke(
        main, ["export", str(bare), "--view", "key_figures", "--out", f"file://{tmp_path}/out"]
    )
    assert (written.exit_code, (tmp_path / "out" / "key_figures.csv").is_file()) == (0, True)
