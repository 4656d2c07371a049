"""What changed in a browser: the page and what is taken away from it, and the HTML of hostile titles."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analytics.corpus.loader import load_corpus
from analytics.reports.changes_digest import digest_since
from tests.analyses.test_snapshots import daily
from tests.corpora import article, write
from tests.corpus.repositories import commit, repository
from tests.e2e.conftest import IDLE, Watched, serving
from tests.reports.test_changes_digest import hostile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_changes_are_listed_linked_and_taken_away(browser: Browser, tmp_path: Path) -> None:
    folder = repository(tmp_path / "site") / "content"
    write(folder, daily("P", 1, 5))
    commit(folder, "2024-01-05T18:00:00+00:00")
    write(folder, [*daily("P", 1, 5), article(title="<b>=New</b> **x**", at="2024-01-06")])
    context = browser.new_context(color_scheme="dark", viewport={"width": 390, "height": 1000}, accept_downloads=True)
    with serving(folder, tmp_path / "log") as address:
        watched = Watched(context.new_page(), address)
        page = watched.page
        page.goto(f"{address}/what_changed?since=2024-01-06")
        page.get_by_text("Changes: 1 added.").wait_for(timeout=60_000)
        assert "since=2024-01-06" in page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.wait_for_selector(IDLE)
        assert watched.grave() == []
        for name, form in (("Markdown", "markdown"), ("HTML", "html"), ("CSV", "csv"), ("JSON", "json")):
            with page.expect_download() as download:
                page.get_by_role("button", name=f"Download {name}").click()
            expected = digest_since(load_corpus(folder), date(2024, 1, 6)).render(form)  # type: ignore[arg-type]
            assert Path(download.value.path()).read_bytes() == expected.encode()
        page.get_by_role("link", name="<b>=New</b> **x**").click()
        page.wait_for_url("**/article?path=*0005.md")
        page.get_by_role("heading", name="<b>=New</b> **x**").wait_for()
        watched.check()
    context.close()


def test_the_html_runs_nothing_and_asks_for_nothing(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "digest.html"
    file.write_text(hostile().render("html"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.on("console", lambda line: asked.append(line.text))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.get_by_text("<script>alert(1)</script> (<script>alert(1)</script>)").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
