"""A history read by a profile: its keys, names and what it leaves out, and earlier states by the profile of now."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from analytics.corpus.loader import load_corpus
from analytics.corpus.site_profile import NO_PROFILE
from analytics.history.as_of import corpus_as_of
from analytics.history.loader import history_of

PROFILE = """
fields: {quality: score}
leave_out: [drafts]
topics: {renames: {Old: New}}
providers: {aliases: {Example: [Example Inc.]}}
"""


def commit(repo: Path, day: str, score: int, topic: str, provider: str) -> None:
    for path in ("a.md", "drafts/b.md"):
        (repo / path).parent.mkdir(exist_ok=True)
        text = f"---\ntitle: A\nscore: {score}\ntopics: [{topic}]\nprovider: {{name: {provider}}}\n---\n"
        (repo / path).write_text(text)
    environment = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"), ("DATE", f"{day}T12:00:00+00:00"))
    }
    for words in (["add", "-A"], ["commit", "-q", "-m", day]):
        subprocess.run(["git", *words], cwd=repo, check=True, env={"PATH": "/usr/bin:/bin"} | environment)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A score that rises, and a topic and a provider that are called otherwise from the second commit on."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_CACHE", str(tmp_path / "cache"))
    repo = tmp_path / "site"
    repo.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=repo, check=True)
    commit(repo, "2024-03-01", 60, "Old", "Example Inc.")
    commit(repo, "2024-03-03", 75, "New", "Example")
    (repo / "corpus.yml").write_text(PROFILE)
    return repo


@pytest.mark.slow
def test_the_history_has_the_scores_and_names_of_the_profile(site: Path) -> None:
    for _ in range(2):
        changes = history_of(load_corpus(site)).changes
        assert changes["path"].to_list() == ["a.md", "a.md"]
        assert changes["fields"].to_list()[1] == "quality"
        assert changes["quality"].to_list() == [60, 75]
        assert set(changes["topics"]) == {"New"}
        assert set(changes["provider"].astype("str")) == {"Example"}
        plain = history_of(load_corpus(site, profile=NO_PROFILE)).changes
        assert set(plain["path"]) == {"a.md", "drafts/b.md"}
        assert set(plain["fields"].dropna()) == {"", "provider; topics"}
        assert plain["quality"].isna().all()


@pytest.mark.slow
def test_an_earlier_state_is_read_by_the_profile_of_now(site: Path) -> None:
    corpus = load_corpus(site)
    before = corpus_as_of(corpus, date(2024, 3, 1))
    assert (before.profile, before.articles["quality"].to_list()) == (corpus.profile, [60])
    assert before.topics["topic"].to_list() == ["New"]
    plain = corpus_as_of(load_corpus(site, profile=NO_PROFILE), date(2024, 3, 1))
    assert (len(plain.articles), plain.topics["topic"].to_list()) == (2, ["Old", "Old"])
