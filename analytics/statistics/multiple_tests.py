"""p-values adjusted for multiple comparisons, and whether the largest of many counts is more than chance."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import bdtr


def adjusted(p: npt.ArrayLike, method: Literal["fdr_bh", "holm"]) -> npt.NDArray[np.float64]:
    """p-values adjusted for multiple comparisons, in the same order; empty when there are none.

    `fdr_bh`: false discovery rates (Benjamini, Hochberg 1995, Journal of the Royal Statistical Society B 57(1),
    289-300); `holm`: Holm 1979, Scandinavian Journal of Statistics 6, 65-70. Both by statsmodels.
    """
    values = np.asarray(p, dtype="float64")
    if not len(values):
        return values
    from statsmodels.stats.multitest import multipletests  # here, so that no start-up waits for it

    found: npt.NDArray[np.float64] = multipletests(values, method=method)[1]
    return found


def is_clearly_largest(counts: pd.Series) -> bool:
    """Whether the largest of some counts would be so again: an exact test of it against the second at 5 %.

    However many the counts are, one that is not truly the largest passes in at most one of twenty cases. Of one count
    there is nothing to tell.
    Source: Hung, Fithian 2019, Annals of Statistics 47(2), 758-782 (rank verification).
    """
    if len(counts) < 2:
        return False
    second, first = np.sort(counts.to_numpy("int64"))[-2:]
    return bool(2 * bdtr(float(second), first + second, 0.5) <= 0.05)
