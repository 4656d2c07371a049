"""The Reports page in a real browser: what is downloaded there is what the command line writes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analytics.corpus.loader import load_corpus
from analytics.engine.history_and_reviews import SideData
from analytics.history.loader import history_of
from analytics.reports.bundle import write_bundle
from analytics.selection.selection import parse
from tests.conftest import SAMPLE
from tests.e2e.conftest import IDLE, Watched

pytestmark = pytest.mark.slow

Watch = Callable[..., Watched]


def test_the_bundle_of_the_page_is_that_of_the_command_line(browser: Browser, own_server: str, tmp_path: Path) -> None:
    seen = Watched(browser.new_page(), own_server)
    page = seen.page
    page.goto(f"{seen.address}/reports?topic=Hydrogen")
    page.get_by_role("button", name="Make Bundle").click()
    made = page.get_by_role("button", name="Download Bundle")
    made.wait_for(timeout=60_000)
    page.wait_for_selector(IDLE, timeout=60_000)
    with page.expect_download() as download:
        made.click()
    corpus = load_corpus(SAMPLE)
    known = SideData(history=history_of(corpus))
    target = write_bundle(corpus, parse("topic=Hydrogen"), tmp_path / "bundle.zip", side_data=known)
    assert Path(download.value.path()).read_bytes() == target.read_bytes()
    assert download.value.suggested_filename.startswith("bundle_")
    assert download.value.suggested_filename.endswith(".zip")
    assert seen.grave() == []
    seen.check()
    page.close()


def test_the_page_fits_a_phone_and_is_readable_in_the_dark(watch: Watch) -> None:
    seen = watch(dark=True, width=390)
    seen.page.goto(f"{seen.address}/reports")
    seen.page.get_by_role("heading", name="Save as recipe").wait_for(timeout=60_000)
    seen.page.wait_for_selector(IDLE, timeout=60_000)
    assert seen.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert seen.grave() == []
    seen.check()
