"""Long runs: what a dashboard needs goes away, comes back, is replaced or damaged; every page is opened each time.

Each page says what is away and works otherwise, and at the end all acknowledged judgements are there.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.app import corpus_cache, review_store
from analytics.app.main import MENU
from analytics.errors import ReviewError
from analytics.reviews.models import Opinion
from analytics.reviews.store import database
from tests.app.harness import opened, text
from tests.corpora import article, write
from tests.reviews.conftest import schema_on, server
from tests.reviews.made import begun
from tests.reviews.postgres import Server

__all__ = ["server"]

OF_REVIEWS = ("Review", "Reports", "Article")
"""The pages that need the store."""


def all_words(at: AppTest) -> str:
    """Every sentence of a page, its sidebar and its messages, as it is read."""
    parts = (
        part
        for root in (at.main, at.sidebar)
        for kind in ("caption", "info", "warning", "error")
        for part in root.get(kind)
    )
    return (text(at) + " ".join(part.value for part in parts)).replace("\\", "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A corpus of some articles; the store that the dashboard opens is closed at the end."""
    monkeypatch.setattr(database, "RETRY_WAITS", (0.01,))
    days = range(1, 8)
    yield write(tmp_path / "site", [article(at=f"2025-03-0{day}", quality=60 + day, topics=["AI"]) for day in days])
    review_store.shared_store().close()


def pages(folder: Path, path: str) -> dict[str, str]:
    """The words of every page, none of which ends with an exception."""
    corpus_cache.check_for_changes.clear()
    links = {"Article": {"path": path}}
    return {name: all_words(opened(name, folder, **links.get(name, {}))) for _, name, _ in MENU}


class Judging:
    """A session whose judgements are noted as soon as they are acknowledged."""

    def __init__(self) -> None:
        self.session, (self.item,) = begun(review_store.store(), "one")
        self.acknowledged: list[str] = []

    def judge(self) -> None:
        """Judge once more, and note it when it is acknowledged."""
        token = f"t{len(self.acknowledged)}"
        review_store.store().judge(self.item, "Ann", Opinion("keep", token=token))
        self.acknowledged.append(token)

    def is_refused(self) -> None:
        """Judge, which must be refused."""
        before = len(self.acknowledged)
        with pytest.raises(ReviewError):
            self.judge()
        assert len(self.acknowledged) == before

    def all_there(self) -> None:
        """Each judgement that was acknowledged is stored, once."""
        stored = [each.opinion.token for each in review_store.store().history(self.item)]
        assert sorted(stored) == sorted(self.acknowledged)


def assert_said(found: dict[str, str], words: str) -> None:
    """The pages of reviews say it, and no other page is the worse for it."""
    assert {name for name, said in found.items() if words in said} == set(OF_REVIEWS)
    assert all(
        "7 of 7 articles" in said
        for name, said in found.items()
        if name not in (*OF_REVIEWS, "Compare", "What changed")
    )


def test_a_folder_that_goes_comes_back_and_is_replaced(folder: Path) -> None:
    path = next(folder.rglob("*.md")).relative_to(folder).as_posix()
    before = pages(folder, path)
    folder.rename(folder.with_name("moved"))
    away = pages(folder, path)
    assert all("What was loaded before is shown" in said for said in away.values())
    folder.with_name("moved").rename(folder)
    assert pages(folder, path) == before
    shutil.rmtree(folder)
    write(folder, [article(at="2025-04-01", quality=90, topics=["Other"])])
    for said in pages(folder, path).values():
        assert "7 of 7 articles" not in said or "has changed on the disk" in said
    reading = corpus_cache.shared_cache().beside
    assert reading is not None
    reading.join()
    replaced = pages(folder, path)
    assert "1 of 1 article" in replaced["Briefing"]
    assert not [name for name, said in replaced.items() if "7 of 7" in said or "has changed on the disk" in said]


def test_a_store_that_goes_comes_back_is_deleted_and_damaged_loses_nothing(folder: Path, home: Path) -> None:
    path = next(folder.rglob("*.md")).relative_to(folder).as_posix()
    file, judging = home / "reviews.db", Judging()
    judging.judge()
    file.rename(home / "elsewhere.db")
    judging.is_refused()
    assert_said(pages(folder, path), "review new-store")
    file.with_name("elsewhere.db").rename(file)
    judging.judge()
    assert "review new-store" not in pages(folder, path)["Review"]
    for turn in range(2):
        for each in home.glob("reviews.db*"):
            each.unlink()
        judging.is_refused()
        assert_said(pages(folder, path), "review new-store")
        (copy,) = home.glob("reviews.db.saved-*")
        copy.rename(file)
        judging.judge()
        judging.all_there()
        assert len(judging.acknowledged) == 3 + turn
    review_store.shared_store().close()
    backup = file.read_bytes()
    review_store.store()
    file.write_bytes(random.Random(1).randbytes(len(backup)))
    judging.is_refused()
    assert_said(pages(folder, path), "reviews.db.damaged-")
    file.write_bytes(backup)
    judging.judge()
    judging.all_there()
    assert_said(pages(folder, path) | dict.fromkeys(OF_REVIEWS, "as before"), "as before")


@pytest.mark.postgresql
def test_a_server_of_reviews_that_stops_and_starts(
    folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = next(folder.rglob("*.md")).relative_to(folder).as_posix()
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", schema_on(server))
    judging = Judging()
    judging.judge()
    for _ in range(2):
        server.kill()
        judging.is_refused()
        assert_said(pages(folder, path), "The store of reviews")
        server.start()
        judging.judge()
        assert "The store of reviews" not in "".join(pages(folder, path).values())
    judging.all_there()
