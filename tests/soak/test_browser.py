"""Long runs: every page in light and dark, wide and narrow; a drag over time east of UTC."""

import pytest

from analytics.catalog import PAGES, review
from analytics.corpus.loader import Corpus
from analytics.history.history_tables import History
from tests.e2e.conftest import app, browser, watch
from tests.e2e.test_dashboard import Watch, assert_painted
from tests.e2e.test_drill_down import assert_narrowed_by_a_drag

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", [name for name in PAGES if name != review.PAGE])
def test_every_page_is_painted(page: str, watch: Watch, sample: Corpus, sample_history: History) -> None:
    assert_painted(page, watch, sample, sample_history)


def test_a_drag_over_time_narrows_every_chart_in_the_east(watch: Watch) -> None:
    assert_narrowed_by_a_drag("Asia/Tokyo", watch)
