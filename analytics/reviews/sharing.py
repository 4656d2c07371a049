"""Who gets a place on an agenda: shares by weight, and draws that chance alone decides."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

SEED_MAX = 10**16 - 1


def shared_out(
    lists: Mapping[str, Sequence[str]], weights: Mapping[str, int], places: int, taken: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The articles that get the places, in the order in which they get them, each with the list that called it.

    The next place goes to the list with the most weight for its places so far, of equals the first, and on it to the
    first article that has none yet nor is among the `taken`. A list that runs short leaves its places to the others.
    Source: the highest averages with divisors 1, 3, 5, … (Webster 1832, Sainte-Laguë 1910), which give each list its
    exact share by weight wherever that is a whole number.
    """
    waiting = {name: iter(paths) for name, paths in lists.items() if weights.get(name, 0) > 0}
    got = dict.fromkeys(waiting, 0)
    called: dict[str, str] = {}
    while waiting and len(called) < places:
        name = max(waiting, key=lambda each: weights[each] / (2 * got[each] + 1))
        path = next((path for path in waiting[name] if path not in called and path not in taken), None)
        if path is None:
            del waiting[name]
        else:
            called[path] = name
            got[name] += 1
    return called


def drawn(names: Sequence[str], n: int, seed: int) -> list[str]:
    """A simple random sample of `n` of the names (all, when there are fewer), in the order in which they are drawn.

    Each name has a number of its own that the seed makes (SipHash), and the lowest are drawn. So one seed gives one
    sample whatever the order of the names, a larger sample holds the smaller one, and names that come or go change
    only their own places in it. Samples of different seeds are independent.
    Source: the bottom-k sample (Cohen, Kaplan 2007, Summarizing data using bottom-k sketches, PODC).
    """
    numbers = pd.util.hash_array(np.array(names, dtype="object"), hash_key=f"{seed:016}", categorize=False)
    order = np.lexsort((np.array(names, dtype="str"), numbers))
    return [names[place] for place in order[:n]]
