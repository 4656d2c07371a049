"""One article: its fields, where its scores stand, its related stories as copied and as they are now."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.stats import percentileofscore

from analytics.analyses.article import (
    ARTICLE_FIELDS,
    ARTICLE_RELATED,
    ARTICLE_STANDING,
    article_fields,
    article_groups,
    article_problems,
    article_standing,
    related_stories_as_copied,
)
from analytics.corpus.loader import load_corpus
from analytics.corpus.table_contracts import PROBLEMS
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, articles, corpus_of, part_of, paths_of

TEN = [article(at="2024-03-05", quality=score, heat=score + 1, provider="P", topics=["AI"]) for score in range(10, 20)]


def of(table: pd.DataFrame, score: str, group: str) -> dict[str, object]:
    (row,) = table[(table["score"] == score) & (table["group"] == group)].to_dict("records")
    return row


def test_ties_count_half_and_the_article_itself_among_them() -> None:
    more = [article(at="2024-03-31", quality=15, provider="Q"), article(at="2024-04-01", quality=None, heat=-1)]
    table = article_standing(part_of([*TEN, *more]), "_news/0005.md")
    ARTICLE_STANDING.check(table)
    assert of(table, "quality", "topic") == {
        "score": "quality", "value": 15, "group": "topic", "label": "AI", "n": 10, "below": 5, "same": 1,
        "median": 14.5, "percentile": 55.0,
    }  # fmt: skip
    assert of(table, "quality", "month") == {
        "score": "quality", "value": 15, "group": "month", "label": "March 2024", "n": 11, "below": 5, "same": 2,
        "median": 15.0, "percentile": pytest.approx(100 * 6 / 11),
    }  # fmt: skip
    assert of(table, "heat", "corpus")["n"] == 10
    assert of(table, "lift", "provider")["percentile"] == 50.0
    assert list(dict.fromkeys(table["score"])) == ["quality", "heat", "lift"]
    assert list(table["group"][:4]) == ["topic", "provider", "month", "corpus"]
    assert article_standing.finding(table) == (
        "Quality 15 is above 5 and below 4 of 11 articles. Heat 16 is above 5 and below 4 of 10 articles. "
        "Lift 1 is above 0 and below 0 of 10 articles."
    )


def test_of_fewer_than_ten_nothing_is_said() -> None:
    table = article_standing(part_of(TEN[:9]), "_news/0000.md")
    assert table["percentile"].isna().all()
    assert set(table["n"]) == {9}
    assert "only 9 articles have the score, of which nothing can be said" in article_standing.finding(table)
    table = article_standing(part_of([*TEN, article(quality=1, provider="Q", topics=["Law"])]), "_news/0010.md")
    assert article_standing.finding(table) == (
        "Quality 1 is above 0 and below 10 of 11 articles. "
        "Of 2 of its groups nothing can be said: fewer than 10 articles have the score."
    )


@pytest.mark.parametrize("heat", [-1, None])
def test_heat_that_is_not_ranked_is_never_compared(heat: int | None) -> None:
    data = part_of([*TEN, article(quality=5, heat=heat)])
    assert list(article_standing(data, "_news/0010.md")["score"]) == ["quality"]
    assert of(article_standing(data, "_news/0000.md"), "heat", "corpus")["n"] == 10


def test_an_article_without_scores_and_an_unknown_one_have_no_standing() -> None:
    data = part_of([*TEN, article()])
    for path in ("_news/0010.md", "nope.md", ""):
        table = article_standing(data, path)
        ARTICLE_STANDING.check(table)
        assert table.empty
        assert article_standing.finding(table) == "The article has no score to compare."


def test_the_standing_is_among_all_whatever_is_selected() -> None:
    corpus = corpus_of(TEN)
    some = Slice(corpus, Selection(quality_min=15))
    pd.testing.assert_frame_equal(
        article_standing(some, "_news/0001.md"), article_standing(Slice(corpus), "_news/0001.md")
    )


@pytest.mark.slow
@given(listed=articles(max_size=8), pick=st.integers(0, 7), times=st.integers(1, 4))
@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_percentiles_are_those_of_scipy(listed: list, pick: int, times: int) -> None:
    listed = (listed or [article(quality=1)]) * times
    data = part_of(listed)
    path = paths_of(listed)[pick % len(listed)]
    table = article_standing(data, path)
    ARTICLE_STANDING.check(table)
    several = data.corpus.articles["collection"].nunique() > 1
    groups = {
        (kind, label): selection
        for kind, label, selection in article_groups(data.single(path), within_collection=several)
    }
    for row in table.to_dict("records"):
        rows = Slice(data.corpus, groups[row["group"], row["label"]]).rows()
        values = (
            rows[row["score"]].where(rows["heat_state"] == "ranked") if row["score"] != "quality" else rows["quality"]
        )
        values = values.dropna().astype("float64")
        assert row["n"] == len(values)
        assert path in set(rows["path"])
        assert row["median"] == pytest.approx(values.median())
        if len(values) < 10:
            assert pd.isna(row["percentile"])
        else:
            expected = percentileofscore(values, row["value"], kind="mean")
            assert math.isclose(row["percentile"], expected, abs_tol=1e-9)


def test_groups_are_selections_that_hold_the_article(sample) -> None:
    data = Slice(sample)
    path = sample.articles["path"].iloc[7]
    groups = article_groups(data.single(path))
    assert [kind for kind, _, _ in groups[-3:]] == ["provider", "month", "corpus"]
    for _, _, selection in groups:
        assert path in set(Slice(sample, selection).articles["path"])


FILES = {
    "a.md": """title: "This one"
publishedDateTime: 2024-02-03T04:05:06Z
webUrl: https://x.example/a
originalUrl: https://x.example/a-first
quality: 50
heat: -1
published: false
topics: [AI, Law]
quantity: 3
related:
  - {title: "Fresh and mutual", webUrl: "https://x.example/b", quality: 60, provider: {name: Pb}}
  - {title: "Stale", webUrl: "https://x.example/c", quality: 10}
  - {title: "Old  TITLE", webUrl: "https://x.example/d"}
  - {title: "Elsewhere", webUrl: "https://y.example/e", quality: 5}
  - {title: "Nowhere"}
""",
    "b.md": 'title: Fresh and mutual\nwebUrl: https://x.example/b\nquality: 60\nheat: 70\npublished: true\n'
    'related: [{title: "This one", webUrl: "https://x.example/a-first"}]\n',
    "c.md": "title: Stale\nwebUrl: https://x.example/c\nquality: 11\n",
    "d.md": "title: A new title\nwebUrl: https://x.example/d\nquality: 1\nprovider: {name: Pd}\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Slice:
    root: Path = tmp_path_factory.mktemp("stories")
    for name, text in FILES.items():
        (root / name).write_text(f"---\n{text}---\nBody.\n")
    (root / "lost.md").write_text('---\ntitle: "open\n---\n')
    return Slice(load_corpus(root, cache=False, workers=1))


def test_related_stories_stand_beside_what_they_are_now(stories: Slice) -> None:
    table = related_stories_as_copied(stories.single("a.md"))
    ARTICLE_RELATED.check(table)
    columns = ["path", "quality", "quality_now", "title_differs", "quality_differs", "one_way", "state_now"]
    assert table[columns].astype("object").where(table[columns].notna(), None).to_numpy().tolist() == [
        ["b.md", 60, 60, False, False, False, "published"],
        ["c.md", 10, 11, False, True, True, "unknown"],
        ["d.md", None, 1, True, False, True, "unknown"],
        [None, 5, None, None, None, None, None],
        [None, None, None, None, None, None, None],
    ]
    assert table["title_now"].tolist()[2] == "A new title"
    assert table["provider"].tolist()[0] == "Pb"
    assert table["provider_now"].tolist()[2] == "Pd"
    back = related_stories_as_copied(stories.single("b.md"))
    assert back[["path", "one_way"]].to_numpy().tolist() == [["a.md", False]]


@pytest.mark.slow
def test_what_is_stale_is_what_the_problems_say(sample) -> None:
    data = Slice(sample)
    told = sample.problems[sample.problems["code"] == "stale_related"]
    assert len(told) > 5
    for path in [*dict.fromkeys(told["path"][:10]), *sample.articles["path"][:5]]:
        table = related_stories_as_copied(data.single(path))
        stale = table[(table["title_differs"] | table["quality_differs"]).fillna(value=False)]
        found = set(told.loc[told["path"] == path, "field"])
        assert {f"related.{position}" for position in stale["position"]} == found


def test_fields_are_those_that_say_something(stories: Slice) -> None:
    table = article_fields(stories.single("a.md"))
    ARTICLE_FIELDS.check(table)
    fields = dict(zip(table["field"], table["value"], strict=True))
    assert fields == {
        "path": "a.md",
        "collection": "(root)",
        "title": "This one",
        "published_at": "2024-02-03 04:05 UTC",
        "date_only": "no",
        "quality": "50",
        "heat": "-1",
        "heat_state": "unranked",
        "published": "no",
        "url": "https://x.example/a",
        "original_url": "https://x.example/a-first",
        "web_url": "https://x.example/a",
        "topic_count": "2: AI, Law",
        "image_count": "0",
        "related_count": "5",
        "related_best_quality": "60",
        "has_secured": "no",
        "has_featured_content": "no",
        "body_chars": "5",
    }


def test_a_time_that_is_only_a_date_is_shown_as_its_day() -> None:
    item = article(title="A", named="2024-03-05")
    item.fields.update({"publishedDateTime": "2024-03-05", "updatedDateTime": "2024-03-06T07:30:00Z"})
    data = part_of([item])
    table = article_fields(data.single(data.articles["path"][0]))
    fields = dict(zip(table["field"], table["value"], strict=True))
    assert [fields[name] for name in ("published_at", "date_only", "updated_at", "file_date")] == [
        "2024-03-05", "yes", "2024-03-06 07:30 UTC", "2024-03-05",
    ]  # fmt: skip


def test_problems_are_the_files_own_also_of_a_file_that_is_no_article(stories: Slice) -> None:
    own = article_problems(stories.single("a.md"))
    PROBLEMS.check(own)
    assert set(own["code"]) == {"stale_related", "dangling_related"}
    lost = stories.single("lost.md")
    assert lost.article.empty
    assert article_problems(lost)["code"].tolist() == ["bad_yaml"]
    assert article_fields(lost).empty
    assert related_stories_as_copied(lost).empty
    assert article_groups(lost) == []


def test_an_unknown_path_has_nothing(stories: Slice) -> None:
    found = stories.single("nope.md")
    for frame in (found.article, found.topics, found.images, found.related, found.problems, found.linked):
        assert frame.empty
    ARTICLE_RELATED.check(related_stories_as_copied(found))
