"""Every page of the dashboard, run in Streamlit's own test harness."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.app import answers
from analytics.app.answers import Answer
from analytics.app.cards import card_rows
from analytics.app.corpus_cache import check_for_changes
from analytics.catalog import PAGES, TABS, VIEWS, overview, review
from analytics.catalog.view import Value, View
from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from analytics.selection.fields import PARAMETERS
from analytics.selection.selection import Selection
from tests.app.harness import captions, charts, dashboard, opened, run, text

CARD_PAGES = [name for name in PAGES if name not in (overview.PAGE, review.PAGE)]
"""The pages that are cards and nothing else."""


@pytest.fixture(scope="module")
def known(sample: Corpus, sample_history: History) -> Slice:
    """The sample with its history."""
    return Slice(sample, side_data=SideData(history=sample_history))


@pytest.mark.parametrize(("page", "tab"), [(page, tab) for page in CARD_PAGES for tab in TABS[page] or [""]])
def test_each_tab_shows_a_card_for_each_of_its_views(page: str, tab: str, known: Slice) -> None:
    at = opened(page, **({"tab": tab} if tab else {}))
    views = [view for view in VIEWS.values() if (view.page, view.tab) == (page, tab)]
    assert not at.error
    assert at.title[0].value == page
    assert [header.value for header in at.main.header] == [view.title for view in views]
    assert all(view.question in text(at) for view in views)
    answered = [view for view in views if not view.answer(known).empty]
    assert len(charts(at)) >= len([view for view in answered if not (view.tiles or view.is_list)])
    assert len(at.main.dataframe) == len(answered)
    assert [button.label for button in at.main.get("download_button")] == ["Download CSV"] * len(answered)


@pytest.mark.parametrize(
    "page",
    [
        page if page in ("Briefing", "Data health") else pytest.param(page, marks=pytest.mark.slow)
        for page in CARD_PAGES
    ],
)
def test_each_page_runs_on_an_empty_corpus(page: str, tmp_path: Path) -> None:
    at = opened(page, tmp_path)
    assert not at.error
    assert "The corpus holds no articles." in [info.value for info in at.info]


@pytest.mark.slow
def test_problems_of_a_corpus_in_which_every_file_was_lost_are_shown(tmp_path: Path) -> None:
    (tmp_path / "2024-01-01-a.md").write_text("---\ntitle: A\n")
    at = opened("Data health", tmp_path)
    assert "The corpus holds no articles." in [info.value for info in at.info]
    assert [header.value for header in at.main.header] == ["Problems by kind", "Problems listed"]
    assert at.main.dataframe[-1].value["code"].tolist() == ["unterminated"]


@pytest.mark.slow
def test_lists_are_there_without_a_click_and_other_tables_folded() -> None:
    at = run(dashboard("Data health", tables_open=False))
    views = [view for view in VIEWS.values() if (view.page, view.tab) == ("Data health", TABS["Data health"][0])]
    lists = [view for view in views if view.is_list]
    assert len(at.main.dataframe) == len(lists) > 0
    assert [element.proto.expanded for element in at.main.expander] == [False] * (len(views) - len(lists))


@pytest.mark.slow
@pytest.mark.parametrize("score", ["inf", "NaN", "1e400", "many"])
def test_a_score_of_a_link_that_is_none_is_passed_over_and_named(score: str) -> None:
    at = opened("Briefing", quality_min=score, state="published")
    assert not at.exception
    assert f"quality_min={score} is not a score" in at.warning[0].value.replace("\\", "")
    assert at.number_input(key="quality_min").value is None
    assert at.button_group(key="state").value == ["published"]


@pytest.mark.slow
def test_a_link_with_the_option_of_a_card_opens_its_tab() -> None:
    view = VIEWS["topics_over_time"]
    option = view.options[0]
    at = opened("Topics", **{f"{view.slug}-{option.name}": str(option.choices[-1])})
    assert view.title in [header.value for header in at.main.header]
    assert at.selectbox(key=f"{view.slug}-{option.name}").value == option.choices[-1]


def test_what_another_tab_holds_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(view: View, selection: Selection, options: Mapping[str, Value]) -> Answer:
        asked.append(view.tab)
        return answer(view, selection, options)

    answer = answers.answer
    monkeypatch.setattr(answers, "answer", noted)
    opened("Topics", tab="Together")
    assert set(asked) == {"Together"}


def test_every_card_has_a_tab_of_its_page() -> None:
    assert {view.slug for view in VIEWS.values() if view.tab not in (TABS[view.page] or [""])} == set()
    assert {(page, tab) for page in TABS for tab in TABS[page]} == {
        (view.page, view.tab) for view in VIEWS.values() if view.tab
    }


def test_two_cards_that_are_half_as_wide_share_a_row() -> None:
    wide, half = VIEWS["publish_rule"], VIEWS["quality_by_topic"]
    rows = card_rows([half, wide, half, half, half, wide])
    assert [[view.half for view in row] for row in rows] == [[True], [False], [True, True], [True], [False]]


def test_an_option_changes_its_card(sample: Corpus) -> None:
    at = opened("Providers")
    at.selectbox(key="providers_ranked-top").set_value(6)
    expected = VIEWS["providers_ranked"].answer(Slice(sample), {"top": 6})
    assert run(at).main.dataframe[1].value["provider"].tolist() == expected["provider"].tolist()
    assert not at.error


@pytest.mark.slow
def test_each_filter_narrows_what_the_page_shows() -> None:
    at = opened("Briefing")
    everything = text(at)
    for change in (
        lambda: at.multiselect(key="topic").set_value(["Hydrogen"]),
        lambda: at.multiselect(key="provider").set_value(["The Grid Ledger"]),
        lambda: at.number_input(key="quality_min").set_value(70),
        lambda: at.number_input(key="quality_max").set_value(60),
        lambda: at.button_group(key="state").set_value(["published"]),
        lambda: at.toggle(key="first_of_story").set_value(True),
    ):
        change().run()
        assert not at.exception
        assert text(at) != everything
        at.button[0].click().run()
        assert text(at) == everything


def test_a_story_is_counted_once_by_the_toggle_and_by_a_link(sample: Corpus) -> None:
    once = Slice(sample, Selection(first_of_story=True)).n
    assert once == Slice(sample).stories.nunique() < len(sample.articles)
    at = opened("Stories")
    assert not at.toggle(key="first_of_story").value
    at.toggle(key="first_of_story").set_value(True).run()
    said = f"{once:,} of {len(sample.articles):,} articles: the first article of each story"
    for page in (at, opened("Stories", first_of_story="true")):
        assert page.toggle(key="first_of_story").value
        assert said in captions(page)
        assert text(page).count("Only the first article of each story is selected") == 2
        assert "two decisions" not in text(page)
    at.button(key="chip-first_of_story-true").click().run()
    assert not at.toggle(key="first_of_story").value
    assert "Only the first article" not in text(at)


@pytest.mark.slow
def test_every_filter_can_be_set_and_taken_back_by_its_chip() -> None:
    at = opened("Briefing")
    everything = text(at)
    kinds = ("multiselect", "number_input", "button_group", "text_input", "date_input", "toggle", "selectbox")
    assert {widget.key for kind in kinds for widget in at.get(kind)} >= set(PARAMETERS.values())
    for parameter, change in (
        ("topic_all", lambda: at.multiselect(key="topic_all").set_value(["Hydrogen"])),
        ("topic_none", lambda: at.multiselect(key="topic_none").set_value(["Solar"])),
        ("type", lambda: at.multiselect(key="type").set_value(["video"])),
        ("collection", lambda: at.multiselect(key="collection").set_value(["news"])),
        ("heat_state", lambda: at.button_group(key="heat_state").set_value(["unranked"])),
        ("heat_min", lambda: at.number_input(key="heat_min").set_value(60)),
        ("words", lambda: at.text_input(key="words").set_value("grid")),
        ("from", lambda: at.date_input(key="from").set_value(date(2026, 1, 1))),
    ):
        change().run()
        assert not at.exception
        assert text(at) != everything
        chip = next(button for button in at.button if (button.key or "").startswith(f"chip-{parameter}-"))
        chip.click().run()
        assert text(at) == everything


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "days", "compare"),
    [
        ("Last week", (date(2026, 6, 22), date(2026, 6, 28)), "previous"),
        ("Last month", (date(2026, 6, 1), date(2026, 6, 30)), "previous"),
        ("Last quarter", (date(2026, 4, 1), date(2026, 6, 30)), "year"),
        ("This year", (date(2026, 1, 1), date(2026, 6, 30)), "year"),
        ("All", (None, None), None),
    ],
)
def test_a_preset_takes_whole_days_up_to_the_newest_article_and_a_comparison(
    name: str, days: tuple[date | None, date | None], compare: str | None
) -> None:
    at = opened("Briefing", **{"from": "2025-01-01", "compare": "previous"})
    at.button(key=f"preset-{name}").click().run()
    assert (at.date_input(key="from").value, at.date_input(key="to").value) == days
    assert at.selectbox(key="compare").value == compare


def plain_label(button: Any) -> str:
    """The label of a button without the escapes of Markdown."""
    return str(button.label).replace("\\", "")


@pytest.mark.slow
def test_a_comparison_shows_changes_on_the_tiles() -> None:
    at = opened("Briefing", **{"from": "2025-01-01", "to": "2025-12-31", "compare": "year"})
    tiles = {metric.label: (metric.value, metric.delta) for metric in at.metric}
    assert tiles["Articles"] == ("523", "")  # 2024 has a day more
    assert tiles["Articles per day"] == ("1.4", "+0.4")
    assert tiles["Share published"] == ("46%", "-11 points")
    assert any("Hydrogen is down: 4% of the articles, from 11%" in plain_label(button) for button in at.main.button)


@pytest.mark.slow
def test_a_changed_corpus_is_offered_for_reloading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "2024-01-01-a.md").write_text("---\ntitle: A\n---\n")
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(tmp_path))
    at = opened("Data health")
    assert "1 of 1 article:" in at.main.caption[0].value
    (tmp_path / "2024-01-02-b.md").write_text("---\ntitle: B\n---\n")
    check_for_changes.clear()
    at.run()
    assert "changed on the disk" in at.sidebar.info[0].value
    at.button(key="reload").click().run()
    assert "2 of 2 articles" in at.main.caption[0].value
    assert not at.sidebar.info


def test_a_link_opens_its_selection_on_every_page() -> None:
    at = opened("Quality", topic=["Hydrogen"], quality_min="70")
    assert at.multiselect(key="topic").value == ["Hydrogen"]
    assert at.number_input(key="quality_min").value == 70
    assert "topic Hydrogen; quality 70 to any" in at.main.caption[0].value.replace("\\", "")


def test_nonsense_in_a_link_gives_a_notice_and_the_rest_is_kept() -> None:
    at = opened(
        "Briefing", **{"from": "soon", "topic": ["Hydrogen", "Astrology"], "colour": "red", "quality_min": "-4"}
    )
    notices = "\n".join(warning.value for warning in at.warning).replace("\\", "")
    for name in ("from=soon", "topic=Astrology", "colour=red", "quality_min=-4"):
        assert name in notices
    assert at.multiselect(key="topic").value == ["Hydrogen"]
    assert not at.error


def test_filters_that_match_nothing_say_so_and_offer_to_clear() -> None:
    at = opened("Quality", provider=["The Grid Ledger"], topic=["Hydrogen"], quality_min="190")
    assert "No article matches the filters." in [info.value for info in at.info]
    at.button(key="clear-here").click().run()
    assert not at.info
    assert at.multiselect(key="topic").value == []


def test_a_corpus_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    at = opened("Briefing", tmp_path / "nowhere")
    assert "there is no such folder" in at.error[0].value.replace("\\", "")
