"""The Articles page in a real browser: search, facet, chip, pages, CSV, links; nothing is loaded from elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from analytics.app.articles_page import all_as_csv
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.selection.selection import parse
from tests.conftest import SAMPLE
from tests.e2e.conftest import IDLE, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Watch = Callable[..., Watched]


def opened(seen: Watched, query: str = "") -> Watched:
    seen.page.goto(f"{seen.address}/articles{query}")
    expect(seen.page.get_by_role("heading", name="Articles", exact=True)).to_be_visible(timeout=30_000)
    settled(seen)
    return seen


def settled(seen: Watched) -> None:
    seen.page.wait_for_timeout(200)
    seen.page.wait_for_selector(IDLE, timeout=30_000)


def in_link(seen: Watched, *parts: str) -> None:
    for data in parts:
        seen.page.wait_for_function("part => location.search.includes(part)", arg=data)
    settled(seen)


def n_of(selection: str) -> int:
    return Slice(load_corpus(SAMPLE), parse(selection)).n


def test_search_narrow_turn_the_page_take_back_and_download(watch: Watch) -> None:
    seen = opened(watch())
    page = seen.page
    box = page.get_by_role("textbox", name="Search titles and excerpts")
    box.fill("grid")
    box.press("Enter")
    in_link(seen, "words=grid")
    expect(page.get_by_text(f"{n_of('words=grid')} of 1,195 articles")).to_be_visible()
    expect(page.locator(".st-key-article-0 .stMarkdownColoredBackground").first).to_have_text("grid", ignore_case=True)
    page.locator(".st-key-facets").get_by_role("button", name="published 88", exact=True).click()
    in_link(seen, "state=published")
    expect(page.get_by_text(f"{n_of('words=grid&state=published')} of 1,195 articles")).to_be_visible()
    page.get_by_role("button", name="Next page").first.click()
    in_link(seen, "page=2")
    expect(page.get_by_text("26 to 50 of 88")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of all").click()
    csv = all_as_csv(load_corpus(SAMPLE), parse("words=grid&state=published"), "Best match")
    assert Path(download.value.path()).read_text() == csv
    assert csv.count("\n") > 88
    assert seen.grave() == []
    page.get_by_role("button", name="state: published").click()
    page.wait_for_function("!location.search.includes('state=') && !location.search.includes('page=')")
    settled(seen)
    expect(page.get_by_text("1 to 25 of 162")).to_be_visible()
    seen.check()


def test_a_title_leads_to_its_article_and_back_on_a_narrow_dark_screen(watch: Watch) -> None:
    seen = opened(watch(dark=True, width=390), "?sort=Oldest&page=2&words=grid")
    page = seen.page
    title = page.locator(".st-key-article-0 [data-testid=stPageLink-NavLink]").first
    name = title.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.grave() == []
    title.click()
    page.wait_for_function("location.pathname.endsWith('/article') && location.search.includes('path=')")
    expect(page.get_by_role("heading", level=1)).to_have_text(name.strip(), timeout=30_000)
    settled(seen)
    page.go_back()
    page.wait_for_function("location.pathname.endsWith('/articles')")
    settled(seen)
    expect(page.locator(".st-key-article-0 [data-testid=stPageLink-NavLink]").first).to_have_text(name)
    seen.check()
    page.get_by_text("Images", exact=True).click()
    settled(seen)
    page.wait_for_timeout(500)
    assert any(fault.startswith("request to https://images.") for fault in seen.faults)
