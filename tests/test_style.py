"""The rules of docs/style.md on the words of all views; `test_catalog` holds their findings to them."""

from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from tests.house_style import FINDINGS, WORDS, broken_rules


def test_the_rules_see_what_they_are_for() -> None:
    wrong = ("share_published rose", "From from", "median 72 , n", "+2 percentage points", "up due to rain")
    assert [text for text in wrong if not broken_rules("x", text, WORDS)] == []
    wrong = ("median nan", "of <NA> articles", "since 2024-02-01", "54.02% published")
    assert [text for text in wrong if not broken_rules("x", text, FINDINGS)] == []
    assert broken_rules("x", "None of 3 articles: 54% of 1,161, 0.25 points, since 1 Feb 2024.", FINDINGS) == []


def test_titles_questions_methods_and_labels_keep_the_rules() -> None:
    views = [*VIEWS.values(), *COMPARED.values()]
    texts = [(view.slug, text) for view in views for text in (view.title, view.question, view.method)]
    texts += [(view.slug, each.label) for view in views for each in (*view.table.columns, *view.options)]
    assert len(texts) > 500
    assert [fault for slug, text in texts for fault in broken_rules(slug, text, WORDS)] == []
