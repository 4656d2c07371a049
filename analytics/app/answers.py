"""What pages show of the corpus, cached: answers of views with their charts, lists of articles, labels, counts."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.analyses.common.frequent_labels import top_labels
from analytics.app import answer_computations, corpus_cache, review_store
from analytics.app.answer_computations import Result, Task
from analytics.app.answer_workers import slice_of
from analytics.app.corpus_cache import FileCheck
from analytics.app.page_queue import give_up_turn
from analytics.app.result_cache import cached
from analytics.app.review.page_state import known_reader_name
from analytics.catalog import VIEWS
from analytics.catalog.view import Requirement, Value, View
from analytics.charts.interactive import InteractiveChart
from analytics.charts.theme import corpus_label_colours
from analytics.corpus import collections
from analytics.corpus.loader import Corpus
from analytics.engine import slice_of as slices
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.errors import CorpusError, ReviewError
from analytics.history.as_of import corpus_as_of
from analytics.reports.available_views import missing_side_data_sentence
from analytics.reports.briefing.briefing import Briefing
from analytics.selection.fields import Length
from analytics.selection.selection import Selection
from analytics.settings import corpus_path

_SHOWN = "corpus-shown"
"""Where a session holds the corpus that its page shows, with its path."""


@dataclass(frozen=True)
class Answer:
    """The table of a view for a selection and options, and its finding: what it says in a sentence."""

    view: View
    selection: Selection
    options: Mapping[str, Value]
    table: pd.DataFrame
    finding: str


def corpus() -> Corpus:
    """The corpus that the reader's page shows, until the whole page is drawn again (`switch_to_newest_corpus`)."""
    path, held = _path(), st.session_state.get(_SHOWN)
    return held[1] if held is not None and held[0] == path else switch_to_newest_corpus()


def switch_to_newest_corpus() -> Corpus:
    """Make the newest state of the corpus the one that the reader's page shows, and return it."""
    path = _path()
    cache = corpus_cache.shared_cache()
    loaded = cache.corpus(path)
    st.session_state[_SHOWN] = path, loaded
    cache.free_replaced()
    return loaded


def corpus_name() -> str:
    """Name of the corpus's folder, for the reader."""
    return Path(_path()).name or corpus().name


def reload_in_background_if_changed() -> FileCheck:
    """Whether the files of the corpus that is shown have changed since it was loaded, or why they cannot be read.

    Where they have changed, they are read in the background.
    """
    loaded = corpus()
    if len(loaded.articles) > corpus_cache.WATCHED_FILES:
        return FileCheck(changed=False)
    found = corpus_cache.check_for_changes(_path(), loaded.stamp)
    if found.changed:
        corpus_cache.shared_cache().reload_in_background(_path(), loaded)
    return found


def wait_for_new_corpus() -> None:
    """Wait until the changed files of the corpus are read; the next page shows them."""
    corpus_cache.shared_cache().wait_for_new(_path(), corpus())


def start_workers() -> None:
    """Start the worker processes; they compute answers as soon as they are ready. Called when readers wait."""
    corpus_cache.shared_cache().start_workers()


def topic_and_provider_colours() -> dict[str, str]:
    """The colour of each frequent topic and provider, the same on every page and under every filter."""
    loaded = corpus()
    return cached(lambda: corpus_label_colours(slices.slice_of(loaded)), "colours", loaded.cache_key)


def with_default_collections(selection: Selection) -> Selection:
    """The selection with the default collections where it names none; unchanged where those are all collections."""
    return slices.with_default_collections(_asked_of(selection.as_of), selection)


def collection_sizes(as_of: date | None = None) -> dict[str, int]:
    """Collection → number of its articles, most first; at the end of the day `as_of` when one is given."""
    loaded = _asked_of(as_of)
    return cached(lambda: collections.collection_sizes(loaded), "collections", loaded.cache_key)


def _asked_of(as_of: date | None) -> Corpus:
    """The corpus as it was when a day ended; the one that is shown where that cannot be read, without an error."""
    if as_of is not None:
        give_up_turn()  # that state may have to be read first
        with suppress(CorpusError):
            return corpus_as_of(corpus(), as_of)
    return corpus()


def left_out_collections_text(selection: Selection) -> str:
    """The collections that a selection leaves out, in words; empty when it leaves none out."""
    return cached(lambda: slices.left_out_collections_text(data(selection)), "left out", *_filters_of(selection))


def labels(key: str) -> list[str]:
    """The labels of a key in the whole corpus, most frequent first."""
    loaded = corpus()
    return cached(lambda: top_labels(Slice(loaded), key), "labels", loaded.cache_key, key)


def problem_codes_found() -> list[str]:
    """The codes of the problems that the corpus has, sorted."""
    return sorted(corpus().problems["code"].cat.categories)


def answer(view: View, selection: Selection, options: Mapping[str, Value]) -> Answer:
    """A view's table and finding for a selection and options."""
    known = side_data(view.requires)
    computing = {option.name: options[option.name] for option in view.options if not option.drawn}
    task = partial(answer_computations.table_and_finding, slug=view.slug, options=options)
    table, finding = _computed(task, selection, known, "answer", *_key_of(view, selection, computing, known))
    return Answer(view, selection, options, table.copy(deep=False), finding)


def briefing(selection: Selection, length: Length | None) -> Briefing:
    """The briefing of a selection, of its own days or the newest of a length."""
    known = side_data("history")
    key = corpus().cache_key, selection.text, length, known.stamp
    task = partial(answer_computations.briefing_fields, length=length)
    parts = _computed(task, selection, known, "briefing", *key)
    return Briefing(**parts, data=slice_of(corpus(), parts["selection"], known))


def chart(found: Answer, notes: pd.DataFrame) -> InteractiveChart:
    """The chart of an answer, ready to draw, with notes on its time axes."""
    view, known = found.view, side_data(found.view.requires)
    task = partial(
        answer_computations.chart,
        slug=view.slug,
        table=found.table,
        options=found.options,
        colours=topic_and_provider_colours(),
        notes=notes,
    )
    key = _key_of(view, found.selection, found.options, known)
    return _computed(task, found.selection, known, "chart", *key, notes.to_csv(index=False))


def _computed(task: Task[Result], selection: Selection, known: SideData, *key: object) -> Result:
    """The result of a task for a selection, computed once for each key, by workers where there are some."""
    loaded = corpus()
    workers = corpus_cache.shared_cache().workers
    if workers is None or workers.corpus is not loaded:
        return cached(lambda: task(slice_of(loaded, selection, known)), *key)
    return cached(lambda: workers.compute(task, selection, known), *key)


def side_data(requires: Requirement) -> SideData:
    """The side data that a view requires: the history of the corpus, the reviews, or none."""
    if requires == "reviewed":
        try:
            return SideData(reviewed=review_store.reviewed(corpus(), known_reader_name()))
        except ReviewError as error:
            return SideData(reviews_missing=str(error))
    if requires == "history":
        return SideData(history=corpus_cache.shared_cache().history(_path(), corpus()))
    return NO_SIDE_DATA


def side_data_of(slugs: Iterable[str]) -> SideData:
    """The side data that views, named by slug, require together, as far as there is any."""
    requires = {VIEWS[slug].requires for slug in slugs}
    reviews = side_data("reviewed") if "reviewed" in requires else NO_SIDE_DATA
    return replace(reviews, history=side_data("history").history if "history" in requires else None)


def lacking_side_data_text(view: View) -> str:
    """A sentence on the side data that a view requires and does not have; empty when it has all."""
    return missing_side_data_sentence(view, side_data(view.requires))


def data(selection: Selection, requires: Requirement = "") -> Slice:
    """The corpus seen through a selection, with the side data that a view needs."""
    return slice_of(corpus(), selection, side_data(requires))


def selected_and_all_counts(selection: Selection) -> tuple[int, int]:
    """The number of articles in a selection, and in the corpus (as it was, for a selection as of a day)."""
    loaded = corpus()

    def count() -> tuple[int, int]:
        articles = slice_of(loaded, selection)
        return articles.n, len(articles.corpus.articles)

    return cached(count, "sizes", *_filters_of(selection))


def listing(selection: Selection, sort: str, *, descending: bool, offset: int, limit: int) -> pd.DataFrame:
    """A page of the articles of a selection (`Slice.listing`)."""
    loaded = corpus()
    page = {"descending": descending, "offset": offset, "limit": limit}
    rows = cached(
        lambda: slice_of(loaded, selection).listing(sort, descending=descending, offset=offset, limit=limit),
        "listing",
        *_filters_of(selection),
        sort,
        page,
    )
    return rows.copy(deep=False)


def newest(selection: Selection, limit: int) -> pd.DataFrame:
    """Path, title and time of the newest articles of a selection."""
    loaded = corpus()
    rows = cached(
        lambda: slice_of(loaded, selection).rows("day", limit=limit), "newest", *_filters_of(selection), limit
    )
    return rows[["path", "title", "published_at"]]


def facet(key: str, selection: Selection, top: int) -> pd.DataFrame:
    """A facet of a selection (`Slice.facet`)."""
    loaded = corpus()
    rows = cached(lambda: slice_of(loaded, selection).facet(key, top=top), "facet", *_filters_of(selection), key, top)
    return rows.copy(deep=False)


def _key_of(view: View, selection: Selection, options: Mapping[str, Value], known: SideData) -> tuple[object, ...]:
    """The cache key of an answer: all that it depends on."""
    return view.slug, corpus().cache_key, selection.text, sorted(options.items()), known.stamp


def _filters_of(selection: Selection) -> tuple[str, str]:
    """The cache key of the articles of a selection: all that they depend on."""
    return corpus().cache_key, selection.filters.text


def _path() -> str:
    return str(corpus_path(None))
