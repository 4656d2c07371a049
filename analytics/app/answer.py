"""A view's answer on a page: its table, with what it was asked for, and the rows that the reader picks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import pandas as pd
import streamlit as st

from analytics.app import data
from analytics.selection import Selection
from analytics.view import Row, Value, View


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
        asked = "\n".join((data.corpus().fingerprint, self.selection.text, chosen, str(self._turn)))
        return f"{self.view.slug}-{blake2b(asked.encode(), digest_size=6).hexdigest()}"

    def row(self, place: int) -> Row:
        """The row at a place, counted from 0."""
        return Row(self.table.iloc[place], self.table, data.part(self.selection, self.view.needs), self.options)

    def let_go(self) -> None:
        """Callback: forget what was picked."""
        st.session_state[self._counter] = self._turn + 1

    @property
    def _counter(self) -> str:
        return f"turn-{self.view.slug}"

    @property
    def _turn(self) -> int:
        return int(st.session_state.get(self._counter, 0))
