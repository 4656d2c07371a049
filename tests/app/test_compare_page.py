"""The Compare page, run in Streamlit's own test harness."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.catalog.comparison import COMPARED
from tests.app.harness import Query, captions, opened, text

YEARS = {"a": "from=2021-01-01&to=2021-12-31", "b": "from=2022-01-01&to=2022-12-31"}


def opened_comparison(corpus: Path | None = None, **query: Query) -> AppTest:
    """The page, opened by a link."""
    return opened("Compare", corpus, **query)


def words(at: AppTest) -> str:
    return f"{text(at)}\n{captions(at)}"


def notices(at: AppTest) -> str:
    return "\n".join(element.value for element in at.main.warning).replace("\\", "")


def sides(at: AppTest) -> dict[str, str]:
    return {slot: at.text_input(key=slot).value for slot in "abcd" if at.text_input(key=slot).value}


@pytest.mark.slow
def test_a_link_compares_two_years_of_a_real_corpus(shared: Callable[[str], Path]) -> None:
    at = opened_comparison(shared("powerapps"), **YEARS)
    assert not at.error
    assert not at.main.warning
    assert "**2022 against 2021**: no clear difference of quality (median 72 against 72" in words(at)
    assert "- Share published: 60% [55%, 66%] of 280" in words(at)
    assert [header.value for header in at.main.header] == [view.title for view in COMPARED.values()]
    assert len(at.main.dataframe) == len(at.main.get("download_button")) == len(COMPARED)


@pytest.mark.slow
def test_an_empty_page_offers_presets() -> None:
    at = opened_comparison()
    assert "Choose two selections" in at.main.info[0].value
    assert sides(at) == {}
    assert not at.main.header


@pytest.mark.slow
def test_an_empty_corpus_can_be_compared(tmp_path: Path) -> None:
    at = opened_comparison(tmp_path, a="all", b="state=published")
    assert not at.error
    assert "too few to tell of quality (articles with a score: 0 and 0;" in words(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("button", "found"),
    [
        ("start-previous", {"a": "from=2025-10-01&to=2025-12-31", "b": "from=2026-01-01&to=2026-03-31"}),
        ("start-year", {"a": "from=2025-01-01&to=2025-03-31", "b": "from=2026-01-01&to=2026-03-31"}),
        (
            "start-published",
            {
                "a": "from=2026-01-01&to=2026-03-31&state=unpublished",
                "b": "from=2026-01-01&to=2026-03-31&state=published",
            },
        ),
        ("take-next", {"a": "from=2026-01-01&to=2026-03-31"}),
    ],
)
def test_presets_start_from_the_filters(button: str, found: dict[str, str]) -> None:
    at = opened_comparison(**{"from": "2026-01-01", "to": "2026-03-31"})
    at.button(key=button).click().run()
    assert not at.exception
    assert sides(at) == found


@pytest.mark.slow
def test_without_a_period_the_newest_year_is_compared() -> None:
    at = opened_comparison()
    at.button(key="start-year").click().run()
    assert sides(at) == {"a": "from=2025-01-01&to=2025-06-30", "b": "from=2026-01-01&to=2026-06-30"}


@pytest.mark.slow
def test_topics_and_a_provider_against_the_rest() -> None:
    at = opened_comparison()
    at.selectbox(key="start-topic-one").set_value("Hydrogen")
    at.selectbox(key="start-topic-other").set_value("Solar")
    at.run()
    at.button(key="start-topics").click().run()
    assert sides(at) == {"a": "topic=Solar", "b": "topic=Hydrogen"}
    assert "topic Hydrogen against topic Solar" in words(at)
    at.selectbox(key="start-provider-name").set_value("The Grid Ledger").run()
    at.button(key="start-provider").click().run()
    assert sides(at) == {"a": "provider_none=The+Grid+Ledger", "b": "provider=The+Grid+Ledger"}
    assert "No article is in two of the selections." in words(at)
    assert not at.main.warning


@pytest.mark.slow
def test_a_part_is_taken_away_or_copied_to_all() -> None:
    at = opened_comparison(a="topic=Solar&quality_min=70", b="topic=Hydrogen&quality_min=20", c="all")
    at.menu_button(key="part-a-quality_min-70").click("Copy to all").run()
    assert sides(at) == {"a": "topic=Solar&quality_min=70", "b": "topic=Hydrogen&quality_min=70", "c": "quality_min=70"}
    at.menu_button(key="part-b-topic-Hydrogen").click("Copy to all").run()
    assert sides(at)["a"] == "topic=Hydrogen&topic=Solar&quality_min=70"
    at.menu_button(key="part-a-quality_min-70").click("Take away").run()
    assert sides(at)["a"] == "topic=Hydrogen&topic=Solar"


@pytest.mark.slow
def test_a_part_that_contradicts_a_selection_is_not_copied() -> None:
    at = opened_comparison(a="quality_min=70", b="quality_max=60")
    at.menu_button(key="part-a-quality_min-70").click("Copy to all").run()
    assert sides(at) == {"a": "quality_min=70", "b": "quality_max=60"}
    assert "Selection B is left as it is: quality_min=70 is above quality_max=60" in notices(at)


@pytest.mark.slow
def test_selections_are_put_first_removed_and_filled_from_the_filters() -> None:
    at = opened_comparison(a="topic=Solar", b="topic=Hydrogen", b_name="Water", c="all", state=["published"])
    at.menu_button(key="do-b").click("Put first").run()
    assert sides(at) == {"a": "topic=Hydrogen", "b": "topic=Solar", "c": "all"}
    assert "topic Solar against Water" in words(at)
    at.menu_button(key="do-c").click("Take the current filters").run()
    assert sides(at)["c"] == "state=published"
    at.menu_button(key="do-b").click("Remove").run()
    assert sides(at) == {"a": "topic=Hydrogen", "c": "state=published"}
    assert "published against Water" in words(at)


@pytest.mark.slow
def test_the_articles_of_a_selection_are_a_click_away() -> None:
    at = opened_comparison(a="topic=Solar", b="topic=Hydrogen&state=published")
    at.menu_button(key="do-b").click("See its articles").run()
    assert not at.exception
    assert at.title[0].value == "Articles"
    assert at.multiselect(key="topic").value == ["Hydrogen"]


@pytest.mark.slow
def test_nonsense_in_a_link_gives_a_notice_and_the_rest_is_kept() -> None:
    at = opened_comparison(a="topic=Solar&quality_min=-4", b="colour=red&topic=Astrology", c="from=soon&<b>=1")
    said = notices(at)
    for data in ("A: quality_min=-4", "B: colour=red", "B: topic=Astrology: the corpus has none", "C: from=soon"):
        assert f"Selection {data}" in said
    assert not at.error
    assert "Selection topic" not in said
    assert "topic Solar" in words(at)


@pytest.mark.slow
def test_every_option_can_be_changed() -> None:
    at = opened_comparison(a="topic=Solar", b="topic=Hydrogen")
    for view in COMPARED.values():
        for option in view.options:
            at.selectbox(key=f"{view.slug}-{option.name}").set_value(option.choices[-1])
    at.run()
    assert not at.exception
    assert not at.error


def test_a_name_is_shown_as_text() -> None:
    at = opened_comparison(a="topic=Solar", a_name="**bold** :red[x]", b="all")
    assert "all articles against **bold** :red[x]" in words(at)
    assert "244 in **bold** :red[x] and all articles. These are not independent" in notices(at)
    assert any("\\*\\*bold\\*\\*" in element.value for element in at.main.markdown)
