"""What a tile says of a change, and when it is coloured."""

import pandas as pd
import pytest

from analytics.analyses.overview import change_and_outcome_text
from analytics.app.tiles import has_clear_change


@pytest.mark.parametrize(
    ("change", "outcome", "coloured", "said"),
    [
        (-0.1, "down", True, "-10 points"),
        (0.1, "no clear change", False, "+10 points: no clear change"),
        (0.1, "too few to tell", False, "+10 points: too few to tell"),
        (0.1, None, False, "+10 points"),
        (0.0, "down", False, "+0 points"),
        (None, "too few to tell", False, None),
    ],
)
def test_only_a_known_change_is_coloured(change: float | None, outcome: str | None, coloured: bool, said: str) -> None:
    row = pd.Series({"change": change, "outcome": outcome}, dtype="object")
    assert has_clear_change(row) == coloured
    assert change_and_outcome_text(row["change"], "share", row["outcome"]) == said
