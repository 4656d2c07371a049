"""A view's answer on a page: its table, with what it was asked for, and the rows that the reader picks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import pandas as pd
import streamlit as st

from analytics.app import answers
from analytics.catalog.view import Value, View, ViewOf, ViewRow
from analytics.schema import Table
from analytics.selection.selection import Selection


@dataclass(frozen=True)
class Answer:
    """The table of a view for a selection and options."""

    view: View
    table: pd.DataFrame
    selection: Selection
    options: Mapping[str, Value]

    @cached_property
    def key(self) -> str:
        """Names the widgets in which rows are picked: another one as soon as rows could be others, or are let go."""
        chosen = "&".join(f"{name}={value}" for name, value in sorted(self.options.items()))
        asked = "\n".join((answers.corpus().fingerprint, self.selection.text, chosen, str(self._turn)))
        return f"{self.view.slug}-{blake2b(asked.encode(), digest_size=6).hexdigest()}"

    def row(self, place: int) -> ViewRow:
        """The row at a place, counted from 0."""
        return ViewRow(
            self.table.iloc[place], self.table, answers.data(self.selection, self.view.requires), self.options
        )

    def let_go(self) -> None:
        """Callback: forget what was picked."""
        st.session_state[self._counter] = self._turn + 1

    @property
    def _counter(self) -> str:
        return f"turn-{self.view.slug}"

    @property
    def _turn(self) -> int:
        return int(st.session_state.get(self._counter, 0))


def options(view: ViewOf[Any], width: int = 150) -> dict[str, Value]:
    """Draw a widget for each option, bound to the link; the choices by name."""
    if not view.options:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return {
            option.name: st.selectbox(
                option.label,
                option.choices,
                index=option.choices.index(option.default),
                key=f"{view.slug}-{option.name}",
                bind="query-params",
                width=width,
            )
            for option in view.options
        }


def numbers(table: pd.DataFrame, contract: Table) -> None:
    """Draw a table that keeps a contract, folded up; what its columns mean is told at their heads."""
    columns = {column.name: st.column_config.Column(help=column.meaning) for column in contract.columns}
    with st.expander(f"Table ({len(table):,} rows)"):
        st.dataframe(table, hide_index=True, column_config=columns, alt=contract.grain)
