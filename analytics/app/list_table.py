"""The table of a view that lists articles: titles that lead to their pages, days and scores as an editor reads them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from analytics.app.page_links import article_address
from analytics.app.tables import show_table
from analytics.catalog.view import ViewOf
from analytics.schema import Table, label_of

FIRST_ROWS = 10
"""How many rows of a list stand on its card until a reader asks for all."""

TALLEST = 25
"""How many rows of a whole list are seen at once."""

HEADER, ROW = 37, 35
"""Heights of a table's header and rows in pixels."""

LINK_WIDTHS, PROVIDER_WIDTH, BAR_WIDTH = {1: 400, 2: 300}, 130, 80
"""Pixels that a column of links has, by how many there are, and columns of providers and of bars."""

LINKS = {"path": ("article", "title"), "other_path": ("other article", "other_title")}
"""Column that names an article → the column of links to its page, and the column of their texts."""

DIFFERENCES = ("beyond", "lift", "peak_lift")
"""Columns in points that are differences of scores, and no scores."""

BAR = (0, 150)
"""The scores between which a bar is empty and full; few are higher, and theirs is full as well."""


def list_table(view: ViewOf[Any], table: pd.DataFrame) -> None:
    """Draw the first rows of a list view, or all once a reader has asked for them, with the columns of the view."""
    rows = table if all_rows_shown(view) else table.head(FIRST_ROWS)
    days = [column.name for column in view.table.columns if column.kind == "time"]
    rows = rows.assign(**{name: rows[name].dt.tz_localize(None).dt.normalize() for name in days})
    shown = [*(link for path, (link, _) in LINKS.items() if path in table), *view.columns]
    height = HEADER + ROW * min(len(rows), TALLEST)
    show_linked_table(rows, _by_day(view.table), _list_columns(view.table), column_order=shown, height=height)


def all_rows_button(view: ViewOf[Any], table: pd.DataFrame) -> None:
    """Draw the button that shows all rows of a list, or its first ones again."""
    if len(table) > FIRST_ROWS:
        whole = all_rows_shown(view)
        label = f"First {FIRST_ROWS}" if whole else f"All {len(table):,}"
        icon = ":material/unfold_less:" if whole else ":material/unfold_more:"
        st.button(label, on_click=_turn, args=(view,), key=f"{view.slug}-rows", type="tertiary", icon=icon)


def all_rows_shown(view: ViewOf[Any]) -> bool:
    """Whether a reader has asked for all rows of a list."""
    return bool(st.session_state.get(_asked(view)))


def show_linked_table(table: pd.DataFrame, contract: Table, columns: Mapping[str, Any], **how: Any) -> None:
    """Draw a table of articles with links to their pages first; `columns` and `how` are those of `show_table`."""
    named = {path: link for path, (link, _) in LINKS.items() if path in table}
    links = {link: _addresses(table, path) for path, link in named.items()}
    config = {link: _link_column(link, LINK_WIDTHS[len(links)]) for link in links}
    show_table(table.assign(**links)[[*links, *table.columns]], contract, {**config, **columns}, **how)


def _turn(view: ViewOf[Any]) -> None:
    """Callback: show all rows of a list, or its first ones again."""
    st.session_state[_asked(view)] = not all_rows_shown(view)


def _asked(view: ViewOf[Any]) -> str:
    return f"{view.slug}-open"


def _addresses(table: pd.DataFrame, path: str) -> pd.Series:
    """The links of the articles, each with its title as text, or the path of an article without one."""
    title = LINKS[path][1]
    texts = table[title].fillna(table[path]) if title in table else table[path]
    links = [article_address(file, text) for file, text in zip(table[path], texts, strict=True)]
    return pd.Series(links, index=table.index, dtype="str")


def _link_column(name: str, width: int) -> Any:
    """The column config of links from `article_address`; it shows their texts."""
    return st.column_config.LinkColumn(
        label_of(name), display_text="#(.*)$", width=width, help="All that is known of the article"
    )


def _by_day(contract: Table) -> Table:
    """The contract of a table whose instants are days."""
    return replace(
        contract,
        columns=tuple(replace(column, kind="day") if column.kind == "time" else column for column in contract.columns),
    )


def _list_columns(contract: Table) -> dict[str, Any]:
    """Scores as bars, their differences with a sign, and providers at a width of their own."""
    points = [column for column in contract.columns if column.unit == "points"]
    providers = [column for column in contract.columns if column.name == "provider"]
    config: dict[str, Any] = {
        column.name: st.column_config.TextColumn(column.label, width=PROVIDER_WIDTH, help=column.explanation)
        for column in providers
    }
    return config | {
        column.name: st.column_config.NumberColumn(column.label, format="%+d", help=column.explanation)
        if column.name in DIFFERENCES
        else st.column_config.ProgressColumn(
            column.label, format="%d", min_value=BAR[0], max_value=BAR[1], width=BAR_WIDTH, help=column.explanation
        )
        for column in points
    }
