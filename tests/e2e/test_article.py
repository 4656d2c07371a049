"""The page of one article in a real browser."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from analytics.app.page_links import article_address
from analytics.corpus.loader import load_corpus
from tests.conftest import SAMPLE
from tests.e2e.conftest import Watched, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "A" * 300
RUN = "<script>document.title='run'</script> **b** [x](javascript:alert(1)) <img src=x onerror=document.title='run'>"
HOSTILE = f"""---
title: "{RUN} {LONG}"
originalUrl: "javascript:document.title='run'"
webUrl: "https://x.example/{LONG}"
topics: ["<b>{LONG}</b>"]
quality: 3
note: {LONG}
related: [{{title: "Other {LONG}", webUrl: "https://x.example/other"}}]
---
"""


def test_the_link_of_an_article_opens_it_and_leads_on_to_a_related_one(watch: Callable[..., Watched]) -> None:
    corpus = load_corpus(SAMPLE)
    story = corpus.related[corpus.related["target_path"].notna()].iloc[0]
    titles = corpus.articles.set_index("path")["title"]
    seen = watch(dark=True)
    seen.open(article_address(story["path"]) + "&quality_min=70")
    seen.page.get_by_role("heading", name=titles[story["path"]], exact=True).wait_for()
    assert seen.grave() == []
    seen.page.get_by_test_id("stMain").get_by_role("link", name=titles[story["target_path"]]).first.click()
    seen.page.get_by_role("heading", name=titles[story["target_path"]], exact=True).wait_for()
    seen.page.wait_for_function("name => location.search.includes(name)", arg=quote(story["target_path"], safe=""))
    assert "quality_min=70" in seen.page.url
    seen.page.go_back()
    seen.page.get_by_role("heading", name=titles[story["path"]], exact=True).wait_for()
    seen.check()


def test_a_hostile_article_runs_nothing_and_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(HOSTILE)
    (tmp_path / "other.md").write_text(f'---\ntitle: "Other {LONG}"\nwebUrl: https://x.example/other\n---\n')
    with serving(tmp_path, tmp_path / "log") as address:
        context = browser.new_context(viewport={"width": 390, "height": 1000})
        seen = Watched(context.new_page(), address)
        seen.page.goto(f"{address}/{article_address('a.md')}")
        seen.page.get_by_text("Read it from the file").click()
        seen.page.locator("[data-testid=stCode]").wait_for()
        main = seen.page.get_by_test_id("stMain")
        assert main.locator("h1").inner_text().startswith("<script>document.title='run'</script> **b** [x](java")
        hrefs = [link.get_attribute("href") or "" for link in main.locator("a").all()]
        assert not [href for href in hrefs if "javascript" in href]
        assert f"https://x.example/{LONG}" in hrefs
        assert "article?path=other.md" in hrefs
        assert seen.page.title() != "run"
        beyond = seen.page.evaluate(
            "[...document.querySelectorAll('[data-testid=stMain] :is(h1,p,li,a,code span,button)')]"
            ".filter(it => it.getBoundingClientRect().right > innerWidth + 1).map(it => it.outerHTML.slice(0, 200))"
        )
        assert beyond == []
        seen.check()
        context.close()
