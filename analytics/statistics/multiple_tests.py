"""p-values adjusted for multiple comparisons."""

from typing import Literal

import numpy as np
import numpy.typing as npt


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
