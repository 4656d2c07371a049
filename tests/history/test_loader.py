"""The history of small repositories, row by row."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.corpus import git as git_module
from analytics.errors import CorpusError
from analytics.history.history_tables import CHANGES, COMMITS, History
from analytics.history.loader import load_history
from tests.corpus.repositories import article, commit, git, repository, write

PATH = "_news/a.md"
SECRET = 'secured: "abc="'


def read(source: Path | str, **given: Any) -> History:
    """A history whose tables keep their contracts."""
    history = load_history(source, cache=False, **given)
    CHANGES.check(history.changes)
    COMMITS.check(history.commits)
    return history


def rows(history: History, *columns: str) -> list[tuple[object, ...]]:
    frame = history.changes[list(columns)].astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


def counts(history: History) -> list[dict[str, int]]:
    """What each commit changed, without the zeros."""
    table = history.commits.drop(columns=["commit", "place", "committed_at", "seen_at"])
    return [{name: n for name, n in row.items() if n} for row in table.to_dict("records")]


def at(day: int) -> str:
    return f"2024-01-{day:02}T12:00:00+00:00"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return repository(tmp_path / "site")


def test_a_life_appears_changes_goes_and_comes_back(site: Path) -> None:
    write(site, {PATH: article(70), "README.md": "not an article"}, at(1))
    write(site, {PATH: article(78, published="true")}, at(2))
    write(site, {PATH: None}, at(3))
    write(site, {PATH: article(70, published="true")}, at(4))
    history = read(site)
    assert rows(history, "life", "place", "kind", "fields", "heat", "published") == [
        (0, 0, "appeared", "", 70, None),
        (0, 1, "changed", "heat; published", 78, True),
        (0, 2, "removed", "", 78, True),
        (0, 3, "returned", "heat", 70, True),
    ]
    assert counts(history) == [
        {"files": 1, "appeared": 1},
        {"files": 1, "heat": 1, "published": 1},
        {"files": 1, "removed": 1},
        {"files": 1, "appeared": 1, "heat": 1},
    ]
    first = history.changes.iloc[0]
    assert first["committed_at"] == datetime(2024, 1, 1, 12, tzinfo=UTC)
    assert first["commit"] == git(site, "rev-list", "--max-parents=0", "HEAD")
    assert (first["domain"], first["url"], first["provider"]) == ("a.example", "https://a.example/story", "An outlet")
    assert history.complete
    assert history.missing == ""


def test_commits_of_2300_and_1970_are_seen_with_those_beside_them(site: Path) -> None:
    dates = ["1970-01-02T12:00:00+00:00", at(1), "2090-01-01T12:00:00+00:00", *(at(day) for day in range(2, 12))]
    for number, when in enumerate(dates):
        write(site, {PATH: article(60 + number)}, when)
    seen = read(site, today=date(2026, 7, 1)).commits["seen_at"].dt.strftime("%Y-%m-%d").tolist()
    assert seen == ["2024-01-01"] * 3 + [f"2024-01-{day:02}" for day in range(2, 12)]


def test_a_clock_that_was_not_set_is_seen_among_few_commits_too(site: Path) -> None:
    for number, when in enumerate([at(1), "1970-01-01T00:00:05+00:00", at(3)]):
        write(site, {PATH: article(60 + number)}, when)
    assert read(site).commits["seen_at"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-01-01", "2024-01-03"]


def test_another_outlets_copy_under_the_slug_is_another_life(site: Path) -> None:
    own, other = article(70), article(34, domain="b.example")
    for day, text in enumerate((own, other, own, other), start=1):
        write(site, {PATH: text}, at(day))
    history = read(site)
    assert rows(history, "place", "life", "kind", "domain", "fields", "heat") == [
        (0, 0, "appeared", "a.example", "", 70),
        (1, 0, "removed", "a.example", "", 70),
        (1, 1, "appeared", "b.example", "", 34),
        (2, 1, "removed", "b.example", "", 34),
        (2, 0, "returned", "a.example", "", 70),
        (3, 0, "removed", "a.example", "", 70),
        (3, 1, "returned", "b.example", "", 34),
    ]
    assert counts(history)[1:] == [{"files": 1, "appeared": 1, "removed": 1}] * 3


def test_the_same_outlet_at_another_address_is_another_life_and_a_rename_too(site: Path) -> None:
    write(site, {PATH: article(70)}, at(1))
    write(site, {PATH: article(70, url="https://a.example/other")}, at(2))
    write(site, {PATH: None, "_news/b.md": article(70, url="https://a.example/other")}, at(3))
    assert rows(read(site), "place", "path", "life", "kind") == [
        (0, "_news/a.md", 0, "appeared"),
        (1, "_news/a.md", 0, "removed"),
        (1, "_news/a.md", 1, "appeared"),
        (2, "_news/a.md", 1, "removed"),
        (2, "_news/b.md", 2, "appeared"),
    ]


def test_what_changes_only_the_secured_text_is_noise(site: Path) -> None:
    base = article(70)
    texts = [
        base,
        base.replace("provider:", f"{SECRET}\nprovider:"),
        base.replace("provider:", f'{SECRET[:-2]}d"\nprovider:'),
        base.replace("provider:", "secured: |\n  a\n\n  b\nprovider:"),
        base.replace("provider:", "secured: |\n  a\n\n  c\nprovider:"),
        base.replace("provider:", "excerpt: new\nprovider:"),
    ]
    for day, text in enumerate(texts, start=1):
        write(site, {PATH: text}, at(day))
    history = read(site)
    assert counts(history) == [{"files": 1, "appeared": 1}] + [{"files": 1, "noise": 1}] * 4 + [
        {"files": 1, "other": 1}
    ]
    assert len(history.changes) == 1


def test_what_only_looks_like_the_secured_text_is_no_noise(site: Path) -> None:
    text = article(70).replace('"A title"', "'A\nsecured: \"one\"\nB'")
    write(site, {PATH: text}, at(1))
    write(site, {PATH: text.replace("one", "two")}, at(2))
    history = read(site)
    assert rows(history, "fields", "title") == [("", 'A secured: "one" B'), ("title", 'A secured: "two" B')]
    assert counts(history)[1] == {"files": 1, "title": 1}


def test_what_cannot_be_read_leaves_the_life_as_it_was(site: Path) -> None:
    broken = article(80).replace('title: "', "title: '")
    broken_secret = article(70).replace("provider:", 'secured: "abc\nprovider:')
    for day, text in enumerate((article(70), broken, article(74), broken_secret, article(74)), start=1):
        write(site, {PATH: text}, at(day))
    (site / PATH).unlink()
    (site / PATH).symlink_to("b.md")
    commit(site, at(6))
    write(site, {PATH: None}, at(7))
    history = read(site)
    assert rows(history, "place", "kind", "heat") == [(0, "appeared", 70), (2, "changed", 74), (6, "removed", 74)]
    assert counts(history)[1:] == [
        {"files": 1, "unreadable": 1},
        {"files": 1, "heat": 1},
        {"files": 1, "unreadable": 1},
        {"files": 1, "other": 1},
        {"files": 1, "unreadable": 1},
        {"files": 1, "removed": 1},
    ]


def test_front_matter_that_goes_is_an_article_that_goes(site: Path) -> None:
    for day, text in enumerate((article(70), "plain text", article(70)), start=1):
        write(site, {PATH: text}, at(day))
    assert rows(read(site), "place", "kind") == [(0, "appeared"), (1, "removed"), (2, "returned")]


def test_every_tracked_field_is_told(site: Path) -> None:
    write(site, {PATH: article(70, topics='["A", "B"]')}, at(1))
    text = article(71, title="Another", topics='["B", "A"]', published="false")
    write(site, {PATH: text.replace("quality: 70", "quality: 71").replace("An outlet", "The outlet")}, at(2))
    changed = read(site).changes.iloc[1]
    assert changed["fields"] == "quality; heat; published; title; provider; topics"
    assert changed["topics"] == "B; A"


def test_a_merge_shows_what_it_brought(site: Path) -> None:
    write(site, {PATH: article(70)}, at(1))
    git(site, "checkout", "--quiet", "-b", "side")
    write(site, {"_news/b.md": article(50)}, at(2))
    write(site, {"_news/b.md": article(55)}, at(3))
    git(site, "checkout", "--quiet", "main")
    write(site, {PATH: article(75)}, at(4))
    git(site, "merge", "--quiet", "--no-ff", "--message=x", "side", at=at(5))
    assert rows(read(site), "place", "path", "kind", "heat") == [
        (0, "_news/a.md", "appeared", 70),
        (1, "_news/a.md", "changed", 75),
        (2, "_news/b.md", "appeared", 55),
    ]


def test_times_are_as_recorded_and_those_seen_never_go_back(site: Path) -> None:
    for day, heat in ((5, 70), (2, 71), (9, 72)):
        write(site, {PATH: article(heat)}, at(day))
    commits = read(site).commits
    assert commits["committed_at"].dt.day.tolist() == [5, 2, 9]
    assert commits["seen_at"].dt.day.tolist() == [5, 5, 9]
    assert commits["place"].tolist() == [0, 1, 2]


def test_days_narrow_what_is_handed_out_and_not_what_it_is_held_against(site: Path) -> None:
    for day in (1, 2, 3):
        write(site, {PATH: article(70 + day)}, at(day))
    some = read(site, since=date(2024, 1, 2), until=date(2024, 1, 2))
    assert rows(some, "place", "kind", "heat") == [(1, "changed", 72)]
    assert some.commits["place"].tolist() == [1]
    assert some.stamp != read(site).stamp
    assert read(site).stamp == read(site).stamp


def test_a_subfolder_has_every_commit_and_only_its_own_files(site: Path) -> None:
    write(site, {"content/a.md": article(70), "content-2/a.md": article(1), "b.md": article(2)}, at(1))
    write(site, {"b.md": article(3)}, at(2))
    write(site, {"content/a.md": article(71)}, at(3))
    history = read(site / "content")
    assert rows(history, "place", "path", "heat") == [(0, "a.md", 70), (2, "a.md", 71)]
    assert counts(history) == [{"files": 1, "appeared": 1}, {}, {"files": 1, "heat": 1}]


def test_a_bare_repository_a_bundle_and_a_revision_tell_the_same(site: Path, tmp_path: Path) -> None:
    for day in (1, 2, 3):
        write(site, {PATH: article(70 + day)}, at(day))
    git(tmp_path, "clone", "--quiet", "--bare", str(site), "bare.git")
    git(site, "bundle", "create", "--quiet", str(tmp_path / "some.bundle"), "main")
    whole = read(site)
    for source in (tmp_path / "bare.git", tmp_path / "some.bundle", f"{site}@HEAD", f"{site}@main"):
        other = read(source)
        pd.testing.assert_frame_equal(other.changes, whole.changes)
        pd.testing.assert_frame_equal(other.commits, whole.commits)
    assert rows(read(f"{site}@HEAD~1"), "place", "heat") == [(0, 71), (1, 72)]


def test_a_sha256_repository_and_its_bundle_are_read(tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    git(root, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    write(root, {PATH: article(70)}, at(1))
    git(root, "bundle", "create", "--quiet", str(tmp_path / "new.bundle"), "HEAD", "main")
    assert rows(read(root), "heat") == rows(read(tmp_path / "new.bundle"), "heat") == [(70,)]


def test_progress_ends_with_all_commits(site: Path) -> None:
    for day in (1, 2, 3):
        write(site, {PATH: article(70 + day)}, at(day))
    told: list[tuple[int, int]] = []
    read(site, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)
    assert told == sorted(told)


def test_a_shallow_clone_says_what_is_missing(site: Path, tmp_path: Path) -> None:
    for day in (1, 2, 3):
        write(site, {PATH: article(70 + day)}, at(day))
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{site}", "shallow")
    history = read(tmp_path / "shallow")
    assert rows(history, "place", "kind", "heat") == [(0, "appeared", 72), (1, "changed", 73)]
    assert not history.complete
    assert "shallow clone" in history.missing
    assert "git fetch --unshallow" in history.missing
    git(tmp_path / "shallow", "fetch", "--quiet", "--unshallow")
    assert load_history(tmp_path / "shallow").complete
    assert len(load_history(tmp_path / "shallow").changes) == 3


def test_where_there_is_no_history_it_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").mkdir()
    new = repository(tmp_path / "new")
    (new / "untracked").mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    found = {name: read(tmp_path / name) for name in ("plain", "new")}
    assert "is not in a git repository" in found["plain"].missing
    assert "has no commit yet" in found["new"].missing
    write(new, {PATH: article(70)}, at(1))
    found["untracked"] = read(new / "untracked")
    assert "does not track it" in found["untracked"].missing
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert "only a git bundle" in read(tmp_path / "a.zip").missing
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in read(new).missing
    for history in found.values():
        assert (history.stamp, history.complete, len(history.changes), len(history.commits)) == ("", False, 0, 0)


def test_what_is_not_there_or_damaged_is_an_error(site: Path, tmp_path: Path) -> None:
    write(site, {PATH: article(70)}, at(1))
    (tmp_path / "bad.bundle").write_text("no bundle")
    with pytest.raises(CorpusError, match="No history at"):
        read(tmp_path / "nothing")
    with pytest.raises(CorpusError, match="has no commit nobody"):
        read(f"{site}@nobody")
    with pytest.raises(CorpusError, match="cannot be read as a git bundle"):
        read(tmp_path / "bad.bundle")
    with pytest.raises(CorpusError, match="revisions cannot be named"):
        read(f"{tmp_path / 'bad.bundle'}@v1")
    blob = git(site, "rev-parse", f"HEAD:{PATH}")
    (site / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(CorpusError, match="lacks files of its earlier states"):
        read(site)


def test_an_incremental_bundle_is_refused_in_words(site: Path, tmp_path: Path) -> None:
    write(site, {PATH: article(70)}, at(1))
    write(site, {PATH: article(71)}, at(2))
    git(site, "bundle", "create", "--quiet", str(tmp_path / "part.bundle"), "HEAD~1..main")
    with pytest.raises(CorpusError, match="git cannot tell the earlier state"):
        read(tmp_path / "part.bundle")


def test_no_git_is_left_behind(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(site, {PATH: article(70)}, at(1))
    started: list[subprocess.Popen[bytes]] = []
    start = git_module.start
    monkeypatch.setattr(
        git_module, "start", lambda *given, **named: started.append(start(*given, **named)) or started[-1]
    )

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(site, progress=stop)
    assert len(started) == 2
    assert all(running.returncode is not None for running in started)
