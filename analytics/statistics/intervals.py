import numpy as np
import pandas as pd
from scipy.special import ndtri

CONFIDENCE = 0.95
SMALL_N = 10
"""Below this many articles a rate is marked as uncertain and no test is made."""


def wilson(successes: pd.Series, n: pd.Series) -> pd.DataFrame:
    """Share of successes with its 95 % Wilson score interval: `share`, `low`, `high` in 0..1, missing where n is 0.

    Source: Wilson 1927; recommended for small n by Brown, Cai, DasGupta 2001, Statistical Science 16(2).
    """
    hits, total = successes.astype("float64"), n.astype("float64").where(n > 0)
    z = float(ndtri(0.5 + CONFIDENCE / 2))
    share = hits / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half: pd.Series = z / (1 + z * z / total) * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low, high = (centre - half).where(hits > 0, 0.0), (centre + half).where(hits < total, 1.0)
    columns = {"share": share, "low": low.clip(0, 1), "high": high.clip(0, 1)}
    return pd.DataFrame({name: values.where(total.notna()).astype("Float64") for name, values in columns.items()})


def interval_text(row: pd.Series) -> str:
    """The interval of a share (`low`, `high`) as people write it, in percent: `[60, 68]`."""
    return f"[{row['low'] * 100:.0f}, {row['high'] * 100:.0f}]"


def newcombe(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """How far a share moved, with its 95 % interval: `difference` (now minus then), `low`, `high` in -1..1.

    Both frames are as `wilson` returns them, with the same index; missing where either share is. An interval without
    0 says that the two shares differ beyond chance.
    Source: Newcombe 1998, Statistics in Medicine 17, 873-890, method 10 (hybrid score interval).
    """
    difference = now["share"] - then["share"]
    below = np.sqrt((now["share"] - now["low"]) ** 2 + (then["high"] - then["share"]) ** 2)
    above = np.sqrt((now["high"] - now["share"]) ** 2 + (then["share"] - then["low"]) ** 2)
    return pd.DataFrame({"difference": difference, "low": difference - below, "high": difference + above})
