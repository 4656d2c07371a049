"""Stories of which one article is published and another is not."""

from typing import Any

from analytics.analyses.duplicate_stories import LINKS, SPLIT_DECISIONS, split_decisions
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from tests.corpora import Article, article, part_of
from tests.sample_corpus.corpus import SAMPLE_ARTICLES, SAMPLE_SEED, planted_in_sample

HARBOUR = "The council approves a plan for the harbour"
SPRING = "Work begins in the spring of next year."
ADDRESS, HEADLINE, NEAR, BETWEEN = LINKS


def told(title: str, published: bool | None, url: str | None = None, web: str | None = None, **more: Any) -> Article:
    found = article(title=title, published=published, **more)
    found.fields.update({name: value for name, value in (("originalUrl", url), ("webUrl", web)) if value})
    return found


def links(*articles: Article) -> list[tuple[str, str, str, str]]:
    table = split_decisions(part_of(articles))
    SPLIT_DECISIONS.check(table)
    return [
        (path[-5:-3], state, link, other[-5:-3])
        for path, state, link, other in table[["path", "state", "link", "other_path"]].itertuples(index=False)
    ]


def test_one_headline_with_two_decisions() -> None:
    assert links(told(HARBOUR, True), told(HARBOUR.upper(), False), told("Another story", False)) == [
        ("00", "published", HEADLINE, "01"),
        ("01", "unpublished", HEADLINE, "00"),
    ]


def test_one_decision_and_none_are_no_difference() -> None:
    assert links(told(HARBOUR, True), told(HARBOUR, True), told(HARBOUR, None)) == []
    assert links() == []


def test_one_address_under_other_headlines() -> None:
    assert links(told("One", True, "https://a.example/1"), told("Other", False, None, "https://a.example/1")) == [
        ("00", "published", ADDRESS, "01"),
        ("01", "unpublished", ADDRESS, "00"),
    ]


def test_who_is_joined_through_others_is_told_so() -> None:
    first = told(HARBOUR, False, at="2024-01-01")
    again = told(HARBOUR, False, "https://a.example/1", at="2024-01-02")
    assert links(first, again, told("Other", True, "https://a.example/1", at="2024-01-03")) == [
        ("00", "unpublished", BETWEEN, "02"),
        ("01", "unpublished", ADDRESS, "02"),
        ("02", "published", ADDRESS, "01"),
    ]


def test_the_surest_story_comes_first_and_its_articles_stay_together() -> None:
    near = [
        told(HARBOUR, True, excerpt=SPRING, at="2024-05-01"),
        told(f"{HARBOUR}s", False, excerpt=SPRING, at="2024-05-02"),
    ]
    same = [told("Dogs are banned", True, at="2024-01-01"), told("Dogs are banned", False, at="2024-03-01")]
    table = split_decisions(part_of([*near, *same]))
    assert table["story"].tolist() == [1, 1, 2, 2]
    assert table["path"].str[-5:-3].tolist() == ["02", "03", "00", "01"]
    assert table["link"].astype("str").tolist() == [HEADLINE, HEADLINE, NEAR, NEAR]


def test_the_sample_holds_what_was_planted_and_a_few_stories_that_came_by_chance(sample: Corpus) -> None:
    planted = planted_in_sample(articles=SAMPLE_ARTICLES, seed=SAMPLE_SEED)
    pairs = [*planted.repeated_urls, *planted.syndicated, *planted.near_duplicates]
    articles = sample.articles.set_index("path")
    decided = articles["published"].dropna()
    differ = {
        path
        for pair in pairs
        if all(path in decided for path in pair) and decided[pair[0]] != decided[pair[1]]
        for path in pair
    }
    found = set(split_decisions(Slice(sample))["path"])
    assert differ <= found
    assert len(differ) == 37
    of_pairs = {path for pair in pairs for path in pair}
    by_title = articles["title"].str.casefold()
    same_title = {
        path
        for title in by_title[list(found - of_pairs)]
        for path in by_title.index[by_title == title]
        if decided.reindex(by_title.index[by_title == title]).nunique() == 2
    }
    wrong = found - of_pairs - same_title
    assert wrong == {
        "_news/2024-08-15-lenders-circle-ardent-loop-after-a-weak-quarter.md",
        "_news/2024-10-25-lenders-circle-skarn-after-a-weak-quarter.md",
    }
