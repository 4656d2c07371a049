"""What the server keeps of its answers, for all readers."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

Result = TypeVar("Result")


def cached(compute: Callable[[], Result], *key: object) -> Result:
    """What `compute` returns, computed once for each key; `key` has to name all that it depends on.

    All readers share the result: copy it before changing it.
    """
    found: Result = _result(json.dumps(key, default=str), compute)
    return found


@st.cache_resource(show_spinner=False, max_entries=2_000)
def _result(key: str, _compute: Callable[[], Any]) -> Any:
    """One text as key, since the cache of Streamlit can take several arguments for one another."""
    del key
    return _compute()
