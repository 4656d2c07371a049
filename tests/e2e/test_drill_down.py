"""What only a browser shows of the ways from marks to articles: clicks, drags, the way back, links elsewhere."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from tests.e2e.conftest import IDLE, Watched

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]

SHOWN = re.compile(r"^([\d,]+) of [\d,]+ articles")


def shown(seen: Watched, n: int) -> None:
    """The page tells that it shows so many articles."""
    expect(seen.page.get_by_text(SHOWN).first).to_have_text(re.compile(rf"^{n:,} of "), timeout=20_000)
    seen.page.wait_for_selector(IDLE)


def card(seen: Watched, slug: str) -> Locator:
    return seen.page.locator(f".st-key-card-{slug}")


def bar_of(seen: Watched, slug: str, place: int) -> Locator:
    return card(seen, slug).locator("svg.marks").first.locator(".mark-rect path[aria-label]").nth(place)


def test_from_a_bar_to_exactly_its_articles_and_back_and_forward(watch: Watch, sample: Corpus) -> None:
    table = VIEWS["topics_ranked"].answer(Slice(sample))
    place = int(table.index[table["topic"] == "Solar"][0])
    n = int(table["n"].iloc[place])
    seen = watch()
    seen.open("topics")
    bar_of(seen, "topics_ranked", place).click()
    picked = seen.page.locator("[class*=st-key-picked]")
    expect(picked.get_by_text(f"{n} articles")).to_be_visible()
    picked.get_by_role("link", name="Read them").first.click()
    seen.page.wait_for_url("**/articles?topic_all=Solar")
    shown(seen, n)
    seen.page.get_by_role("button", name="topic_all: Solar").click()
    shown(seen, len(sample.articles))
    seen.page.go_back()
    shown(seen, n)
    seen.page.go_back()
    seen.page.wait_for_url("**/topics")
    shown(seen, len(sample.articles))
    assert not seen.page.get_by_role("button", name="topic_all: Solar").is_visible()
    seen.page.go_forward()
    seen.page.wait_for_url("**/articles?topic_all=Solar")
    shown(seen, n)
    seen.check()


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["America/New_York"])
def test_a_drag_over_time_narrows_every_chart(zone: str, watch: Watch) -> None:
    """Days are those of UTC, whatever the zone of the browser; the long runs try one in the east too."""
    assert_narrowed_by_a_drag(zone, watch)


def assert_narrowed_by_a_drag(zone: str, watch: Watch) -> None:
    seen = watch(zone=zone)
    seen.open("timeline")
    other = card(seen, "articles_by_hour").locator("p").nth(1)
    before = other.inner_text()
    first, last = bar_of(seen, "articles_smoothed", 5), bar_of(seen, "articles_smoothed", 8)
    first.scroll_into_view_if_needed()
    ends = [box for mark in (first, last) if (box := mark.bounding_box())]
    seen.page.mouse.move(ends[0]["x"] + 3, ends[0]["y"] - 10)
    seen.page.mouse.down()
    seen.page.mouse.move(ends[1]["x"] + 3, ends[1]["y"] - 10, steps=4)
    seen.page.wait_for_timeout(500)
    assert "from=" not in seen.page.url
    seen.page.mouse.up()
    seen.page.wait_for_url(re.compile("from=2024-06-01.*to=2024-09-30"))
    expect(seen.page.get_by_role("button", name="from: 2024-06-01")).to_be_visible()
    expect(other).not_to_have_text(before)
    seen.settle()
    left = seen.page.locator(".mark-rect.brush_brush path").first.bounding_box()
    assert left is None or left["width"] == 0
    for chip in ("from: 2024-06-01", "to: 2024-09-30"):
        seen.page.get_by_role("button", name=chip).click()
        expect(seen.page.get_by_role("button", name=chip)).to_have_count(0, timeout=20_000)
    expect(other).to_have_text(before, timeout=20_000)
    seen.check()


@pytest.mark.slow
def test_an_article_opens_elsewhere_by_its_link(watch: Watch, sample: Corpus) -> None:
    seen = watch()
    seen.open("?provider=The+Grid+Ledger")
    bar_of(seen, "articles_over_time", 0).click()
    picked = seen.page.locator("[class*=st-key-picked]")
    link = picked.locator("a[href*=path]").first
    assert seen.grave() == []
    label = link.inner_text().split(" · ")[-1]
    link.click()
    seen.page.wait_for_url("**/article?*path=*")
    other = watch(dark=True)
    other.page.goto(seen.page.url)
    expect(other.page.get_by_text(label, exact=True).first).to_be_visible(timeout=20_000)
    assert label in sample.articles["title"].tolist()
    seen.check()
    other.check()


@pytest.mark.slow
def test_a_row_of_the_table_is_picked_without_a_mouse(watch: Watch) -> None:
    seen = watch(width=390)
    seen.open("topics")
    ranked = card(seen, "topics_ranked")
    ranked.get_by_text("Table and CSV").click()
    table = ranked.locator("[data-testid=stDataFrame]")
    table.locator("canvas").first.wait_for()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    seen.page.mouse.click(box["x"] + 120, box["y"] + 60)
    seen.page.keyboard.press("Shift+Space")
    expect(ranked.get_by_role("link", name="Read them").first).to_be_visible()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    seen.check()
