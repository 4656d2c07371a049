"""Where a store is, and what people get to see of that."""

import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from analytics.errors import ReviewError
from analytics.reviews.store.database import store_url
from analytics.reviews.store.store import open_store


def in_url(path: Path) -> str:
    """A path as a URL of a store has it: the folder of temporary files may have any name."""
    return quote(str(path), safe="/ ")


def test_the_named_store_goes_before_that_of_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_url() == f"sqlite:///{in_url(home)}/reviews.db"
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", "sqlite:////from/environment.db")
    assert store_url() == "sqlite:////from/environment.db"
    assert store_url("sqlite:////named.db") == "sqlite:////named.db"


@pytest.mark.parametrize("name", ["a b", "50% é", "what?", "#1"])
def test_a_data_folder_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_HOME", str(tmp_path / name))
    open_store().close()
    assert (tmp_path / name / "reviews.db").is_file()


def test_a_file_is_the_same_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///link/reviews.db")
    monkeypatch.chdir("/")
    assert store.url == f"sqlite:///{in_url(tmp_path)}/real/reviews.db"
    assert store.sessions() == []
    store.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/srv/reviews.db", r"is no URL\. Write postgresql\+psycopg"),
        ("mysql://ann:geheim@db/reviews", "cannot be in 'mysql'"),
        ("postgresql+asyncpg://ann:geheim@db/reviews", "cannot be in"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql+psycopg://ann:geheim@db:port/x", "is no URL"),
    ],
)
def test_what_is_no_store_is_refused(url: str, message: str) -> None:
    with pytest.raises(ReviewError, match=message) as caught:
        open_store(url)
    assert "geheim" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ReviewError, match=r"pip install 'article-analytics\[postgresql\]'") as caught:
        open_store("postgresql+psycopg://ann:geheim@db/reviews")
    assert "ann:***@db" in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql", "postgres"])
def test_a_server_that_is_not_there_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setattr("analytics.reviews.store.database.RETRY_WAITS", (0.01,))
    with pytest.raises(ReviewError, match=r"^The store of reviews was not opened: .*Try again") as caught:
        open_store(f"{scheme}://ann:geheim@/reviews?host={tmp_path}&password=geheim")
    assert "geheim" not in str(caught.value)
