"""Findings across articles: exact rows of tiny corpora, all that the sample plants, the real corpus in lines."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.corpus.checks_across_articles import crosscheck, duplicate_articles, spelling_keys
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.problem_codes import CODES
from analytics.corpus.table_contracts import ARTICLES, ORGANISATIONS, PROBLEMS, RELATED, TOPIC_TREE, TOPICS
from analytics.schema import Table
from tests.conftest import SAMPLE
from tests.corpus.conftest import Write
from tests.sample_corpus.corpus import SAMPLE_ARTICLES, SAMPLE_SEED, planted_in_sample, write_sample
from tests.sample_corpus.planted import Planted

Row = dict[str, Any]
CHECKED = list(CODES)[list(CODES).index("duplicate_original_url") :]


def frame(table: Table, rows: list[Row]) -> pd.DataFrame:
    """Rows as a frame that keeps the contract; what they do not name is missing."""
    return table.of(pd.DataFrame({name: [row.get(name) for row in rows] for name in table.names}, dtype="object"))


def found(*articles: Row, **others: list[Row]) -> list[tuple[str, str, str, str]]:
    """Path, field, code and value of each finding; articles without a path are a.md, b.md, …"""
    named = [{"path": f"{chr(ord('a') + at)}.md"} | row for at, row in enumerate(articles)]
    frames = [frame(ARTICLES, named)]
    for table in (TOPICS, RELATED, TOPIC_TREE, ORGANISATIONS):
        frames.append(frame(table, others.pop(table.name, [])))
    assert not others
    before = [each.copy(deep=True) for each in frames]
    problems = crosscheck(*frames)
    for each, copy in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(each, copy)
    PROBLEMS.check(problems)
    assert problems["line"].isna().all()
    return list(problems[["path", "field", "code", "value"]].itertuples(index=False, name=None))


def test_nothing_is_found_in_nothing() -> None:
    assert found() == []


def test_nothing_is_found_where_all_is_missing() -> None:
    blank = {"path": "a.md", "position": 0}
    story = blank | {"url": "u"}
    assert found({}, {}, {}, topics=[blank], related=[story], topic_tree=[{}], organisations=[{}]) == []


def test_each_finding_has_the_severity_and_meaning_of_its_code() -> None:
    articles = frame(ARTICLES, [{"path": "a.md", "excerpt": "NA"}, {"path": "b.md", "title": "A &amp; B"}])
    rest = [table.empty() for table in (TOPICS, RELATED, TOPIC_TREE, ORGANISATIONS)]
    problems = crosscheck(articles, *rest)
    assert problems[["severity", "message"]].astype("str").values.tolist() == [
        ["warning", CODES["placeholder_excerpt"].meaning],
        ["info", CODES["entity_in_excerpt"].meaning],
    ]


def test_no_finding_across_articles_claims_that_something_was_lost() -> None:
    assert {CODES[code].severity for code in CHECKED} == {"warning", "info"}
    assert len(CHECKED) == 13


class TestDuplicates:
    def test_each_article_names_the_first_other_one(self) -> None:
        articles = [{"original_url": "u"}, {"original_url": "v"}, {"original_url": "u"}, {"original_url": "u"}]
        assert found(*articles) == [
            ("a.md", "originalUrl", "duplicate_original_url", "u (also c.md and 1 more)"),
            ("c.md", "originalUrl", "duplicate_original_url", "u (also a.md and 1 more)"),
            ("d.md", "originalUrl", "duplicate_original_url", "u (also a.md and 1 more)"),
        ]

    def test_a_shared_web_url(self) -> None:
        assert found({"web_url": "u", "original_url": "v"}, {"web_url": "u", "original_url": "w"}) == [
            ("a.md", "webUrl", "duplicate_web_url", "u (also b.md)"),
            ("b.md", "webUrl", "duplicate_web_url", "u (also a.md)"),
        ]

    def test_one_original_url_says_it_all(self) -> None:
        same = {"original_url": "u", "web_url": "w", "title": "T"}
        assert [code for _, _, code, _ in found(same, same)] == ["duplicate_original_url"] * 2

    def test_one_web_url_says_it_for_the_title(self) -> None:
        same = {"web_url": "w", "title": "T"}
        assert [code for _, _, code, _ in found(same, same)] == ["duplicate_web_url"] * 2

    def test_a_third_article_elsewhere_makes_the_title_a_finding_of_all(self) -> None:
        same = {"original_url": "u", "title": "T"}
        problems = found(same, same, {"original_url": "v", "title": "T"})
        assert [path for path, _, code, _ in problems if code == "duplicate_title"] == ["a.md", "b.md", "c.md"]

    def test_titles_are_equal_but_for_case_and_white_space(self) -> None:
        titles = ["Große  Lampe", "GROSSE\u00a0LAMPE", "Grosse Lampe!"]
        assert found(*({"title": title} for title in titles)) == [
            ("a.md", "title", "duplicate_title", "Große  Lampe (also b.md)"),
            ("b.md", "title", "duplicate_title", "GROSSE\u00a0LAMPE (also a.md)"),
        ]

    def test_addresses_are_equal_to_the_letter(self) -> None:
        assert found({"web_url": "u"}, {"web_url": "U"}, {"original_url": "u"}) == []

    def test_a_long_address_is_shortened(self) -> None:
        value = found({"web_url": "u" * 300}, {"web_url": "u" * 300})[0][3]
        assert value == "u" * 199 + "… (also b.md)"


@pytest.mark.parametrize(
    ("published", "named", "value"),
    [
        ("2024-03-05T00:00Z", "2024-03-05", None),
        ("2024-03-05T23:59:59Z", "2024-03-05", None),
        ("2024-03-06T00:00Z", "2024-03-05", "named 2024-03-05, published 2024-03-06"),
        ("2024-03-05T01:00+02:00", "2024-03-05", "named 2024-03-05, published 2024-03-04"),
        (None, "2024-03-05", None),
        ("2024-03-05T00:00Z", None, None),
    ],
)
def test_the_date_in_the_name(published: str | None, named: str | None, value: str | None) -> None:
    moment = pd.to_datetime(published, utc=True) if published else None
    article = {"published_at": moment, "file_date": pd.Timestamp(named) if named else None}
    expected = [("a.md", "publishedDateTime", "name_date_differs", value)] if value else []
    assert found(article) == expected


class TestTaxonomy:
    TOPICS = (
        {"path": "a.md", "position": 0, "topic": "AI"},
        {"path": "a.md", "position": 1, "topic": "Light"},
        {"path": "b.md", "position": 0, "topic": "Light"},
        {"path": "b.md", "position": 1, "topic": "ML"},
        {"path": "b.md", "position": 2, "topic": "ai"},
    )

    def test_topics_that_are_neither_a_name_nor_a_short_name_are_named_once(self) -> None:
        tree = [{"name": "AI"}, {"name": "Machine Learning", "shortname": "ML"}]
        assert found({}, {}, topics=list(self.TOPICS), topic_tree=tree) == [
            ("a.md", "topics.1", "unknown_topic", "Light (articles: 2)"),
            ("b.md", "topics.2", "unknown_topic", "ai (articles: 1)"),
            ("b.md", "topics", "label_in_several_ways", "ai (as often AI)"),
        ]

    def test_no_topic_is_unknown_without_a_taxonomy(self) -> None:
        assert "unknown_topic" not in {code for _, _, code, _ in found({}, {}, topics=list(self.TOPICS))}

    OUTLETS = (
        {"domain": "lamp.example", "provider": "Lamp"},
        {"domain": "lamp.example", "provider": "Lamp"},
        {"domain": "bulb.example", "provider": "Bulb"},
        {"domain": "x.example", "provider": "The  Bulb"},
        {"domain": "x.example", "provider": "The  Bulb"},
        {"provider": "Nameless"},
        {"provider": "Nameless"},
        {"domain": "once.example", "provider": "Once"},
        {},
        {},
    )

    def test_outlets_of_several_articles_that_the_taxonomy_lacks_are_named_once(self) -> None:
        known = [{"domain": "bulb.example", "name": "Bulbs"}, {"name": "the bulb"}]
        assert found(*self.OUTLETS, organisations=known) == [
            ("a.md", "provider", "unknown_provider", "Lamp, lamp.example (articles: 2)"),
            ("f.md", "provider", "unknown_provider", "Nameless (articles: 2)"),
        ]

    def test_no_outlet_is_unknown_without_organisations(self) -> None:
        assert found(*self.OUTLETS) == []

    def test_an_outlet_without_a_name_is_its_domain(self) -> None:
        outlet = {"domain": "lamp.example"}
        assert found(outlet, outlet, organisations=[{"name": "Bulb"}]) == [
            ("a.md", "provider", "unknown_provider", "lamp.example (articles: 2)")
        ]


class TestNames:
    def test_articles_with_the_rarer_name_of_a_domain(self) -> None:
        names = ["Lamp Weekly", "Lamp", "Lamp Weekly", "lamp.example", None]
        assert found(*({"domain": "lamp.example", "provider": name} for name in names)) == [
            ("b.md", "provider.name", "domain_under_several_names", "Lamp (more often Lamp Weekly)"),
            ("d.md", "provider.name", "domain_under_several_names", "lamp.example (more often Lamp Weekly)"),
        ]

    def test_of_equally_frequent_names_the_first_in_the_alphabet_is_right(self) -> None:
        problems = found({"domain": "d", "provider": "Zeta"}, {"domain": "d", "provider": "Alpha"})
        assert problems == [("a.md", "provider.name", "domain_under_several_names", "Zeta (as often Alpha)")]

    def test_one_name_may_have_several_domains(self) -> None:
        assert found({"domain": "d", "provider": "A"}, {"domain": "e", "provider": "A"}, {"provider": "B"}) == []


def decided(*cases: tuple[int | None, bool | None, int]) -> list[tuple[str, str]]:
    """Path and value of the exceptions among so many articles of a quality and a decision."""
    pairs = [pair for quality, published, n in cases for pair in [(quality, published)] * n]
    rows = [
        {"path": f"{at:03}", "quality": quality, "published": published}
        for at, (quality, published) in enumerate(pairs)
    ]
    return [(path, value) for path, _, code, value in found(*rows) if code == "published_against_score"]


class TestDecisions:
    def test_exceptions_from_the_cut_off(self) -> None:
        cases = [(60, False, 24), (70, True, 24), (50, True, 1), (90, False, 1), (None, False, 5), (80, None, 5)]
        assert decided(*cases) == [
            ("048", "published with quality 50, cut-off 70"),
            ("049", "not published with quality 90, cut-off 70"),
        ]

    @pytest.mark.parametrize(
        "cases",
        [
            [(60, False, 24), (70, True, 24), (50, True, 1)],
            [(60, False, 24), (70, True, 24), (50, True, 6)],
            [(60, True, 30), (50, False, 1), (70, False, 3), (80, True, 30)],
            [(60, True, 60)],
            [(60, False, 60)],
            [(60, False, 30), (70, True, 30)],
        ],
        ids=["49 decided", "over 10 %", "no better than one answer", "all published", "none", "no exceptions"],
    )
    def test_no_exceptions_where_there_is_no_cut_off(self, cases: list[tuple[int, bool, int]]) -> None:
        assert decided(*cases) == []

    def test_exceptions_up_to_a_tenth(self) -> None:
        assert len(decided((60, False, 27), (70, True, 27), (50, True, 6))) == 6


class TestRelated:
    TARGET = ({"path": "b.md", "title": "A bulb", "quality": 44, "web_url": "u"},)

    def stale(self, *stories: Row, articles: tuple[Row, ...] = TARGET) -> list[tuple[str, str]]:
        related = [
            {"path": "a.md", "position": place, "url": "u", "target_path": "b.md"} | story
            for place, story in enumerate(stories)
        ]
        problems = found({"path": "a.md"}, *articles, related=related)
        return [(field, value) for _, field, code, value in problems if code == "stale_related"]

    def test_another_quality_title_or_both(self) -> None:
        stories: list[Row] = [
            {"title": "A bulb", "quality": 44},
            {"title": "A bulb", "quality": 39},
            {"title": "a  BULB"},
            {"quality": 44},
            {"title": "Bulbs", "quality": 44},
            {"title": "Bulbs", "quality": 39},
            {},
        ]
        assert self.stale(*stories) == [
            ("related.1", "quality 39, now 44 (b.md)"),
            ("related.4", "title Bulbs, now A bulb (b.md)"),
            ("related.5", "quality 39, now 44; title Bulbs, now A bulb (b.md)"),
        ]

    def test_a_quality_that_the_article_lacks_is_not_another(self) -> None:
        assert self.stale({"quality": 5}, articles=({"path": "b.md", "web_url": "u"},)) == []

    def test_a_story_outside_the_corpus_is_no_finding(self) -> None:
        assert self.stale({"quality": 39, "target_path": None}) == []

    def test_a_copy_of_another_article_with_the_address_is_not_stale(self) -> None:
        twin = {"path": "c.md", "title": "Update: a bulb", "quality": 50, "original_url": "u"}
        assert self.stale({"title": "Update: a bulb", "quality": 50}, articles=(*self.TARGET, twin)) == []
        assert self.stale({"title": "Update: a bulb", "quality": 44}, articles=(*self.TARGET, twin)) == [
            ("related.0", "quality 44, now 50 (c.md)")
        ]

    def test_a_story_without_an_address(self) -> None:
        related = [
            {"path": "a.md", "position": 0, "title": "Nowhere"},
            {"path": "a.md", "position": 1},
            {"path": "a.md", "position": 2, "title": "Elsewhere", "url": "v"},
        ]
        assert found({}, related=related) == [
            ("a.md", "related.0", "dangling_related", "Nowhere"),
            ("a.md", "related.1", "dangling_related", ""),
        ]


class TestTexts:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "excerpt",
        ["Placeholder.", "NA", "n/a", "N.A.", "TBD", "tbc…", "[Placeholder]", "...", "…", "-", "XXX", "lorem ipsum",
         "Lorem ipsum dolor " * 9, "A lamp  of Copper"],
    )  # fmt: skip
    def test_stand_ins(self, excerpt: str) -> None:
        shown = excerpt if len(excerpt) <= 80 else excerpt[:79] + "…"
        assert found({"title": "A Lamp of copper", "excerpt": excerpt}) == [
            ("a.md", "excerpt", "placeholder_excerpt", shown)
        ]

    @pytest.mark.slow
    @pytest.mark.parametrize("excerpt", [None, "A lamp", "A lamp of copper.", "English", "Namibia", "NAA", "5", "電池"])
    def test_no_stand_ins(self, excerpt: str | None) -> None:
        assert found({"title": "A lamp of copper", "excerpt": excerpt}) == []

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Fish &amp; chips", "&amp;"),
            ("&nbsp;Fish", "&nbsp;"),
            ("It&#39;s &#x2019; &lt;b&gt;", "&#39; and 3 more"),
            ("Q&As; fish &amp; chips", "&amp;"),
        ],
    )
    def test_entities_in_excerpt_and_title(self, text: str, value: str) -> None:
        assert found({"excerpt": text}, {"title": text}) == [
            ("b.md", "title", "entity_in_excerpt", value),
            ("a.md", "excerpt", "entity_in_excerpt", value),
        ]

    @pytest.mark.parametrize("text", ["R&D; fish", "Q&As; more", "a & b;", "?a=1&b=2", "&;", "&#;", "AT&T", "&amp"])
    def test_no_entities(self, text: str) -> None:
        assert found({"excerpt": text, "title": text + "!"}) == []


@given(st.lists(st.none() | st.text(" \t\n\u00a0\u3000aAßſİéÉ𐐀\u0301", max_size=8), max_size=6))
@settings(deadline=None)
def test_comparable_is_what_casefold_and_split_give(texts: list[str | None]) -> None:
    result = spelling_keys(pd.Series(texts, dtype="str"))
    assert [None if pd.isna(text) else text for text in result] == [
        None if text is None else composed(" ".join(composed(text).casefold().split())) for text in texts
    ]


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class TestSpellings:
    """Labels that people hold for one and the program counts as two."""

    def test_the_rarer_spelling_is_named_on_each_of_its_articles(self) -> None:
        rows = [{"type": "News"}, {"type": "News"}, {"type": "news"}, {"type": "Video"}]
        assert found(*rows) == [("c.md", "type", "label_in_several_ways", "news (more often News)")]

    def test_of_equally_frequent_spellings_the_first_is_the_usual_one(self) -> None:
        rows = [{"provider": "O’Reilly"}, {"provider": "O'Reilly"}]
        assert found(*rows) == [("a.md", "provider.name", "label_in_several_ways", "O’Reilly (as often O'Reilly)")]

    def test_accents_tell_labels_apart(self) -> None:
        assert found({"collection": "resume"}, {"collection": "résumé"}) == []


some = st.none() | st.sampled_from(["u", "v", "w"])


@pytest.mark.slow
@given(st.lists(st.fixed_dictionaries({"original_url": some, "web_url": some, "title": some}), max_size=9))
@settings(max_examples=60)
def test_duplicates_are_those_that_loops_find(articles: list[dict[str, str | None]]) -> None:
    fields = {"original_url": "originalUrl", "web_url": "webUrl", "title": "title"}
    paths = [f"{letter}.md" for letter in "abcdefghi"][: len(articles)]
    expected = set()
    for place, (column, field) in enumerate(fields.items()):
        groups: dict[str, list[int]] = defaultdict(list)
        for at, article in enumerate(articles):
            if value := article[column]:
                groups[value].append(at)
        for value, members in groups.items():
            earlier = [{articles[at][name] for at in members} for name in list(fields)[:place]]
            if len(members) < 2 or any(len(values) == 1 and None not in values for values in earlier):
                continue
            for at in members:
                others = [paths[other] for other in members if other != at]
                more = f" and {len(others) - 1} more" if len(others) > 1 else ""
                expected.add((paths[at], field, f"{value} (also {others[0]}{more})"))
    rows = [{"path": path} | article for path, article in zip(paths, articles, strict=True)]
    problems = list(duplicate_articles(frame(ARTICLES, rows)))
    assert {each[1:] for each in problems} == expected
    assert len(problems) == len(expected)


def paths(corpus: Corpus, code: str) -> list[str]:
    return corpus.problems.loc[corpus.problems["code"] == code, "path"].tolist()


def test_a_load_holds_them_among_its_problems_in_order(write: Write) -> None:
    head = "---\ntitle: A lamp\npublishedDateTime: 2024-03-05T00:00:00Z\n"
    files = {"b.md": head + "quality: high\nexcerpt: NA\n---\n", "a.md": head + "---\n"}
    problems = load_corpus(write(files), workers=1).problems
    PROBLEMS.check(problems)
    assert problems[["path", "code"]].astype("str").values.tolist() == [
        ["a.md", "duplicate_title"],
        ["b.md", "placeholder_excerpt"],
        ["b.md", "duplicate_title"],
        ["b.md", "not_whole"],
    ]


@pytest.fixture(scope="module", params=[(SAMPLE_ARTICLES, SAMPLE_SEED), (2500, 3)], ids=["sample", "another"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Planted]:
    """A sample corpus as it loads, and what was planted in it."""
    articles, seed = request.param
    if (articles, seed) == (SAMPLE_ARTICLES, SAMPLE_SEED):
        return load_corpus(SAMPLE, workers=1), planted_in_sample(articles=articles, seed=seed)
    root = tmp_path_factory.mktemp("sample") / "corpus"
    planted = write_sample(root, articles=articles, seed=seed)
    return load_corpus(root, workers=1), planted


class TestSample:
    @pytest.mark.slow
    def test_repeated_urls(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, planted = sample
        assert set(paths(corpus, "duplicate_original_url")) == {path for pair in planted.repeated_urls for path in pair}
        assert paths(corpus, "duplicate_web_url") == []

    @pytest.mark.slow
    def test_titles(self, sample: tuple[Corpus, Planted]) -> None:
        """All that was syndicated; what more there is repeats by accident, as a loop finds it."""
        corpus, planted = sample
        titles = defaultdict(list)
        for path, title, url in corpus.articles[["path", "title", "original_url"]].dropna().itertuples(index=False):
            titles[" ".join(title.casefold().split())].append((path, url))
        groups = [group for group in titles.values() if len({url for _, url in group}) > 1]
        result = paths(corpus, "duplicate_title")
        assert sorted(result) == sorted(path for group in groups for path, _ in group)
        assert set(result) >= {path for pair in planted.syndicated for path in pair}

    @pytest.mark.slow
    def test_dates_in_names(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, planted = sample
        assert sorted(paths(corpus, "name_date_differs")) == sorted(planted.date_mismatches)

    def test_decisions(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, planted = sample
        found = corpus.problems[corpus.problems["code"] == "published_against_score"]
        held = found["value"].str.startswith("not published")
        assert found["value"].str.endswith("cut-off 70").all()
        assert sorted(found["path"][held]) == sorted(planted.held_above)
        assert sorted(found["path"][~held]) == sorted(planted.published_below)

    def test_stale_copies(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, planted = sample
        found = corpus.problems[corpus.problems["code"] == "stale_related"]
        targets = found["value"].str.extract(r"^quality \d+, now \d+ \((.+)\)$")[0]
        address = corpus.articles.set_index("path")["original_url"].to_dict()
        result = Counter((path, address[target]) for path, target in zip(found["path"], targets, strict=True))
        assert result == Counter((path, address[target]) for path, target in planted.stale_related)
        assert len(found) == len(planted.stale_related)
        assert paths(corpus, "dangling_related") == []

    def test_the_taxonomy(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, _ = sample
        found = corpus.problems[corpus.problems["code"] == "unknown_provider"]
        assert {value.split(", ")[0] for value in found["value"]} == {
            "Low Load Blog", "Penwick Standard", "未来電池 Mirai Denchi"
        }  # fmt: skip
        assert paths(corpus, "unknown_topic") == []

    def test_two_names_of_a_domain(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, _ = sample
        alias = corpus.articles["provider"] == "Halmstrand Institute of Technology"
        assert paths(corpus, "domain_under_several_names") == corpus.articles["path"][alias].tolist() != []

    def test_texts(self, sample: tuple[Corpus, Planted]) -> None:
        corpus, _ = sample
        articles = corpus.articles
        stand_in = [text in ("Placeholder.", "NA") for text in articles["excerpt"]]
        entity = ["&nbsp;" in text or "&amp;" in text for text in articles["excerpt"].fillna("")]
        assert paths(corpus, "placeholder_excerpt") == articles["path"][stand_in].tolist() != []
        assert paths(corpus, "entity_in_excerpt") == articles["path"][entity].tolist() != []


def test_the_sample_in_numbers() -> None:
    problems = load_corpus(SAMPLE, workers=1).problems
    counts = Counter(code for code in problems["code"] if code in CHECKED)
    assert counts == {
        "entity_in_excerpt": 84,
        "stale_related": 63,
        "duplicate_title": 44,
        "duplicate_original_url": 24,
        "name_date_differs": 17,
        "placeholder_excerpt": 16,
        "published_against_score": 13,
        "domain_under_several_names": 9,
        "unknown_provider": 3,
    }


@pytest.fixture(scope="module")
def powerapps(shared: Callable[[str], Path]) -> Path:
    return shared("powerapps")


def records(root: Path) -> dict[str, Row]:
    """The front matter of each article, read by PyYAML with nothing but texts."""
    files = sorted(root.glob("_news/**/*.md"))
    texts = {file.relative_to(root).as_posix(): file.read_text("utf-8").split("---")[1:] for file in files}
    return {
        path: yaml.load("---".join(parts).split("\n---")[0], Loader=yaml.CBaseLoader) for path, parts in texts.items()
    }


@pytest.mark.shared
def test_the_real_corpus_as_its_lines_tell(powerapps: Path) -> None:
    articles = records(powerapps)
    names = {
        re.search(rf"^{field}: (.+)$", file.read_text("utf-8"), re.MULTILINE)[1].strip()  # type: ignore[index]
        for file in (powerapps / "_data/organizations").iterdir()
        for field in ("name", "domain")
    }
    urls = Counter(record["originalUrl"] for record in articles.values() if "originalUrl" in record)
    titles = defaultdict(list)
    for path, record in articles.items():
        keyboard = re.sub("[‘’]", "'", re.sub("[“”]", '"', re.sub("[‐‑–—]", "-", record["title"])))
        titles[" ".join(keyboard.casefold().split())].append(path)
    outlets = Counter(
        record["provider"]["domain"]
        for record in articles.values()
        if not {record["provider"]["name"], record["provider"]["domain"]} & names
    )
    excerpts = {path: " ".join(record["excerpt"].split()).casefold() for path, record in articles.items()}
    expected = {
        "duplicate_original_url": {path for path, record in articles.items() if urls[record.get("originalUrl")] > 1},
        "duplicate_title": {
            path
            for paths in titles.values()
            for path in paths
            if len({articles[each].get("originalUrl") for each in paths}) > 1
        },
        "name_date_differs": {
            path
            for path, record in articles.items()
            if datetime.fromisoformat(record["publishedDateTime"]).astimezone(UTC).date().isoformat() not in path
        },
        "placeholder_excerpt": {
            path
            for path, text in excerpts.items()
            if text in ("placeholder.", "na") or text == " ".join(articles[path]["title"].split()).casefold()
        },
        "entity_in_excerpt": {
            path
            for path, record in articles.items()
            if re.search(r"&[a-z]+;|&#[0-9]+;", record["title"] + record["excerpt"])
        },
    }
    corpus = load_corpus(powerapps, workers=1)
    counts = Counter(code for code in corpus.problems["code"] if code in CHECKED)
    assert counts.pop("unknown_provider") == sum(n > 1 for n in outlets.values()) == 11
    assert counts == {code: len(found) for code, found in expected.items()}
    for code, found in expected.items():
        assert set(paths(corpus, code)) == found, code
    assert counts["name_date_differs"] == 31
