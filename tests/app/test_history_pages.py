"""What the pages show of a corpus's history, with one and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.catalog import VIEWS
from tests.app.harness import charts, opened, switched, text

HISTORY_TABS = tuple(dict.fromkeys((view.page, view.tab) for view in VIEWS.values() if view.requires == "history"))
CURVES, LIVES = "How it behaves", "Lives"


def boxes(at: AppTest) -> str:
    return "\n".join(info.value for info in at.main.info).replace("\\", "")


@pytest.mark.slow
@pytest.mark.parametrize(("page", "tab"), HISTORY_TABS)
def test_a_corpus_without_history_says_what_is_needed_and_shows_the_rest(page: str, tab: str, tmp_path: Path) -> None:
    (tmp_path / "2024-01-01-a.md").write_text("---\ntitle: A\nquality: 70\nheat: 71\n---\n")
    at = opened(page, tmp_path, tab=tab)
    assert not at.error
    assert "git bundle create" in boxes(at)
    views = [view for view in VIEWS.values() if (view.page, view.tab) == (page, tab)]
    assert all(view.question in text(at) for view in views if view.requires == "history")
    headers = [header.value for header in at.main.header]
    assert headers == [view.title for view in views if not view.requires]


@pytest.mark.slow
def test_the_heat_page_tells_lives_of_the_sample() -> None:
    at = opened("Heat", tab=CURVES)
    shown = text(at)
    assert "399 of 1,199 lives ever rose above their quality" in shown
    assert "What more could be said here" not in shown


@pytest.mark.slow
def test_the_page_of_an_article_tells_the_life_of_its_heat() -> None:
    at = opened("Heat", tab=LIVES)
    (path,) = next(row for row in at.main.dataframe if "peak_lift" in row.value).value["path"].head(1)
    at.query_params["path"] = path
    switched(at, "Article")
    assert "The life of its heat" in [header.value for header in at.main.header]
    assert "Heat rose at most" in text(at)


@pytest.mark.slow
def test_outages_are_drawn_on_time_charts_when_the_reader_wants_them() -> None:
    at = opened("Timeline")
    assert not [caption for caption in at.main.caption if "▼" in caption.value]
    at.toggle(key="outages").set_value(True).run()
    assert not at.exception
    assert [caption for caption in at.main.caption if "▼" in caption.value]


@pytest.mark.slow
def test_a_page_as_of_a_day_shows_the_corpus_of_then() -> None:
    at = opened("Heat", as_of="2025-01-31")
    assert not at.error
    caption = at.main.caption[0].value.replace("\\", "")
    shown, _, rest = caption.partition(" articles: ")
    assert rest.startswith("as the corpus was on 2025-01-31")
    assert int(shown.split(" of ")[1].replace(",", "")) < 700


@pytest.mark.slow
def test_a_day_of_which_nothing_is_known_is_an_error_in_words_that_can_be_taken_back(tmp_path: Path) -> None:
    (tmp_path / "2024-01-01-a.md").write_text("---\ntitle: A\n---\n")
    at = opened("Quality", tmp_path, as_of="2024-01-01")
    assert "git" in at.error[0].value.replace("\\", "")
    at.date_input(key="as_of").set_value(None).run()
    assert not at.error


@pytest.mark.slow
def test_the_heat_page_tells_the_lives_of_a_real_site(
    shared: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_HISTORY", str(shared("powerapps-news-2022.bundle")))
    at = opened("Heat", shared("powerapps"), tab=CURVES)
    assert "147 of 336 lives ever rose above their quality" in text(at)
    assert charts(at)
