"""The Briefing page: what its blocks say, and where their buttons lead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.app import answers, glossary
from analytics.app.review import new_session
from analytics.catalog import VIEWS
from analytics.engine.history_and_reviews import SideData
from analytics.selection.selection import Selection
from tests.app.harness import captions, opened, text


def labels(at: object) -> list[str]:
    return [button.label.replace("\\", "") for button in at.main.button]  # type: ignore[attr-defined]


def test_the_sample_opens_with_what_changed_to_decide_hot_and_providers() -> None:
    at = opened("Briefing")
    assert not at.exception
    blocks = [each.value for each in at.main.subheader]
    assert blocks == ["What changed", "Providers to talk about", "To decide", "Hot now"]
    assert "**Quality is up: median 80, from 59.5**" in labels(at)
    assert "**More is published: 72% of 144 decided articles, from 38% of 128**" in labels(at)
    assert "+34 points" in captions(at).replace("\\", "")
    assert [header.value for header in at.main.header] == [
        VIEWS[slug].title for slug in ("key_figures", "quality_over_time", "articles_over_time")
    ]


@pytest.mark.slow
def test_a_claim_leads_to_its_card_with_the_same_comparison() -> None:
    at = opened("Briefing")
    next(button for button in at.main.button if "Quality is up" in button.label).click().run()
    assert at.title[0].value == "Quality"
    assert "Quality rose: median 59.5 from 1 Apr 2025 to 30 Jun 2025" in text(at)
    assert at.selectbox(key="compare").value == "year"


def test_what_waits_for_a_decision_becomes_an_agenda() -> None:
    at = opened("Briefing")
    waiting = next(each for each in answers.briefing(Selection(), None).to_decide if each.view == "near_misses")
    at.button(key="briefing-review-0").click().run()
    assert at.title[0].value == "Review"
    assert not at.exception
    assert at.multiselect(key=new_session.PICKS).value == waiting.paths
    assert f"The agenda: {waiting.n} articles" in [each.value for each in at.main.subheader]


@pytest.mark.slow
def test_where_a_story_counts_once_two_decisions_are_not_looked_for() -> None:
    assert "Stories with two decisions are not looked for." in captions(opened("Briefing", first_of_story="true"))
    assert "are not looked for" not in captions(opened("Briefing"))


@pytest.mark.slow
def test_another_length_can_be_chosen_and_is_in_the_link() -> None:
    at = opened("Briefing", days="year")
    assert "**2025**: 523 articles" in text(at)
    at.button_group(key="days").set_value("month").run()
    assert "**June 2026**" in text(at)


@pytest.mark.slow
def test_chosen_days_are_those_of_the_filters() -> None:
    at = opened("Briefing", **{"from": "2026-01-01", "to": "2026-03-31", "compare": "previous"})
    assert "**January to March 2026**" in text(at)
    assert not at.get("button_group") or all(each.key != "days" for each in at.button_group)
    assert "**Against October to December 2025**" in text(at)


@pytest.mark.slow
def test_a_real_corpus_of_old_says_so_first(shared: Callable[[str], Path]) -> None:
    at = opened("Briefing", shared("powerapps"))
    assert not at.exception
    assert "The newest article of the corpus is of 19 December 2022, 1,441 days before" in captions(
        at
    ) or "long past" in captions(at)


@pytest.mark.slow
def test_a_briefing_is_computed_once_for_all_readers() -> None:
    opened("Briefing")
    first = answers.briefing(Selection(), None)
    assert answers.briefing(Selection(), None).compared is first.compared
    assert first.data.n == first.n
    assert isinstance(answers.side_data("history"), SideData)


@pytest.mark.slow
def test_the_words_are_explained_on_every_page() -> None:
    for page in ("Briefing", "Articles"):
        shown = " ".join(each.value for each in opened(page).sidebar.markdown)
        assert all(f"**{word}**" in shown for word in glossary.WORDS)
