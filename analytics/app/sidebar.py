"""The shared filters: widgets in the sidebar, bound to the query string, read as one Selection."""

from datetime import date
from typing import Any

import streamlit as st

from analytics.analyses.topics import top_labels
from analytics.app import data
from analytics.catalog import VIEWS
from analytics.engine.slice import Slice
from analytics.selection import FIELDS, SCORE_RANGE, STATES, Selection, tolerant

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def show() -> None:
    """Draw the filters; the first time in a session, say which parts of the link were passed over."""
    loaded = data.corpus()
    whole = Slice(loaded)
    if "link_read" not in st.session_state:
        st.session_state["link_read"] = True
        st.session_state["link_refused"] = _refused(whole)
    with st.sidebar:
        st.header("Filters")
        _date("From", "from")
        _date("To", "to")
        _many("Topics", "topic", top_labels(whole, "topic"))
        _many("Providers", "provider", top_labels(whole, "provider"))
        st.pills("State", STATES, selection_mode="multi", key="state", bind="query-params")
        low, high = st.columns(2)
        _score(low, "Quality from", "quality_min")
        _score(high, "to", "quality_max")
        st.button("Clear all filters", on_click=clear, icon=":material/filter_alt_off:", disabled=not current().text)
        st.caption(_about())


def current() -> Selection:
    """The selection that the widgets make; a contradiction between two of them counts as not given."""
    selection, _ = tolerant(_pairs())
    return selection


def notices() -> list[str]:
    """What a reader must know about the filters: parts of the link that were passed over, and contradictions."""
    _, refused = tolerant(_pairs())
    return [*st.session_state.get("link_refused", []), *refused]


def clear() -> None:
    """Take back every filter."""
    for parameter in FIELDS:
        st.session_state[parameter] = [] if parameter in ("topic", "provider", "state") else None
    st.session_state["link_refused"] = []


def _pairs() -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for parameter in FIELDS:
        value = st.session_state.get(parameter)
        values = value if isinstance(value, list | tuple) else [] if value is None else [value]
        pairs.extend((parameter, str(item)) for item in values)
    return pairs


def _date(label: str, parameter: str) -> None:
    st.date_input(
        label, value=None, min_value=EARLIEST, max_value=LATEST, key=parameter, bind="query-params", format="YYYY-MM-DD"
    )


def _many(label: str, parameter: str, options: list[str]) -> None:
    st.multiselect(label, options, key=parameter, bind="query-params", placeholder=f"All {len(options):,}")


def _score(place: Any, label: str, parameter: str) -> None:
    low, high = SCORE_RANGE
    place.number_input(
        label, value=None, min_value=low, max_value=high, step=1, key=parameter, bind="query-params", placeholder="any"
    )


def _refused(whole: Slice) -> list[str]:
    """What the link asks for and cannot have: nonsense values, topics and providers that the corpus does not know."""
    options = {f"{slug}-{option.name}": option for slug, view in VIEWS.items() for option in view.options}
    pairs, refused = [], []
    for name in st.query_params:
        for value in st.query_params.get_all(name):
            if name in options:
                if value not in map(str, options[name].choices):
                    refused.append(f"{name}={value}: there is no such choice.")
            else:
                pairs.append((name, value))
    _, bad = tolerant(pairs)
    known = {key: set(top_labels(whole, key)) for key in ("topic", "provider")}
    unknown = [
        f"{name}={value}: the corpus has none." for name, value in pairs if name in known and value not in known[name]
    ]
    return [*refused, *bad, *unknown]


def _about() -> str:
    loaded = data.corpus()
    lost = loaded.problems.loc[loaded.problems["severity"] == "error", "path"].nunique()
    return (
        f"**{data.corpus_name()}**: {len(loaded.articles):,} articles, {loaded.skipped:,} files without front matter, "
        f"{lost:,} files with errors. All times are UTC."
    )
