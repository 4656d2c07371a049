"""Several selections side by side: their names, their texts, and the articles that they share."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.engine.comparison import NAME_MAX, make_comparison, read_side, side_names, side_text
from analytics.engine.slice import Slice
from analytics.errors import SelectionError
from analytics.selection.selection import Selection, parse
from tests.corpora import Article, article, articles, corpus_of, selections
from tests.plain import chosen, records_of

YEAR = "from={0}-01-01&to={0}-12-31"


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ((YEAR.format(2021), YEAR.format(2022)), ["2021", "2022"]),
        (("state=published", "state=unpublished"), ["published", "unpublished"]),
        (("topic=AI&state=published", "topic=AI"), ["published", "the rest of the filters"]),
        (("", "topic=AI"), ["all articles", "topic AI"]),
        (("collection=news", "collection=news&topic=AI"), ["all articles", "topic AI"]),
        (("topic=AI", "topic=AI"), ["the rest of the filters", "the rest of the filters (B)"]),
        (("from=2024-01-01&to=2024-03-31", YEAR.format(2024)), ["2024-01-01 to 2024-03-31", "2024"]),
        (("provider=Alpha", "provider_none=Alpha"), ["provider Alpha", "not provider Alpha"]),
    ],
)
def test_selections_are_called_after_what_tells_them_apart(texts: tuple[str, ...], names: list[str]) -> None:
    assert side_names([parse(text) for text in texts]) == names


def test_a_given_name_stands_and_a_long_one_is_cut() -> None:
    found = side_names([Selection(), Selection(topics=("x" * 60,))], [" Mine "])
    assert found == ["Mine", f"topic {'x' * (NAME_MAX - 7)}…"]


@pytest.mark.parametrize("text", ["all", "topic=AI", "from=2024-01-01&words=grid+hub"])
def test_a_side_is_read_as_it_is_written(text: str) -> None:
    assert side_text(read_side(text)) == text


def test_a_side_forgets_its_comparison_period() -> None:
    assert side_text(Selection(start=date(2024, 1, 1), compare="year")) == "from=2024-01-01"


@pytest.mark.parametrize("count", [0, 1, 5])
def test_two_to_four_selections_can_be_compared(count: int) -> None:
    with pytest.raises(SelectionError, match=f"not {count}"):
        make_comparison([Slice(corpus_of([article()]))] * count)


@pytest.mark.slow
@given(articles(), st.lists(selections(), min_size=2, max_size=4))
def test_articles_in_two_selections_are_counted(some: list[Article], several: list[Selection]) -> None:
    records = records_of(some)
    corpus = corpus_of(some)
    found = make_comparison([Slice(corpus, each) for each in several])
    paths = [{item.path for item in chosen(records, each)} for each in several]
    assert [n for _, _, n in found.shared()] == [len(one & other) for one, other in combinations(paths, 2)]
    assert [data.n for _, data in found.sides] == [len(one) for one in paths]
