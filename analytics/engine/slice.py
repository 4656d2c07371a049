"""A corpus seen through a selection."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csr_matrix, triu

from analytics.corpus.collections import is_in_collections_or_no_article
from analytics.corpus.loader import Corpus
from analytics.engine import periods
from analytics.engine.article_detail import ArticleDetail, article_detail
from analytics.engine.encoded import MISSING, OTHER_CODE, EncodedCorpus, Mask, Numbers, encode
from analytics.engine.facets import facet
from analytics.engine.filters import mask
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData, history_of_articles, history_of_changes
from analytics.engine.listing import (
    SORTS,
    RowNumbers,
    listing,
    page_of_rows,
    relevance_sort_keys,
    sort_keys,
    topic_texts,
)
from analytics.engine.periods import AUTO, Grain, Span, comparison_range
from analytics.engine.search import parse_search_text
from analytics.engine.tally import columns_needed, decode, tally
from analytics.errors import SelectionError
from analytics.history.history_tables import History
from analytics.review_table_contracts import ReviewTables
from analytics.selection.selection import Selection


class Slice:
    """The articles of a corpus that match a selection: the one way to the rows of a corpus.

    `corpus` must be of the day and hold the collections that the selection asks for (`engine.slice_of` sees to that),
    else SelectionError is raised. Without a selection the slice holds the whole corpus. `side_data` is that of the
    corpus that was opened.
    """

    def __init__(self, corpus: Corpus, selection: Selection | None = None, side_data: SideData = NO_SIDE_DATA) -> None:
        self.corpus = corpus
        self.selection = selection or Selection(as_of=corpus.as_of)
        self.side_data = side_data
        if corpus.collections and not self.selection.collections:
            self.selection = replace(self.selection, collections=corpus.collections)
        if self.selection.as_of != corpus.as_of:
            asked, found = (f"as of {day}" if day else "as opened" for day in (self.selection.as_of, corpus.as_of))
            raise SelectionError(
                f"The selection asks for the corpus {asked}, but the corpus is the one {found}. "
                "Take the slice from slice_of(corpus, selection)."
            )
        if corpus.collections and not set(self.selection.collections) <= set(corpus.collections):
            raise SelectionError(
                f"The selection asks for {self.selection.in_words()}, but the corpus holds only "
                f"{', '.join(corpus.collections)}. Take the slice from slice_of(corpus, selection)."
            )

    @property
    def takes_all(self) -> bool:
        """Whether no article of the slice's corpus is left out."""
        held, asked = self.corpus.collections, self.selection
        if held and set(held) == set(asked.collections):
            asked = asked.without("collection")
        return asked.takes_all

    @cached_property
    def n(self) -> int:
        """Number of articles."""
        return int(np.count_nonzero(self._inside))

    @property
    def articles(self) -> pd.DataFrame:
        """The articles themselves (`table_contracts.ARTICLES`), sorted by path."""
        return self.corpus.articles.iloc[self._rows].reset_index(drop=True)

    @property
    def stories(self) -> pd.Series:
        """The number of the story of each of the articles, in their order (`engine.stories`)."""
        return pd.Series(self._encoded.stories[self._rows], dtype="int64", name="story")

    @property
    def problems(self) -> pd.DataFrame:
        """The problems (`table_contracts.PROBLEMS`) of the articles; when all are selected, also of other files."""
        problems = self.corpus.problems
        if self.takes_all:
            return problems
        return problems[problems["path"].isin(self.articles["path"])].reset_index(drop=True)

    @property
    def field_sources(self) -> pd.DataFrame:
        """Which fields were read from other keys than the record's own (`table_contracts.FIELD_SOURCES`)."""
        sources = self.corpus.field_sources
        if self.takes_all or sources.empty:
            return sources
        return sources[sources["path"].isin(self.articles["path"])].reset_index(drop=True)

    def blocks(self, table: pd.DataFrame, size: int) -> Iterator[tuple[pd.DataFrame, int]]:
        """A table of the corpus (articles, topics, images, related, links, problems), `size` rows at a time.

        Each block holds the rows that belong to the selected articles, as in `articles` and `problems`,
        and comes with the number of rows read so far.
        """
        inside = np.append(self._inside, self.takes_all)
        for start in range(0, len(table), size):
            block = table.iloc[start : start + size]
            if table is self.corpus.articles:
                selected = inside[start : start + len(block)]
            else:
                selected = inside[self._encoded.paths.get_indexer(pd.Index(block["path"]))]
            yield block[selected].reset_index(drop=True), start + len(block)

    @cached_property
    def compared(self) -> "Slice | None":
        """The same selection in the period that it is compared with; None without one, or before the corpus began."""
        days, oldest = self.comparison_days, self.whole.first_day
        if days is None or oldest is None or days[1] < oldest:
            return None
        return self.with_selection(replace(self.selection, start=days[0], end=days[1], compare=None))

    @property
    def comparison_days(self) -> tuple[date, date] | None:
        """First and last day of the period that the selection is compared with (`periods.comparison_range`)."""
        return comparison_range(self.selection.start, self.last_day, self.selection.compare)

    @cached_property
    def whole(self) -> "Slice":
        """The slice of all articles of the same corpus, which may hold only some collections."""
        return Slice(self.corpus, side_data=self.side_data)

    def with_selection(self, selection: Selection) -> "Slice":
        """The same corpus seen through another selection, which must ask for the same day (`as_of`)."""
        return Slice(self.corpus, selection, self.side_data)

    @cached_property
    def reviewed(self) -> ReviewTables:
        """The reviews of the articles; when all are selected, also those of articles that are gone."""
        reviewed = self.side_data.reviewed or ReviewTables.nothing()
        if self.takes_all and not self.corpus.collections:
            return reviewed
        paths = reviewed.items["path"]
        inside = self._in_collections(paths) if self.takes_all else paths.isin(self.articles["path"])
        return reviewed.of_items(reviewed.items[inside])

    @cached_property
    def history(self) -> History:
        """The history of the articles: lives with the path, domain and address of one; when all are selected, of all.

        Its commits are always those of the whole corpus; of an earlier day, those up to then.
        """
        history = self.side_data.history or History.nothing("Nobody looked for a history of this corpus.")
        if self.corpus.as_of is not None:
            history = history.until(self.corpus.commit)
        if not self.takes_all:
            return history_of_articles(history, self.articles)
        if self.corpus.collections:
            return history_of_changes(history, self._in_collections(history.changes["path"]))
        return history

    def _in_collections(self, paths: pd.Series) -> pd.Series:
        """For each path whether it lies in a collection of the corpus."""
        inside = {
            path: is_in_collections_or_no_article(path, self.corpus.collections) for path in paths.dropna().unique()
        }
        return paths.map(inside).eq(other=True)

    def tally(self, *keys: str, keep_topics: Sequence[str] | None = None, **sums: str) -> pd.DataFrame:
        """Count articles by keys, and sum measures (`engine.tally.KEYS`, `engine.tally.MEASURES`).

        One row for each combination that occurs, sorted by the keys, missing first: the keys, `n` (articles), and one
        column for each of `sums` (`published="published"`). With `topic` among the keys an article counts under each
        of its topics, and articles without topics under `(none)`; with `keep_topics` those with any other topic count
        once under `All others`. Labels are plain text, missing ones `(none)`; scores are nullable whole numbers; `day`
        to `year` are the first day of the UTC period, weeks from Monday; `story` is the number of the article's story
        (`engine.stories`). Raises AnalyticsError on unknown names.
        """
        columns = columns_needed(keys, sums)
        rows, topics = self._rows_by_topic(keep_topics) if "topic" in keys else (self._rows, None)
        codes = {name: self._encoded.column(name)[rows] for name in columns}
        if topics is not None:
            codes["topic"] = topics
        return decode(tally(codes, len(rows), keys, sums), keys, self._encoded)

    def topic_pairs(self) -> pd.DataFrame:
        """How many articles carry two topics together: `topic_a`, `topic_b`, `n`, one row a pair, alphabetical."""
        inside = self._inside
        pairs = self._encoded.topics[inside[self._encoded.topics["row"]]]
        shape = (len(inside), len(self._encoded.labels["topic"]))
        ones = np.ones(len(pairs), dtype="int32")
        table = csr_matrix((ones, (pairs["row"].to_numpy(), pairs["topic"].to_numpy())), shape=shape)
        joint = coo_matrix(triu(table.T @ table, k=1))
        order = np.lexsort((joint.col, joint.row))
        names = self._encoded.labels["topic"].to_numpy()
        found = {"topic_a": names[joint.row[order]], "topic_b": names[joint.col[order]]}
        text = {name: pd.Series(values, dtype="str") for name, values in found.items()}
        return pd.DataFrame(text | {"n": pd.Series(joint.data[order], dtype="Int64")})

    def rows(
        self,
        sort: str | None = None,
        *,
        descending: bool = True,
        offset: int = 0,
        limit: int | None = None,
        quality: tuple[int, int] | None = None,
        states: Sequence[str] = (),
        lifted: bool = False,
    ) -> pd.DataFrame:
        """A page of articles: `table_contracts.ARTICLES` and `lift` (heat minus quality), by scores, lift or `day`.

        Ties go by path; articles without the sorted value come last. `quality` (both bounds included) and `states`
        narrow the selection further, `lifted` to the articles whose heat is above their quality.
        """
        encoded, rows = self._encoded, self._narrowed_rows(quality, states, lifted=lifted)
        keys = np.zeros(len(rows), dtype="int64") if sort is None else sort_keys(encoded, sort)[rows]
        places = page_of_rows(rows, keys, descending=descending, offset=offset, limit=limit)
        lift = encoded.articles["lift"].iloc[places]
        articles = self.corpus.articles.iloc[places]
        return articles.assign(lift=lift.astype("Int64").mask(lift == MISSING)).reset_index(drop=True)

    def listing(
        self, sort: str = "published_at", *, descending: bool = True, offset: int = 0, limit: int | None = None
    ) -> pd.DataFrame:
        """A page of articles as `listing.LISTING`, sorted by one of `listing.SORTS`.

        What lacks the sorted value comes last in both directions, ties go by path. Without words nothing has a
        relevance.
        """
        encoded, asked = self._encoded, self.terms
        keys = relevance_sort_keys(encoded, asked) if sort == "relevance" else sort_keys(encoded, sort)
        places = page_of_rows(self._rows, keys[self._rows], descending=descending, offset=offset, limit=limit)
        return listing(encoded, places, asked)

    def facet(self, key: str, top: int = 30) -> pd.DataFrame:
        """The labels of a key (`facets.FACETS`) as `facets.FACET`, counted without the selection's own filter on it.

        Collections are those of the whole corpus.
        """
        encoded = encode(self.corpus.whole or self.corpus) if key == "collection" else self._encoded
        return facet(encoded, self.selection, key, top)

    @cached_property
    def terms(self) -> list[str]:
        """The folded words that the selection looks for, all or any: what `search.hit_positions` marks."""
        return list(
            dict.fromkeys(parse_search_text(self.selection.words) + parse_search_text(self.selection.words_any))
        )

    def single(self, path: str) -> ArticleDetail:
        """One file of the corpus by its path, with its rows in all tables, whatever is selected."""
        return article_detail(encode(self.corpus.whole or self.corpus), path)

    def topics_of(self, articles: pd.DataFrame, separator: str = "; ") -> pd.Series:
        """The topics of each of some articles as one text, in the order of the record."""
        places = self._encoded.paths.get_indexer(pd.Index(articles["path"]))
        return topic_texts(self._encoded, places, separator).set_axis(articles.index)

    def grain(self, wanted: str = AUTO) -> Grain:
        """The grain of time to show: the wanted one, or the finest that gives at most 60 periods."""
        return periods.fitting_grain(self.span, wanted)

    def calendar(self, grain: Grain) -> pd.DataFrame:
        """All periods of the chosen range, `period` and `complete` (`periods.calendar`)."""
        return periods.calendar(self.span, grain)

    @cached_property
    def span(self) -> Span | None:
        """The chosen range; an open end is that of the articles' own days. None when the corpus has no date.

        Days that lie far from those of the rest of the corpus count only when no others are selected
        (`EncodedCorpus.days`, `days_outside`).
        """
        if self._encoded.days is None:
            return None
        corpus_first, corpus_last = self._encoded.days
        own = self._days[self._days.between(corpus_first, corpus_last)]
        own = self._days if own.empty else own
        first, last = (corpus_first, corpus_last) if own.empty else (int(own.min()), int(own.max()))
        asked, over = self.selection, self.corpus.today - timedelta(days=1)
        start = asked.start or min(periods.day_of(first), asked.end or date.max)
        end = asked.end or max(periods.day_of(last), start)
        return Span(
            start, end, max(periods.day_of(corpus_first), asked.start or date.min), min(over, asked.end or over)
        )

    @cached_property
    def first_day(self) -> date | None:
        """The first day of the chosen range that counts; None when the corpus has no date.

        That is its start, but not before the oldest article of the corpus; the latter when it is open.
        """
        if self._encoded.days is None:
            return None
        oldest = periods.day_of(self._encoded.days[0])
        return max(self.selection.start or oldest, oldest)

    @cached_property
    def last_day(self) -> date | None:
        """The last day of the chosen range that counts; None when the corpus has no date.

        That is its end, but not after yesterday and the newest article of the corpus; the latter when it is open.
        """
        if self._encoded.days is None:
            return None
        newest, over = periods.day_of(self._encoded.days[1]), self.corpus.today - timedelta(days=1)
        return min(self.selection.end or newest, max(newest, over))

    @cached_property
    def days_outside(self) -> pd.Series:
        """The days of the selected articles that lie outside the span, one an article, in order."""
        span = self.span
        if span is None:
            return pd.Series(dtype="datetime64[us]")
        first, last = periods.day_code(span.start), periods.day_code(span.end)
        outside = self._days[~self._days.between(first, last)].sort_values(ignore_index=True)
        return periods.period_starts(outside, "day")

    @cached_property
    def _days(self) -> pd.Series:
        """The day codes of the selected articles that have a date."""
        days = self._encoded.articles["day"][self._inside]
        return days[days != MISSING]

    @cached_property
    def _encoded(self) -> EncodedCorpus:
        return encode(self.corpus)

    @cached_property
    def _inside(self) -> Mask:
        """For each article of the corpus, whether it is selected."""
        return mask(self._encoded, self.selection)

    @cached_property
    def _rows(self) -> RowNumbers:
        return np.flatnonzero(self._inside)

    def _narrowed_rows(self, quality: tuple[int, int] | None, states: Sequence[str], *, lifted: bool) -> RowNumbers:
        pairs = [("state", state) for state in states]
        if quality is not None:
            pairs += [("quality_min", str(quality[0])), ("quality_max", str(quality[1]))]
        if lifted:
            pairs.append(("lift_min", "1"))
        narrowed = self.selection.narrowed(pairs)
        return np.flatnonzero(mask(self._encoded, narrowed)) if narrowed else np.zeros(0, dtype="int64")

    def _rows_by_topic(self, keep: Sequence[str] | None) -> tuple[RowNumbers, Numbers]:
        """Chosen articles once for each topic, and its code; those without one with the code of no topic."""
        pairs, inside = self._encoded.topics, self._inside
        rows, topics = pairs["row"].to_numpy(), pairs["topic"].to_numpy()
        if keep is not None:
            kept = np.isin(topics, self._encoded.codes("topic", keep))
            others = np.unique(rows[~kept])
            rows = np.append(rows[kept], others)
            topics = np.append(topics[kept], np.full(len(others), OTHER_CODE))
        here = inside[rows]
        bare = np.flatnonzero(inside & (self._encoded.column("has_topics") == 0))
        return np.append(rows[here], bare), np.append(topics[here], np.full(len(bare), -1))


WARM_UP_STEPS: dict[str, Callable[[Corpus], object]] = {
    "codes of labels, numbers and days": encode,
    "the rows of paths, problems and topics": lambda corpus: (
        encode(corpus).paths,
        encode(corpus).problem_counts,
        encode(corpus).topic_starts,
    ),
    "sort orders": lambda corpus: [sort_keys(encode(corpus), key) for key in SORTS if key != "relevance"],
    "index of words": lambda corpus: encode(corpus).words,
    "stories": lambda corpus: encode(corpus).stories,
}
"""What is built for a corpus → the function that builds it, in the order in which readers need it."""


def warm_up(corpus: Corpus) -> None:
    """Build all that the first slices of a corpus would wait for; may run in a thread of its own.

    A slice that is used meanwhile waits for the step that it needs, or builds a small one itself.
    """
    for step in WARM_UP_STEPS.values():
        step(corpus)
