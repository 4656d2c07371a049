"""The shelf hands out what it holds, also while a reader has it read anew."""

from pathlib import Path
from typing import Any

import pytest

from analytics.app import corpus_cache as module
from analytics.app.corpus_cache import Shelf
from analytics.history.loader import history_of
from tests.corpus.repositories import article, repository, write


def test_a_history_whose_corpus_is_dropped_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = repository(tmp_path / "site")
    write(site, {"a.md": article(70)}, "2024-01-01T00:00:00+00:00")
    shelf = Shelf()

    def dropped_meanwhile(*given: Any, **named: Any) -> object:
        history = history_of(*given, **named)
        write(site, {"a.md": article(71)}, "2024-01-02T00:00:00+00:00")
        shelf.drop(str(site))
        return history

    monkeypatch.setattr(module, "history_of", dropped_meanwhile)
    assert len(shelf.history(str(site)).commits) == 1
    monkeypatch.undo()
    assert len(shelf.history(str(site)).commits) == 2
    assert shelf.history(str(site)) is shelf.history(str(site))
