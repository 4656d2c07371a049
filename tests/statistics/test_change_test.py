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
    change_from_rest,
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


def jackknife(then: pd.DataFrame, now: pd.DataFrame, label: str, cluster: str) -> float:
    """The variance of the difference by leaving out one cluster at a time of each group, with what they share."""
    moves = []
    for rows in (then, now):
        mean, clusters = rows[label].mean(), rows[cluster].unique()
        factor = math.sqrt((len(clusters) - 1) / len(clusters))
        moves.append({each: factor * (rows.loc[rows[cluster] != each, label].mean() - mean) for each in clusters})
    return sum((moves[1].get(each, 0) - moves[0].get(each, 0)) ** 2 for each in {*moves[0], *moves[1]})


def welch(then: pd.DataFrame, now: pd.DataFrame, label: str, cluster: str) -> float:
    sides = [(rows[label].var(ddof=0) / len(rows), rows[cluster].value_counts(normalize=True)) for rows in (then, now)]
    return sum(v for v, _ in sides) ** 2 / sum(v**2 / (1 / (share**2).sum() - 1) for v, share in sides)


@pytest.mark.parametrize("cluster", ["week", "story"])
@pytest.mark.parametrize("shift", [0, 4, 6], ids=["same weeks", "some weeks in both", "weeks apart"])
def test_variance_is_that_of_the_jackknife_by_clusters(cluster: str, shift: int) -> None:
    rng = np.random.default_rng(1)
    then, now = random_articles(rng, 60, 0), random_articles(rng, 80, shift)
    table = change_test(group(then), group(now), (cluster,))
    both = pd.concat([then, now])
    for label in ("a", "b", "score"):
        independent = then[label].var() / 60 + now[label].var() / 80
        pooled = both[label].var() * (1 / 60 + 1 / 80)
        error = math.sqrt(max(jackknife(then, now, label, cluster), independent, pooled))
        difference, freedom = now[label].mean() - then[label].mean(), welch(then, now, label, cluster)
        row = table.loc[label]
        assert row["difference"] == pytest.approx(difference)
        assert row["high"] - row["difference"] == pytest.approx(stats.t.ppf(0.975, freedom) * error)
        assert row["p"] == pytest.approx(2 * stats.t.sf(abs(difference) / error, freedom))


def test_clusters_of_one_size_give_the_usual_robust_variance() -> None:
    """That of a regression on the group with clusters, corrected for their number (CR1)."""
    rng = np.random.default_rng(4)
    weeks = np.repeat(np.arange(12), 10)
    rows = articles(weeks.tolist(), a=(rng.random(120) < 0.2 + 0.3 * (weeks % 3 == 0)).astype(float).tolist())
    then, now = rows[rows["week"] < 6], rows[rows["week"] >= 6]
    row = change_test(group(then), group(now), ("week",)).loc["a"]
    which = np.repeat([0.0, 1.0], 60)
    fitted = sm.OLS(rows["a"].to_numpy(), sm.add_constant(which)).fit(
        cov_type="cluster", cov_kwds={"groups": weeks, "use_correction": False}
    )
    error = fitted.bse[1] * math.sqrt(6 / 5)
    freedom = welch(then, now, "a", "week")
    assert row["high"] - row["difference"] == pytest.approx(stats.t.ppf(0.975, freedom) * error)


def test_a_week_that_holds_nearly_all_articles_proves_nothing() -> None:
    """Thirty copies of one story in a week beside nine other weeks: their number alone would make a clear rise."""
    quiet = [week for week in range(10) for _ in range(3)]
    then = articles(quiet, a=[float(at % 3 == 0) for at in range(30)])
    now = articles([10 + week for week in quiet] + [10] * 30, a=[float(at % 3 == 0) for at in range(30)] + [1.0] * 30)
    assert with_q_and_outcome(change_test(group(then), group(now)), pd.Series([True]))["outcome"].tolist() == [
        NO_CLEAR_CHANGE
    ]


def test_the_larger_of_the_variances_counts() -> None:
    """Of label a weeks differ most; of label b one story of each group has it, with copies in all weeks."""
    rng = np.random.default_rng(2)
    rows = []
    for first in (0, 6):
        weeks, stories = np.repeat(np.arange(6), 10), np.tile(np.arange(10), 6)
        a = (weeks % 3 == 0) & (rng.random(60) < 0.9)
        rows.append(
            articles((first + weeks).tolist(), (first * 10 + stories).tolist(), a=a * 1.0, b=(stories < 2) * 1.0)
        )
    widest = [jackknife(*rows, label, "story") > jackknife(*rows, label, "week") for label in ("a", "b")]
    assert widest == [False, True]
    both, weeks = (change_test(*map(group, rows), some) for some in (("week", "story"), ("week",)))
    width = both["high"] - both["low"], weeks["high"] - weeks["low"]
    assert width[0]["a"] == pytest.approx(width[1]["a"])
    assert width[0]["b"] > width[1]["b"] * 1.01


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
    spread = (1 / 3 * 2 / 3, 10 / 12 * 2 / 12)  # two weeks of one size a side: a degree of freedom each
    freedom = sum(spread) ** 2 / sum(each**2 for each in spread)
    assert row["p"] == pytest.approx(2 * stats.t.sf(0.5 / math.sqrt(by_week), freedom))
    assert row["high"] == pytest.approx(min(0.5 + stats.t.ppf(0.975, freedom) * math.sqrt(by_week), 1e9))


def test_never_narrower_than_binomial() -> None:
    """Weeks that are more alike than chance makes them, and a side without the label, do not narrow the interval."""
    even = articles([n // 10 for n in range(100)], a=[float(n % 10 < 5) for n in range(100)])
    none = articles([10 + n // 10 for n in range(100)], a=[0.0] * 100)
    row = change_test(group(even), group(none)).loc["a"]
    pooled = math.sqrt(0.25 * 0.75 * 200 / 199 * 2 / 100)  # the side without the label has no spread: 9 degrees
    assert row["high"] - row["difference"] == pytest.approx(stats.t.ppf(0.975, 9) * pooled)
    same = change_test(group(even), group(even.assign(week=even["week"] + 10))).loc["a"]
    assert same["high"] > stats.t.ppf(0.975, 18) * math.sqrt(0.25 * 2 / 100)
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


@pytest.mark.parametrize("seed", range(12))
def test_a_label_against_the_rest_is_the_change_test_on_the_two_groups(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.choice([15, 40, 120]))
    rows = pd.DataFrame(
        {
            "label": rng.choice(["a", "b", "c"], n, p=[0.5, 0.4, 0.1]),
            "week": rng.integers(0, int(rng.choice([3, 12])), n),
            "story": rng.integers(0, n // 2, n),
            "value": rng.integers(0, 5, n).astype("float64"),
        }
    )
    rows = rows.assign(n=1, sum=rows["value"], squares=rows["value"] ** 2)
    found = change_from_rest(rows, rows)
    for label in found.index:
        sides = [rows[(rows["label"] == label) == inside].assign(label=label) for inside in (False, True)]
        expected = change_test(*(Group(side, side[["week", "story", "n"]]) for side in sides)).loc[label]
        assert found.loc[label].to_dict() == pytest.approx(expected.to_dict(), nan_ok=True)


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
