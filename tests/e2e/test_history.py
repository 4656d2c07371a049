"""In a real browser: the lives of a real site's stories, from its clone, and the way to one article's life."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_heat_page_of_a_clone_tells_lives_and_leads_to_one(
    watch: Callable[..., Watched], shared: Callable[[str], Path], tmp_path: Path
) -> None:
    clone = tmp_path / "site"
    subprocess.run(["git", "clone", "-q", str(shared("powerapps-news-2022.bundle")), str(clone)], check=True)
    with serving(clone, tmp_path / "log") as address:
        watched = watch(dark=True)
        watched.address = address
        watched.open("heat?tab=How+it+behaves")
        page = watched.page
        card = page.locator(".st-key-card-heat_curve")
        expect(card.get_by_text("147 of 336 lives ever rose above their quality")).to_be_visible(timeout=30_000)
        card.locator("svg.marks, canvas.marks").first.wait_for(timeout=30_000)
        assert watched.grave() == []
        watched.open("heat?tab=Lives")
        listed = page.locator(".st-key-card-heat_lives")
        expect(listed.get_by_text("172 lives rose above quality")).to_be_visible(timeout=30_000)
        assert watched.grave() == []
        watched.open("article?path=_news/2021-06-04-canvas-app-settings-have-a-fresh-new-look.md")
        expect(page.get_by_text("Heat rose at most +8 points above quality")).to_be_visible(timeout=30_000)
        watched.open("quality?as_of=2022-03-01")
        expect(page.get_by_text("381 of 381 articles: as the corpus was on 2022-03-01")).to_be_visible(timeout=30_000)
        watched.check()
