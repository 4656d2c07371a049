"""A corpus seen through a selection."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csr_matrix, triu

from analytics.corpus.loader import Corpus
from analytics.engine import periods
from analytics.engine.coded import MISSING, OTHER_CODE, Coded, Mask, coded
from analytics.engine.compare import compared_range
from analytics.engine.filters import between, chosen
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

    @property
    def problems(self) -> pd.DataFrame:
        """The problems (tables.PROBLEMS) of the articles; when all are selected, also of files that are no articles."""
        problems = self.corpus.problems
        if not self.selection.filters.text:
            return problems
        return problems[problems["path"].isin(self.articles["path"])].reset_index(drop=True)

    @cached_property
    def compared(self) -> "Slice | None":
        """The same selection in the period that it is compared with (`compare.compared_range`); None without one."""
        asked = self.selection
        days = compared_range(self.span, asked.start, asked.end, asked.compare)
        if days is None:
            return None
        return Slice(self.corpus, replace(asked, start=days[0], end=days[1], compare=None))

    @cached_property
    def whole(self) -> "Slice":
        """The whole corpus, whatever is selected."""
        return Slice(self.corpus)

    def tally(self, *keys: str, keep_topics: Sequence[str] | None = None, **sums: str) -> pd.DataFrame:
        """Count articles by keys, and sum measures (`engine.tally.KEYS`, `engine.tally.MEASURES`).

        One row for each combination that occurs, sorted by the keys, missing first: the keys, `n` (articles), and one
        column for each of `sums` (`published="published"`). With `topic` among the keys an article counts under each
        of its topics, and articles without topics under `(none)`; with `keep_topics` those with any other topic count
        once under `All others`. Labels are plain text, missing ones `(none)`; scores are nullable whole numbers; `day`
        to `year` are the first day of the UTC period, weeks from Monday. Raises AnalyticsError on unknown names.
        """
        columns = needed(keys, sums)
        rows = self._with_topics(columns, keep_topics) if "topic" in keys else self._chosen[columns]
        return decoded(tally(rows, keys, sums), keys, self._coded)

    def topic_pairs(self) -> pd.DataFrame:
        """How many articles carry two topics together: `topic_a`, `topic_b`, `n`, one row a pair, alphabetical."""
        inside = self._inside()
        pairs = self._coded.topics[inside[self._coded.topics["row"]]]
        shape = (len(inside), len(self._coded.labels["topic"]))
        ones = np.ones(len(pairs), dtype="int32")
        table = csr_matrix((ones, (pairs["row"].to_numpy(), pairs["topic"].to_numpy())), shape=shape)
        joint = coo_matrix(triu(table.T @ table, k=1))
        order = np.lexsort((joint.col, joint.row))
        names = self._coded.labels["topic"].to_numpy()
        found = {"topic_a": names[joint.row[order]], "topic_b": names[joint.col[order]]}
        text = {name: pd.Series(values, dtype="str") for name, values in found.items()}
        return pd.DataFrame(text | {"n": pd.Series(joint.data[order], dtype="Int64")})

    def rows(
        self,
        *sort: str,
        descending: bool = True,
        offset: int = 0,
        limit: int | None = None,
        quality: tuple[int, int] | None = None,
        states: Sequence[str] = (),
        lifted: bool = False,
    ) -> pd.DataFrame:
        """A page of articles: tables.ARTICLES and `lift` (heat minus quality), sorted by scores, lift or `day`.

        Ties go by path; articles without the sorted value come last. `quality` (both bounds included) and `states`
        narrow the selection further, `lifted` to the articles whose heat is above their quality.
        """
        left = self._chosen
        if quality is not None:
            left = between(left, "quality", *quality)
        if states:
            left = left[left["state"].isin(self._coded.codes("state", states))]
        if lifted:
            left = left[left["lift"] > 0]
        keys = left[list(sort)].astype("float64").where(left[list(sort)] != MISSING)
        if sort:
            keys = keys.sort_values(list(sort), ascending=not descending, kind="stable", na_position="last")
        places = keys.index[offset : None if limit is None else offset + limit]
        lift = self._coded.articles["lift"].loc[places]
        found = self.corpus.articles.iloc[places]
        lifts = lift.astype("Int64").mask(lift == MISSING)
        return found.assign(lift=lifts).reset_index(drop=True)

    def topics_of(self, articles: pd.DataFrame, separator: str = "; ") -> pd.Series:
        """The topics of each of some articles as one text, in the order of the record."""
        topics = self.corpus.topics
        topics = topics[topics["path"].isin(articles["path"])]
        joined = topics.groupby("path", sort=False, observed=True)["topic"].agg(separator.join)
        return articles["path"].map(joined).astype("str")

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
        return chosen(self._coded, self.selection)

    @cached_property
    def _rows(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self._chosen.index.to_numpy()

    def _inside(self) -> Mask:
        """For each article of the corpus, whether it is selected."""
        inside = np.zeros(len(self._coded.articles), dtype="bool")
        inside[self._rows] = True
        return inside

    def _with_topics(self, columns: list[str], keep: Sequence[str] | None) -> pd.DataFrame:
        """Chosen articles once for each topic, those without one with the code of no topic; joined by row number."""
        pairs = self._coded.topics
        if keep is not None:
            kept = pairs["topic"].isin(self._coded.codes("topic", keep))
            others = pairs[~kept].drop_duplicates("row").assign(topic=np.int32(OTHER_CODE))
            pairs = pd.concat([pairs[kept], others])
        pairs = pairs[self._inside()[pairs["row"]]]
        bare = self._chosen[self._chosen["has_topics"] == 0]
        with_topic = self._coded.articles[columns].take(pairs["row"].to_numpy()).assign(topic=pairs["topic"].to_numpy())
        return pd.concat([with_topic, bare[columns].assign(topic=np.int32(-1))])
