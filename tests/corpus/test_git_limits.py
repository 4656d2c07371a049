"""Repositories of some kilobytes that name thousands of millions of files, and clones that lack old files."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.corpus import git as git_module
from analytics.corpus.loader import load_corpus
from analytics.corpus.sources import git_tree
from analytics.errors import CorpusError
from analytics.history import git_log
from analytics.history.loader import load_history
from tests.corpus.repositories import article, git, repository, write


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """A bare repository whose first and last commit name 10,000,000,000 articles in 10 trees; the second is empty."""
    root = tmp_path / "bomb"
    subprocess.run(["git", "init", "--quiet", "--bare", str(root)], check=True)

    def made(*words: str, text: str = "") -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@x.example")
        command = ["git", "-C", str(root), *who, *words]
        return subprocess.run(command, check=True, input=text, capture_output=True, text=True).stdout.strip()

    blob = made("hash-object", "-w", "--stdin", text="---\ntitle: x\n---\n")
    tree = made("mktree", text="".join(f"100644 blob {blob}\tf{n}.md\n" for n in range(10)))
    for _ in range(9):
        tree = made("mktree", text="".join(f"040000 tree {tree}\td{n}\n" for n in range(10)))
    first = made("commit-tree", "-m", "x", tree)
    second = made("commit-tree", "-m", "x", "-p", first, made("mktree"))
    made("update-ref", "HEAD", made("commit-tree", "-m", "x", "-p", second, tree))
    return root


def test_a_revision_with_too_many_files_is_refused_before_they_are_kept(
    bomb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_tree, "MAX_FILES", 5000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CorpusError, match=r"names more files than are read \(over 5,000\)"):
        load_corpus(f"{bomb}@HEAD", cache=False)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of another process")
def test_a_history_with_too_many_files_is_refused_within_the_memory_of_a_git(
    bomb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_module, "MEMORY_MAX", 60_000_000)
    with pytest.raises(CorpusError, match="names more files than are read"):
        load_history(bomb, cache=False)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000


def test_a_commit_that_changes_too_many_articles_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "site")
    write(root, {f"{name}.md": article(70) for name in "abc"}, "2024-01-01T00:00:00+00:00")
    write(root, {f"{name}.md": article(71) for name in "abc"}, "2024-01-02T00:00:00+00:00")
    monkeypatch.setattr(git_log, "MAX_CHANGED", 3)
    assert len(load_history(root, cache=False).changes) > 3
    monkeypatch.setattr(git_log, "MAX_CHANGED", 2)
    with pytest.raises(CorpusError, match="a commit that changes over 2 articles"):
        load_history(root, cache=False)


def test_a_partial_clone_says_how_to_bring_what_it_lacks(tmp_path: Path) -> None:
    root = repository(tmp_path / "site")
    for day, score in ((1, 70), (2, 71)):
        write(root, {"a.md": article(score)}, f"2024-01-0{day}T00:00:00+00:00")
    git(root, "config", "uploadpack.allowFilter", "true")
    part = tmp_path / "part"
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{root}", str(part))
    for read in (lambda: load_corpus(f"{part}@HEAD~1", cache=False), lambda: load_history(part, cache=False)):
        with pytest.raises(CorpusError, match=r"is a partial clone.*`git fetch --refetch --no-filter`"):
            read()
    assert len(load_corpus(part, cache=False).articles) == 1


def test_a_file_that_a_damaged_repository_lacks_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "site")
    write(root, {"a.md": article(70), "b.md": article(71)}, "2024-01-01T00:00:00+00:00")
    blob = git(root, "rev-parse", "HEAD:a.md").strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    loaded = load_corpus(f"{root}@HEAD", cache=False)
    assert loaded.articles["path"].tolist() == ["b.md"]
    lost = loaded.problems[loaded.problems["path"] == "a.md"].iloc[0]
    assert (lost["code"], lost["severity"]) == ("unreadable", "error")
    assert "the clone lacks it" in lost["value"]


@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000, "a\0b", "x" * 300 + "@HEAD"])
def test_a_name_that_no_file_can_have_is_no_corpus(name: str) -> None:
    with pytest.raises(CorpusError, match="No corpus at"):
        load_corpus(name)
