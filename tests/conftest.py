"""Fixtures that all tests share; what a machine lacks skips with its reason, and fails where CI=true."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from analytics.corpus.loader import Corpus, load_corpus
from analytics.history.loader import history_of
from analytics.history.tables import History

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
REAL_CORPORA = ROOT.parent / "shared" / "corpora"
OWN_FOLDERS = ("ARTICLE_ANALYTICS_CACHE", "ARTICLE_ANALYTICS_HOME")
"""Environment variables that name the folders of the program: those of a test run are its own."""


def lacking(what: str) -> NoReturn:
    """Skip a test for what the machine lacks; in CI nothing may be lacking."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have it: {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of one of the real corpora that lie beside the project."""

    def find(name: str) -> Path:
        path = REAL_CORPORA / name
        if not path.exists():
            lacking(f"the real corpus {name} is not beside the project")
        return path

    return find


@pytest.fixture(scope="session")
def sample() -> Corpus:
    """The sample corpus, loaded."""
    return load_corpus(SAMPLE)


@pytest.fixture(scope="session")
def sample_history(sample: Corpus) -> History:
    """The history of the sample corpus, from the bundle beside it."""
    return history_of(sample)


settings.register_profile("project", deadline=None, max_examples=15, derandomize=os.environ.get("CI") == "true")
settings.load_profile("project")


def pytest_configure() -> None:
    """No test touches what the developer keeps, nor does a program that a test starts."""
    for name in OWN_FOLDERS:
        os.environ[name] = tempfile.mkdtemp(prefix="article-analytics-")


def pytest_unconfigure() -> None:
    """Take the folders of the test run away."""
    for name in OWN_FOLDERS:
        shutil.rmtree(os.environ[name], ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on what the developer has named: a corpus, its history, notes, a store of reviews."""
    for name in ("CORPUS", "HISTORY", "NOTES", "REVIEWS", "REVIEW_RULES"):
        monkeypatch.delenv(f"ARTICLE_ANALYTICS_{name}", raising=False)


def pytest_xdist_auto_num_workers() -> int:
    """One more worker than processors, since tests in a browser mostly wait."""
    return (os.cpu_count() or 1) + 1
