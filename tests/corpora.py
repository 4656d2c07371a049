"""Small corpora for tests: a list of articles, written as real files and loaded the way every corpus is.

An article leaves out what it is not given, as real ones do::

    part_of([article(at="2024-01-03", quality=72, topics=["AI"]), article()])

`tests.plain` knows the same articles as plain records.
"""

import json
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.slice import Slice
from analytics.selection.fields import HEAT_STATES, HOURS, STATES, WEEKDAYS
from analytics.selection.selection import Selection

TODAY = date(2026, 7, 1)
"""The day that counts as today in the corpora of tests: the one after the newest articles of the sample."""


FAR_AHEAD = date(2099, 12, 31)

REAL_TODAY = date(2022, 12, 20)
"""The same for the real corpus `powerapps`."""


@dataclass(frozen=True)
class Article:
    """One file: the folder it lies in, the day that its name begins with, and its front matter."""

    folder: str
    named: str | None
    fields: dict[str, Any]


def article(
    *,
    title: str | None = "A title",
    excerpt: str | None = None,
    at: str | None = None,
    quality: int | None = None,
    heat: int | None = None,
    published: bool | None = None,
    provider: str | None = None,
    domain: str | None = None,
    topics: Sequence[str] | None = None,
    kind: str | None = None,
    category: str | None = None,
    folder: str = "_news",
    named: str | None = None,
) -> Article:
    """An article with the fields that are given; `at` is its time as written, a bare day means noon UTC."""
    outlet = {name: value for name, value in (("name", provider), ("domain", domain)) if value is not None}
    fields = {
        "title": title,
        "excerpt": excerpt,
        "publishedDateTime": f"{at}T12:00:00Z" if at is not None and len(at) == 10 else at,
        "quality": quality,
        "heat": heat,
        "published": published,
        "provider": outlet or None,
        "topics": None if topics is None else list(topics),
        "type": kind,
        "category": category,
    }
    return Article(folder, named, {name: value for name, value in fields.items() if value is not None})


def paths_of(articles: Sequence[Article]) -> list[str]:
    """The path that each article is written to."""
    days = [f"{item.named}-" if item.named else "" for item in articles]
    return [f"{item.folder}/{day}{number:04}.md" for number, (item, day) in enumerate(zip(articles, days, strict=True))]


def write(folder: Path, articles: Sequence[Article]) -> Path:
    """Write the articles below a folder.

    One without a time has `related`, as only the record has: no day in a file's name stands in for its time.
    """
    for path, item in zip(paths_of(articles), articles, strict=True):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fields = item.fields if "publishedDateTime" in item.fields else {"related": [], **item.fields}
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
        target.write_text("\n".join(["---", *lines, "---", ""]), encoding="utf-8")
    return folder


def write_records(folder: Path, records: Mapping[str, Mapping[str, object]], body: str = "") -> Path:
    """Write files with front matter, path → fields, below a folder."""
    for path, fields in records.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
        target.write_text("\n".join(["---", *lines, "---", body]), encoding="utf-8")
    return folder


def corpus_of(articles: Sequence[Article], today: date | None = None) -> Corpus:
    """The corpus of the articles; its files are gone when it is there. Today is the day after them unless given.

    The same articles are loaded once for the tests that follow each other.
    """
    return _loaded(pickle.dumps(tuple(articles)), today)


@lru_cache(maxsize=20)
def _loaded(articles: bytes, today: date | None) -> Corpus:
    with tempfile.TemporaryDirectory() as folder:
        written = write(Path(folder), pickle.loads(articles))
        corpus = load_corpus(written, today=today or FAR_AHEAD, cache=False, workers=1)
    newest = corpus.articles["published_at"].max()
    if today is None and pd.notna(newest):
        return replace(corpus, today=newest.date() + timedelta(days=1))
    return corpus


def part_of(articles: Sequence[Article], **chosen: Any) -> Slice:
    """The articles seen through a selection of the `chosen` parts."""
    return Slice(corpus_of(articles), Selection(**chosen))


@cache
def real_corpus(folder: Path) -> Corpus:
    """A corpus on disk, loaded once for all tests."""
    return load_corpus(folder, today=REAL_TODAY, workers=1)


real_selections = pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(start=date(2020, 2, 12), end=date(2021, 6, 20)),
        Selection(quality_min=70, states=("published",), providers=("Microsoft",)),
    ],
    ids=lambda selection: selection.in_words(),
)
"""What the analyses of the real corpus `powerapps` are checked with."""

grains = st.sampled_from(["auto", "week", "month", "quarter", "year"])

TOPICS = ("AI", "Chips", "Law", "Space & <Time>")
PROVIDERS = ("Alpha", "Beta", "gamma.example", "Ω Wire")
SCORES = (0, 5, 37, 69, 70, 72, 104, 190)


def times() -> st.SearchStrategy[str]:
    """Times as written: a few crowded weeks around a year's end or anywhere in seven years, in several zones."""
    crowded = st.datetimes(datetime(2023, 12, 20), datetime(2024, 1, 12))  # noqa: DTZ001 - the zone is drawn below
    scattered = st.datetimes(datetime(2019, 1, 1), datetime(2025, 12, 31))  # noqa: DTZ001
    moments = st.one_of(crowded, crowded, scattered).map(lambda moment: moment.isoformat(timespec="seconds"))
    return st.builds("{}{}".format, moments, st.sampled_from(["Z", "Z", "+05:30", "-08:00"]))


def articles(*, max_size: int = 12) -> st.SearchStrategy[list[Article]]:
    """Random small lists of articles in which everything that can be absent sometimes is."""
    one = st.builds(
        article,
        at=st.none() | times() | times(),
        quality=st.none() | st.sampled_from(SCORES) | st.sampled_from(SCORES),
        heat=st.none() | st.just(-1) | st.sampled_from(SCORES) | st.integers(0, 190),
        published=st.sampled_from([None, False, True, True]),
        provider=st.none() | st.sampled_from(PROVIDERS),
        domain=st.none() | st.sampled_from(["alpha.example", "beta.example"]),
        topics=st.none() | st.lists(st.sampled_from(TOPICS), unique=True) | st.just(TOPICS[:1]),
        kind=st.sampled_from([None, "article", "video"]),
        category=st.sampled_from([None, "news"]),
        folder=st.sampled_from(["_news", "_archive/_news"]),
        named=st.none() | st.dates(date(2023, 12, 20), date(2024, 1, 12)).map(str),
    )
    return st.lists(one, max_size=max_size)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Random selections, most of them open in most parts; some name what no article has."""
    bounds = st.none() | st.sampled_from([0, 37, 69, 70, 71, 190])
    days = (
        st.none()
        | st.none()
        | st.dates(date(2023, 12, 18), date(2024, 1, 14))
        | st.dates(date(2018, 1, 1), date(2026, 12, 31))
    )
    start, end = _in_order(draw(days), draw(days))
    some, names = (
        {},
        {"topics": (*TOPICS, "Nothing"), "providers": (*PROVIDERS, "Nobody"), "states": STATES}
        | draw(_few_of(MORE_PARTS)),
    )
    for name, labels in names.items():
        some[name] = tuple(draw(_few(labels)))
    for name in draw(
        st.sampled_from([(), (), ("quality",), ("quality",), ("heat",), ("quality", "heat"), ("lift",), ("lag",)])
    ):
        some[f"{name}_min"], some[f"{name}_max"] = _in_order(draw(bounds), draw(bounds))
    once = draw(st.sampled_from([False, False, False, True]))  # random articles tell no story: it leaves out none
    return Selection(start=start, end=end, first_of_story=once, **some)


MORE_PARTS: dict[str, Sequence[str]] = {
    "collections": ("news", "archive/news", "learning"),
    "types": ("article", "video"),
    "topics_all": (*TOPICS, "Nothing"),
    "topics_none": (*TOPICS, "Nothing"),
    "topics_beside": (*TOPICS, "Nothing"),
    "providers_none": (*PROVIDERS, "Nobody"),
    "heat_states": HEAT_STATES,
    "weekdays": WEEKDAYS,
    "hours": HOURS[:6],
    "has": ("quality", "provider", "lift", "lag", "topics"),
    "lacks": ("quality", "provider", "lift", "lag", "topics"),
}


def _few_of(parts: dict[str, Sequence[str]]) -> st.SearchStrategy[dict[str, Sequence[str]]]:
    one = st.sampled_from(sorted(parts)).map(lambda name: {name: parts[name]})
    return st.just({}) | one


def _few(labels: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.just([]) | st.just([]) | st.lists(st.sampled_from(labels), min_size=1, max_size=3)


def _in_order(low: Any, high: Any) -> tuple[Any, Any]:
    return (high, low) if low is not None and high is not None and low > high else (low, high)
