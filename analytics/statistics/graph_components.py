"""Connected components of a graph."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Positions = npt.NDArray[np.int64]


def component_numbers(first: npt.ArrayLike, second: npt.ArrayLike, n: int) -> Positions:
    """The number of the connected component of each of `n` nodes, from both ends of the edges."""
    ends = np.asarray(first, dtype="int64"), np.asarray(second, dtype="int64")
    edges = coo_array((np.ones(len(ends[0]), dtype="int8"), ends), shape=(n, n))
    return np.asarray(connected_components(edges, directed=False)[1], dtype="int64")
