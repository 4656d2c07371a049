"""A report on the sample corpus with all views, and on a corpus that plants formulas, each made once a process."""

from datetime import date
from functools import cache

import pytest

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.history_and_reviews import SideData
from analytics.reports.report.html import to_html
from analytics.reports.report.report import Report, build_report
from analytics.selection.selection import Selection
from tests.conftest import SAMPLE
from tests.corpora import article, corpus_of
from tests.histories import history_of, life
from tests.made_reviews import some_sessions

MADE = date(2026, 11, 2)
YEAR = Selection(start=date(2025, 1, 1), end=date(2025, 12, 31), compare="year")
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")


@cache
def sample_corpus() -> Corpus:
    """The sample corpus."""
    return load_corpus(SAMPLE)


@cache
def sample_beside() -> SideData:
    """Review sessions about articles of the sample, and a history of them: two in three warm up and cool."""
    paths = sample_corpus().articles["path"].tolist()[::10]
    lives = [
        life(path, (n, 70, 70), *([(n + 5, 70, 72 + n % 9), (n + 30, 70, 70)] if n % 3 else []), provider="Alpha")
        for n, path in enumerate(paths)
    ]
    return SideData(history_of(*lives, until=1000), some_sessions(paths))


ALL_VIEWS = tuple(VIEWS)
ONE_OF_EACH_FORM = (
    "key_figures", "biggest_changes", "articles_over_time", "topics_ranked", "topics_over_time", "topic_pairs",
    "hottest_articles",
)  # fmt: skip
"""Tiles, intervals, bars over time, two charts side by side, lines, a matrix and a list."""

SIZES = pytest.mark.parametrize(
    "views", [ONE_OF_EACH_FORM, pytest.param(ALL_VIEWS, marks=pytest.mark.slow)], ids=["one of each form", "all views"]
)
"""For tests of a report of some views and, as a slow test, of one with all."""


@cache
def sample_report(views: tuple[str, ...] = ALL_VIEWS) -> Report:
    """Views of the sample's year 2025 against the year before."""
    chosen = [VIEWS[slug] for slug in views]
    return build_report(sample_corpus(), YEAR, made=MADE, views=chosen, side_data=sample_beside())


@cache
def sample_page(views: tuple[str, ...] = ALL_VIEWS) -> str:
    """The same as HTML."""
    return to_html(sample_report(views))


@cache
def planted_corpus() -> Corpus:
    """Formulas in titles, excerpts, providers, topics, categories and types, and a heat of -1."""
    return corpus_of(
        [
            article(
                title=text,
                excerpt=text,
                provider=text,
                topics=[text],
                category=text,
                kind=text,
                at=f"2025-03-{day:02}",
                quality=60 + day,
                heat=-1 if day == 1 else 70 + day,
                published=day > 3,
            )
            for day, text in enumerate(FORMULAS, start=1)
            for _ in range(2)
        ]
    )


@cache
def planted_report() -> Report:
    """The views that show those texts."""
    slugs = ("hottest_articles", "near_misses", "topics_ranked", "providers_ranked", "near_duplicates", "heat_by_state")
    return build_report(planted_corpus(), Selection(), made=MADE, views=[VIEWS[slug] for slug in slugs])
