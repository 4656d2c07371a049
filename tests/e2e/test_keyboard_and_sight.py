"""What people need who use no mouse, see little, or want nothing to move (docs/accessibility.md)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analytics.app.drill_down import LIST_LABEL
from analytics.engine.slice import Slice
from analytics.reviews.agenda import handpicked, new_session
from analytics.reviews.store.store import open_store
from tests.conftest import SAMPLE
from tests.corpora import real_corpus
from tests.e2e.conftest import Watched, serving
from tests.e2e.test_dashboard import BRIGHTNESS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Watch = Callable[..., Watched]

SESSION = "The week"

MOST_STOPS = 80
"""So many presses of the Tab key lead to anything on a page, from where its own part begins."""

FOCUSED = """() => {
  const at = document.activeElement;
  const seen = [at, at.closest("label")].filter(Boolean).some(element => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  });
  const name = at.getAttribute("aria-label") || at.innerText || at.labels?.[0]?.innerText || "";
  return {tag: at.tagName, name: name.trim(), seen, card: at.closest("[class*=st-key-card-]")?.className || ""};
}"""
"""What has the focus, whether an outline or a shadow shows it, and the classes of the card that it is in."""

SMALL = """() => {
  const targets = [...document.querySelectorAll("button, a[href], summary, label:has(input), [role=tab]")];
  return targets.filter(element => {
    const box = element.getBoundingClientRect();
    const inText = element.tagName === "A" && element.closest("p, li");
    const skip = element.dataset.testid === "stSkipToContent";  // seen with the focus on it only
    return box.width > 0 && !inText && !skip && (box.width < 24 || box.height < 24);
  }).map(element => element.outerHTML.slice(0, 200));
}"""
"""What can be clicked, is no link within a text, and is less than 24 pixels wide or high."""

MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  const seconds = [...style.animationDuration.split(","), ...style.transitionDuration.split(",")].map(parseFloat);
  return Math.max(...seconds) > 0.001 || style.animationIterationCount === "infinite";
}).map(element => element.outerHTML.slice(0, 200))"""
"""What moves for more than a thousandth of a second, or for ever."""

FAINT = """() => {
  const luminance = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
      .map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const page = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
  const texts = [...document.querySelectorAll("[data-testid=stVegaLiteChart] svg.marks text")]
    .filter(text => text.textContent && !["0", "none"].includes(text.getAttribute("opacity")));
  const faint = texts.flatMap(text => {
    text.scrollIntoView({block: "center"});
    const box = text.getBoundingClientRect(), style = getComputedStyle(text);
    const below = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).find(element =>
      element !== text && element.closest(".mark-rect") && /^rgb\\(/.test(getComputedStyle(element).fill));
    const ground = below && !below.getAttribute("opacity") ? getComputedStyle(below).fill : page;
    const found = contrast(style.fill, ground);
    return found < 4.5 || parseFloat(style.fontSize) < 12
      ? [`${text.textContent}: ${style.fill} on ${ground}, ${found.toFixed(1)} to 1, ${style.fontSize}`] : [];
  });
  return [texts.length, faint];
}"""
"""How many texts charts hold, and those smaller than 12 pixels or with less contrast to their ground than 4.5 to 1."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A dashboard on the sample with one open review session."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", f"sqlite:///{tmp_path / 'reviews.db'}")
    data = Slice(real_corpus(SAMPLE))
    picked = handpicked(data, data.rows("quality", limit=3)["path"].tolist())
    open_store().create(new_session(data, title=SESSION, chosen_candidates=picked, budget_minutes=5), "Ana")
    with serving(SAMPLE, tmp_path / "log") as address:
        yield address


def tab_to(page: Page, name: str, *, card: str = "", tag: str = "") -> None:
    """Press the Tab key until something of a name, in a card or of a kind has the focus, which shows at each stop."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        assert found["seen"] or found["tag"] == "BODY", found
        if name in found["name"] and card in found["card"] and tag in ("", found["tag"]):
            return
    pytest.fail(f"the Tab key does not lead to {name}")


def to_content(page: Page) -> None:
    """Take the link that leads past the menu and the filters."""
    tab_to(page, "Skip to main content")
    page.keyboard.press("Enter")


def test_from_the_briefing_to_a_review_on_the_keyboard_alone(browser: Browser, server: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    seen = Watched(page, server)
    seen.open()
    to_content(page)
    tab_to(page, LIST_LABEL, card="st-key-card-articles_over_time")
    page.keyboard.press("Space")
    page.locator(".st-key-card-articles_over_time").get_by_role("combobox", name=LIST_LABEL).wait_for()
    seen.still()
    tab_to(page, LIST_LABEL, card="st-key-card-articles_over_time")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
    picked = page.locator("[class*=st-key-picked]")
    picked.get_by_role("link", name="Read them").first.wait_for()
    seen.still()
    tab_to(page, "Read them", tag="A")
    page.keyboard.press("Shift+Tab")
    assert "Close" in page.evaluate(FOCUSED)["name"]
    tab_to(page, "Read them", tag="A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles?*from=*")
    headline = page.locator(".st-key-article-0 a").first
    headline.wait_for()
    seen.still()
    title = headline.inner_text()
    tab_to(page, title, tag="A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article?*path=*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    seen.still()
    tab_to(page, "Add to a review", tag="SUMMARY")
    page.keyboard.press("Enter")
    tab_to(page, "Open the reviews", tag="A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review*")
    page.get_by_text(SESSION).first.wait_for()
    seen.still()
    tab_to(page, "Open", tag="BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?*session=1*")
    page.get_by_role("combobox", name="Your name").wait_for()
    seen.still()
    tab_to(page, "Your name", tag="INPUT")
    page.keyboard.type("Ana")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-review-verdicts button").first).to_be_visible()
    seen.check()
    page.close()


def test_targets_are_large_and_nothing_moves_for_who_wants_no_motion(watch: Watch) -> None:
    seen = watch()
    seen.page.emulate_media(reduced_motion="reduce")
    for path in ("", "topics?tab=State", "articles"):
        seen.page.goto(f"{seen.address}/{path}")
        seen.page.locator(".st-key-article-0, svg.marks").first.wait_for()
        seen.still()
        assert seen.page.evaluate(SMALL) == []
        assert seen.page.evaluate(MOVING) == []
    seen.page.emulate_media(reduced_motion="no-preference")
    assert seen.page.evaluate(MOVING) != []


def test_on_a_phone_the_filters_come_before_the_menu(watch: Watch) -> None:
    seen = watch(width=390)
    seen.open("topics")
    seen.page.get_by_test_id("stExpandSidebarButton").click()
    filters = seen.page.get_by_role("heading", name="Filters")
    expect(filters).to_be_in_viewport()
    menu = seen.page.locator(".st-key-menu")
    boxes = [each.bounding_box() for each in (filters, menu)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] < boxes[1]["y"]
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["quality?tab=Who and what", "data_health?tab=Completeness"])
def test_text_in_charts_can_be_read_and_each_chart_is_named_by_its_finding(path: str, watch: Watch) -> None:
    seen = watch()
    seen.open(path)
    for scheme in ("light", "dark"):
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        seen.page.wait_for_function(f"{BRIGHTNESS} {'<' if scheme == 'dark' else '>'} 128")
        seen.settle()
        number, faint = seen.page.evaluate(FAINT)
        assert number > 50
        assert faint == []
    for chart in seen.page.get_by_test_id("stVegaLiteChart").all():
        card = chart.locator("xpath=ancestor::*[contains(@class, 'st-key-card-')][1]")
        name = chart.get_by_role("graphics-document").or_(chart).first.get_attribute("aria-label")
        assert name
        assert name.replace(" ", "") in card.inner_text().replace(" ", "")
