"""The What changed page, run in Streamlit's own test harness."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.app import what_changed_page
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.sources.base import Source
from analytics.history import as_of
from analytics.reports.changes_digest import FORMATS, LISTED, digest_since
from tests.analyses.test_snapshots import daily, story
from tests.app.harness import captions, opened, text
from tests.corpora import Article, write
from tests.corpus.repositories import commit, repository


def articles(*made: Article) -> list[Article]:
    """Articles with a published flag, so that the collections of all of them count."""
    return [replace(each, fields=each.fields | {"published": True}) for each in made]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in git: ten days; since the fifth, articles came, one was retitled and one went."""
    root = repository(tmp_path_factory.mktemp("site")) / "content"
    write(root, articles(*daily("P", 1, 5), story(title="**Old** :red[x]", provider="Q"), story(title="<b>Gone</b>")))
    commit(root, "2024-01-04T18:00:00+00:00")
    (root / "_news" / "0006.md").unlink()
    write(root, articles(*daily("P", 1, 5), story(title="**New** $x$", provider="Q")))
    write(root, articles(*daily("P", 1, 5), story(title="**New** $x$", provider="Q"), *daily("P", 6, 6)))
    (root / "_news" / "0006.md").rename(root / "_news" / "9999.md")
    write(root / "more", articles(*daily("Fresh", 1, LISTED + 2)))
    commit(root, "2024-01-10T18:00:00+00:00")
    return root


def opened_changes(corpus: Path, **query: str) -> AppTest:
    """The page of a corpus, opened by a link."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CEILING_DIRECTORIES", str(corpus.parent.parent))
        at = opened("What changed", corpus, **query)
    assert not at.error
    return at


def words(at: AppTest) -> str:
    return f"{text(at)}\n{captions(at)}"


@pytest.mark.slow
def test_a_link_names_the_day(history: Path) -> None:
    at = opened_changes(history, since="2024-01-05")
    assert not at.main.warning
    assert not at.main.info
    for sentence in digest_since(load_corpus(history), at.date_input(key="since").value).sentences:
        assert f"- {sentence}" in words(at)
    counts = {metric.label: metric.value for metric in at.main.metric}
    assert counts == {"Added": str(LISTED + 3), "Removed": "1", "Retitled": "1"}
    assert [header.value for header in at.main.header] == [
        f"Added ({LISTED + 3})",
        "Removed (1)",
        "Retitled (1)",
        "Providers and topics",
    ]


@pytest.mark.slow
def test_articles_lead_to_their_pages_and_titles_are_text(history: Path) -> None:
    at = opened_changes(history, since="2024-01-05")
    links = [link.proto for link in at.main.get("page_link")]
    assert len(links) == LISTED + 1
    assert links[-1].query_string == "path=_news%2F0005.md"
    assert links[-1].label == (r"\*\*New\*\* \$x\$ :small[\(Q\), before\: \*\*Old\*\* \:red\[x\]]")
    assert any(element.value.startswith(r"\<b\>Gone\</b\> :small[") for element in at.main.markdown)
    assert at.main.expander[0].label == f"All {LISTED + 3}"
    rows = at.main.dataframe[0].value
    assert len(rows) == LISTED + 3
    assert rows["link"].iloc[0] == "article?path=_news/9999.md"


def test_the_four_forms_can_be_taken_away(history: Path) -> None:
    at = opened_changes(history, since="2024-01-05")
    buttons = [button.proto for button in at.main.get("download_button")]
    assert [button.id.rpartition("-")[2] for button in buttons] == list(FORMATS)


@pytest.mark.slow
def test_without_a_day_the_last_days_are_looked_at(history: Path) -> None:
    at = opened_changes(history)
    assert at.date_input(key="since").value is None
    assert "what changed since 2024-01-11 (commit" in words(at)
    assert "No article came, went, or changed in what is looked at." in words(at)


@pytest.mark.slow
def test_the_earlier_state_is_read_once_a_commit(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Source] = []
    real = as_of.load_source

    def counted(opened: Source, *rest: Any, **more: Any) -> Corpus:
        read.append(opened)
        return real(opened, *rest, **more)

    as_of._STATES.clear()
    monkeypatch.setattr(as_of, "load_source", counted)
    for day in ("2024-01-05", "2024-01-06", "2024-01-05"):
        opened_changes(history, since=day)
    assert len(read) == 1


@pytest.mark.parametrize("value", ["soon", "2150-01-01", "2024-13-01"])
def test_a_bad_day_is_a_notice(history: Path, value: str) -> None:
    at = opened_changes(history, since=value)
    assert f"since={value} is not a day" in at.main.warning[0].value.replace("\\", "")


@pytest.mark.slow
def test_without_history_the_page_says_what_it_needs(tmp_path: Path, history: Path) -> None:
    at = opened_changes(write(tmp_path / "a" / "plain", daily("P", 1, 3)))
    assert "is not in a git repository" in at.main.info[0].value.replace("\\", "")
    assert what_changed_page.NEEDED in words(at)
    early = opened_changes(history, since="2024-01-01")
    assert "has no commit from before the end of 2023-12-31; its first is of 2024-01-04" in early.main.info[
        0
    ].value.replace("\\", "")
    (tmp_path / "empty").mkdir()
    assert "No article has a date" in opened_changes(tmp_path / "empty").main.info[0].value


def test_without_git_the_page_says_so(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file", "git")

    monkeypatch.setattr(subprocess, "Popen", missing)
    assert "git is not installed" in opened_changes(history, since="2024-01-05").main.info[0].value
