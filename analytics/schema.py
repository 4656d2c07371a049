"""Table contracts: what the columns of a frame are called, hold and mean.

Every frame that crosses a module's border has a `Table`. The same declaration makes the empty frame, checks a filled
one, and gives each column its label, format and explanation on screen, in charts and in exports.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from analytics.errors import SchemaError

Kind = Literal["text", "label", "name", "whole", "number", "share", "flag", "time", "day"]

DTYPES: dict[Kind, str] = {
    "text": "str",
    "label": "category",
    "name": "str",
    "whole": "Int64",
    "number": "Float64",
    "share": "Float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
    "day": "datetime64[us]",
}
"""One dtype a kind. `label` is low-cardinality text; `name` names a figure, which people read by its label; `share`
lies in 0..1; `time` is an instant in UTC; `day` is a UTC calendar day or the first day of a period. Numbers are
nullable: missing is a state, never 0."""

SHARE = "share"
"""The unit of a number that is a difference of shares, -1 to 1: 0.05 is five percentage points."""

UNIT_OF_ROW = "as the row says"
"""The unit of a column whose numbers are in the unit that `row_units` finds for each row."""

WORDS = {
    "amp": "AMP",
    "cdn": "CDN",
    "hhi": "HHI",
    "npmi": "NPMI",
    "q": "false-alarm share (q)",
    "q10": "10th percentile",
    "q25": "25th percentile",
    "q75": "75th percentile",
    "q90": "90th percentile",
    "sd": "standard deviation",
    "url": "address",
}
"""Parts of column names that a label writes in another way."""


def label_of(name: str) -> str:
    """The name of a column or a figure as people read it: `share_published` is "Share published".

    A symbol of one letter (n, p, x) that has no other words stays as it is.
    """
    first, *rest = name.split("_")
    words = [WORDS.get(word, word) for word in (first, *rest)]
    words[0] = first if words[0] == first and len(first) == 1 else words[0][0].upper() + words[0][1:]
    return " ".join(words)


def row_units(table: pd.DataFrame) -> pd.Series:
    """The unit of each row: the column `unit`, or what the name of its `measure` tells."""
    if "unit" in table:
        return table["unit"]
    return table["measure"].str.startswith("share").map({True: SHARE, False: ""})


@dataclass(frozen=True)
class Column:
    """One column: its name, what kind of value it holds, and what the value means (with unit and denominator).

    `own_label` is only for a column whose label does not follow from its name; `labels` are those of names in a column
    of the kind `name` that do not follow from the names.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    own_label: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """What the column is called wherever people read it: headers, tooltips, the data dictionary."""
        return self.own_label or label_of(self.name)

    def label_of_name(self, name: str) -> str:
        """What people read for a name in a column of the kind `name`."""
        return dict(self.labels).get(name) or label_of(name)

    @property
    def explanation(self) -> str:
        """Meaning and unit in one text."""
        return f"{self.meaning} ({self.unit})" if self.unit else self.meaning

    @property
    def is_share(self) -> bool:
        """Whether people read its numbers in per cent."""
        return self.kind == "share" or self.unit == SHARE

    @property
    def dtype(self) -> str:
        """The pandas dtype that a frame keeping the contract has here."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """A table's contract: name, grain (what one row is), columns in order, and those that tell its rows apart."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Column names in their order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise SchemaError(f"{self.name} has no column {name!r}; it has {', '.join(self.names)}")

    def empty(self) -> pd.DataFrame:
        """A frame without rows that keeps the contract."""
        return self._empty.copy()

    @cached_property
    def _empty(self) -> pd.DataFrame:
        labels = pd.CategoricalDtype(pd.Index([], dtype="str"))
        dtypes = {column.name: labels if column.kind == "label" else column.dtype for column in self.columns}
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """`frame` with exactly the contract's columns, order and dtypes, and a fresh 0..n-1 index.

        Raises SchemaError when a column is missing, too many, or holds values of another kind.
        """
        self._same_names(frame.columns)
        if frame.empty:
            return self.empty()
        ordered = frame[self.names].set_axis(self.names, axis=1)
        converted = {}
        for column, dtype in zip(self.columns, ordered.dtypes, strict=True):
            if str(dtype) != column.dtype:
                try:
                    converted[column.name] = ordered[column.name].astype(column.dtype)  # type: ignore[call-overload]
                except (TypeError, ValueError) as error:
                    raise SchemaError(f"{self.name}.{column.name} is not {column.kind}: {error}") from error
        return ordered.assign(**converted).reset_index(drop=True)

    def check(self, frame: pd.DataFrame) -> None:
        """Raise SchemaError unless `frame` keeps the contract to the letter: names, order, dtypes, shares in 0..1."""
        self._same_names(frame.columns)
        if list(frame.columns) != self.names:
            raise SchemaError(f"{self.name} has its columns in the order {list(frame.columns)}, not {self.names}")
        for column, dtype in zip(self.columns, frame.dtypes, strict=True):
            if str(dtype) != column.dtype:
                raise SchemaError(f"{self.name}.{column.name} is {dtype}, not {column.dtype}")
            if column.kind == "share" and not frame[column.name].dropna().between(0, 1).all():
                raise SchemaError(f"{self.name}.{column.name} holds a share outside 0..1")

    def _same_names(self, found: Iterable[str]) -> None:
        names = list(found)
        missing = [name for name in self.names if name not in names]
        extra = [name for name in names if name not in self.names]
        if missing or extra:
            raise SchemaError(f"{self.name}: missing columns {missing}, unknown columns {extra}")
