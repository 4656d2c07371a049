"""The one test of change, against sums over the articles one by one, statsmodels and a long hand."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analytics.statistics.change_test import (
    DOWN,
    NO_CLEAR_CHANGE,
    TOO_FEW,
    UP,
    Group,
    change_test,
    with_q_and_outcome,
)


def group(rows: pd.DataFrame) -> Group:
    """The group of articles one by one: `week`, `story`, and a column of values for each label."""
    labels = [name for name in rows if name not in ("week", "story")]
    long = rows.melt(["week", "story"], labels, var_name="label", value_name="sum")
    long = long.assign(squares=long["sum"] ** 2)
    long = long.groupby(["week", "story", "label"], as_index=False)[["sum", "squares"]].sum()
    return Group(
        long[long["sum"] != 0], rows.groupby(["week", "story"], as_index=False).size().rename(columns={"size": "n"})
    )


def articles(weeks: list[int], stories: list[int] | None = None, **labels: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"week": weeks, "story": stories or list(range(len(weeks))), **labels})


def random_articles(rng: np.random.Generator, n: int, first_week: int) -> pd.DataFrame:
    weeks = first_week + rng.integers(0, 6, n)
    burst = (weeks % 3 == 0) & (rng.random(n) < 0.7)
    return articles(
        weeks.tolist(),
        (weeks * 10 + rng.integers(0, 4, n)).tolist(),
        a=((rng.random(n) < 0.2) | burst).astype(float).tolist(),
        b=(rng.random(n) < 0.4).astype(float).tolist(),
        score=rng.normal(70, 10, n).tolist(),
    )


@pytest.mark.parametrize("cluster", ["week", "story"])
@pytest.mark.parametrize("shift", [0, 4, 6], ids=["same weeks", "some weeks in both", "weeks apart"])
def test_variance_is_that_of_statsmodels(cluster: str, shift: int) -> None:
    """CR1 of a regression on the group is the sum over the clusters; ours corrects each group for its own clusters."""
    rng = np.random.default_rng(1)
    then, now = random_articles(rng, 60, 0), random_articles(rng, 80, shift)
    table = change_test(group(then), group(now), (cluster,))
    both = pd.concat([then, now])
    which = np.repeat([0.0, 1.0], [60, 80])
    for label in ("a", "b", "score"):
        fitted = sm.OLS(both[label].to_numpy(), sm.add_constant(which)).fit(
            cov_type="cluster", cov_kwds={"groups": both[cluster].to_numpy(), "use_correction": False}
        )
        residual = both[label].to_numpy() - np.where(which == 1, now[label].mean(), then[label].mean())
        more = 0.0
        for rows, chosen in ((then, which == 0), (now, which == 1)):
            squares = pd.Series(residual[chosen]).groupby(rows[cluster].to_numpy()).sum().pow(2)
            more += squares.sum() / (len(squares) - 1) / len(rows) ** 2
        clustered = fitted.bse[1] ** 2 + more
        independent = then[label].var() / 60 + now[label].var() / 80
        pooled = both[label].var() * (1 / 60 + 1 / 80)
        error = math.sqrt(max(clustered, independent, pooled))
        freedom = min(then[cluster].nunique(), now[cluster].nunique()) - 1
        row = table.loc[label]
        assert row["difference"] == pytest.approx(fitted.params[1])
        assert row["high"] - row["difference"] == pytest.approx(stats.t.ppf(0.975, freedom) * error)
        assert row["p"] == pytest.approx(2 * stats.t.sf(abs(fitted.params[1]) / error, freedom))


def test_the_larger_of_the_variances_counts() -> None:
    rng = np.random.default_rng(2)
    sides = group(random_articles(rng, 60, 0)), group(random_articles(rng, 80, 6))
    both, weeks, stories = (change_test(*sides, some) for some in (("week", "story"), ("week",), ("story",)))
    errors = [(each["high"] - each["difference"]) for each in (both, weeks)]
    t = stats.t.ppf(0.975, 5) / stats.t.ppf(0.975, min(stories[["weeks_then", "weeks_now"]].iloc[0]) - 1)
    by_story = (stories["high"] - stories["difference"]) * t
    assert errors[0].to_numpy() == pytest.approx(np.maximum(errors[1], by_story).to_numpy())


def test_a_tiny_table_by_hand() -> None:
    """Two weeks of 6 articles a side: 1 and 3 with the label then, 4 and 6 now."""
    then = articles([1] * 6 + [2] * 6, a=[1.0] + [0.0] * 5 + [1.0] * 3 + [0.0] * 3)
    now = articles([3] * 6 + [4] * 6, a=[1.0] * 4 + [0.0] * 2 + [1.0] * 6)
    row = change_test(group(then), group(now)).loc["a"]
    residual = 1  # 1 - 6/3, 3 - 6/3; 4 - 6 * 5/6, 6 - 6 * 5/6
    by_week = 2 * (2 * residual**2) * 2 / 12**2
    pooled = 14 * 10 / 24 / 23 * (2 / 12)
    assert max(by_week, pooled) == by_week
    assert (row["sum_then"], row["n_then"], row["sum_now"], row["n_now"]) == (4, 12, 10, 12)
    assert (row["mean_then"], row["mean_now"], row["weeks_then"], row["weeks_now"]) == (1 / 3, 10 / 12, 2, 2)
    t = 0.5 / math.sqrt(by_week)
    assert row["p"] == pytest.approx(2 * stats.t.sf(t, 1))
    assert row["high"] == pytest.approx(0.5 + 12.7062 * math.sqrt(by_week), abs=1e-4)


def test_never_narrower_than_binomial() -> None:
    """Weeks that are more alike than chance makes them, and a side without the label, do not narrow the interval."""
    even = articles([n // 10 for n in range(100)], a=[float(n % 10 < 5) for n in range(100)])
    none = articles([10 + n // 10 for n in range(100)], a=[0.0] * 100)
    row = change_test(group(even), group(none)).loc["a"]
    assert row["high"] - row["difference"] > stats.t.ppf(0.975, 9) * math.sqrt(0.25 * 0.75 * 2 / 100)
    same = change_test(group(even), group(even.assign(week=even["week"] + 10))).loc["a"]
    assert same["high"] > stats.t.ppf(0.975, 9) * math.sqrt(0.25 * 2 / 100)
    assert same["p"] == 1


def test_the_same_articles_on_both_sides_differ_by_nothing() -> None:
    rows = random_articles(np.random.default_rng(3), 50, 0)
    table = change_test(group(rows), group(rows))
    assert (table["difference"] == 0).all()
    assert (table["p"] == 1).all()


@pytest.mark.parametrize(
    ("then_weeks", "now_weeks", "few"),
    [
        ([1] * 5 + [2] * 4, [3] * 5 + [4] * 5, True),
        ([1] * 10, [3] * 5 + [4] * 5, True),
        ([1, 2] * 5, [3, 4] * 5, False),
    ],
    ids=["nine articles", "one week", "enough"],
)
def test_ten_articles_and_two_weeks_a_side_are_needed(then_weeks: list[int], now_weeks: list[int], few: bool) -> None:
    sides = (group(articles(weeks, a=[1.0] * len(weeks))) for weeks in (then_weeks, now_weeks))
    row = change_test(*sides).loc["a"]
    assert row[["low", "high", "p"]].isna().all() == few
    assert row["difference"] == 0


def test_an_empty_side_has_no_mean() -> None:
    rows = articles([1, 2] * 6, a=[1.0] * 12)
    nothing = group(rows.iloc[:0])
    row = change_test(nothing, group(rows)).loc["a"]
    assert math.isnan(row["mean_then"])
    assert math.isnan(row["difference"])
    assert change_test(nothing, nothing).empty


def family(*rows: tuple[float, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["difference", "low", "high", "p"])


def test_three_outcomes_with_the_false_discoveries_of_the_family() -> None:
    rows = family(
        (0.2, 0.1, 0.3, 0.001),
        (-0.2, -0.3, -0.1, 0.030),
        (0.2, -0.1, 0.5, 0.070),
        (0.1, 0.01, 0.2, 0.045),
        (0.1, 0.01, 0.2, 0.0001),
        (0.1, math.nan, math.nan, math.nan),
    )
    found = with_q_and_outcome(rows, pd.Series([True, True, True, True, False, True]))
    assert found["outcome"].tolist() == [UP, DOWN, NO_CLEAR_CHANGE, UP, TOO_FEW, TOO_FEW]
    assert found["q"].tolist() == pytest.approx([0.004, 0.06, 0.07, 0.06, math.nan, math.nan], nan_ok=True)


def test_one_of_many_is_not_clear() -> None:
    rows = family((0.2, 0.01, 0.4, 0.03), *[(0.0, -0.1, 0.1, 0.9)] * 9)
    assert set(with_q_and_outcome(rows, pd.Series([True] * 10))["outcome"]) == {NO_CLEAR_CHANGE}
    assert with_q_and_outcome(rows.head(1), pd.Series([True]))["outcome"].tolist() == [UP]
    assert with_q_and_outcome(rows.head(0), pd.Series([], dtype="bool")).empty
