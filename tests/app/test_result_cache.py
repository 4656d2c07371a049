"""Answers are computed once while somebody reads, and let go when nobody does."""

import threading
import weakref

import pytest

from analytics.app import result_cache
from analytics.app.result_cache import cached, clear_cache


class Answer:
    """What is computed."""


def test_an_answer_is_computed_once_for_each_key_until_all_are_let_go() -> None:
    first = cached(Answer, "test", 1)
    assert cached(Answer, "test", 1) is first
    assert cached(Answer, "test", 2) is not first
    gone = weakref.ref(first)
    del first
    assert gone() is not None
    clear_cache()
    assert gone() is None


def test_answers_are_let_go_once_after_the_last_question(monkeypatch: pytest.MonkeyPatch) -> None:
    freed = threading.Semaphore(0)
    monkeypatch.setattr(result_cache, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(result_cache, "clear_cache", freed.release)
    watch = result_cache._IdleWatch()
    for _ in range(2):
        assert not freed.acquire(timeout=0.3)  # nothing was asked since
        watch.note_use()
        assert freed.acquire(timeout=60)
