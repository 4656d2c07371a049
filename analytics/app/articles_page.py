"""The Articles page: the articles of the selection, to search, sort, filter and download."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analytics.app import answers, sidebar
from analytics.app.action_messages import add_page_style
from analytics.app.article_list import COLUMNS, USUAL, article_list, article_table
from analytics.app.csv_downloads import for_excel
from analytics.app.escaping import escaped
from analytics.app.sidebar import WORDS_HELP, chips_and_link, last_added_filter
from analytics.corpus.loader import Corpus
from analytics.engine.slice_of import slice_of
from analytics.reports.csv import file_name, to_csv
from analytics.selection.fields import WORDS_MAX
from analytics.selection.selection import Selection

LIST, TABLE = "List", "Table"
BEST, NEWEST = "Best match", "Newest"
SORTS = {
    BEST: ("relevance", True),
    NEWEST: ("published_at", True),
    "Oldest": ("published_at", False),
    "Highest quality": ("quality", True),
    "Lowest quality": ("quality", False),
    "Highest heat": ("heat", True),
    "Lowest heat": ("heat", False),
    "Highest lift": ("lift", True),
    "Lowest lift": ("lift", False),
    "Most related stories": ("related_count", True),
    "Most problems": ("problems", True),
    "Title": ("title", False),
    "Provider": ("provider", False),
    "Type": ("type", False),
}
"""What the reader can sort by → what `Slice.listing` sorts by, and whether the highest comes first."""

PAGE = "page"
"""The number of the page in links."""

ROWS = (25, 50, 100)
CHOICES = {"sort": tuple(SORTS), "form": (LIST, TABLE), "rows": tuple(map(str, ROWS)), "columns": tuple(COLUMNS)}
"""Parameter of the page in a link → what it can be."""

USUALLY = {"sort": None, "form": LIST, "rows": ROWS[0], "columns": list(USUAL), PAGE: 1}
"""Parameter of the page in a link → what it is when the link says nothing."""

_LEFT = "articles-left"

IMAGES_HELP = "Loads each article's image from its own site. Until then nothing is asked of any other site."


def show() -> None:
    """Draw the page."""
    st.title("Articles")
    add_page_style()
    _refuse_bad_choices()
    if just_opened():
        _take_up()
    sidebar.draw_notices()
    selection = sidebar.current()
    shown, _ = answers.selected_and_all_counts(selection)
    search_boxes()
    st.caption(f"{sidebar.size_and_filters_text(selection)}. All times are UTC.")
    chips_and_link(selection)
    if shown:
        _body(selection, shown)
        _leave()
    else:
        _nothing(selection)


def _body(selection: Selection, n: int) -> None:
    """Draw the articles beside the facets; a table has the whole width, with the facets above it."""
    words = answers.data(selection).terms
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        order = _order(BEST if words else NEWEST)
        size = st.selectbox("Rows", ROWS, key="rows", bind="query-params", width=90)
        form = st.segmented_control(
            "Show as", (LIST, TABLE), default=LIST, required=True, key="form", bind="query-params"
        )
        columns = _columns() if form == TABLE else []
        images = st.toggle("Images", key="images", persist_state="session", help=IMAGES_HELP)
    if form == TABLE:
        with st.expander("Narrow down", icon=":material/filter_alt:", key="narrow"):
            facets(selection, across=True)
        _articles(selection, order, size, n, lambda rows: article_table(rows, columns, images=images))
        return
    left, right = st.columns([3, 1], gap="medium")
    with right, st.container(key="facets"):
        st.header("Narrow down", anchor="narrow-down")
        facets(selection, across=False)
    with left:
        _articles(selection, order, size, n, lambda rows: article_list(rows, words, images=images))


def _articles(selection: Selection, order: str, size: int, n: int, draw: Callable[[pd.DataFrame], None]) -> None:
    """Draw the pager, the download of all articles, and the articles of the chosen page."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        page = pager(f"{selection.filters.text}\n{order}\n{size}", n, size)
        _csv(selection, order)
    sort, descending = SORTS[order]
    draw(answers.listing(selection, sort, descending=descending, offset=(page - 1) * size, limit=size))
    pager_below(n, size, page)


def _order(usual: str) -> str:
    """The order that the reader chose; unless they did, the best match first when words are looked for."""
    chosen = st.selectbox(
        "Sort by", tuple(SORTS), index=None, placeholder=usual, key="sort", bind="query-params", width=200
    )
    return usual if chosen in (None, BEST) else chosen


def _columns() -> list[str]:
    with st.popover("Columns", icon=":material/view_column:"):
        return st.multiselect("Columns", tuple(COLUMNS), default=USUAL, key="columns", bind="query-params")


def _csv(selection: Selection, order: str) -> None:
    corpus, excel = answers.corpus(), for_excel()
    st.download_button(
        "CSV of all",
        lambda: all_as_csv(corpus, selection, order, excel=excel),
        file_name=file_name("articles", selection, {"sort": order}),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        help="All articles of the selection in this order, not only those of this page",
        key="articles-csv",
    )


def all_as_csv(corpus: Corpus, selection: Selection, order: str, *, excel: bool = False) -> str:
    """All articles of a selection as CSV (`Slice.listing`), in one of the orders of SORTS."""
    sort, descending = SORTS[order]
    listed = slice_of(corpus, selection).listing(sort, descending=descending)
    return to_csv(listed, excel=excel)


def _nothing(selection: Selection) -> None:
    """Say that nothing is there, and offer to take back the filter that was added last."""
    if not selection.filters.text:
        st.info("The corpus holds no articles.", icon=":material/search_off:")
        return
    parameter, value = last_added_filter()
    st.info("No article matches the filters.", icon=":material/search_off:")
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Take back {escaped(f'{parameter}: {value}')}",
            on_click=sidebar.remove,
            args=(parameter, value),
            key="clear-last",
            type="primary",
        )
        st.button("Clear all filters", on_click=sidebar.clear, key="clear-here")


def _take_up() -> None:
    """Restore the choices that the reader made on the page: Streamlit forgets them when another page is shown."""
    left = {name: value for name, value in st.session_state.get(_LEFT, {}).items() if name not in st.query_params}
    for name, value in left.items():
        st.query_params[name] = [str(item) for item in value] if isinstance(value, list) else str(value)
    if left:
        st.rerun()


def _leave() -> None:
    """Save the choices on the page that differ from the defaults, for `_take_up`."""
    now = {name: st.session_state[name] for name in USUALLY if name in st.session_state}
    now[PAGE] = int(st.query_params.get(PAGE, "1"))
    left = st.session_state.get(_LEFT, {}) | now
    st.session_state[_LEFT] = {name: value for name, value in left.items() if value != USUALLY[name]}


def _refuse_bad_choices() -> None:
    """Add a notice to those of the sidebar for each invalid choice in the link."""
    asked = [(name, value) for name in CHOICES for value in st.query_params.get_all(name)]
    refused = [f"{name}={value}: there is no such choice." for name, value in asked if value not in CHOICES[name]]
    page = st.query_params.get("page", "1")
    if not page.isdecimal():
        refused.append(f"page={page} is not a number of a page.")
    noted = st.session_state["link_refused"]
    noted.extend(notice for notice in refused if notice not in noted)


FACETS = {
    "collection": "Collection",
    "state": "State",
    "year": "Year",
    "type": "Type",
    "heat_state": "Heat",
    "topic": "Topic",
    "provider": "Provider",
}
"""Key of a facet (`Slice.facet`) → its heading, the short ones first."""

TOP = 15


def facets(selection: Selection, *, across: bool) -> None:
    """Draw the facets of a selection, below each other or `across` the page."""
    tables = {
        key: answers.facet(key, selection, TOP)
        for key in FACETS
        if key != "collection" or len(answers.collection_sizes()) > 1
    }
    places = st.columns(3) if across else [st.container()]
    for place, (key, table) in enumerate(tables.items()):
        if not table.empty:
            with places[place % len(places)]:
                _facet(key, FACETS[key], table)


def apply_facet_click(facet_key: str) -> None:
    """Callback: add the clicked value of a facet to the filters, or remove it where it was chosen."""
    table = st.session_state[_shown(facet_key)].set_index("label")
    chosen, picked = set(table.index[table["chosen"]]), set(st.session_state[_widget(facet_key)])
    for label in chosen ^ picked:
        row = table.loc[label]
        if pd.isna(row["value"]):
            _turn_year(row, on=label in picked)
        elif label in picked:
            sidebar.add(row["parameter"], row["value"])
        else:
            sidebar.remove(row["parameter"], row["value"])


def _turn_year(row: pd.Series, *, on: bool) -> None:
    st.session_state["from"] = row["start"].date() if on else None
    st.session_state["to"] = row["end"].date() if on else None


def _facet(key: str, heading: str, table: pd.DataFrame) -> None:
    counts = table.set_index("label")["n"]
    total = int(table["total"].iloc[0])
    st.session_state[_shown(key)] = table
    chosen = list(table.loc[table["chosen"], "label"])
    if st.session_state.get(_widget(key)) != chosen:
        st.session_state[_widget(key)] = chosen
    cut = f" :small[top {len(table)} of {total:,}]" if total > len(table) else ""
    st.pills(
        f"**{heading}**{cut}",
        list(counts.index),
        selection_mode="multi",
        format_func=lambda label: f"{escaped(label)} **{counts[label]:,}**",
        key=_widget(key),
        on_change=apply_facet_click,
        args=(key,),
    )


def _widget(key: str) -> str:
    return f"facet-{key}"


def _shown(key: str) -> str:
    return f"facet-{key}-shown"


def search_boxes() -> None:
    """Draw a box for words that must all be found, and in a popover two more for any and none of some words."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _box("words", "Search titles and excerpts", 'all of these words, grid*, "heat pump"')
        with st.popover("More words", icon=":material/tune:", help="One at least of some words, none of some words"):
            _box("words_any", "One at least of these words")
            _box("words_none", "None of these words")


def just_opened() -> bool:
    """Whether the page has just been opened: the search box was not drawn in the run before."""
    return _key("words") not in st.session_state


def _key(parameter: str) -> str:
    return f"search-{parameter}"


def _box(parameter: str, label: str, placeholder: str | None = None) -> None:
    key = _key(parameter)
    if st.session_state.get(key) != st.session_state[parameter]:
        st.session_state[key] = st.session_state[parameter]
    st.text_input(
        label,
        key=key,
        max_chars=WORDS_MAX,
        help=WORDS_HELP,
        on_change=_take,
        args=(parameter,),
        placeholder=placeholder,
        icon=":material/search:",
    )


def _take(parameter: str) -> None:
    st.session_state[parameter] = st.session_state[_key(parameter)]


_TOP, _SHOWN, _BELOW = "pager", "pager-shown", "page-below"


def pager(reset_key: str, n: int, size: int) -> int:
    """Draw a pager for `n` rows, `size` a page. Returns the page to show; the first when what is paged has changed.

    The number is put into the link here: a bound widget whose value the program has set no longer does that itself.
    """
    pages = _pages(n, size)
    if _TOP not in st.session_state:
        asked = st.query_params.get(PAGE, "1")
        st.session_state[_TOP] = int(asked) if asked.isdecimal() and 0 < int(asked) <= pages else 1
    elif st.session_state.get(_SHOWN, reset_key) != reset_key:
        st.session_state[_TOP] = 1
    st.session_state[_SHOWN] = reset_key
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
    """Draw the pager a second time, below the rows."""
    if _pages(n, size) > 1:
        st.session_state[_BELOW] = page
        st.pagination(_pages(n, size), key=_BELOW, on_change=_turn)


def _turn() -> None:
    st.session_state[_TOP] = st.session_state[_BELOW]


def _pages(n: int, size: int) -> int:
    return max(1, -(-n // size))
