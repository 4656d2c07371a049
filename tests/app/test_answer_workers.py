"""Worker processes give what the server's own process gives, whatever happens to them."""

import os
import pickle
import signal
import time
from collections.abc import Iterator
from functools import partial

import pandas as pd
import pytest

from analytics.app import answer_computations, answer_workers
from analytics.app.answer_workers import AnswerWorkers
from analytics.catalog import VIEWS
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.errors import ViewError
from analytics.history.history_tables import History
from analytics.review_table_contracts import ReviewTables
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of

CORPUS = corpus_of([article(at=f"2024-01-{1 + n % 28:02}", quality=n, topics=["AI"]) for n in range(60)])
NO_HISTORY = History.nothing("none")
KNOWN = SideData(history=NO_HISTORY)
SOME = Selection(quality_min=20)
DEFAULTS = VIEWS["quality_distribution"].defaults()
TABLE = partial(answer_computations.table_and_finding, slug="quality_distribution", options=DEFAULTS)


def process_of(_: Slice) -> int:
    """Where this is computed."""
    return os.getpid()


def ended(_: Slice, server: int) -> int:
    """What the server can compute, and ends every worker that tries."""
    if os.getpid() != server:
        os.kill(os.getpid(), signal.SIGKILL)
    return 7


def refused(_: Slice) -> int:
    """What cannot be computed."""
    raise ViewError("No such option.")


@pytest.fixture
def workers() -> Iterator[AnswerWorkers]:
    found = AnswerWorkers(CORPUS, NO_HISTORY)
    yield found
    found.close()


def start(workers: AnswerWorkers) -> None:
    """Have the workers started, and wait until they are ready."""
    workers.start()
    end = time.monotonic() + 60
    while not workers.ready and time.monotonic() < end:
        time.sleep(0.05)
    assert workers.ready


def test_one_reader_is_served_by_the_process_of_the_server(workers: AnswerWorkers) -> None:
    assert [workers.compute(process_of, SOME, KNOWN) for _ in range(3)] == [os.getpid()] * 3
    assert not workers.ready


@pytest.mark.slow
def test_workers_give_the_same_and_the_server_does_what_they_lack_or_leave_undone(
    workers: AnswerWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, finding = workers.compute(TABLE, SOME, KNOWN)
    chart = partial(
        answer_computations.chart,
        slug=TABLE.keywords["slug"],
        table=table,
        options=DEFAULTS,
        colours={},
        notes=pd.DataFrame(),
    )
    drawn = workers.compute(chart, SOME, KNOWN)
    start(workers)
    assert workers.compute(process_of, SOME, KNOWN) != os.getpid()
    again, words = workers.compute(TABLE, SOME, KNOWN)
    pd.testing.assert_frame_equal(again, table)
    assert (words, workers.compute(chart, SOME, KNOWN)) == (finding, drawn)
    with pytest.raises(ViewError, match="No such option"):
        workers.compute(refused, SOME, KNOWN)
    reviewed = SideData(reviewed=ReviewTables.nothing())
    assert workers.compute(process_of, SOME, reviewed) == os.getpid()
    killed = partial(ended, server=os.getpid())
    assert workers.compute(killed, SOME, KNOWN) == 7
    assert not workers.ready
    start(workers)
    monkeypatch.setattr(answer_workers, "IDLE_SECONDS", 0)
    assert workers.compute(process_of, SOME, KNOWN) == os.getpid()  # they have idled too long
    assert not workers.ready
    workers.close()
    workers.start()
    assert workers.compute(process_of, SOME, KNOWN) == os.getpid()


def test_a_corpus_too_large_to_copy_has_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_workers, "MAX_ARTICLES", 59)
    workers = AnswerWorkers(CORPUS, NO_HISTORY)
    workers.start()
    assert not workers.ready
    assert workers.compute(process_of, SOME, KNOWN) == os.getpid()


def test_what_a_worker_sends_holds_no_corpus() -> None:
    data = Slice(CORPUS, SOME, KNOWN)
    table, finding = TABLE(data)
    drawn = answer_computations.chart(
        data, slug=TABLE.keywords["slug"], table=table, options=DEFAULTS, colours={}, notes=pd.DataFrame()
    )
    for sent in (table, finding, drawn, answer_computations.briefing_fields(data, None)):
        assert b"analytics.corpus" not in pickle.dumps(sent)
