"""Comparisons of two to four selections of a corpus."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from analytics.engine.encoded import encode
from analytics.engine.filters import mask
from analytics.engine.slice import Slice
from analytics.errors import SelectionError
from analytics.selection.selection import Selection, from_pairs, parse

FEWEST, MOST = 2, 4
"""How many selections a comparison can have."""

ALL = "all"
"""The text of the selection that leaves nothing out, where an empty text would be none."""

NAME_MAX = 40


@dataclass(frozen=True)
class Comparison:
    """Two to four named slices of one corpus; the first is the one that the others are held against.

    Raises SelectionError on too few or too many, and on names that are empty or not different.
    """

    sides: tuple[tuple[str, Slice], ...]

    def __post_init__(self) -> None:
        check_number_of_sides(len(self.sides))
        if not all(self.names) or len(set(self.names)) < len(self.names):
            raise SelectionError(f"The names {', '.join(self.names)}: each selection needs a name of its own.")

    @property
    def names(self) -> list[str]:
        """The names in their order."""
        return [name for name, _ in self.sides]

    @property
    def first(self) -> Slice:
        """The slice that the others are held against."""
        return self.sides[0][1]

    def shared(self) -> list[tuple[str, str, int]]:
        """How many articles are in both of two selections, for each two: name, name, articles."""
        return [(one, other, _shared(*parts)) for (one, other), parts in self._pairs()]

    def _pairs(self) -> Iterator[tuple[tuple[str, str], tuple[Slice, Slice]]]:
        for (name, data), (other_name, other) in combinations(self.sides, 2):
            yield (name, other_name), (data, other)


def check_number_of_sides(n: int) -> None:
    """Raise SelectionError on a number of selections that a comparison cannot have."""
    if not FEWEST <= n <= MOST:
        raise SelectionError(f"A comparison has {FEWEST} to {MOST} selections, not {n}.")


def _shared(one: Slice, other: Slice) -> int:
    """How many articles two slices have in common; those of different days of a corpus go by their path."""
    if one.corpus is other.corpus:
        encoded = encode(one.corpus)
        return int((mask(encoded, one.selection) & mask(encoded, other.selection)).sum())
    return int(one.articles["path"].isin(other.articles["path"]).sum())


def make_comparison(slices: Sequence[Slice], names: Sequence[str] = ()) -> Comparison:
    """The comparison of some slices, each without its comparison period; `named` gives names to those without one."""
    called = side_names([each.selection for each in slices], names)
    sides = (each.with_selection(each.selection.filters) for each in slices)
    return Comparison(tuple(zip(called, sides, strict=True)))


def side_names(selections: Sequence[Selection], given: Sequence[str] = ()) -> list[str]:
    """A name for each selection: the given one, else the filters in which it differs from the others, in words.

    A name that another has already gets a letter.
    """
    common = set.intersection(*(set(each.filters.pairs()) for each in selections)) if selections else set()
    found: list[str] = []
    for place, each in enumerate(selections):
        own = [pair for pair in each.filters.pairs() if pair not in common]
        name = given[place].strip() if place < len(given) else ""
        name = _shortened(name or _difference_in_words(each, own))
        found.append(name if name not in found else f"{name} ({'ABCD'[place % MOST]})")
    return found


def read_side(text: str) -> Selection:
    """The selection of a side's text; `all` leaves nothing out. Raises SelectionError."""
    return Selection() if text == ALL else parse(text)


def side_text(selection: Selection) -> str:
    """The text of a side: the canonical text without a comparison period, or `all`."""
    return selection.filters.text or ALL


def _difference_in_words(selection: Selection, own: list[tuple[str, str]]) -> str:
    """What tells a selection from the others; a range of days is told whole, a whole year by its number."""
    if not own:
        return "the rest of the filters" if selection.filters.without("collection").text else "all articles"
    if any(name in ("from", "to") for name, _ in own):
        days = [pair for pair in selection.pairs() if pair[0] in ("from", "to")]
        own = [*days, *(pair for pair in own if pair not in days)]
    apart = from_pairs(own)
    year = apart.start.year if apart.start else 0
    if apart.text == f"from={year:04}-01-01&to={year:04}-12-31":
        return str(year)
    return apart.in_words().removeprefix("state ")


def _shortened(name: str) -> str:
    return name if len(name) <= NAME_MAX else f"{name[: NAME_MAX - 1]}…"
