"""The cache of computed results, shared by all readers; cleared when nobody has read for a while."""

import ctypes
import gc
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

import streamlit as st

IDLE_SECONDS = 120.0
"""After so long without a question the answers are let go; the corpus stays, and each is computed in tenths of a
second."""

Result = TypeVar("Result")


def cached(compute: Callable[[], Result], *key: object) -> Result:
    """What `compute` returns, computed once for each key; `key` has to name all that it depends on.

    All readers share the result: copy it before changing it.
    """
    _idle_watch().note_use()
    found: Result = _result(json.dumps(key, default=str), compute)
    return found


@st.cache_resource(show_spinner=False, max_entries=2_000)
def _result(key: str, _compute: Callable[[], Any]) -> Any:
    """One text as key, since the cache of Streamlit can take several arguments for one another."""
    del key
    return _compute()


class _IdleWatch:
    """A thread that clears the cache when nobody has used it for IDLE_SECONDS."""

    def __init__(self) -> None:
        self.used_at = time.monotonic()
        self.used = threading.Event()
        threading.Thread(target=self._watch, daemon=True, name="idle watch").start()

    def note_use(self) -> None:
        """Note that somebody asks for an answer."""
        self.used_at = time.monotonic()
        self.used.set()

    def _watch(self) -> None:
        while True:
            self.used.wait()
            self.used.clear()
            while (rest := self.used_at + IDLE_SECONDS - time.monotonic()) > 0:
                time.sleep(rest)
            clear_cache()


@cache
def _idle_watch() -> _IdleWatch:
    return _IdleWatch()


def clear_cache() -> None:
    """Clear the cache, and return free memory to the system."""
    _result.clear()
    gc.collect()
    with suppress(AttributeError, OSError):  # only the C library of GNU has it
        ctypes.CDLL(None).malloc_trim(0)
