"""The past of the sample: it ends as the sample is, is the same commits every time, and holds what was planted."""

import subprocess
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from analytics.corpus.loader import Corpus
from analytics.errors import ExportError
from analytics.history.history_tables import History
from analytics.history.loader import history_source, load_history
from tests.conftest import SAMPLE
from tests.corpus.repositories import git
from tests.sample_corpus.corpus import SAMPLE_ARTICLES, SAMPLE_SEED, write_sample
from tests.sample_corpus.digest import sources_changed
from tests.sample_corpus.git_history import PlantedHistory, planted_in_history, write_sample_history

BUNDLE = SAMPLE.with_name("sample.bundle")
MOST_BYTES = 2 * 1024 * 1024


@pytest.fixture(scope="module")
def planted() -> PlantedHistory:
    return planted_in_history(articles=SAMPLE_ARTICLES, seed=SAMPLE_SEED)


@pytest.fixture(scope="module")
def history() -> History:
    return load_history(BUNDLE, cache=False)


def rows(history: History, path: str) -> pd.DataFrame:
    return history.changes[history.changes["path"] == path]


@pytest.mark.slow
@pytest.mark.skipif(not sources_changed(), reason="the generator is the one that wrote the bundle")
def test_the_kept_bundle_is_a_fresh_one(tmp_path: Path, planted: PlantedHistory) -> None:
    """Afterwards `python -m tests.sample_corpus --record` says that this holds for the generator as it is now."""
    fresh = tmp_path / "fresh.bundle"
    assert write_sample_history(fresh, articles=SAMPLE_ARTICLES, seed=SAMPLE_SEED) == planted
    heads = [git(bundle.parent, "bundle", "list-heads", str(bundle)) for bundle in (BUNDLE, fresh)]
    assert heads[0] == heads[1]


def test_the_kept_bundle_is_small() -> None:
    assert BUNDLE.stat().st_size < MOST_BYTES


@pytest.mark.slow
def test_the_last_tree_is_the_sample(tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(BUNDLE), "clone")
    listed = [path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.is_file()]
    cloned = [path for path in (tmp_path / "clone").rglob("*") if path.is_file() and ".git" not in path.parts]
    assert sorted(path.relative_to(tmp_path / "clone") for path in cloned) == sorted(listed)
    assert all((SAMPLE / path).read_bytes() == (tmp_path / "clone" / path).read_bytes() for path in listed)


def test_the_sample_finds_it(sample: Corpus) -> None:
    assert history_source(sample) == str(BUNDLE)


@pytest.mark.slow
def test_commits_and_noise_are_counted(history: History, planted: PlantedHistory) -> None:
    assert len(history.commits) == planted.commits > 2000
    assert history.commits["noise"].sum() == planted.noise > 1000
    assert history.commits["other"].sum() == len(planted.rewritten) == 12


@pytest.mark.slow
def test_articles_appear_some_hours_after_they_were_published(history: History) -> None:
    first = history.changes[history.changes["kind"] == "appeared"].drop_duplicates("path")
    hours = (first["committed_at"] - first["published_at"]).dt.total_seconds() / 3600
    assert hours.quantile(0.02) > 1
    assert 3 < hours.median() < 6
    assert hours.quantile(0.98) < 12


@pytest.mark.slow
def test_heat_lives_are_of_their_class(history: History, planted: PlantedHistory) -> None:
    for kind, hours, rises in (("flash", (6, 56), 1), ("slow", (45, 220), 1), ("resets", (80, 460), 2)):
        paths = getattr(planted, kind)
        assert len(paths) > 20
        for path in paths:
            life = rows(history, path)
            life = life[life["fields"].isin(["", "heat"])]
            lift = (life["heat"] - life["quality"]).tolist()
            seen = (life["committed_at"] - life["committed_at"].iloc[0]).dt.total_seconds() / 3600
            assert lift[0] == lift[-1] == 0
            assert max(lift) >= 4
            assert hours[0] <= seen.iloc[-1] <= hours[1], path
            assert sum(b == 0 < a for a, b in pairwise(lift)) >= rises
    for path in planted.evergreen:
        life = rows(history, path)
        above = life[life["heat"] > life["quality"]]["committed_at"]
        assert life["committed_at"].iloc[-1] - above.iloc[0] > timedelta(days=30)


def test_what_was_planted_is_found(history: History, planted: PlantedHistory) -> None:
    changes = history.changes
    gone = changes[changes["kind"] == "removed"].groupby("path").size().to_dict()
    others = [*planted.returned, *planted.withdrawn, planted.renamed[0][0]]
    assert gone == planted.takeovers | dict.fromkeys(others, 1)
    assert sorted(planted.takeovers.values()) == [1, 6]
    fields = changes[changes["kind"] == "changed"].groupby("path")["fields"].agg(list)
    for name, paths in (("published", planted.decisions), ("title", planted.retitled), ("topics", planted.refiled)):
        assert sorted(fields[fields.map(lambda each: name in "; ".join(each))].index) == sorted(paths)  # noqa: B023
    assert sorted(fields[fields.map(lambda each: "quality; heat" in each)].index) == sorted(planted.corrections)
    back = rows(history, planted.returned[0])
    assert back["kind"].tolist() == ["appeared", "removed", "returned"]
    assert back["committed_at"].diff().iloc[-1].round("h") == timedelta(days=9)


def test_the_outage_and_the_merge_are_there(history: History, planted: PlantedHistory, tmp_path: Path) -> None:
    times = history.commits["committed_at"]
    first, last = planted.outage
    assert not times.between(first, last, inclusive="left").any()
    assert last - first == timedelta(days=6)
    merged = rows(history, planted.merged[0]).iloc[0]
    assert (merged["kind"], merged["committed_at"].date().isoformat()) == ("appeared", "2025-10-30")
    git(tmp_path, "clone", "--quiet", "--bare", str(BUNDLE), "clone")
    assert git(tmp_path / "clone", "rev-list", "--merges", "HEAD") == merged["commit"]


def test_any_size_ends_as_its_sample(tmp_path: Path) -> None:
    for articles in (0, 25):
        write_sample(tmp_path / f"of{articles}", articles=articles, seed=3)
        bundle = tmp_path / f"of{articles}.bundle"
        write_sample_history(bundle, articles=articles, seed=3)
        git(tmp_path, "clone", "--quiet", str(bundle), f"clone{articles}")
        found = subprocess.run(
            ["diff", "-r", "--exclude=.git", f"of{articles}", f"clone{articles}"], cwd=tmp_path, capture_output=True
        )
        lines = [line for line in found.stdout.decode().splitlines() if line.startswith("diff") or "clone" in line]
        assert lines == []


def test_nothing_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.bundle").write_text("mine")
    with pytest.raises(ExportError, match="is there already"):
        write_sample_history(tmp_path / "a.bundle", articles=0, seed=1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExportError, match="git is not installed"):
        write_sample_history(tmp_path / "b.bundle", articles=0, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.bundle"]
