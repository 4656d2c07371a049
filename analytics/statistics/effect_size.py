"""Words for the size of an effect."""

SIZES = {"negligible": 0.147, "small": 0.33, "medium": 0.474, "large": float("inf")}
"""Word for the size of Cliff's delta → the value that it stays below.

Source: Romano, Kromrey, Coraggio, Skowronek 2006, Annual Meeting of the Florida Association of Institutional Research;
Hess, Kromrey 2004, Annual Meeting of the American Educational Research Association.
"""


def cliffs_delta_size_word(delta: float) -> str:
    """The conventional word for the size of a Cliff's delta (`SIZES`)."""
    return next(word for word, bound in SIZES.items() if abs(delta) < bound)
