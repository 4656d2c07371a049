"""The corpus cache hands out what it holds, also while a reader has it read anew."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.app import corpus_cache as module
from analytics.app.corpus_cache import CorpusCache
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
