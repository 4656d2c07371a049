"""Long runs: every page in light and dark, wide and narrow; on odd corpora; a drag over time east of UTC."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from analytics.catalog import PAGES, TABS, review
from analytics.corpus.loader import Corpus
from analytics.history.history_tables import History
from tests.catalog.cases import CORPORA
from tests.corpora import write
from tests.e2e.conftest import Watched, app, browser, serving, watch
from tests.e2e.test_dashboard import Watch, assert_painted, path_of
from tests.e2e.test_drill_down import assert_narrowed_by_a_drag

pytestmark = pytest.mark.browser


TABS_OF_PAGES = [(page, tab) for page in PAGES if page != review.PAGE for tab in TABS[page] or [""]]


@pytest.mark.parametrize(("page", "tab"), TABS_OF_PAGES)
def test_every_tab_is_painted(page: str, tab: str, watch: Watch, sample: Corpus, sample_history: History) -> None:
    assert_painted(page, tab, watch, sample, sample_history)


def test_a_drag_over_time_narrows_every_chart_in_the_east(watch: Watch) -> None:
    assert_narrowed_by_a_drag("Asia/Tokyo", watch)


@pytest.mark.parametrize("name", ["odd labels", "no scores", "no dates", "300 topics", "one bare article"])
def test_every_chart_of_an_odd_corpus_is_drawn(name: str, browser: Browser, tmp_path: Path) -> None:
    with serving(write(tmp_path / name, CORPORA[name]()), tmp_path / "log") as address:
        for page, tab in TABS_OF_PAGES:
            context = browser.new_context()
            seen = Watched(context.new_page(), address)
            seen.page.goto(f"{address}/{path_of(page)}?{urlencode({'tab': tab} if tab else {})}")
            seen.page.locator("h1").first.wait_for(timeout=60_000)
            seen.still()
            charts = seen.page.locator("[data-testid=stVegaLiteChart]")
            assert (
                charts.count()
                == seen.page.locator("[data-testid=stVegaLiteChart]:has(svg.marks, canvas.marks)").count()
            )
            seen.check()
            context.close()
