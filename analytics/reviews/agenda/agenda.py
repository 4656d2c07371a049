"""Who gets a place on an agenda: shares by weight, and draws that chance alone decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.history.as_of import commit_of
from analytics.reviews.agenda.reasons import (
    AGENDA_REASONS,
    CONTROL,
    HAND_PICKED,
    SELECTION,
    WEIGHT_MAX,
    AgendaReason,
    first_weights,
)
from analytics.reviews.models import Candidate, Draft, Reason, Rules

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


__all__ = ["AGENDA_REASONS", "Agenda", "AgendaReason", "Wish", "drafted", "everything", "handpicked", "propose"]

Reasons = Mapping[str, Sequence[Reason]]
"""Path of an article → why it is on the agenda."""


@dataclass(frozen=True)
class Wish:
    """What a team wants of an agenda: weights by reason (none or 0 leaves it out), time, random sample, seed.

    `minutes` at `seconds_each` are the places; `control` of them, if there are so many, go to the random sample.
    Raises ReviewError on an unknown reason and on numbers that make no sense.
    """

    weights: Mapping[str, int] = field(default_factory=first_weights)
    minutes: int = 30
    seconds_each: int = 60
    control: int = 6
    seed: int = 1

    def __post_init__(self) -> None:
        known = first_weights()
        for name, weight in self.weights.items():
            if name not in known:
                raise ReviewError(f"There is no agenda reason {name!r}. Use {', '.join(known)}.")
            if not 0 <= weight <= WEIGHT_MAX:
                raise ReviewError(f"The weight of {name} is {weight}. Give it 0 to {WEIGHT_MAX}.")
        if self.minutes < 0 or self.control < 0 or self.seconds_each < 1:
            raise ReviewError("An agenda needs minutes and a random sample of 0 or more, and a second or more each.")
        if not 0 <= self.seed <= SEED_MAX:
            raise ReviewError(f"The seed is {self.seed}. Give it 0 to {SEED_MAX}.")

    @property
    def places(self) -> int:
        """How many articles the time is enough for."""
        return self.minutes * 60 // self.seconds_each


@dataclass(frozen=True)
class Agenda:
    """What is proposed, in the order in which to work through it.

    `eligible` articles were there, of which the random sample was drawn. A reason applies to `found` of them, `cut` of
    which have no place on the agenda; reasons without weight are in neither.
    """

    candidates: tuple[Candidate, ...]
    eligible: int
    found: Mapping[str, int]
    cut: Mapping[str, int]


def propose(data: Slice, wish: Wish) -> Agenda:
    """The agenda that a wish makes of a slice; always the same for the same corpus, selection and wish.

    The random sample comes first, from all articles of the slice and whatever the reasons are; its articles stay marked
    when a reason applies to them as well. The other places are shared out by weight (`sharing.shared_out`), strongest
    first. An article stands once, with all its reasons. The list goes reason by reason; articles that are there by
    chance alone lie scattered in it.
    """
    weighed = [reason for reason in AGENDA_REASONS if wish.weights.get(reason.name)]
    tables = {reason.name: reason.find(data) for reason in weighed}
    control = drawn(data.articles["path"].tolist(), min(wish.control, wish.places), wish.seed)
    lists = {name: table["path"].tolist() for name, table in tables.items()}
    called = shared_out(lists, wish.weights, wish.places - len(control), frozenset(control))
    chosen = {*control, *called}
    reasons: dict[str, list[Reason]] = {path: [] for path in chosen}
    places: dict[str, tuple[int, int]] = {}
    for number, (name, table) in enumerate(tables.items()):
        for place, path, why in table.loc[table["path"].isin(chosen), ["path", "why"]].itertuples():
            reasons[path].append(Reason(name, why))
            if called.get(path, name) == name:
                places.setdefault(path, (number, place))
    drawn_why = f"drawn at random as one of {len(control):,} of {data.n:,} articles"
    for path in control:
        reasons[path].append(Reason(CONTROL, drawn_why))
    order = _scattered(
        sorted(places, key=places.__getitem__), [path for path in control if path not in places], wish.seed
    )
    found = {name: len(paths) for name, paths in lists.items()}
    cut = {name: len(set(paths) - chosen) for name, paths in lists.items()}
    return Agenda(_candidates(data, order, reasons, frozenset(control)), data.n, found, cut)


def handpicked(data: Slice, paths: Sequence[str]) -> tuple[Candidate, ...]:
    """Articles that a person names, selected or not, in the order named. Raises ReviewError on unknown paths."""
    wanted = list(dict.fromkeys(paths))
    known = set(data.corpus.articles["path"])
    if unknown := [path for path in wanted if path not in known]:
        more = f" and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        raise ReviewError(f"There is no article {unknown[0]}{more} in {data.corpus.name}. Leave it out.")
    why = (Reason(HAND_PICKED, "picked by hand"),)
    return _candidates(data, wanted, dict.fromkeys(wanted, why))


def everything(data: Slice) -> tuple[Candidate, ...]:
    """All articles of the slice, the newest first, then by path."""
    newest = data.articles.sort_values(["published_at", "path"], ascending=[False, True])
    why = (Reason(SELECTION, f"selected: {data.selection.in_words()}"),)
    return _candidates(data, newest["path"].tolist(), dict.fromkeys(newest["path"], why))


def drafted(
    data: Slice,
    *,
    title: str,
    candidates: Iterable[Candidate],
    budget: int,
    seed: int = 1,
    eligible: int | None = None,
    rules: Rules | None = None,
) -> Draft:
    """A session to open: `budget` in minutes; `eligible` is the slice's number of articles unless it is given.

    Raises ReviewError without a title or without articles.
    """
    named, listed = " ".join(title.split()), tuple(candidates)
    if not named:
        raise ReviewError("The session has no title. Give it one.")
    if not listed:
        raise ReviewError("No article is on the agenda. Weigh more reasons, give more time or widen the selection.")
    corpus = data.corpus
    return Draft(
        title=named,
        selection=data.selection.text,
        corpus=corpus.name,
        fingerprint=corpus.fingerprint,
        commit=commit_of(corpus),
        budget=budget,
        seed=seed,
        eligible=data.n if eligible is None else eligible,
        candidates=listed,
        rules=rules or Rules(),
    )


def _scattered(listed: Sequence[str], others: Sequence[str], seed: int) -> list[str]:
    """The others put among the listed at places that chance alone decides."""
    total = len(listed) + len(others)
    places = [f"place {place}" for place in range(total)]
    there = dict(zip(drawn(places, len(others), seed), others, strict=True))
    rest = iter(listed)
    return [there[place] if place in there else next(rest) for place in places]


def _candidates(
    data: Slice, paths: Sequence[str], reasons: Reasons, control: frozenset[str] = frozenset()
) -> tuple[Candidate, ...]:
    articles, topics = data.corpus.articles, data.corpus.topics
    rows = articles[articles["path"].isin(paths)].astype("object")
    records = {row.path: row for row in rows.where(rows.notna(), None).itertuples()}
    named = topics[topics["path"].isin(paths)].astype({"topic": "str"}).groupby("path", sort=False)["topic"].agg(tuple)
    return tuple(
        _candidate(records[path], named.get(path, ()), reasons[path], control=path in control) for path in paths
    )


def _candidate(row: Any, topics: tuple[str, ...], reasons: Sequence[Reason], *, control: bool) -> Candidate:
    return Candidate(
        path=row.path,
        url=row.url,
        title=row.title,
        provider=row.provider,
        quality=_whole(row.quality),
        heat=_whole(row.heat),
        published=None if row.published is None else bool(row.published),
        topics=topics,
        reasons=tuple(reasons),
        control=control,
    )


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
