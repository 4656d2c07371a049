"""The Compare page in a browser: chosen there, painted, kept in the link, taken away as CSV."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from analytics.catalog.comparison import COMPARED
from analytics.corpus.loader import load_corpus
from analytics.engine.comparison import make_comparison
from analytics.engine.slice import Slice
from analytics.reports.csv import to_csv
from analytics.selection.selection import parse
from tests.conftest import SAMPLE
from tests.e2e.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_comparison_is_chosen_linked_and_taken_away(watch: Callable[..., Watched]) -> None:
    first = watch()
    first.page.goto(f"{first.address}/compare")
    first.page.get_by_role("button", name="Published against not").click()
    first.page.wait_for_function("location.search.includes('a=state%3Dunpublished')")
    first.settle()
    answer = first.page.get_by_text("quality is far higher").first.inner_text()
    first.page.get_by_role("button", name="state: unpublished").click()
    first.page.get_by_text("Take away").click()
    first.page.wait_for_function("location.search.includes('a=all')")
    first.page.get_by_role("link", name="Topics").click()
    first.page.wait_for_url("**/topics*")
    first.settle()
    first.page.get_by_role("link", name="Compare").click()
    first.page.get_by_text("published against all articles").first.wait_for()
    second = watch(dark=True, width=390)
    second.open("compare?" + urlencode({"a": "state=unpublished", "b": "state=published"}))
    assert second.page.get_by_text("quality is far higher").first.inner_text() == answer
    assert second.page.evaluate("document.documentElement.scrollWidth") <= 390
    card = second.page.locator(".st-key-card-compared_differences")
    card.get_by_text("Table and CSV").click()
    with second.page.expect_download() as download:
        card.get_by_role("button", name="Download CSV").click()
    sides = [parse("state=unpublished"), parse("state=published")]
    corpus = load_corpus(SAMPLE)
    comparison = make_comparison([Slice(corpus, side) for side in sides])
    expected = to_csv(COMPARED["compared_differences"].answer(comparison))
    assert Path(download.value.path()).read_text() == expected
    assert second.grave() == []
    first.check()
    second.check()
