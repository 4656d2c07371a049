"""What only a browser shows: every page painted in light and dark, wide and narrow, links and downloads."""

from collections.abc import Callable
from math import inf
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator

from analytics.catalog import PAGES, VIEWS
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from analytics.reports.bundle import write_bundle
from analytics.selection.selection import parse
from tests.conftest import SAMPLE
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]


TALLEST = 2500
"""Pixels that a tab may be high on a wide screen: less than three screens."""


def path_of(page: str) -> str:
    return "" if page == PAGES[0] else page.lower().replace(" ", "_")


@pytest.mark.slow
@pytest.mark.parametrize(("page", "tab"), [("Briefing", ""), ("Topics", "Moves")])
def test_a_page_is_painted(page: str, tab: str, watch: Watch, sample: Corpus, sample_history: History) -> None:
    """The long runs look at all pages so."""
    assert_painted(page, tab, watch, sample, sample_history)


def assert_painted(page: str, tab: str, watch: Watch, sample: Corpus, sample_history: History) -> None:
    """A tab shows its charts in full width, light and wide, then dark and narrow, and axe-core finds no fault."""
    seen = watch()
    seen.open(f"{path_of(page)}?{urlencode({'tab': tab})}" if tab else path_of(page))
    for scheme, width, most in (("light", 1440, TALLEST if tab else inf), ("dark", 390, inf)):
        seen.page.emulate_media(color_scheme=scheme)
        seen.page.wait_for_function(f"{BRIGHTNESS} {'<' if scheme == 'dark' else '>'} 128")
        seen.page.set_viewport_size({"width": width, "height": 1000})
        seen.settle()
        assert seen.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= most
        for chart in painted(seen, page, tab, Slice(sample, side_data=SideData(history=sample_history))):
            box = chart.bounding_box()
            assert box is not None
            assert box["height"] > 50
            assert box["x"] + box["width"] <= width
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.grave() == []
    seen.check()


BRIGHTNESS = (
    "Math.max(...getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g).slice(0, 3))"
)
"""How bright the page's ground is, from 0 to 255."""


def painted(seen: Watched, page: str, tab: str, data: Slice) -> list[Locator]:
    """The charts of a tab of a page, each card's once it has some; a view may have nothing to draw."""
    charts = []
    for view in (view for view in VIEWS.values() if (view.page, view.tab) == (page, tab) and not view.tiles):
        card = seen.page.locator(f".st-key-card-{view.slug}")
        card.wait_for()
        if not (view.is_list or view.answer(data).empty):
            card.locator("svg.marks, canvas.marks").first.wait_for()
        charts += card.locator("[data-testid=stVegaLiteChart]").all()
    return charts


def test_a_filter_is_in_the_link_and_the_link_opens_it_elsewhere(watch: Watch) -> None:
    first = watch()
    first.open("quality")
    first.page.get_by_label("Quality from").fill("70")
    first.page.get_by_label("Quality from").press("Enter")
    first.page.wait_for_function("location.search.includes('quality_min=70')")
    first.settle()
    first.page.get_by_role("link", name="Topics").click()
    first.page.wait_for_url("**/topics?quality_min=70")
    first.settle()
    caption = first.page.get_by_text("quality 70 to any").inner_text()
    second = watch(dark=True)
    second.page.goto(first.page.url)
    second.settle()
    assert second.page.get_by_text("quality 70 to any").inner_text() == caption
    first.check()
    second.check()


@pytest.mark.slow
def test_the_csv_of_a_card_is_the_one_that_export_writes(watch: Watch, tmp_path: Path) -> None:
    seen = watch()
    seen.open("providers?topic=Hydrogen&state=published")
    card = seen.page.locator(".st-key-card-providers_ranked")
    card.get_by_text("Table and CSV").click()
    with seen.page.expect_download() as download:
        card.get_by_role("button", name="Download CSV").click()
    selection = parse("topic=Hydrogen&state=published")
    bundle = write_bundle(load_corpus(SAMPLE), selection, tmp_path / "bundle", views=[VIEWS["providers_ranked"]])
    assert Path(download.value.path()).read_bytes() == (bundle / "providers_ranked.csv").read_bytes()
    assert download.value.suggested_filename.startswith("providers_ranked_")
    seen.check()
