"""Long runs: all parameters of all pages with all kinds of hostile text, and all that people store under such names."""

import csv
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator

from analytics.app.main import MENU
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.reviews.agenda import new_session, whole_selection
from analytics.reviews.import_decisions import ImportTarget, import_decisions
from analytics.reviews.models import Opinion, Rules, Verdict
from analytics.reviews.store.store import open_store
from analytics.selection.selection import Selection
from analytics.userdata import dated_notes, saved_selections
from analytics.userdata.dated_notes import Note
from tests.corpora import paths_of
from tests.e2e.conftest import Watched, browser
from tests.e2e.test_hostile_text import (
    ONE_LINE,
    PAYLOADS,
    hostile_articles,
    left_of,
    page_link,
    query,
    seen,
    site,
    text_faults,
)

pytestmark = pytest.mark.browser


def assert_drawn_as_text(seen: Watched, links: list[str]) -> None:
    """Open links one after the other; all of them draw text from outside, as it is."""
    assert {link: found for link in links if (found := text_faults(seen, link))} == {}
    seen.check()


@pytest.mark.hours
def test_every_parameter_of_every_page_is_drawn_as_text(seen: Watched) -> None:
    assert_drawn_as_text(
        seen, [f"{page_link(page)}?{query(turn)}" for _, page, _ in MENU for turn in range(len(PAYLOADS))]
    )


def test_all_that_is_known_of_an_article_is_drawn_as_text(seen: Watched) -> None:
    assert_drawn_as_text(seen, [f"article?{urlencode({'path': path})}" for path in paths_of(hostile_articles())])


def test_words_to_look_for_ask_for_nothing(seen: Watched) -> None:
    """The marks of what was found part the text, so that only links, images and scripts are looked at."""
    for text in ONE_LINE:
        asked = dict.fromkeys(("words", "words_any", "words_none"), text) | {"words": text.split()[0]}
        text_faults(seen, f"articles?{urlencode(asked)}")
        assert [fault for fault in left_of(seen.page) if fault.startswith(("http", "data:", "a script"))] == []
    seen.check()


def test_saved_selections_notes_and_recipes_are_drawn_as_text(site: Path, seen: Watched) -> None:
    for month, text in enumerate(ONE_LINE, start=1):
        saved_selections.save(text, Selection(topics=(text,)))
        dated_notes.add(Note(date(2025, month, 15), date(2025, month, 16), text))
    assert_drawn_as_text(seen, [""])
    for popover, field, delete in (("Saved selections", "Choose one", "Delete…"), ("Notes", "Note", "Delete note…")):
        seen.page.get_by_role("button", name=popover).click()
        for place in range(len(ONE_LINE)):
            seen.page.get_by_role("combobox", name=field, exact=True).click()
            option = seen.page.get_by_role("option").nth(place)
            option.wait_for()
            assert left_of(seen.page) == []
            option.click()
            click(seen, seen.page.get_by_role("button", name=delete))
            assert left_of(seen.page) == []
            click(seen, seen.page.get_by_role("button", name="No", exact=True))
        seen.page.keyboard.press("Escape")
    assert_drawn_as_text(seen, ["reports"])
    for text in ONE_LINE:
        for field in ("Title", "Name"):
            seen.page.get_by_role("textbox", name=field, exact=True).fill(text)
            seen.page.get_by_role("textbox", name=field, exact=True).press("Enter")
            seen.still()
            assert left_of(seen.page) == []
    seen.check()


def click(seen: Watched, button: Locator) -> None:
    """Click, and wait until what comes of it is drawn."""
    button.click()
    seen.page.wait_for_timeout(150)
    seen.still()


@pytest.fixture
def sessions(site: Path, tmp_path: Path) -> list[int]:
    """Two sessions in which all names, verdicts, reasons and notes are hostile, settled by imported decisions in part;
    the second one is still judged."""
    data, store = Slice(load_corpus(site)), open_store()
    numbers = []
    for half in (ONE_LINE[:6], ONE_LINE[6:]):
        rules = Rules(tuple(Verdict(text, rank) for rank, text in enumerate(half, start=1)), tuple(ONE_LINE))
        made = new_session(
            data, title=half[0], chosen_candidates=whole_selection(data)[:12], budget_minutes=30, rules=rules
        )
        numbers.append(store.create(made, half[1]))
        items = store.items(numbers[-1])
        for place, item in enumerate(items):
            for person in (place, place + 1):
                text = ONE_LINE[person % 12]
                opinion = Opinion(half[person % 6], 70, (ONE_LINE[place], text), f"{text}\n\n{text}")
                store.judge(item.number, text, opinion)
    store.move(numbers[0], "settling", ONE_LINE[1])  # the maker of the session
    decisions = tmp_path / "decisions.csv"
    with decisions.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("path", "verdict", "note", "present", "by"))
        for place, item in enumerate(store.items(numbers[0])[:8]):
            text = ONE_LINE[place]
            rows.writerow((item.candidate.path, ONE_LINE[place % 6], text, text, text))
    import_decisions(store, decisions, data, ImportTarget(session=numbers[0]))
    store.close()
    return numbers


def named(seen: Watched, link: str, name: str) -> list[str]:
    """Open a page of the reviews under a name; what is wrong with the text on it."""
    seen.page.context.clear_cookies()  # the browser would keep the name before
    seen.page.goto(f"{seen.address}/{link}")
    field = seen.page.get_by_role("combobox", name="Your name")
    field.fill(name, timeout=60_000)
    field.press("Enter")
    seen.page.locator(".st-key-review-article").wait_for(timeout=60_000)
    seen.still()
    return left_of(seen.page)


@pytest.mark.hours
def test_names_verdicts_reasons_and_notes_of_reviews_are_drawn_as_text(sessions: list[int], seen: Watched) -> None:
    settled, judged = sessions
    assert_drawn_as_text(seen, ["review", f"review?session={settled}&step=results"])
    for place, text in enumerate(ONE_LINE, start=1):
        assert named(seen, f"review?session={settled}&step=settle&item={place}", text) == []
        assert named(seen, f"review?session={judged}&step=judge&item={place}", text) == []
    seen.check()
