"""A corpus as it was, from real git repositories with fixed dates."""

import contextlib
import os
import re
from datetime import date
from pathlib import Path

import pytest

from analytics.corpus import git as git_calls
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.sources.git_tree import tree_at
from analytics.errors import CorpusError
from analytics.history.as_of import corpus_before
from tests.corpus.repositories import commit, git, put, repository


def at_revision(folder: Path, revision: str) -> Corpus:
    return load_corpus(f"{folder}@{revision}", cache=False)


def paths(folder: Path, revision: str) -> list[str]:
    return at_revision(folder, revision).articles["path"].tolist()


def commit_before(folder: Path, day: date) -> str | None:
    """The commit of a folder's history when a day began; None when it had none yet."""
    with contextlib.suppress(CorpusError):
        return corpus_before(load_corpus(folder, cache=False), day).commit
    return None


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, list[str]]:
    """A corpus in a folder of a repository: one article on the first day, two from the third on, one retitled."""
    root = repository(tmp_path / "site")
    put(root / "content", "_news/a.md")
    first = commit(root, "2024-01-01T12:00:00+00:00")
    put(root / "content", "_news/a.md", "_news/b.md", title="Another")
    return root / "content", [first, commit(root, "2024-01-03T00:00:00+00:00")]


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_day_begins_at_midnight_utc(two: tuple[Path, list[str]], zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, (first, second) = two
    monkeypatch.setenv("TZ", zone)
    found = [commit_before(folder, date(2024, 1, day)) for day in (1, 2, 3, 4)]
    assert found == [None, first, first, second]


@pytest.mark.parametrize(("day", "place"), [(date(1, 1, 1), None), (date(1969, 12, 31), None), (date(9999, 12, 31), 1)])
def test_days_far_off_are_days_too(two: tuple[Path, list[str]], day: date, place: int | None) -> None:
    folder, commits = two
    assert commit_before(folder, day) == (None if place is None else commits[place])


def test_an_earlier_state_is_read_without_touching_the_folder(two: tuple[Path, list[str]]) -> None:
    folder, (first, second) = two
    (folder / "_news" / "b.md").write_text("not committed")
    before = git(folder, "status", "--porcelain")
    old = at_revision(folder, first)
    assert dict(zip(old.articles["path"], old.articles["title"], strict=True)) == {"_news/a.md": "A title"}
    assert paths(folder, second) == ["_news/a.md", "_news/b.md"]
    assert git(folder, "status", "--porcelain") == before
    assert (folder / "_news" / "b.md").read_text() == "not committed"


@pytest.mark.slow
def test_dates_out_of_order_are_followed_from_the_newest_commit(tmp_path: Path) -> None:
    root = repository(tmp_path)
    commits = [commit(root, f"2024-01-{day:02}T12:00:00+00:00") for day in (1, 10, 5)]
    assert commit_before(root, date(2024, 1, 7)) == commits[2]
    assert commit_before(root, date(2024, 1, 3)) == commits[0]


def test_paths_are_those_of_the_folder(tmp_path: Path) -> None:
    """One top folder, odd names, attributes that would leave files out or change them, a link: all as on the disk."""
    root = repository(tmp_path / 'odd: "näme" -x\n')
    names = ["only/a b.md", "only/ü.md", "only/C:x.md", "only/back\\slash.md", "only/-x.md", "only/$Format:%H$.md"]
    put(root, *names)
    put(root, "only/id.md", title="$Id$ $Format:%H$")
    (root / os.fsdecode(b"only/\xe9.md")).write_bytes(b"---\r\ntitle: x\r\n---\r\n")
    (root / "only" / "link.md").symlink_to("ü.md")
    (root / ".gitattributes").write_text("*.md export-subst ident filter=bad\nü.md export-ignore eol=crlf\n")
    git(root, "config", "filter.bad.smudge", f"touch '{tmp_path}/ran'; cat")
    head = commit(root, "2024-01-01T12:00:00+00:00")
    (tmp_path / "ran").unlink(missing_ok=True)
    now, then = load_corpus(root, cache=False), at_revision(root, head)
    assert len(now.articles) == 8
    assert then.articles.equals(now.articles)
    assert then.problems.equals(now.problems)
    assert (then.commit, now.commit) == (head, None)
    assert not (tmp_path / "ran").exists()


def test_hooks_and_the_environment_have_no_part_in_it(
    two: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, (first, _) = two
    other = repository(tmp_path / "other")
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        hook = folder.parent / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
        hook.chmod(0o755)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, str(other / ".git"))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert commit_before(folder, date(2024, 1, 2)) == first
    assert paths(folder, first) == ["_news/a.md"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["--output=/tmp/x", "-x", "--all", "main:content", "nobody", "", "HEAD:", "^main"])
def test_what_is_no_commit_is_refused(two: tuple[Path, list[str]], name: str) -> None:
    with pytest.raises(CorpusError, match="has no commit"):
        tree_at(two[0], name)


def test_a_branch_named_like_an_option_is_a_branch(two: tuple[Path, list[str]]) -> None:
    folder, (first, _) = two
    (folder.parent / ".git" / "refs" / "heads" / "-x").write_text(f"{first}\n")
    assert paths(folder, "-x") == ["_news/a.md"]


def test_a_sha256_repository_and_a_linked_working_tree_are_read(tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    git(root, "init", "--quiet", "--object-format=sha256")
    put(root, "_news/a.md")
    head = commit(root, "2024-01-01T12:00:00+00:00")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "beside"))
    assert len(head) == 64
    assert paths(root, head) == paths(tmp_path / "beside", head) == ["_news/a.md"]


def refusal(folder: Path, day: date = date(2024, 1, 2)) -> str:
    with pytest.raises(CorpusError) as found:
        corpus_before(load_corpus(folder, cache=False), day)
    return str(found.value)


def test_what_has_no_history_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("plain", "new"):
        put(tmp_path, f"{name}/a.md")
    repository(tmp_path / "new")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "is not in a git repository" in refusal(tmp_path / "plain")
    assert "is a file, which has no history" in refusal(tmp_path / "plain" / "a.md")
    assert "has no commit yet" in refusal(tmp_path / "new")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in refusal(tmp_path / "new")


def test_a_folder_that_came_later_says_so(two: tuple[Path, list[str]]) -> None:
    folder, _ = two
    (folder.parent / "later").mkdir()
    put(folder.parent, "later/a.md")
    commit(folder.parent, "2024-01-05T12:00:00+00:00")
    said = refusal(folder.parent / "later", date(2024, 1, 4))
    assert re.search(r"later was not in its git repository at commit [0-9a-f]{10}: it came later", said)


def test_a_shallow_clone_says_that_its_history_is_cut_off(two: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (_, second) = two
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{folder.parent}", "shallow")
    assert "is a shallow clone: what came before its first commit is missing" in refusal(
        tmp_path / "shallow" / "content"
    )
    assert commit_before(tmp_path / "shallow" / "content", date(2024, 1, 4)) == second


def test_nothing_is_fetched_for_a_partial_clone(two: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (first, _) = two
    git(folder.parent, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{folder.parent}", "partial")
    with pytest.raises(CorpusError, match=r"is a partial clone.*git fetch --refetch --no-filter"):
        at_revision(tmp_path / "partial" / "content", first)


def test_a_repository_of_another_user_is_explained(
    two: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = git_calls.environment
    monkeypatch.setattr(git_calls, "environment", lambda: own() | {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert "belongs to another user" in refusal(two[0])
    assert "git config --global --add safe.directory" in refusal(two[0])
