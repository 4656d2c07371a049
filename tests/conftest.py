"""Fixtures that all tests share; what a machine lacks skips with its reason, and fails where CI=true."""

import functools
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from analytics.corpus.loader import Corpus, load_corpus
from analytics.history.history_tables import History
from analytics.history.loader import history_of
from tests.corpora import TODAY

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
REAL_CORPORA = ROOT.parent / "shared" / "corpora"
CACHE = "ARTICLE_ANALYTICS_CACHE"
OWN_FOLDERS = (CACHE, "ARTICLE_ANALYTICS_HOME")
"""Environment variables that name the folders of the program: those of a test run are its own."""
OF_THE_DEVELOPER = ("ARTICLE_ANALYTICS_", "GIT_", "STREAMLIT_")
"""How variables begin that a developer, or the git that runs a hook, has set for something else than the tests."""


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
def rounds() -> int:
    """How often what is left to chance is tried again; `tests/soak` has more."""
    return 1


@pytest.fixture(scope="session")
def sample() -> Corpus:
    """The sample corpus, loaded."""
    return load_corpus(SAMPLE, today=TODAY)


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one in twenty articles of the sample, and with its taxonomy."""
    folder = tmp_path_factory.mktemp("small") / "sample"
    shutil.copytree(SAMPLE / "_data", folder / "_data")
    for path in sorted(SAMPLE.rglob("*.md"))[::20]:
        target = folder / path.relative_to(SAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return folder


@pytest.fixture(scope="session")
def sample_history(sample: Corpus) -> History:
    """The history of the sample corpus, from the bundle beside it."""
    return history_of(sample)


settings.register_profile("project", deadline=None, max_examples=6, derandomize=os.environ.get("CI") == "true")
settings.register_profile("soak", deadline=None, max_examples=24, print_blob=True)
settings.load_profile("project")


def pytest_configure(config: pytest.Config) -> None:
    """No test touches what the developer keeps, nor does a program that a test starts, or depends on how it is set up.

    The workers of one run share its cache, so that a corpus is parsed once; each has a home of its own.
    """
    for name in [name for name in os.environ if name.startswith(OF_THE_DEVELOPER) and name not in OWN_FOLDERS]:
        del os.environ[name]
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for name in OWN_FOLDERS:
        if name == CACHE and hasattr(config, "workerinput"):
            continue
        os.environ[name] = tempfile.mkdtemp(prefix="article-analytics-")
        config.add_cleanup(functools.partial(shutil.rmtree, os.environ[name], ignore_errors=True))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the test; no test depends on what the developer, or another test, has named or saved."""
    for name in [name for name in os.environ if name.startswith("ARTICLE_ANALYTICS_") and name not in OWN_FOLDERS]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ARTICLE_ANALYTICS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


LONGEST = ("e2e", "reports", "catalog", "app", "reviews", "corpus")
"""The folders whose tests take longest: they begin first, so that all workers end at about the same time."""

TOGETHER = ("tests/e2e/", "tests/reports/")
"""Folders whose files share what is dear to set up: a server and a browser, the report of the sample."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""
    items.sort(key=lambda item: LONGEST.index(name) if (name := item.path.parent.name) in LONGEST else len(LONGEST))


class _FolderOrFileScheduling(LoadFileScheduling):
    """Runs each file in one worker, and the files of `TOGETHER` in the same."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.split("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """How xdist deals out the tests."""
    return _FolderOrFileScheduling(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """A worker a processor: each imports all tests, which a further one would do at the cost of the others."""
    return os.cpu_count() or 1
