"""Each agenda reason: what was planted in the sample, an independent look at the rest, and what it tells an editor."""

from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.slice import Slice
from analytics.reviews.agenda_reasons import AGENDA_REASONS, REASON_LABELS, REASON_ROWS, WEIGHT_MAX, quoted_story
from analytics.selection.selection import Selection
from tests.corpora import Article, article, part_of, write
from tests.sample_corpus.corpus import SAMPLE_ARTICLES, SAMPLE_SEED, planted_in_sample
from tests.sample_corpus.planted import Planted
from tests.sample_corpus.world import CUTOFF

FIND = {reason.name: reason.find for reason in AGENDA_REASONS}


@pytest.fixture(scope="module")
def data(sample: Corpus) -> Slice:
    return Slice(sample)


@pytest.fixture(scope="module")
def planted() -> Planted:
    return planted_in_sample(articles=SAMPLE_ARTICLES, seed=SAMPLE_SEED)


@pytest.fixture(scope="module")
def found(data: Slice) -> dict[str, pd.DataFrame]:
    return {name: find(data) for name, find in FIND.items()}


@pytest.fixture(scope="module")
def rows(data: Slice) -> list[dict[str, Any]]:
    """The articles of the sample as plain rows."""
    articles = data.corpus.articles.astype("object")
    return articles.where(articles.notna(), None).to_dict("records")  # type: ignore[return-value]


def strengths(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table["path"], table["strength"], strict=True))


def told(data: Slice, name: str) -> list[tuple[str, str]]:
    """Last part of the path, and what the reason says, in order."""
    table = FIND[name](data)
    REASON_ROWS.check(table)
    return [(path.rpartition("/")[2], why) for path, why in zip(table["path"], table["why"], strict=True)]


# What holds for all of them.


def test_names_and_weights_are_what_links_and_pages_count_on() -> None:
    assert list(FIND) == [
        "against-score",
        "decisions-differ",
        "near-miss",
        "extreme",
        "heat-lift",
        "unranked",
        "better-related",
        "unsupported-topic",
        "missing-score",
        "problems",
    ]
    assert [*FIND, "control", "hand-picked", "selection", "imported"] == list(REASON_LABELS)
    assert all(0 < reason.weight <= WEIGHT_MAX for reason in AGENDA_REASONS)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(FIND))
def test_a_table_keeps_its_contract_and_comes_strongest_first(name: str, found: dict[str, pd.DataFrame]) -> None:
    table = found[name]
    REASON_ROWS.check(table)
    assert not table.empty
    assert table["path"].is_unique
    assert table["why"].str.len().min() > 0
    assert table["strength"].is_monotonic_decreasing or name == "decisions-differ"


@pytest.mark.slow
@pytest.mark.parametrize("articles", [[], [article(title=None)] * 3], ids=["nothing", "nothing in them"])
def test_articles_without_anything_have_no_reason_but_their_problems(articles: list[Article]) -> None:
    data = part_of(articles)
    tables = {name: find(data) for name, find in FIND.items()}
    for table in tables.values():
        REASON_ROWS.check(table)
    assert {name: len(table) for name, table in tables.items() if len(table)} == ({"problems": 3} if articles else {})


@pytest.mark.parametrize("name", list(FIND))
def test_a_selection_leaves_of_a_reason_what_it_leaves_of_the_articles(
    name: str, data: Slice, found: dict[str, pd.DataFrame]
) -> None:
    some = Slice(data.corpus, Selection(providers=("The Grid Ledger",)))
    inside = set(some.articles["path"])
    expected = found[name][found[name]["path"].isin(inside)].reset_index(drop=True)
    pd.testing.assert_frame_equal(FIND[name](some), expected)


# What the sample holds on purpose.


def test_against_score(planted: Planted, found: dict[str, pd.DataFrame]) -> None:
    assert set(found["against-score"]["path"]) == {*planted.published_below, *planted.held_above}


def test_heat_lift(planted: Planted, found: dict[str, pd.DataFrame]) -> None:
    assert set(found["heat-lift"]["path"]) == set(planted.hot)


def test_unsupported_topic(planted: Planted, found: dict[str, pd.DataFrame]) -> None:
    said = dict(zip(found["unsupported-topic"]["path"], found["unsupported-topic"]["why"], strict=True))
    assert said == {path: f'topic "{topic}": no word of it in headline or excerpt' for path, topic in planted.misfiled}


def test_problems(data: Slice, planted: Planted, found: dict[str, pd.DataFrame]) -> None:
    """Files that are articles all the same; notes are no reason, nor is what `against-score` tells."""
    listed, articles = set(found["problems"]["path"]), set(data.corpus.articles["path"])
    lost = ("quality_text", "time_unparsable", "duplicate_key", "published_text")
    noted = ("quality_quoted", "time_naive", "topics_text", "provider_text")
    grave = {path for kind in lost for path in planted.faults[kind]}
    assert set(found["problems"]["path"][: len(grave)]) == grave
    assert {*planted.date_mismatches, *(path for pair in planted.repeated_urls for path in pair)} & articles <= listed
    assert not listed & {path for kind in noted for path in planted.faults[kind]}
    assert listed <= articles


# What an independent look at the sample's articles finds.


def test_near_miss(rows: list[dict[str, Any]], found: dict[str, pd.DataFrame]) -> None:
    expected = {}
    for row in rows:
        if row["quality"] is None or row["published"] is None:
            continue
        beyond = row["quality"] - CUTOFF
        if -5 <= beyond <= -1 and not row["published"]:
            expected[row["path"]] = float(beyond)
        elif 0 <= beyond <= 4 and row["published"]:
            expected[row["path"]] = -1.0 - beyond
    assert strengths(found["near-miss"]) == expected


def test_unranked(rows: list[dict[str, Any]], found: dict[str, pd.DataFrame]) -> None:
    least = np.quantile([row["quality"] for row in rows if row["quality"] is not None], 0.75)
    strong = {row["path"] for row in rows if row["heat"] == -1 and (row["quality"] or 0) >= least}
    assert set(found["unranked"]["path"]) == strong


def test_extreme(rows: list[dict[str, Any]], found: dict[str, pd.DataFrame]) -> None:
    scores = defaultdict(list)
    for row in rows:
        if row["quality"] is not None and row["provider"] is not None:
            scores[row["provider"]].append(row["quality"])
    expected = {}
    for row in rows:
        own = scores[row["provider"]]
        if len(own) < 10 or row["quality"] is None:
            continue
        centre = median(own)
        away = [abs(score - centre) for score in own]
        spread = median(away) * 1.4826 or sum(away) / len(away) * 1.253314
        if abs(row["quality"] - centre) >= 3.5 * spread > 0:
            expected[row["path"]] = pytest.approx(abs(row["quality"] - centre) / spread)
    assert strengths(found["extreme"]) == expected
    assert len(expected) == 4


def test_missing_score(rows: list[dict[str, Any]], found: dict[str, pd.DataFrame]) -> None:
    folders = defaultdict(list)
    for row in rows:
        folders[row["collection"]].append(row)
    usual = {
        (folder, score): sum(row[score] is not None for row in inside) >= len(inside) / 2
        for folder, inside in folders.items()
        for score in ("quality", "heat")
    }
    expected = {
        row["path"]
        for row in rows
        if any(row[score] is None and usual[row["collection"], score] for score in ("quality", "heat"))
    }
    assert set(found["missing-score"]["path"]) == expected
    assert not any(path.startswith("_newsletters") for path in expected)


def test_better_related(data: Slice, rows: list[dict[str, Any]], found: dict[str, pd.DataFrame]) -> None:
    addressed, own = defaultdict(list), {row["path"]: row["quality"] for row in rows}
    for row in rows:
        for url in {row["web_url"], row["original_url"]} - {None}:
            addressed[url].append(row)
    best: dict[str, int] = {}
    stories = data.corpus.related.astype("object")
    for story in stories.where(stories.notna(), None).to_dict("records"):
        quality = story["quality"]
        if twins := addressed[story["url"]]:
            nearest = min(
                twins, key=lambda row: (row["title"] != story["title"], row["quality"] != quality, row["path"])
            )
            quality = quality if nearest["quality"] is None else nearest["quality"]
        if quality is not None:
            best[story["path"]] = max(quality, best.get(story["path"], 0))
    expected = {path: quality - own[path] for path, quality in best.items() if own[path] is not None}
    assert strengths(found["better-related"]) == {path: gap for path, gap in expected.items() if gap > 0}


def test_decisions_differ(planted: Planted, data: Slice, found: dict[str, pd.DataFrame]) -> None:
    decided = data.corpus.articles.set_index("path")["published"].dropna()
    pairs = [*planted.repeated_urls, *planted.syndicated, *planted.near_duplicates]
    known = [pair for pair in pairs if all(path in decided for path in pair)]
    differ = {path for pair in known if decided[pair[0]] != decided[pair[1]] for path in pair}
    assert differ <= set(found["decisions-differ"]["path"])
    assert set(decided.index) >= set(found["decisions-differ"]["path"])


# What an editor reads.

BASE = [article(quality=40, published=False, at=f"2024-01-0{day}") for day in range(1, 6)]
BASE += [article(quality=90, published=True, at=f"2024-01-0{day}") for day in range(1, 6)]


def test_scores_beside_the_cut_off_in_words() -> None:
    data = part_of(
        [
            *BASE,
            article(quality=70, published=True, at="2024-02-01"),
            article(quality=69, published=False, at="2024-02-02"),
            article(quality=72, published=True),
            article(quality=74, published=False),
            article(quality=41, published=True),
            article(quality=60, published=False),
            *BASE,
            *BASE,
        ]
    )
    assert told(data, "near-miss") == [
        ("0011.md", "unpublished at quality 69, 1 point under the cut-off of 70"),
        ("0010.md", "published at quality 70, right at the cut-off of 70"),
        ("0012.md", "published at quality 72, 2 points above the cut-off of 70"),
    ]
    assert told(data, "against-score") == [
        ("0014.md", "published at quality 41, 29 points under the cut-off of 70"),
        ("0013.md", "unpublished at quality 74, 4 points above the cut-off of 70"),
    ]


def test_heat_in_words() -> None:
    data = part_of(
        [
            article(quality=60, heat=70),
            article(quality=60, heat=69),
            article(quality=60, heat=160),
            article(quality=90, heat=-1),
            article(quality=59, heat=-1),
        ]
    )
    assert told(data, "heat-lift") == [
        ("0002.md", "heat 160, 100 points above its quality of 60"),
        ("0000.md", "heat 70, 10 points above its quality of 60"),
    ]
    assert told(data, "unranked") == [
        ("0003.md", "not ranked by heat, though its quality of 90 is in the best quarter (60 or more) of 5 articles"),
    ]


def test_an_extreme_score_in_words() -> None:
    usual = [article(quality=quality, provider="Alpha") for quality in (68, 69, 70, 71, 72) * 2]
    data = part_of([*usual, article(quality=10, provider="Alpha"), article(quality=10, provider="Beta")])
    assert told(data, "extreme") == [
        ("0010.md", "quality 10, where Alpha usually has 70 (median of 11; robust z -40.5, unusual from 3.5)"),
    ]
    assert told(part_of([*usual[:8], article(quality=10, provider="Alpha")]), "extreme") == []


def test_a_missing_score_in_words() -> None:
    data = part_of(
        [
            article(quality=60, heat=60),
            article(quality=60, heat=60),
            article(heat=60, published=True),
            article(published=False),
            article(folder="_learning", published=True),
        ]
    )
    assert told(data, "missing-score") == [
        ("0002.md", "no quality, while 50% of the articles in news have it, and yet it is published"),
        ("0003.md", "no quality and no heat, while 50% and 75% of the articles in news have them"),
    ]


def test_problems_in_words() -> None:
    bad = article(quality=60, excerpt="Placeholder.")
    bad.fields["heat"] = "high"
    assert told(part_of([bad, article(excerpt="NA", at="2024-01-01")]), "problems") == [
        (
            "0000.md",
            "1 error and 2 warnings, the gravest in heat: The field should be a whole number: it is left empty, "
            "never 0 (high)",
        ),
        ("0001.md", "1 warning in excerpt: The excerpt is a stand-in or repeats the title: write one (NA)"),
    ]


@pytest.mark.slow
def test_a_better_related_story_in_words() -> None:
    lead, best = article(title="Lead", quality=50), article(title="Best", quality=90, provider="Beta")
    best.fields["webUrl"] = "https://beta.example/best"
    stories = [
        {"title": "Best", "webUrl": "https://beta.example/best", "quality": 51, "provider": {"name": "Beta"}},
        {"title": "Elsewhere\n  told", "webUrl": "https://gamma.example/x", "quality": 60},
    ]
    lead.fields["related"] = stories
    best.fields["related"] = [*stories, {"title": "Lead", "quality": 50}]
    assert told(part_of([lead, best]), "better-related") == [
        ("0000.md", 'its related story "Best" (Beta) has quality 90, 40 points above its own 50'),
    ]
    lead.fields["related"] = stories[1:]
    assert told(part_of([lead, best]), "better-related") == [
        ("0000.md", 'its related story "Elsewhere told" has quality 60, 10 points above its own 50'),
    ]


def test_two_decisions_in_words() -> None:
    data = part_of(
        [
            article(title="One & <b>only</b>", published=True, quality=90, provider="Alpha"),
            article(title="One & <b>only</b>", published=False),
        ]
    )
    assert told(data, "decisions-differ") == [
        ("0000.md", 'published, while "One & <b>only</b>" is unpublished: under the same headline'),
        (
            "0001.md",
            'unpublished, while "One & <b>only</b>" (Alpha) of quality 90 is published: under the same headline',
        ),
    ]


def test_a_long_headline_is_cut() -> None:
    assert quoted_story("x" * 80, None) == f'"{"x" * 80}"'
    assert quoted_story("x" * 10_000, "Alpha") == f'"{"x" * 79}…" (Alpha)'
    assert quoted_story(None, None) == '"without a headline"'


TOPICS = {
    "law": "name: Law\nkeywords: [court rulings, C++]\n",
    "tax": "name: Tax law\nshortname: TL\nparent: Law\nkeywords: [levy]\nhashtags: ['#FairTax #Tax-Day']\n",
    "bare": "name: Bare\n",
}


def filed(folder: Path, articles: list[Article]) -> Corpus:
    (folder / "_data" / "topics").mkdir(parents=True)
    for name, text in TOPICS.items():
        (folder / "_data" / "topics" / f"{name}.yaml").write_text(text)
    return load_corpus(write(folder, articles), cache=False, workers=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "excerpt", "topics", "bare"),
    [
        ("A court ruling", None, ["Law"], []),
        ("A courtruling", None, ["Law"], []),
        ("The courts rule", None, ["Law"], ["Law"]),
        ("C++ is back", None, ["Law"], []),
        ("C is back", None, ["Law"], ["Law"]),
        ("Nothing", "A LEVY on sugar", ["Law", "Tax law"], []),
        ("A court ruling", None, ["Law", "Tax law"], ["Tax law"]),
        ("#FairTax now", None, ["Tax law"], []),
        ("On tax&nbsp;day", None, ["TL"], []),
        ("Nothing", None, ["TL", "Tax law"], ["TL", "Tax law"]),
        ("Nothing", None, ["Bare", "Unknown"], []),
        ("Bylaw", "lawless", ["Law"], ["Law"]),
        (None, None, ["Law"], ["Law"]),
    ],
)
def test_which_words_support_a_topic(
    title: str | None, excerpt: str | None, topics: list[str], bare: list[str], tmp_path: Path
) -> None:
    others = [article(title="Nothing", topics=["Other"]) for _ in range(10)]
    data = Slice(filed(tmp_path, [article(title=title, excerpt=excerpt, topics=topics), *others]))
    names = ", ".join(f'"{topic}"' for topic in bare)
    plural, them = ("s", "them") if len(bare) > 1 else ("", "it")
    said = f"topic{plural} {names}: no word of {them} in headline or excerpt"
    assert told(data, "unsupported-topic") == ([("0000.md", said)] if bare else [])


def test_umbrella_topics_are_not_judged(tmp_path: Path) -> None:
    assert told(Slice(filed(tmp_path, [article(topics=["Law"])] * 10)), "unsupported-topic") == []
