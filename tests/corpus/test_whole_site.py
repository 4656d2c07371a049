"""A whole site with news and much else: without a choice, answers are those of its news, counted by a plain script."""

import statistics
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.slice_of import left_out_collections, slice_of

pytestmark = pytest.mark.shared
TODAY = date(2022, 12, 31)


def front_matter(file: Path):
    return yaml.safe_load(file.read_text(encoding="utf-8").split("\n---", 1)[0].removeprefix("---"))


@pytest.fixture(scope="module")
def site(shared) -> Path:
    return shared("powerapps-site")


@pytest.fixture(scope="module")
def corpus(site) -> Corpus:
    return load_corpus(site, today=TODAY)


@pytest.fixture(scope="module")
def news(site):
    return [front_matter(file) for file in sorted((site / "_news").glob("*.md"))]


def files_of(site: Path, folder: str) -> int:
    return sum(file.suffix in (".md", ".html") for file in (site / folder).iterdir())


def test_the_news_are_asked_and_all_else_is_named(site, corpus, news):
    data = slice_of(corpus)
    assert (data.n, data.selection.text) == (len(news), "collection=news")
    folders = {"learning/videos": "_learning/videos", "newsletters": "_newsletters", "samples": "_samples",
               "learning/courses": "_learning/courses", "learning/collections": "_learning/collections",
               "people": "_people", "communities": "_communities"}  # fmt: skip
    assert left_out_collections(data) == {name: files_of(site, folder) for name, folder in folders.items()}


def test_shares_and_concentration_of_providers_are_those_of_the_news(corpus, news):
    counts = Counter(record["provider"]["name"] for record in news)
    n = counts.total()
    whole = VIEWS["concentration_over_time"].answer(slice_of(corpus)).query("period.isna()")
    row = whole.iloc[0]
    name, most = counts.most_common(1)[0]
    assert (row["n"], row["top_provider"], row["top"]) == (n, name, most) == (n, "Microsoft", most)
    assert row["top_share"] == pytest.approx(most / n)
    assert row["hhi"] == pytest.approx(sum(each * (each - 1) for each in counts.values()) / (n * (n - 1)))


def test_who_is_overdue_is_told_by_the_news(corpus, news):
    days = {}
    for record in news:
        days.setdefault(record["provider"]["name"], set()).add(record["publishedDateTime"].date())
    last = max(max(each) for each in days.values())
    chances, silent = {}, set()
    for name, each in days.items():
        ordered = sorted(each)
        gaps = [(b - a).days for a, b in pairwise(ordered)]
        since = (last - ordered[-1]).days
        if len(ordered) >= 5:
            bursts = max(1.0, statistics.variance(gaps) / statistics.fmean(gaps) ** 2)
            chances[name] = (1 + since / sum(gaps)) ** (-len(gaps) / bursts)
            if since > max(gaps):
                silent.add(name)
    ranked = sorted(chances, key=chances.__getitem__)
    passed = [rank for rank, name in enumerate(ranked, 1) if chances[name] <= 0.1 * rank / len(ranked)]
    overdue = silent & set(ranked[: max(passed, default=0)])
    table = VIEWS["provider_activity"].answer(slice_of(corpus))
    assert set(table.loc[table["status"] == "overdue", "provider"]) == overdue
    assert table["as_of"].dt.date.unique().tolist() == [last]


class Anchors(HTMLParser):
    """The addresses of the anchors of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")


@pytest.mark.slow
def test_links_of_newsletters_to_news_are_those_of_a_plain_script(site, corpus):
    def key(address):
        return address.removeprefix("https://").removeprefix("http://").rstrip("/")

    news = {}
    for file in sorted((site / "_news").glob("*.md")):
        record = front_matter(file)
        news |= {key(record[name]): f"_news/{file.name}" for name in ("webUrl", "originalUrl") if record.get(name)}
    found = Counter()
    for file in sorted((site / "_newsletters").glob("*.html")):
        body = file.read_text(encoding="utf-8").split("\n---", 1)[1]
        for address in Anchors(body).found:
            if key(address) in news:
                found[f"_newsletters/{file.name}", news[key(address)]] += 1
    links = corpus.links
    links = links[links["path"].str.startswith("_newsletters/") & links["target_path"].str.startswith("_news/")]
    assert Counter(zip(links["path"], links["target_path"], strict=True)) == found
    assert found.total() > 300
