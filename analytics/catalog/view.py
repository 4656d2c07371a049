"""What a view is: one question with its answer as a table, a chart and a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal

import altair as alt
import pandas as pd

from analytics.analyses.common.analysis import Analysis, Data
from analytics.analyses.common.days_of_slice import articles_outside_calendar
from analytics.charts.dated_notes import add_notes
from analytics.charts.theme import Draw, Look, Panels, raise_no_chart
from analytics.engine.comparison import Comparison
from analytics.engine.encoded import NONE
from analytics.engine.periods import AUTO, GRAINS
from analytics.engine.slice import Slice
from analytics.errors import ViewError
from analytics.schema import Table
from analytics.selection.selection import Pairs, Selection

Value = str | int

Requirement = Literal["", "history", "reviewed"]
"""The side data that a view reads: none, the git history or the review sessions."""


@dataclass(frozen=True)
class Option:
    """A choice that a view offers: parameter name, label on screen, allowed values and the default.

    A `drawn` option changes the chart only, not the table.
    """

    name: str
    label: str
    choices: tuple[Value, ...]
    default: Value
    drawn: bool = False

    def read(self, text: str) -> Value:
        """The choice with this text. Raises ViewError when there is none."""
        for choice in self.choices:
            if str(choice) == text:
                return choice
        raise ViewError(f"{self.name}={text}: there is no such choice. Use {', '.join(map(str, self.choices))}.")


@dataclass(frozen=True)
class ViewRow:
    """A row of a view's table, with the table, and the slice and options that it was computed from."""

    values: pd.Series
    table: pd.DataFrame
    data: Slice
    options: Mapping[str, Value]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


Clause = Callable[[ViewRow], Pairs | None]
"""Turns a row into filters that select its articles; None when the row stands for no set of articles."""


def table_selection(row: ViewRow) -> Selection | None:
    """The selection that the row was computed from."""
    return row.data.selection


@dataclass(frozen=True)
class DrillDown:
    """From a row to the articles that it counts.

    name: what the articles are called.
    count: the column, or a function of the row, that says how many there are.
    clauses: together they select the articles.
    within: the selection that the clauses narrow; another one than the row's own when it counts articles of other days.
    """

    name: str
    count: str | Callable[[ViewRow], int]
    clauses: tuple[Clause, ...]
    within: Callable[[ViewRow], Selection | None] = table_selection

    def n(self, row: ViewRow) -> int:
        """How many articles the row counts."""
        found = row[self.count] if isinstance(self.count, str) else self.count(row)
        return 0 if pd.isna(found) else int(found)

    def pairs(self, row: ViewRow) -> Pairs | None:
        """The filters that the row adds to the selection; None when it stands for no set of articles."""
        found = [clause(row) for clause in self.clauses]
        return None if None in found else [pair for pairs in found for pair in pairs or ()]

    def selection(self, row: ViewRow) -> Selection | None:
        """The selection of exactly the articles that the row counts; None when no selection can say them."""
        pairs, within = self.pairs(row), self.within(row)
        return None if pairs is None or within is None else within.narrowed(pairs)


@dataclass(frozen=True)
class ViewOf(Generic[Data]):
    """A question and its answer: what `View` and `ComparisonView` have in common.

    page, title, question, method: texts of the card; `method` says in one line how the answer is computed.
    tab: the tab of the page that holds the card; empty on a page without tabs.
    half: whether the card is narrow enough to stand beside the next or the last one that is so too.
    analysis: computes the table and says it in a sentence; its keyword parameters are the options that are not `drawn`.
    draw: draws the table; a list has no chart, for its table is its answer.
    shown: the column whose values the chart shows; where it has none, or no label but `(none)`, there is no chart.
    columns: those of a list that its card shows, after the titles that lead to the articles.
    drill_downs: the sets of articles that a row stands for; the first one is what its mark shows.
    tiles: show figures instead of the chart.
    pivot: the column that a table with one column a label holds, in views over time.
    requires: the side data without which the view is left out of pages and reports.
    """

    page: str
    title: str
    question: str
    method: str
    analysis: Analysis[Data, ...]
    draw: Draw = raise_no_chart
    shown: str = ""
    columns: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    drill_downs: tuple[DrillDown, ...] = ()
    tiles: bool = False
    pivot: str = ""
    requires: Requirement = ""
    tab: str = ""
    half: bool = False

    @property
    def table(self) -> Table:
        """The contract of the view's table."""
        return self.analysis.table

    @property
    def slug(self) -> str:
        """The table's name, which also names the view's card, CSV, command-line view and widgets."""
        return self.table.name

    @property
    def is_list(self) -> bool:
        """Whether the table is the answer, without a chart."""
        return self.draw is raise_no_chart

    def has_chart(self, table: pd.DataFrame) -> bool:
        """Whether there is something to draw in a table of this view."""
        rows = table.dropna(subset="period") if "period" in table else table  # a row of the whole has no mark over time
        if self.is_list or rows.empty:
            return False
        return not self.shown or any(value != NONE for value in rows[self.shown].dropna().unique())

    @property
    def lists_articles(self) -> bool:
        """Whether each row of the table is one article or file (it has a column `path`)."""
        return "path" in self.table.names

    def defaults(self) -> dict[str, Value]:
        """The options' default values."""
        return {option.name: option.default for option in self.options}

    def read_options(self, given: Mapping[str, str]) -> dict[str, Value]:
        """Options read from texts, the others at their defaults. Raises ViewError on an unknown option or choice."""
        known = {option.name: option for option in self.options}
        for name in given:
            if name not in known:
                raise ViewError(f"{self.slug} has no option {name!r}; it has {', '.join(known) or 'none'}.")
        return self.defaults() | {name: known[name].read(text) for name, text in given.items()}

    def answer(self, data: Data, options: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The view's table, checked against its contract. Options that are not given have their defaults."""
        chosen = self.defaults() | dict(options or {})
        computed = {option.name: chosen[option.name] for option in self.options if not option.drawn}
        table = self.analysis(data, **computed)
        self.table.check(table)
        return table

    def finding(self, table: pd.DataFrame) -> str:
        """What the table shows, in one or two sentences."""
        return self.analysis.finding(table)

    def look(
        self,
        options: Mapping[str, Value] | None = None,
        colours: Mapping[str, str] | None = None,
        notes: pd.DataFrame | None = None,
    ) -> Look:
        """What the view's chart needs to know beside its table."""
        chosen = self.defaults() if options is None else options
        return Look(chosen, colours or {}, pd.DataFrame() if notes is None else notes, self.table)

    def chart(self, table: pd.DataFrame, look: Look | None = None) -> alt.TopLevelMixin:
        """The view's chart of its table as one Altair chart, with the finding as its description."""
        chosen = look or self.look()
        drawn = add_notes(self.draw(table, chosen), chosen.notes).drawn
        whole = drawn.joined() if isinstance(drawn, Panels) else drawn
        return whole.properties(description=self.finding(table))


def _nothing_to_say(_: Slice) -> str:
    return ""


@dataclass(frozen=True)
class View(ViewOf[Slice]):
    """A view of the articles of one selection.

    too_few: a sentence, in place of the finding, on why nothing can be told of a slice; empty where something can.
    caveat: a sentence, after the finding, on what a slice keeps the view from seeing; empty where it sees all.
    """

    too_few: Callable[[Slice], str] = _nothing_to_say
    caveat: Callable[[Slice], str] = _nothing_to_say

    def full_finding(self, data: Slice, table: pd.DataFrame) -> str:
        """The finding, or that there is too little to tell, and the caveat.

        In a view over time also what its calendar leaves out.
        """
        over_time = any(self.table[name].kind == "day" for name in self.table.key) and not self.requires
        left_out = [each.sentence for each in articles_outside_calendar(data)] if over_time else []
        said = [self.too_few(data) or self.finding(table), self.caveat(data), *left_out]
        return " ".join(filter(None, said))


class ComparisonView(ViewOf[Comparison]):
    """A view of several selections side by side, on the Compare page."""


CHANGE_TEST = (
    "Change test (docs/numbers.md): 95 % interval by weeks and stories; coloured where, of all of "
    "the kind that were compared, at most one in ten is by chance."
)
"""How it is decided whether a share or a score changed, in two sentences of a method."""

GRAIN = Option("grain", "Period", (AUTO, *GRAINS), AUTO)
"""The length of the periods in a view over time."""

DRAWN = Option("top", "Drawn (0: all)", (15, 30, 0), 15, drawn=True)
"""How many rows of a list the chart shows."""

LIMIT = Option("limit", "Articles", (10, 25, 50, 100, 500), 50)
"""How many articles a list shows."""
