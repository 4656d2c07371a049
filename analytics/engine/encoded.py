"""A corpus encoded as small whole numbers: what every tally and filter works on.

Labels are category codes, dates are days since 1970-01-01, topics point at their article by row number.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from analytics.corpus.loader import Corpus
from analytics.corpus.record_fields import NONE as NONE
from analytics.corpus.record_fields import OTHER as OTHER
from analytics.corpus.record_fields import PRESENCE, RESERVED_LABELS
from analytics.engine import periods
from analytics.engine.caching import cached_with_owner
from analytics.engine.search import TextMask, WordIndex, index_words
from analytics.engine.stories import story_numbers
from analytics.selection.fields import STATES, WEEKDAYS
from analytics.statistics.descriptive import day_range_without_outliers
from analytics.text_normalisation import spelling_key

OTHER_CODE = -2

MISSING = -(2**31)
"""The code of a number or a day that is missing."""

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

LABELS = ("provider", "domain", "type", "category", "collection", "heat_state")
NUMBERS = ("quality", "heat", "lift", "lag")


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """A corpus as whole numbers.

    `articles`: one row an article, in the corpus's order. `topics`: row number of the article (`row`) and code of the
    topic. `labels`: the label of each code. `sort_keys` (`engine.listing`) and `masks` (`engine.filters`) are caches.
    """

    articles: pd.DataFrame
    topics: pd.DataFrame
    labels: dict[str, pd.Index]
    corpus: Corpus
    sort_keys: dict[str, Numbers] = field(default_factory=dict, repr=False)
    masks: dict[Hashable, TextMask] = field(default_factory=dict, repr=False)

    def codes(self, key: str, labels: Sequence[str]) -> list[int]:
        """Codes of labels. A label that no article has gets the codes of those that differ only in case and signs.

        That does not hold for labels of the program's own, such as `(none)`. A name that the profile replaces, such as
        that of a renamed topic, has the code of the one it is counted under.
        """
        names = self.labels[key]
        labels = self.corpus.profile.reading.current_labels(key, labels)
        places = names.get_indexer(pd.Index(list(labels), dtype="str"))
        unknown = [label for label, place in zip(labels, places, strict=True) if place < 0]
        wanted = {spelling_key(label) for label in unknown if label not in RESERVED_LABELS}
        alike = [code for code, name in enumerate(names) if spelling_key(name) in wanted] if wanted else []
        return sorted({int(place) for place in places if place >= 0}.union(alike))

    @property
    def words(self) -> WordIndex:
        """The index of the words of all titles and excerpts, built on first use; other threads wait for it."""
        with _INDEXING:
            return self._words

    @cached_property
    def _words(self) -> WordIndex:
        articles = self.corpus.articles
        return index_words(articles["title"], articles["excerpt"])

    @property
    def stories(self) -> Numbers:
        """The story of each article, as the row of its first article; found on first use, other threads wait for it."""
        with _CLUSTERING:
            return self._stories

    @cached_property
    def _stories(self) -> Numbers:
        days = self.articles["day"].to_numpy("int64")
        return story_numbers(self.corpus.articles["title"].to_list(), days, days != MISSING)

    @cached_property
    def first_of_story(self) -> Mask:
        """For each article whether it is the first of its story: the earliest, of equal times the first by path.

        An article without a time comes after those with one. One that is in no story with others is the first of its
        own. Found on first use.
        """
        times = self.corpus.articles["published_at"].dt.tz_localize(None).to_numpy()
        order = np.argsort(times, kind="stable")  # the articles are in the order of their paths; no time comes last
        _, first = np.unique(self.stories[order], return_index=True)
        found: Mask = np.zeros(len(order), dtype="bool")
        found[order[first]] = True
        return found

    def column(self, name: str) -> Numbers:
        """A column of `articles`, or `story`."""
        return self.stories if name == "story" else self.articles[name].to_numpy()

    @cached_property
    def texts(self) -> dict[str, ExtensionArray]:
        """The label of each code, and of each day of the week; those of OTHER_CODE and of none (-1) come last."""
        labels = self.labels | {"weekday": pd.Index(WEEKDAYS, dtype="str")}
        return {key: pd.array([*names, OTHER, NONE], dtype="str") for key, names in labels.items()}

    @cached_property
    def paths(self) -> pd.Index:
        """The paths of the articles, to look up row numbers."""
        paths: pd.Index = pd.Index(self.corpus.articles["path"])
        return paths

    @cached_property
    def days(self) -> tuple[int, int] | None:
        """First and last day code, without the few days that lie far from all others.

        See `descriptive.day_range_without_outliers`.
        """
        days = self.articles["day"]
        return day_range_without_outliers(days[days != MISSING])

    @cached_property
    def problems(self) -> pd.DataFrame:
        """The problems of the articles: `row` of the article, `problem` and `severity` as text."""
        found = self.corpus.problems
        rows = self.paths.get_indexer(pd.Index(found["path"]))
        table = pd.DataFrame({"row": rows, "problem": found["code"].array, "severity": found["severity"].array})
        return table[table["row"] >= 0]

    @cached_property
    def problem_counts(self) -> Numbers:
        """Number of problems of each article."""
        return np.bincount(self.problems["row"], minlength=len(self.articles))

    @cached_property
    def topic_starts(self) -> Numbers:
        """Where in `topics` those of each article begin; one more at the end."""
        return np.searchsorted(self.topics["row"].to_numpy(), np.arange(len(self.articles) + 1))

    @cached_property
    def topics_below(self) -> dict[str, set[str]]:
        """Topic of the taxonomy → itself and all topics under it, at any depth."""
        tree = self.corpus.topic_tree
        children: dict[str, set[str]] = {}
        for name, parent in zip(tree["name"], tree["parent"], strict=True):
            if isinstance(name, str) and isinstance(parent, str):
                children.setdefault(parent, set()).add(name)
        return {topic: _reached(topic, children) for topic in children}


def _reached(topic: str, children: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = {topic}
    while waiting:
        found |= waiting
        waiting = {child for each in waiting for child in children.get(each, ())} - found
    return found


_INDEXING, _CLUSTERING = Lock(), Lock()


@cached_with_owner
def encode(corpus: Corpus) -> EncodedCorpus:
    """The corpus as whole numbers, made on first use."""
    articles = corpus.articles
    labels = {key: articles[key].cat.categories for key in LABELS}
    columns = {key: articles[key].cat.codes.astype("int32") for key in LABELS}
    columns["state"] = _state(articles["published"])
    columns["quality"], columns["heat"] = _number(articles["quality"]), _number(articles["heat"])
    comparable = (columns["quality"] != MISSING) & (articles["heat_state"] == "ranked")
    columns["lift"] = (columns["heat"] - columns["quality"]).where(comparable, MISSING).astype("int32")
    columns["day"], columns["hour"] = _clock(articles["published_at"])
    columns["hour"] = columns["hour"].mask(articles["date_only"].fillna(value=False).astype("bool"), -1)
    known = columns["day"] != MISSING
    columns["lag"] = _lag(articles["file_date"], columns["day"])
    for grain in ("week", "month"):
        columns[grain] = periods.CODES[grain](columns["day"].where(known, 0)).where(known, MISSING).astype("int32")
    columns |= {f"has_{field}": _present(articles[column]) for field, column in PRESENCE.items()}
    labels["state"], labels["topic"] = pd.Index(STATES, dtype="str"), corpus.topics["topic"].cat.categories
    rows = np.repeat(np.arange(len(articles), dtype="int32"), articles["topic_count"].to_numpy(dtype="int64"))
    topics = pd.DataFrame({"row": rows, "topic": corpus.topics["topic"].cat.codes.astype("int32").to_numpy()})
    return EncodedCorpus(pd.DataFrame(columns), topics, labels, corpus)


def _state(published: pd.Series) -> pd.Series:
    unknown = published.isna()
    return (1 - published.fillna(value=False).astype("int32")).mask(unknown, 2)


def _present(values: pd.Series) -> pd.Series:
    there = values.notna() & (values != 0) if values.name in ("topic_count", "related_count") else values.notna()
    return there.astype("int8")


def _number(values: pd.Series) -> pd.Series:
    return values.fillna(MISSING).astype("int32")


def _lag(file_dates: pd.Series, days: pd.Series) -> pd.Series:
    """Days from the publish day to the date in the file name."""
    known = file_dates.notna() & (days != MISSING)
    filed = file_dates.to_numpy().astype("datetime64[D]").astype("int64")
    return pd.Series(np.where(known, filed - days, MISSING), dtype="int32")


def _clock(times: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Day codes and hours (0 to 23, -1 when missing), UTC."""
    known = times.notna()
    micros = times.dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64")
    micros = np.where(known, micros, 0)
    days = np.where(known, micros // 86_400_000_000, MISSING)
    hours = np.where(known, micros // 3_600_000_000 % 24, -1)
    return pd.Series(days, dtype="int32"), pd.Series(hours, dtype="int32")
