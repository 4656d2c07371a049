"""The family of tests of two slices, against the change test of the articles one by one; and its sentences."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.analyses.common.changes import (
    changes_of_kind,
    difference_interval_text,
    figure_change,
    label_and_figure_changes,
    q_text,
)
from analytics.engine.encoded import encode
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from analytics.statistics.change_test import Group, change_test, with_q_and_outcome
from tests.corpora import Article, article, corpus_of, part_of

TITLES = ("Grid operator leaks 38 million meter readings", "Turbines stand still over unpaid bills", "A title")


def some_articles() -> list[Article]:
    """Articles of sixteen weeks with stories, two outlets, topics, decisions and scores that are missing at times."""
    rng = np.random.default_rng(4)
    return [
        article(
            title=TITLES[int(rng.integers(3))],
            at=str(date(2024, 1, 1) + timedelta(days=int(day))),
            provider=("Alpha", "Beta", None)[int(rng.integers(3))],
            topics=[("AI", "Law", "Rare")[place] for place in range(3) if rng.random() < (0.5, 0.3, 0.03)[place]],
            published=(True, False, None)[int(rng.integers(3))],
            quality=None if rng.random() < 0.1 else int(rng.integers(40, 90)),
        )
        for day in rng.integers(0, 112, 120)
    ]


def one_by_one(data: Slice, values: np.ndarray) -> Group:
    """The group of the articles of a slice with a value each; those without one are left out."""
    articles = data.articles
    days = articles["published_at"].dt.tz_localize(None)
    weeks = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.strftime("%Y%m%d").astype("int64")
    stories = pd.Series(encode(data.corpus).stories, encode(data.corpus).paths)[articles["path"]].to_numpy()
    rows = pd.DataFrame({"week": weeks, "story": stories, "label": "x", "sum": values, "squares": values**2, "n": 1})
    rows = rows[~np.isnan(values)]
    return Group(rows, rows[["week", "story", "n"]])


@pytest.mark.slow
def test_the_family_is_that_of_the_articles_one_by_one() -> None:
    now = Slice(corpus_of(some_articles()), Selection(start=date(2024, 2, 26), compare="previous"))
    then = now.compared
    assert then is not None
    table = label_and_figure_changes(now, then).set_index(["kind", "label"])
    assert [*table.index] == [
        ("topic", "AI"), ("topic", "Law"), ("topic", "Rare"), ("provider", "Alpha"), ("provider", "Beta"),
        *(("figure", name) for name in ("share_published", "quality")),
    ]  # fmt: skip
    scores = [side.articles["quality"].astype("float64").to_numpy() for side in (then, now)]
    known = np.concatenate(scores)[~np.isnan(np.concatenate(scores))]
    ranks = [
        np.array([np.sign(score - known).mean() if score == score else np.nan for score in side]) for side in scores
    ]
    cases = {
        ("figure", "quality"): ranks,
        ("figure", "share_published"): [
            side.articles["published"].astype("Float64").to_numpy("float64", na_value=np.nan) for side in (then, now)
        ],
        ("provider", "Alpha"): [(side.articles["provider"] == "Alpha").to_numpy("float64") for side in (then, now)],
        ("topic", "AI"): [
            side.topics_of(side.articles).str.contains("AI").fillna(value=False).to_numpy("float64")
            for side in (then, now)
        ],
    }
    for key, (before, after) in cases.items():
        expected = change_test(one_by_one(then, before), one_by_one(now, after)).loc["x"]
        names = ["n_then", "n_now", "weeks_then", "weeks_now", "difference", "low", "high", "p"]
        assert table.loc[key, names].tolist() == pytest.approx(expected[names].tolist()), key
    for kind in ("topic", "provider", "figure"):
        family = table.loc[kind]
        enough = (family["sum_then"] + family["sum_now"] >= 10) | (kind == "figure")
        again = with_q_and_outcome(family, enough)
        assert family["q"].tolist() == pytest.approx(again["q"].tolist(), nan_ok=True)
        assert family["outcome"].tolist() == again["outcome"].tolist()
    assert table["outcome"]["topic", "Rare"] == "too few to tell"
    assert changes_of_kind(now, then, "topic") is changes_of_kind(now, then, "topic")


def test_articles_without_a_date_are_weeks_of_their_own() -> None:
    data = part_of([article(topics=["AI"], quality=50 + n) for n in range(12)])
    change = figure_change(data, data.whole, "quality")
    assert change is not None
    assert change[["weeks_then", "weeks_now", "difference", "p"]].tolist() == [12, 12, 0, 1]


def test_copies_of_one_story_are_no_change() -> None:
    """Twelve outlets copy one story: every second article is of Beta now, which one story alone brought."""
    days = [str(date(2024, 1, 1) + timedelta(days=3 * n)) for n in range(37)]
    plain = [article(title="A title", at=day, provider="Alpha") for day in days]
    copied = [article(title=TITLES[0], at="2024-03-16", provider="Beta") for _ in range(12)]
    spread = [article(title="A title", at=day, provider="Beta") for day in days[-18:] if day >= "2024-02-26"]
    chosen = {"start": date(2024, 2, 26), "compare": "previous"}
    for more, expected in ((copied, "no clear change"), (spread, "up")):
        data = part_of([*plain, *more, *[article(at="2024-01-01", provider="Gamma")] * 12], **chosen)
        table = label_and_figure_changes(data, data.compared).set_index("label")  # type: ignore[arg-type]
        assert table["outcome"]["Beta"] == expected


@pytest.mark.parametrize(
    ("low", "high", "q", "said"),
    [
        (0.02, 0.1, 0.01, "difference [+2, +10] points, q = 0.01"),
        (-0.32, -0.0004, 0.0999, "difference [-32, -0.04] points, q = 0.10"),
        (0.004, 1, 0.0042, "difference [+0.4, +100] points, q = 0.004"),
        (0, 1, 0.0001, "difference [+0, +100] points, q < 0.001"),
    ],
)
def test_no_end_of_an_interval_is_rounded_to_zero(low: float, high: float, q: float, said: str) -> None:
    assert difference_interval_text(pd.Series({"low": low, "high": high, "q": q})) == said
    assert q_text(q) in said
