"""Pages of rows: which one is shown, and the way to the others."""

import streamlit as st

PAGE = "page"
"""The number of the page in links."""

_TOP, _SHOWN, _BELOW = "pager", "pager-shown", "page-below"


def pager(what: str, n: int, size: int) -> int:
    """Draw the pages of `n` rows, `size` a page, and give the one to show; when `what` is paged changes, the first.

    The number is put into the link here: a bound widget whose value the program has set no longer does that itself.
    """
    pages = _pages(n, size)
    if _TOP not in st.session_state:
        asked = st.query_params.get(PAGE, "1")
        st.session_state[_TOP] = int(asked) if asked.isdecimal() and 0 < int(asked) <= pages else 1
    elif st.session_state.get(_SHOWN, what) != what:
        st.session_state[_TOP] = 1
    st.session_state[_SHOWN] = what
    st.session_state[_TOP] = min(st.session_state[_TOP], pages)
    page: int = st.pagination(pages, key=_TOP)
    if page > 1:
        st.query_params[PAGE] = str(page)
    elif PAGE in st.query_params:
        del st.query_params[PAGE]
    first = (page - 1) * size
    st.markdown(f"**{first + 1:,} to {min(first + size, n):,}** of {n:,}", width="content")
    return page


def pager_below(n: int, size: int, page: int) -> None:
    """Draw the same pages once more, for who has read down to the end."""
    if _pages(n, size) > 1:
        st.session_state[_BELOW] = page
        st.pagination(_pages(n, size), key=_BELOW, on_change=_turn)


def _turn() -> None:
    st.session_state[_TOP] = st.session_state[_BELOW]


def _pages(n: int, size: int) -> int:
    return max(1, -(-n // size))
