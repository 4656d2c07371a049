"""Adjusted p-values and the largest of many counts, against scipy and by simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from analytics.statistics.multiple_tests import adjusted, is_clearly_largest


def test_false_discovery_rates_by_hand() -> None:
    assert adjusted([0.01, 0.04, 0.03], "fdr_bh") == pytest.approx([0.03, 0.04, 0.04])
    assert adjusted([0.01, 0.04, 0.03], "holm") == pytest.approx([0.03, 0.06, 0.06])
    assert len(adjusted([], "holm")) == 0


@pytest.mark.parametrize("first", range(1, 30))
@pytest.mark.parametrize("second", [0, 4, 9])
def test_the_largest_is_clear_where_the_exact_test_against_the_second_says_so(first: int, second: int) -> None:
    expected = first > second and binomtest(second, first + second).pvalue <= 0.05
    assert is_clearly_largest(pd.Series([1 if second else 0, first, min(second, first)])) == (expected and first > 1)


def test_of_equal_hours_one_is_called_the_busiest_in_at_most_one_of_twenty_weeks() -> None:
    rng = np.random.default_rng(3)
    weeks = rng.multinomial(400, np.full(168, 1 / 168), size=400)
    assert sum(is_clearly_largest(pd.Series(week)) for week in weeks) <= 20
    assert not is_clearly_largest(pd.Series([9]))
