"""A corpus seen through a selection."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.engine import periods
from analytics.engine.coded import MISSING, OTHER_CODE, Coded, coded
from analytics.engine.periods import AUTO, Grain, Span
from analytics.engine.tally import decoded, needed, tally
from analytics.selection import Selection


class Slice:
    """The articles of a corpus that a selection leaves. Only through it does anything reach for all rows."""

    def __init__(self, corpus: Corpus, selection: Selection | None = None) -> None:
        self.corpus = corpus
        self.selection = selection or Selection()

    @cached_property
    def n(self) -> int:
        """Number of articles."""
        return len(self._rows)

    @property
    def articles(self) -> pd.DataFrame:
        """The articles themselves (tables.ARTICLES), sorted by path."""
        return self.corpus.articles.iloc[self._rows].reset_index(drop=True)

    def topics_of(self, separator: str = "; ") -> pd.Series:
        """The topics of each article of `articles` as one text, in the order of the record."""
        joined = self.corpus.topics.groupby("path", sort=False, observed=True)["topic"].agg(separator.join)
        return self.articles["path"].map(joined).astype("str")

    def tally(self, *keys: str, keep_topics: Sequence[str] | None = None, **sums: str) -> pd.DataFrame:
        """Count articles by keys, and sum measures (`engine.tally.KEYS`, `engine.tally.MEASURES`).

        One row for each combination that occurs, sorted by the keys: the keys, `n` (articles), and one column for each
        of `sums` (`published="published"`). With `topic` among the keys an article counts under each of its topics,
        and articles without topics under `(none)`; with `keep_topics` those with any other topic count once under
        `All others`. Labels are plain text, missing ones `(none)`; scores are nullable
        whole numbers; `day` to `year` are the first day of the UTC period, weeks from Monday.
        """
        columns = needed(keys, sums)
        rows = self._with_topics(columns, keep_topics) if "topic" in keys else self._chosen[columns]
        return decoded(tally(rows, keys, sums), keys, self._coded)

    def grain(self, wanted: str = AUTO) -> Grain:
        """The grain of time to show: the wanted one, or the finest that gives at most 60 periods."""
        return periods.fitting(self.span, wanted)

    def calendar(self, grain: Grain) -> pd.DataFrame:
        """All periods of the chosen range, `period` and `complete` (`periods.calendar`)."""
        return periods.calendar(self.span, grain)

    @cached_property
    def span(self) -> Span | None:
        """The chosen range; an open end is the corpus's own. None when nothing has a date."""
        days = self._coded.articles["day"]
        known = days[days != MISSING]
        if known.empty:
            return None
        first, last = periods.day_of(int(known.min())), periods.day_of(int(known.max()))
        start = self.selection.start or min(first, self.selection.end or first)
        end = self.selection.end or max(last, start)
        return Span(start, end, last, cut=self.selection.start is not None)

    @cached_property
    def _coded(self) -> Coded:
        return coded(self.corpus)

    @cached_property
    def _chosen(self) -> pd.DataFrame:
        """Coded articles of the selection; the index is the row in the corpus."""
        articles, chosen = self._coded.articles, self.selection
        for key, labels in (("provider", chosen.providers), ("state", chosen.states)):
            if labels:
                articles = articles[articles[key].isin(self._codes(key, labels))]
        if chosen.topics:
            topics = self._coded.topics
            with_one = topics["row"][topics["topic"].isin(self._codes("topic", chosen.topics))]
            articles = articles[articles.index.isin(with_one)]
        articles = _between(articles, "day", _code(chosen.start), _code(chosen.end))
        return _between(articles, "quality", chosen.quality_min, chosen.quality_max)

    @cached_property
    def _rows(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self._chosen.index.to_numpy()

    def _codes(self, key: str, labels: Sequence[str]) -> list[int]:
        found = (self._coded.code(key, label) for label in labels)
        return [code for code in found if code is not None]

    def _with_topics(self, columns: list[str], keep: Sequence[str] | None) -> pd.DataFrame:
        """Chosen articles once for each topic, those without one with the code of no topic."""
        pairs = self._coded.topics
        if keep is not None:
            kept = pairs["topic"].isin(self._codes("topic", keep))
            pairs = pairs.assign(topic=pairs["topic"].where(kept, OTHER_CODE)).drop_duplicates()
        pairs = pairs.set_index("row")
        return self._chosen[columns].join(pairs).fillna({"topic": -1}).astype({"topic": "int32"})


def _code(day: date | None) -> int | None:
    return None if day is None else periods.day_code(day)


def _between(articles: pd.DataFrame, key: str, low: int | None, high: int | None) -> pd.DataFrame:
    """Articles whose number lies between two bounds; without bounds, all, also those without the number."""
    if low is not None:
        articles = articles[articles[key] >= low]
    if high is not None:
        articles = articles[(articles[key] <= high) & (articles[key] != MISSING)]
    return articles
