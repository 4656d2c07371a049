"""A corpus as it was on an earlier day, and every question asked of it."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.comparison import make_comparison
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.errors import CorpusError, SelectionError
from analytics.history import as_of
from analytics.history.as_of import corpus_as_of, corpus_for
from analytics.history.loader import load_history
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection
from tests.corpus.repositories import git


def commit(repo: Path, day: str, files: dict[str, int]) -> None:
    """A commit on a day, with the quality of each article."""
    for name, quality in files.items():
        (repo / name).write_text(
            f"---\ntitle: {name}\nquality: {quality}\npublished: {str(quality >= 70).lower()}\n---\n"
        )
    environment = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"), ("DATE", f"{day}T12:00:00+00:00"))
    }
    for words in (["add", "-A"], ["commit", "-q", "-m", day]):
        subprocess.run(["git", *words], cwd=repo, check=True, env={"PATH": "/usr/bin:/bin"} | environment)


def slice_of(corpus: Corpus, selection: Selection, side_data: SideData = NO_SIDE_DATA) -> Slice:
    """The articles of a selection, from the corpus of the day that it asks for."""
    return Slice(corpus_for(corpus, selection), selection, side_data)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two commits: a.md with 60 on 1 March; a.md raised to 75 and b.md with 50 on 3 March."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    commit(tmp_path, "2024-03-01", {"a.md": 60})
    commit(tmp_path, "2024-03-03", {"a.md": 75, "b.md": 50})
    return tmp_path


def test_a_day_shows_the_corpus_as_it_was_when_it_ended(site: Path) -> None:
    corpus = load_corpus(site, cache=False)
    found = {day: corpus_as_of(corpus, date(2024, 3, day)).articles["quality"].tolist() for day in (1, 2, 3)}
    assert found == {1: [60], 2: [60], 3: [75, 50]}
    assert corpus_as_of(corpus, date(2024, 3, 1)) is corpus_as_of(corpus, date(2024, 3, 1))


@pytest.mark.slow
def test_a_bundle_beside_the_folder_and_a_revision_have_a_past_as_well(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "site"
    copy.mkdir(parents=True)
    (copy / "a.md").write_bytes((site / "a.md").read_bytes())
    subprocess.run(["git", "bundle", "create", "-q", str(copy.with_name("site.bundle")), "HEAD"], cwd=site, check=True)
    for source in (copy, f"{site}@HEAD"):
        then = corpus_as_of(load_corpus(source, cache=False), date(2024, 3, 2))
        assert then.articles["quality"].tolist() == [60], source


@pytest.mark.slow
def test_every_view_can_be_asked_as_of_a_day(site: Path) -> None:
    corpus = load_corpus(site, cache=False)
    then = slice_of(corpus, Selection(as_of=date(2024, 3, 2)))
    whole = Slice(load_corpus(f"{site}@HEAD~1", today=date(2024, 3, 3), cache=False))
    for view in VIEWS.values():
        assert view.answer(then).equals(view.answer(whole)), view.slug
    assert (then.n, then.whole.n, Slice(corpus).n) == (1, 1, 2)
    assert slice_of(corpus, Selection(as_of=date(2024, 3, 2), states=("published",))).n == 0


def test_a_slice_refuses_a_selection_of_another_day(site: Path) -> None:
    now, then = load_corpus(site, cache=False), Selection(as_of=date(2024, 3, 2))
    for corpus, selection in ((now, then), (corpus_for(now, then), Selection())):
        with pytest.raises(SelectionError, match="slice_of"):
            Slice(corpus, selection)
    assert corpus_for(now, Selection()) is now
    assert Slice(corpus_for(now, then)).selection == then


@pytest.mark.slow
def test_the_history_of_an_earlier_day_ends_with_it(site: Path) -> None:
    commit(site, "2024-03-05", {"a.md": 90})
    corpus = load_corpus(site, cache=False)
    side_data = SideData(load_history(site, cache=False))
    for day, commits, versions, of_a in ((2, 1, ["a.md"], 1), (3, 2, ["a.md", "a.md", "b.md"], 2)):
        selection = Selection(as_of=date(2024, 3, day))
        then = slice_of(corpus, selection, side_data)
        known = load_history(f"{site}@{then.corpus.commit}", cache=False)
        assert (len(then.history.commits), then.history.changes["path"].tolist()) == (commits, versions)
        assert len(then.with_selection(replace(selection, words="a.md")).history.changes) == of_a
        whole = Slice(replace(then.corpus, as_of=None), side_data=SideData(known))
        for view in VIEWS.values():
            if view.requires == "history":
                assert view.answer(then).equals(view.answer(whole)), view.slug
    assert len(Slice(corpus, Selection(), side_data).history.commits) == 3


@pytest.mark.slow
def test_the_commit_of_then_and_of_a_revision_is_what_reports_name(site: Path) -> None:
    now, then = git(site, "rev-parse", "HEAD"), git(site, "rev-parse", "HEAD~1")
    corpus = load_corpus(site, cache=False)
    assert as_of.last_commit_of(corpus) == now
    assert as_of.last_commit_of(load_corpus(f"{site}@HEAD~1", cache=False)) == then
    cover = build_report(corpus, Selection(as_of=date(2024, 3, 2)), made=date(2024, 4, 1), views=[]).cover
    assert (cover["Commit"], cover["Articles"]) == (then, "1 of 1")
    assert cover["Fingerprint"] == corpus_as_of(corpus, date(2024, 3, 2)).fingerprint


def test_then_against_now_shares_articles_by_their_path(site: Path) -> None:
    corpus = load_corpus(site, cache=False)
    both = make_comparison([slice_of(corpus, Selection(as_of=date(2024, 3, 1))), Slice(corpus)], ["then", "now"])
    assert both.shared() == [("then", "now", 1)]


def test_a_day_before_the_first_commit_and_a_corpus_without_git_are_errors_in_words(
    site: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(CorpusError, match="no commit from before the end of 2024-02-29"):
        corpus_for(load_corpus(site, cache=False), Selection(as_of=date(2024, 2, 29)))
    bare = tmp_path_factory.mktemp("bare")
    (bare / "a.md").write_text("---\ntitle: A\n---\n")
    with pytest.raises(CorpusError, match="git"):
        corpus_for(load_corpus(bare, cache=False), Selection(as_of=date(2024, 3, 1)))
