"""The briefing in a browser: the first screen, its links, and the one page that is sent round."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from analytics.reports.briefing.briefing import build_briefing
from analytics.reports.briefing.html import briefing_html
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.browser

FIRST_SCREEN = 900
"""Pixels that an editor sees without scrolling."""

PAGE_OF_A_PDF = re.compile(rb"/Type\s*/Page\b")
SIZE_OF_A_PAGE = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)")
A4 = (595, 842)
"""Width and height in points."""


def test_the_first_screen_says_what_changed_what_to_decide_and_what_is_hot(watch: Callable[..., Watched]) -> None:
    seen = watch()
    seen.page.set_viewport_size({"width": 1440, "height": FIRST_SCREEN})
    seen.open()
    for block in ("changed", "decide", "hot"):
        lines = seen.page.locator(f".st-key-briefing-{block} p:visible").all()
        assert len(lines) >= 3, block
        for line in lines[:3]:
            box = line.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= FIRST_SCREEN, (block, line.inner_text())
    first = seen.page.locator("[class*='st-key-briefing-claim-0-0'] button:visible").first
    first.focus()
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/quality?*")
    seen.settle()
    assert seen.page.get_by_role("heading", name="Quality over time").is_visible()
    assert "compare=" in seen.page.url
    seen.check()


def test_the_one_page_is_one_page_of_a4(
    browser: Browser, sample: Corpus, sample_history: History, tmp_path: Path
) -> None:
    found = build_briefing(Slice(sample, side_data=SideData(history=sample_history)))
    (tmp_path / "briefing.html").write_text(briefing_html(found, sample.name, sample.today), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "briefing.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(PAGE_OF_A_PDF.findall(printed)) == 1
    size = SIZE_OF_A_PAGE.search(printed)
    assert size is not None
    assert [round(float(points)) for points in size.groups()] == pytest.approx(A4, abs=1)
