"""The generator of the sample corpus, checked by reading its files with PyYAML alone."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.errors import ExportError
from tests.sample_corpus.corpus import SAMPLE_ARTICLES, SAMPLE_SEED, planted_in_sample, write_sample
from tests.sample_corpus.planted import FAULTS, Planted
from tests.sample_corpus.words import PHRASES, SPECIAL_TITLES, unnamed
from tests.sample_corpus.world import BURSTING, FADING, NEWCOMER, RISING, SEASONAL, SILENT, TOPICS, UMBRELLA

COMMITTED = Path(__file__).parents[2] / "data" / "sample"
CUTOFF = 70
UNSCORED_FROM, UNSCORED_TO = date(2024, 5, 13), date(2024, 6, 30)


@dataclass(frozen=True)
class Sample:
    """A written corpus: its folder, what was planted, and the front matter of each file without a fault."""

    root: Path
    planted: Planted
    articles: dict[str, dict[str, Any]]

    def scored(self) -> list[dict[str, Any]]:
        """The articles with a quality."""
        return [article for article in self.articles.values() if "quality" in article]


def front_matter(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8").split("---\n")[1], Loader=yaml.CSafeLoader)
    return fields


def article_paths(root: Path) -> list[str]:
    folders = ("_news", "_archive/_news", "_learning/videos", "_newsletters")
    return [path.relative_to(root).as_posix() for folder in folders for path in sorted((root / folder).iterdir())]


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def digest(root: Path) -> str:
    found = hashlib.sha256()
    for path, content in sorted(contents(root).items()):
        found.update(path.encode() + b"\0" + content + b"\0")
    return found.hexdigest()


def utc(article: dict[str, Any]) -> datetime:
    time: datetime = article["publishedDateTime"]
    return time.astimezone(UTC)


def share(articles: list[dict[str, Any]], topic: str) -> float:
    return sum(topic in article["topics"] for article in articles) / len(articles)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    root = tmp_path_factory.mktemp("sample") / "corpus"
    planted = write_sample(root, articles=SAMPLE_ARTICLES, seed=SAMPLE_SEED)
    faulty = {path for paths in planted.faults.values() for path in paths}
    articles = {path: front_matter(root / path) for path in article_paths(root) if path not in faulty}
    return Sample(root, planted, articles)


class TestWriting:
    def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(self, tmp_path: Path) -> None:
        for name, seed in {"first": 3, "second": 3, "other": 4, "minus": -3}.items():
            write_sample(tmp_path / name, articles=150, seed=seed)
        first, second, other, minus = (digest(tmp_path / name) for name in ("first", "second", "other", "minus"))
        assert first == second
        assert len({first, other, minus}) == 3

    def test_hash_seed_time_zone_and_locale_do_not_matter(self, tmp_path: Path) -> None:
        script = (
            "import sys, pathlib; from tests.sample_corpus.corpus import write_sample; "
            "write_sample(pathlib.Path(sys.argv[1]), articles=150, seed=3)"
        )
        environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "0"}
        root = Path(__file__).parents[2]
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "theirs")], env=environment, cwd=root, check=True, timeout=60
        )
        write_sample(tmp_path / "ours", articles=150, seed=3)
        assert digest(tmp_path / "ours") == digest(tmp_path / "theirs")

    @pytest.mark.parametrize("articles", [0, 1, 2, 19, 300])
    def test_any_number_of_articles_is_met_exactly(self, tmp_path: Path, articles: int) -> None:
        write_sample(tmp_path / "corpus", articles=articles, seed=1)
        paths = article_paths(tmp_path / "corpus")
        assert len(paths) == articles
        assert not articles or any("2026-06-30" in path for path in paths)

    def test_a_new_folder_with_new_parents_or_an_empty_folder_will_do(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        for folder in (tmp_path / "empty", tmp_path / "new" / "deep"):
            write_sample(folder, articles=3, seed=1)
            assert len(article_paths(folder)) == 3
        assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"]

    def test_a_folder_that_holds_something_is_refused_and_untouched(self, tmp_path: Path) -> None:
        (tmp_path / "kept.txt").write_text("mine")
        with pytest.raises(ExportError, match="not empty: name a new folder"):
            write_sample(tmp_path, articles=3, seed=1)
        assert contents(tmp_path) == {"kept.txt": b"mine"}

    def test_a_file_and_a_negative_size_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine")
        with pytest.raises(ExportError, match="is a file: name a new folder"):
            write_sample(tmp_path / "file", articles=3, seed=1)
        with pytest.raises(ExportError, match="ask for 0 or more"):
            write_sample(tmp_path / "new", articles=-1, seed=1)

    def test_what_the_system_refuses_is_an_error_in_words(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine")
        with pytest.raises(ExportError, match=r"could not be written to .*below: .* Name another folder"):
            write_sample(tmp_path / "file" / "below", articles=3, seed=1)

    @pytest.mark.parametrize("exists", [False, True])
    def test_an_interrupted_run_leaves_nothing_behind(self, tmp_path: Path, exists: bool) -> None:
        def interrupt(done: int, total: int) -> None:
            if done >= 100:
                raise KeyboardInterrupt

        if exists:
            (tmp_path / "corpus").mkdir()
        with pytest.raises(KeyboardInterrupt):
            write_sample(tmp_path / "corpus", articles=300, seed=1, progress=interrupt)
        assert [path.name for path in tmp_path.rglob("*")] == (["corpus"] if exists else [])

    def test_progress_rises_to_the_total(self, tmp_path: Path) -> None:
        calls: list[tuple[int, int]] = []
        write_sample(tmp_path / "corpus", articles=250, seed=1, progress=lambda *call: calls.append(call))
        assert calls == [(0, 250), (100, 250), (200, 250), (250, 250)]

    @pytest.mark.slow
    def test_a_longer_corpus_keeps_its_cases_in_bounded_lists(self) -> None:
        planted = planted_in_sample(articles=40_000, seed=1)
        assert len(planted.stale_related) == 1000 < planted.totals["stale_related"]
        assert {len(paths) for paths in planted.faults.values()} == {2}

    @pytest.mark.slow
    def test_the_committed_sample_is_what_the_generator_writes(self, sample: Sample) -> None:
        expected, found = contents(sample.root), contents(COMMITTED)
        assert sorted(found) == sorted(expected)
        assert [path for path in expected if found[path] != expected[path]] == []


class TestPlanted:
    @pytest.mark.slow
    def test_it_is_known_without_writing(self, sample: Sample) -> None:
        assert planted_in_sample(articles=SAMPLE_ARTICLES, seed=SAMPLE_SEED) == sample.planted

    @pytest.mark.parametrize("articles", [300, SAMPLE_ARTICLES])
    def test_each_fault_and_special_title_is_there_once(self, articles: int) -> None:
        planted = planted_in_sample(articles=articles, seed=5)
        assert {kind: len(paths) for kind, paths in planted.faults.items()} == dict.fromkeys(FAULTS, 1)
        assert list(planted.special_titles) == list(SPECIAL_TITLES)

    def test_small_corpora_have_few_faults(self) -> None:
        counts = {articles: len(planted_in_sample(articles=articles, seed=1).faults) for articles in (0, 1, 19, 60)}
        assert counts == {0: 0, 1: 0, 19: 0, 60: 3}

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("quality_text", {"quality": "high"}),
            ("time_unparsable", {"publishedDateTime": "yesterday"}),
            ("topics_text", {"topics": "Storage"}),
            ("published_text", {"published": "maybe"}),
            ("provider_text", {"provider": "The Grid Ledger"}),
            ("title_missing", {"title": None}),
            ("time_missing", {"publishedDateTime": None}),
        ],
    )
    def test_a_wrong_field_reads_as_planted(self, sample: Sample, kind: str, expected: dict[str, Any]) -> None:
        (path,) = sample.planted.faults[kind]
        found = front_matter(sample.root / path)
        assert {name: found.get(name) for name in expected} == expected
        assert {"category", "excerpt", "type", "originalUrl"} <= found.keys()

    def test_a_quoted_number_and_a_naive_time(self, sample: Sample) -> None:
        quality = front_matter(sample.root / sample.planted.faults["quality_quoted"][0])["quality"]
        assert isinstance(quality, str)
        assert quality.isdecimal()
        assert front_matter(sample.root / sample.planted.faults["time_naive"][0])["publishedDateTime"].tzinfo is None

    @pytest.mark.parametrize("kind", ["yaml_broken", "yaml_tab"])
    def test_broken_yaml_cannot_be_read(self, sample: Sample, kind: str) -> None:
        with pytest.raises(yaml.YAMLError):
            front_matter(sample.root / sample.planted.faults[kind][0])

    def test_faults_of_the_text(self, sample: Sample) -> None:
        text = {kind: (sample.root / paths[0]).read_bytes() for kind, paths in sample.planted.faults.items()}
        assert text["empty_file"] == b""
        assert text["unterminated"].count(b"---\n") == 1
        assert text["duplicate_key"].count(b"\nquality: ") == 2
        assert b"\n\tname: " in text["yaml_tab"]
        with pytest.raises(UnicodeDecodeError):
            text["not_utf8"].decode()

    def test_special_titles_survive_quoting(self, sample: Sample) -> None:
        found = {key: sample.articles[path]["title"] for key, path in sample.planted.special_titles.items()}
        assert found == {key: title for key, (title, _) in SPECIAL_TITLES.items()}
        starts = Counter(article["title"][0] for article in sample.articles.values())
        assert [starts[character] for character in "=+-@"] == [1, 1, 1, 1]
        assert any('"' in article["title"] for article in sample.articles.values())

    def test_repeated_urls(self, sample: Sample) -> None:
        assert len(sample.planted.repeated_urls) >= 6
        for first, second in sample.planted.repeated_urls:
            assert sample.articles[first]["originalUrl"] == sample.articles[second]["originalUrl"]
        urls = Counter(article["originalUrl"] for article in sample.articles.values())
        assert sum(count - 1 for count in urls.values()) == len(sample.planted.repeated_urls)

    def test_syndicated_stories_share_a_title_but_no_outlet(self, sample: Sample) -> None:
        assert len(sample.planted.syndicated) >= 12
        for first, second in sample.planted.syndicated:
            one, other = sample.articles[first], sample.articles[second]
            assert one["title"] == other["title"]
            assert one["provider"]["domain"] != other["provider"]["domain"]

    def test_near_duplicates_differ_in_one_word(self, sample: Sample) -> None:
        assert len(sample.planted.near_duplicates) >= 6
        for first, second in sample.planted.near_duplicates:
            words = zip(sample.articles[first]["title"].split(), sample.articles[second]["title"].split(), strict=True)
            assert sum(one != other for one, other in words) == 1

    def test_related_stories_are_stale_where_planted_and_true_elsewhere(self, sample: Sample) -> None:
        addresses = {article.get("webUrl", article["originalUrl"]): path for path, article in sample.articles.items()}
        differing = {
            (path, addresses[related["webUrl"]])
            for path, article in sample.articles.items()
            for related in article.get("related", [])
            if related["webUrl"] in addresses
            and related.get("quality") != sample.articles[addresses[related["webUrl"]]].get("quality")
        }
        assert len(differing) >= 20
        assert differing == set(sample.planted.stale_related)

    def test_misfiled_articles_have_a_topic_that_their_text_never_names(self, sample: Sample) -> None:
        assert len(sample.planted.misfiled) >= 6
        for path, topic in sample.planted.misfiled:
            article = sample.articles[path]
            assert topic in article["topics"]
            assert unnamed([topic], f"{article['title']} {article['excerpt']}") == [topic]

    def test_exceptions_from_the_rule_of_publishing(self, sample: Sample) -> None:
        planted, articles = sample.planted, sample.articles
        scored = {path: article for path, article in articles.items() if "quality" in article}
        below = [path for path, article in scored.items() if article.get("published") and article["quality"] < CUTOFF]
        above = [
            path
            for path, article in scored.items()
            if article.get("published") is False and article["quality"] >= CUTOFF
        ]
        assert sorted(planted.published_below) == sorted(below) != []
        assert sorted(planted.held_above) == sorted(above) != []
        assert sorted(planted.undecided) == sorted(path for path in articles if "published" not in articles[path])
        assert (len(below) + len(above)) / len(scored) < 0.03

    def test_file_dates_that_differ_from_the_day_of_publication(self, sample: Sample) -> None:
        differing = {
            path for path, article in sample.articles.items() if f"/{utc(article).date().isoformat()}-" not in path
        }
        assert differing == set(sample.planted.date_mismatches)
        assert 6 <= len(differing) <= 40

    def test_hot_articles(self, sample: Sample) -> None:
        hot = {
            path
            for path, article in sample.articles.items()
            if article.get("heat", 0) >= article.get("quality", 0) + 12
        }
        assert hot == set(sample.planted.hot)
        assert len(hot) >= 5


class TestWorld:
    def test_files_have_the_size_and_the_fields_of_real_ones(self, sample: Sample) -> None:
        sizes = [len((sample.root / path).read_bytes()) for path in sample.articles]
        assert 1200 < sum(sizes) / len(sizes) < 2000
        count = Counter(name for article in sample.articles.values() for name in article)
        always = {name for name in count if count[name] == len(sample.articles)}
        assert always == {
            "category", "title", "excerpt", "publishedDateTime", "originalUrl", "type", "provider", "topics"
        }  # fmt: skip
        sometimes = {"webUrl", "ampWebUrl", "cdnAmpWebUrl", "quality", "heat", "published", "images", "related"}
        assert sometimes | {"secured", "featuredContent", "tags", "locale", "highlight"} <= count.keys()
        assert 0.92 < count["secured"] / len(sample.articles) < 0.98
        assert 0.15 < count["related"] / len(sample.articles) < 0.25

    def test_every_address_is_on_a_reserved_domain(self, sample: Sample) -> None:
        for article in sample.articles.values():
            assert article["provider"]["domain"].endswith(".example")
            assert article["originalUrl"].split("/")[2].endswith(".example")

    def test_the_taxonomy_covers_topics_and_most_outlets(self, sample: Sample) -> None:
        topics = [yaml.safe_load(path.read_text("utf-8")) for path in (sample.root / "_data/topics").iterdir()]
        names = {topic["name"] for topic in topics}
        assert names == {UMBRELLA, *PHRASES} == {UMBRELLA, *(topic.name for topic in TOPICS)}
        assert {topic["parent"] for topic in topics if "parent" in topic} <= names
        known = {front_matter(path)["domain"] for path in (sample.root / "_data/organizations").iterdir()}
        domains = {article["provider"]["domain"] for article in sample.articles.values()}
        assert 1 <= len(domains - known) <= 3
        assert not (sample.root / "README.md").read_bytes().startswith(b"---")

    def test_quality_is_lumpy_and_spread(self, sample: Sample) -> None:
        scores = Counter(article["quality"] for article in sample.scored())
        assert [score for score, _ in scores.most_common(4)] == [72, 87, 37, 104]
        assert 0 <= min(scores) < 15
        assert 140 < max(scores) <= 190
        middle = sum(count for score, count in scores.items() if 30 <= score <= 110)
        assert 0.8 < middle / scores.total() < 0.95

    def test_quality_falls_and_recovers(self, sample: Sample) -> None:
        def median(first: date, last: date) -> int:
            scores: list[int] = sorted(a["quality"] for a in sample.scored() if first <= utc(a).date() <= last)
            return scores[len(scores) // 2]

        before = median(date(2024, 1, 1), date(2024, 9, 30))
        low = median(date(2025, 2, 1), date(2025, 7, 31))
        after = median(date(2026, 1, 1), date(2026, 6, 30))
        assert low + 8 < min(before, after)

    def test_heat_is_mostly_quality_and_the_newest_articles_are_warm(self, sample: Sample) -> None:
        ranked = [article for article in sample.scored() if article["heat"] >= 0]
        unranked = 1 - len(ranked) / len(sample.scored())
        warm = {
            newest: [a["heat"] > a["quality"] for a in ranked if (utc(a).date() >= date(2026, 6, 10)) == newest]
            for newest in (True, False)
        }
        assert 0.04 < unranked < 0.09
        assert sum(warm[True]) / len(warm[True]) > 0.5
        assert 0.1 < sum(warm[False]) / len(warm[False]) < 0.22

    def test_seven_weeks_have_no_scores(self, sample: Sample) -> None:
        for article in sample.articles.values():
            unscored = UNSCORED_FROM <= utc(article).date() <= UNSCORED_TO or article["category"] == "newsletter"
            assert ("quality" in article, "heat" in article) == (not unscored, not unscored)

    def test_topics_rise_fade_return_and_burst(self, sample: Sample) -> None:
        def within(first: date, last: date) -> list[dict[str, Any]]:
            return [article for article in sample.articles.values() if first <= utc(article).date() <= last]

        start, end = within(date(2024, 1, 1), date(2024, 6, 30)), within(date(2026, 1, 1), date(2026, 6, 30))
        assert share(list(sample.articles.values()), UMBRELLA) == pytest.approx(0.96, abs=0.015)
        assert share(start, RISING) < 0.05 < 0.1 < share(end, RISING)
        assert share(end, FADING) < 0.05 < 0.1 < share(start, FADING)
        cold = [article for article in sample.articles.values() if utc(article).month in (12, 1, 2)]
        warm = [article for article in sample.articles.values() if utc(article).month in (5, 6, 7, 8)]
        assert share(cold, SEASONAL) > 3 * share(warm, SEASONAL)
        burst = within(date(2025, 10, 21), date(2025, 11, 20))
        assert share(burst, BURSTING) > 0.25
        assert share(within(date(2025, 12, 21), date(2026, 6, 30)), BURSTING) < 0.03

    def test_one_outlet_appears_another_falls_silent_and_one_leads(self, sample: Sample) -> None:
        times: dict[str, list[date]] = {}
        for article in sample.articles.values():
            times.setdefault(article["provider"]["name"], []).append(utc(article).date())
        assert date(2025, 4, 7) <= min(times[NEWCOMER]) < date(2025, 6, 1)
        assert date(2025, 12, 15) < max(times[SILENT]) <= date(2026, 1, 28)
        counts = Counter({name: len(days) for name, days in times.items()})
        assert counts.most_common(1)[0][0] == "The Grid Ledger"
        assert counts["The Grid Ledger"] / len(sample.articles) == pytest.approx(0.31, abs=0.03)
        assert sum(count <= 4 for count in counts.values()) >= 4
        assert counts["wattpress.example"] > 10
        assert {"Halmstrand Institute", "Halmstrand Institute of Technology"} <= counts.keys()

    def test_days_have_a_rhythm_an_outage_and_a_rush(self, sample: Sample) -> None:
        days = Counter(utc(article).date() for article in sample.articles.values())
        weekend = sum(count for day, count in days.items() if day.weekday() >= 5)
        assert 0.06 < weekend / days.total() < 0.14
        assert all(not days[date(2025, 2, day)] for day in range(11, 17))
        assert days.most_common(1)[0][0] == date(2025, 10, 21)
        assert date(2024, 1, 1) <= min(days)
        assert max(days) == date(2026, 6, 30)

    def test_titles_rarely_repeat_by_accident(self, sample: Sample) -> None:
        titles = Counter(article["title"] for article in sample.articles.values())
        planted = len(sample.planted.syndicated) + len(sample.planted.repeated_urls)
        assert sum(count - 1 for count in titles.values()) < planted + 12
