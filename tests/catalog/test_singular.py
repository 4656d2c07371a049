"""One article, one provider, one topic, one day: nothing says "1 articles". `test_catalog` looks at every finding."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from analytics.catalog import VIEWS
from analytics.cli.options import main
from analytics.engine.slice import Slice
from analytics.reports.report.html import to_html
from analytics.reports.report.report import build_report
from analytics.reports.report.summary import summary
from analytics.selection.selection import Selection
from tests.catalog.cases import ONE_BEFORE_MANY, answered
from tests.corpora import article, corpus_of, write

ONE = [article(at="2024-02-29", quality=72, heat=80, published=False, provider="A", topics=["AI"])]

LENGTHS = {"limit", "top", "topics", "drawn"}
"""Options that say how much is shown: of one article, all."""


def test_the_pattern_tells_one_from_many() -> None:
    wrong = ("1 articles", "of the 1 that say so", "1 of 1 compared articles", "1 have no date", "from 1 providers")
    right = ("1 article is", "1 has none", "21 articles", "0.1 points", "by +1 points", "the 1 that says so")
    assert [text for text in wrong if not ONE_BEFORE_MANY.search(text)] == []
    assert [text for text in right if ONE_BEFORE_MANY.search(text)] == []


@pytest.mark.slow
def test_no_option_puts_one_before_a_plural() -> None:
    tried = [
        (view, option.name, choice)
        for view in VIEWS.values()
        for option in view.options
        if not option.drawn and option.name not in LENGTHS
        for choice in {option.choices[0], option.choices[-1]} - {option.default}
    ]
    found = [view.finding(answered(view.slug, "one article", "all", ((name, choice),))) for view, name, choice in tried]
    assert len(found) > 50
    assert [text for text in found if ONE_BEFORE_MANY.search(text)] == []


@pytest.mark.slow
def test_no_report_and_no_command_puts_one_before_a_plural(tmp_path: Path) -> None:
    write(tmp_path / "old", ONE)
    write(tmp_path / "new", [*ONE, article(title="New", at="2024-03-01", provider="B")])
    for words in (
        ["check", tmp_path / "old"],
        ["digest", tmp_path / "new", "--against", tmp_path / "old"],
        ["digest", tmp_path / "old", "--against", tmp_path / "new"],
        ["compare", tmp_path / "new", "--with", "provider=A", "--with", "provider=B"],
    ):
        shown = CliRunner().invoke(main, list(map(str, words))).stdout
        assert shown, words
        assert ONE_BEFORE_MANY.findall(shown) == [], words
    report = build_report(corpus_of(ONE), Selection(), made=date(2024, 3, 1), views=list(VIEWS.values())[:2])
    assert ONE_BEFORE_MANY.findall(to_html(report)) == []
    compared = Selection(start=date(2024, 3, 1), end=date(2024, 3, 1), compare="previous")
    assert ONE_BEFORE_MANY.findall(str(summary(Slice(corpus_of(ONE), compared)))) == []
