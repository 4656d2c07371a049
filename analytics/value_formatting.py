"""How values are written for people: the same in tables, tooltips and reports."""

import numpy as np
import pandas as pd

from analytics.schema import SHARE, UNIT_OF_ROW, Column, row_units

DAY = "%-d %b %Y"
"""A UTC day, for `strftime` and for Vega."""

TIME = "%-d %b %Y %H:%M UTC"
"""An instant, for `strftime` and for Vega."""


def time_texts(times: pd.Series, day: str = DAY, time: str = TIME) -> pd.Series:
    """Instants as text, empty where missing; midnight sharp, as which a bare date is read, as the day alone."""
    texts: pd.Series = times.dt.strftime(time).mask(is_date_only(times), times.dt.strftime(day)).fillna("")
    return texts


def is_date_only(times: pd.Series) -> pd.Series:
    """For each instant whether it is midnight sharp (UTC), as which a bare date is read."""
    alone: pd.Series = times == times.dt.normalize()
    return alone


def number_or_per_cent_text(value: float, unit: str = "") -> str:
    """A share in per cent to a tenth (`53.7%`), any other number to four digits; empty where it is missing."""
    if pd.isna(value):
        return ""
    return f"{value:.1%}" if unit == SHARE else four_digits_or_whole(value)


def four_digits_or_whole(value: float) -> str:
    """A number to four digits, with all those before the point: 12,346 and 0.6429 and 0.00001235."""
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return np.format_float_positional(value, precision=4, unique=False, fractional=False, trim="-")


def number_texts(table: pd.DataFrame, column: Column) -> list[str]:
    """The numbers of a column, each in the unit that the column or its row has."""
    units = row_units(table) if column.unit == UNIT_OF_ROW else [SHARE if column.is_share else ""] * len(table)
    return [number_or_per_cent_text(value, unit) for value, unit in zip(table[column.name], units, strict=True)]


def vega_format(column: Column, unit: str = "") -> str:
    """The format of a column in a chart, empty for text; `unit` is that of its rows where they have their own."""
    if column.kind in ("day", "time"):
        return DAY if column.kind == "day" else TIME
    if column.is_share:
        return ".1%" if column.kind == "share" else "+.1%"
    if column.kind == "whole":
        return ",d" if column.unit else "d"
    if column.kind == "number":
        return ".1%" if unit == SHARE and column.unit == UNIT_OF_ROW else ",.4~r"
    return ""
