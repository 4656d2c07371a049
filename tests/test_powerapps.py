"""Figures of a real corpus, each counted here by looking at the lines of its files, as grep and awk would."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.analyses.quality.publish_rule import BELOW
from analytics.catalog import VIEWS
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice


@pytest.fixture(scope="module")
def site(shared: Callable[[str], Path]) -> Path:
    return shared("powerapps")


@pytest.fixture(scope="module")
def texts(site: Path) -> list[str]:
    return [path.read_text() for path in sorted((site / "_news").glob("*.md"))]


def values(texts: list[str], pattern: str) -> list[str]:
    """What a line of each file holds."""
    return [found[1] for text in texts if (found := re.search(pattern, text, re.MULTILINE))]


def said(site: Path, slug: str) -> str:
    view = VIEWS[slug]
    return view.finding(view.answer(Slice(load_corpus(site))))


def test_articles_and_published(site: Path, texts: list[str]) -> None:
    published = values(texts, r"^published: (\w+)$").count("true")
    assert (len(texts), published) == (497, 318)
    assert said(site, "key_figures").startswith(f"{len(texts)} articles, 64% [60, 68] published of the {len(texts)}")


def test_the_publish_rule_has_no_exception(site: Path, texts: list[str]) -> None:
    pairs = zip(values(texts, r"^quality: (\d+)$"), values(texts, r"^published: (\w+)$"), strict=True)
    assert all((int(score) >= 70) == (state == "true") for score, state in pairs)
    assert "Published is exactly quality ≥ 70" in said(site, "publish_rule").replace(">=", "≥")
    assert "no exceptions" in said(site, "publish_rule")


def test_the_near_misses_are_listed(site: Path, texts: list[str]) -> None:
    near = [score for score in map(int, values(texts, r"^quality: (\d+)$")) if 65 <= score <= 69]
    assert len(near) == 31
    table = VIEWS["near_misses"].answer(Slice(load_corpus(site)), {"side": BELOW})
    assert sorted(table.loc[table["quality"] < 70, "quality"]) == sorted(near)


@pytest.mark.slow
def test_the_largest_provider(site: Path, texts: list[str]) -> None:
    counts = Counter(values(texts, r"^provider:\n  name: (.+)$"))
    assert counts.most_common(1) == [("Microsoft", 382)]
    assert "Microsoft has 382 of 497 articles" in said(site, "providers_ranked")
    table = VIEWS["concentration_over_time"].answer(Slice(load_corpus(site)))
    assert "Microsoft" in said(site, "concentration_over_time") + table.to_csv()


@pytest.mark.slow
def test_heat_equals_quality(site: Path, texts: list[str]) -> None:
    assert values(texts, r"^heat: (-?\d+)$") == values(texts, r"^quality: (\d+)$")
    for slug in ("heat_by_state", "heat_lift_distribution", "heat_lift_over_time"):
        assert "equals quality for all 497" in said(site, slug), slug
