"""What is kept of a history: extended, rebuilt, passed over when damaged, and free of secrets."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analytics.corpus import cache
from analytics.history import cache as history_cache
from analytics.history import git_log, loader
from analytics.history.history_tables import History
from analytics.history.loader import load_history
from analytics.settings import CACHE
from tests.corpus.repositories import article, git, repository, write

PATH = "_news/a.md"


def at(day: int) -> str:
    return f"2024-01-{day:02}T12:00:00+00:00"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three commits: an article that appears, changes, and is taken over; the cache is the test's own."""
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    root = repository(tmp_path / "site")
    write(root, {PATH: article(70), "_news/b.md": article(50)}, at(1))
    write(root, {PATH: article(75)}, at(2))
    write(root, {PATH: article(34, domain="b.example")}, at(3))
    return root


@pytest.fixture
def read_commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commits each load read from git."""
    numbers: list[int] = []
    touches = git_log.file_changes

    def counted(folder, prefix, commits, first):
        numbers.append(len(commits))
        return touches(folder, prefix, commits, first)

    monkeypatch.setattr(loader, "file_changes", counted)
    return numbers


def assert_fresh(site: Path) -> None:
    """The cache gives what a reading without it gives."""
    assert_same(load_history(site), load_history(site, cache=False))


def assert_same(one: History, other: History) -> None:
    pd.testing.assert_frame_equal(one.changes, other.changes)
    pd.testing.assert_frame_equal(one.commits, other.commits)
    assert (one.stamp, one.complete, one.missing) == (other.stamp, other.complete, other.missing)


def files(tmp_path: Path, suffix: str = "*") -> list[Path]:
    return sorted((tmp_path / "cache").glob(f"history-*/{suffix}"))


def test_what_is_known_is_not_read_again(site: Path, tmp_path: Path, read_commits: list[int]) -> None:
    first, again = load_history(site), load_history(site)
    assert read_commits == [3]
    assert_same(first, again)
    kept = files(tmp_path, "*.parquet")
    assert [path.stem for path in kept] == ["commits", "lives", "rows"]
    assert pq.read_table(kept[0]).num_rows == 3
    told: list[tuple[int, int]] = []
    load_history(site, progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


def test_only_new_commits_are_read_and_lives_go_on(site: Path, tmp_path: Path, read_commits: list[int]) -> None:
    load_history(site)
    write(site, {PATH: article(75)}, at(4))
    write(site, {PATH: article(71), "_news/b.md": None}, at(5))
    longer = load_history(site)
    assert read_commits == [3, 2]
    assert longer.changes["kind"].tolist()[-4:] == ["removed", "returned", "changed", "removed"]
    assert longer.changes["fields"].tolist()[-3:] == ["", "heat", ""]
    assert_same(longer, load_history(site, cache=False))
    assert len(files(tmp_path)) == 4


def test_noise_after_what_was_kept_is_noise(site: Path) -> None:
    text = article(34, domain="b.example")
    load_history(site)
    write(site, {PATH: text.replace("provider:", 'secured: "new="\nprovider:')}, at(4))
    assert load_history(site).commits["noise"].tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("to", ["HEAD~1", "HEAD~2"])
def test_a_rewritten_history_is_read_anew(site: Path, read_commits: list[int], to: str) -> None:
    load_history(site)
    git(site, "reset", "--quiet", "--hard", to)
    assert_fresh(site)
    write(site, {PATH: article(99)}, at(9))
    assert_fresh(site)
    assert read_commits[0] == 3


def test_a_head_that_was_only_merged_is_no_beginning(site: Path) -> None:
    """The old head is reached from the new one, yet is not on its line of first parents."""
    load_history(site)
    git(site, "checkout", "--quiet", "-b", "other", "HEAD~1")
    write(site, {"_news/c.md": article(60)}, at(4))
    git(site, "merge", "--quiet", "--no-ff", "--message=x", "main", at=at(5))
    assert_fresh(site)


@pytest.mark.slow
def test_what_is_damaged_or_foreign_is_passed_over(site: Path, tmp_path: Path, read_commits: list[int]) -> None:
    load_history(site)
    for path in files(tmp_path):
        data = path.read_bytes()
        for damaged in (data[: len(data) // 2], data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], b"", b"{}"):
            path.write_bytes(damaged)
            assert_fresh(site)
        path.unlink(missing_ok=True)
        assert_fresh(site)
    assert read_commits[1] == 3


def test_other_code_is_passed_over(site: Path, read_commits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    load_history(site)
    monkeypatch.setattr(cache, "reader_version", lambda: "other")
    load_history(site)
    assert read_commits == [3, 3]


def test_a_folder_and_a_revision_have_caches_of_their_own(site: Path, tmp_path: Path, read_commits: list[int]) -> None:
    for _ in range(2):
        assert len(load_history(f"{site}@HEAD~1").commits) == 2
        assert len(load_history(site).commits) == 3
        assert len(load_history(site / "_news").commits) == 3
    assert read_commits == [2, 3, 3]


def test_a_bundle_is_unpacked_once(site: Path, tmp_path: Path, read_commits: list[int]) -> None:
    bundle = tmp_path / "some.bundle"
    git(site, "bundle", "create", "--quiet", str(bundle), "HEAD", "main")
    assert_same(load_history(bundle), load_history(bundle))
    write(site, {PATH: article(99)}, at(9))
    git(site, "bundle", "create", "--quiet", str(bundle), "HEAD", "main")
    assert load_history(bundle).changes["heat"].tolist()[-1] == 99
    assert read_commits == [3, 1]


def test_secrets_never_reach_it(site: Path, tmp_path: Path) -> None:
    secret = "VERYSECRETTEXT"
    text = article(70, featuredContent=f'"<iframe {secret}>"').replace("provider:", f'secured: "{secret}"\nprovider:')
    write(site, {PATH: text}, at(4))
    write(site, {PATH: text.replace(secret, f"{secret}2")}, at(5))
    assert load_history(site).commits["noise"].tolist()[-1] == 0
    tables = [pq.read_table(path) for path in files(tmp_path, "*.parquet")]
    assert len(tables) == 3
    assert not any(secret in str(table.to_pylist()) for table in tables)
    assert not any(secret.encode() in path.read_bytes() for path in files(tmp_path))


def test_what_cannot_be_written_is_a_warning(site: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache").write_text("a file")
    assert len(load_history(site).commits) == 3
    assert "was not written" in caplog.text


def test_an_interrupted_reading_leaves_what_was_kept(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_history(site)
    before = [(path.name, path.read_bytes()) for path in files(tmp_path)]
    write(site, {PATH: article(99)}, at(9))

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(history_cache.pq, "write_table", stop)
    with pytest.raises(KeyboardInterrupt):
        load_history(site, progress=stop)
    assert [(path.name, path.read_bytes()) for path in files(tmp_path)] == before
    with pytest.raises(KeyboardInterrupt):
        load_history(site)
    monkeypatch.undo()
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    assert_fresh(site)
