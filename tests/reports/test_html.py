"""The page that a report is: the numbers of the CSV, one file, nothing that runs."""

import csv
import io
import re
from functools import cache
from html.parser import HTMLParser
from math import isclose
from pathlib import Path

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.reports.csv import to_csv
from analytics.reports.report import html
from analytics.reports.report.html import cell_texts, to_html
from analytics.reports.report.report import build_report
from analytics.schema import UNIT_OF_ROW, Column, label_of
from analytics.selection.selection import Selection
from analytics.value_formatting import DAY, TIME, four_digits_or_whole
from tests.conftest import ROOT
from tests.corpora import article, corpus_of
from tests.reports.made import ALL_VIEWS, MADE, ONE_OF_EACH_FORM, SIZES, planted_report, sample_page, sample_report

EXAMPLE = ROOT / "docs" / "example-report.html"


class Read(HTMLParser):
    """The tables of a page by the id of the heading above, as rows of texts; links, ids and tags beside."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[str]]] = {}
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.titles: list[str] = []
        self.heading, self.cell = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= given.keys()
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag in ("h2", "h3"):
            self.heading = given["id"] or ""
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "table":
            self.tables[self.heading] = []
        if tag == "tr":
            self.tables[self.heading].append([])
        self.cell = ""

    def handle_data(self, data: str) -> None:
        self.cell += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.tables[self.heading][-1].append(self.cell)
        if tag in ("h1", "h2", "h3"):
            self.titles.append(self.cell)


@cache
def read(views: tuple[str, ...] = ALL_VIEWS) -> Read:
    return Read(sample_page(views))


@pytest.mark.slow
@pytest.mark.parametrize("slug", VIEWS)
def test_a_table_holds_the_values_of_the_csv_as_people_read_them(slug: str) -> None:
    answer = next(answer for answer in sample_report().answers if answer.view.slug == slug)
    head, *rows = csv.reader(io.StringIO(to_csv(answer.table, raw=True)))
    if not rows:
        assert slug not in read().tables
        return
    shown = read().tables[slug]
    assert head == answer.view.table.names
    assert shown[0] == [column.label for column in answer.view.table.columns]
    assert len(shown) - 1 == min(len(rows), html.ROWS_MAX)
    for row, cells in zip(rows, shown[1:], strict=False):
        for column, wanted, found in zip(answer.view.table.columns, row, cells, strict=True):
            assert same_value(column, wanted, found), (column.name, wanted, found)


def same_value(column: Column, wanted: str, found: str) -> bool:
    """Whether a cell of the page says what the CSV does."""
    if not wanted:
        return not found
    if found.endswith("%") and (column.is_share or column.unit == UNIT_OF_ROW):
        return abs(float(found.removesuffix("%")) / 100 - float(wanted)) <= 5.1e-4
    if column.kind in ("whole", "number"):
        numeric = re.fullmatch(r"-?[\d,]+(\.\d+)?", found) is not None
        return numeric and isclose(float(found.replace(",", "")), float(wanted), rel_tol=5.1e-4)
    if column.kind in ("day", "time"):
        day, utc = f"{pd.Timestamp(wanted):{DAY}}", f"{pd.Timestamp(wanted):{TIME}}"
        return found == (day if column.kind == "day" else utc)
    return found == (column.label_of_name(wanted) if column.kind == "name" else wanted)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-1, "-1"), (0.642857, "0.6429"), (12345.6, "12,346"), (-1234567, "-1,234,567"), (999.96, "1000"),
        (0.00001234567, "0.00001235"), (2.5, "2.5"), (-0.05, "-0.05"), (100.0, "100"), (123.456, "123.5"),
    ],
)  # fmt: skip
def test_numbers_to_four_digits(value: float, text: str) -> None:
    assert four_digits_or_whole(value) == text


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://a.example/b?c=d&e=1", True), ("HTTP://a.example", True), ("javascript:alert(1)", False),
        ("https://", False), (" https://a.example", False), ('https://a.example/"><script>', False),
        ("data:text/html,x", False), ("see https://a.example", False), ("//a.example", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(text: str, link: bool) -> None:
    [cell] = cell_texts(pd.DataFrame({"url": [text]}, dtype="str"), VIEWS["hottest_articles"].table["url"])
    assert str(cell).startswith("<a ") == link
    assert link or cell == text


@SIZES
def test_the_page_is_one_file_in_which_nothing_runs(views: tuple[str, ...]) -> None:
    page, found = sample_page(views), read(views)
    assert found.tags.isdisjoint({"script", "iframe", "object", "embed", "link", "form", "img", "image", "use", "base"})
    assert not [name for name in found.attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    assert all(link.startswith(("https://", "http://", "#")) for link in found.links)
    assert "Content-Security-Policy" in page[:3000]
    assert page.startswith("<!doctype html>")


@SIZES
def test_ids_are_unique_and_all_that_is_referred_to_is_there(views: tuple[str, ...]) -> None:
    page, found = sample_page(views), read(views)
    assert len(found.ids) == len(set(found.ids))
    inside = {link[1:] for link in found.links if link.startswith("#")}
    inside |= set(re.findall(r"url\(#([^)]+)\)", page))
    inside |= set(re.findall(r'aria-labelledby="([^"]+)"', page))
    assert inside <= set(found.ids)
    assert set(views) <= inside


@SIZES
def test_every_view_is_told_and_every_table_that_is_not_empty_drawn(views: tuple[str, ...]) -> None:
    page, titles = sample_page(views), read(views).titles
    charted = [answer for answer in sample_report(views).answers if not answer.view.is_list]
    assert page.count("<svg ") == sum(not answer.table.empty for answer in charted)
    assert [slug for slug in views if VIEWS[slug].title not in titles] == []
    assert titles[:2] == ["Article report", "In short"]
    assert titles[-2:] == ["Problems in the files", "How the numbers are made"]


def test_key_figures_stand_in_tiles() -> None:
    page, table = sample_page(ONE_OF_EACH_FORM), sample_report(ONE_OF_EACH_FORM).answers[0].table
    tiles = re.findall(r"<li><span>(.*?)</span><b>(.*?)</b><small>(.*?)</small><small>(.*?)</small>", page)
    named = {name: (value, rests) for name, value, rests, _ in tiles}
    whole = table[table["period"].isna()].set_index("figure")
    assert list(named) == [label_of(name) for name in whole.index]
    assert named["Articles"][0] == f"{whole.loc['articles', 'value']:,.0f}"
    assert re.fullmatch(r"n = \d+ \[\d+, \d+\]", named["Share published"][1])


@pytest.mark.slow
def test_a_long_table_says_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "ROWS_MAX", 3)
    monkeypatch.setattr(html, "images_or_errors", lambda charts, _: (b"<svg></svg>" for _ in charts))
    page = to_html(planted_report())
    assert "Table (the first 3 of 12 rows)" in page
    assert len(Read(page).tables["hottest_articles"]) == 4


@pytest.mark.slow
def test_a_selection_that_matches_nothing_is_a_page_too() -> None:
    page = to_html(build_report(corpus_of([article()]), Selection(words="nothing"), made=MADE))
    assert "No article matches the selection." in page
    assert "<li><span>Articles</span><b>0</b>" in page
    assert Read(page).tables.keys() <= {"key_figures"}


def test_the_example_in_the_docs_has_the_form_of_a_report() -> None:
    text = Path(EXAMPLE).read_text(encoding="utf-8")
    found = Read(text)
    assert len(text) < 720_000
    assert found.titles[1] == "In short"
    assert found.titles[-2:] == read(ONE_OF_EACH_FORM).titles[-2:]
    assert set(found.titles[2:-2]) < {view.title for view in VIEWS.values()} | {view.page for view in VIEWS.values()}
    assert "2025-01-01 to 2025-12-31" in text
    for slug, rows in found.tables.items():
        contract = (VIEWS[slug] if slug in VIEWS else VIEWS["problems_by_code"]).table
        assert rows[0] == [column.label for column in contract.columns]


@pytest.mark.slow
def test_a_chart_that_cannot_be_drawn_is_a_sentence_in_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "chart_in_page_colours", lambda view, *_: {"mark": 7, "description": view.title})
    report = build_report(
        corpus_of([article(quality=70)]), Selection(), views=[VIEWS["quality_distribution"]], made=MADE
    )
    page = to_html(report)
    assert "A chart could not be drawn (" in page
    assert "<svg" not in page
    assert Read(page).tables["quality_distribution"][0][0] == report.answers[0].view.table.columns[0].label
