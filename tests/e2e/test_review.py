"""Two people review together in real browsers: blind until judged, by keys or with a thumb, settled, in the minutes."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analytics.app.review.page_state import COOKIE, name_with_signature
from analytics.engine.slice import Slice
from analytics.reviews.agenda import handpicked, new_session
from analytics.reviews.store.store import Store, open_store
from tests.conftest import SAMPLE
from tests.corpora import real_corpus
from tests.e2e.conftest import IDLE, Watched, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WITHIN = 15_000
"""Milliseconds in which what another person did must be seen, on a machine that does other things too."""

HOSTILE = "=SUM(A1) **bold** <img src=x> | שלום 🚀"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, int, list[str]]:
    """A session of three articles of the sample in a store of its own: the store, its number, the headlines."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", f"sqlite:///{tmp_path / 'reviews.db'}")
    store, data = open_store(), Slice(real_corpus(SAMPLE))
    rows = data.rows("quality", limit=3)
    picked = handpicked(data, rows["path"].tolist())
    return (
        store,
        store.create(new_session(data, title="The week", chosen_candidates=picked, budget_minutes=5), "Ana"),
        list(rows["title"]),
    )


def ready(page: Page) -> None:
    """Wait until the script has run."""
    page.wait_for_timeout(150)
    page.wait_for_selector(IDLE, timeout=60_000)


def judging(watched: Watched, address: str, number: int, name: str) -> Page:
    """A person's page of a session."""
    watched.address = address
    watched.page.goto(f"{address}/review?session={number}")
    field = watched.page.get_by_role("combobox", name="Your name")
    field.fill(name, timeout=60_000)
    field.press("Enter")
    watched.page.locator(".st-key-review-verdicts button").first.wait_for(timeout=60_000)
    ready(watched.page)
    return watched.page


def headline(page: Page, title: str) -> None:
    """Wait until the article of a headline is shown."""
    expect(page.locator(".st-key-review-article h2")).to_have_text(title, timeout=WITHIN)
    ready(page)


def test_two_people_judge_at_the_same_time_settle_and_take_the_minutes_away(
    watch: Callable[..., Watched], session: tuple[Store, int, list[str]], tmp_path: Path
) -> None:
    store, number, titles = session
    with serving(SAMPLE, tmp_path / "log") as address:
        first, second = watch(), watch(dark=True)
        ana, ben = judging(first, address, number, "Ana"), judging(second, address, number, "Ben")
        ana.get_by_role("textbox", name="Note").fill(HOSTILE)
        ana.get_by_role("button", name="promote").click()
        headline(ana, titles[1])
        expect(ben.get_by_text("Ana: 1 of 3")).to_be_visible(timeout=WITHIN)
        assert "Ana said" not in ben.inner_text("body")
        ben.get_by_role("button", name="keep").click()
        headline(ben, titles[1])
        ben.get_by_role("button", name="Previous").click()
        headline(ben, titles[0])
        expect(ben.get_by_text(f"Ana said: promote — {HOSTILE}")).to_be_visible(timeout=WITHIN)
        ana.get_by_role("button", name="Settle", exact=True).click()
        ana.get_by_role("button", name="Show all verdicts and settle").click()
        expect(ana.get_by_text("1 of 1 judged article with different verdicts")).to_be_visible(timeout=WITHIN)
        ready(ana)
        ana.get_by_role("radio", name="promote").or_(
            ana.get_by_role("button", name="promote", exact=True)
        ).first.click()
        ready(ana)
        ana.get_by_role("button", name="Decide").click()
        expect(ana.get_by_text("1 of 3 settled")).to_be_visible(timeout=WITHIN)
        ready(ana)
        ana.get_by_role("button", name="Results").click()
        with ana.expect_download(timeout=60_000) as taken:
            ana.get_by_role("button", name="All of it (zip)").click()
        target = tmp_path / "minutes.zip"
        taken.value.save_as(target)
        for watched in (first, second):
            watched.check()
    assert {each.person for each in store.judgements(number)} == {"Ana", "Ben"}
    with zipfile.ZipFile(target) as archive:
        names = {name.rpartition("/")[2]: name for name in archive.namelist()}
        minutes = archive.read(names["minutes.html"]).decode()
        rows = archive.read(
            names["review_judgements.csv"]
            if "review_judgements.csv" in names
            else next(name for short, name in names.items() if short.endswith("judgements.csv"))
        ).decode()
    assert "Ana" in minutes
    assert "Ben" in minutes
    assert "&lt;img src=x&gt;" in minutes
    assert "<img" not in minutes
    assert f"'{HOSTILE}" in rows


def test_a_session_is_judged_by_keys_alone(
    watch: Callable[..., Watched], session: tuple[Store, int, list[str]], tmp_path: Path
) -> None:
    store, number, titles = session
    with serving(SAMPLE, tmp_path / "log") as address:
        watched = watch()
        page = judging(watched, address, number, "Ana")
        headline(page, titles[0])
        page.keyboard.press("w")
        expect(page.locator("textarea:focus")).to_have_attribute("aria-label", "Note", timeout=WITHIN)
        ready(page)
        page.keyboard.type("digits 1 2 3 in a note are no verdicts")
        page.keyboard.press("Control+Enter")
        ready(page)
        page.keyboard.press("Tab")
        page.keyboard.press("1")
        headline(page, titles[1])
        page.keyboard.press("s")
        headline(page, titles[2])
        page.keyboard.press("p")
        headline(page, titles[1])
        page.keyboard.press("n")
        headline(page, titles[2])
        page.keyboard.press("3")
        expect(page.get_by_text("You have been through all articles (3).")).to_be_visible(timeout=WITHIN)
        watched.check()
    said = [each.opinion for each in sorted(store.judgements(number), key=lambda each: each.item)]
    assert [each.verdict for each in said] == ["keep", None, "demote"]
    assert said[0].note == "digits 1 2 3 in a note are no verdicts"


def test_the_browser_keeps_the_name_and_takes_none_that_the_server_did_not_sign(
    watch: Callable[..., Watched], session: tuple[Store, int, list[str]], tmp_path: Path
) -> None:
    _, number, titles = session
    with serving(SAMPLE, tmp_path / "log") as address:
        watched = watch()
        page = judging(watched, address, number, "Zoë")
        page.reload()
        headline(page, titles[0])
        expect(page.get_by_text("You are Zoë.")).to_be_visible(timeout=WITHIN)
        (cookie,) = (each for each in page.context.cookies() if each["name"] == COOKIE)
        assert (cookie["expires"], cookie["sameSite"]) == (-1, "Strict")
        signature = cookie["value"].partition(".")[2]
        for value in ("Ana", f"{b'Ana'.hex()}.{signature}", name_with_signature("Ana")):
            page.context.add_cookies([{"name": COOKIE, "value": value, "url": address}])
            page.reload()
            expect(page.get_by_role("heading", name="Who are you?")).to_be_visible(timeout=60_000)
            ready(page)
        watched.check()


@pytest.mark.parametrize("dark", [True])
def test_a_thumb_reaches_every_verdict_on_a_phone(
    watch: Callable[..., Watched], session: tuple[Store, int, list[str]], tmp_path: Path, dark: bool
) -> None:
    store, number, titles = session
    with serving(SAMPLE, tmp_path / "log") as address:
        watched = watch(dark=dark, width=390)
        page = judging(watched, address, number, "Ana")
        page.set_viewport_size({"width": 390, "height": 844})
        buttons = page.locator(".st-key-review-verdicts button")
        assert buttons.count() == 6
        for place in range(6):
            box = buttons.nth(place).bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
            assert 844 / 2 < box["y"] < 844 - box["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for title in (*titles[1:], None):
            buttons.nth(0).click()
            if title:
                headline(page, title)
        expect(page.get_by_text(re.compile(r"You have been through all articles \(3\)"))).to_be_visible(timeout=WITHIN)
        ready(page)
        assert watched.grave() == []
        watched.check()
    assert [each.opinion.verdict for each in store.judgements(number)] == ["keep"] * 3


def test_a_server_that_was_away_costs_nothing_that_was_written(
    watch: Callable[..., Watched], session: tuple[Store, int, list[str]], tmp_path: Path
) -> None:
    store, number, titles = session
    with serving(SAMPLE, tmp_path / "log") as address:
        page = judging(watch(), address, number, "Ana")
        page.get_by_role("textbox", name="Note").fill("written before the server went away")
        page.get_by_role("heading", name=titles[0]).click()
        ready(page)
    port = int(address.rpartition(":")[2])
    with serving(SAMPLE, tmp_path / "log2", port=port):
        page.wait_for_selector('[data-testid="stApp"][data-test-connection-state="CONNECTED"]', timeout=60_000)
        ready(page)
        expect(page.get_by_role("textbox", name="Note")).to_have_value(
            "written before the server went away", timeout=WITHIN
        )
        page.get_by_role("button", name="keep").click()
        headline(page, titles[1])
    (judgement,) = store.judgements(number)
    assert judgement.opinion.note == "written before the server went away"
