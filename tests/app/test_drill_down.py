"""From the marks and rows of the cards to their articles, and from a drag over time to its dates."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote_plus, unquote

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.app.drill_down import LIST_LABEL, narrowed_to_drag
from analytics.app.list_table import FIRST_ROWS, LINKS
from analytics.app.page_links import filters_to_add
from analytics.catalog import VIEWS
from analytics.catalog.view import ViewRow
from analytics.charts.interactive import PICK, ROW
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection, parse
from tests.app.harness import captions, dashboard, opened, run, switched, text

LINK = LINKS["path"][0]


def ms(day: str, zone: str = "UTC") -> float:
    """A wall-clock time as a browser in a zone sends it."""
    return pd.Timestamp(day, tz=zone).timestamp() * 1000


def months(first: str = "2024-01-01", number: int = 12) -> pd.DataFrame:
    """Months, and a row without a date."""
    starts = pd.date_range(first, periods=number, freq="MS")
    rows = pd.DataFrame({"period": starts, "period_end": starts + pd.offsets.MonthEnd()})
    return pd.concat([rows, pd.DataFrame({"period": [pd.NaT], "period_end": [pd.NaT]})], ignore_index=True)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York", "Etc/Unknown", None])
@pytest.mark.parametrize(
    ("low", "high", "days"),
    [
        ("2024-03-01", "2024-04-01", ("2024-03-01", "2024-03-31")),
        ("2024-02-29 23:59", "2024-04-01 00:01", ("2024-02-01", "2024-04-30")),
        ("2024-05-20", "2024-05-25", ("2024-05-01", "2024-05-31")),
        ("2023-06-01", "2025-06-01", ("2024-01-01", "2024-12-31")),
    ],
)
def test_a_drag_takes_the_whole_periods_that_it_touches(low: str, high: str, days: Any, zone: str | None) -> None:
    browser = zone if zone and "Unknown" not in zone else "UTC"
    ends = [ms(low, browser), ms(high, browser)]
    expected = Selection(date.fromisoformat(days[0]), date.fromisoformat(days[1]), topics=("AI",))
    for given in (ends, ends[::-1]):
        assert narrowed_to_drag(given, months(), Selection(topics=("AI",)), zone) == expected


def test_a_drag_stays_inside_the_chosen_range() -> None:
    chosen = Selection(date(2024, 3, 10), date(2024, 6, 20))
    assert narrowed_to_drag([ms("2024-01-05"), ms("2024-05-05")], months(), chosen, "UTC") == Selection(
        date(2024, 3, 10), date(2024, 5, 31)
    )
    assert narrowed_to_drag([ms("2024-01-05"), ms("2024-12-05")], months(), chosen, "UTC") == chosen


def test_a_slip_of_the_hand_and_a_drag_beside_the_time_change_nothing() -> None:
    assert narrowed_to_drag([ms("2024-03-01"), ms("2024-03-03")], months(), Selection(), "UTC") is None
    assert narrowed_to_drag([ms("2022-03-01"), ms("2022-06-03")], months(), Selection(), "UTC") is None


def key_of(at: AppTest, slug: str, place: str) -> str:
    """The key of the chart or table of a card; Streamlit puts it at the end of the element's id."""
    elements = [*at.get("vega_lite_chart"), *at.main.dataframe]
    ids = [element.proto.id for element in elements]
    return next(name[name.index(slug) :] for name in ids if slug in name and name.endswith(place))


def pick(at: AppTest, slug: str, row: int | None, *, panel: int = 0) -> AppTest:
    """Click the mark of a row."""
    at.session_state[key_of(at, slug, f"-chart{panel}")] = {"selection": {PICK: [{ROW: row}]}}
    return run(at)


def row_of(slug: str, place: int, sample: Corpus, selection: str = "") -> ViewRow:
    data = Slice(sample, parse(selection))
    table = VIEWS[slug].answer(data)
    return ViewRow(table.iloc[place], table, data, VIEWS[slug].defaults())


def place_where(slug: str, sample: Corpus, **values: Any) -> int:
    table = VIEWS[slug].answer(Slice(sample))
    for name, value in values.items():
        table = table[table[name] == value]
    return int(table.index[0])


def buttons(at: AppTest, label: str) -> list[Any]:
    return [button for button in at.main.button if button.label == label]


def articles_linked(at: AppTest) -> list[Any]:
    return [link.proto for link in at.main.get("page_link") if link.proto.page == "article"]


def ways(at: AppTest) -> list[Any]:
    """The links to the Articles page."""
    return [link.proto for link in at.main.get("page_link") if link.proto.label == "Read them"]


def test_a_click_says_what_was_picked_and_names_the_newest(sample: Corpus) -> None:
    at = pick(opened("Topics"), "topics_ranked", place_where("topics_ranked", sample, topic="Solar"))
    assert "**topic Solar**" in text(at)
    assert "**244** articles\n" in text(at)
    assert "**122** articles: published" in text(at)
    newest = Slice(sample, parse("topic=Solar")).rows("day", limit=5)
    links = articles_linked(at)
    assert [link.label.replace("\\", "")[13:] for link in links] == newest["title"].tolist()
    assert [link.label.replace("\\", "")[:10] for link in links] == newest["published_at"].dt.strftime(
        "%Y-%m-%d"
    ).tolist()
    assert [parse_qs(link.query_string)["path"][0] for link in links] == newest["path"].tolist()
    assert [link.query_string for link in ways(at)] == ["topic_all=Solar", "topic_all=Solar&state=published"]


@pytest.mark.slow
def test_a_picked_set_is_kept_as_a_filter(sample: Corpus) -> None:
    at = opened("Briefing", topic=["Solar"])
    place = VIEWS["articles_over_time"].answer(Slice(sample, parse("topic=Solar")))["n"].argmax()
    row = row_of("articles_over_time", place, sample, "topic=Solar")
    pick(at, "articles_over_time", place)
    assert f"**{row['n']}** articles" in text(at)
    buttons(at, "Keep as filter")[0].click().run()
    assert not at.exception
    assert at.main.caption[0].value.startswith(f"{row['n']} of 1,195 articles")
    assert at.multiselect(key="topic").value == ["Solar"]
    assert at.date_input(key="from").value == row["period"].date()
    assert at.button_group(key="state").value == [row["state"]]
    assert not ways(at)


@pytest.mark.slow
def test_read_them_is_a_link_where_the_filters_only_grow_and_a_button_else(sample: Corpus) -> None:
    asked = {"from": "2024-05-01", "to": "2024-06-30", "compare": "previous"}
    at = pick(opened("Providers", tab="Moves", **asked), "biggest_changes", 0)
    row = row_of("biggest_changes", 0, sample, "from=2024-05-01&to=2024-06-30&compare=previous")
    parameter = "topic_all" if row["kind"] == "topic" else "provider"
    assert [link.query_string for link in ways(at)] == [f"{parameter}={quote_plus(row['label'])}"]
    buttons(at, "Read them")[0].click().run()
    assert not at.exception
    assert at.title[0].value == "Articles"
    assert at.date_input(key="to").value == date(2024, 4, 30)
    assert f"{row['previous_n']} of 1,195 articles" in captions(at)


@pytest.mark.parametrize(
    ("current", "wanted", "pairs"),
    [
        ("", "topic_all=A&from=2024-01-01", [("from", "2024-01-01"), ("topic_all", "A")]),
        ("topic_all=A", "topic_all=A&topic_all=B", [("topic_all", "B")]),
        ("from=2024-01-01", "from=2024-02-01&to=2024-02-29", [("from", "2024-02-01"), ("to", "2024-02-29")]),
        ("state=published&state=unknown", "state=published", [("state", "published")]),
        ("topic=A", "topic=A", []),
        ("topic_beside=A", "topic_beside=B", None),
        ("compare=year&topic=A", "topic=A", None),
    ],
)
def test_a_link_says_what_comes_on_top_of_the_filters(current: str, wanted: str, pairs: Any) -> None:
    assert filters_to_add(parse(current), parse(wanted)) == pairs


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "brought", "after"),
    [
        ({}, {"topic_all": ["Solar"]}, "topic_all=Solar"),
        ({"topic_all": "Solar"}, {"topic_all": ["Solar", "Storage"]}, "topic_all=Solar&topic_all=Storage"),
        ({"from": "2024-01-01"}, {"from": ["2024-01-01", "2024-02-01"]}, "from=2024-02-01"),
        (
            {"state": ["published", "unknown"]},
            {"state": ["published", "unknown", "published"], "topic_all": "Solar"},
            "topic_all=Solar&state=published",
        ),
    ],
)
def test_a_page_takes_the_filters_that_a_link_brings(before: Any, brought: Any, after: str) -> None:
    at = opened("Reports", **before)
    for name, values in brought.items():
        at.query_params[name] = values
    switched(at, "Articles")
    assert f"of 1,195 articles: {parse(after).in_words()}." in captions(at)


@pytest.mark.slow
def test_a_mark_of_no_articles_says_so(sample: Corpus) -> None:
    table = VIEWS["articles_over_time"].answer(Slice(sample))
    at = opened("Briefing")
    linked = len(articles_linked(at))
    pick(at, "articles_over_time", int(table.index[table["n"] == 0][0]))
    assert "**0** articles" in text(at)
    assert len(articles_linked(at)) == linked
    assert not ways(at)


def test_closing_forgets_what_was_picked(sample: Corpus) -> None:
    at = pick(opened("Topics"), "topics_ranked", 2)
    buttons(at, "Close")[0].click().run()
    assert not at.exception
    assert not ways(at)
    pick(at, "topics_ranked", 3)
    assert f"**topic {row_of('topics_ranked', 3, sample)['topic']}**" in text(at)


@pytest.mark.slow
def test_what_is_picked_is_let_go_when_the_rows_become_others() -> None:
    at = pick(opened("Topics"), "topics_ranked", 2)
    at.multiselect(key="provider").set_value(["The Grid Ledger"]).run()
    assert not at.exception
    assert not ways(at)


@pytest.mark.slow
def test_a_pick_that_is_no_row_shows_nothing() -> None:
    at = opened("Briefing")
    for row in (10_000, -1, None):
        assert not buttons(pick(at, "articles_over_time", row), "Close")


def test_a_row_of_the_table_leads_on_as_its_mark_does(sample: Corpus) -> None:
    at = opened("Topics")
    place = place_where("topics_ranked", sample, topic="Solar")
    rows = {"rows": [place], "columns": [], "cells": []}
    at.session_state[key_of(at, "topics_ranked", "-table")] = {"selection": rows}
    at.run()
    assert "**topic Solar**" in text(at)
    assert [link.query_string for link in ways(at)] == ["topic_all=Solar", "topic_all=Solar&state=published"]


def list_of(at: AppTest, slug: str) -> pd.DataFrame:
    """The table on the card of a list."""
    names = VIEWS[slug].table.names
    return next(frame.value for frame in at.main.dataframe if [*frame.value.columns][-len(names) :] == names)


def test_a_list_shows_its_first_rows_and_all_on_request(sample: Corpus) -> None:
    at = run(dashboard("Heat", tables_open=False))
    expected = VIEWS["hottest_articles"].answer(Slice(sample))
    assert list_of(at, "hottest_articles")["path"].tolist() == expected["path"].head(FIRST_ROWS).tolist()
    for label, n in ((f"All {len(expected)}", len(expected)), (f"First {FIRST_ROWS}", FIRST_ROWS)):
        assert at.button(key="hottest_articles-rows").label == label
        at.button(key="hottest_articles-rows").click().run()
        assert not at.exception
        assert len(list_of(at, "hottest_articles")) == n


def test_a_listed_article_is_its_title_which_leads_to_its_page(sample: Corpus) -> None:
    at = opened("Heat")
    row, listed = row_of("hottest_articles", 1, sample), list_of(at, "hottest_articles")
    address, _, title = listed[LINK].iloc[1].partition("#")
    assert (address, unquote(title)) == (f"article?path={row['path']}", row["title"])
    assert listed["published_at"].iloc[1] == pd.Timestamp(row["published_at"]).tz_localize(None).normalize()
    orders = [list(frame.proto.column_order) for frame in at.main.dataframe]
    assert [LINK, *VIEWS["hottest_articles"].columns] in orders


@pytest.mark.slow
def test_addresses_that_are_not_of_the_web_are_no_links(tmp_path: Any) -> None:
    for name, url in (("a", "https://alpha.example/a"), ("b", "javascript:alert(1)")):
        (tmp_path / f"2024-01-01-{name}.md").write_text(f"---\ntitle: {name}\nheat: 70\nwebUrl: {url}\n---\n")
    (tmp_path / "2024-01-01-c.md").write_text("---\ntitle: A\n")
    heat = opened("Heat", tmp_path)
    listed = next(frame.value for frame in heat.main.dataframe if "url" in frame.value)
    assert [url for url in listed["url"] if not pd.isna(url)] == ["https://alpha.example/a"]
    problems = list_of(opened("Data health", tmp_path), "problems_listed")
    lost = problems["path"] == "2024-01-01-c.md"
    assert lost.any()
    assert set(problems.loc[lost, LINK]) == {"article?path=2024-01-01-c.md#2024-01-01-c.md"}


def test_a_row_chosen_from_the_list_shows_what_a_click_on_its_mark_does(sample: Corpus) -> None:
    place = place_where("topics_ranked", sample, topic="Solar")
    at = dashboard("Topics", tables_open=False)
    at.session_state["topics_ranked-list"] = True
    chosen = next(box for box in run(at).main.selectbox if box.label == LIST_LABEL)
    assert chosen.options[place] == "topic Solar"
    assert LIST_LABEL in captions(at)
    chosen.select_index(place).run()
    assert "**topic Solar**" in text(at)
    assert "**244** articles\n" in text(at)
    assert [link.query_string for link in ways(at)] == ["topic_all=Solar", "topic_all=Solar&state=published"]
