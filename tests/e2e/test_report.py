"""A report of hostile articles in a real browser, from the file: on screen, on a phone, and on paper."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.reports.report.html import to_html
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection
from analytics.userdata.dated_notes import NOTES
from tests.corpora import article, corpus_of
from tests.e2e.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN = "<script>document.title='run'</script><img src=x onerror=document.title='run'> **b** [x](javascript:alert(1))"
URL = "javascript:document.title='run'"
VIEWS_SHOWN = (
    "key_figures", "articles_over_time", "biggest_changes", "quality_by_provider", "hottest_articles", "topics_ranked",
    "providers_ranked", "topic_pairs", "near_duplicates", "problems_listed",
)  # fmt: skip


def drawn(view: View) -> bool:
    """Whether a report has a chart of the view, and no tiles or list."""
    return not view.is_list and not view.tiles


@cache
def hostile() -> str:
    """The page of articles whose every text wants to run, with a note that does too."""
    corpus = corpus_of(
        [
            article(
                title=f"{RUN} {day}" if day % 2 else "W" * 300,
                excerpt=RUN,
                at=f"{year}-02-{day:02}",
                quality=60 + day,
                heat=70 + day,
                published=day > 10,
                provider=RUN if day % 3 else URL,
                domain="x.example",
                topics=[RUN, '"><script>document.title="run"</script>', URL],
                kind=RUN,
            )
            for year in (2024, 2025)
            for day in range(1, 25)
        ]
    )
    days = {"day": pd.to_datetime(["2025-02-10"]), "last_day": pd.to_datetime(["2025-02-12"])}
    notes = NOTES.of(pd.DataFrame(days | {"text": [RUN], "file": ["notes.yml"]}))
    selection = Selection(start=date(2025, 2, 1), end=date(2025, 2, 28), compare="year")
    views = [VIEWS[slug] for slug in VIEWS_SHOWN]
    report = build_report(corpus, selection, made=date(2026, 11, 2), title=RUN, views=views, notes=notes)
    return to_html(report)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    """Open the report from its file, in a context of its own; any other request than that for the file is a fault."""
    contexts = []
    path = tmp_path / "report.html"
    path.write_text(hostile(), encoding="utf-8")

    def open_report(*, dark: bool = False, width: int = 1280) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        seen = Watched(context.new_page(), path.as_uri())
        seen.page.on("request", lambda asked: None if asked.url == path.as_uri() else seen.faults.append(asked.url))
        seen.faults.clear()
        seen.page.goto(path.as_uri())
        seen.page.locator("svg").first.wait_for(state="attached")
        return seen

    yield open_report
    for context in contexts:
        context.close()


def faults(seen: Watched) -> list[str]:
    """What went wrong beside the opening of the file itself, which `Watched` takes for a foreign request."""
    return [fault for fault in seen.faults if fault != f"request to {seen.address}"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_hostile_texts_run_nothing_and_everybody_can_read(opened: Callable[..., Watched], dark: bool) -> None:
    seen = opened(dark=dark)
    page = seen.page
    assert page.locator("h1").inner_text() == RUN
    assert page.locator("svg").count() == len([slug for slug in VIEWS_SHOWN if drawn(VIEWS[slug])])
    for data in page.locator("details").all():
        data.evaluate("part => { part.open = true }")
    assert page.title() == RUN
    assert page.locator("script, img, iframe, object").count() == 0
    hrefs = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert [href for href in hrefs if not re.match("https?://|#", href)] == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(14, 17, 23)" if dark else "rgb(255, 255, 255)")
    assert seen.grave() == []
    page.locator("nav a").last.click()
    assert page.url.endswith("#method")
    page.go_back()
    assert faults(seen) == []


def test_the_page_itself_forbids_what_would_run(opened: Callable[..., Watched]) -> None:
    """The policy stops a script and a request that got in all the same."""
    seen = opened()
    seen.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title = 1'}));"
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.1:9/x.png'}))"
    )
    assert seen.page.title() == RUN
    assert len([fault for fault in faults(seen) if "Content Security Policy" in fault]) == 2


def test_a_phone_shows_it_without_scrolling_sideways(opened: Callable[..., Watched]) -> None:
    seen = opened(width=390)
    for data in seen.page.locator("details").all():
        data.evaluate("part => { part.open = true }")
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
    beyond = (
        "[...document.querySelectorAll('h1, h2, h3, p, li, dd, summary')]"
        ".filter(it => !it.closest('.scroll') && it.getBoundingClientRect().right > innerWidth + 1)"
        ".map(it => it.outerHTML.slice(0, 200))"
    )
    assert seen.page.evaluate(beyond) == []
    assert seen.grave() == []
    assert faults(seen) == []


def test_on_paper_it_is_a4_with_light_ground(opened: Callable[..., Watched]) -> None:
    seen = opened(dark=True)
    data = seen.page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = [list(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", data)]
    assert len(boxes) >= 4
    assert all((round(width), round(height)) in ((595, 842), (595, 841)) for _, _, width, height in boxes)
    assert data.count(b"/Type /Page\n") == len(boxes)
    seen.page.emulate_media(media="print")
    style = "getComputedStyle(document.body).backgroundColor"
    assert seen.page.evaluate(style) == "rgb(255, 255, 255)"
    wide = (
        "[...document.querySelectorAll('svg')].filter(it => it.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert seen.page.evaluate(wide) == 0
