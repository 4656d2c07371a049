"""The corpus cache hands out what it holds, also while a reader has it read anew."""

import threading
import weakref
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.app import corpus_cache as module
from analytics.app.corpus_cache import CorpusCache
from analytics.corpus.loader import listing_stamp, load_corpus
from analytics.engine.slice_of import slice_of
from analytics.history.as_of import last_commit_of
from analytics.history.loader import history_of
from tests.corpus.repositories import article, repository, write


@pytest.mark.slow
def test_a_history_whose_corpus_is_forgotten_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = repository(tmp_path / "site")
    write(site, {"a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    cache = CorpusCache()

    def forgotten_meanwhile(*given: Any, **named: Any) -> object:
        history = history_of(*given, **named)
        write(site, {"a.md": article(71)}, "2024-01-02T00:00:00+00:00")
        cache.forget(str(site))
        return history

    monkeypatch.setattr(module, "history_of", forgotten_meanwhile)
    assert len(cache.history(str(site)).commits) == 1
    monkeypatch.undo()
    assert len(cache.history(str(site)).commits) == 2
    assert cache.history(str(site)) is cache.history(str(site))


@pytest.mark.slow
def test_a_new_day_reads_a_corpus_anew_and_one_that_is_away_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = repository(tmp_path / "site")
    write(site, {"a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    cache, days = CorpusCache(), [date(2024, 1, day) for day in (2, 3, 4)]
    monkeypatch.setattr(module, "current_day", lambda: days[0])
    first, history = cache.corpus(str(site)), cache.history(str(site))
    assert cache.corpus(str(site)) is first
    site.rename(tmp_path / "moved")
    days.pop(0)
    assert cache.corpus(str(site)) is cache.corpus(str(site)) is first
    assert cache.history(str(site)) is history
    (tmp_path / "moved").rename(site)
    days.pop(0)
    assert cache.corpus(str(site)).today == date(2024, 1, 4)
    assert cache.history(str(site)) is not history


def test_changed_files_are_read_beside_what_is_shown_and_take_its_place_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = repository(tmp_path / "site")
    write(site, {"a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    cache, path = CorpusCache(), str(site)
    shown, history = cache.corpus(path), cache.history(path)
    write(site, {"a.md": article(71), "b.md": article(72)}, "2024-01-02T00:00:00+00:00")
    reading, may_end = threading.Event(), threading.Event()

    def slow(*given: Any, **named: Any) -> object:
        reading.set()
        assert may_end.wait(60)
        return load_corpus(*given, **named)

    monkeypatch.setattr(module, "load_corpus", slow)
    cache.reload_in_background(path, shown)
    first = cache.beside
    assert reading.wait(60)
    cache.reload_in_background(path, shown)
    assert (cache.beside, cache.corpus(path)) == (first, shown)  # nobody waits, and it is read once
    may_end.set()
    cache.wait_for_new(path, shown)
    new = cache.corpus(path)
    assert (shown.articles["heat"].tolist(), new.articles["heat"].tolist()) == ([70], [71, 72])
    assert cache.history(path, shown) is history
    assert (len(history.commits), len(cache.history(path).commits)) == (1, 2)
    cache.reload_in_background(path, shown)
    assert (cache.beside, cache.corpus(path)) == (first, new)


@pytest.mark.slow
@pytest.mark.parametrize("files", [{"a.md": article(71)}, {"../aside.txt": "No article"}])
def test_a_commit_that_lands_later_is_in_the_history_of_the_state_read_after_it(
    files: dict[str, str], tmp_path: Path
) -> None:
    site = repository(tmp_path / "site")
    write(site, {"content/a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    cache, path = CorpusCache(), str(site / "content")
    shown = cache.corpus(path)
    write(site, {f"content/{name}": text for name, text in files.items()}, "2024-01-02T00:00:00+00:00")
    history = cache.history(path, shown)
    assert history.commits["commit"].tolist() == [shown.head]
    assert history.changes["heat"].tolist() == [70]
    assert listing_stamp(path) != shown.stamp
    cache.reload_in_background(path, shown)
    cache.wait_for_new(path, shown)
    new = cache.corpus(path)
    later = cache.history(path, new)
    assert later.commits["commit"].tolist() == [shown.head, new.head]
    assert later.stamp != history.stamp
    assert last_commit_of(shown) == shown.head


@pytest.mark.slow
def test_a_corpus_that_was_replaced_is_freed_when_nobody_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    for folder in ("_news", "_films"):
        (site / folder).mkdir(parents=True)
        (site / folder / "a.md").write_text(article(70) if folder == "_news" else "---\ntitle: F\n---\n")
    monkeypatch.setattr(module, "FREEING_SECONDS", 0)
    monkeypatch.setattr(module, "SETTLING", (0.0,))
    cache = CorpusCache()
    shown = cache.corpus(str(site))
    slice_of(shown)
    (site / "_news" / "b.md").write_text(article(71))
    cache.reload_in_background(str(site), shown)
    assert cache.beside is not None
    cache.beside.join()
    gone = weakref.ref(shown)
    assert gone() is not None
    assert len(cache.replaced) == 1
    del shown
    cache.free_replaced()
    assert (gone(), cache.replaced) == (None, [])


@pytest.mark.slow
def test_files_that_change_while_they_are_read_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = repository(tmp_path / "site")
    write(site, {"a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    cache, path = CorpusCache(), str(site)
    shown = cache.corpus(path)
    changes = [{"b.md": article(1)}, {"c.md": article(2)}]

    def changing(*given: Any, **named: Any) -> object:
        loaded = load_corpus(*given, **named)
        if changes:
            write(site, changes.pop(), "2024-01-02T00:00:00+00:00")
        return loaded

    monkeypatch.setattr(module, "load_corpus", changing)
    monkeypatch.setattr(module, "SETTLING", (0, 0, 0, 0))
    cache.reload_in_background(path, shown)
    cache.wait_for_new(path, shown)
    assert sorted(cache.corpora[path].articles["path"]) == ["a.md", "b.md", "c.md"]


@pytest.mark.slow
def test_a_corpus_that_cannot_be_read_stays_as_it_was(tmp_path: Path) -> None:
    site = repository(tmp_path / "site")
    write(site, {"a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    cache, path = CorpusCache(), str(site)
    shown = cache.corpus(path)
    site.rename(tmp_path / "moved")
    cache.reload_in_background(path, shown)
    assert cache.beside is not None
    cache.beside.join()
    assert cache.corpus(path) is shown
