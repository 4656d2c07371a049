"""Counts, shares and intervals as they are written in sentences."""

import pandas as pd


def count_text(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 item`, `2 items`; the plural has an s unless it is given."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def all_text(n: int, noun: str) -> str:
    """All of a number of things: `all 3 articles`, `the 1 article`."""
    return f"{'the' if n == 1 else 'all'} {count_text(n, noun)}"


def none_text(n: int, noun: str) -> str:
    """None of a number of things, as a subject: `None of 3 providers`, `Not even the only provider`."""
    return f"None of {count_text(n, noun)}" if n != 1 else f"Not even the only {noun}"


def share_interval_text(row: pd.Series, low: str = "low", high: str = "high") -> str:
    """The interval of a share in percent, from two columns of a row: `[60, 68]`."""
    return f"[{row[low] * 100:.0f}, {row[high] * 100:.0f}]"


def share_text(row: pd.Series, share: str = "share", low: str = "low", high: str = "high") -> str:
    """A share with its interval, from three columns of a row: `64% [60, 68]`."""
    return f"{row[share]:.0%} {share_interval_text(row, low, high)}"
