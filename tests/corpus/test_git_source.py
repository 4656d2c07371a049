"""A revision read without a checkout is the same corpus as a checkout of it."""

import os
import pickle
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from analytics.corpus import incremental_parse
from analytics.corpus.loader import load_corpus
from analytics.corpus.parsing import files_to_tables
from analytics.corpus.sources import folder
from analytics.corpus.sources.open import open_source
from analytics.errors import CorpusError
from tests.corpus.frames import FRAMES
from tests.corpus.repositories import commit, git, put, repository


@pytest.fixture(scope="module")
def clone(shared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle = shared("powerapps-news-2022.bundle")
    where = tmp_path_factory.mktemp("clone")
    git(where, "clone", "--quiet", "--bare", str(bundle), "site.git")
    return where / "site.git"


@pytest.mark.slow
@pytest.mark.shared
def test_random_revisions_are_as_their_checkouts(clone: Path, tmp_path: Path, rounds: int) -> None:
    commits = git(clone, "rev-list", "HEAD").splitlines()
    for name in Random(8).sample(commits, 3 * rounds):
        out = tmp_path / name
        out.mkdir()
        archive = subprocess.run(["git", "-C", str(clone), "archive", name], check=True, capture_output=True)
        (tmp_path / "a.tar").write_bytes(archive.stdout)
        with tarfile.open(tmp_path / "a.tar") as packed:
            packed.extractall(out, filter="data")
        read, written = load_corpus(f"{clone}@{name}", cache=False), load_corpus(out, cache=False)
        for frame in FRAMES:
            assert getattr(read, frame).equals(getattr(written, frame)), (name, frame)
        assert (read.commit, read.skipped, written.commit) == (name, written.skipped, None)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository whose corpus is in `content`: one article at the tag v1, two at HEAD."""
    root = repository(tmp_path / "site")
    put(root / "content", "_news/a.md")
    put(root, "beside.md")
    commit(root, "2024-01-01T12:00:00+00:00")
    git(root, "tag", "v1")
    put(root / "content", "_news/b.md")
    commit(root, "2024-01-02T12:00:00+00:00")
    return root


def paths(named: str) -> list[str]:
    return load_corpus(named, cache=False).articles["path"].tolist()


@pytest.mark.slow
def test_a_folder_a_bare_repository_and_a_subfolder_are_read(site: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(site), "bare.git")
    assert paths(f"{site}@v1") == paths(f"{tmp_path}/bare.git@v1") == ["beside.md", "content/_news/a.md"]
    assert paths(f"{site}/content@v1") == ["_news/a.md"]
    assert paths(f"{site}/content@HEAD") == paths(f"{site}/content@main") == ["_news/a.md", "_news/b.md"]
    assert paths(f"{site}/content@HEAD@{{0}}") == ["_news/a.md", "_news/b.md"]


def test_a_path_that_is_there_wins(site: Path, tmp_path: Path) -> None:
    put(tmp_path / "site@v1", "x.md")
    assert paths(f"{tmp_path}/site@v1") == ["x.md"]


def test_the_commit_is_in_the_corpus_and_its_fingerprint(site: Path) -> None:
    head = git(site, "rev-parse", "HEAD")
    git(site, "commit", "--quiet", "--allow-empty", "--message=x")
    one, same, next_one = (load_corpus(f"{site}@{name}") for name in (head, "HEAD~1", "HEAD"))
    assert one.commit == same.commit == head
    assert one.name == f"site@{head[:10]}"
    assert one.source == f"{site}@{head}"
    assert one.fingerprint == same.fingerprint != next_one.fingerprint
    assert one.articles.equals(next_one.articles)


def test_what_was_parsed_of_one_revision_is_known_in_another(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    parse = files_to_tables.parse_files
    monkeypatch.setattr(
        incremental_parse,
        "parse_files",
        lambda source, entries, **more: asked.extend(e.path for e in entries) or parse(source, entries, **more),
    )
    load_corpus(f"{site}@v1")
    load_corpus(f"{site}@HEAD")
    assert asked == ["beside.md", "content/_news/a.md", "content/_news/b.md"]


@pytest.mark.parametrize(
    "name", ["-x", "--output=x", "--all", "nobody", "HEAD:content", "v1..HEAD", "^v1", " ", "v1\n"]
)
def test_what_is_no_revision_is_refused(site: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="has no commit"):
        load_corpus(f"{site}@{name}")


def test_an_empty_name_is_no_revision(site: Path) -> None:
    with pytest.raises(CorpusError, match="No corpus at"):
        load_corpus(f"{site}@")


def test_a_folder_outside_of_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(CorpusError, match="not in a git repository"):
        load_corpus(f"{tmp_path}@HEAD")


def test_odd_names_links_and_submodules_are_as_on_the_disk(tmp_path: Path) -> None:
    root = repository(tmp_path / "site")
    put(root, 'a"b.md', "a\nb.md", "tab\t.md", "ü.md", "back\\slash.md", "-x.md", "folder/c.md", "C:x.md", "a@b/c.md")
    (root / os.fsdecode(b"\xe9.md")).write_text("---\ntitle: x\n---\n")
    (root / "link.md").symlink_to("-x.md")
    (root / "dead.md").symlink_to("nowhere.md")
    (root / "linked").symlink_to("folder")
    (root / "twice").symlink_to("linked")
    (root / "plain").symlink_to("-x.md")
    (root / "large.md").write_bytes(b"x" * 4_000_002)
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module.md")
    git(root, "add", "--all", "--", ":!module.md")
    git(root, "commit", "--quiet", "--message=x")
    read, written = load_corpus(f"{root}@HEAD", cache=False), load_corpus(root, cache=False)
    missing = read.problems[read.problems["code"] == "submodule_left_out"]
    assert missing["path"].tolist() == ["module.md"]
    read = replace(read, problems=read.problems.drop(missing.index).reset_index(drop=True))
    for frame in FRAMES:
        assert getattr(read, frame).astype("str").equals(getattr(written, frame).astype("str")), frame
    assert len(read.articles) == 10
    left_out = read.problems[read.problems["code"] == "link_left_out"]["path"].tolist()
    assert left_out == ["dead.md", "link.md", "linked", "twice"]


def test_a_source_goes_to_worker_processes(site: Path) -> None:
    source = open_source(f"{site}@HEAD")
    copy = pickle.loads(pickle.dumps(source))
    assert copy == source
    assert [copy.read(entry.path) for entry in copy.entries()] == [b"---\ntitle: A title\n---\n"] * 3
    with pytest.raises(FileNotFoundError):
        source.read("content/_news/c.md")
    assert isinstance(open_source(site), folder.Folder)
