"""Columns that many tables of the analyses have in common."""

from collections.abc import Mapping

from analytics.schema import Column
from analytics.statistics.intervals import SMALL_N

QUARTILES = {"q25": 0.25, "median": 0.50, "q75": 0.75}
"""Column → probability."""


def wilson_columns(share_column: str = "") -> tuple[Column, Column]:
    """The columns `low` and `high`: the 95 % Wilson interval of a share, `share_column` if that is not evident."""
    interval = "95 % Wilson interval" + (f" of {share_column}" if share_column else "")
    return (
        Column("low", "share", f"lower end of the {interval}"),
        Column("high", "share", f"upper end of the {interval}"),
    )


def quantile_columns(quantiles: Mapping[str, float], meaning_template: str, unit: str) -> tuple[Column, ...]:
    """A column for each quantile, by name and probability; the `{}` in its meaning becomes the percentage."""
    return tuple(
        Column(name, "number", meaning_template.format(f"{probability:.0%}"), unit)
        for name, probability in quantiles.items()
    )


def small_n_column(counted: str = "articles") -> Column:
    """The flag `small`: too few articles for a statement."""
    return Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} {counted}")
