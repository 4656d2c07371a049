"""In a real browser: a saved selection comes back in a fresh one, and a note is seen on a time chart."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARK = "path[fill='#687a96']"
AXIS = ".st-key-card-articles_over_time svg.marks .role-axis-label text"


def fresh(browser: Browser, address: str, *, dark: bool = False) -> Watched:
    scheme = "dark" if dark else "light"
    page = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 1400}).new_page()
    return Watched(page, address)


def opened(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_what_is_kept_is_there_in_a_fresh_browser(browser: Browser, own_server: str) -> None:
    first = fresh(browser, own_server)
    first.open("?topic=Hydrogen&quality_min=70")
    axis = first.page.locator(AXIS).all_inner_texts()
    assert len(axis) > 5
    assert first.page.locator(MARK).count() == 0
    opened(first.page, "Saved selections")
    first.page.get_by_label("Save it as").fill("Good hydrogen")
    first.page.get_by_label("Save it as").press("Enter")
    first.page.get_by_role("button", name="Save", exact=True).click()
    first.page.get_by_text("Saved as Good hydrogen").wait_for()
    first.page.keyboard.press("Escape")
    opened(first.page, "Notes")
    first.page.get_by_label("Text", exact=True).fill("<b>New</b> rules")
    first.page.get_by_label("Text", exact=True).press("Control+Enter")
    first.page.get_by_role("group", name="Day", exact=True).get_by_role("spinbutton").first.click()
    first.page.keyboard.type("20260203")
    first.settle()
    first.page.get_by_role("button", name="Add note").click()
    first.page.get_by_text("Saved.", exact=True).wait_for()
    first.check()

    second = fresh(browser, own_server, dark=True)
    second.open()
    opened(second.page, "Saved selections")
    second.page.get_by_label("Choose one").click()
    second.page.get_by_role("option", name="Good hydrogen").click()
    second.page.wait_for_function("location.search == '?topic=Hydrogen&quality_min=70'")
    second.page.get_by_text("topic Hydrogen; quality 70 to any. All times").wait_for()
    second.page.keyboard.press("Escape")
    second.settle()
    assert second.page.get_by_text("▼ 1 note").count() == 2
    assert second.page.locator(AXIS).all_inner_texts() == axis
    second.page.locator(MARK).first.hover()
    second.page.locator("#vg-tooltip-element").get_by_text("3 Feb 2026: <b>New</b> rules").wait_for()
    assert second.grave() == []
    second.check()
    for seen in (first, second):
        seen.page.context.close()
