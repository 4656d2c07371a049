"""Words for the size of an effect."""

import pytest

from analytics.statistics.effect_size import cliffs_delta_size_word


@pytest.mark.parametrize(
    ("delta", "word"),
    [(0, "negligible"), (-0.146, "negligible"), (0.147, "small"), (-0.33, "medium"), (0.474, "large"), (-1, "large")],
)
def test_the_size_of_an_effect_has_its_word(delta: float, word: str) -> None:
    assert cliffs_delta_size_word(delta) == word
