"""What an analysis is: a function that computes a table, the contract of the table, and the sentence that says it."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, Generic, ParamSpec, TypeVar

import pandas as pd

from analytics.schema import Table

Data = TypeVar("Data")
Options = ParamSpec("Options")

Finding = Callable[[pd.DataFrame], str]
"""Says what a table shows in one or two sentences."""


class Analysis(Generic[Data, Options]):
    """A function that computes a table from data, with the table's contract and the sentence that says it.

    `Data` is a Slice or a Comparison; `Options` are the function's keyword parameters. Made by `analysis`.
    """

    def __init__(self, table: Table, compute: Callable[Concatenate[Data, Options], pd.DataFrame]) -> None:
        self.table = table
        self._compute = compute
        self._finding: Finding | None = None
        update_wrapper(self, compute, updated=())

    def __call__(self, data: Data, /, *args: Options.args, **options: Options.kwargs) -> pd.DataFrame:
        """The table, with the contract's columns, order and dtypes. Raises SchemaError when the function breaks it."""
        return self.table.of(self._compute(data, *args, **options))

    def finding(self, table: pd.DataFrame) -> str:
        """What the table shows, in one or two sentences."""
        if self._finding is None:
            raise NotImplementedError(f"{self.table.name} has no finding: decorate one with register_finding.")
        return self._finding(table)

    def register_finding(self, finding: Finding) -> Finding:
        """Decorator for the function that says what the table shows. Raises TypeError when there is one already."""
        if self._finding is not None:
            raise TypeError(f"{self.table.name} has a finding already.")
        self._finding = finding
        return finding


def analysis(
    table: Table,
) -> Callable[[Callable[Concatenate[Data, Options], pd.DataFrame]], Analysis[Data, Options]]:
    """Decorator that makes a function an `Analysis` with the contract `table`."""
    return lambda compute: Analysis(table, compute)
