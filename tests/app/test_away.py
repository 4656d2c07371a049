"""What is away is one sentence on the part that needs it; the rest of the dashboard works on."""

import shutil
from pathlib import Path

import pytest

from analytics.app import corpus_cache, review_store
from analytics.reviews.store import database
from analytics.reviews.store.store import open_store
from tests.app.harness import captions, opened, run, switched, text
from tests.corpora import article, write
from tests.reviews.made import begun


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    days = range(1, 8)
    return write(tmp_path / "site", [article(at=f"2025-03-0{day}", quality=60 + day, topics=["AI"]) for day in days])


@pytest.mark.slow
def test_a_folder_that_is_moved_away_is_told_and_what_was_loaded_is_shown(folder: Path) -> None:
    at = opened("Briefing", folder)
    shown = text(at)
    folder.rename(folder.with_name("moved"))
    corpus_cache.check_for_changes.clear()
    at = run(at, folder)
    assert text(at) == shown
    assert "No corpus at" in at.sidebar.info[0].value
    assert "What was loaded before is shown" in at.sidebar.info[0].value
    assert not [button for button in at.sidebar.button if button.key == "reload"]
    for page in ("Quality", "Heat", "Articles", "Reports", "What changed", "Data health"):
        at = run(switched(at, page), folder)
        assert not at.exception, page
    folder.with_name("moved").rename(folder)
    corpus_cache.check_for_changes.clear()
    assert not run(switched(at, "Topics"), folder).sidebar.info


@pytest.mark.slow
def test_a_folder_that_is_replaced_can_be_read_anew(folder: Path) -> None:
    at = opened("Briefing", folder)
    shutil.rmtree(folder)
    write(folder, [article(at="2025-04-01", quality=90, topics=["Other"])])
    corpus_cache.check_for_changes.clear()
    at = run(at, folder)
    assert "has changed on the disk" in at.sidebar.info[0].value
    at.button(key="reload").click()
    assert "1 of 1 article:" in captions(run(at, folder))


@pytest.mark.slow
def test_reviews_that_cannot_be_reached_are_told_where_they_are_needed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RETRY_WAITS", ())
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", "postgresql://nobody@127.0.0.1:9/none?connect_timeout=1")
    try:
        path = next(folder.rglob("*.md")).relative_to(folder).as_posix()
        at = opened("Article", folder, path=path)
        assert "60" in text(at) or "61" in text(at)
        assert "store" in captions(at)
        at = run(switched(at, "Reports"), folder)
        assert at.title[0].value == "Reports"
        assert not at.exception
    finally:
        review_store.shared_store().close()


@pytest.mark.slow
def test_a_store_that_was_deleted_is_named_by_every_page_of_reviews_until_a_copy_is_back(
    folder: Path, home: Path
) -> None:
    path = next(folder.rglob("*.md")).relative_to(folder).as_posix()
    try:
        store = open_store()
        begun(store, "one")
        store.close()
        at = opened("Review", folder)
        assert "Monday" in text(at)
        for each in home.glob("reviews.db*"):
            each.unlink()
        for _ in range(2):
            at = run(switched(at, "Review"), folder)
            assert "reviews.db.saved-" in at.error[0].value.replace("\\", "")
            for page in ("Article", "Reports"):
                at = switched(at, page) if page != "Article" else opened(page, folder, path=path)
                assert "review new-store" in captions(at) + text(at) + " ".join(
                    each.value.replace("\\", "") for each in at.info
                )
        (copy,) = home.glob("reviews.db.saved-*")
        copy.rename(home / "reviews.db")
        assert "Monday" in text(run(switched(at, "Review"), folder))
    finally:
        review_store.shared_store().close()
